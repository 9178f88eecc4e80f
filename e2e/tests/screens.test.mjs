// The page on other screens than a desk's, and on paper.
import assert from "node:assert/strict";

import { pageTest, screenshot } from "../lib/page.mjs";
import { becomes } from "../lib/viewer.mjs";

const DESK = { viewport: { width: 1440, height: 900 } };
const WALL = { viewport: { width: 3840, height: 2160 } };

const type = (page) => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
const shown = (page) => page.locator(".stage").getByRole("img").first().waitFor();

pageTest("a projector gets large type, and the page remembers it", { context: DESK }, async (page) => {
  await shown(page);
  const usual = await type(page);
  const projector = page.getByRole("checkbox", { name: "Projector" });
  await projector.check();
  assert.ok(await type(page) >= 1.3 * usual, "the type is larger");
  assert.ok(await overflow(page) <= 0, "nothing is wider than the page");
  await screenshot(page, "projector");
  await page.reload();
  await projector.waitFor();
  assert.ok(await projector.isChecked());
  assert.ok(await type(page) >= 1.3 * usual, "still large");
  await projector.uncheck();
  assert.equal(await type(page), usual);
});

/** Pixels from the end of the links to a question's first line: some air, or less than nothing where it is hidden. */
const below = (page, id) => page.evaluate((id) => document.querySelector(`${id} h2`).getBoundingClientRect().top - document.querySelector(".links").getBoundingClientRect().bottom, id);
const isNear = (top) => top >= 0 && top < 60;

pageTest("links and addresses lead to their questions, also where nothing in between was ever in sight", { path: "#training", skips: true, context: DESK }, async (page) => {
  await shown(page);
  await becomes(page, () => below(page, "#training"), isNear, "distance of the question in the address");
  for (const id of ["#classes", "#data", "#pixels", "#training", "#contour"]) {
    await page.locator(`.links a[href="${id}"]`).click();
    await becomes(page, () => below(page, id), isNear, `distance of ${id}`);
  }
});

pageTest("a 4K screen is filled with legible type", { context: WALL }, async (page) => {
  await shown(page);
  assert.ok(await type(page) >= 24, "as large as on a desk");
  assert.ok(await overflow(page) <= 0);
  await screenshot(page, "4K");
});

pageTest("on paper the picture and the answers remain, and what can only be pressed goes", { context: { ...DESK, colorScheme: "dark" } }, async (page) => {
  await shown(page);
  await page.getByRole("button", { name: "Run", exact: true }).waitFor();
  await page.emulateMedia({ media: "print" });
  const visible = (name) => page.getByRole("button", { name, exact: true }).first().isVisible();
  assert.equal(await visible("Run"), false);
  assert.equal(await page.getByRole("navigation").first().isVisible(), false);
  assert.ok(await page.locator(".stage").getByRole("img").first().isVisible());
  assert.ok(await page.getByRole("heading", { name: "What is the contour?" }).isVisible());
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(paper, "rgb(255, 255, 255)", "white, whatever the theme");
  await screenshot(page, "paper", { fullPage: true });
});

pageTest("16-bit activations are not offered where the adapter has no f16, and the page says why", { path: "?engine=gpu", context: DESK }, async (page) => {
  await shown(page);
  const has = await page.evaluate(async () => (await navigator.gpu.requestAdapter()).features.has("shader-f16"));
  await page.getByText("Settings of the run", { exact: true }).click();
  const choice = page.getByRole("checkbox", { name: "16-bit activations" });
  assert.equal(await choice.isEnabled(), has);
  assert.equal(await choice.isChecked(), false, "off by default");
  await page.getByText(has ? /11 binary places/ : /Needs an adapter with shader-f16/).waitFor();
});
