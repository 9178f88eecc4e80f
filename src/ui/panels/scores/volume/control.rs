//! Predict, cancel, download, and how far it is.

use leptos::prelude::*;

use crate::page::Phase;
use crate::ui::ground::browser;
use crate::ui::parts::Action;
use crate::ui::store::{State, Training};

#[component]
pub fn VolumeControls(state: State, training: Training) -> impl IntoView {
    let progress = Memo::new(move |_| training.volume.with(|volume| volume.progress));
    let under_way = Memo::new(move |_| progress.get().is_some());
    let last = Memo::new(move |_| training.volume.with(|volume| volume.last.clone()));
    let slices = Memo::new(move |_| {
        training
            .volume
            .with(|volume| volume.asked.as_ref().map_or(0, |study| study.shape[2]))
    });
    let able = Memo::new(move |_| training.can_predict());
    let fault = RwSignal::new(String::new());
    let save = move |_| {
        let Some(volume) = last.get_untracked() else {
            return;
        };
        match volume.nifti() {
            Ok(bytes) => {
                fault.set(String::new());
                browser::save(&volume.file_name(), &bytes);
            }
            Err(error) => fault.set(error.to_string()),
        }
    };
    let done = move || progress.get().map_or(0, |[done, _]| done);
    let said = move || match progress.get() {
        Some([done, _]) => format!("Predicting: {done} of {} slices", slices.get()),
        None => String::new(),
    };
    let why_not = move || match training.phase.get() {
        Phase::Failed(_) => {
            Some("The run has stopped. Reset starts anew, then the volume can be predicted.".to_owned())
        }
        Phase::Idle => training.outlook.with(|outlook| outlook.clone()?.err()),
        _ => None,
    };
    view! {
        <div class="run">
            <div class="run__buttons">
                <Action
                    attr:aria-describedby="volume-reason" off=Signal::derive(move || under_way.get() || !able.get())
                    act=move || training.predict_volume(state)
                >"Predict the volume"</Action>
                <Action
                    off=Signal::derive(move || !under_way.get()) act=move || training.cancel_volume()
                >"Cancel the prediction"</Action>
                <button
                    class="button" disabled=move || last.with(Option::is_none) on:click=save
                >"Download the mask (NIfTI)"</button>
            </div>
            {move || under_way.get().then(|| view! {
                <progress
                    class="run__progress" aria-label="Prediction of the volume" aria-valuetext=said
                    max=move || slices.get().max(1).to_string() prop:value=move || f64::from(done())
                ></progress>
            })}
            <p class="run__figures" role="status" aria-label="Prediction of the volume">{said}</p>
            <p class="problem" id="volume-reason">{why_not}</p>
            <p class="problem" role="alert">{fault}</p>
        </div>
    }
}
