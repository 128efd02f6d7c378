"""What a conversion costs as the files grow, in a small heap."""
import json
import os
import re
import subprocess
import time

from harness.measure import Refused, rounded
from harness.record import MEASUREMENTS
from harness.setup import ROOT

SUMMARY = "taxi convert from 2 to 40 million rows in a heap of 1 GB: seconds and memory, with a figure"
HEAP = "1g"
FILES = 20


def options(parser):
    parser.add_argument("--rows", type=int, default=40_000_000, help="trips at most (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="conversions of each size, the fastest counts (default: %(default)s)")


def soak(setup):
    arclight = ROOT / "arclight"
    setup.versions["arclight"] = setup.run([arclight, "version"], minutes=30).splitlines()[0].removeprefix("arclight ")
    data = setup.folder / "data"
    setup.run([arclight, "data", "taxi", "--months", "2019-01..2020-08", "--service", "yellow", "--flaws", 100_000,
               "--rows", setup.options.rows, "--out", data], minutes=30)
    files = sorted(data.glob("yellow_*.csv"))
    if len(files) != FILES:
        raise Refused(f"{len(files)} files were generated, {FILES} were asked for")
    sizes = []
    for number in (1, 2, 5, 10, 20):
        runs = [convert(setup, files[:number]) for _ in range(setup.options.rounds)]
        best = min(runs, key=lambda run: run["seconds"])
        sizes.append({**best, "bytes": sum(file.stat().st_size for file in files[:number]),
                      "runs": [run["seconds"] for run in runs]})
        setup.say(f"{best['rows']:,} rows: {best['seconds']} s, at most {best['peak_mib']} MiB of the machine's memory")
    start, per_million = line(sizes)
    worst = max(abs(start + per_million * s["rows"] / 1e6 - s["seconds"]) / s["seconds"] for s in sizes)
    if worst > 0.25:
        raise Refused(f"the cost does not grow linearly: a line misses a size by {worst:.0%}: {sizes}")
    findings = {"heap": HEAP, "sizes": sizes, "start_seconds": rounded(start, 3),
                "seconds_per_million_rows": rounded(per_million, 3), "line_misses_by": rounded(worst, 2)}
    if setup.options.record:
        MEASUREMENTS.mkdir(parents=True, exist_ok=True)
        (MEASUREMENTS / "soak-taxi-growth.svg").write_text(figure(sizes, start, per_million))
    return findings


def convert(setup, files):
    """Seconds from the command to its end, and the most memory that the process held (VmHWM)."""
    table = setup.folder / "table"
    setup.run(["rm", "-rf", table], minutes=2)
    started = time.monotonic()
    with open(setup.folder / "convert.log", "w") as log:
        child = subprocess.Popen([str(part) for part in (ROOT / "arclight", "taxi", "convert", "--service", "yellow",
                                                         "--no-duplicates", "--output", table, "--input", *files)],
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                                 env={**os.environ, "ARCLIGHT_MEMORY": HEAP})
    setup.owns(child)
    peak = 0
    while child.poll() is None:
        try:
            found = re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{child.pid}/status").read())
            peak = max(peak, int(found.group(1)) // 1024 if found else 0)
        except OSError:
            pass
        time.sleep(0.05)
    seconds = round(time.monotonic() - started, 2)
    if child.returncode != 0:
        raise Refused(f"the conversion ended with {child.returncode}: {(setup.folder / 'convert.log').read_text()[-800:]}")
    quality = json.loads((table / "_quality" / "quality.json").read_text())
    if quality["rows_in"] != quality["kept"] + sum(quality["rejected"].values()):
        raise Refused(f"rows are lost in quality.json: {quality['rows_in']}")
    return {"rows": quality["rows_in"], "seconds": seconds, "peak_mib": peak}


def line(sizes):
    """Least squares: seconds = start + slope * million rows."""
    xs, ys = [s["rows"] / 1e6 for s in sizes], [s["seconds"] for s in sizes]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    slope = sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sum((x - mx) ** 2 for x in xs)
    return my - slope * mx, slope


def figure(sizes, start, per_million):
    width, height, left, bottom = 640, 400, 60, 50
    most_x, most_y = max(s["rows"] for s in sizes) / 1e6 * 1.05, max(s["seconds"] for s in sizes) * 1.1

    def at(x, y):
        return left + x / most_x * (width - left - 20), height - bottom - y / most_y * (height - bottom - 30)

    (x0, y0), (x1, y1) = at(0, max(start, 0)), at(most_x, start + per_million * most_x)
    dots = "".join('<circle cx="%.1f" cy="%.1f" r="4"/>' % at(s["rows"] / 1e6, s["seconds"]) for s in sizes)
    ticks = "".join('<text x="%.1f" y="%d" text-anchor="middle">%g</text>' % (at(s["rows"] / 1e6, 0)[0], height - 32, s["rows"] / 1e6)
                    for s in sizes)
    marks = "".join('<text x="%d" y="%.1f" text-anchor="end">%d</text>' % (left - 8, at(0, y)[1] + 4, y)
                    for y in (0, round(most_y / 2), round(most_y)))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">
<rect width="{width}" height="{height}" fill="white"/>
<text x="{left}" y="18">taxi convert, heap {HEAP}: {start:.1f} s + {per_million:.2f} s a million rows</text>
<path d="M{left} 30V{height - bottom}H{width - 20}" fill="none" stroke="black"/>
<path d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}" stroke="gray"/><g fill="#1f5fbf">{dots}</g>{ticks}{marks}
<text x="{width - 20}" y="{height - 10}" text-anchor="end">million rows</text><text x="8" y="30">seconds</text>
</svg>
"""
