//! Owns a session: takes commands, reports what happens, and lets others have their turn between steps.

use std::pin::pin;

use futures_channel::mpsc::{TryRecvError, UnboundedReceiver};
use futures_util::StreamExt;
use futures_util::future::{Either, select};

use super::Report;
use super::turn::next_turn;
use crate::gpu::{self, Context};
use crate::limits;
use crate::train::{Command, Error, Event, Session, SliceOfDataset};

/// A session and what is wanted of it.
pub(super) struct Runner<R> {
    session: Session,
    /// Where the session computes, unless on the processor.
    context: Option<Context>,
    commands: UnboundedReceiver<Command>,
    report: R,
    /// Results that may be under way before another step is submitted: two keep a GPU busy, one is all that a
    /// processor can work on.
    lead: usize,
    running: bool,
    /// Single steps asked for.
    singles: u64,
    shown: Option<SliceOfDataset>,
    /// The newest prediction is of other weights than the newest, or of another slice.
    outdated: bool,
    /// Another slice is to be shown without waiting for the next validation.
    hurried: bool,
    /// A profile is wanted; it waits until nothing is under way.
    profiled: bool,
    /// A step was submitted last: a chunk of the first validation is next.
    has_stepped: bool,
}

/// Nobody wants the session any more.
struct Gone;

impl<R: Fn(Report)> Runner<R> {
    pub(super) fn new(
        session: Session,
        context: Option<Context>,
        commands: UnboundedReceiver<Command>,
        lead: usize,
        report: R,
    ) -> Self {
        Self {
            session,
            context,
            commands,
            report,
            lead,
            running: false,
            singles: 0,
            shown: None,
            outdated: false,
            hurried: false,
            profiled: false,
            has_stepped: false,
        }
    }

    /// Works until the commands end, beginning with this one.
    pub(super) async fn run(mut self, first: Option<Command>, validates: bool) {
        // What the initial weights are worth, to compare with.
        if validates && self.session.steps() == 0 {
            self.session.validate_initial();
        }
        if let Some(first) = first
            && self.take(first).is_err()
        {
            return;
        }
        next_turn().await;
        while self.turn().await.is_ok() {}
    }

    async fn turn(&mut self) -> Result<(), Gone> {
        self.take_waiting()?;
        if self.profiled {
            if self.session.in_flight() == 0 {
                return self.profile().await;
            }
        } else {
            self.submit();
        }
        if self.session.in_flight() == 0 && !self.is_busy() {
            return self.rest().await;
        }
        self.receive().await?;
        next_turn().await;
        Ok(())
    }

    /// With the adapter to itself.
    async fn profile(&mut self) -> Result<(), Gone> {
        self.profiled = false;
        let profile = match &self.context {
            None => Ok(None),
            Some(context) => {
                (self.report)(Report::MeasuringPeak);
                match limits::flops_per_second(context).await {
                    Err(error) => Err(error.into()),
                    Ok(peak) => {
                        (self.report)(Report::MeasuringStep { peak });
                        self.session.profile().await
                    }
                }
            }
        };
        let step = self.session.steps();
        self.digest(profile.map(|profile| Event::Profile { step, profile }))
    }

    fn is_busy(&self) -> bool {
        (self.running || self.singles > 0) && !self.session.finished()
    }

    fn submit(&mut self) {
        if std::mem::take(&mut self.hurried) {
            self.predict();
        }
        if self.session.predicts_volume() {
            while self.session.in_flight() < self.lead && self.session.predict_next() {}
            return;
        }
        while self.session.in_flight() < self.lead && self.submit_next() {}
        if !self.is_busy() {
            self.running = false;
            self.singles = 0;
            self.predict();
        }
    }

    /// A step, or a chunk of the first validation: in turn, so that the first step comes first; `false` if neither is wanted.
    fn submit_next(&mut self) -> bool {
        let steps = self.is_busy();
        if (self.has_stepped || !steps) && self.session.validate_next() {
            self.has_stepped = false;
            return true;
        }
        if steps {
            self.session.step();
            self.singles = self.singles.saturating_sub(1);
            self.outdated = true;
            self.has_stepped = true;
        }
        steps
    }

