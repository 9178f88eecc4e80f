// Each network trains in the page, and weights that do not fit are refused tensor by tensor.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { pageTest, screenshot } from "../lib/page.mjs";
import { button, choose, history, makeSmall, type } from "../lib/run.mjs";

const NETWORKS = ["UNet", "Residual UNet", "Attention UNet", "Partial decoder"];
const state = (page) => page.getByRole("status", { name: "Training state" });
const blocks = (page) => page.getByRole("table", { name: "Blocks of the network" });
const differences = (page) => page.getByRole("table", { name: "Differences of the weights" });

const toggle = (page, name) => page.getByRole("checkbox", { name, exact: true });

async function finish(page) {
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
}

async function restart(page) {
  await button(page, "Reset").click();
  await page.waitForFunction(() => /\b0 steps plotted/.test(document.querySelector("#training").innerText));
  await state(page).filter({ hasText: "Paused" }).waitFor();
}

async function savedWeights(page, name = "Download weights (safetensors)") {
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, name).click()]);
  return { name: download.suggestedFilename(), buffer: await readFile(await download.path()) };
}

const train = (rows) => rows.filter((row) => row.part === "train").map((row) => Number(row.total));

/** The header of a safetensors file: eight bytes of length, then JSON. */
function tensors(buffer) {
  const length = Number(buffer.readBigUInt64LE(0));
  const header = JSON.parse(buffer.subarray(8, 8 + length).toString("utf8"));
  delete header.__metadata__;
  return header;
}

pageTest("each network is drawn, trains, and saves weights under its own names", async (page) => {
  await makeSmall(page, { steps: 5, rate: 0.01 });
  await page.locator(".network > summary").click();
  const names = { UNet: "dec0", "Residual UNet": "enc1", "Attention UNet": "att0", "Partial decoder": "map" };
  const first = {};
  for (const [i, network] of NETWORKS.entries()) {
    await choose(page, "Kind", network);
    await blocks(page).getByRole("rowheader", { name: names[network], exact: true }).waitFor();
    if (i > 0) await restart(page);
    await finish(page);
    const losses = train(await history(page));
    assert.equal(losses.length, 5, network);
    assert.ok(losses.every(Number.isFinite) && losses[4] < losses[0], `${network}: ${losses}`);
    first[network] = losses[0];
    const saved = await savedWeights(page);
    const header = tensors(saved.buffer);
    const shapes = Object.values(header).map(({ shape }) => shape.reduce((product, size) => product * size, 1));
    const told = await page.locator(".outlook__item").first().innerText();
    assert.equal(shapes.reduce((a, b) => a + b, 0), Number(told.replace(/\D/g, "")), network);
    await screenshot(page, `network ${network}`, { fullPage: true });
  }
  assert.equal(new Set(Object.values(first)).size, NETWORKS.length, "four networks, four first losses");
});

pageTest("weights that do not fit are refused tensor by tensor", async (page) => {
  await makeSmall(page, { steps: 2 });
  await finish(page);
  const { name, buffer } = await savedWeights(page);
  await choose(page, "Kind", "Attention UNet");
  await choose(page, "UNet width", "8");
  await page.locator(".start__file input").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  await differences(page).waitFor();
  const row = async (tensor) => differences(page).getByRole("row").filter({ hasText: tensor }).first().innerText();
  assert.match(await row("att0.theta.weight"), /missing\s+nothing\s+F32 4 × 8 × 1 × 1/);
  assert.match(await row("enc0.conv1.weight"), /wrong shape\s+F32 4 × 1 × 3 × 3\s+F32 8 × 1 × 3 × 3/);
  assert.ok(await page.getByText("does not fit this network").first().isVisible());
  await screenshot(page, "weights that do not fit", { fullPage: true });

  // The same file for the network that it came from.
  await choose(page, "Kind", "UNet");
  await choose(page, "UNet width", "4");
  await differences(page).waitFor({ state: "detached" });
  await restart(page);
  await finish(page);
  const again = await savedWeights(page);
  assert.notDeepEqual(again.buffer, buffer, "it went on from there");

  await page.locator(".start__file input").setInputFiles({ name: "no.safetensors", mimeType: "", buffer: Buffer.from("none") });
  await page.getByText("is not a safetensors file").first().waitFor();
});

pageTest("a schedule, clipping, averages, a frozen encoder and an early end", async (page) => {
  await makeSmall(page, { steps: 60, rate: 0.00001 });
  await type(page, "Validate every", 1);
  await choose(page, "Schedule", "Cosine");
  await type(page, "Warm-up", 2);
  await page.getByText("at the first of 60 steps").first().waitFor();
  for (const name of ["Clip gradients", "Average the weights", "Keep the best", "Stop early", "Freeze the encoder"]) {
    await toggle(page, name).check();
  }
  await type(page, "Largest norm", 0.1);
  await type(page, "Patience", 1);
  await type(page, "Decay", 0.999);
  await screenshot(page, "regimen", { fullPage: true });
  await button(page, "Run").click();
  await state(page).filter({ hasText: "Finished" }).waitFor();
  const losses = train(await history(page));
  // With so small a rate a validation that is no better comes soon.
  assert.ok(losses.length < 60, `${losses.length} steps`);
  await page.getByText("Stopped early").first().waitFor();
  const best = tensors((await savedWeights(page, "Download best weights")).buffer);
  assert.ok(best["enc0.conv1.weight"]);
  await type(page, "Largest norm", 0);
  await page.getByText("the largest gradient norm").first().waitFor();
});
