use super::super::fingerprint::tests::abdomen;
use super::super::{Engine, Known, Measured};
use super::*;
use crate::contour::Frame;
use crate::train::Extent;

const SLOW: Engine = Engine::Processor { workers: 1 };

/// Each preset's plan on a machine of which nothing was measured.
fn planned(facts: &Fingerprint, engine: Engine) -> [Planned; 3] {
    planned_under(
        facts,
        engine,
        &loss::Params::default(),
        &contour::Choice::default(),
    )
}

fn planned_under(
    facts: &Fingerprint,
    engine: Engine,
    loss: &loss::Params,
    contour: &contour::Choice,
) -> [Planned; 3] {
    let machine = Machine::unmeasured(engine);
    let question = Question {
        facts,
        machine: &machine,
        loss,
        contour,
    };
    let plans = plans(&question).unwrap();
    for plan in &plans {
        check(plan, &question);
    }
    plans
}

/// What holds of every plan: it is a run that can be had, and each of its settings has a reason.
fn check(plan: &Planned, question: &Question<'_>) {
    let Question { facts, .. } = question;
    let settings = &plan.settings;
    let mut recipe = settings
        .recipe(facts.classes.len(), *question.contour, question.loss.clone())
        .unwrap_or_else(|fault| panic!("{fault}"));
    recipe.network.in_channels = facts.channels;
    let needs = recipe.needs(&facts.data(settings.size)).unwrap();
    assert!(needs.bytes > 0);
    assert_eq!(Work::of(&recipe, &facts.data(settings.size)), Ok(plan.work));
    let bottom = settings.size >> (settings.depth - 1);
    assert!(
        (4..=8).contains(&bottom),
        "{bottom} pixels at the bottom: {settings:?}"
    );
    assert!(settings.batch as usize <= facts.tally.train.slices);
    for aspect in Aspect::ALL {
        let reason = plan.reason(aspect);
        assert!(reason.ends_with('.') && reason.len() > 30, "{aspect:?}: {reason}");
        assert!(
            reason.chars().any(|letter| letter.is_ascii_digit())
                || aspect == Aspect::Augmentation
                || facts.rarest().is_none(),
            "{reason}"
        );
        assert!(!reason.contains("NaN") && !reason.contains("inf"), "{reason}");
    }
}

#[test]
fn small_slices_get_the_smallest_grid_that_holds_them() {
    let sizes = [
        (20, 32),
        (32, 32),
        (33, 48),
        (51, 64),
        (64, 64),
        (65, 96),
        (122, 128),
        (500, 256),
    ];
    for (longest, size) in sizes {
        assert_eq!(holding(longest), size, "{longest}");
    }
    let facts = Fingerprint {
        extent: [35, 51],
        ..abdomen()
    };
    for engine in [SLOW, Engine::Discrete] {
        for plan in planned(&facts, engine) {
            assert_eq!((plan.settings.size, plan.settings.depth), (64, 4));
            assert_eq!(
                plan.reason(Aspect::Size),
                "Slices have up to 35 × 51 pixels: 64 × 64 is the smallest grid that holds them."
            );
        }
    }
    let tiny = Fingerprint {
        extent: [7, 5],
        ..abdomen()
    };
    let plans = planned(&tiny, Engine::Integrated);
    assert!(
        plans
            .iter()
            .all(|plan| (plan.settings.size, plan.settings.depth) == (32, 3))
    );
}

#[test]
fn every_grid_on_offer_keeps_four_to_eight_pixels_at_the_bottom() {
    for size in SIZES {
        let depth = depth(size);
        assert!(
            size.is_multiple_of(1 << (depth - 1)),
            "{size} cannot be halved {depth} − 1 times"
        );
        assert!((4..=8).contains(&(size >> (depth - 1))));
    }
}

