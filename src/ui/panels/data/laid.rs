//! How the study on screen lies on the grid that the network sees, and the slice on screen there.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::picture::Picture;
use crate::lab::Cohort;
use crate::page::Study;
use crate::train::{Fit, Intensity};
use crate::ui::ground::browser;
use crate::ui::store::{State, Training, View};

/// How the study on screen lies on the grid.
#[derive(Clone, Debug)]
pub struct Laid {
    pub study: Arc<Study>,
    pub intensity: Intensity,
    pub fit: Fit,
}

impl PartialEq for Laid {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.study, &other.study);
        a.is_same_scan(b)
            && Arc::ptr_eq(&a.labels, &b.labels)
            && a.classes == b.classes
            && self.intensity == other.intensity
            && self.fit == other.fit
    }
}

impl Laid {
    pub fn now(state: State, training: Training) -> Option<Self> {
        let (cohort, study) = (state.data.cohort.get()?, state.data.study.get()?);
        let size = training.settings.with(|settings| settings.size);
        let intensity = cohort
            .normalisations
            .get(study.channel)?
            .resolve(&study.some)
            .ok()?;
        let fit = fit(&cohort, &study, &intensity, size)?;
        Some(Self {
            study,
            intensity,
            fit,
        })
    }

    /// Shares and labels of an axial slice on the grid.
    pub fn slice(&self, z: usize) -> (Vec<f32>, Vec<u32>) {
        let area = self.study.shape[0] * self.study.shape[1];
        let range = area * z..area * (z + 1);
        let values = self.study.image.slice(z);
        let shares: Vec<f32> = values.iter().map(|value| self.intensity.share(*value)).collect();
        (
            self.fit.image(&shares, 0.0),
            self.fit.labels(&self.study.labels[range]),
        )
    }

    pub fn picture(&self, (values, labels): (Vec<f32>, Vec<u32>)) -> Picture {
        Picture {
            width: self.fit.grid[0],
            height: self.fit.grid[1],
            values,
            labels,
            colors: self.study.classes.iter().map(|class| class.color).collect(),
        }
    }
}

/// A cut follows the first channel, as in training.
fn fit(cohort: &Cohort, study: &Study, intensity: &Intensity, size: usize) -> Option<Fit> {
    let grid = [size, size];
    if !cohort.crops {
        return Some(cohort.fit(study.subject, &[], intensity, grid));
    }
    let first = cohort.subjects.get(study.subject)?.values(0).ok()?;
    let intensity = cohort.normalisations.first()?.resolve(&first).ok()?;
    Some(cohort.fit(study.subject, &first, &intensity, grid))
}

/// A slice on the grid.
#[derive(Debug)]
pub struct Sliced {
    pub laid: Laid,
    pub shares: Vec<f32>,
    pub labels: Vec<u32>,
}

impl Sliced {
    fn of(laid: Laid, z: usize) -> Option<Self> {
        let (shares, labels) = (z < laid.study.shape[2]).then(|| laid.slice(z))?;
        Some(Self { laid, shares, labels })
    }

    pub fn picture(&self) -> Picture {
        self.laid.picture((self.shares.clone(), self.labels.clone()))
    }
}

/// The slice on screen on the grid, once the page has nothing better to do: whoever scrolls does not wait for it.
pub fn slice_on_screen(view: View, laid: Memo<Option<Laid>>) -> RwSignal<Option<Arc<Sliced>>> {
    let z = Memo::new(move |_| view.cursor.get()[2]);
    let sliced = RwSignal::new(None);
    let is_pending = StoredValue::new(false);
    Effect::new(move || {
        laid.with(|_| ());
        z.get();
        if is_pending.get_value() {
            return;
        }
        is_pending.set_value(true);
        spawn_local(async move {
            browser::idle().await;
            // The panel may be gone by then.
            if is_pending.try_set_value(false).is_none() {
                let now = laid
                    .get_untracked()
                    .and_then(|laid| Sliced::of(laid, z.get_untracked()));
                sliced.set(now.map(Arc::new));
            }
        });
    });
    sliced
}
