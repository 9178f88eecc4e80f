// Our own page of the benchmark: the application's code without its panels, driven by window.bench (see page.js).
// `?engine=processor&workers=1` computes on the processor, a training step by so many workers (this page's thread is one of
// them); otherwise it computes on the GPU: `submissions=whole` lets a submission take any time, `variant=net/conv3x3:tiled`
// takes that variant of a kernel.
import { counted } from "./instrument.js";
import { given } from "./given.js";
import { definePage } from "./page.js";
import { OURS, WORKLOADS, flops } from "./workloads.js";
import { originOf } from "../workers.js";

const SPECS = { ...WORKLOADS, ...OURS };

/** The application's own files have names that change with every build; its page knows them. They lie beside it. */
async function load() {
  const html = await (await fetch("index.html")).text();
  const { js, wasm } = new DOMParser().parseFromString(html, "text/html").querySelector("script[data-wasm]").dataset;
  const beside = (path) => new URL(path.split("/").pop(), document.baseURI).href;
  const module = await WebAssembly.compileStreaming(fetch(beside(wasm)));
  // Further workers are started from it.
  globalThis.origin = originOf(beside(js), module);
  const application = await import(beside(js));
  await application.default({ module_or_path: module });
  return application;
}

const asked = new URLSearchParams(location.search);
const onProcessor = asked.get("engine") === "processor", workers = Number(asked.get("workers") ?? 1);

const application = load();
const say = (text) => { document.getElementById("status").textContent = text; };
application.then(({ adapterName }) => (onProcessor ? "the processor" : adapterName())).then(
  (name) => say(`Ready on ${name}.`),
  (error) => say(`Not ready: ${error?.message ?? error}`),
);

/** Under this name the browser remembers which kernels are the fastest on its adapter. */
const REMEMBERED = "contour-lab bench kernels";
const ready = application.then(async (it) => {
  if (onProcessor) return it;
  if (asked.get("submissions") === "whole") await it.submitWhole();
  const remembered = localStorage.getItem(REMEMBERED), forced = asked.getAll("variant");
  if (remembered) await it.recallKernels(remembered);
  if (forced.length) await it.forceKernels(forced.join(","));
  return it;
});

/** Workloads that have been begun, by name. */
const open = new Map();

definePage(Object.keys(SPECS), async (name) => {
  const { Bench, chosenKernels } = await ready;
  const spec = SPECS[name], { labels, values, names, weights } = given(spec);
  const description = JSON.stringify(spec);
  const bench = onProcessor
    ? await Bench.openOnProcessor(description, labels, values, names, weights, workers)
    : await Bench.open(description, labels, values, names, weights);
  open.set(name, bench);
  if (!onProcessor) localStorage.setItem(REMEMBERED, await chosenKernels());
  return {
    step: () => {
      bench.submit();
      return bench.wait();
    },
    info: () => ({ ...(onProcessor ? { backend: "processor", threads: workers } : { backend: "webgpu" }), flops: flops(spec) }),
    dispose: () => {
      open.delete(name);
      bench.free();
    },
  };
});

/**
 * Submits `steps` steps of a workload that `bench` has opened, and only then takes their results: {steps, waited, submits,
 * ms, losses}. `waited`: readbacks that arrived before the last step was submitted; `ms`: of all steps together.
 */
window.benchAhead = async (name, { steps = 5 } = {}) => {
  const bench = open.get(name), start = performance.now(), before = { ...counted }, losses = [];
  for (let i = 0; i < steps; i++) bench.submit();
  const waited = counted.mapped - before.mapped, submits = counted.submit - before.submit;
  for (let i = 0; i < steps; i++) losses.push(await bench.wait());
  return { steps, waited, submits, ms: performance.now() - start, losses };
};
