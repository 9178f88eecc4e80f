// Bundles the peers' pages into public/.
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));
const PAGES = ["limits", "jax", "tfjs", "onnx"];
const TFJS_WASM = "node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/";
const WASM = [
  ...readdirSync(folder(TFJS_WASM)).filter((name) => name.endsWith(".wasm")).map((name) => TFJS_WASM + name),
  "node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm",
];

mkdirSync(folder("public"), { recursive: true });
// Neither minified nor renamed: TensorFlow.js makes its worker of its own functions' text.
await esbuild.build({
  entryPoints: PAGES.map((name) => folder(`src/${name}.js`)),
  outdir: folder("public"),
  bundle: true,
  format: "esm",
  splitting: true,
  target: "es2022",
  logLevel: "warning",
  define: { "process.env.NODE_ENV": '"production"' },
  external: ["node:*", "fs", "path", "util", "os", "crypto", "worker_threads", "perf_hooks", "module"],
});
for (const name of PAGES) {
  writeFileSync(folder(`public/${name}.html`), `<!doctype html><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,"><script type="module" src="/${name}.js"></script>\n`);
}
for (const file of WASM) copyFileSync(folder(file), folder(`public/${basename(file)}`));
