// How does the network learn? A small UNet on the sample that the page opens with.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { canvasPixels } from "../lib/canvas.mjs";
import { pageTest, screenshot } from "../lib/page.mjs";
import { STEPS, button, choose, history, makeSmall, type } from "../lib/run.mjs";

const state = (page) => page.getByRole("status", { name: "Training state" });

/** Waits until the curve has at least that many points; exactly, where the run rests. */
async function drawn(page, count, { exactly = false } = {}) {
  await page.waitForFunction(({ count, exactly }) => {
    const found = Number(/(\d+) steps plotted/.exec(document.querySelector("#training").innerText)?.[1] ?? NaN);
    return exactly ? found === count : found >= count;
  }, { count, exactly });
}

async function reach(page, text) {
  await state(page).filter({ hasText: text }).waitFor();
}

const training = (rows) => rows.filter((row) => row.part === "train");
const losses = (rows) => training(rows).map((row) => row.total);

/** Pixels of a chart's canvas that carry a colour, whatever it is: axes alone are grey. */
async function colourful(page) {
  const pixels = await canvasPixels(page, "#training .chart canvas >> nth=0");
  return pixels.count(([r, g, b, a]) => a > 0 && Math.max(r, g, b) - Math.min(r, g, b) > 60);
}

pageTest("thirty steps: the loss falls, the curve grows, the shown slice is predicted", async (page) => {
  await makeSmall(page);
  await button(page, "Run").click();
  await drawn(page, 5);
  const early = await colourful(page);
  await reach(page, "Finished");
  await drawn(page, STEPS, { exactly: true });
  assert.ok(await page.getByText(`Step ${STEPS} of ${STEPS}`).isVisible());

  const rows = await history(page);
  const values = losses(rows).map(Number);
  assert.equal(values.length, STEPS);
  assert.ok(values.every(Number.isFinite));
  const mean = (some) => some.reduce((sum, value) => sum + value, 0) / some.length;
  assert.ok(mean(values.slice(-5)) < 0.9 * mean(values.slice(0, 5)), `the loss did not fall: ${values}`);
  const passes = rows.filter((row) => row.part === "validation");
  assert.deepEqual(passes.map((row) => Number(row.step)), [0, 10, 20, 30]);

  assert.ok(await colourful(page) > early, "the curve did not grow");
  await page.getByText(`is predicted after step ${STEPS}`).waitFor();
  const scores = page.getByRole("table", { name: "Dice by class" });
  assert.equal(await scores.getByRole("row").count(), 15);
  assert.match(await page.locator("#scores").innerText(), new RegExp(`after step ${STEPS}`));
  assert.ok(await button(page, "Run").isDisabled());
  assert.ok(await page.getByText("All 30 steps are done").isVisible());
  await screenshot(page, "training", { fullPage: true });
});

pageTest("pause holds, step goes on by one, reset returns to the identical first loss", async (page) => {
  await makeSmall(page, { steps: 500 });
  await button(page, "Run").click();
  await drawn(page, 3);
  await button(page, "Pause").click();
  await reach(page, "Paused");
  const first = losses(await history(page));
  await button(page, "Step").click();
  await drawn(page, first.length + 1, { exactly: true });
  await reach(page, "Paused");
  const second = losses(await history(page));
  assert.equal(second.length, first.length + 1);
  assert.deepEqual(second.slice(0, -1), first);

  await button(page, "Reset").click();
  await drawn(page, 0, { exactly: true });
  await reach(page, "Paused");
  for (let count = 1; count <= second.length; count += 1) {
    await button(page, "Step").click();
    await drawn(page, count, { exactly: true });
    await reach(page, "Paused");
  }
  assert.deepEqual(losses(await history(page)), second, "stepping gives the bits that running gave");
});

pageTest("the same seed gives the same bits in a new page, another seed does not", async (page) => {
  const run = async (seed) => {
    await type(page, "Seed", seed);
    await button(page, "Reset").or(button(page, "Run")).first().waitFor();
    if (await button(page, "Reset").isEnabled()) {
      await button(page, "Reset").click();
      await drawn(page, 0, { exactly: true });
      await reach(page, "Paused");
    }
    await button(page, "Run").click();
    await reach(page, "Finished");
    return history(page);
  };
  await makeSmall(page, { steps: 6 });
  const one = await run(7);
  const other = await run(8);
  const again = await run(7);
  assert.deepEqual(again, one);
  assert.notDeepEqual(losses(other), losses(one));
});

