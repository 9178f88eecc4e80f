//! Distances on the GPU and by the twins against a search of all pixels, in sizes beyond the golden numbers.

use contour_lab::contour::{Choice, Distance, Frame, SignedDistance, WeightMap, Weighting, cpu, objects};
use contour_lab::gpu::{Context, Recording, Request, Tensor};
use pollster::block_on;

/// Of the largest entry: a square, a root and an exponential that are each off by a few units in the last place.
const RELATIVE: f64 = 2e-6;

/// D, H, W: more columns than a workgroup has invocations; single rows, columns and slices.
const DIMS: [[usize; 3]; 5] = [[1, 23, 67], [4, 11, 13], [3, 1, 19], [3, 17, 1], [5, 1, 1]];

const CLASSES: usize = 6;

fn context() -> Context {
    block_on(Context::poisoned(Request::Software)).expect("a graphics adapter")
}

/// Disks that overlap, and stray pixels; the first slice of a volume is all background, class 5 is absent.
fn labels([d, h, w]: [usize; 3]) -> Vec<u32> {
    let voxel = |i: usize| {
        let (z, y, x) = (i / (h * w), i / w % h, i % w);
        let disk = (0..7).find(|disk| {
            let (cy, cx) = ((disk * 5 + z) % h, (disk * disk * 3 + 2 * z) % w);
            y.abs_diff(cy).pow(2) + x.abs_diff(cx).pow(2) <= disk % 3 * 3
        });
        match disk {
            _ if d > 1 && z == 0 => 0,
            Some(disk) => disk as u32 % 4 + 1,
            None => u32::from(i * 2_654_435_761 % 131 == 5),
        }
    };
    (0..d * h * w).map(voxel).collect()
}

/// Squared distance (D, K, H, W) by looking at every pixel of the frame.
fn searched(labels: &[u32], [d, h, w]: [usize; 3], spacing: [f64; 3], frame: Frame) -> Vec<f64> {
    let at = |i: usize| [i / (h * w), i / w % h, i % w];
    let mut squared = Vec::new();
    for z in 0..d {
        for class in 0..CLASSES as u32 {
            for i in z * h * w..(z + 1) * h * w {
                let others = (0..labels.len())
                    .filter(|other| frame == Frame::Volume || at(*other)[0] == z)
                    .filter(|other| (labels[*other] == class) != (labels[i] == class));
                let distance = |other: usize| {
                    let offset = |axis: usize| at(i)[axis].abs_diff(at(other)[axis]) as f64 * spacing[axis];
                    (0..3).map(|axis| offset(axis).powi(2)).sum::<f64>()
                };
                let nearest = others.map(distance).fold(f64::INFINITY, f64::min);
                squared.push(if nearest.is_finite() { nearest } else { 0.0 });
            }
        }
    }
    squared
}

fn assert_close(what: &str, got: &[f64], expected: &[f64], relative: f64) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let largest = expected
        .iter()
        .fold(1e-3_f64, |largest, value| largest.max(value.abs()));
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let difference = (got - expected).abs();
        assert!(
            difference <= relative * largest,
            "{what}: {i} is {got}, not {expected}"
        );
    }
}

fn widen(values: &[f32]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}

/// What is recorded from class sets, played.
fn played(
    context: &Context,
    input: &[u32],
    record: impl FnOnce(&mut Recording, &Tensor) -> Tensor,
) -> Vec<f64> {
    let input = Tensor::from_slice(context, "input", input).expect("class sets");
    let mut recording = Recording::new(context);
    let result = record(&mut recording, &input);
    context.submit(|encoder| recording.replay(encoder));
    widen(&block_on(result.read(context)).expect("a result"))
}

