//! Whether an image and a label map belong together, and what to do where they do not.

use super::{Error, Grid, LabelDraft, LabelMap, MAX_CLASSES, Volume, transform};

/// Grids agree if no corner lies further apart than this part of the smallest voxel edge: room for the
/// rounding of 32-bit headers, far below the half voxel at which a label would fall on a neighbour.
pub const GRID_TOLERANCE_VOXELS: f64 = 0.05;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Note,
    /// The pair can be used; look at it first.
    Warning,
    /// The pair cannot be used before a remedy is chosen.
    Blocker,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
}

/// Something that [`LabelDraft::apply`] can do about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
        }
    }
}

/// One thing to know about a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    let apart_mm = displacement_mm(image.grid(), &grid);
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

/// How far the corners of two grids of one shape are apart.
fn displacement_mm(a: &Grid, b: &Grid) -> f64 {
    a.corners()
        .into_iter()
        .map(|corner| {
            let (p, q) = (
                transform(&a.world_from_voxel, corner),
                transform(&b.world_from_voxel, corner),
            );
            (0..3).map(|axis| (p[axis] - q[axis]).powi(2)).sum::<f64>().sqrt()
        })
        .fold(0.0, f64::max)
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
mod tests {
    use super::super::fixture::File;
    use super::*;

    const SHAPE: [i16; 3] = [2, 2, 2];

    fn image() -> Volume {
        File::i16(&SHAPE, &[-5, 7, 100, 3, 2, 900, 1, 0]).volume()
    }

    fn faults(image: &Volume, draft: &LabelDraft) -> Vec<(Fault, Severity)> {
        check_pair(image, draft)
            .into_iter()
            .map(|finding| (finding.fault, finding.severity))
            .collect()
    }

    /// The finding of that fault and its first remedy carried out.
    fn remedied(image: &Volume, draft: &mut LabelDraft, fault: Fault) {
        let found = check_pair(image, draft)
            .into_iter()
            .find(|finding| finding.fault == fault)
            .unwrap();
        assert!(found.sentence.ends_with('.'));
        draft.apply(found.remedies[0], image).unwrap();
    }

    #[test]
    fn a_good_pair_needs_nothing() {
        let draft = LabelDraft::read(&File::u8(&SHAPE, vec![0, 1, 2, 2, 0, 1, 1, 0]).volume()).unwrap();
        assert_eq!(faults(&image(), &draft), []);
        let map = draft.finish(&image()).unwrap();
        assert_eq!(map.labels(), [0, 1, 2, 2, 0, 1, 1, 0]);
        assert_eq!(
            (map.values(), map.counts()),
            ([0, 1, 2].as_slice(), vec![3, 3, 2])
        );
        assert_eq!(map.grid(), image().grid());
        let slice = map.slice(super::super::Plane::Coronal, 1).unwrap();
        assert_eq!(slice.values, [2, 2, 1, 0]);
    }

    #[test]
    fn whole_floats_are_only_noted_and_fractions_are_rounded_on_demand() {
        let values = [0.0, 1.0, 2.0, 1.0, 0.0, 1.999_999_9, 0.0, 0.0];
        let whole = LabelDraft::read(&File::f32(&SHAPE, &values).volume()).unwrap();
        assert_eq!(faults(&image(), &whole), [(Fault::WholeFloats, Severity::Note)]);
        assert_eq!(whole.finish(&image()).unwrap().counts(), [4, 2, 2]);

        let values = [0.0, 0.6, 1.4, 1.0, 0.0, 2.2, 0.0, 0.0];
        let mut blurred = LabelDraft::read(&File::f32(&SHAPE, &values).volume()).unwrap();
        assert_eq!(
            faults(&image(), &blurred),
            [(Fault::FractionalLabels, Severity::Blocker)]
        );
        assert!(matches!(
            blurred.clone().finish(&image()),
            Err(Error::Unresolved { .. })
        ));
        remedied(&image(), &mut blurred, Fault::FractionalLabels);
        assert_eq!(
            blurred.finish(&image()).unwrap().labels(),
            [0, 1, 1, 1, 0, 2, 0, 0]
        );
    }

    #[test]
    fn what_is_no_number_and_what_is_negative_becomes_background_on_demand() {
        let values = [f32::NAN, 1.0, -3.0, 1.0, f32::INFINITY, 2.0, -1.0, 0.0];
        let mut draft = LabelDraft::read(&File::f32(&SHAPE, &values).volume()).unwrap();
        remedied(&image(), &mut draft, Fault::NotFinite);
        assert!(draft.clone().finish(&image()).is_err());
        remedied(&image(), &mut draft, Fault::Negatives);
        assert_eq!(draft.finish(&image()).unwrap().labels(), [0, 1, 0, 1, 0, 2, 0, 0]);
    }

    #[test]
    fn gaps_stay_or_are_closed_and_the_own_values_are_kept() {
        let file = File::i16(&SHAPE, &[0, 1, 5, 5, 0, 1, 1, 0]);
        let mut draft = LabelDraft::read(&file.volume()).unwrap();
        assert_eq!(faults(&image(), &draft), [(Fault::Gaps, Severity::Warning)]);
        let open = draft.clone().finish(&image()).unwrap();
        assert_eq!((open.classes(), open.labels()[2]), (6, 5));
        remedied(&image(), &mut draft, Fault::Gaps);
        let closed = draft.finish(&image()).unwrap();
        assert_eq!(closed.values(), [0, 1, 5]);
        assert_eq!(closed.labels(), [0, 1, 2, 2, 0, 1, 1, 0]);

        // Without any background, 0 is a class all the same.
        let file = File::i16(&SHAPE, &[1000, 7, 7, 7, 7, 7, 7, 7]);
        let mut draft = LabelDraft::read(&file.volume()).unwrap();
        assert_eq!(faults(&image(), &draft), [(Fault::Gaps, Severity::Blocker)]);
        remedied(&image(), &mut draft, Fault::Gaps);
        let map = draft.finish(&image()).unwrap();
        assert_eq!(
            (map.values(), map.counts()),
            ([0, 7, 1000].as_slice(), vec![0, 7, 1])
        );
    }

    #[test]
    fn too_many_classes_are_cut_to_the_most_frequent() {
        let shape = [40, 2, 1];
        let image = File::i16(&shape, &[3; 80]).volume();
        let values: Vec<i16> = (0..40)
            .chain((0..40).map(|v| if v < 20 { v } else { 39 }))
            .collect();
        let mut draft = LabelDraft::read(&File::i16(&shape, &values).volume()).unwrap();
        assert_eq!(
            faults(&image, &draft),
            [(Fault::TooManyClasses, Severity::Blocker)]
        );
        remedied(&image, &mut draft, Fault::TooManyClasses);
        let map = draft.finish(&image).unwrap();
        assert_eq!(map.classes(), MAX_CLASSES);
        assert_eq!(map.values()[31], 39);
        assert_eq!(map.counts()[31], 21);
        assert_eq!(map.counts().iter().sum::<usize>(), 80);
    }

    #[test]
    fn an_image_or_a_colour_is_no_label() {
        let values: Vec<i16> = (0..5000).collect();
        let volume = File::i16(&[5000, 1, 1], &values).volume();
        assert!(matches!(LabelDraft::read(&volume), Err(Error::NotALabel { .. })));
        let mut colour = File::u8(&[1, 1, 1], vec![1, 2, 3]);
        colour.datatype = 128;
        assert_eq!(
            LabelDraft::read(&colour.volume()).unwrap_err(),
            Error::ColourLabel
        );
    }

    #[test]
    fn another_voxel_order_is_no_fault() {
        let image = image();
        let flipped = File::u8(&SHAPE, vec![1, 0, 2, 2, 1, 0, 0, 1]).with_sform([
            [-2.0, 0.0, 0.0, -3.0],
            [0.0, 2.5, 0.0, -7.0],
            [0.0, 0.0, 3.0, -9.0],
        ]);
        let draft = LabelDraft::read(&flipped.volume()).unwrap();
        assert_eq!(faults(&image, &draft), []);
        assert_eq!(draft.finish(&image).unwrap().labels(), [0, 1, 2, 2, 0, 1, 1, 0]);
    }

    #[test]
    fn a_label_that_lost_its_place_takes_the_images() {
        // Stored in the image's order (LPS), with an identity matrix in its header.
        let lps = [[-2.0, 0.0, 0.0, 9.0], [0.0, -2.5, 0.0, 9.0], [0.0, 0.0, 3.0, 0.0]];
        let image = File::i16(&[3, 2, 1], &[1, 2, 3, 4, 5, 6])
            .with_sform(lps)
            .volume();
        let identity = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]];
        let file = File::u8(&[3, 2, 1], vec![0, 1, 1, 0, 0, 2]).with_sform(identity);
        let mut draft = LabelDraft::read(&file.volume()).unwrap();
        assert_eq!(faults(&image, &draft), [(Fault::Affine, Severity::Blocker)]);
        remedied(&image, &mut draft, Fault::Affine);
        let map = draft.finish(&image).unwrap();
        assert_eq!(map.labels(), [2, 0, 0, 1, 1, 0]);
        assert_eq!(map.grid(), image.grid());
    }

    #[test]
    fn the_tolerance_is_a_twentieth_of_the_smallest_edge() {
        for (shift, agrees) in [(0.09, true), (0.11, false)] {
            let file = File::u8(&SHAPE, vec![1; 8]).with_sform([
                [2.0, 0.0, 0.0, -5.0 + shift],
                [0.0, 2.5, 0.0, -7.0],
                [0.0, 0.0, 3.0, -9.0],
            ]);
            let draft = LabelDraft::read(&file.volume()).unwrap();
            assert_eq!(faults(&image(), &draft).is_empty(), agrees);
        }
    }

    #[test]
    fn another_grid_is_resampled_by_the_nearest_voxel() {
        let image = image();
        // Half the voxel size along x, and one voxel further to the right.
        let file = File::u8(
            &[4, 2, 2],
            vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        )
        .with_sform([
            [1.0, 0.0, 0.0, -3.0],
            [0.0, 2.5, 0.0, -7.0],
            [0.0, 0.0, 3.0, -9.0],
        ]);
        let mut draft = LabelDraft::read(&file.volume()).unwrap();
        assert_eq!(faults(&image, &draft), [(Fault::Shape, Severity::Blocker)]);
        assert!(draft.apply(Remedy::UseImageAffine, &image).is_err());
        remedied(&image, &mut draft, Fault::Shape);
        draft.apply(Remedy::RemapToConsecutive, &image).unwrap();
        let map = draft.finish(&image).unwrap();
        let values: Vec<i64> = map
            .labels()
            .iter()
            .map(|&class| map.values()[usize::from(class)])
            .collect();
        assert_eq!(values, [0, 0, 0, 4, 0, 8, 0, 12]);

        let far = File::u8(&[4, 2, 2], vec![1; 16]).with_sform([
            [1.0, 0.0, 0.0, 900.0],
            [0.0, 2.5, 0.0, -7.0],
            [0.0, 0.0, 3.0, -9.0],
        ]);
        let mut draft = LabelDraft::read(&far.volume()).unwrap();
        assert_eq!(
            draft.apply(Remedy::ResampleLabelNearest, &image),
            Err(Error::NoOverlap)
        );
    }
}
