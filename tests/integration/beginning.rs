//! The validation of the initial weights beside the first steps, and a run that changes the engine.

use contour_lab::gpu::{Context, Request};
use contour_lab::train::{Augmentation, Dataset, Event, Recipe, Regimen, Session, Snapshot, Split};
use contour_lab::{contour, loss, net, optim};

/// Pixels of a slice along both axes.
const SIZE: usize = 16;

/// Discs of two classes, a different place in each slice; four slices train, six validate in three chunks.
fn phantom() -> Dataset {
    let (mut images, mut labels) = (Vec::new(), Vec::new());
    for slice in 0..10 {
        for y in 0..SIZE {
            for x in 0..SIZE {
                let inside = |cx: f64, cy: f64, r: f64| (x as f64 - cx).hypot(y as f64 - cy) <= r;
                let large = inside(5.0 + f64::from(slice) * 0.4, 6.0, 3.5);
                let small = inside(11.0, 11.0 - f64::from(slice) * 0.2, 2.0);
                let label = if large { 1 } else { u32::from(small) * 2 };
                labels.push(label);
                images.push(label as f32 * 0.4 + ((x * 7 + y * 13) % 11) as f32 * 0.01);
            }
        }
    }
    let split = Split {
        train: vec![0, 2, 4, 6],
        validation: vec![1, 3, 5, 7, 8, 9],
    };
    Dataset::ready(images, labels, 3, [SIZE, SIZE], split)
}

/// Everything that a validation of other weights could get wrong: averaged weights, the best ones kept, a loss that changes
/// with every step.
fn recipe() -> Recipe {
    let mut loss = loss::Params::new(loss::Kind::Boundary);
    loss.set("ramp", 0.05);
    Recipe {
        network: net::Unet {
            in_channels: 1,
            classes: 3,
            width: 4,
            depth: 2,
            ..net::Unet::default()
        },
        contour: contour::Choice::default(),
        loss,
        optimiser: optim::Optimiser::Adam(optim::Adam {
            learning_rate: 5e-3,
            ..optim::Adam::default()
        }),
        batch: 2,
        steps: 6,
        validate_every: 3,
        seed: 3,
        augmentation: Augmentation::default(),
        half_activations: false,
        patch: None,
        regimen: Regimen {
            averaging: Some(0.5),
            keep_best: true,
            ..Regimen::default()
        },
    }
}

fn context() -> Context {
    pollster::block_on(Context::poisoned(Request::Software)).unwrap()
}

/// On the GPU, on the twins, and on the processor.
fn sessions(context: &Context) -> [Session; 3] {
    let on_gpu = Session::on_gpu(context, recipe(), &phantom(), None);
    let on_twins = Session::on_cpu::<f32>(recipe(), &phantom(), None);
    let on_processor = Session::on_processor(recipe(), &phantom(), None, Vec::new());
    [on_gpu, on_twins, on_processor].map(Result::unwrap)
}

/// What has arrived by now, and what is still under way.
fn rest(session: &mut Session) -> Vec<Event> {
    let mut events = Vec::new();
    while let Some(event) = pollster::block_on(session.next()) {
        events.push(event.unwrap());
    }
    events
}

fn finish(mut session: Session) -> Vec<Event> {
    while !session.finished() {
        session.step();
    }
    session.read_weights();
    session.read_best_weights();
    rest(&mut session)
}

fn name(event: &Event) -> String {
    match event {
        Event::Step { step, .. } => format!("step {step}"),
        Event::Validation { step, .. } => format!("validation {step}"),
        Event::Best { step, .. } => format!("best {step}"),
        other => format!("{other:?}"),
    }
}

fn sorted(mut events: Vec<Event>) -> Vec<Event> {
    events.sort_by_key(name);
    events
}

#[test]
fn the_first_validation_may_follow_the_first_steps_to_the_same_digits() {
    let context = context();
    let before = sessions(&context).map(|mut session| {
        session.validate();
        finish(session)
    });
    let beside = sessions(&context).map(|mut session| {
        session.validate_initial();
        session.step();
        let first = pollster::block_on(session.next()).unwrap().unwrap();
        assert_eq!(name(&first), "step 0", "nothing stands before the first step");
        assert!(session.validate_next());
        session.step();
        assert!(session.validate_next());
        // The third chunk is submitted before the validation that is due after the third step.
        let mut events = vec![first];
        events.extend(finish(session));
        events
    });
    for (before, beside) in before.into_iter().zip(beside) {
        let names: Vec<String> = beside.iter().take(6).map(name).collect();
        assert_eq!(
            names,
            [
                "step 0",
                "step 1",
                "step 2",
                "validation 0",
                "best 0",
                "validation 3"
            ]
        );
        assert_eq!(sorted(before), sorted(beside));
    }
    assert_eq!(context.fault(), None);
}

