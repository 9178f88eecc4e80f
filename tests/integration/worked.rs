//! What the page writes down of a pixel, step by step, comes to what the loss computes.

use contour_lab::contour::{Choice, Operator, cpu as contour_cpu};
use contour_lab::loss::{Explained, Facts, Given, Kind, Params, Share, Worked};
use pollster::block_on;

/// A chain of f32 roundings against the same chain in f64, of the largest share of the slice.
const F32: f64 = 4e-6;

const SHAPE: [usize; 4] = [1, 4, 11, 13];

/// Patches of four classes; logits that are neither right nor wrong.
fn given() -> Given {
    let [n, k, h, w] = SHAPE;
    let labels: Vec<u32> = (0..h * w)
        .map(|i| ((i % w / 4 + i / w / 3 * 2) % k) as u32)
        .collect();
    let choice = Choice {
        operator: Operator::Gradient,
        ..Choice::default()
    };
    let noise = |i: usize| {
        let hash = (i as u32).wrapping_mul(2_654_435_761).wrapping_add(977);
        (hash.wrapping_mul(2_246_822_519) >> 8) as f32 / (1 << 22) as f32 - 2.0
    };
    Given {
        logits: (0..k * h * w).map(noise).collect(),
        contour: contour_cpu::contour(&labels, [n, h, w], &choice).into(),
        labels: labels.into(),
        shape: SHAPE,
    }
}

/// Every loss as it comes, and every option that the arithmetic of a pixel knows.
fn losses() -> Vec<Params> {
    let mut losses: Vec<Params> = Kind::ALL.iter().map(|kind| Params::new(*kind)).collect();
    let focal = Params::new(Kind::Focal);
    losses.extend([
        Params::default().preset("authors_code"),
        Params::default()
            .with("alpha", 0.7)
            .with("class_weight", vec![0.5, 1.0, 2.0, 3.0]),
        focal.clone().with("form", "sigmoid").with("balance", "alpha"),
        focal.clone().with("reduction", "mean_over_classes_and_pixels"),
        Params::new(Kind::LabelSmoothing).with("eps", 0.3),
        Params::new(Kind::WeightedCrossEntropy).with("normalise", "by_pixels"),
        Params::new(Kind::DistanceCrossEntropy).with("normalise", "by_map_sum"),
        Params::new(Kind::Dice).with("form", "squared"),
        Params::new(Kind::GeneralisedDice)
            .with("weighting", "authors")
            .with("smooth", 0.5),
    ]);
    losses
}

fn explain(given: &Given, params: &Params) -> Explained {
    let facts = Facts::count(SHAPE[1], given.labels.iter().copied());
    block_on(given.explain(None, params, &facts)).expect("an explanation")
}

#[test]
fn every_step_leads_to_the_share() {
    let given = given();
    for params in losses() {
        let explained = explain(&given, &params);
        let pixels = SHAPE[2] * SHAPE[3];
        let mut lines = 0;
        for x in 0..pixels {
            for line in explained.inspect(&given, x).lines {
                let map = explained.map(line.term);
                let largest =
                    map.iter().fold(0.0_f64, |most, v| most.max(f64::from(v.abs()))) / pixels as f64;
                let worked = match explained.work(&given, x, &line) {
                    Worked::Pixel(work) => work.share,
                    Worked::Ratio(work) => work
                        .classes
                        .iter()
                        .map(|class| {
                            let [qt, q, t, qq] = class.s;
                            class.constant
                                + qt * class.q * class.t
                                + q * class.q
                                + t * class.t
                                + qq * class.q * class.q
                        })
                        .sum(),
                };
                let apart = (worked - f64::from(line.share)).abs();
                assert!(
                    largest > 0.0 && apart <= F32 * largest,
                    "{} {:?} at {x}: {worked} is not {}",
                    params.definition().name,
                    line.term,
                    line.share
                );
                lines += 1;
            }
        }
        assert!(lines >= pixels, "{}: {lines} lines", params.definition().name);
    }
}

#[test]
fn sums_over_the_slice_are_the_terms_of_the_loss() {
    let given = given();
    for params in losses() {
        let explained = explain(&given, &params);
        let lines = explained.inspect(&given, 0).lines;
        let size: f64 = explained
            .map(Share::Total)
            .iter()
            .map(|v| f64::from(v.abs()))
            .sum::<f64>()
            / given.labels.len() as f64;
        let mut total = 0.0;
        for line in &lines {
            let (sum, entry) = (explained.sum(line.term), explained.entry(line.term));
            assert!(
                (sum - entry).abs() <= F32 * size.max(entry.abs()),
                "{} {:?}: {sum} is not {entry}",
                params.definition().name,
                line.term
            );
            total += entry;
        }
        let loss = explained.entry(Share::Total);
        assert!(
            (total - loss).abs() <= F32 * size.max(loss.abs()),
            "{}: {total} is not {loss}",
            params.definition().name
        );
    }
}

#[test]
fn a_weighted_cross_entropy_by_hand_and_without_its_weight() {
    let given = given();
    let explained = explain(&given, &Params::default());
    let x = (0..given.labels.len())
        .find(|x| explained.weight[*x] > 1.0)
        .expect("a contour");
    let line = &explained.inspect(&given, x).lines[0];
    let Worked::Pixel(work) = explained.work(&given, x, line) else {
        panic!("the first term is the pixel term");
    };
    let by_hand = work.alpha * work.weight * work.class_weight * work.surprise[0] / work.divisor;
    assert!((by_hand - work.share).abs() <= 1e-15, "{by_hand}");
    let without_weight = by_hand / work.weight;
    assert!((without_weight - f64::from(line.share)).abs() > F32 * work.share);
}
