"""Moves of an alias under load."""

SUMMARY = "an alias moves 30 times in 60 s under 8 clients: no failed request, each answer wholly from one version"


def options(parser):
    parser.add_argument("--moves", type=int, default=30, help="(default: %(default)s)")
    parser.add_argument("--for", dest="time", type=int, default=60, metavar="SECONDS", help="(default: %(default)s)")
    parser.add_argument("--clients", type=int, default=8, help="(default: %(default)s)")


def soak(setup):
    options = setup.options
    return setup.test("serve", "AliasFollowingTest#manyMovesUnderLoad", 20, arclight__soak__moves=options.moves,
                      arclight__soak__seconds=options.time, arclight__soak__clients=options.clients)
