//! The visitor's own files: which belong together, what is wrong, and what can be done.

mod hand;
mod panel;
mod read;

use std::sync::Arc;

pub use panel::IntakePanel;
pub use read::prepare;

use crate::lab::Cohort;
use crate::lab::cohort::{Candidate, Frames, channel_names, read_dataset_json, read_label_file};
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

/// One thing to know, of some of the subjects.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    pub fault: Fault,
    pub severity: Severity,
    pub sentence: String,
    /// Subjects that it is true of.
    pub subjects: usize,
    pub remedies: Vec<Remedy>,
}

impl Intake {
    /// Of one subject whose files were told apart by their content.
    pub fn by_content(dropped: Dropped) -> Self {
        let mut intake = Self {
            is_doubtful: !dropped.is_certain,
            dropped: Some(Arc::new(dropped)),
            ..Self::default()
        };
        intake.take_dropped();
        intake
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
    pub fn swap(&mut self) {
        if let Some(dropped) = &mut self.dropped {
            // Clones names and handles, no voxels.
            Arc::make_mut(dropped).swap();
            self.is_doubtful = false;
            self.take_dropped();
        }
    }

    /// What is to be said, once for all subjects of which it is true.
    pub fn shared(&self) -> Vec<Shared> {
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
    pub fn remedy(&mut self, fault: Fault, remedy: Remedy) {
        for candidate in &mut self.candidates {
            if candidate.findings().iter().any(|finding| finding.fault == fault) {
                candidate.apply(remedy);
            }
        }
    }

    pub fn undo(&mut self, remedy: Remedy) {
        self.candidates
            .iter_mut()
            .for_each(|candidate| candidate.undo(remedy));
    }

    /// What was done, with the number of subjects.
    pub fn changes(&self) -> Vec<(Remedy, usize)> {
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
    pub fn faults(&self) -> Vec<String> {
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

    pub fn ready(&self) -> usize {
        self.candidates
            .iter()
            .filter(|candidate| candidate.is_ready())
            .count()
    }

    /// Nothing to ask and nothing to say.
    pub fn is_plain(&self) -> bool {
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
    pub fn frames(&self) -> usize {
        self.candidates.iter().map(Candidate::frames).max().unwrap_or(0)
    }

    pub fn set_frames(&mut self, frames: Frames) {
        self.candidates
            .iter_mut()
            .for_each(|candidate| candidate.set_frames(frames));
    }

    pub fn bytes(&self) -> usize {
        self.candidates.iter().map(Candidate::bytes).sum()
    }

    /// The cohort of all subjects that are ready; texts that came along name its classes and channels.
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
