//! From files to what they make together, one at a time: a file's own bytes are gone before the next is read.

use std::sync::Arc;

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::turn::next_turn;
use crate::lab::Intake;
use crate::lab::cohort::{Candidate, Frames};
use crate::nifti::{Assignment, Error, Group, Volume, assign, group, sort_dropped};

/// So few files are told apart by what is in them.
const BY_CONTENT: usize = 2;

/// Voxels that are kept at once. A page of 32-bit addresses has 4 GB, and training needs its share.
const MOST_BYTES: usize = 1 << 31;

/// How far the reading is.
pub(super) type Tell<'a> = &'a dyn Fn(usize, usize);

/// A file and its place among the visitor's folders.
pub(super) struct Picked {
    pub(super) path: String,
    pub(super) file: JsValue,
}

/// The bytes of a file, or of what came over the network in the place of one.
pub(super) async fn read(picked: &Picked) -> Result<Vec<u8>, String> {
    let body = match picked.file.dyn_ref::<Blob>() {
        Some(blob) => JsFuture::from(blob.array_buffer()).await,
        None => Ok(picked.file.clone()),
    };
    let body: Option<ArrayBuffer> = body.ok().and_then(|body| body.dyn_into().ok());
    let body = body.ok_or_else(|| format!("{} could not be read. Pick it again.", picked.path))?;
    Ok(Uint8Array::new(&body).to_vec())
}

fn ends(path: &str, ends: &[&str]) -> bool {
    let path = path.to_lowercase();
    ends.iter().any(|end| path.ends_with(end))
}

fn is_text(path: &str) -> bool {
    ends(path, &["dataset.json", ".label", ".txt", ".lut"])
}

fn is_voxels(path: &str) -> bool {
    ends(path, &[".img", ".img.gz"])
}

/// Reads files as their names pair them (or as `assignments` do), or by their content where they are few or the names say
/// nothing.
///
/// # Errors
/// In words, when a file cannot be read at all.
pub(super) async fn prepare(
    files: &[Picked],
    assignments: Option<Vec<Assignment>>,
    tell: Tell<'_>,
) -> Result<Intake, String> {
    let mut texts = Vec::new();
    let mut named = Vec::new();
    for picked in files {
        if is_text(&picked.path) {
            let bytes = read(picked).await?;
            texts.push((picked.path.clone(), String::from_utf8_lossy(&bytes).into_owned()));
        } else if !is_voxels(&picked.path) {
            named.push(picked.path.clone());
        }
    }
    let by_hand = assignments.is_some();
    let assignments = assignments.unwrap_or_else(|| assign(&named));
    let pairing = group(&assignments);
    let mut intake = if !by_hand && (named.len() <= BY_CONTENT || pairing.groups.is_empty()) {
        let scans: Vec<&Picked> = files.iter().filter(|picked| !is_text(&picked.path)).collect();
        let mut contents = Vec::new();
        for (number, picked) in scans.iter().enumerate() {
            tell(number, scans.len());
            contents.push((picked.path.clone(), read(picked).await?));
        }
        next_turn().await;
        match sort_dropped(contents) {
            Ok(sorted) => Intake::by_content(sorted),
            Err(error) => return Err(blame(&scans, &error).await),
        }
    } else {
        let mut intake = Intake::by_names(pairing);
        read_groups(&mut intake, &assignments, files, tell).await?;
        intake
    };
    intake.assignments = assignments;
    intake.texts = texts;
    Ok(intake)
}

/// Which of the files are at fault, each with its own; else what is wrong with all together.
async fn blame(scans: &[&Picked], error: &Error) -> String {
    let mut faults = Vec::new();
    // The halves of a pair say nothing alone.
    for picked in scans
        .iter()
        .filter(|picked| !ends(&picked.path, &[".hdr", ".hdr.gz", ".img", ".img.gz"]))
    {
        let own = match read(picked).await {
            Ok(bytes) => Volume::from_bytes(&bytes).err().map(|error| error.to_string()),
            Err(fault) => Some(fault),
        };
        faults.extend(own.map(|fault| format!("{}: {fault}", picked.path)));
    }
    if faults.is_empty() {
        error.to_string()
    } else {
        faults.join(" ")
    }
}

async fn read_groups(
    intake: &mut Intake,
    assignments: &[Assignment],
    files: &[Picked],
    tell: Tell<'_>,
) -> Result<(), String> {
    let groups = intake.pairing.groups.clone();
    // Numbers that only some label files leave out are no gap.
    let closes_gaps = groups.len() > 1 || groups.iter().any(|group| group.channels.len() > 1);
    let mut held = 0;
    for (number, group) in groups.iter().enumerate() {
        tell(number, groups.len());
        if held > MOST_BYTES {
            let rest = groups.len() - number;
            intake.remarks.push(format!(
                "{rest} subjects were not read, since those before fill the memory of a page. Open fewer at once."
            ));
            break;
        }
        match read_group(group, assignments, files).await? {
            Ok((images, label)) => {
                let candidate = Candidate::new(&group.subject, images, label, Frames::One(0), closes_gaps);
                held += candidate.bytes();
                intake.candidates.push(candidate);
            }
            Err(fault) => intake.remarks.push(fault),
        }
    }
    Ok(())
}

type Scans = (Vec<(String, Arc<Volume>)>, Arc<Volume>);

/// The outer error is the browser's, the inner one that of a file.
async fn read_group(
    group: &Group,
    assignments: &[Assignment],
    files: &[Picked],
) -> Result<Result<Scans, String>, String> {
    let mut images = Vec::new();
    for (name, number) in &group.channels {
        match read_volume(&assignments[*number].path, files).await? {
            Ok(volume) => images.push((name.clone(), volume)),
            Err(fault) => return Ok(Err(fault)),
        }
    }
    let label = read_volume(&assignments[group.label].path, files).await?;
    Ok(label.map(|label| (images, label)))
}

async fn read_volume(path: &str, files: &[Picked]) -> Result<Result<Arc<Volume>, String>, String> {
    let of = |path: &str| files.iter().find(|picked| picked.path == path);
    let Some(picked) = of(path) else {
        return Ok(Err(format!("{path} is not there any more. Drop it again.")));
    };
    let bytes = read(picked).await?;
    let stem = path.trim_end_matches(".gz").trim_end_matches(".hdr");
    let voxels = [".img", ".img.gz"]
        .iter()
        .find_map(|end| of(&format!("{stem}{end}")));
    let volume = match voxels {
        Some(voxels) if ends(path, &[".hdr", ".hdr.gz"]) => Volume::from_pair(&bytes, &read(voxels).await?),
        _ => Volume::from_bytes(&bytes),
    };
    next_turn().await;
    Ok(volume
        .map(Arc::new)
        .map_err(|error: Error| format!("{path}: {error}")))
}
