"""Trains with Ray Train: the program that the desk starts, with a job of its own.

It checks first (the module, room for the workers), says so, and waits for a line on standard input that names the
datasets; so nothing is moved for a training that cannot begin. It ends when standard input does.
"""
import importlib
import json
import os
import sys
import threading
import time
import traceback
import zipfile

import ray

NAMESPACE = "arclight"
WAIT_SECONDS = 10       # what others have given back is seen a little later
TOLD = 400              # characters of what went wrong


class Refusal(Exception):
    def __init__(self, code, sentence):
        super().__init__(code, sentence)
        self.code, self.sentence = code, sentence


def main(settings):
    go, gone = [], threading.Event()

    def read():
        for line in sys.stdin:
            go.append(json.loads(line))
            gone.set()
        os._exit(1)     # the desk has ended

    threading.Thread(target=read, daemon=True).start()
    environment = {"env_vars": {"RAY_TRAIN_V2_ENABLED": "1"}}
    code = os.path.join(settings["folder"], "code")
    if os.path.isdir(code):
        environment["working_dir"] = code
        sys.path.insert(0, code)
    sys.path.insert(0, os.path.join(settings["folder"], "python"))
    ray.init(address=settings["address"], namespace=NAMESPACE, runtime_env=environment)
    try:
        storage = require_storage(settings)
        require_module(settings)
        require_room(settings)
        trainer = resolve(settings["trainer"])
        tell(settings["desk"], kind="ready", ray=ray.__version__, python=sys.version.split()[0])
        gone.wait()
        done(settings, train(settings, trainer, storage, go[0]))
    except Refusal as e:
        tell(settings["desk"], kind="failed", code=e.code, error=e.sentence)
    except Exception as e:
        traceback.print_exc()
        tell(settings["desk"], kind="failed", code="UNAVAILABLE", error=failure(settings, e))


def tell(desk, **event):
    ray.get(ray.get_actor(desk, NAMESPACE).heard.remote(json.dumps(event)), timeout=60)


def require_storage(settings):
    if settings["storage"]:
        return settings["storage"]
    machines = {node["NodeManagerAddress"] for node in ray.nodes() if node["Alive"]}
    if len(machines) > 1:
        raise Refusal("BAD_INPUT", f"The cluster has {len(machines)} machines, and Ray Train keeps its checkpoints where "
                                   "all of them see them: name a shared folder or bucket with storage(...)")
    return os.path.join(settings["folder"], "storage")


def require_module(settings):
    """Loads the module where workers will, and looks for its function."""
    def look(name):
        try:
            module, function = name.split(":")
            if not callable(getattr(importlib.import_module(module), function, None)):
                return f"the module has no function '{function}'"
        except BaseException as e:      # a module may do anything, also exit
            return shortened(e)

    needs = {"num_cpus": 0, "max_retries": 0}
    try:
        found = ray.get(ray.remote(**needs)(look).remote(settings["module"]), timeout=300)
    except ray.exceptions.RayError as e:
        found = last_line(str(e))
    if found:
        raise Refusal("BAD_INPUT", f"The cluster's Python cannot load '{settings['module']}': {found}; "
                                   "send its folder with code(...), or install it on every node")


