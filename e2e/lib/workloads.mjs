// The benchmark's workloads without norm in float64: plain loops over (row, column, channel), written from the
// description in www/bench/workloads.js and from nothing of the application.
import { DICE_EPS, initWeights, makeData, randomLogits } from "../../www/bench/workloads.js";

const image = (height, width, channels) => {
  const values = new Float64Array(height * width * channels);
  const at = (row, column, channel) => (row * width + column) * channels + channel;
  return { height, width, channels, values, at };
};

function map(height, width, channels, value) {
  const y = image(height, width, channels);
  for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) for (let channel = 0; channel < channels; channel++) {
    y.values[y.at(row, column, channel)] = value(row, column, channel);
  }
  return y;
}

/** Zeros outside; weights are HWIO. */
function convolve(x, { k, cin, cout, act, w, b }) {
  const reach = (k - 1) / 2;
  return map(x.height, x.width, cout, (row, column, out) => {
    let sum = b[out];
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) {
      const [r, c] = [row + i - reach, column + j - reach];
      if (r < 0 || c < 0 || r >= x.height || c >= x.width) continue;
      for (let channel = 0; channel < cin; channel++) sum += x.values[x.at(r, c, channel)] * w[((i * k + j) * cin + channel) * cout + out];
    }
    return act ? Math.max(0, sum) : sum;
  });
}

const pool = (x) => map(x.height / 2, x.width / 2, x.channels, (row, column, channel) => Math.max(
  ...[0, 1].flatMap((i) => [0, 1].map((j) => x.values[x.at(2 * row + i, 2 * column + j, channel)])),
));
const upsample = (x) => map(2 * x.height, 2 * x.width, x.channels, (row, column, channel) => x.values[x.at(row >> 1, column >> 1, channel)]);
const concat = (a, b) => map(a.height, a.width, a.channels + b.channels, (row, column, channel) => (
  channel < a.channels ? a.values[a.at(row, column, channel)] : b.values[b.at(row, column, channel - a.channels)]
));

function logits(spec, layers, x) {
  const left = [...layers], twice = (h) => convolve(convolve(h, left.shift()), left.shift()), skips = [];
  let h = x;
  for (let level = 0; level < spec.widths.length; level++) {
    if (level) h = pool(h);
    h = twice(h);
    skips.push(h);
  }
  skips.pop();
  while (skips.length) h = twice(concat(upsample(h), skips.pop()));
  return convolve(h, left.shift());
}

/** [logits (H, W, K) of each image] before the first step. */
function batch(spec) {
  const { N, H, W } = spec, layers = initWeights(spec), { x } = makeData(spec);
  return Array.from({ length: N }, (_, n) => logits(spec, layers, map(H, W, 1, (row, column) => x[(n * H + row) * W + column])).values);
}

function softmax(z, pixel, classes) {
  const e = Array.from(z.subarray(pixel * classes, (pixel + 1) * classes), Math.exp), total = e.reduce((a, b) => a + b);
  return e.map((value) => value / total);
}

/** Σw·ce, Σw, and Σpg, Σp, Σg of each class, over one image. */
function sums(z, labels, classes, weight) {
  const region = Array.from({ length: classes }, () => [0, 0, 0]);
  let [cost, weights] = [0, 0];
  labels.forEach((label, pixel) => {
    const p = softmax(z, pixel, classes), w = weight(pixel);
    cost -= w * Math.log(p[label]);
    weights += w;
    region[label][0] += p[label];
    p.forEach((value, k) => { region[k][1] += value; });
    region[label][2] += 1;
  });
  return { cost, weights, region };
}

const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
const dice = ([both, p, g]) => (2 * both + DICE_EPS) / (p + g + DICE_EPS);
const total = (list) => list.reduce((a, b) => a + b, 0);

/** The loss before the first step: mean cross-entropy + 1 − the mean Dice of the foreground, pooled over the batch. */
export function firstLoss(spec) {
  const { H, W, classes } = spec, { y } = makeData(spec);
  const images = batch(spec).map((z, n) => sums(z, y.subarray(n * H * W, (n + 1) * H * W), classes, () => 1));
  const pooled = (k) => [0, 1, 2].map((i) => total(images.map(({ region }) => region[k][i])));
  const ratios = Array.from({ length: classes - 1 }, (_, k) => dice(pooled(k + 1)));
  return total(images.map(({ cost }) => cost)) / total(images.map(({ weights }) => weights)) + 1 - mean(ratios);
}

export const logitsSum = (spec) => total(batch(spec).map((z) => z.reduce((a, b) => a + b, 0)));

/**
 * Cross-entropy weighted by 1 + λ on the inner contour (3 × 3, nothing beyond the border erodes) of any class, divided by
 * the weights; 1 − the mean Dice of each foreground class of each image.
 */
export function contourLoss(spec) {
  const { N, H, W, classes, contourWeight } = spec, { y } = makeData(spec), z = Float64Array.from(randomLogits(spec));
  const images = Array.from({ length: N }, (_, n) => {
    const labels = y.subarray(n * H * W, (n + 1) * H * W);
    const weight = (pixel) => {
      const [row, column] = [Math.floor(pixel / W), pixel % W], near = [-1, 0, 1];
      const inside = ([r, c]) => r < 0 || c < 0 || r >= H || c >= W || labels[r * W + c] === labels[pixel];
      return near.flatMap((i) => near.map((j) => [row + i, column + j])).every(inside) ? 1 : 1 + contourWeight;
    };
    return sums(z.subarray(n * H * W * classes, (n + 1) * H * W * classes), labels, classes, weight);
  });
  const ratios = images.flatMap(({ region }) => region.slice(1).map(dice));
  return total(images.map(({ cost }) => cost)) / total(images.map(({ weights }) => weights)) + 1 - mean(ratios);
}
