// 3×3 convolution, stride 1, zero padding 1, by Winograd's F(2×2, 3×3) (Lavin and Gray 2016): a tile of 2×2 outputs
// takes 16 products where the definition takes 36. One invocation computes TILES tiles side by side, of four
// channels. The weights are transformed first, U = G g Gᵀ; turned by 180° and the other way round, the same kernel
// computes the gradient of the input. Stores have no branches, as in conv3x3.direct.
//#import shared/index
//#import shared/conv3x3

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<stored_1>;         // (N, outputs, H, W)
@group(0) @binding(1) var<storage, read_write> transform: array<vec4<f32>>; // (outputs / 4, inputs, 4, 4) × 4
@group(0) @binding(2) var<storage, read> x: array<stored_2>;               // (N, inputs, H, W)
@group(0) @binding(2) var<storage, read> weight: array<f32>;               // (C_out, C_in, 3, 3)
@group(0) @binding(3) var<storage, read> taps: array<vec4<f32>>;           // (outputs / 4, inputs, 4, 4) × 4
@group(0) @binding(4) var<storage, read> bias: array<f32>;                 // (outputs)
@group(0) @binding(5) var<storage, read> gate: array<stored_5>;            // gated: the activation's output (N, outputs, H, W)

alias OUTPUT = f32;
alias STORED = stored_1;

// The tap `t` of four output channels; those past the last repeat that one, and are not stored.
fn tap(first: u32, input: u32, t: u32) -> vec4<f32> {
    let place = input * params.input_stride + select(t, 8u - t, params.turned != 0u);
    let channels = vec4(first, first + 1u, first + 2u, first + 3u);
    let at = min(channels, vec4(params.outputs - 1u)) * params.output_stride + place;
    return vec4(weight[at.x], weight[at.y], weight[at.z], weight[at.w]);
}

@compute @workgroup_size(64)
fn conv3x3_winograd_transform(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= (params.outputs + 3u) / 4u * params.inputs { return; }
    let first = i / params.inputs * 4u;
    let input = i % params.inputs;
    // G g: four rows of three.
    //#for c in 0..3
    let g_0_$(c) = tap(first, input, $(c)u);
    let g_1_$(c) = tap(first, input, $(c + 3)u);
    let g_2_$(c) = tap(first, input, $(c + 6)u);
    let r_0_$(c) = g_0_$(c);
    let r_1_$(c) = 0.5 * (g_0_$(c) + g_1_$(c) + g_2_$(c));
    let r_2_$(c) = 0.5 * (g_0_$(c) - g_1_$(c) + g_2_$(c));
    let r_3_$(c) = g_2_$(c);
    //#end
    //#for r in 0..4
    transform[i * 16u + $(4 * r)u] = r_$(r)_0;
    transform[i * 16u + $(4 * r + 1)u] = 0.5 * (r_$(r)_0 + r_$(r)_1 + r_$(r)_2);
    transform[i * 16u + $(4 * r + 2)u] = 0.5 * (r_$(r)_0 - r_$(r)_1 + r_$(r)_2);
    transform[i * 16u + $(4 * r + 3)u] = r_$(r)_2;
    //#end
}

