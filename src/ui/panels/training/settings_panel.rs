//! The settings of the next run.

use leptos::prelude::*;

use super::learning_panel::{DecayControl, LimitControls, RateControls};
use super::patch_controls::PatchControls;
use super::precision::PrecisionControls;
use super::presets::Reason;
use super::start_choice::StartChoice;
use crate::net::Kind;
use crate::optim::Optimiser;
use crate::plan::{Aspect, BY_CLASS, DEPTHS, SIZES, Settings, WIDTHS, with_learning_rate};
use crate::train::ELASTIC_MOST;
use crate::ui::parts::{Field, Number, Segmented, Toggle};
use crate::ui::store::{State, Training};

#[component]
pub fn SettingsPanel(training: Training, state: State) -> impl IntoView {
    let settings = training.settings;
    view! {
        <details class="settings">
            <summary>
                <span class="settings__name">"Settings of the run"</span>
                <span class="settings__summary">{move || settings.with(Settings::summary)}</span>
            </summary>
            <NetworkControls settings/>
            <PatchControls settings/>
            <StepControls settings/>
            <RateControls settings/>
            <LimitControls settings/>
            <AugmentControls settings/>
            <PrecisionControls training state/>
            <StartChoice training data=state.data/>
        </details>
    }
}

fn part<T: Send + Sync + 'static>(settings: RwSignal<Settings>, read: fn(&Settings) -> T) -> Signal<T> {
    Signal::derive(move || settings.with(read))
}

fn named(values: &[usize]) -> Vec<(usize, &'static str)> {
    // The offers are few and fixed; so are their names.
    let name = |value: &usize| match value {
        2 => "2",
        3 => "3",
        4 => "4",
        5 => "5",
        6 => "6",
        8 => "8",
        16 => "16",
        32 => "32",
        48 => "48",
        64 => "64",
        96 => "96",
        128 => "128",
        192 => "192",
        _ => "256",
    };
    values.iter().map(|value| (*value, name(value))).collect()
}

#[component]
fn NetworkControls(settings: RwSignal<Settings>) -> impl IntoView {
    view! {
        <fieldset class="controls">
            <legend class="settings__legend">"Network"</legend>
            <Segmented
                name="Kind" options=Kind::ALL.map(|kind| (kind, kind.name())).to_vec()
                value=part(settings, |settings| settings.kind)
                set=move |kind| settings.update(|settings| settings.kind = kind)
            />
            <p class="note">{move || settings.with(|settings| settings.kind.about())}</p>
            <Segmented
                name="Image size" options=named(&SIZES) value=part(settings, |settings| settings.size)
                set=move |size| settings.update(|settings| settings.size = size)
            />
            <Reason aspect=Aspect::Size/>
            <Segmented
                name="UNet width" options=named(&WIDTHS) value=part(settings, |settings| settings.width)
                set=move |width| settings.update(|settings| settings.width = width)
            />
            <Reason aspect=Aspect::Width/>
            <Segmented
                name="UNet depth" options=named(&DEPTHS) value=part(settings, |settings| settings.depth)
                set=move |depth| settings.update(|settings| settings.depth = depth)
            />
            <Reason aspect=Aspect::Depth/>
            <p class="note">
                "Slices are shrunk to a square of that many pixels, never enlarged. The first level has "
                <i>"width"</i>" channels, each deeper level twice as many on half the size. Every network here sees one slice \
                 at a time: 3D networks are out of this page's scope."
            </p>
        </fieldset>
    }
}

