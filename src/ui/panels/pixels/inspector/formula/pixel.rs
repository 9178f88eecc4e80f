//! A pixel term, from the pixel's numbers to its share.

use super::{added, has_class_weight, has_weight, probability};
use crate::loss::{PixelWork, Summand, Term};
use crate::ui::panels::pixels::inspector::figure::{latex, latex_factor};
use crate::ui::panels::pixels::inspector::seen::Seen;
use crate::ui::parts::math::tex;

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
            let surprise = latex(work.surprise[0]);
            lines.push(format!(r"-\log p_g = -\log {} = {surprise}", probability(work.p)));
            let (mut own, mut filled) = (r"(-\log p_g)".to_owned(), surprise);
            if gamma != 0.0 {
                let gamma = tex(gamma);
                own = format!(r"(1 - p_g)^{{{gamma}}} \cdot {own}");
                filled = format!(r"{}^{{{gamma}}} \cdot {filled}", latex(work.p[1]));
            }
            if smoothing != 0.0 {
                let (kept, spread, mean) = (tex(1.0 - smoothing), tex(smoothing), latex(work.surprise[1]));
                lines.push(format!(r"m = \frac{{1}}{{K}} \sum_k (-\log p_k) = {mean}"));
                own = format!(r"{kept} \cdot {own} + {spread} \, m");
                filled = format!(r"{kept} \cdot {filled} + {spread} \cdot {mean}");
                if !symbols.is_empty() {
                    own = format!(r"\bigl( {own} \bigr)");
                    filled = format!("({filled})");
                }
            }
            symbols.push(own);
            numbers.push(filled);
        }
        Term::Sigmoid { gamma } => {
            symbols.push(format!(
                r"\sum_k {}(1 - q_k)^{{{}}} (-\log q_k)",
                a_of(work),
                tex(gamma)
            ));
            lines.push(largest(&work.classes, |_, class| {
                let miss = latex(1.0 - class.of_p);
                let q = probability([class.of_p, 1.0 - class.of_p]);
                format!(r"{miss}^{{{}}} \cdot (-\log {q})", tex(gamma))
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
    if let (false, [_, .., sum]) = (work.classes.is_empty(), &mut numbers[..]) {
        *sum = format!(r"\left({sum}\right)");
    }
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
    lines.extend(share_of(seen, work, &whole));
    lines
}

/// From what the pixel is worth to its part of the mean.
fn share_of(seen: &Seen, work: &PixelWork, whole: &str) -> Vec<String> {
    let pixel = &seen.told.explained.parts.pixel;
    let pixels = work.counted;
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
    let [symbols, numbers] = divisor;
    let share = latex(work.share);
    let first = format!(r"\text{{share}} = {alpha}\frac{{{whole}}}{{{symbols}}}");
    match work.logarithm {
        None => vec![format!(
            r"{first} = {alpha}\frac{{{whole}}}{{{numbers}}} = {share}"
        )],
        Some([mean, _]) => vec![
            format!(r"{first} \cdot \frac{{\log(1 + m)}}{{m}}, \; m = {}", latex(mean)),
            format!(
                r"= {alpha}\frac{{{whole}}}{{{numbers}}} \cdot \frac{{\log(1 + {0})}}{{{0}}} = {share}",
                latex(mean)
            ),
        ],
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
