//! Contour maps on the GPU against the twins: every choice, odd sizes, 32 classes, slabs.

use contour_lab::contour::{
    Border, Choice, Error, Frame, Mapper, Operator, Plan, Shape, WeightMap, Weighting, cpu,
};
use contour_lab::gpu::{Context, Recording, Request, Tensor};
use contour_lab::reference;
use pollster::block_on;

/// An exponential and a root that are each off by a few units in the last place.
const WEIGHT_RELATIVE: f32 = 2e-6;

fn context() -> Context {
    block_on(Context::poisoned(Request::Software)).expect("a graphics adapter")
}

/// Slanted patches with a few stray voxels, of `classes` classes.
fn labels([d, h, w]: [usize; 3], classes: usize) -> Vec<u8> {
    let voxel = |i: usize| {
        let (z, y, x) = (i / (h * w), i / w % h, i % w);
        let stray = if i * 2_654_435_761 % 97 < 5 { i } else { 0 };
        ((x + z) / 4 + (y + 2 * z) / 5 + stray) % classes
    };
    (0..d * h * w).map(|i| voxel(i) as u8).collect()
}

fn choices() -> Vec<Choice> {
    let mut choices = Vec::new();
    for shape in [Shape::Square, Shape::Cross, Shape::Disk, Shape::SquareEven] {
        for operator in [Operator::Erode, Operator::Dilate, Operator::Gradient] {
            for border in [Border::Background, Border::Ignore] {
                for frame in [Frame::Slice, Frame::Volume] {
                    for (radius, iterations) in [(1, 1), (2, 1), (1, 3)] {
                        choices.push(Choice {
                            operator,
                            shape,
                            radius,
                            iterations,
                            border,
                            frame,
                        });
                    }
                }
            }
        }
    }
    choices
}

fn widen(labels: &[u8]) -> Vec<u32> {
    labels.iter().map(|label| u32::from(*label)).collect()
}

#[test]
fn every_choice_agrees_with_its_twin_on_odd_volumes() {
    let context = context();
    let mut mapper = Mapper::gpu(&context);
    for (dims, classes) in [([5, 13, 11], 32), ([1, 1, 67], 3), ([3, 9, 1], 2)] {
        let labels = labels(dims, classes);
        for choice in choices() {
            let gpu = block_on(mapper.map(&labels, dims, &choice)).expect("a contour map");
            let twin = cpu::contour(&widen(&labels), dims, &choice);
            assert_eq!(gpu, twin, "{choice:?}");
            assert!(
                classes == 2 || gpu.iter().any(|bits| *bits != 0),
                "{choice:?}: no contour"
            );
        }
    }
    assert_eq!(context.fault(), None);
}

/// The lines that a square falls apart into give what its whole list of offsets gives.
#[test]
fn passes_agree_with_the_whole_element() {
    let dims = [5, 13, 11];
    let labels = widen(&labels(dims, 4));
    let bits: Vec<u32> = labels.iter().map(|label| 1 << label).collect();
    for choice in choices() {
        let offsets = choice.offsets();
        let outside = if choice.border == Border::Ignore { !0 } else { 0 };
        let (mut eroded, mut dilated) = (bits.clone(), bits.clone());
        for _ in 0..choice.iterations {
            let (eroded_before, dilated_before) = (eroded.clone(), dilated.clone());
            reference::erode::erode(&mut eroded, &eroded_before, &offsets, dims, outside);
            reference::dilate::dilate(&mut dilated, &dilated_before, &offsets, dims);
        }
        let (larger, smaller) = match choice.operator {
            Operator::Erode => (&bits, &eroded),
            Operator::Dilate => (&dilated, &bits),
            Operator::Gradient => (&dilated, &eroded),
        };
        let whole: Vec<u32> = larger.iter().zip(smaller).map(|(l, s)| l & !s).collect();
        assert_eq!(cpu::contour(&labels, dims, &choice), whole, "{choice:?}");
    }
}

