//! A run that has come to its end takes more steps, on the twins: with a constant rate it is the longer run, digit by digit,
//! and with a falling one it has the rates that the longer run has.

use contour_lab::lab::{History, TrainedOn};
use contour_lab::optim::{RateSchedule, Shape};
use contour_lab::train::{
    Augmentation, Dataset, Event, MOST_STEPS, Recipe, Regimen, Session, Snapshot, Source, Split,
};
use contour_lab::{contour, loss, net, optim};
use pollster::block_on;

const SIZE: usize = 8;

/// A square that moves through the slices, and a darker one beside it.
fn phantom() -> Dataset {
    let slices = 6;
    let (mut image, mut labels) = (Vec::new(), Vec::new());
    for slice in 0..slices {
        for y in 0..SIZE {
            for x in 0..SIZE {
                let inside =
                    |left: usize, top: usize| (left..left + 3).contains(&x) && (top..top + 3).contains(&y);
                let label = if inside(slice % 4, 1) {
                    1
                } else {
                    u8::from(inside(4, 5)) * 2
                };
                labels.push(label);
                image.push(f32::from(label) * 30.0 + ((slice * 7 + y * 5 + x * 3) % 11) as f32);
            }
        }
    }
    let split = Split {
        train: vec![0, 1, 2, 3],
        validation: vec![5],
    };
    let source = Source {
        image: &image,
        labels: &labels,
        shape: [SIZE, SIZE, slices],
        classes: 3,
        window: [0.0, 80.0],
    };
    Dataset::new(source, [SIZE, SIZE], Some(split)).unwrap()
}

/// Everything that has a memory is on: draws by step, moments, averaged weights.
fn recipe(steps: u64, shape: Shape) -> Recipe {
    Recipe {
        network: net::Unet {
            classes: 3,
            width: 2,
            depth: 2,
            ..net::Unet::default()
        },
        contour: contour::Choice::default(),
        loss: loss::Params::default(),
        optimiser: optim::Optimiser::AdamW(optim::Adam {
            learning_rate: 0.02,
            ..optim::Adam::decoupled()
        }),
        batch: 2,
        steps,
        validate_every: 3,
        seed: 5,
        augmentation: Augmentation {
            rotation_degrees: 10.0,
            shift: 0.1,
            by_class: 0.5,
            ..Augmentation::default()
        },
        half_activations: false,
        regimen: Regimen {
            rate: RateSchedule {
                shape,
                ..RateSchedule::default()
            },
            averaging: Some(0.9),
            ..Regimen::default()
        },
        patch: None,
    }
}

fn open(steps: u64, shape: Shape) -> Session {
    Session::on_cpu::<f64>(recipe(steps, shape), &phantom(), None).unwrap()
}

/// Steps to the end, with all that is told of it.
fn run(session: &mut Session) -> Vec<Event> {
    while !session.finished() {
        session.step();
    }
    std::iter::from_fn(|| block_on(session.next()).map(Result::unwrap)).collect()
}

fn losses(events: &[Event]) -> Vec<f64> {
    let total = |event: &Event| match event {
        Event::Step { terms, .. } | Event::Validation { terms, .. } => Some(terms.total),
        _ => None,
    };
    events.iter().filter_map(total).collect()
}

/// A run of three steps, and of three more.
fn three_and_three(shape: Shape) -> Vec<Event> {
    let mut session = open(3, shape);
    let mut events = run(&mut session);
    assert_eq!(losses(&events).len(), 4, "three steps and a validation");
    session.train_on(3);
    assert!(!session.finished());
    events.extend(run(&mut session));
    assert_eq!(session.steps(), 6);
    events
}

#[test]
fn at_a_constant_rate_it_is_the_longer_run() {
    let both = losses(&three_and_three(Shape::Constant));
    assert_eq!(both, losses(&run(&mut open(6, Shape::Constant))));
    assert_eq!(both.len(), 8);
}

/// Of the run with a falling rate, by the twins in f64. Steps 0 to 2 are at the rates of a run of three steps, 3 to 5 at those
/// of one of six.
const STATED: [f64; 8] = [
    3.025_417_329_197_027,
    2.785_399_655_780_232,
    2.801_625_897_243_275_7,
    2.805_006_272_238_300_5,
    2.762_988_583_520_827_8,
    2.714_024_969_309_204_7,
    2.704_818_545_636_403,
    2.726_005_310_247_668_2,
];

