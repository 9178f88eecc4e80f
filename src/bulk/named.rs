//! Arrays that travel once and are named afterwards: the sender knows which arrays the receiver has, and when to drop them.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Weak};

use serde::{Deserialize, Serialize};

/// An array inside a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Array {
    Numbers(#[serde(with = "super")] Arc<[f32]>),
    Words(#[serde(with = "super")] Arc<[u32]>),
    Bytes(#[serde(with = "super")] Arc<[u8]>),
}

/// A place for an array in a message.
pub enum Slot<'a> {
    Numbers(&'a mut Arc<[f32]>),
    Words(&'a mut Arc<[u32]>),
    Bytes(&'a mut Arc<[u8]>),
}

/// The arrays of a message: their names, and what is new among them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Parcel {
    /// Of each slot, in order.
    pub(crate) names: Vec<u64>,
    pub(crate) fresh: Vec<(u64, Array)>,
    /// Arrays that no message will name again.
    pub(crate) gone: Vec<u64>,
}

/// Knows which arrays the receiver has.
#[derive(Debug, Default)]
pub struct Sender {
    /// By their place in memory, which stays theirs for as long as it is watched.
    sent: HashMap<usize, (u64, Watched)>,
    next: u64,
}

/// The other side: the arrays by name.
#[derive(Debug, Default)]
pub struct Receiver {
    arrays: HashMap<u64, Array>,
}

#[derive(Debug)]
enum Watched {
    Numbers(Weak<[f32]>),
    Words(Weak<[u32]>),
    Bytes(Weak<[u8]>),
}

impl Watched {
    fn new(array: &Array) -> Self {
        match array {
            Array::Numbers(array) => Self::Numbers(Arc::downgrade(array)),
            Array::Words(array) => Self::Words(Arc::downgrade(array)),
            Array::Bytes(array) => Self::Bytes(Arc::downgrade(array)),
        }
    }

    fn is_gone(&self) -> bool {
        0 == match self {
            Self::Numbers(array) => array.strong_count(),
            Self::Words(array) => array.strong_count(),
            Self::Bytes(array) => array.strong_count(),
        }
    }
}

impl Array {
    fn address(&self) -> usize {
        match self {
            Self::Numbers(array) => array.as_ptr().addr(),
            Self::Words(array) => array.as_ptr().addr(),
            Self::Bytes(array) => array.as_ptr().addr(),
        }
    }

    /// A copy: where the receiver shares this memory, its own must not count as the sender's.
    fn copied(&self) -> Self {
        match self {
            Self::Numbers(array) => Self::Numbers(Arc::from(&**array)),
            Self::Words(array) => Self::Words(Arc::from(&**array)),
            Self::Bytes(array) => Self::Bytes(Arc::from(&**array)),
        }
    }
}

impl Slot<'_> {
    fn take(self) -> Array {
        match self {
            Self::Numbers(array) => Array::Numbers(mem::take(array)),
            Self::Words(array) => Array::Words(mem::take(array)),
            Self::Bytes(array) => Array::Bytes(mem::take(array)),
        }
    }
}

impl Sender {
    /// Takes the arrays out of a message.
    pub fn send(&mut self, slots: Vec<Slot<'_>>) -> Parcel {
        let mut gone = Vec::new();
        self.sent.retain(|_, (name, watched)| {
            if watched.is_gone() {
                gone.push(*name);
            }
            !watched.is_gone()
        });
        let mut fresh = Vec::new();
        let mut names = Vec::new();
        for array in slots.into_iter().map(Slot::take) {
            let next = &mut self.next;
            let entry = self.sent.entry(array.address());
            let (name, _) = entry.or_insert_with(|| {
                *next += 1;
                fresh.push((*next, array.copied()));
                (*next, Watched::new(&array))
            });
            names.push(*name);
        }
        Parcel { names, fresh, gone }
    }

    /// A name for an array that the receiver is going to make.
    pub fn reserve(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// The receiver has made this array, and keeps it under a name that was reserved.
    pub fn adopt(&mut self, name: u64, array: Array) {
        self.sent.insert(array.address(), (name, Watched::new(&array)));
    }

    /// The receiver has nothing any more.
    pub fn forget(&mut self) {
        self.sent.clear();
    }
}

impl Receiver {
    /// Puts the arrays back into their message; `false` if the parcel names an array that never came.
    #[must_use]
    pub fn receive(&mut self, parcel: Parcel, slots: Vec<Slot<'_>>) -> bool {
        let Parcel { names, fresh, gone } = parcel;
        for name in gone {
            self.arrays.remove(&name);
        }
        self.arrays.extend(fresh);
        names.len() == slots.len()
            && slots.into_iter().zip(names).all(|(slot, name)| {
                match (slot, self.arrays.get(&name)) {
                    (Slot::Numbers(slot), Some(Array::Numbers(array))) => *slot = Arc::clone(array),
                    (Slot::Words(slot), Some(Array::Words(array))) => *slot = Arc::clone(array),
                    (Slot::Bytes(slot), Some(Array::Bytes(array))) => *slot = Arc::clone(array),
                    _ => return false,
                }
                true
            })
    }

    /// Keeps an array that was made here.
    pub fn keep(&mut self, name: u64, array: Array) {
        self.arrays.insert(name, array);
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.arrays.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_that_the_receiver_has_made_is_only_named() {
        let (mut sender, mut receiver) = (Sender::default(), Receiver::default());
        let name = sender.reserve();
        receiver.keep(name, Array::Words(vec![1, 2, 3].into()));
        // The same numbers at the sender, as the reply brought them.
        let told: Arc<[u32]> = vec![1, 2, 3].into();
        sender.adopt(name, Array::Words(Arc::clone(&told)));
        let mut slot = Arc::clone(&told);
        let parcel = sender.send(vec![Slot::Words(&mut slot)]);
        assert!(parcel.fresh.is_empty() && slot.is_empty());
        assert!(receiver.receive(parcel, vec![Slot::Words(&mut slot)]));
        assert_eq!(slot[..], [1, 2, 3]);
        drop((told, slot));
        let parcel = sender.send(Vec::new());
        assert_eq!(parcel.gone, [name]);
        assert!(receiver.receive(parcel, Vec::new()));
        assert_eq!(receiver.len(), 0);
    }

    #[test]
    fn an_array_of_another_kind_or_without_a_slot_is_refused() {
        let mut sender = Sender::default();
        let mut bytes: Arc<[u8]> = vec![7].into();
        let parcel = sender.send(vec![Slot::Bytes(&mut bytes)]);
        let mut words = Arc::default();
        assert!(!Receiver::default().receive(parcel.clone(), vec![Slot::Words(&mut words)]));
        assert!(!Receiver::default().receive(parcel, Vec::new()));
    }
}
