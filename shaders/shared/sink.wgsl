// Where the gradient of an activation goes: written, or added to what another reader of the activation left there.
// The last writer passes it through the leaky ReLU that made the activation. Expects `params` with accumulate,
// through and slope, the gradient `y: array<f32>`, and the activation `gate: array<f32>` (bound to anything where
// nothing is passed through).
fn put(i: u32, value: f32) {
    var sum = value;
    if params.accumulate != 0u { sum += y[i]; }
    if params.through != 0u { sum *= select(params.slope, 1.0, gate[i] > 0.0); }
    y[i] = sum;
}
