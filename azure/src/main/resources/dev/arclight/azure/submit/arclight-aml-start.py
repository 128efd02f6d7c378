#!/usr/bin/env python3
"""Runs once on each node of an Azure ML job: a Ray cluster for as long as one Arclight application runs.

    arclight-aml-start.py JOB_FOLDER

JOB_FOLDER holds request.json (what to run), ray-token and jars/, as `arclight submit --master aml` wrote them; Azure ML
brings it to each node as the job's input. Python's standard library alone is used.

Rank 0 starts Ray's head, waits until every other rank has joined, and runs the driver. The ranks hold one connection
each to rank 0 (the control port), proven by the token; what goes over it are lines: `ready`, `end CODE` from rank 0,
`joined` from the others, and `beat` both ways. So everybody knows what has become of everybody:

    driver ends with CODE          all ranks end with CODE
    rank 0, or its node, is gone   the others end with 1, at once or after BEAT_LOST seconds without a word
    Ray's head ends                rank 0 ends the driver; all end with 1
    a worker's Ray ends            its rank starts it again, three times at most; then that rank ends with 1
    a worker's rank is gone        the driver goes on with the nodes left (where mpirun does not end the job itself)
    head not ready in time         the worker ends with 1
    a worker not there in time     rank 0 ends with 1, and so do the others
    SIGTERM (a cancelled job)      the driver gets it too, and has 30 seconds; all end with 143

Environment: OMPI_COMM_WORLD_RANK, OMPI_COMM_WORLD_SIZE and AZ_BATCHAI_MPI_MASTER_NODE are set by Azure ML's MPI jobs.
ARCLIGHT_HOME (/opt/arclight), ARCLIGHT_AML_PORT (6379), ARCLIGHT_AML_CONTROL_PORT (6378),
ARCLIGHT_AML_HEAD_TIMEOUT (600, seconds) and ARCLIGHT_AML_CPUS (all) may be set.
"""

import ctypes
import hashlib
import hmac
import importlib.util
import os
import queue
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

BEAT = 5
BEAT_LOST = 60
STOP = 30
RESTARTS = 3
LONGEST_LINE = 200


class Failure(Exception):
    """One sentence for the log."""


def say(text):
    print("arclight-aml-start[%d]: %s" % (RANK, text), file=sys.stderr, flush=True)


def number(name, otherwise):
    text = os.environ.get(name, "") or str(otherwise)
    if not text.isdigit():
        raise Failure("%s is '%s', expected a whole number" % (name, text))
    return int(text)


# --- processes --------------------------------------------------------------------------------------------------------


def die_with_parent():
    """In the child: Linux sends it SIGTERM when this process is gone, also after kill -9."""
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def start(command, output, environment):
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=environment,
        preexec_fn=die_with_parent,
    )


def stop(process):
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def adopt_orphans():
    """Linux makes us the parent of what our children leave behind."""
    ctypes.CDLL(None, use_errno=True).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER


def end_orphans():
    """Ray's processes outlive one of theirs that was killed. To be called where none of ours is to live on."""
    while True:
        orphans = [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if parent(pid) == os.getpid()]
        if not orphans:
            return
        for pid in orphans:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def parent(pid):
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as stat:
            return int(stat.read().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0  # it has ended


class Ray:
    """One `ray start --block` of this node."""

    def __init__(self, options, environment, folder):
        self.log = os.path.join(folder, "ray-start.log")
        command = [ray_program(), "start", "--block", "--disable-usage-stats"] + options
        cpus = number("ARCLIGHT_AML_CPUS", 0)
        if cpus:
            command.append("--num-cpus=%d" % cpus)
        with open(self.log, "wb") as output:
            self.process = start(command, output, environment)

    def await_ready(self, deadline):
        while "Ray runtime started" not in self.said():
            if self.process.poll() is not None:
                raise Failure("ray start ended with exit code %d: %s" % (self.process.returncode, self.tail()))
            if time.monotonic() > deadline:
                raise Failure("ray start was not ready in time: %s" % self.tail())
            time.sleep(0.1)

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def tail(self):
        return " / ".join([line for line in self.said().splitlines() if line.strip()][-5:])


def ray_program():
    beside = os.path.join(os.path.dirname(sys.executable), "ray")
    found = beside if os.access(beside, os.X_OK) else shutil.which("ray")
    if not found:
        raise Failure("there is no program ray beside %s nor on the PATH" % sys.executable)
    return found


# --- the connection between the ranks ---------------------------------------------------------------------------------


class Line:
    """Lines both ways, with a beat; events (rank, line) go to a queue, at the end (rank, None)."""

    def __init__(self, connection, rank, events):
        self.connection = connection
        self.rank = rank
        self.events = events
        self.lock = threading.Lock()
        connection.settimeout(BEAT_LOST)
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=self.beat, daemon=True).start()

    def send(self, text):
        with self.lock:
            self.connection.sendall((text + "\n").encode())

    def beat(self):
        try:
            while True:
                self.send("beat")
                time.sleep(BEAT)
        except OSError:
            pass  # the reader tells

    def read(self):
        try:
            with self.connection.makefile("rb") as lines:
                while True:
                    line = lines.readline(LONGEST_LINE)
                    if not line:
                        break
                    text = line.decode(errors="replace").strip()
                    if text != "beat":
                        self.events.put((self.rank, text))
        except OSError:
            pass  # as if it had ended
        self.events.put((self.rank, None))


