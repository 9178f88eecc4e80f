// What happens to an output of a convolution before it is stored: bias and activation; or, where it is the gradient
// of an activation's input (GATED), the activation's slope. ADDED adds to what is there. Expects `params` with
// has_bias (u32) and slope (f32), `y` (read_write) and `bias` (gated: the activation's output), arrays of f32.
fn offset(output: u32) -> f32 {
    //#for gated in 0..GATED
    return 0.0;
    //#end
    //#for plain in 0..1 - GATED
    return select(0.0, bias[output], params.has_bias != 0u);
    //#end
}

// What is there, to be added to. Read before anything is stored, since a place may be stored to twice.
fn before(i: u32) -> f32 {
    //#for added in 0..ADDED
    return y[i];
    //#end
    //#for fresh in 0..1 - ADDED
    return 0.0;
    //#end
}

fn put(i: u32, total: f32) {
    //#for gated in 0..GATED
    y[i] = total * select(params.slope, 1.0, bias[i] > 0.0);
    //#end
    //#for plain in 0..1 - GATED
    y[i] = max(total, params.slope * total);
    //#end
}
