// 3×3 convolution, stride 1, zero padding 1. Forward: one invocation computes a tile of four channels,
// four columns and two rows; neighbours in a workgroup stand side by side in the row. The weights are
// packed first, four channels to a vector: packed the other way round, and turned by 180°, the same kernel
// computes the gradient of the input. Backward of the weight: one invocation sums four output channels of
// one input channel over a strip of rows of all images; the strips are added up by net/partial_sum.
//#import shared/index
//#import shared/sink

struct Params {
    images: u32,       // N
    inputs: u32,       // channels of x; backward_input: C_out
    outputs: u32,      // channels of y; backward_input: C_in
    height: u32,
    width: u32,
    has_bias: u32,
    activate: u32,     // forward: 1 ends in a leaky ReLU
    accumulate: u32,   // backward_input: 0 writes dx, 1 adds to it
    through: u32,      // backward_input: 1 passes dx through the leaky ReLU that made x
    slope: f32,        // of either ReLU
    turned: u32,       // pack: 1 for backward_input
    strips: u32,       // backward_weight
    strip_rows: u32,   // backward_weight: rows in a strip, counted through all images
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;               // (N, outputs, H, W)
@group(0) @binding(1) var<storage, read_write> packing: array<vec4<f32>>;   // (outputs / 4, inputs, 9) × 4
@group(0) @binding(1) var<storage, read_write> partial: array<f32>;         // (strips, outputs, inputs, 9)
@group(0) @binding(2) var<storage, read> x: array<vec4<f32>>;               // (N, inputs, H, W)
@group(0) @binding(2) var<storage, read> weight: array<f32>;                // (C_out, C_in, 3, 3)
@group(0) @binding(3) var<storage, read> packed: array<vec4<f32>>;          // (outputs / 4, inputs, 9) × 4
@group(0) @binding(3) var<storage, read> dy: array<vec4<f32>>;              // (N, outputs, H, W)
@group(0) @binding(4) var<storage, read> bias: array<f32>;                  // (outputs)
@group(0) @binding(5) var<storage, read> gate: array<f32>;                  // backward_input: x (N, outputs, H, W)

@compute @workgroup_size(64)
fn conv3x3_pack(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= (params.outputs + 3u) / 4u * params.inputs * 9u { return; }
    let tap = i % 9u;
    let input = i / 9u % params.inputs;
    let first = i / 9u / params.inputs * 4u;
    var taps = vec4(0.0);
    for (var k = 0u; k < 4u && first + k < params.outputs; k++) {
        let upright = ((first + k) * params.inputs + input) * 9u + tap;
        let turned = (input * params.outputs + first + k) * 9u + 8u - tap;
        taps[k] = weight[select(upright, turned, params.turned != 0u)];
    }
    packing[i] = taps;
}

// Four elements of a row and their neighbours; zero outside the image.
struct Row { left: f32, middle: vec4<f32>, right: f32 }

fn x_at(plane: u32, row: i32, column: i32) -> f32 {
    if column < 0 || column >= i32(params.width) { return 0.0; }
    let i = plane + u32(row) * params.width + u32(column);
    return x[i / 4u][i % 4u];
}

fn x_row(plane: u32, row: i32, column: i32) -> Row {
    if row < 0 || row >= i32(params.height) { return Row(0.0, vec4(0.0), 0.0); }
    let left = x_at(plane, row, column - 1);
    let right = x_at(plane, row, column + 4);
    if params.width % 4u == 0u {
        return Row(left, x[(plane + u32(row) * params.width + u32(column)) / 4u], right);
    }
    let middle = vec4(x_at(plane, row, column), x_at(plane, row, column + 1),
                      x_at(plane, row, column + 2), x_at(plane, row, column + 3));
    return Row(left, middle, right);
}

// One row of taps on one row of pixels: a column of the matrix is a pixel, its elements are four channels.
fn convolve(a: vec4<f32>, b: vec4<f32>, c: vec4<f32>, row: Row) -> mat4x4<f32> {
    let m = row.middle;
    return mat4x4(a * row.left + b * m.x + c * m.y, a * m.x + b * m.y + c * m.z,
                  a * m.y + b * m.z + c * m.w, a * m.z + b * m.w + c * row.right);
}

@compute @workgroup_size(64)
fn conv3x3_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let columns = (params.width + 3u) / 4u;
    let rows = (params.height + 1u) / 2u;
    let quads = (params.outputs + 3u) / 4u;
    if i >= columns * rows * quads * params.images { return; }
    let column = i32(i % columns * 4u);
    let row = i32(i / columns % rows * 2u);
    let quad = i / columns / rows % quads;
    let image = i / columns / rows / quads;
    let size = params.height * params.width;
    var upper = mat4x4<f32>();
    var lower = mat4x4<f32>();
    for (var input = 0u; input < params.inputs; input++) {
        let plane = (image * params.inputs + input) * size;
        let k = (quad * params.inputs + input) * 9u;
        let top = x_row(plane, row - 1, column);
        let middle = x_row(plane, row, column);
        let bottom = x_row(plane, row + 1, column);
        let below = x_row(plane, row + 2, column);
        let k0 = packed[k]; let k1 = packed[k + 1u]; let k2 = packed[k + 2u];
        upper += convolve(k0, k1, k2, top);
        lower += convolve(k0, k1, k2, middle);
        let k3 = packed[k + 3u]; let k4 = packed[k + 4u]; let k5 = packed[k + 5u];
        upper += convolve(k3, k4, k5, middle);
        lower += convolve(k3, k4, k5, bottom);
        let k6 = packed[k + 6u]; let k7 = packed[k + 7u]; let k8 = packed[k + 8u];
        upper += convolve(k6, k7, k8, bottom);
        lower += convolve(k6, k7, k8, below);
    }
    let above = transpose(upper);
    let under = transpose(lower);
    let start = (image * params.outputs * params.height + u32(row)) * params.width + u32(column);
    store(start, quad * 4u, u32(row), u32(column), above[0], under[0]);
    store(start, quad * 4u + 1u, u32(row), u32(column), above[1], under[1]);
    store(start, quad * 4u + 2u, u32(row), u32(column), above[2], under[2]);
    store(start, quad * 4u + 3u, u32(row), u32(column), above[3], under[3]);
}

