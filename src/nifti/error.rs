//! What can be wrong with a file, said so that a student knows what to do next.

/// Every text names the fault first and the remedy after it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// No bytes at all: check that the download or the copy finished.
    #[error("The file is empty (0 bytes). Download or export it again.")]
    Empty,
    /// The content is something else: check what the file really is, whatever its name says.
    #[error(
        "This is not a NIfTI file; it looks like {looks_like}. Convert it to .nii or .nii.gz first (dcm2niix, 3D Slicer and ITK-SNAP can)."
    )]
    NotNifti { looks_like: &'static str },
    /// The header ends early: check the size of the file against the original.
    #[error(
        "The file ends inside its header: {available} bytes of {needed}. Download or copy it again; it was cut short."
    )]
    HeaderCut { available: u64, needed: u64 },
    /// `sizeof_hdr` is neither 348 nor 540: check which program wrote the file.
    #[error(
        "The header states its own size as {sizeof_hdr} bytes, where NIfTI-1 says 348 and NIfTI-2 says 540. Save the image again from the program that made it."
    )]
    HeaderSize { sizeof_hdr: i32 },
    /// `sizeof_hdr` and the magic word name different versions: check which program wrote the file.
    #[error(
        "The header contradicts itself: its size says NIfTI-{by_size}, its magic word says NIfTI-{by_magic}. Save the image again from the program that made it."
    )]
    Version { by_size: u8, by_magic: u8 },
    /// The magic word is unknown: check whether the file was edited or damaged.
    #[error(
        "The header has the right size but not the NIfTI magic word (found {found:?}). Save the image again as NIfTI from the program that made it."
    )]
    Magic { found: String },
    /// An ANALYZE 7.5 header, which cannot tell left from right.
    #[error(
        "This is an ANALYZE 7.5 header, which does not say where left and right are. Convert it to NIfTI with a tool that knows its convention (SPM, fslchfiletype, nibabel)."
    )]
    Analyze,
    /// A text-mode transfer changed line ends: check the transfer settings.
    #[error(
        "The NIfTI-2 magic word is damaged in the way a text-mode transfer damages it. Copy the original again in binary mode."
    )]
    LineEnds,
    /// `dim[0]` is outside 1..=7.
    #[error(
        "The header declares {count} dimensions; NIfTI allows 1 to 7. Save the image again from the program that made it."
    )]
    DimensionCount { count: i64 },
    /// One of the dimensions is zero or negative.
    #[error(
        "Dimension {axis} of the image is {size}, so it holds no voxels. Export the image again with at least one voxel along every axis."
    )]
    DimensionSize { axis: usize, size: i64 },
    /// More than one tab can hold: check the dimensions, or work on a part.
    #[error(
        "The header declares {} of voxels, more than the {} that a browser tab can hold. Crop or downsample the image, or check its dimensions.", human(*.declared), human(u128::from(*.limit))
    )]
    TooLarge { declared: u128, limit: u64 },
    /// Fewer voxels than declared: check the size of the file against the original.
    #[error(
        "The header declares {} of voxels, but no more than {} are there. Download or copy it again; if it is whole, its header is wrong: export it anew.", human(*.declared), human(u128::from(*.available))
    )]
    DataCut { declared: u128, available: u64 },
    /// A voxel type this page does not read.
    #[error("The voxels are of type {name} (code {code}), which cannot be shown here. {remedy}")]
    Datatype {
        code: i16,
        name: &'static str,
        remedy: &'static str,
    },
    /// `vox_offset` points before the header's end or past every sensible place.
    #[error(
        "The header places the voxels at byte {offset}, which is not between the end of the header (byte {minimum}) and the end of the file. Save the image again from the program that made it."
    )]
    VoxelOffset { offset: f64, minimum: u64 },
    /// A header extension whose stated size cannot be.
    #[error(
        "A header extension states a size of {size} bytes with {available} left for it. Save the image again without extensions."
    )]
    Extension { size: i32, available: u64 },
    /// The slope is usable but the intercept is not a number.
    #[error(
        "The intensity scaling is broken: slope {slope} with intercept {inter}. Correct scl_inter in the header (0 if unsure), or export the image again."
    )]
    Intercept { slope: f64, inter: f64 },
    /// A voxel size that is not a number, with no sform to take it from.
    #[error(
        "The voxel size along axis {axis} is {value}, and no sform is there to replace it. Set pixdim in the header, or export the image again."
    )]
    Spacing { axis: usize, value: f64 },
    /// A qform whose quaternion is no rotation.
    #[error(
        "The qform is not a rotation (b² + c² + d² = {norm}, at most 1 is possible). Write the orientation again, for example with fslorient or nibabel."
    )]
    Quaternion { norm: f64 },
    /// The sform is not finite or squashes space, and no qform is there to replace it.
    #[error(
        "The sform matrix is not usable (a number is missing, or its axes fall together), and there is no qform. Write the orientation again, for example with fslorient or nibabel."
    )]
    Sform,
    /// The gzip stream ends early.
    #[error(
        "The compressed data end before their checksum. Download or copy the file again; it was cut short."
    )]
    GzipCut,
    /// The gzip stream does not match its checksum, or does not decode.
    #[error("The compressed data are damaged ({detail}). Download or copy the file again.")]
    GzipDamaged { detail: String },
    /// A gzip file within a gzip file.
    #[error("The file was compressed twice. Unpack it once (gunzip) and drop the result.")]
    GzipTwice,
    /// A header whose voxels are in another file.
    #[error(
        "This header belongs to a pair and its .img file is missing. Drop the .hdr and the .img file together."
    )]
    MissingImage,
    /// Voxels whose header is in another file.
    #[error("This .img file has no header of its own. Drop it together with the .hdr file of the same name.")]
    MissingHeader,
    /// A NIfTI file that holds no picture in space (CIFTI).
    #[error(
        "This file holds surface or connectivity data (CIFTI, intent {intent}), not an image in space. Choose a volume (.nii, .nii.gz) instead."
    )]
    NotSpatial { intent: i32 },
    /// Nothing was dropped, or nothing that could be an image.
    #[error("There is no image among these files. Drop a .nii, a .nii.gz, or a .hdr with its .img.")]
    NoImage,
    /// More label maps than one.
    #[error("There is already a label map. Drop one image and one label map, or swap them by hand.")]
    SecondLabel,
    /// A slice outside the volume.
    #[error("Slice {index} does not exist. Choose one from 0 to {}.", .count.saturating_sub(1))]
    SliceIndex { index: usize, count: usize },
    /// A frame outside a 4D volume.
    #[error("Frame {frame} does not exist. Choose one from 0 to {}.", .count.saturating_sub(1))]
    FrameIndex { frame: usize, count: usize },
    /// Colours cannot name classes.
    #[error("The label map is a colour picture. Save it as one whole number per voxel.")]
    ColourLabel,
    /// So many values that this is an image.
    #[error(
        "The label map has more than {limit} different values, as an image has. Swap image and label, or choose another label file."
    )]
    NotALabel { limit: usize },
    /// A label value that no class number can hold.
    #[error(
        "The label map holds the value {value}, too large to name a class. Save the labels as whole numbers from 0 upwards."
    )]
    LabelValue { value: f64 },
    /// A remedy that cannot be carried out on this pair.
    #[error("This remedy does not fit here: {why}. Choose another remedy, or another label file.")]
    Remedy { why: &'static str },
    /// Resampling found nothing: check that the label was drawn on this image.
    #[error("Image and label share no part of space. Choose the label that was drawn on this image.")]
    NoOverlap,
    /// Resampling a channel found nothing: check that the channels were registered to each other.
    #[error(
        "A channel shares no part of space with the first one. Register it to the first before, or leave it out."
    )]
    NoChannelOverlap,
    /// A mask of another shape than the image whose space it is to take.
    #[error(
        "The mask has {found} voxels where the image has {voxels}. Predict the volume of this image again."
    )]
    MaskSize { found: usize, voxels: usize },
    /// A mask with a class that no value is given for.
    #[error("The mask holds class {class}, for which the label file has no value. Predict the volume again.")]
    MaskClass { class: u8 },
    /// More voxels along an axis than NIfTI-1 can say.
    #[error("The image has {size} voxels along one axis, and NIfTI-1 allows {limit}. Crop the image.")]
    MaskShape { size: u64, limit: u64 },
    /// A finding that stops the pair was left open: see its remedies.
    #[error("{sentence} Choose one of the remedies offered, or another label file.")]
    Unresolved { sentence: String },
}

