// The bars, and what a run says of each.
import { digits, median } from "./statistics.mjs";

const NOT_MEASURED = "not measured";

/** What a run emitted, and the rows made of it: [bar, wanted, measured, met (null if not measured)]. */
function sheet(lines) {
  const rows = [], find = (wanted) => lines.findLast((line) => Object.entries(wanted).every(([key, value]) => line[key] === value));
  const result = (group, work, peer = "ours") => find({ kind: "result", group, work, peer });
  const ratio = (group, what) => find({ kind: "ratio", group, what });
  return {
    rows, find, result, ratio,
    row(bar, wanted, value, text, met) {
      rows.push(Number.isFinite(value) ? [bar, wanted, text, met] : [bar, wanted, NOT_MEASURED, null]);
    },
    /** How many times as long as `who` a peer takes: {value, text}. One too slow to be repeated has one step, which is set against our median. */
    slower(work, peer, who) {
      const paired = ratio(work, `${peer} ${work} / ${who} ${work}`), slow = result(work, work, peer), ours = result(work, work, who);
      const value = paired?.median ?? (slow?.ms && ours?.ms ? slow.ms.median / ours.ms.median : undefined);
      return { value, text: `${digits(value)} ×${paired ? ` [${paired.min}–${paired.max}]` : ", one step"}` };
    },
  };
}

/** One worker and two, without WebGPU, and the page that computes so. */
function processorRows(lines) {
  const { rows, row, ratio, slower, result } = sheet(lines), ours = "ours-processor";
  for (const [work, peer, least] of [["U-16", "jax-wasm", 25], ["U-16", "jax", 10], ["U-16", "tfjs-best", 45], ["U-8-64", "jax-wasm", 15], ["L-256", "jax-wasm", 3]]) {
    const { value, text } = slower(work, peer, ours);
    row(`${work}, processor, one worker: ${peer} takes`, `≥ ${least} × ours`, value, text, value >= least);
  }
  for (const [peer, most] of [["tfjs-wasm", 1.15], ["onnx", 1.3]]) {
    const paired = ratio("U-16-fwd", `${peer} U-16-fwd / ${ours} U-16-fwd`), times = (value) => digits(1 / value);
    row(`U-16-fwd, processor, one worker: ours takes`, `≤ ${most} × ${peer}`, paired?.median, `${times(paired?.median)} × [${times(paired?.max)}–${times(paired?.min)}]`, 1 / paired?.median <= most);
  }
  const crew = ratio("crew", `${ours} U-16 / ${ours}-2 U-16`);
  row("U-16, processor: two workers against one", "≥ 1.5 × faster", crew?.median, `${crew?.median} × [${crew?.min}–${crew?.max}]`, crew?.median >= 1.5);
  const gpu = ratio("crew", `ours U-16 / ${ours}-2 U-16`);
  row("U-16: WebGPU on this adapter against the processor with two workers", "(no bar)", gpu?.median, `${gpu?.median} × [${gpu?.min}–${gpu?.max}], ${result("crew", "U-16", `${ours}-2`)?.ms.median} ms`, undefined);

  const visits = lines.filter((line) => line.kind === "page" && line.scored), each = (read) => visits.map(read), traced = lines.findLast((line) => line.kind === "page-trace");
  const among = (list) => `${digits(median(list))} (${list.join(", ")})`;
  const first = each((visit) => visit.firstStepMs / 1000);
  row("page just loaded, Run pressed → first step on the curve", "≤ 2 s", median(first), `${among(first.map((seconds) => digits(seconds)))} s`, median(first) <= 2);
  for (const [seconds, least] of [[30, 6], [60, 8]]) {
    const found = each(({ scored }) => scored[seconds].found), last = visits.at(-1)?.scored[seconds];
    row(`default run, ${seconds} s after Run: organs above Dice 0.5`, `≥ ${least}`, median(found), `${among(found)} of ${last?.of}, after ${among(each(({ scored }) => scored[seconds].steps))} steps`, median(found) >= least);
  }
  const tasks = each((visit) => visit.longestTaskMs), cost = traced?.costMs === undefined ? "" : `; traced, one costs at most ${traced.costMs} ms of the processor's time (${traced.wallMs} ms by the clock)`;
  row("longest task of the page while its crew trains", "≤ 50 ms", median(tasks), `${tasks.map((ms) => (ms ? `${digits(ms)} ms` : "none above 50 ms")).join(", ")}${cost}`, median(tasks) <= 50);
  return rows;
}

