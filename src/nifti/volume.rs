//! A volume: voxels with a place in space, seen in RAS order.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::matrix::Affine;
use super::orientation::Walk;
use super::placement::Placement;
use super::voxels::{Voxels, reserved};
use super::{AffineSource, Error, Grid, Header, Notice, Orientation};

/// Weights of red, green and blue in the grey that stands for a colour (ITU-R BT.709).
const LUMA: [f64; 3] = [0.2126, 0.7152, 0.0722];

/// An image or label map with its place in space.
///
/// Indices are RAS unless a name says `file`: x to the patient's right, y to the front, z up. Voxels
/// stay in memory as the file stores them; values are scaled (slope, intercept) when they are read.
#[derive(Serialize, Deserialize)]
pub struct Volume {
    header: Header,
    notices: Vec<Notice>,
    source: AffineSource,
    file_grid: Grid,
    grid: Grid,
    orientation: Orientation,
    walk: Walk,
    frames: usize,
    pub(super) voxels: Voxels,
}

/// Of the finite values; the others are counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistics {
    /// 0 where nothing is finite, and so for the next two.
    pub min: f64,
    pub max: f64,
    pub mean: f64,
    pub nan_count: usize,
    pub infinite_count: usize,
}

impl Volume {
    pub(super) fn new(header: Header, voxels: Voxels, mut notices: Vec<Notice>) -> Result<Self, Error> {
        let placement = Placement::of(&header, &mut notices)?;
        let file_grid = Grid {
            shape: [0, 1, 2].map(|axis| header.size(axis) as usize),
            spacing_mm: placement.spacing_mm,
            world_from_voxel: placement.world_from_voxel,
        };
        let orientation = Orientation::of(&file_grid.world_from_voxel).ok_or(Error::Sform)?;
        Ok(Self {
            notices,
            source: placement.source,
            grid: orientation.to_ras(&file_grid),
            walk: Walk::new(&orientation, file_grid.shape),
            file_grid,
            orientation,
            frames: header.shape.iter().skip(3).product::<u64>() as usize,
            header,
            voxels,
        })
    }

    /// The same without its voxels, to be [refilled](Volume::refill); until then it has no values.
    #[must_use]
    pub fn hollow(&self) -> Self {
        Self {
            header: self.header.clone(),
            notices: self.notices.clone(),
            source: self.source,
            file_grid: self.file_grid.clone(),
            grid: self.grid.clone(),
            orientation: self.orientation,
            walk: self.walk,
            frames: self.frames,
            voxels: self.voxels.hollow(),
        }
    }

    /// Other voxels in the place of its own, in RAS order of a grid.
    pub(super) fn on_grid(&self, grid: &Grid, voxels: Voxels) -> Self {
        let orientation = Orientation {
            file_axis: [0, 1, 2],
            reversed: [false; 3],
        };
        Self {
            header: self.header.on_grid(grid, &voxels),
            notices: self.notices.clone(),
            source: AffineSource::Sform,
            file_grid: grid.clone(),
            grid: grid.clone(),
            orientation,
            walk: Walk::new(&orientation, grid.shape),
            frames: self.frames,
            voxels,
        }
    }

    /// What the file states, in its own order and units.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What was put right on the way in.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Which part of the header placed the volume.
    #[must_use]
    pub fn affine_source(&self) -> AffineSource {
        self.source
    }

    /// The grid as stored.
    #[must_use]
    pub fn file_grid(&self) -> &Grid {
        &self.file_grid
    }

    /// The grid in RAS order.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// How the file's axes turn into RAS axes.
    #[must_use]
    pub fn orientation(&self) -> &Orientation {
        &self.orientation
    }

    /// The file's voxel order, such as `LPS`.
    #[must_use]
    pub fn axis_codes(&self) -> String {
        self.orientation.axis_codes()
    }

    /// Voxels along x, y, z, and frames.
    #[must_use]
    pub fn shape(&self) -> [usize; 4] {
        let [x, y, z] = self.grid.shape;
        [x, y, z, self.frames]
    }

    /// Size of a voxel along x, y, z in millimetres; finite and above 0.
    #[must_use]
    pub fn spacing_mm(&self) -> [f64; 3] {
        self.grid.spacing_mm
    }

    /// RAS voxel indices to millimetres.
    #[must_use]
    pub fn world_from_voxel(&self) -> &Affine {
        &self.grid.world_from_voxel
    }

    /// Volumes in the file: time points, channels or vector components (all dimensions past the third).
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Numbers per voxel: 1, or 3 and 4 for colours.
    #[must_use]
    pub fn components(&self) -> usize {
        self.header.datatype.components()
    }

    /// Bytes of the voxels in memory: as many as the file has.
    #[must_use]
    pub fn stored_bytes(&self) -> usize {
        self.voxels.stored_bytes()
    }

    /// The value of a voxel, a colour as its grey; `None` outside the volume.
    #[must_use]
    pub fn value(&self, ras: [usize; 3], frame: usize) -> Option<f64> {
        self.holds(ras, frame)
            .then(|| self.grey(frame, self.walk.at(ras)))
    }

    /// The stored number of a voxel, exactly; `None` outside, for floats, scaled values and colours.
    #[must_use]
    pub fn integer(&self, ras: [usize; 3], frame: usize) -> Option<i128> {
        self.holds(ras, frame)
            .then(|| self.exact(frame, self.walk.at(ras)))
            .flatten()
    }

