//! What a run may meet at the edges: values that are no numbers, classes without a pixel, a batch of one, neighbours as channels.

use contour_lab::loss::Params;
use contour_lab::net::Norm;
use contour_lab::train::{Crew, Dataset, Event, Recipe, Session};

use crate::{CLOSE, all_losses, events, losses, phantom, recipe};

/// The session by both.
fn sessions(recipe: &Recipe, dataset: &Dataset) -> [Session; 2] {
    let fast = Session::on_processor(recipe.clone(), dataset, None, Crew::new());
    let twin = Session::on_cpu::<f64>(recipe.clone(), dataset, None);
    [fast, twin].map(Result::unwrap)
}

/// The losses of two steps and of a validation by both: few enough that no activation passes 0 by roundings alone.
fn compare(recipe: &Recipe, dataset: &Dataset, what: &str) {
    let recipe = Recipe {
        steps: 2,
        validate_every: 2,
        ..recipe.clone()
    };
    let [got, expected] = sessions(&recipe, dataset).map(|session| losses(&events(session)));
    assert_eq!((got.len(), expected.len()), (3, 3));
    for (i, (got, expected)) in got.iter().zip(&expected).enumerate() {
        let off = (got - expected).abs();
        assert!(
            off <= CLOSE * expected.abs().max(0.1),
            "{what}: {i} is {got}, not {expected}"
        );
    }
}

/// Whoever runs a session stops where a loss is no number: no kernel may turn one into a number again.
#[test]
fn a_value_that_is_no_number_spoils_every_loss() {
    for spoilt in [f32::NAN, f32::INFINITY] {
        let mut dataset = phantom(true);
        // In the middle of the first training slice, and where it has a class.
        dataset.images[8 * 16 + 7] = spoilt;
        dataset.split.train = vec![0];
        for loss in all_losses() {
            for norm in [Norm::Instance, Norm::None] {
                let mut recipe = recipe(loss.clone());
                recipe.network.norm = norm;
                recipe.batch = 1;
                for mut session in sessions(&recipe, &dataset) {
                    session.step();
                    let event = pollster::block_on(session.next()).unwrap().unwrap();
                    let Event::Step { terms, .. } = event else {
                        panic!("{event:?} is no step");
                    };
                    assert!(
                        !terms.total.is_finite(),
                        "{loss:?} {norm:?} makes {} of {spoilt}",
                        terms.total
                    );
                }
            }
        }
    }
}

#[test]
fn a_class_without_a_pixel_is_learnt_as_with_the_twins() {
    for ignores in [false, true] {
        let mut dataset = phantom(ignores);
        for label in dataset.labels.iter_mut().filter(|label| **label == 2) {
            *label = 0;
        }
        for loss in all_losses() {
            compare(&recipe(loss.clone()), &dataset, &format!("{loss:?}"));
        }
    }
}

#[test]
fn slices_of_nothing_but_background_are_learnt_as_with_the_twins() {
    let mut dataset = phantom(false);
    dataset.labels.fill(0);
    for loss in all_losses() {
        compare(&recipe(loss.clone()), &dataset, &format!("{loss:?}"));
    }
}

#[test]
fn a_batch_of_one_is_a_batch() {
    let recipe = Recipe {
        batch: 1,
        ..recipe(Params::default())
    };
    compare(&recipe, &phantom(true), "a batch of one");
}

#[test]
fn neighbours_come_along_as_channels() {
    let mut dataset = phantom(false);
    dataset.context = 1;
    let mut recipe = recipe(Params::default());
    recipe.network.in_channels = 3;
    compare(&recipe, &dataset, "three channels");
}
