//! Activations of 16 bits, through the real session: less memory, nearly the same losses, and their cost told.

use contour_lab::gpu::{Context, Request};
use contour_lab::train::{
    Augmentation, Dataset, Error, Event, Recipe, Regimen, Rounding, Session, SliceOfDataset, Split,
};
use contour_lab::{contour, loss, net, optim};

const SIZE: usize = 32;
const SLICES: usize = 4;
const STEPS: u64 = 20;
/// Of a logit: the roundings of some twenty layers of numbers below 8, each at most 4e-3 there, and seldom of one sign.
const LOGIT: f64 = 0.05;
/// Of the first loss, for twenty steps: f16 has 11 binary places, which is 5e-4 of a number; the steps carry it on.
const TOLERANCE: f64 = 5e-3;

/// A bright disc in noise, one for each slice.
fn phantom() -> Dataset {
    let inside =
        |slice: usize, y: usize, x: usize| (x as f64 - 12.0 - slice as f64).hypot(y as f64 - 15.0) <= 8.0;
    let place = |i: usize| (i / SIZE / SIZE, i / SIZE % SIZE, i % SIZE);
    let labels: Vec<u32> = (0..SLICES * SIZE * SIZE)
        .map(|i| {
            let (slice, y, x) = place(i);
            inside(slice, y, x).into()
        })
        .collect();
    let noise = |i: usize| (i * 7919 % 101) as f32 / 101.0;
    let images = (0..)
        .zip(&labels)
        .map(|(i, label)| 0.5 * *label as f32 + 0.4 * noise(i));
    let split = Split {
        train: vec![0, 1, 2],
        validation: vec![3],
    };
    Dataset::ready(images.collect(), labels.clone(), 2, [SIZE, SIZE], split)
}

fn recipe(kind: net::Kind, norm: net::Norm, half_activations: bool) -> Recipe {
    Recipe {
        network: net::Unet {
            kind,
            in_channels: 1,
            classes: 2,
            width: 4,
            depth: 2,
            norm,
            ..net::Unet::default()
        },
        contour: contour::Choice::default(),
        loss: loss::Preset::AuthorsCode.params(),
        optimiser: optim::Optimiser::Adam(optim::Adam {
            learning_rate: 1e-2,
            ..optim::Adam::default()
        }),
        batch: 3,
        steps: STEPS,
        validate_every: STEPS,
        seed: 5,
        augmentation: Augmentation::default(),
        half_activations,
        patch: None,
        regimen: Regimen::default(),
    }
}

/// The losses of all steps, and what the activations cost at the end.
fn run(context: &Context, recipe: Recipe) -> (Vec<f64>, Option<Rounding>) {
    let mut session = Session::on_gpu(context, recipe, &phantom(), None).unwrap();
    while !session.finished() {
        session.step();
    }
    session.show(SliceOfDataset(3));
    let (mut losses, mut rounding) = (Vec::new(), None);
    while let Some(event) = pollster::block_on(session.next()) {
        match event.unwrap() {
            Event::Step { terms, .. } => losses.push(terms.total),
            Event::Rounding { rounding: told, .. } => rounding = Some(told),
            _ => {}
        }
    }
    (losses, rounding)
}

#[test]
fn halves_lose_few_digits_and_say_how_many() {
    let context = pollster::block_on(Context::poisoned(Request::Software)).unwrap();
    assert!(
        context.has_halves(),
        "the software adapter of the tests has shader-f16"
    );
    let plain = (net::Kind::default(), net::Norm::None);
    let kinds = net::Kind::ALL.map(|kind| (kind, net::Norm::Instance));
    for (kind, norm) in [plain].into_iter().chain(kinds) {
        let (full, none) = run(&context, recipe(kind, norm, false));
        let (half, rounding) = run(&context, recipe(kind, norm, true));
        assert_eq!(none, None);
        let rounding = rounding.unwrap();
        println!(
            "{kind:?} {norm:?}: {rounding:?}, losses {} and {}",
            full[19], half[19]
        );
        assert!(full[19] <= 0.9 * full[0], "nothing was learnt: {full:?}");
        assert_ne!(full, half, "nothing was rounded");
        for (at_full, half) in full.iter().zip(&half) {
            assert!(
                (at_full - half).abs() <= TOLERANCE * full[0],
                "{half} instead of {at_full}"
            );
        }
        assert!(
            rounding.largest_logit > 0.0 && rounding.largest_logit <= LOGIT,
            "{rounding:?}"
        );
        assert_eq!(rounding.pixels, SIZE * SIZE);
        assert!(rounding.changed <= SIZE * SIZE / 100, "{rounding:?}");
        let [half, full] = rounding.losses;
        assert!((half - full).abs() <= TOLERANCE * full);
    }
    assert_eq!(context.fault(), None);
}

#[test]
fn halves_without_a_gpu_are_refused() {
    let refused = Session::on_cpu::<f32>(
        recipe(net::Kind::default(), net::Norm::None, true),
        &phantom(),
        None,
    );
    assert_eq!(refused.err(), Some(Error::NoHalves));
}
