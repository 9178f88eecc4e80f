// Counts what a page asks of WebGPU. To be imported before any library touches the GPU.

export const counted = {
  dispatch: 0, submit: 0, pass: 0, copy: 0, clear: 0, map: 0, write: 0, pipeline: 0,
  liveBytes: 0, peakBytes: 0, errors: 0, firstError: null,
};
const PER_STEP = ["dispatch", "submit", "pass", "copy", "clear", "map", "write", "pipeline"];

function wrap(type, method, around) {
  const prototype = globalThis[type]?.prototype, original = prototype?.[method];
  if (!original) return;
  prototype[method] = function (...given) {
    return around.call(this, () => original.apply(this, given), given);
  };
}
const count = (type, method, key) => wrap(type, method, (call) => { counted[key]++; return call(); });

count("GPUComputePassEncoder", "dispatchWorkgroups", "dispatch");
count("GPUComputePassEncoder", "dispatchWorkgroupsIndirect", "dispatch");
count("GPUCommandEncoder", "beginComputePass", "pass");
count("GPUCommandEncoder", "copyBufferToBuffer", "copy");
count("GPUCommandEncoder", "clearBuffer", "clear");
count("GPUQueue", "submit", "submit");
count("GPUQueue", "writeBuffer", "write");
count("GPUBuffer", "mapAsync", "map");
count("GPUDevice", "createComputePipeline", "pipeline");
count("GPUDevice", "createComputePipelineAsync", "pipeline");

const sizes = new WeakMap();
wrap("GPUDevice", "createBuffer", (call, [{ size }]) => {
  const buffer = call();
  sizes.set(buffer, size);
  counted.liveBytes += size;
  counted.peakBytes = Math.max(counted.peakBytes, counted.liveBytes);
  return buffer;
});
wrap("GPUBuffer", "destroy", function (call) {
  counted.liveBytes -= sizes.get(this) ?? 0;
  sizes.delete(this);
  return call();
});

// Validation errors reject nothing by themselves: they are counted, so that whoever computes nothing is not called fast.
wrap("GPUAdapter", "requestDevice", async (call) => {
  const device = await call();
  device.addEventListener("uncapturederror", ({ error }) => {
    counted.errors++;
    counted.firstError ??= String(error?.message).slice(0, 300);
  });
  return device;
});

export const snapshot = () => ({ ...counted });

/** What was counted from one snapshot to another, divided by `steps`. */
export function perStep(from, to, steps) {
  return Object.fromEntries(PER_STEP.map((key) => [key, +((to[key] - from[key]) / Math.max(1, steps)).toFixed(2)]));
}

// The browser reports tasks of the page's own thread that take more than 50 ms.
const tasks = [];
if (globalThis.PerformanceObserver?.supportedEntryTypes.includes("longtask")) {
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: "longtask" });
}

/** The longest task that ended after `since`, in ms; 0 if none took more than 50. */
export async function longestTask(since) {
  // Entries are delivered in a task of their own.
  await new Promise((resolve) => setTimeout(resolve, 20));
  return tasks.filter((task) => task.startTime + task.duration >= since).reduce((most, task) => Math.max(most, task.duration), 0);
}
