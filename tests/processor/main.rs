//! The fast kernels of the processor as a third executor: every network and every loss as the twins have it, and digits that
//! do not depend on how many share the images.

#![allow(clippy::unwrap_used, reason = "a test that unwraps fails with the fault")]

mod crew;
mod edges;
mod kernels;
mod morphology;

use std::cell::RefCell;
use std::future::ready;

use contour_lab::net::{CpuNetwork, Graph, ImageNetwork, ImageWeights, Kind, Norm, Unet, initial_weights};
use contour_lab::optim::{Adam, Optimiser, RateSchedule, Shape};
use contour_lab::train::{
    Augmentation, Colleague, Crew, Dataset, Error, Event, Member, Recipe, Regimen, Session, Share,
    SliceOfDataset, Source, Split, Task, Waiting,
};
use contour_lab::{contour, loss};

/// Of logits and gradients, as a share of the largest: some hundred roundings of f32 in a row.
const CLOSE: f64 = 2e-5;
/// Of the losses of a run, as a share of those of the twins in f64, after eight steps.
const CLOSE_AFTER_STEPS: f64 = 1e-4;

/// Numbers between −1 and 1.
fn reals(count: usize, seed: usize) -> Vec<f32> {
    let real = |i: usize| ((i * 7919 + seed * 104_729) % 2003) as f32 / 1001.0 - 1.0;
    (0..count).map(real).collect()
}

fn far(got: &[f32], expected: &[f64]) -> f64 {
    let largest = expected
        .iter()
        .fold(1e-12_f64, |most, value| most.max(value.abs()));
    let off = got
        .iter()
        .zip(expected)
        .map(|(got, expected)| (f64::from(*got) - expected).abs());
    assert_eq!(got.len(), expected.len());
    off.fold(0.0, |most: f64, off| if off <= most { most } else { off }) / largest
}

/// Logits and gradients of two images, by both.
fn compare(graph: &Graph, what: &str) {
    const IMAGES: usize = 2;
    let arena = initial_weights(graph, 5);
    let wide: Vec<f64> = arena.iter().map(|value| f64::from(*value)).collect();
    let image = reals(IMAGES * graph.image_len(graph.input), 1);
    let dlogits = reals(IMAGES * graph.image_len(graph.output), 2);
    let widen = |values: &[f32]| values.iter().map(|value| f64::from(*value)).collect::<Vec<_>>();
    let mut twin = CpuNetwork::<f64>::new(graph, IMAGES);
    twin.input_mut().copy_from_slice(&widen(&image));
    twin.forward(&wide);
    twin.dlogits_mut().copy_from_slice(&widen(&dlogits));
    let mut expected = vec![0.0; graph.arena_len()];
    twin.backward(&wide, &mut expected);

    let mut weights = ImageWeights::new(graph);
    weights.set(graph, &arena, true);
    let mut network = ImageNetwork::new(graph, true);
    let mut logits = Vec::new();
    let mut sums = vec![0.0; graph.arena_len()];
    for i in 0..IMAGES {
        let len = graph.image_len(graph.input);
        network.input_mut().copy_from_slice(&image[i * len..][..len]);
        network.forward(&weights);
        logits.extend_from_slice(network.logits());
        let len = graph.image_len(graph.output);
        network.dlogits_mut().copy_from_slice(&dlogits[i * len..][..len]);
        // What is not written is nothing.
        let mut gradient = vec![0.0; graph.arena_len()];
        network.backward(&weights, &mut gradient);
        sums.iter_mut()
            .zip(&gradient)
            .for_each(|(sum, value)| *sum += value);
    }
    let off = far(&logits, twin.logits());
    assert!(off <= CLOSE, "{what}: logits are off by {off}");
    for parameter in &graph.parameters {
        let off = far(&sums[parameter.range()], &expected[parameter.range()]);
        // A convolution's bias before a norm has no gradient but roundings.
        let is_none = expected[parameter.range()].iter().all(|value| value.abs() < 1e-9);
        assert!(
            off <= CLOSE || is_none,
            "{what}: {} is off by {off}",
            parameter.name
        );
    }
    // Predictions alone share more memory, and give the same bits.
    let mut alone = ImageNetwork::new(graph, false);
    let len = graph.image_len(graph.input);
    alone.input_mut().copy_from_slice(&image[..len]);
    alone.forward(&weights);
    assert_eq!(alone.logits(), &logits[..graph.image_len(graph.output)], "{what}");
}

