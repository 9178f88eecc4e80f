// What our network is given: the workloads' weights under our names and in our order.
import { hwioToOihw, initWeights, makeData, nhwcToNchw, randomLogits } from "./workloads.js";

/** enc0a → enc0, 1. */
const place = (name) => ({ block: name.slice(0, -1), half: name.endsWith("a") ? 1 : 2 });

/** Our decoder joins [skip, up]; the workloads' order is [up, skip]. `w` is OIHW. */
function skipFirst(w, { cin, cout, k }) {
  const up = cin - cout, kernel = k * k, o = new Float32Array(w.length);
  for (let j = 0; j < cout; j++) for (let i = 0; i < cin; i++) {
    const from = i < cout ? up + i : i - cout;
    o.set(w.subarray((j * cin + from) * kernel, (j * cin + from + 1) * kernel), (j * cin + i) * kernel);
  }
  return o;
}

/**
 * [[name, values]]. A convolution before an instance norm has no bias with us: the norm takes any constant out again,
 * so the others' bias there neither changes the output nor gets a gradient.
 */
function parameters(spec) {
  return initWeights(spec).flatMap((conv) => {
    const w = hwioToOihw(conv.w, conv.k, conv.cin, conv.cout);
    if (!conv.act) return [["head.weight", w], ["head.bias", conv.b]];
    const { block, half } = place(conv.name);
    const weight = [`${block}.conv${half}.weight`, conv.name.startsWith("dec") && half === 1 ? skipFirst(w, conv) : w];
    if (!spec.norm) return [weight, [`${block}.conv${half}.bias`, conv.b]];
    const norm = `${block}.norm${half}`;
    return [weight, [`${norm}.weight`, new Float32Array(conv.cout).fill(1)], [`${norm}.bias`, new Float32Array(conv.cout)]];
  });
}

/** {labels, values, names, weights}: `values` are images (N, 1, H, W), or logits (N, K, H, W) for a loss; `weights` holds what `names` names, one after the other. */
export function given(spec) {
  const { x, y } = makeData(spec), labels = Uint32Array.from(y);
  if (spec.kind === "loss") {
    const logits = nhwcToNchw(randomLogits(spec), spec.N, spec.H, spec.W, spec.classes);
    return { labels, values: logits, names: [], weights: new Float32Array() };
  }
  const list = parameters(spec), weights = new Float32Array(list.reduce((sum, [, values]) => sum + values.length, 0));
  let end = 0;
  for (const [, values] of list) {
    weights.set(values, end);
    end += values.length;
  }
  return { labels, values: x, names: list.map(([name]) => name), weights };
}