/** Our WebGPU page. */
function gpuRows(lines) {
  const { rows, row, find, result, ratio, slower } = sheet(lines);
  for (const [work, peer, least] of [
    ["U-8-64", "jax", 5], ["U-16", "jax", 5], ["U-8-64", "tfjs", 50], ["U-16", "tfjs", 50], ["U-8-64", "tfjs-best", 25], ["U-16", "tfjs-best", 25],
    ["L-256", "jax", 6], ["L-256", "jax-wasm", 1.2], ["L-256", "tfjs-best", 15],
  ]) {
    const { value, text } = slower(work, peer, "ours");
    row(`${work}: ${peer} takes`, `≥ ${least} × ours`, value, text, value >= least);
  }
  for (const [work, what, least] of [["U-16", "U-16 step", 0.13], ["C-16", "its 3 × 3 convolutions forward", 0.2]]) {
    const share = result("alone", work)?.share;
    row(`${what}: share of the multiply-add peak`, `≥ ${100 * least} %`, share, `${(100 * share).toFixed(1)} %`, share >= least);
  }
  const norm = ratio("alone", "ours U-16-IN / ours U-16");
  row("U-16-IN step over U-16 step", "≤ 1.25", norm?.median, `${norm?.median} [${norm?.min}–${norm?.max}]`, norm?.median <= 1.25);

  const counts = result("alone", "U-16")?.perStep, ahead = find({ kind: "ahead", work: "U-16" });
  row("U-16 step: dispatches", "≤ 90", counts?.dispatch, `${counts?.dispatch}`, counts?.dispatch <= 90);
  row("U-16 step: submits, submissions of any length", "≤ 1", counts?.submit, `${counts?.submit}`, counts?.submit <= 1);
  const paced = result("alone", "U-16", "ours-paced");
  row("U-16 step: submits of at most some 300 ms", "(no bar)", paced?.perStep?.submit, `${paced?.perStep?.submit} in ${paced?.ms?.median} ms`, undefined);
  row("U-16 step: maps waited for before the next step is submitted", "0", ahead?.waited, `${ahead?.waited} (${ahead?.steps} steps were submitted before any result arrived; ${counts?.map} map a step, for the loss)`, ahead?.waited === 0);

  for (const [work, times] of [["U-8-128", 4], ["U-8-256", 16]]) {
    const growth = ratio("scaling", `ours ${work} / ours U-8-64`), value = growth && growth.median / times;
    row(`step time, ${times} × the pixels (U-8-64 → ${work})`, "≤ 1.05 × the work", value, `${digits(value)} × (${growth?.median} in all)`, value <= 1.05);
  }
  for (const [visit, what] of [["unknown", "first step on an adapter never seen, choice of kernels included, over the second"], ["known", "first step after load, compilation included, kernels chosen before, over the second"], ["reload", "the same when the page is loaded again"]]) {
    const visits = lines.filter((line) => line.kind === "first" && line.visit === visit), seconds = (key) => (median(visits.map((line) => line[key])) / 1000).toFixed(2);
    const more = median(visits.map((line) => line.moreMs)), parts = `set-up ${seconds("setupMs")} s, first ${seconds("firstMs")} s, second ${seconds("secondMs")} s; ${visits[0]?.pipelines} pipelines; medians of ${visits.length}`;
    row(what, "≤ 1.5 s more", more, `${seconds("moreMs")} s (${parts})`, more <= 1500);
  }
  const longest = result("alone", "U-16")?.longestTaskMs;
  row("longest task of the page during U-16 steps", "≤ 50 ms", longest, longest > 0 ? `${longest} ms` : "none above 50 ms", longest <= 50);
  return rows;
}

/** `lines`: all that a run emitted. Gives [bar, wanted, measured, met (null if not measured)]. */
export const judge = (lines) => [...processorRows(lines), ...gpuRows(lines)];

/** Whether values or the GPU give reason not to believe a run. */
export function doubts(lines) {
  return lines.flatMap((line) => {
    if (line.kind === "check" && line.disagree.length) return [`${line.work}: ${line.disagree.join(", ")} computes other values (${JSON.stringify(line.loss0)}, ${JSON.stringify(line.loss1)})`];
    if (line.gpuErrors) return [`${line.peer} ${line.work}: ${line.gpuErrors} GPU errors, the first: ${line.gpuError}`];
    if (line.error) return [`${line.peer} ${line.work}: ${line.error}`];
    return [];
  });
}

const tabulate = (head, rows) => [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const verdict = (met) => (met === undefined ? "" : met === null ? NOT_MEASURED : met ? "met" : "**missed**");

/** The report in Markdown. */
export function report(lines) {
  const about = lines.find((line) => line.kind === "run"), results = lines.filter((line) => line.kind === "result" && line.ms);
  const loads = lines.flatMap((line) => line.load?.[0] ?? []), peaks = lines.filter((line) => line.kind === "probe");
  const count = ({ perStep: p }) => (p ? [p.dispatch, p.submit, p.pass, p.copy, p.map].join(" / ") : "");
  return [
    `Adapter: ${about.adapter}. ${about.browser}. ${about.cores} cores, load ${Math.min(...loads)}–${Math.max(...loads)}. ${about.date}.`,
    `Multiply-add peak (${peaks[0]?.name}): ${peaks.map((line) => `${line.gflops.median} GFLOP/s (${line.group})`).join(", ")}.`,
    "",
    tabulate(["bar", "wanted", "measured", "verdict"], judge(lines).map(([bar, wanted, measured, met]) => [bar, wanted, measured, verdict(met)])),
    "",
    tabulate(
      ["group", "workload", "who", "ms [min–max]", "n", "GFLOP/s", "of peak", "first ms", "dispatches / submits / passes / copies / maps", "loss at 0", "at 1"],
      results.map((line) => [
        line.group, line.work, line.peer, `${line.ms.median} [${line.ms.min}–${line.ms.max}]`, line.ms.n, line.gflops ?? "", line.share ? `${(100 * line.share).toFixed(1)} %` : "",
        line.firstMs ?? "", count(line), line.loss0?.toPrecision(7) ?? "", line.loss1?.toPrecision(7) ?? "",
      ]),
    ),
    ...doubts(lines).map((doubt) => `\nNot to be believed: ${doubt}`),
  ].join("\n");
}