pageTest("settings are fixed for a run, and invalid ones are refused in words", async (page) => {
  await makeSmall(page, { steps: 500 });
  await type(page, "Steps", 0);
  // What a run would take is worked out in a task of its own.
  await page.locator("#training").getByText("The number of steps is 0").first().waitFor();
  assert.ok(await button(page, "Run").isDisabled());
  await type(page, "Steps", 20);
  await button(page, "Step").click();
  await drawn(page, 1, { exactly: true });
  await reach(page, "Paused");
  // Hidden while it has nothing to say.
  const settings = page.locator("#run-reset");
  assert.equal(await settings.textContent(), "");
  await page.getByRole("button", { name: "Authors' code", exact: true }).click();
  await settings.filter({ hasText: "Reset applies them" }).waitFor();
  const [before] = losses(await history(page));
  await button(page, "Reset").click();
  await drawn(page, 0, { exactly: true });
  await reach(page, "Paused");
  assert.equal(await settings.textContent(), "");
  await button(page, "Step").click();
  await drawn(page, 1, { exactly: true });
  const [after] = losses(await history(page));
  assert.notEqual(after, before, "another loss gives another value");
});

pageTest("a run that is over takes more steps, says at which rate, and records it", async (page) => {
  await makeSmall(page, { steps: 6 });
  await choose(page, "Schedule", "Cosine");
  await button(page, "Run").click();
  await reach(page, "Finished");
  const on = page.getByRole("group", { name: "Train on" });
  assert.equal(await on.getByRole("spinbutton", { name: "More steps" }).inputValue(), "6");
  await type(page, "More steps", 0);
  await on.getByText("Choose a whole number of steps from 1 to").waitFor();
  assert.ok(await button(page, "Train on").isDisabled());
  await type(page, "More steps", 4);
  await on.getByText(/goes on as in a run of 10 steps: from .* it rises to .* at once, and falls anew/).waitFor();
  await screenshot(page, "train-on");
  await button(page, "Train on").click();
  await drawn(page, 10, { exactly: true });
  await reach(page, "Finished");
  assert.ok(await page.getByText("Step 10 of 10").isVisible());
  await page.getByRole("status", { name: "Trained on" }).filter({ hasText: "Trained on after step 6" }).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Download run (JSON)").click()]);
  const run = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.deepEqual([run.recipe.steps, run.history.trained_on], [6, [{ step: 6, steps: 10 }]]);
  assert.equal(run.history.train.length, 10);
  await button(page, "Reset").click();
  await drawn(page, 0, { exactly: true });
  await page.getByText("Step 0 of 6").waitFor();
});

pageTest("a visit begins with a plan that gives its reasons, and finds back to it", async (page) => {
  const plans = page.getByRole("group", { name: "Planned runs" });
  const preset = (name) => plans.getByRole("button", { name });
  const changed = page.getByRole("status", { name: "Changed settings" });
  const pressed = async () => plans.getByRole("button", { pressed: true }).allInnerTexts();
  await preset(/^Quick about .*, estimated/).waitFor();
  const [usual] = await pressed();
  assert.equal((await pressed()).length, 1);
  await page.getByText("Settings of the run", { exact: true }).click();
  await page.getByText(/Slices of up to 122 × 101 pixels of 3 mm are shrunk to/).waitFor();
  await page.getByText(/adrenal gland (left|right) has 0\.01\d % of the pixels: for each slice/).waitFor();
  assert.equal(await changed.count(), 0);
  await screenshot(page, "plan", { fullPage: true });

  await choose(page, "UNet width", "4");
  await type(page, "Steps", 50);
  await changed.filter({ hasText: "Changed by you: width, steps." }).waitFor();
  assert.deepEqual(await pressed(), []);
  await page.getByText(/Changed by you; the plan has \d+ channels\./).waitFor();
  await button(page, "Back to the plan").click();
  await changed.waitFor({ state: "detached" });
  assert.deepEqual(await pressed(), [usual]);
  await preset(/^Quick/).click();
  assert.match((await pressed())[0], /^Quick/);
  const steps = await page.getByRole("spinbutton", { name: "Steps", exact: true }).inputValue();
  assert.match(await preset(/^Quick/).innerText(), new RegExp(`64 × 64, ${steps} steps`));

  // The plan follows the data.
  await page.getByRole("combobox", { name: "Study" }).selectOption({ label: "Abdomen MR" });
  await page.getByText(/Slices of up to 122 × 101/).first().waitFor({ state: "detached" });
  assert.equal(await changed.count(), 0);
});
