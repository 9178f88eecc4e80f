// Times our page beside other libraries, in one browser on one adapter, and prints a table of the bars.
//
//   BENCH_WORK     groups: page, crew, first, alone, scaling, L-256, U-8-64-fwd, U-16-fwd, U-8-64, U-16, or any workload's name
//   BENCH_ONLY     peers: ours, ours-processor, ours-processor-2, jax, jax-wasm, tfjs-best, tfjs, tfjs-wasm, onnx, …
//   BENCH_ROUNDS, BENCH_STEPS (a round), BENCH_WARMUP, BENCH_BUDGET (seconds for a peer on a workload),
//   BENCH_MAX_STEP (seconds; a slower peer is timed once), BENCH_VISITS (of the page)
//   BENCH_PAGE     folder of the built page; BENCH_OUT folder for the results
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { OURS, WORKLOADS } from "../www/bench/workloads.js";
import { doubts, report } from "./lib/bars.mjs";
import { openBrowser } from "./lib/browser.mjs";
import { load, measure } from "./lib/measure.mjs";
import { visitPage } from "./lib/page.mjs";
import { serve } from "./lib/server.mjs";
import { digits } from "./lib/statistics.mjs";

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));
const list = (text) => (text ?? "").split(",").map((word) => word.trim()).filter(Boolean);
const number = (name, otherwise) => Number(process.env[name] || otherwise);

const PEERS = {
  // WebGPU, on whatever adapter the browser has.
  "ours": "/ours/bench.html?submissions=whole",
  // As the application runs: no submission is to keep the adapter for more than 300 ms.
  "ours-paced": "/ours/bench.html",
  // WebAssembly: the images of a batch divided among a crew of workers.
  "ours-processor": "/ours/bench.html?engine=processor&workers=1",
  "ours-processor-2": "/ours/bench.html?engine=processor&workers=2",
  "jax": "/jax.html?backend=webgpu",
  "jax-wasm": "/jax.html?backend=wasm",
  "tfjs": "/tfjs.html?backend=webgpu",
  // The fastest legal setting found: losses by class planes, and an im2col kernel of its own.
  "tfjs-best": "/tfjs.html?backend=webgpu&planes=1&flags=WEBGPU_CONV_SEPARATE_IM2COL_SHADER:true",
  // It cannot train: there is no kernel for the gradient of a convolution's weights.
  "tfjs-wasm": "/tfjs.html?backend=wasm&threads=1",
  // It infers only.
  "onnx": "/onnx.html",
  "limits": "/limits.html",
};

const same = (work, ...peers) => peers.map((peer) => ({ peer, work }));
const ours = (...works) => works.map((work) => ({ peer: "ours", work }));
// A group's ratios set every entry against those before it.
const GROUPS = [
  { name: "page", entries: [] },
  { name: "crew", entries: same("U-16", "ours-processor-2", "ours-processor", "ours") },
  { name: "first", entries: ours("U-16") },
  { name: "alone", entries: [...ours("U-16", "U-16-IN", "C-16"), { peer: "ours-paced", work: "U-16" }] },
  { name: "scaling", entries: ours("U-8-64", "U-8-128", "U-8-256") },
  { name: "L-256", entries: same("L-256", "ours-processor", "ours", "jax", "jax-wasm", "tfjs-best") },
  { name: "U-8-64-fwd", entries: same("U-8-64-fwd", "ours-processor", "tfjs-wasm", "onnx") },
  { name: "U-16-fwd", entries: same("U-16-fwd", "ours-processor", "ours", "tfjs-wasm", "onnx", "jax") },
  { name: "U-8-64", entries: same("U-8-64", "ours-processor", "ours", "jax", "jax-wasm", "tfjs-best", "tfjs") },
  // TensorFlow.js at its defaults takes minutes a step here: it is left to BENCH_ONLY.
  { name: "U-16", entries: same("U-16", "ours-processor", "ours", "jax", "jax-wasm", "tfjs-best") },
];

