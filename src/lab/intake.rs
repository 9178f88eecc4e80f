//! The visitor's own files: which belong together, what is wrong, and what can be done.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Cohort;
use super::cohort::{Candidate, Frames, channel_names, read_dataset_json, read_label_file};
use crate::nifti::{Assignment, Dropped, Fault, Pairing, Remedy, Severity};

/// Files on their way to a cohort.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// What the few files of one subject were taken for, by their content.
    pub dropped: Option<Arc<Dropped>>,
    /// What the names of many say, or a hand.
    pub assignments: Vec<Assignment>,
    pub pairing: Pairing,
    pub candidates: Vec<Candidate>,
    /// Texts that came along: label files and descriptions of data sets, by name.
    pub texts: Vec<(String, String)>,
    /// Files that were read in vain, and what was passed over; in sentences.
    pub remarks: Vec<String>,
    /// Told apart by content, and not by much.
    is_doubtful: bool,
}

/// A choice about them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Settling {
    /// Takes the label for the image and the image for the label.
    Swap,
    /// Lets every subject of which the fault is true have the remedy.
    Remedy(Fault, Remedy),
    Undo(Remedy),
    Frames(Frames),
}

/// What there is to know of them, without a voxel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Of files that were told apart by their content.
    pub roles: Option<Roles>,
    pub assignments: Vec<Assignment>,
    pub pairing: Pairing,
    /// Names of the subjects, and whether nothing is left to settle about each.
    pub subjects: Vec<(String, bool)>,
    pub shared: Vec<Shared>,
    /// Faults of single subjects, files that were read in vain, and what was passed over; in sentences.
    pub remarks: Vec<String>,
    /// What was done, with the number of subjects.
    pub changes: Vec<(Remedy, usize)>,
    /// The most volumes in an image file.
    pub frames: usize,
    /// Of the voxels that are kept.
    pub bytes: usize,
    /// Nothing to ask and nothing to say.
    pub is_plain: bool,
}

/// What files were taken for by their content, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    pub images: Vec<String>,
    pub label: Option<String>,
    pub reason: String,
}

impl Overview {
    /// Subjects that could be opened.
    #[must_use]
    pub fn ready(&self) -> usize {
        self.subjects.iter().filter(|(_, is_ready)| *is_ready).count()
    }
}

/// One thing to know, of some of the subjects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shared {
    pub fault: Fault,
    pub severity: Severity,
    pub sentence: String,
    /// Subjects that it is true of.
    pub subjects: usize,
    pub remedies: Vec<Remedy>,
}

impl Intake {
    /// What there is to know of it.
    #[must_use]
    pub fn overview(&self) -> Overview {
        let roles = self.dropped.as_ref().map(|dropped| Roles {
            images: dropped.images.iter().map(|image| image.name.clone()).collect(),
            label: dropped.label.as_ref().map(|label| label.name.clone()),
            reason: dropped.reason.clone(),
        });
        let subject = |candidate: &Candidate| (candidate.name.clone(), candidate.is_ready());
        Overview {
            roles,
            assignments: self.assignments.clone(),
            pairing: self.pairing.clone(),
            subjects: self.candidates.iter().map(subject).collect(),
            shared: self.shared(),
            remarks: self.faults().into_iter().chain(self.remarks.clone()).collect(),
            changes: self.changes(),
            frames: self.frames(),
            bytes: self.candidates.iter().map(Candidate::bytes).sum(),
            is_plain: self.is_plain(),
        }
    }

    /// Does what was chosen.
    pub fn settle(&mut self, settling: &Settling) {
        match settling {
            Settling::Swap => self.swap(),
            Settling::Remedy(fault, remedy) => self.remedy(*fault, *remedy),
            Settling::Undo(remedy) => self.candidates.iter_mut().for_each(|one| one.undo(*remedy)),
            Settling::Frames(frames) => self.candidates.iter_mut().for_each(|one| one.set_frames(*frames)),
        }
    }

    /// Of one subject whose files were told apart by their content.
    #[must_use]
    pub fn by_content(dropped: Dropped) -> Self {
        let mut intake = Self {
            is_doubtful: !dropped.is_certain,
            dropped: Some(Arc::new(dropped)),
            ..Self::default()
        };
        intake.take_dropped();
        intake
    }

    /// Of subjects whose files are paired, and still to be read.
    #[must_use]
    pub fn by_names(pairing: Pairing) -> Self {
        Self {
            pairing,
            ..Self::default()
        }
    }

