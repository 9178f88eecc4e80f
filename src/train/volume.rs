//! The prediction of a subject's whole volume, slice by slice, under one state of the weights.

use super::engine::Moment;
use super::{Event, Placed, SliceOfSubject};

/// Which slices have been asked for, and what has arrived of them.
pub(super) struct VolumePass {
    /// The weights that all slices are predicted with.
    moment: Moment,
    subject: Placed,
    /// The next slice to ask for, from the subject's first.
    next: u32,
    waited_for: Vec<u32>,
    done: u32,
    /// (D, H, W) in source pixels.
    labels: Vec<u8>,
    /// Nobody wants it any more; what is still under way is dropped as it arrives.
    is_cancelled: bool,
}

/// What becomes of a predicted slice.
pub(super) enum Taken {
    /// It was not asked for by this pass.
    No(Vec<u32>),
    /// It was, and nobody wants it any more.
    Dropped,
    Event(Event),
}

impl VolumePass {
    pub(super) fn new(moment: Moment, subject: Placed) -> Self {
        let [width, height] = subject.fit.source;
        Self {
            moment,
            subject,
            next: 0,
            waited_for: Vec::new(),
            done: 0,
            labels: vec![0; subject.slices * width * height],
            is_cancelled: false,
        }
    }

    pub(super) fn is_under_way(&self) -> bool {
        !self.is_cancelled && self.done < self.slices()
    }

    fn slices(&self) -> u32 {
        self.subject.slices as u32
    }

    pub(super) fn cancel(&mut self) {
        self.is_cancelled = true;
    }

    /// The next slice to predict; `None` when all have been asked for.
    pub(super) fn next(&mut self) -> Option<u32> {
        if self.is_cancelled || self.next == self.slices() {
            return None;
        }
        let slice = self.subject.slice(SliceOfSubject(self.next as usize)).0;
        self.next += 1;
        self.waited_for.push(slice);
        Some(slice)
    }

    /// Takes a slice on the network's grid, if it was asked for. A slice that somebody else asked for at the same
    /// moment is the same slice.
    pub(super) fn take(&mut self, moment: Moment, slice: u32, labels: Vec<u32>) -> Taken {
        let waited = self.waited_for.iter().position(|other| *other == slice);
        let Some(waited) = waited.filter(|_| moment == self.moment) else {
            return Taken::No(labels);
        };
        self.waited_for.swap_remove(waited);
        if self.is_cancelled {
            return Taken::Dropped;
        }
        let map = self.subject.fit.to_source_map(&labels);
        let start = (slice as usize - self.subject.first) * map.len();
        self.labels[start..start + map.len()].copy_from_slice(&map);
        self.done += 1;
        let step = self.moment.step;
        Taken::Event(if self.done == self.slices() {
            Event::Volume {
                step,
                labels: std::mem::take(&mut self.labels),
            }
        } else {
            Event::VolumeProgress {
                step,
                done: self.done,
                slices: self.slices(),
            }
        })
    }
}
