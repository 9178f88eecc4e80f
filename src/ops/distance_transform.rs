//! `shaders/contour/distance_transform.wgsl`: how far the other side of a class is.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernels are told.
    pub struct Params {
        /// D·K·H·W.
        count: u32,
        /// H·W.
        area: u32,
        /// K.
        classes: u32,
        /// Pixels in a line along the axis of the pass.
        length: u32,
        /// Elements of (D, H, W) between neighbours in a line.
        step: u32,
        /// Elements of (D, K, H, W) between them.
        stride: u32,
        /// 1: no pass follows.
        last: u32,
        /// 1: the last pass takes the square root.
        root: u32,
        /// Between neighbours in a line.
        spacing: f32,
    }
}

/// `distance` from `bits`.
pub static FIRST: Spec = Spec {
    stem: "contour/distance_transform",
    source: include_str!("../../shaders/contour/distance_transform.wgsl"),
    entry_point: "distance_transform_first",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `distance` from `bits` and the squared distances `before`.
pub static NEXT: Spec = Spec {
    stem: "contour/distance_transform",
    source: include_str!("../../shaders/contour/distance_transform.wgsl"),
    entry_point: "distance_transform_next",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// A pass over the lines along one axis: 0 for z, 1 for y, 2 for x.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    /// D, H, W.
    pub dims: [usize; 3],
    /// K.
    pub classes: usize,
    pub axis: usize,
    /// Between neighbours in a line.
    pub spacing: f32,
}

impl Pass {
    fn params(&self, last: bool, root: bool) -> Params {
        let [depth, height, width] = self.dims;
        let step = [height * width, width, 1][self.axis];
        let planes = if self.axis == 0 { self.classes } else { 1 };
        Params {
            count: (depth * self.classes * height * width) as u32,
            area: (height * width) as u32,
            classes: self.classes as u32,
            length: self.dims[self.axis] as u32,
            step: step as u32,
            stride: (step * planes) as u32,
            last: last.into(),
            root: root.into(),
            spacing: self.spacing,
        }
    }
}

/// Records the first pass: squared distances (D, K, H, W) within the lines, from `bits` (D, H, W).
pub fn record_first(recording: &mut Recording, distance: &Tensor, bits: &Tensor, pass: Pass) {
    let params = pass.params(false, false);
    recording.dispatch(&FIRST, &params, &[distance, bits], distance.len());
}

/// Records a further pass over the squared distances `before` (D, K, H, W). The `last` one writes 0 where there is
/// no other side, and the `root` of the rest where that is asked for.
pub fn record_next(
    recording: &mut Recording,
    distance: &Tensor,
    bits: &Tensor,
    before: &Tensor,
    pass: Pass,
    last: bool,
    root: bool,
) {
    let params = pass.params(last, root);
    recording.dispatch(&NEXT, &params, &[distance, bits, before], distance.len());
}
