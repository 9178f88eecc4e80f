// What does the network get to see? Folders of subjects, channels, labels, splits and values, on small data sets.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { SHAPE, brats, folder, image, label, nnunet, tumour, value } from "../lib/cohort.mjs";
import { asFile, dropFiles, writeNifti } from "../lib/nifti.mjs";
import { pageTest, screenshot } from "../lib/page.mjs";
import { button, choose, makeSmall } from "../lib/run.mjs";

const intake = (page) => page.getByRole("region", { name: "Your files" });
const state = (page) => page.getByRole("status", { name: "Training state" });
const pick = (page, name) => page.getByRole("combobox", { name, exact: true });
const table = (page, name) => page.getByRole("table", { name, exact: true });

/** Opens a folder by the folder picker; the page has opened its own sample before. */
async function openFolder(page, made) {
  await page.locator("#classes").getByRole("row", { name: /liver/ }).waitFor();
  await page.getByLabel("Open a folder of images and labels").setInputFiles(made.root);
}

const cells = (locator) => locator.evaluate((element) =>
  [...element.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim())));

/** Voxels of each number of the label file. */
function counted() {
  const counts = {};
  for (let z = 0; z < SHAPE[2]; z += 1) {
    for (let y = 0; y < SHAPE[1]; y += 1) {
      for (let x = 0; x < SHAPE[0]; x += 1) {
        const number = tumour(x, y, z);
        counts[number] = (counts[number] ?? 0) + 1;
      }
    }
  }
  return counts;
}

const plainNumber = (text) => Number(text.replace(/\s/g, ""));

pageTest("a folder in nnU-Net's layout: pairs are told, subjects and channels can be looked at, and a run takes all", async (page) => {
  const made = nnunet([1, 2, 10]);
  try {
    await openFolder(page, made);
    await intake(page).getByText(/3 subjects with 2 channels and a label each/).waitFor();
    const pairs = await cells(table(page, "Pairs"));
    assert.deepEqual(pairs.map((row) => row[0]), ["case_1", "case_2", "case_10"]);
    assert.match(pairs[2][1], /0000: case_10_0000\.nii\.gz, 0001: case_10_0001\.nii\.gz/);
    assert.deepEqual(pairs.map((row) => row[3]), ["ready", "ready", "ready"]);
    await intake(page).getByText(/Left over \(1\)/).click();
    assert.match(await page.getByRole("list", { name: "Left over" }).innerText(), /case_9_0000\.nii\.gz: there is no label for case_9/);
    await screenshot(page, "data pairs");
    await button(page, "Open 3 subjects").click();
  } finally {
    made.remove();
  }

  // Names of classes and channels come from dataset.json.
  await page.locator("#classes").getByRole("row", { name: /active part/ }).waitFor();
  assert.deepEqual(await pick(page, "Channel").locator("option").allInnerTexts(), ["T1", "FLAIR"]);
  // 16-bit voxels twice and label numbers and classes of 8 bits.
  const bytes = 3 * SHAPE[0] * SHAPE[1] * SHAPE[2] * (2 + 2 + 1 + 1);
  await page.getByText(`${(bytes / 1000).toFixed(1)} kB in memory`).waitFor();

  // Every subject and channel shows its own values: the viewer's full range tells.
  await pick(page, "Subject").selectOption("case_10");
  await pick(page, "Channel").selectOption("FLAIR");
  await pick(page, "Window preset").selectOption({ label: "Full range" });
  let most = 0;
  for (let z = 0; z < SHAPE[2]; z += 1) for (let y = 0; y < SHAPE[1]; y += 1) for (let x = 0; x < SHAPE[0]; x += 1) most = Math.max(most, value(10, 2, x, y, z));
  const width = page.getByRole("spinbutton", { name: "Width", exact: true });
  await page.waitForFunction(([element, most]) => Number(element.value) === most, [await width.elementHandle(), most]);

  const split = await cells(table(page, "Subjects"));
  assert.deepEqual(split.map((row) => [row[0], row[3] > 0, row[4] > 0]), [
    ["case_1", true, false], ["case_2", true, false], ["case_10", false, true],
  ]);
  await button(page, "Validate only on case_1").click();
  const left = async () => (await cells(table(page, "Subjects"))).map((row) => row[4] > 0);
  assert.deepEqual(await left(), [true, false, false]);

  // Both panels count all subjects, whichever is on screen.
  const needed = page.getByLabel("What the run needs").locator("div", { hasText: "Slices" }).locator("dd");
  const numbers = (text) => /(\d+) .*train, (\d+) .*validate/.exec(text).slice(1);
  const counts = numbers(await page.getByRole("note", { name: "Split in words" }).innerText());
  const said = await needed.innerText();
  assert.deepEqual(numbers(said), counts);
  assert.match(said, /of 2 subjects train, \d+ of 1 subject validate/);
  assert.ok(Number(counts[1]) > 0);

  await makeSmall(page, { steps: 20 });
  await button(page, "Run").click();
  await page.getByText(/is predicted after step/).waitFor();
  // Looking at another subject does not end the run, and its slice is predicted too.
  await pick(page, "Subject").selectOption("case_2");
  await state(page).filter({ hasText: "Finished" }).waitFor();
  await page.getByText("is predicted after step 20").waitFor();
  await button(page, "Predict the volume").click();
  await page.getByRole("status", { name: "Classes of the volume" }).filter({ hasText: "over" }).waitFor();
  await screenshot(page, "data nnunet", { fullPage: true });
});

