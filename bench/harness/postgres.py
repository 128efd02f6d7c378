"""A PostgreSQL server of one's own, in a temporary folder."""
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from .measure import Refused
from .setup import free_port

START_SECONDS = 60


class Postgres:
    """Runs until it is closed. `url` and `environment` are what a tracking server needs to use it."""

    def __init__(self):
        self.programs = programs()
        # Not in a folder that only we may enter: PostgreSQL refuses to run as root, and is another user then.
        self.folder = Path(tempfile.mkdtemp(prefix="arclight-pg-"))
        self.folder.chmod(0o777)
        self.process = None
        password = self.folder / "password"
        password.write_text("a password of the soak")
        try:
            made = self.as_user("initdb", "--no-sync", "-D", self.folder / "data", "-U", "ann", "-A", "scram-sha-256",
                                "--pwfile", password, "-E", "UTF8").wait(timeout=120)
            if made != 0:
                raise Refused(f"initdb ended with exit code {made}: {(self.folder / 'postgres.log').read_text()[-1000:]}")
            self.port = free_port()
            self.process = self.as_user("postgres", "-D", self.folder / "data", "-p", self.port, "-c",
                                        "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=")
            self.await_start()
        except BaseException:
            self.close()
            raise
        self.url = f"jdbc:postgresql://127.0.0.1:{self.port}/postgres"
        self.environment = {"PGUSER": "ann", "ARCLIGHT_TRACKING_PASSWORD_FILE": str(password),
                            "ARCLIGHT_TRACKING_ARTIFACTS": str(self.folder / "artifacts")}

    def as_user(self, program, *arguments):
        command = [str(part) for part in (self.programs / program, *arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "nobody", "--", *command]
        with open(self.folder / "postgres.log", "a") as log:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                                    env={**os.environ, "LC_ALL": "C.UTF-8"})

    def await_start(self):
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            if "ready to accept connections" in (self.folder / "postgres.log").read_text():
                return
            time.sleep(0.1)
        raise Refused(f"PostgreSQL did not start: {(self.folder / 'postgres.log').read_text()[-1000:]}")

    def close(self):
        pid = self.folder / "data" / "postmaster.pid"
        if self.process and self.process.poll() is None and pid.exists():
            os.kill(int(pid.read_text().splitlines()[0]), 3)  # SIGQUIT: at once, with all its processes
            self.process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)


def programs():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    initdb = found[-1] if found else shutil.which("initdb")
    if not initdb:
        raise Refused("there is no PostgreSQL here (initdb): install its server")
    return Path(initdb).parent
