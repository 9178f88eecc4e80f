//! That the numbers add up: the pixel's terms to its share, and the shares of all pixels to the loss.

use std::sync::Arc;

use leptos::prelude::*;

use super::figure::figure;
use super::seen::Seen;
use crate::loss::Share;
use crate::page::grouped;

/// What all pixels add, and what the loss counts, by each of the terms and in all.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Whole {
    term: Share,
    sum: f64,
    entry: f64,
}

#[component]
pub fn AddingUp(seen: RwSignal<Option<Arc<Seen>>>) -> impl IntoView {
    // Of the whole slice, so not for every pixel anew; and of the same evaluation as the pixel.
    let told = Memo::new_with_compare(
        move |_| seen.with(|seen| seen.as_ref().map(|seen| Arc::clone(&seen.told))),
        |old, new| {
            old.map(|told| told.as_ref().map(Arc::as_ptr)) != new.map(|told| told.as_ref().map(Arc::as_ptr))
        },
    );
    let wholes = Memo::new(move |_| {
        let terms = [Share::Pixel, Share::Contour, Share::Rest, Share::Total];
        told.with(|told| {
            let explained = &told.as_ref()?.explained;
            Some(terms.map(|term| Whole {
                term,
                sum: explained.sum(term),
                entry: explained.entry(term),
            }))
        })
    });
    let of = move |term: Share| {
        wholes.with(|wholes| wholes.as_ref()?.iter().find(|whole| whole.term == term).copied())
    };
    let row = move |name: String, share: f32, term: Share| {
        let whole = of(term);
        view! {
            <tr class:inspector__total=term == Share::Total>
                <th scope="row" class="inspector__class">{name}</th>
                <td class="figure">{figure(f64::from(share))}</td>
                <td class="figure">{whole.map(|whole| figure(whole.sum))}</td>
                <td class="figure">{whole.map(|whole| figure(whole.entry))}</td>
            </tr>
        }
    };
    let rows = move || {
        let seen = seen.get()?;
        let mut rows: Vec<_> = Vec::new();
        if seen.pixel.lines.len() > 1 {
            let lines = &seen.pixel.lines;
            rows.extend(
                lines
                    .iter()
                    .map(|line| row(seen.term_name(line), line.share, line.term)),
            );
        }
        rows.push(row("Loss".into(), seen.pixel.share, Share::Total));
        Some(rows.collect_view())
    };
    let said = move || {
        let seen = seen.get()?;
        let whole = of(Share::Total)?;
        let shares: Vec<String> = seen
            .pixel
            .lines
            .iter()
            .map(|line| figure(f64::from(line.share)))
            .collect();
        let share = figure(f64::from(seen.pixel.share));
        let sum = if shares.len() > 1 {
            format!("{} = {share}", shares.join(" + ").replace("+ −", "− "))
        } else {
            share
        };
        let pixels = grouped(seen.pixel.pixels);
        Some(format!(
            "{sum}: this pixel's share of the slice's loss. The shares of all {pixels} pixels add up to {}; the loss is {}.",
            figure(whole.sum),
            figure(whole.entry)
        ))
    };
    view! {
        <section class="inspector__term" aria-label="Adding up">
            <h4>"It all adds up"</h4>
            <div class="inspector__scroll">
                <table class="classes inspector__table" aria-label="Shares of the loss">
                    <thead>
                        <tr>
                            <th scope="col">"Term"</th>
                            <th scope="col" class="figure">"This pixel"</th>
                            <th scope="col" class="figure">"All pixels"</th>
                            <th scope="col" class="figure">"In the loss"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="inspector__sum">{said}</p>
        </section>
    }
}
