//! One term of the loss at the pixel.

use std::sync::Arc;

use leptos::prelude::*;

use super::addends::{AddendTable, Addends};
use super::figure::figure;
use super::formula::{pixel_lines, ratio_lines};
use super::seen::Seen;
use super::words;
use crate::loss::Worked;
use crate::ui::parts::Formula;

/// The term of line `i`.
#[component]
pub fn TermBlock(seen: Arc<Seen>, i: usize) -> impl IntoView {
    let (line, worked) = (&seen.pixel.lines[i], &seen.worked[i]);
    let name = seen.term_name(line);
    let (said, lines, addends) = match worked {
        Worked::Pixel(work) => (
            words::of_pixel(&seen, work),
            pixel_lines(&seen, work),
            Addends::of_pixel(work),
        ),
        Worked::Ratio(work) => {
            let takes_part = !work.classes.is_empty();
            (
                words::of_ratio(&seen, line, work),
                if takes_part {
                    ratio_lines(&seen, work)
                } else {
                    Vec::new()
                },
                Addends::of_ratio(&seen, work),
            )
        }
    };
    let pulled = words::pull(&seen, line);
    let cost = figure(seen.cost(line.share));
    view! {
        <section class="inspector__term" aria-label=name.clone()>
            <h4>
                <span>{name.clone()}</span>
                <span class="inspector__cost"><span class="muted">"costs "</span>{cost}</span>
            </h4>
            <p class="note">{said}</p>
            {(!lines.is_empty()).then(|| view! { <Formula lines=lines/> })}
            <AddendTable seen=seen.clone() addends name=name.clone()/>
            <p class="note">{pulled}</p>
        </section>
    }
}
