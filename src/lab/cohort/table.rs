//! What the numbers of the label files stand for: the one table from which every panel has names, colours and classes.

use serde::{Deserialize, Serialize};

use super::Error;
use crate::nifti::MAX_CLASSES;
use crate::train;

/// The class of what is ignored.
pub(super) const IGNORED: u8 = train::IGNORED as u8;

/// The background has a contour too, which is drawn in this grey.
pub const BACKGROUND: [u8; 3] = [214, 214, 214];

/// A number that the label files hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// In the files.
    pub value: i64,
    pub name: String,
    /// sRGB.
    pub color: [u8; 3],
    /// The row that it counts as: its own place, or another's where classes are merged.
    pub into: usize,
    /// Counts as no class: no contour, no loss, no score. What counts as it goes along.
    pub is_ignored: bool,
}

/// Rows in the order of their values; row 0 is the background.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// A table with generated names; `values` are made unique and sorted, and 0 is added.
    ///
    /// # Errors
    /// [`Error::TooManyClasses`].
    pub fn new(values: impl IntoIterator<Item = i64>) -> Result<Self, Error> {
        let mut values: Vec<i64> = values.into_iter().filter(|value| *value > 0).chain([0]).collect();
        values.sort_unstable();
        values.dedup();
        if values.len() > MAX_CLASSES {
            return Err(Error::TooManyClasses {
                found: values.len(),
                limit: MAX_CLASSES,
            });
        }
        let row = |(place, value): (usize, i64)| Row {
            value,
            name: if place == 0 {
                "background".to_owned()
            } else {
                format!("class {value}")
            },
            color: if place == 0 { BACKGROUND } else { color(place) },
            into: place,
            is_ignored: false,
        };
        Ok(Self {
            rows: values.into_iter().enumerate().map(row).collect(),
        })
    }

    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The values in the files, in the order of the rows.
    #[must_use]
    pub fn values(&self) -> Vec<i64> {
        self.rows.iter().map(|row| row.value).collect()
    }

    /// The row of a value.
    #[must_use]
    pub fn row_of(&self, value: i64) -> Option<usize> {
        self.rows.binary_search_by_key(&value, |row| row.value).ok()
    }

    /// The rows that are classes of their own, in order: class 0 is the background.
    #[must_use]
    pub fn classes(&self) -> Vec<&Row> {
        let own = |(place, row): &(usize, &Row)| row.into == *place && !row.is_ignored;
        self.rows
            .iter()
            .enumerate()
            .filter(own)
            .map(|(_, row)| row)
            .collect()
    }

    /// The class of each row, or [`train::IGNORED`].
    #[must_use]
    pub fn lookup(&self) -> Vec<u8> {
        let mut classes = vec![IGNORED; self.rows.len()];
        let mut next = 0;
        for (place, row) in self.rows.iter().enumerate() {
            if row.into == place && !row.is_ignored {
                classes[place] = next;
                next += 1;
            }
        }
        self.rows.iter().map(|row| classes[row.into]).collect()
    }

    /// An empty name stays what it was.
    pub fn rename(&mut self, row: usize, name: &str) {
        let name = name.trim();
        if let Some(row) = self.rows.get_mut(row).filter(|_| !name.is_empty()) {
            name.clone_into(&mut row.name);
        }
    }

    pub fn recolor(&mut self, row: usize, color: [u8; 3]) {
        if let Some(row) = self.rows.get_mut(row) {
            row.color = color;
        }
    }

    /// Lets a row count as another: as itself again, as one that it is merged with, or as the background (0). Whatever was
    /// merged with it goes along.
    pub fn count_as(&mut self, row: usize, into: usize) {
        if row == 0 || row >= self.rows.len() || into >= self.rows.len() {
            return;
        }
        // Never a chain: what it is merged into stands for itself.
        let into = if into == row { row } else { self.rows[into].into };
        // Its own follower would close a circle.
        let into = if into == row { row } else { into };
        self.rows[row].is_ignored = false;
        for place in 1..self.rows.len() {
            if place == row || self.rows[place].into == row {
                self.rows[place].into = if into == row && place != row {
                    self.rows[place].into
                } else {
                    into
                };
            }
        }
    }

    /// Lets a row, and whatever was merged with it, count as no class. The background has to stay.
    pub fn ignore(&mut self, row: usize) {
        self.count_as(row, row);
        if let Some(row) = self.rows.get_mut(row).filter(|_| row > 0) {
            row.is_ignored = true;
        }
    }

    /// The values in the files that count as no class.
    #[must_use]
    pub fn ignored(&self) -> Vec<i64> {
        let ignored = |(row, class): (&Row, u8)| (class == IGNORED).then_some(row.value);
        self.rows.iter().zip(self.lookup()).filter_map(ignored).collect()
    }

    /// Every row is a class of its own.
    pub fn separate(&mut self) {
        for (place, row) in self.rows.iter_mut().enumerate() {
            row.into = place;
            row.is_ignored = false;
        }
    }
}

