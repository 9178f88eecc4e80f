// NIfTI files made in a test, so that it knows every voxel.
import { gzipSync } from "node:zlib";

const HEADER_BYTES = 352;

// datatype code, bytes a voxel, writer
const DATATYPES = {
  uint8: [2, 1, "writeUInt8"],
  int16: [4, 2, "writeInt16LE"],
  int32: [8, 4, "writeInt32LE"],
  float32: [16, 4, "writeFloatLE"],
  float64: [64, 8, "writeDoubleLE"],
  int8: [256, 1, "writeInt8"],
  uint16: [512, 2, "writeUInt16LE"],
  uint32: [768, 4, "writeUInt32LE"],
};

/**
 * A NIfTI-1 single file, gzipped.
 *
 * @param {number[]} shape voxels along x, y, z (and t)
 * @param {number[]} spacing millimetres along x, y, z
 * @param {keyof DATATYPES} dtype
 * @param {ArrayLike<number> | ((x: number, y: number, z: number, t: number) => number)} values x runs fastest
 * @param {{ affine?: number[][], slope?: number, intercept?: number, gzip?: boolean }} [options]
 *   `affine`: three rows of four, world (RAS, mm) from voxel; by default `spacing` on the diagonal
 * @returns {Buffer}
 */
export function writeNifti(shape, spacing, dtype, values, { affine, slope = 1, intercept = 0, gzip = true } = {}) {
  const [code, bytes, write] = DATATYPES[dtype];
  const [nx, ny, nz, nt = 1] = shape;
  const count = nx * ny * nz * nt;
  const file = Buffer.alloc(HEADER_BYTES + count * bytes);
  file.writeInt32LE(348, 0);
  [shape.length, nx, ny, nz, nt, 1, 1, 1].forEach((n, i) => file.writeInt16LE(n, 40 + 2 * i));
  file.writeInt16LE(code, 70);
  file.writeInt16LE(8 * bytes, 72);
  [1, ...spacing, 1, 1, 1, 1].forEach((mm, i) => file.writeFloatLE(mm, 76 + 4 * i));
  file.writeFloatLE(HEADER_BYTES, 108);
  file.writeFloatLE(slope, 112);
  file.writeFloatLE(intercept, 116);
  file.writeUInt8(2, 123); // millimetres
  file.writeInt16LE(1, 254); // sform, scanner coordinates
  const rows = affine ?? spacing.map((mm, i) => [0, 1, 2, 3].map((j) => (i === j ? mm : 0)));
  rows.flat().forEach((value, i) => file.writeFloatLE(value, 280 + 4 * i));
  file.write("n+1\0", 344, "latin1");
  const value = typeof values === "function"
    ? (i) => values(i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny)) % nz, Math.floor(i / (nx * ny * nz)))
    : (i) => values[i];
  if (typeof values !== "function" && values.length !== count) {
    throw new Error(`${values.length} values for ${count} voxels`);
  }
  for (let i = 0; i < count; i += 1) file[write](value(i), HEADER_BYTES + i * bytes);
  return gzip ? gzipSync(file) : file;
}

/** A file for Playwright's `setInputFiles` (or for `dropFiles`). */
export const asFile = (name, buffer) => ({ name, mimeType: "application/gzip", buffer });

/** Drops files, as a visitor does from the desktop, on the element that `selector` names. */
export async function dropFiles(page, selector, files) {
  const plain = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString("base64") }));
  const transfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const { name, mimeType, base64 } of list) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], name, { type: mimeType }));
    }
    return data;
  }, plain);
  for (const type of ["dragenter", "dragover", "drop"]) {
    await page.dispatchEvent(selector, type, { dataTransfer: transfer });
  }
}
