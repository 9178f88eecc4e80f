//! What each class adds to a term that sums over them.

use std::sync::Arc;

use leptos::prelude::*;

use super::classes::class_cell;
use super::figure::figure;
use super::formula::{has, has_factor, is_dice};
use super::seen::Seen;
use crate::loss::{PixelWork, RatioSummand, RatioWork, Term};
use crate::page::trim;

/// Rows that are written out.
const WRITTEN: usize = 4;

/// A table of classes.
#[derive(Clone, Debug, Default)]
pub struct Addends {
    /// Names of the columns between the class and what it adds.
    heads: Vec<&'static str>,
    /// Class, columns, and what it adds.
    rows: Vec<(usize, Vec<String>, f64)>,
}

impl Addends {
    /// Of a pixel term; empty where only the true class is asked for.
    pub fn of_pixel(work: &PixelWork) -> Self {
        let [first, field] = match work.term {
            Term::CrossEntropy { .. } => return Self::default(),
            Term::Sigmoid { .. } => ["q", ""],
            Term::Boundary => ["p", "φ"],
            Term::Hausdorff { .. } => ["(p − g)²", "distances"],
        };
        let shows_a = has_factor(work);
        let mut heads = vec![first];
        heads.extend((!field.is_empty()).then_some(field));
        heads.extend(shows_a.then_some("a"));
        let row = |k: usize| {
            let class = &work.classes[k];
            let mut cells = vec![figure(class.of_p)];
            cells.extend((!field.is_empty()).then(|| figure(class.field)));
            cells.extend(shows_a.then(|| trim(class.class_weight)));
            (k, cells, class.value)
        };
        Self {
            heads,
            rows: (0..work.classes.len())
                .filter(|k| work.classes[*k].class_weight != 0.0)
                .map(row)
                .collect(),
        }
    }

    /// Of a ratio; coefficients times the number of pixels, those that are 0 for every class left out.
    pub fn of_ratio(seen: &Seen, work: &RatioWork) -> Self {
        let pixels = seen.pixel.pixels as f64;
        if is_dice(work) {
            let row = |class: &RatioSummand| {
                let cells = vec![figure(class.q), trim(class.t), figure(class.s[1] * pixels)];
                (class.class, cells, class.value * pixels)
            };
            return Self {
                heads: vec!["p", "g", "S"],
                rows: work.classes.iter().map(row).collect(),
            };
        }
        let mut heads = if work.has_costs {
            vec!["q", "t"]
        } else {
            vec!["p", "g"]
        };
        let names = if work.has_costs {
            ["S_qt", "S_q", "S_t", "S_qq"]
        } else {
            ["S_pg", "S_p", "S_g", "S_pp"]
        };
        let shown: Vec<usize> = [1, 2, 0, 3].into_iter().filter(|i| has(work, *i)).collect();
        let has_constant = work.classes.iter().any(|class| class.constant != 0.0);
        heads.extend(shown.iter().map(|i| names[*i]));
        heads.extend(has_constant.then_some("S_0"));
        let rows = work.classes.iter().map(|class| {
            let mut cells = vec![figure(class.q), trim(class.t)];
            cells.extend(shown.iter().map(|i| figure(class.s[*i] * pixels)));
            cells.extend(has_constant.then(|| figure(class.constant * pixels)));
            (class.class, cells, class.value * pixels)
        });
        Self {
            heads,
            rows: rows.collect(),
        }
    }
}

#[component]
pub fn AddendTable(seen: Arc<Seen>, addends: Addends, name: String) -> impl IntoView {
    let Addends { heads, rows } = addends;
    if rows.is_empty() {
        return ().into_any();
    }
    let mut by_size: Vec<usize> = (0..rows.len()).collect();
    by_size.sort_by(|a, b| rows[*b].2.abs().total_cmp(&rows[*a].2.abs()));
    let mut written = by_size[..by_size.len().min(WRITTEN)].to_vec();
    written.sort_unstable();
    let others = &by_size[written.len()..];
    let rest = (!others.is_empty()).then(|| {
        let sum: f64 = others.iter().map(|i| rows[*i].2).sum();
        let name = match others.len() {
            1 => "1 more class".to_owned(),
            count => format!("{count} more classes"),
        };
        view! {
            <tr class="muted">
                <th scope="row" class="inspector__class" colspan=heads.len() + 1>{name}</th>
                <td class="figure">{figure(sum)}</td>
            </tr>
        }
    });
    let row = |i: &usize| {
        let (class, cells, value) = &rows[*i];
        view! {
            <tr>
                {class_cell(&seen, *class)}
                {cells.iter().map(|cell| view! { <td class="figure">{cell.clone()}</td> }).collect_view()}
                <td class="figure">{figure(*value)}</td>
            </tr>
        }
    };
    let body = written.iter().map(row).collect_view();
    view! {
        <div class="inspector__scroll">
            <table class="classes inspector__table" aria-label=format!("{name}, by class")>
                <thead>
                    <tr>
                        <th scope="col">"Class"</th>
                        {heads.iter().map(|head| view! { <th scope="col" class="figure">{lowered(head)}</th> }).collect_view()}
                        <th scope="col" class="figure">"Adds"</th>
                    </tr>
                </thead>
                <tbody>{body}{rest}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What stands behind a low line is set lower.
fn lowered(head: &'static str) -> impl IntoView {
    let (name, below) = head.split_once('_').unwrap_or((head, ""));
    view! { {name}{(!below.is_empty()).then(|| view! { <sub>{below}</sub> })} }
}
