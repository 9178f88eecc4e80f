// ONNX Runtime Web (wasm, one thread) on the forward workloads; the model is written here, from the same weights.
import "../../www/bench/instrument.js";
import * as ort from "onnxruntime-web/wasm";

import { definePage } from "../../www/bench/page.js";
import { WORKLOADS, makeData } from "../../www/bench/workloads.js";
import { unet } from "./onnx-model.js";

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = { wasm: "/ort-wasm-simd-threaded.wasm" };

async function makeNet(name) {
  const spec = WORKLOADS[name], { N, H, W } = spec, { x } = makeData(spec);
  const session = await ort.InferenceSession.create(unet(spec), { executionProviders: ["wasm"], graphOptimizationLevel: "all" });
  const feeds = { images: new ort.Tensor("float32", x, [N, 1, H, W]) };
  return {
    async step() {
      const { sum } = await session.run(feeds);
      return sum.data[0];
    },
    info: () => ({ backend: "wasm", threads: ort.env.wasm.numThreads, version: ort.env.versions.web }),
    dispose: () => session.release(),
  };
}

definePage(Object.keys(WORKLOADS).filter((name) => WORKLOADS[name].kind === "infer"), makeNet);
