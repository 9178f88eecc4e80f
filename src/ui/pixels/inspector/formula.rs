//! A term's formula with the pixel's numbers in it. Classes stand by their numbers: names may be a visitor's.

use super::figure::{latex, latex_factor};
use super::seen::Seen;
use crate::contour::Weighting;
use crate::loss::{PixelWork, RatioSummand, RatioWork, Summand, Term};
use crate::ui::widgets::math::tex;

/// Summands that are written out; the rest is one.
const WRITTEN: usize = 3;

/// Whether the loss has a map of weights.
pub fn has_weight(seen: &Seen) -> bool {
    !matches!(seen.told.explained.parts.weighting, Weighting::Contour { base, lambda, .. } if base == 1.0 && lambda == 0.0)
}

/// Whether it has weights of the classes.
pub fn has_class_weight(seen: &Seen) -> bool {
    seen.told.explained.parts.class_weight.iter().any(|a| *a != 1.0)
}

/// LaTeX of each line.
pub fn pixel_lines(seen: &Seen, work: &PixelWork) -> Vec<String> {
    let (mut symbols, mut numbers) = (Vec::new(), Vec::new());
    if has_weight(seen) {
        symbols.push("w".to_owned());
        numbers.push(tex(work.weight));
    }
    let mut lines = Vec::new();
    match work.term {
        Term::CrossEntropy { smoothing, gamma } => {
            if has_class_weight(seen) {
                symbols.push("a_g".into());
                numbers.push(tex(work.class_weight));
            }
            if gamma != 0.0 {
                symbols.push(format!("(1 - p_g)^{{{}}}", tex(gamma)));
                numbers.push(format!("{}^{{{}}}", latex(work.p[1]), tex(gamma)));
            }
            let mut logarithm = r"(-\log p_g)".to_owned();
            let mut surprise = latex(work.surprise[0]);
            if smoothing != 0.0 {
                let (kept, spread) = (tex(1.0 - smoothing), tex(smoothing));
                logarithm = format!(
                    r"\bigl( {kept} \, (-\log p_g) + {spread} \, \operatorname{{mean}}_k (-\log p_k) \bigr)"
                );
                surprise = format!(
                    r"({kept} \cdot {surprise} + {spread} \cdot {})",
                    latex(work.surprise[1])
                );
            }
            lines.push(format!(
                r"-\log p_g = -\log {} = {}",
                probability(work.p),
                latex(work.surprise[0])
            ));
            symbols.push(logarithm);
            numbers.push(surprise);
        }
        Term::Sigmoid { gamma } => {
            symbols.push(format!(
                r"\sum_k {}(1 - q_k)^{{{}}} (-\log q_k)",
                a_of(seen),
                tex(gamma)
            ));
            lines.push(largest(&work.classes, |_, class| {
                let miss = latex(1.0 - class.of_p);
                format!(r"{miss}^{{{}}} \cdot (-\log {})", tex(gamma), latex(class.of_p))
            }));
            numbers.push(added(&values(&work.classes)));
        }
        Term::Boundary => {
            symbols.push(format!(r"\sum_k {}p_k\,\varphi_k", a_of(seen)));
            lines.push(largest(&work.classes, |_, class| {
                format!(r"{} \cdot {}", latex(class.of_p), latex_factor(class.field))
            }));
            numbers.push(added(&values(&work.classes)));
        }
        Term::Hausdorff { alpha } => {
            let alpha = tex(alpha);
            symbols.push(format!(
                r"\sum_k {}(p_k - g_k)^2 \bigl( d_p^{{{alpha}}} + d_g^{{{alpha}}} \bigr)",
                a_of(seen)
            ));
            lines.push(largest(&work.classes, |k, class| {
                let g = u8::from(k == seen.pixel.label as usize);
                format!(
                    r"({} - {g})^2 \cdot {}",
                    latex(f64::from(seen.pixel.p[k])),
                    latex(class.field)
                )
            }));
            numbers.push(added(&values(&work.classes)));
        }
    }
    let whole = latex(work.weight * work.class_weight * work.value);
    let product = numbers.join(r" \cdot ");
    if symbols.len() > 1 || product != whole {
        lines.push(format!("{} = {product} = {whole}", symbols.join(r" \cdot ")));
    }
    lines.push(share_of(seen, work, &whole));
    lines
}

