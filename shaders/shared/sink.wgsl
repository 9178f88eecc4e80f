// Where the gradient of an activation goes: written, or added to what another reader of the activation left there.
// The last writer passes it through the leaky ReLU that made the activation. Expects `params` with accumulate,
// through and slope, the gradient `y: array<stored_1>`, and the activation `gate`, numbers of either size (bound to
// anything where nothing is passed through).
fn put(i: u32, value: f32) {
    var sum = value;
    if params.accumulate != 0u { sum += f32(y[i]); }
    if params.through != 0u { sum *= select(params.slope, 1.0, f32(gate[i]) > 0.0); }
    y[i] = stored_1(sum);
}
