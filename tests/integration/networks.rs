//! Every network through the real session, and everything that a regimen may ask for.

use contour_lab::gpu::{Context, Request};
use contour_lab::net::{Kind, Unet};
use contour_lab::optim::{Adam, Optimiser, RateSchedule, Shape};
use contour_lab::train::{Augmentation, Dataset, Event, Recipe, Regimen, Session, Source, Split};
use contour_lab::{contour, loss};

/// Of the losses of the GPU, as a share of the twin's in f64: some hundred roundings of f32, and a few times as many
/// after eight steps.
const CLOSE: f64 = 1e-4;
/// Pixels along both axes.
const SIZE: usize = 16;

/// Discs of two classes in noise.
fn phantom() -> Dataset {
    let (mut image, mut labels) = (Vec::new(), Vec::new());
    for slice in 0..4_usize {
        for y in 0..SIZE {
            for x in 0..SIZE {
                let inside = |cx: f64, cy: f64, r: f64| (x as f64 - cx).hypot(y as f64 - cy) <= r;
                let large = inside(5.0 + slice as f64 * 0.4, 6.0, 3.5);
                let small = inside(11.0, 11.0 - slice as f64 * 0.3, 2.0);
                let label = if large { 1 } else { u8::from(small) * 2 };
                let noise = ((slice * 7919 + y * 104_729 + x * 1_299_709) % 97) as f32 / 97.0;
                labels.push(label);
                image.push(f32::from(label) * 40.0 + 8.0 * noise);
            }
        }
    }
    let split = Split {
        train: vec![0, 2],
        validation: vec![1, 3],
    };
    let source = Source {
        image: &image,
        labels: &labels,
        shape: [SIZE, SIZE, 4],
        classes: 3,
        window: [0.0, 100.0],
    };
    Dataset::new(source, [SIZE, SIZE], Some(split)).expect("a data set")
}

fn recipe(kind: Kind, steps: u64, regimen: Regimen) -> Recipe {
    Recipe {
        network: Unet {
            kind,
            classes: 3,
            width: 4,
            depth: 3,
            ..Unet::default()
        },
        contour: contour::Choice::default(),
        loss: loss::Preset::AuthorsCode.params(),
        // Its ε is large: with 1e-8 a gradient near 0 becomes a whole step, of a sign that roundings decide.
        optimiser: Optimiser::Adam(Adam {
            learning_rate: 0.01,
            eps: 0.01,
            ..Adam::default()
        }),
        batch: 2,
        steps,
        validate_every: 2,
        seed: 3,
        augmentation: Augmentation::default(),
        half_activations: false,
        patch: None,
        regimen,
    }
}

fn context() -> Context {
    pollster::block_on(Context::poisoned(Request::Software)).expect("a graphics adapter")
}

fn arrived(session: &mut Session) -> Vec<Event> {
    let mut events = Vec::new();
    while let Some(event) = pollster::block_on(session.next()) {
        events.push(event.expect("a device that works"));
    }
    events
}

/// To the end, taking in what arrives after every step, as the page does.
fn run(session: &mut Session) -> Vec<Event> {
    let mut events = Vec::new();
    while !session.finished() {
        session.step();
        events.extend(arrived(session));
    }
    events
}

fn weights(session: &mut Session) -> Vec<f32> {
    session.read_weights();
    let arena = |event: Event| match event {
        Event::Weights { arena, .. } => Some(arena),
        _ => None,
    };
    arrived(session).into_iter().find_map(arena).expect("weights")
}

/// The loss of every step and of every validation.
fn losses(events: &[Event]) -> Vec<f64> {
    let total = |event: &Event| match event {
        Event::Step { terms, .. } | Event::Validation { terms, .. } => Some(terms.total),
        _ => None,
    };
    events.iter().filter_map(total).collect()
}

