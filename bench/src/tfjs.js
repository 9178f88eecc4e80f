// TensorFlow.js on the workloads (NHWC). `?backend=webgpu|wasm|cpu&threads=1&flags=NAME:value,…`; `planes=1` writes the losses by
// class planes: the webgpu backend gives each of the 4-element sums over the classes a workgroup with barriers, so that
// whoever knows it avoids small reductions.
import "../../www/bench/instrument.js";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import "@tensorflow/tfjs-backend-webgpu";
import "@tensorflow/tfjs-backend-cpu";
import { getThreadsCount, setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

import { definePage } from "../../www/bench/page.js";
import { ADAM, DICE_EPS, IN_EPS, WORKLOADS, initWeights, makeData, oneHot, randomLogits } from "../../www/bench/workloads.js";

const query = new URLSearchParams(location.search);
const backend = query.get("backend") ?? "webgpu", byPlanes = query.get("planes") === "1";
for (const flag of (query.get("flags") ?? "").split(",").filter(Boolean)) {
  const [name, value] = flag.split(":");
  tf.env().set(name, value === "true" ? true : value === "false" ? false : Number(value));
}
setWasmPaths("/");
if (backend === "wasm") setThreadsCount(Number(query.get("threads") ?? 1));
const ready = (async () => {
  await tf.setBackend(backend);
  await tf.ready();
  tf.enableProdMode();
})();
const info = () => ({ backend: tf.getBackend(), ...(backend === "wasm" ? { threads: getThreadsCount() } : {}) });

function instanceNorm(x, gamma, beta) {
  const d = tf.sub(x, tf.mean(x, [1, 2], true)), variance = tf.mean(tf.square(d), [1, 2], true);
  return tf.add(tf.mul(d, tf.mul(tf.rsqrt(tf.add(variance, IN_EPS)), gamma)), beta);
}

function forward(spec, P, x, train) {
  let i = 0;
  const conv = (h) => {
    const p = P[i++];
    // In gradient mode only the linear part can be fused.
    const fused = (activation) => tf.fused.conv2d({ x: h, filter: p.w, strides: 1, pad: "same", bias: p.b, activation });
    if (!p.act) return fused("linear");
    if (p.gamma) return tf.relu(instanceNorm(fused("linear"), p.gamma, p.beta));
    return train ? tf.relu(fused("linear")) : fused("relu");
  };
  const levels = spec.widths.length, skips = [];
  let h = x;
  for (let level = 0; level < levels; level++) {
    h = conv(conv(h));
    if (level === levels - 1) break;
    skips.push(h);
    h = tf.maxPool(h, 2, 2, "valid");
  }
  while (skips.length) {
    const skip = skips.pop();
    h = tf.concat([tf.image.resizeNearestNeighbor(h, [skip.shape[1], skip.shape[2]]), skip], 3);
    h = conv(conv(h));
  }
  return conv(h);
}

const ratio = (inter, ps, ts) => tf.div(tf.add(tf.mul(inter, 2), DICE_EPS), tf.add(tf.add(ps, ts), DICE_EPS));
const addAll = (list) => list.reduce((a, b) => tf.add(a, b));

/** By the class axis, as one would write it: terms of logits and one-hot labels (N, H, W, K), Dice over the axes `over`. */
function plainTerms(z, t, over) {
  const logp = tf.logSoftmax(z, -1), p = tf.exp(logp);
  const dice = ratio(tf.sum(tf.mul(p, t), over), tf.sum(p, over), tf.sum(t, over));
  const foreground = tf.slice(dice, dice.shape.map((_, axis) => (axis === dice.rank - 1 ? 1 : 0)));
  return { logp: tf.sum(tf.mul(logp, t), -1), dice: tf.mean(foreground) };
}

const planesOf = (t) => tf.split(t, t.shape[3], 3).map((a) => tf.reshape(a, a.shape.slice(0, 3)));
/** The softmax does not depend on what is subtracted, so no gradient goes through it. */
const largest = tf.customGrad((z) => ({ value: planesOf(z).reduce((a, b) => tf.maximum(a, b)), gradFunc: () => tf.zerosLike(z) }));

/** The same by class planes: `ts` are the one-hot labels of each class (N, H, W); `sum` adds up a plane. */
function planarTerms(z, ts, sum) {
  const most = largest(z), zs = planesOf(z).map((a) => tf.sub(a, most)), es = zs.map((a) => tf.exp(a)), total = addAll(es), log = tf.log(total);
  const dice = es.slice(1).map((e, k) => {
    const p = tf.div(e, total), t = ts[k + 1];
    return tf.mean(ratio(sum(tf.mul(p, t)), sum(p), sum(t)));
  });
  return { logp: addAll(zs.map((a, k) => tf.mul(tf.sub(a, log), ts[k]))), dice: tf.div(addAll(dice), dice.length) };
}

async function makeNet(name) {
  await ready;
  const spec = WORKLOADS[name], train = spec.kind === "train", { N, H, W, classes } = spec, data = makeData(spec);
  const variable = (tensor) => tf.variable(tensor, train);
  const P = initWeights(spec).map((c) => ({
    act: c.act,
    w: variable(tf.tensor4d(c.w, [c.k, c.k, c.cin, c.cout])),
    b: variable(tf.tensor1d(c.b)),
    ...(spec.norm && c.act ? { gamma: variable(tf.ones([c.cout])), beta: variable(tf.zeros([c.cout])) } : {}),
  }));
  const variables = P.flatMap((p) => [p.w, p.b, p.gamma, p.beta].filter(Boolean));
  const x = tf.tensor4d(data.x, [N, H, W, 1]);
  if (!train) {
    return {
      async step() {
        const sum = tf.tidy(() => tf.sum(forward(spec, P, x, false))), value = (await sum.data())[0];
        sum.dispose();
        return value;
      },
      info,
      dispose() { [x, ...variables].forEach((v) => v.dispose()); },
    };
  }
  const t = tf.tensor4d(oneHot(data.y, classes), [N, H, W, classes]), ts = byPlanes ? planesOf(t) : [];
  const loss = () => {
    const z = forward(spec, P, x, true);
    const { logp, dice } = byPlanes ? planarTerms(z, ts, tf.sum) : plainTerms(z, t, [0, 1, 2]);
    return tf.sub(tf.sub(1, tf.mean(logp)), dice);
  };
  const adam = tf.train.adam(ADAM.lr, ADAM.b1, ADAM.b2, ADAM.eps);
  return {
    async step() {
      const cost = adam.minimize(loss, true, variables), value = (await cost.data())[0];
      cost.dispose();
      // The update is submitted with the next readback: the step is over when the last variable is there.
      await variables[variables.length - 1].data();
      return value;
    },
    info,
    dispose() { [x, t, ...ts, ...variables].forEach((v) => v.dispose()); adam.dispose(); },
  };
}

/** Labels to contour and weight; cross-entropy weighted by it and separable Dice, with the gradient of the logits. */
async function makeLoss(name) {
  await ready;
  const spec = WORKLOADS[name], { N, H, W, classes: C, contourWeight } = spec;
  const labels = tf.tensor3d(Float32Array.from(makeData(spec).y), [N, H, W]);
  const logits = tf.tensor4d(randomLogits(spec), [N, H, W, C]);
  // By arithmetic: cast(equal(…)) makes this version's webgpu backend emit a shader that is not valid.
  const hot = (k) => tf.relu(tf.sub(1, tf.abs(tf.sub(labels, k))));
  // Erosion is 1 − the maximum of what is outside over 3 × 3; beyond the border nothing is.
  const contourOf = (t) => tf.sub(t, tf.sub(1, tf.maxPool(tf.sub(1, t), 3, 1, "same")));
  const weighted = ({ logp, dice }, contour) => {
    const w = tf.add(1, tf.mul(contourWeight, contour));
    return tf.sub(tf.sub(1, tf.div(tf.sum(tf.mul(w, logp)), tf.sum(w))), dice);
  };
  const loss = byPlanes
    ? (z) => {
      const ts = Array.from({ length: C }, (_, k) => hot(k));
      const contour = addAll(ts.map((t) => tf.reshape(contourOf(tf.reshape(t, [N, H, W, 1])), [N, H, W])));
      return weighted(planarTerms(z, ts, (a) => tf.sum(tf.reshape(a, [N, H * W]), 1)), contour);
    }
    : (z) => {
      const t = tf.stack(Array.from({ length: C }, (_, k) => hot(k)), -1);
      return weighted(plainTerms(z, t, [1, 2]), tf.sum(contourOf(t), -1));
    };
  const lossAndGradient = tf.valueAndGrad(loss);
  return {
    async step() {
      const { value, grad } = lossAndGradient(logits);
      // One element shows that the gradient is complete.
      const corner = tf.slice(grad, [0, 0, 0, 0], [1, 1, 1, 1]), result = (await value.data())[0];
      await corner.data();
      [value, grad, corner].forEach((tensor) => tensor.dispose());
      return result;
    },
    info,
    dispose() { labels.dispose(); logits.dispose(); },
  };
}

definePage(Object.keys(WORKLOADS), (name) => (WORKLOADS[name].kind === "loss" ? makeLoss(name) : makeNet(name)));
