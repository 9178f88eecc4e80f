// Who computes a run: chosen by the machine, the address or the visitor, with a reason; and a run that changes the engine.
import assert from "node:assert/strict";

import { pageTest, screenshot } from "../lib/page.mjs";
import { STEPS, button, choose, history, losses, makeSmall, state } from "../lib/run.mjs";
import { engine, hookWorkers, keepDevices } from "../lib/worker.mjs";

const line = (page) => page.getByRole("status", { name: "Engine of the run" });
const says = (page, text) => line(page).filter({ hasText: text }).waitFor();
const drawn = (page, steps) => page.waitForFunction((steps) => Number(/(\d+) steps plotted/.exec(document.querySelector("#training").innerText)?.[1] ?? 0) >= steps, steps);
const LOST = [/[Dd]evice.*(lost|destroyed)/, /destroyed/, /lost/];

pageTest("a software adapter is left to the pictures, and the visitor may say otherwise", async (page) => {
  await says(page, "Trains on the processor, because the graphics adapter is a software one (SwiftShader).");
  await choose(page, "Engine", "Graphics");
  await says(page, "Trains on the graphics adapter, because you chose it, although it is a software one (SwiftShader).");
  await choose(page, "Engine", "Processor");
  await says(page, "because you chose it");
  await choose(page, "Engine", "Automatic");
  await says(page, "because the graphics adapter is a software one");
  await screenshot(page, "engine-choice");
});

pageTest("the address may ask for the graphics adapter", { path: "?engine=gpu" }, async (page) => {
  await says(page, "Trains on the graphics adapter, because the address asks for it");
});

pageTest("the address may ask for the processor, and then no device is opened for a run", { path: "?engine=processor" }, async (page) => {
  await hookWorkers(page, keepDevices);
  await page.reload();
  await says(page, "Trains on the processor, because the address asks for it.");
  await makeSmall(page, { steps: 12 });
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  assert.equal(await (await engine(page)).evaluate(() => devices.length), 0);
  const passes = (await history(page)).filter((row) => row.part === "validation");
  assert.deepEqual(passes.map((row) => Number(row.step)), [0, 10, 12], "the first validation is there, though the first step went before it");
});

pageTest("the engines are compared on this machine, and a run gives the comparison up", async (page) => {
  await makeSmall(page, { steps: 3 });
  const said = page.getByRole("status", { name: "Comparison of the engines" });
  await button(page, "Compare on this machine").click();
  await said.filter({ hasText: /One step takes [\d.]+ m?s on the graphics adapter and [\d.]+ m?s on the processor: .*fast\. \(64 × 64 pixels, UNet 4 wide and 2 deep, batch 2\)/ }).waitFor();
  await screenshot(page, "engine-compared");
  await button(page, "Compare on this machine").click();
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  await said.filter({ hasText: /given up|One step takes/ }).waitFor();
});

pageTest("a paused run goes on on the other engine from its last validation", { path: "?engine=gpu" }, async (page) => {
  await makeSmall(page);
  await button(page, "Run").click();
  await drawn(page, 11);
  await button(page, "Pause").click();
  await state(page).filter({ hasText: "Paused" }).waitFor();
  const before = losses(await history(page));
  await choose(page, "Engine", "Processor");
  await page.locator("#run-reset").filter({ hasText: /goes on there from the last validation, after step (10|20)/ }).waitFor();
  await button(page, "Run").click();
  await page.getByRole("status", { name: "Run taken up" }).filter({ hasText: /went to the processor and was taken up after step (10|20)/ }).waitFor();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  const rows = await history(page);
  assert.equal(rows.filter((row) => row.part === "train").length, STEPS);
  assert.deepEqual(losses(rows).slice(0, 10), before.slice(0, 10), "what was before stays");
});

/** Every device of a thread but the first is lost before whoever asked for it has it. */
function loseLater() {
  const ask = GPUAdapter.prototype.requestDevice;
  globalThis.devices = [];
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await ask.call(this, descriptor);
    if (devices.push(device) > 1) device.destroy();
    return device;
  };
}

pageTest("a device that cannot be had any more is left for the processor with one click", { path: "?engine=gpu", allow: LOST }, async (page) => {
  await hookWorkers(page, loseLater);
  await page.reload();
  await makeSmall(page);
  await button(page, "Run").click();
  await drawn(page, 13);
  const worker = await engine(page);
  await worker.evaluate(() => devices.at(-1).destroy());
  await page.getByRole("alert", { name: "Training stopped" }).filter({ hasText: "was lost 4 times" }).waitFor();
  await screenshot(page, "engine-leave");
  await button(page, "Go on on the processor").click();
  await page.getByRole("status", { name: "Run taken up" }).filter({ hasText: /went to the processor and was taken up after step (10|20)/ }).waitFor();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  assert.equal((await history(page)).filter((row) => row.part === "train").length, STEPS);
  assert.equal(await button(page, "Go on on the processor").count(), 0);
});

pageTest("nothing is tried before the first step; in idle time it is, stops for a run, and is remembered", { path: "?engine=gpu&trials=on", timeout: 900_000 }, async (page, context) => {
  await makeSmall(page, { steps: 3 });
  const variants = () => page.evaluate(() => localStorage.getItem("contour-lab variants") ?? "");
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  assert.equal(await variants(), "", "the first run has looked for nothing");
  const first = losses(await history(page));
  const trials = page.getByRole("status", { name: "Trials of kernels" });
  await trials.waitFor();
  await button(page, "Reset").click();
  await state(page).filter({ hasText: "Paused" }).waitFor();
  await trials.waitFor({ state: "detached" });
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  assert.deepEqual(losses(await history(page)), first, "the run keeps the kernels that it was made with");
  await trials.waitFor();
  await trials.waitFor({ state: "detached", timeout: 600_000 });
  const found = JSON.parse(await variants());
  context.diagnostic(JSON.stringify(found.choices));
  assert.ok(Object.keys(found.choices["net/conv3x3"]).length > 4, "shapes and their variants");
});
