//! The compound loss on the GPU against its twin: sizes and choices beyond the golden numbers, precision of the
//! sums, empty sets, hard overlap.

use contour_lab::contour::{Border, Choice, Operator, Weighting, cpu as contour_cpu};
use contour_lab::gpu::{Context, Recording, Request, Tensor};
use contour_lab::loss::{
    Facts, GpuLoss, GpuOverlap, Inputs, Kind, LossStep, Params, Parts, Preset, Term, Terms, cpu, overlap,
};
use contour_lab::ops;
use contour_lab::reference::Real;
use pollster::block_on;

/// Of the largest entry: some tens of f32 roundings, and exp and log that are off by several units in the last
/// place.
const RELATIVE: f64 = 2e-5;

/// Of f32 sums of a million values: they are added in strips and blocks, so that their roundings do not add up.
const SUM_RELATIVE: f64 = 1e-5;

fn context() -> Context {
    block_on(Context::poisoned(Request::Software)).expect("a graphics adapter")
}

/// Numbers in −1…1 that look random.
fn noise(len: usize) -> Vec<f32> {
    let hash = |i: usize| (i as u32 ^ 0x5bd1_e995).wrapping_mul(2_654_435_761);
    (0..len)
        .map(|i| (hash(hash(i) as usize) >> 8) as f32 / (1 << 23) as f32 - 1.0)
        .collect()
}

struct Batch {
    shape: [usize; 4],
    logits: Vec<f32>,
    labels: Vec<u32>,
    contour: Vec<u32>,
}

/// Logits in ±4, and patches of all classes but the last, which is absent from the first image.
fn batch(shape: [usize; 4]) -> Batch {
    let [n, k, h, w] = shape;
    let label = |i: usize| {
        let (image, y, x) = (i / (h * w), i / w % h, i % w);
        let class = (x / 3 + y / 4 * 3 + image) % k;
        if image == 0 && class == k - 1 {
            0
        } else {
            class as u32
        }
    };
    let labels: Vec<u32> = (0..n * h * w).map(label).collect();
    Batch {
        shape,
        logits: noise(n * k * h * w).iter().map(|z| 4.0 * z).collect(),
        contour: contour_cpu::contour(&labels, [n, h, w], &Choice::default()),
        labels,
    }
}

impl Batch {
    fn parts(&self, params: &Params) -> Parts {
        params.parts(&Facts::count(self.shape[1], self.labels.iter().copied()))
    }

    fn weight<T: Real>(&self, params: &Params) -> Vec<T> {
        let [n, _, h, w] = self.shape;
        contour_cpu::weight_map(&self.labels, &self.contour, [n, h, w], &params.weighting())
    }

    fn twin(&self, params: &Params) -> (Terms<f64>, Vec<f64>) {
        let logits = widen(&self.logits);
        let weight = self.weight(params);
        let inputs = cpu::Inputs {
            logits: &logits,
            labels: &self.labels,
            contour: &self.contour,
            weight: &weight,
            shape: self.shape,
        };
        cpu::evaluate(&inputs, &self.parts(params))
    }

    fn record(&self, context: &Context, params: &Params) -> (Recording, GpuLoss, Tensor) {
        let tensor = |values: &[u32]| Tensor::from_slice(context, "input", values).expect("a tensor");
        let (labels, contour) = (tensor(&self.labels), tensor(&self.contour));
        let logits = Tensor::from_slice(context, "logits", &self.logits).expect("logits");
        let map: Vec<f32> = self.weight(params);
        let weight = Tensor::from_slice(context, "weight", &map).expect("a weight map");
        let dlogits = Tensor::new(context, "dlogits", self.logits.len()).expect("dlogits");
        let inputs = Inputs {
            logits: &logits,
            labels: &labels,
            contour: &contour,
            weight: &weight,
            shape: self.shape,
        };
        let mut recording = Recording::new(context);
        let loss = GpuLoss::record(&mut recording, inputs, &dlogits, &self.parts(params));
        (recording, loss.expect("a loss"), dlogits)
    }

