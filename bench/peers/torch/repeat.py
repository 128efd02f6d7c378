"""What Python needs to repeat one of our trainings: its weights and its order of rows."""
import json
import struct

import numpy as np
import torch


def safetensors(path):
    with open(path, "rb") as file:
        data = file.read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    weights = {}
    for name, about in header.items():
        begin, end = (8 + length + offset for offset in about["data_offsets"])
        weights[name] = torch.from_numpy(np.frombuffer(data[begin:end], dtype=np.float32).reshape(about["shape"]).copy())
    return weights


def shuffled(count, seed):
    """Java's Collections.shuffle by new Random(seed), which is what our workers use."""
    state = (seed ^ 0x5DEECE66D) & ((1 << 48) - 1)
    order = list(range(count))
    for size in range(count, 1, -1):
        while True:
            state = (state * 0x5DEECE66D + 0xB) & ((1 << 48) - 1)
            bits = state >> 17
            if size & (size - 1) == 0:
                other = (size * bits) >> 31
                break
            other = bits % size
            if bits - other + size - 1 < 1 << 31:
                break
        order[size - 1], order[other] = order[other], order[size - 1]
    return order
