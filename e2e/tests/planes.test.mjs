// Three planes under one crosshair, how voxels become pixels, and how long a scroll takes.
import { execFileSync } from "node:child_process";
import assert from "node:assert/strict";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { canvasPixels } from "../lib/canvas.mjs";
import { writeNifti } from "../lib/nifti.mjs";
import { pageTest, screenshot } from "../lib/page.mjs";
import { becomes, only, openPhantom, sheet, stage, stagePixels, voxel } from "../lib/viewer.mjs";

const plane = (page, name) => page.locator(".stage").filter({ has: page.getByRole("img", { name: new RegExp(`^${name} slice`) }) });

pageTest("three planes share a crosshair, and the one that is touched becomes the page's", async (page) => {
  await openPhantom(page);
  await page.getByRole("button", { name: "All three" }).click();
  await becomes(page, () => page.locator(".stage").count(), 3, "stages");
  for (const name of ["Axial", "Coronal", "Sagittal"]) await plane(page, name).waitFor();
  const [x, y, z] = await voxel(page);
  const number = async (name) => Number((await plane(page, name).getByRole("img").getAttribute("aria-label")).match(/slice (\d+)/)[1]);
  await becomes(page, async () => [await number("Sagittal"), await number("Coronal"), await number("Axial")], [x, y, z], "slices");

  const coronal = plane(page, "Coronal");
  const box = await coronal.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, 100);
  await becomes(page, async () => (await voxel(page))[1], y - 1, "slice under the pointer");
  await page.mouse.down();
  await page.mouse.up();
  const middle = await becomes(page, () => voxel(page), ([nx, , nz]) => Math.abs(nx - 7) <= 1 && Math.abs(nz - 2) <= 1, "crosshair");
  await becomes(page, async () => [await number("Sagittal"), await number("Coronal"), await number("Axial")], middle, "slices");
  assert.ok(await page.getByRole("radio", { name: "Coronal" }).isChecked(), "the plane that is touched is the page's");
  assert.equal(await page.locator(".stage__line").count(), 6);
  await screenshot(page, "three-planes");
  await page.keyboard.press("4");
  await becomes(page, () => page.locator(".stage").count(), 1, "stages");
  await stage(page).getByRole("img", { name: /^Coronal/ }).waitFor();
});

pageTest("nearest shows boxes of one grey, linear does not; colours of image and heat map are a choice", async (page) => {
  await openPhantom(page);
  await only(page, "image");
  await sheet(page, "Display");
  const shades = (canvas) => {
    const seen = new Set();
    canvas.count(([r, g, b]) => Boolean(seen.add(`${r},${g},${b}`)));
    return seen.size;
  };
  const between = page.getByRole("radiogroup", { name: "Between voxels" });
  await between.getByRole("radio", { name: "Nearest" }).check();
  // 14 × 12 voxels have at most 40 + 3 values and black around them.
  await becomes(page, async () => shades(await canvasPixels(page, ".stage canvas")) <= 121, true, "few greys");
  const boxes = await stagePixels(page);
  await between.getByRole("radio", { name: "Linear" }).check();
  await becomes(page, async () => shades(await canvasPixels(page, ".stage canvas")) > shades(boxes), true, "more greys");
  const grey = await canvasPixels(page, ".stage canvas");
  assert.equal(grey.count(([r, g, b]) => r !== g || g !== b), 0);
  const choose = (what, map) => page.getByRole("combobox", { name: what }).selectOption(map);
  await choose("Image’s colours", "Grey, inverted");
  const inverted = (now) => {
    const [u, v] = [Math.floor(now.width / 2), Math.floor(now.height / 2)];
    return Math.abs(now.at(u, v)[0] + grey.at(u, v)[0] - 255) <= 2;
  };
  await becomes(page, async () => inverted(await canvasPixels(page, ".stage canvas")), true, "inverted");
  await choose("Image’s colours", "Viridis");
  await becomes(page, async () => (await canvasPixels(page, ".stage canvas")).count(([r, g, b]) => r !== g || g !== b) > 1000, true, "colours");
  await only(page, "weight map");
  const inferno = await stagePixels(page);
  await sheet(page, "Display");
  await choose("Heat map’s colours", "Cividis");
  await becomes(page, async () => (await canvasPixels(page, ".stage canvas")).difference(inferno, 8) > 1000, true, "heat map");
  await screenshot(page, "display-sheet");
});

const LARGE = [512, 512, 300];

