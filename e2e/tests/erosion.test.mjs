// Erosion, step by step: what the walk says and leaves, against values computed here from the label alone.
import assert from "node:assert/strict";

import { asFile, dropFiles, writeNifti } from "../lib/nifti.mjs";
import { pageTest, screenshot } from "../lib/page.mjs";
import { isContour, readLabel } from "../lib/reference.mjs";

const SHAPE = [20, 18, 3];

/** A block with a notch, whose class touches no edge; a second class at the low edge of x and y. */
function phantomClass(x, y, z) {
  if (z !== 1) return 0;
  if (x >= 7 && x <= 14 && y >= 6 && y <= 13) return x === 10 && y >= 11 ? 0 : 1;
  return x <= 3 && y <= 3 ? 2 : 0;
}

const LABEL = writeNifti(SHAPE, [2, 2, 4], "uint8", phantomClass);
const label = readLabel(LABEL);

/** Opens the phantom, and the walk below the contour's controls. */
async function openWalk(page) {
  await page.locator(".stage").getByRole("img", { name: /with .*contour map/ }).waitFor();
  const image = writeNifti(SHAPE, [2, 2, 4], "int16", (x, y, z) => 100 * phantomClass(x, y, z) + ((7 * x + 3 * y) % 40));
  await dropFiles(page, "main", [asFile("scan.nii.gz", image), asFile("labels.nii.gz", LABEL)]);
  const ask = page.getByRole("button", { name: "Open this pair" });
  const opened = page.getByText("20 × 18 × 3 voxels");
  await ask.or(opened).first().waitFor();
  if (await ask.isVisible()) await ask.click();
  await opened.waitFor();
  assert.equal(await page.locator(".walk__panel").count(), 0, "nothing is walked before it is asked for");
  await page.getByText("Watch one pixel being decided").click();
  await page.getByLabel("Class of the walk").selectOption({ label: "class 1" });
  await page.getByRole("button", { name: "Go to the boundary" }).click();
  await verdict(page).waitFor();
}

const verdict = (page) => page.locator(".walk__verdict");
const scrubber = (page) => page.getByRole("slider", { name: "Steps" });
const steps = async (page) => Number(await scrubber(page).inputValue());
const stage = (page) => page.getByRole("application", { name: /The patch with B on it/ });

const choose = (page, name) => page.locator("#contour").getByRole("radio", { name, exact: true }).check();

/** The window as the page states it: first column, first row, columns, rows. */
async function windowOf(page) {
  const text = await page.locator(".walk__place ~ .note").first().innerText();
  const [, columns, rows, left, right, low, high] = /(\d+) × (\d+) pixels of slice z = \d+, x from (\d+) to (\d+) and y from (\d+) to (\d+)/.exec(text).map(Number);
  assert.deepEqual([columns, rows], [right - left + 1, high - low + 1]);
  return { left, low, columns, rows };
}

/** The pixels of a grid's path, as "x,y" of the label. The default picture shows low x on the right, low y at the bottom. */
async function pixelsOf(page, grid, path) {
  const { left, low, columns, rows } = await windowOf(page);
  const d = await page.locator(`.walk__grid--${grid} > .${path}`).getAttribute("d");
  return [...d.matchAll(/M(-?\d+) (-?\d+)h1v1h-1z/g)]
    .map(([, u, v]) => `${left + columns - 1 - Number(u)},${low + rows - 1 - Number(v)}`)
    .sort();
}

/** The pixels of the window for which a predicate of x, y holds. */
async function expected(page, holds) {
  const { left, low, columns, rows } = await windowOf(page);
  const found = [];
  for (let y = low; y < low + rows; y += 1) {
    for (let x = left; x < left + columns; x += 1) if (holds(x, y)) found.push(`${x},${y}`);
  }
  return found.sort();
}

/** The inner contour of class 1 for an element given by its offsets; the class touches no edge. */
const innerContour = (offsets) => (x, y) =>
  label.at(x, y, 1) === 1 && offsets.some(([dx, dy]) => label.at(x + dx, y + dy, 1) !== 1);

async function scrubTo(page, value) {
  await scrubber(page).fill(String(value));
  assert.equal(await steps(page), value);
}

