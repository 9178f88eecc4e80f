// Why does this pixel cost what it costs? What the inspector says, against values computed here from the label file
// and from the logits that it shows.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { asFile, dropFiles, writeNifti } from "../lib/nifti.mjs";
import { pageTest, screenshot } from "../lib/page.mjs";
import { isContour, pixelOf } from "../lib/reference.mjs";
import { makeSmall } from "../lib/run.mjs";

/** Every loss, in the order of the keys. */
const EXPECTED = JSON.parse(readFileSync(new URL("../expected/losses.json", import.meta.url), "utf8"));

const SHAPE = [26, 22, 12];
const SPACING = [2, 3, 4];
const GRID = 64;
const PIXELS = GRID * GRID;

/** Logits are shown with three decimals, so what follows from two of them is off by a thousandth of itself. */
const DECIMALS = 1.1e-3;
/** Everything else is shown with four significant digits; sums and products of three of them. */
const DIGITS = 2e-3;

/** Two boxes that touch; the second is small. */
function phantomClass(x, y, z) {
  if (z < 1 || z > 10) return 0;
  if (x >= 5 && x <= 15 && y >= 4 && y <= 16) return 1;
  return x >= 16 && x <= 20 && y >= 8 && y <= 12 ? 2 : 0;
}

/** The label as the network's grid holds it: nothing beyond its edges. */
const label = {
  shape: SHAPE,
  spacing: SPACING,
  at: (x, y, z) => (x < 0 || y < 0 || x >= SHAPE[0] || y >= SHAPE[1] ? 0 : phantomClass(x, y, z)),
};
/** A small slice lies in the middle of the grid, pixel on pixel. */
const gridPixel = (x, y) => [x + (GRID - SHAPE[0]) / 2, y + (GRID - SHAPE[1]) / 2];
const VOXELS = { outside: [2, 2], corner: [5, 4], inside: [10, 10], touching: [16, 10], small: [18, 10] };

const inspector = (page) => page.locator(".inspector");
const head = (page) => inspector(page).locator(".inspector__head");

/** "−1.234 × 10⁻⁵" and "0.0123" as numbers. */
function number(text) {
  const [digits, power] = text.replaceAll("−", "-").replaceAll(/[\s\u00a0\u202f]/g, "").split("×10");
  const raised = (power ?? "⁰").replace("⁻", "-").replaceAll(/[⁰¹²³⁴-⁹]/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(digit));
  const value = Number(digits) * 10 ** Number(raised);
  assert.ok(Number.isFinite(value), `${text} is no number`);
  return value;
}

function near(a, b, tolerance, what) {
  assert.ok(Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b)), `${what}: ${a} is not ${b}`);
}

/** Opens the phantom and asks a small network about a slice of it. */
async function ask(page) {
  await page.locator(".stage").getByRole("img", { name: /with .*contour map/ }).waitFor();
  const image = writeNifti(SHAPE, SPACING, "int16", (x, y, z) => 100 * phantomClass(x, y, z) + ((7 * x + 3 * y + z) % 40));
  const classes = writeNifti(SHAPE, SPACING, "uint8", phantomClass);
  await dropFiles(page, "main", [asFile("scan.nii.gz", image), asFile("labels.nii.gz", classes)]);
  const confirm = page.getByRole("button", { name: "Open this pair" });
  const opened = page.getByText("26 × 22 × 12 voxels");
  await confirm.or(opened).first().waitFor();
  if (await confirm.isVisible()) await confirm.click();
  await opened.waitFor();
  await makeSmall(page, { steps: 5 });
  await page.locator("#pixels").getByRole("button", { name: /^Ask / }).first().click();
  await head(page).waitFor();
}

/** Where a voxel of the shown slice lies in the window. Not by the canvas's own size, which is that of its last picture. */
async function placeOf(page, [x, y]) {
  const box = await page.locator(".stage canvas").boundingBox();
  const [u, v] = pixelOf(label, box, x, y);
  return [box.x + u + 0.5, box.y + v + 0.5];
}

const z = async (page) => Number(await page.getByRole("slider", { name: "Slice" }).inputValue());

