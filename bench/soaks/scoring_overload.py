"""More requests than the scoring server can compute."""

SUMMARY = "3 times capacity for 60 s, open loop: p99 of the answered under 4 times normal, the rest 429 at once, heap flat"


def options(parser):
    parser.add_argument("--times", type=int, default=3, help="of the capacity (default: %(default)s)")
    parser.add_argument("--for", dest="time", type=int, default=60, metavar="SECONDS", help="(default: %(default)s)")


def soak(setup):
    return setup.test("serve", "OverloadSoakTest", 20, arclight__soak__times=setup.options.times,
                      arclight__soak__seconds=setup.options.time)
