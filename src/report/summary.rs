//! What follows from all parts together, and the table for people.

use std::fmt::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::json::rounded;

/// Adds the peak, shares of it, and what failed.
pub(super) fn finish(report: &mut Value, peaks: &[f64]) {
    let peak = peaks.iter().copied().fold(0.0, f64::max) / 1e9;
    let all: Vec<Value> = peaks.iter().map(|peak| rounded(peak / 1e9)).collect();
    report["peak"] = json!({"gflops": rounded(peak), "measured": all});
    let share = |row: &mut Value| {
        if let Some(gflops) = row["gflops"]
            .as_f64()
            .filter(|gflops| *gflops > 0.0 && peak > 0.0)
        {
            row["shareOfPeak"] = rounded(gflops / peak);
        }
    };
    for work in list(&mut report["works"]) {
        share(work);
        list(&mut work["nodes"]).iter_mut().for_each(share);
    }
    if let Some(rows) = report.pointer_mut("/shapes/rows") {
        list(rows).iter_mut().for_each(share);
    }
    if let Some(check) = report.get_mut("check") {
        let rows = check["rows"].as_array().cloned().unwrap_or_default();
        let failed: Vec<String> = rows
            .iter()
            .filter(|row| row["passed"] != true)
            .map(name_of)
            .collect();
        check["passed"] = (rows.len() - failed.len()).into();
        check["failed"] = failed.into();
    }
    report["faults"] = faults(report).into();
}

fn name_of(row: &Value) -> String {
    format!("{} ({})", word(&row["name"]), word(&row["numbers"]))
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}

/// Of no list: nothing.
fn list(value: &mut Value) -> &mut [Value] {
    value.as_array_mut().map_or(&mut [], Vec::as_mut_slice)
}

/// What did not go as it should, in words. What was left out for want of time is none.
fn faults(report: &Value) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(failed) = report["check"]["failed"].as_array() {
        all.extend(failed.iter().map(|name| format!("selfcheck: {}", word(name))));
    }
    let works = report["works"].as_array().into_iter().flatten();
    for work in works {
        if let Some(fault) = work["fault"].as_str() {
            all.push(format!("{}: {fault}", word(&work["name"])));
        }
        if work["lossesAgree"] == false {
            all.push(format!(
                "{}: other losses than elsewhere: {}",
                word(&work["name"]),
                work["losses"]
            ));
        }
    }
    for part in ["adapter", "shapes"] {
        if let Some(fault) = report[part]["fault"].as_str() {
            all.push(format!("{part}: {fault}"));
        }
    }
    all
}

/// The report as a table in Markdown, for `docs/benchmarks.md`.
#[must_use]
pub fn table(report: &Value) -> String {
    let adapter = &report["adapter"];
    let mut text = format!(
        "{}: {} ({}, {}, {} {}), peak {} GFLOP/s\n\n",
        word(&report["date"]).split('T').next().unwrap_or_default(),
        word(&adapter["name"]),
        word(&adapter["kind"]),
        word(&adapter["backend"]),
        word(&adapter["driver"]),
        word(&adapter["driverInfo"]),
        number(&report["peak"]["gflops"]),
    );
    text += "| workload | step, ms (least, most, steps) | ahead, ms | GFLOP/s | of the peak | dispatches | submits | first step, ms | \
        nodes, ms |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n";
    for work in report["works"].as_array().into_iter().flatten() {
        let ms = &work["ms"];
        let cells = if ms.is_null() {
            let why = ["leftOut", "stopped", "fault"]
                .into_iter()
                .find_map(|key| work[key].as_str());
            format!("{} | | | | | | |", why.unwrap_or("not measured"))
        } else {
            let [median, min, max, steps] = ["median", "min", "max", "steps"].map(|key| number(&ms[key]));
            let share = work["shareOfPeak"]
                .as_f64()
                .map(|share| format!("{:.0} %", 100.0 * share));
            format!(
                "{median} ({min}, {max}, {steps}) | {} | {} | {} | {} | {} | {} | {}",
                number(&work["ahead"]["ms"]),
                number(&work["gflops"]),
                share.unwrap_or_default(),
                number(&work["dispatches"]),
                number(&work["submits"]),
                number(&work["first"]["ms"]),
                number(&work["nodesMs"]),
            )
        };
        // Writing into a string cannot fail.
        let _ = writeln!(text, "| {} | {cells} |", word(&work["name"]));
    }
    let rows = report["check"]["rows"].as_array().map_or(0, Vec::len);
    let left = report["check"]["leftOut"].as_array().map_or(0, Vec::len);
    let _ = write!(
        text,
        "\nSelfcheck: {} of {rows} rows passed, {left} cases left out.",
        number(&report["check"]["passed"])
    );
    for [least, most] in [[64, usize::MAX], [16, 32]] {
        if let Some(share) = worst_share(report, least, most) {
            let what = if most == usize::MAX {
                format!("{least} channels and more")
            } else {
                format!("{least} to {most} channels")
            };
            let _ = write!(
                text,
                " 3 × 3 convolutions of {what}: at least {:.0} % of the peak.",
                100.0 * share
            );
        }
    }
    text
}

