// What if the label were wrong? A stroke of the pen, and everything that follows from it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { canvasPixels } from "../lib/canvas.mjs";
import { pageTest, screenshot } from "../lib/page.mjs";
import { isContour, pixelOf, readLabel } from "../lib/reference.mjs";
import { button, history, makeSmall } from "../lib/run.mjs";
import { SHAPE, SPACING, becomes, label, only, openPhantom, phantomClass, pointOf, sheet, stage, voxel } from "../lib/viewer.mjs";

/** Rounding to 8 bits, twice: in the kernel and on the way to the screen. */
const ROUNDING = 2;

const changed = (page) => page.getByRole("status", { name: "Edits of the label" }).innerText();

/** The phantom with other classes in some voxels of the slice. */
const edited = (z, voxels) => ({
  shape: SHAPE,
  spacing: SPACING,
  at: (x, y, slice) => (slice === z ? voxels[`${x},${y}`] : undefined) ?? phantomClass(x, y, slice),
});

/** Voxels of the slice that are drawn as contour, and those that should be. */
async function contours(page, wanted, z) {
  const canvas = await canvasPixels(page, ".stage canvas");
  const differ = [];
  for (let y = 0; y < SHAPE[1]; y += 1) {
    for (let x = 0; x < SHAPE[0]; x += 1) {
      const [r, g, b] = canvas.at(...pixelOf(label, canvas, x, y));
      const should = wanted.at(x, y, z) > 0 && isContour(wanted, x, y, z, 1);
      if ((Math.max(r, g, b) > ROUNDING) !== should) differ.push(`${x},${y}`);
    }
  }
  return differ;
}

const showsContourOf = (page, wanted, z) => becomes(page, () => contours(page, wanted, z), [], "voxels that differ from the contour");

async function stroke(page, from, to) {
  await page.mouse.move(...(await pointOf(page, ...from)));
  await page.mouse.down();
  await page.mouse.move(...(await pointOf(page, ...to)));
}

async function pen(page, name, size, klass) {
  await sheet(page, "Edit");
  await page.getByRole("radiogroup", { name: "Tool" }).getByRole("radio", { name, exact: true }).check();
  const brush = page.getByRole("spinbutton", { name: "Brush" });
  await brush.fill(String(size));
  await brush.press("Tab");
  if (klass !== undefined) await page.getByRole("combobox", { name: "Class that the pen draws" }).selectOption(String(klass));
  await page.locator(".popover > summary", { hasText: "Edit" }).click();
}

pageTest("a stroke changes the contour while it is drawn; it is taken back, brought back, saved and reverted", async (page) => {
  await openPhantom(page);
  await only(page, "contour map");
  const [, , z] = await voxel(page);
  await showsContourOf(page, label, z);

  await pen(page, "Pen", 1, 1);
  const notch = { "5,10": 1, "6,10": 1, "7,10": 1 };
  await stroke(page, [5, 10], [7, 10]);
  await showsContourOf(page, edited(z, notch), z);
  await page.mouse.up();
  await showsContourOf(page, edited(z, notch), z);
  assert.match(await changed(page).catch(() => ""), /^$|3 voxels differ/);
  const counted = page.getByRole("table", { name: "Classes of the reference labels" });
  await counted.getByText("150", { exact: true }).waitFor(); // 7 × 7 × 3 voxels and the stroke's

  await pen(page, "Eraser", 3);
  await stroke(page, [6, 5], [6, 5]);
  await page.mouse.up();
  const hole = { ...notch };
  for (const x of [5, 6, 7]) for (const y of [4, 5, 6]) hole[`${x},${y}`] = 0;
  await showsContourOf(page, edited(z, hole), z);
  await screenshot(page, "edit");

  await stage(page).focus();
  await page.keyboard.press("Control+z");
  await showsContourOf(page, edited(z, notch), z);
  await page.keyboard.press("Control+z");
  await showsContourOf(page, label, z);
  await page.keyboard.press("Control+y");
  await page.keyboard.press("Control+y");
  await showsContourOf(page, edited(z, hole), z);

  await sheet(page, "Edit");
  assert.match(await changed(page), /12 voxels differ/);
  await screenshot(page, "edit-sheet");
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Save label (NIfTI)").click()]);
  assert.match(download.suggestedFilename(), /scan_a.*edited\.nii\.gz/);
  const saved = readLabel(await readFile(await download.path()));
  assert.deepEqual(saved.shape, SHAPE);
  const wanted = edited(z, hole);
  for (let slice = 0; slice < SHAPE[2]; slice += 1) {
    for (let y = 0; y < SHAPE[1]; y += 1) {
      for (let x = 0; x < SHAPE[0]; x += 1) assert.equal(saved.at(x, y, slice), wanted.at(x, y, slice), `${x}, ${y}, ${slice}`);
    }
  }
  await button(page, "Revert all").click();
  await showsContourOf(page, label, z);
  assert.match(await changed(page), /as its file has it/);
});