// Two rows of four pixels of one channel; `start` is their place in channel 0.
fn store(start: u32, channel: u32, row: u32, column: u32, above: vec4<f32>, under: vec4<f32>) {
    if channel >= params.outputs { return; }
    var offset = 0.0;
    if params.has_bias != 0u { offset = bias[channel]; }
    let i = start + channel * params.height * params.width;
    let columns = params.width - column;
    store_row(i, columns, activated(above + offset));
    if row + 1u < params.height { store_row(i + params.width, columns, activated(under + offset)); }
}

fn activated(v: vec4<f32>) -> vec4<f32> {
    return select(v, params.slope * v, vec4(params.activate != 0u) & (v <= vec4(0.0)));
}

fn store_row(i: u32, columns: u32, values: vec4<f32>) {
    put(i, values.x);
    if columns > 1u { put(i + 1u, values.y); }
    if columns > 2u { put(i + 2u, values.z); }
    if columns > 3u { put(i + 3u, values.w); }
}

@compute @workgroup_size(64)
fn conv3x3_backward_weight(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let quads = (params.outputs + 3u) / 4u;
    if i >= params.strips * quads * params.inputs { return; }
    let input = i % params.inputs;
    let quad = i / params.inputs % quads;
    let strip = i / params.inputs / quads;
    let end = min((strip + 1u) * params.strip_rows, params.images * params.height);
    var t0 = vec4(0.0); var t1 = vec4(0.0); var t2 = vec4(0.0);
    var t3 = vec4(0.0); var t4 = vec4(0.0); var t5 = vec4(0.0);
    var t6 = vec4(0.0); var t7 = vec4(0.0); var t8 = vec4(0.0);
    for (var line = strip * params.strip_rows; line < end; line++) {
        let image = line / params.height;
        let row = i32(line % params.height);
        let plane = (image * params.inputs + input) * params.height * params.width;
        for (var column = 0u; column < params.width; column += 4u) {
            let slopes = mat4x4(dy_row(image, quad * 4u, u32(row), column),
                                dy_row(image, quad * 4u + 1u, u32(row), column),
                                dy_row(image, quad * 4u + 2u, u32(row), column),
                                dy_row(image, quad * 4u + 3u, u32(row), column));
            let top = x_row(plane, row - 1, i32(column));
            t0 += vec4(top.left, top.middle.xyz) * slopes;
            t1 += top.middle * slopes;
            t2 += vec4(top.middle.yzw, top.right) * slopes;
            let middle = x_row(plane, row, i32(column));
            t3 += vec4(middle.left, middle.middle.xyz) * slopes;
            t4 += middle.middle * slopes;
            t5 += vec4(middle.middle.yzw, middle.right) * slopes;
            let bottom = x_row(plane, row + 1, i32(column));
            t6 += vec4(bottom.left, bottom.middle.xyz) * slopes;
            t7 += bottom.middle * slopes;
            t8 += vec4(bottom.middle.yzw, bottom.right) * slopes;
        }
    }
    for (var k = 0u; k < min(4u, params.outputs - quad * 4u); k++) {
        let first = ((strip * params.outputs + quad * 4u + k) * params.inputs + input) * 9u;
        partial[first] = t0[k]; partial[first + 1u] = t1[k]; partial[first + 2u] = t2[k];
        partial[first + 3u] = t3[k]; partial[first + 4u] = t4[k]; partial[first + 5u] = t5[k];
        partial[first + 6u] = t6[k]; partial[first + 7u] = t7[k]; partial[first + 8u] = t8[k];
    }
}

fn dy_row(image: u32, channel: u32, row: u32, column: u32) -> vec4<f32> {
    if channel >= params.outputs { return vec4(0.0); }
    let i = ((image * params.outputs + channel) * params.height + row) * params.width + column;
    if params.width % 4u == 0u { return dy[i / 4u]; }
    var values = vec4(dy[i / 4u][i % 4u], 0.0, 0.0, 0.0);
    if column + 1u < params.width { values.y = dy[(i + 1u) / 4u][(i + 1u) % 4u]; }
    if column + 2u < params.width { values.z = dy[(i + 2u) / 4u][(i + 2u) % 4u]; }
    if column + 3u < params.width { values.w = dy[(i + 3u) / 4u][(i + 3u) % 4u]; }
    return values;
}
