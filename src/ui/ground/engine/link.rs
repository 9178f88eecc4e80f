//! Requests to the engine and its replies, wherever it is.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use js_sys::{Array, Object, Reflect, Uint8Array};
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker};

use super::asked_processor;
use super::boot::Started;
use crate::engine::{Caller, Host, Letter, Processor, Reply, Request, graphics, pack, unpack};
use crate::lab::Cohort;
use crate::lab::cohort::{Holdings, Known};
use crate::plan::engine::needs_page;

/// The name of what paints.
pub(super) const STUDIO: &str = "studio";

/// A handle to the way there; clones share it.
#[derive(Clone)]
pub struct Link {
    inner: Rc<Inner>,
}

struct Inner {
    name: String,
    /// Bytes of messages that were posted to the worker, without objects.
    posted: Cell<f64>,
    port: RefCell<Port>,
    /// Who waits for replies to which request.
    waiting: RefCell<HashMap<u32, UnboundedSender<Answer>>>,
    /// Numbers of requests begin with 1.
    next: Cell<u32>,
    /// What the engine has of our cohorts.
    holdings: RefCell<Holdings>,
}

/// A reply as it came.
enum Answer {
    Read(Reply),
    /// Still to be read. A browser hands over several messages in one task, of up to 50 ms: each is read by whoever takes
    /// it, who may let others have a turn in between.
    Packed(Uint8Array),
}

/// A request on its way, with what only a browser can send.
struct Sent {
    number: u32,
    request: Request,
    objects: Vec<JsValue>,
}

enum Port {
    /// It is not known yet which it will be: what is asked meanwhile waits.
    Opening(Vec<Sent>),
    Worker(Worker),
    Here {
        host: Host,
        wanted: HashMap<u32, Rc<Cell<bool>>>,
    },
}

/// The replies to one request, as they come. Dropped, they are not wanted any more.
pub struct Replies {
    receiver: UnboundedReceiver<Answer>,
    link: Weak<Inner>,
    number: u32,
}

impl Link {
    /// Starts an engine of this name where the address wants it, or where it can be.
    pub fn open(name: &str) -> Self {
        let inner = Rc::new(Inner {
            name: name.to_owned(),
            posted: Cell::new(0.0),
            port: RefCell::new(Port::Opening(Vec::new())),
            waiting: RefCell::default(),
            next: Cell::new(1),
            holdings: RefCell::default(),
        });
        let link = Self { inner };
        match Started::of_page(name) {
            Some(started) => spawn_local(link.clone().meet(started, name == STUDIO)),
            None => link.settle_here(),
        }
        link
    }

    /// What of a cohort's subjects the engine holds; what nobody here holds any more it is to forget.
    pub fn known(&self, cohort: &Cohort) -> Vec<Known> {
        let mut holdings = self.inner.holdings.borrow_mut();
        for id in holdings.gone() {
            self.tell(Request::Forget(id));
        }
        holdings.known(cohort)
    }

    /// The engine holds this cohort as it is.
    pub fn note(&self, cohort: &Cohort) {
        self.inner.holdings.borrow_mut().note(cohort);
    }

    /// Asks for something.
    pub fn ask(&self, request: Request) -> Replies {
        self.ask_with(request, Vec::new())
    }

    /// As [`Link::ask`], with what only a browser can send.
    pub fn ask_with(&self, request: Request, objects: Vec<JsValue>) -> Replies {
        let number = self.inner.next.get();
        self.inner.next.set(number + 1);
        let (sender, receiver) = unbounded();
        self.inner.waiting.borrow_mut().insert(number, sender);
        self.send(Sent {
            number,
            request,
            objects,
        });
        Replies {
            receiver,
            link: Rc::downgrade(&self.inner),
            number,
        }
    }

    /// Asks for something that has no answer.
    pub fn tell(&self, request: Request) {
        self.tell_with(request, Vec::new());
    }

    /// As [`Link::tell`], with what only a browser can send.
    pub fn tell_with(&self, request: Request, objects: Vec<JsValue>) {
        self.send(Sent {
            number: 0,
            request,
            objects,
        });
    }

    fn send(&self, sent: Sent) {
        match &mut *self.inner.port.borrow_mut() {
            Port::Opening(waiting) => waiting.push(sent),
            Port::Worker(worker) => match post(worker, &sent) {
                Ok(bytes) => self.count(bytes),
                Err(fault) => self.answer(sent.number, Answer::Read(Reply::Fault(fault))),
            },
            Port::Here { host, wanted } => {
                let flag = Rc::new(Cell::new(true));
                if sent.number > 0 {
                    wanted.insert(sent.number, Rc::clone(&flag));
                }
                let (host, weak, number) = (host.clone(), Rc::downgrade(&self.inner), sent.number);
                let reply = Rc::new(move |reply| {
                    if let Some(inner) = weak.upgrade() {
                        Self { inner }.answer(number, Answer::Read(reply));
                    }
                });
                // In a turn of its own: whoever asks does not expect to be held up.
                spawn_local(async move {
                    let caller = Caller { reply, wanted: flag };
                    host.serve(sent.request, sent.objects, caller);
                });
            }
        }
    }

