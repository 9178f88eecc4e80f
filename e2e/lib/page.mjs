// One server and one browser for a test file, and for every test a page of its own that must stay silent.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { launch } from "./browser.mjs";
import { serve } from "./server.mjs";

export const ARTIFACTS = fileURLToPath(new URL("../artifacts/", import.meta.url));

/** Software rendering on two cores: what takes a second on a laptop may take ten here. */
export const PATIENCE_MS = 60_000;

/** What the browser says where compiling the code that asks for a file takes some seconds. */
const SLOW = /was preloaded using link preload but not used within a few seconds/;

let site;
let browsers = new Map();

async function shared(without) {
  site ??= await serve();
  const key = without.join(" ");
  if (!browsers.has(key)) browsers.set(key, await launch({ without }));
  return browsers.get(key);
}

after(async () => {
  for (const browser of browsers.values()) await browser.close();
  browsers = new Map();
  await site?.close();
  site = undefined;
});

function layAllOut() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".section { content-visibility: visible }");
  document.adoptedStyleSheets = [sheet];
}

/**
 * Opens the page in a context of its own and notes whatever it complains of in `page.faults`: console errors and
 * warnings, uncaught exceptions, failed requests, and requests to another origin (which are stopped).
 *
 * @param {object} options
 * @param {string} [options.path] below the page's address, a query for instance
 * @param {boolean} [options.mounted] wait until the application has replaced the loading state
 * @param {string[]} [options.without] browser flags to leave out, by their beginning: ["--enable-unsafe-webgpu"]
 * @param {RegExp[]} [options.allow] complaints that the test expects
 * @param {boolean} [options.skips] leave what is out of sight without layout, as the page does; a browser then says that no text
 *   is shown there, so that a test could not read on
 * @param {object} [options.context] Playwright's context options: viewport, colorScheme, javaScriptEnabled, …
 */
export async function openPage({ path = "", mounted = true, without = [], allow = [], skips = false, context: options = {} } = {}) {
  const browser = await shared(without);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.faults = [];
  if (!skips) await page.addInitScript(layAllOut);
  const note = (text) => [SLOW, ...allow].some((pattern) => pattern.test(text)) || page.faults.push(text);
  const { origin } = new URL(site.address);
  await context.route((url) => !["blob:", "data:"].includes(url.protocol) && url.origin !== origin, (route) => {
    note(`request outside the origin: ${route.request().url()}`);
    return route.abort();
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) note(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => note(`uncaught: ${error.message}`));
  page.on("response", (response) => response.status() >= 400 && note(`${response.status()}: ${response.url()}`));
  page.on("websocket", (socket) => note(`web socket: ${socket.url()}`));
  await page.goto(site.address + path, { waitUntil: "load" });
  if (mounted) await page.waitForSelector("#loading", { state: "detached" });
  return page;
}

/** Fails if the page complained of anything since it was opened. */
export function assertSilent(page) {
  assert.deepEqual(page.faults, [], "the page must not complain");
}

/** Keeps a picture of the page in e2e/artifacts. */
export async function screenshot(page, name, options = {}) {
  mkdirSync(ARTIFACTS, { recursive: true });
  const path = join(ARTIFACTS, `${name.replace(/[^\w-]+/g, "-")}.png`);
  await page.screenshot({ path, ...options });
  return path;
}

/** A test on a fresh page (options as for `openPage`): silence is checked at the end, a failure leaves a picture. */
export function pageTest(name, options, body) {
  if (typeof options === "function") return pageTest(name, {}, options);
  const { timeout = 5 * PATIENCE_MS, ...opening } = options;
  return test(name, { timeout }, async (context) => {
    const page = await openPage(opening);
    try {
      await body(page, context);
      assertSilent(page);
    } catch (error) {
      const path = await screenshot(page, `failed ${name}`).catch(() => "no picture");
      for (const fault of page.faults) context.diagnostic(fault);
      context.diagnostic(path);
      throw error;
    } finally {
      await page.context().close();
    }
  });
}
