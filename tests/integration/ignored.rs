//! Labels of no class: no contour, no loss, no gradient, no score; everything else as if those pixels were not there.

use contour_lab::contour::{Border, Choice, Frame, IGNORED, Mapper, Operator, Shape, cpu as contour_cpu};
use contour_lab::gpu::{Context, Recording, Request, Tensor};
use contour_lab::loss::{Facts, GpuLoss, GpuOverlap, Inputs, Kind, LossStep, Params, Preset, cpu, overlap};
use pollster::block_on;

/// Some tens of f32 roundings, of the largest entry.
const RELATIVE: f64 = 2e-5;
/// The same sums in f64, in another order.
const EXACT: f64 = 1e-12;

struct Batch {
    shape: [usize; 4],
    logits: Vec<f64>,
    labels: Vec<u32>,
    contour: Vec<u32>,
}

/// Patches of all classes with a hole and some strays of no class; logits in ±4.
fn batch(shape: [usize; 4]) -> Batch {
    let [n, k, h, w] = shape;
    let label = |i: usize| {
        let (image, y, x) = (i / (h * w), i / w % h, i % w);
        let is_hole = (2..5).contains(&y) && (3..7).contains(&x);
        if is_hole || i % 23 == 5 {
            IGNORED
        } else {
            ((x / 3 + y / 4 * 3 + image) % k) as u32
        }
    };
    let labels: Vec<u32> = (0..n * h * w).map(label).collect();
    let noise = |i: usize| {
        let hash = (i as u32 ^ 0x5bd1_e995).wrapping_mul(2_654_435_761);
        f64::from((hash.wrapping_mul(2_246_822_519) >> 8) as f32 / (1 << 21) as f32 - 4.0)
    };
    Batch {
        shape,
        logits: (0..n * k * h * w).map(noise).collect(),
        contour: contour_cpu::contour(&labels, [n, h, w], &Choice::default()),
        labels,
    }
}

impl Batch {
    fn facts(&self) -> Facts {
        Facts::count(self.shape[1], self.labels.iter().copied())
    }

    fn weight(&self, params: &Params) -> Vec<f64> {
        let [n, _, h, w] = self.shape;
        contour_cpu::weight_map(&self.labels, &self.contour, [n, h, w], &params.weighting())
    }

    /// Terms and gradient in f64 under a weight map.
    fn evaluate(&self, params: &Params, weight: &[f64]) -> ([f64; 5], Vec<f64>) {
        let inputs = cpu::Inputs {
            logits: &self.logits,
            labels: &self.labels,
            contour: &self.contour,
            weight,
            shape: self.shape,
        };
        let (terms, gradient) = cpu::evaluate(&inputs, &params.parts(&self.facts()));
        (terms.to_array(), gradient)
    }

    /// The pixels of a batch of one that count, in a row, and where they were.
    fn counted(&self) -> (Self, Vec<usize>) {
        let [_, k, h, w] = self.shape;
        let places: Vec<usize> = (0..h * w).filter(|x| self.labels[*x] != IGNORED).collect();
        let of = |values: &[u32]| places.iter().map(|x| values[*x]).collect();
        let logits = (0..k).flat_map(|k| places.iter().map(move |x| k * h * w + x));
        let counted = Self {
            shape: [1, k, 1, places.len()],
            logits: logits.map(|i| self.logits[i]).collect(),
            labels: of(&self.labels),
            contour: of(&self.contour),
        };
        (counted, places)
    }
}

fn context() -> Context {
    block_on(Context::poisoned(Request::Software)).expect("a graphics adapter")
}

fn assert_close(what: &str, got: &[f64], expected: &[f64], relative: f64) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    assert!(largest > 0.0, "{what}: nothing but zeros is expected");
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        assert!(
            (got - expected).abs() <= relative * largest,
            "{what}: entry {i} is {got:e}, expected {expected:e}"
        );
    }
}

