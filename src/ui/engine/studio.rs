//! What is on screen, computed elsewhere: paintings, contours, explanations.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

use web_sys::HtmlCanvasElement;

use super::link::STUDIO;
use super::{Link, Replies};
use crate::engine::{Mapping, Reply, Request};
use crate::loss::{Explained, Facts, Given, Params};
use crate::view::{Scene, Sender};

const SILENT: &str = "What computes the picture has stopped. Reload the page.";

/// A handle to it; clones share it.
#[derive(Clone)]
pub struct Studio {
    inner: Rc<Inner>,
}

struct Inner {
    link: Link,
    /// Which arrays of the scenes are there already.
    sender: RefCell<Sender>,
}

/// A canvas that the studio paints.
pub struct Screen {
    studio: Studio,
    number: u32,
}

impl Studio {
    pub fn open() -> Self {
        let link = Link::open(STUDIO);
        Self {
            inner: Rc::new(Inner {
                link,
                sender: RefCell::default(),
            }),
        }
    }

    pub fn ask(&self, request: Request) -> Replies {
        self.inner.link.ask(request)
    }

    /// The only reply to a request.
    async fn answer(&self, request: Request) -> Result<Reply, String> {
        match self.ask(request).next().await {
            Some(Reply::Fault(fault)) => Err(fault),
            Some(reply) => Ok(reply),
            None => Err(SILENT.into()),
        }
    }

    /// The contour of the slices that are asked about, class k at bit k.
    ///
    /// # Errors
    /// In words, when the question means nothing or the device failed.
    pub async fn contour(&self, mapping: Mapping) -> Result<Vec<u32>, String> {
        match self.answer(Request::Map(Box::new(mapping))).await? {
            Reply::Contour(bits) => Ok(bits),
            _ => Err(SILENT.into()),
        }
    }

    /// What each pixel costs.
    ///
    /// # Errors
    /// In words, when the device failed or the slice does not fit it.
    pub async fn explain(&self, given: &Given, loss: &Params, facts: &Facts) -> Result<Explained, String> {
        let request = Request::Explain {
            given: Box::new(given.clone()),
            loss: loss.clone(),
            facts: facts.clone(),
        };
        match self.answer(request).await? {
            Reply::Explained { weight, maps } => Ok(Explained {
                parts: loss.parts(facts),
                weight,
                maps: *maps,
            }),
            _ => Err(SILENT.into()),
        }
    }

    /// Takes over a canvas for life; `None` where the browser does not hand it over, or has done so before.
    pub fn screen(&self, canvas: &HtmlCanvasElement) -> Option<Screen> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let canvas = canvas.transfer_control_to_offscreen().ok()?;
        self.inner
            .link
            .tell_with(Request::Canvas(number), vec![canvas.into()]);
        Some(Screen {
            studio: self.clone(),
            number,
        })
    }

    /// Shows a scene on the canvas of this number, and comes back when it is shown.
    pub async fn paint(&self, canvas: u32, scene: &Scene) {
        loop {
            let painting = Box::new(self.inner.sender.borrow_mut().send(scene.clone()));
            match self.answer(Request::Paint { canvas, painting }).await {
                // Another engine has taken the place of the one that had the arrays.
                Ok(Reply::Painted(false)) => self.inner.sender.borrow_mut().forget(),
                // One that has stopped is missed where the device is watched.
                _ => return,
            }
        }
    }
}

impl Screen {
    pub fn number(&self) -> u32 {
        self.number
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.studio.inner.link.tell(Request::Discard(self.number));
    }
}
