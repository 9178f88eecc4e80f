// Every loss of the menu, in turn: one step, whose terms are those that the twins compute natively in f64.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { history, makeSmall } from "../lib/run.mjs";
import { pageTest, screenshot } from "../lib/page.mjs";

/** Of the largest term: a small network's forward pass and the loss in f32, with exp and log off by some units. */
const RELATIVE = 2e-5;

const EXPECTED = JSON.parse(await readFile(new URL("../expected/losses.json", import.meta.url), "utf8"));
const REMEDY = "write e2e/expected/losses.json anew: CONTOUR_LAB_WRITE=1 cargo test --test integration losses_on_page";
const NAMES = ["total", "pixel", "region", "contour", "rest"];

const menu = (page) => page.locator("#loss").getByRole("combobox", { name: "Loss", exact: true });

pageTest("one step under every loss gives the terms of the twins", { path: "?engine=gpu" }, async (page) => {
  await makeSmall(page, { steps: 5 });
  const keys = await menu(page).locator("option").evaluateAll((options) => options.map((option) => option.value));
  assert.deepEqual([...keys].sort(), Object.keys(EXPECTED).sort(), REMEDY);
  const phase = page.getByRole("status", { name: "Training state" });
  const drawn = (count) => page.waitForFunction(
    (count) => Number(/(\d+) steps plotted/.exec(document.querySelector("#training").innerText)?.[1] ?? NaN) === count,
    count,
  );
  for (const [i, key] of keys.entries()) {
    await menu(page).selectOption(key);
    assert.equal(await page.locator("#loss .problem").innerText(), "");
    assert.ok(await page.locator("#loss math").count() > 0, `${key} has no formula`);
    assert.equal(await page.locator("#loss merror").count(), 0, `${key}: a formula is broken`);
    if (i > 0) {
      await page.getByRole("button", { name: "Reset", exact: true }).click();
      await drawn(0);
      await phase.filter({ hasText: "Paused" }).waitFor();
    }
    await page.getByRole("button", { name: "Step", exact: true }).click();
    await drawn(1);
    await phase.filter({ hasText: "Paused" }).waitFor();
    const [first] = (await history(page)).filter((row) => row.part === "train");
    const largest = Math.max(...EXPECTED[key].map(Math.abs));
    NAMES.forEach((name, term) => {
      const got = Number(first[name]);
      const apart = Math.abs(got - EXPECTED[key][term]);
      assert.ok(apart <= RELATIVE * largest, `${key}, ${name}: ${got} is not ${EXPECTED[key][term]}; if the loss was changed, ${REMEDY}`);
    });
  }
});

pageTest("every parameter has a control and a sentence, and absurd values are refused in words", async (page) => {
  for (const key of Object.keys(EXPECTED)) {
    await menu(page).selectOption(key);
    const panel = page.locator("#loss");
    const closed = panel.locator("details:not([open]) > summary");
    while (await closed.count() > 0) await closed.first().click();
    const sentences = await panel.locator(".glossary dd").allInnerTexts();
    const controls = await panel.locator(".controls :is(.number, .choice, .segmented)").count();
    assert.equal(sentences.length, controls, `${key}: as many sentences as controls`);
    assert.ok(sentences.every((sentence) => sentence.length > 30), key);
    const fields = panel.locator(".controls .number").getByRole("spinbutton");
    for (let i = 0; i < await fields.count(); i += 1) {
      const field = fields.nth(i);
      const before = await field.inputValue();
      await field.fill("-7");
      await field.press("Tab");
      await panel.locator(".problem").filter({ hasText: /is -7, outside .* Choose/ }).waitFor();
      await field.fill(before);
      await field.press("Tab");
      await panel.locator(".problem").filter({ hasText: /^$/ }).waitFor({ state: "attached" });
    }
  }
  await screenshot(page, "losses", { fullPage: true });
});
