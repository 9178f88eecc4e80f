// What the kernels of a 3×3 convolution have in common: what they are told, and what happens to an output before it is
// stored. Forward that is bias and activation; where the output is the gradient of an activation, the activation's slope.
// Expects the bindings `params`, `y` (read_write) and `gate`, and as OUTPUT what is stored at once: a number, or a quad.
// Loops of one round or none stand for `if`: software adapters run both sides of one.
struct Params {
    images: u32,        // N
    inputs: u32,        // channels of x; backward_input: C_out
    outputs: u32,       // channels of y; backward_input: C_in
    height: u32,
    width: u32,
    output_stride: u32, // in weights, from one output channel to the next
    input_stride: u32,  // in weights, from one input channel to the next
    turned: u32,        // 1 reads the taps backwards
    has_bias: u32,
    added: u32,         // 1 adds to what is there
    gated: u32,         // 1 passes y through the leaky ReLU that made `gate`; 0 makes it one
    slope: f32,         // of that ReLU; 1 is none
}

// What is there, to be added to. Read before anything is stored, since a place may be stored to twice.
fn before(i: u32) -> OUTPUT {
    var there = OUTPUT(0.0);
    for (var k = 0u; k < params.added; k++) { there = OUTPUT(y[i]); }
    return there;
}

fn put(i: u32, total: OUTPUT) {
    var side = total;
    for (var k = 0u; k < params.gated; k++) { side = OUTPUT(gate[i]); }
    y[i] = STORED(total * select(OUTPUT(params.slope), OUTPUT(1.0), side > OUTPUT(0.0)));
}