#[test]
fn a_falling_rate_goes_on_as_in_the_longer_run() {
    let schedule = recipe(3, Shape::Cosine).regimen.rate;
    let factors = [(2, 3), (3, 6), (5, 6)].map(|(step, steps)| schedule.factor(step, steps));
    assert!(
        factors[0] < 0.26 && (factors[1] - 0.5).abs() <= 1e-12 && factors[2] < 0.07,
        "{factors:?}"
    );
    let both = losses(&three_and_three(Shape::Cosine));
    for (place, (is, stated)) in both.iter().zip(STATED).enumerate() {
        // Sums of some hundred numbers in 64 bits, in whatever order a compiler makes of them.
        assert!((is - stated).abs() <= 1e-9, "{place}: {both:?}");
    }
    let short = losses(&run(&mut open(3, Shape::Cosine)));
    assert_eq!(both[..4], short);
}

#[test]
fn the_fast_kernels_of_the_processor_go_on_as_well() {
    let open =
        |steps| Session::on_processor(recipe(steps, Shape::Constant), &phantom(), None, Vec::new()).unwrap();
    let mut session = open(3);
    let mut both = losses(&run(&mut session));
    session.train_on(3);
    both.extend(losses(&run(&mut session)));
    assert_eq!(both, losses(&run(&mut open(6))));
}

#[test]
fn it_is_told_recorded_and_undone_by_a_reset() {
    let mut session = open(3, Shape::Cosine);
    session.train_on(3);
    assert_eq!(
        losses(&run(&mut session)).len(),
        4,
        "nothing happens before the end"
    );
    session.train_on(0);
    assert!(session.finished());
    session.train_on(u64::MAX);
    let told = block_on(session.next()).unwrap().unwrap();
    assert_eq!(
        told,
        Event::TrainedOn {
            step: 3,
            steps: MOST_STEPS
        }
    );

    let events = three_and_three(Shape::Cosine);
    let mut history = History::default();
    events.iter().for_each(|event| history.add(event));
    assert_eq!(history.trained_on, [TrainedOn { step: 3, steps: 6 }]);
    assert_eq!(history.train.len(), 6);

    let mut session = open(3, Shape::Cosine);
    let first = losses(&run(&mut session));
    session.train_on(3);
    run(&mut session);
    session.reset();
    assert_eq!(
        losses(&run(&mut session)),
        first,
        "the recipe's steps, and its rates"
    );
}

#[test]
fn a_snapshot_knows_how_far_the_run_goes() {
    let mut session = Session::on_cpu::<f32>(recipe(3, Shape::Cosine), &phantom(), None).unwrap();
    session.keep_snapshots();
    run(&mut session);
    session.train_on(4);
    session.step();
    let mut events = Vec::new();
    while let Some(event) = block_on(session.next()) {
        events.push(event.unwrap());
    }
    let snapshot = |event: Event| match event {
        Event::Snapshot(snapshot) => Some(snapshot),
        _ => None,
    };
    let kept: Vec<Snapshot> = events.into_iter().filter_map(snapshot).collect();
    assert_eq!(
        kept.iter().map(|it| [it.step, it.steps]).collect::<Vec<_>>(),
        [[3, 7]]
    );
    let whole = losses(&run(&mut session));

    let mut other = Session::on_cpu::<f32>(recipe(3, Shape::Cosine), &phantom(), None).unwrap();
    other.resume(&kept[0]).unwrap();
    assert!(!other.finished());
    let resumed = losses(&run(&mut other));
    // The fourth step was seen already.
    assert_eq!(resumed[1..], whole);
    assert_eq!(other.steps(), 7);
}

#[test]
fn a_run_that_stopped_early_goes_on_with_patience() {
    let mut impatient = recipe(30, Shape::Constant);
    impatient.validate_every = 1;
    impatient.regimen.patience = Some(1);
    impatient.optimiser = optim::Optimiser::Adam(optim::Adam {
        learning_rate: 1e-9,
        ..optim::Adam::default()
    });
    let mut session = Session::on_cpu::<f64>(impatient, &phantom(), None).unwrap();
    while !session.finished() {
        session.step();
        while let Some(event) = block_on(session.next()) {
            event.unwrap();
        }
    }
    let stopped = session.steps();
    assert!(stopped < 30, "no validation is better than the first");
    session.train_on(2);
    assert!(!session.finished());
    session.step();
    assert_eq!(session.steps(), stopped + 1);
}
