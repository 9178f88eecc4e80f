// Channels weighted by a map of one channel. Forward: one invocation computes one element of y. Backward of the input:
// one invocation owns one element of dx. Backward of the map: one invocation sums the channels of one pixel.
//#import shared/index
//#import shared/sink

struct Params {
    images: u32,       // N
    channels: u32,     // C
    size: u32,         // H·W
    accumulate: u32,   // backward: 0 writes the gradient, 1 adds to it
    through: u32,      // backward of the input: 1 passes dx through the leaky ReLU that made x
    slope: f32,        // of that ReLU
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<stored_1>;   // y, dx (N, C, H, W); dmap (N, 1, H, W)
@group(0) @binding(2) var<storage, read> x: array<stored_2>;         // (N, C, H, W)
@group(0) @binding(2) var<storage, read> gate: array<stored_2>;      // backward of the input: x (N, C, H, W)
@group(0) @binding(3) var<storage, read> map: array<stored_3>;       // (N, 1, H, W)
@group(0) @binding(4) var<storage, read> dy: array<f32>;             // (N, C, H, W)

// The element of the map over the element `i` of x.
fn over(i: u32) -> u32 {
    return i / params.size / params.channels * params.size + i % params.size;
}

@compute @workgroup_size(64)
fn attend_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.images * params.channels * params.size { return; }
    y[i] = stored_1(f32(x[i]) * f32(map[over(i)]));
}

@compute @workgroup_size(64)
fn attend_backward_input(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.images * params.channels * params.size { return; }
    put(i, dy[i] * f32(map[over(i)]));
}

@compute @workgroup_size(64)
fn attend_backward_map(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let pixel = flat_index(id, groups);
    if pixel >= params.images * params.size { return; }
    let first = pixel / params.size * params.channels * params.size + pixel % params.size;
    var total = 0.0;
    for (var channel = 0u; channel < params.channels; channel++) {
        let i = first + channel * params.size;
        total += dy[i] * f32(x[i]);
    }
    y[pixel] = stored_1(select(total, f32(y[pixel]) + total, params.accumulate != 0u));
}