pageTest("a pixel's verdict is explained, and the walk ends at the contour of the label", async (page) => {
  await openWalk(page);
  assert.match(await verdict(page).innerText(), /^Removed\. \d of the 9 pixels of B at \(\d+,\s\d+\) belong to class 1\..* so the pixel is removed: it will be contour\.$/);

  const at = await steps(page);
  await page.getByRole("button", { name: "Step forward" }).click();
  assert.equal(await steps(page), at + 1);
  await page.getByRole("button", { name: "Step back" }).click();
  assert.equal(await steps(page), at);

  const { left, low, columns, rows } = await windowOf(page);
  const area = columns * rows;
  // The notch touches this pixel with one corner. Low x lies on the right, high y at the top.
  await scrubTo(page, (low + rows - 1 - 10) * columns + (left + columns - 1 - 9) + 1);
  const said = (await verdict(page).innerText()).replaceAll("\u00a0", " ");
  assert.equal(said, "Removed. 8 of the 9 pixels of B at (9, 10) belong to class 1. The one to the upper left, at (+1, +1), does not, so the pixel is removed: it will be contour.");
  assert.equal(Number(await scrubber(page).getAttribute("max")), 2 * area, "one erosion and one difference");
  await scrubTo(page, area);
  const kept = (x, y) => label.at(x, y, 1) === 1 && !isContour(label, x, y, 1, 1);
  assert.deepEqual(await pixelsOf(page, "eroded", "walk__members"), await expected(page, kept));
  assert.deepEqual(await pixelsOf(page, "contour", "walk__members"), [], "nothing is subtracted yet");
  assert.deepEqual(await pixelsOf(page, "contour", "walk__changed"), await expected(page, (x, y) => label.at(x, y, 1) === 1 && !kept(x, y)));

  await scrubTo(page, 2 * area);
  const contour = await expected(page, (x, y) => label.at(x, y, 1) === 1 && isContour(label, x, y, 1, 1));
  assert.ok(contour.length > 10, `${contour.length} contour pixels`);
  assert.deepEqual(await pixelsOf(page, "contour", "walk__members"), contour);
  assert.match(await verdict(page).innerText(), new RegExp(`${contour.length} of ${area} pixels are contour of class 1`));
  await page.getByRole("img", { name: `C = G − (G ⊖ B): ${contour.length} contour, 0 to come` }).waitFor();
  await page.locator(".walk").scrollIntoViewIfNeeded();
  await screenshot(page, "erosion");
});

pageTest("another structuring element walks anew; two iterations and both sides too", async (page) => {
  await openWalk(page);
  const square = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [dx, dy]));
  const end = async () => scrubTo(page, Number(await scrubber(page).getAttribute("max")));
  const check = async (offsets, what) => {
    await end();
    const want = await expected(page, innerContour(offsets));
    assert.deepEqual(await pixelsOf(page, "contour", "walk__members"), want, what);
    return want.length;
  };
  const counts = [await check(square, "square")];
  await choose(page, "2 × 2");
  counts.push(await check([[0, 0], [-1, 0], [0, -1], [-1, -1]], "even: its anchor at index 1"));
  await choose(page, "Cross");
  counts.push(await check([[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]], "cross"));
  assert.equal(new Set(counts).size, 3, "the three differ on the notched block");

  await choose(page, "Square");
  const iterations = page.getByRole("spinbutton", { name: "Iterations", exact: true });
  await iterations.fill("2");
  await iterations.press("Tab");
  await page.getByText("Erosion 2", { exact: true }).waitFor();
  await check(square.flatMap(([a, b]) => square.map(([c, d]) => [a + c, b + d])), "two erosions reach as far as a radius of 2");
  await iterations.fill("1");
  await iterations.press("Tab");

  await choose(page, "Both");
  await page.locator(".walk__grid--dilated").waitFor();
  await end();
  const near = (x, y) => square.map(([dx, dy]) => label.at(x + dx, y + dy, 1) === 1);
  const want = await expected(page, (x, y) => near(x, y).includes(true) && near(x, y).includes(false));
  assert.deepEqual(await pixelsOf(page, "contour", "walk__members"), want, "dilation minus erosion");
});

pageTest("outside the image follows the border rule, and a slab is told in voxels", async (page) => {
  await openWalk(page);
  await page.getByLabel("Class of the walk").selectOption({ label: "class 2" });
  await page.getByRole("button", { name: "Go to the boundary" }).click();
  await page.getByText("outside the image", { exact: true }).waitFor();
  const corner = async () => {
    // The last pixel of the first pass is the image's first: the picture shows it at the lower right.
    const { left, low, columns, rows } = await windowOf(page);
    assert.deepEqual([left, low], [0, 0]);
    await scrubTo(page, columns * rows);
    return verdict(page).innerText();
  };
  assert.match(await corner(), /^Kept\. 4 of the 9 pixels of B at \(0,\s0\) belong to class 2\. 5 lie outside the image, which never erodes\./);
  await choose(page, "Background");
  assert.match(await corner(), /^Removed\. 4 of the 9 .* 5 do not \(5 lie outside the image, which counts as background\)/);
  await choose(page, "In the volume (3D)");
  assert.match(await corner(), /of the 27 voxels of B/);
  assert.equal(await page.getByRole("group", { name: "Layers of B" }).locator("figure").count(), 3);
});

