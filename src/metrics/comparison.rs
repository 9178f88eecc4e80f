//! One class of a prediction against its reference: everything that the scores are made of.

use serde::{Deserialize, Serialize};

use super::nearest::Walk;
use super::surface::Surface;
use super::{Directed, Distances, Field, Metric, Overlap, Presence, SurfaceKind};

/// Counts and distances of one class. The distances are kept, so that another tolerance costs nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub field: Field,
    pub overlap: Overlap,
    /// Between edge voxels; empty unless both masks hold something.
    pub edge_pixels: Distances,
    /// Between contours; empty unless both masks hold something.
    pub contours: Distances,
}

impl Comparison {
    /// Compares a class in two label maps of the field's shape, at once.
    ///
    /// # Panics
    /// When a label map does not fill the field.
    #[must_use]
    pub fn new<L: Copy + PartialEq>(predicted: &[L], reference: &[L], class: L, field: Field) -> Self {
        let mut measuring = Measuring::new(predicted, reference, class, field);
        while !measuring.advance(usize::MAX >> 1) {}
        measuring.finish()
    }

    #[must_use]
    pub fn presence(&self) -> Presence {
        self.overlap.presence()
    }

    /// A score under the empty-class rule; `None` where the class is absent. The tolerance and the kind of surface
    /// are those of the surface Dice; all other distances are between edge pixels.
    #[must_use]
    pub fn score(&self, metric: Metric, kind: SurfaceKind, tolerance_mm: f64) -> Option<f64> {
        let distance = |of: fn(&Distances) -> f64| {
            let worst = self.field.diagonal_mm();
            self.presence().distance(worst, || of(&self.edge_pixels))
        };
        match metric {
            Metric::Dice => self.overlap.dice(),
            Metric::Iou => self.overlap.iou(),
            Metric::Precision => self.overlap.precision(),
            Metric::Recall => self.overlap.recall(),
            Metric::Hausdorff => distance(Distances::hausdorff_mm),
            Metric::Hausdorff95Directed => distance(Distances::hausdorff95_directed_mm),
            Metric::Hausdorff95Pooled => distance(Distances::hausdorff95_pooled_mm),
            Metric::Assd => distance(Distances::assd_mm),
            Metric::SurfaceDice => self.presence().score(|| match kind {
                SurfaceKind::EdgePixels => self.edge_pixels.surface_dice(tolerance_mm),
                SurfaceKind::ContourLength => self.contours.surface_dice(tolerance_mm),
            }),
        }
    }
}

/// A comparison under way, a part at a time, so that a page can be drawn in between.
pub struct Measuring<'a, L> {
    predicted: &'a [L],
    reference: &'a [L],
    class: L,
    field: Field,
    overlap: Overlap,
    surfaces: Vec<Surface>,
    walk: Walk,
    directed: Vec<Directed>,
}

/// Of the prediction and of the reference, of either kind.
const SURFACES: usize = 4;

impl<'a, L: Copy + PartialEq> Measuring<'a, L> {
    /// Counts; everything else is done by [`Measuring::advance`].
    ///
    /// # Panics
    /// When a label map does not fill the field.
    #[must_use]
    pub fn new(predicted: &'a [L], reference: &'a [L], class: L, field: Field) -> Self {
        assert!(
            predicted.len() == field.len() && reference.len() == field.len(),
            "{} and {} labels do not fill {} voxels",
            predicted.len(),
            reference.len(),
            field.len()
        );
        Self {
            predicted,
            reference,
            class,
            field,
            overlap: Overlap::count(predicted, reference, class),
            surfaces: Vec::new(),
            walk: Walk::default(),
            directed: Vec::new(),
        }
    }

    /// Finds one surface, or the nearest points of at most `points` others; `true` when nothing is left to do.
    pub fn advance(&mut self, points: usize) -> bool {
        if self.overlap.presence() != Presence::Both || self.directed.len() == SURFACES {
            return true;
        }
        let next = self.surfaces.len();
        if next < SURFACES {
            let labels = if next.is_multiple_of(2) {
                self.predicted
            } else {
                self.reference
            };
            let kind = if next < 2 {
                SurfaceKind::EdgePixels
            } else {
                SurfaceKind::ContourLength
            };
            self.surfaces
                .push(Surface::of(kind, labels, self.class, &self.field));
            return false;
        }
        let from = self.directed.len();
        let (from, to) = (&self.surfaces[from], &self.surfaces[from ^ 1]);
        if self.walk.advance(from, to, points) {
            let pairs = std::mem::take(&mut self.walk).sorted();
            self.directed.push(Directed::new(&pairs));
        }
        false
    }

    /// What was found.
    #[must_use]
    pub fn finish(self) -> Comparison {
        let mut directed = self.directed.into_iter();
        let mut both = || match (directed.next(), directed.next()) {
            (Some(to_reference), Some(to_prediction)) => Distances::new(to_reference, to_prediction),
            _ => Distances::default(),
        };
        Comparison {
            field: self.field,
            overlap: self.overlap,
            edge_pixels: both(),
            contours: both(),
        }
    }
}
