//! The same maps on the processor: by the twins, and the contour also by the fast kernels.

use super::{Border, Choice, Frame, Operator, Weighting, objects};
use crate::cpu::morphology;
use crate::reference::between_objects::{between_objects_first, between_objects_weigh};
use crate::reference::distance_transform::{Pass, distance_transform_first, distance_transform_next};
use crate::reference::near_contour::{near_contour_mark, near_contour_weigh};
use crate::reference::{self, Real};

/// Writes one pass over the second class set, with a structuring element, into the first.
type Morph<'a> = dyn Fn(&mut [u32], &[u32], &[[i32; 3]]) + 'a;

/// Erosion (eroded, bits, element, dims, outside) and dilation of class sets.
struct Kernels {
    erode: fn(&mut [u32], &[u32], &[[i32; 3]], [usize; 3], u32),
    dilate: fn(&mut [u32], &[u32], &[[i32; 3]], [usize; 3]),
}

/// Contour of every class of a label (D, H, W), class k at bit k; each label below 32 or
/// [`IGNORED`](super::IGNORED).
///
/// ```
/// use contour_lab::contour::{Choice, cpu::contour};
///
/// // A square of class 1 in a slice of 5 × 5 pixels: its contour is all of it but its middle.
/// let labels = [
///     0, 0, 0, 0, 0, //
///     0, 1, 1, 1, 0, //
///     0, 1, 1, 1, 0, //
///     0, 1, 1, 1, 0, //
///     0, 0, 0, 0, 0,
/// ];
/// let contour = contour(&labels, [1, 5, 5], &Choice::default());
/// let of_class_1: Vec<u32> = contour.iter().map(|classes| classes >> 1 & 1).collect();
/// assert_eq!(of_class_1[10..15], [0, 1, 0, 1, 0]);
/// assert_eq!(of_class_1.iter().sum::<u32>(), 8);
/// ```
#[must_use]
pub fn contour(labels: &[u32], dims: [usize; 3], choice: &Choice) -> Vec<u32> {
    let twins = Kernels {
        erode: reference::erode::erode,
        dilate: reference::dilate::dilate,
    };
    contour_by(&twins, labels, dims, choice)
}

/// The same bits as [`contour`], several times as fast.
#[must_use]
pub fn fast_contour(labels: &[u32], dims: [usize; 3], choice: &Choice) -> Vec<u32> {
    let fast = Kernels {
        erode: morphology::erode,
        dilate: morphology::dilate,
    };
    contour_by(&fast, labels, dims, choice)
}

fn contour_by(kernels: &Kernels, labels: &[u32], dims: [usize; 3], choice: &Choice) -> Vec<u32> {
    // As on the GPU: to an erosion a voxel of no class is of every class, to a dilation of none.
    let bits = |ignored: u32| {
        let mut bits = vec![0; labels.len()];
        reference::one_hot::one_hot(&mut bits, labels, ignored);
        bits
    };
    let repeat = |mut from: Vec<u32>, pass: &Morph| {
        let mut to = vec![0; from.len()];
        for _ in 0..choice.iterations {
            for element in choice.passes() {
                pass(&mut to, &from, &element);
                std::mem::swap(&mut to, &mut from);
            }
        }
        from
    };
    let eroded = || {
        let outside = match choice.border {
            Border::Background => 0,
            Border::Ignore => !0,
        };
        repeat(bits(!0), &|to, from, element| {
            (kernels.erode)(to, from, element, dims, outside)
        })
    };
    let dilated = || {
        repeat(bits(0), &|to, from, element| {
            (kernels.dilate)(to, from, element, dims);
        })
    };
    let mut contour = vec![0; labels.len()];
    let (larger, smaller) = match choice.operator {
        Operator::Erode => (bits(0), eroded()),
        Operator::Dilate => (dilated(), bits(!0)),
        Operator::Gradient => (dilated(), eroded()),
    };
    reference::contour::contour(&mut contour, &larger, &smaller, labels);
    contour
}

