//! A predicted volume, measured class by class.

use std::sync::Arc;

use super::PredictedVolume;
use crate::metrics::{Comparison, Field};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Volume,
    /// The axial slice under the crosshair.
    Slice,
}

/// What has been measured so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    pub of: Arc<PredictedVolume>,
    /// `None` for the volume.
    pub slice: Option<usize>,
    pub field: Field,
    /// Foreground classes in their order, the first ones where not all are there yet.
    pub classes: Vec<Arc<Comparison>>,
    /// Foreground classes in all.
    pub count: usize,
}

impl Measured {
    pub fn new(of: Arc<PredictedVolume>, slice: Option<usize>) -> Self {
        let field = if slice.is_some() {
            of.slice_field()
        } else {
            of.field()
        };
        Self {
            slice,
            field,
            classes: Vec::new(),
            count: of.study.classes.len() - 1,
            of,
        }
    }

    pub fn is_complete(&self) -> bool {
        self.classes.len() == self.count
    }

    /// Predicted and reference labels of the volume or of the slice.
    pub fn labels(&self) -> [&[u8]; 2] {
        let start = self.slice.unwrap_or(0) * self.field.len();
        let of = &self.of;
        [&of.labels, &of.study.labels].map(|labels| &labels[start..start + self.field.len()])
    }
}
