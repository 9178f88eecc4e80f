// Benchmark my GPU, and the variants of the kernels.
import assert from "node:assert/strict";

import { pageTest, screenshot } from "../lib/page.mjs";
import { button, history, makeSmall } from "../lib/run.mjs";

const state = (page) => page.getByRole("status", { name: "Training state" });
const result = (page) => page.getByRole("status", { name: "Result of the benchmark" });
const rows = (page) => page.getByRole("table", { name: "Time by node" }).locator("tbody tr, tfoot tr").evaluateAll(
  (list) => list.map((row) => [...row.cells].map((cell) => cell.textContent.trim())),
);
const close = (page) => page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).click();
/** A dash stands where a node has no dispatch of its own. */
const number = (text) => (text === "–" ? 0 : Number(text.replaceAll("\u202f", "")));

pageTest("a step is measured node by node, between two steps of a run that goes on", {
  path: "?engine=gpu",
  context: { viewport: { width: 1440, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] },
}, async (page, context) => {
  await makeSmall(page, { steps: 12 });
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  const undisturbed = await history(page);

  await button(page, "Reset").click();
  await state(page).filter({ hasText: "Paused" }).waitFor();
  for (let step = 1; step <= 3; step += 1) {
    await button(page, "Step").click();
    await page.getByText(`Step ${step} of 12`).waitFor();
  }
  await button(page, "Benchmark my GPU").click();
  await result(page).filter({ hasText: "a step takes" }).waitFor();
  const said = await result(page).innerText();
  context.diagnostic(said);
  const table = await rows(page);
  for (const row of table) context.diagnostic(row.join(" | "));
  const names = table.map(([name]) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of ["enc0.conv1", "pool1", "concat0", "head", "loss", "optimiser", "All"]) {
    assert.ok(names.includes(name), `${name} is missing among ${names}`);
  }
  const total = table.at(-1);
  const sum = (column) => table.slice(0, -1).reduce((sum, row) => sum + number(row[column]), 0);
  assert.ok(number(total[1]) > 0 && Math.abs(sum(1) - number(total[1])) <= 0.02 * number(total[1]) + 0.5, `${sum(1)} ms of ${total[1]}`);
  assert.equal(sum(9), number(total[9]));
  assert.match(said, new RegExp(`in ${total[9]} dispatches`));
  await screenshot(page, "benchmark 1440");
  await page.setViewportSize({ width: 390, height: 844 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `the page is ${width} px wide`);
  await screenshot(page, "benchmark 390");
  await page.setViewportSize({ width: 1440, height: 900 });

  await button(page, "Copy as JSON").click();
  await page.getByRole("dialog").getByRole("status").filter({ hasText: "Copied" }).waitFor();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.equal(copied.nodes.length, table.length - 1);
  assert.equal(copied.total.dispatches, number(total[9]));
  assert.equal(copied.step, 3);
  assert.ok(copied.peak_flops_per_second > 1e8);
  assert.ok(copied.total.share_of_peak > 0 && copied.total.share_of_peak <= 1);
  assert.equal(copied.kernels.reduce((sum, kernel) => sum + kernel.dispatches, 0), copied.total.dispatches);
  context.diagnostic(`clock ${copied.clock}, step ${copied.resolution_ms} ms, repeats ${copied.most_repeats}, peak ${copied.peak_flops_per_second / 1e9}`);

  await close(page);
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  assert.deepEqual(await history(page), undisturbed, "the run goes on as if nothing had been");
});

pageTest("without a run a session is made for it; a running one goes on", { path: "?engine=gpu" }, async (page) => {
  await makeSmall(page, { steps: 500 });
  await button(page, "Benchmark my GPU").click();
  await result(page).filter({ hasText: "a step takes" }).waitFor();
  await close(page);
  await state(page).filter({ hasText: "Paused" }).waitFor();
  await button(page, "Run").click();
  await page.getByText(/^Step [3-9] of 500/).waitFor();
  await button(page, "Benchmark my GPU").click();
  await page.getByRole("dialog").getByRole("button", { name: "Measure again", disabled: false }).waitFor();
  await result(page).filter({ hasText: "a step takes" }).waitFor();
  await close(page);
  assert.match(await state(page).innerText(), /Running/);
  const done = Number(/Step (\d+) of/.exec(await page.locator("#training").innerText())[1]);
  await page.waitForFunction((done) => Number(/Step (\d+) of/.exec(document.querySelector("#training").innerText)[1]) > done, done);
});

pageTest("the address forces a variant, which the diagnostics list", { path: "?variant=net/conv3x3:direct_4x2x4" }, async (page) => {
  await button(page, "Check my GPU").click();
  await page.getByText("Variants of the kernels").click();
  const lines = await page.getByRole("list", { name: "Variants" }).getByRole("listitem").allInnerTexts();
  assert.ok(lines.some((line) => /^net\/conv3x3, every shape: direct_4x2x4 \(forced/.test(line)), lines.join("\n"));
});

pageTest("a variant that is not known is named, with those that are, and the page lives on", {
  path: "?variant=net/conv3x3:sideways,net/conv5x5:direct",
}, async (page) => {
  const alert = page.getByRole("alert", { name: "Variants in the address" });
  await alert.waitFor();
  assert.match(await alert.innerText(), /net\/conv3x3 has no variant "sideways"\. It has: .*direct_4x2x4/);
  await makeSmall(page, { steps: 1 });
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
});
