"""Datasets shared with Spark sessions in Java.

    ds = arclight.dataset("trips")       # a ray.data.Dataset of what Spark wrote
    arclight.publish(ds, "scored")       # and spark.read().format("ray").load("scored")

Call `ray.init` first, on the cluster of the session.
"""
import sys

import ray
import ray.data
from ray.data.block import BlockMetadata
from ray.data.datasource import Datasource, ReadTask

from . import columns as _columns
from . import directory as _directory

__all__ = ["dataset", "publish", "names", "drop"]

ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])    # nodes need no copy of this package


def dataset(name, num_cpus=None):
    """The dataset that Spark, or `publish`, made under `name`. Blocks are fetched where and when they are read.

    num_cpus: what each task that reads reserves; Ray Data's default is 1. With 0 it runs beside whatever holds all CPUs.
    """
    about, refs = _ask(lambda directory: directory.open.remote(name), start=False)
    return ray.data.read_datasource(_Blocks(about, refs), override_num_blocks=max(1, len(refs)),
                                    num_cpus=num_cpus)


def publish(ds, name, mode="error"):
    """Makes `ds` readable by Spark as `name`, for as long as the cluster lives or until `drop`.

    mode: what to do where `name` exists: "error", "overwrite", "append" or "ignore".
    """
    if mode not in ("error", "overwrite", "append", "ignore"):
        raise ValueError(f"mode is {mode!r}: expected error, overwrite, append or ignore")
    ds = ds.materialize()
    schema = ds.schema()
    if schema is None:
        raise ValueError(f"The dataset for {name!r} has no columns and no rows")
    tables = ds.to_arrow_refs()
    schemas = ray.get([_schema_of.remote(table) for table in tables]) or [schema.base_schema]
    try:
        target = _columns.common(schemas).serialize().to_pybytes()
    except _columns.Refusal as e:
        raise ValueError(str(e)) from None
    return _ask(lambda directory: directory.publish.remote(name, tables, target, mode), start=True)


def names():
    """The names of all datasets of the cluster."""
    return _ask(lambda directory: directory.names.remote(), start=True)


def drop(name):
    """Frees the dataset's memory, for everybody."""
    _ask(lambda directory: directory.drop.remote(name), start=False)


@ray.remote(num_cpus=0)
def _schema_of(table):
    return table.schema


def _ask(call, start):
    if not ray.is_initialized():
        raise RuntimeError("Call ray.init(address=...) first: which cluster is the dataset on?")
    try:
        directory = ray.get_actor(_directory.NAME, _directory.NAMESPACE)
    except ValueError:
        if not start:
            raise KeyError("No dataset has been published on this Ray cluster yet") from None
        _directory.ensure()
        directory = ray.get_actor(_directory.NAME, _directory.NAMESPACE)
    try:
        return ray.get(call(directory))
    except ray.exceptions.RayTaskError as e:
        cause = e.cause
        code = getattr(cause, "code", None)
        if code is None:
            raise
        kind = {"NOT_FOUND": KeyError, "BAD_INPUT": ValueError, "ALREADY_EXISTS": FileExistsError}.get(code, RuntimeError)
        raise kind(str(cause)) from None


class _Blocks(Datasource):
    def __init__(self, about, refs):
        super().__init__()
        self._about, self._refs = about, refs

    def get_name(self):
        return "Arclight"

    def estimate_inmemory_data_size(self):
        return sum(block["bytes"] for block in self._about["blocks"])

    def get_read_tasks(self, parallelism, per_task_row_limit=None, data_context=None):
        import base64
        import pyarrow as pa
        schema = pa.ipc.read_schema(pa.BufferReader(base64.b64decode(self._about["schema"])))
        if not self._refs:
            empty = BlockMetadata(num_rows=0, size_bytes=0, input_files=None, exec_stats=None)
            return [ReadTask(lambda: [schema.empty_table()], empty, schema=schema)]
        tasks = []
        for number, (ref, block) in enumerate(zip(self._refs, self._about["blocks"])):
            metadata = BlockMetadata(num_rows=block["rows"], size_bytes=block["bytes"], input_files=None, exec_stats=None)
            tasks.append(ReadTask(_reader(self._about["name"], number, ref), metadata, schema=schema))
        return tasks


def _reader(name, number, ref):
    def read():
        import pyarrow as pa
        try:
            data = ray.get(ref)
        except (ray.exceptions.ObjectLostError, ray.exceptions.OwnerDiedError) as e:
            raise RuntimeError(f"Block {number} of dataset '{name}' is lost: {type(e).__name__}. Write it again, or with "
                               "the option recoverable, which computes lost blocks anew") from None
        with pa.ipc.open_stream(data) as reader:
            return [reader.read_all()]
    return read
