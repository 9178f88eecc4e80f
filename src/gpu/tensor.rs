//! A run of numbers in a buffer on the device.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use wgpu::util::DeviceExt;

use super::{Context, Error};

/// Bytes of a `vec4<f32>`: buffers and bindings are padded to it, so that a kernel may read any tensor four
/// elements at a time.
const VECTOR: usize = 16;

/// A view of `len` elements of four bytes (f32, u32 or i32), or of two (f16), that starts at a multiple of 256 bytes.
#[derive(Clone, Debug)]
pub struct Tensor {
    pub(crate) buffer: wgpu::Buffer,
    /// In bytes.
    pub(super) offset: u64,
    len: usize,
    is_half: bool,
    allocation: Arc<Allocation>,
}

/// The bytes of a buffer, counted for as long as a tensor holds it.
#[derive(Debug)]
struct Allocation {
    bytes: u64,
    alive: Arc<AtomicU64>,
}

impl Allocation {
    fn new(context: &Context, bytes: u64) -> Arc<Self> {
        let alive = Arc::clone(context.tensor_count());
        alive.fetch_add(bytes, Ordering::Relaxed);
        Arc::new(Self { bytes, alive })
    }
}

impl Drop for Allocation {
    fn drop(&mut self) {
        self.alive.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl Tensor {
    /// Elements of four bytes between two legal starts of a view: 256 bytes.
    pub const ALIGNMENT: usize = 64;

    /// A fresh tensor: zeros, or NaN in a poisoned context.
    ///
    /// # Errors
    /// [`Error::TooLarge`] past the binding limit.
    pub fn new(context: &Context, label: &str, len: usize) -> Result<Self, Error> {
        if context.poison() {
            return Self::from_slice(context, label, &vec![f32::NAN; len]);
        }
        let size = checked_size(context, label, len)?;
        let descriptor = wgpu::BufferDescriptor {
            label: Some(label),
            size,
            usage: usage(),
            mapped_at_creation: false,
        };
        Ok(Self {
            buffer: context.device().create_buffer(&descriptor),
            offset: 0,
            len,
            is_half: false,
            allocation: Allocation::new(context, size),
        })
    }

    /// A tensor that holds `values`.
    ///
    /// # Errors
    /// [`Error::TooLarge`] past the binding limit.
    pub fn from_slice<T: bytemuck::Pod>(context: &Context, label: &str, values: &[T]) -> Result<Self, Error> {
        const { assert!(size_of::<T>() == 4) };
        checked_size(context, label, values.len())?;
        let mut contents = bytemuck::cast_slice(values).to_vec();
        contents.resize(contents.len().max(1).next_multiple_of(VECTOR), 0);
        let descriptor = wgpu::util::BufferInitDescriptor {
            label: Some(label),
            contents: &contents,
            usage: usage(),
        };
        let buffer = context.device().create_buffer_init(&descriptor);
        Ok(Self {
            buffer,
            offset: 0,
            len: values.len(),
            is_half: false,
            allocation: Allocation::new(context, contents.len() as u64),
        })
    }

    /// Bytes that a tensor of `len` elements takes.
    #[must_use]
    pub fn bytes_of(len: usize) -> u64 {
        (4 * len.max(1) as u64).next_multiple_of(VECTOR as u64)
    }

    /// A tensor of f16 that holds `values`, each rounded to the nearest.
    ///
    /// # Errors
    /// [`Error::TooLarge`] past the binding limit.
    pub fn from_halves(context: &Context, label: &str, values: &[f32]) -> Result<Self, Error> {
        let bits = |value: &f32| u32::from(half::f16::from_f32(*value).to_bits());
        let words: Vec<u32> = values
            .chunks(2)
            .map(|pair| bits(&pair[0]) | pair.get(1).map_or(0, bits) << 16)
            .collect();
        Ok(Self::from_slice(context, label, &words)?.halves(values.len()))
    }

    /// The same memory as `len` elements of f16.
    ///
    /// # Panics
    /// If it has no room for them.
    #[must_use]
    pub fn halves(&self, len: usize) -> Self {
        assert!(!self.is_half && len.div_ceil(2) <= self.len.max(1));
        Self {
            len,
            is_half: true,
            ..self.clone()
        }
    }

    /// Whether its elements are f16.
    #[must_use]
    pub fn is_half(&self) -> bool {
        self.is_half
    }

    /// Whether nobody else holds this tensor or a part of it.
    pub(super) fn is_alone(&self) -> bool {
        Arc::strong_count(&self.allocation) == 1
    }

    /// Elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// `len` elements from `start`, a multiple of [`Tensor::ALIGNMENT`].
    #[must_use]
    pub fn slice(&self, start: usize, len: usize) -> Self {
        assert!(start.is_multiple_of(Self::ALIGNMENT) && start + len <= self.len && !self.is_half);
        Self {
            offset: self.offset + 4 * start as u64,
            len,
            ..self.clone()
        }
    }

    /// From the first element of this tensor to the last of `last`, which stands behind it in the same buffer.
    ///
    /// # Panics
    /// If it does not.
    #[must_use]
    pub fn up_to(&self, last: &Self) -> Self {
        assert!(self.buffer == last.buffer && self.offset <= last.offset && !self.is_half);
        Self {
            len: ((last.offset - self.offset) / 4) as usize + last.len,
            ..self.clone()
        }
    }

    /// Overwrites the front of the tensor, in the order of the queue.
    pub fn write<T: bytemuck::Pod>(&self, context: &Context, values: &[T]) {
        const { assert!(size_of::<T>() == 4) };
        assert!(values.len() <= self.len && !self.is_half);
        context
            .queue()
            .write_buffer(&self.buffer, self.offset, bytemuck::cast_slice(values));
    }

    /// Records a copy of `len` elements, from element `from` of `source` to element `to` of this one: of f16, even
    /// numbers of them.
    pub fn copy_from(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        to: usize,
        source: &Self,
        from: usize,
        len: usize,
    ) {
        assert!(to + len <= self.len && from + len <= source.len && self.is_half == source.is_half);
        let [to, from, len] = [to, from, len].map(|elements| self.size() * elements as u64);
        encoder.copy_buffer_to_buffer(
            &source.buffer,
            source.offset + from,
            &self.buffer,
            self.offset + to,
            len,
        );
    }

    /// Bytes of an element.
    fn size(&self) -> u64 {
        if self.is_half { 2 } else { 4 }
    }

    /// Bytes of the elements; of f16, of an even number of them.
    pub(super) fn bytes(&self) -> u64 {
        (self.size() * self.len.max(1) as u64).next_multiple_of(4)
    }

    pub(crate) fn binding(&self) -> wgpu::BindingResource<'_> {
        wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer: &self.buffer,
            offset: self.offset,
            size: wgpu::BufferSize::new(self.bytes().next_multiple_of(VECTOR as u64)),
        })
    }
}

fn usage() -> wgpu::BufferUsages {
    wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST
}

fn checked_size(context: &Context, label: &str, len: usize) -> Result<u64, Error> {
    let bytes = Tensor::bytes_of(len);
    let limit = context.device().limits().max_storage_buffer_binding_size;
    if bytes > limit {
        return Err(Error::TooLarge {
            label: label.into(),
            bytes,
            limit,
        });
    }
    Ok(bytes)
}
