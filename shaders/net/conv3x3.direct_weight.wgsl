// Gradient of a 3×3 convolution's weights and bias, without barriers: one invocation sums OUTPUTS output and INPUTS
// input channels over COLUMNS columns and a band of rows of one image. It walks down the band with three rows of x
// in registers, so that every element of x and dy is loaded once, and adds whole rows in one expression (see
// conv3x3.direct). The strips, one for each band and group of columns, are added up by net/partial_sum.
//#import shared/index

struct Params {
    images: u32,   // N
    inputs: u32,   // C_in
    outputs: u32,  // C_out
    height: u32,
    width: u32,
    rows: u32,     // in a band
    bands: u32,    // in an image
    length: u32,   // of a strip, in elements
    bias_at: u32,  // where the bias stands in a strip; 0: there is none
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> partial: array<f32>; // (strips, length): (C_out, C_in, 3, 3), then (C_out)
@group(0) @binding(2) var<storage, read> x: array<stored_2>;        // (N, C_in, H, W)
@group(0) @binding(3) var<storage, read> dy: array<f32>;            // (N, C_out, H, W)

@compute @workgroup_size(64)
fn conv3x3_direct_weight(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let input_blocks = (params.inputs + $(INPUTS - 1)u) / $(INPUTS)u;
    let output_blocks = (params.outputs + $(OUTPUTS - 1)u) / $(OUTPUTS)u;
    let columns = (params.width + $(COLUMNS - 1)u) / $(COLUMNS)u;
    let strip = i / input_blocks / output_blocks;
    if strip >= columns * params.bands * params.images { return; }
    let input = i % input_blocks * $(INPUTS)u;
    let output = i / input_blocks % output_blocks * $(OUTPUTS)u;
    let column = strip % columns * $(COLUMNS)u;
    let start = strip / columns % params.bands * params.rows;
    let end = min(start + params.rows, params.height);
    let image = strip / columns / params.bands;
    let size = params.height * params.width;
    // The columns of the strip and one on either side: where to read, and whether there is one.
    //#for c in 0..COLUMNS + 2
    let column_$(c) = min(max(column + $(c)u, 1u) - 1u, params.width - 1u);
    let inside_$(c) = column + $(c)u > 0u && column + $(c)u <= params.width;
    //#end
    //#for o in 0..OUTPUTS
    let slopes_$(o) = (image * params.outputs + min(output + $(o)u, params.outputs - 1u)) * size;
    var bias_$(o) = 0.0;
    //#end
    //#for n in 0..INPUTS
    let plane_$(n) = (image * params.inputs + min(input + $(n)u, params.inputs - 1u)) * size;
    //#for o in 0..OUTPUTS
    //#for t in 0..9
    var sum_$(o)_$(n)_$(t) = 0.0;
    //#end
    //#end
    let before_$(n) = plane_$(n) + (max(start, 1u) - 1u) * params.width;
    let first_$(n) = plane_$(n) + start * params.width;
    //#for c in 0..COLUMNS + 2
    var above_$(n)_$(c) = select(0.0, f32(x[before_$(n) + column_$(c)]), start > 0u && inside_$(c));
    var here_$(n)_$(c) = select(0.0, f32(x[first_$(n) + column_$(c)]), inside_$(c));
    //#end
    //#end
    for (var row = start; row < end; row++) {
        let line = row * params.width;
        let next = min(row + 1u, params.height - 1u) * params.width;
        let is_next = row + 1u < params.height;
        //#for o in 0..OUTPUTS
        //#for c in 0..COLUMNS
        let d_$(o)_$(c) = select(0.0, dy[slopes_$(o) + line + column_$(c + 1)], inside_$(c + 1));
        //#end
        bias_$(o) += d_$(o)_0 + d_$(o)_1 + d_$(o)_2 + d_$(o)_3 + d_$(o)_4 + d_$(o)_5 + d_$(o)_6 + d_$(o)_7;
        //#end
        //#for n in 0..INPUTS
        //#for c in 0..COLUMNS + 2
        let below_$(n)_$(c) = select(0.0, f32(x[plane_$(n) + next + column_$(c)]), is_next && inside_$(c));
        //#end
        //#for o in 0..OUTPUTS
        //#for t in 0..3
        sum_$(o)_$(n)_$(t) += d_$(o)_0 * above_$(n)_$(t) + d_$(o)_1 * above_$(n)_$(t + 1)
            + d_$(o)_2 * above_$(n)_$(t + 2) + d_$(o)_3 * above_$(n)_$(t + 3) + d_$(o)_4 * above_$(n)_$(t + 4)
            + d_$(o)_5 * above_$(n)_$(t + 5) + d_$(o)_6 * above_$(n)_$(t + 6) + d_$(o)_7 * above_$(n)_$(t + 7);
        sum_$(o)_$(n)_$(t + 3) += d_$(o)_0 * here_$(n)_$(t) + d_$(o)_1 * here_$(n)_$(t + 1)
            + d_$(o)_2 * here_$(n)_$(t + 2) + d_$(o)_3 * here_$(n)_$(t + 3) + d_$(o)_4 * here_$(n)_$(t + 4)
            + d_$(o)_5 * here_$(n)_$(t + 5) + d_$(o)_6 * here_$(n)_$(t + 6) + d_$(o)_7 * here_$(n)_$(t + 7);
        sum_$(o)_$(n)_$(t + 6) += d_$(o)_0 * below_$(n)_$(t) + d_$(o)_1 * below_$(n)_$(t + 1)
            + d_$(o)_2 * below_$(n)_$(t + 2) + d_$(o)_3 * below_$(n)_$(t + 3) + d_$(o)_4 * below_$(n)_$(t + 4)
            + d_$(o)_5 * below_$(n)_$(t + 5) + d_$(o)_6 * below_$(n)_$(t + 6) + d_$(o)_7 * below_$(n)_$(t + 7);
        //#end
        //#end
        //#for c in 0..COLUMNS + 2
        above_$(n)_$(c) = here_$(n)_$(c);
        here_$(n)_$(c) = below_$(n)_$(c);
        //#end
        //#end
    }
    let to = strip * params.length;
    //#for o in 0..OUTPUTS
    if output + $(o)u < params.outputs {
        //#for n in 0..INPUTS
        if input + $(n)u < params.inputs {
            let at = to + ((output + $(o)u) * params.inputs + input + $(n)u) * 9u;
            //#for t in 0..9
            partial[at + $(t)u] = sum_$(o)_$(n)_$(t);
            //#end
        }
        //#end
        if input == 0u && params.bias_at > 0u { partial[to + params.bias_at + output + $(o)u] = bias_$(o); }
    }
    //#end
}
