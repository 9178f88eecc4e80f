// Pixel weight of the gaps between objects, 1 + w0 exp(−(d1 + d2)² / 2σ²) (Ronneberger et al. 2015, equation 2):
// d1 and d2 are the distances to the nearest and the second nearest object of the slice. `between_objects_first`
// finds the two nearest distinct objects in the column of a pixel, `between_objects_weigh` those of all columns.
// One invocation computes one pixel by looking outwards along its line, a workgroup 64 in a row.
//#import shared/index

const NO_ROW = 0xffffu;
const FAR = 0xffffffffu;

struct Params {
    count: u32, // D·H·W
    width: u32,
    height: u32,
    w0: f32,
    sigma: f32, // in pixels
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> rows_out: array<u32>; // (D, H, W): row of the nearest object in the column, 2¹⁶ × that of the next
@group(0) @binding(1) var<storage, read_write> weight: array<f32>;   // (D, H, W)
@group(0) @binding(2) var<storage, read> objects: array<u32>;        // (D, H, W): number in the slice, 0: background
@group(0) @binding(3) var<storage, read> rows: array<u32>;           // (D, H, W), as `rows_out`

struct Found {
    object: u32, // of the nearest
    nearest: u32,
    next: u32,
}

// What has been found in a column once `row` is seen too.
fn with_row(found: Found, row: u32, object: u32) -> Found {
    if object == 0u || object == found.object || found.next != NO_ROW { return found; }
    if found.object == 0u { return Found(object, row, NO_ROW); }
    return Found(found.object, found.nearest, row);
}

@compute @workgroup_size(64)
fn between_objects_first(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    let row = i / params.width % params.height;
    var found = Found(0u, NO_ROW, NO_ROW);
    for (var offset = 0u; offset < params.height && found.next == NO_ROW; offset++) {
        if row >= offset {
            found = with_row(found, row - offset, objects[i - offset * params.width]);
        }
        if row + offset < params.height {
            found = with_row(found, row + offset, objects[i + offset * params.width]);
        }
    }
    rows_out[i] = found.nearest | (found.next << 16u);
}

// The nearest object but `excluded` and its squared distance, as seen from element `i`; FAR if there is none.
fn nearest_but(i: u32, excluded: u32) -> vec2<u32> {
    let at = i % params.width;
    let row = i / params.width % params.height;
    let slice = i - at - row * params.width;
    var best = vec2(0u, FAR);
    for (var offset = 0u; offset < params.width && offset * offset < best.y; offset++) {
        for (var side = 0u; side < 2u; side++) {
            if side == 0u && at < offset { continue; }
            if side == 1u && at + offset >= params.width { continue; }
            let column = select(at + offset, at - offset, side == 0u);
            let pair = rows[slice + row * params.width + column];
            var there = pair & NO_ROW;
            if there == NO_ROW { continue; }
            var object = objects[slice + there * params.width + column];
            if object == excluded {
                there = pair >> 16u;
                if there == NO_ROW { continue; }
                object = objects[slice + there * params.width + column];
            }
            let across = max(there, row) - min(there, row);
            let squared = offset * offset + across * across;
            if squared < best.y { best = vec2(object, squared); }
        }
    }
    return best;
}

@compute @workgroup_size(64)
fn between_objects_weigh(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    weight[i] = 1.0;
    if objects[i] != 0u { return; }
    let one = nearest_but(i, 0u);
    if one.y == FAR { return; }
    let two = nearest_but(i, one.x);
    if two.y == FAR { return; }
    let sum = sqrt(f32(one.y)) + sqrt(f32(two.y));
    weight[i] = 1.0 + params.w0 * exp(-sum * sum / (2.0 * params.sigma * params.sigma));
}
