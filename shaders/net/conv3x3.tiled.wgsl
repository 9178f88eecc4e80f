// 3×3 convolution, stride 1, zero padding 1, for adapters with fast workgroup memory. A workgroup computes 8 channels
// of 16 rows and 32 columns; an invocation, 8 channels of two rows and four columns of them. The workgroup brings in
// CHUNK input channels at a time, with a border of one row and one quad, and their taps. An input channel costs an
// invocation 30 loads from workgroup memory for 576 multiply-adds. The weights are packed first, eight channels side
// by side; turned by 180° and the other way round, the same kernel computes the gradient of the input.
// WHOLE: rows divide into quads, and all loads and stores of x and y are of quads; else they are one by one.
//#import shared/index
//#import shared/conv3x3

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<STORED>;          // (N, outputs, H, W)
@group(0) @binding(1) var<storage, read_write> packing: array<vec4<f32>>; // (outputs / 8, inputs, 9, 2) × 4
@group(0) @binding(2) var<storage, read> x: array<READ>;                  // (N, inputs, H, W)
@group(0) @binding(2) var<storage, read> weight: array<f32>;              // (C_out, C_in, 3, 3)
@group(0) @binding(3) var<storage, read> taps: array<vec4<f32>>;          // (outputs / 8, inputs, 9, 2) × 4
@group(0) @binding(4) var<storage, read> bias: array<f32>;                // (outputs)
@group(0) @binding(5) var<storage, read> gate: array<GATE>;               // gated: the activation's output (N, outputs, H, W)

//#for whole in 0..WHOLE
alias OUTPUT = vec4<f32>;
alias STORED = vec4<stored_1>;
alias READ = vec4<stored_2>;
alias GATE = vec4<stored_5>;
//#end
//#for ragged in 0..1 - WHOLE
alias OUTPUT = f32;
alias STORED = stored_1;
alias READ = stored_2;
alias GATE = stored_5;
//#end

const ROWS = 18u;  // of a workgroup's input
const QUADS = 10u; // in such a row

var<workgroup> pixels: array<vec4<f32>, $(CHUNK * 18 * 10)>;
var<workgroup> kernel: array<vec4<f32>, $(CHUNK * 18)>;

@compute @workgroup_size(64)
fn conv3x3_tiled_pack(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= (params.outputs + 7u) / 8u * params.inputs * 18u { return; }
    let first = i / 18u / params.inputs * 8u + i % 2u * 4u;
    let t = i / 2u % 9u;
    let place = i / 18u % params.inputs * params.input_stride + select(t, 8u - t, params.turned != 0u);
    // Channels past the last repeat that one, and are not stored.
    let channels = vec4(first, first + 1u, first + 2u, first + 3u);
    let at = min(channels, vec4(params.outputs - 1u)) * params.output_stride + place;
    packing[i] = vec4(weight[at.x], weight[at.y], weight[at.z], weight[at.w]);
}

// Four pixels of a row from `column` on; zero outside the image.
fn quad_at(plane: u32, row: i32, column: i32) -> vec4<f32> {
    if row < 0 || row >= i32(params.height) || column < 0 || column >= i32(params.width) { return vec4(0.0); }
    let i = (plane * params.height + u32(row)) * params.width + u32(column);
    //#for whole in 0..WHOLE
    return vec4<f32>(x[i / 4u]);
    //#end
    //#for ragged in 0..1 - WHOLE
    let left = params.width - u32(column);
    return select(vec4(0.0), vec4(f32(x[i]), f32(x[min(i + 1u, i + left - 1u)]), f32(x[min(i + 2u, i + left - 1u)]),
                  f32(x[min(i + 3u, i + left - 1u)])), vec4(0u, 1u, 2u, 3u) < vec4(left));
    //#end
}

