//! Voxels as they are stored, in pieces, so that memory grows with what a file really holds and a u8
//! volume stays one byte a voxel. Numbers are made on the way out.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::header::{ByteOrder, Header};
use super::source::Source;
use super::{Datatype, Error};

/// 32 KiB: small beside any volume, a multiple of every number's size, and the only scratch a read needs.
pub(super) const PIECE_BYTES: usize = 1 << 15;

/// What a 32-bit browser tab can address with room to work; also the largest `isize` there.
pub(super) const LARGEST_VOLUME_BYTES: u64 = i32::MAX as u64;

#[derive(Serialize, Deserialize)]
pub(super) struct Voxels {
    pieces: Vec<ByteBuf>,
    datatype: Datatype,
    byte_order: ByteOrder,
    slope: f64,
    inter: f64,
}

/// Calls a method with its arguments and how the bytes of an element are a number: looked up once, however many elements
/// there are.
macro_rules! decoded {
    ($voxels:ident.$method:ident($($argument:expr),*)) => {{
        let order = $voxels.byte_order;
        macro_rules! by {
            ($number:expr) => {
                $voxels.$method($($argument,)* $number)
            };
        }
        match $voxels.datatype {
            Datatype::U8 | Datatype::Rgb24 | Datatype::Rgba32 => by!(|[byte]: [u8; 1]| f64::from(byte)),
            Datatype::I8 => by!(|[byte]: [u8; 1]| f64::from(byte.cast_signed())),
            Datatype::U16 => by!(|bytes| f64::from(order.i16(bytes).cast_unsigned())),
            Datatype::I16 => by!(|bytes| f64::from(order.i16(bytes))),
            Datatype::U32 => by!(|bytes| f64::from(order.i32(bytes).cast_unsigned())),
            Datatype::I32 => by!(|bytes| f64::from(order.i32(bytes))),
            Datatype::U64 => by!(|bytes| order.i64(bytes).cast_unsigned() as f64),
            Datatype::I64 => by!(|bytes| order.i64(bytes) as f64),
            Datatype::F32 => by!(|bytes| f64::from(f32::from_bits(order.i32(bytes).cast_unsigned()))),
            Datatype::F64 => by!(|bytes| f64::from_bits(order.i64(bytes).cast_unsigned())),
        }
    }};
}

impl Voxels {
    /// Reads exactly the declared bytes; `scratch` is one piece long.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::DataCut`], and those of the gzip stream.
    pub(super) fn read(header: &Header, source: &mut Source<'_>, scratch: &mut [u8]) -> Result<Self, Error> {
        let declared = declared_bytes(header);
        let available = source.upper_bound();
        if declared > u128::from(available) {
            return Err(Error::DataCut { declared, available });
        }
        if declared > u128::from(LARGEST_VOLUME_BYTES) {
            return Err(Error::TooLarge {
                declared,
                limit: LARGEST_VOLUME_BYTES,
            });
        }
        let bytes = declared as usize;
        let mut pieces = Vec::new();
        let mut held = 0;
        while held < bytes {
            let want = scratch.len().min(bytes - held);
            let got = source.fill(&mut scratch[..want])?;
            held += got;
            if got < want {
                return Err(Error::DataCut {
                    declared,
                    available: held as u64,
                });
            }
            let mut piece = reserved(got)?;
            piece.extend_from_slice(&scratch[..got]);
            pieces.push(ByteBuf::from(piece));
        }
        Ok(Self {
            pieces,
            datatype: header.datatype,
            byte_order: header.byte_order,
            slope: header.slope,
            inter: header.inter,
        })
    }

    pub(super) fn hollow(&self) -> Self {
        Self {
            pieces: Vec::new(),
            ..*self
        }
    }

    pub(super) fn stored(&self, bytes: Range<usize>) -> Vec<u8> {
        let mut stored = Vec::with_capacity(bytes.len());
        let mut next = bytes.start;
        while next < bytes.end {
            let within = next % PIECE_BYTES;
            let Some(piece) = self.pieces.get(next / PIECE_BYTES) else {
                break;
            };
            let end = piece.len().min(within + bytes.end - next);
            if end <= within {
                break;
            }
            stored.extend_from_slice(&piece[within..end]);
            next += end - within;
        }
        stored
    }

    pub(super) fn refill(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(PIECE_BYTES) {
            self.pieces.push(piece.to_vec().into());
        }
    }

    /// Writes what a header says of voxels.
    pub(super) fn describe(&self, header: &mut Header) {
        header.datatype = self.datatype;
        header.byte_order = self.byte_order;
        (header.slope, header.inter) = (self.slope, self.inter);
    }

    pub(super) fn stored_bytes(&self) -> usize {
        self.pieces.iter().map(|piece| piece.len()).sum()
    }

    /// Whether values differ from what is stored.
    pub(super) fn is_scaled(&self) -> bool {
        self.slope != 1.0 || self.inter != 0.0
    }

