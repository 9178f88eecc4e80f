//! The header, whichever version and byte order it was written in.
//!
//! Source: <https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h> and `nifti2.h`.

use serde::{Deserialize, Serialize};

use super::detect::detect;
use super::voxels::Voxels;
use super::{Datatype, Error, Grid, Notice, nifti1, nifti2};

/// The version of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Version {
    /// 348 bytes of header, 16-bit dimensions, 32-bit floats.
    One,
    /// 540 bytes of header, 64-bit dimensions and floats.
    Two,
}

impl Version {
    pub(super) fn header_bytes(self) -> usize {
        match self {
            Self::One => nifti1::HEADER_BYTES,
            Self::Two => nifti2::HEADER_BYTES,
        }
    }

    /// Where the voxels of a single file start at the earliest: after the header and the four bytes
    /// that announce extensions.
    pub(super) fn first_voxel(self) -> u64 {
        self.header_bytes() as u64 + 4
    }
}

/// The byte order in which the file was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    pub(super) fn i16(self, bytes: [u8; 2]) -> i16 {
        match self {
            Self::Little => i16::from_le_bytes(bytes),
            Self::Big => i16::from_be_bytes(bytes),
        }
    }

    pub(super) fn i32(self, bytes: [u8; 4]) -> i32 {
        match self {
            Self::Little => i32::from_le_bytes(bytes),
            Self::Big => i32::from_be_bytes(bytes),
        }
    }

    pub(super) fn i64(self, bytes: [u8; 8]) -> i64 {
        match self {
            Self::Little => i64::from_le_bytes(bytes),
            Self::Big => i64::from_be_bytes(bytes),
        }
    }
}

/// What the header says, checked field by field, in the file's own voxel order and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    pub version: Version,
    pub byte_order: ByteOrder,
    /// Header and voxels are in two files (`.hdr`, `.img`).
    pub is_pair: bool,
    /// 1 to 7 sizes, each at least 1; the first index runs fastest in the file.
    pub shape: Vec<u64>,
    pub datatype: Datatype,
    /// value = slope · stored + inter; 1 and 0 where the file asks for no scaling.
    pub slope: f64,
    pub inter: f64,
    /// `pixdim` as stated: `[0]` is the handedness of the qform, `[1..=3]` the voxel size.
    pub pixdim: [f64; 8],
    /// Byte at which the voxels start.
    pub voxel_offset: u64,
    pub qform_code: i32,
    pub sform_code: i32,
    /// b, c, d of the unit quaternion.
    pub quaternion: [f64; 3],
    pub qoffset: [f64; 3],
    /// The first three rows of the sform matrix.
    pub sform: [[f64; 4]; 3],
    /// `NIFTI_INTENT_*`; 1002 marks a label map.
    pub intent_code: i32,
    pub xyzt_units: u8,
    /// The window that the author suggests for display; both 0 where there is none.
    pub cal_min: f64,
    pub cal_max: f64,
    pub description: String,
    /// Extensions between header and voxels; they are counted and passed over.
    pub extensions: usize,
}

/// `NIFTI_INTENT_LABEL`.
pub(super) const INTENT_LABEL: i32 = 1002;

/// `NIFTI_XFORM_SCANNER_ANAT`.
const SCANNER: i32 = 1;

/// The bits of `xyzt_units` that are the unit of length, and `NIFTI_UNITS_MM`.
const LENGTH_UNIT: u8 = 0b111;
const MILLIMETRES: u8 = 2;

impl Header {
    /// Parses the first 348 or 540 bytes.
    ///
    /// # Errors
    /// Whatever makes the header unusable; see [`Error`].
    pub fn parse(bytes: &[u8]) -> Result<(Self, Vec<Notice>), Error> {
        let (version, byte_order) = detect(bytes)?;
        let needed = version.header_bytes();
        let Some(bytes) = bytes.get(..needed) else {
            return Err(Error::HeaderCut {
                available: bytes.len() as u64,
                needed: needed as u64,
            });
        };
        let fields = match version {
            Version::One => nifti1::fields(bytes, byte_order)?,
            Version::Two => nifti2::fields(bytes, byte_order)?,
        };
        fields.check(version, byte_order)
    }

