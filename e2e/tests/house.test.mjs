// What a new user stumbled over: sheets, focus, print, units, legends, and whose labels a score is of.
import assert from "node:assert/strict";

import { nnunet } from "../lib/cohort.mjs";
import { pageTest, screenshot } from "../lib/page.mjs";
import { button, makeSmall, state } from "../lib/run.mjs";
import { becomes, openPhantom, sheet, stage } from "../lib/viewer.mjs";

const ready = (page) => stage(page).getByRole("img", { name: /with .*contour map/ }).waitFor();
const focused = (page) => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText);
const isOpen = (page, name) =>
  page.locator(".popover > summary", { hasText: name }).evaluate((node) => node.parentElement.open);

/** Many subjects: a list longer than the panel. */
pageTest("the folder panel keeps its action in sight", { context: { viewport: { width: 1440, height: 900 } } }, async (page) => {
  const made = nnunet(Array.from({ length: 21 }, (_, i) => i + 1).filter((i) => i !== 9));
  try {
    await ready(page);
    await page.getByLabel("Open a folder of images and labels").setInputFiles(made.root);
    const action = button(page, "Open 20 subjects");
    await action.waitFor();
    const [box, panel] = [await action.boundingBox(), await page.getByRole("region", { name: "Your files" }).boundingBox()];
    assert.ok(box.y >= panel.y && box.y + box.height <= panel.y + panel.height, "within the panel");
    assert.ok(box.y + box.height <= 900, "within the window");
    await screenshot(page, "house folder panel");
  } finally {
    made.remove();
  }
});

pageTest("a score on the visitor's own labels is not called agreement with a model", async (page) => {
  await ready(page);
  const scores = page.locator("#scores");
  await scores.getByText(/come from another model/).waitFor();
  await openPhantom(page);
  await scores.getByText(/come from another model/).waitFor({ state: "detached" });
  assert.doesNotMatch(await scores.innerText(), /model's output|another model/);
});

pageTest("a run whose study is left is offered back", async (page) => {
  await ready(page);
  await makeSmall(page, { steps: 20 });
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  await page.getByRole("combobox", { name: "Study" }).selectOption("abdomen_ct_b");
  const left = page.getByRole("status", { name: "Run on another study" });
  await left.getByText(/is kept: 20 of 20 steps/).waitFor();
  await screenshot(page, "house run kept");
  await button(page, "Back to the run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  await left.waitFor({ state: "detached" });
  await page.getByText("20 steps plotted").waitFor();
  await page.getByText("Step 20 of 20").waitFor();
});

for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
  pageTest(`sheets open beside their buttons and close by Escape and elsewhere, at ${viewport.width}`, { context: { viewport } }, async (page) => {
    await ready(page);
    for (const name of ["Place", "Display", "Classes", "Compare"]) {
      const summary = page.locator(".popover > summary", { hasText: name });
      await summary.scrollIntoViewIfNeeded();
      await summary.click();
      const body = page.locator(".popover[open] .popover__body");
      await body.waitFor();
      const beside = async () => {
        const [at, box] = [await summary.boundingBox(), await body.boundingBox()];
        const gap = Math.max(at.y - box.y - box.height, box.y - at.y - at.height);
        const overlaps = box.x < at.x + at.width && at.x < box.x + box.width;
        return box.x >= 0 && box.x + box.width <= viewport.width && box.y >= 0 && box.y + box.height <= viewport.height && gap >= 0 && gap < 12 && overlaps;
      };
      await becomes(page, beside, true, `${name} beside its button`);
      if (name === "Display") await screenshot(page, `house sheet ${viewport.width}`);
      await page.keyboard.press("Escape");
      await becomes(page, () => isOpen(page, name), false, name);
      assert.match(await focused(page), new RegExp(name), "the button has the focus again");
      await summary.click();
      await page.locator(".study__facts").click();
      await becomes(page, () => isOpen(page, name), false, name);
    }
    await sheet(page, "Edit");
    const [picture, body] = [await stage(page).boundingBox(), await page.locator(".popover[open] .popover__body").boundingBox()];
    assert.ok(body.y >= picture.y + picture.height - 1, "Edit covers nothing of the picture");
    await screenshot(page, `house edit ${viewport.width}`);
  });
}

pageTest("the focus stays where it was after key 4 and after Enter on Run", async (page) => {
  await ready(page);
  await makeSmall(page, { steps: 10 });
  await stage(page).focus();
  for (const planes of [3, 1]) {
    await page.keyboard.press("4");
    await becomes(page, () => page.locator(".stages > .stage").count(), planes, "stages");
    await becomes(page, () => focused(page), (name) => /Slice viewer/.test(name), "focus");
  }
  await button(page, "Run").focus();
  await page.keyboard.press("Enter");
  await state(page).filter({ hasText: "Finished" }).waitFor();
  assert.match(await focused(page), /Run/);
});

pageTest("units are whole, a field is named once, and a summand of 0 is left out", { context: { viewport: { width: 1440, height: 900 } } }, async (page) => {
  await ready(page);
  await page.getByText("Settings of the run", { exact: true }).click();
  const cut = await page.locator("#training .number__unit").evaluateAll((units) => units
    .filter((unit) => unit.innerText && unit.getBoundingClientRect().right > unit.closest(".section").getBoundingClientRect().right)
    .map((unit) => unit.innerText));
  assert.deepEqual(cut, []);
  assert.doesNotMatch(await page.locator("#training").innerText(), /Seed\s+Seed/);
  const loss = page.locator("#loss");
  assert.doesNotMatch(await loss.locator(".formula").first().innerText(), /\+\s*0(?![.\d])/);
  assert.ok(await loss.locator(".number__name sub", { hasText: "w" }).count() > 0, "λ with its index below");
  await page.getByRole("checkbox", { name: "Show weight map" }).check();
  const bar = page.locator(".stage__legends").getByRole("group", { name: "Colours of the weight map" });
  assert.deepEqual(await bar.locator(".bar__mark").allInnerTexts(), ["1 off contour", "3 on contour"]);
  await loss.getByRole("combobox", { name: "Loss", exact: true }).selectOption("Cross-entropy");
  await becomes(page, () => bar.locator(".bar__mark").allInnerTexts(), ["1 everywhere"], "legend");
  await screenshot(page, "house settings", { fullPage: true });
});

pageTest("a print keeps the proportions, the left edge and dark ink", { context: { viewport: { width: 1440, height: 900 }, colorScheme: "dark" } }, async (page) => {
  await ready(page);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.setViewportSize({ width: 720, height: 1000 });
  const fit = await stage(page).locator("canvas").evaluate((canvas) => getComputedStyle(canvas).objectFit);
  assert.equal(fit, "contain");
  assert.equal(await page.locator(".viewer__controls").isVisible(), false);
  const edges = await page.evaluate(() => [...document.querySelectorAll(".section, .picture, .stage")].map((node) => node.getBoundingClientRect().left));
  assert.ok(Math.min(...edges) >= 0, `left edges ${edges}`);
  const alarm = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--alarm").trim());
  assert.equal(alarm, "#8a1f16");
  await screenshot(page, "house print", { fullPage: false });
});
