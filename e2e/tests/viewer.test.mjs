// What is on the picture, and is it true? Canvas pixels against values computed here from the label files.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { canvasPixels } from "../lib/canvas.mjs";
import { asFile, dropFiles, writeNifti } from "../lib/nifti.mjs";
import { pageTest, screenshot } from "../lib/page.mjs";
import { isContour, parseColor, pixelOf, readLabel } from "../lib/reference.mjs";
import { DIST } from "../lib/server.mjs";
import { stagePixels } from "../lib/viewer.mjs";

/** Rounding to 8 bits, twice: in the kernel and on the way to the screen. */
const ROUNDING = 2;
const near = (a, b) => a.every((value, i) => Math.abs(value - b[i]) <= ROUNDING);

const layer = (page, name) => page.getByRole("checkbox", { name: `Show ${name}`, exact: true });
const slice = async (page) => Number(await page.getByRole("slider", { name: "Slice" }).inputValue());
const picture = (page, text) => page.locator(".stage").getByRole("img", { name: text }).waitFor();

/** Leaves one layer on the canvas. */
async function only(page, name) {
  for (const other of ["image", "reference labels", "contour map", "weight map"]) {
    await layer(page, other).setChecked(other === name);
  }
}

/** Reads the canvas frame after frame until nothing is wrong with it; fails with what is wrong in the end. */
async function eventually(page, faults) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = faults(await canvasPixels(page, ".stage canvas"));
    if (found === 0) return;
    assert.ok(Date.now() < deadline, `${found} voxels are not as they should be`);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
}

/** Voxels of the slice whose pixel is not of the colour expected there; all of them while nothing is drawn. */
const wrong = (label, z, expected) => (canvas) => {
  let faults = 0;
  for (let y = 0; y < label.shape[1]; y += 1) {
    for (let x = 0; x < label.shape[0]; x += 1) {
      const [u, v] = pixelOf(label, canvas, x, y);
      if (!near(canvas.at(u, v).slice(0, 3), expected(x, y, z))) faults += 1;
    }
  }
  return faults;
};

/** The inner contour of the foreground classes in their colours, on black. */
const contourColors = (label, colors, radius) => (x, y, z) => {
  const own = label.at(x, y, z);
  return own > 0 && isContour(label, x, y, z, radius) ? colors[own] : [0, 0, 0];
};

const SHAPE = [14, 12, 5];
const SPACING = [2, 3, 4];

/** A box, and a smaller one that touches it. */
function phantomClass(x, y, z) {
  if (z < 1 || z > 3) return 0;
  if (x >= 3 && x <= 9 && y >= 2 && y <= 8) return 1;
  return x >= 10 && x <= 12 && y >= 4 && y <= 6 ? 2 : 0;
}

const phantom = () => [
  asFile("scan_a.nii.gz", writeNifti(SHAPE, SPACING, "int16", (x, y, z) => 100 * phantomClass(x, y, z) + ((7 * x + 3 * y + z) % 40))),
  asFile("scan_b.nii.gz", writeNifti(SHAPE, SPACING, "uint8", phantomClass)),
];

/** Drops the phantom; the page may ask before it opens a pair. */
async function openPhantom(page) {
  await picture(page, /with .*contour map/);
  await dropFiles(page, "main", phantom());
  const ask = page.getByRole("button", { name: "Open this pair" });
  const opened = page.getByText("14 × 12 × 5 voxels of 2 × 3 × 4 mm");
  await ask.or(opened).first().waitFor();
  if (await ask.isVisible()) await ask.click();
  await opened.waitFor();
}

/** Colours of the classes as the class table shows them. */
async function tableColors(page) {
  const swatches = await page.getByRole("table", { name: "Classes of the reference labels" }).locator(".swatch, [class*=swatch]").evaluateAll(
    (nodes) => nodes.map((node) => getComputedStyle(node).backgroundColor.match(/\d+/g).slice(0, 3).map(Number)),
  );
  assert.ok(swatches.length > 1, "the class table shows colours");
  return swatches;
}

pageTest("opens ready: image, contour map and weight map of a real scan", async (page) => {
  await picture(page, /Axial slice \d+ of .* with .*contour map/);
  const samples = JSON.parse(await readFile(join(DIST, "samples/samples.json"), "utf8"));
  const sample = samples.abdomen_ct_a;
  const label = readLabel(await readFile(join(DIST, "samples", sample.label)));
  const z = await slice(page);
  const colors = sample.classes.map((known) => parseColor(known.color));

  const image = await stagePixels(page);
  assert.ok(image.count(([r, g, b]) => r === g && g === b && r > 40 && r < 220) > 5_000, "there is no grey image");
  await screenshot(page, "viewer");

  await only(page, "contour map");
  await eventually(page, wrong(label, z, contourColors(label, colors, 1)));

  await only(page, "weight map");
  await eventually(page, (canvas) => {
    const seen = [new Set(), new Set()];
    for (let y = 0; y < label.shape[1]; y += 1) {
      for (let x = 0; x < label.shape[0]; x += 1) {
        seen[Number(isContour(label, x, y, z, 1))].add(canvas.at(...pixelOf(label, canvas, x, y)).join());
      }
    }
    const [off, on] = seen;
    return off.size === 1 && on.size === 1 && [...off][0] !== [...on][0] ? 0 : off.size + on.size;
  });
});