/// Every loss as it comes, and the paper's.
fn losses() -> Vec<Params> {
    let mut losses: Vec<Params> = Kind::ALL.iter().map(|kind| Params::new(*kind)).collect();
    losses.push(Preset::AuthorsCode.params());
    losses.push(Params::new(Kind::WeightedCrossEntropy).with("normalise", "by_pixels"));
    losses
}

/// Whether distances to what surrounds a pixel are part of it: they need the whole picture.
fn has_distances(params: &Params) -> bool {
    let facts = Facts::count(4, [0, 1, 2, 3]);
    params.parts(&facts).pixel.term.has_field()
}

/// So defined by `ignore_index` of PyTorch's cross-entropy, and by MONAI's masked losses.
#[test]
fn a_loss_is_that_of_the_pixels_that_count() {
    let all = batch([1, 4, 12, 13]);
    let (counted, places) = all.counted();
    let pixels = all.labels.len();
    let mut compared = 0;
    for params in losses().iter().filter(|params| !has_distances(params)) {
        let name = params.definition().name;
        let weight = all.weight(params);
        let (terms, gradient) = all.evaluate(params, &weight);
        let own: Vec<f64> = places.iter().map(|x| weight[*x]).collect();
        let (expected, of_counted) = counted.evaluate(params, &own);
        assert_close(name, &terms, &expected, EXACT);
        let there: Vec<f64> = (0..4)
            .flat_map(|k| places.iter().map(move |x| k * pixels + x))
            .map(|i| gradient[i])
            .collect();
        assert_close(name, &there, &of_counted, EXACT);
        compared += 1;
    }
    assert!(compared > 12, "{compared} losses");
}

#[test]
fn what_is_ignored_has_no_gradient_under_any_loss_and_the_gpu_agrees() {
    let context = context();
    for shape in [[2, 2, 9, 11], [2, 4, 12, 13], [1, 8, 12, 13], [2, 9, 9, 11]] {
        let all = batch(shape);
        let [n, classes, h, w] = shape;
        for params in losses() {
            let what = format!("{} of {classes}", params.definition().name);
            let weight = all.weight(&params);
            let (expected, gradient) = all.evaluate(&params, &weight);
            let f32s = |values: &[f64]| -> Vec<f32> { values.iter().map(|value| *value as f32).collect() };
            let logits = Tensor::from_slice(&context, "logits", &f32s(&all.logits)).unwrap();
            let labels = Tensor::from_slice(&context, "labels", &all.labels).unwrap();
            let contour = Tensor::from_slice(&context, "contour", &all.contour).unwrap();
            let weight = Tensor::from_slice(&context, "weight", &f32s(&weight)).unwrap();
            let dlogits = Tensor::new(&context, "dlogits", all.logits.len()).unwrap();
            let inputs = Inputs {
                logits: &logits,
                labels: &labels,
                contour: &contour,
                weight: &weight,
                shape,
            };
            let mut recording = Recording::new(&context);
            let loss =
                GpuLoss::record(&mut recording, inputs, &dlogits, &params.parts(&all.facts())).unwrap();
            context.submit(|encoder| recording.replay(encoder));
            let terms = block_on(loss.read()).unwrap().to_array().map(f64::from);
            let on_gpu: Vec<f64> = block_on(dlogits.read::<f32>(&context))
                .unwrap()
                .into_iter()
                .map(f64::from)
                .collect();
            assert_close(&what, &terms, &expected, RELATIVE);
            assert_close(&what, &on_gpu, &gradient, RELATIVE);
            for (i, label) in all.labels.iter().enumerate() {
                let first = i / (h * w) * classes * h * w + i % (h * w);
                let own = (0..classes).map(|k| first + k * h * w);
                let is_still = own.clone().all(|at| on_gpu[at] == 0.0 && gradient[at] == 0.0);
                assert!(*label != IGNORED || is_still, "{what}: pixel {i} of {n} images");
            }
        }
    }
    assert_eq!(context.fault(), None);
}

