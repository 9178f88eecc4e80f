//! A list of dispatches, made once and replayed every step.

use wgpu::util::DeviceExt;

use super::{Binding, Context, Error, Spec, Tensor, Uniform, WORKGROUP};

/// The device's smallest guaranteed `maxComputeWorkgroupsPerDimension`.
const GROUPS_PER_DIMENSION: u32 = 65_535;

/// Commands as data. Ops add to it; a plan replays it.
#[derive(Debug)]
pub struct Recording {
    context: Context,
    commands: Vec<Command>,
    /// Those in use are held by whoever asked for them, too.
    scratch: Vec<Tensor>,
}

#[derive(Debug)]
enum Command {
    Dispatch {
        pipeline: wgpu::ComputePipeline,
        bind_group: wgpu::BindGroup,
        groups: [u32; 2],
    },
    Clear(Tensor),
    Copy {
        to: Tensor,
        to_at: usize,
        from: Tensor,
        from_at: usize,
        len: usize,
    },
}

/// The parameter block of one recorded dispatch; may be rewritten between replays.
#[derive(Clone, Debug)]
pub struct Uniforms {
    context: Context,
    buffer: wgpu::Buffer,
}

impl Uniforms {
    /// Takes effect for whatever is submitted afterwards.
    pub fn write<U: Uniform>(&self, params: &U) {
        self.context
            .queue()
            .write_buffer(&self.buffer, 0, bytemuck::bytes_of(params));
    }
}

impl Recording {
    #[must_use]
    pub fn new(context: &Context) -> Self {
        Self {
            context: context.clone(),
            commands: Vec::new(),
            scratch: Vec::new(),
        }
    }

    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Dispatches recorded so far.
    #[must_use]
    pub fn dispatches(&self) -> usize {
        self.commands
            .iter()
            .filter(|command| matches!(command, Command::Dispatch { .. }))
            .count()
    }

    /// A tensor that is nobody else's while it is held. Dispatches run in the order in which they are recorded, so
    /// what is recorded after it was dropped may be given the same memory.
    ///
    /// # Errors
    /// [`Error::TooLarge`] past the binding limit.
    pub fn scratch(&mut self, label: &str, len: usize) -> Result<Tensor, Error> {
        let fits = self
            .scratch
            .iter()
            .filter(|tensor| tensor.len() >= len && tensor.is_alone());
        if let Some(tensor) = fits.min_by_key(|tensor| tensor.len()) {
            return Ok(tensor.slice(0, len));
        }
        let tensor = Tensor::new(&self.context, label, len)?;
        self.scratch.push(tensor.clone());
        Ok(tensor)
    }

    /// Keeps scratch tensors of these lengths ready, so that no smaller ones are made first.
    ///
    /// # Errors
    /// [`Error::TooLarge`] past the binding limit.
    pub fn reserve_scratch(&mut self, lens: &[usize]) -> Result<(), Error> {
        let held = lens
            .iter()
            .map(|len| self.scratch("scratch", *len))
            .collect::<Result<Vec<_>, _>>();
        held.map(drop)
    }

