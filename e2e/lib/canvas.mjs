// What a canvas shows, as numbers.
import { PNG } from "pngjs";

/** RGBA bytes, row by row from the top, and the colour of one pixel. */
class Pixels {
  constructor({ width, height, data }) {
    Object.assign(this, { width, height, data });
  }

  at(x, y) {
    const start = (y * this.width + x) * 4;
    return [...this.data.subarray(start, start + 4)];
  }

  /** How many pixels a predicate of [r, g, b, a] holds for. */
  count(predicate) {
    let count = 0;
    for (let i = 0; i < this.data.length; i += 4) {
      if (predicate([this.data[i], this.data[i + 1], this.data[i + 2], this.data[i + 3]])) count += 1;
    }
    return count;
  }

  /** How many pixels differ from another picture of the same size by more than `tolerance` in any channel. */
  difference(other, tolerance = 0) {
    if (other.width !== this.width || other.height !== this.height) return Infinity;
    let count = 0;
    for (let i = 0; i < this.data.length; i += 4) {
      const differs = (k) => Math.abs(this.data[i + k] - other.data[i + k]) > tolerance;
      if (differs(0) || differs(1) || differs(2) || differs(3)) count += 1;
    }
    return count;
  }
}

const decode = (png) => new Pixels(PNG.sync.read(png));

/** The canvas' own pixels, in its own resolution, without anything that lies over it. WebGPU canvases too. */
export async function canvasPixels(page, selector) {
  const url = await page.locator(selector).evaluate((canvas) => canvas.toDataURL("image/png"));
  return decode(Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));
}

/** What a visitor sees of an element, everything over it included, in CSS pixels. */
export async function shownPixels(page, selector) {
  return decode(await page.locator(selector).screenshot({ scale: "css" }));
}
