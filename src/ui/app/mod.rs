//! The page's frame: header, picture on the left, questions on the right.

mod banners;
pub mod bench;
mod header;

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::app::banners::{DeviceBanner, EngineBanner, VariantBanner};
use crate::ui::app::header::Header;
use crate::ui::panels::classes::ClassPanel;
use crate::ui::panels::contour::ContourPanel;
use crate::ui::panels::data::DataPanel;
use crate::ui::panels::kept::{KeepToggle, KeptBanner, LeftRun};
use crate::ui::panels::loss::LossPanel;
use crate::ui::panels::pixels::PixelPanel;
use crate::ui::panels::scores::ScorePanel;
use crate::ui::panels::study::{DropArea, IntakePanel, StudyBar, TaskLine};
use crate::ui::panels::training::TrainingPanel;
use crate::ui::panels::viewer::Viewer;
use crate::ui::parts::{Later, Section, SectionLinks};
use crate::ui::services::{device, explaining, keeping, maps, opening, training, variants};
use crate::ui::store::{State, Task};

/// How long the rest of the page waits for the first picture, should a graphics driver take its time.
const PATIENCE: Duration = Duration::from_secs(3);

#[component]
pub fn App() -> impl IntoView {
    let state = State::provide();
    variants::check(state.compute);
    device::open(state);
    maps::follow(state);
    explaining::follow(state);
    let training = training::provide(state);
    keeping::provide(state, training);
    opening::open_first(state);
    Effect::new(move || {
        if state.data.task.with(|task| matches!(task, Task::Failed(_))) {
            state.view.settle();
        }
    });
    set_timeout(move || state.view.settle(), PATIENCE);

    view! {
        <a class="skip" href="#questions">"Skip to the questions"</a>
        <Header adapter=state.compute.adapter/>
        <DropArea state=state/>
        <main class="bench">
            <div class="picture">
                <DeviceBanner device=state.compute.device/>
                <EngineBanner/>
                <KeptBanner/>
                <VariantBanner fault=state.compute.variant_fault/>
                <StudyBar/>
                <LeftRun/>
                <TaskLine task=state.data.task/>
                <IntakePanel state=state/>
                <Viewer/>
            </div>
            <div class="questions" id="questions">
                <SectionLinks/>
                <Section id="classes" question="What is in the label?">
                    <ClassPanel/>
                </Section>
                <Section id="contour" question="What is the contour?">
                    <ContourPanel/>
                </Section>
                <Section id="loss" question="What does the loss weigh?">
                    <LossPanel/>
                </Section>
                <Section id="pixels" question="What does each pixel cost?">
                    <Later after=state.view.settled><PixelPanel/></Later>
                </Section>
                <Section id="data" question="What does the network get to see?">
                    <Later after=state.view.settled><DataPanel/></Later>
                </Section>
                <Section id="training" question="How does the network learn?">
                    <Later after=state.view.settled><TrainingPanel/><KeepToggle/></Later>
                </Section>
                <Section id="scores" question="How good is it?">
                    <Later after=state.view.settled><ScorePanel/></Later>
                </Section>
            </div>
        </main>
    }
}
