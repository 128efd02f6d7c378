"""What RayTrainIT trains: a small network in PyTorch, with Ray Train's own functions."""
import io
import os
import signal
import tempfile
import time

import ray.train
import torch


def train_loop(config):
    rank = ray.train.get_context().get_world_rank()
    torch.manual_seed(config["seed"])
    width = len(config["features"])
    network = torch.nn.Sequential(torch.nn.Linear(width, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
    model = torch.nn.parallel.DistributedDataParallel(network)
    optimiser = torch.optim.Adam(model.parameters(), lr=config["rate"])
    first = 0
    checkpoint = ray.train.get_checkpoint()
    if checkpoint:
        with checkpoint.as_directory() as folder:
            state = torch.load(os.path.join(folder, "state.pt"))
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["epoch"] + 1
    for epoch in range(first, config["epochs"]):
        losses, rows, seen = 0.0, 0, None
        for features, label in config["batches"]("train", epoch):
            x, y = torch.as_tensor(features), torch.as_tensor(label).reshape(-1, 1)
            loss = torch.nn.functional.mse_loss(model(x), y)
            seen = float(label[0]) if seen is None else seen
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses, rows = losses + loss.item() * len(y), rows + len(y)
        if epoch == config.get("die_after") and rank == 1 and first == 0:
            # Ray Train hears of checkpoints every two seconds: of the last one, too late.
            deadline = time.monotonic() + 60
            while not os.path.exists(config["heard"]) and time.monotonic() < deadline:
                time.sleep(0.1)
            os.kill(os.getpid(), signal.SIGKILL)
        with torch.no_grad():
            held = [torch.nn.functional.mse_loss(network(torch.as_tensor(x)), torch.as_tensor(y).reshape(-1, 1)).item()
                    for x, y in config["batches"]("validation")]
        start = seen if epoch == first else start       # of the first epoch: the same again if nothing is shuffled
        metrics = {"loss": losses / rows, "rows": rows, "validation_loss": sum(held) / len(held), "epoch": epoch,
                   "resumed_at": first, "first_order": seen - start, "rate_so_far": -epoch}
        with tempfile.TemporaryDirectory() as folder:
            checkpoint = None
            if rank == 0:
                torch.save({"network": network.state_dict(), "optimiser": optimiser.state_dict(), "epoch": epoch},
                           os.path.join(folder, "state.pt"))
                save(network, width, folder)
                with open(os.path.join(folder, "epoch"), "w") as file:
                    file.write(str(epoch))
                checkpoint = ray.train.Checkpoint.from_directory(folder)
            ray.train.report(metrics, checkpoint=checkpoint)


class Heard(ray.train.UserCallback):
    def after_report(self, run_context, metrics, checkpoint):
        with open(os.path.join(run_context.run_config.storage_path, "heard"), "a") as file:
            file.write("heard\n")


def save(network, width, folder):
    torch.jit.script(network).save(os.path.join(folder, "model.pt"))
    file = io.BytesIO()
    torch.onnx.export(network, torch.zeros(1, width), file, input_names=["features"], output_names=["fare"],
                      dynamic_axes={"features": {0: "rows"}, "fare": {0: "rows"}})
    with open(os.path.join(folder, "model.onnx"), "wb") as out:
        out.write(file.getvalue())
