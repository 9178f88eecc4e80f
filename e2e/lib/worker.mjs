// The workers of the page, as a test gets at them: the engine reads files and trains, the studio paints and explains.

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

/** The worker of a name, once there is one. */
async function named(page, wanted) {
  for (;;) {
    const arrives = page.waitForEvent("worker").catch(() => undefined);
    for (const worker of page.workers()) {
      if (await worker.evaluate(() => self.name) === wanted) return worker;
    }
    if (!await arrives) throw new Error(`there is no worker ${wanted}`);
  }
}

export const engine = (page) => named(page, "engine");
export const studio = (page) => named(page, "studio");

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
