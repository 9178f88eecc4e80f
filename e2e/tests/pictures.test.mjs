// A canvas that cannot be painted says why.
import assert from "node:assert/strict";

import { PATIENCE_MS, pageTest } from "../lib/page.mjs";
import { hookWorkers } from "../lib/worker.mjs";

const fault = (page) => page.locator(".stage").first().getByRole("alert");

pageTest("a canvas that the browser gives no drawing context says so", { allow: [/context|Surface/] }, async (page) => {
  await hookWorkers(page, () => { OffscreenCanvas.prototype.getContext = () => null; });
  await page.reload();
  assert.match(await fault(page).innerText({ timeout: PATIENCE_MS }), /No picture.*canvas.*Reload the page/s);
});

pageTest("a picture that the device refuses says so, and goes on once it does not", { allow: [/as a test wants/] }, async (page) => {
  await hookWorkers(page, () => {
    globalThis.refused = 0;
    const of = GPUCanvasContext.prototype.getCurrentTexture;
    GPUCanvasContext.prototype.getCurrentTexture = function () {
      if (globalThis.paints) return of.call(this);
      globalThis.refused += 1;
      throw new Error("as a test wants");
    };
  });
  await page.reload();
  await fault(page).waitFor();
  for (const worker of page.workers()) await worker.evaluate(() => { globalThis.paints = true; });
  await page.locator(".stage").first().press("PageUp");
  await fault(page).waitFor({ state: "detached" });
});
