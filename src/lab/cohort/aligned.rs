//! Channels on one grid, that of the first: whether they lie there, and what to do where they do not.

use std::sync::Arc;

use crate::nifti::{Error, Fault, Finding, GRID_TOLERANCE_VOXELS, Remedy, Severity, Volume};

/// Channel names with their files.
pub(super) type Images = Vec<(String, Arc<Volume>)>;

/// Channels that were resampled onto the grid of the first; those that lay there are the files themselves.
#[derive(Clone, Debug)]
pub(super) struct Aligned {
    pub(super) images: Images,
    finding: Option<Finding>,
}

impl Aligned {
    /// # Errors
    /// As [`Volume::resampled`].
    pub(super) fn of(own: &Images) -> Result<Self, Error> {
        let Some(((_, first), others)) = own.split_first() else {
            return Err(Error::NoImage);
        };
        let mut images = own[..1].to_vec();
        let mut sentences = Vec::new();
        for (name, volume) in others {
            let mut volume = Arc::clone(volume);
            if misplaced(first, name, &volume).is_some() {
                let resampled = volume.resampled(first.grid())?;
                let share = resampled.outside as f64 / first.grid().voxels() as f64;
                sentences.push(if resampled.outside == 0 {
                    format!("Channel {name} was resampled onto the grid of the first channel (trilinear) and covers all of it.")
                } else {
                    format!(
                        "Channel {name} was resampled onto the grid of the first channel (trilinear); {:.1} % of the voxels lie outside its own field and hold its lowest value.",
                        100.0 * share
                    )
                });
                volume = Arc::new(resampled.volume);
            }
            images.push((name.clone(), volume));
        }
        let finding = (!sentences.is_empty()).then(|| Finding {
            fault: Fault::ResampledChannels,
            severity: Severity::Note,
            sentence: sentences.join(" "),
            remedies: Vec::new(),
        });
        Ok(Self { images, finding })
    }

    /// What is to be said of channels that were resampled, or still are to be.
    pub(super) fn finding(own: &Images, aligned: Option<&Self>) -> Option<Finding> {
        if let Some(aligned) = aligned {
            return aligned.finding.clone();
        }
        let ((_, first), others) = own.split_first()?;
        let sentences: Vec<String> = others
            .iter()
            .filter_map(|(name, volume)| misplaced(first, name, volume))
            .collect();
        (!sentences.is_empty()).then(|| Finding {
            fault: Fault::Channels,
            severity: Severity::Blocker,
            sentence: format!(
                "{} Resampled, each voxel of the first is looked up in the others where it lies in space (trilinear); outside its field a channel gets its lowest value. Channels that were not registered to each other stay apart.",
                sentences.join(" ")
            ),
            remedies: vec![Remedy::ResampleChannels],
        })
    }
}

/// How a channel lies, where it does not lie on the grid of the first.
fn misplaced(first: &Volume, name: &str, volume: &Volume) -> Option<String> {
    let edge_mm = first.spacing_mm().into_iter().fold(f64::INFINITY, f64::min);
    match first.grid().apart_mm(volume.grid()) {
        Some(apart_mm) => (apart_mm > GRID_TOLERANCE_VOXELS * edge_mm)
            .then(|| format!("Channel {name} lies up to {apart_mm:.1} mm away from the first channel.")),
        None => {
            let [[x, y, z], [a, b, c]] = [volume.grid().shape, first.grid().shape];
            Some(format!(
                "Channel {name} has {x} × {y} × {z} voxels where the first channel has {a} × {b} × {c}."
            ))
        }
    }
}