#[test]
fn on_one_core_the_opening_sample_is_trained_at_64_within_two_minutes() {
    let plans = planned(&abdomen(), SLOW);
    let [quick, standard, thorough] = &plans;
    for plan in [quick, standard] {
        let Settings {
            size,
            width,
            depth,
            batch,
            ..
        } = plan.settings;
        assert_eq!((size, width, depth, batch), (64, 16, 4, 4.0), "{:?}", plan.preset);
        assert!(plan.taking.seconds <= plan.preset.budget_seconds());
    }
    assert!(quick.settings.steps < standard.settings.steps);
    assert!(standard.taking.seconds < thorough.taking.seconds);
    assert_eq!(usual(&plans), Preset::Standard);
    // Of four slices at 64 × 64: 166 million multiply-adds each, forwards.
    let flops = 6.0 * standard.work.step as f64;
    assert!((3.9e9..4.1e9).contains(&flops), "{flops}");
    assert!(standard.reason(Aspect::Size).starts_with(
        "Slices of up to 122 × 101 pixels of 3 mm are shrunk to pixels of 5.7 mm: a step takes 0."
    ));
    assert_eq!(
        standard.reason(Aspect::Depth),
        "4 levels halve 64 pixels 3 times: 8 are left at the bottom, where one sees the whole slice."
    );
}

#[test]
fn a_fast_card_gets_more_of_everything_that_helps() {
    let slow = planned(&abdomen(), SLOW);
    let fast = planned(&abdomen(), Engine::Discrete);
    for (slow, fast) in slow.iter().zip(&fast) {
        assert!(
            fast.work.multiply_adds() > slow.work.multiply_adds(),
            "{:?}",
            fast.preset
        );
        assert!(fast.taking.seconds <= fast.preset.budget_seconds());
    }
    assert_eq!((fast[1].settings.size, fast[1].settings.depth), (128, 5));
    assert!(usual(&fast) >= Preset::Standard);
}

#[test]
fn a_slow_machine_gets_the_last_rung_and_is_told_how_long_it_takes() {
    let machine = Machine {
        engine: SLOW,
        measured: [100_000_000, 1_000_000_000, 10_000_000_000]
            .map(|work| Measured {
                by: "it".into(),
                work,
                rate: 1e7,
            })
            .to_vec(),
    };
    let question = Question {
        facts: &abdomen(),
        machine: &machine,
        loss: &loss::Params::default(),
        contour: &contour::Choice::default(),
    };
    let plans = plans(&question).unwrap();
    for plan in &plans {
        let last = plan.preset.rungs().last().unwrap();
        assert_eq!(plan.settings.width, last.width);
        assert_eq!(plan.settings.steps, last.steps as f64);
        assert!(plan.taking.seconds > plan.preset.budget_seconds());
        assert_eq!(plan.taking.known, Known::Measured);
    }
    assert_eq!(usual(&plans), Preset::Quick);
}

#[test]
fn huge_slices_are_shrunk_and_many_of_them_do_not_overflow_a_card() {
    let facts = Fingerprint {
        extent: [512, 512],
        modalities: 4,
        channels: 4,
        slices: 1500,
        ..abdomen()
    };
    for engine in [SLOW, Engine::Discrete] {
        for plan in planned(&facts, engine) {
            assert!(plan.settings.size <= 256);
            let data: Extent = facts.data(plan.settings.size);
            if engine.is_gpu() {
                let images = 4 * data.grid[0] * data.grid[1] * data.slices * data.modalities;
                assert!(
                    images <= super::super::MOST_BYTES,
                    "{:?} at {:?}",
                    plan.preset,
                    data.grid
                );
            }
            assert!(plan.reason(Aspect::Size).contains("512 × 512"));
        }
    }
}

#[test]
fn a_pixel_that_is_chosen_is_not_shrunk_further() {
    let facts = Fingerprint {
        extent: [180, 150],
        pixel_mm: Some(2.0),
        ..abdomen()
    };
    for plan in planned(&facts, SLOW) {
        assert_eq!(plan.settings.size, 192);
        assert_eq!(
            plan.reason(Aspect::Size),
            "With pixels of 2 mm slices have up to 180 × 150: 192 × 192 holds them."
        );
    }
}

