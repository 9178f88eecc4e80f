//! A volume on the grid of another one: looked up where it lies in space, between voxels by trilinear interpolation.

use super::matrix::{inverse, product};
use super::voxels::{LARGEST_VOLUME_BYTES, Packer};
use super::{Datatype, Error, Grid, Volume, transform};

/// Parts of a voxel that rounding of the affines leaves where a centre was meant. There the neighbour must not come in,
/// not even with a weight of nearly 0: it may be no number.
const SNAP_VOXELS: f64 = 1e-6;

/// Half a voxel around its outermost centres still belongs to a volume.
const RIM_VOXELS: f64 = 0.5;

/// A volume on another grid.
#[derive(Debug)]
pub struct Resampled {
    pub volume: Volume,
    /// Voxels of the new grid that lie outside the old one and hold its lowest value.
    pub outside: usize,
}

impl Volume {
    /// Every frame on another grid, in RAS order. Whole numbers of 8 and 16 bits stay such, rounded, since the file itself
    /// is no finer; anything else becomes 32-bit float, which is what networks are given. So no voxel takes more than four
    /// bytes.
    ///
    /// # Errors
    /// [`Error::NoChannelOverlap`] where the two share no part of space; [`Error::TooLarge`] where memory does not suffice.
    pub fn resampled(&self, onto: &Grid) -> Result<Resampled, Error> {
        let voxel_from_world = inverse(self.world_from_voxel()).ok_or(Error::Sform)?;
        let own_from_onto = product(&voxel_from_world, &onto.world_from_voxel);
        let header = self.header();
        let (datatype, slope, inter) = match header.datatype {
            whole @ (Datatype::U8 | Datatype::I8 | Datatype::U16 | Datatype::I16) => {
                (whole, header.slope, header.inter)
            }
            _ => (Datatype::F32, 1.0, 0.0),
        };
        let declared = onto.voxels() as u128 * (self.frames() * datatype.component_bytes()) as u128;
        if declared > u128::from(LARGEST_VOLUME_BYTES) {
            return Err(Error::TooLarge {
                declared,
                limit: LARGEST_VOLUME_BYTES,
            });
        }
        let shape = self.grid().shape;
        let mut packer = Packer::new(datatype, slope, inter);
        let mut outside = 0;
        for frame in 0..self.frames() {
            let values = self.frame_f32(frame)?;
            let finite = values.iter().copied().filter(|value| value.is_finite());
            let lowest = finite.reduce(f32::min).unwrap_or(0.0);
            outside = 0;
            for z in 0..onto.shape[2] {
                for y in 0..onto.shape[1] {
                    for x in 0..onto.shape[0] {
                        let place = transform(&own_from_onto, [x, y, z].map(|index| index as f64));
                        let value = between(&values, shape, place);
                        outside += usize::from(value.is_none());
                        packer.push(value.unwrap_or(f64::from(lowest)))?;
                    }
                }
            }
            if outside == onto.voxels() {
                return Err(Error::NoChannelOverlap);
            }
        }
        let volume = self.on_grid(onto, packer.finish());
        Ok(Resampled { volume, outside })
    }
}

/// The value at a place in voxels of `values` (Z, Y, X), whose shape is X, Y, Z; `None` outside.
fn between(values: &[f32], shape: [usize; 3], place: [f64; 3]) -> Option<f64> {
    let (x, right) = split(place[0], shape[0])?;
    let (y, back) = split(place[1], shape[1])?;
    let (z, up) = split(place[2], shape[2])?;
    let at = |x: usize, y: usize, z: usize| f64::from(values[x + shape[0] * (y + shape[1] * z)]);
    let mix = |first: f64, share: f64, second: &dyn Fn() -> f64| {
        if share == 0.0 {
            first
        } else {
            first * (1.0 - share) + second() * share
        }
    };
    let row = |y: usize, z: usize| mix(at(x, y, z), right, &|| at(x + 1, y, z));
    let plane = |z: usize| mix(row(y, z), back, &|| row(y + 1, z));
    Some(mix(plane(z), up, &|| plane(z + 1)))
}