    /// The shown slice under the newest weights, unless that has been asked for.
    fn predict(&mut self) {
        if let Some(slice) = self.shown.filter(|_| self.outdated) {
            self.outdated = false;
            self.session.show(slice);
        }
    }

    /// Waits for a result or a command, whichever comes first.
    async fn receive(&mut self) -> Result<(), Gone> {
        let arrived = {
            let next = pin!(self.session.next());
            match select(next, self.commands.next()).await {
                Either::Left((event, _)) => Either::Left(event),
                Either::Right((command, _)) => Either::Right(command),
            }
        };
        match arrived {
            Either::Left(event) => {
                let mut event = event;
                while let Some(result) = event {
                    self.digest(result)?;
                    event = self.session.try_next();
                }
                Ok(())
            }
            Either::Right(command) => self.take(command.ok_or(Gone)?),
        }
    }

    fn digest(&mut self, result: Result<Event, Error>) -> Result<(), Gone> {
        let event = result.map_err(|error| {
            let text = error.to_string();
            let is_lost = matches!(error, Error::Gpu(gpu::Error::Lost(_) | gpu::Error::Readback(_)));
            (self.report)(if is_lost {
                Report::Lost(text)
            } else {
                Report::Failed(text)
            });
            Gone
        })?;
        let step = match &event {
            Event::Step { step, terms } => Some((*step, terms.total)),
            _ => None,
        };
        (self.report)(Report::Event(event));
        let Some((step, loss)) = step else {
            return Ok(());
        };
        if !loss.is_finite() {
            (self.report)(Report::Failed(format!(
                "The loss of batch {step} is no longer a number, so the weights are spoiled. Choose a lower learning rate and reset."
            )));
            return Err(Gone);
        }
        if (step + 1).is_multiple_of(self.session.recipe().validate_every) {
            self.predict();
        }
        Ok(())
    }

    async fn rest(&mut self) -> Result<(), Gone> {
        (self.report)(Report::Resting {
            finished: self.session.finished(),
        });
        let command = self.commands.next().await;
        self.take(command.ok_or(Gone)?)
    }

    /// Takes what has been asked for meanwhile; of several slices to show only the last counts.
    fn take_waiting(&mut self) -> Result<(), Gone> {
        loop {
            match self.commands.try_recv() {
                Ok(command) => self.take(command)?,
                Err(TryRecvError::Empty) => return Ok(()),
                Err(TryRecvError::Closed) => return Err(Gone),
            }
        }
    }

    fn take(&mut self, command: Command) -> Result<(), Gone> {
        match command {
            Command::Run => {
                self.running = true;
                (self.report)(Report::Running);
            }
            Command::Pause => {
                self.running = false;
                self.singles = 0;
                (self.report)(Report::Pausing);
            }
            Command::Step => {
                self.singles += 1;
                (self.report)(Report::Running);
            }
            Command::TrainOn(more) => {
                self.session.train_on(more);
                self.running = true;
                (self.report)(Report::Running);
            }
            Command::Reset => {
                self.running = false;
                self.singles = 0;
                self.session.reset();
                self.has_stepped = false;
                (self.report)(Report::Restarted);
                self.session.validate_initial();
                self.outdated = true;
            }
            Command::Show(slice) => {
                self.outdated |= self.shown != Some(slice);
                self.shown = Some(slice);
                self.hurried = true;
            }
            Command::PredictVolume(subject) => {
                self.session.predict_volume(subject as usize);
                (self.report)(Report::Predicting);
            }
            Command::CancelVolume => {
                self.session.cancel_volume();
                (self.report)(Report::VolumeCancelled);
            }
            Command::Weights => self.session.read_weights(),
            Command::BestWeights => self.session.read_best_weights(),
            Command::Profile => self.profiled = true,
        }
        Ok(())
    }
}
