"""The directory of datasets: one small actor that owns their blocks and is found by name from every process.

It is started by whoever comes first, a Spark session or Python (`ensure`), and always the same way: the texts of columns.py,
blocks.py and this file run as one program, so that no node needs any. Java asks with JSON; Python calls `open` and
`publish`. Blocks are Arrow IPC streams as plain bytes, which Ray hands to Java and Python alike. Only public functions of
Ray are used.
"""
import base64
import difflib
import json
import sys
import threading
import time
import uuid

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

if __name__ != "__main__":      # where this is sent as text, those stand before it
    from .blocks import NAME, NAMESPACE, TAKE_SECONDS, Died, full, locations, lost, recoverable, sentence, settled, to_stream
    from .columns import Refusal

DELIVER_SECONDS = 600    # a block from another node, or computed anew
SESSION_SECONDS = 90     # without a word from its driver, a session is gone
POLL_SECONDS = 5


class Dataset:
    def __init__(self, identifier, name, schema, owner, session, is_recoverable):
        self.id, self.name, self.schema = identifier, name, schema
        self.owner, self.session, self.recoverable = owner, session, is_recoverable
        self.taken = {}         # key: block
        self.blocks = []        # in order, once committed
        self.mode = "error"
        self.parts = []         # datasets appended to this one
        self.died = set()       # executors, while a block of it went into a store with little room
        self.refused = None     # why no block of it is taken any more