fn everything() -> Regimen {
    Regimen {
        rate: RateSchedule {
            shape: Shape::Cosine,
            warmup_steps: 3,
            ..RateSchedule::default()
        },
        clip_norm: Some(0.5),
        averaging: Some(0.8),
        freeze_encoder: true,
        keep_best: true,
        patience: None,
    }
}

fn assert_close(got: &[f64], expected: &[f64], what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let difference = (got - expected).abs();
        assert!(
            difference <= CLOSE * expected.abs(),
            "{what}: {i} is {got}, not {expected}"
        );
    }
}

#[test]
fn every_network_learns_alike_on_gpu_and_processor() {
    let (context, dataset) = (context(), phantom());
    for kind in Kind::ALL {
        for regimen in [Regimen::default(), everything()] {
            let recipe = recipe(kind, 8, regimen);
            let mut gpu = Session::on_gpu(&context, recipe.clone(), &dataset, None).unwrap();
            let mut cpu = Session::on_cpu::<f64>(recipe, &dataset, None).unwrap();
            let [on_gpu, on_cpu] = [&mut gpu, &mut cpu].map(|session| losses(&run(session)));
            assert_close(&on_gpu, &on_cpu, &format!("{kind:?} {regimen:?}"));
            assert!(
                on_gpu[on_gpu.len() - 2] < 0.98 * on_gpu[0],
                "{kind:?}: {on_gpu:?}"
            );
        }
    }
    assert_eq!(context.fault(), None);
}

#[test]
fn a_frozen_encoder_keeps_every_bit_and_takes_less() {
    let (context, dataset) = (context(), phantom());
    for kind in Kind::ALL {
        let freezes = |freeze_encoder| {
            recipe(
                kind,
                3,
                Regimen {
                    freeze_encoder,
                    ..Regimen::default()
                },
            )
        };
        let [frozen, free] = [true, false].map(|freeze| freezes(freeze).graph(SIZE, SIZE).unwrap());
        let (before, of_all) = (frozen.frozen_len(), frozen.parameter_count());
        assert!(
            0 < before && before < frozen.arena_len(),
            "{kind:?}: {before} of {of_all}"
        );
        assert!(frozen.training_bytes(2) < free.training_bytes(2), "{kind:?}");
        for parameter in &frozen.parameters {
            let is_of_encoder = parameter.name.starts_with("enc");
            assert_eq!(parameter.start < before, is_of_encoder, "{}", parameter.name);
        }
        for mut session in [
            Session::on_gpu(&context, freezes(true), &dataset, None).unwrap(),
            Session::on_cpu::<f32>(freezes(true), &dataset, None).unwrap(),
        ] {
            let start = weights(&mut session);
            run(&mut session);
            let end = weights(&mut session);
            assert_eq!(start[..before], end[..before], "{kind:?}");
            let moved =
                |parameter: &contour_lab::net::Parameter| start[parameter.range()] != end[parameter.range()];
            let trained = frozen
                .parameters
                .iter()
                .filter(|parameter| parameter.start >= before);
            assert!(
                trained.clone().all(moved),
                "{kind:?}: a parameter that is trained stays"
            );
        }
    }
}

/// With a rate that never moves anything, no validation is better than the first.
#[test]
fn patience_ends_a_run_that_gets_no_better() {
    let still = Recipe {
        optimiser: Optimiser::Adam(Adam {
            learning_rate: 1e-9,
            ..Adam::default()
        }),
        ..recipe(
            Kind::Plain,
            50,
            Regimen {
                patience: Some(2),
                ..Regimen::default()
            },
        )
    };
    let mut session = Session::on_gpu(&context(), still, &phantom(), None).unwrap();
    let events = run(&mut session);
    assert_eq!(session.steps(), 6);
    assert!(
        matches!(events.last(), Some(Event::Stopped { step: 6 })),
        "{:?}",
        events.last()
    );
    session.reset();
    assert!(!session.finished());
}

