//! What one file's path says of it.

use super::Role;
use super::words::{IMAGE_FOLDERS, IMAGE_WORDS, KIND_FOLDERS, LABEL_FOLDERS, LABEL_WORDS, MODALITIES};

/// What a path says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Said {
    pub role: Role,
    /// What is left of the name without the words for its role; else the folder's name.
    pub subject: String,
    /// The innermost folder that is not there for a role, with those around it.
    pub folder: String,
}

/// The file's name without folders and without `.nii`, `.hdr`, `.img` and `.gz`; `None` for other files.
pub(super) fn stem(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let without = |name: &str, end: &str| {
        let at = name.len().checked_sub(end.len())?;
        let (head, tail) = name.split_at_checked(at)?;
        tail.eq_ignore_ascii_case(end)
            .then_some(at)
            .filter(|_| !head.is_empty())
    };
    let name = &name[..without(name, ".gz").unwrap_or(name.len())];
    [".nii", ".hdr", ".img"]
        .iter()
        .find_map(|end| without(name, end))
        .map(|at| &name[..at])
}

/// The words of a name: runs of letters and digits.
fn words(name: &str) -> Vec<&str> {
    name.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect()
}

fn holds(list: &[&str], word: &str) -> bool {
    list.contains(&word)
}

/// What a word says of the role, and what of it belongs to the subject (`label12` is the label of 12).
fn role_of(word: &str) -> Option<(Role, &str)> {
    let low = word.to_lowercase();
    if let Some((_, name)) = MODALITIES.iter().find(|(known, _)| *known == low) {
        return Some((Role::Channel((*name).to_owned()), ""));
    }
    let letters = low.trim_end_matches(|letter: char| letter.is_ascii_digit());
    // Lower case may have another length, but not for letters that these words are made of.
    let rest = word.get(letters.len()..).unwrap_or("");
    if holds(&LABEL_WORDS, letters) {
        Some((Role::Label, rest))
    } else if holds(&IMAGE_WORDS, letters) {
        Some((Role::Channel(String::new()), rest))
    } else {
        None
    }
}

/// Reads a path; `None` for a file that is no NIfTI by its name.
pub(super) fn read(path: &str) -> Option<Said> {
    let stem = stem(path)?;
    let mut folders: Vec<&str> = path.split('/').collect();
    folders.pop();
    let mut by_folder = None;
    let mut own: Vec<&str> = Vec::new();
    for folder in folders {
        let low = folder.to_lowercase();
        if holds(&LABEL_FOLDERS, &low) {
            by_folder = Some(Role::Label);
        } else if holds(&IMAGE_FOLDERS, &low) {
            by_folder = by_folder.or(Some(Role::Channel(String::new())));
        } else if !holds(&KIND_FOLDERS, &low) && !folder.is_empty() {
            own.push(folder);
        }
    }
    let (mut is_label, mut channel, mut rest) = (false, None, Vec::new());
    for word in words(stem) {
        match role_of(word) {
            Some((role, left)) => {
                match role {
                    Role::Label => is_label = true,
                    Role::Channel(name) => {
                        channel = channel.filter(|known: &String| !known.is_empty()).or(Some(name))
                    }
                    Role::Unused => {}
                }
                if !left.is_empty() {
                    rest.push(left);
                }
            }
            None => rest.push(word),
        }
    }
    let role = match (by_folder, is_label, channel) {
        (Some(Role::Label), ..) | (_, true, _) => Role::Label,
        (_, _, channel) => Role::Channel(channel.unwrap_or_default()),
    };
    let subject = if rest.is_empty() {
        own.last().map_or_else(String::new, |folder| (*folder).to_owned())
    } else {
        rest.join("_")
    };
    Some(Said {
        role,
        subject,
        folder: own.join("/"),
    })
}

/// nnU-Net's channel number at the end of a subject: `case_003_0001` is channel 1 of `case_003`.
pub(super) fn numbered(subject: &str) -> Option<(&str, usize)> {
    let (head, tail) = subject.rsplit_once('_')?;
    let is_number = tail.len() == 4 && tail.bytes().all(|digit| digit.is_ascii_digit());
    Some((head, tail.parse().ok().filter(|_| is_number && !head.is_empty())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(name: &str) -> Role {
        Role::Channel(name.to_owned())
    }

    #[test]
    fn names_of_well_known_data_sets_are_understood() {
        for (path, role, subject) in [
            (
                "BraTS/BraTS20_001/BraTS20_001_t1ce.nii.gz",
                channel("T1ce"),
                "BraTS20_001",
            ),
            (
                "BraTS/BraTS20_001/BraTS20_001_seg.nii.gz",
                Role::Label,
                "BraTS20_001",
            ),
            (
                "BraTS-GLI-00005-000-t2f.nii.gz",
                channel("FLAIR"),
                "BraTS_GLI_00005_000",
            ),
            ("imagesTr/liver_12_0000.nii.gz", channel(""), "liver_12_0000"),
            ("labelsTr/liver_12.nii.gz", Role::Label, "liver_12"),
            ("sub-01/anat/sub-01_T1w.nii.gz", channel("T1"), "sub_01"),
            (
                "derivatives/manual/sub-01/anat/sub-01_T1w_dseg.nii.gz",
                Role::Label,
                "sub_01",
            ),
            ("patient7/t1.nii", channel("T1"), "patient7"),
            ("patient7/labels/t1.nii", Role::Label, "patient7"),
            ("image12.nii", channel(""), "12"),
            ("LABEL12.NII.GZ", Role::Label, "12"),
            ("scan.hdr", channel(""), ""),
        ] {
            let said = read(path).unwrap();
            assert_eq!((said.role, said.subject.as_str()), (role, subject), "{path}");
        }
        for path in [
            "notes.txt",
            "dataset.json",
            ".nii",
            ".nii.gz",
            "",
            "folder/",
            "x.gz",
            "é.gz",
            "…",
        ] {
            assert_eq!(read(path), None, "{path}");
        }
    }

    #[test]
    fn channel_numbers_have_four_digits() {
        assert_eq!(numbered("case_003_0001"), Some(("case_003", 1)));
        for other in ["case_003", "0001", "_0001", "case_00001", "case"] {
            assert_eq!(numbered(other), None, "{other}");
        }
    }
}
