"""The desk of one training: a small detached actor between a Java program and the Python program that trains.

Java sends this text, so that no node needs a file of ours, and asks in JSON. The training is a process of its own with a
job of its own: a library that ends its process, or a module that fails to load, ends neither the desk nor Spark's
executors. It ends when the desk does, and the desk ends when nobody has asked it for a while.
"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import ray

NAMESPACE = "arclight"
SILENCE_SECONDS = 90     # without a question from Java, its program is gone
POLL_SECONDS = 5
PART_BYTES = 8 << 20
LOG_LINES = 15


class Desk:
    def __init__(self, name):
        self.name = name
        self.changed = threading.Condition()
        self.asked = time.monotonic()
        self.events = []
        self.over = False
        self.process = None
        self.folder = tempfile.mkdtemp(prefix="arclight-training-")
        threading.Thread(target=self._end_when_nobody_asks, daemon=True).start()

    def ask(self, request):
        """JSON in, JSON out; a failure is an answer too: {"error"}."""
        self.asked = time.monotonic()
        try:
            request = json.loads(request)
            answer = getattr(self, "_" + request.pop("do"))(**request)
        except Exception as e:
            answer = {"error": f"{type(e).__name__}: {e}"}
        return json.dumps(answer or {}).encode()

    def heard(self, event):
        """Takes an event (JSON text) from the training's processes."""
        with self.changed:
            self.events.append(json.loads(event))
            self.changed.notify_all()

    def _hello(self):
        pass

    def _start(self, files, settings):
        """files: {path: base64}; settings: what training.py is told."""
        for path, content in files.items():
            file = os.path.join(self.folder, path)
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, "wb") as out:
                out.write(base64.b64decode(content))
        settings = dict(settings, desk=self.name, folder=self.folder, address=ray.get_runtime_context().gcs_address)
        # Ray tells its workers about themselves in variables that a driver must not see.
        told = ("RAY_JOB_ID", "RAY_JOB_CONFIG_JSON_ENV_VAR", "RAY_NODE_ID", "RAY_ADDRESS", "RAY_RUNTIME_ENV_HOOK")
        environment = {key: value for key, value in os.environ.items() if key not in told}
        environment.update(RAY_TRAIN_V2_ENABLED="1", RAY_DATA_DISABLE_PROGRESS_BARS="1")
        with open(os.path.join(self.folder, "log"), "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, os.path.join(self.folder, "training.py"), json.dumps(settings)], cwd=self.folder,
                stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, env=environment)
        threading.Thread(target=self._wait, daemon=True).start()

    def _go(self, datasets):
        self.process.stdin.write((json.dumps(datasets) + "\n").encode())
        self.process.stdin.flush()

    def _poll(self, after):
        """Events from number `after` on; waits a little where there is none yet."""
        deadline = time.monotonic() + POLL_SECONDS
        with self.changed:
            while len(self.events) <= after and not self.over and time.monotonic() < deadline:
                self.changed.wait(deadline - time.monotonic())
            return {"events": self.events[after:], "over": self.over}

    def _part(self, offset):
        """A part of the model, base64."""
        with open(os.path.join(self.folder, "model.zip"), "rb") as file:
            file.seek(offset)
            return {"data": base64.b64encode(file.read(PART_BYTES)).decode()}

    def _end(self):
        threading.Thread(target=self._leave, daemon=True).start()

    def _wait(self):
        code = self.process.wait()
        with self.changed:
            if not any(event["kind"] in ("done", "failed") for event in self.events):
                with open(os.path.join(self.folder, "log"), errors="replace") as log:
                    last = [line.strip() for line in log.readlines() if line.strip()][-LOG_LINES:]
                self.events.append({"kind": "failed", "code": "UNAVAILABLE",
                                    "error": f"The process that trains ended with exit code {code}: {' / '.join(last)[-600:]}"})
            self.over = True
            self.changed.notify_all()

    def _leave(self):
        if self.process and self.process.poll() is None:
            self.process.stdin.close()      # it ends itself and, with its job, all workers
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        ray.kill(ray.get_runtime_context().current_actor)

    def _end_when_nobody_asks(self):
        while time.monotonic() - self.asked < SILENCE_SECONDS:
            time.sleep(POLL_SECONDS)
        self._leave()


def start(name):
    # On the head, which is the last node to go.
    actor = ray.remote(Desk).options(
        name=name, namespace=NAMESPACE, lifetime="detached", num_cpus=0, max_restarts=0,
        resources={"node:__internal_head__": 0.001}, max_concurrency=8).remote(name)
    ray.get(actor.ask.remote(b'{"do": "hello"}'), timeout=60)
