// The page stays fluid while the network learns, and the first step does not wait for the compiler.
import assert from "node:assert/strict";

import { pageTest } from "../lib/page.mjs";
import { button, choose, makeSmall, type } from "../lib/run.mjs";

const LONGEST_TASK_MS = 50;

const state = (page) => page.getByRole("status", { name: "Training state" });

/** Notes each pipeline that is made at once or in the background, and each submission. */
const watch = (page) => page.addInitScript(() => {
  window.asked = { now: [], ahead: [], submits: 0 };
  const { createComputePipeline, createComputePipelineAsync } = GPUDevice.prototype;
  GPUDevice.prototype.createComputePipeline = function (descriptor) {
    window.asked.now.push(descriptor.compute.entryPoint);
    return createComputePipeline.call(this, descriptor);
  };
  GPUDevice.prototype.createComputePipelineAsync = function (descriptor) {
    window.asked.ahead.push(descriptor.compute.entryPoint);
    return createComputePipelineAsync.call(this, descriptor);
  };
  const { submit } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function (buffers) {
    window.asked.submits += 1;
    return submit.call(this, buffers);
  };
});

const tasks = (page) => page.evaluate(() => new Promise((resolve) => {
  const observer = new PerformanceObserver((list) => {
    observer.disconnect();
    resolve(list.getEntries().map(({ startTime, duration, name, attribution }) => ({
      at: Math.round(startTime), ms: Math.round(duration), name, by: attribution.map(({ containerType, name }) => `${name} ${containerType}`).join(),
    })));
  });
  observer.observe({ type: "longtask", buffered: true });
  setTimeout(() => resolve([]), 500);
}));

pageTest("no task of the page is long while the network learns", { timeout: 600_000 }, async (page, context) => {
  await watch(page);
  await page.reload();
  await page.waitForSelector("#loading", { state: "detached" });
  await makeSmall(page, { steps: 30 });
  await choose(page, "Image size", "128");
  await choose(page, "UNet width", "8");
  await choose(page, "UNet depth", "3");
  await type(page, "Batch", 4);
  const start = await page.evaluate(() => performance.now());
  await button(page, "Run").click();
  await page.getByText(/^Step [1-9] of 30/).waitFor();
  const first = await page.evaluate(() => performance.now());
  await state(page).filter({ hasText: "Finished" }).waitFor({ timeout: 300_000 });
  const end = await page.evaluate(() => performance.now());
  const all = await tasks(page);
  const training = all.filter(({ at }) => at >= start);
  context.diagnostic(`first step after ${Math.round(first - start)} ms, all 30 after ${Math.round(end - start)} ms`);
  for (const task of all) context.diagnostic(`${task.at - Math.round(start)}: ${task.ms} ms ${task.name} ${task.by}`);
  const longest = Math.max(0, ...training.map(({ ms }) => ms));
  context.diagnostic(`longest task while training: ${longest || "under 50"} ms`);
  assert.ok(longest <= LONGEST_TASK_MS, `a task took ${longest} ms`);
});

pageTest("kernels of a run are compiled in the background, before the run", async (page, context) => {
  await watch(page);
  await page.reload();
  await page.waitForSelector("#loading", { state: "detached" });
  await makeSmall(page, { steps: 1 });
  await page.evaluate(() => {
    window.said = [];
    const line = [...document.querySelectorAll("[role=status]")].find((one) => one.getAttribute("aria-label") === "Training state");
    new MutationObserver(() => window.said.push(line.textContent)).observe(line, { subtree: true, childList: true, characterData: true });
  });
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  const { asked, said } = await page.evaluate(() => ({ asked: window.asked, said: window.said }));
  context.diagnostic(`${asked.ahead.length} kernels ahead, ${asked.now.length} at once, said: ${said.join("; ")}`);
  assert.ok(asked.ahead.length >= 20, `${asked.ahead}`);
  const late = asked.now.filter((name) => !asked.ahead.includes(name) && /conv|norm|pool|upsample|concat|adam/.test(name));
  assert.deepEqual(late, []);
  assert.ok(said.some((text) => /Compiling kernels \d+ of \d+/.test(text)), said.join("; "));
});
