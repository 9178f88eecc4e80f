// A small run, as the browser tests make it.
import { readFile } from "node:fs/promises";

export const STEPS = 30;

export const button = (page, name) => page.getByRole("button", { name, exact: true });

export async function type(page, name, value) {
  const field = page.getByRole("spinbutton", { name, exact: true });
  await field.fill(String(value));
  await field.press("Tab");
}

export async function choose(page, group, option) {
  await page.getByRole("radiogroup", { name: group, exact: true }).getByRole("radio", { name: option, exact: true }).check();
}

/** Switches off what a plan would add to the plain Adam: schedule, clipping, augmentation, slices drawn by class. */
export async function makePlain(page) {
  await choose(page, "Optimiser", "Adam");
  await choose(page, "Schedule", "Constant");
  await type(page, "Warm-up", 0);
  await page.getByRole("checkbox", { name: "Clip gradients", exact: true }).uncheck();
  for (const change of ["Rotation", "Scale", "Shift", "Gamma", "Noise"]) await type(page, change, 0);
  await choose(page, "Drawn by class", "None");
}

/** The smallest network and few slices a step: what a software adapter trains in seconds. */
export async function makeSmall(page, { steps = STEPS, seed = 1, rate = 0.003 } = {}) {
  await page.getByText("Settings of the run", { exact: true }).click();
  await makePlain(page);
  await choose(page, "Image size", "64");
  await choose(page, "UNet width", "4");
  await choose(page, "UNet depth", "2");
  await type(page, "Learning rate", rate);
  await type(page, "Batch", 2);
  await type(page, "Steps", steps);
  await type(page, "Validate every", 10);
  await type(page, "Seed", seed);
}

/** Rows of the history as a visitor takes it home: every digit of every step. */
export async function history(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Download history (CSV)").click()]);
  const [head, ...rows] = (await readFile(await download.path(), "utf8")).trim().split("\n");
  const names = head.split(",");
  return rows.map((row) => Object.fromEntries(row.split(",").map((cell, i) => [names[i], cell])));
}

export const state = (page) => page.getByRole("status", { name: "Training state" });

/** A history's losses, to be compared digit by digit. */
export const losses = (rows) => rows.map(({ step, part, total }) => `${step} ${part} ${total}`);

/** Runs to the end, resets, and runs again; the losses of the first run. */
export async function runTwice(page) {
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  const undisturbed = losses(await history(page));
  await button(page, "Reset").click();
  await page.waitForFunction(() => /0 steps plotted/.test(document.querySelector("#training").innerText));
  await button(page, "Run").click();
  return undisturbed;
}
