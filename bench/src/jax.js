// jax-js on the workloads. Its functions consume their arguments; `.ref` keeps one for another use.
import "../../www/bench/instrument.js";
import * as jax from "@jax-js/jax";

import { definePage } from "../../www/bench/page.js";
import {
  ADAM, DICE_EPS, IN_EPS, WORKLOADS, hwioToOihw, initWeights, makeData, nhwcToNchw, oneHot, randomLogits,
} from "../../www/bench/workloads.js";

const { numpy: np, lax, nn, jit, valueAndGrad, tree } = jax;
const backend = new URLSearchParams(location.search).get("backend") ?? "webgpu";

const ready = (async () => {
  const found = await jax.init(backend);
  if (!found.includes(backend)) throw new Error(`jax-js has no ${backend}`);
  jax.defaultDevice(backend);
})();
const array = (values, shape) => np.array(values).reshape(shape);
const scalar = (value) => array(new Float32Array([value]), []);

/** Logits (N, K, H, W) of images (N, C, H, W); `P`: [{w, b, g?, h?}] in the order of the walk. */
function forward(spec, P, x) {
  let i = 0;
  const conv = (h) => {
    const p = P[i++], channels = p.b.shape[0], pad = p.w.shape[2] === 3 ? [[1, 1], [1, 1]] : [[0, 0], [0, 0]];
    let o = lax.convGeneralDilated(h, p.w, [1, 1], pad).add(p.b.reshape([1, channels, 1, 1]));
    if (i === P.length) return o;
    if (p.g) {
      const mean = np.mean(o.ref, [2, 3], { keepdims: true });
      const d = o.sub(mean);
      const variance = np.mean(np.square(d.ref), [2, 3], { keepdims: true });
      const scale = np.reciprocal(np.sqrt(variance.add(IN_EPS))).mul(p.g.reshape([1, channels, 1, 1]));
      o = d.mul(scale).add(p.h.reshape([1, channels, 1, 1]));
    }
    return nn.relu(o);
  };
  const levels = spec.widths.length, skips = [];
  let h = x;
  for (let level = 0; level < levels; level++) {
    h = conv(conv(h));
    if (level === levels - 1) break;
    const [n, c, H, W] = h.shape;
    skips.push(h.ref);
    h = np.max(h.reshape([n, c, H / 2, 2, W / 2, 2]), [3, 5]);
  }
  while (skips.length) {
    const [n, c, H, W] = h.shape;
    h = np.broadcastTo(h.reshape([n, c, H, 1, W, 1]), [n, c, H, 2, W, 2]).reshape([n, c, H * 2, W * 2]);
    h = conv(conv(np.concatenate([h, skips.pop()], 1)));
  }
  return conv(h);
}

/** 1 − the mean of the foreground's Dice ratios, each over the axes `over`. */
function diceLoss(p, t, C, over) {
  const inter = np.sum(p.ref.mul(t.ref), over), ps = np.sum(p, over), ts = np.sum(t, over);
  const dice = inter.mul(2).add(DICE_EPS).div(ps.add(ts).add(DICE_EPS));
  const ratios = dice.shape.reduce((a, b) => a * b, 1) / C * (C - 1);
  const mean = np.array(Float32Array.from({ length: C }, (_, k) => (k ? 1 / ratios : 0)));
  return np.array(1).sub(np.sum(dice.mul(mean)));
}

function netLoss(z, t, C) {
  const [n, , H, W] = z.shape;
  const logp = nn.logSoftmax(z, 1);
  const ce = np.sum(logp.ref.mul(t.ref)).mul(-1 / (n * H * W));
  return ce.add(diceLoss(np.exp(logp), t, C, [0, 2, 3]));
}

