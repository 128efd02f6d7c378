"""What Python does with datasets in the tests. Each line of input is a call, ["name", "argument", ...]; what the function
prints is followed by DONE, or by FAILED and why.
"""
import json
import sys
import traceback

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


def tensors(to):
    """Publishes tensors: of one shape as Ray makes them, as Arrow has them, beside null; and of many shapes."""
    import numpy as np
    from ray.data.extensions import ArrowTensorArray
    native = pa.FixedShapeTensorArray.from_numpy_ndarray(np.arange(8.0, dtype="float32").reshape(2, 2, 2))
    null = pa.array([[0.5, 1.5, 2.5, 3.5], None], native.type.storage_type)
    columns = {
        "ray": ArrowTensorArray.from_numpy(np.arange(12, dtype="uint8").reshape(2, 3, 2)),
        "native": native,
        "beside_null": pa.ExtensionArray.from_storage(native.type, null),
        "ragged": ArrowTensorArray.from_numpy([np.zeros((1, 2)), np.ones((2, 1))]),
    }
    arclight.publish(ray.data.from_arrow(pa.table(columns)), to)


def uneven(to):
    """Publishes blocks of which the first has nothing but nulls in a column."""
    first = pa.table({"x": pa.nulls(2), "k": [1, 2]})
    arclight.publish(ray.data.from_arrow([first, pa.table({"x": ["a", None], "k": [3, 4]})]), to)


def refused():
    """What cannot go is refused, each in one sentence."""
    cases = {
        "wide": pa.array([None], pa.decimal256(60, 2)),
        "fine": pa.array([1], pa.timestamp("ns")),
        "nanos": pa.array([1], pa.time64("ns")),
        "either": pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])]),
        "runs": pa.RunEndEncodedArray.from_arrays([1], [1]),
        "views": pa.array([[1]], pa.list_view(pa.int64())),
    }
    for name, column in cases.items():
        _refused(name, pa.table({name: column}))
    _refused("twice", pa.table([[1], [2]], ["twice", "twice"]))
    _refused("objects", ray.data.from_items([{"objects": object}]))
    _refused("shapeless", ray.data.from_arrow([pa.table({"x": [1]}), pa.table({"x": ["a"]})]))


def _refused(name, table):
    try:
        arclight.publish(ray.data.from_arrow(table) if isinstance(table, pa.Table) else table, "refused")
        print("TAKEN", name)
    except Exception as e:
        print("REFUSED", name, type(e).__name__, str(e).splitlines()[0])


def unknown(name):
    try:
        arclight.dataset(name)
    except KeyError as e:
        print("UNKNOWN", e)


def train(name, folder):
    """A linear model on rows from Spark by Ray Train, batch by batch, by gradient descent: prints each epoch's loss."""
    import ray.train
    from ray.train.v2.api.data_parallel_trainer import DataParallelTrainer

    def loop():
        rows, w, b = ray.train.get_dataset_shard("train"), 0.0, 0.0
        with open(folder + "/losses", "w") as losses:
            for _ in range(5):
                total, seen = 0.0, 0
                for batch in rows.iter_batches(batch_size=256, batch_format="numpy"):
                    error = w * batch["x"] + b - batch["y"]
                    total, seen = total + float((error ** 2).sum()), seen + len(error)
                    w -= 0.3 * float((error * batch["x"]).mean())
                    b -= 0.3 * float(error.mean())
                print("LOSS", total / seen, seen, file=losses)

    DataParallelTrainer(loop, scaling_config=ray.train.ScalingConfig(num_workers=1),
                        run_config=ray.train.RunConfig(storage_path=folder),
                        datasets={"train": arclight.dataset(name)}).fit()
    print(open(folder + "/losses").read())


def run(text):
    """Runs what the documentation shows."""
    import pyarrow.compute
    exec(text, {"pc": pyarrow.compute})


def places(name):
    """How many blocks are on another node than the head."""
    head = next(node["NodeID"] for node in ray.nodes() if "node:__internal_head__" in node["Resources"])
    directory = ray.get_actor("arclight-directory", "arclight")
    _, refs = ray.get(directory.open.remote(name))
    where = ray.experimental.get_object_locations(refs)
    print("ELSEWHERE", sum(1 for ref in refs if head not in where[ref]["node_ids"]))


def objects(name):
    """The ids of the objects, as `ray memory` shows them."""
    directory = ray.get_actor("arclight-directory", "arclight")
    for ref in ray.get(directory.open.remote(name))[1]:
        print(ref.hex())


def counts():
    directory = ray.get_actor("arclight-directory", "arclight")
    print("RECOMPUTED", ray.get(directory.recomputed_blocks.remote()))


def used():
    """Bytes in use in the object stores."""
    free = ray.available_resources().get("object_store_memory", 0)
    print("USED", int(ray.cluster_resources()["object_store_memory"] - free))


ray.init(log_to_driver=False, logging_level="ERROR", namespace="of-somebody-else")
for line in sys.stdin:
    what, *arguments = json.loads(line)
    try:
        globals()[what](*arguments)
        print("DONE", flush=True)
    except BaseException:
        print(traceback.format_exc())
        print("FAILED", what, flush=True)
