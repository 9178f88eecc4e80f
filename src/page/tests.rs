//! What the page decides, on the sample that it opens with.

use std::sync::Arc;

use super::*;
use crate::engine::Processor;
use crate::lab::{Catalogue, Cohort};
use crate::loss::Facts;
use crate::nifti::Volume;
use crate::plan::{Settings, Start};
use crate::train::{SliceOfDataset, SliceOfSubject};
use crate::{contour, loss};

const SHIPPED: &[u8] = include_bytes!("../../www/weights/unet_w16_d4_64_abdomen_ct_a.safetensors");

fn opening() -> Plan {
    let www = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("www");
    let catalogue: Catalogue =
        serde_json::from_slice(&std::fs::read(www.join("samples/samples.json")).unwrap()).unwrap();
    let listed = &catalogue["abdomen_ct_a"];
    let volume = |file: &str| {
        let bytes = std::fs::read(www.join(&listed.dir).join(file)).unwrap();
        Arc::new(Volume::from_bytes(&bytes).unwrap())
    };
    let sample = listed.sample(0, "abdomen_ct_a");
    let cohort: Cohort = sample
        .cohort(volume(&listed.image), volume(&listed.label))
        .unwrap();
    let study = pollster::block_on(build::build(&cohort, 0, 0, async || true))
        .unwrap()
        .unwrap();
    Plan {
        cohort: Arc::new(cohort),
        study: Arc::new(study),
        settings: Settings::default(),
        contour: contour::Choice::default(),
        loss: loss::Params::default(),
        processor: Processor::Gpu,
    }
}

fn with(plan: &Plan, change: impl FnOnce(&mut Settings)) -> Plan {
    let mut changed = plan.clone();
    change(&mut changed.settings);
    changed
}

#[test]
fn the_study_on_screen_is_the_subject_under_the_table_of_the_cohort() {
    let plan = opening();
    let study = &plan.study;
    assert_eq!((study.modality, study.classes.len()), (Modality::Ct, 15));
    assert_eq!(study.labels.len(), study.shape.iter().product::<usize>());
    let voxels: usize = study.classes.iter().map(|class| class.voxels).sum();
    assert_eq!(voxels, study.labels.len());
    assert_eq!((study.split.train.len(), study.split.validation.len()), (60, 15));
    let [low, high] = study.automatic.ends();
    let [lowest, highest] = study.full.ends();
    assert!(lowest <= low && low < high && high <= highest);
    assert!(study.is_foreground(14) && !study.is_foreground(0) && !study.is_foreground(15));
}

#[test]
fn a_study_that_nobody_wants_any_more_is_not_made() {
    let plan = opening();
    let given_up = pollster::block_on(build::build(&plan.cohort, 0, 0, async || false)).unwrap();
    assert!(given_up.is_none());
    assert!(pollster::block_on(build::build(&plan.cohort, 1, 0, async || true)).is_err());
}

#[test]
fn a_run_is_what_cohort_and_settings_make_it() {
    let plan = opening();
    let outlook = plan.outlook().unwrap();
    assert_eq!(
        (outlook.recipe.network.classes, outlook.recipe.network.in_channels),
        (15, 1)
    );
    assert!(outlook.bytes > 4 * outlook.graph.parameter_count() as u64);
    let data = plan.extent();
    assert_eq!(
        (data.slices, data.validation, data.grid),
        (112, 15, [plan.settings.size; 2])
    );
}

#[test]
fn a_run_is_outdated_by_what_changes_it_and_by_nothing_else() {
    let plan = opening();
    let renamed = Study {
        title: "another title".into(),
        ..Study::clone(&plan.study)
    };
    assert_eq!(
        plan,
        Plan {
            study: Arc::new(renamed),
            ..plan.clone()
        }
    );
    assert_ne!(plan, with(&plan, |settings| settings.seed += 1.0));
    assert_ne!(
        plan,
        Plan {
            processor: Processor::Gpu,
            contour: contour::Choice {
                radius: 2,
                ..plan.contour
            },
            ..plan.clone()
        }
    );
}

