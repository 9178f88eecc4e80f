//! The graphics device as the page hears of it, and the check of its kernels.

use futures_util::future::join;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::turn::next_turn;
use super::{Adapter, Caller, Host, Kernels, Reply};
use crate::contour::{Choice, Mapper};
use crate::gpu::{AdapterKind, Context, Error};
use crate::selfcheck;
use crate::view::Compositor;

impl Host {
    /// Opens the device, tells of it, and tells once more should it be lost.
    pub(super) async fn open_adapter(&self, kernels: &Kernels, caller: &Caller) {
        let (adapter, context) = match self.connect(kernels).await {
            Ok(opened) => opened,
            Err(error) => return caller.reply(Reply::Adapter(Err(error))),
        };
        caller.reply(Reply::Adapter(Ok(adapter)));
        // It may be lost by now, which is told all the same.
        caller.reply(Reply::Lost(context.faulted().await));
    }

    async fn connect(&self, kernels: &Kernels) -> Result<(Adapter, Context), Error> {
        if !is_secure() {
            return Err(Error::InsecureContext);
        }
        if gpu().is_none() {
            return Err(Error::NoApi);
        }
        let (context, found) = join(self.context(kernels), graphics()).await;
        let context = context.map_err(|error| match error {
            // wgpu's own text lists backends that no page has.
            Error::NoAdapter(_) => Error::NoAdapter("navigator.gpu.requestAdapter() gave none".into()),
            error => error,
        })?;
        let (name, kind) = found.unwrap_or_else(|| {
            let name = context.adapter_name();
            let kind = AdapterKind::of(&name, false);
            (name, kind)
        });
        let adapter = Adapter {
            name,
            kind,
            has_halves: context.has_halves(),
        };
        Ok((adapter, context))
    }

    /// Compiles what is on screen all the time. Not before there is a first picture: compilers take every core, and the twins
    /// are soon done with one.
    pub(super) async fn prepare(&self, context: &Context) {
        if self.inner.prepares.replace(true) {
            return;
        }
        // What does not compile is a fault of the device, which is told of where it is watched.
        let (painted, mapped) = join(
            Compositor::prepare(context),
            Mapper::prepare(context, &Choice::default()),
        )
        .await;
        let is_held = self.device().is_some();
        self.inner.is_prepared.set(painted.and(mapped).is_ok() && is_held);
    }

    /// Replies with each kernel as it has been checked, for as long as that is wanted.
    pub(super) async fn check(&self, caller: &Caller) {
        let Some(context) = self.device() else {
            return caller.reply(Reply::Fault("There is no graphics device to check.".into()));
        };
        for case in selfcheck::cases() {
            next_turn().await;
            if !caller.is_wanted() {
                return;
            }
            match case.run(&context).await {
                Ok(finding) => caller.reply(Reply::Checked(finding)),
                Err(error) => return caller.reply(Reply::Fault(error.to_string())),
            }
        }
    }
}

/// Whether this came over https or from localhost, without which browsers hide WebGPU.
fn is_secure() -> bool {
    let secure = Reflect::get(&js_sys::global(), &"isSecureContext".into());
    secure.is_ok_and(|secure| secure.is_truthy())
}

/// `navigator.gpu`, where this thread is offered it.
pub(super) fn gpu() -> Option<JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let gpu = Reflect::get(&navigator, &"gpu".into()).ok()?;
    (!gpu.is_undefined()).then_some(gpu)
}

/// What the graphics adapter says of itself: a description, or maker and architecture.
pub async fn adapter_name() -> Option<String> {
    graphics().await.map(|(name, _)| name)
}

/// The same, and what kind of adapter it is. `None` where there is none, or it says nothing.
pub async fn graphics() -> Option<(String, AdapterKind)> {
    let gpu = gpu()?;
    let ask: Function = part(&gpu, "requestAdapter")?.dyn_into().ok()?;
    let promise: Promise = ask.call0(&gpu).ok()?.dyn_into().ok()?;
    let adapter = JsFuture::from(promise).await.ok()?;
    let info = part(&adapter, "info")?;
    let word = |key: &str| part(&info, key)?.as_string().filter(|word| !word.is_empty());
    let words = ["vendor", "architecture", "description", "device"].map(word);
    let [vendor, architecture, description, _] = words.clone();
    let name = description.or_else(|| Some(format!("{} {}", vendor?, architecture.unwrap_or_default())))?;
    // It stood with the adapter once.
    let is_fallback = [&info, &adapter].into_iter().any(|place| {
        let flag = part(place, "isFallbackAdapter");
        flag.is_some_and(|flag| flag.is_truthy())
    });
    let said: Vec<String> = words.into_iter().flatten().collect();
    Some((name, AdapterKind::of(&said.join(" "), is_fallback)))
}

fn part(of: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(of, &key.into()).ok()
}