#[component]
fn StepControls(settings: RwSignal<Settings>) -> impl IntoView {
    let kinds: Vec<(&'static str, &'static str)> = Optimiser::all()
        .iter()
        .map(|optimiser| (optimiser.name(), optimiser.name()))
        .collect();
    let choose = move |name: &'static str| {
        if let Some(chosen) = Optimiser::all().into_iter().find(|other| other.name() == name) {
            settings.update(|settings| settings.optimiser = chosen);
        }
    };
    let rate = move |rate| {
        settings.update(|settings| settings.optimiser = with_learning_rate(settings.optimiser, rate));
    };
    view! {
        <fieldset class="controls">
            <legend class="settings__legend">"Steps"</legend>
            <Segmented
                name="Optimiser" options=kinds value=part(settings, |settings| settings.optimiser.name()) set=choose
            />
            <Number
                name="Learning rate" low=-5.0 high=0.0 step=0.25 powers=true
                hint="How far a step moves the weights. Too high and the loss jumps, too low and nothing happens."
                value=part(settings, |settings| settings.optimiser.learning_rate()) set=rate
            />
            <DecayControl settings/>
            <Reason aspect=Aspect::Optimiser/>
            <Number
                name="Batch" low=1.0 high=16.0 step=1.0 unit="slices" value=part(settings, |settings| settings.batch)
                set=move |batch| settings.update(|settings| settings.batch = batch)
            />
            <Reason aspect=Aspect::Batch/>
            <Number
                name="Steps" low=10.0 high=2000.0 step=10.0 value=part(settings, |settings| settings.steps)
                set=move |steps| settings.update(|settings| settings.steps = steps)
            />
            <Reason aspect=Aspect::Steps/>
            <Number
                name="Validate every" low=1.0 high=100.0 step=1.0 unit="steps"
                value=part(settings, |settings| settings.validate_every)
                set=move |every| settings.update(|settings| settings.validate_every = every)
            />
            <Reason aspect=Aspect::Validation/>
            <div class="seed">
                <Field
                    name="Seed" unit=Signal::stored("decides initial weights and order of the batches")
                    value=part(settings, |settings| settings.seed)
                    set=move |seed| settings.update(|settings| settings.seed = seed)
                />
            </div>
        </fieldset>
    }
}

#[component]
fn AugmentControls(settings: RwSignal<Settings>) -> impl IntoView {
    view! {
        <fieldset class="controls">
            <legend class="settings__legend">"Augment"</legend>
            <Toggle
                name="Flips" value=part(settings, |settings| settings.augmentation.flips)
                set=move |flips| settings.update(|settings| settings.augmentation.flips = flips)
            />
            <Number
                name="Rotation" low=0.0 high=45.0 step=1.0 unit="°"
                hint="A slice is turned about its centre by up to this to either side."
                value=part(settings, |settings| settings.augmentation.rotation_degrees)
                set=move |degrees| settings.update(|settings| settings.augmentation.rotation_degrees = degrees)
            />
            <Number
                name="Scale" low=0.0 high=0.5 step=0.01
                hint="A slice is enlarged or shrunk by up to this share: 0.1 is ±10 %."
                value=part(settings, |settings| settings.augmentation.scale)
                set=move |scale| settings.update(|settings| settings.augmentation.scale = scale)
            />
            <Number
                name="Shift" low=0.0 high=0.5 step=0.01
                hint="A slice is moved along and across by up to this share of the image: 0.1 is ±10 %."
                value=part(settings, |settings| settings.augmentation.shift)
                set=move |shift| settings.update(|settings| settings.augmentation.shift = shift)
            />
            <Number
                name="Elastic" low=0.0 high=ELASTIC_MOST step=0.5 unit="pixels"
                hint="A smooth random field moves each pixel by up to this; its nodes are 24 pixels apart."
                value=part(settings, |settings| settings.augmentation.elastic_pixels)
                set=move |pixels| settings.update(|settings| settings.augmentation.elastic_pixels = pixels)
            />
            <Number
                name="Gamma" low=0.0 high=1.0 step=0.05
                hint="The image is raised to a power between 1 / (1 + this) and 1 + this: darker or brighter in the middle."
                value=part(settings, |settings| settings.augmentation.gamma)
                set=move |gamma| settings.update(|settings| settings.augmentation.gamma = gamma)
            />
            <Number
                name="Noise" low=0.0 high=0.5 step=0.01
                hint="Standard deviation of what is added to the image; its window is 0 to 1."
                value=part(settings, |settings| settings.augmentation.noise)
                set=move |noise| settings.update(|settings| settings.augmentation.noise = noise)
            />
            <Reason aspect=Aspect::Augmentation/>
            <Segmented
                name="Drawn by class" options=BY_CLASS.to_vec() value=part(settings, |settings| settings.augmentation.by_class)
                set=move |share| settings.update(|settings| settings.augmentation.by_class = share)
            />
            <Reason aspect=Aspect::ByClass/>
            <p class="note">
                "For all slices of a batch, or for half of them, a class is drawn at random, all alike, and then one of the slices that \
                 show it: the "
                <a href="#data">"data section"</a>" shows what that does to the shares, and what the changes look like."
            </p>
            <p class="note">
                "Training slices are changed anew at every step, decided by the seed: the network sees each in many forms. \
                 Flips mirror a slice left to right and top to bottom, each in half of the draws; labels move with their \
                 image, and the contour is that of the moved label."
            </p>
        </fieldset>
    }
}
