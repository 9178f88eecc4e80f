//! Work that is only worth doing for the newest request.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::task::spawn_local;

/// One job runs at a time; of those asked for meanwhile only the last is kept.
pub struct Latest<J> {
    wanted: Rc<RefCell<Option<J>>>,
    busy: Rc<Cell<bool>>,
}

impl<J> Clone for Latest<J> {
    fn clone(&self) -> Self {
        Self {
            wanted: Rc::clone(&self.wanted),
            busy: Rc::clone(&self.busy),
        }
    }
}

impl<J: 'static> Latest<J> {
    pub fn new() -> Self {
        Self {
            wanted: Rc::default(),
            busy: Rc::default(),
        }
    }

    /// Whether a newer job waits, so that the running one may stop.
    pub fn is_overtaken(&self) -> bool {
        self.wanted.borrow().is_some()
    }

    /// Asks for a job; `work` does it when its turn comes.
    pub fn ask<F: Future<Output = ()>>(&self, job: J, work: impl Fn(J) -> F + 'static) {
        *self.wanted.borrow_mut() = Some(job);
        if self.busy.replace(true) {
            return;
        }
        let Self { wanted, busy } = self.clone();
        spawn_local(async move {
            loop {
                let next = wanted.borrow_mut().take();
                let Some(job) = next else { break };
                work(job).await;
            }
            busy.set(false);
        });
    }
}
