//! Which files belong together: subjects with their channels and their label, told from names alone, and by hand.
//!
//! [`assign`] reads the names, [`group`] makes subjects of what it says; whoever knows better changes an [`Assignment`] in
//! between.

use serde::{Deserialize, Serialize};

mod name;
mod words;

use std::collections::{BTreeMap, BTreeSet};

/// What a file is to its subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// One channel of the image, by name; an empty name where there is but one.
    Channel(String),
    Label,
    Unused,
}

/// A file, and whom it belongs to as what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// With its folders, as far as they are known.
    pub path: String,
    pub subject: String,
    pub role: Role,
}

/// A subject as its files make it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub subject: String,
    /// Channel names, and numbers of assignments; in the order of the channels.
    pub channels: Vec<(String, usize)>,
    /// Number of the assignment.
    pub label: usize,
}

/// A file that is in no group, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOver {
    /// Number of the assignment.
    pub file: usize,
    pub why: String,
}

/// What the files make together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairing {
    /// By subject, in natural order.
    pub groups: Vec<Group>,
    pub left_over: Vec<LeftOver>,
}

/// What the names say. `.img` files go with the `.hdr` of the same stem and are no files of their own here: leave them out.
#[must_use]
pub fn assign(paths: &[String]) -> Vec<Assignment> {
    let said: Vec<Option<name::Said>> = paths.iter().map(|path| name::read(path)).collect();
    let labels: BTreeSet<&str> = said
        .iter()
        .flatten()
        .filter(|said| said.role == Role::Label)
        .map(|said| said.subject.as_str())
        .collect();
    let assignment = |(path, said): (&String, &Option<name::Said>)| {
        let (mut subject, mut role) = match said {
            Some(said) => (said.subject.clone(), said.role.clone()),
            None => (String::new(), Role::Unused),
        };
        // A number at the end is a channel only where the label goes without it: `amos_0001` is a subject.
        if let Role::Channel(channel) = &mut role
            && !labels.contains(subject.as_str())
            && let Some((head, number)) = name::numbered(&subject)
            && labels.contains(head)
        {
            if channel.is_empty() {
                *channel = format!("{number:04}");
            }
            subject = head.to_owned();
        }
        Assignment {
            path: path.clone(),
            subject,
            role,
        }
    };
    let mut assignments: Vec<Assignment> = paths.iter().zip(&said).map(assignment).collect();
    tell_apart(&mut assignments, &said);
    assignments
}

/// Subjects of one name in several folders get their folder's name before their own.
fn tell_apart(assignments: &mut [Assignment], said: &[Option<name::Said>]) {
    let mut seen: BTreeMap<(String, Role), usize> = BTreeMap::new();
    for assignment in assignments.iter().filter(|one| one.role != Role::Unused) {
        *seen
            .entry((assignment.subject.clone(), assignment.role.clone()))
            .or_default() += 1;
    }
    let twice: BTreeSet<String> = seen
        .into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|((subject, _), _)| subject)
        .collect();
    for (assignment, said) in assignments.iter_mut().zip(said) {
        if let Some(said) = said
            && twice.contains(&assignment.subject)
            && !said.folder.is_empty()
        {
            assignment.subject = format!("{}/{}", said.folder, assignment.subject);
        }
    }
}

/// Groups files into subjects that have a label and all channels that most subjects have.
#[must_use]
pub fn group(assignments: &[Assignment]) -> Pairing {
    let mut pairing = Pairing::default();
    let mut leave = |file, why: String| pairing.left_over.push(LeftOver { file, why });
    let mut subjects: BTreeMap<Natural, Vec<usize>> = BTreeMap::new();
    for (file, assignment) in assignments.iter().enumerate() {
        if assignment.role == Role::Unused {
            let why = match name::stem(&assignment.path) {
                None => "no NIfTI file by its name",
                Some(_) => "left out by hand",
            };
            leave(file, why.to_owned());
        } else {
            subjects
                .entry(Natural::of(&assignment.subject))
                .or_default()
                .push(file);
        }
    }
    let mut complete = Vec::new();
    for files in subjects.into_values() {
        match one_of_each(assignments, &files) {
            Ok(group) => complete.push(group),
            Err(why) => files.into_iter().for_each(|file| leave(file, why.clone())),
        }
    }
    let names =
        |group: &Group| -> Vec<String> { group.channels.iter().map(|(name, _)| name.clone()).collect() };
    let mut votes: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for group in &complete {
        *votes.entry(names(group)).or_default() += 1;
    }
    // The fuller set where votes are even.
    let wanted = votes
        .into_iter()
        .max_by_key(|(names, count)| (*count, names.len()));
    let wanted = wanted.map(|(names, _)| names).unwrap_or_default();
    for mut group in complete {
        let has = names(&group);
        let missing: Vec<&str> = wanted
            .iter()
            .filter(|name| !has.contains(name))
            .map(|name| {
                if name.is_empty() {
                    "the image"
                } else {
                    name.as_str()
                }
            })
            .collect();
        if !missing.is_empty() {
            let why = format!(
                "{} lacks {}, which others have",
                group.subject,
                missing.join(" and ")
            );
            let files = group.channels.iter().map(|(_, file)| *file).chain([group.label]);
            files.for_each(|file| leave(file, why.clone()));
            continue;
        }
        for (name, file) in &group.channels {
            if !wanted.contains(name) {
                leave(*file, format!("most subjects have no channel {name}"));
            }
        }
        group.channels.retain(|(name, _)| wanted.contains(name));
        pairing.groups.push(group);
    }
    pairing.left_over.sort_by_key(|left| left.file);
    pairing
}

/// The files of one subject, if they are one label and some channels of different names.
fn one_of_each(assignments: &[Assignment], files: &[usize]) -> Result<Group, String> {
    let subject = assignments[files[0]].subject.clone();
    let named = if subject.is_empty() {
        "a file without a name".to_owned()
    } else {
        subject.clone()
    };
    let mut labels = Vec::new();
    let mut channels: Vec<(String, usize)> = Vec::new();
    for &file in files {
        match &assignments[file].role {
            Role::Label => labels.push(file),
            Role::Channel(name) => channels.push((name.clone(), file)),
            Role::Unused => {}
        }
    }
    channels.sort_by_key(|(name, _)| (words::rank(name), name.clone()));
    if let Some(twice) = channels.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let name = if twice[0].0.is_empty() {
            "image"
        } else {
            twice[0].0.as_str()
        };
        return Err(format!("{named} has more than one {name}"));
    }
    match (labels.as_slice(), channels.is_empty()) {
        ([label], false) => Ok(Group {
            subject,
            channels,
            label: *label,
        }),
        ([], _) => Err(format!("there is no label for {named}")),
        (_, true) => Err(format!("there is no image for {named}")),
        (_, false) => Err(format!("{named} has more than one label")),
    }
}

/// Names in the order that people put them: `case 9` before `case 10`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Natural(Vec<(String, u64)>, String);

impl Natural {
    fn of(name: &str) -> Self {
        let mut parts: Vec<(String, u64)> = Vec::new();
        let (mut text, mut digits) = (String::new(), String::new());
        for letter in name.chars().chain(['\0']) {
            if letter.is_ascii_digit() {
                digits.push(letter);
                continue;
            }
            if !digits.is_empty() {
                let number = digits.parse().unwrap_or(u64::MAX);
                parts.push((std::mem::take(&mut text), number));
                digits.clear();
            }
            text.push(letter);
        }
        parts.push((text, 0));
        Self(parts, name.to_owned())
    }
}

#[cfg(test)]
mod tests;
