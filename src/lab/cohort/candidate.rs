//! A subject on its way into a cohort: what is wrong with its files, and what was done about it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::aligned::{Aligned, Images};
use crate::nifti::{Error, Finding, LabelDraft, LabelMap, Remedy, Severity, Volume, check_pair};

/// What becomes of a file with several volumes in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Frames {
    /// Each is a channel.
    Channels,
    /// This one is the image, the others are passed over.
    One(usize),
}

/// A channel: one volume of a file.
#[derive(Clone, Debug)]
pub struct Channel {
    pub name: String,
    /// As the file stores it.
    pub volume: Arc<Volume>,
    pub frame: usize,
}

impl Channel {
    /// In the file's units; 0 outside the volume.
    #[must_use]
    pub fn value(&self, ras: [usize; 3]) -> f32 {
        self.volume.value(ras, self.frame).unwrap_or(0.0) as f32
    }

    /// An axial slice, (H, W); empty where there is none.
    #[must_use]
    pub fn slice(&self, z: usize) -> Vec<f32> {
        let mut values = Vec::new();
        // What is not there adds nothing.
        let _ = self.volume.extend_f32(&mut values, self.frame, z..z + 1);
        values
    }

    /// Whether it is the same volume, not an equal one.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.volume, &other.volume) && self.frame == other.frame
    }
}

/// Image and label of a subject, checked.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub name: String,
    /// Names and files, as they came.
    images: Images,
    /// Where the channels were resampled.
    aligned: Option<Aligned>,
    label: Arc<Volume>,
    frames: Frames,
    /// Numbers without a gap are made unasked: the table of the cohort knows which are meant.
    closes_gaps: bool,
    remedies: Vec<Remedy>,
    checked: Result<Checked, Error>,
    /// Why the last remedy did not work.
    refusal: Option<Error>,
}

#[derive(Clone, Debug)]
struct Checked {
    findings: Vec<Finding>,
    /// Where nothing is left to settle.
    labels: Option<LabelMap>,
}

impl Candidate {
    /// `images` are channel names with their files, at least one. With `closes_gaps`, numbers that label files leave out are
    /// no classes.
    #[must_use]
    pub fn new(
        name: &str,
        images: Vec<(String, Arc<Volume>)>,
        label: Arc<Volume>,
        frames: Frames,
        closes_gaps: bool,
    ) -> Self {
        let mut candidate = Self {
            name: name.to_owned(),
            images,
            aligned: None,
            label,
            frames,
            closes_gaps,
            remedies: Vec::new(),
            checked: Err(Error::NoImage),
            refusal: None,
        };
        candidate.check();
        candidate
    }

    /// Reads the label anew and does to it what was chosen.
    fn check(&mut self) {
        self.checked = self.read();
    }

    fn read(&self) -> Result<Checked, Error> {
        let (_, image) = self.images.first().ok_or(Error::NoImage)?;
        let mut draft = LabelDraft::read(&self.label)?;
        for remedy in &self.remedies {
            draft.apply(*remedy, image)?;
        }
        if self.closes_gaps {
            draft.apply(Remedy::RemapToConsecutive, image)?;
        }
        let mut findings = check_pair(image, &draft);
        findings.splice(0..0, Aligned::finding(&self.images, self.aligned.as_ref()));
        let is_blocked = findings
            .iter()
            .any(|finding| finding.severity == Severity::Blocker);
        let labels = if is_blocked {
            None
        } else {
            Some(draft.finish(image)?)
        };
        Ok(Checked { findings, labels })
    }

    /// Names and volumes on one grid, as far as that was seen to.
    fn images(&self) -> &Images {
        self.aligned
            .as_ref()
            .map_or(&self.images, |aligned| &aligned.images)
    }

