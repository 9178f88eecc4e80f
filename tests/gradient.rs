//! Central differences in float64 against the backward passes of the twins.

use contour_lab::contour::{Choice, Operator, cpu as contour_cpu};
use contour_lab::loss::{Absent, Params, Pool, Preset, Union, cpu};
use contour_lab::reference;

/// Half the distance between the two evaluations: its square (the method's error) and the rounding of the
/// difference (1e-16 over it) are both some 1e-10 of what is differentiated.
const STEP: f64 = 1e-5;
/// Of the largest entry: the 1e-10 above with room for third derivatives of some hundreds.
const RELATIVE: f64 = 1e-7;
/// A gradient without a larger entry shows nothing.
const ZERO: f64 = 1e-6;

/// Holds `analytic` against the central differences of `f` at `x`.
fn differs(f: impl Fn(&[f64]) -> f64, x: &[f64], analytic: &[f64]) -> Result<(), String> {
    assert_eq!(x.len(), analytic.len());
    let largest = analytic.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    if largest.is_nan() || largest <= ZERO {
        return Err(format!("the gradient is zero: {largest:e}"));
    }
    let mut moved = x.to_vec();
    for i in 0..x.len() {
        let mut at = |value: f64| {
            moved[i] = value;
            f(&moved)
        };
        let numeric = (at(x[i] + STEP) - at(x[i] - STEP)) / (2.0 * STEP);
        moved[i] = x[i];
        let diff = (numeric - analytic[i]).abs();
        if diff.is_nan() || diff > RELATIVE * largest {
            return Err(format!(
                "entry {i} is {:e}, the difference says {numeric:e}",
                analytic[i]
            ));
        }
    }
    Ok(())
}

/// As [`differs`], and shows that it bites: with one entry changed by a thousandth of the largest it fails.
fn check(name: &str, f: impl Fn(&[f64]) -> f64, x: &[f64], analytic: &[f64]) {
    if let Err(difference) = differs(&f, x, analytic) {
        panic!("{name}: {difference}");
    }
    let largest = analytic.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    let mut wrong = analytic.to_vec();
    wrong[analytic.len() / 2] += 1e-3 * largest;
    assert!(
        differs(f, x, &wrong).is_err(),
        "{name}: a wrong entry went unnoticed"
    );
}

/// Numbers in −1…1 that look random (SplitMix64).
fn noise(seed: u64, len: usize) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) as f64 / u64::MAX as f64
    };
    (0..len).map(|_| 2.0 * next() - 1.0).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn softmax() {
    let (classes, pixels) = (5, 7);
    let x = noise(1, 3 * classes * pixels);
    let dy = noise(2, x.len());
    let forward = |x: &[f64]| {
        let mut y = vec![0.0; x.len()];
        reference::softmax::softmax_forward(&mut y, x, classes, pixels);
        y
    };
    let mut dx = vec![0.0; x.len()];
    reference::softmax::softmax_backward(&mut dx, &forward(&x), &dy, classes, pixels);
    check("softmax", |x| dot(&forward(x), &dy), &x, &dx);
}

#[test]
fn log_softmax() {
    let (classes, pixels) = (5, 7);
    let x = noise(3, 3 * classes * pixels);
    let dy = noise(4, x.len());
    let forward = |x: &[f64]| {
        let mut y = vec![0.0; x.len()];
        reference::softmax::log_softmax_forward(&mut y, x, classes, pixels);
        y
    };
    let mut dx = vec![0.0; x.len()];
    reference::softmax::log_softmax_backward(&mut dx, &forward(&x), &dy, classes, pixels);
    check("log_softmax", |x| dot(&forward(x), &dy), &x, &dx);
}

/// Patches of classes 0 to 3, of which the first image lacks the last.
fn labels([n, k, h, w]: [usize; 4]) -> Vec<u32> {
    let patch = |i: usize| {
        let (image, y, x) = (i / (h * w), i / w % h, i % w);
        let class = (x / 3 + 2 * (y / 3) + image) % k;
        let class = if image == 0 && class == k - 1 { 0 } else { class };
        class as u32
    };
    (0..n * h * w).map(patch).collect()
}

fn compound(name: &str, params: &Params<f64>, operator: Operator) {
    let shape = [2, 4, 7, 9];
    let [n, _, h, w] = shape;
    let labels = labels(shape);
    let choice = Choice {
        operator,
        ..Choice::default()
    };
    let contour = contour_cpu::contour(&labels, [n, h, w], &choice);
    let weight = contour_cpu::weight_map(&contour, &params.weighting());
    let logits: Vec<f64> = noise(5, shape.iter().product()).iter().map(|z| 2.0 * z).collect();
    let (_, dlogits) = cpu::evaluate(&logits, &labels, &contour, &weight, shape, params);
    let total = |logits: &[f64]| cpu::terms(logits, &labels, &contour, &weight, shape, params).total;
    check(name, total, &logits, &dlogits);
}

#[test]
fn compound_loss_with_every_pool_and_absence() {
    for pool in [
        Pool::Joint,
        Pool::JointItem,
        Pool::PerClassBatch,
        Pool::PerClassItem,
    ] {
        for absent in [Absent::Include, Absent::Exclude] {
            let params = Params {
                pool,
                absent,
                alpha: 0.3,
                beta: 1.7,
                lambda_contour: 0.6,
                class_weight: vec![0.5, 2.0, 1.0, 3.0],
                union: Union::Foreground,
                ..Preset::Paper.params().cast()
            };
            compound(&format!("{pool:?} {absent:?}"), &params, Operator::Erode);
            let only_dice = Params { alpha: 0.0, ..params };
            compound(
                &format!("{pool:?} {absent:?} Dice"),
                &only_dice,
                Operator::Gradient,
            );
        }
    }
}

#[test]
fn compound_loss_with_every_preset_and_operator() {
    for preset in [Preset::Paper, Preset::AuthorsCode] {
        for operator in [Operator::Erode, Operator::Dilate, Operator::Gradient] {
            compound(
                &format!("{preset:?} {operator:?}"),
                &preset.params().cast(),
                operator,
            );
        }
    }
}
