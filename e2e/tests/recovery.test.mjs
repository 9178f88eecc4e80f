// The graphics device is lost in the middle of a run: nothing of the run may be.
import assert from "node:assert/strict";

import { pageTest, screenshot } from "../lib/page.mjs";
import { STEPS, button, history, losses, makeSmall, runTwice, state } from "../lib/run.mjs";
import { becomes } from "../lib/viewer.mjs";
import { engine, hookWorkers, keepDevices, studio } from "../lib/worker.mjs";

/** A software adapter trains only where the address asks for it. */
const GPU = "?engine=gpu";

const points = (page) => page.evaluate(() => Number(/(\d+) steps plotted/.exec(document.querySelector("#training").innerText)?.[1] ?? 0));

const count = (thread) => thread.evaluate(() => devices.length);
const destroy = (thread) => thread.evaluate(() => devices.at(-1).destroy());

async function open(page, options) {
  await page.addInitScript(keepDevices);
  await hookWorkers(page, keepDevices);
  await page.reload();
  await page.locator(".stage").getByRole("img").first().waitFor();
  await makeSmall(page, options);
}

pageTest("a device that is destroyed during a run is opened again, and the run is the one that it would have been", { path: GPU, allow: [/[Dd]evice.*(lost|destroyed)/, /destroyed/, /lost/] }, async (page) => {
  await open(page);
  const undisturbed = await runTwice(page);
  // Past a validation, and with steps behind it that have to be taken again.
  await page.waitForFunction(() => Number(/(\d+) steps plotted/.exec(document.querySelector("#training").innerText)?.[1] ?? 0) >= 13);
  assert.ok(await points(page) < STEPS, "the run is under way");
  const worker = await engine(page);
  const before = await count(worker);
  await destroy(worker);
  await page.getByRole("status", { name: "Run taken up" }).filter({ hasText: /after step (10|20)/ }).waitFor();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  assert.ok(await count(worker) > before, "there is another device");
  assert.deepEqual(losses(await history(page)), undisturbed, "digit by digit");
  assert.match(await page.locator("p.adapter").innerText(), /Computes on .*swiftshader/i);
  await screenshot(page, "recovered");
});

pageTest("a run on the page's own thread is taken up as well", { path: "?engine=gpu&thread=page", allow: [/[Dd]evice.*(lost|destroyed)/, /destroyed/, /lost/] }, async (page) => {
  await open(page);
  await button(page, "Run").click();
  await page.waitForFunction(() => Number(/(\d+) steps plotted/.exec(document.querySelector("#training").innerText)?.[1] ?? 0) >= 13);
  // The page's picture has a device too; the run's was opened after it.
  await destroy(page);
  await page.getByRole("status", { name: "Run taken up" }).filter({ hasText: /after step (10|20)/ }).waitFor();
  await state(page).filter({ hasText: "Finished" }).waitFor();
});

pageTest("without a run a lost device is opened again, and a run can be started", { path: GPU, allow: [/[Dd]evice.*(lost|destroyed)/, /destroyed/, /lost/] }, async (page) => {
  await open(page);
  const worker = await studio(page);
  await destroy(worker);
  await becomes(page, () => count(worker), 2, "devices");
  await page.locator("p.adapter").filter({ hasText: /Computes on/ }).waitFor();
  await button(page, "Step").click();
  await page.waitForFunction(() => /1 steps? plotted/.test(document.querySelector("#training").innerText));
});

/** The first two devices of a thread are lost before whoever asked for them has them. */
function loseTwo() {
  const ask = GPUAdapter.prototype.requestDevice;
  globalThis.devices = [];
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await ask.call(this, descriptor);
    if (globalThis.devices.push(device) <= 2) device.destroy();
    return device;
  };
}

pageTest("a device that is lost as soon as it is there is opened again", { path: GPU, allow: [/[Dd]evice.*(lost|destroyed)/, /destroyed/, /lost/] }, async (page) => {
  await hookWorkers(page, loseTwo);
  await page.reload();
  const worker = await studio(page);
  await becomes(page, () => count(worker), 3, "devices");
  await page.locator("p.adapter").filter({ hasText: /Computes on/ }).waitFor();
  await page.locator(".stage").getByRole("img", { name: /contour map/ }).first().waitFor();
});

pageTest("the picture's device, lost over and over, is given up in words, and the run goes on with its own", { path: GPU, allow: [/[Dd]evice.*(lost|destroyed)/, /destroyed/, /lost/] }, async (page) => {
  await open(page);
  await button(page, "Step").click();
  await page.waitForFunction(() => /1 steps? plotted/.test(document.querySelector("#training").innerText));
  const worker = await studio(page);
  for (let losses = 1; losses <= 4; losses++) {
    await destroy(worker);
    if (losses < 4) await becomes(page, () => count(worker), losses + 1, "devices");
  }
  await page.getByRole("alert", { name: "Graphics device" }).filter({ hasText: "The graphics device was lost" }).waitFor();
  await button(page, "Step").click();
  await page.waitForFunction(() => /2 steps plotted/.test(document.querySelector("#training").innerText));
});

pageTest("a run whose device is lost over and over stops in words, and its history stays", { path: GPU, allow: [/[Dd]evice.*(lost|destroyed)/, /destroyed/, /lost/] }, async (page) => {
  await open(page, { steps: 3000 });
  await button(page, "Run").click();
  await page.waitForFunction(() => Number(/(\d+) steps plotted/.exec(document.querySelector("#training").innerText)?.[1] ?? 0) >= 11);
  const worker = await engine(page);
  for (let losses = 1; losses <= 4; losses++) {
    await destroy(worker);
    if (losses === 4) break;
    for (const began = Date.now(); await count(worker) <= losses;) assert.ok(Date.now() - began < 60_000, "another device is opened");
    await state(page).filter({ hasText: "Running" }).waitFor();
  }
  await page.getByRole("alert", { name: "Training stopped" }).filter({ hasText: "was lost 4 times" }).waitFor();
  assert.ok(await points(page) >= 10, "the curve stays");
});