    /// The value at a file index of as many dimensions as the file declares (missing ones are 0).
    #[must_use]
    pub fn file_value(&self, index: &[usize], component: usize) -> Option<f64> {
        let voxel = self.file_voxel(index)?;
        let components = self.components();
        (component < components).then(|| self.voxels.value(voxel * components + component))
    }

    /// As [`Volume::integer`], at a file index.
    #[must_use]
    pub fn file_integer(&self, index: &[usize]) -> Option<i128> {
        self.exact(0, self.file_voxel(index)?)
    }

    /// Statistics of one component over some frames (clipped to those that are there).
    #[must_use]
    pub fn statistics(&self, frames: Range<usize>, component: usize) -> Statistics {
        let components = self.components();
        let size = self.grid.voxels();
        let range = frames.start.min(self.frames) * size..frames.end.min(self.frames) * size;
        let (mut min, mut max, mut sum) = (f64::INFINITY, f64::NEG_INFINITY, 0.0);
        let (mut count, mut nan_count, mut infinite_count) = (0_usize, 0, 0);
        for voxel in range {
            let value = self
                .voxels
                .value(voxel * components + component.min(components - 1));
            if value.is_finite() {
                min = min.min(value);
                max = max.max(value);
                sum += value;
                count += 1;
            } else if value.is_nan() {
                nan_count += 1;
            } else {
                infinite_count += 1;
            }
        }
        if count == 0 {
            (min, max) = (0.0, 0.0);
        }
        Statistics {
            min,
            max,
            mean: sum / count.max(1) as f64,
            nan_count,
            infinite_count,
        }
    }

    /// One frame in RAS order, x fastest: four bytes a voxel, made anew at each call.
    ///
    /// # Errors
    /// [`Error::FrameIndex`]; [`Error::TooLarge`] where memory does not suffice.
    pub fn frame_f32(&self, frame: usize) -> Result<Vec<f32>, Error> {
        let [.., slices] = self.grid.shape;
        let mut values = reserved(self.grid.voxels())?;
        self.extend_f32(&mut values, frame, 0..slices)?;
        Ok(values)
    }

    /// Appends some axial slices of a frame, in the order of [`Volume::frame_f32`].
    ///
    /// # Errors
    /// [`Error::FrameIndex`], [`Error::SliceIndex`].
    pub fn extend_f32(&self, values: &mut Vec<f32>, frame: usize, slices: Range<usize>) -> Result<(), Error> {
        self.check_frame(frame)?;
        let [.., count] = self.grid.shape;
        if slices.end > count {
            let index = slices.end - 1;
            return Err(Error::SliceIndex { index, count });
        }
        if self.components() > 1 {
            self.for_each_voxel(slices, |voxel| values.push(self.grey(frame, voxel) as f32));
            return Ok(());
        }
        let [columns, rows, _] = self.grid.shape;
        for z in slices {
            for y in 0..rows {
                let first = frame * self.grid.voxels() + self.walk.at([0, y, z]);
                self.voxels.extend(values, first, self.walk.step[0], columns);
            }
        }
        Ok(())
    }

    pub(super) fn check_frame(&self, frame: usize) -> Result<(), Error> {
        if frame < self.frames {
            return Ok(());
        }
        Err(Error::FrameIndex {
            frame,
            count: self.frames,
        })
    }

    /// Calls with the file's voxel number, in RAS order, x fastest.
    fn for_each_voxel(&self, slices: Range<usize>, mut visit: impl FnMut(usize)) {
        let [nx, ny, _] = self.grid.shape;
        for z in slices {
            for y in 0..ny {
                for x in 0..nx {
                    visit(self.walk.at([x, y, z]));
                }
            }
        }
    }

    pub(super) fn voxel(&self, ras: [usize; 3]) -> usize {
        self.walk.at(ras)
    }

    /// The value shown for a voxel number of a frame.
    pub(super) fn grey(&self, frame: usize, voxel: usize) -> f64 {
        let voxel = frame * self.grid.voxels() + voxel;
        match self.components() {
            1 => self.voxels.value(voxel),
            components => LUMA
                .iter()
                .enumerate()
                .map(|(component, weight)| weight * self.voxels.value(voxel * components + component))
                .sum(),
        }
    }

    pub(super) fn exact(&self, frame: usize, voxel: usize) -> Option<i128> {
        if self.voxels.is_scaled() || self.components() != 1 {
            return None;
        }
        self.voxels.stored_integer(frame * self.grid.voxels() + voxel)
    }

    fn holds(&self, ras: [usize; 3], frame: usize) -> bool {
        frame < self.frames && (0..3).all(|axis| ras[axis] < self.grid.shape[axis])
    }

    fn file_voxel(&self, index: &[usize]) -> Option<usize> {
        let mut voxel = 0;
        let mut stride = 1;
        for (axis, &position) in index.iter().enumerate() {
            let size = *self.header.shape.get(axis)? as usize;
            if position >= size {
                return None;
            }
            voxel += position * stride;
            stride *= size;
        }
        Some(voxel)
    }
}

impl std::fmt::Debug for Volume {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Volume")
            .field("shape", &self.shape())
            .field("datatype", &self.header.datatype)
            .field("spacing_mm", &self.spacing_mm())
            .field("axis_codes", &self.axis_codes())
            .finish_non_exhaustive()
    }
}
