"""What a benchmark works with: folders, programs, the peer's environment, our own program."""
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from .measure import Refused

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
JAVA = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "arclight" / "bench"


class Setup:
    """Closed at the end: temporary files go, and so do programs that still run."""

    def __init__(self, name, options, program="bench/run"):
        self.program = program
        self.name = name
        self.options = options
        self.versions = {"python": sys.version.split()[0]}
        self.folder = Path(tempfile.mkdtemp(prefix=f"arclight-bench-{name}-"))
        self._children = []
        self._closing = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for close in reversed(self._closing):
            close()
        for child in self._children:
            _end(child)
        shutil.rmtree(self.folder, ignore_errors=True)

    def closing(self, close):
        """Calls `close` at the end, the last one given first."""
        self._closing.append(close)

    def owns(self, process):
        """Ends `process`, which leads a group of its own, with all of the group at the end."""
        self._children.append(process)

    def say(self, line):
        print(f"{self.program} {self.name}: {line}", file=sys.stderr, flush=True)

    def data(self, given, name, *files):
        """The folder that holds `files`: the one given, or `../shared/data/NAME` beside the checkout."""
        folder = Path(given) if given else ROOT.parent / "shared" / "data" / name
        if not all((folder / file).is_file() for file in files):
            raise Refused(f"no {' and '.join(files)} in {folder}: give the folder that holds them (--data)")
        return folder.resolve()

    def peer(self, name):
        """The Python of the peer's environment: `peers/NAME/requirements.txt`, pinned whole, kept in the cache."""
        pins = BENCH / "peers" / name / "requirements.txt"
        version = "%d.%d" % sys.version_info[:2]
        digest = hashlib.sha256((version + pins.read_text()).encode()).hexdigest()[:10]
        CACHE.mkdir(parents=True, exist_ok=True)
        folder = CACHE / f"{name}-{digest}"
        python = folder / "bin" / "python"
        with open(CACHE / f"{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a second one waits, then finds it done
            if not (folder / ".complete").exists():
                self.say(f"installing the peer {name} into {folder} (once)")
                self.run([sys.executable, "-m", "venv", "--clear", folder], minutes=5)
                self.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "-r", pins],
                         minutes=30)
                (folder / ".complete").touch()
        return python

    def script(self, name, script, *arguments, minutes=30):
        """Runs `peers/NAME/SCRIPT` in the peer's environment; the JSON object it prints. Notes its versions."""
        return self._json([self.peer(name), BENCH / "peers" / name / script, *arguments], minutes)

    def arclight(self, *arguments, minutes=30):
        """Runs our own program, as a user would; the JSON object it prints. Notes its versions."""
        if "arclight" not in self.versions:  # builds it, too, where that is to be done
            said = self.run([ROOT / "arclight", "version"], minutes=30).split("\n")
            self.versions["arclight"] = "; ".join(line.removeprefix("arclight ") for line in said if line)
        return self._json([ROOT / "arclight", *arguments], minutes)

    def test(self, module, test_class, minutes, **properties):
        """Runs a JUnit class tagged `soak` of a module (dots in the names of `properties` are written `__`), with
        what it needs from the other modules compiled first; the JSON object it wrote (`Soak.report` in `testing`)."""
        report = self.folder / f"{test_class}.json"
        given = [f"-D{name.replace('__', '.')}={value}" for name, value in properties.items()]
        self.run(["mvn", "-B", "-q", "-Dquick", "-f", ROOT / "pom.xml", "-pl", module, "-am", "test",
                  f"-Dtest={test_class}", "-Dsurefire.failIfNoSpecifiedTests=false", "-Darclight.excludedGroups=unproven", "-Darclight.full=true",
                  f"-Darclight.soak.report={report}", *given], minutes)
        if not report.is_file():
            raise Refused(f"{test_class} of {module} ended without a report: is it tagged 'soak', does it call Soak.report?")
        result = json.loads(report.read_text())
        self.versions.update(result.pop("versions", {}))
        return result

    def arclight_text(self, *arguments, minutes=30):
        """Runs our own program for what it does, not for what it prints."""
        return self.run([ROOT / "arclight", *arguments], minutes)

    def run(self, command, minutes, environment=None):
        """Runs a program to its end; what it printed on standard output. Its whole process group ends with it."""
        command = [str(part) for part in command]
        log = self.folder / "stderr.log"
        with open(log, "w") as errors:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
                                     text=True, start_new_session=True, env={**os.environ, **(environment or {})})
        self._children.append(child)
        try:
            output, _ = child.communicate(timeout=minutes * 60)
        except subprocess.TimeoutExpired:
            raise Refused(f"{' '.join(command)} is not done after {minutes} minutes: {_tail(log)}") from None
        finally:
            _end(child)
            child.stdout.close()
            self._children.remove(child)
        if child.returncode != 0:
            raise Refused(f"{' '.join(command)} ended with exit code {child.returncode}: {_tail(log)}")
        return output

    @contextlib.contextmanager
    def server(self, command, environment, folder):
        """Runs a server while the block does; its output goes to `folder/server.log`. It ends with all it started."""
        with open(folder / "server.log", "a") as log:
            child = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                     start_new_session=True, env=environment)
        self._children.append(child)
        try:
            yield child
        finally:
            _end(child)
            self._children.remove(child)

    def _json(self, command, minutes):
        output = self.run(command, minutes)
        lines = output.strip().splitlines()
        try:
            result = json.loads(lines[-1])
        except (IndexError, ValueError):
            raise Refused(f"{' '.join(map(str, command))} did not end with a line of JSON, but with "
                          f"{lines[-1][:200] if lines else 'nothing'!r}") from None
        self.versions.update(result.pop("versions", {}))
        return result


def free_port():
    """A port of this machine on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("", 0))
        return probe.getsockname()[1]


def _end(child):
    """Ends a program and all it started; harmless where they are gone."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()


def _tail(log):
    return log.read_text(errors="replace").strip()[-1500:] or "it said nothing"