#[test]
fn every_network_gives_what_the_twins_give() {
    for kind in Kind::ALL {
        for norm in [Norm::Instance, Norm::None] {
            // Widths that leave tiles of 8, 4, 2 and 1 outputs, on images that fill no vector.
            for (width, [height, columns]) in [(3, [16, 24]), (5, [24, 16]), (8, [32, 32])] {
                let unet = Unet {
                    kind,
                    in_channels: 2,
                    classes: 3,
                    width,
                    depth: 3,
                    norm,
                    slope: 0.01,
                };
                let mut graph = unet.graph(height, columns).unwrap();
                compare(&graph, &format!("{kind:?} {norm:?} {width}"));
                graph.freeze_encoder();
                compare(&graph, &format!("{kind:?} {norm:?} {width} frozen"));
            }
        }
    }
}

#[test]
fn odd_sizes_and_lone_layers_too() {
    let mut graph = Graph::new([3, 9, 7]);
    let x = graph.conv3x3("a", graph.input, 7, true);
    let x = graph.activation("b", x, 0.2);
    let x = graph.activation("c", x, 0.1);
    let pooled = graph.max_pool("d", x);
    let up = graph.upsample_bilinear("e", pooled);
    let map = graph.conv1x1("f", up, 1, true);
    let map = graph.sigmoid("g", map);
    let seen = graph.attend("h", up, map);
    let sum = graph.add("i", seen, up);
    let last = graph.conv3x3("j", sum, 2, false);
    graph.output = last;
    compare(&graph, "lone layers");
}

/// Discs of two classes in noise, and some pixels that nobody annotated.
fn phantom(ignores: bool) -> Dataset {
    const SIZE: usize = 16;
    let (mut image, mut labels) = (Vec::new(), Vec::new());
    for slice in 0..6_usize {
        for y in 0..SIZE {
            for x in 0..SIZE {
                let inside = |cx: f64, cy: f64, r: f64| (x as f64 - cx).hypot(y as f64 - cy) <= r;
                let large = inside(5.0 + slice as f64 * 0.4, 6.0, 3.5);
                let small = inside(11.0, 11.0 - slice as f64 * 0.3, 2.0);
                let label = if large { 1 } else { u8::from(small) * 2 };
                let is_ignored = ignores && (x + 2 * y + slice).is_multiple_of(11);
                labels.push(if is_ignored { contour::IGNORED as u8 } else { label });
                let noise = ((slice * 7919 + y * 104_729 + x * 1_299_709) % 97) as f32 / 97.0;
                image.push(f32::from(label) * 40.0 + 8.0 * noise);
            }
        }
    }
    let split = Split {
        train: vec![0, 2, 4],
        validation: vec![1, 3, 5],
    };
    let source = Source {
        image: &image,
        labels: &labels,
        shape: [SIZE, SIZE, 6],
        classes: 3,
        window: [0.0, 100.0],
    };
    Dataset::new(source, [SIZE, SIZE], Some(split)).unwrap()
}

fn recipe(loss: loss::Params) -> Recipe {
    Recipe {
        network: Unet {
            classes: 3,
            width: 4,
            depth: 3,
            ..Unet::default()
        },
        contour: contour::Choice::default(),
        loss,
        // Its ε is large: with 1e-8 a gradient near 0 becomes a whole step, of a sign that roundings decide.
        optimiser: Optimiser::Adam(Adam {
            learning_rate: 0.01,
            eps: 0.01,
            ..Adam::default()
        }),
        batch: 3,
        steps: 8,
        validate_every: 4,
        seed: 3,
        augmentation: Augmentation::default(),
        half_activations: false,
        patch: None,
        regimen: Regimen::default(),
    }
}

/// All that a run says, in order.
fn events(mut session: Session) -> Vec<Event> {
    session.keep_snapshots();
    session.show(SliceOfDataset(1));
    let mut events = Vec::new();
    while !session.finished() {
        session.step();
        while let Some(event) = pollster::block_on(session.next()) {
            events.push(event.unwrap());
        }
    }
    events
}

