//! A ratio, from its coefficients to the pixel's share.

use super::added;
use crate::loss::{RatioSummand, RatioWork};
use crate::ui::panels::pixels::inspector::figure::latex;
use crate::ui::panels::pixels::inspector::seen::Seen;

/// Coefficients that differ by less are the same: each is a few f32 roundings off.
const SAME: f64 = 1e-5;

/// LaTeX of each line. The coefficients stand times the number of pixels.
pub fn ratio_lines(seen: &Seen, work: &RatioWork) -> Vec<String> {
    let pixels = seen.pixel.pixels as f64;
    let values: Vec<(usize, f64)> = work
        .classes
        .iter()
        .map(|class| (class.class, class.value * pixels))
        .collect();
    let whole = latex(values.iter().map(|(_, value)| value).sum());
    let first = work
        .classes
        .iter()
        .max_by(|a, b| a.value.abs().total_cmp(&b.value.abs()));
    let mut lines = vec![symbols(work)];
    lines.extend(first.map(|class| filled(class, pixels, is_dice(work))));
    lines.push(format!("= {} = {whole}", added(&values)));
    lines.push(format!(
        r"\text{{share}} = \frac{{{whole}}}{{|\Omega|}} = \frac{{{whole}}}{{{pixels}}} = {}",
        latex(work.classes.iter().map(|class| class.value).sum())
    ));
    lines
}

/// The sum over the classes, what is always 0 left out.
fn symbols(work: &RatioWork) -> String {
    if is_dice(work) {
        return r"\sum_k S_k \, |p_k - g_k|".into();
    }
    let [q, t] = if work.has_costs { ["q", "t"] } else { ["p", "g"] };
    let has_constant = work.classes.iter().any(|class| class.constant != 0.0);
    let terms = [
        ("S_0".to_owned(), has_constant),
        (format!(r"S_{q}\,{q}_k"), has(work, 1)),
        (format!(r"S_{t}\,{t}_k"), has(work, 2)),
        (format!(r"S_{{{q}{t}}}\,{q}_k\,{t}_k"), has(work, 0)),
        (format!(r"S_{{{q}{q}}}\,{q}_k^2"), has(work, 3)),
    ];
    let shown: Vec<String> = terms
        .into_iter()
        .filter_map(|(text, shown)| shown.then_some(text))
        .collect();
    format!(r"\sum_k \bigl( {} \bigr)", shown.join(" + "))
}

/// Whether each class adds S·|p − g|: as g is 0 or 1, that is S p + S g − 2 S p g.
pub fn is_dice(work: &RatioWork) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= SAME * a.abs().max(b.abs());
    work.classes.iter().all(|class| {
        let [qt, q, t, qq] = class.s;
        !work.has_costs && class.constant == 0.0 && qq == 0.0 && near(q, t) && near(qt, -2.0 * q)
    })
}

/// Whether a coefficient of qt, q, t, q² is ever anything but 0.
pub fn has(work: &RatioWork, i: usize) -> bool {
    work.classes.iter().any(|class| class.s[i] != 0.0)
}

/// The sum of one class, what is 0 left out.
fn filled(class: &RatioSummand, pixels: f64, is_dice: bool) -> String {
    let whole = latex(class.value * pixels);
    if is_dice {
        let s = latex(class.s[1] * pixels);
        return format!(
            r"k = {}: \; {s} \cdot |{} - {}| = {whole}",
            class.class,
            latex(class.q),
            class.t
        );
    }
    let [qt, q, t, qq] = class.s.map(|s| s * pixels);
    let has_target = class.t != 0.0;
    let of_q = latex(class.q);
    let terms = [
        (class.constant * pixels, String::new(), true),
        (q, format!(r" \cdot {of_q}"), true),
        (t, String::new(), has_target),
        (qt, format!(r" \cdot {of_q}"), has_target),
        (qq, format!(r" \cdot {of_q}^2"), true),
    ];
    let mut text = String::new();
    for (s, factor, stands) in terms {
        if s == 0.0 || !stands {
            continue;
        }
        let sign = match (s < 0.0, text.is_empty()) {
            (true, _) => "-",
            (false, true) => "",
            (false, false) => "+",
        };
        text.push_str(&format!("{sign} {}{factor} ", latex(s.abs())));
    }
    if text.is_empty() {
        text.push('0');
    }
    format!(r"k = {}: \; {text} = {whole}", class.class)
}
