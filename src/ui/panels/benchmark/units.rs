//! Numbers as they are shown: three significant digits.

use crate::page::grouped;

/// Where there is no number.
pub const NOTHING: &str = "–";

/// Three significant digits, more only before the point.
pub fn three(number: f64) -> String {
    if number >= 1000.0 {
        return grouped(number.round() as usize);
    }
    let digits = match number {
        number if number >= 99.95 => 0,
        number if number >= 9.995 => 1,
        number if number >= 0.9995 => 2,
        _ => 3,
    };
    format!("{number:.digits$}")
}

/// In 10⁹.
pub fn giga(number: Option<f64>) -> String {
    number.map_or(NOTHING.into(), |number| three(number / 1e9))
}

/// In 10⁶ bytes.
pub fn megabytes(bytes: u64) -> String {
    three(bytes as f64 / 1e6)
}

pub fn percent(share: f64) -> String {
    let digits = usize::from(share < 0.1);
    // With a space that does not break.
    format!("{:.digits$}\u{a0}%", 100.0 * share)
}
