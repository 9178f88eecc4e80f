// The benchmark's page: it computes what the other libraries compute, on the application's own code.
import assert from "node:assert/strict";

import { pageTest } from "../lib/page.mjs";
import { contourLoss, firstLoss, logitsSum } from "../lib/workloads.mjs";
import { OURS, WORKLOADS } from "../../www/bench/workloads.js";

const WORK = "U-4-tiny";
/** f32 on a software adapter against float64. */
const FIRST_TOLERANCE = 2e-6;
/** Rounding adds up in a sum of so many. */
const SUM_TOLERANCE = 2e-5;
/** jax-js 0.1.25 (WebGPU, f32) at the same steps, with its own gradients and its own Adam. */
const JAX_LOSSES = [
  2.7198656, 2.6246648, 2.5494943, 2.4909232, 2.4460642, 2.4115291, 2.3847482, 2.3646662, 2.3491745, 2.3364820, 2.3261085,
];
const JAX_TOLERANCE = 5e-5;

const near = (value, wanted, tolerance, what) => assert.ok(Math.abs(value - wanted) <= tolerance * Math.abs(wanted), `${what}: ${value} instead of ${wanted}`);

pageTest("the benchmark's page trains the smallest workload as float64 and another library do", { path: "bench.html", mounted: false }, async (page) => {
  await page.getByRole("status").filter({ hasText: "Ready on" }).waitFor();
  assert.equal(await page.locator("main").count(), 0, "the application must not mount");
  assert.deepEqual(await page.evaluate(() => window.benchNames), Object.keys({ ...WORKLOADS, ...OURS }));

  const begun = await page.evaluate((work) => window.bench(work, { steps: 1, warmup: 3 }), WORK);
  near(begun.losses[0], firstLoss(WORKLOADS[WORK]), FIRST_TOLERANCE, "the first loss");
  const later = await page.evaluate((work) => window.bench(work, { steps: 4, warmup: 0 }), WORK);
  assert.equal(later.ms.length, 4);
  assert.ok([...begun.ms, ...later.ms, begun.firstMs].every((ms) => ms > 0));
  assert.ok(begun.pipelines > 0 && later.perStep.pipeline === 0, "kernels are compiled once");
  assert.ok(later.perStep.dispatch > 0 && later.perStep.submit > 0 && later.perStep.map === 1, JSON.stringify(later.perStep));
  assert.equal(later.gpuErrors, undefined);

  const ahead = await page.evaluate((work) => window.benchAhead(work, { steps: 3 }), WORK);
  assert.equal(ahead.waited, 0, "a step waits for no result of another");
  assert.ok(ahead.submits >= 3);
  const steps = [[0, begun.losses[0]], [1, begun.losses[1]], [2, begun.losses[2]], [3, begun.last], [7, later.last], ...ahead.losses.map((loss, i) => [8 + i, loss])];
  steps.forEach(([step, loss], i) => {
    near(loss, JAX_LOSSES[step], JAX_TOLERANCE, `the loss at step ${step}`);
    assert.ok(i === 0 || loss < steps[i - 1][1], `the loss must fall: ${steps}`);
  });
  await page.evaluate((work) => window.benchDrop(work), WORK);
});

pageTest("loss and forward pass agree with float64 too, and without a step they stay as they are", { path: "bench.html", mounted: false }, async (page) => {
  const run = async (work, wanted, tolerance) => {
    const { losses: [first], last } = await page.evaluate((work) => window.bench(work, { steps: 1, warmup: 1 }), work);
    assert.equal(last, first, work);
    near(last, wanted, tolerance, work);
  };
  await run("L-64", contourLoss(WORKLOADS["L-64"]), FIRST_TOLERANCE);
  await run("U-8-64-fwd", logitsSum(WORKLOADS["U-8-64-fwd"]), SUM_TOLERANCE);
});

pageTest("so does the processor, with two workers to the digits of one", { path: "bench.html?engine=processor&workers=2", mounted: false }, async (page) => {
  await page.getByRole("status").filter({ hasText: "Ready on the processor" }).waitFor();
  const bench = (work, warmup) => page.evaluate(([work, warmup]) => window.bench(work, { steps: 1, warmup }), [work, warmup]);
  const shared = await bench(WORK, 10);
  assert.equal(shared.threads, 2);
  assert.equal(page.workers().length, 1, "this thread is one of the two");
  assert.equal(shared.perStep.dispatch, 0);
  [...shared.losses, shared.last].forEach((loss, step) => near(loss, JAX_LOSSES[step], JAX_TOLERANCE, `the loss at step ${step}`));
  for (const [work, wanted, tolerance] of [["L-64", contourLoss(WORKLOADS["L-64"]), FIRST_TOLERANCE], ["U-8-64-fwd", logitsSum(WORKLOADS["U-8-64-fwd"]), SUM_TOLERANCE]]) {
    const { losses: [first], last } = await bench(work, 1);
    assert.equal(last, first, work);
    near(last, wanted, tolerance, work);
  }
  await page.evaluate((work) => window.benchDrop(work), WORK);
  await page.goto(page.url().replace("workers=2", "workers=1"));
  await page.getByRole("status").filter({ hasText: "Ready on the processor" }).waitFor();
  assert.deepEqual((await bench(WORK, 10)).losses, shared.losses);
  assert.equal(page.workers().length, 0);
});
