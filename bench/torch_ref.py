#!/usr/bin/env python3
"""The workloads in PyTorch on the CPU: same data, same initial weights, same loss. One JSON line for each workload.

usage: torch_ref.py [--work U-16,L-256] [--steps 20] [--warmup 5] [--threads 2] [--channels-last] [--spin]
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

# Spinning barriers are faster where the threads have the cores to themselves, and cost a multiple where they do not.
if "--spin" not in sys.argv:
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
EPS = 1e-5


def load(name):
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        command = ["node", os.path.join(HERE, "dump-init.mjs"), name, file.name]
        meta = json.loads(subprocess.check_output(command))
        raw = np.fromfile(file.name, dtype=np.float32)
    tensors, start = {}, 0
    for key, shape in meta["tensors"]:
        end = start + int(np.prod(shape))
        tensors[key] = torch.from_numpy(raw[start:end].reshape(shape).copy())
        start = end
    return meta["spec"], meta["convs"], tensors


class UNet(nn.Module):
    def __init__(self, spec, convs, tensors):
        super().__init__()
        self.levels = len(spec["widths"])
        self.convs, self.norms = nn.ModuleList(), nn.ModuleList()
        self.active = [conv["act"] for conv in convs]
        for conv in convs:
            module = nn.Conv2d(conv["cin"], conv["cout"], conv["k"], padding=conv["k"] // 2)
            with torch.no_grad():
                module.weight.copy_(tensors[conv["name"] + ".w"])
                module.bias.zero_()
            self.convs.append(module)
            normed = spec["norm"] and conv["act"]
            self.norms.append(nn.InstanceNorm2d(conv["cout"], eps=EPS, affine=True) if normed else nn.Identity())

    def forward(self, x):
        layers = iter(zip(self.convs, self.norms, self.active))

        def conv(h):
            module, norm, active = next(layers)
            h = norm(module(h))
            return F.relu(h, inplace=True) if active else h

        skips, h = [], x
        for level in range(self.levels):
            h = conv(conv(h))
            if level < self.levels - 1:
                skips.append(h)
                h = F.max_pool2d(h, 2)
        while skips:
            h = F.interpolate(h, scale_factor=2, mode="nearest")
            h = conv(conv(torch.cat([h, skips.pop()], 1)))
        return conv(h)


def dice(p, t, axes):
    ratio = (2 * (p * t).sum(axes) + EPS) / (p.sum(axes) + t.sum(axes) + EPS)
    return ratio[..., 1:].mean()


def net_loss(z, t):
    logp = F.log_softmax(z, 1)
    return -(logp * t).sum(1).mean() + 1 - dice(logp.exp(), t, (0, 2, 3))


def contour_loss(z, y, classes, contour_weight):
    t = F.one_hot(y.long(), classes).permute(0, 3, 1, 2).float()
    eroded = 1 - F.max_pool2d(1 - t, 3, 1, 1)
    w = 1 + contour_weight * (t - eroded).sum(1)
    logp = F.log_softmax(z, 1)
    return -(w * (logp * t).sum(1)).sum() / w.sum() + 1 - dice(logp.exp(), t, (2, 3))


def stepper(name, channels_last):
    spec, convs, tensors = load(name)
    if spec["kind"] == "loss":
        z, y = tensors["z"].requires_grad_(True), tensors["y"]

        def step():
            z.grad = None
            loss = contour_loss(z, y, spec["classes"], spec["contourWeight"])
            loss.backward()
            return loss.item()

        return step
    layout = torch.channels_last if channels_last else torch.contiguous_format
    model, x = UNet(spec, convs, tensors).to(memory_format=layout), tensors["x"].contiguous(memory_format=layout)
    if spec["kind"] == "infer":

        def step():
            with torch.inference_mode():
                return model(x).sum().item()

        return step
    t = F.one_hot(tensors["y"].long(), spec["classes"]).permute(0, 3, 1, 2).float().contiguous()
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)

    def step():
        loss = net_loss(model(x), t)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        return loss.item()

    return step


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", default="U-16,U-16-IN,U-16-fwd,L-256")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--warmup", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--spin", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    peer = "torch" + ("-channels-last" if options.channels_last else "") + ("-spin" if options.spin else "") + ("-1" if options.threads == 1 else "")
    for name in options.work.split(","):
        step, losses, times = stepper(name, options.channels_last), [], []
        for _ in range(options.warmup + options.steps):
            start = time.perf_counter()
            losses.append(step())
            times.append((time.perf_counter() - start) * 1e3)
        ms = times[options.warmup:]
        line = {
            "kind": "result", "peer": peer, "work": name, "threads": options.threads,
            "ms": {"median": round(statistics.median(ms), 3), "min": round(min(ms), 3), "max": round(max(ms), 3), "n": len(ms)},
            "loss0": losses[0], "loss1": losses[1],
        }
        print(json.dumps(line), flush=True)


main()
