// Prediction against reference: what the verdicts say, which side is where, and how probable a class is.
import assert from "node:assert/strict";

import { canvasPixels, shownPixels } from "../lib/canvas.mjs";
import { PATIENCE_MS, pageTest, screenshot } from "../lib/page.mjs";
import { pixelOf } from "../lib/reference.mjs";
import { makeSmall } from "../lib/run.mjs";
import { SHAPE, becomes, label, only, openPhantom, phantomClass, sheet, stage, voxel } from "../lib/viewer.mjs";

/** Rounding to 8 bits, twice: in the kernel and on the way to the screen. */
const ROUNDING = 2;
const near = (a, b) => a.slice(0, 3).every((value, i) => Math.abs(value - b[i]) <= ROUNDING);

/** Colours of the verdicts (Okabe and Ito 2008): true positive, false positive, false negative, another class. */
const VERDICTS = [[0, 158, 115], [230, 159, 0], [86, 180, 233], [204, 121, 167]];
/** Between the stripes, on black. */
const faint = (color) => color.map((value) => 0.3 * value);

/** An untrained network's opinion of the slice. */
async function ask(page) {
  await openPhantom(page);
  await makeSmall(page);
  await page.getByRole("button", { name: /^Ask (the|an untrained) / }).last().click();
  // Kernels are compiled first, which takes a software adapter its time.
  await page.locator("#pixels").getByText("The loss as a heat map").waitFor({ timeout: 4 * PATIENCE_MS });
  await page.locator(".strip input[aria-label='Show loss of each pixel']").uncheck();
}

const compare = async (page, way) => {
  await sheet(page, "Compare");
  await page.getByRole("radiogroup", { name: "Prediction" }).getByRole("radio", { name: way, exact: true }).check();
};

async function percent(page, name, value) {
  const box = page.getByRole("spinbutton", { name, exact: true });
  await box.fill(String(value));
  await box.press("Tab");
}

const opaque = (page, name) => page.getByRole("slider", { name: `Opacity of ${name}` }).fill("1");

/** Colours of the classes as the table of classes shows them, and the class of a colour. */
async function classColors(page) {
  const colors = await page.locator("#classes table.classes .classes__swatch").evaluateAll(
    (nodes) => nodes.map((node) => getComputedStyle(node).backgroundColor.match(/\d+/g).slice(0, 3).map(Number)),
  );
  return colors.slice(0, 3);
}

/** The class at every voxel of a canvas on which only labels are drawn, fully opaque. */
async function classesOn(page, canvas, colors) {
  const pixels = await canvasPixels(page, canvas);
  const at = (x, y) => {
    const color = pixels.at(...pixelOf(label, pixels, x, y));
    const known = colors.findIndex((wanted, k) => k > 0 && near(color, wanted));
    return known > 0 ? known : 0;
  };
  return Array.from({ length: SHAPE[1] }, (_, y) => Array.from({ length: SHAPE[0] }, (_, x) => at(x, y)));
}

