// What focuses a pixel term: values of the forward pass, then slopes. Expects no globals.

// miss^γ, where miss = 0 and γ = 0 are no business of `pow`.
fn focus(miss: f32, gamma: f32) -> f32 {
    if gamma == 0.0 { return 1.0; }
    return select(0.0, pow(miss, gamma), miss > 0.0);
}

// −log of the sigmoid.
fn softplus_of_minus(x: f32) -> f32 {
    return max(-x, 0.0) + log(1.0 + exp(-abs(x)));
}

// (1 − q)^γ (−log q), q the sigmoid of s: (1 − q)^γ is exp(−γ · −log(1 − q)).
fn sigmoid_term(s: f32, gamma: f32) -> f32 {
    return exp(-gamma * softplus_of_minus(-s)) * softplus_of_minus(s);
}

// p ∂/∂p of (1 − p)^γ (−log p), with miss = 1 − p.
fn focal_slope(p: f32, miss: f32, gamma: f32) -> f32 {
    if gamma == 0.0 { return -1.0; }
    if miss <= 0.0 { return 0.0; }
    let steep = select(0.0, gamma * pow(miss, gamma - 1.0) * p * log(p), p > 0.0);
    return steep - pow(miss, gamma);
}

// ∂/∂s of (1 − q)^γ (−log q), q the sigmoid of s.
fn sigmoid_slope(s: f32, gamma: f32) -> f32 {
    let tail = exp(-abs(s));
    let near = log(1.0 + tail);
    let miss = select(1.0, tail, s > 0.0) / (1.0 + tail);
    let hit = select(tail, 1.0, s > 0.0) / (1.0 + tail);
    let focus = exp(-gamma * (max(s, 0.0) + near));
    return -focus * (gamma * hit * (max(-s, 0.0) + near) + miss);
}