/** The groups asked for; a peer named in BENCH_ONLY that a group lacks is added where the group compares peers. */
function groups() {
  const only = list(process.env.BENCH_ONLY), asked = list(process.env.BENCH_WORK);
  for (const peer of only) if (!PEERS[peer]) throw new Error(`there is no peer ${peer}; there are ${Object.keys(PEERS).join(", ")}`);
  const known = (name) => GROUPS.find((group) => group.name === name);
  const made = (name) => {
    if (!WORKLOADS[name] && !OURS[name]) throw new Error(`there is no workload or group ${name}`);
    return { name, entries: same(name, "ours-processor", "ours", ...(WORKLOADS[name] ? ["jax"] : [])) };
  };
  const chosen = asked.length ? asked.map((name) => known(name) ?? made(name)) : GROUPS;
  if (!only.length) return chosen;
  return chosen.map((group) => ({
    ...group,
    entries: WORKLOADS[group.name] ? same(group.name, ...only) : group.entries.filter(({ peer }) => only.includes(peer)),
  })).filter(({ name, entries }) => entries.length || (name === "page" && asked.includes(name)));
}

const options = {
  rounds: number("BENCH_ROUNDS", 5), steps: number("BENCH_STEPS", 5), warmup: number("BENCH_WARMUP", 5),
  budget: number("BENCH_BUDGET", 200), maxStep: number("BENCH_MAX_STEP", 30),
  visits: number("BENCH_VISITS", 3),
};
const out = process.env.BENCH_OUT ?? folder("../target/bench");
mkdirSync(out, { recursive: true });
const date = new Date().toISOString(), file = join(out, `${date.slice(0, 19).replaceAll(":", "-")}.jsonl`);
const lines = [];
function emit(line) {
  lines.push(line);
  appendFileSync(file, `${JSON.stringify(line)}\n`);
  console.log(JSON.stringify(line));
}

/**
 * What a visitor waits for until the first step is done: "unknown", in a browser that has never seen the page, which chooses
 * its kernels; "known", in a browser that has compiled nothing yet and remembers the choice; and when the page is loaded again.
 */
async function firstSteps(work, times = 3) {
  for (let i = 0; i < times; i++) {
    const choosing = await openBrowser(addresses);
    let remembered;
    try {
      await firstStep(choosing, work, "unknown");
      remembered = await choosing.remembered("ours");
    } finally {
      await choosing.close();
    }
    const knowing = await openBrowser(addresses);
    try {
      await knowing.remember("ours", remembered);
      await knowing.reload("ours");
      await firstStep(knowing, work, "known");
      await knowing.reload("ours");
      await firstStep(knowing, work, "reload");
    } finally {
      await knowing.close();
    }
  }
}

async function firstStep(browser, work, visit) {
  const { setupMs, firstMs, ms: [secondMs], pipelines } = await browser.call("ours", "bench", work, { steps: 1, warmup: 1 });
  const moreMs = setupMs + firstMs - secondMs, [setup, first, second, more] = [setupMs, firstMs, secondMs, moreMs].map(digits);
  emit({ kind: "first", work, visit, setupMs: setup, firstMs: first, secondMs: second, moreMs: more, pipelines, load: load() });
}

/** Whether steps can be submitted without waiting for results. */
async function ahead(browser, work, steps = 3) {
  await browser.call("ours", "bench", work, { steps: 1, warmup: 1 });
  emit({ kind: "ahead", work, ...(await browser.call("ours", "benchAhead", work, { steps })) });
  await browser.call("ours", "benchDrop", work);
}

const built = process.env.BENCH_PAGE ?? folder("../dist");
const server = await serve({ peers: folder("public"), ours: built });
const addresses = Object.fromEntries(Object.entries(PEERS).map(([name, path]) => [name, server.origin + path]));
let browser;
try {
  browser = await openBrowser(addresses);
  emit({ kind: "run", ...(await browser.call("limits", "describe")), cores: cpus().length, date, options, load: load() });
  for (const group of groups()) {
    if (group.name === "page") {
      await visitPage(built, options, emit);
      continue;
    }
    if (group.name === "first") {
      await firstSteps(group.entries[0].work);
      continue;
    }
    await measure(browser, group, options, emit);
    if (group.name === "alone") await ahead(browser, "U-16");
  }
} finally {
  await browser?.close();
  server.close();
}
const text = report(lines);
writeFileSync(file.replace(/jsonl$/, "md"), `${text}\n`);
console.log(`\n${text}\n\nwritten to ${file}`);
process.exitCode = doubts(lines).length ? 1 : 0;
