// Who counts how much? Shares of pixels, contour, weight and gradient, against the label file; with and without a GPU.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { pageTest, screenshot } from "../lib/page.mjs";
import { isContour, readLabel } from "../lib/reference.mjs";
import { DIST } from "../lib/server.mjs";

const table = (page) => page.getByRole("table", { name: "What each class has of everything" });
const menu = (page) => page.locator("#loss").getByRole("combobox", { name: "Loss", exact: true });

/** Class name → shares in percent, as printed; null where there is none. */
async function printed(page) {
  const names = ["pixels", "contour", "weight", "gradient"];
  return page.evaluate((names) => {
    const found = [...document.querySelectorAll("table")]
      .find((one) => one.getAttribute("aria-label") === "What each class has of everything");
    const number = (cell) => (cell.textContent === "–" ? null : parseFloat(cell.textContent));
    return Object.fromEntries([...found.tBodies[0].rows].map((row) => [
      row.cells[0].textContent,
      Object.fromEntries(names.map((name, i) => [name, number(row.cells[i + 1])])),
    ]));
  }, names);
}

async function open(page) {
  await page.getByText("The numbers, and where they come from").click();
  await table(page).waitFor();
}

/** Half a unit of the last printed digit, and a little for the f32 behind it. */
function near(got, expected) {
  const unit = expected >= 10 ? 0.1 : expected >= 0.1 ? 0.01 : 0.001;
  return Math.abs(got - expected) <= 0.51 * unit;
}

/** Waits until the printed shares say so. */
async function eventually(page, test, what) {
  let last;
  for (let i = 0; i < 600; i += 1) {
    last = await printed(page);
    if (test(last)) return last;
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  assert.fail(`${what}: ${JSON.stringify(last)}`);
}

pageTest("the whole label: shares are those of the file, and follow the loss", async (page) => {
  const samples = JSON.parse(await readFile(join(DIST, "samples/samples.json"), "utf8"));
  const { classes, label: file } = samples.abdomen_ct_a;
  const label = readLabel(await readFile(join(DIST, "samples", file)));
  const sums = classes.map(() => ({ pixels: 0, contour: 0 }));
  const [nx, ny, nz] = label.shape;
  for (let z = 0; z < nz; z += 1) {
    for (let y = 0; y < ny; y += 1) {
      for (let x = 0; x < nx; x += 1) {
        const sum = sums[label.at(x, y, z)];
        sum.pixels += 1;
        if (isContour(label, x, y, z, 1)) sum.contour += 1;
      }
    }
  }
  const all = (read) => sums.reduce((total, sum) => total + read(sum), 0);
  const expect = (lambda) => (shares) => classes.every((known, k) => {
    const of = shares[known.name];
    const weight = (sum) => sum.pixels + lambda * sum.contour;
    return of
      && near(of.pixels, 100 * sums[k].pixels / all((sum) => sum.pixels))
      && near(of.contour, 100 * sums[k].contour / all((sum) => sum.contour))
      && near(of.weight, 100 * weight(sums[k]) / all(weight))
      && of.gradient === null;
  });
  await open(page);
  await eventually(page, expect(2), "λ_w = 2");
  const field = page.locator("#loss").getByRole("spinbutton", { name: /λ_w/ });
  await field.fill("7");
  await field.press("Tab");
  await eventually(page, expect(7), "λ_w = 7");
  await menu(page).selectOption("cross_entropy");
  await eventually(page, expect(0), "all pixels weigh the same");
  await menu(page).selectOption("dice");
  await eventually(page, (shares) => Object.values(shares).every((of) => of.weight === null), "Dice has no weight");
});

pageTest(
  "without a GPU the network is asked as well, and small classes gain under the contour-weighted loss",
  { without: ["--enable-unsafe-webgpu"], allow: [/No available adapters/, /WebGPU/] },
  async (page) => {
    await page.getByRole("alert", { name: "Graphics device" }).waitFor();
    await page.locator("#pixels").getByRole("button", { name: /Ask/ }).last().click();
    await page.getByText(/predicted with random weights of seed/).waitFor();
    assert.ok(await page.getByText("the processor computes all of this").isVisible());
    await open(page);
    const told = (shares) => Object.values(shares).every((of) => of.gradient !== null);
    const weighted = await eventually(page, told, "a gradient for every class");
    for (const name of ["pixels", "contour", "weight", "gradient"]) {
      const sum = Object.values(weighted).reduce((total, of) => total + of[name], 0);
      assert.ok(Math.abs(sum - 100) <= 0.5, `${name} adds up to ${sum} %`);
    }
    const small = Object.entries(weighted).filter(([, of]) => of.pixels > 0 && of.pixels < 1).map(([name]) => name);
    assert.ok(small.length > 0);
    await menu(page).selectOption("cross_entropy");
    const plain = await eventually(
      page,
      (shares) => told(shares) && small.every((name) => near(shares[name].weight, shares[name].pixels)),
      "all pixels weigh the same",
    );
    for (const name of small) {
      assert.ok(weighted[name].weight > plain[name].weight, `${name} gains weight`);
    }
    const gradient = (shares) => small.reduce((total, name) => total + shares[name].gradient, 0);
    assert.ok(gradient(weighted) > gradient(plain), "the small classes pull harder");
    await screenshot(page, "imbalance", { fullPage: true });
  },
);
