// node native.mjs FILE: our native steps beside PyTorch's and burn's, from the lines of all, and the bars of the processor.
// Whoever has several lines for a workload was run in turn with the others: what is compared are the medians of a turn.
import { readFileSync } from "node:fs";

import { WORKLOADS } from "../www/bench/workloads.js";
import { digits, median } from "./lib/statistics.mjs";

const OURS = "ours-processor";
/** Of the losses before and after the first update, relative. */
const TOLERANCES = [2e-5, 5e-5];
/** What is asked of the peers, of which the fastest counts: their time in ours. */
const BARS = [
  { what: "PyTorch on two threads, however it waits and lays out,", peers: ["torch", "torch-spin", "torch-channels-last"], least: 1 },
  { what: "PyTorch on one thread", peers: ["torch-1"] },
  { what: "burn's best backend for the processor", peers: ["burn-flex", "burn-ndarray", "burn-cpu"], least: 3 },
  { what: "burn on wgpu", peers: ["burn-wgpu"], least: 10 },
];

const lines = readFileSync(process.argv[2], "utf8").trim().split("\n").map((line) => JSON.parse(line)).filter(({ kind }) => kind === "result");
const works = Object.keys(WORKLOADS).filter((name) => lines.some(({ work }) => work === name)), peers = [...new Set(lines.map(({ peer }) => peer))];
const rounds = (work, peer) => lines.filter((line) => line.work === work && line.peer === peer);
const time = (list) => median(list.map(({ ms }) => ms.median));
const tabulate = (head, rows) => `\n${[head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")}`;

/** How many times as long as ours: of each turn where both have some, or of the medians. */
function times(work, peer) {
  const [theirs, ours] = [rounds(work, peer), rounds(work, OURS)];
  if (!theirs.length || !ours.length) return undefined;
  const paired = theirs.length === ours.length ? theirs.map((line, i) => line.ms.median / ours[i].ms.median) : [time(theirs) / time(ours)];
  const range = paired.length > 1 ? ` [${digits(Math.min(...paired))}–${digits(Math.max(...paired))}]` : "";
  return { peer, value: median(paired), range };
}

console.log(tabulate(["natively", "wanted", "measured", "verdict"], works.flatMap((work) => BARS.map(({ what, peers, least }) => {
  const fastest = peers.map((peer) => times(work, peer)).filter(Boolean).sort((one, other) => one.value - other.value)[0];
  const measured = fastest ? `${digits(fastest.value)} ×${fastest.range} (${fastest.peer})` : "not measured";
  const verdict = least && (fastest ? (fastest.value >= least ? "met" : "**missed**") : "not measured");
  return [`${work}: ${what} takes`, least ? `≥ ${least} × ours` : "(no bar)", measured, verdict ?? ""];
}))));

const facts = (list) => [...new Set(list.flatMap(({ adapter, threads }) => [adapter, threads && `${threads} thread${threads > 1 ? "s" : ""}`]).filter(Boolean))].join(", ");
const doubts = [];
console.log(tabulate(["workload", "who", "ms [min–max]", "n", "in ours", "first ms", "loss at 0", "at 1"], works.flatMap((work) => peers.flatMap((peer) => {
  const list = rounds(work, peer), [line] = list, ours = rounds(work, OURS)[0] ?? rounds(work, peers[0])[0];
  if (!line) return [];
  const losses = ({ loss0, loss1 }) => [loss0, loss1], agree = losses(line).every((loss, i) => Math.abs(loss - losses(ours)[i]) <= TOLERANCES[i] * Math.abs(losses(ours)[i]));
  if (!agree) doubts.push(`${work}: ${peer} computes other losses than ${ours.peer}`);
  const [least, most] = [Math.min(...list.map(({ ms }) => ms.min)), Math.max(...list.map(({ ms }) => ms.max))], about = facts(list);
  return [[
    work, about ? `${peer} (${about})` : peer, `${digits(time(list))} [${digits(least)}–${digits(most)}]`, list.reduce((sum, { ms }) => sum + ms.n, 0),
    times(work, peer) ? digits(times(work, peer).value) : "", line.firstMs === undefined ? "" : digits(line.firstMs), ...losses(line).map((loss) => loss.toPrecision(7)),
  ]];
}))));
for (const doubt of doubts) console.log(`\nNot to be believed: ${doubt}`);
process.exitCode = doubts.length ? 1 : 0;
