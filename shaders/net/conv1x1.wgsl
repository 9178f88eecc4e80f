// 1×1 convolution. Forward: one invocation computes four channels of four pixels in a row. With the weights read the
// other way round the same kernel computes the gradient of the input. Backward of the weight: one invocation sums a
// tile of four output and four input channels over its share of the quads of one image; the shares are added up by
// net/partial_sum.
//#import shared/index
//#import shared/sink

struct Params {
    images: u32,       // N
    inputs: u32,       // channels of x; backward_input: C_out
    outputs: u32,      // channels of y; backward_input: C_in
    size: u32,         // H·W
    has_bias: u32,
    turned: u32,       // 1 for backward_input
    accumulate: u32,   // backward_input: 0 writes dx, 1 adds to it
    through: u32,      // backward_input: 1 passes dx through the leaky ReLU that made x
    slope: f32,        // of that ReLU
    strips: u32,       // backward_weight: shares of an image
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<stored_1>;          // (N, outputs, H, W)
@group(0) @binding(1) var<storage, read_write> partial: array<f32>;         // (strips, N, outputs, inputs)
@group(0) @binding(2) var<storage, read> x: array<vec4<stored_2>>;          // (N, inputs, H, W)
@group(0) @binding(3) var<storage, read> weight: array<f32>;                // (C_out, C_in)
@group(0) @binding(3) var<storage, read> dy: array<vec4<f32>>;              // (N, outputs, H, W)
@group(0) @binding(4) var<storage, read> bias: array<f32>;                  // (outputs)
@group(0) @binding(5) var<storage, read> gate: array<stored_5>;             // backward_input: x (N, outputs, H, W)

// From one input to four outputs; past the last output it repeats that one, which is not stored.
fn weights_of(input: u32, first: u32) -> vec4<f32> {
    let output = min(vec4(first) + vec4(0u, 1u, 2u, 3u), vec4(params.outputs - 1u));
    let upright = output * params.inputs + input;
    let turned = input * params.outputs + output;
    let at = select(upright, turned, params.turned != 0u);
    return vec4(weight[at.x], weight[at.y], weight[at.z], weight[at.w]);
}

// How many of four pixels have to be read one by one: none if planes divide into quads. What follows from it is
// a loop and no `if`, of which software adapters run both sides.
fn ragged() -> u32 { return select(0u, 4u, params.size % 4u != 0u); }

// Four pixels of a plane from `pixel` on; zero beyond its end.
fn x_at(plane: u32, pixel: u32) -> vec4<f32> {
    if pixel >= params.size { return vec4(0.0); }
    let i = plane * params.size + pixel;
    var values = vec4<f32>(x[i / 4u]);
    for (var k = 0u; k < ragged(); k++) {
        values[k] = select(0.0, f32(x[(i + k) / 4u][(i + k) % 4u]), pixel + k < params.size);
    }
    return values;
}

// A pixel in each row, a channel in each column.
fn outer(pixels: vec4<f32>, weights: vec4<f32>) -> mat4x4<f32> {
    return mat4x4(pixels * weights.x, pixels * weights.y, pixels * weights.z, pixels * weights.w);
}

@compute @workgroup_size(64)
fn conv1x1_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let pixel_quads = (params.size + 3u) / 4u;
    let channel_quads = (params.outputs + 3u) / 4u;
    if i >= pixel_quads * channel_quads * params.images { return; }
    let pixel = i % pixel_quads * 4u;
    let first = i / pixel_quads % channel_quads * 4u;
    let image = i / pixel_quads / channel_quads;
    var sums = mat4x4<f32>();
    for (var input = 0u; input < params.inputs; input++) {
        sums += outer(x_at(image * params.inputs + input, pixel), weights_of(input, first));
    }
    store(image, first, pixel, sums[0]);
    store(image, first + 1u, pixel, sums[1]);
    store(image, first + 2u, pixel, sums[2]);
    store(image, first + 3u, pixel, sums[3]);
}

fn store(image: u32, channel: u32, pixel: u32, sums: vec4<f32>) {
    if channel >= params.outputs { return; }
    var values = sums;
    if params.has_bias != 0u { values += bias[channel]; }
    let i = (image * params.outputs + channel) * params.size + pixel;
    let pixels = params.size - pixel;
    put(i, values.x);
    if pixels > 1u { put(i + 1u, values.y); }
    if pixels > 2u { put(i + 2u, values.z); }
    if pixels > 3u { put(i + 3u, values.w); }
}

fn dy_at(image: u32, channel: u32, pixel: u32) -> vec4<f32> {
    if channel >= params.outputs { return vec4(0.0); }
    let i = (image * params.outputs + channel) * params.size + pixel;
    var values = dy[i / 4u];
    for (var k = 0u; k < ragged(); k++) {
        values[k] = select(0.0, dy[(i + k) / 4u][(i + k) % 4u], pixel + k < params.size);
    }
    return values;
}

@compute @workgroup_size(64)
fn conv1x1_backward_weight(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let output_quads = (params.outputs + 3u) / 4u;
    let input_quads = (params.inputs + 3u) / 4u;
    if i >= params.strips * params.images * output_quads * input_quads { return; }
    let strip = i % params.strips;
    let input = i / params.strips % input_quads * 4u;
    let output = i / params.strips / input_quads % output_quads * 4u;
    let image = i / params.strips / input_quads / output_quads;
    // An input channel past the last repeats the last one and is not stored.
    let plane = image * params.inputs;
    let p0 = plane + input;
    let p1 = plane + min(input + 1u, params.inputs - 1u);
    let p2 = plane + min(input + 2u, params.inputs - 1u);
    let p3 = plane + min(input + 3u, params.inputs - 1u);
    var s0 = vec4(0.0); var s1 = vec4(0.0); var s2 = vec4(0.0); var s3 = vec4(0.0);
    for (var pixel = strip * 4u; pixel < params.size; pixel += params.strips * 4u) {
        let slopes = mat4x4(dy_at(image, output, pixel), dy_at(image, output + 1u, pixel),
                            dy_at(image, output + 2u, pixel), dy_at(image, output + 3u, pixel));
        s0 += x_at(p0, pixel) * slopes;
        s1 += x_at(p1, pixel) * slopes;
        s2 += x_at(p2, pixel) * slopes;
        s3 += x_at(p3, pixel) * slopes;
    }
    let start = (strip * params.images + image) * params.outputs;
    for (var k = 0u; k < min(4u, params.outputs - output); k++) {
        let first = (start + output + k) * params.inputs + input;
        partial[first] = s0[k];
        if input + 1u < params.inputs { partial[first + 1u] = s1[k]; }
        if input + 2u < params.inputs { partial[first + 2u] = s2[k]; }
        if input + 3u < params.inputs { partial[first + 3u] = s3[k]; }
    }
}
