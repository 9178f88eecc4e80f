// What every bench page offers:
//   window.benchNames                          workloads that it knows
//   window.bench(name, {steps, warmup})        → {ms: [], last, perStep, …}; the first call for a name builds its state and
//                                                takes `warmup` steps first, later calls go on from that state
//   window.benchDrop(name)                     forgets the state
import { counted, longestTask, perStep, snapshot } from "./instrument.js";

const MIB = 1048576;

/** `make(name)` → {step: async () → value, info?: () → {}, dispose?: () → {}}. */
export function definePage(names, make) {
  const states = new Map();

  async function begin(name, warmup) {
    const before = counted.pipeline, start = performance.now();
    const state = await make(name);
    states.set(name, state);
    const setupMs = performance.now() - start, warmMs = [], losses = [];
    for (let i = 0; i < warmup; i++) {
      const from = performance.now();
      losses.push(await state.step());
      warmMs.push(performance.now() - from);
    }
    return { setupMs, firstMs: warmMs[0], losses, pipelines: counted.pipeline - before };
  }

  window.benchNames = names;
  window.bench = async (name, { steps = 5, warmup = 5 } = {}) => {
    const first = states.has(name) ? {} : await begin(name, warmup);
    const state = states.get(name), before = snapshot(), start = performance.now(), ms = [];
    let last;
    for (let i = 0; i < steps; i++) {
      const from = performance.now();
      last = await state.step();
      ms.push(performance.now() - from);
    }
    const counts = perStep(before, snapshot(), steps);
    return {
      ms, last, perStep: counts, longestTaskMs: await longestTask(start),
      peakMiB: +(counted.peakBytes / MIB).toFixed(1), liveMiB: +(counted.liveBytes / MIB).toFixed(1),
      ...(counted.errors ? { gpuErrors: counted.errors, gpuError: counted.firstError } : {}),
      ...state.info?.(), ...first,
    };
  };
  window.benchDrop = async (name) => {
    const state = states.get(name);
    states.delete(name);
    await state?.dispose?.();
  };
}
