//! Label descriptions as ITK-SNAP reads and writes them, and the label names of nnU-Net's `dataset.json`.

use std::fmt::Write;

use super::Table;

/// Takes names and colours of the values that a table has from an ITK-SNAP label file: lines of
/// `IDX R G B A VIS MSH "name"`, comments behind `#`. Returns how many rows were taken; 0 for another kind of text.
pub fn read(text: &str, table: &mut Table) -> usize {
    let mut taken = 0;
    for line in text.lines() {
        let Some((head, name)) = line.split_once('"') else {
            continue;
        };
        let name = name.rsplit_once('"').map_or(name, |(name, _)| name);
        let mut words = head.split_whitespace();
        let value = words.next().and_then(|word| word.parse::<i64>().ok());
        let colors: Vec<u8> = words
            .by_ref()
            .take(3)
            .filter_map(|word| word.parse().ok())
            .collect();
        // Opacity and the two visibilities.
        let rest = words.filter(|word| word.parse::<f64>().is_ok()).count();
        let (Some(value), [r, g, b], 3) = (value, colors.as_slice(), rest) else {
            continue;
        };
        if value == 0 {
            continue;
        }
        if let Some(row) = table.row_of(value) {
            table.rename(row, name);
            table.recolor(row, [*r, *g, *b]);
            taken += 1;
        }
    }
    taken
}

/// A label file with every row of a table under its own value.
#[must_use]
pub fn write(table: &Table) -> String {
    let mut text = String::from(
        "# Label descriptions, to be opened in ITK-SNAP.\n# Columns: index, red, green, blue, opacity, visible, mesh, \"name\".\n    0     0    0    0        0  0  0    \"Clear Label\"\n",
    );
    for row in &table.rows()[1..] {
        let [r, g, b] = row.color;
        let name = row.name.replace('"', "'");
        let value = row.value;
        // A string takes every write.
        let _ = writeln!(
            text,
            "{value:>5} {r:>5} {g:>4} {b:>4}        1  1  1    \"{name}\""
        );
    }
    text
}

/// Takes names from the `labels` of a `dataset.json`, which stand before or behind their numbers. Returns how many rows
/// were taken.
pub fn read_dataset_json(text: &str, table: &mut Table) -> usize {
    let json: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let Some(labels) = json.get("labels").and_then(serde_json::Value::as_object) else {
        return 0;
    };
    let mut taken = 0;
    for (key, entry) in labels {
        let pair = match (key.parse::<i64>(), entry) {
            (Ok(value), serde_json::Value::String(name)) => Some((value, name.as_str())),
            (_, serde_json::Value::Number(number)) => number.as_i64().map(|value| (value, key.as_str())),
            _ => None,
        };
        let row = pair.and_then(|(value, name)| Some((table.row_of(value).filter(|row| *row > 0)?, name)));
        if let Some((row, name)) = row {
            table.rename(row, name);
            taken += 1;
        }
    }
    taken
}

/// The `channel_names` (or, in older files, the `modality`) of a `dataset.json`, by number.
#[must_use]
pub fn channel_names(text: &str) -> Vec<String> {
    let json: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let names = json.get("channel_names").or_else(|| json.get("modality"));
    let Some(names) = names.and_then(serde_json::Value::as_object) else {
        return Vec::new();
    };
    (0..names.len())
        .map_while(|number| names.get(&number.to_string())?.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let mut table = Table::new([1, 3, 200]).unwrap();
        table.rename(1, "left \"upper\" lobe");
        table.recolor(3, [9, 8, 7]);
        let mut other = Table::new([1, 3, 200]).unwrap();
        assert_eq!(read(&write(&table), &mut other), 3);
        assert_eq!(other.rows()[1].name, "left 'upper' lobe");
        assert_eq!(other.rows()[3].color, [9, 8, 7]);
        assert_eq!(
            read(&write(&table), &mut Table::new([5]).unwrap()),
            0,
            "other values are passed over"
        );
    }

    #[test]
    fn a_file_by_another_hand_is_understood_and_other_texts_are_not() {
        let text = "###\n# comment \"x\"\n    0     0    0    0        0  0  0    \"Clear Label\"\n    2   255  128    0   0.5  1  1    \"Left Lung\"\n";
        let mut table = Table::new([1, 2]).unwrap();
        assert_eq!(read(text, &mut table), 1);
        assert_eq!(
            (table.rows()[2].name.as_str(), table.rows()[2].color),
            ("Left Lung", [255, 128, 0])
        );
        for other in ["", "2 255 300 0 1 1 1 \"x\"", "2 1 1 1 \"x\"", "say \"2\""] {
            let before = table.clone();
            assert_eq!(read(other, &mut table), 0, "{other}");
            assert_eq!(table, before);
        }
    }

    #[test]
    fn both_kinds_of_dataset_json_name_classes_and_channels() {
        let new = r#"{"channel_names": {"0": "T1", "1": "FLAIR"}, "labels": {"background": 0, "lesion": 2, "whole": [1, 2]}}"#;
        let old = r#"{"modality": {"0": "CT"}, "labels": {"0": "nothing", "1": "liver", "2": "tumour"}}"#;
        let mut table = Table::new([1, 2]).unwrap();
        assert_eq!(read_dataset_json(new, &mut table), 1);
        assert_eq!(table.rows()[2].name, "lesion");
        assert_eq!(read_dataset_json(old, &mut table), 2);
        assert_eq!(table.rows()[0].name, "background");
        assert_eq!(table.rows()[1].name, "liver");
        assert_eq!(channel_names(new), ["T1", "FLAIR"]);
        assert_eq!(channel_names(old), ["CT"]);
        assert!(channel_names("no json").is_empty());
        assert_eq!(read_dataset_json("[]", &mut table), 0);
    }
}
