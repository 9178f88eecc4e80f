//! Numbers as the inspector writes them.

/// Four significant digits: "0.01230", "−12.30", "1.230 × 10⁻⁷".
pub fn figure(number: f64) -> String {
    let (digits, power) = rounded(number);
    let digits = digits.replace('-', "−");
    match power {
        Some(power) => format!("{digits}\u{a0}×\u{a0}{}", power_of_ten(power)),
        None => digits,
    }
}

/// The same as LaTeX.
pub fn latex(number: f64) -> String {
    match rounded(number) {
        (digits, Some(power)) => format!(r"{digits} \times 10^{{{power}}}"),
        (digits, None) => digits,
    }
}

/// The same with brackets where it is less than 0, to stand behind a sign.
pub fn latex_factor(number: f64) -> String {
    let text = latex(number);
    if text.starts_with('-') {
        format!(r"\left({text}\right)")
    } else {
        text
    }
}

/// A power of ten below which the largest of some numbers has one digit before the point; 0 where they are readable
/// as they are.
pub fn common_power(numbers: &[f32]) -> i32 {
    let largest = numbers
        .iter()
        .fold(0.0_f64, |most, number| most.max(f64::from(number.abs())));
    let power = if largest > 0.0 {
        largest.log10().floor() as i32
    } else {
        0
    };
    if (-1..=2).contains(&power) { 0 } else { power }
}

/// A number in units of a power of ten, with three decimals.
pub fn in_units(number: f64, power: i32) -> String {
    let text = format!("{:.3}", number / 10_f64.powi(power));
    match text.strip_prefix('-') {
        Some("0.000") => "0.000".into(),
        Some(size) => format!("−{size}"),
        None => text,
    }
}

pub fn power_of_ten(power: i32) -> String {
    let raised = |letter: char| match letter.to_digit(10) {
        Some(digit) => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit as usize],
        None => '⁻',
    };
    let power: String = power.to_string().chars().map(raised).collect();
    format!("10{power}")
}

/// Digits, and the power of ten that they are to be multiplied by, if any.
fn rounded(number: f64) -> (String, Option<i32>) {
    if number == 0.0 {
        return ("0".into(), None);
    }
    let scientific = format!("{number:.3e}");
    let Some((digits, power)) = scientific.split_once('e') else {
        return ("–".into(), None);
    };
    match power.parse() {
        Ok(power @ -4..=5) => {
            let decimals = (3 - power).max(0) as usize;
            (format!("{number:.decimals$}"), None)
        }
        power => (digits.into(), power.ok()),
    }
}