    /// The channels that the network could see.
    #[must_use]
    pub fn channels(&self) -> Vec<Channel> {
        let several = self.images.len() > 1;
        let mut channels = Vec::new();
        for (name, volume) in self.images() {
            let frames = match self.frames {
                Frames::Channels => 0..volume.frames(),
                Frames::One(frame) => {
                    let frame = frame.min(volume.frames().saturating_sub(1));
                    frame..frame + 1
                }
            };
            let count = frames.len();
            for frame in frames {
                let name = match (count > 1, several || !name.is_empty()) {
                    (true, true) => format!("{name} {}", frame + 1),
                    (true, false) => format!("frame {}", frame + 1),
                    (false, _) => name.clone(),
                };
                channels.push(Channel {
                    name,
                    volume: Arc::clone(volume),
                    frame,
                });
            }
        }
        channels
    }

    /// The most volumes that one of the image files holds.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.images
            .iter()
            .map(|(_, volume)| volume.frames())
            .max()
            .unwrap_or(0)
    }

    pub fn set_frames(&mut self, frames: Frames) {
        self.frames = frames;
    }

    /// Everything worth saying of the files.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        self.checked.as_ref().map_or(&[], |checked| &checked.findings)
    }

    /// Why the label is none, or why the last remedy did not work.
    #[must_use]
    pub fn fault(&self) -> Option<&Error> {
        self.checked.as_ref().err().or(self.refusal.as_ref())
    }

    /// What was done to label and channels, in this order.
    #[must_use]
    pub fn remedies(&self) -> &[Remedy] {
        &self.remedies
    }

    /// Does what a remedy says; where that does not work, nothing changes and [`Candidate::fault`] says why.
    pub fn apply(&mut self, remedy: Remedy) {
        if remedy == Remedy::ResampleChannels && self.remedies.contains(&remedy) {
            return;
        }
        let aligned = self.aligned.clone();
        if remedy == Remedy::ResampleChannels && aligned.is_none() {
            match Aligned::of(&self.images) {
                Ok(aligned) => self.aligned = Some(aligned),
                Err(error) => return self.refusal = Some(error),
            }
        }
        self.remedies.push(remedy);
        match self.read() {
            Ok(checked) => (self.checked, self.refusal) = (Ok(checked), None),
            Err(error) => {
                self.remedies.pop();
                self.aligned = aligned;
                self.refusal = Some(error);
            }
        }
    }

    /// Takes a remedy back. Those behind it that do not work without it go too.
    pub fn undo(&mut self, remedy: Remedy) {
        let Some(place) = self.remedies.iter().position(|other| *other == remedy) else {
            return;
        };
        let behind = self.remedies.split_off(place);
        if remedy == Remedy::ResampleChannels {
            self.aligned = None;
        }
        self.check();
        for remedy in &behind[1..] {
            self.apply(*remedy);
        }
        self.refusal = None;
    }

    /// Whether nothing is left to settle.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.labels().is_some()
    }

    #[must_use]
    pub fn labels(&self) -> Option<&LabelMap> {
        self.checked.as_ref().ok()?.labels.as_ref()
    }

    /// The image's first file.
    #[must_use]
    pub fn image(&self) -> Option<&Volume> {
        self.images.first().map(|(_, volume)| volume.as_ref())
    }

    /// The label's file.
    #[must_use]
    pub fn label(&self) -> &Arc<Volume> {
        &self.label
    }

    /// Takes the label for the image and the image for the label; only where there is one image.
    pub fn swap(&mut self) {
        if let [(_, image)] = &mut self.images[..] {
            std::mem::swap(image, &mut self.label);
            self.remedies.clear();
            self.aligned = None;
            self.refusal = None;
            self.check();
        }
    }

    /// Bytes of the voxels that are kept.
    #[must_use]
    pub fn bytes(&self) -> usize {
        // The files stay for whoever takes the resampling back.
        let resampled = self.aligned.iter().flat_map(|aligned| &aligned.images);
        let is_own = |volume: &Arc<Volume>| self.images.iter().any(|(_, own)| Arc::ptr_eq(own, volume));
        let resampled = resampled.filter(|(_, volume)| !is_own(volume));
        let images: usize = self
            .images
            .iter()
            .chain(resampled)
            .map(|(_, volume)| volume.stored_bytes())
            .sum();
        images + self.label.stored_bytes() + self.labels().map_or(0, |labels| labels.labels().len())
    }
}