class Directory:
    def __init__(self):
        self.changed = threading.Condition()
        self.by_name, self.writing, self.all = {}, {}, {}
        self.sessions = {}      # id: (seconds, requests)
        self.jobs = {}          # (dataset, partition, seq): where it is again, or None
        self.begun = set()
        self.recomputed = 0
        threading.Thread(target=self._look_after_sessions, daemon=True).start()

    def ask(self, request):
        """JSON in, JSON out; a failure is an answer too: {"code", "error"}."""
        try:
            request = json.loads(request)
            answer = getattr(self, "_" + request.pop("do"))(**request)
        except Refusal as e:
            answer = {"code": e.code, "error": str(e)}
        except Exception as e:
            answer = {"code": "UNAVAILABLE", "error": f"The directory of datasets failed: {sentence(e)}"}
        return json.dumps(answer or {}).encode()

    def _hello(self):
        return {"datasets": len(self.by_name)}

    def _begin(self, name, mode, owner, session, schema, recoverable):
        with self.changed:
            existing = self.by_name.get(name)
            if existing and mode == "error":
                raise _exists(existing)
            if existing and mode == "ignore":
                return {"skip": True}
            if existing and mode == "append" and existing.schema != schema:
                raise Refusal("BAD_INPUT", f"Dataset '{name}' has other columns or types than what is to be appended")
            dataset = Dataset(uuid.uuid4().hex, name, schema, owner, session, recoverable)
            dataset.mode = mode
            self.writing[dataset.id] = self.all[dataset.id] = dataset
            self._seen(session)
            return {"id": dataset.id}

    def _take(self, id, key, executor, partition, seq, rows, size):
        dataset = self._open(id)
        if dataset.refused:
            raise dataset.refused
        if dataset.recoverable:
            node = self._node_of(executor)
            strategy = NodeAffinitySchedulingStrategy(node, soft=True) if node else "DEFAULT"
            ref = recoverable.options(scheduling_strategy=strategy).remote(id, partition, seq, executor, key)
        else:
            ref = ray.get_actor(executor, NAMESPACE).take.remote(key)
        try:
            block = settled(ref, rows, size)
        except Died as e:
            with self.changed:
                dataset.died.add(executor)
                if len(dataset.died) > 1:   # the next one would, too
                    dataset.refused = full(e)
            raise dataset.refused or e
        with self.changed:
            self._open(id).taken[key] = block
        return {}

    def _commit(self, id, keys):
        with self.changed:
            dataset = self._open(id)
            existing = self.by_name.get(dataset.name)
            if existing and dataset.mode == "error":
                raise _exists(existing)
            dataset.blocks = [dataset.taken[key] for key in keys]
            dataset.taken = {}
            del self.writing[id]
            if existing and dataset.mode == "append":
                existing.blocks = existing.blocks + dataset.blocks
                existing.parts.append(dataset)
                return self._about(existing)
            if existing:
                self._forget(existing)
            self.by_name[dataset.name] = dataset
            return self._about(dataset)

    def _abort(self, id):
        with self.changed:
            dataset = self.writing.pop(id, None)
            self.all.pop(id, None)
            if dataset:
                dataset.taken = {}

    def _describe(self, name=None, id=None):
        with self.changed:
            return self._about(self._find(name, id))

    def _names(self):
        with self.changed:
            return {"names": sorted(self.by_name)}

    def _deliver(self, id, block, executor, token):
        with self.changed:
            dataset = self._find(None, id)
            one = dataset.blocks[block]
        if not one["small"] and not dataset.recoverable and not locations([one["ref"]])[0]:
            raise lost(dataset, block)
        done = ray.get_actor(executor, NAMESPACE).deliver.remote(token, one["ref"])
        try:
            if not ray.get(done, timeout=DELIVER_SECONDS):
                raise Refusal("UNAVAILABLE", f"The task that asked for block {block} of dataset '{dataset.name}' is gone")
        except ray.exceptions.GetTimeoutError:
            raise Refusal("TIMEOUT", f"Block {block} of dataset '{dataset.name}' did not arrive "
                                     f"within {DELIVER_SECONDS} s") from None
        except ray.exceptions.RayError as e:
            # The executor cannot tell what it was not given; here the block itself says it.
            try:
                ray.get(one["ref"], timeout=DELIVER_SECONDS)
            except (ray.exceptions.ObjectLostError, ray.exceptions.OwnerDiedError):
                raise lost(dataset, block) from None
            except ray.exceptions.RayError as about_block:
                e = about_block
            raise Refusal("UNAVAILABLE", f"Block {block} of dataset '{dataset.name}': {sentence(e)}") from None

    def _drop(self, name=None, id=None):
        with self.changed:
            self._forget(self._find(name, id))

    def _poll(self, session):
        """Waits a little for partitions that the session is to compute again."""
        deadline = time.monotonic() + POLL_SECONDS
        with self.changed:
            requests = self._seen(session)
            while not requests and session in self.sessions and time.monotonic() < deadline:
                self.changed.wait(deadline - time.monotonic())
            taken = list(requests)
            requests.clear()
            if session in self.sessions:    # or it has left meanwhile
                self._seen(session)
            return {"requests": taken, "datasets": [one.id for one in self.all.values() if one.session == session]}

    def _recomputed(self, dataset, partition, seq, executor, key, error=None):
        with self.changed:
            self.jobs[(dataset, partition, seq)] = (executor, key, error)
            self.recomputed += 1
            self.changed.notify_all()

    def _leave(self, session):
        with self.changed:
            self._end(session)

    def open(self, name):
        """(what `_describe` says, the references of its blocks); raises Refusal."""
        with self.changed:
            dataset = self._find(name, None)
            return self._about(dataset), [block["ref"] for block in dataset.blocks]

    def publish(self, name, tables, schema, mode):
        """Makes blocks of its own from references of pyarrow tables."""
        answer = self._begin(name, mode, "detached", None, base64.b64encode(schema).decode(), False)
        if "skip" in answer:
            return self._describe(name)
        identifier = answer["id"]
        try:
            made = [to_stream.remote(table, schema) for table in tables]
            for number, (ref, info) in enumerate(made):
                info = ray.get(info, timeout=TAKE_SECONDS)
                if "error" in info:
                    raise Refusal(info["code"], info["error"])
                block = settled(ref, info["rows"], info["bytes"])
                if info["rows"]:
                    self.writing[identifier].taken[str(number)] = block
            return self._commit(identifier, list(self.writing[identifier].taken))
        except BaseException:
            self._abort(identifier)
            raise

    def names(self):
        return self._names()["names"]

    def drop(self, name):
        self._drop(name)

    def recomputed_blocks(self):
        return self.recomputed

    def first_time(self, dataset, key):
        with self.changed:
            known = (dataset, key) in self.begun
            self.begun.add((dataset, key))
            return not known

    def recompute(self, dataset, partition, seq):
        """(executor, key) of the block, once its session has computed it again."""
        job, deadline = (dataset, partition, seq), time.monotonic() + DELIVER_SECONDS
        with self.changed:
            session = self.all[dataset].session
            if session not in self.sessions:
                raise RuntimeError(f"dataset '{self.all[dataset].name}' cannot be recovered: "
                                   "the Spark session that made it has ended")
            self.jobs.pop(job, None)
            self.sessions[session][1].append({"dataset": dataset, "partition": partition, "seq": seq})
            self.changed.notify_all()
            while job not in self.jobs:
                if session not in self.sessions or time.monotonic() > deadline:
                    raise RuntimeError(f"partition {partition} of dataset '{self.all[dataset].name}' was not computed "
                                       "again: its Spark session has ended or takes too long")
                self.changed.wait(1)
            executor, key, error = self.jobs.pop(job)
        if error:
            raise RuntimeError(error)
        return executor, key

    def _open(self, id):
        if id not in self.writing:
            raise Refusal("BAD_STATE", "The write that this block belongs to has ended")
        return self.writing[id]

    def _find(self, name, id):
        found = self.all.get(id) if id else self.by_name.get(name)
        if not found and id:
            raise Refusal("BAD_STATE", "The dataset has been closed or replaced")
        if not found:
            near = difflib.get_close_matches(name, self.by_name, n=3)
            raise Refusal("NOT_FOUND", f"No dataset '{name}' on this Ray cluster"
                          + (f": did you mean {' or '.join(repr(one) for one in near)}?" if near
                             else f" ({len(self.by_name)} others are)" if self.by_name else " (there is none at all)"))
        return found

    def _about(self, dataset):
        addresses = {node["NodeID"]: node["NodeManagerAddress"] for node in ray.nodes()}
        return {"id": dataset.id, "name": dataset.name, "schema": dataset.schema, "owner": dataset.owner,
                "blocks": [{"rows": one["rows"], "bytes": one["bytes"], "object": one["ref"].hex(),
                            "nodes": [addresses[node] for node in one["nodes"] if node in addresses]}
                           for one in dataset.blocks]}

    def _forget(self, dataset):
        """The last references go, and Ray frees the blocks."""
        self.all.pop(dataset.id, None)
        if self.by_name.get(dataset.name) is dataset:
            del self.by_name[dataset.name]
        for part in dataset.parts:
            self._forget(part)
        dataset.blocks, dataset.taken, dataset.parts = [], {}, []
        self.begun = {one for one in self.begun if one[0] != dataset.id}

    def _seen(self, session):
        if session is None:
            return []
        requests = self.sessions.get(session, (0, []))[1]
        self.sessions[session] = (time.monotonic(), requests)
        return requests

    def _end(self, session):
        self.sessions.pop(session, None)
        for dataset in list(self.all.values()):
            if dataset.session == session and (dataset.owner == "driver" or dataset.id in self.writing):
                self.writing.pop(dataset.id, None)
                self._forget(dataset)
        self.changed.notify_all()

    def _look_after_sessions(self):
        while True:
            time.sleep(POLL_SECONDS)
            with self.changed:
                for session, (seen, _) in list(self.sessions.items()):
                    if time.monotonic() - seen > SESSION_SECONDS:
                        self._end(session)

    def _node_of(self, executor):
        try:
            return ray.get(ray.get_actor(executor, NAMESPACE).node.remote(), timeout=30) or None
        except ray.exceptions.RayError:
            return None


