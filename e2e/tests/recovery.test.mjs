// The graphics device is lost in the middle of a run: nothing of the run may be.
import assert from "node:assert/strict";

import { pageTest, screenshot } from "../lib/page.mjs";
import { STEPS, button, history, makeSmall } from "../lib/run.mjs";

const state = (page) => page.getByRole("status", { name: "Training state" });

/** Keeps every device that the page opens in `window.devices`. */
function keepDevices() {
  const ask = GPUAdapter.prototype.requestDevice;
  window.devices = [];
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await ask.call(this, descriptor);
    window.devices.push(device);
    return device;
  };
}

const points = (page) => page.evaluate(() => Number(/(\d+) steps drawn/.exec(document.querySelector("#training").innerText)?.[1] ?? 0));
const losses = (rows) => rows.map(({ step, part, total }) => `${step} ${part} ${total}`);

async function open(page) {
  await page.addInitScript(keepDevices);
  await page.reload();
  await page.locator(".stage").getByRole("img").first().waitFor();
  await makeSmall(page);
}

pageTest("a device that is destroyed during a run is opened again, and the run is the one that it would have been", { allow: [/[Dd]evice.*(lost|destroyed)/, /destroyed/, /lost/] }, async (page) => {
  await open(page);
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  const undisturbed = losses(await history(page));

  await button(page, "Reset").click();
  await page.waitForFunction(() => /0 steps drawn/.test(document.querySelector("#training").innerText));
  await button(page, "Run").click();
  // Past a validation, and with steps behind it that have to be taken again.
  await page.waitForFunction(() => Number(/(\d+) steps drawn/.exec(document.querySelector("#training").innerText)?.[1] ?? 0) >= 13);
  assert.ok(await points(page) < STEPS, "the run is under way");
  const before = await page.evaluate(() => {
    const device = window.devices.at(-1);
    device.destroy();
    return window.devices.length;
  });
  await page.getByRole("status", { name: "Run taken up" }).filter({ hasText: /after step (10|20)/ }).waitFor();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  assert.ok(await page.evaluate(() => window.devices.length) > before, "there is another device");
  assert.deepEqual(losses(await history(page)), undisturbed, "digit by digit");
  assert.match(await page.getByLabel("Graphics adapter").innerText(), /Computes on .*swiftshader/i);
  await screenshot(page, "recovered");
  // The picture is drawn by the new device as well.
  await page.locator(".stage").getByRole("img").first().waitFor();
});

pageTest("without a run a lost device is opened again, and a run can be started", { allow: [/[Dd]evice.*(lost|destroyed)/, /destroyed/, /lost/] }, async (page) => {
  await open(page);
  await page.evaluate(() => window.devices.at(-1).destroy());
  await page.waitForFunction(() => window.devices.length >= 2);
  await page.getByLabel("Graphics adapter").filter({ hasText: /Computes on/ }).waitFor();
  await button(page, "Step").click();
  await page.waitForFunction(() => /1 steps? drawn/.test(document.querySelector("#training").innerText));
});

pageTest("a device that is lost over and over is given up, in words, and the run's history stays", { allow: [/[Dd]evice.*(lost|destroyed)/, /destroyed/, /lost/] }, async (page) => {
  await open(page);
  await button(page, "Step").click();
  await page.waitForFunction(() => /1 steps? drawn/.test(document.querySelector("#training").innerText));
  for (let losses = 1; losses <= 4; losses++) {
    await page.evaluate(() => window.devices.at(-1).destroy());
    if (losses < 4) await page.waitForFunction((count) => window.devices.length > count, losses);
  }
  await page.getByRole("alert", { name: "Graphics device" }).filter({ hasText: "The graphics device was lost" }).waitFor();
});