/** Waits until the inspector is at a voxel, chosen by the pointer or by the crosshair. */
async function reached(page, voxel, by) {
  const [x, y] = gridPixel(...voxel);
  await head(page).filter({ hasText: `Under the ${by}: pixel (${x}, ${y}) of the ${GRID} × ${GRID} grid` }).waitFor();
}

async function cells(table) {
  const rows = await table.locator("tbody tr").all();
  return Promise.all(rows.map(async (row) => (await row.locator("th, td").allInnerTexts()).map((text) => text.trim())));
}

/** The class table, a row for each class, and whatever the head says. */
async function read(page) {
  const table = inspector(page).getByRole("table", { name: "The pixel by class" });
  const unit = (await table.locator("thead th").last().innerText()).split("∂L/∂z")[1].trim();
  const power = unit === "" ? 1 : number(`1 ${unit}`);
  const classes = (await cells(table)).map(([name, logit, p, g, contour, gradient]) => ({
    class: Number(/^\d+/.exec(name)[0]),
    logit: number(logit),
    p: number(p),
    g: number(g),
    contour: contour === "yes",
    gradient: number(gradient) * power,
  }));
  const said = (await head(page).innerText()).replaceAll(/\s+/g, " ");
  const [, reference, predicted, contour, weight] = /Reference (.+?) ?, predicted (.+?) ?, on (.+?); weight ([\d.]+)/.exec(said);
  const cost = number(/Costs ([−\d.]+(?:\s×\s10[⁻⁰¹²³⁴-⁹]+)?)/.exec(said)[1]);
  return { classes, reference, predicted, contour, weight: Number(weight), cost };
}

/** A term's price, as its heading states it. */
async function price(page, name) {
  const text = await inspector(page).getByRole("region", { name, exact: true }).locator(".inspector__cost").innerText();
  return number(text.replace("costs", ""));
}

/** The table that adds up: term → [this pixel, all pixels, in the loss]. */
async function sums(page) {
  const rows = await cells(inspector(page).getByRole("table", { name: "Shares of the loss" }));
  return new Map(rows.map(([name, ...figures]) => [name, figures.map(number)]));
}

/** Chooses a loss and waits until the inspector speaks of it. */
async function choose(page, key) {
  const before = await inspector(page).locator(".inspector__sum").innerText();
  await page.locator("#loss").getByRole("combobox", { name: "Loss", exact: true }).selectOption(key);
  await page.waitForFunction((before) => {
    const now = document.querySelector(".inspector__sum")?.innerText ?? before;
    return now !== before;
  }, before);
}

/** Head and class table against the label file; p and the prediction against the shown logits. */
async function checkPixel(page, [x, y], { weighted }) {
  const seen = await read(page);
  const slice = await z(page);
  const own = label.at(x, y, slice);
  const onContour = isContour({ ...label, shape: [Infinity, Infinity] }, x, y, slice, 1);
  const name = (k) => (k === 0 ? /background/ : new RegExp(`\\b${k}\\b`));
  assert.match(seen.reference, name(own));
  assert.match(seen.contour, onContour ? name(own) : /^no contour$/);
  assert.equal(seen.weight, weighted && onContour ? 3 : 1);
  assert.deepEqual(seen.classes.map((row) => row.class), [0, 1, 2]);

  const exp = seen.classes.map((row) => Math.exp(row.logit));
  const sum = exp.reduce((a, b) => a + b);
  seen.classes.forEach((row, k) => {
    near(row.p, exp[k] / sum, DECIMALS, `p of class ${k} at ${x}, ${y}`);
    assert.equal(row.g, Number(k === own));
    assert.equal(row.contour, onContour && k === own);
  });
  const best = seen.classes.reduce((best, row) => (row.logit > best.logit ? row : best));
  assert.match(seen.predicted, name(best.class));
  return { ...seen, own, surprise: Math.log(sum) - seen.classes[own].logit };
}

