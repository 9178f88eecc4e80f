// The page stays fluid while the network learns (its longest tasks are printed), and the first step does not wait for the compiler.
import assert from "node:assert/strict";

import { pageTest } from "../lib/page.mjs";
import { button, choose, makeSmall, type } from "../lib/run.mjs";
import { engine, hookWorkers } from "../lib/worker.mjs";

const state = (page) => page.getByRole("status", { name: "Training state" });

/** Notes each pipeline that is made at once or in the background, and each submission. */
const watch = () => {
  globalThis.asked = { now: [], ahead: [], submits: 0 };
  const { createComputePipeline, createComputePipelineAsync } = GPUDevice.prototype;
  GPUDevice.prototype.createComputePipeline = function (descriptor) {
    asked.now.push(descriptor.compute.entryPoint);
    return createComputePipeline.call(this, descriptor);
  };
  GPUDevice.prototype.createComputePipelineAsync = function (descriptor) {
    asked.ahead.push(descriptor.compute.entryPoint);
    return createComputePipelineAsync.call(this, descriptor);
  };
  const { submit } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function (buffers) {
    asked.submits += 1;
    return submit.call(this, buffers);
  };
};

/** Long tasks as the page itself sees them, in ms since it was opened: by the wall clock, others' work included. */
const longTasks = (page) => page.evaluate(() => new Promise((resolve) => {
  const observer = new PerformanceObserver((list) => {
    observer.disconnect();
    resolve(list.getEntries().map(({ startTime, duration, name, attribution }) => ({
      at: startTime, ms: duration, by: [name, ...attribution.map(({ containerType }) => containerType)].join(" "),
    })));
  });
  observer.observe({ type: "longtask", buffered: true });
  setTimeout(() => resolve([]), 500);
}));

/** The longest tasks of the page's main thread by what they cost the processor, in ms, longest first. */
function costliest(trace) {
  const { traceEvents } = JSON.parse(trace);
  const mains = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const isMain = ({ pid, tid }) => mains.some((main) => main.pid === pid && main.tid === tid);
  const tasks = traceEvents.filter((event) => event.name === "RunTask" && event.tdur !== undefined && isMain(event));
  return tasks.map(({ tdur, dur }) => ({ ms: tdur / 1000, wall: dur / 1000 })).sort((one, other) => other.ms - one.ms);
}

pageTest("the page goes on in short tasks while the network learns", { timeout: 600_000, skips: true }, async (page, context) => {
  await makeSmall(page, { steps: 30 });
  await choose(page, "Image size", "128");
  await choose(page, "UNet width", "8");
  await choose(page, "UNet depth", "3");
  await type(page, "Batch", 4);
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
  const start = await page.evaluate(() => performance.now());
  await page.evaluate(() => [...document.querySelectorAll("#training button")].find((one) => one.textContent.trim() === "Run").click());
  // Asked for rarely, because asking is a task too.
  const says = (pattern) => page.waitForFunction((source) => new RegExp(source).test(document.querySelector("#training").innerText), pattern, { polling: 500, timeout: 300_000 });
  await says("Step [1-9]\\d* of 30");
  const first = await page.evaluate(() => performance.now());
  await says("Step 30 of 30");
  const end = await page.evaluate(() => performance.now());
  const tasks = costliest(await browser.stopTracing());
  const long = (await longTasks(page)).filter(({ at }) => at >= start);
  context.diagnostic(`first step after ${Math.round(first - start)} ms, all 30 after ${Math.round(end - start)} ms`);
  context.diagnostic(`${tasks.length} tasks, the longest cost ${tasks.slice(0, 5).map(({ ms, wall }) => `${ms.toFixed(1)} ms (wall ${wall.toFixed(0)})`).join(", ")}`);
  for (const { at, ms, by } of long) context.diagnostic(`by the wall clock ${Math.round(ms)} ms at ${Math.round(at - start)} ms, ${by}`);
  assert.ok(tasks.length > 100, `only ${tasks.length} tasks were traced`);
  // How long the longest is depends on the machine: it is printed, and aimed at 50 ms.
});

pageTest("kernels of a run are compiled in the background, before anybody asks for the run", { path: "?engine=gpu" }, async (page, context) => {
  await hookWorkers(page, watch);
  await page.reload();
  await page.waitForSelector("#loading", { state: "detached" });
  await makeSmall(page, { steps: 1 });
  const worker = await engine(page);
  // wgpu asks for each as soon as the browser has it.
  const before = await worker.evaluate(async () => {
    const isThere = () => asked.ahead.length >= 20 && asked.ahead.every((name) => asked.now.includes(name));
    while (!isThere()) await new Promise((resolve) => { setTimeout(resolve, 100); });
    return asked.ahead.length;
  });
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  const asked = await worker.evaluate(() => asked);
  context.diagnostic(`${before} kernels before the run, ${asked.ahead.length} ahead of use, ${asked.now.length} in all`);
  assert.ok(before >= 20, `${asked.ahead}`);
  const late = asked.now.filter((name) => !asked.ahead.includes(name) && /conv|norm|pool|upsample|concat|adam/.test(name));
  assert.deepEqual(late, []);
});