fn losses(events: &[Event]) -> Vec<f64> {
    let total = |event: &Event| match event {
        Event::Step { terms, .. } | Event::Validation { terms, .. } => Some(terms.total),
        _ => None,
    };
    events.iter().filter_map(total).collect()
}

/// Every loss, each with each choice of a word.
fn all_losses() -> Vec<loss::Params> {
    let mut all = Vec::new();
    for kind in loss::Kind::ALL {
        all.push(loss::Params::new(*kind));
        for parameter in kind.definition().parameters {
            if let loss::Domain::Word { options } = &parameter.domain {
                let others = options[1..].iter();
                all.extend(others.map(|choice| loss::Params::new(*kind).with(parameter.key, choice.key)));
            }
        }
    }
    all
}

#[test]
fn every_loss_learns_as_with_the_twins() {
    for ignores in [false, true] {
        let dataset = phantom(ignores);
        for loss in all_losses() {
            let recipe = recipe(loss.clone());
            let fast = Session::on_processor(recipe.clone(), &dataset, None, Crew::new()).unwrap();
            let twin = Session::on_cpu::<f64>(recipe, &dataset, None).unwrap();
            let [got, expected] = [fast, twin].map(|session| losses(&events(session)));
            assert_eq!(got.len(), expected.len());
            for (i, (got, expected)) in got.iter().zip(&expected).enumerate() {
                let off = (got - expected).abs();
                assert!(
                    off <= CLOSE_AFTER_STEPS * expected.abs().max(0.1),
                    "{loss:?}: {i} is {got}, not {expected}"
                );
            }
        }
    }
}

/// A recipe with everything that a run may ask for.
fn everything() -> Recipe {
    Recipe {
        patch: Some(8),
        augmentation: Augmentation {
            flips: true,
            rotation_degrees: 15.0,
            scale: 0.1,
            elastic_pixels: 1.0,
            gamma: 0.2,
            noise: 0.02,
            by_class: 0.5,
            ..Augmentation::default()
        },
        regimen: Regimen {
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
        },
        ..recipe(loss::Params::default())
    }
}

#[test]
fn patches_augmentation_and_regimen_work_as_with_the_twins() {
    let dataset = phantom(false);
    let fast = Session::on_processor(everything(), &dataset, None, Crew::new()).unwrap();
    let twin = Session::on_cpu::<f64>(everything(), &dataset, None).unwrap();
    let [got, expected] = [fast, twin].map(|session| losses(&events(session)));
    for (got, expected) in got.iter().zip(&expected) {
        // A pixel between two classes may fall to either after roundings of its place.
        assert!((got - expected).abs() <= 1e-3 * expected, "{got}, not {expected}");
    }
}

/// A member on this thread that is only reached by messages.
struct Beside(RefCell<Member>);

impl Colleague for Beside {
    fn ask(&self, task: Task) -> Waiting<'static, Result<Share, Error>> {
        let task = postcard::to_stdvec(&task).unwrap();
        let share = self.0.borrow_mut().serve(postcard::from_bytes(&task).unwrap());
        let share = postcard::to_stdvec(&share).unwrap();
        Box::pin(ready(Ok(postcard::from_bytes(&share).unwrap())))
    }
}

#[test]
fn digits_do_not_depend_on_how_many_share_the_images() {
    let dataset = phantom(false);
    let all = |members: usize| {
        let colleague = |_| -> Box<dyn Colleague> {
            let member = Member::new(&everything(), &dataset).unwrap();
            Box::new(Beside(RefCell::new(member)))
        };
        let crew: Crew = (1..members).map(colleague).collect();
        events(Session::on_processor(everything(), &dataset, None, crew).unwrap())
    };
    let alone = all(1);
    assert!(alone.iter().any(|event| matches!(event, Event::Snapshot(_))));
    assert!(alone.iter().any(|event| matches!(event, Event::Shown { .. })));
    for members in [2, 3, 4] {
        assert_eq!(all(members), alone, "{members} members");
    }
}
