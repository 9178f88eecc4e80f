//! A slice with what follows from it.

use std::sync::Arc;

use super::Cut;
use crate::contour::Choice;

/// A slice with the contour of its classes and the weight of its pixels.
#[derive(Clone, Debug)]
pub struct Shown {
    pub cut: Arc<Cut>,
    /// `(rows, columns)`, bit k: contour of class k. All zeros while the choice is invalid.
    pub contour: Arc<[u32]>,
    /// `(rows, columns)`: what each pixel weighs under the loss.
    pub weight: Arc<[f32]>,
    pub choice: Choice,
}

impl Shown {
    /// Whether it is the same slice under the same contour; only weights may differ.
    pub fn is_same_slice(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.cut, &other.cut) && Arc::ptr_eq(&self.contour, &other.contour)
    }
}
