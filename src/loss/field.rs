//! Maps of distances that some pixel terms multiply in: made anew from the labels, and the prediction, of a batch.

use super::Term;
use crate::contour::{Distance, Frame, SignedDistance, cpu as contour_cpu};
use crate::gpu::{Error, Recording, Tensor};
use crate::ops;
use crate::reference::{self, Real};

/// Distances are in pixels of the network's grid.
const SPACING: [f32; 3] = [1.0; 3];

/// Records the field (N, K, H, W) of a term, or one number that nobody reads. `p` (N, K, H, W) is the softmax.
pub(super) fn record(
    recording: &mut Recording,
    term: Term,
    labels: &Tensor,
    p: &Tensor,
    shape: [usize; 4],
) -> Result<Tensor, Error> {
    let [n, k, h, w] = shape;
    let dims = [n, h, w];
    if !term.has_field() {
        return recording.scratch("no field", 1);
    }
    let bits = recording.scratch("class bits", n * h * w)?;
    ops::one_hot::record(recording, &bits, labels, 0);
    let Term::Hausdorff { alpha } = term else {
        return Ok(SignedDistance::record(recording, &bits, dims, k, SPACING, Frame::Slice)?.signed);
    };
    let of_reference = Distance::record(recording, &bits, dims, k, SPACING, Frame::Slice)?;
    let likely = recording.scratch("likely classes", n * h * w)?;
    ops::threshold::record(recording, &likely, p, shape);
    let of_prediction = Distance::record(recording, &likely, dims, k, SPACING, Frame::Slice)?;
    let field = recording.scratch("field", p.len())?;
    ops::distance_powers::record(
        recording,
        &field,
        &of_prediction.distance,
        &of_reference.distance,
        alpha as f32,
    );
    Ok(field)
}

/// The same by the twins; empty if the term has none.
pub(super) fn field<T: Real>(term: Term, labels: &[u32], p: &[T], [n, k, h, w]: [usize; 4]) -> Vec<T> {
    let dims = [n, h, w];
    if !term.has_field() {
        return Vec::new();
    }
    let spacing = SPACING.map(|step| T::of(f64::from(step)));
    let mut bits = vec![0; labels.len()];
    reference::one_hot::one_hot(&mut bits, labels, 0);
    let Term::Hausdorff { alpha } = term else {
        return contour_cpu::signed_distance(&bits, dims, k, spacing, Frame::Slice);
    };
    let of_reference = contour_cpu::distance(&bits, dims, k, spacing, Frame::Slice);
    reference::threshold::threshold(&mut bits, p, k, h * w);
    let of_prediction = contour_cpu::distance(&bits, dims, k, spacing, Frame::Slice);
    let mut field = vec![T::zero(); p.len()];
    reference::distance_powers::distance_powers(&mut field, &of_prediction, &of_reference, T::of(alpha));
    field
}