def proof(token, nonce, rank):
    return hmac.new(token.encode(), ("%s %d" % (nonce, rank)).encode(), hashlib.sha256).hexdigest()


def accept(listener, token, size, lines, events):
    """On rank 0: lets ranks in that know the token; what cannot prove it is dropped."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=admit, args=(connection, token, size, lines, events), daemon=True).start()


def admit(connection, token, size, lines, events):
    try:
        connection.settimeout(10)
        nonce = secrets.token_hex(16)
        connection.sendall((nonce + "\n").encode())
        rank, answer = read_line(connection).split(" ", 1)
        rank = int(rank)
        if not 0 < rank < size or not hmac.compare_digest(answer, proof(token, nonce, rank)):
            raise ValueError("no rank of this job")
    except (OSError, ValueError):
        connection.close()
        return
    lines[rank] = Line(connection, rank, events)
    events.put((rank, "connected"))


def read_line(connection):
    """Byte by byte: what follows the line belongs to another reader."""
    read = b""
    while not read.endswith(b"\n"):
        byte = connection.recv(1)
        if not byte or len(read) > LONGEST_LINE:
            raise OSError("the other side closed the connection")
        read += byte
    return read.decode(errors="replace").strip()


def connect(host, port, token, deadline, events):
    """On the others: waits for rank 0."""
    waiting = False
    while True:
        try:
            connection = socket.create_connection((host, port), timeout=10)
            nonce = read_line(connection)
            connection.sendall(("%d %s\n" % (RANK, proof(token, nonce, RANK))).encode())
            return Line(connection, 0, events)
        except OSError as e:
            if time.monotonic() > deadline:
                raise Failure(
                    "the head, %s:%d, was not there within %d s (%s): did rank 0 start?" % (host, port, TIMEOUT, e)
                ) from e
            if not waiting:
                say("waiting for the head, %s:%d" % (host, port))
                waiting = True
            time.sleep(0.5)


# --- the two roles ----------------------------------------------------------------------------------------------------


def head(job, token, environment, folder):
    address, port = socket.gethostbyname(HEAD), number("ARCLIGHT_AML_PORT", 6379)
    events, lines = queue.Queue(), {}
    # On all addresses, as Ray's own ports are: the container need not have the one that other nodes use.
    listener = socket.create_server(("", number("ARCLIGHT_AML_CONTROL_PORT", 6378)), backlog=SIZE)
    threading.Thread(target=accept, args=(listener, token, SIZE, lines, events), daemon=True).start()
    ray = driver = None
    code = 1
    try:
        deadline = time.monotonic() + TIMEOUT
        dashboard = importlib.util.find_spec("aiohttp") is not None  # ray[default]
        options = ["--head", "--port=%d" % port, "--node-ip-address=" + address, "--temp-dir=" + folder]
        options += ["--include-dashboard=%s" % str(dashboard).lower()]
        if dashboard:
            options += ["--dashboard-host=" + address]
        ray = Ray(options, environment, folder)
        ray.await_ready(deadline)
        say("Ray's head is ready at %s:%d%s" % (address, port, ", dashboard at http://%s:8265" % address * dashboard))
        gather(lines, events, ray, deadline)
        environment = dict(environment, RAY_ADDRESS="%s:%d" % (address, port))
        home = os.environ.get("ARCLIGHT_HOME", "/opt/arclight")
        driver = start([os.path.join(home, "bin", "arclight"), "aml-driver", job], None, environment)
        code = watch(driver, ray, lines, events)
    except Failure as e:
        say(str(e))
    except Cancelled:
        say("cancelled")
        code = 143
    finally:
        stop(driver)
        for line in list(lines.values()):
            try:
                line.send("end %d" % code)
            except OSError:
                pass  # that rank is gone already
        stop(ray.process if ray else None)
        end_orphans()
        listener.close()
    return code


def gather(lines, events, ray, deadline):
    """Tells the ranks that the head is ready and waits until all have joined."""
    joined = set()
    told = set()
    while len(joined) < SIZE - 1:
        for rank in list(lines):
            if rank not in told:
                told.add(rank)
                lines[rank].send("ready")
        if ray.process.poll() is not None:
            raise Failure("Ray's head ended: " + ray.tail())
        if time.monotonic() > deadline:
            missing = sorted(set(range(1, SIZE)) - joined)
            raise Failure("of %d nodes, rank %s did not join within %d s" % (SIZE, missing, TIMEOUT))
        try:
            rank, text = events.get(timeout=0.2)
        except queue.Empty:
            continue
        if text == "joined":
            joined.add(rank)
            say("rank %d has joined" % rank)
        elif text is None:
            raise Failure("rank %d went before it had joined: see its own log" % rank)


def watch(driver, ray, lines, events):
    while True:
        code = driver.poll()
        if code is not None:
            code = 128 - code if code < 0 else code
            say("the driver ended with exit code %d" % code)
            return code
        if ray.process.poll() is not None:
            raise Failure("Ray's head ended: " + ray.tail())
        try:
            rank, text = events.get(timeout=0.2)
        except queue.Empty:
            continue
        if text is None:
            lines.pop(rank, None)
            say("rank %d is gone; the driver goes on with the nodes left" % rank)


def worker(token, environment, folder):
    port = number("ARCLIGHT_AML_PORT", 6379)
    deadline = time.monotonic() + TIMEOUT
    events = queue.Queue()
    line = connect(HEAD, number("ARCLIGHT_AML_CONTROL_PORT", 6378), token, deadline, events)
    ray = None
    restarts = RESTARTS
    try:
        while True:
            try:
                _, text = events.get(timeout=0.2)
            except queue.Empty:
                text = ""
            if text == "ready":
                address = socket.gethostbyname(HEAD)
                ray = Ray(["--address=%s:%d" % (address, port)], environment, folder)
                ray.await_ready(deadline)
                line.send("joined")
            elif text is None:
                raise Failure("the head went without a word: was its node lost, or its process killed?")
            elif text.startswith("end "):
                say("the head ended with exit code %s" % text[4:])
                return int(text[4:])
            elif ray is None and time.monotonic() > deadline:
                raise Failure("the head was not ready within %d s" % TIMEOUT)
            elif ray is not None and ray.process.poll() is not None and events.empty():
                if restarts == 0:
                    raise Failure("Ray was started again %d times on this node: %s" % (RESTARTS, ray.tail()))
                restarts -= 1
                say("Ray ended on this node (exit code %d); starting Ray again" % ray.process.returncode)
                end_orphans()
                ray = Ray(["--address=%s:%d" % (socket.gethostbyname(HEAD), port)], environment, folder)
                try:
                    ray.await_ready(time.monotonic() + TIMEOUT)
                except Failure as e:
                    say(str(e))
                    stop(ray.process)  # looked at again above, unless the head says something first
    finally:
        stop(ray.process if ray else None)
        end_orphans()


class Cancelled(Exception):
    """SIGTERM or SIGINT."""


def cancel(signum, frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise Cancelled()


def tracking(environment):
    """The workspace's tracking server as our client writes it: https instead of azureml."""
    uri = environment.get("MLFLOW_TRACKING_URI", "")
    if uri.startswith("azureml://") and environment.get("MLFLOW_TRACKING_TOKEN"):
        environment.setdefault("ARCLIGHT_TRACKING_URI", "https://" + uri[len("azureml://") :].split("?", 1)[0])


