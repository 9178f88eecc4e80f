// What does each pixel cost? The maps of the loss against the numbers that the page gives, and against arithmetic done here.
import assert from "node:assert/strict";

import { canvasPixels } from "../lib/canvas.mjs";
import { inferno } from "../lib/inferno.mjs";
import { asFile, dropFiles, writeNifti } from "../lib/nifti.mjs";
import { pageTest, screenshot } from "../lib/page.mjs";
import { pixelOf } from "../lib/reference.mjs";

/** Rounding to 8 bits, in the palette and on the way to the screen, and once more in four digits of a number. */
const ROUNDING = 3;
/** The page shows four significant digits: half of the last one, relative. */
const DIGITS = 5e-4;
/** Two numbers of four digits and an exponential between them. */
const TWICE = 2e-3;

const SHAPE = [30, 26, 8];
const SPACING = [2, 2, 3];
const Z = 4;
/** On the contour of the disk, within it, and outside. */
const PLACES = [[8, 12], [15, 13], [15, 6], [3, 22], [15, 18]];

/** One class, so that for the cross-entropy |∂L/∂z| follows from the loss of the pixel: √2 (1 − exp(−loss)). */
function phantomClass(x, y, z) {
  return z >= 1 && z <= 6 && (x - 15) ** 2 + (y - 13) ** 2 <= 50 ? 1 : 0;
}
const label = { shape: SHAPE, spacing: SPACING, at: phantomClass };

const panel = (page) => page.locator("#pixels");
const number = (text) => Number(text.replace("≥", "").replaceAll("−", "-"));
const near = (a, b, relative) => Math.abs(a - b) <= relative * Math.max(Math.abs(a), Math.abs(b), 1e-6);
const choose = (page, group, option) =>
  page.getByRole("radiogroup", { name: group, exact: true }).getByRole("radio", { name: option, exact: true }).check();
const readout = (page, name) =>
  page.locator(".readout__item").filter({ has: page.locator("dt").getByText(name, { exact: true }) }).locator("dd");

/** Opens the phantom and asks a small network about its slice, under the plain cross-entropy. */
async function ask(page) {
  await page.locator(".stage").getByRole("img", { name: /with .*contour map/ }).waitFor();
  const image = writeNifti(SHAPE, SPACING, "int16", (x, y, z) => 100 * phantomClass(x, y, z) + ((7 * x + 3 * y + z) % 60));
  await dropFiles(page, "main", [asFile("scan.nii.gz", image), asFile("labels.nii.gz", writeNifti(SHAPE, SPACING, "uint8", phantomClass))]);
  const pair = page.getByRole("button", { name: "Open this pair" });
  const opened = page.getByText("30 × 26 × 8 voxels");
  await pair.or(opened).first().waitFor();
  if (await pair.isVisible()) await pair.click();
  await opened.waitFor();
  await page.getByText("Settings of the run", { exact: true }).click();
  await choose(page, "Image size", "64");
  await choose(page, "UNet width", "4");
  await choose(page, "UNet depth", "2");
  await page.locator("#loss").getByRole("combobox", { name: "Loss", exact: true }).selectOption("Cross-entropy");
  assert.equal(await page.locator(".strip__item--waits").count(), 2, "loss and prediction wait for the network");
  await moveTo(page, PLACES[0]);
  await page.getByRole("button", { name: /^Ask (the|an untrained) / }).last().click();
  await panel(page).getByText("The loss as a heat map").waitFor();
}

/** Moves the crosshair by the keyboard. */
async function moveTo(page, [x, y]) {
  await page.getByRole("application", { name: /Slice viewer/ }).focus();
  for (let guard = 0; guard < 80; guard += 1) {
    const [cx, cy, cz] = (await readout(page, "Voxel").innerText()).split(",").map(Number);
    if (cx === x && cy === y && cz === Z) return;
    const key = cz < Z ? "PageUp" : cz > Z ? "PageDown" : cx < x ? "ArrowLeft" : cx > x ? "ArrowRight" : cy < y ? "ArrowUp" : "ArrowDown";
    await page.keyboard.press(key);
  }
  assert.fail("the keys do not lead there");
}