@compute @workgroup_size(64)
fn conv3x3_winograd(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let columns = (params.width + $(2 * TILES - 1)u) / $(2 * TILES)u;
    let rows = (params.height + 1u) / 2u;
    let blocks = (params.outputs + 3u) / 4u;
    if i >= columns * rows * blocks * params.images { return; }
    let column = i % columns * $(2 * TILES)u;
    let row = i / columns % rows * 2u;
    let block = i / columns / rows % blocks;
    let image = i / columns / rows / blocks;
    let size = params.height * params.width;
    //#for c in 0..2 * TILES + 2
    let column_$(c) = min(max(column + $(c)u, 1u) - 1u, params.width - 1u);
    let inside_$(c) = column + $(c)u > 0u && column + $(c)u <= params.width;
    //#end
    //#for s in 0..TILES
    //#for t in 0..16
    var m_$(s)_$(t) = vec4(0.0);
    //#end
    //#end
    for (var input = 0u; input < params.inputs; input++) {
        let plane = (image * params.inputs + input) * size;
        //#for r in 0..4
        let line_$(r) = plane + min(max(row + $(r)u, 1u) - 1u, params.height - 1u) * params.width;
        let there_$(r) = row + $(r)u > 0u && row + $(r)u <= params.height;
        //#for c in 0..2 * TILES + 2
        let d_$(r)_$(c) = select(0.0, f32(x[line_$(r) + column_$(c)]), there_$(r) && inside_$(c));
        //#end
        //#end
        // Bᵀ d of every column, then V = (Bᵀ d) B of every tile.
        //#for c in 0..2 * TILES + 2
        let b_0_$(c) = d_0_$(c) - d_2_$(c);
        let b_1_$(c) = d_1_$(c) + d_2_$(c);
        let b_2_$(c) = d_2_$(c) - d_1_$(c);
        let b_3_$(c) = d_1_$(c) - d_3_$(c);
        //#end
        let first = (block * params.inputs + input) * 16u;
        //#for r in 0..4
        let u_$(4 * r) = taps[first + $(4 * r)u];
        let u_$(4 * r + 1) = taps[first + $(4 * r + 1)u];
        let u_$(4 * r + 2) = taps[first + $(4 * r + 2)u];
        let u_$(4 * r + 3) = taps[first + $(4 * r + 3)u];
        //#for s in 0..TILES
        m_$(s)_$(4 * r) += u_$(4 * r) * (b_$(r)_$(2 * s) - b_$(r)_$(2 * s + 2));
        m_$(s)_$(4 * r + 1) += u_$(4 * r + 1) * (b_$(r)_$(2 * s + 1) + b_$(r)_$(2 * s + 2));
        m_$(s)_$(4 * r + 2) += u_$(4 * r + 2) * (b_$(r)_$(2 * s + 2) - b_$(r)_$(2 * s + 1));
        m_$(s)_$(4 * r + 3) += u_$(4 * r + 3) * (b_$(r)_$(2 * s + 1) - b_$(r)_$(2 * s + 3));
        //#end
        //#end
    }
    // Y = Aᵀ M A of every tile, then its stores, backwards.
    //#for n in 0..TILES
    //#for c in 0..4
    let a_0_$(TILES - 1 - n)_$(c) = m_$(TILES - 1 - n)_$(c) + m_$(TILES - 1 - n)_$(c + 4) + m_$(TILES - 1 - n)_$(c + 8);
    let a_1_$(TILES - 1 - n)_$(c) = m_$(TILES - 1 - n)_$(c + 4) - m_$(TILES - 1 - n)_$(c + 8) - m_$(TILES - 1 - n)_$(c + 12);
    //#end
    //#end
    //#for o in 0..4
    let output_$(o) = min(block * 4u + $(3 - o)u, params.outputs - 1u);
    let offset_$(o) = offset(output_$(o));
    //#for r in 0..2
    let start_$(o)_$(r) = (image * params.outputs + output_$(o)) * size + min(row + $(1 - r)u, params.height - 1u) * params.width;
    //#for s in 0..TILES
    let right_$(o)_$(r)_$(s) = offset_$(o) + a_$(1 - r)_$(TILES - 1 - s)_1[$(3 - o)] - a_$(1 - r)_$(TILES - 1 - s)_2[$(3 - o)]
        - a_$(1 - r)_$(TILES - 1 - s)_3[$(3 - o)] + before(start_$(o)_$(r) + column_$(2 * TILES - 2 * s));
    let left_$(o)_$(r)_$(s) = offset_$(o) + a_$(1 - r)_$(TILES - 1 - s)_0[$(3 - o)] + a_$(1 - r)_$(TILES - 1 - s)_1[$(3 - o)]
        + a_$(1 - r)_$(TILES - 1 - s)_2[$(3 - o)] + before(start_$(o)_$(r) + column_$(2 * TILES - 2 * s - 1));
    //#end
    //#end
    //#end
    //#for o in 0..4
    //#for r in 0..2
    //#for s in 0..TILES
    put(start_$(o)_$(r) + column_$(2 * TILES - 2 * s), right_$(o)_$(r)_$(s));
    put(start_$(o)_$(r) + column_$(2 * TILES - 2 * s - 1), left_$(o)_$(r)_$(s));
    //#end
    //#end
    //#end
}

fn offset(output: u32) -> f32 {
    return select(0.0, bias[output], params.has_bias != 0u);
}
