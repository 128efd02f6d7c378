"""The network that learns fares: PyTorch on workers of Ray Train."""
import io
import os
import tempfile

import ray.train
import torch
from torch import nn


def network(width):
    return nn.Sequential(
        nn.Linear(width, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 1))


def train_loop(config):
    torch.manual_seed(config["seed"])
    rank, width = ray.train.get_context().get_world_rank(), len(config["features"])
    fares = network(width)
    model = nn.parallel.DistributedDataParallel(fares)
    optimiser = torch.optim.Adam(model.parameters(), lr=config["learning_rate"])
    first, checkpoint = 0, ray.train.get_checkpoint()
    if checkpoint:      # a worker was lost
        with checkpoint.as_directory() as folder:
            state = torch.load(os.path.join(folder, "state.pt"))
        fares.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["epoch"] + 1
    for epoch in range(first, config["epochs"]):
        total, rows = 0.0, 0
        for features, fare in config["batches"]("train", epoch):
            loss = nn.functional.smooth_l1_loss(model(torch.as_tensor(features)).squeeze(1), torch.as_tensor(fare))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total, rows = total + loss.item() * len(fare), rows + len(fare)
        metrics = {"epoch": epoch, "loss": total / rows, "validation_mae": error(fares, config)}
        with tempfile.TemporaryDirectory() as folder:
            checkpoint = None
            if rank == 0:
                torch.save({"network": fares.state_dict(), "optimiser": optimiser.state_dict(), "epoch": epoch},
                           os.path.join(folder, "state.pt"))
                save(fares, width, folder)
                checkpoint = ray.train.Checkpoint.from_directory(folder)
            ray.train.report(metrics, checkpoint=checkpoint)


def error(fares, config):
    """How many dollars this worker's share of the validation rows is off by."""
    total, rows = 0.0, 0
    with torch.no_grad():
        for features, fare in config["batches"]("validation"):
            total += (fares(torch.as_tensor(features)).squeeze(1) - torch.as_tensor(fare)).abs().sum().item()
            rows += len(fare)
    return total / rows


def save(fares, width, folder):
    torch.jit.script(fares).save(os.path.join(folder, "model.pt"))
    graph = io.BytesIO()
    torch.onnx.export(fares, torch.zeros(1, width), graph, input_names=["features"], output_names=["fare"],
                      dynamic_axes={"features": {0: "rows"}, "fare": {0: "rows"}})
    with open(os.path.join(folder, "model.onnx"), "wb") as file:
        file.write(graph.getvalue())
