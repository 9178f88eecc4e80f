//! The whole step, through the real session: a small network learns a small phantom, and does it the same way
//! every time.

use std::collections::BTreeSet;

use contour_lab::gpu::{Context, Profile, Request};
use contour_lab::train::{
    Augmentation, Dataset, Event, Recipe, Regimen, Session, SliceOfDataset, Source, Split,
};
use contour_lab::{contour, loss, metrics, net, optim};

/// Discs of two classes in noise, a different place and size in each slice.
fn phantom() -> Dataset {
    let (size, slices) = (16_usize, 7_usize);
    let mut image = Vec::new();
    let mut labels = Vec::new();
    for slice in 0..slices {
        for y in 0..size {
            for x in 0..size {
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
        train: vec![0, 2, 4, 6],
        validation: vec![1, 5],
    };
    let source = Source {
        image: &image,
        labels: &labels,
        shape: [size, size, slices],
        classes: 3,
        window: [0.0, 100.0],
    };
    Dataset::new(source, [size, size], Some(split)).expect("a data set")
}

fn recipe(steps: u64) -> Recipe {
    Recipe {
        network: net::Unet {
            in_channels: 1,
            classes: 3,
            width: 4,
            depth: 2,
            ..net::Unet::default()
        },
        contour: contour::Choice::default(),
        loss: loss::Preset::AuthorsCode.params(),
        optimiser: optim::Optimiser::Adam(optim::Adam {
            learning_rate: 5e-3,
            ..optim::Adam::default()
        }),
        batch: 2,
        steps,
        validate_every: 10,
        seed: 3,
        augmentation: Augmentation::default(),
        half_activations: false,
        patch: None,
        regimen: Regimen::default(),
    }
}

fn context() -> Context {
    pollster::block_on(Context::poisoned(Request::Software)).expect("a graphics adapter")
}

/// Runs to the end of the recipe and gives the events in order.
fn run(session: &mut Session) -> Vec<Event> {
    let mut events = Vec::new();
    while !session.finished() {
        session.step();
    }
    while let Some(event) = pollster::block_on(session.next()) {
        events.push(event.expect("a device that works"));
    }
    events
}

fn losses(events: &[Event]) -> Vec<f64> {
    let total = |event: &Event| {
        if let Event::Step { terms, .. } = event {
            Some(terms.total)
        } else {
            None
        }
    };
    events.iter().filter_map(total).collect()
}

#[test]
fn a_small_network_learns_a_small_phantom() {
    let mut session = Session::on_gpu(&context(), recipe(60), &phantom(), None).unwrap();
    let events = run(&mut session);
    let losses = losses(&events);
    assert_eq!(losses.len(), 60);
    assert!(
        losses[59] <= 0.35 * losses[0],
        "from {} to {}",
        losses[0],
        losses[59]
    );
    let Some(Event::Validation {
        step: 60, overlaps, ..
    }) = events.last()
    else {
        panic!("{:?}", events.last())
    };
    let dice = metrics::mean_dice(overlaps).unwrap();
    assert!(dice >= 0.8, "mean validation Dice {dice}");
    let pixels: u64 = overlaps.iter().map(|class| class.reference).sum();
    assert_eq!(pixels, 2 * 16 * 16, "every validation pixel is counted once");
}

#[test]
fn the_same_seed_gives_the_same_bits_and_so_does_a_reset() {
    let context = context();
    let mut session = Session::on_gpu(&context, recipe(12), &phantom(), None).unwrap();
    let first = losses(&run(&mut session));
    session.reset();
    assert_eq!(session.steps(), 0);
    assert_eq!(losses(&run(&mut session)), first);
    let mut again = Session::on_gpu(&context, recipe(12), &phantom(), None).unwrap();
    assert_eq!(losses(&run(&mut again)), first);
    let other = Recipe {
        seed: 4,
        ..recipe(12)
    };
    assert_ne!(
        losses(&run(
            &mut Session::on_gpu(&context, other, &phantom(), None).unwrap()
        )),
        first
    );
}

#[test]
fn a_reset_drops_what_is_in_flight() {
    let mut session = Session::on_gpu(&context(), recipe(5), &phantom(), None).unwrap();
    session.step();
    session.step();
    session.reset();
    session.step();
    let first = pollster::block_on(session.next()).unwrap().unwrap();
    assert!(matches!(first, Event::Step { step: 0, .. }), "{first:?}");
    assert!(pollster::block_on(session.next()).is_none());
}

/// Both engines sum in another order, and Adam turns the sign of a gradient near 0 into a whole step: the
/// losses drift apart by about 1e-6 a step from the second on.
const ENGINES_AGREE: f64 = 2e-4;

#[test]
fn the_twins_walk_the_same_way() {
    let gpu = run(&mut Session::on_gpu(&context(), recipe(10), &phantom(), None).unwrap());
    let cpu = run(&mut Session::on_cpu::<f64>(recipe(10), &phantom(), None).unwrap());
    for (gpu, cpu) in losses(&gpu).iter().zip(losses(&cpu)) {
        assert!((gpu - cpu).abs() <= ENGINES_AGREE * cpu, "{gpu} and {cpu}");
    }
    let (Some(Event::Validation { terms: gpu, .. }), Some(Event::Validation { terms: cpu, .. })) =
        (gpu.last(), cpu.last())
    else {
        panic!("both end with a validation")
    };
    assert!(
        (gpu.total - cpu.total).abs() <= ENGINES_AGREE * cpu.total,
        "{gpu:?} and {cpu:?}"
    );
}

/// Everything on.
fn augmented(steps: u64) -> Recipe {
    let augmentation = Augmentation {
        flips: true,
        rotation_degrees: 15.0,
        scale: 0.1,
        gamma: 0.2,
        noise: 0.05,
        elastic_pixels: 2.0,
        shift: 0.1,
        by_class: 0.5,
    };
    Recipe {
        augmentation,
        ..recipe(steps)
    }
}

#[test]
fn augmented_slices_are_the_same_on_both_engines_and_every_time() {
    let context = context();
    let mut session = Session::on_gpu(&context, augmented(10), &phantom(), None).unwrap();
    let gpu = losses(&run(&mut session));
    session.reset();
    assert_eq!(losses(&run(&mut session)), gpu);
    let plain = losses(&run(
        &mut Session::on_gpu(&context, recipe(10), &phantom(), None).unwrap()
    ));
    assert!(
        gpu.iter()
            .zip(&plain)
            .all(|(augmented, plain)| augmented != plain)
    );
    let cpu = losses(&run(
        &mut Session::on_cpu::<f64>(augmented(10), &phantom(), None).unwrap()
    ));
    for (gpu, cpu) in gpu.iter().zip(cpu) {
        assert!((gpu - cpu).abs() <= ENGINES_AGREE * cpu, "{gpu} and {cpu}");
    }
}

#[test]
fn a_network_learns_from_augmented_slices() {
    let mut session = Session::on_gpu(&context(), augmented(120), &phantom(), None).unwrap();
    let events = run(&mut session);
    let Some(Event::Validation { overlaps, .. }) = events.last() else {
        panic!("{:?}", events.last())
    };
    let dice = metrics::mean_dice(overlaps).unwrap();
    assert!(dice >= 0.8, "mean validation Dice {dice}");
}

#[test]
fn predictions_and_weights_come_when_asked_for() {
    let mut session = Session::on_gpu(&context(), recipe(3), &phantom(), None).unwrap();
    session.predict(4);
    session.read_weights();
    let Some(Ok(Event::Prediction {
        step: 0,
        slice: SliceOfDataset(4),
        labels,
    })) = pollster::block_on(session.next())
    else {
        panic!("a prediction of slice 4")
    };
    assert!(labels.len() == 16 * 16 && labels.iter().all(|label| *label < 3));
    let Some(Ok(Event::Weights { step: 0, arena })) = pollster::block_on(session.next()) else {
        panic!("the weights")
    };
    assert_eq!(arena, net::initial_weights(session.graph(), 3));
}

#[test]
fn nonsense_is_refused_in_words() {
    let context = context();
    let refuse = |recipe: Recipe| {
        Session::on_gpu(&context, recipe, &phantom(), None)
            .err()
            .unwrap()
            .to_string()
    };
    assert!(
        refuse(Recipe {
            batch: 0,
            ..recipe(3)
        })
        .contains("batch")
    );
    let classes = net::Unet {
        classes: 5,
        ..recipe(3).network
    };
    assert!(
        refuse(Recipe {
            network: classes,
            ..recipe(3)
        })
        .contains("classes")
    );
    let deep = net::Unet {
        depth: 6,
        ..recipe(3).network
    };
    assert!(
        refuse(Recipe {
            network: deep,
            ..recipe(3)
        })
        .contains("halved")
    );
    let loss = loss::Params::default().with("lambda_w", f64::NAN);
    assert!(refuse(Recipe { loss, ..recipe(3) }).contains("λ_w"));
    let rotation = Augmentation {
        rotation_degrees: 181.0,
        ..Augmentation::default()
    };
    assert!(
        refuse(Recipe {
            augmentation: rotation,
            ..recipe(3)
        })
        .contains("rotation")
    );
    let loss = loss::Params::new(loss::Kind::DistanceCrossEntropy).with("map", "between_objects");
    assert!(refuse(Recipe { loss, ..augmented(3) }).contains("between objects"));
}

#[test]
fn a_profile_between_steps_changes_no_bit() {
    let context = context();
    let mut session = Session::on_gpu(&context, recipe(12), &phantom(), None).expect("a session");
    let mut told = Vec::new();
    pollster::block_on(session.prepare(&mut |done, all| told.push([done, all])));
    let [_, all] = told[0];
    assert!(all > 10, "{told:?}");
    assert_eq!(told.last(), Some(&[all, all]));
    let undisturbed = losses(&run(&mut session));

    session.reset();
    let mut disturbed = Vec::new();
    while !session.finished() {
        session.step();
        if session.steps() == 3 || session.steps() == 7 {
            let profile = pollster::block_on(session.profile()).expect("a device that works");
            check(&profile.expect("measured on the GPU"), session.graph());
        }
        while let Some(event) = pollster::block_on(session.next()) {
            disturbed.push(event.expect("a device that works"));
        }
    }
    assert_eq!(losses(&disturbed), undisturbed);
    assert_eq!(context.fault(), None);
}

/// Every node, the loss and the optimiser have their share.
fn check(profile: &Profile, graph: &net::Graph) {
    let owners: BTreeSet<&str> = profile.timings.iter().map(|timing| &*timing.owner).collect();
    // Activations end the step before them, and joining is copying: neither is dispatched.
    let is_dispatched = |node: &&net::Node| !matches!(node.op, net::Op::Activation { .. } | net::Op::Concat);
    let nodes = graph.nodes.iter().filter(is_dispatched).map(|node| &*node.name);
    assert_eq!(owners, nodes.chain(["loss", "optimiser"]).collect());
    assert!(
        profile.timings.iter().all(|timing| timing.ms > 0.0),
        "{profile:?}"
    );
    let flops: u64 = profile.timings.iter().map(|timing| timing.flops).sum();
    // The convolutions' multiply-adds forward, and as many again for each of the two gradients; the input has none.
    let convolution = |node: &net::Node| {
        let [[c_in, h, w], [c_out, ..]] = [node.inputs[0], node.output].map(|tensor| graph.shapes[tensor]);
        let taps = match node.op {
            net::Op::Conv3x3 => 9,
            net::Op::Conv1x1 => 1,
            _ => return 0,
        };
        let directions = if node.inputs[0] == graph.input { 2 } else { 3 };
        2 * directions * 2 * taps * c_in * c_out * h * w
    };
    let expected: usize = graph.nodes.iter().map(convolution).sum();
    assert_eq!(flops as usize, expected);
}

#[test]
fn nothing_is_timed_on_the_processor() {
    let mut session = Session::on_cpu::<f32>(recipe(1), &phantom(), None).expect("a session");
    pollster::block_on(session.prepare(&mut |_, _| panic!("nothing is compiled")));
    assert_eq!(pollster::block_on(session.profile()), Ok(None));
}
