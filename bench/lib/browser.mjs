// One Chromium with a profile of its own, one tab for each page, so that all share the GPU process and only the tab
// that is timed works.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

// The browser tests' Playwright: one version of it in the house.
const { chromium } = createRequire(new URL("../../e2e/package.json", import.meta.url))("playwright-core");

const PROGRAMS = [process.env.CONTOUR_LAB_CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"];

const FLAGS = [
  // Test machines run as root, where Chromium's sandbox does not start.
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  // No traffic of the browser's own.
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Several pages are open at once; none may be throttled.
  "--disable-background-timer-throttling",
  "--disable-renderer-backgrounding",
  "--disable-backgrounding-occluded-windows",
];

const ANSWER_MS = 900_000;

/** `addresses`: page name → address. */
export async function openBrowser(addresses) {
  const executablePath = PROGRAMS.find((program) => program && existsSync(program));
  if (!executablePath) throw new Error("no Chromium found; `scripts/setup.sh bench` installs it, CONTOUR_LAB_CHROMIUM names one");
  const browser = await chromium.launch({ executablePath, headless: true, args: FLAGS });
  const context = await browser.newContext();
  const pages = new Map();

  async function page(name) {
    if (pages.has(name)) return pages.get(name);
    const page = await context.newPage();
    page.setDefaultTimeout(ANSWER_MS);
    page.on("console", (message) => message.type() === "error" && console.error(`[${name}] ${message.text()}`));
    page.on("pageerror", (error) => console.error(`[${name}] ${error.message}`));
    page.on("crash", () => console.error(`[${name}] the page crashed`));
    await page.goto(addresses[name], { waitUntil: "load" });
    await page.waitForFunction(() => typeof window.bench === "function", null, { timeout: 60_000 });
    pages.set(name, page);
    return page;
  }

  return {
    /** Calls window[method](workload, options) in a page, in front of the others. */
    async call(name, method, workload, options = {}) {
      const tab = await page(name);
      await tab.bringToFront();
      let timer;
      const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error("no answer")), ANSWER_MS); });
      const answer = tab.evaluate(([method, workload, options]) => window[method](workload, options), [method, workload, options]);
      return Promise.race([answer, late]).finally(() => clearTimeout(timer));
    },
    async names(name) {
      return (await page(name)).evaluate(() => window.benchNames);
    },
    /** What a page has left in the browser's storage; and leaving it there. */
    async remembered(name) {
      return (await page(name)).evaluate(() => ({ ...localStorage }));
    },
    async remember(name, entries) {
      await (await page(name)).evaluate((entries) => Object.assign(localStorage, entries), entries);
    },
    async reload(name) {
      await (await page(name)).reload({ waitUntil: "load" });
      await (await page(name)).waitForFunction(() => typeof window.bench === "function");
    },
    close: () => browser.close(),
  };
}
