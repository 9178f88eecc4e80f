//! Every loss.

use contour_lab::contour::{Choice, Operator, cpu as contour_cpu};
use contour_lab::loss::{Domain, Facts, Kind, Params, Preset, Value, cpu};

use crate::{check, noise, processor, rounded};

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

fn compound(name: &str, params: &Params, operator: Operator) {
    let shape = [2, 4, 7, 9];
    let [n, k, h, w] = shape;
    let labels = labels(shape);
    let choice = Choice {
        operator,
        ..Choice::default()
    };
    let contour = contour_cpu::contour(&labels, [n, h, w], &choice);
    let parts = params.parts(&Facts::count(k, labels.iter().copied()));
    let weight = contour_cpu::weight_map(&labels, &contour, [n, h, w], &parts.weighting.cast());
    let logits = rounded(noise(5, shape.iter().product()).iter().map(|z| 2.0 * z));
    let given = cpu::Inputs {
        logits: &logits,
        labels: &labels,
        contour: &contour,
        weight: &weight,
        shape,
    };
    let (_, dlogits) = cpu::evaluate(&given, &parts);
    let total = |logits: &[f64]| cpu::terms(&cpu::Inputs { logits, ..given }, &parts).total;
    check(name, total, &logits, &dlogits);
    processor::check_loss(name, &given, &parts, &dlogits);
}

const POOLS: [&str; 4] = ["joint", "joint_item", "per_class_batch", "per_class_item"];

#[test]
fn compound_loss_with_every_pool_and_absence() {
    for pool in POOLS {
        for absent in ["include", "exclude"] {
            let params = Params::default()
                .with("pool", pool)
                .with("absent", absent)
                .with("alpha", 0.3)
                .with("beta", 1.7)
                .with("lambda_contour", 0.6)
                .with("class_weight", vec![0.5, 2.0, 1.0, 3.0])
                .with("union", "foreground");
            compound(&format!("{pool} {absent}"), &params, Operator::Erode);
            let only_dice = params.with("alpha", 0.0);
            compound(&format!("{pool} {absent} Dice"), &only_dice, Operator::Gradient);
        }
    }
}

#[test]
fn compound_loss_with_every_preset_and_operator() {
    for preset in [Preset::Paper, Preset::AuthorsCode] {
        for operator in [Operator::Erode, Operator::Dilate, Operator::Gradient] {
            compound(&format!("{preset:?} {operator:?}"), &preset.params(), operator);
        }
    }
}

/// Every loss with its defaults, then with every other word, and with numbers away from both ends.
#[test]
fn every_loss_with_every_choice() {
    for kind in Kind::ALL {
        let params = Params::new(*kind);
        compound(params.definition().name, &params, Operator::Erode);
        for parameter in params.definition().parameters {
            let others: Vec<Value> = match &parameter.domain {
                Domain::Number {
                    low, high, default, ..
                } => {
                    vec![(default + 0.1 * (high.min(4.0) - low)).min(*high).into()]
                }
                Domain::Word { options } => options[1..].iter().map(|option| option.key.into()).collect(),
                Domain::PerClass => vec![vec![0.5, 2.0, 1.0, 3.0].into()],
            };
            for value in others {
                let name = format!("{} with {} = {value:?}", kind.definition().name, parameter.key);
                compound(
                    &name,
                    &params.clone().with(parameter.key, value),
                    Operator::Gradient,
                );
            }
        }
    }
}
