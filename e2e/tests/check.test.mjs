// Every kernel against its twin, by the browser's own WGSL compiler.
import assert from "node:assert/strict";

import { pageTest, screenshot } from "../lib/page.mjs";

pageTest("every kernel compiles in the browser and agrees with its twin", async (page) => {
  await page.getByRole("button", { name: "Check my GPU" }).click();
  const result = page.getByRole("status", { name: "Result of the check" });
  await result.filter({ hasText: /twins on|Stopped/ }).waitFor();
  const rows = page.getByRole("table", { name: "Kernels" }).getByRole("row");
  const said = await result.innerText();
  const verdicts = await rows.evaluateAll((list) => list.slice(1).map((row) => [row.cells[0].innerText, row.cells[4].innerText]));
  assert.ok(verdicts.length >= 32, `${said}: only ${verdicts.length} kernels were checked`);
  assert.deepEqual(verdicts.filter(([, verdict]) => !/^agrees/i.test(verdict)), [], said);
  await screenshot(page, "check");
});