#[test]
fn the_best_weights_are_those_of_the_best_validation() {
    let regimen = Regimen {
        keep_best: true,
        ..Regimen::default()
    };
    let (context, dataset) = (context(), phantom());
    let mut session = Session::on_gpu(&context, recipe(Kind::Plain, 8, regimen), &dataset, None).unwrap();
    let mut seen = Vec::new();
    let mut best = None;
    while !session.finished() {
        session.step();
        for event in arrived(&mut session) {
            if let Event::Best { step, .. } = event {
                best = Some(step);
            }
        }
        seen.push(weights(&mut session));
    }
    let best = best.expect("a first validation is the best so far");
    session.read_best_weights();
    let events = arrived(&mut session);
    let [Event::Weights { step, arena }] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(*step, best);
    assert_eq!(arena, &seen[best as usize - 1]);
}

#[test]
fn a_default_regimen_asks_for_nothing() {
    let old = serde_json::to_value(recipe(Kind::Plain, 3, Regimen::default())).unwrap();
    let mut without = old.clone();
    without.as_object_mut().unwrap().remove("regimen");
    without["network"].as_object_mut().unwrap().remove("kind");
    assert_eq!(
        serde_json::from_value::<Recipe>(without).unwrap(),
        serde_json::from_value(old).unwrap()
    );
    let mut session =
        Session::on_cpu::<f32>(recipe(Kind::Plain, 3, Regimen::default()), &phantom(), None).unwrap();
    let events = run(&mut session);
    assert!(
        events
            .iter()
            .all(|event| matches!(event, Event::Step { .. } | Event::Validation { .. }))
    );
    session.read_best_weights();
    assert_eq!(arrived(&mut session), []);
}

/// Goes on from the snapshot after `at` steps in a session of its own.
fn resumed(open: impl Fn() -> Session, at: u64) -> [Vec<f64>; 2] {
    let mut whole = open();
    whole.keep_snapshots();
    let events = run(&mut whole);
    let snapshot = events.iter().find_map(|event| match event {
        Event::Snapshot(snapshot) if snapshot.step == at => Some(snapshot.clone()),
        _ => None,
    });
    let mut other = open();
    // A session that has been elsewhere.
    other.step();
    arrived(&mut other);
    other
        .resume(&snapshot.expect("a snapshot behind each validation"))
        .expect("the same recipe");
    let rest = losses(&run(&mut other));
    let all = losses(&events);
    [all[all.len() - rest.len()..].to_vec(), rest]
}

#[test]
fn a_run_goes_on_from_a_snapshot_as_if_nothing_had_been() {
    let (context, dataset) = (context(), phantom());
    for regimen in [Regimen::default(), everything()] {
        let recipe = || recipe(Kind::Plain, 8, regimen);
        let [whole, rest] = resumed(
            || Session::on_gpu(&context, recipe(), &dataset, None).expect("a session"),
            4,
        );
        // Four steps and the validations after the sixth and the eighth.
        assert_eq!((rest.len(), &whole), (6, &rest), "bit by bit on one adapter");
        let [whole, rest] = resumed(
            || Session::on_cpu::<f32>(recipe(), &dataset, None).expect("a session"),
            4,
        );
        assert_eq!((rest.len(), &whole), (6, &rest));
    }
}

#[test]
fn a_snapshot_of_another_network_is_refused() {
    let dataset = phantom();
    let open = |kind| {
        Session::on_cpu::<f32>(recipe(kind, 2, Regimen::default()), &dataset, None).expect("a session")
    };
    let mut plain = open(Kind::Plain);
    plain.keep_snapshots();
    let snapshot = run(&mut plain).into_iter().find_map(|event| match event {
        Event::Snapshot(snapshot) => Some(snapshot),
        _ => None,
    });
    let refused = open(Kind::Residual).resume(&snapshot.expect("a snapshot"));
    assert!(refused.unwrap_err().to_string().contains("Start the run anew"));
}
