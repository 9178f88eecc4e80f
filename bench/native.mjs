// node native.mjs FILE: our native steps beside PyTorch's, from the lines of both.
import { readFileSync } from "node:fs";

const lines = readFileSync(process.argv[2], "utf8").trim().split("\n").map((line) => JSON.parse(line));
console.log("\n| workload | ours, ms | PyTorch, ms | ours / PyTorch | losses at 0 and 1: ours, PyTorch |\n| --- | --- | --- | --- | --- |");
for (const ours of lines.filter(({ peer }) => peer === "ours-native")) {
  const torch = lines.find(({ peer, work }) => peer === "torch" && work === ours.work);
  const losses = ({ loss0, loss1 }) => [loss0, loss1].map((loss) => loss.toPrecision(7)).join(" ");
  console.log(`| ${[ours.work, ours.ms.median.toFixed(1), torch.ms.median.toFixed(1), (ours.ms.median / torch.ms.median).toFixed(2), `${losses(ours)}, ${losses(torch)}`].join(" | ")} |`);
}
