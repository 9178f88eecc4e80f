// The tests' own tools: what they promise to notice, they notice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { asFile, dropFiles, writeNifti } from "../lib/nifti.mjs";
import { assertSilent, openPage } from "../lib/page.mjs";

test("a page that complains does not pass", async () => {
  const page = await openPage();
  assertSilent(page);
  await page.evaluate(async () => {
    console.warn("careful");
    setTimeout(() => { throw new Error("lost"); });
    await fetch(new URL("nowhere.bin", document.baseURI));
    // An image is stopped by the policy; a link followed by hand is not, and only the tests' own rule sees it.
    const frame = Object.assign(document.createElement("a"), { href: "http://elsewhere.invalid/", target: "_blank" });
    frame.click();
  });
  await page.waitForTimeout(500);
  for (const part of ["console warning: careful", "uncaught: lost", "404: ", "request outside the origin: http://elsewhere"]) {
    assert.ok(page.faults.some((fault) => fault.startsWith(part)), `${part} in ${JSON.stringify(page.faults)}`);
  }
  assert.throws(() => assertSilent(page));
  await page.context().close();
});

test("NIfTI files follow the format, and arrive whole where they are dropped", async () => {
  const packed = writeNifti([3, 2, 2], [1.5, 2, 3], "int16", (x, y, z) => x + 10 * y + 100 * z);
  const file = gunzipSync(packed);
  assert.equal(file.readInt32LE(0), 348);
  assert.deepEqual([0, 1, 2, 3].map((i) => file.readInt16LE(40 + 2 * i)), [3, 3, 2, 2]);
  assert.deepEqual([file.readInt16LE(70), file.readInt16LE(72)], [4, 16]);
  assert.equal(file.toString("latin1", 344, 348), "n+1\0");
  assert.equal(file.readFloatLE(280 + 4 * 5), 2);
  assert.equal(file.length, 352 + 2 * 12);
  assert.equal(file.readInt16LE(352 + 2 * 11), 112);

  const page = await openPage();
  await page.evaluate(() => {
    const target = Object.assign(document.createElement("div"), { id: "target" });
    document.body.append(target);
    target.addEventListener("drop", (event) => {
      event.stopPropagation();
      const [dropped] = event.dataTransfer.files;
      target.dataset.dropped = `${dropped.name} ${dropped.size}`;
    });
  });
  await dropFiles(page, "#target", [asFile("image.nii.gz", packed)]);
  assert.equal(await page.locator("#target").getAttribute("data-dropped"), `image.nii.gz ${packed.length}`);
  await page.context().close();
});
