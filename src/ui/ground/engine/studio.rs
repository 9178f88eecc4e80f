//! What is on screen, computed elsewhere: paintings, contours, explanations.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use web_sys::HtmlCanvasElement;

use super::link::STUDIO;
use super::{Link, Replies};
use crate::bulk::named::{Array, Sender};
use crate::contour::Weighting;
use crate::engine::{Mapping, Pricing, Reply, Request, Weighing};
use crate::loss::{Explained, Facts, Given, Params, Share};
use crate::train::Fit;
use crate::view::{Painting, Scene};

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

    /// The only reply to a request, which is made again, with all of its arrays, if the studio lacks one that it names: then
    /// another engine has taken the place of the one that had them.
    async fn answer(&self, request: impl Fn(&mut Sender) -> Request) -> Result<Reply, String> {
        loop {
            let request = request(&mut self.inner.sender.borrow_mut());
            match self.ask(request).next().await {
                Some(Reply::Missing) => self.inner.sender.borrow_mut().forget(),
                Some(Reply::Fault(fault)) => return Err(fault),
                Some(reply) => return Ok(reply),
                None => return Err(SILENT.into()),
            }
        }
    }

    /// The contour of the slices that are asked about, class k at bit k.
    ///
    /// # Errors
    /// In words, when the question means nothing or the device failed.
    pub async fn contour(&self, mapping: Mapping) -> Result<Vec<u32>, String> {
        match self.answer(|_| Request::Map(Box::new(mapping.clone()))).await? {
            Reply::Contour(bits) => Ok(bits),
            _ => Err(SILENT.into()),
        }
    }

    /// The same of a slice on screen: the studio keeps it, so that it is only named from now on.
    ///
    /// # Errors
    /// As [`Studio::contour`].
    pub async fn shown_contour(&self, mapping: Mapping) -> Result<Arc<[u32]>, String> {
        let name = self.inner.sender.borrow_mut().reserve();
        let name_it = Mapping {
            name: Some(name),
            ..mapping
        };
        let bits: Arc<[u32]> = self.contour(name_it).await?.into();
        self.adopt(name, Array::Words(Arc::clone(&bits)));
        Ok(bits)
    }

    /// The weight of each pixel of a slice on screen (H, W), which the studio keeps too.
    ///
    /// # Errors
    /// In words, when the studio has stopped.
    pub async fn shown_weight(
        &self,
        labels: &Arc<[u8]>,
        contour: &Arc<[u32]>,
        dims: [usize; 2],
        weighting: Weighting,
    ) -> Result<Arc<[f32]>, String> {
        let name = self.inner.sender.borrow_mut().reserve();
        let request = |sender: &mut Sender| {
            let (mut labels, mut contour) = (Arc::clone(labels), Arc::clone(contour));
            let arrays = sender.send(Weighing::slots(&mut labels, &mut contour));
            Request::Weigh(Box::new(Weighing {
                arrays,
                dims,
                weighting,
                name,
            }))
        };
        match self.answer(request).await? {
            Reply::Weight(weight) => {
                let weight: Arc<[f32]> = weight.into();
                self.adopt(name, Array::Numbers(Arc::clone(&weight)));
                Ok(weight)
            }
            _ => Err(SILENT.into()),
        }
    }

    fn adopt(&self, name: u64, array: Array) {
        self.inner.sender.borrow_mut().adopt(name, array);
    }

    /// What each pixel costs.
    ///
    /// # Errors
    /// In words, when the device failed or the slice does not fit it.
    pub async fn explain(&self, given: &Given, loss: &Params, facts: &Facts) -> Result<Explained, String> {
        let (explained, _) = self.explain_drawn(given, loss, facts, None).await?;
        Ok(explained)
    }

    /// The same with a map that goes on screen, on the pixels of the slice, which the studio keeps.
    ///
    /// # Errors
    /// As [`Studio::explain`].
    pub async fn explain_drawn(
        &self,
        given: &Given,
        loss: &Params,
        facts: &Facts,
        drawn: Option<(Share, Fit)>,
    ) -> Result<(Explained, Arc<[f32]>), String> {
        let drawn = drawn.map(|(share, fit)| (share, fit, self.inner.sender.borrow_mut().reserve()));
        let request = |sender: &mut Sender| {
            Request::Explain(Box::new(Pricing {
                arrays: sender.send(given.clone().slots()),
                shape: given.shape,
                loss: loss.clone(),
                facts: facts.clone(),
                drawn,
            }))
        };
        match self.answer(request).await? {
            Reply::Explained {
                weight,
                maps,
                drawn: map,
            } => {
                let map: Arc<[f32]> = map.into();
                if let Some((.., name)) = drawn {
                    self.adopt(name, Array::Numbers(Arc::clone(&map)));
                }
                let explained = Explained {
                    parts: loss.parts(facts),
                    weight,
                    maps: *maps,
                };
                Ok((explained, map))
            }
            _ => Err(SILENT.into()),
        }
    }

    /// Takes over a canvas for life.
    ///
    /// # Errors
    /// In words, where the browser does not hand it over, or has done so before.
    pub fn screen(&self, canvas: &HtmlCanvasElement) -> Result<Screen, String> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let canvas = canvas.transfer_control_to_offscreen().map_err(|_| {
            "The browser does not let a worker draw on the page's canvas. Reload the page; if that does not help, use another browser."
        })?;
        self.inner
            .link
            .tell_with(Request::Canvas(number), vec![canvas.into()]);
        Ok(Screen {
            studio: self.clone(),
            number,
        })
    }

    /// Shows a scene on the canvas of this number, and comes back when it is shown.
    ///
    /// # Errors
    /// In words, where the canvas does not show it. A lost device is none: it is shown where the device is watched.
    pub async fn paint(&self, canvas: u32, scene: &Scene) -> Result<(), String> {
        let request = |sender: &mut Sender| Request::Paint {
            canvas,
            painting: Box::new(Painting::send(scene.clone(), sender)),
        };
        self.answer(request).await.map(drop)
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