/** What the read-out says at each of the places. */
async function valuesAt(page, name) {
  const values = [];
  for (const place of PLACES) {
    await moveTo(page, place);
    values.push(number(await readout(page, name).innerText()));
  }
  return values;
}

/** The values of the first and last colour of the bar in an element. */
async function ends(bar) {
  const marks = await bar.locator(".bar__mark").allInnerTexts();
  return [number(marks[0]), number(marks.at(-1))];
}

/** Lets the page paint once. */
const nextFrame = (page) => page.evaluate(() => new Promise(requestAnimationFrame));

/** Waits until the colours at the places are those of their values. */
async function colored(page, selector, pixelAt, values, [low, high]) {
  const expected = values.map((value) => inferno((value - low) / (high - low)));
  const deadline = Date.now() + 30_000;
  for (;;) {
    const canvas = await canvasPixels(page, selector);
    const found = PLACES.map((place) => canvas.at(...pixelAt(canvas, place)).slice(0, 3));
    const off = found.filter((color, i) => color.some((part, k) => !(Math.abs(part - expected[i][k]) <= ROUNDING)));
    if (off.length === 0) return;
    assert.ok(Date.now() < deadline, `colours ${JSON.stringify(found)} are not ${JSON.stringify(expected)}`);
    await nextFrame(page);
  }
}

const onPicture = (canvas, [x, y]) => pixelOf(label, canvas, x, y);
/** The small maps have a canvas pixel for each voxel: the patient's right on the left, the front above. */
const onMap = (_, [x, y]) => [SHAPE[0] - 1 - x, SHAPE[1] - 1 - y];

/** The mean of the map and the loss, as the panel says them. */
async function meanAndLoss(page) {
  const text = await panel(page).getByText(/^Mean of the map/).innerText();
  const [, mean, loss] = /map (−?[\d.]+).*L = (−?[\d.]+)\.$/.exec(text);
  return [number(mean), number(loss)];
}

/** Chooses another loss and waits until it has been evaluated. */
async function chooseLoss(page, name) {
  const before = await meanAndLoss(page);
  await page.locator("#loss").getByRole("combobox", { name: "Loss", exact: true }).selectOption(name);
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    const now = await meanAndLoss(page);
    if (now[1] !== before[1]) return;
    await nextFrame(page);
  }
  assert.fail(`${name} gives the same loss`);
}

/** The rows of a table as numbers by their names. */
async function rows(table) {
  const texts = await table.locator("tbody tr").evaluateAll((list) => list.map((row) => [...row.cells].map((cell) => cell.innerText)));
  return Object.fromEntries(texts.map(([name, ...cells]) => [name, cells.map(number)]));
}

