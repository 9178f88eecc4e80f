//! Results on their way from the device to the page.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;

use super::{Context, Encoder, Error, Tensor};

/// A few staging buffers in turn, so that reading a result back does not hold up the next step.
///
/// `T` tags what was read, so that the receiver knows which step it belongs to.
#[derive(Debug)]
pub struct Ring<T> {
    context: Context,
    slots: Vec<Slot>,
    sender: UnboundedSender<Readback<T>>,
    receiver: UnboundedReceiver<Readback<T>>,
    in_flight: usize,
}

/// What was asked for, and the bytes of each tensor as 32-bit words.
pub type Readback<T> = (T, Result<Vec<u32>, Error>);

#[derive(Debug)]
struct Slot {
    buffer: wgpu::Buffer,
    busy: Arc<AtomicBool>,
}

impl<T: Send + 'static> Ring<T> {
    #[must_use]
    pub fn new(context: &Context) -> Self {
        let (sender, receiver) = unbounded();
        Self {
            context: context.clone(),
            slots: Vec::new(),
            sender,
            receiver,
            in_flight: 0,
        }
    }

    /// Readbacks asked for and not yet taken.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Submits what `record` writes, with a copy of `tensors` (one after the other) behind it, and asks for
    /// the copy. Never waits.
    pub fn submit(&mut self, tag: T, tensors: &[&Tensor], record: impl FnOnce(&mut Encoder)) {
        let size = tensors.iter().map(|tensor| tensor.bytes()).sum();
        let (staging, busy) = self.free_slot(size);
        let measured = self.context.submit_measured(|encoder| {
            record(encoder);
            let mut end = 0;
            for tensor in tensors {
                encoder.copy_buffer_to_buffer(&tensor.buffer, tensor.offset, &staging, end, tensor.bytes());
                end += tensor.bytes();
            }
        });
        self.in_flight += 1;
        let sender = self.sender.clone();
        let source = staging.clone();
        staging.map_async(wgpu::MapMode::Read, 0..size, move |mapped| {
            measured.arrived();
            let result = mapped
                .map_err(|error| error.to_string())
                .and_then(|()| words(&source, size));
            busy.store(false, Ordering::Release);
            // The receiver is gone when the session was dropped: then nobody wants the result.
            let _ = sender.unbounded_send((tag, result.map_err(Error::Readback)));
        });
    }

    /// The next result that has arrived, without waiting.
    pub fn try_next(&mut self) -> Option<Readback<T>> {
        self.context.poll();
        let next = self.receiver.try_recv().ok()?;
        self.in_flight -= 1;
        Some(next)
    }

    /// The next result, waiting for it. `None` when nothing was asked for.
    pub async fn next(&mut self) -> Option<Readback<T>> {
        if self.in_flight == 0 {
            return None;
        }
        self.context.settle();
        let next = self.receiver.next().await?;
        self.in_flight -= 1;
        Some(next)
    }

    fn free_slot(&mut self, size: u64) -> (wgpu::Buffer, Arc<AtomicBool>) {
        let fits = |slot: &&Slot| slot.buffer.size() >= size && !slot.busy.load(Ordering::Acquire);
        if let Some(slot) = self.slots.iter().find(fits) {
            slot.busy.store(true, Ordering::Release);
            return (slot.buffer.clone(), Arc::clone(&slot.busy));
        }
        let buffer = self.context.device().create_buffer(&wgpu::BufferDescriptor {
            label: Some("readback"),
            size,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let busy = Arc::new(AtomicBool::new(true));
        self.slots.push(Slot {
            buffer: buffer.clone(),
            busy: Arc::clone(&busy),
        });
        (buffer, busy)
    }
}

pub(super) fn words(staging: &wgpu::Buffer, size: u64) -> Result<Vec<u32>, String> {
    let view = staging
        .get_mapped_range(0..size)
        .map_err(|error| error.to_string())?;
    let words = bytemuck::pod_collect_to_vec(&view);
    drop(view);
    staging.unmap();
    Ok(words)
}

impl Tensor {
    /// The tensor's values, once everything submitted before has run. For results outside a step.
    ///
    /// # Errors
    /// [`Error::Readback`] when the device was lost.
    pub async fn read<T: bytemuck::Pod>(&self, context: &Context) -> Result<Vec<T>, Error> {
        const { assert!(size_of::<T>() == 4) };
        let mut ring = Ring::new(context);
        ring.submit((), &[self], |_| {});
        let (_, words) = ring
            .next()
            .await
            .ok_or_else(|| Error::Readback("nothing was asked for".into()))?;
        let mut values: Vec<T> = bytemuck::pod_collect_to_vec(&words?);
        values.truncate(self.len());
        Ok(values)
    }

    /// The values of a tensor of f32 or f16.
    ///
    /// # Errors
    /// As [`Tensor::read`].
    pub async fn read_floats(&self, context: &Context) -> Result<Vec<f32>, Error> {
        if !self.is_half() {
            return self.read(context).await;
        }
        let words: Vec<u32> = self.read(context).await?;
        let bits = words.iter().flat_map(|word| [*word as u16, (word >> 16) as u16]);
        let values = bits.map(|bits| half::f16::from_bits(bits).to_f32());
        Ok(values.take(self.len()).collect())
    }
}
