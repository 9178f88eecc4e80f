//! Conventions of well-known data sets: what their numbers mean, and the views that people take of them.

use super::Table;

/// What the numbers of a data set mean.
#[derive(Debug, PartialEq, Eq)]
pub struct Scheme {
    pub name: &'static str,
    /// Values and names.
    pub rows: &'static [(i64, &'static str)],
    /// The first leaves all classes apart.
    pub views: &'static [View],
}

/// A way to look at the classes of a scheme.
#[derive(Debug, PartialEq, Eq)]
pub struct View {
    pub name: &'static str,
    /// Value, the value that it counts as (0: the background), and the name of the class that this makes.
    pub merged: &'static [(i64, i64, &'static str)],
}

const APART: View = View {
    name: "All classes apart",
    merged: &[],
};

/// With the enhancing tumour as 4 (to 2021).
const BRATS_4: Scheme = Scheme {
    name: "BraTS (1, 2, 4)",
    rows: &[(1, "necrotic core"), (2, "oedema"), (4, "enhancing tumour")],
    views: &[
        APART,
        View {
            name: "Whole tumour (WT)",
            merged: &[(2, 1, "whole tumour"), (4, 1, "whole tumour")],
        },
        View {
            name: "Tumour core (TC)",
            merged: &[(2, 0, ""), (4, 1, "tumour core")],
        },
        View {
            name: "Enhancing tumour (ET)",
            merged: &[(1, 0, ""), (2, 0, "")],
        },
    ],
};

/// With the enhancing tumour as 3 (since 2023).
const BRATS_3: Scheme = Scheme {
    name: "BraTS (1, 2, 3)",
    rows: &[(1, "necrotic core"), (2, "oedema"), (3, "enhancing tumour")],
    views: &[
        APART,
        View {
            name: "Whole tumour (WT)",
            merged: &[(2, 1, "whole tumour"), (3, 1, "whole tumour")],
        },
        View {
            name: "Tumour core (TC)",
            merged: &[(2, 0, ""), (3, 1, "tumour core")],
        },
        View {
            name: "Enhancing tumour (ET)",
            merged: &[(1, 0, ""), (2, 0, "")],
        },
    ],
};

const AMOS: Scheme = Scheme {
    name: "AMOS (15 organs)",
    rows: &[
        (1, "spleen"),
        (2, "right kidney"),
        (3, "left kidney"),
        (4, "gallbladder"),
        (5, "oesophagus"),
        (6, "liver"),
        (7, "stomach"),
        (8, "aorta"),
        (9, "inferior vena cava"),
        (10, "pancreas"),
        (11, "right adrenal gland"),
        (12, "left adrenal gland"),
        (13, "duodenum"),
        (14, "bladder"),
        (15, "prostate or uterus"),
    ],
    views: &[
        APART,
        View {
            name: "Paired organs together",
            merged: &[(3, 2, "kidneys"), (12, 11, "adrenal glands")],
        },
    ],
};

/// All that are known here.
pub static SCHEMES: [&Scheme; 3] = [&BRATS_4, &BRATS_3, &AMOS];

/// The scheme that labels follow by their values (without the background), the names of the files and the channels; `None`
/// where that would be a guess.
#[must_use]
pub fn recognise(values: &[i64], names: &[String], channels: &[String]) -> Option<&'static Scheme> {
    let within = |scheme: &Scheme| {
        !values.is_empty()
            && values
                .iter()
                .all(|value| scheme.rows.iter().any(|(known, _)| known == value))
    };
    let called = |word: &str| names.iter().any(|name| name.to_lowercase().contains(word));
    let is_tumour_set = ["T1ce", "FLAIR"]
        .iter()
        .all(|wanted| channels.iter().any(|channel| channel == wanted));
    if within(&BRATS_4) && values.contains(&4) {
        return (called("brats") || is_tumour_set || values.len() == 3).then_some(&BRATS_4);
    }
    if within(&BRATS_3) && (called("brats") || is_tumour_set) {
        return Some(&BRATS_3);
    }
    // All fifteen and no other number: no other common data set has just these.
    (within(&AMOS) && (called("amos") || values.len() == AMOS.rows.len())).then_some(&AMOS)
}

