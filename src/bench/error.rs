//! Why a workload cannot be run.

/// Faults of a workload's description, its data, or the run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Check the description against `www/bench/workloads.js`.
    #[error("This workload is not understood: {0}")]
    Spec(String),
    /// Check the names and lengths of the weights against the network.
    #[error("These weights are not the network's: {0}")]
    Weights(String),
    /// Nothing was submitted that could be waited for.
    #[error("No step was submitted")]
    Idle,
    /// Check the workload's sizes.
    #[error(transparent)]
    Train(#[from] crate::train::Error),
    /// Check the workload's network.
    #[error(transparent)]
    Network(#[from] crate::net::Error),
    /// Check the workload's sizes and the adapter.
    #[error(transparent)]
    Gpu(#[from] crate::gpu::Error),
}
