//! What the network says of a slice, and what a loss says of that.

use std::sync::Arc;

use super::Study;
use crate::contour::{Choice, Frame, cpu as contour_cpu};
use crate::loss::{Explained, Facts, Given, Params, Share};
use crate::train::{Fit, SliceOfSubject};

/// What the network says of an axial slice, on its own grid.
#[derive(Clone, Debug)]
pub struct Asked {
    pub study: Arc<Study>,
    pub slice: SliceOfSubject,
    /// Which weights said so, in words.
    pub weights: String,
    pub given: Given,
    /// How the study's slices lie on the grid.
    pub fit: Fit,
    /// What the training slices say to a loss.
    pub facts: Facts,
    /// The contour that was given.
    pub contour: Choice,
}

/// What a loss says of it.
#[derive(Clone, Debug)]
pub struct Told {
    /// With the contour of [`Told::contour`].
    pub asked: Arc<Asked>,
    pub loss: Params,
    pub explained: Explained,
    /// A map of it on the slice's own pixels, as the studio has it too.
    pub placed: Option<(Share, Arc<[f32]>)>,
}

/// A map of it, as it is drawn.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub told: Arc<Told>,
    pub share: Share,
    /// Of the term, or of what else it shows.
    pub name: &'static str,
    /// The values of the first and last colour.
    pub ends: [f32; 2],
}

impl Asked {
    /// The same with other labels and another contour. One in the frame of the volume needs the volume, so it stays
    /// what it was.
    #[must_use]
    pub fn with(self: Arc<Self>, labels: Option<Vec<u32>>, choice: Choice) -> Arc<Self> {
        let labels = labels.filter(|labels| labels[..] != self.given.labels[..]);
        let stays = choice.frame == Frame::Volume || choice.validate().is_err();
        let choice = if stays { self.contour } else { choice };
        if labels.is_none() && choice == self.contour {
            return self;
        }
        let mut asked = (*self).clone();
        if let Some(labels) = labels {
            asked.given.labels = labels.into();
        }
        if choice.frame != Frame::Volume {
            let [n, _, h, w] = asked.given.shape;
            asked.given.contour = contour_cpu::contour(&asked.given.labels, [n, h, w], &choice).into();
        }
        asked.contour = choice;
        Arc::new(asked)
    }

    /// The pixel of the grid under a voxel of the study; `None` if it belongs to another slice or lies beyond.
    #[must_use]
    pub fn pixel(&self, [x, y, z]: [usize; 3]) -> Option<usize> {
        let [column, row] = self.fit.grid_pixel([x, y])?;
        (z == self.slice.0).then_some(row * self.fit.grid[0] + column)
    }
}

impl Told {
    /// A map of the grid on the study's own pixels.
    #[must_use]
    pub fn on_slice(&self, share: Share) -> Arc<[f32]> {
        match &self.placed {
            Some((placed, map)) if *placed == share => Arc::clone(map),
            _ => self.asked.fit.to_source(&self.explained.map(share)).into(),
        }
    }

    /// The probability of a class on the study's own pixels; `None` for a class that the network does not have.
    #[must_use]
    pub fn probability(&self, class: usize) -> Option<Arc<[f32]>> {
        let [_, classes, h, w] = self.asked.given.shape;
        let p = &self.explained.maps.p;
        (class < classes).then(|| {
            self.asked
                .fit
                .to_source(&p[class * h * w..(class + 1) * h * w])
                .into()
        })
    }

    /// The map that is wanted, or all of the loss if it has no such term. Total and terms share their `common` range.
    #[must_use]
    pub fn drawn(self: Arc<Self>, wanted: Share, common: bool) -> Drawn {
        let maps = Share::of(self.loss.definition());
        let (share, name) = wanted.known_to(self.loss.definition());
        let ends = if common && share != Share::Gradient {
            let of_loss = maps.iter().filter(|(share, _)| *share != Share::Gradient);
            of_loss
                .map(|(share, _)| self.ends(*share))
                .fold([f32::INFINITY, f32::NEG_INFINITY], |[low, high], ends| {
                    [low.min(ends[0]), high.max(ends[1])]
                })
        } else {
            self.ends(share)
        };
        Drawn {
            told: self,
            share,
            name,
            ends,
        }
    }

    /// The ends of a map's colours: from 0 (or the least, where a loss goes below it) to what all but one pixel in
    /// 200 stay under, so that a few outliers do not darken the rest.
    #[must_use]
    pub fn ends(&self, share: Share) -> [f32; 2] {
        let mut values = self.explained.map(share);
        values.sort_unstable_by(f32::total_cmp);
        let [first, last] = [values.first(), values.last()].map(|value| value.copied().unwrap_or(0.0));
        let least = first.min(0.0);
        let common = values[(values.len() * 199 / 200).min(values.len() - 1)];
        // Where nearly nothing costs anything, what does is still to be seen.
        let high = if common > least { common } else { last };
        let high = if high > least { high } else { least + 1.0 };
        [least, high]
    }
}
