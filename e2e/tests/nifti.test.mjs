// The tests' own NIfTI writer, held against the format.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { writeNifti } from "../lib/nifti.mjs";

test("the tests' NIfTI files follow the format", () => {
  const file = gunzipSync(writeNifti([3, 2, 2], [1.5, 2, 3], "int16", (x, y, z) => x + 10 * y + 100 * z));
  assert.equal(file.readInt32LE(0), 348);
  assert.deepEqual([0, 1, 2, 3, 4].map((i) => file.readInt16LE(40 + 2 * i)), [3, 3, 2, 2, 1]);
  assert.deepEqual([file.readInt16LE(70), file.readInt16LE(72)], [4, 16]);
  assert.equal(file.toString("latin1", 344, 348), "n+1\0");
  assert.equal(file.readFloatLE(280 + 4 * 5), 2);
  assert.equal(file.length, 352 + 2 * 12);
  assert.equal(file.readInt16LE(352 + 2 * 11), 112);
});
