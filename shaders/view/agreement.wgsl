// Where prediction and reference agree and where not, in colours and patterns over what is there. One invocation
// paints one canvas pixel.
//#import shared/index
//#import shared/canvas

struct Params {
    canvas_width: u32,
    canvas_height: u32,
    columns: u32,
    rows: u32,
    origin_x: f32,
    origin_y: f32,
    step_x: f32,
    step_y: f32,
    visible: u32,  // bit k: class k is compared
    opacity: f32,
    stripe: u32,   // in canvas pixels
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> pixels: array<u32>; // (canvas height, canvas width), packed rgba8
@group(0) @binding(2) var<storage, read> reference_: array<u32>;   // (rows, columns), bit k: class k is here
@group(0) @binding(3) var<storage, read> predicted: array<u32>;    // (rows, columns), as the reference; 0: unknown
@group(0) @binding(4) var<storage, read> colors: array<u32>;       // (4) by verdict, packed rgba8

const TRUE_POSITIVE = 0u;
const FALSE_POSITIVE = 1u;
const FALSE_NEGATIVE = 2u;
const OTHER_CLASS = 3u;
// Opacity between the stripes, as a share of that on them.
const FAINT = 0.3;

// Solid, stripes up, stripes down, a chequerboard: they differ without their colours.
fn is_inked(verdict: u32, x: u32, y: u32) -> bool {
    let period = 2u * params.stripe;
    switch verdict {
        case FALSE_POSITIVE: { return (x + y) % period < params.stripe; }
        case FALSE_NEGATIVE: { return (x + params.canvas_height - y) % period < params.stripe; }
        case OTHER_CLASS: { return (x / params.stripe + y / params.stripe) % 2u == 0u; }
        default: { return true; }
    }
}

@compute @workgroup_size(64)
fn agreement_paint(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.canvas_width * params.canvas_height { return; }
    let x = i % params.canvas_width;
    let y = i / params.canvas_width;
    let voxel = voxel_under(i32(x), i32(y));
    if voxel == OUTSIDE { return; }
    let wanted = reference_[voxel] & params.visible;
    let said = predicted[voxel] & params.visible;
    if predicted[voxel] == 0u || (wanted | said) == 0u { return; }
    var verdict = OTHER_CLASS;
    if wanted == said { verdict = TRUE_POSITIVE; }
    else if wanted == 0u { verdict = FALSE_POSITIVE; }
    else if said == 0u { verdict = FALSE_NEGATIVE; }
    let part = select(FAINT, 1.0, is_inked(verdict, x, y));
    pixels[i] = blend(pixels[i], colors[verdict], params.opacity * part);
}
