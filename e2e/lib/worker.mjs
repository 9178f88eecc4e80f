// The engine's worker, as a test gets at it.

/** Runs `hook` at the start of every worker that the page makes from now on. To be followed by a reload. */
export function hookWorkers(page, hook) {
  return page.addInitScript((source) => {
    const Plain = window.Blob;
    window.Blob = class extends Plain {
      constructor(parts, options) {
        super(options?.type === "text/javascript" ? [`(${source})();\n`, ...parts] : parts, options);
      }
    };
  }, hook.toString());
}

/** The engine's worker, once there is one. */
export async function engine(page) {
  return page.workers()[0] ?? page.waitForEvent("worker");
}

/** Keeps every device that is opened on this thread in `devices`. */
export function keepDevices() {
  const ask = GPUAdapter.prototype.requestDevice;
  globalThis.devices = [];
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await ask.call(this, descriptor);
    globalThis.devices.push(device);
    return device;
  };
}
