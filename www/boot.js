// Starts the application and says so when it cannot start. A file of its own, because the page's content
// security policy forbids inline scripts. `init` returns once the application has mounted.
const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
const address = (path) => new URL(path, document.baseURI).href;

try {
  const { default: init } = await import(address(js));
  await init({ module_or_path: address(wasm) });
  document.getElementById("loading")?.remove();
} catch (error) {
  document.getElementById("loading-status").textContent = typeof WebAssembly === "object"
    ? `The application could not be loaded (${error.message}). Load the page again; if that does not help, its host may be unreachable or the browser too old.`
    : "This browser does not run WebAssembly, which Contour Lab is made of. Please use a current browser.";
}