pageTest("BraTS by name: four channels, three regions, label files written and read", async (page) => {
  const made = brats([1, 2]);
  try {
    await openFolder(page, made);
    // Nothing is left open, so nothing is asked.
    await page.locator("#classes").getByRole("row", { name: /enhancing tumour/ }).waitFor();
  } finally {
    made.remove();
  }
  assert.deepEqual(await pick(page, "Channel").locator("option").allInnerTexts(), ["T1", "T1ce", "T2", "FLAIR"]);
  await page.getByText("Names, colours, merging").click();
  const counts = counted();
  const rows = await cells(table(page, "Label table"));
  assert.deepEqual(rows.map((row) => [row[0], plainNumber(row[4])]), [1, 2, 4].map((n) => [String(n), 2 * counts[n]]));

  const voxels = async (name) => plainNumber(await page.locator("#classes table.classes").getByRole("row", { name }).locator("td").nth(2).innerText());
  await button(page, "Whole tumour (WT)").click();
  await page.locator("#classes table.classes").getByRole("row", { name: /whole tumour/ }).waitFor();
  assert.equal(await page.locator("#classes table.classes tbody tr").count(), 2);
  assert.equal(await voxels(/whole tumour/), counts[1] + counts[2] + counts[4]);
  await button(page, "Tumour core (TC)").click();
  await page.locator("#classes table.classes").getByRole("row", { name: /tumour core/ }).waitFor();
  assert.equal(await voxels(/tumour core/), counts[1] + counts[4]);
  await button(page, "Enhancing tumour (ET)").click();
  await page.locator("#classes table.classes").getByRole("row", { name: /enhancing tumour/ }).waitFor();
  assert.equal(await voxels(/enhancing tumour/), counts[4]);
  await page.getByRole("group", { name: "Views of the labels" }).getByRole("button", { name: "All classes apart" }).click();
  await page.locator("#classes table.classes").getByRole("row", { name: /oedema/ }).waitFor();

  // By hand: merge, rename, recolour; and all of it through an ITK-SNAP file.
  await pick(page, "2 counts as").selectOption({ label: "necrotic core" });
  assert.equal(await page.locator("#classes table.classes tbody tr").count(), 3);
  const name = page.getByRole("textbox", { name: "Name of 1" });
  await name.fill("core and oedema");
  await name.press("Tab");
  await page.getByLabel("Colour of 1").fill("#123456");
  await page.locator("#classes table.classes").getByRole("row", { name: /core and oedema/ }).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Save ITK-SNAP labels").click()]);
  const text = await readFile(await download.path(), "utf8");
  assert.match(text, /^\s*1\s+18\s+52\s+86\s+1\s+1\s+1\s+"core and oedema"$/m);
  await page.getByLabel("Open ITK-SNAP labels").setInputFiles({
    name: "mine.txt", mimeType: "text/plain", buffer: Buffer.from(text.replace("core and oedema", "both together")),
  });
  await page.getByText("3 names and colours come from mine.txt.").waitFor();
  await page.locator("#classes table.classes").getByRole("row", { name: /both together/ }).waitFor();
  await screenshot(page, "data brats", { fullPage: true });
});