/// Bytes as a reader thinks of them: `1023 bytes`, `17.2 TiB`.
fn human(bytes: u128) -> String {
    const UNITS: [&str; 7] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB"];
    if bytes < 1024 {
        return format!("{bytes} bytes");
    }
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_words() {
        assert_eq!(human(1023), "1023 bytes");
        assert_eq!(human(1 << 20), "1.0 MiB");
        assert_eq!(human(17 << 40), "17.0 TiB");
        assert!(human(u128::MAX).ends_with(" ZiB"));
    }

    #[test]
    fn texts_end_with_what_to_do() {
        let errors = [
            Error::Analyze,
            Error::LineEnds,
            Error::Sform,
            Error::GzipCut,
            Error::GzipTwice,
            Error::MissingImage,
            Error::MissingHeader,
            Error::NoImage,
            Error::SecondLabel,
            Error::ColourLabel,
            Error::NoOverlap,
            Error::NoChannelOverlap,
            Error::NotSpatial { intent: 3001 },
            Error::SliceIndex { index: 9, count: 3 },
            Error::FrameIndex { frame: 9, count: 3 },
            Error::NotALabel { limit: 7 },
            Error::LabelValue { value: 1e300 },
            Error::MaskSize { found: 1, voxels: 2 },
            Error::MaskClass { class: 3 },
            Error::MaskShape {
                size: 40_000,
                limit: 32_767,
            },
            Error::Remedy {
                why: "image and label differ in size",
            },
            Error::TooLarge {
                declared: 1 << 40,
                limit: 1 << 31,
            },
            Error::Unresolved {
                sentence: "The label has gaps.".to_owned(),
            },
        ];
        for error in errors {
            let text = error.to_string();
            let (fault, remedy) = text.split_once(". ").unwrap();
            assert!(!fault.is_empty() && remedy.ends_with('.'), "{text}");
        }
        let text = Error::SliceIndex { index: 9, count: 3 }.to_string();
        assert!(text.ends_with("from 0 to 2."), "{text}");
    }
}
