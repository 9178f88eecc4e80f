// All that a loss adds up over the pixels, with nothing stored for each of them: the pixel term and its weight, and
// Σqt, Σq, Σt, Σq² of each class on its contour and off it. One invocation walks a strip (every `strips`-th pixel) of
// one image, a workgroup 64 strips side by side; of a pixel it loads the logits and one word. `sum` adds the strips up. A
// pixel of no class does not count.
//
// Unrolled for K classes. FOCUS: smoothed and focused cross-entropy; SIGMOID: a sigmoid for each class; FIELD: a field
// times p, or if SQUARED times (p − g)²; none: plain cross-entropy. COSTS: predictions have costs. SPLIT: the
// contour splits the pairs. GIVEN: the weight is loaded instead of being worked out from the contour.
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
    by_weight: u32, // 1: a pixel counts by its weight w a_y, else as 1
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> partials: array<vec4<f32>>;       // (strips, N, K, 2): contour, rest
@group(0) @binding(2) var<storage, read_write> pixel_partials: array<vec2<f32>>; // (strips, N): Σ value, what they count
@group(0) @binding(3) var<storage, read> logits: array<f32>;                     // (N, K, H, W)
@group(0) @binding(4) var<storage, read> marks: array<u32>;                      // (N, H, W): contour, label from bit 27
@group(0) @binding(5) var<storage, read> weight: array<f32>;                     // (N, H, W), for GIVEN
@group(0) @binding(6) var<storage, read> tables: array<f32>;                     // (K) class weights, (K, K) costs
@group(0) @binding(7) var<storage, read> field: array<f32>;                      // (N, K, H, W), for FIELD

@compute @workgroup_size(64)
fn fused_sums(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.samples * params.strips { return; }
    let strip = i % params.strips;
    let image = i / params.strips;
    //#for k in 0..K
    let a$k = tables[$(k)u];
    var on$k = vec4(0.0);
    var off$k = vec4(0.0);
    //#end
    var values = 0.0;
    var counted = 0.0;
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

        let most0 = z0;
        //#for k in 1..K
        let most$k = max(most$(k - 1), z$k);
        //#end
        let parts0 = 0.0;
        let shifted0 = 0.0;
        let hit0 = 0.0;
        let others0 = 0.0;
        let weight0 = 0.0;
        //#for k in 0..K
        let is$k = label == $(k)u;
        let s$k = z$k - most$(K - 1);
        let e$k = exp(s$k);
        let parts$(k + 1) = parts$k + e$k;
        let shifted$(k + 1) = shifted$k + s$k;
        let hit$(k + 1) = hit$k + select(0.0, s$k, is$k);
        let others$(k + 1) = others$k + select(e$k, 0.0, is$k);
        let weight$(k + 1) = weight$k + select(0.0, a$k, is$k);
        //#end
        let whole = parts$(K);
        let class_weight = weight$(K);

        //#if 1 - SIGMOID - FIELD
        let cross_entropy = log(whole) - hit$(K);
        //#if 1 - FOCUS
        let value = class_weight * cross_entropy;
        //#end
        //#if FOCUS
        let all = log(whole) - shifted$(K) / $(K).0;
        let focused = focus(others$(K) / whole, params.gamma) * cross_entropy;
        let value = class_weight * ((1.0 - params.smoothing) * focused + params.smoothing * all);
        //#end
        //#end
        //#if SIGMOID + FIELD
        let value0 = 0.0;
        //#for k in 0..K
        //#if SIGMOID
        let value$(k + 1) = value$k + a$k * sigmoid_term(select(-z$k, z$k, is$k), params.gamma);
        //#end
        //#if FIELD
        let miss$k = e$k / whole - select(0.0, 1.0, is$k);
        //#if SQUARED
        let value$(k + 1) = value$k + a$k * f$k * miss$k * miss$k;
        //#end
        //#if 1 - SQUARED
        let value$(k + 1) = value$k + a$k * f$k * e$k / whole;
        //#end
        //#end
        //#end
        let value = value$(K);
        //#end
        values += select(0.0, w * value, counts);
        counted += select(0.0, select(1.0, w * class_weight, params.by_weight != 0u), counts);

        let per = select(0.0, 1.0 / whole, counts);
        //#for k in 0..K
        //#if COSTS
        let q$k = tables[$(K + k)u + label * $(K)u] * e$k * per;
        let t$k = select(0.0, 1.0, label > 0u && counts);
        //#end
        //#if 1 - COSTS
        let q$k = e$k * per;
        let t$k = select(0.0, 1.0, is$k);
        //#end
        let sums$k = vec4(q$k * t$k, q$k, t$k, q$k * q$k);
        //#if SPLIT
        let share$k = f32((mark >> $(k)u) & 1u);
        on$k += share$k * sums$k;
        off$k += (1.0 - share$k) * sums$k;
        //#end
        //#if 1 - SPLIT
        off$k += sums$k;
        //#end
        //#end
    }
    let to = strip * params.samples + image;
    pixel_partials[to] = vec2(values, counted);
    //#for k in 0..K
    partials[(to * $(K)u + $(k)u) * 2u] = on$k;
    partials[(to * $(K)u + $(k)u) * 2u + 1u] = off$k;
    //#end
}