    fn gpu(&self, context: &Context, params: &Params) -> (Terms, Vec<f32>) {
        let (recording, loss, dlogits) = self.record(context, params);
        context.submit(|encoder| recording.replay(encoder));
        let terms = block_on(loss.read()).expect("terms");
        (terms, block_on(dlogits.read(context)).expect("a gradient"))
    }
}

fn as_array<T: Into<f64> + Copy>(terms: Terms<T>) -> [f64; 5] {
    terms.to_array().map(Into::into)
}

fn assert_close(what: &str, got: &[f64], expected: &[f64], relative: f64) {
    let largest = expected.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    assert!(largest > 0.0, "{what}: nothing but zeros is expected");
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let diff = (got - expected).abs();
        assert!(
            diff <= relative * largest,
            "{what}: entry {i} is {got:e}, expected {expected:e}"
        );
    }
}

fn widen(values: &[f32]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}

#[test]
fn every_pool_and_absence_agrees_with_the_twin() {
    let context = context();
    for shape in [[3, 2, 5, 7], [2, 15, 33, 19], [2, 32, 9, 23]] {
        let batch = batch(shape);
        for pool in ["joint", "joint_item", "per_class_batch", "per_class_item"] {
            for absent in ["include", "exclude"] {
                let class_weight: Vec<f64> = (0..shape[1]).map(|k| 0.5 + 0.1 * k as f64).collect();
                let params = Params::default()
                    .with("pool", pool)
                    .with("absent", absent)
                    .with("alpha", 0.7)
                    .with("beta", 1.3)
                    .with("class_weight", class_weight);
                let (terms, dlogits) = batch.gpu(&context, &params);
                let (expected, gradient) = batch.twin(&params);
                let what = format!("{shape:?} {pool} {absent}");
                for (got, expected) in as_array(terms).iter().zip(as_array(expected)) {
                    assert_close(&what, &[*got], &[expected], RELATIVE);
                }
                assert_close(&what, &widen(&dlogits), &gradient, RELATIVE);
            }
        }
    }
    assert_eq!(context.fault(), None);
}

#[test]
fn new_parameters_and_replays_give_the_bits_of_a_fresh_recording() {
    let context = context();
    let mut tried = 0;
    // Few classes go through kernels for their form, so that losses of one form fit; many through those for all.
    for (shape, bases) in [
        (
            [2, 5, 13, 9],
            &[Kind::Cwcd, Kind::CrossEntropy, Kind::Focal, Kind::LabelSmoothing][..],
        ),
        ([2, 9, 13, 9], &[Kind::Cwcd, Kind::CrossEntropy]),
    ] {
        let batch = batch(shape);
        let other = Preset::AuthorsCode
            .params()
            .with("alpha", 0.5)
            .with("pool", "per_class_item")
            .with("absent", "exclude")
            .with("lambda_contour", 0.9)
            .with(
                "class_weight",
                (0..shape[1]).map(|k| 0.1 + k as f64).collect::<Vec<_>>(),
            );
        for base in bases {
            let base = Params::new(*base);
            let (recording, loss, dlogits) = batch.record(&context, &base);
            for params in Kind::ALL
                .iter()
                .map(|kind| Params::new(*kind))
                .chain([other.clone()])
            {
                let parts = batch.parts(&params);
                // The weight map that was recorded, where one is loaded, is the base's.
                if !loss.fits(&parts) || params.weighting::<f32>() != base.weighting() {
                    continue;
                }
                tried += 1;
                loss.set(&parts);
                let fresh = batch.gpu(&context, &params);
                for _ in 0..2 {
                    context.submit(|encoder| recording.replay(encoder));
                    let terms = block_on(loss.read()).expect("terms");
                    let gradient: Vec<f32> = block_on(dlogits.read(&context)).expect("a gradient");
                    assert_eq!((terms, gradient), fresh, "{}", params.definition().name);
                }
            }
        }
    }
    assert!(tried > 24, "{tried} were tried");
}

