"""Losses made of parts that `losses` checks one by one: top-k, its sum with Dice, Dice + boundary, Dice + Hausdorff, Boundary DoU.

Each term names our loss and its parameters as a recipe does (`kind`, `values`). The formulae are written here from the papers and
the conventions of `losses`; PyTorch's autograd in float64 gives the gradients.
"""
from gen_common import *
from gen_distance import signed_map

torch = torch_setup()
import torch.nn.functional as F


def top_k(z, c, k=10.0):
    """The mean cross-entropy of the worst pixels of each image. Every image of these cases has the same number of pixels."""
    values = F.cross_entropy(z, c["y"], reduction="none").flatten(1)
    kept = max(1, values.shape[1] * round(10 * k) // 1000)
    return values.topk(kept, dim=1).values.mean()


def dice(z, c, background="without", pool="per_class_item", smooth=1e-5):
    p, t = torch.softmax(z, 1), c["t"]
    k = 1 if background == "without" else 0
    dims = {"joint": (0, 1, 2, 3), "joint_item": (1, 2, 3), "per_class_batch": (0, 2, 3), "per_class_item": (2, 3)}[pool]
    both, of_p, of_t = ((x[:, k:]).sum(dims) for x in (p * t, p, t))
    return (1 - (2 * both + smooth) / (of_p + of_t + smooth)).mean()


def dice_top_k(z, c, lambda_dice=1.0, lambda_top_k=1.0, k=10.0, **of_dice):
    return lambda_dice * dice(z, c, **of_dice) + lambda_top_k * top_k(z, c, k)


def dice_boundary(z, c, lambda_dice=1.0, alpha=0.1, background="without", **of_dice):
    first = 1 if background == "without" else 0
    boundary = (torch.softmax(z, 1) * c["signed"])[:, first:].mean()
    return lambda_dice * dice(z, c, background=background, **of_dice) + alpha * boundary


def field(mask):
    """Distance to the other side of the boundary, of every pixel; 0 where there is no boundary."""
    if mask.all() or not mask.any():
        return np.zeros(mask.shape)
    return ndi.distance_transform_edt(mask) + ndi.distance_transform_edt(~mask)


def dice_hausdorff(z, c, lambda_dice=1.0, lambda_hausdorff=0.1, alpha=2.0, background="without", **of_dice):
    p, t = torch.softmax(z, 1), c["t"]
    first = 1 if background == "without" else 0
    fields = lambda x: np.stack([[field(plane) for plane in image] for image in (x > 0.5).numpy()])
    d = torch.from_numpy(fields(p.detach()) ** alpha + fields(t) ** alpha).to(z.dtype)
    hausdorff = ((p - t) ** 2 * d)[:, first:].mean()
    return lambda_dice * dice(z, c, background=background, **of_dice) + lambda_hausdorff * hausdorff


def boundary_dou(z, c, limit=0.8, background="with", smooth=1e-5):
    """Sun et al., MICCAI 2023: alpha = 2 (1 - C / S) - 1, at most `limit`, of each class over the batch."""
    p, t, contour = torch.softmax(z, 1), c["t"], c["contour"]
    total = 0
    classes = range(1 if background == "without" else 0, z.shape[1])
    for k in classes:
        size, edge = t[:, k].sum(), (contour[:, k] * t[:, k]).sum()
        alpha = torch.clamp(2 * (1 - (edge + smooth) / (size + smooth)) - 1, max=limit)
        both, squares = (p[:, k] * t[:, k]).sum(), (p[:, k] ** 2).sum()
        total = total + (squares + size - 2 * both + smooth) / (squares + size - (1 + alpha) * both + smooth)
    return total / len(classes)


KINDS = {f.__name__: f for f in (top_k, dice_top_k, dice_boundary, dice_hausdorff, boundary_dou)}
TERMS = [
    ("top_k", {}), ("top_k", {"k": 33.3}), ("top_k", {"k": 0.1}), ("top_k", {"k": 100.0}),
    ("dice_top_k", {}), ("dice_top_k", {"k": 20.0, "lambda_dice": 0.5, "lambda_top_k": 2.0, "background": "with", "pool": "per_class_batch"}),
    ("dice_boundary", {}), ("dice_boundary", {"alpha": 0.7, "lambda_dice": 0.4, "background": "with", "pool": "joint"}),
    ("dice_hausdorff", {}), ("dice_hausdorff", {"alpha": 1.0, "lambda_hausdorff": 0.5, "background": "with", "pool": "joint_item"}),
    ("boundary_dou", {}), ("boundary_dou", {"limit": 0.3, "background": "without", "smooth": 1e-3}),
]


def evaluate(kind, values, logits, given):
    z = torch.from_numpy(logits).to(given["t"].dtype).requires_grad_(True)
    loss = KINDS[kind](z, given, **values)
    (grad,) = torch.autograd.grad(loss, z)
    return loss.item(), grad.numpy()


def tolerance(v64, g64, v32, g32, pixels):
    """As in `losses`: 8 (for a shader 16) times the error of float32 PyTorch, with a floor of some roundings."""
    ev, eg = abs(v32 - v64), float(np.abs(g32.astype(np.float64) - g64).max())
    gmax, size = float(np.abs(g64).max()), max(abs(v64), 0.05)
    sig = lambda x: float("%.3g" % x)
    return {"value_abs": sig(max(8 * ev, 4e-6 * size)), "grad_abs": sig(max(8 * eg, 4e-6 * gmax, 1e-9, 1e-6 / pixels)),
            "value_abs_wgsl": sig(max(16 * ev, 2e-5 * size)), "grad_abs_wgsl": sig(max(16 * eg, 2e-5 * gmax, 1e-8, 4e-6 / pixels))}


def main(argv=None):
    args = arguments(__doc__, argv)
    g = Group("compounds", args, "Values and gradients of losses that are made of parts.",
              {name: (f.__doc__ or "the sum that its name says").strip() for name, f in KINDS.items()})
    cross = {"op": "inner_contour", "se": "cross", "r": 1, "iterations": 1, "border": "outside_is_background"}
    square = {"op": "inner_contour", "se": "square", "r": 1, "iterations": 1, "border": "outside_is_ignored"}
    band = {"op": "gradient", "se": "square", "r": 1, "iterations": 1, "border": "outside_is_ignored"}
    # cross with the outside as background is the contour of Boundary DoU's authors
    plan = [
        ("cross", (2, 4, 9, 8), "blobs", 1.5, cross), ("wide", (3, 3, 17, 13), "nested", 1.5, square),
        ("confident", (1, 3, 11, 10), "corners_and_edges", 6.0, cross), ("two", (2, 2, 7, 7), "nested", 1.5, cross),
        ("band", (1, 4, 12, 9), "blobs", 1.5, band), ("even", (2, 3, 8, 7), "nested", 0.0, cross),
        ("absent", (2, 5, 9, 9), "nested", 1.5, cross),
    ]
    for cid, (N, C, H, W), kind, spread, contour_params in plan:
        rng = rng_for(args, "compounds", cid)
        labels = np.stack([LABEL_MAPS[kind](rng, (H, W), C - 1 if cid == "absent" else C) for _ in range(N)])
        logits = (spread * rng.standard_normal((N, C, H, W))).astype(np.float32)
        per = np.stack([contours(l, C, **contour_params) for l in labels])
        signed = np.stack([signed_map(l, C, (1.0, 1.0)) for l in labels])
        hot = np.stack([one_hot(l, C) for l in labels])
        given = {d: {"y": torch.from_numpy(labels.astype(np.int64)), "t": torch.from_numpy(hot).to(d),
                     "contour": torch.from_numpy(per).to(d), "signed": torch.from_numpy(signed).to(d)} for d in (torch.float64, torch.float32)}
        near_half = float((torch.softmax(torch.from_numpy(logits).double(), 1) - 0.5).abs().min())
        ones = np.ones(C, np.float32)
        inputs = {"logits": g.put(cid + "/logits", logits), "labels": g.put(cid + "/labels", labels, np.uint8),
                  "contour": g.put(cid + "/contour", per, np.uint8), "class_weight": g.put(cid + "/class_weight", ones),
                  "pixel_map": g.put(cid + "/pixel_map", np.ones((N, H, W), np.float32)), "signed_map": g.put(cid + "/signed_map", signed, np.float32)}
        terms = []
        for i, (loss, values) in enumerate(TERMS):
            if loss == "dice_hausdorff" and near_half < 1e-4:
                continue  # a probability so near the threshold may fall to either side
            if "top_k" in loss and spread == 0.0 and values.get("k") != 100.0:
                continue  # all pixels are equally bad: autograd keeps some of them, we keep a part of each
            v64, g64 = evaluate(loss, values, logits, given[torch.float64])
            v32, g32 = evaluate(loss, values, logits, given[torch.float32])
            terms.append({"op": "kind", "params": {"kind": loss, "values": values}, "value": v64,
                          "grad": g.put("%s/g%02d_%s" % (cid, i, loss), g64, np.float64), "tol": tolerance(v64, g64, v32, g32, N * H * W)})
        g.case(id=cid, shape=[N, C, H, W], n_classes=C, contour_params=contour_params, inputs=inputs, terms=terms)
    g.write()


if __name__ == "__main__":
    main()