    /// Voxel size per declared dimension, as nibabel's `get_zooms`: zeros read as 1, signs dropped.
    #[must_use]
    pub fn zooms(&self) -> Vec<f64> {
        (0..self.shape.len())
            .map(|axis| match self.pixdim[axis + 1].abs() {
                zoom if zoom == 0.0 && axis < 3 => 1.0,
                zoom => zoom,
            })
            .collect()
    }

    /// What a file on that grid would state, with these voxels in it.
    pub(super) fn on_grid(&self, grid: &Grid, voxels: &Voxels) -> Self {
        let mut header = self.clone();
        header.shape = grid.shape.iter().map(|size| *size as u64).collect();
        header.shape.extend(self.shape.iter().skip(3));
        header.pixdim[1..4].copy_from_slice(&grid.spacing_mm);
        (header.qform_code, header.sform_code) = (0, SCANNER);
        header.sform = [0, 1, 2].map(|row| grid.world_from_voxel[row]);
        header.xyzt_units = self.xyzt_units & !LENGTH_UNIT | MILLIMETRES;
        voxels.describe(&mut header);
        header
    }

    /// Size along a spatial axis, 1 where the file declares fewer.
    pub(super) fn size(&self, axis: usize) -> u64 {
        self.shape.get(axis).copied().unwrap_or(1)
    }
}

/// The fields as both versions have them, before any check.
pub(super) struct Fields {
    pub(super) is_pair: bool,
    pub(super) dim: [i64; 8],
    pub(super) datatype: i16,
    pub(super) slope: f64,
    pub(super) inter: f64,
    pub(super) pixdim: [f64; 8],
    pub(super) voxel_offset: Offset,
    pub(super) qform_code: i32,
    pub(super) sform_code: i32,
    pub(super) quaternion: [f64; 3],
    pub(super) qoffset: [f64; 3],
    pub(super) sform: [[f64; 4]; 3],
    pub(super) intent_code: i32,
    pub(super) xyzt_units: u8,
    pub(super) cal_min: f64,
    pub(super) cal_max: f64,
    pub(super) description: String,
}

/// NIfTI-1 keeps the offset as a float, NIfTI-2 as an integer.
pub(super) enum Offset {
    Float(f64),
    Integer(i64),
}

impl Fields {
    fn check(self, version: Version, byte_order: ByteOrder) -> Result<(Header, Vec<Notice>), Error> {
        let mut notices = Vec::new();
        let shape = check_shape(&self.dim)?;
        let datatype = Datatype::from_code(self.datatype)?;
        let (slope, inter) = check_scaling(self.slope, self.inter)?;
        let minimum = if self.is_pair { 0 } else { version.first_voxel() };
        let voxel_offset = check_offset(&self.voxel_offset, minimum, &mut notices)?;
        let mut form = |code: i32| {
            if (0..=5).contains(&code) {
                return code;
            }
            notices.push(Notice::FormCode(code));
            0
        };
        let header = Header {
            version,
            byte_order,
            is_pair: self.is_pair,
            shape,
            datatype,
            slope,
            inter,
            pixdim: self.pixdim,
            voxel_offset,
            qform_code: form(self.qform_code),
            sform_code: form(self.sform_code),
            quaternion: self.quaternion,
            qoffset: self.qoffset,
            sform: self.sform,
            intent_code: self.intent_code,
            xyzt_units: self.xyzt_units,
            cal_min: self.cal_min,
            cal_max: self.cal_max,
            description: self.description,
            extensions: 0,
        };
        Ok((header, notices))
    }
}