/** The pixel's terms add up to its share, and the shares of all pixels to the loss, term by term. */
async function checkSums(page, cost) {
  const rows = await sums(page);
  const [share, sum, loss] = rows.get("Loss");
  assert.equal(sum, loss, "the shares of all pixels add up to the loss");
  near(share * PIXELS, cost, DIGITS, "share and cost");
  const terms = [...rows].filter(([name]) => name !== "Loss");
  if (terms.length === 0) return rows;
  for (const [name, [, all, entry]] of terms) near(all, entry, DIGITS, name);
  [share, sum, loss].forEach((whole, column) => {
    const size = Math.max(...terms.map(([, row]) => Math.abs(row[column])));
    const added = terms.reduce((total, [, row]) => total + row[column], 0);
    assert.ok(Math.abs(added - whole) <= DIGITS * size, `column ${column}: ${added} is not ${whole}`);
  });
  return rows;
}

pageTest("pointer, click and keys choose the pixel; class, contour and weight are the label file's", async (page) => {
  await ask(page);
  for (const voxel of Object.values(VOXELS)) {
    await page.mouse.move(...(await placeOf(page, voxel)));
    await reached(page, voxel, "pointer");
    const seen = await checkPixel(page, voxel, { weighted: true });
    await checkSums(page, seen.cost);
  }
  await page.mouse.click(...(await placeOf(page, VOXELS.corner)));
  await reached(page, VOXELS.corner, "crosshair");
  await page.mouse.move(...(await placeOf(page, VOXELS.inside)));
  await reached(page, VOXELS.inside, "pointer");
  await page.mouse.move(5, 5);
  await reached(page, VOXELS.corner, "crosshair");
  await checkPixel(page, VOXELS.corner, { weighted: true });

  // A resting pointer does not hold the pixel against the keys.
  await page.mouse.move(...(await placeOf(page, VOXELS.inside)));
  await reached(page, VOXELS.inside, "pointer");
  await page.getByRole("application", { name: /Slice viewer/ }).focus();
  const [x, y] = VOXELS.corner;
  await page.keyboard.press("ArrowLeft");
  await reached(page, [x + 1, y], "crosshair");
  await page.keyboard.press("ArrowUp");
  await reached(page, [x + 1, y + 1], "crosshair");
  await checkPixel(page, [x + 1, y + 1], { weighted: true });

  // Another slice is another question, which the network answers by itself.
  const before = await z(page);
  await page.keyboard.press("PageDown");
  await page.getByText(`Axial slice ${before - 1}, predicted with`).waitFor();
  await reached(page, [x + 1, y + 1], "crosshair");
  await checkPixel(page, [x + 1, y + 1], { weighted: true });
  await inspector(page).scrollIntoViewIfNeeded();
  await screenshot(page, "inspector");
});

pageTest("the shown numbers lead to the shown terms: compound loss, cross-entropy and Dice", async (page) => {
  await ask(page);
  const formula = (name) => inspector(page).getByRole("region", { name, exact: true }).locator("math").allTextContents();
  for (const voxel of [VOXELS.corner, VOXELS.inside]) {
    await page.mouse.click(...(await placeOf(page, voxel)));
    await reached(page, voxel, "crosshair");
    await page.mouse.move(5, 5);

    const { weight, own, surprise, cost, classes } = await checkPixel(page, voxel, { weighted: true });
    const pixelTerm = await price(page, "Contour-weighted cross-entropy");
    near(pixelTerm, weight * surprise, DECIMALS, "−w log p");
    const lines = (await formula("Contour-weighted cross-entropy")).join(" ");
    for (const shown of [classes[own].p, weight]) assert.ok(lines.includes(String(shown)), `${shown} is not in ${lines}`);
    const rows = await checkSums(page, cost);
    assert.deepEqual([...rows.keys()], ["Contour-weighted cross-entropy", "Separable Dice: D(contour)", "Separable Dice: D(rest)", "Loss"]);
    const onContour = own > 0 && isContour(label, ...voxel, await z(page), 1);
    assert.equal(rows.get("Separable Dice: D(contour)")[0] !== 0, onContour, "D(contour) is shared among its contour's pixels");

    await choose(page, "cross_entropy");
    const plain = await checkPixel(page, voxel, { weighted: false });
    near(await price(page, "Loss"), plain.surprise, DECIMALS, "−log p");
    near(plain.cost, plain.surprise, DECIMALS, "−log p");
    await checkSums(page, plain.cost);
    // ∂L/∂z = (p − g)/|Ω|
    for (const row of plain.classes) {
      const expected = (row.p - row.g) / PIXELS;
      assert.ok(Math.abs(row.gradient - expected) <= DIGITS * Math.abs(expected) + 1e-3 / PIXELS, `${row.gradient} is not ${expected}`);
    }

    await choose(page, "dice");
    const dice = await checkPixel(page, voxel, { weighted: false });
    await checkSums(page, dice.cost);
    const table = await cells(inspector(page).getByRole("table", { name: "Loss, by class" }));
    assert.deepEqual(table.map(([name]) => Number(/^\d+/.exec(name)[0])), [1, 2], "without the background");
    let added = 0;
    table.forEach(([, p, g, s, adds], i) => {
      assert.deepEqual([number(p), number(g)], [dice.classes[i + 1].p, dice.classes[i + 1].g]);
      near(number(adds), number(s) * Math.abs(number(p) - number(g)), DIGITS, "S |p − g|");
      added += number(adds);
    });
    near(added, dice.cost, DIGITS, "the sum over the classes");
    await choose(page, "cwcd");
  }
});

