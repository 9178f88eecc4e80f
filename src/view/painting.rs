//! A scene on its way to whoever paints it: each of its arrays travels once, however often it is drawn.

use serde::{Deserialize, Serialize};

use super::Scene;
use crate::bulk::named::{Parcel, Receiver, Sender};

/// A scene without its arrays, and what is new among them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Painting {
    scene: Scene,
    arrays: Parcel,
}

impl Painting {
    #[must_use]
    pub fn send(mut scene: Scene, sender: &mut Sender) -> Self {
        let arrays = sender.send(scene.slots());
        Self { scene, arrays }
    }

    /// `None` if the painting names an array that never came.
    pub fn receive(self, receiver: &mut Receiver) -> Option<Scene> {
        let Self { mut scene, arrays } = self;
        receiver.receive(arrays, scene.slots()).then_some(scene)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::view::compose;
    use crate::view::fixture::scene;

    #[test]
    fn a_scene_arrives_as_it_was_and_its_arrays_travel_once() {
        let (mut sender, mut receiver) = (Sender::default(), Receiver::default());
        let whole = scene([101, 67], [13, 9], [true, false]);
        let first = Painting::send(whole.clone(), &mut sender);
        assert!(first.arrays.fresh.len() > 5);
        let again = Painting::send(whole.clone(), &mut sender);
        assert!(again.arrays.fresh.is_empty() && again.arrays.gone.is_empty());
        assert_eq!(first.arrays.names, again.arrays.names);
        let arrived = first.receive(&mut receiver).unwrap();
        assert_eq!(compose(&arrived), compose(&whole));
        let arrived = again.receive(&mut receiver).unwrap();
        assert_eq!(compose(&arrived), compose(&whole));
        // The same array at the painter, so that it is uploaded once.
        let twice = Painting::send(whole, &mut sender).receive(&mut receiver).unwrap();
        assert!(Arc::ptr_eq(&arrived.colors, &twice.colors));
    }

    #[test]
    fn what_no_scene_holds_any_more_is_let_go_of() {
        let (mut sender, mut receiver) = (Sender::default(), Receiver::default());
        let one = |value| {
            let mut one = scene([5, 5], [4, 4], [false, false]);
            (one.heat, one.fill, one.contour, one.agreement) = (None, None, None, None);
            (one.outline, one.prediction) = (None, None);
            one.image.as_mut().unwrap().values = vec![value; 16].into();
            one
        };
        let kept = one(1.0);
        Painting::send(kept.clone(), &mut sender)
            .receive(&mut receiver)
            .unwrap();
        Painting::send(one(2.0), &mut sender)
            .receive(&mut receiver)
            .unwrap();
        let held = receiver.len();
        let painting = Painting::send(kept, &mut sender);
        // Values and class colours; those of the colour map are the same for all.
        assert_eq!(painting.arrays.gone.len(), 2);
        assert!(painting.arrays.fresh.is_empty());
        painting.receive(&mut receiver).unwrap();
        assert_eq!(receiver.len(), held - 2);
    }

    #[test]
    fn a_painter_that_lacks_an_array_says_so() {
        let mut sender = Sender::default();
        let whole = scene([5, 5], [4, 4], [false, false]);
        let _ = Painting::send(whole.clone(), &mut sender);
        let mut newcomer = Receiver::default();
        assert!(
            Painting::send(whole.clone(), &mut sender)
                .receive(&mut newcomer)
                .is_none()
        );
        sender.forget();
        assert!(
            Painting::send(whole, &mut sender)
                .receive(&mut newcomer)
                .is_some()
        );
    }
}
