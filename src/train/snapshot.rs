//! A run to come back to: everything that its steps so far have changed.

use serde::{Deserialize, Serialize};

use super::watch::Watch;
use crate::bulk;

/// What a session of the same recipe, data and engine goes on from, as if nothing had been.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Steps taken.
    pub step: u64,
    /// Steps after which the run stops by itself: those of its recipe, or more if it was trained on.
    pub steps: u64,
    /// Weights, the optimiser's moments, and averaged weights where there are some, one after the other.
    #[serde(with = "bulk")]
    pub(super) numbers: Vec<f32>,
    /// What the validations have said.
    pub(super) watch: Watch,
}

/// The numbers cut into pieces of these lengths; `None` if they are not as many.
pub(super) fn pieces<'a>(numbers: &'a [f32], lens: &[usize]) -> Option<Vec<&'a [f32]>> {
    let mut rest = numbers;
    let mut pieces = Vec::new();
    for len in lens {
        let (piece, others) = rest.split_at_checked(*len)?;
        pieces.push(piece);
        rest = others;
    }
    rest.is_empty().then_some(pieces)
}
