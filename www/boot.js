// Starts the application and its workers, and says so when it cannot start. A file of its own, because the page's content
// security policy forbids inline scripts. `init` returns once the application has mounted.
const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
const address = (path) => new URL(path, document.baseURI).href;

/** Streamed where the host names the type; any host's file will do. */
async function compile(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${response.status} for ${path}`);
  const isNamed = response.headers.get("content-type")?.startsWith("application/wasm");
  return isNamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** A worker's first words: it starts the same code, which finds no page there and listens to one instead. */
function boot() {
  onmessage = ({ data: { js, module } }) => {
    onmessage = null;
    import(js)
      .then(({ default: init }) => init({ module_or_path: module }))
      // Out of the promise, so that the page hears of it.
      .catch((error) => setTimeout(() => { throw error; }));
  };
}

/**
 * A worker that is getting ready while the page does. `hello` is its first word, which says whether it has WebGPU.
 * Made from a blob, it inherits the page's content security policy: it too reaches no other host.
 */
function start(name, module) {
  const source = URL.createObjectURL(new Blob([`(${boot})();`], { type: "text/javascript" }));
  // The address is never revoked: the worker reads it when it gets to it, and there are two for each page.
  const worker = new Worker(source, { type: "module", name });
  const hello = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = reject;
    module.then((module) => worker.postMessage({ js: address(js), module }), reject);
  });
  // Whoever wants the worker hears of it.
  hello.catch(() => {});
  return { worker, hello };
}

try {
  const module = compile(address(wasm));
  if (new URLSearchParams(location.search).get("thread") !== "page") {
    // The application takes them over from here, and does their work itself where the browser does not let it have them.
    try {
      globalThis.workers = Object.fromEntries(["engine", "studio"].map((name) => [name, start(name, module)]));
    } catch (error) {
      console.info(`Without workers: ${error.message}`);
    }
  }
  const { default: init } = await import(address(js));
  await init({ module_or_path: module });
  document.getElementById("loading")?.remove();
} catch (error) {
  document.getElementById("loading-status").textContent = typeof WebAssembly === "object"
    ? `The application could not be loaded (${error.message}). Load the page again; if that does not help, its host may be unreachable or the browser too old.`
    : "This browser does not run WebAssembly, which Contour Lab is made of. Please use a current browser.";
}
