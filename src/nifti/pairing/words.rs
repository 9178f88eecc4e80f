//! Words that file and folder names of medical data sets are made of. All in lower case.

/// A folder that holds images, or labels, of many subjects (nnU-Net, the Medical Segmentation Decathlon, and plain words).
pub(super) const IMAGE_FOLDERS: [&str; 8] = [
    "imagestr", "imagests", "imagesva", "images", "image", "imgs", "img", "scans",
];
pub(super) const LABEL_FOLDERS: [&str; 14] = [
    "labelstr",
    "labelsts",
    "labelsva",
    "labels",
    "label",
    "segmentations",
    "segmentation",
    "segs",
    "seg",
    "masks",
    "mask",
    "annotations",
    "derivatives",
    "gt",
];
/// BIDS folders that say the kind of scan.
pub(super) const KIND_FOLDERS: [&str; 4] = ["anat", "dwi", "func", "perf"];

/// In a file name: the label.
pub(super) const LABEL_WORDS: [&str; 15] = [
    "seg",
    "segmentation",
    "segmentations",
    "label",
    "labels",
    "labelmap",
    "lab",
    "mask",
    "gt",
    "dseg",
    "truth",
    "roi",
    "lesion",
    "lesions",
    "annotation",
];

/// In a file name: an image of no stated kind.
pub(super) const IMAGE_WORDS: [&str; 6] = ["image", "img", "scan", "volume", "vol", "data"];

/// Words for a channel and the name that it is shown under, in the order in which channels are put. T1 with contrast has
/// many spellings.
pub(super) const MODALITIES: [(&str, &str); 24] = [
    ("ct", "CT"),
    ("mr", "MR"),
    ("mri", "MR"),
    ("t1", "T1"),
    ("t1n", "T1"),
    ("t1w", "T1"),
    ("t1ce", "T1ce"),
    ("t1c", "T1ce"),
    ("t1gd", "T1ce"),
    ("t1post", "T1ce"),
    ("t2", "T2"),
    ("t2w", "T2"),
    ("flair", "FLAIR"),
    ("t2f", "FLAIR"),
    ("t2flair", "FLAIR"),
    ("pd", "PD"),
    ("pdw", "PD"),
    ("dwi", "DWI"),
    ("adc", "ADC"),
    ("swi", "SWI"),
    ("cbf", "CBF"),
    ("cbv", "CBV"),
    ("mtt", "MTT"),
    ("pet", "PET"),
];

/// Where a channel of that name comes among others.
pub(super) fn rank(channel: &str) -> usize {
    MODALITIES
        .iter()
        .position(|(_, name)| *name == channel)
        .unwrap_or(MODALITIES.len())
}
