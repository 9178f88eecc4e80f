//! Check my GPU: every kernel against its twin, on the visitor's own graphics card and processor; where there is no card, the
//! kernels of the processor alone.

mod report;

use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::engine::{Reply, Request};
use crate::selfcheck::{self, Finding};
use crate::ui::ground::browser;
use crate::ui::services::variants;
use crate::ui::store::{Compute, Device};
use report::{Report, figure, verdict};

/// A button that opens the check in a dialog.
#[component]
pub fn CheckButton() -> impl IntoView {
    let compute: Compute = expect_context();
    let dialog = NodeRef::<Dialog>::new();
    let report = RwSignal::new(Report::default());
    // Counted up by every start and by closing: an older check stops.
    let turn = StoredValue::new(0_u32);
    let is_opening = move || compute.device.with(|device| matches!(device, Device::Opening));
    let name = move || {
        if has_device(compute) {
            "Check my GPU"
        } else {
            "Check my processor"
        }
    };
    let open = move |_| {
        let Some(dialog) = dialog.get_untracked() else {
            return;
        };
        // Fails only where it is open already.
        let _ = dialog.show_modal();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let goes_on = move || turn.try_get_value() == Some(mine);
        spawn_local(check(compute, report, goes_on));
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let stop = move |_| turn.update_value(|turn| *turn += 1);
    view! {
        <button
            class="button check__open" disabled=is_opening
            title=move || if is_opening() { "The graphics device is being opened." } else { "" } on:click=open
        >{name}</button>
        <dialog class="check" aria-labelledby="check-title" node_ref=dialog on:close=stop>
            <header class="check__head">
                <h2 id="check-title">{name}</h2>
                <button class="button" on:click=close>"Close"</button>
            </header>
            <p class="note">{move || about(has_device(compute))}</p>
            <Results report/>
        </dialog>
    }
}

fn has_device(compute: Compute) -> bool {
    compute.device.with(|device| matches!(device, Device::Ready(_)))
}

fn about(has_device: bool) -> &'static str {
    if has_device {
        "Every kernel of this page, those of your graphics card and those of your processor, runs on random inputs of odd \
         sizes and is compared with its twin, which does the same in plain loops. The largest difference is given as a share \
         of what rounding allows; above 100 % they disagree."
    } else {
        "There is no graphics device, so only the kernels of your processor are checked. Each runs on random inputs of odd \
         sizes and is compared with its twin, which does the same in plain loops. The largest difference is given as a share \
         of what rounding allows; above 100 % they disagree."
    }
}

async fn check(compute: Compute, report: RwSignal<Report>, goes_on: impl Fn() -> bool) {
    let has_device = untrack(|| has_device(compute));
    let planned = selfcheck::runnable(has_device).len();
    let (adapter, variants) = if has_device {
        let name = compute.adapter_name.get_untracked();
        (format!("{name} and the processor"), variants::lines(compute))
    } else {
        ("the processor".into(), Vec::new())
    };
    report.set(Report {
        adapter,
        planned,
        variants,
        ..Report::default()
    });
    // Dropped with the last, or when the check is not wanted any more.
    let mut replies = compute.studio().ask(Request::Check);
    for _ in 0..planned {
        let reply = replies.next().await;
        if !goes_on() {
            return;
        }
        match reply {
            Some(Reply::Checked(finding)) => report.update(|report| report.findings.push(finding)),
            Some(Reply::Fault(fault)) => return report.update(|report| report.fault = Some(fault)),
            _ => return,
        }
    }
}

#[component]
fn Results(report: RwSignal<Report>) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let text = report.with_untracked(Report::text);
        spawn_local(async move {
            copied.set(browser::copy(&text).await);
        });
    };
    let row = |finding: Finding| {
        view! {
            <tr class:check__disagrees=!finding.agrees()>
                <th scope="row">{finding.name.clone()}</th>
                <td class="figure">{finding.difference.compared}</td>
                <td class="figure">{figure(finding.difference.largest)}</td>
                <td class="figure">{format!("{:.0} %", 100.0 * finding.difference.share)}</td>
                <td>{verdict(&finding)}</td>
            </tr>
        }
    };
    let rows = move || {
        report.with(|report| {
            let rows = report.findings.iter().cloned().map(row);
            rows.collect_view()
        })
    };
    let variants = move || {
        let lines = report.with(|report| report.variants.clone());
        lines
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect_view()
    };
    view! {
        <p role="status" aria-label="Result of the check">{move || report.with(Report::summary)}</p>
        <div class="check__table">
            <table class="terms" aria-label="Kernels">
                <thead>
                    <tr>
                        <th scope="col">"Kernel"</th>
                        <th scope="col" class="figure">"Compared"</th>
                        <th scope="col" class="figure">"Largest difference"</th>
                        <th scope="col" class="figure">"Of tolerance"</th>
                        <th scope="col">"Verdict"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <details class="check__variants" hidden=move || report.with(|report| report.variants.is_empty())>
            <summary>"Variants of the kernels"</summary>
            <p class="note">
                "Some kernels exist in several variants. The fastest on this adapter is kept for each shape;                  ?variant=kernel:variant in the page's address forces one."
            </p>
            <ul aria-label="Variants">{variants}</ul>
        </details>
        <p class="check__foot">
            <button class="button" disabled=move || report.with(|report| report.findings.is_empty()) on:click=copy>
                "Copy as text"
            </button>
            <span role="status">{move || if copied.get() { "Copied" } else { "" }}</span>
        </p>
    }
}
