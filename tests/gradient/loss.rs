//! Softmax and the compound loss.

use contour_lab::contour::{Choice, Operator, cpu as contour_cpu};
use contour_lab::loss::{Absent, Params, Pool, Preset, Union, cpu};
use contour_lab::reference;

use crate::{check, dot, noise};

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
pub(crate) fn labels([n, k, h, w]: [usize; 4]) -> Vec<u32> {
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
    let weight = contour_cpu::weight_map(&labels, &contour, [n, h, w], &params.weighting());
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
