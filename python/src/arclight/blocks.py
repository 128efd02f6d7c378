"""Blocks of datasets in Ray's object store: how they get there, and what is said of one that does not, or is lost.

Sent to Ray as text, with columns.py before it and directory.py behind it (see there).
"""
import ray

if __name__ != "__main__":
    from .columns import Refusal, stream

NAMESPACE = "arclight"
NAME = "arclight-directory"
TAKE_SECONDS = 600       # a block into the store, spilling included


class Died(Refusal):
    """An executor ended over a block for which the store has no room. Other things end one, too: once proves nothing."""


def full(e):
    return Refusal("UNAVAILABLE", f"{e}, and one before it, too: the store is taken for full. "
                                  "Drop datasets, or give Ray more memory or disk")


@ray.remote(num_cpus=0, num_returns=2, max_retries=3)
def to_stream(table, schema_bytes):
    import pyarrow as pa
    schema = pa.ipc.read_schema(pa.BufferReader(schema_bytes))
    try:
        if table.schema.names != schema.names:
            raise Refusal("BAD_INPUT", f"A block has columns {table.schema.names}, others have {schema.names}")
        data = stream(table, schema)
    except Refusal as e:
        return b"", {"code": e.code, "error": str(e)}
    return data, {"rows": table.num_rows, "bytes": len(data)}


@ray.remote(num_cpus=0, max_retries=-1)
def recoverable(dataset, partition, seq, executor, key):
    """The block that `executor` holds; and again, by Spark, wherever Ray runs this once more because it was lost."""
    directory = ray.get_actor(NAME, NAMESPACE)
    if ray.get(directory.first_time.remote(dataset, key)):
        data = ray.get(ray.get_actor(executor, NAMESPACE).take.remote(key))
        if data:
            return data
    executor, key = ray.get(directory.recompute.remote(dataset, partition, seq))
    return ray.get(ray.get_actor(executor, NAMESPACE).take.remote(key))


def settled(ref, rows, size):
    """What is known of a block once it is in the store; raises Refusal."""
    ready, _ = ray.wait([ref], timeout=TAKE_SECONDS, fetch_local=False)
    if not ready:
        raise Refusal("TIMEOUT", f"A block of {size} bytes did not get into Ray's object store "
                                 f"within {TAKE_SECONDS} s: is it full?")
    nodes = locations([ref])[0]
    if not nodes:           # small ones are kept by their owner, that is here; and failures come this way
        try:
            got = len(ray.get(ref, timeout=TAKE_SECONDS))
        except Exception as e:
            free = int(ray.available_resources().get("object_store_memory", 0))
            if isinstance(e, ray.exceptions.RayActorError) and free < size:
                raise Died("UNAVAILABLE", f"A block of {size} bytes did not get into Ray's object store, which has {free} "
                                          "bytes left: its executor ended over it") from None
            raise Refusal("UNAVAILABLE", f"A block of {size} bytes did not get into Ray's object store: "
                                         f"{sentence(e)}") from None
        if got < size:
            raise Refusal("UNAVAILABLE", f"An executor has {got} of the {size} bytes of a block")
    return {"ref": ref, "rows": rows, "bytes": size, "small": not nodes, "nodes": nodes}


def locations(refs):
    known = ray.experimental.get_object_locations(refs)
    return [list(known.get(ref, {}).get("node_ids", [])) for ref in refs]


def lost(dataset, block):
    return Refusal("UNAVAILABLE", f"Block {block} of dataset '{dataset.name}' is lost with the node that held it: "
                                  "write it again, or with the option recoverable, which computes lost blocks anew")


def sentence(e):
    lines = [line.strip() for line in str(e).splitlines() if line.strip()]
    return f"{type(e).__name__}: {lines[-1][:300] if lines else ''}"
