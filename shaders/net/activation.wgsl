// ReLU (slope 0) and leaky ReLU: one invocation computes four elements in a row, a workgroup 256. The last one
// may write into the padding of the tensor.
//#import shared/index

struct Params {
    count: u32,      // N·C·H·W
    slope: f32,
    accumulate: u32, // backward: 0 writes dx, 1 adds to it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<vec4<stored_1>>;  // forward: y (N, C, H, W); backward: dx
@group(0) @binding(2) var<storage, read> x: array<vec4<stored_2>>;        // (N, C, H, W)
@group(0) @binding(3) var<storage, read> dy: array<vec4<f32>>;            // (N, C, H, W)

@compute @workgroup_size(64)
fn activation_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i * 4u >= params.count { return; }
    let v = vec4<f32>(x[i]);
    y[i] = vec4<stored_1>(select(params.slope * v, v, v > vec4(0.0)));
}

@compute @workgroup_size(64)
fn activation_backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i * 4u >= params.count { return; }
    let dx = select(params.slope * dy[i], dy[i], vec4<f32>(x[i]) > vec4(0.0));
    y[i] = vec4<stored_1>(select(dx, vec4<f32>(y[i]) + dx, params.accumulate != 0u));
}