def require_room(settings):
    wanted = settings["resources"]
    able = [node for node in ray.nodes() if node["Alive"]
            and all(node["Resources"].get(name, 0) >= amount for name, amount in wanted.items())]
    each = " and ".join(f"{amount:g} {name}" for name, amount in wanted.items())
    if not able:
        raise Refusal("BAD_INPUT", f"No node of the cluster has the {each} that a worker is to have")
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        free, total = ray.available_resources(), ray.cluster_resources()
        short = [name for name, amount in wanted.items() if amount * settings["workers"] > free.get(name, 0) + 1e-6]
        if not short:
            return
        if time.monotonic() > deadline:
            name = short[0]
            fit = int(min((free.get(one, 0) + 1e-6) // amount for one, amount in wanted.items() if amount > 0))
            raise Refusal("BAD_INPUT", f"{settings['workers']} workers of {each} each, but {free.get(name, 0):g} of the "
                                       f"cluster's {total.get(name, 0):g} {name} are free, which is room for {fit}: "
                                       "ask for fewer, for less each, or start the session with fewer executors")
        time.sleep(0.5)


def resolve(name):
    module, attribute = name.split(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except Exception as e:
        raise Refusal("BAD_INPUT", f"The cluster's Python cannot load '{name}': {shortened(e)}") from None


def train(settings, trainer, storage, datasets):
    import arclight
    from ray.train import CheckpointConfig, DataConfig, FailureConfig, RunConfig, ScalingConfig
    ordered = {}
    if not settings["config"]["shuffle"]:       # as blocks arrive, unless it is told
        ingest = DataConfig.default_ingest_options()
        ingest.preserve_order = True
        ordered["dataset_config"] = DataConfig(execution_options=ingest)
    best = settings["best"]
    keep = CheckpointConfig(num_to_keep=2)
    if best:
        keep = CheckpointConfig(num_to_keep=2, checkpoint_score_attribute=best["metric"], checkpoint_score_order=best["order"])
    resources = dict(settings["resources"])
    result = trainer(
        loop_of(settings["module"], settings["desk"]),
        train_loop_config=settings["config"],
        scaling_config=ScalingConfig(num_workers=settings["workers"], resources_per_worker=resources,
                                     use_gpu=resources.get("GPU", 0) > 0),
        run_config=RunConfig(name=settings["desk"], storage_path=storage, checkpoint_config=keep,
                             failure_config=FailureConfig(max_failures=settings["retries"]),
                             callbacks=[listener(settings["desk"])] + [resolve(name)() for name in settings["callbacks"]]),
        datasets={name: read(arclight, dataset) for name, dataset in datasets.items()}, **ordered,
    ).fit()
    if result.error:
        raise result.error
    checkpoint = result.get_best_checkpoint(best["metric"], best["order"]) if best else result.checkpoint
    if checkpoint is None:
        raise Refusal("BAD_INPUT", f"'{settings['module']}' ended without a checkpoint: hand the model over with "
                                   "ray.train.report(metrics, checkpoint=...)")
    return checkpoint


def read(arclight, dataset):
    # Tasks that read take no CPU of their own: all may be the workers'.
    return arclight.dataset(dataset, num_cpus=0)


def loop_of(module, desk):
    def loop(config):
        import importlib
        import json
        import os
        import ray
        context = ray.train.get_context()
        ray.get_actor(desk, "arclight").heard.remote(json.dumps(
            {"kind": "worker", "rank": context.get_world_rank(), "pid": os.getpid()}))

        def batches(dataset="train", epoch=0):
            import numpy
            shuffled = {}
            if config["shuffle"] and dataset == "train":
                shuffled = {"local_shuffle_buffer_size": max(10_000, 8 * config["batch_size"]),
                            "local_shuffle_seed": config["seed"] + epoch}
            shard = ray.train.get_dataset_shard(dataset)
            for batch in shard.iter_batches(batch_size=config["batch_size"], batch_format="numpy",
                                            drop_last=config["drop_last"] and dataset == "train", **shuffled):
                yield numpy.stack([batch[name] for name in config["features"]], axis=1), batch[config["label"]]

        name, function = module.split(":")
        getattr(importlib.import_module(name), function)(dict(config, batches=batches))
    return loop


def listener(desk):
    from ray.train import UserCallback

    class Listener(UserCallback):
        def after_report(self, run_context, metrics, checkpoint):
            import json
            import numbers
            import ray
            numeric = {name: float(value) for name, value in metrics[0].items() if isinstance(value, numbers.Real)}
            ray.get_actor(desk, "arclight").heard.remote(json.dumps(
                {"kind": "report", "metrics": numeric, "checkpoint": checkpoint is not None}))

        def after_exception(self, run_context, worker_exceptions):
            import json
            import ray
            lost = {str(rank): str(error).strip().splitlines()[-1][:300] for rank, error in worker_exceptions.items()}
            ray.get_actor(desk, "arclight").heard.remote(json.dumps({"kind": "lost", "workers": lost}))

    return Listener()


def done(settings, checkpoint):
    file = os.path.join(settings["folder"], "model.zip")
    with checkpoint.as_directory() as folder, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for parent, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(parent, name)
                archive.write(path, os.path.relpath(path, folder))
    versions = {name: found for name in ("torch", "keras", "tensorflow", "onnx") if (found := version(name))}
    tell(settings["desk"], kind="done", bytes=os.path.getsize(file), versions=versions)


def version(library):
    """Its version, if it is installed; TensorFlow for CPUs has a name of its own, and Debian's PyTorch none."""
    from importlib import metadata
    for name in (library, library + "-cpu"):
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
    return getattr(sys.modules.get(library), "__version__", None)


def failure(settings, e):
    """Why it failed, in one sentence: that of the first worker that did, if it was one."""
    failures = getattr(e, "worker_failures", None)
    if not failures:
        return f"Ray Train failed: {shortened(e)}"
    rank = min(failures)
    # The exception itself has lost its traceback on the way; the message of the whole quotes it.
    quoted = str(e).partition("Error Snippet]:\n")[2].partition("\n[Rank ")[0]
    return f"'{settings['module']}' failed on worker {rank}: {shortened(quoted or failures[rank])}"


def shortened(e):
    """The last line of a traceback, given as text or as an exception, and where in it the user's deepest line was."""
    text = str(e)
    if not isinstance(e, str) and "Traceback" not in text:
        text = "".join(traceback.format_exception(e))
    frames = [line.strip() for line in text.splitlines() if line.strip().startswith('File "')]
    ours = [line for line in frames if "site-packages/ray/" not in line and "importlib" not in line and "training.py" not in line]
    where = (ours or frames or [""])[-1]
    if where:
        path, line = where.split('"')[1], where.split("line ", 1)[-1].split(",")[0]
        where = f" ({os.path.basename(path)}, line {line})"
    return last_line(text) + where


def last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:TOLD] if lines else "no reason given"


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
    ray.shutdown()
    sys.stdout.flush()
    os._exit(0)     # not by way of Python's end, which cannot wait for the thread that reads
