//! A scene on its way to whoever paints it: each of its arrays travels once, however often it is drawn.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Weak};

use serde::{Deserialize, Serialize};

use super::Scene;
use super::scene::Slot;
use crate::bulk;

/// An array of a scene.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Array {
    Numbers(#[serde(with = "bulk")] Arc<[f32]>),
    Words(#[serde(with = "bulk")] Arc<[u32]>),
}

/// A scene without its arrays, and what is new among them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Painting {
    scene: Scene,
    /// Of each of the scene's arrays, in order.
    names: Vec<u64>,
    fresh: Vec<(u64, Array)>,
    /// Those that no scene will name again.
    gone: Vec<u64>,
}

/// Knows which arrays the painter has.
#[derive(Debug, Default)]
pub struct Sender {
    /// By their place in memory, which stays theirs for as long as it is watched.
    sent: HashMap<usize, (u64, Watched)>,
    next: u64,
}

/// The painter's side: the arrays by name.
#[derive(Debug, Default)]
pub struct Receiver {
    arrays: HashMap<u64, Array>,
}

#[derive(Debug)]
enum Watched {
    Numbers(Weak<[f32]>),
    Words(Weak<[u32]>),
}

impl Watched {
    fn is_gone(&self) -> bool {
        match self {
            Self::Numbers(numbers) => numbers.strong_count() == 0,
            Self::Words(words) => words.strong_count() == 0,
        }
    }
}

impl Sender {
    #[must_use]
    pub fn send(&mut self, mut scene: Scene) -> Painting {
        let mut gone = Vec::new();
        self.sent.retain(|_, (name, watched)| {
            if watched.is_gone() {
                gone.push(*name);
            }
            !watched.is_gone()
        });
        let mut fresh = Vec::new();
        let mut names = Vec::new();
        for slot in scene.slots() {
            let name = match slot {
                Slot::Numbers(numbers) => {
                    self.name(mem::take(numbers), Array::Numbers, Watched::Numbers, &mut fresh)
                }
                Slot::Words(words) => self.name(mem::take(words), Array::Words, Watched::Words, &mut fresh),
            };
            names.push(name);
        }
        Painting {
            scene,
            names,
            fresh,
            gone,
        }
    }

    /// The name of an array, which is fresh if it had none.
    fn name<T: Copy>(
        &mut self,
        array: Arc<[T]>,
        sent: fn(Arc<[T]>) -> Array,
        watched: fn(Weak<[T]>) -> Watched,
        fresh: &mut Vec<(u64, Array)>,
    ) -> u64 {
        let next = &mut self.next;
        let entry = self.sent.entry(array.as_ptr().addr());
        let (name, _) = entry.or_insert_with(|| {
            *next += 1;
            // A copy: where the painter shares this memory, its own must not count as a scene's.
            fresh.push((*next, sent(Arc::from(&*array))));
            (*next, watched(Arc::downgrade(&array)))
        });
        *name
    }

    /// The painter has nothing any more.
    pub fn forget(&mut self) {
        self.sent.clear();
    }
}

impl Receiver {
    /// `None` if the painting names an array that never came.
    pub fn receive(&mut self, painting: Painting) -> Option<Scene> {
        let Painting {
            mut scene,
            names,
            fresh,
            gone,
        } = painting;
        for name in gone {
            self.arrays.remove(&name);
        }
        self.arrays.extend(fresh);
        for (slot, name) in scene.slots().into_iter().zip(names) {
            match (slot, self.arrays.get(&name)?) {
                (Slot::Numbers(numbers), Array::Numbers(array)) => *numbers = Arc::clone(array),
                (Slot::Words(words), Array::Words(array)) => *words = Arc::clone(array),
                _ => return None,
            }
        }
        Some(scene)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::compose;
    use crate::view::fixture::scene;

    #[test]
    fn a_scene_arrives_as_it_was_and_its_arrays_travel_once() {
        let (mut sender, mut receiver) = (Sender::default(), Receiver::default());
        let whole = scene([101, 67], [13, 9], [true, false]);
        let first = sender.send(whole.clone());
        assert!(first.fresh.len() > 5);
        let again = sender.send(whole.clone());
        assert!(again.fresh.is_empty() && again.gone.is_empty());
        assert_eq!(first.names, again.names);
        let arrived = receiver.receive(first).unwrap();
        assert_eq!(compose(&arrived), compose(&whole));
        let arrived = receiver.receive(again).unwrap();
        assert_eq!(compose(&arrived), compose(&whole));
        // The same array at the painter, so that it is uploaded once.
        let twice = receiver.receive(sender.send(whole)).unwrap();
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
        receiver.receive(sender.send(kept.clone())).unwrap();
        receiver.receive(sender.send(one(2.0))).unwrap();
        let held = receiver.arrays.len();
        let painting = sender.send(kept);
        // Values and class colours; those of the colour map are the same for all.
        assert_eq!(painting.gone.len(), 2);
        assert!(painting.fresh.is_empty());
        receiver.receive(painting).unwrap();
        assert_eq!(receiver.arrays.len(), held - 2);
    }

    #[test]
    fn a_painter_that_lacks_an_array_says_so() {
        let mut sender = Sender::default();
        let whole = scene([5, 5], [4, 4], [false, false]);
        let _ = sender.send(whole.clone());
        let mut newcomer = Receiver::default();
        assert!(newcomer.receive(sender.send(whole.clone())).is_none());
        sender.forget();
        assert!(newcomer.receive(sender.send(whole)).is_some());
    }
}