def _exists(dataset):
    return Refusal("ALREADY_EXISTS", f"Dataset '{dataset.name}' exists with {sum(b['rows'] for b in dataset.blocks)} rows: "
                                     "choose another name, or mode overwrite, append or ignore")


def start():
    # On the head, which is the last node to go.
    actor = ray.remote(Directory).options(
        name=NAME, namespace=NAMESPACE, lifetime="detached", get_if_exists=True, num_cpus=0, max_restarts=-1,
        resources={"node:__internal_head__": 0.001}, max_concurrency=100).remote()
    return json.loads(ray.get(actor.ask.remote(b'{"do": "hello"}'), timeout=60))


def ensure():
    """Starts the directory of the cluster that this process is connected to, unless it runs."""
    import pathlib
    import subprocess
    folder = pathlib.Path(__file__).parent
    program = "\n".join((folder / name).read_text() for name in ("columns.py", "blocks.py", "directory.py"))
    # In a process of its own, for its own job: see below. And not as the module __main__ itself: what a job with a code
    # search path finds in its own modules it does not send, and workers have another __main__.
    run = "import sys; exec(compile(sys.argv.pop(1), '<arclight>', 'exec'), {'__name__': '__main__'})"
    subprocess.run([sys.executable, "-c", run, program, ray.get_runtime_context().gcs_address], check=True, timeout=120,
                   stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    if not ray.is_initialized():
        # Calls of Java actors need a code search path, any; and then Ray loads this class by its text, not by import.
        ray.init(address=sys.argv[1], namespace=NAMESPACE, log_to_driver=False,
                 job_config=ray.job_config.JobConfig(code_search_path=["/arclight"]))
    start()
