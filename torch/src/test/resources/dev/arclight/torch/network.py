"""PyTorch in Python, for TorchPythonIT.

network.py HELPERS make FOLDER     writes the TorchScript file network.pt
network.py HELPERS train FOLDER    trains as job.json says, and predicts with the files that were written; prints JSON
"""
import json
import os
import sys

import numpy as np
import torch

sys.path.insert(0, sys.argv[1])
from repeat import safetensors, shuffled  # noqa: E402

mode, folder = sys.argv[2], sys.argv[3]


def path(name):
    return os.path.join(folder, name)


def rows(name, features):
    return torch.from_numpy(np.fromfile(path(name), dtype=np.float32).reshape(-1, features + 1).copy())


def sequential():
    return torch.nn.Sequential(torch.nn.Linear(6, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))


if mode == "make":
    torch.manual_seed(4)
    torch.jit.script(sequential()).save(path("network.pt"))
    sys.exit()

with open(path("job.json")) as file:
    job = json.load(file)
training, held = rows("training.f32", 6), rows("held.f32", 6)
network = sequential()
if job["script"]:
    network.load_state_dict(torch.jit.load(path("network.pt")).state_dict())
else:
    network.load_state_dict(safetensors(path("initial.safetensors")))
optimiser = {"adam": lambda p: torch.optim.Adam(p, lr=1e-2),
             "adamw": lambda p: torch.optim.AdamW(p, lr=1e-2, weight_decay=0.1),
             "sgd": lambda p: torch.optim.SGD(p, lr=1e-2, momentum=0.9)}[job["optimiser"]](network.parameters())
losses, validation = [], []
for epoch in range(3):
    order = shuffled(len(training), job["seed"] * 1_000_003 + epoch)
    total = 0.0
    for start in range(0, len(order), job["batch"]):
        batch = training[order[start:start + job["batch"]]]
        optimiser.zero_grad()
        loss = torch.nn.functional.mse_loss(network(batch[:, :6]).squeeze(1), batch[:, 6])
        loss.backward()
        optimiser.step()
        total += loss.item() * len(batch)
    losses.append(total / len(training))
    with torch.no_grad():
        validation.append(torch.nn.functional.mse_loss(network(held[:, :6]).squeeze(1), held[:, 6]).item())
trained = sequential()
trained.load_state_dict(safetensors(path("model.safetensors")))
with torch.no_grad():
    print(json.dumps({
        "losses": losses,
        "validation": validation,
        "script": torch.jit.load(path("model.pt"))(held[:, :6]).squeeze(1).tolist(),
        "state": trained(held[:, :6]).squeeze(1).tolist(),
    }))
