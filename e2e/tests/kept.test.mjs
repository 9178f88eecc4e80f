// A session outlives the page: kept in the browser, offered after a reload, taken up as if nothing had been.
import assert from "node:assert/strict";
import { join } from "node:path";

import { nnunet } from "../lib/cohort.mjs";
import { pageTest, screenshot } from "../lib/page.mjs";
import { button, choose, history, losses, makeSmall, runTwice, state } from "../lib/run.mjs";

const offer = (page) => page.getByRole("region", { name: "Session of an earlier visit" });
const drawn = (page, steps) => page.waitForFunction((steps) => Number(/(\d+) steps plotted/.exec(document.querySelector("#training").innerText)?.[1] ?? 0) >= steps, steps);

/** What the browser keeps, by name. */
const kept = (page) => page.evaluate(async () => {
  // To open a database makes it, and this one is the page's to make.
  if (!(await indexedDB.databases()).some(({ name }) => name === "contour-lab")) return [];
  const settled = (asked) => new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const database = await settled(indexedDB.open("contour-lab"));
  try {
    return await settled(database.transaction("session").objectStore("session").getAllKeys());
  } finally {
    database.close();
  }
});

async function keeps(page, names) {
  for (const began = Date.now(); ;) {
    const found = await kept(page);
    // Scans are kept in as many pieces as they need.
    const besides = found.filter((name) => !name.startsWith("piece "));
    if (JSON.stringify(besides) === JSON.stringify(names) && (found.length > besides.length) === names.includes("cohort")) return;
    assert.ok(Date.now() - began < 30_000, `${found} instead of ${names} are kept`);
  }
}

async function reload(page) {
  await page.reload();
  await page.waitForSelector("#loading", { state: "detached" });
}

pageTest("after a reload the run is offered, and goes on to what it would have been", async (page) => {
  await makeSmall(page);
  // So large that it is still under way when it is told to pause.
  await choose(page, "Image size", "128");
  await choose(page, "UNet width", "16");
  const undisturbed = await runTwice(page);
  await drawn(page, 13);
  await button(page, "Pause").click();
  await state(page).filter({ hasText: "Paused" }).waitFor();
  await keeps(page, ["build", "cohort", "run"]);
  await reload(page);
  await offer(page).filter({ hasText: /Abdomen CT A: (10|20) of 30 steps/ }).waitFor();
  await screenshot(page, "kept-offer");
  await button(page, "Take it up").click();
  await page.getByRole("status", { name: "Run taken up" }).filter({ hasText: /was taken up after step (10|20)/ }).waitFor();
  await state(page).filter({ hasText: "Paused" }).waitFor();
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  assert.deepEqual(losses(await history(page)), undisturbed, "digit by digit");
  await screenshot(page, "kept-taken-up");
});

pageTest("a session that is not wanted is forgotten", async (page) => {
  await makeSmall(page);
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  await keeps(page, ["build", "cohort", "run"]);
  await reload(page);
  await button(page, "Forget it").click();
  await offer(page).waitFor({ state: "detached" });
  await keeps(page, []);
  await reload(page);
  await page.locator(".stage").getByRole("img").first().waitFor();
  assert.equal(await offer(page).count(), 0);
});

pageTest("own scans are kept only if the visitor wants it, and until then", { timeout: 600_000 }, async (page) => {
  const files = nnunet(["001", "002"]);
  try {
    const open = async () => {
      await page.locator("input[type=file][aria-label='Open your own image and label']").setInputFiles([
        join(files.root, "imagesTr/case_001_0000.nii.gz"), join(files.root, "labelsTr/case_001.nii.gz"),
      ]);
      const panel = page.getByRole("region", { name: "Your files" });
      const button = panel.getByRole("button", { name: "Open this pair" });
      await Promise.race([button.waitFor(), page.getByText(/case_001/).first().waitFor()]);
      if (await button.count()) await button.click();
      await page.getByRole("group", { name: "Keeping the session" }).filter({ hasText: "Your scans are not kept" }).waitFor();
    };
    await page.locator(".stage").getByRole("img").first().waitFor();
    await open();
    await makeSmall(page, { steps: 10 });
    await button(page, "Run").click();
    await state(page).filter({ hasText: "Finished" }).waitFor();
    assert.deepEqual(await kept(page), []);
    await page.getByLabel("Keep this session in this browser").check();
    await keeps(page, ["build", "cohort", "run"]);
    await reload(page);
    await offer(page).filter({ hasText: /10 of 10 steps/ }).waitFor();
    await button(page, "Take it up").click();
    await state(page).filter({ hasText: "Finished" }).waitFor();
    await page.getByLabel("Keep this session in this browser").uncheck();
    await keeps(page, []);
    // What was said of one pair of scans is not said of the next.
    await page.getByLabel("Keep this session in this browser").check();
    await keeps(page, ["build", "cohort", "run"]);
    await open();
    assert.ok(!await page.getByLabel("Keep this session in this browser").isChecked());
  } finally {
    files.remove();
  }
});

pageTest("two tabs do not mix their sessions: the one that keeps goes on to, and the other says so", async (page) => {
  await makeSmall(page);
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  await keeps(page, ["build", "cohort", "run"]);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await makeSmall(other, { seed: 2 });
  assert.equal(await offer(other).count(), 0, "what another tab is at is not on offer");
  await button(other, "Run").click();
  await other.getByRole("group", { name: "Keeping the session" }).filter({ hasText: "Another tab of this page keeps its session" }).waitFor();
  await state(other).filter({ hasText: "Finished" }).waitFor();
  await page.close();
  await button(other, "Reset").click();
  await button(other, "Run").click();
  await state(other).filter({ hasText: "Finished" }).waitFor();
  await other.getByRole("group", { name: "Keeping the session" }).filter({ hasNotText: "Another tab" }).waitFor();
  await reload(other);
  await offer(other).waitFor();
});
