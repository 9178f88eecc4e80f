// Workers that run the page's own code.

/** A worker's first words: it starts the same code, which finds no page there and listens to one instead. */
function boot() {
  onmessage = ({ data }) => {
    onmessage = null;
    // For a worker that needs workers of its own.
    globalThis.origin = data;
    import(data.js)
      .then(({ default: init }) => init({ module_or_path: data.module }))
      // Out of the promise, so that the page hears of it.
      .catch((error) => setTimeout(() => { throw error; }));
  };
}

/**
 * What a worker is started from: the addresses of its first words and of the application's script, and the compiled module.
 * Made from a blob, it inherits the page's content security policy: it too reaches no other host. The address is never revoked:
 * further workers are started from it at any time.
 */
export function originOf(js, module) {
  return { source: URL.createObjectURL(new Blob([`(${boot})();`], { type: "text/javascript" })), js, module };
}

/** A worker that is getting ready while the page does. `hello` is its first word, which says whether it has WebGPU. */
export function start(name, source, origin) {
  const worker = new Worker(source, { type: "module", name });
  const hello = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = reject;
    origin.then((origin) => worker.postMessage(origin), reject);
  });
  // Whoever wants the worker hears of it.
  hello.catch(() => {});
  return { worker, hello };
}

/** A module with one function, which gives a vector of zeros. */
const VECTORS = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, // \0asm, version 1
  1, 5, 1, 0x60, 0, 1, 0x7b, // type: () → v128
  3, 2, 1, 0, // a function of that type
  10, 22, 1, 20, 0, 0xfd, 12, ...Array(16).fill(0), 11, // its code: v128.const, end
);

/** Whether WebAssembly has vectors (SIMD), which the application is made of. */
export const hasVectors = () => typeof WebAssembly === "object" && WebAssembly.validate(VECTORS);
