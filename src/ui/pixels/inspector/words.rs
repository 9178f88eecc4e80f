//! What a term does at the pixel, in sentences.

use super::figure::figure;
use super::formula::{has_class_weight, has_weight};
use super::seen::Seen;
use crate::loss::{Line, PixelWork, RatioWork, Share, Term};
use crate::ui::widgets::trim;

/// Of a pixel term.
pub fn of_pixel(seen: &Seen, work: &PixelWork) -> String {
    let label = seen.name(seen.pixel.label as usize);
    let mut text = match work.term {
        Term::CrossEntropy { smoothing, gamma } => {
            let mut text = format!(
                "The true class is {label}, and the network gives it p = {}. The less that is, the larger its −log p.",
                figure(work.p[0])
            );
            if gamma != 0.0 {
                text.push_str(&format!(
                    " What is already right counts less: 1 − p, to the power γ = {}, is multiplied in.",
                    trim(gamma)
                ));
            }
            if smoothing != 0.0 {
                text.push_str(&format!(
                    " A part of the label, ε = {}, is spread over all classes, so their mean −log p counts as well.",
                    trim(smoothing)
                ));
            }
            text
        }
        Term::Sigmoid { gamma } => format!(
            "Each class is a question of its own: q is the sigmoid's probability of the right answer, which is yes for \
             {label} and no for the others. What is already right counts less, by 1 − q to the power γ = {}.",
            trim(gamma)
        ),
        Term::Boundary => format!(
            "Each class's p is multiplied by φ, the signed distance to its boundary in pixels: above 0 outside the class, \
             where p costs, and at most 0 inside ({label}), where p earns."
        ),
        Term::Hausdorff { alpha } => format!(
            "Each class's mistake p − g is squared and multiplied by how far the pixel lies from the boundaries of the \
             prediction and of the reference, in pixels, each to the power α = {}.",
            trim(alpha)
        ),
    };
    if has_weight(seen) {
        text.push_str(&format!(" The pixel weighs w = {}.", trim(work.weight)));
    }
    if has_class_weight(seen) && matches!(work.term, Term::CrossEntropy { .. }) {
        text.push_str(&format!(" Its class weighs a = {}.", trim(work.class_weight)));
    }
    if work.logarithm.is_some() {
        text.push_str(" The logarithm of the mean shrinks what every pixel adds by the same factor.");
    }
    text
}

/// Of a ratio.
pub fn of_ratio(seen: &Seen, line: &Line, work: &RatioWork) -> String {
    let split = seen.told.explained.parts.region.split;
    let place = match (line.term, split) {
        (Share::Contour, _) => "Only the classes whose contour the pixel is on take part. ",
        (_, true) => "The classes whose contour the pixel is on do not take part here. ",
        _ => "",
    };
    if work.classes.is_empty() {
        return match line.term {
            Share::Contour => {
                "The pixel is on the contour of no class that takes part, so it adds nothing.".into()
            }
            _ => "No class takes part here, so the pixel adds nothing.".into(),
        };
    }
    let mut text = if is_dice(work) {
        format!(
            "{place}Each class adds what is wrong of it, 1 − p where it is true and p where it is not, divided by the size \
             of its region: S is large where a region is small."
        )
    } else if work.has_costs {
        format!(
            "{place}q is each class's p times what it costs to take it for the true class, and t is 1 on every foreground \
             pixel; the coefficients S say how the ratio of their sums is shared out."
        )
    } else {
        format!(
            "{place}The coefficients S say how the ratio of sums over all pixels is shared out to one pixel."
        )
    };
    let inside = [
        work.has_class_weight
            .then_some("the weight u of each class".to_owned()),
        work.power.map(|power| format!("the power {}", trim(power))),
    ];
    let inside: Vec<String> = inside.into_iter().flatten().collect();
    if !inside.is_empty() {
        text.push_str(&format!(" In S there is also {}.", inside.join(" and ")));
    }
    text
}

/// Whether the pixel adds |p − g|, times a coefficient.
fn is_dice(work: &RatioWork) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-5 * a.abs().max(b.abs());
    work.classes.iter().all(|class| {
        let [qt, q, t, qq] = class.s;
        !work.has_costs && qq == 0.0 && near(q, t) && near(qt, -2.0 * q)
    })
}

/// Which way the term pulls.
pub fn pull(seen: &Seen, line: &Line) -> String {
    let length = line
        .gradient
        .iter()
        .map(|g| f64::from(*g).powi(2))
        .sum::<f64>()
        .sqrt();
    if length == 0.0 {
        return "It has no gradient here.".into();
    }
    let mut order: Vec<usize> = (0..line.gradient.len()).collect();
    order.sort_by(|a, b| line.gradient[*b].abs().total_cmp(&line.gradient[*a].abs()));
    let one = |k: usize| {
        let gradient = f64::from(line.gradient[k]);
        let verb = if gradient < 0.0 { "raises" } else { "lowers" };
        format!("{verb} the logit of {} ({})", seen.name(k), figure(gradient))
    };
    let most: Vec<String> = order
        .into_iter()
        .take(2)
        .filter(|k| line.gradient[*k] != 0.0)
        .map(one)
        .collect();
    format!(
        "Its part of the gradient has length {}. Descent {} most.",
        figure(length),
        most.join(" and ")
    )
}
