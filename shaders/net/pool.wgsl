// 2×2 max pooling with stride 2; the last row and column of an odd size are dropped. Forward: one invocation computes
// one output. Backward: one invocation owns the four inputs of a window, also of an incomplete one, whose
// gradient is 0. On a tie the gradient of the maximum goes to the first in row-major order.
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
@group(0) @binding(1) var<storage, read_write> y: array<stored_1>;   // forward: (N, C, H/2, W/2); backward: dx (N, C, H, W)
@group(0) @binding(2) var<storage, read> x: array<stored_2>;         // (N, C, H, W)
@group(0) @binding(2) var<storage, read> dy: array<f32>;             // backward: (N, C, H/2, W/2)
@group(0) @binding(3) var<storage, read> gate: array<stored_3>;      // backward: x (N, C, H, W)

// The upper left input of the output `i`.
fn corner(i: u32) -> u32 {
    let columns = params.width / 2u;
    let rows = params.height / 2u;
    let row = i / columns % rows * 2u;
    return (i / columns / rows * params.height + row) * params.width + i % columns * 2u;
}

// The inputs of a complete window in row-major order.
fn window(first: u32) -> vec4<f32> {
    let below = first + params.width;
    return vec4(f32(x[first]), f32(x[first + 1u]), f32(x[below]), f32(x[below + 1u]));
}

@compute @workgroup_size(64)
fn pool_max_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.planes * (params.height / 2u) * (params.width / 2u) { return; }
    let v = window(corner(i));
    y[i] = stored_1(max(max(v.x, v.y), max(v.z, v.w)));
}

// A window, complete or not: its first input, its extent, and its output if it is complete.
struct Window { first: u32, rows: u32, columns: u32, output: u32 }

fn window_of(i: u32) -> Window {
    let columns = (params.width + 1u) / 2u;
    let rows = (params.height + 1u) / 2u;
    let column = i % columns;
    let row = i / columns % rows;
    let plane = i / columns / rows;
    let first = (plane * params.height + row * 2u) * params.width + column * 2u;
    let output = (plane * (params.height / 2u) + row) * (params.width / 2u) + column;
    return Window(first, min(2u, params.height - row * 2u), min(2u, params.width - column * 2u), output);
}

fn store(w: Window, dx: vec4<f32>) {
    put(w.first, dx.x);
    if w.columns == 2u { put(w.first + 1u, dx.y); }
    if w.rows == 2u { put(w.first + params.width, dx.z); }
    if w.columns == 2u && w.rows == 2u { put(w.first + params.width + 1u, dx.w); }
}

@compute @workgroup_size(64)
fn pool_max_backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.planes * ((params.height + 1u) / 2u) * ((params.width + 1u) / 2u) { return; }
    let w = window_of(i);
    var dx = vec4(0.0);
    if w.columns == 2u && w.rows == 2u {
        let below = w.first + params.width;
        let v = vec4(f32(gate[w.first]), f32(gate[w.first + 1u]), f32(gate[below]), f32(gate[below + 1u]));
        let slope = dy[w.output];
        let top = max(max(v.x, v.y), max(v.z, v.w));
        if v.x == top { dx.x = slope; }
        else if v.y == top { dx.y = slope; }
        else if v.z == top { dx.z = slope; }
        else { dx.w = slope; }
    }
    store(w, dx);
}