async function makeNet(name) {
  await ready;
  const spec = WORKLOADS[name], { N, H, W, classes } = spec, data = makeData(spec);
  let P = initWeights(spec).map((c) => ({
    w: array(hwioToOihw(c.w, c.k, c.cin, c.cout), [c.cout, c.cin, c.k, c.k]),
    b: np.array(c.b),
    ...(spec.norm && c.act ? { g: np.array(new Float32Array(c.cout).fill(1)), h: np.array(new Float32Array(c.cout)) } : {}),
  }));
  const x = array(data.x, [N, 1, H, W]);
  if (spec.kind === "infer") {
    const sum = jit((P, x) => np.sum(forward(spec, P, x)));
    return {
      step: async () => (await sum(tree.ref(P), x.ref).data())[0],
      dispose() { tree.dispose(P); x.dispose(); },
    };
  }
  const t = array(nhwcToNchw(oneHot(data.y, classes), N, H, W, classes), [N, classes, H, W]);
  const { b1, b2, lr, eps } = ADAM, zeros = (a) => np.zeros(a.shape);
  let M = tree.map(zeros, P), V = tree.map(zeros, P), taken = 0;
  const lossAndGradients = valueAndGrad((P, x, t) => netLoss(forward(spec, P, x), t, classes));
  const update = jit((P, M, V, c1, c2, x, t) => {
    const [loss, G] = lossAndGradients(tree.ref(P), x, t);
    const M2 = tree.map((m, g) => m.mul(b1).add(g.mul(1 - b1)), M, tree.ref(G));
    const V2 = tree.map((v, g) => v.mul(b2).add(np.square(g).mul(1 - b2)), V, G);
    const P2 = tree.map((p, m, v) => p.sub(m.mul(c1.ref).mul(lr).div(np.sqrt(v.mul(c2.ref)).add(eps))), P, tree.ref(M2), tree.ref(V2));
    c1.dispose();
    c2.dispose();
    return [loss, P2, M2, V2];
  });
  return {
    async step() {
      taken++;
      let loss;
      [loss, P, M, V] = update(P, M, V, scalar(1 / (1 - b1 ** taken)), scalar(1 / (1 - b2 ** taken)), x.ref, t.ref);
      const value = (await loss.data())[0];
      // Outputs are queued in order, and each wait is a copy and a map: the last output is enough.
      await V[V.length - 1].b.blockUntilReady();
      return value;
    },
    dispose() { [P, M, V].forEach((leaves) => tree.dispose(leaves)); x.dispose(); t.dispose(); update.dispose?.(); },
  };
}

/** Labels to contour and weight; cross-entropy weighted by it and separable Dice, with the gradient of the logits. */
async function makeLoss(name) {
  await ready;
  const { N, H, W, classes: C, contourWeight } = WORKLOADS[name], spec = WORKLOADS[name];
  const labels = np.array(makeData(spec).y).reshape([N, 1, H, W]);
  const logits = array(nhwcToNchw(randomLogits(spec), N, H, W, C), [N, C, H, W]);
  const lossAndGradient = jit((z, labels) => valueAndGrad((z, labels) => {
    const t = labels.equal(np.arange(C).astype(np.int32).reshape([1, C, 1, 1])).astype(np.float32);
    // Erosion is the minimum over 3 × 3; outside counts as set.
    const outside = np.pad(np.array(1).sub(t.ref), [[0, 0], [0, 0], [1, 1], [1, 1]]);
    const most = (a, slice) => np.maximum(np.maximum(slice(a.ref, 0), slice(a.ref, 1)), slice(a, 2));
    const rows = most(outside, (a, i) => a.slice([], [], [i, i + H], []));
    const dilated = most(rows, (a, j) => a.slice([], [], [], [j, j + W]));
    const contour = t.ref.sub(np.array(1).sub(dilated));
    const w = np.sum(contour, 1).mul(contourWeight).add(1);
    const logp = nn.logSoftmax(z, 1);
    const ce = np.sum(w.ref.mul(np.sum(logp.ref.mul(t.ref), 1))).mul(-1).div(np.sum(w));
    return ce.add(diceLoss(np.exp(logp), t, C, [2, 3]));
  })(z, labels));
  return {
    async step() {
      const [loss, gradient] = lossAndGradient(logits.ref, labels.ref);
      await gradient.blockUntilReady();
      const value = (await loss.data())[0];
      gradient.dispose();
      return value;
    },
    dispose() { logits.dispose(); labels.dispose(); },
  };
}

definePage(Object.keys(WORKLOADS), (name) => (WORKLOADS[name].kind === "loss" ? makeLoss(name) : makeNet(name)));
