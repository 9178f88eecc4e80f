//! Whether an image and a label map belong together, and what to do where they do not.

use serde::{Deserialize, Serialize};

use super::{Error, Grid, LabelDraft, LabelMap, MAX_CLASSES, Volume, transform};

/// Grids agree if no corner lies further apart than this part of the smallest voxel edge: room for the
/// rounding of 32-bit headers, far below the half voxel at which a label would fall on a neighbour.
pub const GRID_TOLERANCE_VOXELS: f64 = 0.05;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Good to know.
    Note,
    /// The pair can be used; look at it first.
    Warning,
    /// The pair cannot be used before a remedy is chosen.
    Blocker,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fault {
    Shape,
    Affine,
    Frames,
    WholeFloats,
    FractionalLabels,
    NotFinite,
    Negatives,
    Gaps,
    TooManyClasses,
    OnlyBackground,
    /// Channels that do not lie on the grid of the first.
    Channels,
    /// Channels that were resampled.
    ResampledChannels,
}

/// Something that [`LabelDraft::apply`] can do about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Remedy {
    /// Take the nearest whole number.
    RoundLabels,
    /// Read what is no number as background.
    TreatNonFiniteAsBackground,
    /// Read negative values as background.
    TreatNegativesAsBackground,
    /// Number the values that occur 0, 1, 2, …; the file's own values are kept beside.
    RemapToConsecutive,
    /// Keep the most frequent classes and read the others as background.
    KeepMostFrequent,
    /// The label was drawn on this image and lost its place: take over the image's.
    UseImageAffine,
    /// Look up each image voxel in the label where it lies in space.
    ResampleLabelNearest,
    /// Look up each voxel of the first channel in the others where they lie in space.
    ResampleChannels,
}

impl Remedy {
    /// What stands on the button.
    #[must_use]
    pub fn action(self) -> &'static str {
        match self {
            Self::RoundLabels => "Round to whole numbers",
            Self::TreatNonFiniteAsBackground => "Treat them as background",
            Self::TreatNegativesAsBackground => "Treat negatives as background",
            Self::RemapToConsecutive => "Number the classes without gaps",
            Self::KeepMostFrequent => "Keep the largest classes",
            Self::UseImageAffine => "Use the image's position",
            Self::ResampleLabelNearest => "Resample the label onto the image",
            Self::ResampleChannels => "Resample the channels onto the first",
        }
    }
}

/// One thing to know about a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub fault: Fault,
    pub severity: Severity,
    /// For the visitor, with the numbers of this pair.
    pub sentence: String,
    /// The recommended one first; empty where nothing needs doing.
    pub remedies: Vec<Remedy>,
}

/// Everything worth saying about a pair, place first; blockers must be remedied before
/// [`LabelDraft::finish`].
#[must_use]
pub fn check_pair(image: &Volume, label: &LabelDraft) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(check_place(image, label));
    findings.extend(check_numbers(label));
    findings.extend(check_classes(label));
    findings
}

fn finding(fault: Fault, severity: Severity, remedies: &[Remedy], sentence: String) -> Finding {
    Finding {
        fault,
        severity,
        sentence,
        remedies: remedies.to_vec(),
    }
}

fn check_place(image: &Volume, label: &LabelDraft) -> Option<Finding> {
    let grid = label.ras_grid();
    let same_order = label.grid.shape == image.file_grid().shape;
    let [a, b, c] = image.grid().shape;
    if grid.shape != image.grid().shape {
        let [x, y, z] = grid.shape;
        let remedies: &[Remedy] = if same_order {
            &[Remedy::UseImageAffine, Remedy::ResampleLabelNearest]
        } else {
            &[Remedy::ResampleLabelNearest]
        };
        return Some(finding(
            Fault::Shape,
            Severity::Blocker,
            remedies,
            format!("The label has {x} × {y} × {z} voxels where the image has {a} × {b} × {c}."),
        ));
    }
    // One shape, so that there is a distance.
    let apart_mm = image.grid().apart_mm(&grid).unwrap_or(f64::INFINITY);
    let edge_mm = image.spacing_mm().into_iter().fold(f64::INFINITY, f64::min);
    if apart_mm <= GRID_TOLERANCE_VOXELS * edge_mm {
        return None;
    }
    let remedies: &[Remedy] = if same_order {
        &[Remedy::UseImageAffine, Remedy::ResampleLabelNearest]
    } else {
        &[Remedy::ResampleLabelNearest]
    };
    Some(finding(
        Fault::Affine,
        Severity::Blocker,
        remedies,
        format!("Image and label have the same size but lie up to {apart_mm:.1} mm apart in space."),
    ))
}

