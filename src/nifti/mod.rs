//! NIfTI files: bytes → [`Header`] → [`Volume`] → [`Slice`]; orientation, label maps, pairs, and a
//! label map written back ([`FileSpace`]).
//!
//! Version 1 and 2, one file or a pair, gzip or not, both byte orders. Nothing here touches a file
//! system or starts a thread, and no input makes it panic or take memory for voxels that are not there.
//!
//! ```
//! use contour_lab::nifti::{LabelDraft, Plane, Volume};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/www/samples");
//! let image = Volume::from_bytes(&std::fs::read(format!("{folder}/abdomen_mr_image.nii.gz"))?)?;
//! let label = Volume::from_bytes(&std::fs::read(format!("{folder}/abdomen_mr_label.nii.gz"))?)?;
//! // Refuses a label that does not lie on the image's grid; `check_pair` names the remedies.
//! let label = LabelDraft::read(&label)?.finish(&image)?;
//! // The file is stored in LPS order, what is read of it is in RAS order.
//! assert_eq!(image.axis_codes(), "LPS");
//! let slice = label.slice(Plane::Axial, 10)?;
//! assert_eq!([slice.width, slice.height], [117, 91]);
//! # Ok(())
//! # }
//! ```

mod datatype;
mod detect;
mod dropped;
mod error;
#[cfg(test)]
mod fixture;
mod header;
mod label;
mod matrix;
mod nifti1;
mod nifti2;
mod notice;
mod orientation;
mod pair;
mod pairing;
mod pieces;
mod placement;
mod read;
mod resample;
mod signs;
mod slice;
mod source;
mod volume;
mod voxels;
mod write;

pub use datatype::Datatype;
pub use dropped::{Dropped, Named, sort_dropped};
pub use error::Error;
pub use header::{ByteOrder, Header, Version};
pub use label::{LabelDraft, LabelMap, MAX_CLASSES};
pub use matrix::{Affine, transform};
pub use notice::Notice;
pub use orientation::{Grid, Orientation};
pub use pair::{Fault, Finding, GRID_TOLERANCE_VOXELS, Remedy, Severity, check_pair};
pub use pairing::{Assignment, Group, LeftOver, Pairing, Role, assign, group};
pub use placement::AffineSource;
pub use resample::Resampled;
pub use slice::{Plane, Slice};
pub use volume::{Statistics, Volume};
pub use write::FileSpace;