#[test]
fn the_step_of_a_training_run_agrees_too() {
    let context = context();
    for choice in [
        Choice::default(),
        Choice {
            operator: Operator::Gradient,
            iterations: 2,
            ..Choice::default()
        },
    ] {
        let mut all = batch([2, 4, 37, 19]);
        all.contour = contour_cpu::contour(&all.labels, [2, 37, 19], &choice);
        let params = Preset::AuthorsCode.params();
        let logits: Vec<f32> = all.logits.iter().map(|value| *value as f32).collect();
        let logits = Tensor::from_slice(&context, "logits", &logits).unwrap();
        let labels = Tensor::from_slice(&context, "labels", &all.labels).unwrap();
        let mut recording = Recording::new(&context);
        let parts = params.parts(&all.facts());
        let step = LossStep::record(&mut recording, &logits, &labels, &choice, &parts, all.shape).unwrap();
        context.submit(|encoder| recording.replay(encoder));
        let (expected, _) = all.evaluate(&params, &all.weight(&params));
        let terms = block_on(step.loss.read()).unwrap().to_array().map(f64::from);
        assert_close("terms", &terms, &expected, RELATIVE);
    }
}

#[test]
fn the_contour_is_the_same_on_both_sides_and_none_is_made_by_what_is_unknown() {
    let context = context();
    let mut mapper = Mapper::gpu(&context);
    let dims = [4, 9, 11];
    let labels = batch([4, 3, 9, 11]).labels;
    // Class 1 on the left, nothing known on the right.
    let halves: Vec<u32> = (0..99).map(|i| if i % 11 < 5 { 1 } else { IGNORED }).collect();
    for shape in [Shape::Square, Shape::Cross, Shape::Disk] {
        for operator in [Operator::Erode, Operator::Dilate, Operator::Gradient] {
            for (frame, iterations) in [(Frame::Slice, 1), (Frame::Slice, 2), (Frame::Volume, 1)] {
                let choice = Choice {
                    operator,
                    shape,
                    radius: 1,
                    iterations,
                    border: Border::Ignore,
                    frame,
                };
                let twin = contour_cpu::contour(&labels, dims, &choice);
                let gpu = block_on(mapper.map(&labels, dims, &choice)).unwrap();
                assert_eq!(gpu, twin, "{choice:?}");
                assert!(twin.iter().any(|bits| *bits != 0), "{choice:?}");
                for (bits, label) in twin.iter().zip(&labels) {
                    assert!(*label != IGNORED || *bits == 0, "{choice:?}");
                }
                let none = contour_cpu::contour(&halves, [1, 9, 11], &choice);
                assert!(none.iter().all(|bits| *bits == 0), "{choice:?}");
            }
        }
    }
    assert!(block_on(mapper.map(&[40_u8], [1, 1, 1], &Choice::default())).is_err());
}

#[test]
fn only_pixels_with_a_class_are_scored() {
    let context = context();
    let all = batch([2, 3, 9, 11]);
    let logits: Vec<f32> = all.logits.iter().map(|value| *value as f32).collect();
    let (prediction, counts) = overlap(&logits, &all.labels, all.shape);
    let counting = all.labels.iter().filter(|label| **label != IGNORED).count();
    for kind in 0..2 {
        let sum: u32 = counts.iter().skip(kind).step_by(3).sum();
        assert_eq!(
            sum as usize, counting,
            "each is of one class in prediction and reference"
        );
    }
    let logits = Tensor::from_slice(&context, "logits", &logits).unwrap();
    let labels = Tensor::from_slice(&context, "labels", &all.labels).unwrap();
    let mut recording = Recording::new(&context);
    let recorded = GpuOverlap::record(&mut recording, &logits, &labels, all.shape).unwrap();
    context.submit(|encoder| recording.replay(encoder));
    assert_eq!(block_on(recorded.counts.read::<u32>(&context)).unwrap(), counts);
    assert_eq!(
        block_on(recorded.prediction.read::<u32>(&context)).unwrap(),
        prediction
    );
}