    /// Adds to the bytes that were posted, which stand at `posted` of the page's global object under the link's name, for whoever
    /// measures them.
    fn count(&self, bytes: u32) {
        let posted = self.inner.posted.get() + f64::from(bytes);
        self.inner.posted.set(posted);
        let global = js_sys::global();
        let all = Reflect::get(&global, &"posted".into()).unwrap_or_default();
        let all = all.dyn_into::<Object>().unwrap_or_else(|_| {
            let all = Object::new();
            // A global object takes new properties.
            let _ = Reflect::set(&global, &"posted".into(), &all);
            all
        });
        let _ = Reflect::set(&all, &self.inner.name.as_str().into(), &posted.into());
    }

    fn answer(&self, number: u32, answer: Answer) {
        if let Some(sender) = self.inner.waiting.borrow().get(&number) {
            // Whoever has gone away has said so.
            let _ = sender.unbounded_send(answer);
        }
    }

    fn listen(&self, worker: &Worker) {
        let weak = Rc::downgrade(&self.inner);
        let take = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let Some(link) = weak.upgrade().map(|inner| Self { inner }) else {
                return;
            };
            if let Some(letter) = Letter::of_js(&event.data()) {
                link.answer(letter.number, Answer::Packed(letter.bytes));
            }
        });
        worker.set_onmessage(Some(take.as_ref().unchecked_ref()));
        // They live as long as the page.
        take.forget();
        let weak = Rc::downgrade(&self.inner);
        let fail = Closure::<dyn Fn(JsValue)>::new(move |_| {
            if let Some(inner) = weak.upgrade() {
                Self { inner }.break_off();
            }
        });
        worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        fail.forget();
    }

    /// Takes the worker once it listens. One without WebGPU is of less use than the page's thread, if that has an adapter that
    /// is to be used: for pictures it is.
    async fn meet(self, Started { worker, hello }: Started, paints: bool) {
        let Ok(has_webgpu) = JsFuture::from(hello).await else {
            return self.settle_here();
        };
        let has_webgpu = has_webgpu.is_truthy();
        let asked = if paints {
            Some(Processor::Gpu)
        } else {
            asked_processor()
        };
        let found = if has_webgpu { None } else { graphics().await };
        if needs_page(has_webgpu, found.map(|(_, kind)| kind), asked) {
            worker.terminate();
            return self.settle_here();
        }
        self.listen(&worker);
        self.settle(Port::Worker(worker));
    }

    fn settle_here(&self) {
        self.settle(Port::Here {
            host: Host::default(),
            wanted: HashMap::new(),
        });
    }

    fn settle(&self, port: Port) {
        if let Port::Opening(waiting) = self.inner.port.replace(port) {
            waiting.into_iter().for_each(|sent| self.send(sent));
        }
    }

    /// The worker could not be started, or its code has failed: what is asked from now on is done here.
    fn break_off(&self) {
        let was_at_work = matches!(&*self.inner.port.borrow(), Port::Worker(_));
        self.settle_here();
        self.inner.holdings.borrow_mut().forget();
        if was_at_work {
            let waiting: Vec<u32> = self.inner.waiting.borrow().keys().copied().collect();
            for number in waiting {
                let fault = "The engine has stopped. What it was doing is lost; start it anew. If it happens again, reload the page.";
                self.answer(number, Answer::Read(Reply::Fault(fault.into())));
            }
        }
    }

    fn forget(&self, number: u32) {
        self.inner.waiting.borrow_mut().remove(&number);
        match &mut *self.inner.port.borrow_mut() {
            Port::Opening(waiting) => waiting.retain(|sent| sent.number != number),
            // A worker that takes nothing any more has failed, which is told elsewhere.
            Port::Worker(worker) => drop(worker.post_message(&number.into())),
            Port::Here { wanted, .. } => {
                if let Some(wanted) = wanted.remove(&number) {
                    wanted.set(false);
                }
            }
        }
    }
}

/// Posts a message, and says of how many bytes.
fn post(worker: &Worker, sent: &Sent) -> Result<u32, String> {
    let bytes = pack(&sent.request).map_err(|error| error.to_string())?;
    let count = bytes.length();
    let objects: Array = sent.objects.iter().collect();
    let letter = Letter {
        number: sent.number,
        bytes,
        objects,
    };
    let (message, hands) = letter.to_js();
    worker
        .post_message_with_transfer(&message, &hands)
        .map(|()| count)
        .map_err(|_| "The browser did not hand the data over to the engine. Reload the page.".into())
}

impl Replies {
    /// The next one; `None` once the engine is gone.
    pub async fn next(&mut self) -> Option<Reply> {
        Some(match self.receiver.next().await? {
            Answer::Read(reply) => reply,
            Answer::Packed(bytes) => unpack(&bytes).unwrap_or_else(|error| Reply::Fault(error.to_string())),
        })
    }
}

impl Drop for Replies {
    fn drop(&mut self) {
        if let Some(inner) = self.link.upgrade() {
            Link { inner }.forget(self.number);
        }
    }
}
