// A class that is ignored: in no picture's contour, in no loss, in no score, and the label file keeps its number.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import * as nifti from "nifti-reader-js";

import { asFile, dropFiles, writeNifti } from "../lib/nifti.mjs";
import { pageTest, screenshot } from "../lib/page.mjs";
import { pixelOf } from "../lib/reference.mjs";
import { button, history, makeSmall, state } from "../lib/run.mjs";
import { SHAPE, SPACING, becomes, label, only, openPhantom, phantomClass, pointOf, sheet, stagePixels, voxel } from "../lib/viewer.mjs";

const [NX, NY, NZ] = SHAPE;
const IGNORED = 2;
/** To 8 bits, twice: in the kernel and on the way to the screen. */
const ROUNDING = 2;
/** Of class 2 in slice 2, the one that is shown. */
const INSIDE = [11, 5];

const classRows = (page) => page.locator("#classes table.classes tbody tr");
const readout = (page, name) =>
  page.locator(".readout__item", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) }).locator("dd").innerText();

/** Whether a voxel has a contour: of a class, with a neighbour in the slice that is known to be of another. */
function isDrawn(x, y, z) {
  const own = phantomClass(x, y, z);
  const around = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => phantomClass(x + dx, y + dy, z)));
  return own !== IGNORED && own > 0 && around.some((other) => other !== own && other !== IGNORED);
}

/** Voxels of the slice that are drawn as contour and should not be, or the other way round. */
async function differing(page, z) {
  const canvas = await stagePixels(page);
  const differ = [];
  for (let y = 0; y < NY; y += 1) {
    for (let x = 0; x < NX; x += 1) {
      const [r, g, b] = canvas.at(...pixelOf(label, canvas, x, y));
      if ((Math.max(r, g, b) > ROUNDING) !== isDrawn(x, y, z)) differ.push(`${x},${y}`);
    }
  }
  return differ;
}

async function ignoreTwo(page) {
  await page.getByText("Names, colours, merging").click();
  await page.getByRole("combobox", { name: "2 counts as", exact: true }).selectOption({ label: "Nothing (ignored)" });
  await becomes(page, () => classRows(page).count(), 2, "classes");
}

/** The phantom's labels as a downloaded file has them, by voxel. */
async function saved(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, name).click()]);
  const bytes = nifti.decompress(new Uint8Array(await readFile(await download.path())).buffer);
  const header = nifti.readHeader(bytes);
  return new Uint8Array(nifti.readImage(header, bytes));
}

const voxels = () => Array.from({ length: NX * NY * NZ }, (_, i) => [i % NX, Math.floor(i / NX) % NY, Math.floor(i / (NX * NY))]);

pageTest("what is ignored is grey, of no class, and makes no contour where it touches another", async (page) => {
  await openPhantom(page);
  await page.mouse.click(...(await pointOf(page, ...INSIDE)));
  const [, , z] = await voxel(page);
  await only(page, "contour map");
  await becomes(page, () => differing(page, z), (now) => now.includes("9,5") && now.includes("10,5"), "what is drawn while it counts");
  await ignoreTwo(page);
  assert.equal(await readout(page, "Class"), "ignored");
  await becomes(page, () => differing(page, z), [], "voxels that differ from the contour");

  await only(page, "reference labels");
  const canvas = await stagePixels(page);
  const [r, g, b] = canvas.at(...pixelOf(label, canvas, ...INSIDE));
  assert.ok(r > 40 && Math.max(r, g, b) - Math.min(r, g, b) <= ROUNDING, `${r} ${g} ${b} is no grey`);

  // A label that is saved has the file's own number all along.
  await sheet(page, "Edit");
  await page.getByRole("radiogroup", { name: "Tool" }).getByRole("radio", { name: "Pen", exact: true }).check();
  await page.getByRole("combobox", { name: "Class that the pen draws" }).selectOption("1");
  const brush = page.getByRole("spinbutton", { name: "Brush" });
  await brush.fill("1");
  await brush.press("Tab");
  await page.locator(".popover > summary", { hasText: "Edit" }).click();
  await page.mouse.click(...(await pointOf(page, 5, 10)));
  await sheet(page, "Edit");
  const labels = await saved(page, "Save label (NIfTI)");
  const wanted = ([x, y, slice]) => (x === 5 && y === 10 && slice === z ? 1 : phantomClass(x, y, slice));
  voxels().forEach((at, i) => assert.equal(labels[i], wanted(at), `${at}`));
  await page.getByRole("combobox", { name: "2 counts as", exact: true }).selectOption({ label: "Itself" });
  await becomes(page, () => classRows(page).count(), 3, "classes");
});

