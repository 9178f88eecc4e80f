//! What a term does at the pixel, in sentences.

use super::figure::figure;
use super::formula::{has_class_weight, has_weight, is_dice};
use super::seen::Seen;
use crate::loss::{Line, PixelWork, RatioWork, Share, Term};
use crate::page::trim;

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
    if let Some(per_mille) = seen.told.explained.parts.pixel.worst {
        text.push_str(&format!(
            " Only the {} % of the image's pixels with the largest values count: w is 1 there and 0 elsewhere. Pixels that \
             are equal to the last one share what is left.",
            trim(f64::from(per_mille) / 10.0)
        ));
    }
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
            "{place}Each class adds its mistake, 1 − p where it is true and p where it is not, times S, which is large where \
             its region is small. (In the formula, p and g are each multiplied by S, and their product by −2 S.)"
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
    let named = |k: usize| format!("{} ({})", seen.name(k), figure(f64::from(line.gradient[k])));
    let way = |k: usize| if line.gradient[k] < 0.0 { "up" } else { "down" };
    let pushed = match order[..] {
        [first, second, ..] if line.gradient[second] == 0.0 => {
            format!("the logit of {} {}", named(first), way(first))
        }
        [first, second, ..] if way(first) == way(second) => {
            format!(
                "the logits of {} and {} {}",
                named(first),
                named(second),
                way(first)
            )
        }
        [first, second, ..] => format!(
            "the logit of {} {} and that of {} {}",
            named(first),
            way(first),
            named(second),
            way(second)
        ),
        _ => return String::new(),
    };
    format!(
        "It pushes {pushed} hardest; its part of the gradient has length {}.",
        figure(length)
    )
}
