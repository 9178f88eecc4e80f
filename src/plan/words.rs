//! Numbers as they are read.

/// Such as "2 min 10 s".
#[must_use]
pub fn duration(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s:02} s"),
        (h, m, _) => format!("{h} h {m:02} min"),
    }
}

/// As [`duration`], to whole minutes from ten of them on, and at least a second.
pub(super) fn rough(seconds: f64) -> String {
    let seconds = seconds.max(1.0);
    if (600.0..3600.0).contains(&seconds) {
        return format!("{} min", (seconds / 60.0).round());
    }
    duration(seconds)
}

/// As [`duration`]; below ten seconds with one place behind the point, and never 0.
pub(super) fn moment(seconds: f64) -> String {
    if seconds < 0.05 {
        return "under 0.1 s".into();
    }
    if seconds < 9.95 {
        return format!("{} s", significant(seconds, 2));
    }
    duration(seconds)
}

/// So many significant digits, without a tail of zeros.
pub(super) fn significant(number: f64, digits: i32) -> String {
    if number == 0.0 || !number.is_finite() {
        return "0".into();
    }
    let places = (digits - 1 - number.abs().log10().floor() as i32).clamp(0, 12) as usize;
    let text = format!("{number:.places$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').into()
    } else {
        text
    }
}

/// A share in percent, with two significant digits.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", significant(100.0 * share, 2))
}

/// Such as "1 slice" or "4 slices".
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Such as "twice" or "12 times".
pub(super) fn times(count: usize) -> String {
    match count {
        0 => "not at all".into(),
        1 => "once".into(),
        2 => "twice".into(),
        count => format!("{count} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_shares_are_said_as_they_are_read() {
        assert_eq!(
            [7.4, 65.0, 3720.0].map(duration),
            ["7 s", "1 min 05 s", "1 h 02 min"]
        );
        assert_eq!(
            [0.01, 0.123, 2.04, 9.94, 10.4].map(moment),
            ["under 0.1 s", "0.12 s", "2 s", "9.9 s", "10 s"]
        );
        assert_eq!(
            [0.2, 599.0, 735.0, 7260.0].map(rough),
            ["1 s", "9 min 59 s", "12 min", "2 h 01 min"]
        );
        assert_eq!([0.00041, 0.5, 0.123].map(percent), ["0.041 %", "50 %", "12 %"]);
        assert_eq!(significant(0.002, 3), "0.002");
        assert_eq!(significant(1234.0, 2), "1234");
        assert_eq!(
            [1, 4].map(|count| counted(count, "slice")),
            ["1 slice", "4 slices"]
        );
    }
}
