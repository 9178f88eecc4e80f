//! Label maps: a class for every voxel, and the file's own value for every class.

use std::collections::{BTreeMap, HashMap};

use super::matrix::{inverse, product};
use super::orientation::Walk;
use super::voxels::reserved;
use super::{Error, Grid, Orientation, Plane, Slice, Volume, transform};

/// Background included; a set of classes is kept as the bits of a `u32`.
pub const MAX_CLASSES: usize = 32;

/// More different values than any atlas in use; what has more is an image.
const MAX_VALUES: usize = 4096;

/// 32-bit arithmetic leaves 2.9999998 where 3 was meant; a blend of two labels is further off.
const WHOLE_TOLERANCE: f64 = 1e-3;

/// Beyond this a 64-bit float skips whole numbers.
const LARGEST_VALUE: f64 = 9_007_199_254_740_992.0;

/// A class for every voxel of an image.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelMap {
    grid: Grid,
    labels: Vec<u8>,
    values: Vec<i64>,
}

impl LabelMap {
    /// The grid, in RAS order.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The class of every voxel in RAS order, x fastest; 0 is background.
    #[must_use]
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The file's value of each class; as long as there are classes.
    #[must_use]
    pub fn values(&self) -> &[i64] {
        &self.values
    }

    /// Classes, background included; at most [`MAX_CLASSES`].
    #[must_use]
    pub fn classes(&self) -> usize {
        self.values.len()
    }

    /// Voxels of each class.
    #[must_use]
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.classes()];
        for &label in &self.labels {
            counts[usize::from(label)] += 1;
        }
        counts
    }

    /// A plane of classes, laid out as [`Volume::slice`] lays out values.
    ///
    /// # Errors
    /// [`Error::SliceIndex`].
    pub fn slice(&self, plane: Plane, index: usize) -> Result<Slice<u8>, Error> {
        let [nx, ny, _] = self.grid.shape;
        let [width, height] = plane.check(index, self.grid.shape)?;
        let mut values = reserved(width * height)?;
        for row in 0..height {
            for column in 0..width {
                let [x, y, z] = plane.voxel(column, row, index);
                values.push(self.labels[x + nx * (y + ny * z)]);
            }
        }
        let [across, down, _] = plane.axes().map(|axis| self.grid.spacing_mm[axis]);
        Ok(Slice {
            plane,
            index,
            width,
            height,
            spacing_mm: [across, down],
            values,
        })
    }
}

/// A label file on its way to a [`LabelMap`]: its voxels name rows of a table of values, and most
/// remedies only rewrite the table.
///
/// Values are already rounded; what that changed is kept in `fractional` until someone agrees.
#[derive(Clone, Debug)]
pub struct LabelDraft {
    /// In the file's own order, since a label that lost its header still lies in the image's order.
    pub(super) grid: Grid,
    pub(super) orientation: Orientation,
    rows: Vec<u16>,
    table: Vec<i64>,
    counts: Vec<usize>,
    pub(super) is_float: bool,
    pub(super) frames: usize,
    /// Voxels whose value was not whole, and not yet accepted as rounded.
    pub(super) fractional: usize,
    /// Voxels that are no number, read as background, and not yet accepted as such.
    pub(super) not_finite: usize,
    /// Classes are numbered by rank, not by value.
    pub(super) is_remapped: bool,
}

impl LabelDraft {
    /// Reads the first frame of a label file.
    ///
    /// # Errors
    /// [`Error::ColourLabel`], [`Error::NotALabel`], [`Error::LabelValue`], [`Error::TooLarge`].
    pub fn read(volume: &Volume) -> Result<Self, Error> {
        if volume.components() != 1 {
            return Err(Error::ColourLabel);
        }
        let size = volume.file_grid().voxels();
        let mut draft = Self {
            grid: volume.file_grid().clone(),
            orientation: *volume.orientation(),
            rows: reserved(size)?,
            table: vec![0],
            counts: vec![0],
            is_float: !volume.header().datatype.is_integer(),
            frames: volume.frames(),
            fractional: 0,
            not_finite: 0,
            is_remapped: false,
        };
        let mut row_of = HashMap::from([(0, 0)]);
        let mut last = (0, 0);
        for voxel in 0..size {
            let value = match volume.exact(0, voxel) {
                Some(stored) => {
                    i64::try_from(stored).map_err(|_| Error::LabelValue { value: stored as f64 })?
                }
                None => draft.round(volume.grey(0, voxel))?,
            };
            if value != last.0 {
                let next = draft.table.len();
                let row = *row_of.entry(value).or_insert(next);
                if row == next {
                    if next == MAX_VALUES {
                        return Err(Error::NotALabel { limit: MAX_VALUES });
                    }
                    draft.table.push(value);
                    draft.counts.push(0);
                }
                last = (value, row);
            }
            draft.rows.push(last.1 as u16);
            draft.counts[last.1] += 1;
        }
        Ok(draft)
    }

