//! Numbers as they are read and typed.

/// Up to five significant digits, without a tail of zeros or the noise of f32; empty for what is no number.
pub fn trim(number: f64) -> String {
    rounded(number, 5, 1e-9)
}

/// Up to four significant digits, to be read and not to be typed.
pub fn figure(number: f64) -> String {
    let text = rounded(number, 4, 1e-12);
    match text.strip_prefix('-') {
        Some("0") => "0".into(),
        Some(size) => format!("−{size}"),
        None => text,
    }
}

/// Numbers below `least` lose digits.
fn rounded(number: f64, significant: i32, least: f64) -> String {
    if !number.is_finite() {
        return String::new();
    }
    let power = |number: f64| number.log10().floor() as i32;
    let most = -power(least);
    let digits = (significant - 1 - power(number.abs().max(least))).clamp(0, most) as usize;
    let text = format!("{number:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').into()
    } else {
        text
    }
}

/// Digits in groups of three.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}
