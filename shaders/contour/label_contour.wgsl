// From labels to the 3×3 inner contour in one pass: one invocation walks down a strip of $(C) columns of a slice and
// keeps three rows in registers, a workgroup 64 strips; each row costs $(C + 2) loads and $(C) stores. A label is in
// one class, so that the erosion of all classes is the AND of nine bits, and the contour what it took away. A pixel of no
// class (a label above 31) erodes none and has no contour.
//#import shared/index
//#import shared/numbers

struct Params {
    width: u32,
    height: u32,
    slices: u32,
    rows: u32,    // of a strip
    outside: u32, // class set beyond the slice: 0, or all ones where the border never erodes
    packed: u32,  // 1: the label stands in the top five bits, as `marks` has it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> contour: array<u32>; // (D, H, W), class k at bit k
@group(0) @binding(2) var<storage, read> labels: array<u32>;        // (D, H, W); if packed, each class below 27

// The classes that a label does not erode.
fn kept_by(label: u32) -> u32 {
    return select(1u << (label & 31u), ~0u, label > 31u);
}

@compute @workgroup_size(64)
fn label_contour(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let across = (params.width + $(C - 1)u) / $(C)u;
    let down = (params.height + params.rows - 1u) / params.rows;
    if i >= params.slices * across * down { return; }
    let column = i % across * $(C)u;
    let first = i / across % down * params.rows;
    let slice = i / across / down * params.height * params.width;
    // The strip's columns and one to either side.
    //#for c in 0..C+2
    let there$c = column + $(c)u >= 1u && column + $(c)u <= params.width;
    let column$c = clamp(column + $(c)u, 1u, params.width) - 1u;
    //#end

    // Labels of the row, and the ANDs of three along it and above it. A column beyond the slice reads the last one's
    // label again, which is within reach anyway; that it counts as `outside` is said once, in the row below.
    let above = slice + max(first, 1u) * params.width - params.width;
    var row = slice + first * params.width;
    let upper = first > 0u;
    //#for c in 0..C+2
    let label_above$c = labels[above + column$c];
    let label$c = labels[row + column$c];
    let above$c = select(params.outside, kept_by(label_above$c), upper);
    let here$c = kept_by(label$c);
    //#end
    //#for c in 0..C
    var label_at$c = label$(c + 1);
    var line_above$c = above$c & above$(c + 1) & above$(c + 2);
    var line$c = here$c & here$(c + 1) & here$(c + 2);
    //#end
    let end = min(first + params.rows, params.height);
    for (var y = first; y < end; y++) {
        let last = y + 1u == params.height;
        let below = select(row + params.width, row, last);
        //#for c in 0..C+2
        let label_below$c = labels[below + column$c];
        let below$c = select(params.outside, kept_by(label_below$c), there$c && !last);
        //#end
        //#for c in 0..C
        let line_below$c = below$c & below$(c + 1) & below$(c + 2);
        if there$(c + 1) {
            let eroded = line_above$c & line$c & line_below$c;
            let own = select(1u << (label_at$c & 31u), 0u, label_at$c > 31u);
            contour[row + column$(c + 1)] = (own & ~eroded) | ((params.packed * label_at$c) << LABEL_BIT);
        }
        line_above$c = line$c;
        line$c = line_below$c;
        label_at$c = label_below$(c + 1);
        //#end
        row += params.width;
    }
}
