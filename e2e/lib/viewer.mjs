// The viewer as a visitor's hands and eyes have it, on a phantom of which the test knows every voxel.
import assert from "node:assert/strict";

import { canvasPixels } from "./canvas.mjs";
import { asFile, dropFiles, writeNifti } from "./nifti.mjs";
import { pixelOf } from "./reference.mjs";

export const SHAPE = [14, 12, 5];
export const SPACING = [2, 3, 4];

/** A box, and a smaller one that touches it. */
export function phantomClass(x, y, z) {
  if (z < 1 || z > 3) return 0;
  if (x >= 3 && x <= 9 && y >= 2 && y <= 8) return 1;
  return x >= 10 && x <= 12 && y >= 4 && y <= 6 ? 2 : 0;
}

export const label = { shape: SHAPE, spacing: SPACING, at: phantomClass };

const phantom = () => [
  asFile("scan_a.nii.gz", writeNifti(SHAPE, SPACING, "int16", (x, y, z) => 100 * phantomClass(x, y, z) + ((7 * x + 3 * y + z) % 40))),
  asFile("scan_b.nii.gz", writeNifti(SHAPE, SPACING, "uint8", phantomClass)),
];

export const stage = (page) => page.locator(".stage").first();

/** Waits for the page's first picture, then opens the phantom; the page may ask before it opens a pair. */
export async function openPhantom(page) {
  await stage(page).getByRole("img", { name: /with .*contour map/ }).waitFor();
  await dropFiles(page, "main", phantom());
  const ask = page.getByRole("button", { name: "Open this pair" });
  const opened = page.getByText("14 × 12 × 5 voxels of 2 × 3 × 4 mm");
  await ask.or(opened).first().waitFor();
  if (await ask.isVisible()) await ask.click();
  await opened.waitFor();
  await stage(page).getByRole("img", { name: /scan_a/ }).waitFor();
}

const nextFrame = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** The stage's own pixels, once they show what its name says. */
export async function stagePixels(page) {
  await stage(page).locator("canvas[aria-busy=false]").first().waitFor();
  await nextFrame(page);
  return canvasPixels(page, ".stage canvas");
}

/** Reads frame after frame until `read` gives what is expected; fails with what it gives in the end. */
export async function becomes(page, read, expected, what = "value") {
  const deadline = Date.now() + 30_000;
  const is = typeof expected === "function" ? expected : (now) => JSON.stringify(now) === JSON.stringify(expected);
  for (;;) {
    const now = await read();
    if (is(now)) return now;
    if (Date.now() > deadline) {
      return assert.fail(`${what} stays ${JSON.stringify(now)}, which is not ${typeof expected === "function" ? expected : JSON.stringify(expected)}`);
    }
    await nextFrame(page);
  }
}

const shown = (page, name) =>
  page.locator(".readout__item", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) }).locator("dd").innerText();

/** The voxel under the crosshair. */
export const voxel = async (page) => (await shown(page, "Voxel")).split(",").map(Number);

/** The number in a field, whether its sheet is open or not. */
export const field = async (page, name) => Number(await page.locator(`input[type=number][aria-label="${name}"]`).inputValue());

export const windowOf = async (page) => [await field(page, "Level"), await field(page, "Width")];
export const zoomOf = async (page) => [await field(page, "Zoom"), await field(page, "Move across"), await field(page, "Move down")];

/** Where the centre of a voxel of the axial slice is on the screen while nothing is zoomed or moved. */
export async function pointOf(page, x, y) {
  const box = await stage(page).boundingBox();
  const [u, v] = pixelOf(label, box, x, y);
  return [box.x + u, box.y + v];
}

/** Opens a sheet of controls, if it is closed. */
export async function sheet(page, name) {
  const summary = page.locator(".popover > summary", { hasText: name });
  if (await summary.evaluate((node) => !node.parentElement.open)) await summary.click();
}

/** Leaves one layer on the canvas, fully opaque. */
export async function only(page, name) {
  for (const box of await page.locator(".strip input[type=checkbox]").all()) {
    await box.setChecked((await box.getAttribute("aria-label")) === `Show ${name}`);
  }
}
