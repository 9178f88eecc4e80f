//! The walk: what happens at each step, and why.

use std::sync::Arc;

use super::field::{Field, Region, Rule, Run};
use super::{Cell, Found, Pass, Phase, Reason, Step, Verdict, Window};
use crate::contour::{Border, Choice, Error, Frame, IGNORED, Operator};

/// The walk over a window, for one class.
#[derive(Clone, Debug)]
pub struct Walk {
    pub(super) window: Window,
    choice: Choice,
    extent: [usize; 3],
    /// As an erosion lays it.
    offsets: Vec<[i32; 3]>,
    pub(super) passes: Vec<Pass>,
    /// The class before each erosion or dilation and after it; nothing for the difference.
    pub(super) fields: Vec<[Arc<Field>; 2]>,
    /// The class itself.
    pub(super) mask: Arc<Field>,
    /// The class and what is of no class: what an erosion begins with.
    kept: Arc<Field>,
}

impl Walk {
    /// `label` gives the class at `[column, row, slice]` of an image of that extent, and is asked as far around
    /// the window as the choice reaches, so that every verdict is that of the whole image.
    ///
    /// # Errors
    /// When radius or iterations are out of range.
    pub fn new(
        label: impl Fn([usize; 3]) -> u8,
        extent: [usize; 3],
        window: Window,
        class: u8,
        choice: Choice,
    ) -> Result<Self, Error> {
        choice.validate()?;
        let offsets = choice.offsets();
        let whole = {
            let low = [window.first[0], window.first[1], window.slice].map(|index| index as i32);
            let size = [window.size[0], window.size[1], 1].map(|size| size as i32);
            Region::new(low, std::array::from_fn(|axis| low[axis] + size[axis]))
        };
        // What an iteration must know around the window for those that follow; the last one also a margin to draw.
        let target = |iteration: u32| {
            let reach = (choice.reach() / choice.iterations * (choice.iterations - iteration)) as i32;
            let through = if choice.frame == Frame::Volume { reach } else { 0 };
            whole.grown([reach, reach, through], extent)
        };
        let mask = Arc::new(Field::new(target(0), |at| label(at) == class));
        let is_kept = |label: u8| label == class || u32::from(label) == IGNORED;
        let kept = Arc::new(Field::new(target(0), |at| is_kept(label(at))));
        let (mut passes, mut fields) = (Vec::new(), Vec::new());
        let mut repeat = |phase, from: &Arc<Field>, runs: &[Run], rule| {
            let mut before = from.clone();
            for iteration in 1..=choice.iterations {
                let after = Arc::new(before.pass(runs, target(iteration), extent, rule));
                passes.push(Pass { phase, iteration });
                fields.push([before, after.clone()]);
                before = after;
            }
        };
        if choice.operator != Operator::Erode {
            let mirrored: Vec<_> = offsets.iter().map(|offset| offset.map(|by| -by)).collect();
            repeat(Phase::Dilate, &mask, &Run::of(&mirrored), Rule::Any);
        }
        if choice.operator != Operator::Dilate {
            let outside = choice.border == Border::Ignore;
            repeat(Phase::Erode, &kept, &Run::of(&offsets), Rule::All { outside });
        }
        passes.push(Pass {
            phase: Phase::Difference,
            iteration: 1,
        });
        Ok(Self {
            window,
            choice,
            extent,
            offsets,
            passes,
            fields,
            mask,
            kept,
        })
    }

    #[must_use]
    pub fn window(&self) -> Window {
        self.window
    }

    #[must_use]
    pub fn choice(&self) -> Choice {
        self.choice
    }

    #[must_use]
    pub fn passes(&self) -> &[Pass] {
        &self.passes
    }

    /// Steps.
    #[must_use]
    pub fn len(&self) -> usize {
        self.passes.len() * self.window.area()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// # Panics
    /// Beyond the last step.
    #[must_use]
    pub fn step(&self, n: usize) -> Step {
        let (pass, turn) = (n / self.window.area(), n % self.window.area());
        let Pass { phase, iteration } = self.passes[pass];
        let pixel = self.window.pixel(turn);
        let (verdict, reason) = if phase == Phase::Difference {
            let [larger, smaller] = self.difference(pixel);
            let verdict = if larger && !smaller {
                Verdict::Contour
            } else {
                Verdict::NotContour
            };
            (verdict, Reason::Difference { larger, smaller })
        } else {
            let cells = self.lay(pass, pixel);
            let was = self.fields[pass][0].at(self.voxel(pixel));
            let mut found = cells.iter().map(|cell| cell.found.is_hit());
            let is = if phase == Phase::Erode {
                found.all(|hit| hit)
            } else {
                found.any(|hit| hit)
            };
            let verdict = match (was, is) {
                (true, true) => Verdict::Kept,
                (true, false) => Verdict::Removed,
                (false, true) => Verdict::Added,
                (false, false) => Verdict::StaysOut,
            };
            (verdict, Reason::Element(cells))
        };
        Step {
            pass,
            phase,
            iteration,
            pixel,
            verdict,
            reason,
        }
    }

    /// The element on a pixel.
    fn lay(&self, pass: usize, pixel: [usize; 2]) -> Vec<Cell> {
        let dilates = self.passes[pass].phase == Phase::Dilate;
        let counts = !dilates && self.choice.border == Border::Ignore;
        let [x, y, z] = self.voxel(pixel);
        let cell = |offset: &[i32; 3]| {
            let offset = if dilates { offset.map(|by| -by) } else { *offset };
            let at = [x + offset[0], y + offset[1], z + offset[2]];
            let found = if !self.is_in_image(at) {
                Found::Beyond { counts }
            } else if self.fields[pass][0].at(at) {
                Found::Inside
            } else {
                Found::Outside
            };
            Cell { offset, found }
        };
        self.offsets.iter().map(cell).collect()
    }

    /// Whether a pixel is in the larger set of the difference, and in the smaller.
    pub(super) fn difference(&self, pixel: [usize; 2]) -> [bool; 2] {
        let voxel = self.voxel(pixel);
        let last = |phase, without: &Field| {
            let pass = (0..self.fields.len()).rfind(|pass| self.passes[*pass].phase == phase);
            pass.map_or(without, |pass| &self.fields[pass][1]).at(voxel)
        };
        let is_ignored = self.kept.at(voxel) && !self.mask.at(voxel);
        [
            !is_ignored && last(Phase::Dilate, &self.mask),
            last(Phase::Erode, &self.kept),
        ]
    }

    pub(super) fn voxel(&self, [column, row]: [usize; 2]) -> [i32; 3] {
        [column, row, self.window.slice].map(|index| index as i32)
    }

    pub(super) fn is_in_image(&self, at: [i32; 3]) -> bool {
        (0..3).all(|axis| (0..self.extent[axis] as i32).contains(&at[axis]))
    }
}
