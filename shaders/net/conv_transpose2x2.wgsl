// Transposed convolution, kernel 2, stride 2: every input pixel becomes a window of four outputs.
// Forward: one invocation computes the windows of one pixel in four channels. Backward of the input: four
// channels of one pixel. Backward of the weight: one invocation sums one input channel against four output
// channels over its share of the pixels of one image; the shares are added up by net/partial_sum.
//#import shared/index

struct Params {
    images: u32,       // N
    inputs: u32,       // C_in
    outputs: u32,      // C_out
    height: u32,       // of x
    width: u32,
    has_bias: u32,
    accumulate: u32,   // backward_input: 0 writes dx, 1 adds to it
    strips: u32,       // backward_weight: shares of an image
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<vec2<f32>>;         // (N, C_out, 2H, 2W)
@group(0) @binding(1) var<storage, read_write> dx: array<f32>;              // (N, C_in, H, W)
@group(0) @binding(1) var<storage, read_write> partial: array<vec4<f32>>;   // (strips, N, C_in, C_out, 2, 2)
@group(0) @binding(2) var<storage, read> x: array<f32>;                     // (N, C_in, H, W)
@group(0) @binding(2) var<storage, read> dy: array<vec2<f32>>;              // (N, C_out, 2H, 2W)
@group(0) @binding(3) var<storage, read> weight: array<vec4<f32>>;          // (C_in, C_out, 2, 2)
@group(0) @binding(3) var<storage, read> input: array<f32>;                 // backward_weight: x (N, C_in, H, W)
@group(0) @binding(4) var<storage, read> bias: array<f32>;                  // (C_out)

// Where the window of `pixel` starts in a plane of y, in pairs.
fn window_start(plane: u32, pixel: u32) -> u32 {
    return plane * params.height * params.width * 2u + pixel / params.width * params.width * 2u + pixel % params.width;
}

fn dy_window(plane: u32, pixel: u32) -> vec4<f32> {
    let i = window_start(plane, pixel);
    return vec4(dy[i], dy[i + params.width]);
}

@compute @workgroup_size(64)
fn conv_transpose2x2_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let size = params.height * params.width;
    let quads = (params.outputs + 3u) / 4u;
    if i >= size * quads * params.images { return; }
    let pixel = i % size;
    let output = i / size % quads * 4u;
    let image = i / size / quads;
    // A channel past the last repeats the last one and is not stored.
    let last = params.outputs - 1u;
    var y0 = vec4(0.0); var y1 = vec4(0.0); var y2 = vec4(0.0); var y3 = vec4(0.0);
    for (var c = 0u; c < params.inputs; c++) {
        let value = x[(image * params.inputs + c) * size + pixel];
        let k = c * params.outputs;
        y0 += value * weight[k + output];
        y1 += value * weight[k + min(output + 1u, last)];
        y2 += value * weight[k + min(output + 2u, last)];
        y3 += value * weight[k + min(output + 3u, last)];
    }
    store(image, output, pixel, y0);
    store(image, output + 1u, pixel, y1);
    store(image, output + 2u, pixel, y2);
    store(image, output + 3u, pixel, y3);
}

fn store(image: u32, channel: u32, pixel: u32, sums: vec4<f32>) {
    if channel >= params.outputs { return; }
    var values = sums;
    if params.has_bias != 0u { values += bias[channel]; }
    let i = window_start(image * params.outputs + channel, pixel);
    y[i] = values.xy;
    y[i + params.width] = values.zw;
}

@compute @workgroup_size(64)
fn conv_transpose2x2_backward_input(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let size = params.height * params.width;
    let quads = (params.inputs + 3u) / 4u;
    if i >= size * quads * params.images { return; }
    let pixel = i % size;
    let channel = i / size % quads * 4u;
    let image = i / size / quads;
    let last = params.inputs - 1u;
    var sums = vec4(0.0);
    for (var output = 0u; output < params.outputs; output++) {
        let slopes = dy_window(image * params.outputs + output, pixel);
        sums += slopes * mat4x4(weight[channel * params.outputs + output],
                                weight[min(channel + 1u, last) * params.outputs + output],
                                weight[min(channel + 2u, last) * params.outputs + output],
                                weight[min(channel + 3u, last) * params.outputs + output]);
    }
    for (var k = 0u; k < min(4u, params.inputs - channel); k++) {
        let place = (image * params.inputs + channel + k) * size + pixel;
        if params.accumulate != 0u { dx[place] += sums[k]; } else { dx[place] = sums[k]; }
    }
}

@compute @workgroup_size(64)
fn conv_transpose2x2_backward_weight(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let size = params.height * params.width;
    let quads = (params.outputs + 3u) / 4u;
    if i >= params.strips * params.images * params.inputs * quads { return; }
    let strip = i % params.strips;
    let output = i / params.strips % quads * 4u;
    let channel = i / params.strips / quads % params.inputs;
    let image = i / params.strips / quads / params.inputs;
    let plane = image * params.outputs;
    let last = params.outputs - 1u;
    var w0 = vec4(0.0); var w1 = vec4(0.0); var w2 = vec4(0.0); var w3 = vec4(0.0);
    for (var pixel = strip; pixel < size; pixel += params.strips) {
        let value = input[(image * params.inputs + channel) * size + pixel];
        w0 += value * dy_window(plane + output, pixel);
        w1 += value * dy_window(plane + min(output + 1u, last), pixel);
        w2 += value * dy_window(plane + min(output + 2u, last), pixel);
        w3 += value * dy_window(plane + min(output + 3u, last), pixel);
    }
    let first = ((strip * params.images + image) * params.inputs + channel) * params.outputs + output;
    partial[first] = w0;
    if output + 1u < params.outputs { partial[first + 1u] = w1; }
    if output + 2u < params.outputs { partial[first + 2u] = w2; }
    if output + 3u < params.outputs { partial[first + 3u] = w3; }
}
