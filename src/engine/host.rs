//! Takes requests and answers them, whichever thread it is on.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use futures_channel::mpsc::UnboundedSender;
use futures_util::future::join;
use futures_util::lock::Mutex;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::adapter::graphics;
use super::maps::Mappers;
use super::measure::measure;
use super::pictures::Pictures;
use super::{Kernels, Reply, Request};
use crate::bulk::named::Receiver;
use crate::gpu::{Context, Error, Request as Adapter};
use crate::lab::cohort::Assembly;
use crate::lab::{Cohort, Intake};
use crate::net::{Tuning, take_usual};
use crate::selfcheck;
use crate::train::{Command, Member};

/// Who asked, and whether the answer is still wanted.
#[derive(Clone)]
pub struct Caller {
    pub reply: Rc<dyn Fn(Reply)>,
    pub wanted: Rc<Cell<bool>>,
}

impl Caller {
    /// Dropped if nobody wants it any more.
    pub(super) fn reply(&self, reply: Reply) {
        if self.is_wanted() {
            (self.reply)(reply);
        }
    }

    pub(super) fn is_wanted(&self) -> bool {
        self.wanted.get()
    }
}

/// A handle to one engine; clones share it.
#[derive(Clone, Default)]
pub struct Host {
    pub(super) inner: Rc<Inner>,
}

#[derive(Default)]
pub(super) struct Inner {
    pub(super) context: RefCell<Option<Context>>,
    /// Held while a device is opened: who asks meanwhile gets the same.
    opening: Mutex<()>,
    /// Held by what is done before anybody runs it, one at a time.
    pub(super) chores: Mutex<()>,
    /// Trials that can go on.
    pub(super) tuning: RefCell<Option<Tuning>>,
    /// The kernels for what is on screen are compiled; until then the twins answer sooner.
    pub(super) is_prepared: Cell<bool>,
    /// They are being compiled, or have been.
    pub(super) prepares: Cell<bool>,
    /// What is on screen.
    pub(super) pictures: RefCell<Pictures>,
    /// What messages about it name.
    pub(super) arrays: RefCell<Receiver>,
    pub(super) mappers: RefCell<Mappers>,
    /// Files with questions that are open, and those of the cohort that was opened last.
    pub(super) intake: RefCell<Option<Intake>>,
    pub(super) opened: RefCell<Option<Intake>>,
    /// Those that sessions can be opened on, by their numbers.
    pub(super) cohorts: RefCell<HashMap<u64, Arc<Cohort>>>,
    /// The next of them, or why it did not come.
    pub(super) arriving: RefCell<Option<Result<Assembly, String>>>,
    /// Of the crew of another's session.
    pub(super) member: RefCell<Option<Member>>,
    pub(super) training: Post,
    pub(super) asking: Post,
}

/// Where a session for some purpose takes its commands.
#[derive(Default)]
pub(super) struct Post {
    pub(super) commands: RefCell<Option<UnboundedSender<Command>>>,
    /// Counted up by every opening and every end: an older opening is void.
    pub(super) turn: Cell<u32>,
}

impl Host {
    /// Does what is asked for. `objects` are what only a browser can hand over.
    pub fn serve(&self, request: Request, objects: Vec<JsValue>, caller: Caller) {
        let host = self.clone();
        match request {
            Request::Read { paths, assignments } => {
                spawn_local(async move { host.read_files(paths, assignments, objects, caller).await });
            }
            Request::Settle(settling) => self.settle(&settling, &caller),
            Request::Accept(id) => spawn_local(async move { host.accept(id, &caller).await }),
            Request::Dismiss => drop(self.inner.intake.take()),
            Request::Reopen => self.reopen(&caller),
            Request::Sample(sample) => {
                spawn_local(async move { host.open_sample(*sample, objects, caller).await });
            }
            Request::Measure {
                predicted,
                reference,
                field,
                classes,
            } => spawn_local(async move { measure(&predicted, &reference, field, classes, &caller).await }),
            Request::Adapter(kernels) => {
                spawn_local(async move { host.open_adapter(&kernels, &caller).await });
            }
            Request::Canvas(number) => self.add_canvas(number, objects),
            Request::Paint { canvas, painting } => {
                spawn_local(async move { host.paint(canvas, *painting, &caller).await });
            }
            Request::Discard(number) => self.discard(number),
            Request::Map(mapping) => spawn_local(async move { host.map(*mapping, &caller).await }),
            Request::Weigh(weighing) => self.weigh(*weighing, &caller),
            Request::Explain(pricing) => spawn_local(async move { host.explain(*pricing, &caller).await }),
            Request::Prepare(rehearsal) => {
                spawn_local(async move { host.rehearse(*rehearsal, &caller).await });
            }
            Request::Try(rehearsal) => {
                spawn_local(async move { host.try_kernels(*rehearsal, &caller).await });
            }
            Request::Compare(rehearsal) => {
                spawn_local(async move { host.compare(*rehearsal, &caller).await });
            }
            Request::Check => spawn_local(async move { host.check(&caller).await }),
            Request::Hold { cohort, known } => self.hold_cohort(*cohort, &known),
            Request::Piece(piece) => self.take_piece(&piece),
            Request::Forget(id) => drop(self.inner.cohorts.borrow_mut().remove(&id)),
            Request::Join(given) => self.join(&given, &caller),
            Request::Share(task) => self.share(task, &caller),
            Request::Open(opening) => {
                let turn = self.close(opening.purpose);
                spawn_local(async move { host.open(*opening, turn, caller).await });
            }
            Request::Tell(purpose, command) => {
                if let Some(commands) = &*self.post(purpose).commands.borrow() {
                    // A session that has just ended has said why.
                    let _ = commands.unbounded_send(command);
                }
            }
            Request::Close(purpose) => drop(self.close(purpose)),
        }
    }

    /// The device, if one is open and well.
    pub(super) fn device(&self) -> Option<Context> {
        let held = self.inner.context.borrow().clone();
        held.filter(|context| context.fault().is_none())
    }

    /// Whether the device is gone that was opened last.
    pub(super) fn is_lost(&self) -> bool {
        let context = self.inner.context.borrow();
        context.as_ref().is_some_and(|context| context.fault().is_some())
    }

    /// The device, opened anew where it is gone, under the kernels that are wanted now.
    pub(super) async fn context(&self, kernels: &Kernels) -> Result<Context, Error> {
        let opening = self.inner.opening.lock().await;
        let context = match self.device() {
            Some(context) => context,
            None => {
                let (context, found) = join(Context::new(Adapter::Fastest), graphics()).await;
                let context = context?;
                if let Some((_, kind)) = found {
                    take_usual(context.choices(), kind);
                }
                // Those of the device before.
                self.inner.mappers.take();
                self.inner.prepares.set(false);
                self.inner.is_prepared.set(false);
                context
            }
        };
        if let Some(remembered) = &kernels.remembered {
            // Of another adapter or another version: then it is measured anew.
            let _ = context.choices().from_json(&kernels.adapter, remembered);
        }
        // What is not known stands in the page's banner.
        let _ = context
            .choices()
            .force_all(&kernels.forced, &selfcheck::variants());
        self.inner.context.replace(Some(context.clone()));
        drop(opening);
        Ok(context)
    }
}
