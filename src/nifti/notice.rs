//! What was put right on the way in: the file loads, and the reader is told.

use serde::{Deserialize, Serialize};

/// A departure from the letter of the file that did not stop it from loading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Notice {
    /// `vox_offset` of 0 in a single file: the voxels were read right after the header.
    VoxelOffsetZero,
    /// `vox_offset` had a fraction, which was dropped.
    VoxelOffsetFraction(f64),
    /// An unknown `qform_code` or `sform_code` was read as 0, as nibabel does.
    FormCode(i32),
    /// The sform could not be used and the qform took its place.
    SformReplaced,
    /// Neither form is set: position and left/right are a guess (nibabel's: x flipped, grid centred).
    NoForm,
    /// A voxel size was zero, negative or no number, and was replaced.
    Spacing { axis: usize, stated: f64, used: f64 },
    /// The unit of length is unknown; millimetres are assumed.
    UnitUnknown(u8),
    /// An extension size that is no multiple of 16.
    ExtensionSize(i32),
    /// Bytes that are not gzip follow the compressed data and were ignored.
    TrailingBytes,
    /// So much follows the voxels that the checksum was not reached.
    ChecksumUnread,
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::VoxelOffsetZero => {
                f.write_str("The header places the voxels at byte 0; they were read right after the header.")
            }
            Self::VoxelOffsetFraction(offset) => {
                write!(f, "The voxels are said to start at byte {offset}; the fraction was dropped.")
            }
            Self::FormCode(code) => {
                write!(f, "The orientation code {code} is unknown, so that orientation was left out.")
            }
            Self::SformReplaced => f.write_str("The sform matrix is not usable; the qform was taken instead."),
            Self::NoForm => f.write_str(
                "The file does not say how it lies in space: left and right are a guess. Check them before you trust them.",
            ),
            Self::Spacing { axis, stated, used } => {
                write!(f, "The voxel size along axis {axis} is given as {stated}; {used} was used.")
            }
            Self::UnitUnknown(code) => {
                write!(f, "The unit of length has the unknown code {code}; millimetres were assumed.")
            }
            Self::ExtensionSize(size) => {
                write!(f, "A header extension has the odd size {size}; it was skipped as stated.")
            }
            Self::TrailingBytes => f.write_str("Bytes that are not gzip follow the compressed data; they were ignored."),
            Self::ChecksumUnread => {
                f.write_str("Much more data follow the voxels than belong to them; the checksum was not reached.")
            }
        }
    }
}
