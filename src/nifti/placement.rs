//! Where the voxels lie: sform, qform or neither, in nibabel's order of precedence.

use serde::{Deserialize, Serialize};

use ::nifti::typedef::Unit;
use num_traits::FromPrimitive;

use super::matrix::{Affine, column_lengths, determinant, directions, from_rows};
use super::{Error, Header, Notice};

/// Unit directions that span less than this have fallen together: the headers' 32-bit floats cannot
/// tell them from a plane.
const SMALLEST_SPAN: f64 = 1e-6;

/// nibabel's threshold for `1 - (b² + c² + d²)`: three times the 32-bit epsilon, rounding of the header.
const QUATERNION_SLACK: f64 = 3.0 * f32::EPSILON as f64;

/// Which part of the header placed the volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AffineSource {
    Sform,
    Qform,
    /// No form: nibabel's guess, x flipped and the grid centred on 0.
    None,
}

/// Voxel indices (file order) to millimetres, and the voxel size.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placement {
    pub(super) spacing_mm: [f64; 3],
    pub(super) world_from_voxel: Affine,
    pub(super) source: AffineSource,
}

impl Placement {
    /// # Errors
    /// [`Error::Sform`], [`Error::Quaternion`], [`Error::Spacing`]: nothing usable to place it with.
    pub(super) fn of(header: &Header, notices: &mut Vec<Notice>) -> Result<Self, Error> {
        let sform = (header.sform_code > 0).then(|| usable(from_rows(header.sform)));
        let (source, mut affine) = match sform {
            Some(Some(affine)) => (AffineSource::Sform, affine),
            Some(None) if header.qform_code == 0 => return Err(Error::Sform),
            _ if header.qform_code > 0 => {
                if sform.is_some() {
                    notices.push(Notice::SformReplaced);
                }
                (AffineSource::Qform, qform(header, notices)?)
            }
            _ => {
                notices.push(Notice::NoForm);
                (AffineSource::None, centred(header, notices)?)
            }
        };
        let mut spacing_mm = spacing(header, source, &affine, notices)?;
        let factor = millimetres_per_unit(header.xyzt_units, notices);
        spacing_mm.iter_mut().for_each(|step| *step *= factor);
        affine[..3]
            .iter_mut()
            .flatten()
            .for_each(|entry| *entry *= factor);
        if !spacing_mm.iter().all(|step| step.is_finite() && *step > 0.0) || usable(affine).is_none() {
            return Err(Error::Sform);
        }
        Ok(Self {
            spacing_mm,
            world_from_voxel: affine,
            source,
        })
    }
}

fn usable(affine: Affine) -> Option<Affine> {
    let finite = affine.iter().flatten().all(|entry| entry.is_finite());
    let spans = directions(&affine).is_some_and(|columns| determinant(&columns).abs() > SMALLEST_SPAN);
    (finite && spans).then_some(affine)
}

/// nifti1.h, METHOD 2.
fn qform(header: &Header, notices: &mut Vec<Notice>) -> Result<Affine, Error> {
    let [b, c, d] = header.quaternion;
    let norm = b * b + c * c + d * d;
    if norm.is_nan() || norm > 1.0 + QUATERNION_SLACK {
        return Err(Error::Quaternion { norm });
    }
    let a = (1.0 - norm).max(0.0).sqrt();
    // Where rounding left it longer than one, it is shortened, as nibabel does.
    let s = 2.0 / (a * a + norm);
    let rotation = [
        [
            1.0 - s * (c * c + d * d),
            s * (b * c - a * d),
            s * (b * d + a * c),
        ],
        [
            s * (b * c + a * d),
            1.0 - s * (b * b + d * d),
            s * (c * d - a * b),
        ],
        [
            s * (b * d - a * c),
            s * (c * d + a * b),
            1.0 - s * (b * b + c * c),
        ],
    ];
    let mut zooms = [1.0; 3];
    for axis in 0..3 {
        zooms[axis] = stated_or_one(header, axis, notices)?;
    }
    if header.pixdim[0] == -1.0 {
        zooms[2] = -zooms[2];
    }
    let rows = std::array::from_fn(|row| {
        let [x, y, z] = rotation[row];
        [x * zooms[0], y * zooms[1], z * zooms[2], header.qoffset[row]]
    });
    usable(from_rows(rows)).ok_or(Error::Sform)
}

/// nibabel's `shape_zoom_affine` with x flipped.
fn centred(header: &Header, notices: &mut Vec<Notice>) -> Result<Affine, Error> {
    let mut rows = [[0.0; 4]; 3];
    for axis in 0..3 {
        let zoom = if axis < header.shape.len() {
            stated_or_one(header, axis, notices)?
        } else {
            1.0
        };
        let zoom = if axis == 0 { -zoom } else { zoom };
        rows[axis][axis] = zoom;
        rows[axis][3] = -zoom * (header.size(axis) as f64 - 1.0) / 2.0;
    }
    Ok(from_rows(rows))
}

/// `pixdim` as nibabel mends it: 0 reads as 1 and signs are dropped; no number is an error.
fn stated_or_one(header: &Header, axis: usize, notices: &mut Vec<Notice>) -> Result<f64, Error> {
    let stated = header.pixdim[axis + 1];
    if stated.is_finite() && stated > 0.0 {
        return Ok(stated);
    }
    let declared = axis < header.shape.len();
    if !stated.is_finite() && declared {
        return Err(Error::Spacing {
            axis: axis + 1,
            value: stated,
        });
    }
    let used = if stated.is_finite() && stated != 0.0 {
        stated.abs()
    } else {
        1.0
    };
    if declared {
        notices.push(Notice::Spacing {
            axis: axis + 1,
            stated,
            used,
        });
    }
    Ok(used)
}

