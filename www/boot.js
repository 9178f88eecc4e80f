// Starts the application and its workers, and says so when it cannot start. A file of its own, because the page's content
// security policy forbids inline scripts. `init` returns once the application has mounted.
import { hasVectors, originOf, start } from "./workers.js";

const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
const address = (path) => new URL(path, document.baseURI).href;

/** Streamed where the host names the type; any host's file will do. */
async function compile(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${response.status} for ${path}`);
  const isNamed = response.headers.get("content-type")?.startsWith("application/wasm");
  return isNamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

try {
  if (!hasVectors()) throw new Error("WebAssembly has no vectors here");
  const { source } = globalThis.origin = originOf(address(js), undefined);
  const module = compile(address(wasm));
  const origin = module.then((module) => Object.assign(globalThis.origin, { module }));
  if (new URLSearchParams(location.search).get("thread") !== "page") {
    // The application takes them over from here, and does their work itself where the browser does not let it have them.
    try {
      globalThis.workers = Object.fromEntries(["engine", "studio"].map((name) => [name, start(name, source, origin)]));
    } catch (error) {
      console.info(`Without workers: ${error.message}`);
    }
  }
  const { default: init } = await import(address(js));
  await init({ module_or_path: module });
  document.getElementById("loading")?.remove();
} catch (error) {
  const without = typeof WebAssembly !== "object" ? "WebAssembly" : hasVectors() ? "" : "the vectors of WebAssembly (SIMD)";
  document.getElementById("loading-status").textContent = without
    ? `This browser does not have ${without}, which Contour Lab is made of. Please use a current one: Chrome or Edge 91, Firefox 89, Safari 16.4, or later.`
    : `The application could not be loaded (${error.message}). Load the page again; if that does not help, its host may be unreachable or the browser too old.`;
}
