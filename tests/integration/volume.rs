//! A whole volume through the real session, on the GPU and by the twins: every slice under the same weights.

use contour_lab::gpu::{Context, Request};
use contour_lab::metrics::{Comparison, Field, Metric, SurfaceKind};
use contour_lab::train::{Augmentation, Dataset, Event, Recipe, Regimen, Session, Source, Split};
use contour_lab::{contour, loss, net, optim};

/// (W, H, D) of the source; the grid is smaller, so that slices are shrunk on the way in.
const SHAPE: [usize; 3] = [21, 19, 5];
const GRID: [usize; 2] = [16, 16];

/// A bright square that wanders through the slices.
fn dataset() -> (Vec<u8>, Dataset) {
    let [width, height, slices] = SHAPE;
    let labels: Vec<u8> = (0..width * height * slices)
        .map(|i| {
            let [x, y, z] = [i % width, i / width % height, i / (width * height)];
            u8::from((5 + z..13 + z).contains(&x) && (4..13).contains(&y))
        })
        .collect();
    let image: Vec<f32> = labels
        .iter()
        .enumerate()
        .map(|(i, label)| f32::from(*label) * 60.0 + (i * 7919 % 31) as f32)
        .collect();
    let source = Source {
        image: &image,
        labels: &labels,
        shape: SHAPE,
        classes: 2,
        window: [0.0, 100.0],
    };
    let split = Split {
        train: vec![0, 2, 4],
        validation: vec![1],
    };
    let dataset = Dataset::new(source, GRID, Some(split)).expect("a data set");
    (labels, dataset)
}

fn recipe() -> Recipe {
    Recipe {
        network: net::Unet {
            in_channels: 1,
            classes: 2,
            width: 4,
            depth: 2,
            ..net::Unet::default()
        },
        contour: contour::Choice::default(),
        loss: loss::Preset::AuthorsCode.params(),
        optimiser: optim::Optimiser::Adam(optim::Adam {
            learning_rate: 1e-2,
            ..optim::Adam::default()
        }),
        batch: 3,
        steps: 60,
        validate_every: 60,
        seed: 3,
        augmentation: Augmentation::default(),
        half_activations: false,
        patch: None,
        regimen: Regimen::default(),
    }
}

fn sessions() -> [Session; 2] {
    let (_, dataset) = dataset();
    let context = pollster::block_on(Context::poisoned(Request::Software)).expect("a graphics adapter");
    [
        Session::on_gpu(&context, recipe(), &dataset, None).expect("a session"),
        Session::on_cpu::<f32>(recipe(), &dataset, None).expect("a session"),
    ]
}

fn events(session: &mut Session) -> Vec<Event> {
    std::iter::from_fn(|| pollster::block_on(session.next()))
        .map(|event| event.expect("a device that works"))
        .collect()
}

fn steps(session: &mut Session, count: usize) {
    for _ in 0..count {
        session.step();
    }
    events(session);
}

/// The volume's labels, and the slices that were said to be done on the way.
fn volume(session: &mut Session) -> (u64, Vec<u8>, Vec<u32>) {
    session.predict_volume(0);
    let (mut done, mut found) = (Vec::new(), None);
    while session.predicts_volume() {
        session.predict_next();
        for event in events(session) {
            match event {
                Event::VolumeProgress {
                    done: now, slices, ..
                } => {
                    assert_eq!(slices as usize, SHAPE[2]);
                    done.push(now);
                }
                Event::Volume { step, labels } => found = Some((step, labels)),
                other => panic!("{other:?}"),
            }
        }
    }
    assert!(!session.predict_next());
    let (step, labels) = found.expect("a volume");
    (step, labels, done)
}

#[test]
fn every_slice_is_what_that_slice_alone_would_be() {
    let fit = dataset().1.subjects[0].fit;
    for mut session in sessions() {
        steps(&mut session, 3);
        let (step, labels, done) = volume(&mut session);
        assert_eq!(step, 3);
        assert_eq!(done, [1, 2, 3, 4]);
        let [width, height, slices] = SHAPE;
        assert_eq!(labels.len(), width * height * slices);
        for (slice, plane) in labels.chunks_exact(width * height).enumerate() {
            session.predict(slice as u32);
            let Some(Event::Prediction { labels, .. }) = events(&mut session).pop() else {
                panic!("no prediction of slice {slice}");
            };
            assert_eq!(plane, fit.to_source_map(&labels), "slice {slice}");
        }
    }
}

#[test]
fn training_goes_on_as_if_no_volume_had_been_predicted() {
    for (mut with, mut without) in sessions().into_iter().zip(sessions()) {
        steps(&mut with, 2);
        volume(&mut with);
        with.step();
        steps(&mut without, 2);
        without.step();
        let (with, without) = (events(&mut with), events(&mut without));
        assert!(matches!(with[0], Event::Step { step: 2, .. }));
        assert_eq!(with, without);
    }
}

#[test]
fn a_cancelled_volume_says_nothing_more_and_another_can_begin() {
    for mut session in sessions() {
        session.predict_volume(0);
        session.predict_next();
        session.predict_next();
        session.cancel_volume();
        assert!(!session.predicts_volume() && !session.predict_next());
        assert_eq!(events(&mut session), []);
        // A step ends a volume as well: its slices would be of different weights.
        session.predict_volume(0);
        session.predict_next();
        session.step();
        assert!(!session.predicts_volume());
        assert!(matches!(events(&mut session)[..], [Event::Step { step: 0, .. }]));
        let (step, ..) = volume(&mut session);
        assert_eq!(step, 1);
    }
}

#[test]
fn a_trained_network_finds_the_square_in_slices_it_never_saw() {
    let (reference, _) = dataset();
    let [width, height, slices] = SHAPE;
    let field = Field::volume([slices, height, width], [3.0, 1.0, 1.0]);
    for mut session in sessions() {
        let before = volume(&mut session).1;
        steps(&mut session, 60);
        let after = volume(&mut session).1;
        let dice = |labels: &[u8]| {
            let of = Comparison::new(labels, &reference, 1, field);
            of.score(Metric::Dice, SurfaceKind::EdgePixels, 1.0)
                .expect("a square")
        };
        assert!(
            dice(&after) > 0.8 && dice(&after) > dice(&before) + 0.2,
            "{} after {}",
            dice(&after),
            dice(&before)
        );
    }
}
