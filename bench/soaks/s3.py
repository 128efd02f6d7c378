"""The add-on s3 as a user installs it, against moto's S3: files, tables and the taxi report as on this disk."""
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request

from harness.measure import Refused
from harness.setup import ROOT

SUMMARY = "arclight install s3 (645 MB), then files, SQL and the taxi report on s3a:// against moto_server, as on this disk"
BUCKET = "arclight-soak"


def options(parser):
    parser.add_argument("--rows", type=int, default=50_000, help="taxi trips (default: %(default)s)")


def soak(setup):
    arclight = ROOT / "arclight"
    setup.versions["arclight"] = setup.run([arclight, "version"], minutes=30).splitlines()[0].removeprefix("arclight ")
    python = setup.peer("s3")
    setup.versions["moto"] = setup.run([python, "-c", "import moto; print(moto.__version__)"], minutes=2).strip()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = [python, "-m", "moto.server", "-H", "127.0.0.1", "-p", port]
    with setup.server(server, dict(os.environ), setup.folder):
        url = f"http://127.0.0.1:{port}"
        make_bucket(url)
        environment = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "soak", "AWS_SECRET_ACCESS_KEY": "soak",
                       "AWS_REGION": "us-east-1", "XDG_DATA_HOME": str(setup.folder / "home")}

        def run(*arguments, minutes=10):
            return setup.run([arclight, *arguments], minutes, environment)

        missing = subprocess.run([str(arclight), "fs", "ls", f"s3a://{BUCKET}/"], text=True, capture_output=True,
                                 env={**os.environ, **environment}, timeout=300)
        if missing.returncode != 1 or "run 'arclight install s3'" not in missing.stderr:
            raise Refused(f"without the add-on, fs ls ended with {missing.returncode} and said: {missing.stderr[-500:]}")
        began = time.monotonic()
        run("install", "s3", minutes=30)
        seconds = {"install": round(time.monotonic() - began, 1)}

        local = setup.folder / "trips"
        raw = setup.folder / "raw"
        run("data", "taxi", "--months", "2021-01..2021-02", "--service", "green", "--rows", setup.options.rows, "--out", raw)
        csv = sorted(raw.glob("green_*.csv"))
        run("taxi", "convert", "--service", "green", "--output", local, "--input", *csv)
        began = time.monotonic()
        run("fs", "cp", "-r", local, f"s3a://{BUCKET}/trips")
        seconds["upload"] = round(time.monotonic() - began, 1)
        # The same paths by the other scheme.
        run("fs", "cp", "-r", f"s3://{BUCKET}/trips", setup.folder / "back")
        same(files(local), files(setup.folder / "back"))
        here = report(setup, run, local, setup.folder / "report")
        began = time.monotonic()
        there = report(setup, run, f"s3a://{BUCKET}/trips", f"s3a://{BUCKET}/report")
        seconds["report"] = round(time.monotonic() - began, 1)
        if here != there or here.count("\n") < 10:
            raise Refused(f"the report on s3a:// is another one: {here[:300]} and {there[:300]}")
    return {"rows": setup.options.rows, "report_lines": here.count("\n"), "seconds": seconds}


def report(setup, run, trips, output):
    """The taxi report of a folder, read back by SQL as text."""
    run("taxi", "report", "--input_green", trips, "--output", output)
    return run("sql", "SELECT * FROM t ORDER BY revenue_zone, revenue_month, service_type", "--table", f"t={output}",
               "--format", "csv")


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.endswith(".crc")}


def same(before, after):
    if before != after or not before:
        raise Refused(f"what came back is not what went: {sorted(before)} and {sorted(after)}")


def make_bucket(url):
    deadline = time.monotonic() + 60
    while True:
        try:
            request = urllib.request.Request(f"{url}/{BUCKET}", method="PUT",
                                             headers={"Authorization": "AWS4-HMAC-SHA256 Credential=soak/20260101/us-east-1/s3/aws4_request"})
            urllib.request.urlopen(request, timeout=10).read()
            return
        except urllib.error.URLError as e:
            if isinstance(e, urllib.error.HTTPError) or time.monotonic() > deadline:
                raise Refused(f"moto's server makes no bucket: {e}") from None
            time.sleep(0.2)
