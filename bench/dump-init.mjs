// node dump-init.mjs WORKLOAD FILE: data and initial weights as raw f32 for programs outside the browser; what lies where
// in the file goes to stdout as JSON. Our own programs make the same in Rust (src/bench/seeded.rs).
import { writeFileSync } from "node:fs";

import { OURS, WORKLOADS, convList, hwioToOihw, initWeights, makeData, nhwcToNchw, randomLogits } from "../www/bench/workloads.js";

const [, , name, file] = process.argv;
const spec = { ...WORKLOADS, ...OURS }[name];
if (!spec || !file) throw new Error("usage: node dump-init.mjs WORKLOAD FILE");

const { N, H, W, classes } = spec, parts = [], tensors = [];
const put = (key, values, shape) => {
  tensors.push([key, shape]);
  parts.push(Buffer.from(Float32Array.from(values).buffer));
};
const data = makeData(spec);
put("y", data.y, [N, H, W]);
if (spec.kind === "loss") {
  put("z", nhwcToNchw(randomLogits(spec), N, H, W, classes), [N, classes, H, W]);
} else {
  put("x", data.x, [N, 1, H, W]);
  for (const c of initWeights(spec)) put(`${c.name}.w`, hwioToOihw(c.w, c.k, c.cin, c.cout), [c.cout, c.cin, c.k, c.k]);
}
writeFileSync(file, Buffer.concat(parts));
console.log(JSON.stringify({ spec, convs: spec.widths ? convList(spec) : [], tensors }));
