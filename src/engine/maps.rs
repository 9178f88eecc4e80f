//! Contours, and what each pixel costs.

use super::{Caller, Host, Mapping, Reply};
use crate::contour::{Choice, Mapper};
use crate::loss::{Facts, Given, Params};

/// As many questions of different shapes are asked in turn: one for each plane on screen, and one for the whole volume.
const MOST_MAPPERS: usize = 4;

/// Mappers by what they were last asked, the latest last: asked the same of other labels, they record nothing anew.
pub(super) type Mappers = Vec<(Key, Mapper)>;

#[derive(Debug, PartialEq)]
pub(super) struct Key {
    dims: [usize; 3],
    choice: Choice,
    is_gpu: bool,
}

impl Host {
    pub(super) async fn map(&self, mapping: Mapping, caller: &Caller) {
        let Mapping {
            labels,
            dims,
            choice,
            slices,
        } = mapping;
        let device = self.device().filter(|_| self.inner.is_prepared.get());
        let is_gpu = device.is_some();
        let key = Key { dims, choice, is_gpu };
        // Taken out while in use, so that nothing is borrowed across the wait.
        let held = {
            let mut mappers = self.inner.mappers.borrow_mut();
            mappers.retain(|(key, _)| key.is_gpu == is_gpu);
            let found = mappers.iter().position(|(held, _)| *held == key);
            found.map(|found| mappers.remove(found).1)
        };
        let mut mapper = held.unwrap_or_else(|| device.as_ref().map_or_else(Mapper::cpu, Mapper::gpu));
        let bits = mapper.map_slices(&labels, dims, &choice, slices).await;
        // One of a device that was lost meanwhile is of no more use.
        let is_well = device.is_none_or(|context| context.fault().is_none());
        if bits.is_ok() && is_well {
            let mut mappers = self.inner.mappers.borrow_mut();
            mappers.push((key, mapper));
            let surplus = mappers.len().saturating_sub(MOST_MAPPERS);
            mappers.drain(..surplus);
        }
        caller.reply(bits.map_or_else(|error| Reply::Fault(error.to_string()), Reply::Contour));
    }

    pub(super) async fn explain(&self, given: &Given, loss: &Params, facts: &Facts, caller: &Caller) {
        let explained = given.explain(self.device().as_ref(), loss, facts).await;
        caller.reply(match explained {
            Ok(explained) => Reply::Explained {
                weight: explained.weight,
                maps: Box::new(explained.maps),
            },
            Err(error) => Reply::Fault(error.to_string()),
        });
    }
}
