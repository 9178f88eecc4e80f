// The workloads on which libraries are compared, with data and initial weights that every library gets alike: the
// browser's peers, our page, and (through bench/dump-init.mjs) PyTorch; natively ours has them from src/bench/.
//
// Networks are UNets of convolution + bias (+ instance norm) + ReLU, twice a level; 2 × 2 maximum on the way down,
// nearest neighbour and concatenation [up, skip] on the way up, a 1 × 1 head. `widths`: channels of each level.

const SMALL = { N: 2, H: 64, W: 64, cin: 1, classes: 4, widths: [8, 16, 32], norm: null };
const MIDDLE = { N: 4, H: 128, W: 128, cin: 1, classes: 4, widths: [16, 32, 64], norm: null };
const LARGE = { N: 2, H: 256, W: 256, cin: 1, classes: 4, widths: [32, 64, 128, 256], norm: null };

/** `kind`: train (a step), infer (logits of the batch), loss (value and gradient), convolve (the 3 × 3 forward only). */
export const WORKLOADS = {
  "U-16": { kind: "train", ...MIDDLE },
  "U-16-IN": { kind: "train", ...MIDDLE, norm: "instance" },
  "U-16-fwd": { kind: "infer", ...MIDDLE },
  "U-16-IN-fwd": { kind: "infer", ...MIDDLE, norm: "instance" },
  "U-32-256": { kind: "train", ...LARGE },
  "U-32-256-fwd": { kind: "infer", ...LARGE },
  "U-8-64": { kind: "train", ...SMALL },
  "U-8-64-IN": { kind: "train", ...SMALL, norm: "instance" },
  "U-8-64-fwd": { kind: "infer", ...SMALL },
  // The smallest, for checks of the harness itself.
  "U-4-tiny": { kind: "train", N: 2, H: 32, W: 32, cin: 1, classes: 4, widths: [4, 8], norm: null },
  "L-256": { kind: "loss", N: 8, H: 256, W: 256, classes: 4, contourWeight: 10 },
  "L-64": { kind: "loss", N: 8, H: 64, W: 64, classes: 4, contourWeight: 10 },
};

/** What only our page offers: U-8-64 with 4 and 16 times the pixels, and the ten 3 × 3 convolutions of U-16 alone. */
export const OURS = {
  "U-8-128": { kind: "train", ...SMALL, H: 128, W: 128 },
  "U-8-256": { kind: "train", ...SMALL, H: 256, W: 256 },
  "C-16": { kind: "convolve", ...MIDDLE },
};

export const DICE_EPS = 1e-5;
export const IN_EPS = 1e-5;
export const ADAM = { lr: 1e-3, b1: 0.9, b2: 0.999, eps: 1e-7 };

/** [{name, k, cin, cout, h, w, act}] in the order of the forward walk. */
export function convList(spec) {
  const { widths } = spec, last = widths.length - 1, list = [];
  let channels = spec.cin;
  const add = (name, k, cin, cout, level, act) => {
    list.push({ name, k, cin, cout, h: spec.H >> level, w: spec.W >> level, act });
    channels = cout;
  };
  for (let level = 0; level <= last; level++) {
    add(`enc${level}a`, 3, channels, widths[level], level, true);
    add(`enc${level}b`, 3, channels, widths[level], level, true);
  }
  for (let level = last - 1; level >= 0; level--) {
    add(`dec${level}a`, 3, channels + widths[level], widths[level], level, true);
    add(`dec${level}b`, 3, channels, widths[level], level, true);
  }
  add("head", 1, channels, spec.classes, 0, false);
  return list;
}

/**
 * Operations of the convolutions, two a multiply-add. A training step needs each convolution's forward pass, the
 * gradient of its weights, and the gradient of its input, which the first convolution does without.
 */
export function flops(spec) {
  if (!spec.widths) return 0;
  const each = convList(spec).map(({ k, cin, cout, h, w }) => 2 * k * k * cin * cout * h * w * spec.N);
  const sum = (list) => list.reduce((a, b) => a + b, 0);
  if (spec.kind === "convolve") return sum(each.slice(0, -1));
  return spec.kind === "train" ? 3 * sum(each) - each[0] : sum(each);
}

/** Mulberry32: numbers from 0 to 1, the same everywhere. */
export function rng(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** He-uniform, in HWIO order: [{...convolution, w, b}]. Norms begin with 1 and 0. */
export function initWeights(spec, seed = 1234) {
  const random = rng(seed);
  return convList(spec).map((conv) => {
    const fanIn = conv.k * conv.k * conv.cin, limit = Math.sqrt(6 / fanIn);
    const w = Float32Array.from({ length: fanIn * conv.cout }, () => (random() * 2 - 1) * limit);
    return { ...conv, w, b: new Float32Array(conv.cout) };
  });
}

export function hwioToOihw(w, k, cin, cout) {
  const o = new Float32Array(w.length);
  for (let y = 0; y < k; y++) for (let x = 0; x < k; x++) for (let i = 0; i < cin; i++) for (let j = 0; j < cout; j++) {
    o[((j * cin + i) * k + y) * k + x] = w[((y * k + x) * cin + i) * cout + j];
  }
  return o;
}

/** Images (N, 1, H, W) of discs and noise, labels (N, H, W) the disc's class. */
export function makeData(spec, seed = 77) {
  const random = rng(seed), { N, H, W, classes } = spec;
  const x = new Float32Array(N * H * W), y = new Int32Array(N * H * W);
  for (let n = 0; n < N; n++) {
    const discs = [];
    for (let c = 1; c < classes; c++) for (let twice = 0; twice < 2; twice++) {
      discs.push([c, random() * H, random() * W, (0.06 + 0.1 * random()) * H]);
    }
    for (let i = 0; i < H; i++) for (let j = 0; j < W; j++) {
      const p = (n * H + i) * W + j;
      for (const [c, row, column, radius] of discs) if ((i - row) ** 2 + (j - column) ** 2 < radius * radius) y[p] = c;
      x[p] = 0.3 * y[p] - 0.4 + (random() - 0.5);
    }
  }
  return { x, y };
}

/** (N, H, W, K), between −2 and 2. */
export function randomLogits(spec, seed = 99) {
  const random = rng(seed);
  return Float32Array.from({ length: spec.N * spec.H * spec.W * spec.classes }, () => (random() - 0.5) * 4);
}

export function oneHot(y, classes) {
  const o = new Float32Array(y.length * classes);
  for (let i = 0; i < y.length; i++) o[i * classes + y[i]] = 1;
  return o;
}

export function nhwcToNchw(a, N, H, W, C) {
  const o = new Float32Array(a.length);
  for (let n = 0; n < N; n++) for (let p = 0; p < H * W; p++) for (let c = 0; c < C; c++) {
    o[(n * C + c) * H * W + p] = a[(n * H * W + p) * C + c];
  }
  return o;
}