pageTest("the read-out names voxel, class, contour and weight", async (page) => {
  await openPhantom(page);
  const value = (name) =>
    page.locator(".readout__item", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) }).locator("dd");
  await page.getByRole("application").focus();
  const at = async (x, y, z) => {
    for (let guard = 0; guard < 60; guard += 1) {
      const [cx, cy, cz] = (await value("Voxel").innerText()).split(",").map(Number);
      if (cx === x && cy === y && cz === z) return;
      // Radiological: the patient's right, low x, lies on the right of the picture's keys' way.
      const key = cz < z ? "PageUp" : cz > z ? "PageDown" : cx < x ? "ArrowLeft" : cx > x ? "ArrowRight" : cy < y ? "ArrowUp" : "ArrowDown";
      await page.keyboard.press(key);
    }
    assert.fail("the keys do not lead there");
  };
  await at(3, 2, 2);
  await page.waitForFunction(() => [...document.querySelectorAll(".readout__item")].some((item) => /Weight\s*3/.test(item.innerText)));
  assert.match(await value("Class").innerText(), /1/);
  assert.notEqual(await value("Contour of").innerText(), "none");
  assert.match(await value("Position").innerText(), /R 6\.0, A 6\.0, S 8\.0 mm/);
  await at(6, 5, 2);
  await page.waitForFunction(() => [...document.querySelectorAll(".readout__item")].some((item) => /Weight\s*1/.test(item.innerText)));
  assert.equal(await value("Contour of").innerText(), "none");
});

pageTest("a dropped pair is told apart, opened and contoured; another structuring element changes the map", async (page) => {
  await openPhantom(page);
  const label = { shape: SHAPE, spacing: SPACING, at: phantomClass };
  const table = page.getByRole("table", { name: "Classes of the reference labels" });
  await table.getByText("147").waitFor(); // 7 × 7 × 3 voxels of the larger box
  const colors = await tableColors(page);
  await only(page, "contour map");
  const z = await slice(page);
  assert.ok(z >= 1 && z <= 3, `the page opens on slice ${z}, which shows no class`);
  await eventually(page, wrong(label, z, contourColors(label, colors, 1)));

  const radius = page.getByRole("spinbutton", { name: "Radius", exact: true });
  await radius.fill("2");
  await radius.press("Tab");
  await eventually(page, wrong(label, z, contourColors(label, colors, 2)));

  await radius.fill("99");
  await radius.press("Tab");
  await page.getByRole("alert").filter({ hasText: "outside 1 to 8" }).waitFor();
});

pageTest("a hostile file gets a sentence with a remedy, and the study stays", async (page) => {
  await picture(page, /with .*contour map/);
  const [image] = phantom();
  const cut = asFile("scan.nii.gz", image.buffer.subarray(0, image.buffer.length / 2));
  await dropFiles(page, "main", [cut, asFile("label.nii", Buffer.from("this is no scan"))]);
  const said = page.getByRole("alert").or(page.getByRole("region", { name: "Your files" })).filter({ hasText: /scan\.nii\.gz|gzip|cut|download|again/i }).first();
  await said.waitFor();
  assert.match(await said.innerText(), /again|complete|another|export|convert|choose|drop/i);
  await screenshot(page, "hostile");
  await page.getByText("122 × 101 × 112 voxels").waitFor();
});

pageTest("the presets are the published forms, and an absurd weight is refused in words", async (page) => {
  await picture(page, /with .*contour map/);
  const presets = page.getByRole("group", { name: "Presets" });
  await presets.getByRole("button", { name: "Paper" }).click();
  await page.getByText(/our choice/).first().waitFor();
  const weight = page.locator("#loss").getByRole("spinbutton", { name: /λ_w/ });
  assert.equal(await weight.inputValue(), "2");
  await weight.fill("-3");
  await weight.press("Tab");
  await page.getByRole("alert").filter({ hasText: "outside 0 to 100" }).waitFor();
  await presets.getByRole("button", { name: "Authors' code" }).click();
  assert.equal(await weight.inputValue(), "2");
});

pageTest(
  "without WebGPU the page says why and still draws",
  { without: ["--enable-unsafe-webgpu"], allow: [/No available adapters/, /WebGPU/] },
  async (page) => {
    const said = page.getByRole("alert", { name: "Graphics device" });
    await said.waitFor();
    assert.match(await said.innerText(), /WebGPU|adapter/);
    await picture(page, /with .*contour map/);
    await only(page, "contour map");
    const samples = JSON.parse(await readFile(join(DIST, "samples/samples.json"), "utf8"));
    const label = readLabel(await readFile(join(DIST, "samples", samples.abdomen_ct_a.label)));
    const colors = samples.abdomen_ct_a.classes.map((known) => parseColor(known.color));
    await eventually(page, wrong(label, await slice(page), contourColors(label, colors, 1)));
    await screenshot(page, "no-webgpu");
  },
);
