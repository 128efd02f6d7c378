"""A tracking store of ten million points in a hundred thousand runs."""

SUMMARY = "tracking, 10 million points in 100,000 runs: searches under 100 ms, pages under 1 s in a browser"


def options(parser):
    parser.add_argument("--runs", type=int, default=100_000, help="default: %(default)s")
    parser.add_argument("--points", type=int, default=100, help="of each run (default: %(default)s)")


def soak(setup):
    return setup.test("track", "TrackingScaleSoak", 30, arclight__soak__runs=setup.options.runs,
                      arclight__soak__points=setup.options.points)