@compute @workgroup_size(64)
fn conv3x3_tiled(@builtin(workgroup_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
                 @builtin(local_invocation_index) local: u32) {
    let group = group_index(id, groups);
    let columns = (params.width + 31u) / 32u;
    let rows = (params.height + 15u) / 16u;
    let blocks = (params.outputs + 7u) / 8u;
    if group >= columns * rows * blocks * params.images { return; }
    let block = group / columns / rows % blocks;
    let image = group / columns / rows / blocks;
    let corner = vec2<i32>(i32(group % columns * 32u), i32(group / columns % rows * 16u));
    let quad = local % 8u;
    let row = local / 8u * 2u;
    //#for o in 0..8
    var above_$(o) = vec4(0.0);
    var below_$(o) = vec4(0.0);
    //#end
    for (var first = 0u; first < params.inputs; first += $(CHUNK)u) {
        for (var q = local; q < $(CHUNK)u * ROWS * QUADS; q += 64u) {
            let input = first + q / QUADS / ROWS;
            let at = corner + vec2(i32(q % QUADS) * 4 - 4, i32(q / QUADS % ROWS) - 1);
            var values = vec4(0.0);
            if input < params.inputs { values = quad_at(image * params.inputs + input, at.y, at.x); }
            pixels[q] = values;
        }
        let start = (block * params.inputs + first) * 18u;
        let there = min($(CHUNK)u, params.inputs - first) * 18u;
        for (var q = local; q < $(CHUNK)u * 18u; q += 64u) {
            var values = vec4(0.0);
            if q < there { values = taps[start + q]; }
            kernel[q] = values;
        }
        workgroupBarrier();
        for (var n = 0u; n < $(CHUNK)u; n++) {
            //#for r in 0..4
            let at_$(r) = (n * ROWS + row + $(r)u) * QUADS + quad;
            let b_$(r) = pixels[at_$(r) + 1u];
            let a_$(r) = vec4(pixels[at_$(r)].w, b_$(r).xyz);
            let c_$(r) = vec4(b_$(r).yzw, pixels[at_$(r) + 2u].x);
            //#end
            //#for t in 0..9
            let k_0_$(t) = kernel[n * 18u + $(2 * t)u];
            let k_1_$(t) = kernel[n * 18u + $(2 * t + 1)u];
            //#end
            //#for o in 0..8
            above_$(o) += a_0 * k_$(o / 4)_0[$(o % 4)] + b_0 * k_$(o / 4)_1[$(o % 4)] + c_0 * k_$(o / 4)_2[$(o % 4)]
                + a_1 * k_$(o / 4)_3[$(o % 4)] + b_1 * k_$(o / 4)_4[$(o % 4)] + c_1 * k_$(o / 4)_5[$(o % 4)]
                + a_2 * k_$(o / 4)_6[$(o % 4)] + b_2 * k_$(o / 4)_7[$(o % 4)] + c_2 * k_$(o / 4)_8[$(o % 4)];
            below_$(o) += a_1 * k_$(o / 4)_0[$(o % 4)] + b_1 * k_$(o / 4)_1[$(o % 4)] + c_1 * k_$(o / 4)_2[$(o % 4)]
                + a_2 * k_$(o / 4)_3[$(o % 4)] + b_2 * k_$(o / 4)_4[$(o % 4)] + c_2 * k_$(o / 4)_5[$(o % 4)]
                + a_3 * k_$(o / 4)_6[$(o % 4)] + b_3 * k_$(o / 4)_7[$(o % 4)] + c_3 * k_$(o / 4)_8[$(o % 4)];
            //#end
        }
        workgroupBarrier();
    }
    //#for o in 0..8
    store(image, block * 8u + $(o)u, u32(corner.y) + row, u32(corner.x) + quad * 4u, above_$(o));
    store(image, block * 8u + $(o)u, u32(corner.y) + row + 1u, u32(corner.x) + quad * 4u, below_$(o));
    //#end
}

fn store(image: u32, channel: u32, row: u32, column: u32, sums: vec4<f32>) {
    if channel >= params.outputs || row >= params.height || column >= params.width { return; }
    let i = ((image * params.outputs + channel) * params.height + row) * params.width + column;
    let values = sums + select(0.0, bias[channel], params.has_bias != 0u);
    //#for whole in 0..WHOLE
    add(i / 4u, values);
    //#end
    //#for ragged in 0..1 - WHOLE
    add(i, values.x);
    if column + 1u < params.width { add(i + 1u, values.y); }
    if column + 2u < params.width { add(i + 2u, values.z); }
    if column + 3u < params.width { add(i + 3u, values.w); }
    //#end
}

fn add(i: u32, value: OUTPUT) { put(i, before(i) + value); }
