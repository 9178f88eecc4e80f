// The logistic function: one invocation computes four elements in a row, a workgroup 256. The last one may write into
// the padding of the tensor. The exponent is never positive, so that nothing overflows.
//#import shared/index

struct Params {
    count: u32,        // N·C·H·W
    accumulate: u32,   // backward: 0 writes dx, 1 adds to it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<vec4<stored_1>>;  // forward: y (N, C, H, W); backward: dx
@group(0) @binding(2) var<storage, read> x: array<vec4<stored_2>>;        // (N, C, H, W)
@group(0) @binding(3) var<storage, read> dy: array<vec4<f32>>;            // (N, C, H, W)

@compute @workgroup_size(64)
fn sigmoid_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i * 4u >= params.count { return; }
    let v = vec4<f32>(x[i]);
    let e = exp(-abs(v));
    y[i] = vec4<stored_1>(select(e, vec4(1.0), v >= vec4(0.0)) / (1.0 + e));
}

@compute @workgroup_size(64)
fn sigmoid_backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i * 4u >= params.count { return; }
    let e = exp(-abs(vec4<f32>(x[i])));
    let dx = dy[i] * e / ((1.0 + e) * (1.0 + e));
    y[i] = vec4<stored_1>(select(dx, vec4<f32>(y[i]) + dx, params.accumulate != 0u));
}