pageTest("a run learns without it, and its voxels are in no score", async (page) => {
  await openPhantom(page);
  await ignoreTwo(page);
  await page.mouse.click(...(await pointOf(page, ...INSIDE)));
  await makeSmall(page, { steps: 20, rate: 0.01 });
  await page.getByText("What was decided about the data").click();
  await page.getByRole("table", { name: "Decisions about the data" }).getByText(/class 1 \(1\); ignored \(2\)/).waitFor();
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  const rows = await history(page);
  assert.ok(rows.length >= 20 && rows.every((row) => Number.isFinite(Number(row.total))), "every loss is a number");

  await page.locator(".inspector__head").getByText(/Reference\s*ignored.*no term of the loss counts it\./s).waitFor();
  assert.equal(await page.locator(".inspector__price strong").innerText(), "0");

  await button(page, "Predict the volume").click();
  await page.getByRole("status", { name: "Classes of the volume" }).filter({ hasText: "over" }).waitFor();
  const mask = await saved(page, "Download the mask (NIfTI)");
  let [found, wanted, both] = [0, 0, 0];
  voxels().forEach((at, i) => {
    const here = phantomClass(...at);
    if (here === IGNORED) return;
    found += mask[i] === 1 ? 1 : 0;
    wanted += here === 1 ? 1 : 0;
    both += mask[i] === 1 && here === 1 ? 1 : 0;
  });
  assert.ok(found > 0, "something is found");
  const dice = ((2 * both) / (found + wanted)).toFixed(4);
  await page.locator("#scores").getByRole("row", { name: /class 1/ }).getByText(dice).first().waitFor();
  await screenshot(page, "ignored", { fullPage: true });
});

/** Two boxes with background between them: an object each while both count. */
const apart = (x, y, z) => (z < 1 || z > 3 || y < 3 || y > 7 ? 0 : x >= 2 && x <= 4 ? 1 : x >= 8 && x <= 10 ? 2 : 0);
const BETWEEN = [6, 5];

pageTest("what is ignored is no object for the weights of distance-weighted cross-entropy", async (page) => {
  await page.locator(".stage").getByRole("img", { name: /with .*contour map/ }).waitFor();
  const image = writeNifti(SHAPE, SPACING, "int16", (x, y, z) => 100 * apart(x, y, z) + ((7 * x + 3 * y + z) % 40));
  await dropFiles(page, "main", [asFile("scan_a.nii.gz", image), asFile("scan_b.nii.gz", writeNifti(SHAPE, SPACING, "uint8", apart))]);
  const pair = button(page, "Open this pair");
  const opened = page.getByText("14 × 12 × 5 voxels of 2 × 3 × 4 mm");
  await pair.or(opened).first().waitFor();
  if (await pair.isVisible()) await pair.click();
  await opened.waitFor();
  await page.locator("#loss").getByRole("combobox", { name: "Loss", exact: true }).selectOption("Distance-weighted cross-entropy");
  await page.mouse.click(...(await pointOf(page, ...BETWEEN)));
  await becomes(page, async () => Number(await readout(page, "Weight")), (weight) => weight > 2, "weight between two objects");
  await ignoreTwo(page);
  await becomes(page, () => readout(page, "Weight"), "1", "weight beside the only object");
});
