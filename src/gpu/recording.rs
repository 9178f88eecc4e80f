//! A list of dispatches, made once and replayed every step.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use wgpu::util::DeviceExt;

use super::encoder::Replayed;
use super::pacing::{self, Pacing};
use super::{Binding, Context, Encoder, Error, Kernel, Spec, Tensor, Uniform, WORKGROUP};

/// The device's smallest guaranteed `maxComputeWorkgroupsPerDimension`.
const GROUPS_PER_DIMENSION: u32 = 65_535;

/// Commands as data. Ops add to it; a plan replays it.
#[derive(Debug)]
pub struct Recording {
    context: Context,
    commands: Vec<Command>,
    /// What each command is taken to cost, see [`pacing::cost`]; or, once profiled, shares of that by time.
    pub(super) costs: Vec<f64>,
    pacing: Arc<Mutex<Pacing>>,
    scope: Arc<str>,
    flops: u64,
    /// Those in use are held by whoever asked for them, too.
    scratch: Vec<Tensor>,
}

#[derive(Debug)]
pub(super) enum Command {
    Dispatch(Dispatch),
    Clear(Tensor),
    Copy {
        to: Tensor,
        to_at: usize,
        from: Tensor,
        from_at: usize,
        len: usize,
    },
}

#[derive(Debug)]
pub(super) struct Dispatch {
    pub kernel: Kernel,
    bind_group: wgpu::BindGroup,
    groups: [u32; 2],
    pub owner: Arc<str>,
    pub flops: u64,
    pub bytes: u64,
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
            costs: Vec::new(),
            pacing: Arc::default(),
            scope: "".into(),
            flops: 0,
            scratch: Vec::new(),
        }
    }

    /// Names whom the dispatches that follow belong to, such as a node of the network.
    pub fn scope(&mut self, owner: &str) {
        self.scope = owner.into();
    }

    /// Says how many floating-point operations the next dispatch does: of the algorithm, not of the kernel, so that
    /// variants can be compared. 0 where nobody says.
    pub fn flops(&mut self, flops: usize) {
        self.flops = flops as u64;
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
            .filter(|command| matches!(command, Command::Dispatch(_)))
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
    /// If the tensors do not match the spec, one holds f16 where the kernel reads f32, or one buffer is bound both to be read and to be written:
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
        let halves = (1..)
            .zip(tensors)
            .filter(|(_, tensor)| tensor.is_half())
            .fold(0, |bits, (binding, _)| bits | 1 << binding);
        let kernel = self.context.kernel_with(spec, halves);
        let resources =
            std::iter::once(buffer.as_entire_binding()).chain(tensors.iter().map(|tensor| tensor.binding()));
        let entries: Vec<_> = (0..)
            .zip(resources)
            .map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource })
            .collect();
        let bind_group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(spec.entry_point),
            layout: kernel.layout(),
            entries: &entries,
        });
        let (flops, bytes) = (std::mem::take(&mut self.flops), bound_bytes(tensors));
        self.push(
            Command::Dispatch(Dispatch {
                kernel,
                bind_group,
                groups: fold(invocations),
                owner: Arc::clone(&self.scope),
                flops,
                bytes,
            }),
            pacing::cost(flops, bytes),
        );
        Uniforms {
            context: self.context.clone(),
            buffer,
        }
    }

    /// Adds a fill with zeros.
    pub fn clear(&mut self, tensor: &Tensor) {
        self.push(Command::Clear(tensor.clone()), pacing::cost(0, tensor.bytes()));
    }

    /// Adds a copy of `len` elements, from element `from_at` of `from` to element `to_at` of `to`: many times as fast
    /// as a dispatch that moves them.
    ///
    /// # Panics
    /// If the two are views of one buffer, which WebGPU forbids.
    pub fn copy(&mut self, to: &Tensor, to_at: usize, from: &Tensor, from_at: usize, len: usize) {
        assert!(to.buffer != from.buffer, "a copy within one buffer");
        let (to, from) = (to.clone(), from.clone());
        self.push(
            Command::Copy {
                to,
                to_at,
                from,
                from_at,
                len,
            },
            pacing::cost(0, 8 * len as u64),
        );
    }

    fn push(&mut self, command: Command, cost: f64) {
        self.commands.push(command);
        self.costs.push(cost);
    }

    /// The kernels that it needs, for [`Context::compile`].
    pub fn kernels(&self) -> impl Iterator<Item = &Kernel> {
        self.commands().iter().filter_map(|command| match command {
            Command::Dispatch(dispatch) => Some(&dispatch.kernel),
            _ => None,
        })
    }

    pub(super) fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// Writes the commands into an encoder: one compute pass for each run of dispatches. What is expected to take
    /// longer than [`Context::limit_submissions`] is cut into several submissions, all of which but the last are
    /// sent.
    pub fn replay(&self, encoder: &mut Encoder) {
        let portions = self.portions();
        for (i, portion) in portions.into_iter().enumerate() {
            if i > 0 {
                encoder.cut();
            }
            self.encode(encoder, portion);
        }
        self.context.count_dispatches(self.dispatches());
        encoder.note(Replayed {
            pacing: Arc::clone(&self.pacing),
            cost: self.costs.iter().sum(),
        });
    }

    /// The ranges of commands that go into a submission each.
    pub(super) fn portions(&self) -> Vec<Range<usize>> {
        let total: f64 = self.costs.iter().sum();
        let [limit_ms, unmeasured_ms] = self.context.pace_of(total);
        let pacing = self.pacing.lock().unwrap_or_else(PoisonError::into_inner);
        let expected_ms = pacing.expected_ms().unwrap_or(unmeasured_ms);
        pacing::portions(&self.costs, limit_ms / expected_ms * total)
    }

    fn encode(&self, encoder: &mut wgpu::CommandEncoder, range: Range<usize>) {
        let is_dispatch = |command: &Command| matches!(command, Command::Dispatch(_));
        for run in self.commands[range].chunk_by(|a, b| is_dispatch(a) && is_dispatch(b)) {
            if !is_dispatch(&run[0]) {
                run[0].transfer(encoder);
                continue;
            }
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            for command in run {
                if let Command::Dispatch(dispatch) = command {
                    dispatch.encode(&self.context, &mut pass);
                }
            }
        }
    }
}

impl Command {
    /// What is no dispatch.
    pub(super) fn transfer(&self, encoder: &mut wgpu::CommandEncoder) {
        match self {
            Self::Dispatch(_) => {}
            Self::Clear(tensor) => encoder.clear_buffer(&tensor.buffer, tensor.offset, Some(tensor.bytes())),
            Self::Copy {
                to,
                to_at,
                from,
                from_at,
                len,
            } => to.copy_from(encoder, *to_at, from, *from_at, *len),
        }
    }
}

impl Dispatch {
    pub(super) fn encode(&self, context: &Context, pass: &mut wgpu::ComputePass<'_>) {
        let [x, y] = self.groups;
        pass.set_pipeline(self.kernel.pipeline(context));
        pass.set_bind_group(0, &self.bind_group, &[]);
        pass.dispatch_workgroups(x, y, 1);
    }
}

/// Bytes of the tensors, those bound twice once.
fn bound_bytes(tensors: &[&Tensor]) -> u64 {
    let is_first = |i: &usize| {
        let tensor = tensors[*i];
        tensors[..*i]
            .iter()
            .all(|other| other.buffer != tensor.buffer || other.offset != tensor.offset)
    };
    (0..tensors.len())
        .filter(is_first)
        .map(|i| tensors[i].bytes())
        .sum()
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