/// The weight of every pixel (D, H, W) of a contour map, and of the labels that it was made of.
///
/// # Panics
/// If objects are asked for in a slice of 65,535 rows or more.
///
/// # Examples
/// ```
/// use contour_lab::contour::cpu::weight_map;
/// use contour_lab::loss::Params;
///
/// // The paper's weight: 1 off the contour, 3 on it. The contour of class 1 is bit 1.
/// let (labels, contour) = ([0, 1, 1], [0, 0b10, 0]);
/// let weight: Vec<f64> = weight_map(&labels, &contour, [1, 1, 3], &Params::default().weighting());
/// assert_eq!(weight, [1.0, 3.0, 1.0]);
/// ```
#[must_use]
pub fn weight_map<T: Real>(
    labels: &[u32],
    contour: &[u32],
    dims: [usize; 3],
    weighting: &Weighting<T>,
) -> Vec<T> {
    let mut weight = vec![T::zero(); contour.len()];
    match *weighting {
        Weighting::Contour {
            base,
            lambda,
            classes,
        } => {
            reference::weight_map::weight_map(&mut weight, contour, classes, base, lambda);
        }
        Weighting::NearContour { w0, sigma } => {
            let mut marks = vec![0; contour.len()];
            near_contour_mark(&mut marks, contour);
            let squared = distance_squared(&marks, dims, 1, [T::one(); 3], Frame::Slice);
            near_contour_weigh(&mut weight, &marks, &squared, w0, sigma);
        }
        Weighting::BetweenObjects { w0, sigma } => {
            let [_, height, width] = dims;
            assert!(height < 0xffff, "{height} rows");
            let objects = objects(labels, dims);
            let mut rows = vec![0; objects.len()];
            between_objects_first(&mut rows, &objects, width, height);
            between_objects_weigh(&mut weight, &objects, &rows, width, height, w0, sigma);
        }
    }
    weight
}

/// Distance (D, K, H, W) of each pixel to the nearest one whose bit k differs from its own, 0 where there is none
/// in the frame. `bits` (D, H, W) holds class k < `classes` ≤ 32 at bit k, `spacing` is along z, y, x.
#[must_use]
pub fn distance<T: Real>(
    bits: &[u32],
    dims: [usize; 3],
    classes: usize,
    spacing: [T; 3],
    frame: Frame,
) -> Vec<T> {
    passes(bits, dims, classes, spacing, frame, true)
}

/// As [`distance`], but squared: with a spacing of 1 these are exact integers.
#[must_use]
pub fn distance_squared<T: Real>(
    bits: &[u32],
    dims: [usize; 3],
    classes: usize,
    spacing: [T; 3],
    frame: Frame,
) -> Vec<T> {
    passes(bits, dims, classes, spacing, frame, false)
}

fn passes<T: Real>(
    bits: &[u32],
    dims: [usize; 3],
    classes: usize,
    spacing: [T; 3],
    frame: Frame,
    root: bool,
) -> Vec<T> {
    let pass = |axis: usize| Pass {
        dims,
        classes,
        axis,
        spacing: spacing[axis],
    };
    let mut distance = vec![T::zero(); bits.len() * classes];
    let mut before = distance.clone();
    distance_transform_first(&mut distance, bits, pass(2));
    let further = frame.further_axes();
    for (i, axis) in further.iter().enumerate() {
        std::mem::swap(&mut distance, &mut before);
        let last = i + 1 == further.len();
        distance_transform_next(&mut distance, bits, &before, pass(*axis), last, root);
    }
    distance
}

/// The map φ (D, K, H, W) of the boundary loss: outside a class +distance to it, inside −(distance to its outside
/// − 1), 0 where it is absent or fills the frame. The arguments are those of [`distance`].
#[must_use]
pub fn signed_distance<T: Real>(
    bits: &[u32],
    dims: [usize; 3],
    classes: usize,
    spacing: [T; 3],
    frame: Frame,
) -> Vec<T> {
    let distance = distance(bits, dims, classes, spacing, frame);
    let mut signed = vec![T::zero(); distance.len()];
    reference::signed_distance::signed_distance(&mut signed, bits, &distance, dims[1] * dims[2], classes);
    signed
}
