//! `shaders/optim/average.wgsl`: a moving average of the parameter arena.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernel is told of one step.
    pub struct Params {
        count: u32,
        /// 1 − decay.
        rate: f32,
    }
}

/// The average from the parameters.
pub static AVERAGE: Spec = Spec {
    stem: "optim/average",
    source: include_str!("../../shaders/optim/average.wgsl"),
    entry_point: "average_parameters",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records one step; rewrite its parameters before every replay.
pub fn record(recording: &mut Recording, average: &Tensor, parameters: &Tensor, params: &Params) -> Uniforms {
    recording.dispatch(
        &AVERAGE,
        params,
        &[average, parameters],
        parameters.len().div_ceil(4),
    )
}
