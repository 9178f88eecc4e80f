//! The signs by which a label map is told from an image.

use std::collections::HashSet;

use super::Volume;
use super::header::INTENT_LABEL;

/// More different values than this and it is an image.
const MANY_VALUES: usize = 256;

/// What speaks for a label map and what against.
pub(super) struct Signs {
    is_declared: bool,
    is_colour: bool,
    is_whole: bool,
    /// `None` beyond [`MANY_VALUES`].
    values: Option<usize>,
    has_negatives: bool,
    /// Of the voxels that are not 0, the part whose neighbour along x has the same value.
    patches: f64,
    /// +1: the name speaks of labels; −1: of an image.
    name: i8,
}

impl Signs {
    pub(super) fn of(name: &str, volume: &Volume) -> Self {
        let mut values = HashSet::new();
        let mut signs = Self {
            is_declared: volume.header().intent_code == INTENT_LABEL,
            is_colour: volume.components() != 1,
            is_whole: true,
            values: None,
            has_negatives: false,
            patches: 0.0,
            name: name_hint(name),
        };
        let (mut last, mut inside, mut same) = (f64::NAN, 0_usize, 0_usize);
        for voxel in 0..volume.file_grid().voxels() {
            let value = volume.grey(0, voxel);
            if value != 0.0 {
                inside += 1;
                same += usize::from(value == last);
            }
            if value != last {
                last = value;
                signs.is_whole &= value.fract() == 0.0;
                signs.has_negatives |= value < -1.0;
                if values.len() <= MANY_VALUES {
                    values.insert(value.to_bits());
                }
            }
        }
        signs.values = Some(values.len()).filter(|&count| count <= MANY_VALUES);
        signs.patches = same as f64 / inside.max(1) as f64;
        signs
    }

    pub(super) fn score(&self) -> f64 {
        let sign = |is_so: bool, plus: f64, minus: f64| if is_so { plus } else { -minus };
        sign(self.is_declared, 4.0, 0.0)
            + sign(self.is_colour, -10.0, 0.0)
            + sign(self.is_whole, 1.0, 3.0)
            + sign(self.has_negatives, -2.0, 0.0)
            + self.values.map_or(-4.0, |count| sign(count <= 64, 1.0, 0.5))
            + sign(self.patches >= 0.5, 1.0, 1.0)
            + 0.5 * f64::from(self.name)
    }

    pub(super) fn words(&self) -> String {
        let mut words = Vec::new();
        if self.is_declared {
            words.push("its header says that it holds labels".to_owned());
        }
        if self.is_colour {
            words.push("it is in colour".to_owned());
        }
        words.push(if self.is_whole {
            "whole numbers".to_owned()
        } else {
            "fractions".to_owned()
        });
        words.push(match self.values {
            Some(count) => format!("{count} different values"),
            None => format!("more than {MANY_VALUES} different values"),
        });
        if self.has_negatives {
            words.push("negative values".to_owned());
        }
        words.push(if self.patches >= 0.5 {
            "in patches".to_owned()
        } else {
            "changing from voxel to voxel".to_owned()
        });
        match self.name {
            1 => words.push("a name that speaks of labels".to_owned()),
            -1 => words.push("a name that speaks of an image".to_owned()),
            _ => {}
        }
        words.join(", ")
    }
}

fn name_hint(name: &str) -> i8 {
    const LABELS: [&str; 9] = [
        "label",
        "labels",
        "seg",
        "segmentation",
        "mask",
        "gt",
        "roi",
        "annotation",
        "lbl",
    ];
    const IMAGES: [&str; 10] = [
        "image", "img", "ct", "mr", "mri", "t1", "t2", "flair", "t1ce", "0000",
    ];
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name).to_lowercase();
    let file = file.split('.').next().unwrap_or_default();
    let speaks = |of: &[&str]| {
        file.split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| of.contains(&word))
    };
    if speaks(&LABELS) {
        1
    } else if speaks(&IMAGES) {
        -1
    } else {
        0
    }
}