pageTest("keys draw as well: crosshair, pen, Enter", async (page) => {
  await openPhantom(page);
  await only(page, "contour map");
  const [, , z] = await voxel(page);
  await stage(page).focus();
  for (let guard = 0; (await voxel(page))[1] < 10; guard += 1) {
    assert.ok(guard < 12, "the keys do not lead there");
    await page.keyboard.press("ArrowUp");
  }
  const [x, y] = await voxel(page);
  await page.keyboard.press("b");
  for (let size = 5; size > 1; size -= 1) await page.keyboard.press("Shift+S");
  await page.keyboard.press("n");
  await page.keyboard.press("Enter");
  await showsContourOf(page, edited(z, { [`${x},${y}`]: 2 }), z);
});

pageTest("the next run trains on the edited label", async (page) => {
  await openPhantom(page);
  await makeSmall(page, { steps: 10 });
  const losses = async () => {
    await button(page, "Run").click();
    await page.locator("#training").getByText("Finished").first().waitFor();
    return (await history(page)).map((row) => Object.values(row).join());
  };
  const before = await losses();
  await stage(page).focus();
  for (let guard = 0; (await page.locator(".place__use").innerText()).startsWith("Training slice") === false; guard += 1) {
    assert.ok(guard < SHAPE[2], "no slice is for training");
    await page.keyboard.press("PageDown");
  }
  await pen(page, "Eraser", 9);
  await stroke(page, [6, 3], [6, 7]);
  await page.mouse.up();
  await page.getByText("Reset applies them").waitFor();
  await button(page, "Reset").click();
  await becomes(page, () => button(page, "Run").isEnabled(), true, "Run");
  const after = await losses();
  assert.equal(after.length, before.length);
  assert.notDeepEqual(after, before, "it learns from another label");
});

pageTest("another study does not take the strokes away, and merging classes does not either", async (page) => {
  await openPhantom(page);
  await only(page, "contour map");
  const [, , z] = await voxel(page);
  await pen(page, "Pen", 1, 1);
  const notch = { "5,10": 1, "6,10": 1, "7,10": 1 };
  await stroke(page, [5, 10], [7, 10]);
  await page.mouse.up();
  await showsContourOf(page, edited(z, notch), z);

  // Another table is another label: what was drawn is a stroke of it, which can be taken back.
  await page.getByText("Names, colours, merging").click();
  const two = page.getByRole("combobox", { name: "2 counts as", exact: true });
  await two.selectOption({ label: "Background" });
  await becomes(page, () => page.locator("#classes table.classes tbody tr").count(), 2, "classes");
  await two.selectOption({ label: "Itself" });
  await showsContourOf(page, edited(z, notch), z);
  await sheet(page, "Edit");
  await becomes(page, () => changed(page), "3 voxels differ from the label’s file.", "the edits");

  const study = page.getByRole("combobox", { name: "Study", exact: true });
  const sample = await study.locator("option").first().getAttribute("value");
  await study.selectOption(sample);
  const left = page.getByRole("status").filter({ hasText: /Your strokes on “scan_a.*” are kept/ });
  await left.waitFor();
  await becomes(page, () => changed(page), "The label is as its file has it.", "the edits");
  await button(page, "Back to them").click();
  await page.getByText("14 × 12 × 5 voxels of 2 × 3 × 4 mm").waitFor();
  assert.equal(await left.count(), 0, "what is on screen is not left behind");
  await only(page, "contour map");
  for (let guard = 0; (await voxel(page))[2] !== z; guard += 1) {
    assert.ok(guard < SHAPE[2], "the slice is not found again");
    await stage(page).focus();
    await page.keyboard.press((await voxel(page))[2] < z ? "PageUp" : "PageDown");
  }
  await showsContourOf(page, edited(z, notch), z);
  await stage(page).focus();
  await page.keyboard.press("Control+z");
  await showsContourOf(page, label, z);

  // Nothing is left of the strokes now, so there is nothing to keep.
  await study.selectOption(sample);
  await page.getByText("14 × 12 × 5 voxels of 2 × 3 × 4 mm").waitFor({ state: "detached" });
  assert.equal(await left.count(), 0);
});
