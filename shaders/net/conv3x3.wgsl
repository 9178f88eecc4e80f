// 3×3 convolution, stride 1, zero padding 1. Forward: one invocation computes a tile of four channels, four
// columns and four rows; neighbours in a workgroup stand side by side. The weights are packed first, four
// output channels to a vector: packed the other way round, and turned by 180°, the same kernel computes the
// gradient of the input. Backward of the weight: one invocation sums four output channels of one input
// channel over its share of bands, four columns wide; the shares are added up by net/partial_sum.
// `_ragged` is for widths that do not divide into fours: chosen outside, because software adapters run both
// sides of an `if`.
//#import shared/index

struct Params {
    images: u32,       // N
    inputs: u32,       // channels of x; backward_input: C_out
    outputs: u32,      // channels of y; backward_input: C_in
    height: u32,
    width: u32,
    has_bias: u32,
    accumulate: u32,   // 0 writes y, 1 adds to it
    turned: u32,       // pack: 1 for backward_input
    strips: u32,       // backward_weight
    band_rows: u32,    // backward_weight: rows of a band
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

fn x_at(plane: u32, row: i32, column: i32) -> f32 {
    if row < 0 || row >= i32(params.height) || column < 0 || column >= i32(params.width) { return 0.0; }
    let i = plane + u32(row) * params.width + u32(column);
    return x[i / 4u][i % 4u];
}

// Four elements of a row; zero outside the image. They are a vector of the buffer unless rows are ragged.
fn x_quad(plane: u32, row: i32, column: i32, ragged: bool) -> vec4<f32> {
    if ragged {
        return vec4(x_at(plane, row, column), x_at(plane, row, column + 1),
                    x_at(plane, row, column + 2), x_at(plane, row, column + 3));
    }
    if row < 0 || row >= i32(params.height) { return vec4(0.0); }
    return x[(plane + u32(row) * params.width + u32(column)) / 4u];
}

// Four elements of a row and their neighbours.
struct Row { left: f32, middle: vec4<f32>, right: f32 }

fn x_row(plane: u32, row: i32, column: i32, ragged: bool) -> Row {
    return Row(x_at(plane, row, column - 1), x_quad(plane, row, column, ragged), x_at(plane, row, column + 4));
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
    forward(i, false);
}

@compute @workgroup_size(64)
fn conv3x3_forward_ragged(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    forward(i, true);
}

fn forward(i: u32, ragged: bool) {
    let columns = (params.width + 3u) / 4u;
    let rows = (params.height + 3u) / 4u;
    let quads = (params.outputs + 3u) / 4u;
    if i >= columns * rows * quads * params.images { return; }
    let column = i32(i % columns * 4u);
    let row = i32(i / columns % rows * 4u);
    let quad = i / columns / rows % quads;
    let image = i / columns / rows / quads;
    let size = params.height * params.width;
    var y0 = mat4x4<f32>();
    var y1 = mat4x4<f32>();
    var y2 = mat4x4<f32>();
    var y3 = mat4x4<f32>();
    for (var input = 0u; input < params.inputs; input++) {
        let plane = (image * params.inputs + input) * size;
        let k = (quad * params.inputs + input) * 9u;
        let r0 = x_row(plane, row - 1, column, ragged);
        let r1 = x_row(plane, row, column, ragged);
        let r2 = x_row(plane, row + 1, column, ragged);
        let r3 = x_row(plane, row + 2, column, ragged);
        let r4 = x_row(plane, row + 3, column, ragged);
        let r5 = x_row(plane, row + 4, column, ragged);
        let k0 = packed[k]; let k1 = packed[k + 1u]; let k2 = packed[k + 2u];
        y0 += convolve(k0, k1, k2, r0);
        y1 += convolve(k0, k1, k2, r1);
        y2 += convolve(k0, k1, k2, r2);
        y3 += convolve(k0, k1, k2, r3);
        let k3 = packed[k + 3u]; let k4 = packed[k + 4u]; let k5 = packed[k + 5u];
        y0 += convolve(k3, k4, k5, r1);
        y1 += convolve(k3, k4, k5, r2);
        y2 += convolve(k3, k4, k5, r3);
        y3 += convolve(k3, k4, k5, r4);
        let k6 = packed[k + 6u]; let k7 = packed[k + 7u]; let k8 = packed[k + 8u];
        y0 += convolve(k6, k7, k8, r2);
        y1 += convolve(k6, k7, k8, r3);
        y2 += convolve(k6, k7, k8, r4);
        y3 += convolve(k6, k7, k8, r5);
    }
    let start = (image * params.outputs * params.height + u32(row)) * params.width + u32(column);
    let first = quad * 4u;
    store(start, first, u32(column), transpose(y0));
    if u32(row) + 1u < params.height { store(start + params.width, first, u32(column), transpose(y1)); }
    if u32(row) + 2u < params.height { store(start + 2u * params.width, first, u32(column), transpose(y2)); }
    if u32(row) + 3u < params.height { store(start + 3u * params.width, first, u32(column), transpose(y3)); }
}

// Four pixels of a row in four channels, a channel in each column; `start` is their place in channel 0.
fn store(start: u32, first: u32, column: u32, channels: mat4x4<f32>) {
    let columns = params.width - column;
    store_channel(start, first, columns, channels[0]);
    store_channel(start, first + 1u, columns, channels[1]);
    store_channel(start, first + 2u, columns, channels[2]);
    store_channel(start, first + 3u, columns, channels[3]);
}

fn store_channel(start: u32, channel: u32, columns: u32, sums: vec4<f32>) {
    if channel >= params.outputs { return; }
    var values = sums;
    if params.has_bias != 0u { values += bias[channel]; }
    let i = start + channel * params.height * params.width;
    put(i, values.x);
    if columns > 1u { put(i + 1u, values.y); }
    if columns > 2u { put(i + 2u, values.z); }
    if columns > 3u { put(i + 3u, values.w); }
}

fn put(i: u32, value: f32) {
    if params.accumulate != 0u { y[i] += value; } else { y[i] = value; }
}

@compute @workgroup_size(64)
fn conv3x3_backward_weight(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    backward_weight(i, false);
}

@compute @workgroup_size(64)
fn conv3x3_backward_weight_ragged(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    backward_weight(i, true);
}

fn backward_weight(i: u32, ragged: bool) {
    let quads = (params.outputs + 3u) / 4u;
    if i >= params.strips * quads * params.inputs { return; }
    let strip = i % params.strips;
    let input = i / params.strips % params.inputs;
    let quad = i / params.strips / params.inputs;
    let columns = (params.width + 3u) / 4u;
    let bands = (params.height + params.band_rows - 1u) / params.band_rows;
    var t0 = vec4(0.0); var t1 = vec4(0.0); var t2 = vec4(0.0);
    var t3 = vec4(0.0); var t4 = vec4(0.0); var t5 = vec4(0.0);
    var t6 = vec4(0.0); var t7 = vec4(0.0); var t8 = vec4(0.0);
    for (var band = strip; band < columns * bands * params.images; band += params.strips) {
        let column = i32(band % columns * 4u);
        let image = band / columns / bands;
        let plane = (image * params.inputs + input) * params.height * params.width;
        let start = band / columns % bands * params.band_rows;
        let end = min(start + params.band_rows, params.height);
        var above = x_row(plane, i32(start) - 1, column, ragged);
        var here = x_row(plane, i32(start), column, ragged);
        for (var row = start; row < end; row++) {
            let below = x_row(plane, i32(row) + 1, column, ragged);
            let slopes = mat4x4(dy_quad(image, quad * 4u, row, u32(column), ragged),
                                dy_quad(image, quad * 4u + 1u, row, u32(column), ragged),
                                dy_quad(image, quad * 4u + 2u, row, u32(column), ragged),
                                dy_quad(image, quad * 4u + 3u, row, u32(column), ragged));
            t0 += vec4(above.left, above.middle.xyz) * slopes;
            t1 += above.middle * slopes;
            t2 += vec4(above.middle.yzw, above.right) * slopes;
            t3 += vec4(here.left, here.middle.xyz) * slopes;
            t4 += here.middle * slopes;
            t5 += vec4(here.middle.yzw, here.right) * slopes;
            t6 += vec4(below.left, below.middle.xyz) * slopes;
            t7 += below.middle * slopes;
            t8 += vec4(below.middle.yzw, below.right) * slopes;
            above = here;
            here = below;
        }
    }
    for (var k = 0u; k < min(4u, params.outputs - quad * 4u); k++) {
        let first = ((strip * params.outputs + quad * 4u + k) * params.inputs + input) * 9u;
        partial[first] = t0[k]; partial[first + 1u] = t1[k]; partial[first + 2u] = t2[k];
        partial[first + 3u] = t3[k]; partial[first + 4u] = t4[k]; partial[first + 5u] = t5[k];
        partial[first + 6u] = t6[k]; partial[first + 7u] = t7[k]; partial[first + 8u] = t8[k];
    }
}

fn dy_quad(image: u32, channel: u32, row: u32, column: u32, ragged: bool) -> vec4<f32> {
    if channel >= params.outputs { return vec4(0.0); }
    let i = ((image * params.outputs + channel) * params.height + row) * params.width + column;
    if !ragged { return dy[i / 4u]; }
    var values = vec4(0.0);
    for (var k = 0u; k < min(4u, params.width - column); k++) { values[k] = dy[(i + k) / 4u][(i + k) % 4u]; }
    return values;
}
