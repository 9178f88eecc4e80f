// What a run will take, before it starts: memory, time, and what would fit where it is too large.
import assert from "node:assert/strict";

import { pageTest, screenshot } from "../lib/page.mjs";
import { button, choose, makeSmall, state, type } from "../lib/run.mjs";

const proposals = (page) => page.getByRole("group", { name: "What would fit" });
const time = (page) => page.getByLabel("What the run needs").locator("div", { hasText: "Time" }).locator("dd");

pageTest("a run that does not fit names what would, and a click takes it", { path: "?engine=gpu" }, async (page) => {
  await page.getByText("Settings of the run", { exact: true }).click();
  await choose(page, "UNet width", "16");
  await choose(page, "UNet depth", "4");
  await choose(page, "Image size", "256");
  await type(page, "Batch", 64);
  // Upsampled and skipped channels side by side: 32 and 16 of 256 × 256 pixels for each of 64 slices, 4 bytes each.
  await page.locator("#run-reason").filter({ hasText: "A batch of 64 at 256 × 256 pixels needs 805.3 MB in one piece, and a graphics card is only asked for 134.2 MB" }).waitFor();
  assert.deepEqual(await proposals(page).getByRole("button").allInnerTexts(), [
    "Use 96 × 96 pixels", "Use a batch of 8", "Use patches of 96 × 96 pixels",
  ]);
  await screenshot(page, "outlook-too-large");
  await proposals(page).getByRole("button", { name: "Use 96 × 96 pixels" }).click();
  await proposals(page).waitFor({ state: "detached" });
  assert.ok(await page.getByRole("radiogroup", { name: "Image size" }).getByRole("radio", { name: "96", exact: true }).isChecked());
  assert.ok(await button(page, "Run").isEnabled());
});

pageTest("the time of a run is told from a step that was measured, after a reload too", async (page) => {
  await makeSmall(page);
  await time(page).filter({ hasText: /^about .*, estimated$/ }).waitFor();
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  await time(page).filter({ hasText: /^about \d+ s, measured$/ }).waitFor();
  const seconds = async () => {
    const [, minutes = 0, rest] = /about (?:(\d+) min )?(\d+) s/.exec(await time(page).innerText());
    return 60 * Number(minutes) + Number(rest);
  };
  const short = await seconds();
  await type(page, "Steps", 3000);
  // A hundred times as many steps, but for the first of the validations, which take a tenth of the time; rounded to seconds.
  assert.ok(Math.abs(await seconds() - 100 * short) <= 50 + 15 * short, `${await seconds()} s for 3000 steps, ${short} s for 30`);
  await page.reload();
  await page.waitForSelector("#loading", { state: "detached" });
  // Much larger than what was measured: it is estimated. The same again: it is known.
  await time(page).filter({ hasText: /^about .*, estimated$/ }).waitFor();
  await makeSmall(page);
  await time(page).filter({ hasText: /^about .*, measured$/ }).waitFor();
});
