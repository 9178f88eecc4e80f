// Gradient of a 3×3 convolution's weights and bias, for adapters with fast workgroup memory. A workgroup sums 16
// output and 16 input channels over its share of blocks of 4 rows and 16 columns; an invocation, four output channels
// of one input channel: 13 loads from workgroup memory for 144 multiply-adds. The strips are added up by net/partial_sum.
// WHOLE: rows divide into quads, and all loads of x and dy are of quads; else they are one by one.
//#import shared/index

struct Params {
    images: u32,   // N
    inputs: u32,   // C_in
    outputs: u32,  // C_out
    height: u32,
    width: u32,
    strips: u32,   // shares
    length: u32,   // of a strip, in elements
    bias_at: u32,  // where the bias stands in a strip; 0: there is none
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> partial: array<f32>; // (strips, length): (C_out, C_in, 3, 3), then (C_out)
@group(0) @binding(2) var<storage, read> x: array<READ>;            // (N, C_in, H, W)
@group(0) @binding(3) var<storage, read> dy: array<QUAD>;           // (N, C_out, H, W)

//#for whole in 0..WHOLE
alias READ = vec4<stored_2>;
alias QUAD = vec4<f32>;
//#end
//#for ragged in 0..1 - WHOLE
alias READ = stored_2;
alias QUAD = f32;
//#end

const ROWS = 6u;  // of x in a block
const QUADS = 6u; // in such a row

var<workgroup> pixels: array<vec4<f32>, 576>; // 16 inputs of ROWS × QUADS
var<workgroup> slopes: array<vec4<f32>, 256>; // 16 outputs of 4 × 4

// What follows from `column` on in a row, at element `i`: how many of four pixels are in the image.
fn x_quad(i: u32, left: u32) -> vec4<f32> {
    //#for whole in 0..WHOLE
    return vec4<f32>(x[i / 4u]);
    //#end
    //#for ragged in 0..1 - WHOLE
    return select(vec4(0.0), vec4(f32(x[i]), f32(x[min(i + 1u, i + left - 1u)]), f32(x[min(i + 2u, i + left - 1u)]),
                  f32(x[min(i + 3u, i + left - 1u)])), vec4(0u, 1u, 2u, 3u) < vec4(left));
    //#end
}

fn dy_quad(i: u32, left: u32) -> vec4<f32> {
    //#for whole in 0..WHOLE
    return dy[i / 4u];
    //#end
    //#for ragged in 0..1 - WHOLE
    return vec4(dy[i], select(0.0, dy[min(i + 1u, i + left - 1u)], left > 1u),
                select(0.0, dy[min(i + 2u, i + left - 1u)], left > 2u), select(0.0, dy[min(i + 3u, i + left - 1u)], left > 3u));
    //#end
}

fn is_inside(at: vec2<i32>) -> bool {
    return at.x >= 0 && at.y >= 0 && at.x < i32(params.width) && at.y < i32(params.height);
}

@compute @workgroup_size(64)
fn conv3x3_tiled_weight(@builtin(workgroup_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
                        @builtin(local_invocation_index) local: u32) {
    let group = group_index(id, groups);
    let input_blocks = (params.inputs + 15u) / 16u;
    let output_blocks = (params.outputs + 15u) / 16u;
    let strip = group / input_blocks / output_blocks;
    if strip >= params.strips { return; }
    let input = group % input_blocks * 16u;
    let output = group / input_blocks % output_blocks * 16u;
    let columns = (params.width + 15u) / 16u;
    let rows = (params.height + 3u) / 4u;
    let mine = local % 16u;
    let quad = local / 16u * 4u;
    //#for o in 0..4
    var bias_$(o) = vec4(0.0);
    //#for t in 0..9
    var sum_$(o)_$(t) = 0.0;
    //#end
    //#end
    for (var block = strip; block < columns * rows * params.images; block += params.strips) {
        let corner = vec2<i32>(i32(block % columns * 16u), i32(block / columns % rows * 4u));
        let image = block / columns / rows;
        for (var q = local; q < 576u; q += 64u) {
            let channel = input + q / QUADS / ROWS;
            let at = corner + vec2(i32(q % QUADS) * 4 - 4, i32(q / QUADS % ROWS) - 1);
            var values = vec4(0.0);
            // Channels past the last are read from elsewhere, and not stored.
            if is_inside(at) {
                let i = ((image * params.inputs + channel) * params.height + u32(at.y)) * params.width + u32(at.x);
                values = x_quad(i, params.width - u32(at.x));
            }
            pixels[q] = values;
        }
        for (var q = local; q < 256u; q += 64u) {
            let channel = output + q / 16u;
            let at = corner + vec2(i32(q % 4u) * 4, i32(q / 4u % 4u));
            var values = vec4(0.0);
            if is_inside(at) {
                let i = ((image * params.outputs + channel) * params.height + u32(at.y)) * params.width + u32(at.x);
                values = dy_quad(i, params.width - u32(at.x));
            }
            slopes[q] = values;
        }
        workgroupBarrier();
        for (var q = 0u; q < 16u; q++) {
            let here = (mine * ROWS + q / 4u) * QUADS + q % 4u;
            //#for r in 0..3
            let b_$(r) = pixels[here + $(6 * r + 1)u];
            let a_$(r) = vec4(pixels[here + $(6 * r)u].w, b_$(r).xyz);
            let c_$(r) = vec4(b_$(r).yzw, pixels[here + $(6 * r + 2)u].x);
            //#end
            //#for o in 0..4
            let d_$(o) = slopes[(quad + $(o)u) * 16u + q];
            bias_$(o) += d_$(o);
            //#for r in 0..3
            sum_$(o)_$(3 * r) += dot(d_$(o), a_$(r));
            sum_$(o)_$(3 * r + 1) += dot(d_$(o), b_$(r));
            sum_$(o)_$(3 * r + 2) += dot(d_$(o), c_$(r));
            //#end
            //#end
        }
        workgroupBarrier();
    }
    let to = strip * params.length;
    //#for o in 0..4
    if output + quad + $(o)u < params.outputs {
        if input + mine < params.inputs {
            let at = to + ((output + quad + $(o)u) * params.inputs + input + mine) * 9u;
            //#for t in 0..9
            partial[at + $(t)u] = sum_$(o)_$(t);
            //#end
        }
        if input + mine == 0u && params.bias_at > 0u {
            partial[to + params.bias_at + output + quad + $(o)u] = dot(bias_$(o), vec4(1.0));
        }
    }
    //#end
}
