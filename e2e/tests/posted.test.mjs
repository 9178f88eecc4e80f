// What the page posts to its workers: arrays travel once, and are named afterwards.
import assert from "node:assert/strict";

import { pageTest } from "../lib/page.mjs";
import { button, makeSmall, state, type } from "../lib/run.mjs";
import { becomes } from "../lib/viewer.mjs";

const posted = (page) => page.evaluate(() => ({ engine: 0, studio: 0, ...globalThis.posted }));
const readout = (page, name) =>
  page.locator(".readout__item").filter({ has: page.locator("dt").getByText(name, { exact: true }) }).locator("dd");

/** Once nothing more is painted. */
async function settled(page) {
  await becomes(page, () => page.locator("canvas.picture__canvas[aria-busy=true]").count(), 0, "canvases at work");
}

pageTest("a slider of the loss posts names instead of arrays, and a run no voxels that the engine has", async (page, context) => {
  await page.locator(".stage").getByRole("img", { name: /with .*contour map/ }).waitFor();
  await makeSmall(page, { steps: 10 });
  await page.getByRole("button", { name: /^Ask (the network|an untrained one)$/ }).click();
  await page.locator("#pixels").getByText("The loss as a heat map").waitFor();
  await page.getByRole("checkbox", { name: "Show weight map" }).check();
  await page.getByRole("checkbox", { name: "Show loss of each pixel" }).uncheck();
  await settled(page);
  const slider = page.locator("#loss").getByRole("slider").first();
  const tick = async () => {
    await settled(page);
    const [before, weights] = [await posted(page), await readout(page, "Weight").innerText()];
    await slider.press("ArrowRight");
    await becomes(page, () => readout(page, "Weight").innerText(), (now) => now !== weights, "weight");
    await settled(page);
    return (await posted(page)).studio - before.studio;
  };
  await tick();
  const bytes = [await tick(), await tick(), await tick()].sort((a, b) => a - b)[1];
  context.diagnostic(`bytes a tick: ${bytes}`);
  console.log(`bytes a tick: ${bytes}`);
  const before = await posted(page);
  await button(page, "Run").click();
  await state(page).filter({ hasText: /Finished/ }).waitFor();
  const run = (await posted(page)).engine - before.engine;
  console.log(`bytes a run: ${run}`);
  await type(page, "Seed", 2);
  await button(page, "Reset").click();
  void assert;
});
