// The sum of two tensors of one shape, as a shortcut ends. Forward: one invocation computes one element. Backward: one
// invocation owns one element of the gradient of one summand, which is that of the sum.
//#import shared/index
//#import shared/sink

struct Params {
    count: u32,        // N·C·H·W
    accumulate: u32,   // backward: 0 writes dx, 1 adds to it
    through: u32,      // backward: 1 passes dx through the leaky ReLU that made x
    slope: f32,        // of that ReLU
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<stored_1>;   // forward: y; backward: dx; each (N, C, H, W)
@group(0) @binding(2) var<storage, read> x1: array<stored_2>;        // (N, C, H, W)
@group(0) @binding(2) var<storage, read> dy: array<f32>;             // backward: (N, C, H, W)
@group(0) @binding(3) var<storage, read> x2: array<stored_3>;        // (N, C, H, W)
@group(0) @binding(3) var<storage, read> gate: array<stored_3>;      // backward: x (N, C, H, W)

@compute @workgroup_size(64)
fn add_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    y[i] = stored_1(f32(x1[i]) + f32(x2[i]));
}

@compute @workgroup_size(64)
fn add_backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    put(i, dy[i]);
}
