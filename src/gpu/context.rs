//! Adapter and device, and the kernels compiled for them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_channel::oneshot;
use futures_util::lock::Mutex as Turns;

use super::adapter::find;
use super::clock::now_ms;
use super::encoder::Replayed;
use super::pacing::{self, Speed};
use super::{Choices, Constants, Encoder, Error, Kernel, Request, Spec};

/// A handle to one device; clones share it.
#[derive(Clone, Debug)]
pub struct Context {
    inner: Arc<Inner>,
}

/// Stem, entry point, constants, and which bindings are f16.
type Key = (&'static str, &'static str, Constants, u32);

#[derive(Debug)]
struct Inner {
    instance: wgpu::Instance,
    adapter: wgpu::Adapter,
    device: wgpu::Device,
    queue: wgpu::Queue,
    kernels: Mutex<HashMap<Key, Kernel>>,
    /// Held while kernels are compiled ahead of use.
    compiling: Turns<()>,
    health: Arc<Mutex<Health>>,
    poison: bool,
    tensor_bytes: Arc<AtomicU64>,
    choices: Choices,
    pace: Mutex<Pace>,
}

/// How the device is.
#[derive(Debug, Default)]
struct Health {
    /// The first of its faults.
    fault: Option<String>,
    /// Told when there is one.
    waiting: Vec<oneshot::Sender<()>>,
}

/// What is known of the adapter's speed, and what has been sent to it.
#[derive(Debug)]
struct Pace {
    speed: Speed,
    limit_ms: f64,
    submissions: u64,
    dispatches: u64,
    /// When the last result arrived.
    free_ms: f64,
}

impl Context {
    /// Opens a device with WebGPU's default limits, so that what runs here runs on every adapter.
    ///
    /// # Errors
    /// [`Error::NoAdapter`] or [`Error::NoDevice`]; the page tells the other causes apart before it calls.
    pub async fn new(request: Request) -> Result<Self, Error> {
        Self::open(request, false).await
    }

    /// As [`Context::new`], with every fresh tensor filled with NaN, so that no test relies on zeroed memory.
    ///
    /// # Errors
    /// As [`Context::new`].
    pub async fn poisoned(request: Request) -> Result<Self, Error> {
        Self::open(request, true).await
    }

