// Times a group of entries {peer, work} interleaved: each round a few steps of every one, begun by another each time,
// with the multiply-add probe before it. What is compared was measured in the same rounds.
import { readFileSync } from "node:fs";

import { OURS, WORKLOADS, flops } from "../../www/bench/workloads.js";
import { digits, median, spread } from "./statistics.mjs";

export const PROBE = "madd-f32x12";
const SPECS = { ...WORKLOADS, ...OURS };
const label = ({ peer, work }) => `${peer} ${work}`;

export function load() {
  try {
    return readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).map(Number);
  } catch {
    return null;
  }
}

/** GFLOP/s of the adapter, as far as multiply-adds without memory show it. */
async function probe(browser) {
  const { flops, ms } = await browser.call("limits", "bench", PROBE, { steps: 1, warmup: 1 });
  return flops / ms[0] / 1e6;
}

/** First and second step, and how many steps fit into the budget. */
async function begin(browser, entry, { rounds, steps, warmup, budget, maxStep }) {
  const { peer, work } = entry;
  if (!(await browser.names(peer)).includes(work)) throw new Error("not offered");
  const first = await browser.call(peer, "bench", work, { steps: 1, warmup: 1 });
  const second = first.ms[0];
  if (second > maxStep * 1000) return { ...entry, first, ms: first.ms, rounds: [], slow: true };
  const affordable = (budget * 1000) / second;
  const more = Math.max(0, Math.min(warmup - 2, Math.floor(affordable * 0.15)));
  if (more) await browser.call(peer, "bench", work, { steps: more, warmup: 0 });
  const each = Math.max(1, Math.min(steps, Math.floor((affordable * 0.85) / rounds)));
  return { ...entry, first, each, warm: more + 2, ms: [], rounds: [] };
}

/** Emits result, check, probe and ratio lines; gives the runs with their rounds. */
export async function measure(browser, group, options, emit) {
  const { name, entries } = group, runs = [], probes = [];
  const fail = (entry, error) => emit({ kind: "result", group: name, ...entry, error: String(error.message ?? error).split("\n")[0] });
  for (const entry of entries) {
    try {
      runs.push(await begin(browser, entry, options));
    } catch (error) {
      fail(entry, error);
    }
  }
  let active = runs.filter((run) => !run.slow);
  for (let round = 0; round < options.rounds && active.length; round++) {
    probes.push(await probe(browser));
    const start = round % active.length;
    for (const run of [...active.slice(start), ...active.slice(0, start)]) {
      try {
        const answer = await browser.call(run.peer, "bench", run.work, { steps: run.each, warmup: 0 });
        run.ms.push(...answer.ms);
        run.rounds.push(median(answer.ms));
        run.longest = Math.max(run.longest ?? 0, answer.longestTaskMs);
        run.last = answer;
      } catch (error) {
        fail({ peer: run.peer, work: run.work }, error);
        active = active.filter((other) => other !== run);
      }
    }
  }
  const peak = median(probes);
  for (const run of runs) emit(result(name, run, peak));
  if (probes.length) emit({ kind: "probe", group: name, name: PROBE, gflops: spread(probes) });
  for (const line of checks(name, runs)) emit(line);
  for (const line of ratios(name, active)) emit(line);
  for (const { peer, work } of runs) await browser.call(peer, "benchDrop", work);
}

function result(group, run, peak) {
  const answer = run.last ?? run.first, work = flops(SPECS[run.work]), ms = median(run.ms);
  const gflops = work && work / ms / 1e6;
  // The probe knows the adapter's peak; who dispatches nothing computes on the processor.
  const share = answer.perStep.dispatch ? { share: digits(gflops / peak) } : {};
  return {
    kind: "result", group, peer: run.peer, work: run.work,
    ms: spread(run.ms), warm: run.warm, ...(answer.threads ? { threads: answer.threads } : {}),
    ...(run.slow ? { note: "one step, not repeated: it took longer than BENCH_MAX_STEP" } : {}),
    ...(work ? { gflop: digits(work / 1e9), gflops: digits(gflops), ...share } : {}),
    setupMs: digits(run.first.setupMs), firstMs: digits(run.first.firstMs), secondMs: digits(run.first.ms[0]),
    pipelines: run.first.pipelines, perStep: answer.perStep, longestTaskMs: run.longest,
    loss0: run.first.losses?.[0], loss1: run.first.last, lossLast: answer.last,
    peakMiB: answer.peakMiB, liveMiB: answer.liveMiB,
    ...(answer.gpuErrors ? { gpuErrors: answer.gpuErrors, gpuError: answer.gpuError } : {}),
    load: load(),
  };
}

/** Step 0 shows whether the forward pass and the loss are the same, step 1 whether gradients and optimiser are. */
function checks(group, runs) {
  return [...new Set(runs.map((run) => run.work))].flatMap((work) => {
    const same = runs.filter((run) => run.work === work && SPECS[work].kind !== "convolve");
    if (same.length < 2) return [];
    const values = [same.map((run) => run.first.losses[0]), same.map((run) => run.first.last)];
    const far = (list, tolerance) => list.map((value) => !(Math.abs(value - median(list)) <= tolerance * Math.abs(median(list))));
    const [first, second] = [far(values[0], 2e-5), far(values[1], 5e-5)];
    const disagree = same.map((run) => run.peer).filter((_, i) => first[i] || second[i]);
    const table = (list) => Object.fromEntries(same.map((run, i) => [run.peer, list[i]]));
    return [{ kind: "check", group, work, loss0: table(values[0]), loss1: table(values[1]), disagree }];
  });
}

/** Of every pair, the ratio of the rounds' medians, round by round. */
function ratios(group, runs) {
  return runs.flatMap((a, i) => runs.slice(i + 1).map((b) => ({
    kind: "ratio", group, what: `${label(b)} / ${label(a)}`, ...spread(b.rounds.map((ms, round) => ms / a.rounds[round])),
  })));
}
