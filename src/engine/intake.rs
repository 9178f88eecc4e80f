//! Files on their way to a cohort: held here, where they are read.

use std::sync::Arc;

use wasm_bindgen::JsValue;

use super::files::{Picked, prepare, read};
use super::turn::next_turn;
use super::{Caller, Host, Reply};
use crate::lab::{Cohort, Intake, Sample, Settling};
use crate::nifti::{Assignment, Volume};

const NOTHING: &str = "There are no files to open any more. Drop them again.";

impl Host {
    /// Reads the visitor's files, which take the place of those that are held.
    pub(super) async fn read_files(
        &self,
        paths: Vec<String>,
        assignments: Option<Vec<Assignment>>,
        objects: Vec<JsValue>,
        caller: Caller,
    ) {
        let picked = |(path, file)| Picked { path, file };
        let files: Vec<Picked> = paths.into_iter().zip(objects).map(picked).collect();
        let tell = |done, all| caller.reply(Reply::Progress([done, all]));
        match prepare(&files, assignments, &tell).await {
            Ok(intake) => self.hold(intake, &caller),
            Err(fault) => caller.reply(Reply::Fault(fault)),
        }
    }

    fn hold(&self, intake: Intake, caller: &Caller) {
        // Of two that are read at once, the one that is still wanted stays.
        if caller.is_wanted() {
            caller.reply(Reply::Intake(Box::new(intake.overview())));
            self.inner.intake.replace(Some(intake));
        }
    }

    pub(super) fn settle(&self, settling: &Settling, caller: &Caller) {
        let held = self.inner.intake.take();
        match held {
            Some(mut intake) => {
                intake.settle(settling);
                self.hold(intake, caller);
            }
            None => caller.reply(Reply::Fault(NOTHING.into())),
        }
    }

    /// Makes the cohort; where that fails, the files stay.
    pub(super) async fn accept(&self, id: u64, caller: &Caller) {
        let Some(intake) = self.inner.intake.take() else {
            return caller.reply(Reply::Fault(NOTHING.into()));
        };
        match intake.cohort(id) {
            Ok(cohort) => {
                self.inner.opened.replace(Some(intake));
                self.send(cohort, caller).await;
            }
            Err(fault) => {
                self.inner.intake.replace(Some(intake));
                caller.reply(Reply::Fault(fault));
            }
        }
    }

    /// Back to the files of the open cohort.
    pub(super) fn reopen(&self, caller: &Caller) {
        let opened = self.inner.opened.borrow().clone();
        match opened {
            Some(intake) => self.hold(intake, caller),
            None => caller.reply(Reply::Fault(NOTHING.into())),
        }
    }

    /// A sample of the page; the files of another cohort are let go of.
    pub(super) async fn open_sample(&self, sample: Sample, objects: Vec<JsValue>, caller: Caller) {
        match read_sample(sample, objects).await {
            Ok(cohort) => {
                self.inner.opened.replace(None);
                self.send(cohort, &caller).await;
            }
            Err(fault) => caller.reply(Reply::Fault(fault)),
        }
    }
}

impl Host {
    /// Replies with a cohort, as long as it is wanted, and holds it for sessions.
    async fn send(&self, cohort: Cohort, caller: &Caller) {
        let cohort = Arc::new(cohort);
        self.inner
            .cohorts
            .borrow_mut()
            .insert(cohort.id, Arc::clone(&cohort));
        caller.reply(Reply::Cohort(Box::new(cohort.hollow())));
        for piece in cohort.pieces() {
            if !caller.is_wanted() {
                return;
            }
            caller.reply(Reply::Piece(piece));
            next_turn().await;
        }
    }
}

async fn read_sample(sample: Sample, objects: Vec<JsValue>) -> Result<Cohort, String> {
    let mut volumes = Vec::new();
    for file in objects {
        let path = sample.title.clone();
        let bytes = read(&Picked { path, file }).await?;
        let volume = Volume::from_bytes(&bytes).map_err(|error| error.to_string())?;
        volumes.push(Arc::new(volume));
        next_turn().await;
    }
    let [image, label] = <[_; 2]>::try_from(volumes).map_err(|_| "A sample is an image and a label.")?;
    sample.cohort(image, label)
}