pageTest("a label that lies elsewhere: the remedy can be taken back, before and after it is opened", async (page) => {
  await page.locator("#classes").getByRole("row", { name: /liver/ }).waitFor();
  await dropFiles(page, "main", [asFile("scan.nii.gz", image(1, 1)), asFile("scan_seg.nii.gz", label(3))]);
  await intake(page).getByText(/lie up to 3\.0 mm apart/).waitFor();
  assert.ok(await button(page, "Open this pair").isDisabled());
  await button(page, "Use the image's position").click();
  await page.getByRole("list", { name: "Changes" }).waitFor();
  await button(page, "Undo: Use the image's position").click();
  await intake(page).getByText(/lie up to 3\.0 mm apart/).waitFor();
  await button(page, "Resample the label onto the image").click();
  await button(page, "Open this pair").click();
  await page.getByRole("list", { name: "Notes on the files" }).getByText(/Resample the label onto the image: changed by hand/).waitFor();
  await button(page, "Files and changes…").click();
  await button(page, "Undo: Resample the label onto the image").click();
  await button(page, "Use the image's position").click();
  await button(page, "Open this pair").click();
  await page.getByRole("list", { name: "Notes on the files" }).getByText(/Use the image's position: changed by hand/).waitFor();
});

pageTest("a channel on another grid is resampled onto the first, and that can be taken back", async (page) => {
  // Half as fine and stored from left to right; its values tell their column.
  const coarse = writeNifti([12, 10, 12], [2, 2, 2], "int16", (x) => 10 * x, {
    affine: [[-2, 0, 0, 22], [0, 2, 0, 0], [0, 0, 2, 0]],
  });
  const made = folder({
    "imagesTr/case_1_0000.nii.gz": image(1, 1), "imagesTr/case_1_0001.nii.gz": coarse, "labelsTr/case_1.nii.gz": label(),
  });
  try {
    await openFolder(page, made);
    await intake(page).getByText(/Channel 0001 has 12 × 10 × 12 voxels where the first channel has 24 × 20 × 12/).waitFor();
  } finally {
    made.remove();
  }
  assert.ok(await button(page, "Open this pair").isDisabled());
  await button(page, "Resample the channels onto the first").click();
  await intake(page).getByText(/Channel 0001 was resampled onto the grid of the first channel \(trilinear\) and covers all of it/).waitFor();
  await button(page, "Undo: Resample the channels onto the first").click();
  await intake(page).getByText(/Channel 0001 has 12 × 10 × 12 voxels/).waitFor();
  await button(page, "Resample the channels onto the first").click();
  await page.getByRole("list", { name: "Changes" }).waitFor();
  await button(page, "Open this pair").click();
  await page.getByRole("list", { name: "Notes on the files" }).getByText(/Resample the channels onto the first: changed by hand/).waitFor();
  await pick(page, "Channel").selectOption("0001");
  await pick(page, "Window preset").selectOption({ label: "Full range" });
  const width = page.getByRole("spinbutton", { name: "Width", exact: true });
  await page.waitForFunction((element) => Number(element.value) === 110, await width.elementHandle());
});

pageTest("a file of several volumes becomes channels", async (page) => {
  await page.locator("#classes").getByRole("row", { name: /liver/ }).waitFor();
  const four = writeNifti([...SHAPE, 3], [1, 1, 2], "int16", (x, y, z, t) => value(1, t + 1, x, y, z));
  await dropFiles(page, "main", [asFile("scan.nii.gz", four), asFile("scan_seg.nii.gz", label())]);
  await pick(page, "Volumes of a file").selectOption("channels");
  await button(page, "Open this pair").click();
  await pick(page, "Channel").waitFor();
  assert.deepEqual(await pick(page, "Channel").locator("option").allInnerTexts(), ["frame 1", "frame 2", "frame 3"]);
});

pageTest("splits, values and geometry: a leak is flagged, cuts are counted, and what changes makes a run outdated", async (page) => {
  await page.locator("#classes").getByRole("row", { name: /liver/ }).waitFor();
  const data = page.locator("#data");
  const leak = data.getByRole("alert").filter({ hasText: "This split leaks" });
  assert.equal(await leak.count(), 0, "by default nothing leaks");
  await choose(page, "Split", "Scattered (leaks)");
  await leak.waitFor();
  await choose(page, "Neighbouring slices", "2 on either side");
  await data.getByText(/The network's input has 5 channels/).waitFor();
  await choose(page, "Split", "By slab, with a gap");
  await data.getByText(/with a gap of 4 slices on either side/).waitFor();
  assert.equal(await leak.count(), 0, "the gap grows with the neighbours");

  const words = data.getByRole("note", { name: "Normalisation in words" });
  await words.filter({ hasText: /below −160 HU/ }).waitFor();
  const from = data.getByRole("spinbutton", { name: "From", exact: true });
  await from.fill("-1000");
  await from.press("Tab");
  await words.filter({ hasText: /below −1000 HU/ }).waitFor();
  await choose(page, "Normalisation", "z-score");
  await words.filter({ hasText: /z = \(v − / }).waitFor();
  await from.fill("101");
  await from.press("Tab");
  await words.filter({ hasText: /lower limit must lie below/ }).waitFor();
  await from.fill("0.5");
  await from.press("Tab");

  await choose(page, "Slices", "Cut to the body");
  await data.getByText("What the grid costs").click();
  const best = await cells(table(page, "Best Dice on this grid"));
  assert.ok(best.some((row) => Number(row[1]) > 0.9) && best.every((row) => row[1] === "–" || Number(row[1]) <= 1));

  await makeSmall(page, { steps: 3 });
  await page.getByRole("checkbox", { name: "Flips" }).check();
  const drawn = () => page.evaluate(() => [...document.querySelectorAll(".data__pictures canvas")].map((canvas) => canvas.toDataURL()));
  const before = await drawn();
  await button(page, "Show other random changes").click();
  await page.waitForFunction((before) => {
    const now = [...document.querySelectorAll(".data__pictures canvas")].map((canvas) => canvas.toDataURL());
    return now[0] === before[0] && now.slice(1).join() !== before.slice(1).join();
  }, before);
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();

  // Whoever takes the run home has all that decided it.
  await page.getByText("What was decided about the data", { exact: true }).click();
  const decided = await cells(table(page, "Decisions about the data"));
  const said = Object.fromEntries(decided);
  assert.match(said.Split, /^by slab, 5 apart: \d+ slices train, \d+ validate$/);
  assert.match(said.Values, /0\.5 … .* z-score/);
  assert.match(said.Slices, /^cut to the body, .* 64 × 64 pixels$/);
  assert.equal(said["Neighbouring slices"], "2 on either side");
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Download run (JSON)").click()]);
  const run = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.deepEqual([run.recipe.steps, run.history.train.length], [3, 3]);
  assert.deepEqual([run.data.split, run.data.cut_to_body, run.data.neighbours, run.data.grid], ["Slab", true, 2, [64, 64]]);
  assert.equal(run.data.channels[0].normalisation.ZScore.low, 0.5);
  const slices = run.data.subjects[0].slices;
  assert.ok(slices.train.every((slice) => slices.validation.every((other) => Math.abs(slice - other) > 4)));
  await screenshot(page, "data desk", { fullPage: true });
});
