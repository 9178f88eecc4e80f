// What five panels look like, in light and in the dark. A change is seen in review: `UPDATE=1 node --test tests/pages.test.mjs`
// writes the pictures anew.
import assert from "node:assert/strict";
import { test } from "node:test";

import { PNG } from "pngjs";

import { pageTest } from "../lib/page.mjs";
import { difference, fault } from "../lib/pictures.mjs";

const PANELS = ["classes", "contour", "loss", "data", "training"];
/** What is planned depends on who computes it: one worker is on every machine. */
const MACHINE = "?engine=processor&workers=1";
/** What is painted is compared elsewhere (`tests/pictures`), and names the adapter. */
const MASKED = ["canvas", ".engine"];

/** The same letters everywhere, no movement, no blinking cursor, and nothing that stays in sight over what is below it. */
function settle() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { font-family: "DejaVu Sans" !important; animation: none !important; transition: none !important; caret-color: transparent !important }
    header, nav { position: static !important }
  `);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

for (const colorScheme of ["light", "dark"]) {
  const context = { viewport: { width: 1280, height: 900 }, colorScheme, reducedMotion: "reduce" };
  pageTest(`five panels look as they did, ${colorScheme}`, { path: MACHINE, context }, async (page) => {
    await page.locator(".stage").getByRole("img").first().waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).waitFor();
    await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
    assert.ok(await page.evaluate(() => document.fonts.check('16px "DejaVu Sans"')), "DejaVu Sans is installed: scripts/setup.sh installs it");
    await page.evaluate(settle);
    const faults = [];
    for (const panel of PANELS) {
      const mask = MASKED.map((selector) => page.locator(`#${panel} ${selector}`));
      const file = await page.locator(`#${panel}`).screenshot({ mask, maskColor: "#808080", animations: "disabled", scale: "css" });
      faults.push(fault(`${panel}-${colorScheme}`, file, page.context().browser().version()));
    }
    assert.deepEqual(faults.filter(Boolean), []);
  });
}

test("a word that is gone is noticed", () => {
  const picture = (words) => {
    const png = new PNG({ width: 400, height: 300 });
    png.data.fill(255);
    for (let word = 0; word < words; word++) {
      for (let y = 100; y < 112; y++) for (let x = 60 * word; x < 60 * word + 40; x++) if (x % 3 === 0) png.data.fill(0, 4 * (y * 400 + x), 4 * (y * 400 + x) + 3);
    }
    return png;
  };
  assert.equal(difference(picture(5), picture(5)), 0);
  assert.ok(difference(picture(5), picture(4)) > 0.002);
  assert.equal(difference(picture(5), new PNG({ width: 400, height: 310 })), 1);
});