/** A large volume, written slice by slice so that it need not fit into one buffer. */
async function writeLarge(path, dtype, bytes, value) {
  const [w, h, slices] = LARGE;
  const head = writeNifti([1, 1, 1], [0.7, 0.7, 1], dtype, [0], { gzip: false }).subarray(0, 352);
  LARGE.forEach((count, axis) => head.writeInt16LE(count, 42 + 2 * axis));
  const file = await open(path, "w");
  await file.write(head);
  const slice = Buffer.alloc(w * h * bytes);
  for (let z = 0; z < slices; z += 1) {
    for (let i = 0; i < w * h; i += 1) {
      const number = value(i % w, Math.floor(i / w), z);
      if (bytes === 2) slice.writeInt16LE(number, 2 * i);
      else slice[i] = number;
    }
    await file.write(slice);
  }
  await file.close();
}

/** What the page's process holds in memory, its workers included, in MB: the largest renderer is ours. */
function residentMb() {
  const lines = execFileSync("ps", ["-eo", "rss,args"], { encoding: "utf8" }).split("\n").filter((line) => line.includes("--type=renderer"));
  return Math.max(...lines.map((line) => Number.parseInt(line, 10))) / 1000;
}

pageTest("loading 512 × 512 × 300 voxels and a scroll through them are measured", { timeout: 900_000, skips: true }, async (page, test) => {
  await stage(page).getByRole("img", { name: /with .*contour map/ }).waitFor();
  const before = residentMb();
  // Locators search the whole page, in tasks of their own: while tasks are measured, the page is asked as little as can be.
  const facts = () => page.waitForFunction(
    () => /512 × 512 × 300 voxels/.test(document.querySelector(".study__facts").textContent)
      || document.querySelector(".intake .button--primary") !== null,
    null, { polling: 500, timeout: 300_000 },
  );
  const folder = await mkdtemp(join(tmpdir(), "contour-lab-"));
  try {
    const ball = (x, y, z) => ((x - 256) ** 2 + (y - 256) ** 2 + (z - 150) ** 2 < 14_000 ? 1 : 0);
    const files = [join(folder, "large_image.nii"), join(folder, "large_label.nii")];
    await writeLarge(files[0], "int16", 2, (x, y, z) => 1000 * ball(x, y, z) - 500 + ((13 * x + 7 * y + 3 * z) % 200));
    await writeLarge(files[1], "uint8", 1, ball);
    const input = await page.locator("input[type=file][aria-label='Open your own image and label']").elementHandle();
    await page.evaluate(() => {
      window.__loading = [];
      window.__observer = new PerformanceObserver((list) => window.__loading.push(...list.getEntries().map((task) => task.duration)));
      window.__observer.observe({ type: "longtask" });
    });
    await input.setInputFiles(files);
    await facts();
    await page.evaluate(() => document.querySelector(".intake .button--primary")?.click());
    await page.waitForFunction(
      () => /large_image/.test(document.querySelector(".stage [role=img]").getAttribute("aria-label")) && document.querySelector(".stage canvas[aria-busy=false]"),
      null, { polling: 500, timeout: 300_000 },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
  const loading = await page.evaluate(() => {
    window.__observer.disconnect();
    return window.__loading.sort((one, other) => other - one);
  });
  await stage(page).getByRole("img", { name: /large_image/ }).waitFor({ timeout: 300_000 });
  test.diagnostic(`tasks over 50 ms while it was read, decoded and shown: ${loading.map((ms) => ms.toFixed(0)).join(", ") || "none"}`);
  test.diagnostic(`in memory: ${before.toFixed(0)} MB before, ${residentMb().toFixed(0)} MB with it (files of 157 and 79 MB)`);
  // The contour of every slice is counted in the background; what is measured is the scroll alone.
  await becomes(page, () => page.locator(".classes__stale").count(), 0, "classes that are being counted").catch(() => {});
  const box = await stage(page).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate(() => {
    const seen = { frames: [], tasks: [] };
    window.__scroll = seen;
    new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((task) => task.duration))).observe({ type: "longtask" });
    let last = performance.now();
    const frame = (now) => {
      seen.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  const [, , from] = await voxel(page);
  const notches = 40;
  for (let i = 0; i < notches; i += 1) {
    await page.mouse.wheel(0, 100);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  }
  await becomes(page, async () => (await voxel(page))[2], from - notches, "slice");
  const { frames, tasks } = await page.evaluate(() => window.__scroll);
  frames.sort((a, b) => a - b);
  const of = (part) => frames[Math.min(frames.length - 1, Math.floor(part * frames.length))].toFixed(0);
  test.diagnostic(`${notches} slices in ${frames.length} frames: median ${of(0.5)} ms, 95 % within ${of(0.95)} ms, longest ${of(1)} ms`);
  test.diagnostic(`tasks of our own over 50 ms: ${tasks.length ? tasks.map((ms) => ms.toFixed(0)).join(", ") : "none"}`);
});