fn spacing(
    header: &Header,
    source: AffineSource,
    affine: &Affine,
    notices: &mut Vec<Notice>,
) -> Result<[f64; 3], Error> {
    let columns = column_lengths(affine);
    let mut spacing = [1.0; 3];
    for axis in 0..header.shape.len().min(3) {
        let stated = header.pixdim[axis + 1];
        spacing[axis] = if stated.is_finite() && stated > 0.0 {
            stated
        } else if source == AffineSource::Sform {
            let used = columns[axis];
            notices.push(Notice::Spacing {
                axis: axis + 1,
                stated,
                used,
            });
            used
        } else {
            columns[axis]
        };
    }
    Ok(spacing)
}

fn millimetres_per_unit(xyzt_units: u8, notices: &mut Vec<Notice>) -> f64 {
    let code = xyzt_units & 0b111;
    match Unit::from_u8(code) {
        Some(Unit::Unknown | Unit::Mm) => 1.0,
        Some(Unit::Meter) => 1000.0,
        Some(Unit::Micron) => 0.001,
        _ => {
            notices.push(Notice::UnitUnknown(code));
            1.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{File, assert_affine};
    use super::super::{Error, Notice, Volume};
    use super::*;

    fn file() -> File {
        File::u8(&[2, 3, 4], vec![0; 24])
    }

    #[test]
    fn sform_comes_before_qform_and_qform_before_nothing() {
        let mut file = file();
        // Half a turn about z.
        file.qform = Some([0.0, 0.0, 1.0, 10.0, 20.0, 30.0]);
        let volume = file.volume();
        assert_eq!(volume.affine_source(), AffineSource::Sform);
        assert_eq!(volume.axis_codes(), "RAS");
        file.sform = None;
        let volume = file.volume();
        assert_eq!(volume.affine_source(), AffineSource::Qform);
        assert_affine(
            &volume.file_grid().world_from_voxel,
            [
                [-2.0, 0.0, 0.0, 10.0],
                [0.0, -2.5, 0.0, 20.0],
                [0.0, 0.0, 3.0, 30.0],
            ],
        );
        file.pixdim[0] = -1.0;
        assert_eq!(file.volume().axis_codes(), "LPI");
        file.qform = None;
        let volume = file.volume();
        assert_eq!(volume.affine_source(), AffineSource::None);
        assert_eq!(volume.notices(), [Notice::NoForm]);
        assert_affine(
            &volume.file_grid().world_from_voxel,
            [
                [-2.0, 0.0, 0.0, 1.0],
                [0.0, 2.5, 0.0, -2.5],
                [0.0, 0.0, 3.0, -4.5],
            ],
        );
    }

    #[test]
    fn an_unusable_sform_gives_way_to_the_qform_or_is_an_error() {
        let flat = [[2.0, 0.0, 2.0, 0.0], [0.0, 2.5, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]];
        for rows in [flat, [[f32::NAN; 4]; 3], [[0.0; 4]; 3]] {
            let mut file = file().with_sform(rows);
            assert_eq!(Volume::from_bytes(&file.bytes()).unwrap_err(), Error::Sform);
            file.qform = Some([0.0; 6]);
            let volume = file.volume();
            assert_eq!(volume.affine_source(), AffineSource::Qform);
            assert_eq!(volume.notices(), [Notice::SformReplaced]);
        }
    }

    #[test]
    fn a_quaternion_may_be_long_by_rounding_only() {
        let mut file = file();
        file.sform = None;
        file.qform = Some([0.6, 0.8, 1e-4, 0.0, 0.0, 0.0]);
        assert!(Volume::from_bytes(&file.bytes()).is_ok());
        for quaternion in [[0.9, 0.9, 0.0], [f32::NAN, 0.0, 0.0]] {
            let [b, c, d] = quaternion;
            file.qform = Some([b, c, d, 0.0, 0.0, 0.0]);
            assert!(matches!(
                Volume::from_bytes(&file.bytes()),
                Err(Error::Quaternion { .. })
            ));
        }
    }

    #[test]
    fn spacing_is_finite_whatever_pixdim_says() {
        for stated in [0.0, f32::NAN, f32::INFINITY, -2.0] {
            let mut file = file();
            file.pixdim[2] = stated;
            assert_eq!(file.volume().spacing_mm(), [2.0, 2.5, 3.0]);
            file.sform = None;
            let read = Volume::from_bytes(&file.bytes());
            match read {
                Ok(volume) if stated == 0.0 => assert_eq!(volume.spacing_mm(), [2.0, 1.0, 3.0]),
                Ok(volume) => assert_eq!(volume.spacing_mm(), [2.0, 2.0, 3.0]),
                Err(error) => assert!(matches!(error, Error::Spacing { axis: 2, .. }) && !stated.is_finite()),
            }
        }
    }

    #[test]
    fn metres_and_micrometres_become_millimetres() {
        for (units, factor) in [(0, 1.0), (1, 1000.0), (2, 1.0), (3, 0.001), (10, 1.0)] {
            let mut file = file();
            file.units = units;
            let volume = file.volume();
            assert_eq!(volume.spacing_mm(), [2.0 * factor, 2.5 * factor, 3.0 * factor]);
            assert!((volume.world_from_voxel()[0][3] + 5.0 * factor).abs() < 1e-9);
        }
    }
}