/// The voxel before a place along an axis, and how much the one behind it counts.
fn split(place: f64, count: usize) -> Option<(usize, f64)> {
    let last = count as f64 - 1.0;
    let rim = RIM_VOXELS + SNAP_VOXELS;
    if !(place >= -rim && place <= last + rim) {
        return None;
    }
    let place = place.clamp(0.0, last);
    let first = place as usize;
    let share = place - first as f64;
    Some(if share <= SNAP_VOXELS {
        (first, 0.0)
    } else if share >= 1.0 - SNAP_VOXELS {
        (first + 1, 0.0)
    } else {
        (first, share)
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::File;
    use super::*;

    /// In mm of the world, and linear: what a trilinear look-up keeps.
    fn field([x, y, z]: [f64; 3]) -> f64 {
        0.5 * x - 0.25 * y + 2.0 * z + 7.0
    }

    /// Values of 32 bits at some tens, and a header whose numbers have 32 bits too.
    const ROUNDING: f64 = 1e-4;

    type Rows = [[f32; 4]; 3];

    fn place(rows: &Rows, index: [i16; 3]) -> [f64; 3] {
        rows.map(|row| {
            (0..3)
                .map(|i| f64::from(row[i]) * f64::from(index[i]))
                .sum::<f64>()
                + f64::from(row[3])
        })
    }

    fn sampled([nx, ny, nz]: [i16; 3], rows: Rows) -> File {
        let mut values = Vec::new();
        for z in 0..nz {
            for y in 0..ny {
                for x in 0..nx {
                    values.push(field(place(&rows, [x, y, z])) as f32);
                }
            }
        }
        File::f32(&[nx, ny, nz], &values).with_sform(rows)
    }

    /// 8 × 7 × 6 voxels of 1 × 1.5 × 2 mm.
    fn onto() -> Grid {
        let rows = [
            [1.0, 0.0, 0.0, -3.0],
            [0.0, 1.5, 0.0, -4.0],
            [0.0, 0.0, 2.0, -5.0],
        ];
        File::u8(&[8, 7, 6], vec![0; 336])
            .with_sform(rows)
            .volume()
            .grid()
            .clone()
    }

    /// The largest difference from the field at the voxels whose values are no lowest ones.
    fn furthest(resampled: &Resampled, lowest: f64) -> f64 {
        let (volume, grid) = (&resampled.volume, onto());
        assert_eq!(volume.grid(), &grid);
        let (mut worst, mut filled) = (0.0_f64, 0);
        for z in 0..6 {
            for y in 0..7 {
                for x in 0..8 {
                    let value = volume.value([x, y, z], 0).unwrap();
                    let meant = field(transform(&grid.world_from_voxel, [x, y, z].map(|i| i as f64)));
                    if (value - lowest).abs() <= ROUNDING && (meant - lowest).abs() > ROUNDING {
                        filled += 1;
                    } else {
                        worst = worst.max((value - meant).abs());
                    }
                }
            }
        }
        assert_eq!(filled, resampled.outside);
        worst
    }

    #[test]
    fn a_linear_field_is_kept_from_a_coarser_grid() {
        let rows = [
            [2.5, 0.0, 0.0, -4.0],
            [0.0, 3.0, 0.0, -5.0],
            [0.0, 0.0, 4.0, -6.0],
        ];
        let volume = sampled([5, 5, 5], rows).volume();
        let resampled = volume.resampled(&onto()).unwrap();
        assert_eq!(resampled.outside, 0);
        let worst = furthest(&resampled, f64::NEG_INFINITY);
        assert!(worst <= ROUNDING, "{worst}");
    }

    #[test]
    fn a_linear_field_is_kept_from_a_grid_that_is_stored_turned() {
        // The first index runs to the feet, the second to the left, the third to the front; and all of it is oblique.
        let oblique = [
            [0.1, -1.2, 0.2, 6.0],
            [0.15, 0.1, 1.3, -8.0],
            [-1.4, 0.1, 0.1, 9.0],
        ];
        let straight = [
            [0.0, -1.2, 0.0, 3.0],
            [0.0, 0.0, 1.3, -5.0],
            [-1.4, 0.0, 0.0, 4.0],
        ];
        for (rows, reaches) in [(oblique, true), (straight, false)] {
            let volume = sampled([14, 14, 14], rows).volume();
            assert_ne!(volume.axis_codes(), "RAS");
            let resampled = volume.resampled(&onto()).unwrap();
            let lowest = volume.statistics(0..1, 0).min;
            assert_eq!(resampled.outside == 0, reaches, "{}", resampled.outside);
            assert!(resampled.outside < 200);
            let worst = furthest(&resampled, lowest);
            assert!(worst <= ROUNDING, "{worst}");
        }
    }

    #[test]
    fn outside_its_field_a_channel_has_its_lowest_value_and_far_away_none() {
        // Five voxels of 1 mm along x begin at the fourth of the grid's.
        let along = |x0: f32| {
            let rows = [[1.0, 0.0, 0.0, x0], [0.0, 1.5, 0.0, -4.0], [0.0, 0.0, 2.0, -5.0]];
            let values: Vec<i16> = (0..5 * 7 * 6).map(|i| [40, -20, 50, 60, 70][i % 5]).collect();
            File::i16(&[5, 7, 6], &values).with_sform(rows).volume()
        };
        let resampled = along(0.0).resampled(&onto()).unwrap();
        assert_eq!(resampled.outside, 3 * 7 * 6);
        let row: Vec<i128> = (0..8)
            .map(|x| resampled.volume.integer([x, 2, 3], 0).unwrap())
            .collect();
        assert_eq!(row, [-20, -20, -20, 40, -20, 50, 60, 70]);
        assert!(matches!(
            along(900.0).resampled(&onto()),
            Err(Error::NoChannelOverlap)
        ));
    }

    #[test]
    fn small_whole_numbers_stay_and_all_else_becomes_float() {
        let rows = [
            [2.0, 0.0, 0.0, -4.0],
            [0.0, 3.0, 0.0, -5.0],
            [0.0, 0.0, 4.0, -6.0],
        ];
        let values: Vec<i16> = (0..125).map(|i| 100 * (i % 5) - 150).collect();
        let mut file = File::i16(&[5, 5, 5], &values).with_sform(rows);
        (file.slope, file.inter) = (0.5, 10.0);
        let short = file.volume().resampled(&onto()).unwrap().volume;
        assert_eq!(
            (short.header().datatype, short.stored_bytes()),
            (Datatype::I16, 2 * 336)
        );
        // Half way between -150 and -50, scaled.
        assert_eq!(short.value([0, 0, 0], 0), Some(-40.0));
        file.datatype = 8;
        file.data = values
            .iter()
            .flat_map(|value| i32::from(*value).to_le_bytes())
            .collect();
        let long = file.volume().resampled(&onto()).unwrap().volume;
        assert_eq!(
            (long.header().datatype, long.stored_bytes()),
            (Datatype::F32, 4 * 336)
        );
        assert_eq!(long.value([0, 0, 0], 0), Some(-40.0));
    }

    #[test]
    fn every_frame_is_resampled_and_what_is_no_number_stays_in_its_place() {
        let mut values: Vec<f32> = (0..2 * 336).map(|i| i as f32).collect();
        values[336] = f32::NAN;
        let rows = [
            [1.0, 0.0, 0.0, -3.0],
            [0.0, 1.5, 0.0, -4.0],
            [0.0, 0.0, 2.0, -5.0],
        ];
        let volume = File::f32(&[8, 7, 6, 2], &values).with_sform(rows).volume();
        let resampled = volume.resampled(&onto()).unwrap().volume;
        assert_eq!(resampled.shape(), [8, 7, 6, 2]);
        // What travels in pieces is as long as its header says.
        assert_eq!(resampled.declared_bytes(), resampled.stored_bytes());
        assert_eq!(resampled.frame_f32(0).unwrap()[..], values[..336]);
        let second = resampled.frame_f32(1).unwrap();
        assert!(second[0].is_nan());
        assert_eq!(second[1..], values[337..]);
    }
}