    fn round(&mut self, value: f64) -> Result<i64, Error> {
        if !value.is_finite() {
            self.not_finite += 1;
            return Ok(0);
        }
        let whole = value.round();
        if whole.abs() > LARGEST_VALUE {
            return Err(Error::LabelValue { value });
        }
        if (value - whole).abs() > WHOLE_TOLERANCE {
            self.fractional += 1;
        }
        Ok(whole as i64)
    }

    /// The values that occur, with their voxels.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<i64, usize> {
        let mut counts = BTreeMap::new();
        for (&value, &count) in self.table.iter().zip(&self.counts) {
            if count > 0 {
                *counts.entry(value).or_insert(0) += count;
            }
        }
        counts
    }

    /// The file's value of each class: ranks of the values that occur (0 always among them) once
    /// remapped, else all numbers up to the largest.
    pub(super) fn class_values(&self) -> Vec<i64> {
        let counts = self.counts();
        let largest = counts.keys().next_back().copied().unwrap_or(0).max(0);
        if self.is_remapped {
            std::iter::once(0)
                .chain(counts.into_keys().filter(|&value| value > 0))
                .collect()
        } else {
            // One more than fits is enough to know that it does not fit.
            (0..=largest.min(MAX_CLASSES as i64)).collect()
        }
    }

    /// The grid in RAS order.
    #[must_use]
    pub fn ras_grid(&self) -> Grid {
        self.orientation.to_ras(&self.grid)
    }

    pub(super) fn negatives_to_background(&mut self) {
        self.table.iter_mut().for_each(|value| *value = (*value).max(0));
    }

    /// Keeps background and the most frequent values, as many as there may be classes.
    pub(super) fn keep_most_frequent(&mut self) {
        let mut counts: Vec<(i64, usize)> = self
            .counts()
            .into_iter()
            .filter(|&(value, _)| value > 0)
            .collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let kept: Vec<i64> = counts
            .into_iter()
            .take(MAX_CLASSES - 1)
            .map(|(value, _)| value)
            .collect();
        for value in &mut self.table {
            if *value > 0 && !kept.contains(value) {
                *value = 0;
            }
        }
        self.is_remapped = true;
    }

    /// Takes over the place of an image stored in the same order.
    pub(super) fn place_as(&mut self, image: &Volume) -> Result<(), Error> {
        if self.grid.shape != image.file_grid().shape {
            return Err(Error::Remedy {
                why: "image and label differ in size",
            });
        }
        self.grid = image.file_grid().clone();
        self.orientation = *image.orientation();
        Ok(())
    }

    /// Each voxel of `target` takes the value of the label voxel nearest to its centre, and background
    /// where there is none.
    pub(super) fn resample(&mut self, target: &Grid) -> Result<(), Error> {
        let voxel_from_world = inverse(&self.grid.world_from_voxel).ok_or(Error::Sform)?;
        let label_from_target = product(&voxel_from_world, &target.world_from_voxel);
        let [nx, ny, _] = self.grid.shape;
        let nearest = |point: [usize; 3]| {
            let place = transform(&label_from_target, point.map(|index| index as f64));
            let mut index = [0; 3];
            for axis in 0..3 {
                let rounded = place[axis].round();
                if !(rounded >= 0.0 && rounded < self.grid.shape[axis] as f64) {
                    return None;
                }
                index[axis] = rounded as usize;
            }
            Some(self.rows[index[0] + nx * (index[1] + ny * index[2])])
        };
        let background = self.table.iter().position(|&value| value == 0).unwrap_or(0) as u16;
        let mut rows = reserved(target.voxels())?;
        let mut counts = vec![0; self.counts.len()];
        let mut met = false;
        for z in 0..target.shape[2] {
            for y in 0..target.shape[1] {
                for x in 0..target.shape[0] {
                    let row = nearest([x, y, z]);
                    met |= row.is_some();
                    let row = row.unwrap_or(background);
                    counts[usize::from(row)] += 1;
                    rows.push(row);
                }
            }
        }
        if !met {
            return Err(Error::NoOverlap);
        }
        self.rows = rows;
        self.counts = counts;
        self.grid = target.clone();
        self.orientation = Orientation {
            file_axis: [0, 1, 2],
            reversed: [false; 3],
        };
        Ok(())
    }

    /// The label map in RAS order; callers have made sure that every value has a class.
    pub(super) fn into_map(self) -> Result<LabelMap, Error> {
        let values = self.class_values();
        let class_of = |value: &i64| values.binary_search(value).unwrap_or(0) as u8;
        let classes: Vec<u8> = self.table.iter().map(class_of).collect();
        let grid = self.ras_grid();
        let walk = Walk::new(&self.orientation, self.grid.shape);
        let mut labels = reserved(grid.voxels())?;
        for z in 0..grid.shape[2] {
            for y in 0..grid.shape[1] {
                for x in 0..grid.shape[0] {
                    labels.push(classes[usize::from(self.rows[walk.at([x, y, z])])]);
                }
            }
        }
        Ok(LabelMap { grid, labels, values })
    }
}
