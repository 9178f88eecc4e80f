//! NIfTI-2, which the `nifti` crate does not know: read here field by field.

use super::Error;
use super::header::text;
use super::header::{ByteOrder, Fields, Offset};

pub(super) const HEADER_BYTES: usize = 540;
const SINGLE: &[u8; 4] = b"n+2\0";
const PAIR: &[u8; 4] = b"ni2\0";

/// What follows the magic word, so that a text-mode transfer shows.
const LINE_ENDS: &[u8; 4] = b"\r\n\x1a\n";

fn magic(bytes: &[u8]) -> Option<[u8; 8]> {
    bytes.get(4..)?.first_chunk().copied()
}

pub(super) fn has_magic(bytes: &[u8]) -> bool {
    magic(bytes).is_some_and(|magic| {
        let (word, ends) = magic.split_at(4);
        // nibabel accepts zeros in place of the line ends.
        (word == SINGLE || word == PAIR) && (ends == LINE_ENDS || ends == [0; 4])
    })
}

/// Why a header of the right size has no NIfTI-2 magic.
pub(super) fn magic_fault(bytes: &[u8]) -> Error {
    let found = magic(bytes).unwrap_or_default();
    if found.starts_with(b"n+2") || found.starts_with(b"ni2") {
        Error::LineEnds
    } else {
        Error::Magic {
            found: found.escape_ascii().to_string(),
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    order: ByteOrder,
}

impl Reader<'_> {
    fn at<const N: usize>(&self, offset: usize) -> Result<[u8; N], Error> {
        self.bytes
            .get(offset..)
            .and_then(<[u8]>::first_chunk)
            .copied()
            .ok_or(Error::HeaderCut {
                available: self.bytes.len() as u64,
                needed: HEADER_BYTES as u64,
            })
    }

    fn i32(&self, offset: usize) -> Result<i32, Error> {
        Ok(self.order.i32(self.at(offset)?))
    }

    fn i64(&self, offset: usize) -> Result<i64, Error> {
        Ok(self.order.i64(self.at(offset)?))
    }

    fn f64(&self, offset: usize) -> Result<f64, Error> {
        Ok(f64::from_bits(self.i64(offset)?.cast_unsigned()))
    }

    fn f64s<const N: usize>(&self, offset: usize) -> Result<[f64; N], Error> {
        let mut values = [0.0; N];
        for (index, value) in values.iter_mut().enumerate() {
            *value = self.f64(offset + 8 * index)?;
        }
        Ok(values)
    }
}

pub(super) fn fields(bytes: &[u8], order: ByteOrder) -> Result<Fields, Error> {
    let reader = Reader { bytes, order };
    let mut dim = [0; 8];
    for (index, size) in dim.iter_mut().enumerate() {
        *size = reader.i64(16 + 8 * index)?;
    }
    Ok(Fields {
        is_pair: reader.at(4)? == *PAIR,
        dim,
        datatype: order.i16(reader.at(12)?),
        slope: reader.f64(176)?,
        inter: reader.f64(184)?,
        pixdim: reader.f64s(104)?,
        voxel_offset: Offset::Integer(reader.i64(168)?),
        qform_code: reader.i32(344)?,
        sform_code: reader.i32(348)?,
        quaternion: reader.f64s(352)?,
        qoffset: reader.f64s(376)?,
        sform: [reader.f64s(400)?, reader.f64s(432)?, reader.f64s(464)?],
        intent_code: reader.i32(504)?,
        xyzt_units: reader.i32(500)? as u8,
        cal_min: reader.f64(200)?,
        cal_max: reader.f64(192)?,
        description: text(&reader.at::<80>(240)?),
    })
}
