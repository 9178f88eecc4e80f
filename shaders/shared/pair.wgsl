// A pair of pixel and class in the region sums: what is predicted of it (the probability times its cost) and its
// target. Expects `params` with `classes` and `costs`, and `tables`: (K) class weights, then (K, K) costs of class
// k where the label is y, if `costs` is 1. Of a pixel of no class nothing is predicted and nothing is wanted.
fn pair_cost(label: u32, k: u32) -> f32 {
    if label >= params.classes { return 0.0; }
    if params.costs == 0u { return 1.0; }
    return tables[params.classes + label * params.classes + k];
}

// With costs, the target is the foreground; without, the class itself.
fn pair_target(label: u32, k: u32) -> f32 {
    return select(f32(k == label), f32(label > 0u && label < params.classes), params.costs != 0u);
}