#[test]
fn slabs_give_what_the_whole_volume_gives() {
    let context = context();
    let dims = [19, 7, 9];
    let labels = labels(dims, 5);
    let area = 7 * 9;
    for (shape, radius, iterations) in [
        (Shape::Square, 1, 1),
        (Shape::Disk, 2, 2),
        (Shape::SquareEven, 1, 2),
    ] {
        for frame in [Frame::Slice, Frame::Volume] {
            let choice = Choice {
                operator: Operator::Gradient,
                shape,
                radius,
                iterations,
                border: Border::Background,
                frame,
            };
            let whole = cpu::contour(&widen(&labels), dims, &choice);
            for mapper in [Mapper::gpu(&context), Mapper::cpu()] {
                let mut mapper = mapper.with_window(3 * area);
                let slabs = block_on(mapper.map(&labels, dims, &choice)).expect("a contour map");
                assert_eq!(slabs, whole, "{choice:?}");
                let some = block_on(mapper.map_slices(&labels, dims, &choice, 6..11)).expect("some slices");
                assert_eq!(some, whole[6 * area..11 * area], "{choice:?}");
            }
        }
    }
}

#[test]
fn one_changed_voxel_changes_the_map() {
    let dims = [3, 9, 11];
    let mut labels = labels(dims, 3);
    let mut mapper = Mapper::gpu(&context());
    let mut map = |labels: &[u8]| block_on(mapper.map(labels, dims, &Choice::default())).expect("a map");
    let before = map(&labels);
    labels[150] = (labels[150] + 1) % 3;
    assert_ne!(map(&labels), before);
}

#[test]
fn what_means_nothing_is_refused() {
    let mut mapper = Mapper::cpu();
    let mut map = |labels: &[u8], dims, choice: Choice| block_on(mapper.map(labels, dims, &choice));
    let choice = Choice::default();
    assert_eq!(map(&[0, 31, 32], [1, 1, 3], choice), Err(Error::Classes(33)));
    let (len, dims) = (3, [1, 2, 2]);
    assert_eq!(map(&[0; 3], dims, choice), Err(Error::Dimensions { len, dims }));
    assert_eq!(
        map(&[0], [1, 1, 1], Choice { radius: 9, ..choice }),
        Err(Error::Radius(9))
    );
}

#[test]
fn weight_maps_follow_their_weighting_without_a_new_recording() {
    let context = context();
    let dims = [2, 9, 7];
    // Of patches of four classes one is kept, so that there is background between objects.
    let labels: Vec<u32> = widen(&labels(dims, 4))
        .iter()
        .map(|label| label & 1 & label >> 1)
        .collect();
    let mut recording = Recording::new(&context);
    let input = Tensor::from_slice(&context, "labels", &labels).expect("labels");
    let contour = Plan::record(&mut recording, &input, dims, &Choice::default())
        .expect("a plan")
        .contour;
    context.submit(|encoder| recording.replay(encoder));
    let twin = cpu::contour(&labels, dims, &Choice::default());
    let contour_of = |base, lambda, classes| Weighting::Contour {
        base,
        lambda,
        classes,
    };
    let near = |w0, sigma| Weighting::NearContour { w0, sigma };
    let between = |w0, sigma| Weighting::BetweenObjects { w0, sigma };
    for pair in [
        [Weighting::union(), contour_of(2.0, 3.0, !1)],
        [near(10.0, 5.0), near(4.0, 1.5)],
        [between(10.0, 5.0), between(4.0, 1.5)],
    ] {
        let mut recording = Recording::new(&context);
        let map = WeightMap::record(&mut recording, &labels, &contour, dims, &pair[0]).expect("a weight map");
        for weighting in pair {
            map.set(&weighting);
            context.submit(|encoder| recording.replay(encoder));
            let weight: Vec<f32> = block_on(map.weight.read(&context)).expect("a weight map");
            let expected = cpu::weight_map(&labels, &twin, dims, &weighting);
            let (low, high) = weighting.ends();
            for (got, expected) in weight.iter().zip(&expected) {
                assert!((got - expected).abs() <= WEIGHT_RELATIVE * high, "{weighting:?}");
                assert!((low..=high).contains(got), "{weighting:?} has {got}");
            }
            assert!(
                weight
                    .iter()
                    .any(|got| *got > (low + high) / 4.0 && *got != weight[0])
            );
        }
    }
}