#[test]
fn the_first_validation_ends_with_its_run() {
    for mut session in sessions(&context()) {
        session.validate_initial();
        assert!(session.validate_next());
        session.reset();
        assert!(!session.validate_next(), "the chunks of the run before are void");
        assert_eq!(rest(&mut session), []);
        session.validate_initial();
        while session.validate_next() {}
        let names: Vec<String> = rest(&mut session).iter().map(name).collect();
        assert_eq!(names[0], "validation 0");
    }
}

/// The engines sum in another order, and Adam turns the sign of a gradient near 0 into a whole step.
const ENGINES_AGREE: f64 = 2e-4;

/// A run of three steps with the snapshot behind them, and the losses of what it goes on to.
fn broken(mut session: Session) -> (Snapshot, Vec<f64>) {
    session.keep_snapshots();
    for _ in 0..3 {
        session.step();
    }
    let snapshot = rest(&mut session).into_iter().find_map(|event| match event {
        Event::Snapshot(snapshot) => Some(snapshot),
        _ => None,
    });
    (snapshot.unwrap(), losses(&finish(session)))
}

fn losses(events: &[Event]) -> Vec<f64> {
    let total = |event: &Event| match event {
        Event::Step { terms, .. } | Event::Validation { terms, .. } => Some(terms.total),
        _ => None,
    };
    events.iter().filter_map(total).collect()
}

#[test]
fn a_run_is_left_for_another_engine_and_goes_on_from_its_snapshot() {
    let context = context();
    for (from, to) in [(0, 1), (0, 2), (2, 0)] {
        let mut of = sessions(&context).map(Some);
        let [from, to] = [from, to].map(|engine| of[engine].take().unwrap());
        let mut to = to;
        let (snapshot, undisturbed) = broken(from);
        assert_eq!(snapshot.step, 3);
        to.resume(&snapshot).unwrap();
        assert_eq!(to.steps(), 3);
        let went_on = losses(&finish(to));
        assert_eq!(went_on.len(), undisturbed.len());
        for (here, there) in went_on.iter().zip(&undisturbed) {
            assert!(
                (here - there).abs() <= ENGINES_AGREE * there.abs(),
                "{here} and {there}"
            );
        }
        // It is the run after three steps, not one from the beginning.
        let mut fresh = sessions(&context).into_iter().next().unwrap();
        fresh.step();
        let first = losses(&rest(&mut fresh))[0];
        assert!((went_on[0] - first).abs() > 10.0 * ENGINES_AGREE * first.abs());
    }
}

#[test]
fn data_that_stand_in_compile_all_that_the_run_needs() {
    let context = context();
    let dataset = phantom();
    let by_class = Augmentation {
        by_class: 1.0,
        flips: true,
        ..Augmentation::default()
    };
    let moved = Recipe {
        loss: loss::Preset::Paper.params(),
        augmentation: by_class,
        patch: Some(8),
        ..recipe()
    };
    for recipe in [recipe(), moved] {
        let stand_in = Dataset::stand_in(&recipe, &dataset.extent());
        assert!(stand_in.counts().iter().flatten().all(|count| *count > 0));
        let mut compiled = [0; 2];
        // Kernels do not depend on the number of images.
        let one = Recipe {
            batch: 1,
            ..recipe.clone()
        };
        let runs = [(one, &stand_in), (recipe, &dataset)];
        for ((recipe, dataset), compiled) in runs.into_iter().zip(&mut compiled) {
            let mut session = Session::on_gpu(&context, recipe, dataset, None).unwrap();
            pollster::block_on(session.prepare(&mut |_, all| *compiled = all));
            session.validate_initial();
            session.step();
            while session.validate_next() {}
            assert!(rest(&mut session).len() > 1);
        }
        assert!(compiled[0] > 0);
        assert_eq!(compiled[1], 0, "the run has nothing left to compile");
    }
    assert_eq!(context.fault(), None);
}

#[test]
fn a_step_is_timed_on_either_engine() {
    let context = context();
    let recipe = recipe().endless();
    let stand_in = Dataset::stand_in(&recipe, &phantom().extent());
    let on_gpu = Session::on_gpu(&context, recipe.clone(), &stand_in, None).unwrap();
    let on_twins = Session::on_cpu::<f32>(recipe, &stand_in, None).unwrap();
    for (mut session, lead) in [(on_gpu, 2), (on_twins, 1)] {
        let ms = pollster::block_on(session.time_step(lead)).unwrap();
        assert!(ms > 0.0 && ms.is_finite(), "{ms} ms");
        assert_eq!(rest(&mut session), [], "only steps were taken");
        assert!(session.steps() >= 3);
    }
}
