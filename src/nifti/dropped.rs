//! Files as they are dropped on the page: pairs joined, image and label told apart.

use std::sync::Arc;

use super::signs::Signs;
use super::{Error, Volume};

/// CIFTI's block of intents: dense and parcellated data on surfaces.
const INTENT_CIFTI: std::ops::Range<i32> = 3000..3100;

/// Enough to take a file for a label map with nothing to compare it to: three signs, or the header's word.
const LABEL_SCORE: f64 = 2.5;

/// A volume and the name it came under.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: String,
    pub volume: Arc<Volume>,
}

/// What became of the dropped files.
#[derive(Clone, Debug)]
pub struct Dropped {
    /// In the order in which they were dropped.
    pub images: Vec<Named>,
    pub label: Option<Named>,
    /// Why each file was taken for what it was, for the visitor.
    pub reason: String,
    /// False where the choice could well be the other one: offer [`Dropped::swap`].
    pub is_certain: bool,
    /// Files that could not be used, and why.
    pub refused: Vec<(String, Error)>,
}

impl Dropped {
    /// Exchanges the label with the first image, or takes one for the other; false if there is nothing.
    pub fn swap(&mut self) -> bool {
        let image = (!self.images.is_empty()).then(|| self.images.remove(0));
        let label = std::mem::replace(&mut self.label, image);
        if let Some(label) = label {
            self.images.insert(0, label);
        }
        self.reason = "Image and label were swapped by hand.".to_owned();
        self.is_certain = true;
        self.label.is_some() || !self.images.is_empty()
    }
}

/// Reads dropped files, joins `.hdr` with `.img`, and tells the label map from the images by content
/// first and by name where the content leaves it open.
///
/// # Errors
/// [`Error::NoImage`] for no files; the first file's error where none could be read.
pub fn sort_dropped(files: Vec<(String, Vec<u8>)>) -> Result<Dropped, Error> {
    let mut refused = Vec::new();
    let mut found = Vec::new();
    for entry in join_pairs(files) {
        let result = entry.read();
        let name = entry.name;
        match result {
            Ok(volume) => {
                let signs = Signs::of(&name, &volume);
                let volume = Arc::new(volume);
                found.push((Named { name, volume }, signs));
            }
            Err(error) => refused.push((name, error)),
        }
    }
    if found.is_empty() {
        return Err(refused
            .into_iter()
            .next()
            .map_or(Error::NoImage, |(_, error)| error));
    }
    let best = (0..found.len())
        .rev()
        .max_by(|&a, &b| found[a].1.score().total_cmp(&found[b].1.score()))
        .filter(|&best| is_label(&found, best));
    let is_certain = found.iter().enumerate().all(|(index, (_, signs))| {
        if best == Some(index) {
            signs.score() >= LABEL_SCORE
        } else {
            signs.score() < 0.0
        }
    });
    let reason = reason(&found, best);
    let mut dropped = Dropped {
        images: Vec::new(),
        label: None,
        reason,
        is_certain,
        refused,
    };
    let several = found.len() > 2;
    for (index, (named, signs)) in found.into_iter().enumerate() {
        if best == Some(index) {
            dropped.label = Some(named);
        } else if several && signs.score() >= LABEL_SCORE {
            dropped.refused.push((named.name, Error::SecondLabel));
        } else {
            dropped.images.push(named);
        }
    }
    Ok(dropped)
}

/// Of two files one is likely the label, so a weak sign is enough if the other has fewer.
fn is_label(found: &[(Named, Signs)], best: usize) -> bool {
    let score = found[best].1.score();
    let rival = found
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != best)
        .map(|(_, (_, signs))| signs.score())
        .fold(f64::NEG_INFINITY, f64::max);
    score >= LABEL_SCORE || (found.len() == 2 && score > 0.0 && score > rival)
}

fn reason(found: &[(Named, Signs)], best: Option<usize>) -> String {
    let sentences: Vec<String> = found
        .iter()
        .enumerate()
        .map(|(index, (named, signs))| {
            let role = if best == Some(index) { "label map" } else { "image" };
            format!("{} is taken as {role}: {}.", named.name, signs.words())
        })
        .collect();
    sentences.join(" ")
}

struct Entry {
    name: String,
    bytes: Vec<u8>,
    /// The voxels, where `bytes` are only their header.
    image: Option<Vec<u8>>,
}

impl Entry {
    fn read(&self) -> Result<Volume, Error> {
        let volume = match &self.image {
            Some(image) => Volume::from_pair(&self.bytes, image)?,
            None => Volume::from_bytes(&self.bytes).map_err(|error| match error {
                Error::NotNifti { .. } | Error::HeaderCut { .. } if stem(&self.name, "img").is_some() => {
                    Error::MissingHeader
                }
                error => error,
            })?,
        };
        let intent = volume.header().intent_code;
        if INTENT_CIFTI.contains(&intent) {
            return Err(Error::NotSpatial { intent });
        }
        Ok(volume)
    }
}

/// The name without `.hdr` or `.img` (and `.gz`), in lower case; `None` for other names.
fn stem(name: &str, extension: &str) -> Option<String> {
    let name = name.to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    Some(name.strip_suffix(extension)?.strip_suffix('.')?.to_owned())
}

