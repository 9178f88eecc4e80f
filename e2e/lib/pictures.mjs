// Reference pictures of the page, and how far a picture may be from its own.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { PNG } from "pngjs";

import { ARTIFACTS } from "./page.mjs";

const FOLDER = fileURLToPath(new URL("../expected/pages/", import.meta.url));
const BROWSER = join(FOLDER, "browser.txt");

export const UPDATE = Boolean(process.env.UPDATE);

/** Edges of letters move by parts of a pixel between versions of a browser; the mean of so many pixels along both axes hardly does. */
const BLOCK = 4;
/** A block whose mean differs by more, of 255, shows something else. */
const STEP = 24;
/** Share of the blocks that may differ in the browser that made the picture. On one machine none did; another may smooth an edge otherwise. */
const SAME_BROWSER = 0.0002;
/** And in another one, which breaks no line elsewhere but smooths letters in its own way. */
const OTHER_BROWSER = 0.03;

/** Mean of each channel of each block. */
function blocks({ width, height, data }) {
  const [columns, rows] = [width, height].map((size) => Math.floor(size / BLOCK));
  const means = new Float64Array(3 * columns * rows);
  for (let y = 0; y < rows * BLOCK; y++) {
    for (let x = 0; x < columns * BLOCK; x++) {
      const block = 3 * (Math.floor(y / BLOCK) * columns + Math.floor(x / BLOCK));
      for (let c = 0; c < 3; c++) means[block + c] += data[4 * (y * width + x) + c] / BLOCK ** 2;
    }
  }
  return means;
}

/** Share of the blocks in which two pictures differ; 1 where their sizes do. */
export function difference(a, b) {
  if (Math.abs(a.width - b.width) >= BLOCK || Math.abs(a.height - b.height) >= BLOCK) return 1;
  const [width, height] = [Math.min(a.width, b.width), Math.min(a.height, b.height)];
  const crop = (picture) => {
    const cropped = new PNG({ width, height });
    PNG.bitblt(picture, cropped, 0, 0, width, height);
    return cropped;
  };
  const [first, second] = [blocks(crop(a)), blocks(crop(b))];
  let different = 0;
  for (let block = 0; block < first.length; block += 3) {
    different += [0, 1, 2].some((c) => Math.abs(first[block + c] - second[block + c]) > STEP) ? 1 : 0;
  }
  return different / (first.length / 3);
}

/** What is wrong with the picture of that name, or nothing; `UPDATE=1` takes it as it is. */
export function fault(name, file, version) {
  const path = join(FOLDER, `${name}.png`);
  if (UPDATE) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path, file);
    writeFileSync(BROWSER, `${version}\n`);
    return "";
  }
  const remedy = "Look at both; if that is meant, UPDATE=1 writes the pictures anew.";
  if (!existsSync(path)) return `there is no ${path}. ${remedy}`;
  const most = readFileSync(BROWSER, "utf8").trim() === version ? SAME_BROWSER : OTHER_BROWSER;
  const share = difference(PNG.sync.read(readFileSync(path)), PNG.sync.read(file));
  if (share <= most) return "";
  mkdirSync(ARTIFACTS, { recursive: true });
  const now = join(ARTIFACTS, `page ${name}.png`);
  writeFileSync(now, file);
  return `${(100 * share).toFixed(2)} % of ${path} differ, ${100 * most} % may; now it is ${now}. ${remedy}`;
}
