//! The visitor's own files: which is which, what is wrong, and what can be done.

use leptos::prelude::*;

use super::Study;
use super::build::build;
use super::open::accept;
use crate::nifti::{Dropped, Finding, LabelDraft, Remedy, Severity, check_pair, sort_dropped};
use crate::ui::State;

/// Files on their way to a study.
#[derive(Debug)]
pub struct Intake {
    dropped: Dropped,
    /// The label as far as the remedies have brought it, or why it is none.
    draft: Option<Result<LabelDraft, String>>,
    /// Why the last remedy did not work.
    refusal: Option<String>,
}

impl Intake {
    pub fn new(files: Vec<(String, Vec<u8>)>) -> Result<Self, String> {
        let mut intake = Self {
            dropped: sort_dropped(files).map_err(|error| error.to_string())?,
            draft: None,
            refusal: None,
        };
        intake.read_label();
        Ok(intake)
    }

    fn read_label(&mut self) {
        let label = self.dropped.label.as_ref();
        self.draft = label.map(|label| LabelDraft::read(&label.volume).map_err(|error| error.to_string()));
        self.refusal = None;
    }

    fn swap(&mut self) {
        self.dropped.swap();
        self.read_label();
    }

    fn remedy(&mut self, remedy: Remedy) {
        let image = self.dropped.images.first();
        if let (Some(image), Some(Ok(draft))) = (image, &mut self.draft) {
            self.refusal = draft
                .apply(remedy, &image.volume)
                .err()
                .map(|error| error.to_string());
        }
    }

    fn findings(&self) -> Vec<Finding> {
        match (self.dropped.images.first(), &self.draft) {
            (Some(image), Some(Ok(draft))) => check_pair(&image.volume, draft),
            _ => Vec::new(),
        }
    }

    /// Sentences beyond the findings: what is missing, refused or passed over.
    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.dropped.images.is_empty() {
            remarks.push("There is no image among the files. Drop image and label together.".into());
        }
        match &self.draft {
            None => remarks
                .push("There is no label among the files. Drop image and label together, or swap.".into()),
            Some(Err(fault)) => remarks.push(fault.clone()),
            Some(Ok(_)) => {}
        }
        if let [first, _, ..] = &self.dropped.images[..] {
            let count = self.dropped.images.len();
            remarks.push(format!("Of {count} images the first is shown: {}.", first.name));
        }
        remarks.extend(
            self.dropped
                .refused
                .iter()
                .map(|(name, error)| format!("{name}: {error}")),
        );
        remarks.extend(self.refusal.clone());
        remarks
    }

    fn is_ready(&self) -> bool {
        let blocked = self
            .findings()
            .iter()
            .any(|finding| finding.severity == Severity::Blocker);
        !self.dropped.images.is_empty() && matches!(self.draft, Some(Ok(_))) && !blocked
    }

    /// Nothing to ask and nothing to say.
    pub fn is_plain(&self) -> bool {
        let quiet = self
            .findings()
            .iter()
            .all(|finding| finding.severity == Severity::Note);
        self.dropped.is_certain && self.is_ready() && quiet && self.remarks().is_empty()
    }

    pub fn study(self) -> Result<Study, String> {
        let image = self
            .dropped
            .images
            .into_iter()
            .next()
            .ok_or("There is no image.")?;
        let draft = self.draft.ok_or("There is no label.")??;
        let text = |error: crate::nifti::Error| error.to_string();
        let labels = draft.finish(&image.volume).map_err(text)?;
        build(&image.volume, &labels, &image.name, None).map_err(text)
    }
}

/// Asks about files that leave something open.
#[component]
pub fn IntakePanel(state: State) -> impl IntoView {
    let intake = state.intake;
    let change = move |change: fn(&mut Intake)| {
        intake.update(|intake| {
            if let Some(intake) = intake {
                change(intake);
            }
        });
    };
    let open = move |_| {
        if let Some(intake) = intake.try_update(Option::take).flatten() {
            accept(state, intake);
        }
    };
    let body = move |intake: &Intake| {
        let role = |role: &'static str, name: Option<&String>| {
            view! { <li><span class="muted">{role}</span> {name.cloned().unwrap_or_else(|| "none".into())}</li> }
        };
        let finding = move |finding: Finding| view! { <FindingRow state finding/> };
        let ready = intake.is_ready();
        view! {
            <aside class="intake" aria-label="Your files" role="region">
                <h2>"Your files"</h2>
                <ul class="intake__roles">
                    {role("Image", intake.dropped.images.first().map(|image| &image.name))}
                    {role("Reference labels", intake.dropped.label.as_ref().map(|label| &label.name))}
                </ul>
                <p class="muted">{intake.dropped.reason.clone()}</p>
                <ul class="intake__findings">
                    {intake.findings().into_iter().map(finding).collect_view()}
                    {intake.remarks().into_iter().map(|text| view! { <li class="finding">{text}</li> }).collect_view()}
                </ul>
                <div class="intake__actions">
                    <button class="button button--primary" disabled=!ready on:click=open>"Open this pair"</button>
                    <button class="button" on:click=move |_| change(Intake::swap)>"Swap image and label"</button>
                    <button class="button" on:click=move |_| state.intake.set(None)>"Cancel"</button>
                </div>
            </aside>
        }
    };
    move || intake.with(|intake| intake.as_ref().map(body))
}

#[component]
fn FindingRow(state: State, finding: Finding) -> impl IntoView {
    let class = match finding.severity {
        Severity::Blocker => "finding finding--blocker",
        Severity::Warning => "finding finding--warning",
        Severity::Note => "finding",
    };
    let word = match finding.severity {
        Severity::Blocker => "To be settled: ",
        Severity::Warning => "Look at this: ",
        Severity::Note => "",
    };
    let button = move |remedy: Remedy| {
        let apply = move |_| {
            state.intake.update(|intake| {
                if let Some(intake) = intake {
                    intake.remedy(remedy);
                }
            });
        };
        view! { <button class="button" on:click=apply>{remedy.action()}</button> }
    };
    view! {
        <li class=class>
            <strong>{word}</strong>{finding.sentence}
            <span class="finding__remedies">{finding.remedies.into_iter().map(button).collect_view()}</span>
        </li>
    }
}
