// Gradient of a loss with the softmax made anew, so that of a pixel only the logits and one word are loaded, and only
// the gradient stored. One invocation walks a strip (every `strips`-th pixel) of one image and loads the coefficients
// of the image once, a workgroup 64 strips side by side. A pixel of no class has none. Unrolled as `fused_sums`.
//#import shared/index
//#import shared/focal
//#import shared/numbers

struct Params {
    samples: u32, // N
    pixels: u32,  // H·W
    strips: u32,
    counted: u32, // class set whose contour raises the weight
    base: f32,
    lambda: f32,
    smoothing: f32, // ε
    gamma: f32,     // γ
    by_weight: u32, // for `fused_sums`
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> dlogits: array<f32>;      // (N, K, H, W)
@group(0) @binding(2) var<storage, read> logits: array<f32>;             // (N, K, H, W)
@group(0) @binding(3) var<storage, read> marks: array<u32>;              // (N, H, W): contour, label from bit 27
@group(0) @binding(4) var<storage, read> weight: array<f32>;             // (N, H, W), for GIVEN
@group(0) @binding(5) var<storage, read> tables: array<f32>;             // (K) class weights, (K, K) costs
@group(0) @binding(6) var<storage, read> coefficients: array<vec4<f32>>; // (N, K, 2, 2): a, b, c, s₀; s. Then scales
@group(0) @binding(7) var<storage, read> field: array<f32>;              // (N, K, H, W), for FIELD

@compute @workgroup_size(64)
fn fused_gradient(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.samples * params.strips { return; }
    let strip = i % params.strips;
    let image = i / params.strips;
    let scale = coefficients[4u * params.samples * $(K)u].x;
    //#for k in 0..K
    let a$k = tables[$(k)u];
    //#if SPLIT
    let on$k = coefficients[4u * (image * $(K)u + $(k)u)];
    //#end
    let off$k = coefficients[4u * (image * $(K)u + $(k)u) + 2u];
    //#end
    for (var x = strip; x < params.pixels; x += params.strips) {
        let at = image * $(K)u * params.pixels + x;
        let mark = marks[image * params.pixels + x];
        //#for k in 0..K
        let z$k = logits[at + $(k)u * params.pixels];
        //#if FIELD
        let f$k = field[at + $(k)u * params.pixels];
        //#end
        //#end
        let label = mark >> LABEL_BIT;
        let counts = label < $(K)u;
        //#if GIVEN
        let w = weight[image * params.pixels + x];
        //#end
        //#if 1 - GIVEN
        let w = select(params.base, params.base + params.lambda, (mark & params.counted) != 0u);
        //#end
        let scaled = select(0.0, scale * w, counts);

        let most0 = z0;
        //#for k in 1..K
        let most$k = max(most$(k - 1), z$k);
        //#end
        let parts0 = 0.0;
        let others0 = 0.0;
        let weight0 = 0.0;
        //#for k in 0..K
        let is$k = label == $(k)u;
        let e$k = exp(z$k - most$(K - 1));
        let parts$(k + 1) = parts$k + e$k;
        let others$(k + 1) = others$k + select(e$k, 0.0, is$k);
        let weight$(k + 1) = weight$k + select(0.0, a$k, is$k);
        //#end
        let per = select(0.0, 1.0 / parts$(K), counts);
        let miss = others$(K) * per;
        let class_weight = weight$(K);

        // ∂L/∂p but for the cross-entropy, and its mean under p.
        let mean0 = 0.0;
        //#for k in 0..K
        let p$k = e$k * per;
        //#if COSTS
        let cost$k = tables[$(K + k)u + label * $(K)u];
        let t$k = select(0.0, 1.0, label > 0u);
        //#end
        //#if 1 - COSTS
        let cost$k = 1.0;
        let t$k = select(0.0, 1.0, is$k);
        //#end
        //#if SPLIT
        let abc$k = select(off$k, on$k, ((mark >> $(k)u) & 1u) != 0u);
        //#end
        //#if 1 - SPLIT
        let abc$k = off$k;
        //#end
        let region$k = cost$k * (abc$k.x + abc$k.y * t$k + abc$k.z * cost$k * p$k);
        //#if 1 - FIELD
        let slope$k = region$k;
        //#end
        //#if FIELD - SQUARED
        let slope$k = region$k + scaled * a$k * f$k;
        //#end
        //#if SQUARED
        let slope$k = region$k + scaled * a$k * f$k * 2.0 * (p$k - select(0.0, 1.0, is$k));
        //#end
        let mean$(k + 1) = mean$k + p$k * slope$k;
        //#end

        //#if FOCUS
        let p_label0 = 0.0;
        //#for k in 0..K
        let p_label$(k + 1) = p_label$k + select(0.0, p$k, is$k);
        //#end
        let focal = (1.0 - params.smoothing) * focal_slope(p_label$(K), miss, params.gamma);
        //#end
        //#for k in 0..K
        //#if FIELD
        let own$k = 0.0;
        //#end
        //#if SIGMOID
        let sign$k = select(-1.0, 1.0, is$k);
        let own$k = a$k * sign$k * sigmoid_slope(sign$k * z$k, params.gamma);
        //#end
        //#if FOCUS
        let towards$k = select(-p$k, miss, is$k);
        let own$k = class_weight * (focal * towards$k + params.smoothing * (p$k - 1.0 / $(K).0));
        //#end
        //#if 1 - FOCUS - SIGMOID - FIELD
        let own$k = class_weight * select(p$k, -miss, is$k);
        //#end
        dlogits[at + $(k)u * params.pixels] = scaled * own$k + p$k * (slope$k - mean$(K));
        //#end
    }
}
