//! What each pixel of a slice has to do with a loss: the maps, and the arithmetic of one pixel term by term.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::cpu::{self, Maps};
use super::{Definition, Facts, GpuLoss, Inputs, Params, Parts, Terms};
use crate::bulk::{self, named::Slot};
use crate::contour::cpu as contour_cpu;
use crate::gpu::{Context, Error, Recording, Ring, Tensor};

/// What a loss is given of one slice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// (K, H, W).
    #[serde(with = "bulk")]
    pub logits: Arc<[f32]>,
    /// (H, W), each below K or of no class.
    #[serde(with = "bulk")]
    pub labels: Arc<[u32]>,
    /// (H, W), class k at bit k.
    #[serde(with = "bulk")]
    pub contour: Arc<[u32]>,
    /// 1, K, H, W.
    pub shape: [usize; 4],
}

/// A loss on one slice, pixel by pixel. The slice is a batch of its own.
#[derive(Clone, Debug)]
pub struct Explained {
    pub parts: Parts,
    /// w (H, W).
    pub weight: Vec<f32>,
    pub maps: Maps<f32>,
}

/// Which map of a loss is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Share {
    /// All terms together.
    Total,
    /// The pixel term.
    Pixel,
    /// The ratio on the contours.
    Contour,
    /// The ratio off them.
    Rest,
    /// |∂L/∂z| over the classes.
    Gradient,
}

impl Share {
    /// This map if the loss has it, else all of the loss.
    #[must_use]
    pub fn known_to(self, definition: &Definition) -> (Self, &'static str) {
        let maps = Self::of(definition);
        let known = maps.iter().find(|(share, _)| *share == self);
        *known.unwrap_or(&maps[0])
    }

    /// The maps of a loss with their names: all of it, its terms if it has more than one, and its gradient.
    #[must_use]
    pub fn of(definition: &Definition) -> Vec<(Self, &'static str)> {
        let [pixel, region, contour, rest] = definition.terms;
        // A ratio that the contour does not split is all off it.
        let rest = if contour.is_empty() { region } else { rest };
        let maps = [
            (Self::Total, "Total"),
            (Self::Pixel, pixel),
            (Self::Contour, contour),
            (Self::Rest, rest),
            (Self::Gradient, "|∂L/∂z|"),
        ];
        maps.into_iter().filter(|(_, name)| !name.is_empty()).collect()
    }
}

impl Given {
    /// Its arrays, which may travel apart from it.
    pub fn slots(&mut self) -> Vec<Slot<'_>> {
        vec![
            Slot::Numbers(&mut self.logits),
            Slot::Words(&mut self.labels),
            Slot::Words(&mut self.contour),
        ]
    }

    /// The loss of this slice, on the GPU if there is one.
    ///
    /// # Errors
    /// When the device fails or the slice does not fit it.
    pub async fn explain(
        &self,
        context: Option<&Context>,
        params: &Params,
        facts: &Facts,
    ) -> Result<Explained, Error> {
        let [n, _, h, w] = self.shape;
        let parts = params.parts(facts);
        let weight: Vec<f32> =
            contour_cpu::weight_map(&self.labels, &self.contour, [n, h, w], &parts.weighting.cast());
        let mut maps = match context {
            Some(context) => self.on_gpu(context, &weight, &parts).await?,
            None => self.by_twins(&weight, &parts),
        };
        let weight = std::mem::take(&mut maps.weight);
        Ok(Explained { parts, weight, maps })
    }

    fn by_twins(&self, weight: &[f32], parts: &Parts) -> Maps<f32> {
        let inputs = cpu::Inputs {
            logits: &self.logits,
            labels: &self.labels,
            contour: &self.contour,
            weight,
            shape: self.shape,
        };
        cpu::maps(&inputs, parts)
    }

    async fn on_gpu(&self, context: &Context, weight: &[f32], parts: &Parts) -> Result<Maps<f32>, Error> {
        let logits = Tensor::from_slice(context, "shown logits", &self.logits)?;
        let labels = Tensor::from_slice(context, "shown labels", &self.labels)?;
        let contour = Tensor::from_slice(context, "shown contour", &self.contour)?;
        let weight = Tensor::from_slice(context, "shown weight", weight)?;
        let inputs = Inputs {
            logits: &logits,
            labels: &labels,
            contour: &contour,
            weight: &weight,
            shape: self.shape,
        };
        let mut recording = Recording::new(context);
        let (loss, maps) = GpuLoss::record_maps(&mut recording, inputs, parts)?;
        let asked = [
            &loss.terms,
            &maps.p,
            &maps.dlogits,
            &maps.shares,
            &maps.coefficients,
            &maps.field,
            &maps.weight,
        ];
        let mut ring = Ring::new(context);
        ring.submit((), &asked, |encoder| recording.replay(encoder));
        let (_, words) = ring
            .next()
            .await
            .ok_or_else(|| Error::Readback("nothing was asked for".into()))?;
        let words = words?;
        let mut rest: &[f32] = bytemuck::cast_slice(&words);
        let mut take = |tensor: &Tensor| {
            let (values, after) = rest.split_at(tensor.len());
            rest = after;
            values.to_vec()
        };
        let [terms, p, dlogits, shares, coefficients, field, weight] = asked.map(&mut take);
        Ok(Maps {
            terms: Terms::from_slice(&terms),
            p,
            dlogits,
            shares,
            coefficients,
            weight,
            field: if parts.pixel.term.has_field() {
                field
            } else {
                Vec::new()
            },
        })
    }
}

impl Explained {
    /// What each pixel adds to the loss by a term, or the size of its gradient (H, W): times the number of pixels,
    /// so that the mean over the map is the term as it enters the loss.
    #[must_use]
    pub fn map(&self, share: Share) -> Vec<f32> {
        let pixels = self.weight.len();
        let plane = |i: usize| &self.maps.shares[i * pixels..][..pixels];
        let scale = pixels as f32;
        let one = |i: usize| plane(i).iter().map(|value| value * scale).collect();
        match share {
            Share::Pixel => one(0),
            Share::Contour => one(1),
            Share::Rest => one(2),
            Share::Gradient => one(3),
            Share::Total => (0..pixels)
                .map(|x| (plane(0)[x] + plane(1)[x] + plane(2)[x]) * scale)
                .collect(),
        }
    }

    /// The angle between the gradients of two losses on the same logits, in degrees; `None` if one has none.
    #[must_use]
    pub fn angle(&self, other: &Self) -> Option<f64> {
        let dot = |a: &[f32], b: &[f32]| -> f64 {
            let products = a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b));
            products.sum()
        };
        let (a, b) = (&self.maps.dlogits, &other.maps.dlogits);
        let lengths = (dot(a, a) * dot(b, b)).sqrt();
        (lengths > 0.0).then(|| (dot(a, b) / lengths).clamp(-1.0, 1.0).acos().to_degrees())
    }
}
