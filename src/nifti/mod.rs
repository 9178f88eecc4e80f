//! NIfTI files: bytes → [`Header`] → [`Volume`] → [`Slice`]; orientation, label maps, pairs.
//!
//! Version 1 and 2, one file or a pair, gzip or not, both byte orders. Nothing here touches a file
//! system or starts a thread, and no input makes it panic or take memory for voxels that are not there.

mod datatype;
mod error;
mod header;
mod matrix;
mod nifti1;
mod nifti2;
mod notice;
mod orientation;
mod placement;
mod read;
mod slice;
mod source;
mod volume;
mod voxels;

pub use datatype::Datatype;
pub use error::Error;
pub use header::{ByteOrder, Header, Version};
pub use matrix::{Affine, transform};
pub use notice::Notice;
pub use orientation::{Grid, Orientation};
pub use placement::AffineSource;
pub use slice::{Plane, Slice};
pub use volume::{Statistics, Volume};
