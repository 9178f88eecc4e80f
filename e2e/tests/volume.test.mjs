// How good is the whole volume? A small study in a turned voxel order, with label values that are not class numbers.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import * as nifti from "nifti-reader-js";

import { asFile, dropFiles, writeNifti } from "../lib/nifti.mjs";
import { pageTest, screenshot } from "../lib/page.mjs";
import { makePlain } from "../lib/run.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });
const state = (page) => page.getByRole("status", { name: "Training state" });
const counts = (page) => page.getByRole("status", { name: "Classes of the volume" });

/** The file's axes run upwards, to the left and to the back; the voxels are oblong. */
const SHAPE = [9, 22, 18];
const SPACING = [4, 1.5, 2];
const AFFINE = [
  [0, -1.5, 0, 12.5],
  [0, 0, -2, 20.25],
  [4, 0, 0, -7],
];
const VOXEL_ML = (4 * 1.5 * 2) / 1000;

/** What the label file holds for background, block and rod. */
const VALUES = [0, 3, 40];

/** Predicting and measuring share the page's thread in turns of some ten milliseconds; the rest is room for a slow machine. */
const LONGEST_TASK_MS = 1000;

/** A block that is easy to find, and a thin rod that is not. */
function value(s, l, p) {
  if (s >= 1 && s < 8 && l >= 4 && l < 13 && p >= 3 && p < 12) return VALUES[1];
  return s >= 2 && s < 7 && l === 17 && p >= 12 && p < 15 ? VALUES[2] : VALUES[0];
}

const intensity = (s, l, p) => 20 * VALUES.indexOf(value(s, l, p)) + ((7 * s + 5 * l + 3 * p) % 11);

async function choose(page, group, option) {
  await page.getByRole("radiogroup", { name: group, exact: true }).getByRole("radio", { name: option, exact: true }).check();
}

async function type(page, name, number) {
  const field = page.getByRole("spinbutton", { name, exact: true });
  await field.fill(String(number));
  await field.press("Tab");
}

async function makeSmall(page, steps) {
  await page.getByText("Settings of the run", { exact: true }).click();
  await makePlain(page);
  await choose(page, "Image size", "64");
  await choose(page, "UNet width", "4");
  await choose(page, "UNet depth", "2");
  await type(page, "Learning rate", 0.01);
  await type(page, "Batch", 2);
  await type(page, "Steps", steps);
  await type(page, "Validate every", steps);
}

async function openPhantom(page) {
  const affine = { affine: AFFINE };
  // Once the page has opened its own sample.
  await page.locator("#classes").getByRole("row", { name: /liver/ }).waitFor();
  await dropFiles(page, "body", [
    asFile("phantom.nii.gz", writeNifti(SHAPE, SPACING, "int16", intensity, affine)),
    asFile("phantom_label.nii.gz", writeNifti(SHAPE, SPACING, "uint8", value, affine)),
  ]);
  await button(page, "Number the classes without gaps").click();
  await button(page, "Open this pair").click();
  await page.locator("#classes").getByRole("row", { name: /class 40/ }).waitFor();
}

/** Rows of the table by class: what each column shows. */
async function scores(page, what = "volume") {
  const table = page.getByRole("table", { name: `Scores of the ${what} by class` });
  return table.evaluate((element) => {
    const cells = (row) => [...row.cells].map((cell) => cell.innerText.trim().replace(/\s+/g, " "));
    const [head, ...rows] = [...element.rows].map(cells);
    return Object.fromEntries(rows.map(([name, ...values]) => [
      name, Object.fromEntries(values.map((text, i) => [head[i + 1], text])),
    ]));
  });
}

async function predicted(page) {
  await button(page, "Predict the volume").click();
  await counts(page).filter({ hasText: "over" }).waitFor();
}

pageTest("the volume's table agrees with the downloaded mask, which lies where the image lies", async (page) => {
  await openPhantom(page);
  await makeSmall(page, 25);
  assert.ok(await button(page, "Download the mask (NIfTI)").isDisabled());
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  await predicted(page);
  await state(page).filter({ hasText: "Finished" }).waitFor();

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    button(page, "Download the mask (NIfTI)").click(),
  ]);
  assert.equal(download.suggestedFilename(), "phantom-prediction-step25.nii.gz");
  const bytes = nifti.decompress(new Uint8Array(await readFile(await download.path())).buffer);
  const header = nifti.readHeader(bytes);
  assert.deepEqual(header.affine.slice(0, 3), AFFINE);
  assert.deepEqual(header.dims.slice(0, 4), [3, ...SHAPE]);
  assert.deepEqual(header.pixDims.slice(1, 4), SPACING);
  assert.equal(header.datatypeCode, 2);
  const mask = new Uint8Array(nifti.readImage(header, bytes));
  assert.equal(mask.length, SHAPE[0] * SHAPE[1] * SHAPE[2]);

  const rows = await scores(page);
  const names = Object.keys(rows);
  assert.equal(names.length, 3, `two classes and their mean: ${names}`);
  const dices = [1, 2].map((k) => {
    let [found, wanted, both] = [0, 0, 0];
    mask.forEach((label, i) => {
      const here = value(i % SHAPE[0], Math.floor(i / SHAPE[0]) % SHAPE[1], Math.floor(i / (SHAPE[0] * SHAPE[1])));
      assert.ok(VALUES.includes(label), `${label} is none of the label file's values`);
      found += label === VALUES[k];
      wanted += here === VALUES[k];
      both += label === VALUES[k] && here === VALUES[k];
    });
    const row = rows[names[k - 1]];
    assert.equal(row["Predicted ml"], (found * VOXEL_ML).toFixed(2), names[k - 1]);
    assert.equal(row["Reference ml"], (wanted * VOXEL_ML).toFixed(2), names[k - 1]);
    const dice = (2 * both) / (found + wanted);
    assert.equal(row.Dice, dice.toFixed(4), names[k - 1]);
    if (found === 0) {
      assert.match(names[k - 1], /missed: never predicted/);
      // √((9 · 4)² + (22 · 1.5)² + (18 · 2)²)
      assert.equal(row["HD mm"], "60.67");
    }
    return dice;
  });
  assert.ok(dices[0] > 0.5, `the block is found: ${dices}`);
  assert.equal(rows["Mean of 2"].Dice, ((dices[0] + dices[1]) / 2).toFixed(4));
  await screenshot(page, "volume", { fullPage: true });
});

