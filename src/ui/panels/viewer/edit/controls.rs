//! Tool, class and brush; undo, revert, save.

use leptos::prelude::*;

use crate::nifti::Plane;
use crate::page::{file_stem, grouped};
use crate::ui::ground::browser;
use crate::ui::panels::viewer::class_controls::ClassChoice;
use crate::ui::panels::viewer::popover::Popover;
use crate::ui::parts::{Number, Segmented};
use crate::ui::services::strokes::{dab, redo, revert, sheet, undo};
use crate::ui::store::{Data, Pencil, State, Tool, View, WIDEST};

const TOOLS: [(Tool, &str); 3] = [(Tool::None, "None"), (Tool::Pen, "Pen"), (Tool::Eraser, "Eraser")];

#[component]
pub fn EditControls(state: State, pencil: Pencil) -> impl IntoView {
    let counts = Memo::new(move |_| {
        let sheet = sheet(state.view.plane.get(), state.view.cursor.get());
        state.data.edits.with(|edits| edits.counts(sheet))
    });
    let changed = Memo::new(move |before: Option<&usize>| {
        // Counted anew only when a stroke has ended, not while it is drawn.
        state.data.edits.with(|edits| match (edits.drawing(), before) {
            (Some(_), Some(before)) => *before,
            _ => edits.changed(),
        })
    });
    let plane = move || state.view.plane.get_untracked();
    let act = move |name: &'static str,
                    title: &'static str,
                    off: Signal<bool>,
                    act: fn(Data, View, Plane)| {
        view! { <button class="button" title=title disabled=off on:click=move |_| act(state.data, state.view, plane())>{name}</button> }
    };
    let none = move |side: usize| Signal::derive(move || counts.get()[side] == 0);
    let unedited = Signal::derive(move || changed.get() == 0);
    let idle = Memo::new(move |_| pencil.tool.get() == Tool::None);
    let fault = RwSignal::new(String::new());
    view! {
        <Popover name="Edit" stays=true>
            <Segmented
                name="Tool" options=TOOLS.to_vec() value=pencil.tool set=move |tool| pencil.tool.set(tool)
            />
            <ClassChoice
                state label="Class" name="Class that the pen draws"
                class=pencil.class choose=move |class| pencil.class.set(class)
            />
            <Number
                name="Brush" unit="px" low=1.0 high=f64::from(WIDEST) step=1.0
                value=Signal::derive(move || f64::from(pencil.size.get()))
                set=move |size: f64| pencil.size.set((size as u32).clamp(1, WIDEST))
            />
            <div class="presets">
                {act("Undo", "The last stroke on this slice (Ctrl Z)", none(0), undo)}
                {act("Redo", "Bring it back (Ctrl Y)", none(1), redo)}
                <button class="button" disabled=idle on:click=move |_| dab(state, pencil, plane())>
                    "Dab at the crosshair"
                </button>
            </div>
            <p role="status" aria-label="Edits of the label">
                {move || match changed.get() {
                    0 => "The label is as its file has it.".to_owned(),
                    count => format!("{} voxels differ from the label’s file.", grouped(count)),
                }}
            </p>
            <div class="presets">
                <button class="button" disabled=unedited on:click=move |_| save(state, fault)>"Save label (NIfTI)"</button>
                <button
                    class="button" disabled=unedited title="Every stroke on every slice; Redo brings them back one by one"
                    on:click=move |_| revert(state.data)
                >"Revert all"</button>
            </div>
            <p class="problem" role="alert">{fault}</p>
            <p class="note">
                "Contour, weight and loss answer while you draw. The next run trains on the label as it is then; a run \
                 under way keeps its own. With another study on screen, the strokes on this one are kept until they are forgotten or the page is left: save \
                 what you need."
            </p>
        </Popover>
    }
}

/// The labels as they are, in the space of the image's file and with the label file's own numbers.
fn save(state: State, fault: RwSignal<String>) {
    let (Some(study), Some(cohort)) = (
        state.data.study.get_untracked(),
        state.data.cohort.get_untracked(),
    ) else {
        return;
    };
    // By row: what is merged or ignored keeps its own number.
    let rows = &cohort.subjects[study.subject].rows;
    match study.file.write_labels(rows, &cohort.table.values()) {
        Ok(bytes) => {
            fault.set(String::new());
            browser::save(
                &format!("{}-label-edited.nii.gz", file_stem(&study.title)),
                &bytes,
            );
        }
        Err(error) => fault.set(error.to_string()),
    }
}