fn join_pairs(files: Vec<(String, Vec<u8>)>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut images = Vec::new();
    for (name, bytes) in files {
        if stem(&name, "img").is_some() {
            images.push((name, bytes));
        } else {
            entries.push(Entry {
                name,
                bytes,
                image: None,
            });
        }
    }
    for (name, bytes) in images {
        let own = stem(&name, "img");
        let header = entries
            .iter_mut()
            .find(|entry| entry.image.is_none() && own.is_some() && stem(&entry.name, "hdr") == own);
        match header {
            Some(entry) => entry.image = Some(bytes),
            None => entries.push(Entry {
                name,
                bytes,
                image: None,
            }),
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::super::fixture::File;
    use super::*;

    fn noisy(name: &str) -> (String, Vec<u8>) {
        let values: Vec<i16> = (0..1000).map(|n| (n * 7919 % 1601) as i16 - 700).collect();
        (name.to_owned(), File::i16(&[10, 10, 10], &values).bytes())
    }

    fn patchy(name: &str) -> (String, Vec<u8>) {
        let values = (0..1000)
            .map(|n| u8::from(n % 10 > 4) * (1 + (n / 500) as u8))
            .collect();
        (name.to_owned(), File::u8(&[10, 10, 10], values).bytes())
    }

    fn names(dropped: &Dropped) -> (Vec<&str>, Option<&str>) {
        (
            dropped.images.iter().map(|image| image.name.as_str()).collect(),
            dropped.label.as_ref().map(|label| label.name.as_str()),
        )
    }

    #[test]
    fn content_tells_even_against_the_names() {
        for files in [
            vec![noisy("a.nii"), patchy("b.nii")],
            vec![patchy("b.nii"), noisy("a.nii")],
        ] {
            let dropped = sort_dropped(files).unwrap();
            assert_eq!(names(&dropped), (vec!["a.nii"], Some("b.nii")));
            assert!(dropped.is_certain);
        }
        let dropped = sort_dropped(vec![noisy("label.nii"), patchy("image.nii")]).unwrap();
        assert_eq!(names(&dropped), (vec!["label.nii"], Some("image.nii")));
        assert!(
            dropped
                .reason
                .contains("image.nii is taken as label map: whole numbers, 3 different values"),
            "{}",
            dropped.reason
        );
    }

    #[test]
    fn names_decide_between_equals_and_the_visitor_may_swap() {
        let mut dropped = sort_dropped(vec![patchy("case_seg.nii"), patchy("case_ct.nii")]).unwrap();
        assert_eq!(names(&dropped), (vec!["case_ct.nii"], Some("case_seg.nii")));
        assert!(!dropped.is_certain);
        assert!(dropped.swap());
        assert_eq!(names(&dropped), (vec!["case_seg.nii"], Some("case_ct.nii")));
    }

    #[test]
    fn one_file_is_an_image_or_a_label() {
        let mut image = sort_dropped(vec![noisy("scan.nii")]).unwrap();
        assert_eq!(names(&image), (vec!["scan.nii"], None));
        assert!(image.swap());
        assert_eq!(names(&image), (vec![], Some("scan.nii")));
        let label = sort_dropped(vec![patchy("scan.nii")]).unwrap();
        assert_eq!(names(&label), (vec![], Some("scan.nii")));
    }

    #[test]
    fn several_images_keep_their_order_and_a_second_label_is_refused() {
        let files = vec![
            noisy("t1.nii"),
            patchy("seg.nii"),
            noisy("t2.nii"),
            patchy("other.nii"),
        ];
        let dropped = sort_dropped(files).unwrap();
        assert_eq!(names(&dropped), (vec!["t1.nii", "t2.nii"], Some("seg.nii")));
        assert_eq!(dropped.refused, [("other.nii".to_owned(), Error::SecondLabel)]);
    }

    #[test]
    fn headers_and_voxels_find_each_other() {
        let values = vec![1; 8];
        let mut file = File::u8(&[2, 2, 2], values);
        file.magic = *b"ni1\0";
        file.offset = 0.0;
        let header = ("Scan.HDR".to_owned(), file.header());
        let image = ("scan.img".to_owned(), file.data.clone());
        for files in [
            vec![header.clone(), image.clone()],
            vec![image.clone(), header.clone()],
        ] {
            let dropped = sort_dropped(files).unwrap();
            assert!(dropped.refused.is_empty());
            assert_eq!(dropped.label.unwrap().volume.value([1, 1, 1], 0), Some(1.0));
        }
        assert_eq!(sort_dropped(vec![header]).unwrap_err(), Error::MissingImage);
        assert_eq!(sort_dropped(vec![image]).unwrap_err(), Error::MissingHeader);
        assert_eq!(sort_dropped(Vec::new()).unwrap_err(), Error::NoImage);
    }

    #[test]
    fn a_bad_file_does_not_take_the_good_one_with_it() {
        let files = vec![
            noisy("scan.nii"),
            ("notes.txt".to_owned(), b"nothing to see".to_vec()),
        ];
        let dropped = sort_dropped(files).unwrap();
        assert_eq!(names(&dropped), (vec!["scan.nii"], None));
        assert!(matches!(
            dropped.refused[0].1,
            Error::NotNifti {
                looks_like: "plain text"
            }
        ));
    }
}
