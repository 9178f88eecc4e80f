// Classes as colours over what is there: label fill or contour map. One invocation paints one canvas pixel.
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
    visible: u32,  // bit k: class k is drawn
    opacity: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> pixels: array<u32>; // (canvas height, canvas width), packed rgba8
@group(0) @binding(2) var<storage, read> classes: array<u32>;      // (rows, columns), bit k: class k is here
@group(0) @binding(3) var<storage, read> colors: array<u32>;       // (32), packed rgba8

// Width in canvas pixels of the stripes that two classes share a voxel with.
const STRIPE = 4;

@compute @workgroup_size(64)
fn overlay_paint(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.canvas_width * params.canvas_height { return; }
    let x = i32(i % params.canvas_width);
    let y = i32(i / params.canvas_width);
    let voxel = voxel_under(x, y);
    if voxel == OUTSIDE { return; }
    let here = classes[voxel] & params.visible;
    if here == 0u { return; }
    let even = ((x + y) / STRIPE) % 2 == 0;
    let class_ = select(firstTrailingBit(here), firstLeadingBit(here), even);
    pixels[i] = blend(pixels[i], colors[class_], params.opacity);
}
