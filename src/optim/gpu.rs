//! The state of a run on the GPU.

use super::{Optimiser, Options};
use crate::gpu::{self, Context, Recording, Tensor, Uniforms};
use crate::ops;

/// The moments of a run, its averaged weights, and the uniforms that each step rewrites.
#[derive(Debug)]
pub struct GpuState {
    optimiser: Optimiser,
    options: Options,
    step: u32,
    count: usize,
    uniforms: Uniforms,
    moments: Vec<Tensor>,
    parameters: Tensor,
    clip: Tensor,
    average: Option<(Tensor, Uniforms)>,
}

impl GpuState {
    /// Records the update of `parameters` from `gradients`: two arenas of one length, each in its own buffer.
    /// Call [`GpuState::advance`] before every submit, and [`GpuState::reset`] once the parameters have been written.
    ///
    /// # Errors
    /// [`gpu::Error::TooLarge`] past the binding limit.
    pub fn record(
        recording: &mut Recording,
        parameters: &Tensor,
        gradients: &Tensor,
        optimiser: Optimiser,
        options: Options,
    ) -> Result<Self, gpu::Error> {
        let count = parameters.len() - options.frozen;
        let [trained, slopes] = [parameters, gradients].map(|arena| arena.slice(options.frozen, count));
        let zeros = vec![0.0_f32; count];
        let moments = (0..optimiser.moments())
            .map(|_| Tensor::from_slice(recording.context(), "optimiser moment", &zeros))
            .collect::<Result<Vec<_>, _>>()?;
        // A factor of 1 leaves the gradients as they are.
        let clip = Tensor::from_slice(recording.context(), "gradient clip", &[1.0_f32, 0.0])?;
        if let Some(norm) = options.clip_norm {
            ops::gradient_norm::record(recording, &clip, &slopes, norm as f32)?;
        }
        let lr = optimiser.learning_rate();
        let uniforms = match optimiser {
            Optimiser::Adam(adam) | Optimiser::AdamW(adam) => {
                let params = adam.params(count, 1, lr, matches!(optimiser, Optimiser::AdamW(_)));
                let [m, v] = [&moments[0], &moments[1]];
                ops::adam::record(recording, &trained, [m, v], &slopes, &clip, &params)
            }
            Optimiser::Sgd(sgd) => {
                let params = sgd.params(count, lr);
                ops::sgd::record(recording, &trained, &moments[0], &slopes, &clip, &params)
            }
        };
        let average = options
            .averaging_rate(1)
            .map(|rate| {
                let average = Tensor::new(recording.context(), "averaged weights", parameters.len())?;
                let params = average_params(parameters.len(), rate);
                let uniforms = ops::average::record(recording, &average, parameters, &params);
                Ok((average, uniforms))
            })
            .transpose()?;
        Ok(Self {
            optimiser,
            options,
            step: 0,
            count,
            uniforms,
            moments,
            parameters: parameters.clone(),
            clip,
            average,
        })
    }

    /// Steps taken.
    #[must_use]
    pub fn step(&self) -> u32 {
        self.step
    }

    /// m and v, or the momentum buffer, of what is trained.
    #[must_use]
    pub fn moments(&self) -> &[Tensor] {
        &self.moments
    }

    /// Factor and norm of the last step's gradients; 1 and 0 where nothing is clipped.
    #[must_use]
    pub fn clip(&self) -> &Tensor {
        &self.clip
    }

    /// The weights to validate: the averaged ones where there are some.
    #[must_use]
    pub fn validated(&self) -> &Tensor {
        self.average
            .as_ref()
            .map_or(&self.parameters, |(average, _)| average)
    }

    /// Everything that a step changes.
    #[must_use]
    pub fn changed(&self) -> Vec<&Tensor> {
        let average = self.average.iter().map(|(average, _)| average);
        std::iter::once(&self.parameters)
            .chain(&self.moments)
            .chain(average)
            .collect()
    }

    /// Puts back what [`GpuState::changed`] held after `step` steps.
    pub fn resume(&mut self, context: &Context, pieces: &[&[f32]], step: u32) {
        self.step = step;
        for (tensor, piece) in self.changed().into_iter().zip(pieces) {
            tensor.write(context, piece);
        }
    }

    /// Readies the next step, for whatever is submitted afterwards.
    pub fn advance(&mut self, learning_rate: f64) {
        self.step += 1;
        match self.optimiser {
            Optimiser::Adam(adam) | Optimiser::AdamW(adam) => {
                let decoupled = matches!(self.optimiser, Optimiser::AdamW(_));
                let params = adam.params(self.count, self.step, learning_rate, decoupled);
                self.uniforms.write(&params);
            }
            Optimiser::Sgd(sgd) => self.uniforms.write(&sgd.params(self.count, learning_rate)),
        }
        if let (Some((average, uniforms)), Some(rate)) =
            (&self.average, self.options.averaging_rate(self.step))
        {
            uniforms.write(&average_params(average.len(), rate));
        }
    }

    /// Back to before the first step, from the parameters as they are.
    pub fn reset(&mut self, context: &Context) {
        self.step = 0;
        for moment in &self.moments {
            moment.write(context, &vec![0.0_f32; self.count]);
        }
        if let Some((average, _)) = &self.average {
            context.submit(|encoder| average.copy_from(encoder, 0, &self.parameters, 0, average.len()));
        }
    }
}

fn average_params(count: usize, rate: f64) -> ops::average::Params {
    ops::average::Params {
        count: count as u32,
        rate: rate as f32,
    }
}