#[test]
fn every_number_of_classes_agrees_with_the_twin_under_every_loss() {
    let context = context();
    for classes in 2..=9 {
        let batch = batch([2, classes, 11, 13]);
        for kind in Kind::ALL {
            let params = Params::new(*kind);
            let what = format!("{} of {classes}", params.definition().name);
            let (terms, dlogits) = batch.gpu(&context, &params);
            let (expected, gradient) = batch.twin(&params);
            assert_close(&what, &as_array(terms), &as_array(expected), RELATIVE);
            assert_close(&what, &widen(&dlogits), &gradient, RELATIVE);
        }
    }
    assert_eq!(context.fault(), None);
}

#[test]
fn the_whole_step_agrees_with_the_twin_under_every_choice() {
    let context = context();
    let contours = [
        Choice::default(),
        Choice {
            border: Border::Background,
            ..Choice::default()
        },
        Choice {
            operator: Operator::Gradient,
            iterations: 2,
            ..Choice::default()
        },
    ];
    for shape in [[2, 4, 37, 19], [2, 9, 9, 11]] {
        for choice in contours {
            let mut batch = batch(shape);
            batch.contour = contour_cpu::contour(&batch.labels, [shape[0], shape[2], shape[3]], &choice);
            let params = Preset::AuthorsCode.params();
            let logits = Tensor::from_slice(&context, "logits", &batch.logits).expect("logits");
            let labels = Tensor::from_slice(&context, "labels", &batch.labels).expect("labels");
            let mut recording = Recording::new(&context);
            let parts = batch.parts(&params);
            let step = LossStep::record(&mut recording, &logits, &labels, &choice, &parts, shape);
            let step = step.expect("a step");
            context.submit(|encoder| recording.replay(encoder));
            let (expected, gradient) = batch.twin(&params);
            let dlogits: Vec<f32> = block_on(step.dlogits.read(&context)).expect("a gradient");
            let terms = block_on(step.loss.read()).expect("terms");
            assert_close("terms", &as_array(terms), &as_array(expected), RELATIVE);
            assert_close("gradient", &widen(&dlogits), &gradient, RELATIVE);
            let few = shape[1] <= 8;
            if few && choice.iterations == 1 {
                assert_eq!(recording.dispatches(), 7);
            }
        }
    }
    assert_eq!(context.fault(), None);
}

#[test]
fn a_class_left_out_of_the_mean_has_no_say() {
    let shape = [1, 4, 8, 8];
    let mut batch = batch(shape);
    for label in &mut batch.labels {
        *label = u32::from(*label == 1);
    }
    batch.contour = contour_cpu::contour(&batch.labels, [1, 8, 8], &Choice::default());
    let of = |absent: &str| batch.twin(&Params::default().with("absent", absent)).0;
    let (included, excluded) = (of("include"), of("exclude"));
    assert!(included.rest > excluded.rest + 0.01);
    let (_, gradient) = batch.twin(&Params::default().with("alpha", 0.0));
    // Through the softmax alone, classes 2 and 3 move in proportion to their probabilities.
    let softmax = |k: usize| f64::from(batch.logits[64 * k]).exp();
    let ratio = gradient[64 * 2] / gradient[64 * 3];
    assert!((ratio / (softmax(2) / softmax(3)) - 1.0).abs() <= 1e-9);
}

#[test]
fn an_empty_contour_set_has_no_loss_and_no_gradient() {
    let context = context();
    let mut batch = batch([2, 3, 7, 5]);
    batch.contour.fill(0);
    let params = Params::default()
        .with("alpha", 0.0)
        .with("lambda_contour", 1.0)
        .with("lambda_rest", 0.0);
    let (terms, gradient) = batch.gpu(&context, &params);
    assert_eq!((terms.total, terms.contour), (0.0, 0.0));
    assert!(gradient.iter().all(|value| *value == 0.0), "{gradient:?}");
    let (terms, gradient) = batch.twin(&params);
    assert_eq!((terms.total, terms.contour), (0.0, 0.0));
    assert!(gradient.iter().all(|value| *value == 0.0));
}

