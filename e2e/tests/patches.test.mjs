// Windows of slices instead of whole ones: what is said of them, what they take, and that nothing else changes.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { pageTest, screenshot } from "../lib/page.mjs";
import { button, choose, history, losses, makeSmall, state } from "../lib/run.mjs";

const PATCHES = "Patches of n × n pixels";
const effect = (page) => page.getByRole("status", { name: "What the patches do" });
const memory = async (page) => {
  const text = await page.getByLabel("What the run needs").locator("div", { hasText: "Memory" }).locator("dd").innerText();
  return Number(text.replace(/\D/g, ""));
};

async function finish(page) {
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  return losses(await history(page));
}

async function again(page) {
  await button(page, "Reset").click();
  await page.waitForFunction(() => /\b0 steps plotted/.test(document.querySelector("#training").innerText));
  await state(page).filter({ hasText: "Paused" }).waitFor();
  return finish(page);
}

pageTest("a run on windows is told, trains, and is validated on whole slices", async (page) => {
  await makeSmall(page, { steps: 12 });
  await effect(page).filter({ hasText: "Off: a step sees whole slices, of 64 × 64 pixels." }).waitFor();
  const whole = await finish(page);

  // A window of the slice's own size is the slice, to every digit.
  await choose(page, PATCHES, "64");
  assert.deepEqual(await again(page), whole);

  await choose(page, PATCHES, "32");
  await effect(page).filter({ hasText: "4 windows of 32 × 32 pixels cover a slice of 64 × 64; the 2 windows of a batch have 25 %" }).waitFor();
  await page.getByText("in patches of 32").waitFor();
  await screenshot(page, "patches", { fullPage: true });
  const windows = await again(page);
  assert.equal(windows.length, whole.length);
  assert.notDeepEqual(windows, whole);
  await page.getByText("is predicted after step 12").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Download run (JSON)").click()]);
  const run = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.deepEqual([run.recipe.patch, run.data.grid], [32, [64, 64]]);
  // Every pixel of the validation slices is counted: 64 × 64 of each.
  const counted = run.history.validation.at(-1).overlaps.reduce((sum, { reference }) => sum + reference, 0);
  assert.equal(counted, 64 * 64 * run.data.subjects[0].slices.validation.length);

  // Drawn by class, the place of a window follows the class.
  await choose(page, "Drawn by class", "All");
  await effect(page).filter({ hasText: "it lies in the middle of the window" }).waitFor();
  assert.notDeepEqual(await again(page), windows);
});

pageTest("windows take less memory, and what does not fit is named", { path: "?engine=gpu" }, async (page) => {
  await page.getByText("Settings of the run", { exact: true }).click();
  await choose(page, "Image size", "256");
  const whole = await memory(page);
  await choose(page, PATCHES, "64");
  await page.waitForFunction(() => /16 windows of 64 × 64/.test(document.querySelector("#training").innerText));
  assert.ok(await memory(page) < 0.5 * whole, `${await memory(page)} MB with windows, ${whole} MB without`);
  await choose(page, "Image size", "96");
  await choose(page, PATCHES, "128");
  await page.locator("#run-reason").filter({ hasText: "Patches of 128 × 128 pixels do not fit into slices of 96 × 96" }).waitFor();
  assert.ok(await button(page, "Run").isDisabled());
});
