// Doubling of height and width, nearest or bilinear (half-pixel centres, edge clamped). Forward: one invocation
// computes the four outputs that stand where its input stood. Backward: one invocation owns the gradient of one
// input and gathers from the outputs that it reached.
//#import shared/index
//#import shared/sink

struct Params {
    planes: u32,       // N·C
    height: u32,       // of x
    width: u32,
    accumulate: u32,   // backward: 0 writes dx, 1 adds to it
    through: u32,      // backward: 1 passes dx through the leaky ReLU that made x
    slope: f32,        // of that ReLU
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<stored_1>;   // forward: (N, C, 2H, 2W); backward: dx (N, C, H, W)
@group(0) @binding(2) var<storage, read> x: array<stored_2>;         // forward: (N, C, H, W); backward: dy (N, C, 2H, 2W)
@group(0) @binding(3) var<storage, read> gate: array<stored_3>;      // backward: x of the forward pass (N, C, H, W)

// The upper left of the four outputs of the input `i`.
fn corner(i: u32) -> u32 {
    return i / params.width * params.width * 4u + i % params.width * 2u;
}

fn store(first: u32, values: vec4<f32>) {
    y[first] = stored_1(values.x);
    y[first + 1u] = stored_1(values.y);
    y[first + 2u * params.width] = stored_1(values.z);
    y[first + 2u * params.width + 1u] = stored_1(values.w);
}

@compute @workgroup_size(64)
fn upsample_nearest_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.planes * params.height * params.width { return; }
    store(corner(i), vec4(f32(x[i])));
}

@compute @workgroup_size(64)
fn upsample_nearest_backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.planes * params.height * params.width { return; }
    let first = corner(i);
    let below = first + 2u * params.width;
    put(i, f32(x[first]) + f32(x[first + 1u]) + f32(x[below]) + f32(x[below + 1u]));
}

@compute @workgroup_size(64)
fn upsample_bilinear_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.planes * params.height * params.width { return; }
    let column = i % params.width;
    let row = i / params.width % params.height;
    // Steps to the neighbours; 0 at the edge, which clamps.
    let left = select(0u, 1u, column > 0u);
    let right = select(0u, 1u, column + 1u < params.width);
    let up = select(0u, params.width, row > 0u);
    let down = select(0u, params.width, row + 1u < params.height);
    let above = across(i - up, left, right);
    let here = across(i, left, right);
    let below = across(i + down, left, right);
    store(corner(i), vec4(0.75 * here + 0.25 * above, 0.75 * here + 0.25 * below));
}

// The two outputs across, at the height of the input.
fn across(i: u32, left: u32, right: u32) -> vec2<f32> {
    return 0.75 * f32(x[i]) + 0.25 * vec2(f32(x[i - left]), f32(x[i + right]));
}

// How much the input `k` gave, along one axis of `size` inputs, to the outputs 2k − 1, 2k, 2k + 1, 2k + 2.
fn given(k: u32, size: u32) -> vec4<f32> {
    let before = k > 0u;
    let after = k + 1u < size;
    return vec4(select(0.0, 0.25, before), select(1.0, 0.75, before), select(1.0, 0.75, after), select(0.0, 0.25, after));
}

@compute @workgroup_size(64)
fn upsample_bilinear_backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.planes * params.height * params.width { return; }
    let column = i % params.width;
    let row = i / params.width % params.height;
    let across = given(column, params.width);
    let down = given(row, params.height);
    let plane = i / params.width / params.height * params.height * params.width * 4u;
    var sum = 0.0;
    for (var r = 0u; r < 4u; r++) {
        if down[r] == 0.0 { continue; }
        let start = plane + (row * 2u + r - 1u) * params.width * 2u;
        for (var c = 0u; c < 4u; c++) {
            if across[c] == 0.0 { continue; }
            sum += down[r] * across[c] * f32(x[start + column * 2u + c - 1u]);
        }
    }
    put(i, sum);
}
