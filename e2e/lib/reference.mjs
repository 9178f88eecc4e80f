// What the page should show, computed here from the files alone.
import { gunzipSync } from "node:zlib";

/** An 8-bit NIfTI-1 label in RAS order: shape, spacing in mm, and the class at a voxel. */
export function readLabel(bytes) {
  const file = bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
  if (file.readInt32LE(0) !== 348 || file.readInt16LE(70) !== 2) throw new Error("not an 8-bit NIfTI-1 file");
  const shape = [1, 2, 3].map((i) => file.readInt16LE(40 + 2 * i));
  const spacing = [1, 2, 3].map((i) => file.readFloatLE(76 + 4 * i));
  const start = file.readFloatLE(108);
  const at = (x, y, z) => file[start + x + shape[0] * (y + shape[1] * z)];
  return { shape, spacing, at };
}

/** Is (x, y) of an axial slice in the inner contour of its own class, for a square of radius r; outside never erodes. */
export function isContour(label, x, y, z, radius) {
  const own = label.at(x, y, z);
  for (let dy = -radius; dy <= radius; dy += 1) {
    for (let dx = -radius; dx <= radius; dx += 1) {
      const [u, v] = [x + dx, y + dy];
      const inside = u >= 0 && v >= 0 && u < label.shape[0] && v < label.shape[1];
      if (inside && label.at(u, v, z) !== own) return true;
    }
  }
  return false;
}

/** The canvas pixel at the centre of a voxel of an axial slice: fitted, centred, patient's right on the left. */
export function pixelOf(label, canvas, x, y) {
  const [w, h] = label.shape;
  const [sx, sy] = label.spacing;
  const perMm = Math.min(canvas.width / (w * sx), canvas.height / (h * sy));
  return [
    Math.floor(canvas.width / 2 - (x + 0.5 - w / 2) * sx * perMm),
    Math.floor(canvas.height / 2 - (y + 0.5 - h / 2) * sy * perMm),
  ];
}

export const parseColor = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
