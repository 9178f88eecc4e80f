//! One compute entry point with its explicit layout.

use std::sync::{Arc, OnceLock};

use super::{Constants, Context, resolve};

/// Invocations in a workgroup of every kernel: two wavefronts on AMD, one to four subgroups elsewhere,
/// and cheap on software adapters, which run a workgroup in one thread.
pub const WORKGROUP: u32 = 64;

/// What stands at one binding, in the order of the shader's `@binding` numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// `var<uniform>`: the kernel's parameters.
    Uniform,
    /// `var<storage, read>`
    Read,
    /// `var<storage, read_write>`
    Write,
}

/// Everything the Rust side believes of an entry point; `tests/source/contract.rs` holds it against the WGSL.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Folder and stem under `shaders/`, such as `net/conv3x3`.
    pub stem: &'static str,
    /// The WGSL text of the file.
    pub source: &'static str,
    pub entry_point: &'static str,
    pub bindings: &'static [Binding],
    /// The fields of the uniform struct.
    pub uniform: &'static [Field],
    /// What the names of the template stand for; [`Spec::with`] makes the other variants.
    pub constants: Constants,
}

impl Spec {
    /// The same entry point unrolled otherwise.
    #[must_use]
    pub const fn with(&self, constants: Constants) -> Self {
        Self { constants, ..*self }
    }

    /// One for each of several ways to unroll it.
    #[must_use]
    pub const fn with_each<const N: usize>(&self, constants: [Constants; N]) -> [Self; N] {
        let mut specs = [*self; N];
        let mut i = 0;
        while i < N {
            specs[i].constants = constants[i];
            i += 1;
        }
        specs
    }
}

/// A field of a uniform struct: name, offset in bytes, WGSL type.
pub type Field = (&'static str, usize, &'static str);

/// A parameter block whose layout can be held against its WGSL twin. Made by [`uniform!`](crate::gpu::uniform).
pub trait Uniform: bytemuck::Pod {
    const FIELDS: &'static [Field];
}

/// Declares a `#[repr(C)]` parameter block of `u32`, `i32` and `f32` fields, with its layout as data.
///
/// ```
/// contour_lab::gpu::uniform! {
///     /// What the kernel is told.
///     pub struct Params { count: u32, slope: f32 }
/// }
/// use contour_lab::gpu::Uniform;
/// assert_eq!(Params::FIELDS, &[("count", 0, "u32"), ("slope", 4, "f32")]);
/// ```
#[macro_export]
macro_rules! __uniform {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* $field:ident : $ty:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[repr(C)]
        #[derive(Clone, Copy, Debug, Default, bytemuck::Pod, bytemuck::Zeroable)]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty),+ }

        impl $crate::gpu::Uniform for $name {
            const FIELDS: &'static [$crate::gpu::Field] =
                &[$((stringify!($field), std::mem::offset_of!($name, $field), stringify!($ty))),+];
        }
    };
}
pub use crate::__uniform as uniform;

/// An entry point with its explicit layout. Compiled on first use, or ahead by [`Context::compile`].
#[derive(Clone, Debug)]
pub struct Kernel {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    stem: &'static str,
    entry_point: &'static str,
    #[cfg(target_arch = "wasm32")]
    bindings: &'static [Binding],
    /// The WGSL as the compiler sees it.
    text: String,
    layout: wgpu::BindGroupLayout,
    pipeline: OnceLock<wgpu::ComputePipeline>,
}

impl Kernel {
    pub(super) fn new(context: &Context, spec: &Spec, halves: u32) -> Self {
        let entries: Vec<_> = (0..)
            .zip(spec.bindings)
            .map(|(binding, kind)| layout_entry(binding, *kind))
            .collect();
        let descriptor = wgpu::BindGroupLayoutDescriptor {
            label: Some(spec.entry_point),
            entries: &entries,
        };
        let inner = Arc::new(Inner {
            stem: spec.stem,
            entry_point: spec.entry_point,
            #[cfg(target_arch = "wasm32")]
            bindings: spec.bindings,
            text: resolve(spec.source, spec.constants, halves),
            layout: context.device().create_bind_group_layout(&descriptor),
            pipeline: OnceLock::new(),
        });
        Self { inner }
    }

    #[must_use]
    pub fn entry_point(&self) -> &'static str {
        self.inner.entry_point
    }

    /// Whether it has been compiled.
    #[must_use]
    pub fn is_compiled(&self) -> bool {
        self.inner.pipeline.get().is_some()
    }

    /// Compiles it now, unless that has been done.
    pub fn compile(&self, context: &Context) {
        let _ = self.pipeline(context);
    }

    /// Whether two are the same kernel of one context.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    pub(super) fn layout(&self) -> &wgpu::BindGroupLayout {
        &self.inner.layout
    }

    pub(super) fn pipeline(&self, context: &Context) -> &wgpu::ComputePipeline {
        let Inner {
            stem,
            entry_point,
            text,
            layout,
            ..
        } = &*self.inner;
        let device = context.device();
        self.inner.pipeline.get_or_init(|| {
            let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: Some(entry_point),
                bind_group_layouts: &[Some(layout)],
                immediate_size: 0,
            });
            let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(stem),
                source: wgpu::ShaderSource::Wgsl(text.into()),
            });
            device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(entry_point),
                layout: Some(&pipeline_layout),
                module: &module,
                entry_point: Some(entry_point),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                cache: None,
            })
        })
    }
}

#[cfg(target_arch = "wasm32")]
impl Kernel {
    pub(super) fn bindings(&self) -> &'static [Binding] {
        self.inner.bindings
    }

    pub(super) fn text(&self) -> &str {
        &self.inner.text
    }
}

fn layout_entry(binding: u32, kind: Binding) -> wgpu::BindGroupLayoutEntry {
    let ty = match kind {
        Binding::Uniform => wgpu::BufferBindingType::Uniform,
        Binding::Read => wgpu::BufferBindingType::Storage { read_only: true },
        Binding::Write => wgpu::BufferBindingType::Storage { read_only: false },
    };
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer {
            ty,
            has_dynamic_offset: false,
            min_binding_size: None,
        },
        count: None,
    }
}
