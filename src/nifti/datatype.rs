//! Voxel types that can be read, and the reason why the others cannot.

use serde::{Deserialize, Serialize};

use ::nifti::NiftiType;
use num_traits::FromPrimitive;

use super::Error;

/// How one voxel is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Datatype {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F32,
    F64,
    /// Red, green, blue, a byte each, interleaved per voxel.
    Rgb24,
    /// As [`Datatype::Rgb24`], and opacity.
    Rgba32,
}

impl Datatype {
    /// From the header's `datatype` field.
    ///
    /// # Errors
    /// [`Error::Datatype`] with what to do instead.
    pub fn from_code(code: i16) -> Result<Self, Error> {
        let refuse = |name, remedy| Err(Error::Datatype { code, name, remedy });
        let complex = "Save the magnitude (or phase, or real part) as 32-bit float.";
        let long_double = "Convert the image to 32-bit or 64-bit float (nibabel and ITK can).";
        match NiftiType::from_i16(code) {
            Some(NiftiType::Uint8) => Ok(Self::U8),
            Some(NiftiType::Int8) => Ok(Self::I8),
            Some(NiftiType::Uint16) => Ok(Self::U16),
            Some(NiftiType::Int16) => Ok(Self::I16),
            Some(NiftiType::Uint32) => Ok(Self::U32),
            Some(NiftiType::Int32) => Ok(Self::I32),
            Some(NiftiType::Uint64) => Ok(Self::U64),
            Some(NiftiType::Int64) => Ok(Self::I64),
            Some(NiftiType::Float32) => Ok(Self::F32),
            Some(NiftiType::Float64) => Ok(Self::F64),
            Some(NiftiType::Rgb24) => Ok(Self::Rgb24),
            Some(NiftiType::Rgba32) => Ok(Self::Rgba32),
            Some(NiftiType::Complex64) => refuse("complex64", complex),
            Some(NiftiType::Complex128) => refuse("complex128", complex),
            Some(NiftiType::Complex256) => refuse("complex256", complex),
            Some(NiftiType::Float128) => refuse("float128", long_double),
            None if code == 1 => refuse("binary (one bit)", "Save the mask as 8-bit whole numbers."),
            None => refuse("unknown", "Save the image as 16-bit integer or 32-bit float."),
        }
    }

    /// The header's `datatype` field.
    #[must_use]
    pub fn code(self) -> i16 {
        match self {
            Self::U8 => 2,
            Self::I16 => 4,
            Self::I32 => 8,
            Self::F32 => 16,
            Self::F64 => 64,
            Self::Rgb24 => 128,
            Self::I8 => 256,
            Self::U16 => 512,
            Self::U32 => 768,
            Self::I64 => 1024,
            Self::U64 => 1280,
            Self::Rgba32 => 2304,
        }
    }

    /// As numpy and the field call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::U8 => "uint8",
            Self::I8 => "int8",
            Self::U16 => "uint16",
            Self::I16 => "int16",
            Self::U32 => "uint32",
            Self::I32 => "int32",
            Self::U64 => "uint64",
            Self::I64 => "int64",
            Self::F32 => "float32",
            Self::F64 => "float64",
            Self::Rgb24 => "rgb",
            Self::Rgba32 => "rgba",
        }
    }

    /// Numbers per voxel: 1, or the bytes of a colour.
    #[must_use]
    pub fn components(self) -> usize {
        match self {
            Self::Rgb24 => 3,
            Self::Rgba32 => 4,
            _ => 1,
        }
    }

    /// Bytes per number.
    #[must_use]
    pub fn component_bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 | Self::Rgb24 | Self::Rgba32 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    /// Whether the stored numbers are whole by their type.
    #[must_use]
    pub fn is_integer(self) -> bool {
        !matches!(self, Self::F32 | Self::F64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_there_and_back() {
        let mut known = 0;
        for code in 0..=3000 {
            if let Ok(datatype) = Datatype::from_code(code) {
                assert_eq!(datatype.code(), code);
                known += 1;
            }
        }
        assert_eq!(known, 12);
    }
}