impl Scheme {
    /// Names the rows of a table, and takes a view of them.
    pub fn apply(&self, view: &View, table: &mut Table) {
        table.separate();
        for (value, name) in self.rows {
            if let Some(row) = table.row_of(*value) {
                table.rename(row, name);
            }
        }
        for (value, into, name) in view.merged {
            let Some(row) = table.row_of(*value) else { continue };
            match table.row_of(*into) {
                // A cohort without the value that names the class: the first of those merged stands for it.
                None => table.rename(row, name),
                Some(into) => {
                    table.count_as(row, into);
                    if into > 0 {
                        table.rename(into, name);
                    }
                }
            }
        }
    }
}

/// A scheme as its name, for `#[serde(with = "…")]`.
pub(super) mod by_name {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{SCHEMES, Scheme};

    pub(crate) fn serialize<S: Serializer>(
        scheme: &Option<&'static Scheme>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        scheme.map(|scheme| scheme.name).serialize(serializer)
    }

    /// One that this version does not know is none.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<&'static Scheme>, D::Error> {
        let name = Option::<String>::deserialize(deserializer)?;
        Ok(name.and_then(|name| SCHEMES.into_iter().find(|scheme| scheme.name == name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn only_what_is_sure_is_recognised() {
        let none = called(&[]);
        let four = called(&["T1", "T1ce", "T2", "FLAIR"]);
        let amos: Vec<i64> = (1..=15).collect();
        for (values, names, channels, expected) in [
            (&[1, 2, 4][..], &none, &none, Some("BraTS (1, 2, 4)")),
            (&[1, 4], &none, &none, None),
            (&[2, 4], &none, &four, Some("BraTS (1, 2, 4)")),
            (&[1, 2, 3], &none, &four, Some("BraTS (1, 2, 3)")),
            (&[1, 2, 3], &none, &none, None),
            (
                &[1, 2, 3],
                &called(&["BraTS-GLI-00005-000-seg.nii.gz"]),
                &none,
                Some("BraTS (1, 2, 3)"),
            ),
            (&amos, &none, &none, Some("AMOS (15 organs)")),
            (&amos[..13], &none, &none, None),
            (
                &amos[..13],
                &called(&["amos_0001.nii.gz"]),
                &none,
                Some("AMOS (15 organs)"),
            ),
            (&[], &called(&["amos", "brats"]), &four, None),
        ] {
            assert_eq!(
                recognise(values, names, channels).map(|scheme| scheme.name),
                expected,
                "{values:?}"
            );
        }
    }

    #[test]
    fn the_views_of_brats_are_its_regions() {
        for (scheme, values) in [(&BRATS_4, [1, 2, 4]), (&BRATS_3, [1, 2, 3])] {
            let mut table = Table::new(values).unwrap();
            for (view, lookup, names) in [
                (
                    0,
                    [0, 1, 2, 3],
                    &["background", "necrotic core", "oedema", "enhancing tumour"][..],
                ),
                (1, [0, 1, 1, 1], &["background", "whole tumour"]),
                (2, [0, 1, 0, 1], &["background", "tumour core"]),
                (3, [0, 0, 0, 1], &["background", "enhancing tumour"]),
                (
                    0,
                    [0, 1, 2, 3],
                    &["background", "necrotic core", "oedema", "enhancing tumour"],
                ),
            ] {
                scheme.apply(&scheme.views[view], &mut table);
                assert_eq!(table.lookup(), lookup);
                assert_eq!(
                    table
                        .classes()
                        .iter()
                        .map(|row| row.name.as_str())
                        .collect::<Vec<_>>(),
                    names
                );
            }
        }
    }

    #[test]
    fn a_class_that_is_missing_does_not_take_the_view_with_it() {
        let mut table = Table::new([2, 4]).unwrap();
        BRATS_4.apply(&BRATS_4.views[2], &mut table);
        assert_eq!(table.lookup(), [0, 0, 1]);
        assert_eq!(table.classes()[1].name, "tumour core");
    }
}