pageTest("the heat map's colours, its mean and its gradient are those of the cross-entropy", async (page) => {
  await ask(page);
  const layer = page.getByRole("checkbox", { name: "Show loss of each pixel" });
  assert.ok(await layer.isChecked(), "asking shows the map");
  const [mean, loss] = await meanAndLoss(page);
  assert.ok(near(mean, loss, DIGITS) && loss > 0, `${mean} is not ${loss}`);

  await page.getByRole("button", { name: "Nothing else over the image" }).click();
  await page.getByRole("checkbox", { name: "Show image" }).uncheck();
  await page.getByRole("slider", { name: "Opacity of loss of each pixel" }).fill("1");
  await page.locator(".stage").getByRole("img", { name: /with loss of each pixel$/ }).waitFor();
  const losses = await valuesAt(page, "Loss");
  assert.ok(losses.every((value) => value > 0) && new Set(losses).size > 2, `${losses}`);
  const bar = panel(page).locator(".bar").first();
  await colored(page, ".stage canvas", onPicture, losses, await ends(bar));

  await choose(page, "Map", "|∂L/∂z|");
  const gradients = await valuesAt(page, "|∂L/∂z|");
  losses.forEach((value, i) => {
    const expected = Math.SQRT2 * (1 - Math.exp(-value));
    assert.ok(near(gradients[i], expected, TWICE), `${gradients[i]} at a loss of ${value}, not ${expected}`);
  });
  await colored(page, ".stage canvas", onPicture, gradients, await ends(bar));

  await choose(page, "Map", "Total");
  await chooseLoss(page, "Contour-weighted cross-entropy");
  const weighted = await valuesAt(page, "Loss");
  const weights = await valuesAt(page, "Weight");
  assert.ok(new Set(weights).size > 1, "some of the places are contour");
  losses.forEach((value, i) => assert.ok(near(weighted[i], weights[i] * value, TWICE), `${weighted[i]} is not ${weights[i]} × ${value}`));

  await page.keyboard.press("PageUp");
  await page.getByText(`${Z + 1} / ${SHAPE[2] - 1}`).waitFor();
  await panel(page).getByText(`Axial slice ${Z + 1}, predicted`).waitFor();
  await page.getByRole("radio", { name: "Coronal" }).check();
  await panel(page).getByText("the maps are drawn on axial slices only").waitFor();
  await page.locator(".stage").getByRole("img", { name: /^Coronal(?!.*loss of each pixel)/ }).waitFor();
});

pageTest("the terms add up to the loss, in one range if wanted, and a ratio's shares are explained", async (page) => {
  await ask(page);
  assert.equal(await page.getByText("How is a ratio shared out?").count(), 0, "the cross-entropy has no ratio");
  await chooseLoss(page, "Contour-weighted compound");
  const table = page.getByRole("table", { name: "Maps in numbers" });
  const means = Object.entries(await rows(table)).map(([name, [mean]]) => [name, mean]);
  assert.deepEqual(means.map(([name]) => name), ["Total", "Contour-weighted cross-entropy", "D(contour)", "D(rest)", "|∂L/∂z|"]);
  const total = means[0][1];
  const sum = means.slice(1, 4).reduce((all, [, mean]) => all + mean, 0);
  assert.ok(near(sum, total, TWICE), `${sum} is not ${total}`);
  assert.ok(near(total, (await meanAndLoss(page))[1], DIGITS));

  const bar = panel(page).locator(".bar").first();
  const own = await ends(bar);
  await choose(page, "Map", "D(rest)");
  await panel(page).getByText(/what D\(rest\) adds to the loss/).waitFor();
  assert.ok(near((await meanAndLoss(page))[0], means[3][1], DIGITS));
  assert.equal(await page.locator(".readout--loss dt").last().innerText(), "Loss by term");
  assert.notDeepEqual(await ends(bar), own);
  await page.getByRole("checkbox", { name: "One range for the total and its terms" }).check();
  const common = await ends(bar);
  await choose(page, "Map", "Total");
  assert.deepEqual(await ends(bar), common);
  await page.getByText("How is a ratio shared out?").click();
  assert.equal(await panel(page).locator(".aside math").count(), 3);
  assert.equal(await panel(page).locator("merror").count(), 0);

  await choose(page, "Map", "D(rest)");
  await chooseLoss(page, "Cross-entropy");
  await panel(page).getByText(/^Mean of the map .*, loss L/).waitFor();
  assert.ok(await page.getByRole("radiogroup", { name: "Map", exact: true }).getByRole("radio", { name: "Total" }).isChecked());
});

/** Opens the comparison and returns its parts. */
async function compare(page) {
  assert.equal(await page.locator(".compare__panel").count(), 0, "nothing is computed before it is opened");
  await page.getByText("Compare with another loss").click();
  await page.locator(".compare__maps").waitFor();
  const angle = async () => number(/is ([\d.]+)°/.exec(await panel(page).getByText(/^The angle between/).innerText())[1]);
  const table = page.getByRole("table", { name: "Both losses in numbers" });
  const map = (i) => `.compare__map canvas >> nth=${i}`;
  return { angle, table, map };
}

const colors = (canvas) => new Set(Array.from({ length: canvas.width * canvas.height }, (_, i) => canvas.at(i % canvas.width, Math.floor(i / canvas.width)).join()));

