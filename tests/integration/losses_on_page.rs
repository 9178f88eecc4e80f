//! What the page has to read for each loss: the first step of a small run on the sample that it opens with, by the
//! twins in f64. `e2e/tests/losses.test.mjs` holds the browser against `e2e/expected/losses.json`; this test holds the
//! file against the code. `CONTOUR_LAB_WRITE=1 cargo test --test integration losses_on_page` writes it anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use contour_lab::loss::{Kind, Params};
use contour_lab::nifti::{LabelDraft, Volume};
use contour_lab::train::{Augmentation, Dataset, Event, Recipe, Regimen, Session, Source, Split};
use contour_lab::{contour, net, optim};
use pollster::block_on;

/// The file holds all digits of an f64; another processor's exp and log may differ in the last.
const RELATIVE: f64 = 1e-9;
const SAMPLE: &str = "abdomen_ct_a";
/// As the page's "Usual" for CT, in HU.
const WINDOW: [f32; 2] = [-160.0, 240.0];
/// As the browser test chooses them.
const SIZE: usize = 64;
const WIDTH: usize = 4;
const DEPTH: usize = 2;

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/expected/losses.json")
}

fn dataset() -> Dataset {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/samples");
    let read = |name: &str| std::fs::read(folder.join(name)).expect("a file of the sample");
    let samples: serde_json::Value = serde_json::from_slice(&read("samples.json")).expect("the samples");
    let sample = &samples[SAMPLE];
    let volume =
        |name: &str| Volume::from_bytes(&read(sample[name].as_str().expect("a name"))).expect("a volume");
    let (image, label) = (volume("image"), volume("label"));
    let labels = LabelDraft::read(&label)
        .expect("labels")
        .finish(&image)
        .expect("labels of the image");
    let slices = |name: &str| serde_json::from_value(sample["split"][name].clone()).expect("slices");
    let [width, height, depth, _] = image.shape();
    let values = image.frame_f32(0).expect("values");
    let source = Source {
        image: &values,
        labels: labels.labels(),
        shape: [width, height, depth],
        classes: labels.classes(),
        window: WINDOW,
    };
    let split = Split {
        train: slices("train_slices"),
        validation: slices("val_slices"),
    };
    Dataset::new(source, [SIZE; 2], Some(split)).expect("a data set")
}

/// Total, pixel term, region term, contour, rest of the first batch.
fn first_step(dataset: &Dataset, loss: Params) -> [f64; 5] {
    let recipe = Recipe {
        network: net::Unet {
            in_channels: 1,
            classes: dataset.classes,
            width: WIDTH,
            depth: DEPTH,
            ..net::Unet::default()
        },
        contour: contour::Choice::default(),
        loss,
        optimiser: optim::Optimiser::default(),
        batch: 2,
        steps: 1,
        validate_every: 1,
        seed: 1,
        augmentation: Augmentation::default(),
        half_activations: false,
        patch: None,
        regimen: Regimen::default(),
    };
    let mut session = Session::on_cpu::<f64>(recipe, dataset, None).expect("a session");
    session.step();
    match block_on(session.next()) {
        Some(Ok(Event::Step { terms, .. })) => terms.to_array(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_step_of_every_loss_is_what_the_file_says() {
    let dataset = dataset();
    let now: BTreeMap<&str, [f64; 5]> = Kind::ALL
        .iter()
        .map(|kind| (kind.definition().key, first_step(&dataset, Params::new(*kind))))
        .collect();
    if std::env::var_os("CONTOUR_LAB_WRITE").is_some() {
        let text = serde_json::to_string_pretty(&now).expect("numbers");
        std::fs::write(path(), text + "\n").expect("a file to write");
    }
    let text = std::fs::read_to_string(path()).expect("the expected numbers");
    let expected: BTreeMap<String, [f64; 5]> = serde_json::from_str(&text).expect("five numbers a loss");
    assert!(expected.keys().eq(now.keys()), "{:?}", expected.keys());
    for (key, expected) in expected {
        let got = now[key.as_str()];
        let largest = expected.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        assert!(largest > 0.0, "{key} is 0");
        for (got, expected) in got.iter().zip(expected) {
            assert!(
                (got - expected).abs() <= RELATIVE * largest,
                "{key}: {got} is not {expected}"
            );
        }
    }
}
