//! How far the walk is: each set as it comes about.

use super::{Phase, Walk};

/// A set that comes about during the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    Eroded,
    Dilated,
    Contour,
}

/// How far a pixel of such a set is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Square {
    /// Not visited; whether it was in before.
    Waiting {
        member: bool,
    },
    In,
    Out,
    /// Taken away from the class or added to it. Of the contour: it will be in, once the difference is taken.
    Changed,
}

impl Walk {
    /// Whether a pixel is in the set that a pass starts from, as far around the window as the element reaches;
    /// `None` beyond the image. The difference starts from the class itself.
    ///
    /// # Panics
    /// Further away.
    #[must_use]
    pub fn before(&self, pass: usize, [column, row]: [i32; 2]) -> Option<bool> {
        let at = [column, row, self.window.slice as i32];
        let field = self.fields.get(pass).map_or(&self.mask, |[before, _]| before);
        self.is_in_image(at).then(|| field.at(at))
    }

    /// How far a pixel of the window is in a set, after so many steps.
    #[must_use]
    pub fn square(&self, made: Made, steps: usize, pixel: [usize; 2]) -> Square {
        let area = self.window.area();
        let turn = self.window.turn(pixel).unwrap_or(0);
        let voxel = self.voxel(pixel);
        let visited = |pass: usize| steps > pass * area + turn;
        if made == Made::Contour {
            if visited(self.passes.len() - 1) {
                let [larger, smaller] = self.difference(pixel);
                return if larger && !smaller {
                    Square::In
                } else {
                    Square::Out
                };
            }
            let changed = self
                .fields
                .iter()
                .enumerate()
                .any(|(pass, [before, after])| visited(pass) && before.at(voxel) != after.at(voxel));
            return if changed {
                Square::Changed
            } else {
                Square::Waiting { member: false }
            };
        }
        let phase = if made == Made::Eroded {
            Phase::Erode
        } else {
            Phase::Dilate
        };
        let passes = || (0..self.fields.len()).filter(|pass| self.passes[*pass].phase == phase);
        let first = passes().next().map_or(&self.mask, |pass| &self.fields[pass][0]);
        // The last pass that has begun; before the first there is only what it begins with.
        let Some(pass) = passes().rfind(|pass| steps > pass * area) else {
            return Square::Waiting {
                member: first.at(voxel),
            };
        };
        let [before, after] = self.fields[pass].each_ref().map(|field| field.at(voxel));
        let now = if visited(pass) { after } else { before };
        match (now != first.at(voxel), visited(pass), after) {
            // Whatever has changed stays so.
            (true, _, _) => Square::Changed,
            (_, false, _) => Square::Waiting { member: before },
            (_, true, true) => Square::In,
            (_, true, false) => Square::Out,
        }
    }

    /// Where to begin: after the first pass's change of a pixel that is nearest to `around`; 0 if nothing changes.
    #[must_use]
    pub fn telling(&self, around: [usize; 2]) -> usize {
        let apart = |turn: &usize| {
            let pixel = self.window.pixel(*turn);
            pixel[0].abs_diff(around[0]).pow(2) + pixel[1].abs_diff(around[1]).pow(2)
        };
        let changes = |turn: &usize| {
            let voxel = self.voxel(self.window.pixel(*turn));
            self.fields
                .first()
                .is_some_and(|[before, after]| before.at(voxel) != after.at(voxel))
        };
        (0..self.window.area())
            .filter(changes)
            .min_by_key(apart)
            .map_or(0, |turn| turn + 1)
    }
}
