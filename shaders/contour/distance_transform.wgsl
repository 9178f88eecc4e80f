// Exact Euclidean distance of each pixel, for each class, to the nearest pixel on the other side of the class,
// one axis after the other (Saito and Toriwaki 1994). One invocation computes one pixel of one class by looking
// outwards along its line; a workgroup 64 in a row.
//#import shared/index

// Squared distance where the other side has not been seen; adding a squared offset to it leaves it as it is.
const FAR = 1e30;

struct Params {
    count: u32,    // D·K·H·W
    area: u32,     // H·W
    classes: u32,  // K
    length: u32,   // pixels in a line along the axis of the pass
    step: u32,     // elements of (D, H, W) between neighbours in a line
    stride: u32,   // elements of (D, K, H, W) between them
    last: u32,     // 1: no pass follows, and FAR becomes 0
    root: u32,     // 1: the last pass takes the square root
    spacing: f32,  // between neighbours in a line
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> distance_: array<f32>; // (D, K, H, W), squared but for `root`
@group(0) @binding(2) var<storage, read> bits: array<u32>;            // (D, H, W), class k at bit k
@group(0) @binding(3) var<storage, read> before: array<f32>;          // (D, K, H, W): squared, of the passes so far

// Where element `i` of (D, K, H, W) is: its element of (D, H, W), its class, its place in the line.
fn place_of(i: u32) -> vec3<u32> {
    let voxel = i / (params.area * params.classes) * params.area + i % params.area;
    return vec3(voxel, i / params.area % params.classes, voxel / params.step % params.length);
}

fn state_of(voxel: u32, class_: u32) -> u32 {
    return (bits[voxel] >> class_) & 1u;
}

fn squared_offset(offset: u32) -> f32 {
    let length = f32(offset) * params.spacing;
    return length * length;
}

@compute @workgroup_size(64)
fn distance_transform_first(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    let place = place_of(i);
    let state = state_of(place.x, place.y);
    var best = FAR;
    for (var offset = 1u; offset < params.length; offset++) {
        var differs = false;
        if place.z >= offset { differs = state_of(place.x - offset * params.step, place.y) != state; }
        if place.z + offset < params.length {
            differs = differs || state_of(place.x + offset * params.step, place.y) != state;
        }
        if differs {
            best = squared_offset(offset);
            break;
        }
    }
    distance_[i] = best;
}

// What has been found for element `i` of (D, K, H, W) in the plane across the line, seen from `state`.
fn found_at(i: u32, voxel: u32, class_: u32, state: u32) -> f32 {
    if state_of(voxel, class_) != state { return 0.0; }
    return before[i];
}

@compute @workgroup_size(64)
fn distance_transform_next(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    let place = place_of(i);
    let state = state_of(place.x, place.y);
    var best = before[i];
    for (var offset = 1u; offset < params.length; offset++) {
        let squared = squared_offset(offset);
        if squared >= best { break; }
        if place.z >= offset {
            let voxel = place.x - offset * params.step;
            best = min(best, squared + found_at(i - offset * params.stride, voxel, place.y, state));
        }
        if place.z + offset < params.length {
            let voxel = place.x + offset * params.step;
            best = min(best, squared + found_at(i + offset * params.stride, voxel, place.y, state));
        }
    }
    if params.last != 0u {
        best = select(best, 0.0, best >= FAR);
        best = select(best, sqrt(best), params.root != 0u);
    }
    distance_[i] = best;
}
