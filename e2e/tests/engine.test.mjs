// Where the engine computes: in a worker, or on the page's thread where that has to do; the numbers are the same.
import assert from "node:assert/strict";

import { canvasPixels } from "../lib/canvas.mjs";
import { assertSilent, openPage, pageTest, screenshot } from "../lib/page.mjs";
import { button, history, losses, makeSmall, state } from "../lib/run.mjs";
import { becomes, stagePixels } from "../lib/viewer.mjs";
import { engine, hookWorkers, keepDevices, studio } from "../lib/worker.mjs";

const GPU = "?engine=gpu";

async function run(page) {
  await makeSmall(page);
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  return losses(await history(page));
}

let inWorker;

pageTest("a run computes in a worker, on a device of its own", { path: GPU }, async (page) => {
  await hookWorkers(page, keepDevices);
  await page.addInitScript(keepDevices);
  await page.reload();
  const worker = await engine(page);
  inWorker = await run(page);
  assert.equal(await worker.evaluate(() => devices.length), 1, "the worker has opened a device");
  assert.equal(await (await studio(page)).evaluate(() => devices.length), 1, "and so has the one that paints");
  assert.equal(await page.evaluate(() => devices.length), 0, "the page has none");
  assert.equal(page.workers().length, 2);
});

pageTest("with ?thread=page there is no worker, and the run is the same digit by digit", { path: "?engine=gpu&thread=page" }, async (page) => {
  const losses = await run(page);
  assert.equal(page.workers().length, 0);
  assert.ok(inWorker?.length > 20, "there is a run to compare with");
  assert.deepEqual(losses, inWorker);
});

pageTest("where workers have no WebGPU the engine computes on the page's thread", { path: GPU }, async (page) => {
  await hookWorkers(page, () => Object.defineProperty(navigator, "gpu", { value: undefined }));
  await page.reload();
  assert.deepEqual(await run(page), inWorker);
  assert.equal(page.workers().length, 0);
});

pageTest("a worker that does not start leaves the engine to the page's thread", { path: GPU, allow: [/as a test wants/] }, async (page) => {
  await hookWorkers(page, () => { WebAssembly.instantiate = () => Promise.reject(new Error("as a test wants")); });
  await page.reload();
  assert.deepEqual(await run(page), inWorker);
});

/** Of a loss after twenty steps: each step adds some hundred roundings, and Adam makes a whole step of a gradient near 0. */
const CLOSE = 2e-3;

pageTest("both engines tell the same history, and the crew's size changes no digit", async () => {
  const told = async (path, workers) => {
    // A page of its own: a run that was kept would be taken up.
    const other = await openPage({ path });
    await makeSmall(other, { steps: 20 });
    await button(other, "Run").click();
    await state(other).filter({ hasText: "Finished" }).waitFor();
    assert.equal(other.workers().length, workers, path);
    const rows = losses(await history(other));
    assertSilent(other);
    await other.context().close();
    return rows;
  };
  // The engine and the studio; beside them one who shares the images.
  const shared = await told("?engine=processor&workers=2", 3);
  assert.deepEqual(await told("?engine=processor&workers=1", 2), shared);
  const onGpu = await told(GPU, 2);
  assert.equal(onGpu.length, shared.length);
  for (const [i, row] of onGpu.entries()) {
    const [[step, part, gpu], [otherStep, otherPart, processor]] = [row, shared[i]].map((text) => text.split(" "));
    assert.deepEqual([otherStep, otherPart], [step, part]);
    const off = Math.abs(gpu - processor) / Math.abs(gpu);
    assert.ok(off <= CLOSE, `${part} ${step}: ${gpu} on the GPU, ${processor} on the processor`);
  }
});

pageTest("an engine, a thread and workers that the address does not know are told in words", { path: "?engine=page&thread=moon&workers=-7" }, async (page) => {
  const said = page.getByRole("alert", { name: "Engine in the address" });
  await said.filter({ hasText: "engine=page means nothing" }).waitFor();
  await said.filter({ hasText: "thread=moon means nothing" }).waitFor();
  await said.filter({ hasText: "workers=-7 means nothing" }).waitFor();
  await screenshot(page, "engine-unknown");
});

pageTest("the workers too can reach no other host", { allow: [/[Cc]ontent [Ss]ecurity [Pp]olicy/, /Refused to connect/] }, async (page) => {
  for (const worker of [await engine(page), await studio(page)]) {
    const outcome = await worker.evaluate(() => fetch("http://127.0.0.1:9/").then(() => "arrived", (error) => error.message));
    assert.match(outcome, /Failed to fetch|[Ss]ecurity/);
  }
  const told = page.faults.length;
  assert.equal(told, 0, "nothing but the refusal");
});

pageTest("an engine that stops is told in words, and the next run computes again", { path: GPU, allow: [/as a test wants/] }, async (page) => {
  await makeSmall(page, { steps: 500 });
  await button(page, "Run").click();
  await page.waitForFunction(() => /[1-9]\d* steps? plotted/.test(document.querySelector("#training").innerText));
  const worker = await engine(page);
  await worker.evaluate(() => { setTimeout(() => { throw new Error("as a test wants"); }); });
  await page.getByRole("alert", { name: "Training stopped" }).filter({ hasText: "The engine has stopped" }).waitFor();
  await button(page, "Reset").click();
  await button(page, "Step").click();
  await page.waitForFunction(() => /1 steps? plotted/.test(document.querySelector("#training").innerText));
});

pageTest("a studio that stops is replaced by the page's thread, and the picture is the same", { allow: [/as a test wants/] }, async (page) => {
  const name = page.locator(".stage").getByRole("img", { name: /with .*contour map/ });
  await name.first().waitFor();
  const before = await stagePixels(page);
  await page.locator(".stage canvas").evaluate((canvas) => { canvas.dataset.before = "yes"; });
  await (await studio(page)).evaluate(() => { setTimeout(() => { throw new Error("as a test wants"); }); });
  await page.waitForFunction(() => document.querySelector(".stage canvas:not([data-before])"));
  await becomes(page, async () => (await canvasPixels(page, ".stage canvas")).difference(before), 0, "pixels that differ");
  await page.locator("p.adapter").filter({ hasText: /Computes on/ }).waitFor();
  await page.locator("#slice").press("ArrowRight");
  await becomes(page, async () => (await canvasPixels(page, ".stage canvas")).difference(before) > 100, true, "the next slice");
});

pageTest("where the browser lets the page have no worker, the page's thread does the work", async (page) => {
  await page.addInitScript(() => { globalThis.Worker = class { constructor() { throw new Error("as a test wants"); } }; });
  await page.reload();
  await page.locator(".stage").getByRole("img", { name: /with .*contour map/ }).first().waitFor();
  await page.locator("p.adapter").filter({ hasText: /Computes on/ }).waitFor();
  assert.deepEqual(page.workers(), []);
});
