//! What a training step sees of a slice: all of it, or a window.

use rand::RngExt;
use rand_pcg::Pcg32;

use super::{Augmentation, Dataset, Error, Pick, Recipe};
use crate::net::Draw;

/// Places have a sequence of their own, so that what else is drawn is the same with and without windows. Step numbers stay
/// far below.
const PLACES: u64 = 1 << 62;

/// Says where each slice of a training batch is looked at, and what becomes of it.
#[derive(Clone, Debug)]
pub struct Windows {
    /// Width and height of the slices, and of the windows.
    grid: [usize; 2],
    window: [usize; 2],
    /// Pixels around a window of which its contour is worked out.
    rim: usize,
    augmentation: Augmentation,
    seed: u64,
    /// (D, H, W) where windows are put by class.
    classes: Vec<u8>,
}

impl Windows {
    /// Windows of `window` pixels of slices of `grid` pixels (width, height); the whole slices where the two are the same.
    /// They lie anywhere, all places alike.
    #[must_use]
    pub fn new(grid: [usize; 2], window: [usize; 2], augmentation: Augmentation, seed: u64) -> Self {
        Self {
            grid,
            window,
            rim: 0,
            augmentation,
            seed,
            classes: Vec::new(),
        }
    }

    /// Of a recipe. Where slices are drawn by class, the middle of the window is a pixel of that class, unless the end of
    /// the slice is nearer: then the window ends there. Where slices move, contours are worked out from more than the
    /// window, so that its edge is none of an object.
    ///
    /// # Errors
    /// [`Error::Patch`].
    pub fn of(recipe: &Recipe, dataset: &Dataset) -> Result<Self, Error> {
        let augmentation = recipe.augmentation;
        let window = recipe.window(dataset.grid)?;
        let mut windows = Self::new(dataset.grid, window, augmentation, recipe.seed);
        if windows.is_whole() {
            return Ok(windows);
        }
        if augmentation.moves() {
            windows.rim = recipe.contour.reach() as usize;
        }
        if augmentation.by_class > 0.0 {
            windows.classes = dataset.labels.iter().map(|label| *label as u8).collect();
        }
        Ok(windows)
    }

    fn is_whole(&self) -> bool {
        self.window == self.grid
    }

    /// Pixels around a window that have to be looked at, too.
    #[must_use]
    pub fn rim(&self) -> usize {
        self.rim
    }

    /// What becomes of the slices of a step: of each, the window with its rim. The same seed and step give the same draws.
    #[must_use]
    pub fn draws(&self, step: u64, picks: &[Pick]) -> Vec<Draw> {
        let slices: Vec<u32> = picks.iter().map(|pick| pick.slice).collect();
        let extent = self.window.map(|pixels| pixels + 2 * self.rim);
        let draws = self.augmentation.draws(self.seed, step, &slices, extent);
        if self.is_whole() {
            return draws;
        }
        let mut random = Pcg32::new(self.seed, PLACES + step);
        let rim = self.rim as i64;
        let placed = draws.into_iter().zip(picks).map(|(draw, pick)| {
            let place = self.place(&mut random, *pick);
            draw.further(place.map(|first| first as i64 - rim))
        });
        placed.collect()
    }

    /// Column and row of a window's first pixel.
    fn place(&self, random: &mut Pcg32, pick: Pick) -> [usize; 2] {
        let free = [0, 1].map(|axis| self.grid[axis] - self.window[axis]);
        // Draws are of u32: the same places on 32-bit wasm as natively.
        let mut below = |count: usize| random.random_range(0..count as u32) as usize;
        match self.pixel_of(pick, &mut below) {
            Some(pixel) => {
                [0, 1].map(|axis| pixel[axis].saturating_sub(self.window[axis] / 2).min(free[axis]))
            }
            None => free.map(|free| below(free + 1)),
        }
    }

