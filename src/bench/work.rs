//! A workload ready to run.

use super::processor::Direct;
use super::replay::Replay;
use super::{Error, Given, Kind, Spec};
use crate::gpu::{Context, Profile};
use crate::train::{Crew, Event, Session, tune};

/// A workload on a device or on the processor. A step is [`Work::submit`] and then [`Work::wait`]; several may be under way.
pub struct Work(Runs);

enum Runs {
    Session(Box<Session>),
    Replay(Box<Replay>),
    Direct(Box<Direct>),
}

impl Work {
    /// Chooses and compiles the kernels too.
    ///
    /// # Errors
    /// When the workload means nothing, or does not fit its data or the adapter.
    pub async fn open(context: &Context, spec: &Spec, given: &Given) -> Result<Self, Error> {
        if spec.kind != Kind::Train {
            return Ok(Self(Runs::Replay(Box::new(
                Replay::open(context, spec, given).await?,
            ))));
        }
        let weights = given.arena(&spec.graph()?)?;
        let (recipe, dataset) = (spec.recipe()?, given.dataset(spec));
        tune(context, &recipe, &dataset, &mut |_, _| {}).await?;
        let mut session = Session::on_gpu(context, recipe, &dataset, Some(weights))?;
        session.prepare(&mut |_, _| {}).await;
        Ok(Self(Runs::Session(Box::new(session))))
    }

    /// The same on the processor. A crew shares the images of a training step; all else is done here.
    ///
    /// # Errors
    /// When the workload means nothing, or does not fit its data.
    pub fn on_processor(crew: Crew, spec: &Spec, given: &Given) -> Result<Self, Error> {
        if spec.kind != Kind::Train {
            return Ok(Self(Runs::Direct(Box::new(Direct::open(spec, given)?))));
        }
        let weights = given.arena(&spec.graph()?)?;
        let session = Session::on_processor(spec.recipe()?, &given.dataset(spec), Some(weights), crew)?;
        Ok(Self(Runs::Session(Box::new(session))))
    }

    /// Submits one step, without waiting for anything.
    pub fn submit(&mut self) {
        match &mut self.0 {
            Runs::Session(session) => session.step(),
            Runs::Replay(replay) => replay.submit(),
            Runs::Direct(direct) => direct.submit(),
        }
    }

    /// What the oldest step under way has computed, once it has: the loss before the step, the sum of the logits, or
    /// for convolutions one of their outputs.
    ///
    /// # Errors
    /// [`Error::Idle`] when no step is under way, and when the device was lost.
    pub async fn wait(&mut self) -> Result<f64, Error> {
        match &mut self.0 {
            Runs::Replay(replay) => replay.wait().await,
            Runs::Direct(direct) => direct.wait(),
            Runs::Session(session) => {
                while let Some(event) = session.next().await {
                    if let Event::Step { terms, .. } = event? {
                        return Ok(terms.total);
                    }
                }
                Err(Error::Idle)
            }
        }
    }

    /// Where the time of a step goes; `None` on the processor, where no node is timed. The run goes on as if nothing had been.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn profile(&mut self) -> Result<Option<Profile>, Error> {
        match &mut self.0 {
            Runs::Replay(replay) => Ok(Some(replay.profile().await?)),
            Runs::Session(session) => Ok(session.profile().await?),
            Runs::Direct(_) => Ok(None),
        }
    }
}