pageTest("side by side, swipe and flicker show reference and prediction; the map of verdicts agrees with both", { timeout: 10 * PATIENCE_MS }, async (page) => {
  await ask(page);
  const colors = await classColors(page);
  const [, , z] = await voxel(page);
  await only(page, "reference labels");
  await opaque(page, "reference labels");
  const reference = Array.from({ length: SHAPE[1] }, (_, y) => Array.from({ length: SHAPE[0] }, (_, x) => phantomClass(x, y, z)));

  await compare(page, "Side by side");
  await becomes(page, () => page.locator(".stage").count(), 2, "stages");
  await becomes(page, () => classesOn(page, ".stage:nth-child(1) canvas", colors), reference, "reference");
  // It stands still once it is drawn.
  const read = () => classesOn(page, ".stage:nth-child(2) canvas", colors);
  const predicted = await becomes(page, read, (now) => now.flat().some((k) => k > 0), "prediction");
  await screenshot(page, "side-by-side");

  await compare(page, "Over");
  await only(page, "nothing");
  await sheet(page, "Compare");
  await percent(page, "Its opacity", 100);
  await page.getByRole("checkbox", { name: "Map of true and false positives and negatives" }).check();
  const counts = [0, 0, 0, 0];
  const verdict = (wanted, said) => (wanted === 0 && said === 0 ? -1 : wanted === said ? 0 : wanted === 0 ? 1 : said === 0 ? 2 : 3);
  reference.forEach((row, y) => row.forEach((wanted, x) => {
    const found = verdict(wanted, predicted[y][x]);
    if (found >= 0) counts[found] += 1;
  }));
  const faults = async () => {
    const canvas = await canvasPixels(page, ".stage canvas");
    let wrong = 0;
    reference.forEach((row, y) => row.forEach((wanted, x) => {
      const found = verdict(wanted, predicted[y][x]);
      const color = canvas.at(...pixelOf(label, canvas, x, y));
      const right = found < 0 ? near(color, [0, 0, 0]) : near(color, VERDICTS[found]) || near(color, faint(VERDICTS[found]));
      if (!right) wrong += 1;
    }));
    return wrong;
  };
  await becomes(page, faults, 0, "voxels with another verdict");
  const legend = page.getByRole("group", { name: "Agreement of prediction and reference" });
  const listed = await legend.locator("li .figure").allInnerTexts();
  assert.deepEqual(listed.map(Number), counts, "the legend counts pixels");
  // False positives are striped: both the colour and its faint shade occur within one voxel.
  const canvas = await canvasPixels(page, ".stage canvas");
  for (const [i, count] of counts.entries()) {
    if (count === 0) continue;
    assert.ok(canvas.count((color) => near(color, VERDICTS[i])) > 0);
    assert.equal(canvas.count((color) => near(color, faint(VERDICTS[i]))) > 0, i > 0, `pattern of verdict ${i}`);
  }
  await screenshot(page, "agreement");

  await page.getByRole("checkbox", { name: "Map of true and false positives and negatives" }).uncheck();
  await only(page, "reference labels");
  await compare(page, "Swipe");
  const divider = page.getByRole("slider", { name: "Divider between reference and prediction" });
  await page.locator(".popover > summary", { hasText: "Compare" }).click();
  await divider.focus();
  await page.keyboard.press("End");
  await becomes(page, () => divider.getAttribute("aria-valuenow"), "100", "divider");
  const whole = await shownPixels(page, ".stage");
  await page.keyboard.press("Home");
  await becomes(page, () => divider.getAttribute("aria-valuenow"), "0", "divider");
  await becomes(page, async () => whole.difference(await shownPixels(page, ".stage"), 8) > 200, true, "swiped picture");
  const box = await stage(page).boundingBox();
  await page.mouse.move(box.x + 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.75 * box.width, box.y + box.height / 2);
  await page.mouse.up();
  await becomes(page, () => divider.getAttribute("aria-valuenow"), "75", "divider");
  await screenshot(page, "swipe");

  await compare(page, "Flicker");
  const sheetOf = page.locator(".popover[open]");
  await sheetOf.getByRole("checkbox", { name: "In turn by itself" }).uncheck();
  const caption = () => page.locator(".stage__caption").allInnerTexts();
  const [before] = await caption();
  const other = before === "Reference" ? "Prediction" : "Reference";
  await sheetOf.getByRole("button", { name: "Show the other" }).click();
  await becomes(page, caption, [other], "caption");
  const hidden = await page.locator(".stage__second").evaluate((node) => getComputedStyle(node).visibility);
  assert.equal(hidden, other === "Prediction" ? "visible" : "hidden");
  await stage(page).focus();
  await page.keyboard.press("k");
  await becomes(page, caption, [before], "caption");
});

pageTest("without a request for less motion the flicker alternates by itself; with one it waits", { timeout: 10 * PATIENCE_MS, context: { reducedMotion: "reduce" } }, async (page) => {
  await ask(page);
  await compare(page, "Flicker");
  assert.ok(!(await page.getByRole("checkbox", { name: "In turn by itself" }).isChecked()));
  await page.getByRole("checkbox", { name: "In turn by itself" }).check();
  const caption = async () => (await page.locator(".stage__caption").allInnerTexts()).join();
  for (const wanted of ["Prediction", "Reference", "Prediction"]) await becomes(page, caption, wanted, "caption");
});

pageTest("the probability of a class, and each class's eye and opacity", { timeout: 10 * PATIENCE_MS }, async (page) => {
  await ask(page);
  await sheet(page, "Compare");
  await page.getByRole("combobox", { name: "Class whose probability is drawn" }).selectOption({ index: 2 });
  await stage(page).getByRole("img", { name: /probability of a class/ }).waitFor();
  await page.getByRole("group", { name: "Colours of the probability" }).getByText(/softmax/).waitFor();
  await only(page, "nothing");
  const lit = (canvas) => canvas.count(([r, g, b]) => r + g + b > 0);
  // Nothing but the phantom's own pixels, which the map fills.
  await becomes(page, async () => lit(await canvasPixels(page, ".stage canvas")) > 1000, true, "map");
  const second = await canvasPixels(page, ".stage canvas");
  await screenshot(page, "probability");
  await sheet(page, "Compare");
  await page.getByRole("combobox", { name: "Class whose probability is drawn" }).selectOption({ index: 0 });
  await becomes(page, async () => (await canvasPixels(page, ".stage canvas")).difference(second, ROUNDING) > 1000, true, "map of another class");

  await page.getByRole("checkbox", { name: "Map of a class’s probability" }).uncheck();
  await only(page, "reference labels");
  await opaque(page, "reference labels");
  const colors = await classColors(page);
  const inside = async () => {
    const canvas = await canvasPixels(page, ".stage canvas");
    return [canvas.at(...pixelOf(label, canvas, 5, 5)).slice(0, 3), canvas.at(...pixelOf(label, canvas, 11, 5)).slice(0, 3)];
  };
  const is = (wanted) => (now) => now.every((color, i) => near(color, wanted[i]));
  await becomes(page, inside, is([colors[1], colors[2]]), "colours");
  await sheet(page, "Classes");
  await page.getByRole("slider", { name: "Opacity of class class 1" }).fill("40");
  await becomes(page, inside, is([colors[1].map((value) => 0.4 * value), colors[2]]), "colours");
  await page.getByRole("checkbox", { name: "Show class class 2" }).uncheck();
  await becomes(page, inside, is([colors[1].map((value) => 0.4 * value), [0, 0, 0]]), "colours");
  await screenshot(page, "classes-sheet");
});
