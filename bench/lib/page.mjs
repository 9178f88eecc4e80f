// What a visitor waits for who only presses Run: the built page on its opening sample, in a browser that has never seen it.
import { launch } from "../../e2e/lib/browser.mjs";
import { serve } from "../../e2e/lib/server.mjs";
import { load } from "./measure.mjs";
import { digits } from "./statistics.mjs";

const PATIENCE_MS = 240_000;
/** Seconds after Run at which the scores are read. */
const SCORED_AT = [30, 60];
/** A class is found from this Dice on. */
const FOUND = 0.5;
const TRACED_MS = 10_000;

/** Runs in the page before its own code: `watched` is what happened since, by the page's clock. */
function watch() {
  const watched = { pressed: null, first: null, steps: 0, tasks: [] };
  window.watched = watched;
  new PerformanceObserver((list) => watched.tasks.push(...list.getEntries().map(({ startTime, duration }) => ({ at: startTime, ms: duration })))).observe({ type: "longtask", buffered: true });
  watched.button = () => [...document.querySelectorAll("#training button")].find((one) => one.textContent.trim() === "Run" && !one.disabled);
  watched.press = () => {
    const button = watched.button();
    button.scrollIntoView({ block: "center" });
    watched.pressed = performance.now();
    button.click();
    const timer = setInterval(() => {
      const note = [...document.querySelectorAll("#training .note")].find((one) => /steps plotted/.test(one.textContent));
      watched.steps = Number(/(\d+) steps plotted/.exec(note?.textContent ?? "")?.[1] ?? 0);
      if (watched.steps && watched.first === null) watched.first = performance.now();
    }, 20);
    watched.end = () => clearInterval(timer);
  };
  /** [{name, dice}] of the last validation; an absent class has none. */
  watched.scores = () => [...document.querySelectorAll('table[aria-label="Dice by class"] tbody tr')].map((row) => {
    const text = row.querySelector("td.figure").textContent;
    return { name: row.querySelector("th").textContent.trim(), dice: text === "absent" ? null : Number(text.replace("missed, ", "")) };
  });
  watched.said = (name) => document.querySelector(`[role="status"][aria-label="${name}"]`)?.textContent.trim() ?? "";
}

async function visit(browser, address, path, body) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("pageerror", (error) => console.error(`[page] ${error.message}`));
    await page.addInitScript(watch);
    await page.goto(address + path, { waitUntil: "load" });
    await page.waitForFunction(() => window.watched.button(), null, { polling: 20 });
    const readyMs = await page.evaluate(() => {
      window.watched.press();
      return window.watched.pressed;
    });
    return await body(page, digits(readyMs));
  } finally {
    await context.close();
  }
}

const firstStep = (page) => page.waitForFunction(() => window.watched.first, null, { polling: 100 });

/** How long until the first step, and what is found after half a minute and a minute; `longest*`: tasks over 50 ms by the wall clock. */
async function runOnce(page, readyMs) {
  await firstStep(page);
  const scored = {};
  for (const seconds of SCORED_AT) {
    const rest = await page.evaluate((seconds) => window.watched.pressed + 1000 * seconds - performance.now(), seconds);
    if (rest > 0) await page.waitForTimeout(rest);
    const { steps, scores, said } = await page.evaluate(() => ({ steps: window.watched.steps, scores: window.watched.scores(), said: window.watched.said("Training state") }));
    scored[seconds] = { steps, said, found: scores.filter(({ dice }) => dice > FOUND).length, of: scores.length, dice: Object.fromEntries(scores.map(({ name, dice }) => [name, dice])) };
  }
  const { pressed, first, tasks, engine } = await page.evaluate(() => {
    window.watched.end();
    const { pressed, first, tasks, said } = window.watched;
    return { pressed, first, tasks, engine: said("Engine of the run") };
  });
  const longest = (from, to) => Math.max(0, ...tasks.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms));
  return { engine, readyMs, firstStepMs: digits(first - pressed), longestBeforeMs: longest(pressed, first), longestTaskMs: longest(first, Infinity), scored };
}

/** The longest task of the page's own thread while it trains, in ms: `costMs` of the processor's time, `wallMs` with what others took. */
async function trace(browser, page) {
  await firstStep(page);
  await browser.startTracing(page, { categories: ["toplevel"] });
  await page.waitForTimeout(TRACED_MS);
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const mains = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const tasks = traceEvents.filter((event) => event.name.endsWith("RunTask") && event.tdur !== undefined && mains.some(({ pid, tid }) => event.pid === pid && event.tid === tid));
  const most = (key) => digits(Math.max(0, ...tasks.map((task) => task[key] / 1000)));
  return { tasks: tasks.length, costMs: most("tdur"), wallMs: most("dur") };
}

/** `folder`: of the built page; `path`: below its address, a query for instance. */
export async function visitPage(folder, { visits, path = "" }, emit) {
  const server = await serve(folder);
  try {
    for (let i = 0; i <= visits; i++) {
      const browser = await launch();
      const traced = i === visits;
      try {
        const seen = await visit(browser, server.address, path, (page, readyMs) => (traced ? trace(browser, page) : runOnce(page, readyMs)));
        emit({ kind: traced ? "page-trace" : "page", path, ...seen, load: load() });
      } catch (error) {
        emit({ kind: "page", path, peer: "ours", work: "page", error: String(error.message ?? error).split("\n")[0] });
      } finally {
        await browser.close();
      }
    }
  } finally {
    await server.close();
  }
}
