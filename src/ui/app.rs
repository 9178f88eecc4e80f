//! The page's frame: header, picture on the left, questions on the right.

use std::time::Duration;

use leptos::prelude::*;

use super::classes::ClassPanel;
use super::contour::ContourPanel;
use super::data::DataPanel;
use super::device::{self, DeviceBanner};
use super::engine::EngineBanner;
use super::header::Header;
use super::kept::{KeptBanner, LeftRun};
use super::loss::LossPanel;
use super::maps;
use super::pixels::{self, PixelPanel};
use super::scores::ScorePanel;
use super::state::State;
use super::study::{self, DropArea, IntakePanel, StudyBar, Task, TaskLine};
use super::training::{self, TrainingPanel};
use super::variants::{self, VariantBanner};
use super::viewer::Viewer;
use super::widgets::{Later, Section, SectionLinks};

/// How long the rest of the page waits for the first picture, should a graphics driver take its time.
const PATIENCE: Duration = Duration::from_secs(3);

#[component]
pub fn App() -> impl IntoView {
    let state = State::new();
    provide_context(state);
    variants::check(state);
    device::open(state);
    maps::follow(state);
    pixels::follow(state);
    training::provide(state);
    study::open_first(state);
    Effect::new(move || {
        if state.task.with(|task| matches!(task, Task::Failed(_))) {
            state.settle();
        }
    });
    set_timeout(move || state.settle(), PATIENCE);

    view! {
        <a class="skip" href="#questions">"Skip to the questions"</a>
        <Header adapter=state.adapter/>
        <DropArea state=state/>
        <main class="bench">
            <div class="picture">
                <DeviceBanner device=state.device/>
                <EngineBanner/>
                <KeptBanner/>
                <VariantBanner fault=state.variant_fault/>
                <StudyBar/>
                <LeftRun/>
                <TaskLine task=state.task/>
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
                    <Later after=state.settled><PixelPanel/></Later>
                </Section>
                <Section id="data" question="What does the network get to see?">
                    <Later after=state.settled><DataPanel/></Later>
                </Section>
                <Section id="training" question="How does the network learn?">
                    <Later after=state.settled><TrainingPanel/></Later>
                </Section>
                <Section id="scores" question="How good is it?">
                    <Later after=state.settled><ScorePanel/></Later>
                </Section>
            </div>
        </main>
    }
}