#[test]
fn huge_logits_stay_finite() {
    let context = context();
    let mut batch = batch([2, 4, 9, 7]);
    for logit in &mut batch.logits {
        *logit = 1e4 * logit.signum();
    }
    for preset in [Preset::Paper, Preset::AuthorsCode] {
        let params = preset.params();
        let (terms, gradient) = batch.gpu(&context, &params);
        let (expected, expected_gradient) = batch.twin(&params);
        assert_close("terms", &as_array(terms), &as_array(expected), RELATIVE);
        assert_close("gradient", &widen(&gradient), &expected_gradient, RELATIVE);
    }
}

#[test]
fn two_passes_hold_a_million_values() {
    let context = context();
    let len = 1_000_003;
    let random = noise(len).iter().map(|z| z.abs()).collect();
    let spread = noise(len).iter().map(|z| z.abs().powi(20)).collect();
    for values in [vec![0.1_f32; len], random, spread] {
        let x = Tensor::from_slice(&context, "x", &values).expect("x");
        let strips = Tensor::new(&context, "strips", ops::sum::strips(len)).expect("strips");
        let sum = Tensor::new(&context, "sum", 1).expect("sum");
        let mut recording = Recording::new(&context);
        ops::sum::record(&mut recording, &strips, &x);
        ops::sum::record(&mut recording, &sum, &strips);
        context.submit(|encoder| recording.replay(encoder));
        let sum: Vec<f32> = block_on(sum.read(&context)).expect("a sum");
        let exact: f64 = values.iter().map(|value| f64::from(*value)).sum();
        assert_close("sum", &[f64::from(sum[0])], &[exact], SUM_RELATIVE);
    }
    // Shows that the test bites: one running f32 sum does not hold it.
    let naive: f32 = std::iter::repeat_n(0.1_f32, len).fold(0.0, |sum, value| sum + value);
    assert!((f64::from(naive) / (f64::from(0.1_f32) * len as f64) - 1.0).abs() > 1e-3);
}

#[test]
fn terms_of_a_megapixel_hold_under_every_loss() {
    let context = context();
    let batch = batch([1, 3, 1009, 997]);
    for kind in Kind::ALL {
        let params = Params::new(*kind);
        let name = params.definition().name;
        // Maps of distances are as exact at any size; over a megapixel they would take minutes here.
        let near = matches!(params.weighting::<f32>(), Weighting::Contour { .. });
        if !near
            || matches!(
                batch.parts(&params).pixel.term,
                Term::Boundary | Term::Hausdorff { .. }
            )
        {
            continue;
        }
        let (terms, gradient) = batch.gpu(&context, &params);
        let (expected, expected_gradient) = batch.twin(&params);
        for (got, expected) in as_array(terms).iter().zip(as_array(expected)) {
            // A loss without contours has nothing on them.
            if expected != 0.0 || *got != 0.0 {
                assert_close(name, &[*got], &[expected], SUM_RELATIVE);
            }
        }
        assert_close(name, &widen(&gradient), &expected_gradient, RELATIVE);
    }
}

#[test]
fn overlap_is_counted_exactly() {
    let context = context();
    for shape in [[3, 2, 1, 1], [2, 32, 17, 23], [1, 4, 301, 11]] {
        let mut batch = batch(shape);
        // A tie goes to the first class.
        let pixels = shape[2] * shape[3];
        batch.logits[0] = 9.0;
        batch.logits[pixels] = 9.0;
        let logits = Tensor::from_slice(&context, "logits", &batch.logits).expect("logits");
        let labels = Tensor::from_slice(&context, "labels", &batch.labels).expect("labels");
        let mut recording = Recording::new(&context);
        let recorded = GpuOverlap::record(&mut recording, &logits, &labels, shape).expect("an overlap");
        let (prediction, counts) = overlap(&batch.logits, &batch.labels, shape);
        assert_eq!(prediction[0], 0);
        assert_eq!(
            counts.iter().skip(1).step_by(3).sum::<u32>() as usize,
            batch.labels.len()
        );
        // Twice, because the counts are added up.
        for _ in 0..2 {
            context.submit(|encoder| recording.replay(encoder));
            let read = |tensor: &Tensor| block_on(tensor.read::<u32>(&context)).expect("a result");
            assert_eq!(read(&recorded.prediction), prediction);
            assert_eq!(read(&recorded.counts), counts);
        }
    }
}
