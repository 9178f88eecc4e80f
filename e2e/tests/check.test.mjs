// Every kernel against its twin, by the browser's own WGSL compiler and by its WebAssembly.
import assert from "node:assert/strict";

import { pageTest, screenshot } from "../lib/page.mjs";

/** Opens the check and waits for its end: what it says, and name and verdict of each kernel. */
async function check(page, button) {
  await page.getByRole("button", { name: button }).click();
  const result = page.getByRole("status", { name: "Result of the check" });
  await result.filter({ hasText: /twins on|Stopped/ }).waitFor();
  const rows = page.getByRole("table", { name: "Kernels" }).getByRole("row");
  const said = await result.innerText();
  const verdicts = await rows.evaluateAll((list) => list.slice(1).map((row) => [row.cells[0].innerText, row.cells[4].innerText]));
  assert.deepEqual(verdicts.filter(([, verdict]) => !/^agrees/i.test(verdict)), [], said);
  return { said, names: verdicts.map(([name]) => name) };
}

const ofProcessor = (name) => name.startsWith("processor/");

pageTest("every kernel compiles in the browser and agrees with its twin", async (page) => {
  const { said, names } = await check(page, "Check my GPU");
  assert.match(said, /and the processor/);
  const own = names.filter(ofProcessor);
  assert.ok(names.length - own.length >= 32, `${said}: only ${names.length - own.length} kernels of the GPU were checked`);
  assert.ok(own.length >= 10, `${said}: only ${own.length} kernels of the processor were checked`);
  await screenshot(page, "check");
});

pageTest(
  "where there is no graphics device the kernels of the processor are checked",
  { without: ["--enable-unsafe-webgpu"], allow: [/No available adapters/, /WebGPU/] },
  async (page) => {
    const { said, names } = await check(page, "Check my processor");
    assert.match(said, /twins on the processor/);
    assert.ok(names.length >= 10 && names.every(ofProcessor), `${said}: ${names}`);
  },
);
