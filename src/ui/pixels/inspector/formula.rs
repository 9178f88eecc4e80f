//! A term's formula with the pixel's numbers in it. Classes stand by their numbers: names may be a visitor's.

use super::figure::{latex, latex_factor};
use super::seen::Seen;
use crate::contour::Weighting;
use crate::loss::{PixelWork, RatioSummand, RatioWork, Summand, Term};
use crate::ui::widgets::math::tex;

/// Summands that are written out; the rest is one.
const WRITTEN: usize = 2;
/// Coefficients that differ by less are the same: each is a few f32 roundings off.
const SAME: f64 = 1e-5;

/// Whether the loss has a map of weights.
pub fn has_weight(seen: &Seen) -> bool {
    !matches!(seen.told.explained.parts.weighting, Weighting::Contour { base, lambda, .. } if base == 1.0 && lambda == 0.0)
}

/// Whether it has weights of the classes.
pub fn has_class_weight(seen: &Seen) -> bool {
    seen.told.explained.parts.class_weight.iter().any(|a| *a != 1.0)
}

/// Whether classes that take part have factors of their own in a sum over them.
pub fn has_factor(work: &PixelWork) -> bool {
    work.classes
        .iter()
        .any(|class| class.class_weight != 0.0 && class.class_weight != 1.0)
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
                a_of(work),
                tex(gamma)
            ));
            lines.push(largest(&work.classes, |_, class| {
                let miss = latex(1.0 - class.of_p);
                format!(r"{miss}^{{{}}} \cdot (-\log {})", tex(gamma), latex(class.of_p))
            }));
            numbers.push(added(&values(&work.classes)));
        }
        Term::Boundary => {
            symbols.push(format!(r"\sum_k {}p_k\,\varphi_k", a_of(work)));
            lines.push(largest(&work.classes, |_, class| {
                format!(r"{} \cdot {}", latex(class.of_p), latex_factor(class.field))
            }));
            numbers.push(added(&values(&work.classes)));
        }
        Term::Hausdorff { alpha } => {
            let alpha = tex(alpha);
            symbols.push(format!(
                r"\sum_k {}(p_k - g_k)^2 \bigl( d_p^{{{alpha}}} + d_g^{{{alpha}}} \bigr)",
                a_of(work)
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
        let symbols = symbols.join(r" \cdot ");
        if work.classes.is_empty() {
            lines.push(format!("{symbols} = {product} = {whole}"));
        } else {
            lines.insert(0, symbols);
            lines.push(format!("= {product} = {whole}"));
        }
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

/// A probability, as what it lacks of 1 where the digits would not show that; `[p, 1 − p]`.
fn probability([p, miss]: [f64; 2]) -> String {
    if miss < 5e-4 {
        format!(r"\left(1 - {}\right)", latex(miss))
    } else {
        latex(p)
    }
}

fn a_of(work: &PixelWork) -> &'static str {
    if has_factor(work) { r"a_k\," } else { "" }
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
        format!(r"k = {k}: \; {a}{} = {}", work(k, class), latex(class.value))
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