impl Grid {
    /// How far the corners of two grids are apart; `None` for grids of different shape.
    #[must_use]
    pub fn apart_mm(&self, other: &Self) -> Option<f64> {
        let apart = |corner| {
            let p = transform(&self.world_from_voxel, corner);
            let q = transform(&other.world_from_voxel, corner);
            (0..3).map(|axis| (p[axis] - q[axis]).powi(2)).sum::<f64>().sqrt()
        };
        (self.shape == other.shape).then(|| self.corners().into_iter().map(apart).fold(0.0, f64::max))
    }
}

fn check_numbers(label: &LabelDraft) -> Vec<Finding> {
    let mut findings = Vec::new();
    if label.frames > 1 {
        findings.push(finding(
            Fault::Frames,
            Severity::Warning,
            &[],
            format!(
                "The label file holds {} volumes; the first is used.",
                label.frames
            ),
        ));
    }
    if label.fractional > 0 {
        findings.push(finding(
            Fault::FractionalLabels,
            Severity::Blocker,
            &[Remedy::RoundLabels],
            format!(
                "{} voxels of the label hold no whole number, as after smooth resampling or in a probability map.",
                label.fractional
            ),
        ));
    } else if label.is_float {
        findings.push(finding(
            Fault::WholeFloats,
            Severity::Note,
            &[],
            "The labels are stored as floating-point numbers, all of them whole.".to_owned(),
        ));
    }
    if label.not_finite > 0 {
        findings.push(finding(
            Fault::NotFinite,
            Severity::Blocker,
            &[Remedy::TreatNonFiniteAsBackground],
            format!(
                "{} voxels of the label hold no number at all (NaN or infinite).",
                label.not_finite
            ),
        ));
    }
    let negatives: Vec<(i64, usize)> = label
        .counts()
        .into_iter()
        .take_while(|&(value, _)| value < 0)
        .collect();
    if let Some((lowest, _)) = negatives.first() {
        let voxels: usize = negatives.iter().map(|(_, count)| count).sum();
        findings.push(finding(
            Fault::Negatives,
            Severity::Blocker,
            &[Remedy::TreatNegativesAsBackground],
            format!("{voxels} voxels of the label are negative (down to {lowest}); classes start at 0."),
        ));
    }
    findings
}

fn check_classes(label: &LabelDraft) -> Option<Finding> {
    let present: Vec<i64> = label.counts().into_keys().filter(|&value| value > 0).collect();
    let Some(&largest) = present.last() else {
        return Some(finding(
            Fault::OnlyBackground,
            Severity::Warning,
            &[],
            "The label holds nothing but background.".to_owned(),
        ));
    };
    if present.len() + 1 > MAX_CLASSES {
        return Some(finding(
            Fault::TooManyClasses,
            Severity::Blocker,
            &[Remedy::KeepMostFrequent],
            format!(
                "The label has {} classes with background; {MAX_CLASSES} are possible here.",
                present.len() + 1
            ),
        ));
    }
    if label.is_remapped || largest == present.len() as i64 {
        return None;
    }
    let (severity, need) = if label.class_values().len() > MAX_CLASSES {
        (Severity::Blocker, "they must be numbered anew to fit")
    } else {
        (
            Severity::Warning,
            "the classes between stay empty unless they are numbered anew",
        )
    };
    Some(finding(
        Fault::Gaps,
        severity,
        &[Remedy::RemapToConsecutive],
        format!(
            "The label has {} classes beside background, numbered with gaps up to {largest}; {need}.",
            present.len()
        ),
    ))
}

impl LabelDraft {
    /// Does what a remedy says.
    ///
    /// # Errors
    /// [`Error::Remedy`] and [`Error::NoOverlap`] where it cannot be done; the draft is then unchanged.
    pub fn apply(&mut self, remedy: Remedy, image: &Volume) -> Result<(), Error> {
        match remedy {
            Remedy::RoundLabels => self.fractional = 0,
            Remedy::TreatNonFiniteAsBackground => self.not_finite = 0,
            Remedy::TreatNegativesAsBackground => self.negatives_to_background(),
            Remedy::RemapToConsecutive => self.is_remapped = true,
            Remedy::KeepMostFrequent => self.keep_most_frequent(),
            Remedy::UseImageAffine => self.place_as(image)?,
            Remedy::ResampleLabelNearest => self.resample(image.grid())?,
            // Nothing of the label.
            Remedy::ResampleChannels => {}
        }
        Ok(())
    }

    /// The label map of this image, voxel by voxel in the image's RAS order.
    ///
    /// # Errors
    /// [`Error::Unresolved`] while a blocker is open.
    pub fn finish(self, image: &Volume) -> Result<LabelMap, Error> {
        let blocker = check_pair(image, &self)
            .into_iter()
            .find(|finding| finding.severity == Severity::Blocker);
        match blocker {
            Some(finding) => Err(Error::Unresolved {
                sentence: finding.sentence,
            }),
            None => self.into_map(),
        }
    }
}

#[cfg(test)]
mod tests;