fn check_shape(dim: &[i64; 8]) -> Result<Vec<u64>, Error> {
    let count = dim[0];
    if !(1..=7).contains(&count) {
        return Err(Error::DimensionCount { count });
    }
    (1..=count as usize)
        .map(|axis| match u64::try_from(dim[axis]) {
            Ok(size) if size > 0 => Ok(size),
            _ => Err(Error::DimensionSize {
                axis,
                size: dim[axis],
            }),
        })
        .collect()
}

/// nibabel's rule: a slope of 0 or no number means no scaling at all; else the intercept must be finite.
fn check_scaling(slope: f64, inter: f64) -> Result<(f64, f64), Error> {
    if slope == 0.0 || !slope.is_finite() {
        Ok((1.0, 0.0))
    } else if inter.is_finite() {
        Ok((slope, inter))
    } else {
        Err(Error::Intercept { slope, inter })
    }
}

/// Beyond this a 64-bit float no longer tells bytes apart.
const LARGEST_OFFSET: u64 = 1 << 53;

fn check_offset(stated: &Offset, minimum: u64, notices: &mut Vec<Notice>) -> Result<u64, Error> {
    let (offset, shown) = match *stated {
        Offset::Integer(offset) => (u64::try_from(offset).ok(), offset as f64),
        Offset::Float(offset) if offset >= 0.0 && offset <= LARGEST_OFFSET as f64 => {
            if offset.fract() != 0.0 {
                notices.push(Notice::VoxelOffsetFraction(offset));
            }
            (Some(offset as u64), offset)
        }
        Offset::Float(offset) => (None, offset),
    };
    match offset {
        Some(0) if minimum > 0 => {
            notices.push(Notice::VoxelOffsetZero);
            Ok(minimum)
        }
        Some(offset) if (minimum..=LARGEST_OFFSET).contains(&offset) => Ok(offset),
        _ => Err(Error::VoxelOffset {
            offset: shown,
            minimum,
        }),
    }
}

/// A text field: up to the first zero, whatever is no text replaced.
pub(super) fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::File;
    use super::*;

    fn parse(file: &File) -> Result<(Header, Vec<Notice>), Error> {
        Header::parse(&file.header())
    }

    fn file() -> File {
        File::u8(&[2, 3, 4], Vec::new())
    }

    #[test]
    fn a_slope_of_zero_or_no_number_means_no_scaling() {
        for (slope, inter, expected) in [
            (0.0, 5.0, (1.0, 0.0)),
            (f32::NAN, 5.0, (1.0, 0.0)),
            (f32::INFINITY, 5.0, (1.0, 0.0)),
            (-1.5, 10.0, (-1.5, 10.0)),
        ] {
            let mut file = file();
            (file.slope, file.inter) = (slope, inter);
            let (header, _) = parse(&file).unwrap();
            assert_eq!((header.slope, header.inter), expected);
        }
        let mut file = file();
        (file.slope, file.inter) = (2.0, f32::NAN);
        assert!(matches!(parse(&file), Err(Error::Intercept { .. })));
    }

    #[test]
    fn dimensions_are_signed_and_counted() {
        for (shape, expected) in [
            (vec![2, -3, 4], Error::DimensionSize { axis: 2, size: -3 }),
            (vec![2, 3, 0], Error::DimensionSize { axis: 3, size: 0 }),
            (vec![], Error::DimensionCount { count: 0 }),
        ] {
            let mut file = file();
            file.shape = shape;
            assert_eq!(parse(&file), Err(expected));
        }
    }

    #[test]
    fn voxels_start_after_the_header() {
        for (offset, expected) in [(352.0, Some(352)), (0.0, Some(352)), (400.5, Some(400))] {
            let mut file = file();
            file.offset = offset;
            let (header, notices) = parse(&file).unwrap();
            assert_eq!(Some(header.voxel_offset), expected);
            assert_eq!(notices.is_empty(), offset == 352.0);
        }
        for offset in [348.0, -352.0, f32::NAN, f32::INFINITY, f32::MAX] {
            let mut file = file();
            file.offset = offset;
            assert!(matches!(parse(&file), Err(Error::VoxelOffset { .. })), "{offset}");
        }
    }
}