    fn bytes<const N: usize>(&self, element: usize) -> [u8; N] {
        let byte = element * N;
        let within = byte % PIECE_BYTES;
        let mut number = [0; N];
        number.copy_from_slice(&self.pieces[byte / PIECE_BYTES][within..within + N]);
        number
    }

    /// The stored number, exactly; `None` for floats.
    pub(super) fn stored_integer(&self, element: usize) -> Option<i128> {
        let order = self.byte_order;
        Some(match self.datatype {
            Datatype::U8 | Datatype::Rgb24 | Datatype::Rgba32 => i128::from(self.bytes::<1>(element)[0]),
            Datatype::I8 => i128::from(self.bytes::<1>(element)[0].cast_signed()),
            Datatype::U16 => i128::from(order.i16(self.bytes(element)).cast_unsigned()),
            Datatype::I16 => i128::from(order.i16(self.bytes(element))),
            Datatype::U32 => i128::from(order.i32(self.bytes(element)).cast_unsigned()),
            Datatype::I32 => i128::from(order.i32(self.bytes(element))),
            Datatype::U64 => i128::from(order.i64(self.bytes(element)).cast_unsigned()),
            Datatype::I64 => i128::from(order.i64(self.bytes(element))),
            Datatype::F32 | Datatype::F64 => return None,
        })
    }

    /// slope · stored + inter.
    pub(super) fn value(&self, element: usize) -> f64 {
        decoded!(self.one(element))
    }

    /// Appends the values of some elements, of the first and of each `step` further.
    pub(super) fn extend(&self, values: &mut Vec<f32>, first: usize, step: isize, count: usize) {
        decoded!(self.row(values, first, step, count));
    }

    fn one<const N: usize>(&self, element: usize, number: impl Fn([u8; N]) -> f64) -> f64 {
        number(self.bytes(element)) * self.slope + self.inter
    }

    fn row<const N: usize>(
        &self,
        values: &mut Vec<f32>,
        first: usize,
        step: isize,
        count: usize,
        number: impl Fn([u8; N]) -> f64,
    ) {
        let elements = (0..count as isize).map(|i| first.wrapping_add_signed(i * step));
        values.extend(elements.map(|element| self.one(element, &number) as f32));
    }
}

/// Voxels that are worked out, one after the other.
pub(super) struct Packer {
    voxels: Voxels,
    piece: Vec<u8>,
}

impl Packer {
    /// One number a voxel, stored as a `datatype` of at most 32 bits.
    pub(super) fn new(datatype: Datatype, slope: f64, inter: f64) -> Self {
        let voxels = Voxels {
            pieces: Vec::new(),
            datatype,
            byte_order: ByteOrder::Little,
            slope,
            inter,
        };
        Self {
            voxels,
            piece: Vec::new(),
        }
    }

    /// Whole numbers are rounded to the nearest that there is.
    ///
    /// # Errors
    /// [`Error::TooLarge`] where memory does not suffice.
    pub(super) fn push(&mut self, value: f64) -> Result<(), Error> {
        if self.piece.is_empty() {
            self.piece = reserved(PIECE_BYTES)?;
        }
        let stored = (value - self.voxels.inter) / self.voxels.slope;
        // What is cut off on the way to a whole number then rounds it.
        let whole = stored + 0.5_f64.copysign(stored);
        match self.voxels.datatype {
            Datatype::U8 => self.piece.push(whole as u8),
            Datatype::I8 => self.piece.push((whole as i8).cast_unsigned()),
            Datatype::U16 => self.piece.extend((whole as u16).to_le_bytes()),
            Datatype::I16 => self.piece.extend((whole as i16).to_le_bytes()),
            _ => self.piece.extend((stored as f32).to_le_bytes()),
        }
        if self.piece.len() == PIECE_BYTES {
            self.voxels.pieces.push(std::mem::take(&mut self.piece).into());
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Voxels {
        if !self.piece.is_empty() {
            self.piece.shrink_to_fit();
            self.voxels.pieces.push(self.piece.into());
        }
        self.voxels
    }
}

/// In 128 bits nothing that seven 64-bit sizes declare is taken for something small.
pub(super) fn declared_bytes(header: &Header) -> u128 {
    let voxel = (header.datatype.components() * header.datatype.component_bytes()) as u128;
    header
        .shape
        .iter()
        .try_fold(voxel, |bytes, &size| bytes.checked_mul(u128::from(size)))
        .unwrap_or(u128::MAX)
}

/// An empty vector with room, or the error that a full tab deserves instead of a crash.
pub(super) fn reserved<T>(count: usize) -> Result<Vec<T>, Error> {
    let mut vector = Vec::new();
    vector.try_reserve_exact(count).map_err(|_| Error::TooLarge {
        declared: count as u128 * size_of::<T>() as u128,
        limit: LARGEST_VOLUME_BYTES,
    })?;
    Ok(vector)
}
