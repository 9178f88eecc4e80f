//! Workloads that are a recording: made once, replayed every step.

use super::{Error, Given, Kind, Spec};
use crate::contour;
use crate::gpu::{self, Context, Profile, Recording, Ring, Tensor};
use crate::loss::LossStep;
use crate::net::{self, GpuNetwork, Graph, Op, Plan};
use crate::ops::{conv3x3, sum};

/// The recording, and the number that shows that it has run.
pub(super) struct Replay {
    recording: Recording,
    /// The network's input and the images that it is given before each replay: others live in its memory afterwards.
    images: Option<[Tensor; 2]>,
    answer: Tensor,
    ring: Ring<()>,
}

impl Replay {
    pub(super) async fn open(context: &Context, spec: &Spec, given: &Given) -> Result<Self, Error> {
        if spec.kind != Kind::Loss {
            net::tune(context, &spec.graph()?, spec.images, &mut |_, _| {}).await?;
        }
        let mut recording = Recording::new(context);
        let (answer, images) = match spec.kind {
            Kind::Loss => (loss(&mut recording, spec, given)?, None),
            Kind::Convolve => (convolutions(&mut recording, spec, given)?, None),
            Kind::Infer | Kind::Train => logits_sum(&mut recording, spec, given)?,
        };
        let kernels: Vec<_> = recording.kernels().cloned().collect();
        context.compile(&kernels, &mut |_, _| {}).await;
        Ok(Self {
            recording,
            images,
            answer,
            ring: Ring::new(context),
        })
    }

    pub(super) fn submit(&mut self) {
        let Self {
            recording,
            images,
            answer,
            ring,
        } = self;
        ring.submit((), &[answer], |encoder| {
            if let Some([input, images]) = images {
                input.copy_from(encoder, 0, images, 0, images.len());
            }
            recording.replay(encoder);
        });
    }

    pub(super) async fn wait(&mut self) -> Result<f64, Error> {
        let ((), words) = self.ring.next().await.ok_or(Error::Idle)?;
        Ok(f64::from(f32::from_bits(words?[0])))
    }

    /// What is written is written anew by each replay, so nothing has to be put back.
    pub(super) async fn profile(&mut self) -> Result<Profile, gpu::Error> {
        self.recording.profile().await
    }
}

/// The first element of a tensor that the recording writes last.
fn first(tensor: &Tensor) -> Tensor {
    tensor.slice(0, 1)
}

fn loss(recording: &mut Recording, spec: &Spec, given: &Given) -> Result<Tensor, gpu::Error> {
    let context = recording.context().clone();
    let labels = Tensor::from_slice(&context, "labels", &given.labels)?;
    let logits = Tensor::from_slice(&context, "logits", &given.values)?;
    let shape = [spec.images, spec.classes, spec.height, spec.width];
    let choice = contour::Choice::default();
    Ok(LossStep::record(recording, &logits, &labels, &choice, &spec.parts(), shape)?.terms)
}

/// The sum, and where the images go.
fn logits_sum(
    recording: &mut Recording,
    spec: &Spec,
    given: &Given,
) -> Result<(Tensor, Option<[Tensor; 2]>), Error> {
    let context = recording.context().clone();
    let graph = spec.graph()?;
    let parameters = Tensor::from_slice(&context, "parameters", &given.arena(&graph)?)?;
    let plan = Plan::inference(&graph, spec.images, context.choices());
    let network = GpuNetwork::record_forward(recording, &graph, plan, &parameters)?;
    let images = Tensor::from_slice(&context, "images", &given.values)?;
    let strips = recording.scratch("sums by strip", sum::strips(network.logits().len()))?;
    let total = recording.scratch("sum", 1)?;
    sum::record(recording, &strips, &network.logits());
    sum::record(recording, &total, &strips);
    Ok((total, Some([network.input(), images])))
}

fn convolutions(recording: &mut Recording, spec: &Spec, given: &Given) -> Result<Tensor, Error> {
    let context = recording.context().clone();
    let graph = spec.graph()?;
    let parameters = Tensor::from_slice(&context, "parameters", &given.arena(&graph)?)?;
    let mut last = None;
    for node in graph.nodes.iter().filter(|node| is_conv3x3(node.op)) {
        let [input, output] = [node.inputs[0], node.output];
        let x = Tensor::from_slice(&context, "input", &values(&graph, input, spec, given))?;
        let y = Tensor::new(&context, "output", spec.images * graph.image_len(output))?;
        let [weight, bias] = [0, 1].map(|index| {
            let parameter = &graph.parameters[node.parameters[index]];
            parameters.slice(parameter.start, parameter.len())
        });
        let [c_in, h, w] = graph.shapes[input];
        let shape = [spec.images, c_in, h, w];
        let c_out = graph.shapes[output][0];
        let finish = conv3x3::Finish {
            bias: Some(&bias),
            slope: Some(0.0),
        };
        conv3x3::record_forward(recording, &y, &x, &weight, finish, shape, c_out)?;
        last = Some(y);
    }
    let last = last.ok_or_else(|| Error::Spec("the network has no convolution".into()))?;
    Ok(first(&last))
}

fn is_conv3x3(op: Op) -> bool {
    op == Op::Conv3x3
}

/// The images, over and over: as many numbers as the tensor has.
fn values(graph: &Graph, tensor: usize, spec: &Spec, given: &Given) -> Vec<f32> {
    let len = spec.images * graph.image_len(tensor);
    given.values.iter().copied().cycle().take(len).collect()
}