pageTest("a loss does not differ from itself; another one does, and points elsewhere", async (page) => {
  await ask(page);
  const losses = await valuesAt(page, "Loss");
  const { angle, table, map } = await compare(page);
  assert.equal(await angle(), 0);
  await page.getByText("no pixel differs").waitFor();
  assert.equal(colors(await canvasPixels(page, map(2))).size, 1);
  const same = await rows(table);
  assert.deepEqual(same.A, same.B);
  assert.deepEqual(same["B − A"], [0, 0, 0, 0]);
  const [mean, loss] = await meanAndLoss(page);
  assert.deepEqual(same.A.slice(0, 2), [loss, mean]);

  await page.getByRole("combobox", { name: "Loss B", exact: true }).selectOption("Soft Dice");
  await page.getByText("no pixel differs").waitFor({ state: "detached" });
  const turned = await angle();
  assert.ok(turned > 0 && turned < 180, `${turned}`);
  const other = await rows(table);
  assert.deepEqual(other.A, same.A, "loss A is as it was");
  assert.ok(near(other["B − A"][0], other.B[0] - other.A[0], TWICE));
  assert.ok(colors(await canvasPixels(page, map(2))).size > 5, "the difference has colours");
  await colored(page, map(0), onMap, losses, await ends(page.locator(".compare__both .bar")));

  await page.getByRole("checkbox", { name: "Each divided by its mean" }).check();
  await page.getByText("A and B: Loss of a pixel (over its mean)").waitFor();
  const scaled = await rows(table);
  assert.deepEqual([scaled.A[1], scaled.B[1]], [1, 1]);
  assert.equal(await angle(), turned, "the angle knows no scale");
  await choose(page, "Compared", "|∂L/∂z|");
  await page.getByText("A and B: |∂L/∂z| (over its mean)").waitFor();
  await page.locator(".compare").scrollIntoViewIfNeeded();
  await screenshot(page, "compare");

  await page.getByText("Parameters of loss B").click();
  const smooth = page.locator(".compare").getByRole("spinbutton").first();
  const at = await page.locator("#loss").getByRole("combobox").first().inputValue();
  await page.getByRole("combobox", { name: "Loss B", exact: true }).selectOption("Focal");
  await smooth.fill("-1");
  await smooth.press("Tab");
  await page.locator(".compare").getByRole("alert").filter({ hasText: "outside" }).waitFor();
  assert.equal(await page.locator("#loss").getByRole("combobox").first().inputValue(), at, "the page's loss is another one");
});

pageTest(
  "without a graphics card and on a phone the maps are the same",
  { without: ["--enable-unsafe-webgpu"], allow: [/No available adapters/, /WebGPU/], context: { viewport: { width: 390, height: 844 }, colorScheme: "dark" } },
  async (page) => {
    await ask(page);
    const [mean, loss] = await meanAndLoss(page);
    assert.ok(near(mean, loss, DIGITS) && loss > 0, `${mean} is not ${loss}`);
    await page.getByRole("button", { name: "Nothing else over the image" }).click();
    await page.getByRole("checkbox", { name: "Show image" }).uncheck();
    await page.getByRole("slider", { name: "Opacity of loss of each pixel" }).fill("1");
    const losses = await valuesAt(page, "Loss");
    await colored(page, ".stage canvas", onPicture, losses, await ends(panel(page).locator(".bar").first()));
    const { angle, map } = await compare(page);
    assert.equal(await angle(), 0);
    await colored(page, map(1), onMap, losses, await ends(page.locator(".compare__both .bar")));
    const wide = await panel(page).evaluate((node) => Math.max(...[...node.querySelectorAll("*")].filter((child) => !child.closest(".formula")).map((child) => child.getBoundingClientRect().right)));
    assert.ok(wide <= 390, `the panel reaches to ${wide}`);
    await page.locator(".compare__maps").scrollIntoViewIfNeeded();
    await screenshot(page, "pixels phone");
  },
);
