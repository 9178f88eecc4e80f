//! Contours, weights, and what each pixel costs.

use std::sync::Arc;

use super::{Caller, Host, Mapping, Pricing, Reply, Weighing};
use crate::bulk::named::Array;
use crate::contour::cpu::weight_map;
use crate::contour::{Choice, Mapper};
use crate::loss::Given;

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
            name,
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
        if let (Some(name), Ok(bits)) = (name, &bits) {
            self.keep(name, Array::Words(bits.as_slice().into()));
        }
        caller.reply(bits.map_or_else(|error| Reply::Fault(error.to_string()), Reply::Contour));
    }

    fn keep(&self, name: u64, array: Array) {
        self.inner.arrays.borrow_mut().keep(name, array);
    }

    /// By the twin, as what a loss says of each pixel: the read-out shows the same digits.
    pub(super) fn weigh(&self, weighing: Weighing, caller: &Caller) {
        let Weighing {
            arrays,
            dims: [height, width],
            weighting,
            name,
        } = weighing;
        let (mut labels, mut contour) = Default::default();
        let slots = Weighing::slots(&mut labels, &mut contour);
        if !self.inner.arrays.borrow_mut().receive(arrays, slots) {
            return caller.reply(Reply::Missing);
        }
        let labels: Vec<u32> = labels.iter().map(|label| u32::from(*label)).collect();
        let weight = weight_map(&labels, &contour, [1, height, width], &weighting);
        self.keep(name, Array::Numbers(weight.as_slice().into()));
        caller.reply(Reply::Weight(weight));
    }

    pub(super) async fn explain(&self, pricing: Pricing, caller: &Caller) {
        let Pricing {
            arrays,
            shape,
            loss,
            facts,
            drawn,
        } = pricing;
        let mut given = Given {
            logits: Arc::default(),
            labels: Arc::default(),
            contour: Arc::default(),
            shape,
        };
        if !self.inner.arrays.borrow_mut().receive(arrays, given.slots()) {
            return caller.reply(Reply::Missing);
        }
        let explained = given.explain(self.device().as_ref(), &loss, &facts).await;
        caller.reply(match explained {
            Ok(explained) => {
                let placed = drawn.map_or_else(Vec::new, |(share, fit, name)| {
                    let map = fit.to_source(&explained.map(share));
                    self.keep(name, Array::Numbers(map.as_slice().into()));
                    map
                });
                Reply::Explained {
                    weight: explained.weight,
                    maps: Box::new(explained.maps),
                    drawn: placed,
                }
            }
            Err(error) => Reply::Fault(error.to_string()),
        });
    }
}
