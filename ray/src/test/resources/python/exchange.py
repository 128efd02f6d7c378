"""What Python does with datasets in the tests: exchange.py WHAT ..."""
import json
import sys

import pyarrow as pa
import ray

import arclight


def sums(name):
    """Rows, and the sum of column x, by Ray Data."""
    ds = arclight.dataset(name)
    print("ANSWER", ds.count(), ds.sum("x"))


def double(name, to):
    """Doubles x and publishes."""
    def twice(batch: pa.Table) -> pa.Table:
        x = pa.compute.multiply(batch["x"], 2)
        return batch.set_column(batch.schema.get_field_index("x"), "x", x)
    arclight.publish(arclight.dataset(name).map_batches(twice, batch_format="pyarrow"), to, mode="overwrite")


def again(name, to):
    """Publishes what it got."""
    arclight.publish(arclight.dataset(name), to)


def made(to):
    """Publishes each Arrow type that Ray Data makes."""
    import datetime as d
    import decimal
    columns = {
        "u8": pa.array([255, None], pa.uint8()),
        "u16": pa.array([65535, None], pa.uint16()),
        "u32": pa.array([4294967295, None], pa.uint32()),
        "u64": pa.array([18446744073709551615, None], pa.uint64()),
        "f16": pa.array([1.5, None], pa.float32()).cast(pa.float16()),
        "large": pa.array(["é", None], pa.large_string()),
        "view": pa.array(["view", None], pa.string_view()),
        "fixed": pa.array([b"ab", None], pa.binary(2)),
        "dictionary": pa.array(["a", None]).dictionary_encode(),
        "list": pa.array([[1, 2], None], pa.list_(pa.int64(), 2)),
        "time": pa.array([d.time(1, 2, 3, 4), None], pa.time64("us")),
        "date": pa.array([d.date(9999, 12, 31), None], pa.date64()),
        "ns": pa.array([1_000, None], pa.timestamp("ns")),
        "seconds": pa.array([7, None], pa.timestamp("s", "Europe/Athens")),
        "wide": pa.array([decimal.Decimal("1.5"), None], pa.decimal256(38, 2)),
        "nothing": pa.nulls(2),
    }
    arclight.publish(ray.data.from_arrow(pa.table(columns)), to)


def tensor(to):
    import numpy as np
    arclight.publish(ray.data.from_numpy(np.arange(12.0).reshape(3, 2, 2)), to)


def refused():
    """What cannot go is refused, each in one sentence."""
    cases = {
        "wide": pa.array([None], pa.decimal256(60, 2)),
        "fine": pa.array([1], pa.timestamp("ns")),
        "either": pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])]),
    }
    for name, column in cases.items():
        try:
            arclight.publish(ray.data.from_arrow(pa.table({name: column})), "refused")
            print("TAKEN", name)
        except Exception as e:
            print("REFUSED", name, type(e).__name__, str(e).splitlines()[0])
    for unknown in ("nosuch", "numbes"):
        try:
            arclight.dataset(unknown)
        except KeyError as e:
            print("REFUSED", unknown, e)


def train(name):
    """A linear model on rows from Spark, batch by batch, by plain gradient descent: prints the loss of each epoch."""
    import numpy as np
    ds, w, b = arclight.dataset(name), 0.0, 0.0
    for _ in range(5):
        total, rows = 0.0, 0
        for batch in ds.iter_batches(batch_size=256, batch_format="numpy"):
            error = w * batch["x"] + b - batch["y"]
            total, rows = total + float((error ** 2).sum()), rows + len(error)
            w -= 0.3 * float((error * batch["x"]).mean())
            b -= 0.3 * float(error.mean())
        print("LOSS", total / rows)


def places(name):
    """How many blocks are on another node than the head."""
    head = next(node["NodeID"] for node in ray.nodes() if "node:__internal_head__" in node["Resources"])
    directory = ray.get_actor("arclight-directory", "arclight")
    _, refs = ray.get(directory.open.remote(name))
    where = ray.experimental.get_object_locations(refs)
    print("ELSEWHERE", sum(1 for ref in refs if head not in where[ref]["node_ids"]))


def counts():
    directory = ray.get_actor("arclight-directory", "arclight")
    print("RECOMPUTED", ray.get(directory.recomputed_blocks.remote()))


def used():
    """Bytes in use in the object stores."""
    free = ray.available_resources().get("object_store_memory", 0)
    print("USED", int(ray.cluster_resources()["object_store_memory"] - free))


ray.init(log_to_driver=False, logging_level="ERROR")
globals()[sys.argv[1]](*sys.argv[2:])
