// What the page posts to its workers: arrays travel once, and are named afterwards.
import assert from "node:assert/strict";

import { pageTest } from "../lib/page.mjs";
import { button, makeSmall, state } from "../lib/run.mjs";
import { becomes, stage } from "../lib/viewer.mjs";

/** Names of canvases and of what they show; one slice of the study alone has 49,288 bytes of numbers. */
const TICK_BYTES = 10_000;
/** A recipe and the table of the cohort; the voxels have 4 MB. */
const RUN_BYTES = 20_000;

const posted = (page) => page.evaluate(() => ({ engine: 0, studio: 0, ...globalThis.posted }));
const readout = (page, name) =>
  page.locator(".readout__item").filter({ has: page.locator("dt").getByText(name, { exact: true }) }).locator("dd").innerText();

/** Once nothing more is painted. */
const settled = (page) => becomes(page, () => page.locator("canvas.picture__canvas[aria-busy=true]").count(), 0, "canvases at work");

pageTest("a slider of the loss posts names instead of arrays", async (page, context) => {
  await stage(page).getByRole("img", { name: /with .*contour map/ }).waitFor();
  await makeSmall(page);
  await page.getByRole("button", { name: /^Ask (the network|an untrained one)$/ }).click();
  await page.locator("#pixels").getByText("The loss as a heat map").waitFor();
  await stage(page).focus();
  for (let guard = 0; await readout(page, "Contour of") === "none" && guard < 60; guard += 1) await page.keyboard.press("ArrowLeft");
  const slider = page.locator("#loss").getByRole("slider", { name: /λ_w/ });
  const tick = async () => {
    await settled(page);
    const [before, weight, loss] = [await posted(page), await readout(page, "Weight"), await readout(page, "Loss")];
    await slider.press("ArrowRight");
    await becomes(page, () => readout(page, "Weight"), (now) => now !== weight, "weight");
    await becomes(page, () => readout(page, "Loss"), (now) => now !== loss, "loss");
    await settled(page);
    return (await posted(page)).studio - before.studio;
  };
  await tick();
  const bytes = [await tick(), await tick(), await tick()].sort((a, b) => a - b)[1];
  context.diagnostic(`bytes a tick: ${bytes}`);
  assert.ok(bytes < TICK_BYTES, `${bytes} bytes a tick`);
});

pageTest("a run posts no voxels that the engine has", async (page, context) => {
  await stage(page).getByRole("img", { name: /with .*contour map/ }).waitFor();
  await makeSmall(page, { steps: 10 });
  const before = await posted(page);
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  const run = (await posted(page)).engine - before.engine;
  context.diagnostic(`bytes a run: ${run}`);
  assert.ok(run < RUN_BYTES, `${run} bytes a run`);
});
