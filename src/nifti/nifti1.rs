//! NIfTI-1: the `nifti` crate reads the fields; what it takes on trust is checked here.
//!
//! The crate guesses the byte order from `dim[0]` and reads dimensions as unsigned; it is therefore
//! asked only once the order is known and `dim[0]` is sound, and the signs are put back.

use ::nifti::NiftiHeader;

use super::Error;
use super::header::text;
use super::header::{ByteOrder, Fields, Offset};

pub(super) const HEADER_BYTES: usize = 348;
const SINGLE: &[u8; 4] = b"n+1\0";
const PAIR: &[u8; 4] = b"ni1\0";

fn magic(bytes: &[u8]) -> Option<[u8; 4]> {
    bytes.get(344..)?.first_chunk().copied()
}

pub(super) fn has_magic(bytes: &[u8]) -> bool {
    magic(bytes).is_some_and(|magic| magic == *SINGLE || magic == *PAIR)
}

/// Why a header of the right size has no NIfTI-1 magic.
pub(super) fn magic_fault(bytes: &[u8]) -> Error {
    match magic(bytes) {
        Some([0, 0, 0, 0]) => Error::Analyze,
        found => Error::Magic {
            found: found.unwrap_or_default().escape_ascii().to_string(),
        },
    }
}

pub(super) fn fields(bytes: &[u8], order: ByteOrder) -> Result<Fields, Error> {
    let count = bytes
        .get(40..)
        .and_then(<[u8]>::first_chunk)
        .map_or(0, |&dim| order.i16(dim));
    if !(1..=7).contains(&count) {
        return Err(Error::DimensionCount {
            count: i64::from(count),
        });
    }
    let header = NiftiHeader::from_reader(bytes).map_err(|_| magic_fault(bytes))?;
    let wide = |row: [f32; 4]| row.map(f64::from);
    Ok(Fields {
        is_pair: header.magic == *PAIR,
        dim: header.dim.map(|size| i64::from(size.cast_signed())),
        datatype: header.datatype,
        slope: f64::from(header.scl_slope),
        inter: f64::from(header.scl_inter),
        pixdim: header.pixdim.map(f64::from),
        voxel_offset: Offset::Float(f64::from(header.vox_offset)),
        qform_code: i32::from(header.qform_code),
        sform_code: i32::from(header.sform_code),
        quaternion: [header.quatern_b, header.quatern_c, header.quatern_d].map(f64::from),
        qoffset: [header.quatern_x, header.quatern_y, header.quatern_z].map(f64::from),
        sform: [wide(header.srow_x), wide(header.srow_y), wide(header.srow_z)],
        intent_code: i32::from(header.intent_code),
        xyzt_units: header.xyzt_units,
        cal_min: f64::from(header.cal_min),
        cal_max: f64::from(header.cal_max),
        description: text(&header.descrip),
    })
}