#[test]
fn only_a_graphics_card_has_16_bits_and_bindings_of_a_limited_size() {
    let half = with(&opening(), |settings| settings.half_activations = true);
    assert!(half.outlook().unwrap().recipe.half_activations);
    let large = with(&half, |settings| {
        (settings.size, settings.width, settings.batch) = (256, 32, 64.0)
    });
    let why = large.outlook().unwrap_err();
    assert!(
        why.starts_with("A batch of 64 at 256 × 256 pixels needs") && why.contains("Choose"),
        "{why}"
    );
    let proposals = large.proposals();
    assert!(!proposals.is_empty());
    for (button, settings) in proposals {
        assert!(
            Plan {
                settings,
                ..large.clone()
            }
            .outlook()
            .is_ok(),
            "{button}"
        );
    }
    let processor = Plan {
        processor: Processor::Cpu,
        ..large
    };
    assert!(!processor.outlook().unwrap().recipe.half_activations);
    assert!(processor.proposals().is_empty());
}

#[test]
fn a_setting_out_of_range_is_named_with_its_range() {
    for (batch, named) in [(0.0, "0"), (65.0, "65"), (2.5, "2.5"), (f64::NAN, "not a number")] {
        let why = with(&opening(), |settings| settings.batch = batch)
            .outlook()
            .unwrap_err();
        assert_eq!(
            why,
            format!("The batch is {named}. Choose a whole number from 1 to 64.")
        );
    }
}

#[test]
fn a_file_of_weights_fits_its_own_network_only() {
    let start = Start::File {
        name: "mine.safetensors".into(),
        bytes: Arc::from(SHIPPED),
    };
    let own = with(&opening(), |settings| {
        (settings.size, settings.width, settings.depth, settings.start) = (64, 16, 4, start);
    });
    assert!(own.differences().unwrap().is_empty() && own.outlook().is_ok());
    let wider = with(&own, |settings| settings.width = 8);
    assert!(!wider.differences().unwrap().is_empty());
    assert!(
        wider
            .outlook()
            .unwrap_err()
            .starts_with("mine.safetensors does not fit the network.")
    );
}

#[test]
fn a_slice_of_the_data_set_is_found_in_its_subject() {
    let plan = opening();
    let made = Made {
        outlook: plan.outlook().unwrap(),
        placed: plan.cohort.dataset([64; 2]).unwrap().subjects,
        facts: Facts::count(15, [0]),
        plan,
    };
    let (subject, _, slice) = made.locate(SliceOfDataset(95)).unwrap();
    assert_eq!((subject, slice), (0, SliceOfSubject(95)));
    assert!(made.locate(SliceOfDataset(112)).is_none());
    assert!(made.placed(0).is_some() && made.placed(1).is_none());
}

#[test]
fn a_pace_is_of_the_last_steps() {
    let mut pace = Pace::default();
    for step in 0..4 {
        pace.add(f64::from(step) * 1000.0);
        assert_eq!(pace.steps_per_second(), None);
    }
    // Slow at first, then ten a second for longer than the pace remembers.
    for step in 0..40 {
        pace.add(4000.0 + f64::from(step) * 100.0);
    }
    assert!((pace.steps_per_second().unwrap() - 10.0).abs() < 1e-9);
    assert!((pace.seconds_for(50).unwrap() - 5.0).abs() < 1e-9);
    pace.restart();
    assert_eq!(pace.seconds_for(1), None);
}

#[test]
fn numbers_are_written_to_be_read() {
    assert_eq!(
        [figure(-0.0), figure(-1234.56), figure(1e-13), figure(f64::NAN)],
        ["0", "−1235", "0", ""]
    );
    assert_eq!(
        [trim(0.1 + 0.2), trim(f64::from(0.7_f32)), trim(12.0)],
        ["0.3", "0.7", "12"]
    );
    assert_eq!(
        [grouped(7), grouped(1234), grouped(1_234_567)],
        ["7", "1\u{202f}234", "1\u{202f}234\u{202f}567"]
    );
    assert_eq!(
        [bytes(999), bytes(1500), bytes(2_340_000_000)],
        ["999 bytes", "1.5 kB", "2.34 GB"]
    );
    assert_eq!(
        [counted(1, "slice"), counted(0, "slice")],
        ["1 slice", "0 slices"]
    );
}

#[test]
fn a_window_never_closes() {
    let window = Window::between(5.0, 5.0);
    assert_eq!(window.width, Window::MIN_WIDTH);
    assert_eq!(Window::SOFT_TISSUE.ends(), [-160.0, 240.0]);
    assert_eq!(Window::new(40.123_4, 400.4).rounded(), Window::new(40.0, 400.0));
}
