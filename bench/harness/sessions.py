"""Ray clusters, and programs that are driven over their standard input, for the benchmarks of Spark on Ray."""
import contextlib
import json
import os
import secrets
import select
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from .measure import Refused
from .setup import free_port


class Cluster:
    """A Ray cluster of this machine with its own ports and short folder; ended by `close`, with all it started."""

    def __init__(self, setup, python, cpus, token, store=500_000_000):
        self.setup = setup
        self.store = store
        self.folder = Path(tempfile.mkdtemp(prefix="rb", dir="/tmp"))  # socket paths are limited
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.environment = {"RAY_AUTH_MODE": "disabled"}
        if token:  # RayDP's Java does not know tokens
            file = self.folder / "token"
            file.write_text(secrets.token_hex(32))
            file.chmod(0o600)
            self.environment = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(file)}
        self.nodes = []
        self._start(python, cpus, "--head", f"--port={self.port}", f"--temp-dir={self.folder}",
                    "--include-dashboard=false")

    def add_node(self, python, cpus):
        """One more node, on the same machine. Its own address keeps drivers from connecting to it: a driver is lost
        with the node that connects it."""
        self._start(python, cpus, f"--address={self.address}", "--node-ip-address=127.0.0.2")

    def kill_node(self):
        """Kills what runs on the node added last, all of it with -9."""
        self._kill(self.nodes.pop())

    def _start(self, python, cpus, *options):
        log = self.folder / f"ray-start-{time.monotonic_ns()}.log"
        with open(log, "w") as out:
            node = subprocess.Popen(
                [python.parent / "ray", "start", "--block", f"--num-cpus={cpus}", "--disable-usage-stats",
                 f"--object-store-memory={self.store}", *options],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                env={**os.environ, **self.environment})
        self.nodes.append(node)
        deadline = time.monotonic() + 90
        while "This command will now block" not in log.read_text():
            if node.poll() is not None or time.monotonic() > deadline:
                raise Refused(f"Ray did not start: {log.read_text()[-500:]}")
            time.sleep(0.1)

    def processes(self):
        """Ids of all its processes."""
        return [pid for node in self.nodes for pid in tree(node.pid)]

    def spilled(self):
        """Bytes that the stores have written to disk and still hold there."""
        return sum(file.stat().st_size for file in self.folder.rglob("ray_spilled_objects*/*") if file.is_file())

    def close(self):
        for node in reversed(self.nodes):
            left = tree(node.pid)
            node.send_signal(signal.SIGTERM)
            try:
                node.wait(20)
            except subprocess.TimeoutExpired:
                pass
            self._kill(node, left)
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def _kill(node, pids=None):
        for pid in tree(node.pid) if pids is None else pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        node.wait()


class Session:
    """A program that prints one line of JSON when it is ready, and one for each line that it is given."""

    def __init__(self, setup, command, environment, patience=180):
        self.log = open(setup.folder / f"session-{time.monotonic_ns()}.log", "w+")
        self.began = time.monotonic()
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.log, start_new_session=True, env={**os.environ, **environment})
        self.buffer = b""
        try:
            self.ready = self.answer(patience)
        except BaseException:
            self.kill()
            raise
        self.seconds = time.monotonic() - self.began
        setup.versions.update(self.ready.pop("versions", {}))

    def ask(self, line, patience=300):
        self.process.stdin.write((line + "\n").encode())
        self.process.stdin.flush()
        return self.answer(patience)

    def answer(self, patience):
        deadline = time.monotonic() + patience
        out = self.process.stdout.fileno()
        while b"\n" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                raise Refused(f"no answer within {patience} s: {self.said()}")
            more = os.read(out, 65536)
            if not more:
                raise Refused(f"the session ended: {self.said()}")
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\n", 1)
        try:
            answer = json.loads(line)
        except ValueError:  # a program that fails says more before it ends
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
            raise Refused(f"expected a line of JSON, got {line[:200]!r}: {self.said()}") from None
        if "error" in answer:
            raise Refused(f"{answer['error']}")
        return answer

    def said(self):
        self.log.flush()
        return Path(self.log.name).read_text(errors="replace").strip()[-1500:]

    def processes(self):
        return tree(self.process.pid)

    def close(self):
        """Lets it end by itself, and makes it if it does not. Idempotent."""
        if self.process.poll() is not None:
            return
        try:
            self.process.stdin.write(b"exit\n")
            self.process.stdin.close()
            self.process.wait(40)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            pass
        self.kill()

    def kill(self):
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        self.process.stdout.close()
        self.log.close()


def memory_mib(pids):
    """What processes hold of the machine's memory: their private pages and their share of shared ones (PSS)."""
    total = 0
    for pid in pids:
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            pass
    return total / 1024


def command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def tree(root):
    """Ids of a process and of all its descendants, the process first."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        if Path(f"/proc/{pid}").exists():
            found.append(pid)
        todo.extend(children.get(pid, []))
    return found