fn number(value: &Value) -> String {
    if value.is_null() {
        String::new()
    } else {
        value.to_string()
    }
}

/// The smallest share of the peak among convolutions whose fewer channels are so many.
fn worst_share(report: &Value, least: usize, most: usize) -> Option<f64> {
    let rows = report["shapes"]["rows"].as_array()?;
    let fewer = |row: &Value| row["channels"].as_array()?.iter().filter_map(Value::as_u64).min();
    let within = |row: &&Value| fewer(row).is_some_and(|fewer| (least as u64..=most as u64).contains(&fewer));
    rows.iter()
        .filter(within)
        .filter_map(|row| row["shareOfPeak"].as_f64())
        .reduce(f64::min)
}

/// `2026-11-30T20:36:09Z`.
pub(super) fn date(now: SystemTime) -> String {
    let seconds = now
        .duration_since(UNIX_EPOCH)
        .map_or(0, |passed| passed.as_secs());
    let (days, rest) = ((seconds / 86_400) as i64, seconds % 86_400);
    // Days to year, month and day, by eras of 400 years that begin on the first of March (Howard Hinnant, `civil_from_days`).
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let [hour, minute, second] = [rest / 3600, rest / 60 % 60, rest % 60];
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        let at = |seconds| date(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01T00:00:00Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(at(1_796_070_969), "2026-11-30T20:36:09Z");
    }

    fn report() -> Value {
        json!({
            "date": "2026-11-30T20:36:09Z",
            "adapter": {"name": "Card", "kind": "discrete"},
            "check": {"rows": [{"name": "a", "numbers": "f32", "passed": true}, {"name": "b", "numbers": "f16", "passed": false}]},
            "works": [
                {"name": "U-16", "gflops": 500.0, "ms": {"median": 2.5}, "nodes": [{"gflops": 100.0}, {"gflops": 0.0}], "lossesAgree": false},
                {"name": "U-32-256", "leftOut": "no time"},
                {"name": "L-256", "fault": "lost"},
            ],
            "shapes": {"rows": [
                {"channels": [64, 96], "gflops": 300.0}, {"channels": [96, 64], "gflops": 400.0}, {"channels": [1, 64], "gflops": 1.0},
            ]},
        })
    }

    #[test]
    fn shares_are_of_the_highest_peak() {
        let mut report = report();
        finish(&mut report, &[0.8e12, 1e12, 0.9e12]);
        assert_eq!(report["peak"]["gflops"], 1000.0);
        assert_eq!(report["works"][0]["shareOfPeak"], 0.5);
        assert_eq!(report["works"][0]["nodes"][0]["shareOfPeak"], 0.1);
        assert_eq!(report["works"][0]["nodes"][1]["shareOfPeak"], Value::Null);
        assert_eq!(
            (&report["check"]["passed"], &report["check"]["failed"]),
            (&json!(1), &json!(["b (f16)"]))
        );
        let faults = report["faults"].as_array().unwrap();
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert_eq!(worst_share(&report, 64, usize::MAX), Some(0.3));
        assert_eq!(worst_share(&report, 16, 32), None);
    }

    #[test]
    fn the_table_has_a_row_for_each_workload() {
        let mut report = report();
        finish(&mut report, &[1e12]);
        let table = table(&report);
        assert!(table.starts_with("2026-11-30: Card (discrete"), "{table}");
        assert!(
            table.contains("| U-16 | 2.5 (") && table.contains("| 50 % |"),
            "{table}"
        );
        assert!(
            table.contains("| U-32-256 | no time |") && table.contains("| L-256 | lost |"),
            "{table}"
        );
        let columns: Vec<usize> = table
            .lines()
            .filter(|line| line.starts_with('|'))
            .map(|line| line.matches('|').count())
            .collect();
        assert!(columns.iter().all(|count| *count == 10), "{columns:?}");
        assert!(
            table.contains("1 of 2 rows passed") && table.contains("at least 30 %"),
            "{table}"
        );
    }
}
