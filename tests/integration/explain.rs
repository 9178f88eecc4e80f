//! What the page says of a pixel: shares that add up to the loss, terms whose gradients add up to the whole, and the
//! same on the GPU as by the twins.

use contour_lab::contour::{Choice, Operator, cpu as contour_cpu, extents};
use contour_lab::gpu::{Context, Request};
use contour_lab::loss::{Explained, Facts, Given, Kind, Params, Portion, Share, label_portions, portions};
use pollster::block_on;

/// Sums of some hundreds of f32 shares of either sign, of the largest sum of magnitudes.
const SUM: f32 = 2e-6;
/// What is taken apart and put together again: some f32 roundings of the largest of the slice.
const APART: f32 = 2e-6;
/// The GPU's exp, log and pow may be off by several units in the last place.
const GPU: f32 = 2e-5;

const SHAPE: [usize; 4] = [1, 4, 13, 11];

/// Patches of four classes under logits that are neither right nor wrong.
fn given(operator: Operator) -> Given {
    let [n, k, h, w] = SHAPE;
    let labels: Vec<u32> = (0..h * w)
        .map(|i| ((i % w / 3 + i / w / 4 * 2) % k) as u32)
        .collect();
    let choice = Choice {
        operator,
        ..Choice::default()
    };
    let hash = |i: usize| {
        (i as u32)
            .wrapping_mul(2_654_435_761)
            .wrapping_add(12345)
            .wrapping_mul(2_246_822_519)
    };
    let noise = |i: usize| (hash(i) >> 8) as f32 / (1 << 22) as f32 - 2.0;
    let logits = (0..k * h * w).map(|i| {
        let right = labels[i % (h * w)] as usize == i / (h * w);
        noise(i) + if right { 1.5 } else { 0.0 }
    });
    Given {
        logits: logits.collect(),
        contour: contour_cpu::contour(&labels, [n, h, w], &choice).into(),
        labels: labels.into(),
        shape: SHAPE,
    }
}

fn explain(given: &Given, context: Option<&Context>, params: &Params) -> Explained {
    let facts = Facts::count(SHAPE[1], given.labels.iter().copied());
    block_on(given.explain(context, params, &facts)).expect("an explanation")
}

fn losses() -> Vec<Params> {
    let mut losses: Vec<Params> = Kind::ALL.iter().map(|kind| Params::new(*kind)).collect();
    losses.push(Params::default().preset("authors_code"));
    losses
}

#[test]
fn shares_add_up_to_the_loss_and_gradients_to_the_whole() {
    let given = given(Operator::Gradient);
    for params in losses() {
        let name = params.definition().name;
        let explained = explain(&given, None, &params);
        let total = explained.maps.terms.total;
        let map = explained.map(Share::Total);
        let mean: f32 = map.iter().sum::<f32>() / map.len() as f32;
        let size: f32 = map.iter().map(|share| share.abs()).sum::<f32>() / map.len() as f32;
        assert!(
            size > 0.0 && (mean - total).abs() <= SUM * size.max(total.abs()),
            "{name}: {mean} is not {total}"
        );
        let largest = explained
            .maps
            .dlogits
            .iter()
            .fold(0.0_f32, |most, g| most.max(g.abs()));
        for x in 0..map.len() {
            let pixel = explained.inspect(&given, x);
            assert!(
                (pixel.share * map.len() as f32 - map[x]).abs() <= APART * map[x].abs().max(size),
                "{name}: pixel {x}"
            );
            for k in 0..SHAPE[1] {
                let sum: f32 = pixel.lines.iter().map(|line| line.gradient[k]).sum();
                assert!(
                    (sum - pixel.gradient[k]).abs() <= APART * largest,
                    "{name}: class {k} of pixel {x}"
                );
            }
            for line in &pixel.lines {
                let classes: f32 = line.classes.iter().map(|(_, share)| share).sum();
                let of_ratio = line.term != Share::Pixel;
                assert!(
                    !of_ratio || (classes - line.share).abs() <= APART * size,
                    "{name}: {:?} of pixel {x}",
                    line.term
                );
            }
        }
        let one_pixel = explained.inspect(&given, 0);
        let terms = one_pixel.lines.len();
        assert!((1..=3).contains(&terms), "{name}: {terms} terms");
    }
}

