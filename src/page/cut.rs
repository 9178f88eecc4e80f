//! One plane of a study, and the labels in the order of that plane.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::Study;
use crate::contour::{Choice, IGNORED};
use crate::engine::Mapping;
use crate::nifti::Plane;

/// The bit of what is ignored.
const IGNORED_BIT: u8 = 31;

/// A slice of image and label, rows of increasing RAS index.
#[derive(Clone, Debug)]
pub struct Cut {
    pub study: Arc<Study>,
    pub plane: Plane,
    /// Number of the slice along the plane's axis.
    pub index: usize,
    pub columns: usize,
    pub rows: usize,
    /// Size of a pixel along columns and rows.
    pub spacing_mm: [f32; 2],
    /// `(rows, columns)`
    pub values: Arc<[f32]>,
    /// `(rows, columns)`: the class of each voxel, or [`IGNORED`].
    pub labels: Arc<[u8]>,
    /// The same as sets, for the picture: bit k, the voxel is of class k; the last bit, it is ignored.
    pub classes: Arc<[u32]>,
}

impl Cut {
    pub fn new(study: &Arc<Study>, plane: Plane, index: usize) -> Self {
        let [columns, rows, slices] = plane.extent(study.shape);
        let index = index.min(slices - 1);
        let voxel = |i: usize| plane.voxel(i % columns, i / columns, index);
        let labels: Arc<[u8]> = (0..columns * rows)
            .map(|i| known(study.labels[study.index(voxel(i))], study.classes.len()))
            .collect();
        let [across, down, _] = plane.axes();
        Self {
            study: Arc::clone(study),
            plane,
            index,
            columns,
            rows,
            spacing_mm: [study.spacing_mm[across], study.spacing_mm[down]],
            values: match plane {
                Plane::Axial => study.image.slice(index).into(),
                _ => (0..columns * rows).map(|i| study.image.value(voxel(i))).collect(),
            },
            classes: labels.iter().map(|label| bits(*label)).collect(),
            labels,
        }
    }
}

impl Cut {
    /// The same image under other classes: those of a stroke under way, by voxel.
    pub fn with(&self, stroke: &BTreeMap<usize, u8>) -> Self {
        let mut labels = self.labels.to_vec();
        let [across, down, through] = self.plane.axes();
        for (&voxel, &class) in stroke {
            let at = self.study.voxel(voxel);
            if at[through] == self.index {
                labels[at[down] * self.columns + at[across]] = known(class, self.study.classes.len());
            }
        }
        Self {
            classes: labels.iter().map(|label| bits(*label)).collect(),
            labels: labels.into(),
            ..self.clone()
        }
    }

    /// Whether a pixel is of no class.
    pub fn is_ignored(&self, pixel: usize) -> bool {
        u32::from(self.labels[pixel]) == IGNORED
    }

    /// The question about its contour: with its neighbours, where the contour is that of the volume.
    pub fn mapping(&self, choice: &Choice) -> Mapping {
        let area = self.columns * self.rows;
        let mut mapping = mapping(&self.study, self.plane, self.index..self.index + 1, choice);
        // A stroke under way is not in the study yet.
        let own = area * mapping.slices.start..area * mapping.slices.end;
        mapping.labels[own].copy_from_slice(&self.labels);
        mapping
    }
}

/// The label of a class that there is, else [`IGNORED`].
fn known(label: u8, classes: usize) -> u8 {
    if usize::from(label) < classes {
        label
    } else {
        IGNORED as u8
    }
}

/// The class set of a label. What is ignored has the last bit, so that it is seen: where anything is ignored, one of the 32
/// classes is not there.
fn bits(label: u8) -> u32 {
    1 << label.min(IGNORED_BIT)
}

/// The question about the contour of some slices of a plane.
pub fn mapping(study: &Study, plane: Plane, slices: Range<usize>, choice: &Choice) -> Mapping {
    let [columns, rows, all] = plane.extent(study.shape);
    let read = choice.reads(slices.clone(), all);
    Mapping {
        labels: labels_along(study, plane, read.clone()),
        dims: [read.len(), rows, columns],
        choice: *choice,
        slices: slices.start - read.start..slices.end - read.start,
        name: None,
    }
}

/// The labels of some slices of a study as `(slices, rows, columns)` of a plane.
fn labels_along(study: &Study, plane: Plane, slices: Range<usize>) -> Vec<u8> {
    let [columns, rows, _] = plane.extent(study.shape);
    let area = columns * rows;
    if plane == Plane::Axial {
        return study.labels[area * slices.start..area * slices.end].to_vec();
    }
    let mut labels = Vec::with_capacity(area * slices.len());
    for slice in slices {
        for row in 0..rows {
            for column in 0..columns {
                labels.push(study.labels[study.index(plane.voxel(column, row, slice))]);
            }
        }
    }
    labels
}
