"""Malformed bodies to the scoring server."""

SUMMARY = "200,000 malformed bodies, and huge, deep and compressed ones: 400 or 200, never a 5xx, a hang or a growing heap"


def options(parser):
    parser.add_argument("--bodies", type=int, default=200_000, help="(default: %(default)s)")


def soak(setup):
    return setup.test("serve", "FuzzTest#twoHundredThousandMalformedBodies", 30,
                      arclight__soak__bodies=setup.options.bodies)
