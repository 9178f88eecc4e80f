// The front door: the page arrives whole, wherever it is hosted, and says so when it cannot run.
import assert from "node:assert/strict";

import { pageTest, screenshot } from "../lib/page.mjs";

pageTest("the page opens in silence and mounts", async (page) => {
  assert.equal(await page.title(), "Contour Lab");
  assert.equal(await page.locator("#loading").count(), 0);
  await screenshot(page, "door");
});

pageTest("everything the application fetches lies below the page's own address", async (page) => {
  const found = await page.evaluate(async () => {
    const paths = ["samples/samples.json", "samples/LICENCES.md", "vendor/uplot/LICENSE", "NOTICE.md"];
    const statuses = await Promise.all(paths.map(async (path) => (await fetch(new URL(path, document.baseURI))).status));
    return { statuses, chart: typeof window.uPlot };
  });
  assert.deepEqual(found, { statuses: [200, 200, 200, 200], chart: "function" });
});

pageTest("the content security policy stops a request to another host", { allow: [/Content Security Policy/, /Refused/] }, async (page) => {
  const outcome = await page.evaluate(() => fetch("https://example.org/").then(() => "answered", (error) => error.name));
  assert.equal(outcome, "TypeError");
});

pageTest("there is a WebGPU adapter, and a canvas shows what is drawn on it", async (page) => {
  const { canvasPixels, shownPixels } = await import("../lib/canvas.mjs");
  await page.evaluate(async () => {
    const adapter = await navigator.gpu.requestAdapter();
    const device = await adapter.requestDevice();
    const canvas = Object.assign(document.createElement("canvas"), { id: "probe", width: 32, height: 16 });
    canvas.style.cssText = "position: fixed; inset: 0 auto auto 0; z-index: 9; width: 32px; height: 16px";
    document.body.append(canvas);
    const context = canvas.getContext("webgpu");
    context.configure({ device, format: navigator.gpu.getPreferredCanvasFormat() });
    const encoder = device.createCommandEncoder();
    const view = context.getCurrentTexture().createView();
    const attachment = { view, loadOp: "clear", storeOp: "store", clearValue: [1, 0.4, 0, 1] };
    encoder.beginRenderPass({ colorAttachments: [attachment] }).end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
  });
  const own = await canvasPixels(page, "#probe");
  assert.deepEqual([own.width, own.height, own.at(31, 15)], [32, 16, [255, 102, 0, 255]]);
  const shown = await shownPixels(page, "#probe");
  assert.equal(shown.count((colour) => colour.join() === "255,102,0,255"), 32 * 16);
});

pageTest("without JavaScript the page says what it needs", { mounted: false, context: { javaScriptEnabled: false } }, async (page) => {
  assert.match(await page.locator("noscript").innerText(), /allow JavaScript/);
});

pageTest("an application that does not arrive is told in words", { mounted: false, allow: [/Failed to load resource/, /ERR_/] }, async (page) => {
  await page.context().route("**/*.wasm", (route) => route.abort());
  await page.reload();
  await page.getByRole("status").filter({ hasText: "could not be loaded" }).waitFor();
});