    /// Adds a dispatch of at least `invocations` invocations, one flat index each (see `shared/index.wgsl`).
    /// `tensors` stand in the order of the storage bindings; the uniform is binding 0.
    ///
    /// # Panics
    /// If the tensors do not match the spec, or one buffer is bound both to be read and to be written:
    /// WebGPU forbids that within one dispatch.
    pub fn dispatch<U: Uniform>(
        &mut self,
        spec: &Spec,
        params: &U,
        tensors: &[&Tensor],
        invocations: usize,
    ) -> Uniforms {
        check(spec, tensors);
        let contents = bytemuck::bytes_of(params);
        let mut padded = contents.to_vec();
        padded.resize(contents.len().next_multiple_of(16), 0);
        let device = self.context.device();
        let buffer = device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some(spec.entry_point),
            contents: &padded,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
        });
        let kernel = self.context.kernel(spec);
        let resources =
            std::iter::once(buffer.as_entire_binding()).chain(tensors.iter().map(|tensor| tensor.binding()));
        let entries: Vec<_> = (0..)
            .zip(resources)
            .map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource })
            .collect();
        let bind_group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(spec.entry_point),
            layout: &kernel.layout,
            entries: &entries,
        });
        let groups = fold(invocations);
        self.commands.push(Command::Dispatch {
            pipeline: kernel.pipeline,
            bind_group,
            groups,
        });
        Uniforms {
            context: self.context.clone(),
            buffer,
        }
    }

    /// Adds a fill with zeros.
    pub fn clear(&mut self, tensor: &Tensor) {
        self.commands.push(Command::Clear(tensor.clone()));
    }

    /// Adds a copy of `len` elements, from element `from_at` of `from` to element `to_at` of `to`: many times as fast
    /// as a dispatch that moves them.
    ///
    /// # Panics
    /// If the two are views of one buffer, which WebGPU forbids.
    pub fn copy(&mut self, to: &Tensor, to_at: usize, from: &Tensor, from_at: usize, len: usize) {
        assert!(to.buffer != from.buffer, "a copy within one buffer");
        self.commands.push(Command::Copy {
            to: to.clone(),
            to_at,
            from: from.clone(),
            from_at,
            len,
        });
    }

    /// Writes the commands into an encoder: one compute pass for each run of dispatches.
    pub fn replay(&self, encoder: &mut wgpu::CommandEncoder) {
        let is_dispatch = |command: &Command| matches!(command, Command::Dispatch { .. });
        for run in self.commands.chunk_by(|a, b| is_dispatch(a) && is_dispatch(b)) {
            match run {
                [Command::Clear(tensor)] => {
                    encoder.clear_buffer(&tensor.buffer, tensor.offset, Some(tensor.bytes()));
                    continue;
                }
                [
                    Command::Copy {
                        to,
                        to_at,
                        from,
                        from_at,
                        len,
                    },
                ] => {
                    to.copy_from(encoder, *to_at, from, *from_at, *len);
                    continue;
                }
                _ => {}
            }
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            for command in run {
                if let Command::Dispatch {
                    pipeline,
                    bind_group,
                    groups: [x, y],
                } = command
                {
                    pass.set_pipeline(pipeline);
                    pass.set_bind_group(0, bind_group, &[]);
                    pass.dispatch_workgroups(*x, *y, 1);
                }
            }
        }
    }
}

fn check(spec: &Spec, tensors: &[&Tensor]) {
    assert_eq!(
        spec.bindings.first(),
        Some(&Binding::Uniform),
        "{}: binding 0 is the uniform",
        spec.entry_point
    );
    let kinds = &spec.bindings[1..];
    assert_eq!(
        kinds.len(),
        tensors.len(),
        "{}: one tensor for each storage binding",
        spec.entry_point
    );
    let of = |kind| {
        kinds
            .iter()
            .zip(tensors)
            .filter(move |(k, _)| **k == kind)
            .map(|(_, tensor)| &tensor.buffer)
    };
    for written in of(Binding::Write) {
        let clash = of(Binding::Read).any(|read| read == written);
        assert!(
            !clash,
            "{}: a buffer is bound both to be read and to be written",
            spec.entry_point
        );
    }
}

/// Workgroups in x and y that hold `invocations`.
fn fold(invocations: usize) -> [u32; 2] {
    let groups = u32::try_from(invocations.div_ceil(WORKGROUP as usize))
        .expect("a dispatch of under 2^38 invocations");
    let rows = groups.div_ceil(GROUPS_PER_DIMENSION).max(1);
    [groups.div_ceil(rows), rows]
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn large_counts_fold_into_y() {
        assert_eq!(fold(0), [0, 1]);
        assert_eq!(fold(65), [2, 1]);
        assert_eq!(fold(65_535 * 64), [65_535, 1]);
        let [x, y] = fold(65_535 * 64 + 1);
        assert!(x <= 65_535 && y == 2 && x * y * 64 > 65_535 * 64);
    }
}
