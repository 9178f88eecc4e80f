// 3×3 convolution, stride 1, zero padding 1, without barriers: one invocation computes a tile of CHANNELS × ROWS × 4
// outputs. A software adapter pays for each load what some 35 multiply-adds cost, and for each assignment: hence wide
// tiles, and nine products in one expression. Weights are read where they lie, through strides, so that the same kernel
// computes the gradient of the input. Stores have no branches: what lies beyond an edge is stored on the edge first, and
// then overwritten by what belongs there. They stand in a loop, because unrolled they take as long to compile as the rest.
//#import shared/index
//#import shared/conv3x3

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<stored_1>; // (N, outputs, H, W)
@group(0) @binding(2) var<storage, read> x: array<stored_2>;       // (N, inputs, H, W)
@group(0) @binding(3) var<storage, read> weight: array<f32>;       // (C_out, C_in, 3, 3)
@group(0) @binding(4) var<storage, read> bias: array<f32>;         // (outputs)
@group(0) @binding(5) var<storage, read> gate: array<stored_5>;    // gated: the activation's output (N, outputs, H, W)

alias OUTPUT = f32;
alias STORED = stored_1;

@compute @workgroup_size(64)
fn conv3x3_direct(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let columns = (params.width + 3u) / 4u;
    let rows = (params.height + $(ROWS - 1)u) / $(ROWS)u;
    let blocks = (params.outputs + $(CHANNELS - 1)u) / $(CHANNELS)u;
    if i >= columns * rows * blocks * params.images { return; }
    let column = i % columns * 4u;
    let row = i / columns % rows * $(ROWS)u;
    let channel = i / columns / rows % blocks * $(CHANNELS)u;
    let image = i / columns / rows / blocks;
    let size = params.height * params.width;
    // The columns of the tile and one on either side: where to read, and whether there is one.
    //#for c in 0..6
    let column_$(c) = min(max(column + $(c)u, 1u) - 1u, params.width - 1u);
    let inside_$(c) = column + $(c)u > 0u && column + $(c)u <= params.width;
    //#end
    //#for t in 0..9
    let tap_$(t) = select($(t)u, $(8 - t)u, params.turned != 0u);
    //#end
    //#for o in 0..CHANNELS
    let output_$(o) = min(channel + $(o)u, params.outputs - 1u);
    //#for r in 0..ROWS
    //#for c in 0..4
    var sum_$(o)_$(r)_$(c) = 0.0;
    //#end
    //#end
    //#end
    for (var input = 0u; input < params.inputs; input++) {
        let plane = (image * params.inputs + input) * size;
        //#for r in 0..ROWS + 2
        let line_$(r) = plane + min(max(row + $(r)u, 1u) - 1u, params.height - 1u) * params.width;
        let there_$(r) = row + $(r)u > 0u && row + $(r)u <= params.height;
        //#for c in 0..6
        let x_$(r)_$(c) = select(0.0, f32(x[line_$(r) + column_$(c)]), there_$(r) && inside_$(c));
        //#end
        //#end
        //#for o in 0..CHANNELS
        let first_$(o) = output_$(o) * params.output_stride + input * params.input_stride;
        //#for t in 0..9
        let k_$(o)_$(t) = weight[first_$(o) + tap_$(t)];
        //#end
        //#for r in 0..ROWS
        //#for c in 0..4
        sum_$(o)_$(r)_$(c) += k_$(o)_0 * x_$(r)_$(c) + k_$(o)_1 * x_$(r)_$(c + 1) + k_$(o)_2 * x_$(r)_$(c + 2)
            + k_$(o)_3 * x_$(r + 1)_$(c) + k_$(o)_4 * x_$(r + 1)_$(c + 1) + k_$(o)_5 * x_$(r + 1)_$(c + 2)
            + k_$(o)_6 * x_$(r + 2)_$(c) + k_$(o)_7 * x_$(r + 2)_$(c + 1) + k_$(o)_8 * x_$(r + 2)_$(c + 2);
        //#end
        //#end
        //#end
    }
    var sums: array<vec4<f32>, $(CHANNELS * ROWS)>; // a row of each channel
    //#for o in 0..CHANNELS
    //#for r in 0..ROWS
    sums[$(o * ROWS + r)] = vec4(sum_$(o)_$(r)_0, sum_$(o)_$(r)_1, sum_$(o)_$(r)_2, sum_$(o)_$(r)_3);
    //#end
    //#end
    for (var n = 0u; n < params.added * $(CHANNELS * ROWS)u; n++) {
        let i = start_of(image, channel + n / $(ROWS)u, row + n % $(ROWS)u);
        sums[n] += vec4(before(i + column_1), before(i + column_2), before(i + column_3), before(i + column_4));
    }
    // Backwards, so that the last store to a place is the one that belongs there.
    for (var left = $(CHANNELS * ROWS)u; left > 0u; left--) {
        let n = left - 1u;
        let i = start_of(image, channel + n / $(ROWS)u, row + n % $(ROWS)u);
        let total = sums[n] + offset(min(channel + n / $(ROWS)u, params.outputs - 1u));
        put(i + column_4, total.w);
        put(i + column_3, total.z);
        put(i + column_2, total.y);
        put(i + column_1, total.x);
    }
}

// Where a row of y begins; of channels and rows past the last, that one.
fn start_of(image: u32, output: u32, row: u32) -> u32 {
    let plane = image * params.outputs + min(output, params.outputs - 1u);
    return (plane * params.height + min(row, params.height - 1u)) * params.width;
}

fn offset(output: u32) -> f32 {
    return select(0.0, bias[output], params.has_bias != 0u);
}
