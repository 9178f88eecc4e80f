// Class borders as lines of constant width on the canvas. One invocation paints one canvas pixel: it is on the
// line if it lies in a drawn class and the class changes within `width` pixels.
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
    visible: u32, // bit k: class k is drawn
    opacity: f32,
    width: u32,   // in canvas pixels
    dash: u32,    // 0: solid; else the length in canvas pixels of dashes, with black between them
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> pixels: array<u32>; // (canvas height, canvas width), packed rgba8
@group(0) @binding(2) var<storage, read> classes: array<u32>;      // (rows, columns), bit k: class k is here
@group(0) @binding(3) var<storage, read> colors: array<u32>;       // (32), packed rgba8

// Leaves a colour its alpha alone.
const BLACK = 0xff000000u;

fn classes_under(x: i32, y: i32) -> u32 {
    let voxel = voxel_under(x, y);
    if voxel == OUTSIDE { return 0u; }
    return classes[voxel];
}

// Eight looks suffice, since a voxel is not narrower than the line where lines can be told apart.
fn is_border(x: i32, y: i32, here: u32) -> bool {
    let w = i32(params.width);
    for (var dy = -w; dy <= w; dy += w) {
        for (var dx = -w; dx <= w; dx += w) {
            if classes_under(x + dx, y + dy) != here { return true; }
        }
    }
    return false;
}

@compute @workgroup_size(64)
fn outline_paint(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.canvas_width * params.canvas_height { return; }
    let x = i32(i % params.canvas_width);
    let y = i32(i / params.canvas_width);
    let here = classes_under(x, y);
    let drawn = here & params.visible;
    if drawn == 0u || !is_border(x, y, here) { return; }
    var color = colors[firstLeadingBit(drawn)];
    if params.dash != 0u && ((u32(x) + u32(y)) / params.dash) % 2u == 1u { color &= BLACK; }
    pixels[i] = blend(pixels[i], color, params.opacity);
}