pageTest("keys, taps and play; a hidden tab and a closed panel stop it", async (page) => {
  await openWalk(page);
  const { columns, rows } = await windowOf(page);
  await stage(page).focus();
  const at = await steps(page);
  await page.keyboard.press("ArrowRight");
  assert.equal(await steps(page), at + 1);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowUp");
  assert.equal(await steps(page), at - columns);
  await page.keyboard.press("Home");
  assert.equal(await steps(page), 0);
  assert.match(await verdict(page).innerText(), /^Ready\./);
  assert.equal(await verdict(page).getAttribute("aria-live"), "polite");

  // The third pixel of the second row, beyond the ring of one pixel that B needs. The panel may still be scrolling.
  await page.locator(".walk__grid--laid").click({ trial: true });
  const frame = await page.locator(".walk__grid--laid").boundingBox();
  const cell = frame.width / (columns + 2);
  await page.mouse.click(frame.x + 3.5 * cell, frame.y + 2.5 * cell);
  assert.equal(await steps(page), columns + 3);
  assert.ok(cell >= 24, `a pixel is ${cell} CSS pixels wide`);

  await choose(page, "Fast");
  await stage(page).focus();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Pause" }).waitFor();
  assert.equal(await verdict(page).getAttribute("aria-live"), "off", "playing is not read out");
  const from = columns + 3;
  await page.waitForFunction((n) => Number(document.querySelector(".walk__scrubber input").value) > n, from + 3);

  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  });
  await page.getByRole("button", { name: "Play" }).waitFor();
  const stopped = await steps(page);
  await page.waitForTimeout(300);
  assert.equal(await steps(page), stopped, "nothing moves in a hidden tab");
  await page.evaluate(() => delete document.hidden);

  await page.getByRole("button", { name: "Play" }).click();
  await page.waitForFunction((n) => Number(document.querySelector(".walk__scrubber input").value) > n, stopped + 1);
  await page.getByText("Watch one pixel being decided").click();
  await page.locator(".walk__panel").waitFor({ state: "detached" });
  await page.getByText("Watch one pixel being decided").click();
  await page.getByRole("button", { name: "Play" }).waitFor();
  const reopened = await steps(page);
  await page.waitForTimeout(300);
  assert.equal(await steps(page), reopened, "a panel opened again waits");

  await scrubTo(page, 2 * columns * rows - 3);
  await page.getByRole("button", { name: "Play" }).click();
  await page.getByText(/The walk is done/).waitFor();
  await page.getByRole("button", { name: "Play" }).waitFor();
});

pageTest("with reduced motion nothing moves by itself or glides, and stepping works", { context: { reducedMotion: "reduce", viewport: { width: 390, height: 844 } } }, async (page) => {
  await openWalk(page);
  const at = await steps(page);
  await page.waitForTimeout(500);
  assert.equal(await steps(page), at, "it does not play by itself");
  const duration = () => page.locator(".walk__element").evaluate((node) => getComputedStyle(node).transitionDuration);
  assert.equal(await duration(), "0s");
  await page.getByRole("button", { name: "Step forward" }).click();
  assert.equal(await steps(page), at + 1);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  assert.notEqual(await duration(), "0s", "else B glides");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `the page is ${wide} pixels wide`);
  for (const button of await page.locator(".walk").locator("button, select, input[type=range]").all()) {
    const { width, height } = await button.boundingBox();
    assert.ok(width >= 24 && height >= 24, `${await button.innerText()}: ${width} × ${height}`);
  }
});

pageTest(
  "the walk needs no graphics card",
  { without: ["--enable-unsafe-webgpu"], allow: [/No available adapters/, /WebGPU/] },
  async (page) => {
    await openWalk(page);
    await scrubTo(page, Number(await scrubber(page).getAttribute("max")));
    const contour = await expected(page, (x, y) => label.at(x, y, 1) === 1 && isContour(label, x, y, 1, 1));
    assert.deepEqual(await pixelsOf(page, "contour", "walk__members"), contour);
  },
);
