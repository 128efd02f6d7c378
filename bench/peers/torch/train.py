"""PyTorch with DistributedDataParallel and a DataLoader on rows that 'arclight bench-torch --export' wrote: the same
network, initial weights, rows of each worker, order and optimiser as ours. Prints one JSON object."""
import argparse
import json
import os
import sys
import tempfile
import time

import numpy as np
import torch
import torch.distributed as distributed
import torch.multiprocessing as multiprocessing
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import BatchSampler, DataLoader, TensorDataset

from repeat import safetensors, shuffled


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--loader", choices=("plain", "batched"), required=True,
                        help="plain: DataLoader as documented; batched: it takes a whole batch from the tensors at once")
    options = parser.parse_args()
    with open(os.path.join(options.data, "job.json")) as file:
        job = json.load(file)
    with tempfile.TemporaryDirectory() as folder:
        multiprocessing.spawn(train, (options, job, folder), nprocs=options.workers)
        with open(os.path.join(folder, "result.json")) as file:
            result = json.load(file)
    result["versions"] = {"torch": torch.__version__}
    print(json.dumps(result))


def train(rank, options, job, folder):
    torch.set_num_threads(1)  # a worker is a core, as ours
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    distributed.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank,
                                   world_size=options.workers)
    features = job["features"]
    table = np.fromfile(os.path.join(options.data, "rows.f32"), dtype=np.float32).reshape(-1, features + 1)
    mine = torch.from_numpy(table[rank::options.workers].copy())
    dataset = TensorDataset(mine[:, :features].contiguous(), mine[:, features].contiguous())
    network = torch.nn.Sequential(torch.nn.Linear(features, job["hidden"]), torch.nn.ReLU(),
                                  torch.nn.Linear(job["hidden"], job["hidden"]), torch.nn.ReLU(),
                                  torch.nn.Linear(job["hidden"], 1))
    network.load_state_dict(safetensors(os.path.join(options.data, "initial.safetensors")))
    model = DistributedDataParallel(network)
    optimiser = torch.optim.Adam(model.parameters(), lr=job["learning_rate"])
    orders = [shuffled(len(dataset), job["seed"] * 1_000_003 + epoch) for epoch in range(job["epochs"])]
    losses, seconds = [], 0.0
    for order in orders:
        distributed.barrier()
        started = time.perf_counter()
        if options.loader == "plain":
            batches = DataLoader(dataset, batch_size=job["batch"], sampler=order)
        else:
            batches = DataLoader(dataset, batch_size=None, sampler=BatchSampler(order, job["batch"], drop_last=False))
        total = torch.zeros(())
        for x, y in batches:
            optimiser.zero_grad()
            loss = torch.nn.functional.mse_loss(model(x).squeeze(1), y)
            loss.backward()
            optimiser.step()
            total += loss.detach() * len(y)
        seconds += time.perf_counter() - started
        sums = torch.tensor([total.item(), len(dataset)], dtype=torch.float64)
        distributed.all_reduce(sums)
        losses.append((sums[0] / sums[1]).item())
    if rank == 0:
        with open(os.path.join(folder, "result.json"), "w") as file:
            json.dump({"rows_per_second": len(table) * job["epochs"] / seconds, "losses": losses}, file)
    distributed.destroy_process_group()


if __name__ == "__main__":
    sys.exit(main())