pageTest("a tolerance of the whole field forgives all, and a slice is measured in its plane", async (page) => {
  await openPhantom(page);
  await makeSmall(page, 4);
  await button(page, "Step").click();
  await state(page).filter({ hasText: "Paused" }).waitFor();
  await predicted(page);
  const [name] = Object.keys(await scores(page));
  const of = async (column) => (await scores(page))[name][column];
  const strict = async () => {
    await type(page, "Tolerance", 0);
    return of("Surface Dice");
  };
  const edges = await strict();
  await choose(page, "Surface Dice by", "contour length");
  await page.getByText("as DeepMind's surface-distance does").waitFor({ state: "attached" });
  const contours = await of("Surface Dice");
  await type(page, "Tolerance", 100);
  const whole = await of("Surface Dice");
  if (/missed|absent/.test(name)) assert.deepEqual([edges, contours, whole], [edges, edges, edges]);
  else assert.equal(whole, "1.0000");
  await type(page, "Tolerance", -1);
  await page.getByText("The tolerance is no length").waitFor();
  await type(page, "Tolerance", 2);

  await choose(page, "Measured in", "2D current slice");
  await page.getByText(/Axial slice \d+ after step 1/).waitFor();
  const slice = await scores(page, "slice");
  assert.equal(Object.keys(slice).length, 3);
  // The block has 9 × 9 pixels of 3 mm² in every slice that shows it.
  const [row] = Object.values(slice);
  assert.equal(row["Reference cm²"], ((81 * 3) / 100).toFixed(2));
  assert.ok(await page.getByText("The network was").isVisible());
});

pageTest("a volume under way can be cancelled, and training goes on", async (page) => {
  // 112 slices: there is time to change one's mind.
  await page.locator("#classes").getByRole("row", { name: /liver/ }).waitFor();
  await makeSmall(page, 50);
  await choose(page, "Image size", "128");
  await choose(page, "UNet width", "16");
  await button(page, "Predict the volume").click();
  await page.getByText(/Predicting: [1-9]\d* of 112 slices/).waitFor();
  await button(page, "Cancel the prediction").click();
  await state(page).filter({ hasText: "Paused" }).waitFor();
  assert.ok(await button(page, "Cancel the prediction").isDisabled());
  assert.ok(await button(page, "Download the mask (NIfTI)").isDisabled());
  assert.equal(await page.getByRole("status", { name: "Prediction of the volume" }).innerText(), "");
  await button(page, "Step").click();
  await page.getByText("Step 1 of 50").waitFor();
  await state(page).filter({ hasText: "Paused" }).waitFor();

  // Long tasks: the volume is predicted and measured while the page stays alive.
  await page.evaluate(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration);
    }).observe({ entryTypes: ["longtask"] });
  });
  await button(page, "Predict the volume").click();
  await counts(page).filter({ hasText: "over" }).waitFor();
  const longest = await page.evaluate(() => window.longest);
  assert.ok(longest <= LONGEST_TASK_MS, `the page stood still for ${longest} ms`);
  const rows = await scores(page);
  assert.equal(Object.keys(rows).length, 15, "14 organs and their mean");
  const [missed, absent] = /(\d+) missed, (\d+) absent/.exec(await counts(page).innerText()).slice(1).map(Number);
  assert.equal(Object.keys(rows).filter((name) => /missed/.test(name)).length, missed);
  assert.equal(Object.keys(rows).filter((name) => /absent/.test(name)).length, absent);
});

pageTest("the table fits a phone by scrolling in its own box", { context: { viewport: { width: 390, height: 844 }, colorScheme: "dark" } }, async (page) => {
  await openPhantom(page);
  await makeSmall(page, 2);
  await predicted(page);
  const [page_, box] = await page.evaluate(() => {
    const overflow = (element) => element.scrollWidth - element.clientWidth;
    return [overflow(document.documentElement), overflow(document.querySelector(".measures"))];
  });
  assert.equal(page_, 0, "the page itself does not scroll sideways");
  assert.ok(box > 0, "the table scrolls in its box");
  await page.locator("#scores").scrollIntoViewIfNeeded();
  await page.getByText("What do the columns mean?").click();
  await screenshot(page, "volume on a phone", { fullPage: true });
});
