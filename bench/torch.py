"""A neural network on taxi-like rows: our worker JVMs beside PyTorch's DistributedDataParallel in Python."""
from harness.measure import Figure, Refused, Run

SUMMARY = "MLP regression, 1 and 2 workers: TorchEstimator beside DistributedDataParallel with a DataLoader"

# The same weights, rows and order on both sides; sums are taken in another order.
LOSS_TOLERANCE = 1e-3


def options(parser):
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of 20 features (default: %(default)s)")
    parser.add_argument("--loaders", default="plain,batched",
                        help="how the peer's DataLoader reads (default: %(default)s); batched is faster than documented")


def figures(setup):
    if setup.options.rows < 1000:
        raise Refused(f"--rows {setup.options.rows}: at least 1000, or nothing is measured")
    setup.arclight_text("install", "torch", minutes=15)
    data = setup.folder / "data"
    setup.arclight_text("bench-torch", "--export", data, "--rows", setup.options.rows)

    def figure(workers, loader):
        def ours():
            return run(setup.arclight("bench-torch", "--data", data, "--workers", workers))

        def peer():
            return run(setup.script("torch", "train.py", "--data", data, "--workers", workers, "--loader", loader))

        return Figure(f"rows, {workers} worker{'s'[:workers - 1]}, {loader} loader", "rows/s", False, ours, peer, agree)

    return [figure(workers, loader) for loader in setup.options.loaders.split(",") for workers in (1, 2)]


def run(result):
    try:
        return Run(float(result["rows_per_second"]), [float(loss) for loss in result["losses"]])
    except (KeyError, TypeError, ValueError) as e:
        raise Refused(f"expected rows_per_second and losses, got {str(result)[:300]}: {e!r}") from None


def agree(ours, peer):
    """The same loss after each epoch, or the two trained different things."""
    if len(ours) != len(peer) or not all(abs(a - b) <= LOSS_TOLERANCE * max(1, abs(b)) for a, b in zip(ours, peer)):
        raise Refused(f"the losses differ: ours {ours}, peer {peer}")