    fn take_dropped(&mut self) {
        let Some(dropped) = &self.dropped else { return };
        self.remarks = dropped
            .refused
            .iter()
            .map(|(name, error)| format!("{name}: {error}"))
            .collect();
        if dropped.images.is_empty() {
            self.remarks
                .push("There is no image among the files. Drop image and label together.".into());
        }
        if dropped.label.is_none() {
            self.remarks
                .push("There is no label among the files. Drop image and label together, or swap.".into());
        }
        self.candidates.clear();
        let (Some(first), Some(label)) = (dropped.images.first(), &dropped.label) else {
            return;
        };
        let several = dropped.images.len() > 1;
        let channel = |name: &str| {
            if several {
                plain(name).to_owned()
            } else {
                String::new()
            }
        };
        let images = dropped
            .images
            .iter()
            .map(|image| (channel(&image.name), Arc::clone(&image.volume)))
            .collect();
        let volume = Arc::clone(&label.volume);
        self.candidates
            .push(Candidate::new(&first.name, images, volume, Frames::One(0), false));
    }

    /// Takes the label for the image and the image for the label.
    fn swap(&mut self) {
        if let Some(dropped) = &mut self.dropped {
            // Clones names and handles, no voxels.
            Arc::make_mut(dropped).swap();
            self.is_doubtful = false;
            self.take_dropped();
        }
    }

    /// What is to be said, once for all subjects of which it is true.
    fn shared(&self) -> Vec<Shared> {
        let mut all: Vec<Shared> = Vec::new();
        for finding in self.candidates.iter().flat_map(Candidate::findings) {
            match all.iter_mut().find(|shared| shared.fault == finding.fault) {
                Some(shared) => {
                    shared.subjects += 1;
                    shared.severity = shared.severity.max(finding.severity);
                }
                None => all.push(Shared {
                    fault: finding.fault,
                    severity: finding.severity,
                    sentence: finding.sentence.clone(),
                    subjects: 1,
                    remedies: finding.remedies.clone(),
                }),
            }
        }
        all
    }

    /// Lets every subject of which `fault` is true have the remedy.
    fn remedy(&mut self, fault: Fault, remedy: Remedy) {
        for candidate in &mut self.candidates {
            if candidate.findings().iter().any(|finding| finding.fault == fault) {
                candidate.apply(remedy);
            }
        }
    }

    /// What was done, with the number of subjects.
    fn changes(&self) -> Vec<(Remedy, usize)> {
        let mut changes: Vec<(Remedy, usize)> = Vec::new();
        for remedy in self.candidates.iter().flat_map(Candidate::remedies) {
            match changes.iter_mut().find(|(known, _)| known == remedy) {
                Some((_, count)) => *count += 1,
                None => changes.push((*remedy, 1)),
            }
        }
        changes
    }

    /// Faults of single subjects, in sentences.
    fn faults(&self) -> Vec<String> {
        let several = self.candidates.len() > 1;
        let sentence = |candidate: &Candidate| {
            let fault = candidate.fault()?;
            Some(if several {
                format!("{}: {fault}", candidate.name)
            } else {
                fault.to_string()
            })
        };
        self.candidates.iter().filter_map(sentence).collect()
    }

    fn ready(&self) -> usize {
        self.candidates
            .iter()
            .filter(|candidate| candidate.is_ready())
            .count()
    }

    /// Nothing to ask and nothing to say.
    fn is_plain(&self) -> bool {
        let quiet = self
            .shared()
            .iter()
            .all(|shared| shared.severity == Severity::Note);
        let whole = self.ready() == self.candidates.len() && self.ready() > 0;
        whole
            && quiet
            && !self.is_doubtful
            && self.remarks.is_empty()
            && self.pairing.left_over.is_empty()
            && self.frames() < 2
    }

    /// The most volumes in an image file.
    fn frames(&self) -> usize {
        self.candidates.iter().map(Candidate::frames).max().unwrap_or(0)
    }

    /// The cohort of all subjects that are ready; texts that came along name its classes and channels.
    ///
    /// # Errors
    /// In words, when none is, or the labels are too many.
    pub fn cohort(&self, id: u64) -> Result<Cohort, String> {
        let title = match self.candidates.as_slice() {
            [one] => one.name.clone(),
            all => format!("{} subjects", all.len()),
        };
        let mut cohort = Cohort::open(id, &title, &self.candidates).map_err(|error| error.to_string())?;
        for (_, text) in &self.texts {
            if read_dataset_json(text, &mut cohort.table) + read_label_file(text, &mut cohort.table) > 0 {
                cohort.scheme = None;
            }
            let names = channel_names(text);
            if names.len() == cohort.channels.len() {
                cohort.channels = names;
            }
        }
        Ok(cohort)
    }
}

/// A file's name without its extension.
fn plain(name: &str) -> &str {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.trim_end_matches(".gz")
        .trim_end_matches(".nii")
        .trim_end_matches(".hdr")
}
