// Asking a network about a slice: any subject's, and without the run being touched.
import assert from "node:assert/strict";

import { nnunet } from "../lib/cohort.mjs";
import { pageTest } from "../lib/page.mjs";
import { button, choose, makeSmall, state } from "../lib/run.mjs";
import { voxel } from "../lib/viewer.mjs";

const pixels = (page) => page.locator("#pixels");
const subjects = (page) => page.getByRole("combobox", { name: "Subject", exact: true });

async function openSubjects(page) {
  const made = nnunet([1, 2, 3]);
  try {
    await page.locator(".stage").getByRole("img", { name: /with .*contour map/ }).waitFor();
    await page.getByLabel("Open a folder of images and labels").setInputFiles(made.root);
    await button(page, "Open 3 subjects").click();
    await subjects(page).waitFor();
  } finally {
    made.remove();
  }
}

async function show(page, subject) {
  await subjects(page).selectOption(`case_${subject}`);
  await page.locator(".stage").getByRole("img", { name: new RegExp(`of case_${subject}`) }).first().waitFor();
}

async function predicted(page) {
  const [, , z] = await voxel(page);
  await pixels(page).getByText(new RegExp(`^Axial slice ${z}, predicted with`)).waitFor();
  await page.waitForFunction(() => !document.querySelector(".strip__item--waits"));
}

pageTest("a network is asked about the slice on screen, of whichever subject", async (page) => {
  await openSubjects(page);
  await makeSmall(page);
  await show(page, 2);
  await button(page, "Ask the network").click();
  await predicted(page);
  await page.locator(".stage").first().press("PageUp");
  await predicted(page);
  for (const subject of [3, 1]) {
    await show(page, subject);
    await predicted(page);
  }
});

pageTest("a network is asked about a subject that a run leaves out", async (page) => {
  await openSubjects(page);
  await makeSmall(page, { steps: 10 });
  await page.getByRole("combobox", { name: "case_2 is there to", exact: true }).selectOption("unused");
  await show(page, 1);
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  await predicted(page);
  await show(page, 2);
  await button(page, "Ask the network").click();
  await predicted(page);
  assert.match(await state(page).innerText(), /Finished/);
  await show(page, 3);
  await pixels(page).getByText(/predicted with the weights after 10 steps/).waitFor();
});

pageTest("asking leaves the run alone", async (page) => {
  await page.locator(".stage").getByRole("img", { name: /with .*contour map/ }).waitFor();
  await page.getByText("Settings of the run", { exact: true }).click();
  const start = () => page.locator("input[name=start]:checked").evaluate((input) => input.parentElement.innerText);
  const before = await start();
  await button(page, "Ask the trained network").click();
  await pixels(page).getByText("The loss as a heat map").waitFor();
  assert.match(await pixels(page).innerText(), /predicted with the shipped weights/);
  await button(page, "Ask an untrained one").click();
  await pixels(page).getByText(/predicted with random weights of seed/).waitFor();
  assert.match(await state(page).innerText(), /Not started/);
  assert.equal(await start(), before);
  await choose(page, "UNet width", "4");
  assert.doesNotMatch(await page.locator("#training").innerText(), /nothing can be trained|Reset applies/);
  assert.ok(await button(page, "Run").isEnabled());
});
