//! `shaders/contour/label_contour.wgsl`: from labels to the 3×3 inner contour in one pass.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        width: u32,
        height: u32,
        /// D.
        slices: u32,
        /// Of a strip.
        rows: u32,
        /// Class set beyond the slice.
        outside: u32,
        /// 1: the label stands in the top five bits.
        packed: u32,
    }
}

/// Columns of a strip: 10 loads for each 8 pixels.
const COLUMNS: usize = 8;
/// Rows of a strip, which loads two more.
const ROWS: usize = 32;

/// `contour` from `labels`.
pub static SPEC: Spec = Spec {
    stem: "contour/label_contour",
    source: include_str!("../../shaders/contour/label_contour.wgsl"),
    entry_point: "label_contour",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[("C", COLUMNS as u32)],
};

/// Records the `contour` (D, H, W) of each slice of `labels` (D, H, W), or with `packed` its
/// [`marks`](super::marks). `outside` is the class set beyond a slice.
pub fn record(
    recording: &mut Recording,
    contour: &Tensor,
    labels: &Tensor,
    dims: [usize; 3],
    outside: u32,
    packed: bool,
) {
    let [slices, height, width] = dims;
    let params = Params {
        width: width as u32,
        height: height as u32,
        slices: slices as u32,
        rows: ROWS as u32,
        outside,
        packed: packed.into(),
    };
    let strips = slices * width.div_ceil(COLUMNS) * height.div_ceil(ROWS);
    recording.dispatch(&SPEC, &params, &[contour, labels], strips);
}
