//! A decoder of which only a part is decoded in full, after the cascaded partial decoder (Wu et al. 2019, section 3).
//!
//! PDANet (Huang et al. 2026, arXiv 2601.14338) is described as a light network on a partial decoder; what stands here is
//! our reading of that. As in Wu et al., the deeper levels are reduced to a few channels each and joined into one coarse
//! map, and the map, between 0 and 1, weights what the shallow levels hand across. Unlike there, levels are joined by
//! concatenation rather than by products, and there is one branch with one loss rather than two.

use super::{Graph, TensorId, Unet};

/// Levels that the partial decoder joins at most.
const JOINED: usize = 3;

/// From the levels of the encoder, first level first, to what the head reads.
pub(super) fn decode(unet: &Unet, graph: &mut Graph, skips: &[TensorId]) -> TensorId {
    let coarse = unet.depth.saturating_sub(JOINED).max(1);
    let channels = unet.width << coarse;
    let bottom = unet.depth - 1;
    let mut x = reduce(unet, graph, bottom, skips[bottom], channels);
    for level in (coarse..bottom).rev() {
        let reduced = reduce(unet, graph, level, skips[level], channels);
        let up = graph.upsample(&format!("up{level}"), x);
        let joined = graph.concat(&format!("concat{level}"), reduced, up);
        let name = format!("partial{level}");
        let inner = unet.convolve(
            graph,
            [&format!("{name}.conv"), &format!("{name}.norm")],
            joined,
            channels,
        );
        x = graph.activation(&format!("{name}.act"), inner, unet.slope);
    }
    let logit = graph.conv1x1("map.conv", x, 1, true);
    let mut map = graph.sigmoid("map.sigmoid", logit);
    for level in (0..coarse).rev() {
        map = graph.upsample_bilinear(&format!("map{level}"), map);
        let skip = graph.attend(&format!("attend{level}"), skips[level], map);
        let up = graph.upsample(&format!("up{level}"), x);
        let joined = graph.concat(&format!("concat{level}"), skip, up);
        x = unet.block(graph, &format!("dec{level}"), joined, unet.width << level);
    }
    x
}

/// A level with few channels: conv 1 × 1, norm, activation.
fn reduce(unet: &Unet, graph: &mut Graph, level: usize, x: TensorId, channels: usize) -> TensorId {
    let name = format!("reduce{level}");
    let reduced = graph.conv1x1(&format!("{name}.conv"), x, channels, !unet.has_norm());
    let normed = unet.normalise(graph, &format!("{name}.norm"), reduced);
    graph.activation(&format!("{name}.act"), normed, unet.slope)
}