#[test]
fn distances_are_those_of_a_search_of_all_pixels() {
    let context = context();
    for dims in DIMS {
        let labels = labels(dims);
        let bits: Vec<u32> = labels.iter().map(|label| 1 << label).collect();
        for frame in [Frame::Slice, Frame::Volume] {
            for spacing in [[1.0_f32; 3], [3.0, 0.75, 1.25]] {
                let what = format!("{dims:?} {frame:?} {spacing:?}");
                let wide = spacing.map(f64::from);
                let squared = searched(&labels, dims, wide, frame);
                // Every factor is a multiple of 1/4, so that the squares are exact in f32 as well.
                let gpu = played(&context, &bits, |recording, bits| {
                    Distance::record_squared(recording, bits, dims, CLASSES, spacing, frame)
                        .expect("distances")
                        .distance
                });
                assert_eq!(gpu, squared, "{what}");
                assert_eq!(
                    cpu::distance_squared(&bits, dims, CLASSES, wide, frame),
                    squared,
                    "{what}"
                );
                let distance: Vec<f64> = squared.iter().map(|squared| squared.sqrt()).collect();
                assert!(dims == [5, 1, 1] && frame == Frame::Slice || distance.iter().any(|d| *d > 1.0));
                let gpu = played(&context, &bits, |recording, bits| {
                    Distance::record(recording, bits, dims, CLASSES, spacing, frame)
                        .expect("distances")
                        .distance
                });
                assert_close(&what, &gpu, &distance, RELATIVE);
                assert_eq!(
                    cpu::distance(&bits, dims, CLASSES, wide, frame),
                    distance,
                    "{what}"
                );

                let area = dims[1] * dims[2];
                let signed: Vec<f64> = (0..distance.len())
                    .map(|i| {
                        let class = (i / area % CLASSES) as u32;
                        let inside = labels[i / (area * CLASSES) * area + i % area] == class;
                        let d = distance[i];
                        if inside && d > 0.0 { 1.0 - d } else { d }
                    })
                    .collect();
                let gpu = played(&context, &bits, |recording, bits| {
                    SignedDistance::record(recording, bits, dims, CLASSES, spacing, frame)
                        .expect("signed distances")
                        .signed
                });
                assert_close(&what, &gpu, &signed, RELATIVE);
                assert_eq!(cpu::signed_distance(&bits, dims, CLASSES, wide, frame), signed);
            }
        }
    }
}

/// The distances from a pixel to the two nearest objects of its slice, by looking at every pixel.
fn two_nearest(objects: &[u32], [_, h, w]: [usize; 3], i: usize) -> Option<[f64; 2]> {
    let slice = i / (h * w) * h * w;
    let count = *objects[slice..slice + h * w].iter().max()?;
    let mut squares: Vec<usize> = (1..=count)
        .filter_map(|object| {
            let pixels = (slice..slice + h * w).filter(|j| objects[*j] == object);
            let squared = |j: usize| (j / w).abs_diff(i / w).pow(2) + (j % w).abs_diff(i % w).pow(2);
            pixels.map(squared).min()
        })
        .collect();
    squares.sort_unstable();
    (squares.len() >= 2).then(|| [squares[0], squares[1]].map(|squared| (squared as f64).sqrt()))
}

#[test]
fn the_gaps_are_those_of_a_search_of_all_objects() {
    let context = context();
    for dims in DIMS {
        let labels = labels(dims);
        let objects = objects(&labels, dims);
        let contour = cpu::contour(&labels, dims, &Choice::default());
        let expected: Vec<f64> = (0..labels.len())
            .map(|i| match two_nearest(&objects, dims, i) {
                Some([d1, d2]) if objects[i] == 0 => {
                    1.0 + 7.0 * (-(d1 + d2).powi(2) / (2.0 * 4.0 * 4.0)).exp()
                }
                _ => 1.0,
            })
            .collect();
        assert!(
            dims[1..] == [1, 1] || expected.iter().any(|weight| *weight > 1.1),
            "{dims:?}"
        );
        let gpu = played(&context, &contour, |recording, contour| {
            let weighting = Weighting::BetweenObjects { w0: 7.0, sigma: 4.0 };
            WeightMap::record(recording, &labels, contour, dims, &weighting)
                .expect("a weight map")
                .weight
        });
        assert_close(&format!("{dims:?}"), &gpu, &expected, RELATIVE);
        let weighting = Weighting::BetweenObjects { w0: 7.0, sigma: 4.0 };
        let twin = cpu::weight_map(&labels, &contour, dims, &weighting);
        assert_close(&format!("{dims:?}"), &twin, &expected, 1e-12);
    }
}

#[test]
fn a_slice_without_a_contour_weighs_1() {
    let context = context();
    let dims = [2, 5, 7];
    // The contour of all of the first slice's border; none in the second.
    let mut contour = vec![0; 70];
    contour[..7].fill(0b10);
    let expected: Vec<f64> = (0..70)
        .map(|i| {
            if i < 35 {
                1.0 + 3.0 * (-((i / 7) as f64).powi(2) / 8.0).exp()
            } else {
                1.0
            }
        })
        .collect();
    let gpu = played(&context, &contour, |recording, contour| {
        let weighting = Weighting::NearContour { w0: 3.0, sigma: 2.0 };
        WeightMap::record(recording, &[0; 70], contour, dims, &weighting)
            .expect("a weight map")
            .weight
    });
    assert_close("gpu", &gpu, &expected, RELATIVE);
    let weighting = Weighting::NearContour { w0: 3.0, sigma: 2.0 };
    assert_close(
        "twin",
        &cpu::weight_map(&[0; 70], &contour, dims, &weighting),
        &expected,
        1e-12,
    );
}