#[test]
fn few_slices_one_class_and_no_validation_are_planned_too() {
    let mut facts = abdomen();
    facts.classes.truncate(2);
    facts.tally.validation = Default::default();
    for slices in [1, 2, 3, 9] {
        facts.tally.train.slices = slices;
        for plan in planned(&facts, SLOW) {
            assert_eq!(plan.settings.batch as usize, slices.min(4));
            assert_eq!(
                plan.settings.augmentation.by_class, 0.0,
                "3 % of the pixels are not few"
            );
            assert!(plan.reason(Aspect::Validation).starts_with("No slice validates"));
            assert_eq!(plan.settings.validate_every, 20.0);
        }
    }
    facts.classes[1].share = 0.0;
    planned(&facts, SLOW);
    facts.classes.truncate(1);
    let machine = Machine::unmeasured(SLOW);
    let question = Question {
        facts: &facts,
        machine: &machine,
        loss: &loss::Params::default(),
        contour: &contour::Choice::default(),
    };
    assert!(plans(&question).is_err(), "there is nothing to tell apart");
}

#[test]
fn validations_take_about_a_tenth_of_the_time() {
    let mut facts = abdomen();
    facts.tally.validation.slices = 138;
    let plan = &planned(&facts, SLOW)[1];
    // 138 slices forwards are 138 / 4 / 3 steps of four.
    assert!((plan.work.steps_of_a_pass() - 11.5).abs() <= 1e-9);
    let wanted = (plan.settings.steps / 4.0).min(120.0);
    assert_eq!(plan.settings.validate_every, wanted);
    facts.tally.validation.slices = 20;
    assert_eq!(planned(&facts, SLOW)[1].settings.validate_every, 20.0);
}

#[test]
fn rate_clipping_and_augmentation_are_those_that_were_tried() {
    for plan in planned(&abdomen(), Engine::Integrated) {
        let Settings {
            optimiser,
            learning,
            augmentation,
            steps,
            ..
        } = plan.settings;
        assert_eq!((optimiser.name(), optimiser.learning_rate()), ("AdamW", 2e-3));
        assert_eq!(
            (learning.shape, learning.clips, learning.clip_norm),
            (Shape::Cosine, true, 5.0)
        );
        assert_eq!(
            learning.warmup_steps,
            (steps / 8.0 / 5.0).floor().mul_add(5.0, 0.0).min(50.0)
        );
        assert_eq!(augmentation.by_class, 1.0);
        let seen = steps * plan.settings.batch / abdomen().tally.train.slices as f64;
        assert_eq!(
            augmentation.shift,
            if seen < 40.0 { 0.0 } else { 0.08 },
            "seen {seen} times"
        );
    }
}

#[test]
fn the_loss_is_left_alone_and_nothing_moves_where_it_does_not_let_it() {
    let objects = loss::Params::new(loss::Kind::DistanceCrossEntropy).with("map", "between_objects");
    let plain = contour::Choice::default();
    let volume = contour::Choice {
        frame: Frame::Volume,
        ..plain
    };
    for (loss, contour) in [(&objects, &plain), (&loss::Params::default(), &volume)] {
        for plan in planned_under(&abdomen(), SLOW, loss, contour) {
            assert!(!plan.settings.augmentation.moves());
            let is_long = plan.settings.steps * plan.settings.batch >= 40.0 * 66.0;
            assert_eq!(plan.settings.augmentation.noise > 0.0, is_long);
        }
    }
}

#[test]
fn neighbours_and_channels_are_channels_of_the_network() {
    let facts = Fingerprint {
        modalities: 4,
        channels: 12,
        ..abdomen()
    };
    let one = planned(&abdomen(), SLOW);
    for (plan, one) in planned(&facts, SLOW).iter().zip(&one) {
        assert!(plan.taking.step_seconds >= one.taking.step_seconds);
    }
    let too_many = Fingerprint {
        channels: 20,
        ..abdomen()
    };
    let machine = Machine::unmeasured(SLOW);
    let question = Question {
        facts: &too_many,
        machine: &machine,
        loss: &loss::Params::default(),
        contour: &contour::Choice::default(),
    };
    assert!(plans(&question).is_err());
}
