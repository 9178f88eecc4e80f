//! `shaders/loss/pixel_shares.wgsl`: what each pixel adds to the loss, by term, and the size of its gradient.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// N·H·W.
        count: u32,
        /// K.
        classes: u32,
        /// H·W.
        pixels: u32,
        /// 0: nothing counts as contour.
        split: u32,
        /// 1: the tables hold costs.
        costs: u32,
    }
}

/// `shares` from `values`, `p`, `dlogits`, `labels`, `contour`, `tables` and `coefficients`.
pub static SPEC: Spec = Spec {
    stem: "loss/pixel_shares",
    source: include_str!("../../shaders/loss/pixel_shares.wgsl"),
    entry_point: "pixel_shares",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `shares` (N, 4, H, W): pixel term, contour, rest, |∂L/∂z|.
pub fn record(
    recording: &mut Recording,
    shares: &Tensor,
    values: &Tensor,
    p: &Tensor,
    dlogits: &Tensor,
    labels: &Tensor,
    contour: &Tensor,
    tables: &Tensor,
    coefficients: &Tensor,
    params: &Params,
) -> Uniforms {
    let tensors = [shares, values, p, dlogits, labels, contour, tables, coefficients];
    recording.dispatch(&SPEC, params, &tensors, labels.len())
}
