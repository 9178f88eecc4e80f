//! How near a network's values come to where its derivative jumps.

use crate::net::{CpuNetwork, Graph, Op};
use crate::reference::Real;

/// The smallest distance of a value from 0 where an activation follows, or of a maximum from the second. Values that are nearer
/// than roundings may fall on either side on another adapter, which is no fault of its.
pub(super) fn nearest_kink<T: Real>(graph: &Graph, network: &CpuNetwork<T>) -> T {
    let mut nearest = T::infinity();
    for node in &graph.nodes {
        let input = node.inputs[0];
        let Some(before) = graph.nodes.iter().find(|other| other.output == input) else {
            continue;
        };
        let x = network.value(&before.name).unwrap();
        if let Op::Activation { .. } = node.op {
            nearest = x.iter().fold(nearest, |nearest, x| nearest.min(x.abs()));
        }
        if node.op == Op::MaxPool {
            let width = graph.shapes[input][2];
            for i in (0..x.len()).filter(|i| (i % width).is_multiple_of(2) && (i / width).is_multiple_of(2)) {
                let mut window = [x[i], x[i + 1], x[i + width], x[i + width + 1]];
                window.sort_by(|a, b| a.partial_cmp(b).unwrap());
                nearest = nearest.min(window[3] - window[2]);
            }
        }
    }
    nearest
}