def main():
    job = os.path.abspath(sys.argv[1])
    folder = tempfile.mkdtemp(prefix="al-", dir="/tmp")  # short: Ray's sockets are in it
    try:
        with open(os.path.join(job, "ray-token"), encoding="ascii") as file:
            token = file.read().strip()
        copy = os.path.join(folder, "token")
        with os.fdopen(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(token)
        environment = dict(os.environ, RAY_AUTH_MODE="token", RAY_AUTH_TOKEN_PATH=copy, RAY_USAGE_STATS_ENABLED="0")
        environment.pop("RAY_ADDRESS", None)
        environment.pop("RAY_AUTH_TOKEN", None)
        # Executors' JVMs are started by this node's Ray: the wheel they load must be the one that runs.
        environment["VIRTUAL_ENV"] = os.path.dirname(os.path.dirname(os.path.abspath(sys.executable)))
        tracking(environment)
        return head(job, token, environment, folder) if RANK == 0 else worker(token, environment, folder)
    except OSError as e:
        raise Failure(str(e)) from e
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    RANK = 0
    try:
        if len(sys.argv) != 2:
            raise Failure("expected one argument, the job's folder; see the beginning of this file")
        RANK = number("OMPI_COMM_WORLD_RANK", 0)
        SIZE = number("OMPI_COMM_WORLD_SIZE", 1)
        TIMEOUT = number("ARCLIGHT_AML_HEAD_TIMEOUT", 600)
        HEAD = os.environ.get("AZ_BATCHAI_MPI_MASTER_NODE", "") or socket.gethostname()
        if not 0 <= RANK < SIZE:
            raise Failure("OMPI_COMM_WORLD_RANK is %d, expected less than the size, %d" % (RANK, SIZE))
        signal.signal(signal.SIGTERM, cancel)
        signal.signal(signal.SIGINT, cancel)
        adopt_orphans()
        sys.exit(main())
    except Cancelled:
        sys.exit(143)
    except Failure as e:
        say(str(e))
        sys.exit(1)
