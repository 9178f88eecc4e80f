// What the adapter can do at most: multiply-adds in registers, copies, dispatches, readback.
import "../../www/bench/instrument.js";
import { definePage } from "../../www/bench/page.js";

const MIB64 = 64 << 20;
const device = (async () => (await navigator.gpu.requestAdapter()).requestDevice())();

/** Dispatches `code`'s main over `groups`, `times` in one pass. */
async function kernel(code, buffers, groups, { times = 1, ...facts }) {
  const gpu = await device;
  const buffer = (size) => gpu.createBuffer({ size, usage: GPUBufferUsage.STORAGE });
  const bound = buffers.map(buffer);
  const module = gpu.createShaderModule({ code });
  const pipeline = await gpu.createComputePipelineAsync({ layout: "auto", compute: { module, entryPoint: "main" } });
  const entries = bound.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  return {
    async step() {
      const encoder = gpu.createCommandEncoder(), pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      for (let i = 0; i < times; i++) pass.dispatchWorkgroups(...groups);
      pass.end();
      gpu.queue.submit([encoder.finish()]);
      await gpu.queue.onSubmittedWorkDone();
      return 0;
    },
    info: () => facts,
    dispose: () => bound.forEach((buffer) => buffer.destroy()),
  };
}

/** `chains` independent a = a·b + c, as many operations whatever their number and type. */
function multiplyAdds(type, chains) {
  const lanes = type === "vec4f" ? 4 : 1, unrolled = 8, threads = 64 * 64, rounds = Math.round(32000 / chains / lanes);
  const each = (write, separator = "\n") => Array.from({ length: chains }, (_, i) => write(i)).join(separator);
  const code = `
@group(0) @binding(0) var<storage, read_write> out: array<${type}>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let b = ${type}(0.999);
  let c = ${type}(0.001);
  ${each((i) => `var a${i} = ${type}(f32(id.x) * 0.001 + ${i}.0);`)}
  for (var i = 0u; i < ${rounds}u; i++) {
    ${Array.from({ length: unrolled }, () => each((i) => `a${i} = a${i} * b + c;`)).join("\n")}
  }
  out[id.x] = ${each((i) => `a${i}`, " + ")};
}`;
  return kernel(code, [threads * 16], [64], { flops: 2 * threads * lanes * rounds * unrolled * chains });
}

function copyKernel(type, bytes) {
  const code = `
@group(0) @binding(0) var<storage, read> a: array<${type}>;
@group(0) @binding(1) var<storage, read_write> b: array<${type}>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  b[i] = a[i];
}`;
  return kernel(code, [MIB64, MIB64], [1024, MIB64 / bytes / 64 / 1024], { bytes: 2 * MIB64 });
}

/** `times` dispatches of `groups` workgroups that do nothing, or wait for each other 16 times. */
function dispatches(times, groups, size, barriers) {
  const code = `
@group(0) @binding(0) var<storage, read_write> out: array<f32>;
var<workgroup> shared_values: array<f32, ${size}>;
@compute @workgroup_size(${size}) fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  ${barriers ? `shared_values[lane] = f32(lane);
  for (var i = 0u; i < 16u; i++) { workgroupBarrier(); }
  out[id.x] = shared_values[${size - 1} - lane];` : "out[id.x] = 1.0;"}
}`;
  return kernel(code, [groups * size * 4], [groups], { times });
}

/** `copy`: bytes copied from buffer to buffer before 4 of them are mapped. */
async function copies(copy) {
  const gpu = await device, { COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const from = gpu.createBuffer({ size: copy, usage: COPY_SRC }), to = gpu.createBuffer({ size: copy, usage: COPY_SRC | COPY_DST });
  const read = gpu.createBuffer({ size: 4, usage: MAP_READ | COPY_DST });
  return {
    async step() {
      const encoder = gpu.createCommandEncoder();
      encoder.copyBufferToBuffer(from, 0, to, 0, copy);
      encoder.copyBufferToBuffer(to, 0, read, 0, 4);
      gpu.queue.submit([encoder.finish()]);
      await read.mapAsync(GPUMapMode.READ);
      read.unmap();
      return 0;
    },
    info: () => ({ bytes: 2 * copy }),
    dispose: () => [from, to, read].forEach((buffer) => buffer.destroy()),
  };
}

const LIMITS = {
  "madd-f32x4": () => multiplyAdds("f32", 4),
  "madd-f32x8": () => multiplyAdds("f32", 8),
  "madd-f32x12": () => multiplyAdds("f32", 12),
  "madd-f32x16": () => multiplyAdds("f32", 16),
  "madd-vec4x2": () => multiplyAdds("vec4f", 2),
  "madd-vec4x4": () => multiplyAdds("vec4f", 4),
  "copy-buffer": () => copies(MIB64),
  "copy-vec4": () => copyKernel("vec4f", 16),
  "copy-f32": () => copyKernel("f32", 4),
  "dispatch-200": () => dispatches(200, 1, 64, false),
  "barriers-16": () => dispatches(1, 256, 256, true),
  "barriers-0": () => dispatches(1, 256, 256, false),
  "readback": () => copies(4),
};
definePage(Object.keys(LIMITS), (name) => LIMITS[name]());

/** Adapter and browser, in words. */
window.describe = async () => {
  const { info, features } = await navigator.gpu.requestAdapter();
  const adapter = [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(", ") || "unnamed";
  return { adapter, features: [...features].sort(), browser: navigator.userAgent.match(/\S*Chrome\/\S+/)?.[0] ?? navigator.userAgent, isolated: crossOriginIsolated };
};
