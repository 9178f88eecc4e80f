"""Makes the golden numbers of the group `networks` with PyTorch in float64.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install torch numpy safetensors
    /tmp/golden/bin/python tests/golden/make_networks.py

Writes networks.json, networks.safetensors and a weights file for each case into tests/golden/data. Nothing of this is
needed to build or to test the project. The networks are written here as PyTorch modules of their own, whose
state_dict has the names of ours; the way through them is that of the papers which src/net names.
"""

import copy
import hashlib
import json
import math
import pathlib
import platform

import numpy
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

FOLDER = pathlib.Path(__file__).parent / "data"
SLOPE = 0.01
# Seeds that are tried for each case, to find inputs that keep away from every kink.
SEEDS = 60
# Runs in float32 from weights that are off by a millionth: what a shader's looser arithmetic may amount to. So many that a
# kink which one run in ten crosses within a few steps is among them.
JITTERED = 60
JITTER = 1e-6
# Of what these runs were off by at most.
MARGIN = 8.0


class Recorder:
    """Inputs of activations and gaps of pooling windows: how far the nearest kink is."""

    def __init__(self):
        self.nearest = math.inf

    def leaky(self, x, slope=SLOPE):
        self.nearest = min(self.nearest, x.detach().abs().min().item())
        return F.leaky_relu(x, slope)

    def pool(self, x):
        n, c, h, w = x.shape
        windows = x.detach().reshape(n, c, h // 2, 2, w // 2, 2).permute(0, 1, 2, 4, 3, 5).reshape(-1, 4)
        top = windows.topk(2, dim=1).values
        self.nearest = min(self.nearest, (top[:, 0] - top[:, 1]).min().item())
        return F.max_pool2d(x, 2)


def norm(channels):
    return nn.InstanceNorm2d(channels, eps=1e-5, affine=True)


class Block(nn.Module):
    def __init__(self, before, channels, residual=False):
        super().__init__()
        self.conv1 = nn.Conv2d(before, channels, 3, padding=1, bias=False)
        self.norm1 = norm(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = norm(channels)
        self.residual = residual
        if residual and before != channels:
            self.shortcut = nn.Conv2d(before, channels, 1, bias=False)

    def forward(self, x, recorder):
        inner = recorder.leaky(self.norm1(self.conv1(x)))
        inner = self.norm2(self.conv2(inner))
        if self.residual:
            inner = inner + (self.shortcut(x) if hasattr(self, "shortcut") else x)
        return recorder.leaky(inner)


class Gate(nn.Module):
    def __init__(self, channels, gating):
        super().__init__()
        inner = max(channels // 2, 1)
        self.theta = nn.Conv2d(channels, inner, 1, bias=False)
        self.phi = nn.Conv2d(gating, inner, 1)
        self.psi = nn.Conv2d(inner, 1, 1)

    def forward(self, skip, gating, recorder):
        both = recorder.leaky(self.theta(skip) + self.phi(gating), 0.0)
        map_ = torch.sigmoid(self.psi(both))
        return skip * map_, map_


def nearest2x(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


class Unet(nn.Module):
    """`plain`, `residual` or `attention`."""

    def __init__(self, kind, before, classes, width, depth):
        super().__init__()
        self.kind, self.depth = kind, depth
        channels = [width << level for level in range(depth)]
        for level in range(depth):
            first = before if level == 0 else channels[level - 1]
            self.add_module(f"enc{level}", Block(first, channels[level], kind == "residual"))
        for level in reversed(range(depth - 1)):
            if kind == "attention":
                self.add_module(f"att{level}", Gate(channels[level], channels[level + 1]))
            joined = channels[level] + channels[level + 1]
            self.add_module(f"dec{level}", Block(joined, channels[level], kind == "residual"))
        self.head = nn.Conv2d(width, classes, 1)

    def forward(self, x, recorder, kept):
        skips = []
        for level in range(self.depth):
            x = self.get_submodule(f"enc{level}")(recorder.pool(x) if level else x, recorder)
            kept[f"enc{level}.act2"] = x
            skips.append(x)
        for level in reversed(range(self.depth - 1)):
            up, skip = nearest2x(x), skips[level]
            if self.kind == "attention":
                skip, map_ = self.get_submodule(f"att{level}")(skip, up, recorder)
                kept[f"att{level}.sigmoid"] = map_
            x = self.get_submodule(f"dec{level}")(torch.cat([skip, up], 1), recorder)
            kept[f"dec{level}.act2"] = x
        return self.head(x)


class Reduced(nn.Module):
    def __init__(self, before, channels, size):
        super().__init__()
        self.conv = nn.Conv2d(before, channels, size, padding=size // 2, bias=False)
        self.norm = norm(channels)

    def forward(self, x, recorder):
        return recorder.leaky(self.norm(self.conv(x)))


class PartialDecoder(nn.Module):
    def __init__(self, before, classes, width, depth):
        super().__init__()
        self.depth, self.coarse = depth, max(depth - 3, 1)
        levels = [width << level for level in range(depth)]
        channels = levels[self.coarse]
        for level in range(depth):
            self.add_module(f"enc{level}", Block(before if level == 0 else levels[level - 1], levels[level]))
        for level in range(self.coarse, depth):
            self.add_module(f"reduce{level}", Reduced(levels[level], channels, 1))
        for level in range(self.coarse, depth - 1):
            self.add_module(f"partial{level}", Reduced(2 * channels, channels, 3))
        self.map = nn.Module()
        self.map.conv = nn.Conv2d(channels, 1, 1)
        for level in range(self.coarse):
            self.add_module(f"dec{level}", Block(levels[level] + levels[level + 1], levels[level]))
        self.head = nn.Conv2d(width, classes, 1)

    def forward(self, x, recorder, kept):
        skips = []
        for level in range(self.depth):
            x = self.get_submodule(f"enc{level}")(recorder.pool(x) if level else x, recorder)
            kept[f"enc{level}.act2"] = x
            skips.append(x)
        x = self.get_submodule(f"reduce{self.depth - 1}")(x, recorder)
        for level in reversed(range(self.coarse, self.depth - 1)):
            reduced = self.get_submodule(f"reduce{level}")(skips[level], recorder)
            x = self.get_submodule(f"partial{level}")(torch.cat([reduced, nearest2x(x)], 1), recorder)
            kept[f"partial{level}.act"] = x
        map_ = torch.sigmoid(self.map.conv(x))
        kept["map.sigmoid"] = map_
        for level in reversed(range(self.coarse)):
            map_ = F.interpolate(map_, scale_factor=2, mode="bilinear", align_corners=False)
            kept[f"map{level}"] = map_
            joined = torch.cat([skips[level] * map_, nearest2x(x)], 1)
            x = self.get_submodule(f"dec{level}")(joined, recorder)
            kept[f"dec{level}.act2"] = x
        return self.head(x)


def network(case):
    args = [case["in_channels"], case["n_classes"], case["base"], case["depth"]]
    return PartialDecoder(*args) if case["kind"] == "partial_decoder" else Unet(case["kind"], *args)


def drawn(case, seed):
    """A network whose weights are f32 numbers, an image and labels."""
    torch.manual_seed(seed)
    model = network(case)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name:
                parameter.add_(0.3 * torch.randn_like(parameter))
    n, c, h, w = case["shape"]
    image = torch.randn(n, c, h, w)
    # Blobs: the largest of some smooth fields.
    fields = F.interpolate(torch.randn(n, case["n_classes"], 4, 4), size=(h, w), mode="bicubic")
    return model.double(), image.double(), fields.argmax(1)


def forward(model, image, recorder=None):
    kept = {}
    return model(image, recorder or Recorder(), kept), kept


def margin(case, seed):
    model, image, _ = drawn(case, seed)
    recorder = Recorder()
    with torch.no_grad():
        forward(model, image, recorder)
    return recorder.nearest


def optimiser(model, settings):
    common = {"lr": settings["learning_rate"], "weight_decay": settings["weight_decay"]}
    if settings["kind"] == "Sgd":
        momentum = {"momentum": settings["momentum"], "nesterov": settings["nesterov"]}
        return torch.optim.SGD(model.parameters(), **common, **momentum)
    betas = {"betas": (settings["beta1"], settings["beta2"]), "eps": settings["eps"]}
    made = torch.optim.AdamW if settings["kind"] == "AdamW" else torch.optim.Adam
    return made(model.parameters(), **common, **betas)


def scheduler(of, settings, rate, steps):
    schedule = torch.optim.lr_scheduler
    warmup = settings["warmup_steps"]
    rest = {
        "constant": lambda: schedule.ConstantLR(of, factor=1.0),
        "poly": lambda: schedule.PolynomialLR(of, total_iters=steps - warmup, power=settings["power"]),
        "cosine": lambda: schedule.CosineAnnealingLR(of, T_max=steps - warmup, eta_min=rate * settings["floor"]),
    }[settings["shape"]]
    if warmup == 0:
        return rest()
    rising = schedule.LinearLR(of, start_factor=1 / warmup, end_factor=1.0, total_iters=warmup - 1)
    return schedule.SequentialLR(of, [rising, rest()], milestones=[warmup])


def train(model, image, labels, case):
    """Loss before each step, and the weights that are validated after the last one."""
    regimen, losses, rates, norms = case["regimen"], [], [], []
    of = optimiser(model, case["optimiser"])
    # Our run asks for the loss once more, which is a step of its own.
    after = scheduler(of, regimen["rate"], case["optimiser"]["learning_rate"], case["steps"] + 1)
    average = copy.deepcopy(model)
    for step in range(1, case["steps"] + 2):
        of.zero_grad()
        loss = F.cross_entropy(forward(model, image)[0], labels)
        losses.append(loss.item())
        if step > case["steps"]:
            break
        loss.backward()
        if regimen["clip_norm"] is not None:
            norms.append(nn.utils.clip_grad_norm_(model.parameters(), regimen["clip_norm"]).item())
        rates.append(of.param_groups[0]["lr"])
        of.step()
        after.step()
        if regimen["averaging"] is not None:
            decay = min(regimen["averaging"], (1 + step) / (10 + step))
            with torch.no_grad():
                for old, new in zip(average.parameters(), model.parameters()):
                    old.lerp_(new, 1 - decay)
    return losses, average if regimen["averaging"] is not None else model, rates, norms


def largest(values):
    return max(value.abs().max().item() for value in values)


def evaluate(model, image, labels):
    logits, kept = forward(model, image)
    grads = torch.autograd.grad(F.cross_entropy(logits, labels), list(model.parameters()))
    return logits, kept, dict(zip([name for name, _ in model.named_parameters()], grads))


def tolerances(case, model, image, labels, logits, grads, losses):
    """8 times what float32 runs from jittered weights are off by, with a floor of some roundings."""
    worst_logit, worst_grad, worst_loss = 0.0, 0.0, [0.0] * len(losses)
    for run in range(JITTERED):
        torch.manual_seed(1000 + run)
        jittered = copy.deepcopy(model).float()
        with torch.no_grad():
            for parameter in jittered.parameters():
                parameter.mul_(1 + JITTER * torch.randn_like(parameter))
        other, _, slopes = evaluate(jittered, image.float(), labels)
        worst_logit = max(worst_logit, (other - logits).abs().max().item())
        for name, slope in slopes.items():
            size = grads[name].abs().max().item()
            worst_grad = max(worst_grad, (slope - grads[name]).abs().max().item() / size)
        run_losses = train(jittered, image.float(), labels, case)[0]
        off = 0.0
        for step, (got, expected) in enumerate(zip(run_losses, losses)):
            off = max(off, abs(got - expected) / abs(expected))
            worst_loss[step] = max(worst_loss[step], off)
    return {
        "logits_abs_wgsl": MARGIN * worst_logit + 1e-6,
        "grad_rel_wgsl": MARGIN * worst_grad + 1e-6,
        "loss_rel_wgsl": [MARGIN * off + 1e-6 for off in worst_loss],
    }


OFF = {
    "rate": {"shape": "constant", "warmup_steps": 0, "power": 0.9, "floor": 0.0},
    "clip_norm": None,
    "averaging": None,
}
ADAM = {"kind": "Adam", "learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0}
SGD = {"kind": "Sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}


def case(name, kind, shape, **more):
    made = {"id": name, "kind": kind, "in_channels": shape[1], "n_classes": 3, "base": 4, "depth": 3, "shape": shape}
    made |= {"loss": "ce", "loss_params": {}, "optimiser": ADAM, "regimen": OFF, "steps": 6}
    return made | more


CASES = [
    case("residual", "residual", [2, 1, 12, 20]),
    # As many channels as the first level has: its shortcut is the identity.
    case("residual_identity", "residual", [1, 4, 10, 14], depth=2),
    case("attention", "attention", [2, 1, 12, 20]),
    case("partial_decoder", "partial_decoder", [2, 1, 12, 20]),
    # A map that is enlarged twice, over three joined levels.
    case("partial_decoder_deep", "partial_decoder", [1, 2, 16, 48], depth=5, base=2),
    case(
        "adamw_cosine_clip",
        "plain",
        [2, 1, 10, 14],
        depth=2,
        steps=12,
        optimiser=ADAM | {"kind": "AdamW", "learning_rate": 0.004, "weight_decay": 0.05},
        regimen={
            "rate": OFF["rate"] | {"shape": "cosine", "warmup_steps": 3, "floor": 0.1},
            "clip_norm": 0.5,
            "averaging": 0.9,
        },
    ),
    case(
        "sgd_poly_clip",
        "plain",
        [2, 1, 10, 14],
        depth=2,
        steps=12,
        optimiser=SGD,
        regimen={
            "rate": OFF["rate"] | {"shape": "poly", "warmup_steps": 2},
            "clip_norm": 0.3,
            "averaging": None,
        },
    ),
]


def make(case, arrays):
    seed = max(range(SEEDS), key=lambda seed: margin(case, seed))
    model, image, labels = drawn(case, seed)
    weights = {name: value.detach().float().contiguous().clone() for name, value in model.state_dict().items()}
    weights_file = f"networks_{case['id']}_weights.safetensors"
    save_file(weights, FOLDER / weights_file)
    logits, kept, grads = evaluate(model, image, labels)
    logits = logits.detach()
    losses, final, rates, norms = train(copy.deepcopy(model), image, labels, case)
    named = {}

    def keep(name, value, kind):
        arrays[f"{case['id']}/{name}"] = value.detach().to(kind).contiguous().clone()
        return f"{case['id']}/{name}"

    named["image"] = keep("image", image, torch.float32)
    named["labels"] = keep("labels", labels, torch.uint8)
    named["logits0"] = keep("logits0", logits, torch.float64)
    named["activations0"] = {name: keep(f"act/{name}", value, torch.float32) for name, value in kept.items()}
    named["grads0"] = {name: keep(f"grad/{name}", value, torch.float64) for name, value in grads.items()}
    named["weights_final"] = {
        name: keep(f"final/{name}", value, torch.float32) for name, value in final.named_parameters()
    }
    clipped = sum(size > (case["regimen"]["clip_norm"] or math.inf) for size in norms)
    print(case["id"], "seed", seed, "kinks", margin(case, seed), "losses", losses[0], losses[-1], "clipped", clipped)
    return case | {
        "seed": seed,
        "weights_file": weights_file,
        "n_parameters": sum(value.numel() for value in model.parameters()),
        "kink_margin": margin(case, seed),
        "tensors": named,
        "losses_float64": losses,
        "learning_rates": rates,
        "gradient_norms": norms,
        "tol": tolerances(case, model, image, labels, logits, grads, losses),
    }


def main():
    # The f32 rounding of what was drawn is what both sides start from.
    torch.set_num_threads(1)
    arrays, cases = {}, []
    for settings in CASES:
        cases.append(make(settings, arrays))
    save_file(arrays, FOLDER / "networks.safetensors")
    digest = hashlib.sha256((FOLDER / "networks.safetensors").read_bytes()).hexdigest()
    manifest = {
        "schema": 1,
        "group": "networks",
        "about": "Networks beside the UNet, and runs with schedules, clipping and averaging.",
        "tensor_file": "networks.safetensors",
        "generator": "tests/golden/make_networks.py",
        "libraries": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "torch": torch.__version__.split("+")[0],
        },
        "conventions": {
            "network": "as the modules in the generator; the names are those of a state_dict",
            "training": "the same batch at every step; losses[s] is the loss before step s+1; weights_final are the averaged "
            "weights where averaging is on. The rate is that of PyTorch's own schedulers, the norm that of clip_grad_norm_",
            "expected": "logits0, gradients and final weights in float64 arithmetic from float32 weights and image; "
            "activations and final weights rounded to float32",
            "tol": f"{MARGIN:g} times what {JITTERED} float32 runs from weights jittered by {JITTER:g} of themselves were off by, "
            "plus 1e-6",
        },
        "tensor_sha256": digest,
        "cases": cases,
    }
    (FOLDER / "networks.json").write_text(json.dumps(manifest, indent=1) + "\n")


main()