/// From what the pixel is worth to its part of the mean.
fn share_of(seen: &Seen, work: &PixelWork, whole: &str) -> String {
    let pixel = &seen.told.explained.parts.pixel;
    let pixels = seen.pixel.pixels;
    let divisor = if pixel.by_weight {
        let symbols = match (has_weight(seen), has_class_weight(seen)) {
            (true, false) => r"\sum_x w",
            (false, _) => r"\sum_x a_g",
            (true, true) => r"\sum_x w\,a_g",
        };
        [symbols.to_owned(), latex(work.divisor)]
    } else if pixel.divisor == 1.0 {
        [r"|\Omega|".into(), pixels.to_string()]
    } else {
        [
            r"K\,|\Omega|".into(),
            format!(r"{} \cdot {pixels}", tex(pixel.divisor)),
        ]
    };
    let alpha = if work.alpha == 1.0 {
        String::new()
    } else {
        format!(r"{} \cdot ", tex(work.alpha))
    };
    let logarithm = work.logarithm.map_or_else(String::new, |[mean, _]| {
        format!(r" \cdot \frac{{\log(1 + {0})}}{{{0}}}", latex(mean))
    });
    let [symbols, numbers] = divisor;
    let share = latex(work.share);
    format!(
        r"\text{{share}} = {alpha}\frac{{{whole}}}{{{symbols}}}{logarithm} = {alpha}\frac{{{whole}}}{{{numbers}}}{logarithm} = {share}"
    )
}

/// LaTeX of each line. The coefficients stand times the number of pixels.
pub fn ratio_lines(seen: &Seen, work: &RatioWork) -> Vec<String> {
    let pixels = seen.pixel.pixels as f64;
    let [q, t] = if work.has_costs {
        ["q_k", "t_k"]
    } else {
        ["p_k", "g_k"]
    };
    let [bare_q, bare_t] = [q, t].map(|name| &name[..1]);
    let symbols = [
        (
            "S_0".to_owned(),
            work.classes.iter().any(|class| class.constant != 0.0),
        ),
        (format!("S_{bare_q}\\,{q}"), has(work, 1)),
        (format!("S_{bare_t}\\,{t}"), has(work, 2)),
        (format!("S_{{{bare_q}{bare_t}}}\\,{q} {t}"), has(work, 0)),
        (format!("S_{{{bare_q}{bare_q}}}\\,{q}^2"), has(work, 3)),
    ];
    let shown: Vec<String> = symbols
        .into_iter()
        .filter(|(_, shown)| *shown)
        .map(|(text, _)| text)
        .collect();
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
    let mut lines = vec![format!(
        r"\sum_k \bigl( {} \bigr) = {} = {whole}",
        shown.join(" + "),
        added(&values)
    )];
    lines.extend(first.map(|class| filled(class, pixels)));
    lines.push(format!(
        r"\text{{share}} = \frac{{{whole}}}{{|\Omega|}} = \frac{{{whole}}}{{{pixels}}} = {}",
        latex(work.classes.iter().map(|class| class.value).sum())
    ));
    lines
}

/// Whether a coefficient of qt, q, t, q² is ever anything but 0.
pub fn has(work: &RatioWork, i: usize) -> bool {
    work.classes.iter().any(|class| class.s[i] != 0.0)
}

/// The sum of one class, what is 0 left out.
fn filled(class: &RatioSummand, pixels: f64) -> String {
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
    format!(
        r"k = {}: \quad {text} = {}",
        class.class,
        latex(class.value * pixels)
    )
}

/// A probability, as what it lacks of 1 where the digits would not show that; `[p, 1 − p]`.
fn probability([p, miss]: [f64; 2]) -> String {
    if miss < 5e-4 {
        format!(r"\left(1 - {}\right)", latex(miss))
    } else {
        latex(p)
    }
}

fn a_of(seen: &Seen) -> &'static str {
    if has_class_weight(seen) { r"a_k\," } else { "" }
}

fn values(classes: &[Summand]) -> Vec<(usize, f64)> {
    classes.iter().map(|class| class.value).enumerate().collect()
}

/// The class that adds most, worked out.
fn largest(classes: &[Summand], work: impl Fn(usize, &Summand) -> String) -> String {
    let most = classes
        .iter()
        .enumerate()
        .max_by(|(_, a), (_, b)| a.value.abs().total_cmp(&b.value.abs()));
    most.map_or_else(String::new, |(k, class)| {
        let a = if class.class_weight == 1.0 {
            String::new()
        } else {
            format!(r"{} \cdot ", tex(class.class_weight))
        };
        format!(r"k = {k}: \quad {a}{} = {}", work(k, class), latex(class.value))
    })
}

/// The largest summands, by class, and the rest in one.
fn added(values: &[(usize, f64)]) -> String {
    let mut by_size: Vec<(usize, f64)> = values
        .iter()
        .copied()
        .filter(|(_, value)| *value != 0.0)
        .collect();
    by_size.sort_by(|(_, a), (_, b)| b.abs().total_cmp(&a.abs()));
    let written = by_size.len().min(WRITTEN);
    let (first, others) = by_size.split_at(written);
    let mut text = first
        .iter()
        .map(|(k, value)| format!(r"\underbrace{{{}}}_{{k = {k}}}", latex_factor(*value)))
        .collect::<Vec<_>>()
        .join(" + ");
    if !others.is_empty() {
        let rest = latex_factor(others.iter().map(|(_, value)| value).sum());
        text.push_str(&format!(
            r" + \underbrace{{{rest}}}_{{{} \text{{ more}}}}",
            others.len()
        ));
    }
    if text.is_empty() { "0".into() } else { text }
}
