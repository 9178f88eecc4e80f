// Takes the pictures of docs/ from the built page: node readme.mjs
import { fileURLToPath } from "node:url";

import { launch } from "./lib/browser.mjs";
import { serve } from "./lib/server.mjs";

const FOLDER = fileURLToPath(new URL("../docs/", import.meta.url));
const LAPTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
/** In the liver near its edge, in voxels of the opening sample: the arrow keys lead there. */
const KEYS = { key: "ArrowLeft", times: 30 };

const server = await serve();
const browser = await launch();

async function picture(name, viewport, colorScheme, body = async () => {}) {
  const context = await browser.newContext({ viewport, colorScheme });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(server.address);
  await page.locator(".stage").getByRole("img", { name: /with .*contour map/ }).waitFor();
  await page.locator("#pixels").getByRole("button", { name: /^Ask / }).first().waitFor();
  await body(page);
  await page.screenshot({ path: `${FOLDER}${name}.png` });
  await context.close();
  console.log(`${name}.png`);
}

async function ask(page) {
  await page.locator("#pixels").getByRole("button", { name: /^Ask / }).first().click();
  const panel = page.locator("#pixels");
  await panel.getByText("The loss as a heat map").waitFor();
  await panel.getByRole("button", { name: /Nothing else|alone/i }).first().click();
  return panel;
}

const top = (locator) => locator.evaluate((element) => window.scrollBy(0, element.getBoundingClientRect().top - 120));

await picture("page-light", LAPTOP, "light");
await picture("page-dark", LAPTOP, "dark");
await picture("page-phone", PHONE, "light");
await picture("pixels-light", LAPTOP, "light", async (page) => {
  const panel = await ask(page);
  await top(panel.getByRole("heading", { name: /Who counts how much/ }));
});
await picture("pixels-dark", LAPTOP, "dark", async (page) => {
  await ask(page);
  await page.getByRole("application", { name: /Slice viewer/ }).focus();
  for (let i = 0; i < KEYS.times; i++) await page.keyboard.press(KEYS.key);
  await top(page.locator(".inspector"));
});
await browser.close();
await server.close();