pageTest("every loss of the menu is worked out, and adds up", async (page) => {
  await ask(page);
  await page.mouse.click(...(await placeOf(page, VOXELS.touching)));
  await reached(page, VOXELS.touching, "crosshair");
  await page.mouse.move(5, 5);
  const menu = page.locator("#loss").getByRole("combobox", { name: "Loss", exact: true });
  const keys = await menu.locator("option").evaluateAll((options) => options.map((option) => option.value));
  assert.deepEqual(keys.toSorted(), Object.keys(EXPECTED));
  for (const key of keys) {
    if (key !== await menu.inputValue()) await choose(page, key);
    assert.ok(await inspector(page).locator("math").count() >= 2, `${key} has no formula`);
    assert.equal(await inspector(page).locator("merror").count(), 0, `${key}: a formula is broken`);
    const { cost } = await read(page);
    const prices = (await inspector(page).locator(".inspector__cost").allInnerTexts()).map((text) => number(text.replace("costs", "")));
    const size = Math.max(...prices.map(Math.abs));
    const added = prices.reduce((a, b) => a + b, 0);
    // Top-k leaves the pixel out if others of its image cost more, and says so.
    if (size === 0) assert.match(await inspector(page).innerText(), /pixels with the largest values count/, `${key}: nothing but zeros`);
    assert.ok(Math.abs(added - cost) <= DIGITS * size, `${key}: ${prices} do not add up to ${cost}`);
    const rows = await checkSums(page, cost);
    // Each formula ends with the share that the table has for its term.
    for (const block of await inspector(page).getByRole("region").filter({ has: page.locator("math") }).all()) {
      const name = await block.getAttribute("aria-label");
      const last = (await block.locator("math").allTextContents()).at(-1).replaceAll("−", "-").replaceAll(/\s/g, "");
      const [, digits, power = 0] = /=(-?[\d.]+)(?:×10(-?\d+))?$/.exec(last) ?? assert.fail(`${key}: ${last} ends with no number`);
      near(Number(digits) * 10 ** Number(power), rows.get(name)[0], DIGITS, `${key}, ${name}: ${last}`);
    }
  }
});

pageTest("on a telephone without a graphics device: a tap chooses, and every table fits the screen", {
  without: ["--enable-unsafe-webgpu"],
  allow: [/No available adapters/],
  context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: "dark" },
}, async (page) => {
  await ask(page);
  await page.locator(".stage").scrollIntoViewIfNeeded();
  await page.touchscreen.tap(...(await placeOf(page, VOXELS.touching)));
  await reached(page, VOXELS.touching, "crosshair");
  const seen = await checkPixel(page, VOXELS.touching, { weighted: true });
  await checkSums(page, seen.cost);
  const wide = await inspector(page).locator("table, section, .inspector__head").evaluateAll((nodes) => nodes
    .filter((node) => node.getBoundingClientRect().right > 390)
    .map((node) => node.getAttribute("aria-label") ?? node.className));
  assert.deepEqual(wide, []);
  await inspector(page).scrollIntoViewIfNeeded();
  await screenshot(page, "inspector-telephone");
});