    /// One of the pixels of the class that was drawn, all alike.
    fn pixel_of(&self, pick: Pick, below: &mut impl FnMut(usize) -> usize) -> Option<[usize; 2]> {
        let area = self.grid[0] * self.grid[1];
        let class = pick.class?;
        let slice = self.classes.get(pick.slice as usize * area..)?.get(..area)?;
        let of_class = || (0..area).filter(|pixel| slice[*pixel] == class);
        let count = of_class().count();
        let pixel = of_class().nth(below(count.max(1)))?;
        Some([pixel % self.grid[0], pixel / self.grid[0]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: [usize; 2] = [11, 9];
    const WINDOW: [usize; 2] = [4, 4];

    fn windows(seed: u64) -> Windows {
        Windows::new(GRID, WINDOW, Augmentation::default(), seed)
    }

    fn picks(classes: impl IntoIterator<Item = Option<u8>>) -> Vec<Pick> {
        classes
            .into_iter()
            .map(|class| Pick { slice: 0, class })
            .collect()
    }

    fn places(draws: &[Draw]) -> Vec<[usize; 2]> {
        draws
            .iter()
            .map(|draw| [draw.source[2] as usize, draw.source[5] as usize])
            .collect()
    }

    #[test]
    fn places_lie_inside_all_of_them_come_up_and_seed_and_step_decide() {
        let all = places(&windows(3).draws(0, &picks([None; 2000])));
        assert!(all.iter().all(|[x, y]| *x <= 7 && *y <= 5));
        for x in 0..=7 {
            for y in 0..=5 {
                assert!(all.contains(&[x, y]), "no window at {x}, {y}");
            }
        }
        assert_eq!(all, places(&windows(3).draws(0, &picks([None; 2000]))));
        assert_ne!(all, places(&windows(3).draws(1, &picks([None; 2000]))));
        assert_ne!(all, places(&windows(4).draws(0, &picks([None; 2000]))));
    }

    #[test]
    fn a_window_holds_the_class_that_was_drawn_in_its_middle_or_at_the_end() {
        let mut windows = windows(1);
        let mut classes = vec![0; 99];
        let [corner, middle] = [0, 4 * 11 + 6];
        (classes[corner], classes[middle], classes[middle + 1]) = (1, 2, 2);
        windows.classes = classes;
        let drawn: Vec<Option<u8>> = (0..60).map(|i| Some(1 + i % 2)).collect();
        for (place, class) in places(&windows.draws(5, &picks(drawn.clone())))
            .into_iter()
            .zip(drawn)
        {
            match class {
                Some(1) => assert_eq!(place, [0, 0]),
                _ => assert!([[4, 2], [5, 2]].contains(&place), "{place:?}"),
            }
        }
        let both = places(&windows.draws(5, &picks([Some(2); 40])));
        assert!(
            both.contains(&[4, 2]) && both.contains(&[5, 2]),
            "all pixels alike"
        );
        // A class that the slice does not show is looked for nowhere.
        assert!(
            places(&windows.draws(0, &picks([Some(7); 9])))
                .iter()
                .all(|[x, y]| *x <= 7 && *y <= 5)
        );
    }

    #[test]
    fn a_window_of_the_whole_slice_changes_no_draw() {
        let augmentation = Augmentation {
            flips: true,
            rotation_degrees: 20.0,
            noise: 0.1,
            ..Augmentation::default()
        };
        let whole = Windows::new(GRID, GRID, augmentation, 9);
        let slices = picks([None, Some(1), None]);
        assert_eq!(whole.draws(4, &slices), augmentation.draws(9, 4, &[0; 3], GRID));
    }

    #[test]
    fn a_rim_moves_the_first_pixel_back_and_nothing_else() {
        let mut rimmed = windows(2);
        rimmed.rim = 3;
        let slices = picks([None; 20]);
        for (with, without) in rimmed.draws(0, &slices).iter().zip(windows(2).draws(0, &slices)) {
            assert_eq!(
                *with,
                Draw {
                    seed: with.seed,
                    ..without.further([-3, -3])
                }
            );
        }
    }
}
