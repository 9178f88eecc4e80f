//! Further workers, with which a session on the processor shares the images of its batches.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use futures_channel::oneshot::{Sender, channel};
use futures_util::future::join_all;
use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use super::{Caller, Host, Letter, Reply, Request, pack, unpack};
use crate::train::{Colleague, Crew, Dataset, Error, Member, Recipe, Share, Task, Waiting};

/// Members of a crew on a machine of so many cores, the one with the session included: one for each core and each image.
fn members(asked: Option<usize>, recipe: &Recipe) -> usize {
    asked.unwrap_or_else(cores).clamp(1, recipe.batch)
}

/// What the browser says of the processor.
fn cores() -> usize {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into());
    let count = navigator.and_then(|navigator| Reflect::get(&navigator, &"hardwareConcurrency".into()));
    count
        .ok()
        .and_then(|count| count.as_f64())
        .map_or(1, |count| count as usize)
}

/// Colleagues for a session: as many as are asked for, or as help. Where the browser lets this thread have no worker, there are
/// fewer, and all is done here.
pub async fn recruit(asked: Option<usize>, recipe: &Recipe, dataset: &Dataset) -> Crew {
    let wanted = members(asked, recipe) - 1;
    let joining = (0..wanted).map(|number| Recruit::start(number + 1, recipe, dataset));
    let came = join_all(joining).await;
    came.into_iter()
        .flatten()
        .map(|recruit| Box::new(recruit) as Box<dyn Colleague>)
        .collect()
}

/// A worker that is a member of this session's crew; it ends with the session.
struct Recruit {
    worker: Worker,
    waiting: Rc<RefCell<HashMap<u32, Sender<Reply>>>>,
    next: Cell<u32>,
    _listens: Closure<dyn Fn(MessageEvent)>,
    _fails: Closure<dyn Fn(JsValue)>,
}

/// Number of the letter that is no answer: the worker's first word.
const HELLO: u32 = 0;

impl Recruit {
    /// `None` where there is no worker to be had.
    async fn start(number: usize, recipe: &Recipe, dataset: &Dataset) -> Option<Self> {
        let origin = Reflect::get(&js_sys::global(), &"origin".into()).ok()?;
        let source = Reflect::get(&origin, &"source".into()).ok()?.as_string()?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(&format!("crew {number}"));
        let worker = Worker::new_with_options(&source, &options).ok()?;
        let waiting = Rc::new(RefCell::new(HashMap::<u32, Sender<Reply>>::new()));
        let (hello, listens) = channel();
        waiting.borrow_mut().insert(HELLO, hello);
        let take = {
            let waiting = Rc::clone(&waiting);
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                let letter = Letter::of_js(&event.data());
                let number = letter.as_ref().map_or(HELLO, |letter| letter.number);
                let reply = match letter.map(|letter| unpack::<Reply>(&letter.bytes)) {
                    Some(Ok(reply)) => reply,
                    Some(Err(error)) => Reply::Fault(error.to_string()),
                    None => Reply::Joined,
                };
                // Whoever has been called away does not wait any more.
                if let Some(sender) = waiting.borrow_mut().remove(&number) {
                    let _ = sender.send(reply);
                }
            })
        };
        worker.set_onmessage(Some(take.as_ref().unchecked_ref()));
        let fail = {
            let waiting = Rc::clone(&waiting);
            // Whoever waits hears of it by the sender's end.
            Closure::<dyn Fn(JsValue)>::new(move |_| waiting.borrow_mut().clear())
        };
        worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        let recruit = Self {
            worker,
            waiting,
            next: Cell::new(HELLO + 1),
            _listens: take,
            _fails: fail,
        };
        recruit.worker.post_message(&origin).ok()?;
        listens.await.ok()?;
        let joined = recruit.send(&Request::Join(Box::new((recipe.clone(), dataset.clone()))));
        matches!(joined.await, Ok(Reply::Joined)).then_some(recruit)
    }

    /// Sends a request at once; the reply comes when it comes.
    fn send(&self, request: &Request) -> impl Future<Output = Result<Reply, Error>> + 'static {
        let number = self.next.replace(self.next.get() + 1);
        let (sender, receiver) = channel();
        self.waiting.borrow_mut().insert(number, sender);
        let sent = pack(request)
            .map_err(|error| Error::Crew(error.to_string()))
            .and_then(|bytes| {
                let objects = Array::new();
                let (message, hands) = Letter {
                    number,
                    bytes,
                    objects,
                }
                .to_js();
                self.worker
                    .post_message_with_transfer(&message, &hands)
                    .map_err(|_| Error::Crew("it took no message".into()))
            });
        async move {
            sent?;
            match receiver.await {
                Ok(Reply::Fault(fault)) => Err(Error::Crew(fault)),
                Ok(reply) => Ok(reply),
                Err(_) => Err(Error::Crew("it has stopped".into())),
            }
        }
    }
}

impl Colleague for Recruit {
    fn ask(&self, task: Task) -> Waiting<'static, Result<Share, Error>> {
        let reply = self.send(&Request::Share(task));
        Box::pin(async move {
            match reply.await? {
                Reply::Share(share) => Ok(share),
                _ => Err(Error::Crew("it answered something else".into())),
            }
        })
    }
}

impl Drop for Recruit {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Host {
    /// Becomes a member of another's crew.
    pub(super) fn join(&self, (recipe, dataset): &(Recipe, Dataset), caller: &Caller) {
        caller.reply(match Member::new(recipe, dataset) {
            Ok(member) => {
                self.inner.member.replace(Some(member));
                Reply::Joined
            }
            Err(error) => Reply::Fault(error.to_string()),
        });
    }

    /// Does some images of a batch.
    pub(super) fn share(&self, task: Task, caller: &Caller) {
        caller.reply(match &mut *self.inner.member.borrow_mut() {
            Some(member) => Reply::Share(member.serve(task)),
            None => Reply::Fault("It has joined no crew.".into()),
        });
    }
}