    async fn open(request: Request, poison: bool) -> Result<Self, Error> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let adapter = find(&instance, request).await?;
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("Contour Lab"),
            required_limits: wgpu::Limits::default(),
            // For the profile, which takes the wall clock where the adapter has no clock of its own, and for activations
            // of f16, which are only offered where the adapter has them.
            required_features: adapter.features()
                & (wgpu::Features::TIMESTAMP_QUERY | wgpu::Features::SHADER_F16),
            ..Default::default()
        };
        let (device, queue) = adapter
            .request_device(&descriptor)
            .await
            .map_err(|error| Error::NoDevice(error.to_string()))?;
        let health = Arc::default();
        watch(&device, &health);
        let kernels = Mutex::default();
        #[cfg_attr(
            target_arch = "wasm32",
            expect(
                clippy::arc_with_non_send_sync,
                reason = "one type on both targets; the page has one thread"
            )
        )]
        let inner = Arc::new(Inner {
            instance,
            adapter,
            device,
            queue,
            kernels,
            compiling: Turns::default(),
            health,
            poison,
            choices: Choices::default(),
            pace: Mutex::new(Pace {
                speed: Speed::default(),
                limit_ms: pacing::LIMIT_MS,
                submissions: 0,
                dispatches: 0,
                free_ms: 0.0,
            }),
            tensor_bytes: Arc::default(),
        });
        Ok(Self { inner })
    }

    #[must_use]
    pub fn instance(&self) -> &wgpu::Instance {
        &self.inner.instance
    }

    #[must_use]
    pub fn adapter(&self) -> &wgpu::Adapter {
        &self.inner.adapter
    }

    #[must_use]
    pub fn device(&self) -> &wgpu::Device {
        &self.inner.device
    }

    #[must_use]
    pub fn queue(&self) -> &wgpu::Queue {
        &self.inner.queue
    }

    /// Whether fresh tensors are filled with NaN.
    #[must_use]
    pub fn poison(&self) -> bool {
        self.inner.poison
    }

    /// Bytes of the tensors that are held, each buffer counted once.
    #[must_use]
    pub fn tensor_bytes(&self) -> u64 {
        self.inner.tensor_bytes.load(Ordering::Relaxed)
    }

    pub(super) fn tensor_count(&self) -> &Arc<AtomicU64> {
        &self.inner.tensor_bytes
    }

    /// What the adapter calls itself.
    #[must_use]
    pub fn adapter_name(&self) -> String {
        let info = self.inner.adapter.get_info();
        let parts = [info.name, info.driver, info.driver_info];
        let name = parts
            .iter()
            .map(|part| part.trim())
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        if name.is_empty() {
            "an adapter that does not say its name".into()
        } else {
            name
        }
    }

    /// The first fault that the device reported of itself (lost, out of memory, invalid use), if any.
    #[must_use]
    pub fn fault(&self) -> Option<Error> {
        self.health().fault.clone().map(Error::Lost)
    }

    /// Waits for such a fault.
    pub async fn faulted(&self) -> Error {
        loop {
            let (sender, receiver) = oneshot::channel();
            {
                let mut health = self.health();
                if let Some(fault) = &health.fault {
                    return Error::Lost(fault.clone());
                }
                health.waiting.push(sender);
            }
            // Told or not, the fault is looked for.
            let _ = receiver.await;
        }
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.inner.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which variants of the ops are used.
    #[must_use]
    pub fn choices(&self) -> &Choices {
        &self.inner.choices
    }

    /// Whether kernels may read and write f16.
    #[must_use]
    pub fn has_halves(&self) -> bool {
        self.device().features().contains(wgpu::Features::SHADER_F16)
    }

    /// The entry point, compiled on first use.
    #[must_use]
    pub fn kernel(&self, spec: &Spec) -> Kernel {
        self.kernel_with(spec, 0)
    }

    /// The same for tensors of f16 at the bindings whose bits are set (see [`resolve`](super::resolve)).
    pub(super) fn kernel_with(&self, spec: &Spec, halves: u32) -> Kernel {
        let mut kernels = self.inner.kernels.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (spec.stem, spec.entry_point, spec.constants, halves);
        kernels
            .entry(key)
            .or_insert_with(|| Kernel::new(self, spec, halves))
            .clone()
    }

    /// Compiles what is not compiled yet, in a browser in parallel and in the background. `progress` is told how
    /// many are done, and of how many. What does not compile becomes a [`Context::fault`]. Who asks while others are compiled
    /// waits for them, so that nothing is compiled twice.
    pub async fn compile(&self, kernels: &[Kernel], progress: &mut dyn FnMut(usize, usize)) {
        let _alone = self.inner.compiling.lock().await;
        let mut open: Vec<Kernel> = Vec::new();
        for kernel in kernels {
            if !kernel.is_compiled() && !open.iter().any(|other| other.is(kernel)) {
                open.push(kernel.clone());
            }
        }
        let all = open.len();
        if all == 0 {
            return;
        }
        progress(0, all);
        #[cfg(target_arch = "wasm32")]
        super::ahead::compile(self, &open, &mut |done| progress(done, all)).await;
        #[cfg(not(target_arch = "wasm32"))]
        for (done, kernel) in (1..).zip(&open) {
            kernel.compile(self);
            progress(done, all);
        }
    }

    /// What was compiled so far.
    #[cfg(test)]
    pub(crate) fn compiled(&self) -> Vec<Key> {
        let kernels = self.inner.kernels.lock().unwrap_or_else(PoisonError::into_inner);
        kernels.keys().copied().collect()
    }

    /// Submits what `record` writes into a fresh encoder.
    pub fn submit(&self, record: impl FnOnce(&mut Encoder)) {
        let _ = self.submit_measured(record);
    }

    /// As [`Context::submit`]; when its last result arrives, [`Measured::arrived`] learns from it.
    pub(super) fn submit_measured(&self, record: impl FnOnce(&mut Encoder)) -> Measured {
        let mut encoder = Encoder::new(self);
        record(&mut encoder);
        let (replayed, sent_ms) = encoder.finish();
        Measured {
            context: self.clone(),
            sent_ms,
            replayed,
        }
    }

    pub(super) fn send(&self, encoder: wgpu::CommandEncoder) {
        self.pace().submissions += 1;
        self.queue().submit([encoder.finish()]);
    }

    /// Submissions so far.
    #[must_use]
    pub fn submissions(&self) -> u64 {
        self.pace().submissions
    }

    pub(super) fn count_dispatches(&self, dispatches: usize) {
        self.pace().dispatches += dispatches as u64;
    }

    /// Dispatches of all recordings replayed so far.
    #[must_use]
    pub fn dispatches(&self) -> u64 {
        self.pace().dispatches
    }

    /// Cuts recordings so that no submission takes longer than this; infinity never cuts. 300 ms unless told.
    pub fn limit_submissions(&self, limit_ms: f64) {
        self.pace().limit_ms = limit_ms;
    }

    /// The limit, and what a recording of this cost is expected to take.
    pub(super) fn pace_of(&self, cost: f64) -> [f64; 2] {
        let pace = self.pace();
        [pace.limit_ms, pace.speed.expected_ms(cost)]
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.inner.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until everything submitted so far has run.
    pub async fn finished(&self) {
        let (sender, receiver) = oneshot::channel();
        self.queue().on_submitted_work_done(move || {
            // Whoever waited may have gone away.
            let _ = sender.send(());
        });
        self.settle();
        // Never cancelled: the queue calls back once, also when the device is lost.
        let _ = receiver.await;
    }

    /// Lets native drivers deliver finished work. Browsers deliver it by themselves.
    pub fn poll(&self) {
        #[cfg(not(target_arch = "wasm32"))]
        let _ = self.device().poll(wgpu::PollType::Poll);
    }

    /// Natively, blocks until all submitted work is done and its callbacks have run. In a browser the event
    /// loop does that and this returns at once.
    pub fn settle(&self) {
        #[cfg(not(target_arch = "wasm32"))]
        let _ = self.device().poll(wgpu::PollType::wait_indefinitely());
    }
}

/// A submission under way.
#[derive(Debug)]
pub(super) struct Measured {
    context: Context,
    sent_ms: f64,
    replayed: Vec<Replayed>,
}

impl Measured {
    /// Its result is there. The adapter began with it when it had finished what came before.
    pub(super) fn arrived(self) {
        let now = now_ms();
        let mut pace = self.context.pace();
        let ms = now - self.sent_ms.max(pace.free_ms);
        pace.free_ms = now;
        let total: f64 = self.replayed.iter().map(|replayed| replayed.cost).sum();
        if !(total > 0.0) {
            return;
        }
        pace.speed.note(total, ms);
        // Several recordings share the time as they are expected to.
        for replayed in &self.replayed {
            let mut pacing = replayed.pacing.lock().unwrap_or_else(PoisonError::into_inner);
            pacing.note(ms * replayed.cost / total);
        }
    }
}

fn watch(device: &wgpu::Device, health: &Arc<Mutex<Health>>) {
    let note = |health: &Mutex<Health>, text: String| {
        let mut health = health.lock().unwrap_or_else(PoisonError::into_inner);
        health.fault.get_or_insert(text);
        for waiting in health.waiting.drain(..) {
            // Whoever waited may have gone away.
            let _ = waiting.send(());
        }
    };
    let lost = Arc::clone(health);
    device.set_device_lost_callback(move |reason, message| {
        // The sentence that it goes into has a full stop of its own.
        let message = message.trim_end_matches('.');
        note(&lost, format!("{message} ({reason:?})"));
    });
    let uncaptured = Arc::clone(health);
    device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
        note(&uncaptured, error.to_string());
    }));
}
