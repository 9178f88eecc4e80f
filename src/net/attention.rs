//! The additive attention gate (Oktay et al. 2018, "Attention U-Net", equations 1 and 2).

use super::{Graph, TensorId};

/// `skip · σ(ψ(ReLU(θ(skip) + φ(gating))))`: θ, φ and ψ are 1 × 1 convolutions, to half the skip's channels and from
/// there to one. Both inputs are of one size: `gating` is what comes from below, already enlarged.
pub(super) fn gate(graph: &mut Graph, name: &str, skip: TensorId, gating: TensorId) -> TensorId {
    let [channels, ..] = graph.shapes[skip];
    let inner = (channels / 2).max(1);
    let theta = graph.conv1x1(&format!("{name}.theta"), skip, inner, false);
    let phi = graph.conv1x1(&format!("{name}.phi"), gating, inner, true);
    let sum = graph.add(&format!("{name}.add"), theta, phi);
    let active = graph.activation(&format!("{name}.act"), sum, 0.0);
    let psi = graph.conv1x1(&format!("{name}.psi"), active, 1, true);
    let map = graph.sigmoid(&format!("{name}.sigmoid"), psi);
    graph.attend(&format!("{name}.attend"), skip, map)
}