#[test]
fn the_maps_of_a_loss_leave_no_term_out() {
    let given = given(Operator::Gradient);
    for params in losses() {
        let definition = params.definition();
        let explained = explain(&given, None, &params);
        let maps = Share::of(definition);
        assert_eq!(maps.first().map(|map| map.0), Some(Share::Total));
        assert_eq!(maps.last().map(|map| map.0), Some(Share::Gradient));
        let terms = &maps[1..maps.len() - 1];
        assert_ne!(terms.len(), 1, "{}: a term that is all of it", definition.name);
        let total = explained.map(Share::Total);
        let mut sum = vec![0.0_f32; total.len()];
        for (share, name) in terms {
            assert!(!name.is_empty());
            for (sum, value) in sum.iter_mut().zip(explained.map(*share)) {
                *sum += value;
            }
        }
        let size = total.iter().map(|value| value.abs()).sum::<f32>() / total.len() as f32;
        for (x, (sum, total)) in sum.iter().zip(&total).enumerate() {
            assert!(
                terms.is_empty() || (sum - total).abs() <= APART * total.abs().max(size),
                "{}: pixel {x}",
                definition.name
            );
        }
    }
}

#[test]
fn the_gpu_says_the_same() {
    let context = block_on(Context::poisoned(Request::Software)).expect("a graphics adapter");
    let given = given(Operator::Gradient);
    for params in losses() {
        let [ours, twin] = [Some(&context), None].map(|context| explain(&given, context, &params));
        for share in [
            Share::Total,
            Share::Pixel,
            Share::Contour,
            Share::Rest,
            Share::Gradient,
        ] {
            let (ours, twin) = (ours.map(share), twin.map(share));
            let largest = twin.iter().fold(1e-3_f32, |most, value| most.max(value.abs()));
            for (ours, twin) in ours.iter().zip(&twin) {
                assert!(
                    (ours - twin).abs() <= GPU * largest,
                    "{} {share:?}",
                    params.definition().name
                );
            }
        }
        let angle = ours.angle(&twin).expect("two gradients");
        assert!(
            angle <= 0.1,
            "{}: {angle} degrees apart",
            params.definition().name
        );
    }
    assert_eq!(context.fault(), None);
}

#[test]
fn portions_are_of_one_whole_and_small_classes_gain() {
    // Inner contours: each lies within its class, so what is weighed more of a class is its own contour.
    let given = given(Operator::Erode);
    let [plain, contour] = [Kind::CrossEntropy, Kind::Cwcd].map(|kind| {
        let explained = explain(&given, None, &Params::new(kind));
        let portions = portions(&given, &explained);
        for read in [
            |of: &Portion| of.pixels,
            |of: &Portion| of.contour,
            |of: &Portion| of.weight.expect("a weight"),
            |of: &Portion| of.gradient.expect("a gradient"),
        ] {
            let sum: f64 = portions.iter().map(read).sum();
            assert!((sum - 1.0).abs() <= 1e-9, "{sum}");
        }
        (portions, explained)
    });
    for (k, portion) in plain.0.iter().enumerate() {
        assert!(
            (portion.weight.expect("a weight") - portion.pixels).abs() <= 1e-9,
            "class {k}: all pixels weigh the same"
        );
    }
    // All of the extra weight lies on the contour, so the weight moves towards the contour's share.
    for (k, portion) in contour.0.iter().enumerate() {
        let towards =
            (portion.weight.expect("a weight") - portion.pixels) * (portion.contour - portion.pixels);
        assert!(towards >= 0.0, "class {k}");
    }
    // The whole label is this one slice: without the gradient it says the same.
    let extents = extents(&given.labels, &given.contour, SHAPE[1]);
    for (of_slice, of_label) in contour.0.iter().zip(label_portions(&extents, &Params::default())) {
        let same = |a: f64, b: f64| (a - b).abs() <= 1e-9;
        assert!(same(of_slice.pixels, of_label.pixels) && same(of_slice.contour, of_label.contour));
        assert!(same(
            of_slice.weight.expect("a weight"),
            of_label.weight.expect("a weight")
        ));
        assert_eq!(of_label.gradient, None);
    }
    let angle = plain.1.angle(&contour.1).expect("two gradients");
    assert!(angle > 1.0 && angle < 90.0, "{angle}");
    assert!(plain.1.angle(&plain.1).expect("a gradient") <= 0.1);
}
