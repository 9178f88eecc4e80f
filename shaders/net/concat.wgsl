// Joins two tensors along C. Forward: one invocation copies one element of the joined tensor. Backward, once for each
// of the two: one invocation copies one element of its gradient.
//#import shared/index

struct Params {
    count: u32,        // elements to copy, of all images
    first: u32,        // C·H·W of the first tensor
    second: u32,       // C·H·W of the second tensor
    is_second: u32,    // backward: whose gradient
    accumulate: u32,   // backward: 0 writes the gradient, 1 adds to it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;   // forward: (N, C1 + C2, H, W); backward: dx1 or dx2
@group(0) @binding(2) var<storage, read> x1: array<f32>;        // forward: (N, C1, H, W)
@group(0) @binding(2) var<storage, read> dy: array<f32>;        // backward: (N, C1 + C2, H, W)
@group(0) @binding(3) var<storage, read> x2: array<f32>;        // forward: (N, C2, H, W)

@compute @workgroup_size(64)
fn concat_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    let image = i / (params.first + params.second);
    let place = i % (params.first + params.second);
    if place < params.first {
        y[i] = x1[image * params.first + place];
    } else {
        y[i] = x2[image * params.second + place - params.first];
    }
}

@compute @workgroup_size(64)
fn concat_backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    let run = select(params.first, params.second, params.is_second != 0u);
    let start = select(0u, params.first, params.is_second != 0u);
    let value = dy[i / run * (params.first + params.second) + start + i % run];
    if params.accumulate != 0u { y[i] += value; } else { y[i] = value; }
}