/// Hues a golden angle apart, so that neighbours in number differ; two lightnesses in turn.
fn color(class: usize) -> [u8; 3] {
    let hue = (class as f32 * 137.508) % 360.0;
    let light = if class.is_multiple_of(2) { 0.72 } else { 0.6 };
    let [r, g, b, _] = colorgrad::Color::from_oklcha(light, 0.15, hue.to_radians(), 1.0).to_rgba8();
    [r, g, b]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn four() -> Table {
        Table::new([4, 1, 2, 1]).unwrap()
    }

    fn names(table: &Table) -> Vec<&str> {
        table.classes().iter().map(|row| row.name.as_str()).collect()
    }

    #[test]
    fn values_become_classes_without_gaps() {
        let table = four();
        assert_eq!(table.values(), [0, 1, 2, 4]);
        assert_eq!(table.lookup(), [0, 1, 2, 3]);
        assert_eq!(names(&table), ["background", "class 1", "class 2", "class 4"]);
        assert_eq!(table.row_of(4), Some(3));
        assert_eq!(table.row_of(3), None);
        let many = Table::new(0..=MAX_CLASSES as i64);
        assert_eq!(many.unwrap_err(), Error::TooManyClasses { found: 33, limit: 32 });
    }

    #[test]
    fn classes_merge_and_part_again_without_chains() {
        let mut table = four();
        table.count_as(3, 1);
        assert_eq!(table.lookup(), [0, 1, 2, 1]);
        assert_eq!(names(&table), ["background", "class 1", "class 2"]);
        // The whole of 1 goes into 2, and 4 with it.
        table.count_as(1, 2);
        assert_eq!(table.lookup(), [0, 1, 1, 1]);
        // Into one of its own followers: nothing changes.
        table.count_as(2, 3);
        assert_eq!(table.lookup(), [0, 1, 1, 1]);
        table.count_as(2, 0);
        assert_eq!(table.lookup(), [0, 0, 0, 0]);
        table.count_as(3, 3);
        assert_eq!(table.lookup(), [0, 0, 0, 1]);
        table.separate();
        assert_eq!(table, four());
        table.count_as(0, 1);
        table.count_as(9, 1);
        assert_eq!(table, four());
    }

    #[test]
    fn what_is_ignored_is_no_class_and_takes_its_followers_along() {
        let mut table = four();
        table.count_as(3, 2);
        table.ignore(2);
        assert_eq!(table.lookup(), [0, 1, IGNORED, IGNORED]);
        assert_eq!(names(&table), ["background", "class 1"]);
        assert_eq!(table.ignored(), [2, 4]);
        table.count_as(3, 3);
        assert_eq!(table.lookup(), [0, 1, IGNORED, 2]);
        table.count_as(2, 1);
        assert_eq!(table.lookup(), [0, 1, 1, 2]);
        table.ignore(0);
        table.ignore(9);
        assert_eq!(table.ignored(), [] as [i64; 0]);
        table.ignore(1);
        table.separate();
        assert_eq!(table, four());
    }

    #[test]
    fn names_and_colours_are_the_visitors() {
        let mut table = four();
        table.rename(1, "  core ");
        table.rename(2, " ");
        table.recolor(1, [1, 2, 3]);
        assert_eq!(names(&table), ["background", "core", "class 2", "class 4"]);
        assert_eq!(table.rows()[1].color, [1, 2, 3]);
    }
}
