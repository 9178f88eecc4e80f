//! Training on windows of slices: nothing changes where a window is the slice, both engines see the same windows, and what
//! is validated are whole slices.

use contour_lab::gpu::{Context, Recording, Request, Tensor};
use contour_lab::net::{GpuNetwork, Plan};
use contour_lab::train::{
    Augmentation, Batches, Dataset, Error, Event, Recipe, Regimen, Session, Source, Split, Windows, tune,
};
use contour_lab::{contour, loss, metrics, net, optim};

/// Pixels of a slice along both axes.
const SIZE: usize = 32;

/// A large disc of one class and a small one of another in noise, a different place and size in each slice.
fn phantom() -> Dataset {
    let slices = 6_usize;
    let (mut image, mut labels) = (Vec::new(), Vec::new());
    for slice in 0..slices {
        for y in 0..SIZE {
            for x in 0..SIZE {
                let inside = |cx: f64, cy: f64, r: f64| (x as f64 - cx).hypot(y as f64 - cy) <= r;
                let large = inside(9.0 + slice as f64, 12.0, 6.5);
                let small = inside(25.0, 26.0 - slice as f64, 3.0);
                let label = if large { 1 } else { u8::from(small) * 2 };
                let noise = ((slice * 7919 + y * 104_729 + x * 1_299_709) % 97) as f32 / 97.0;
                labels.push(label);
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
        shape: [SIZE, SIZE, slices],
        classes: 3,
        window: [0.0, 100.0],
    };
    Dataset::new(source, [SIZE, SIZE], Some(split)).unwrap()
}

fn recipe(patch: Option<usize>, augmentation: Augmentation) -> Recipe {
    Recipe {
        network: net::Unet {
            in_channels: 1,
            classes: 3,
            width: 4,
            depth: 3,
            ..net::Unet::default()
        },
        contour: contour::Choice {
            // A contour along the edge of every window, if it were worked out from the window alone.
            border: contour::Border::Background,
            ..contour::Choice::default()
        },
        loss: loss::Preset::AuthorsCode.params(),
        optimiser: optim::Optimiser::Adam(optim::Adam {
            learning_rate: 5e-3,
            ..optim::Adam::default()
        }),
        batch: 4,
        steps: 6,
        validate_every: 3,
        seed: 3,
        augmentation,
        half_activations: false,
        patch,
        regimen: Regimen::default(),
    }
}

fn everything() -> Augmentation {
    Augmentation {
        flips: true,
        rotation_degrees: 15.0,
        scale: 0.1,
        gamma: 0.2,
        noise: 0.05,
        elastic_pixels: 2.0,
        shift: 0.1,
        by_class: 0.5,
    }
}

fn by_class() -> Augmentation {
    Augmentation {
        by_class: 1.0,
        ..Augmentation::default()
    }
}

fn context() -> Context {
    pollster::block_on(Context::poisoned(Request::Software)).unwrap()
}

/// Runs to the end of the recipe and gives the events in order.
fn run(mut session: Session) -> Vec<Event> {
    while !session.finished() {
        session.step();
    }
    session.read_weights();
    let mut events = Vec::new();
    while let Some(event) = pollster::block_on(session.next()) {
        events.push(event.unwrap());
    }
    events
}

fn on_gpu(context: &Context, recipe: Recipe) -> Vec<Event> {
    run(Session::on_gpu(context, recipe, &phantom(), None).unwrap())
}

fn losses(events: &[Event]) -> Vec<f64> {
    let total = |event: &Event| match event {
        Event::Step { terms, .. } | Event::Validation { terms, .. } => Some(terms.total),
        _ => None,
    };
    events.iter().filter_map(total).collect()
}

#[test]
fn a_patch_as_large_as_the_slice_changes_no_bit() {
    let context = context();
    for augmentation in [Augmentation::default(), everything()] {
        let whole = on_gpu(&context, recipe(None, augmentation));
        assert_eq!(on_gpu(&context, recipe(Some(SIZE), augmentation)), whole);
        let smaller = on_gpu(&context, recipe(Some(16), augmentation));
        assert_ne!(losses(&smaller), losses(&whole));
        let Some(Event::Weights { arena, .. }) = whole.last() else {
            panic!("the weights come last")
        };
        assert!(arena.iter().any(|weight| *weight != 0.0));
    }
}

/// Both engines sum in another order, and Adam turns the sign of a gradient near 0 into a whole step: the losses drift apart
/// by about 1e-6 a step from the second on.
const ENGINES_AGREE: f64 = 2e-4;

#[test]
fn both_engines_see_the_same_windows_and_do_so_again() {
    let context = context();
    for augmentation in [Augmentation::default(), by_class(), everything()] {
        let gpu = on_gpu(&context, recipe(Some(16), augmentation));
        assert_eq!(on_gpu(&context, recipe(Some(16), augmentation)), gpu);
        let session = Session::on_cpu::<f64>(recipe(Some(16), augmentation), &phantom(), None);
        let (gpu, cpu) = (losses(&gpu), losses(&run(session.unwrap())));
        assert_eq!(gpu.len(), 6 + 2);
        for (gpu, cpu) in gpu.iter().zip(&cpu) {
            assert!((gpu - cpu).abs() <= ENGINES_AGREE * cpu, "{gpu} and {cpu}");
        }
        let other = Recipe {
            seed: 4,
            ..recipe(Some(16), augmentation)
        };
        assert_ne!(losses(&on_gpu(&context, other)), gpu);
    }
}

/// Where a turn of next to nothing rounds.
const TURN_ROUNDS: f64 = 1e-4;

#[test]
fn moved_windows_have_the_contours_of_their_slices() {
    let context = context();
    let turned = Augmentation {
        rotation_degrees: 1e-9,
        ..by_class()
    };
    // Beyond a slice that moves there is background; this border keeps the end of a slice that does not from being told apart.
    let of = |augmentation| Recipe {
        contour: contour::Choice::default(),
        ..recipe(Some(16), augmentation)
    };
    let still = losses(&on_gpu(&context, of(by_class())));
    let moved = losses(&on_gpu(&context, of(turned)));
    for (moved, still) in moved.iter().zip(&still) {
        assert!(
            (moved - still).abs() <= TURN_ROUNDS * still,
            "{moved} and {still}"
        );
    }
}

#[test]
fn a_network_that_learned_from_windows_knows_whole_slices() {
    let context = context();
    let long = Recipe {
        steps: 200,
        validate_every: 100,
        network: net::Unet {
            // An instance norm's averages over windows as small as the discs are not those over slices.
            norm: net::Norm::None,
            ..recipe(None, by_class()).network
        },
        ..recipe(Some(16), by_class())
    };
    pollster::block_on(tune(&context, &long, &phantom(), &mut |_, _| {})).unwrap();
    let mut session = Session::on_gpu(&context, long, &phantom(), None).unwrap();
    assert_eq!(session.graph().shapes[session.graph().input], [1, 16, 16]);
    session.predict(1);
    let Some(Ok(Event::Prediction { labels, .. })) = pollster::block_on(session.next()) else {
        panic!("a prediction")
    };
    assert_eq!(labels.len(), SIZE * SIZE);
    let events = run(session);
    let found = events.iter().rev().find_map(|event| match event {
        Event::Validation { overlaps, .. } => Some(overlaps),
        _ => None,
    });
    let overlaps = found.unwrap();
    let pixels: u64 = overlaps.iter().map(|class| class.reference).sum();
    assert_eq!(pixels, (3 * SIZE * SIZE) as u64, "whole slices are validated");
    let dice = metrics::mean_dice(overlaps).unwrap();
    assert!(dice >= 0.9, "mean validation Dice {dice}");
}

#[test]
fn windows_put_by_class_show_the_class_in_every_step() {
    let dataset = phantom();
    let recipe = recipe(Some(8), by_class());
    let windows = Windows::of(&recipe, &dataset).unwrap();
    let mut batches = Batches::by_class(
        &dataset.split.train,
        &dataset.counts(),
        &recipe.augmentation,
        recipe.seed,
    );
    let mut seen = [0; 3];
    for step in 0..50 {
        let picks = batches.next(recipe.batch);
        for (pick, draw) in picks.iter().zip(windows.draws(step, &picks)) {
            let [column, row] = [draw.source[2] as usize, draw.source[5] as usize];
            assert!(column + 8 <= SIZE && row + 8 <= SIZE);
            let slice = &dataset.labels[pick.slice as usize * SIZE * SIZE..][..SIZE * SIZE];
            let class = u32::from(pick.class.unwrap());
            let shows = (0..64).any(|i| slice[(row + i / 8) * SIZE + column + i % 8] == class);
            assert!(shows, "no pixel of class {class} at {column}, {row}");
            seen[class as usize] += 1;
        }
    }
    assert!(seen[1] > 60 && seen[2] > 60, "{seen:?}");
}

#[test]
fn a_patch_that_does_not_fit_is_refused() {
    let refused = |patch| {
        let recipe = recipe(Some(patch), Augmentation::default());
        match Session::on_cpu::<f32>(recipe, &phantom(), None) {
            Err(error) => error,
            Ok(_) => panic!("patches of {patch}"),
        }
    };
    assert!(matches!(
        refused(64),
        Error::Patch {
            patch: 64,
            width: SIZE,
            height: SIZE
        }
    ));
    let odd = refused(18).to_string();
    assert!(odd.contains("multiple of 4"), "{odd}");
    assert!(matches!(refused(0), Error::Network(_)));
}

/// The tensors of a data set are as long as they are told, and allocated in pieces of 256 bytes.
const ROUNDING_BYTES: u64 = 4 * 256;

#[test]
fn a_run_is_told_the_memory_of_its_two_networks() {
    let context = context();
    let dataset = phantom();
    let mut told = Vec::new();
    for patch in [None, Some(16), Some(8)] {
        let recipe = recipe(patch, by_class());
        let needs = recipe.needs(&dataset.extent()).unwrap();
        let whole = recipe.graph(SIZE, SIZE).unwrap();
        let chunk = recipe.chunk(3, dataset.grid).unwrap();
        // No more pixels at once than a batch has, and as many in each chunk.
        assert_eq!(chunk, if patch.is_none() { 3 } else { 1 });
        let before = context.tensor_bytes();
        let tensor = |len| Tensor::new(&context, "of the run", len).unwrap();
        let arenas = [(); 4].map(|()| tensor(needs.graph.arena_len()));
        let data = [(); 4].map(|()| tensor(dataset.labels.len()));
        let network = |graph: &net::Graph, images, trains| {
            let plan = if trains { Plan::training } else { Plan::inference };
            let plan = plan(graph, images, context.choices());
            let mut recording = Recording::new(&context);
            let network = GpuNetwork::record_forward(&mut recording, graph, plan, &arenas[0]).unwrap();
            if trains {
                network
                    .record_backward(&mut recording, &arenas[1], |_, _| Ok(()))
                    .unwrap();
            }
            (network, recording)
        };
        let networks = [
            network(&needs.graph, recipe.batch, true),
            network(&whole, chunk, false),
            network(&whole, 1, false),
        ];
        let taken = context.tensor_bytes() - before;
        assert!(
            taken.abs_diff(needs.bytes) <= ROUNDING_BYTES,
            "{patch:?}: {taken} and {}",
            needs.bytes
        );
        drop((networks, data));
        told.push((needs.bytes, needs.work));
    }
    assert!(told.is_sorted_by(|one, next| one.0 > next.0), "{told:?}");
    // A quarter of the pixels each time, and with them a quarter of the work.
    assert_eq!([told[0].1, told[1].1], [4 * told[1].1, 4 * told[2].1]);
}
