//! The residual block (He et al. 2016, "Deep residual learning", figure 2 and equation 2).

use super::{Graph, TensorId, Unet};

/// `act(F(x) + P(x))`: F is conv 3 × 3, norm, activation, conv 3 × 3, norm; P is the identity, or a 1 × 1 convolution
/// where the number of channels changes.
pub(super) fn block(unet: &Unet, graph: &mut Graph, name: &str, x: TensorId, channels: usize) -> TensorId {
    let mut inner = unet.convolve(
        graph,
        [&format!("{name}.conv1"), &format!("{name}.norm1")],
        x,
        channels,
    );
    inner = graph.activation(&format!("{name}.act1"), inner, unet.slope);
    inner = unet.convolve(
        graph,
        [&format!("{name}.conv2"), &format!("{name}.norm2")],
        inner,
        channels,
    );
    let [before, ..] = graph.shapes[x];
    let shortcut = if before == channels {
        x
    } else {
        graph.conv1x1(&format!("{name}.shortcut"), x, channels, false)
    };
    let sum = graph.add(&format!("{name}.add"), inner, shortcut);
    graph.activation(&format!("{name}.act2"), sum, unet.slope)
}
