// Joins two tensors along C. Forward: one invocation computes four elements of the joined tensor. Backward, once
// for each of the two: one invocation computes four elements of its gradient. The last one may write into the
// padding of the tensor.
//#import shared/index

struct Params {
    count: u32,        // elements to write, of all images
    first: u32,        // C·H·W of the first tensor
    second: u32,       // C·H·W of the second tensor
    is_second: u32,    // backward: whose gradient
    accumulate: u32,   // backward: 0 writes the gradient, 1 adds to it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<vec4<f32>>;   // forward: (N, C1 + C2, H, W); backward: dx1 or dx2
@group(0) @binding(2) var<storage, read> x1: array<vec4<f32>>;        // forward: (N, C1, H, W)
@group(0) @binding(2) var<storage, read> dy: array<vec4<f32>>;        // backward: (N, C1 + C2, H, W)
@group(0) @binding(3) var<storage, read> x2: array<vec4<f32>>;        // forward: (N, C2, H, W)

fn joined(i: u32) -> f32 {
    if i >= params.count { return 0.0; }
    let image = i / (params.first + params.second);
    let place = i % (params.first + params.second);
    if place < params.first {
        let j = image * params.first + place;
        return x1[j / 4u][j % 4u];
    }
    let j = image * params.second + place - params.first;
    return x2[j / 4u][j % 4u];
}

// How many of four elements have to be copied one by one: none if each tensor's extent divides into quads. What
// follows from it is a loop and no `if`, of which software adapters run both sides.
fn ragged() -> u32 { return select(0u, 4u, (params.first | params.second) % 4u != 0u); }

@compute @workgroup_size(64)
fn concat_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let quad = flat_index(id, groups);
    let i = quad * 4u;
    if i >= params.count { return; }
    let image = i / (params.first + params.second);
    let place = i % (params.first + params.second);
    var values: vec4<f32>;
    if place < params.first {
        values = x1[(image * params.first + place) / 4u];
    } else {
        values = x2[(image * params.second + place - params.first) / 4u];
    }
    for (var k = 0u; k < ragged(); k++) { values[k] = joined(i + k); }
    y[quad] = values;
}

// Where the element `i` of the gradient stands in dy.
fn source(i: u32) -> u32 {
    let run = select(params.first, params.second, params.is_second != 0u);
    let start = select(0u, params.first, params.is_second != 0u);
    return i / run * (params.first + params.second) + start + i % run;
}

fn dy_at(i: u32) -> f32 {
    if i >= params.count { return 0.0; }
    let j = source(i);
    return dy[j / 4u][j % 4u];
}

@compute @workgroup_size(64)
fn concat_backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let quad = flat_index(id, groups);
    let i = quad * 4u;
    if i >= params.count { return; }
    var values = dy[source(i) / 4u];
    for (var k = 0u; k < ragged(); k++) { values[k] = dy_at(i + k); }
    if params.accumulate != 0u { y[quad] += values; } else { y[quad] = values; }
}
