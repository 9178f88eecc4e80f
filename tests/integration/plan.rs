//! What a step costs: bytes on the device and dispatches.

use contour_lab::gpu::{Context, Recording, Request, Tensor};
use contour_lab::loss::{Facts, GpuLoss, Inputs, Preset};
use contour_lab::net::{GpuNetwork, Graph, Norm, Plan, Unet};
use contour_lab::optim::{Adam, GpuState, Optimiser, Options};
use pollster::block_on;

/// Images of a batch.
const IMAGES: usize = 4;
/// Dispatches of a whole step, the two that assemble the batch included.
const MOST_DISPATCHES: usize = 90;

fn context() -> Context {
    block_on(Context::poisoned(Request::Software)).unwrap()
}

fn unet(norm: Norm, width: usize, size: usize) -> Graph {
    let unet = Unet {
        classes: 4,
        width,
        norm,
        slope: 0.0,
        ..Unet::default()
    };
    unet.graph(size, size).unwrap()
}

#[test]
fn a_plan_takes_the_bytes_that_it_says() {
    let context = context();
    for norm in [Norm::Instance, Norm::None] {
        let graph = unet(norm, 8, 32);
        let parameters = Tensor::new(&context, "parameters", graph.arena_len()).unwrap();
        let gradients = Tensor::new(&context, "gradients", graph.arena_len()).unwrap();
        let before = context.tensor_bytes();
        for trains in [false, true] {
            let plan = if trains { Plan::training } else { Plan::inference };
            let plan = plan(&graph, IMAGES, context.choices());
            let bytes = plan.bytes();
            let mut recording = Recording::new(&context);
            let network = GpuNetwork::record_forward(&mut recording, &graph, plan, &parameters).unwrap();
            if trains {
                network
                    .record_backward(&mut recording, &gradients, |_, _| Ok(()))
                    .unwrap();
                assert_eq!(
                    bytes + 16 * graph.arena_len() as u64,
                    graph.training_bytes(IMAGES)
                );
            } else {
                assert_eq!(bytes, graph.inference_bytes(IMAGES));
            }
            assert_eq!(
                context.tensor_bytes() - before,
                bytes,
                "{norm:?}, trains: {trains}"
            );
            println!("{norm:?}, trains: {trains}: {bytes} bytes");
        }
        assert_eq!(context.tensor_bytes(), before, "all is given back");
    }
}

#[test]
fn a_step_takes_few_dispatches() {
    let context = context();
    let graph = unet(Norm::None, 16, 128);
    let tensor = |len| Tensor::new(&context, "data", len).unwrap();
    let [parameters, gradients] = [(); 2].map(|()| tensor(graph.arena_len()));
    let [labels, contour, weight] = [(); 3].map(|()| tensor(IMAGES * 128 * 128));
    let parts = Preset::AuthorsCode.params().parts(&Facts::of(4));
    let mut recording = Recording::new(&context);
    let plan = Plan::training(&graph, IMAGES, context.choices());
    let mut counts = Vec::new();
    let network = GpuNetwork::record_forward(&mut recording, &graph, plan, &parameters).unwrap();
    counts.push(recording.dispatches());
    let loss = |recording: &mut Recording, dlogits: &Tensor| {
        let inputs = Inputs {
            logits: &network.logits(),
            labels: &labels,
            contour: &contour,
            weight: &weight,
            shape: network.logits_shape(),
        };
        let loss = GpuLoss::record(recording, inputs, dlogits, &parts);
        loss.map(|_| recording.dispatches())
    };
    counts.push(network.record_backward(&mut recording, &gradients, loss).unwrap());
    counts.push(recording.dispatches());
    GpuState::record(
        &mut recording,
        &parameters,
        &gradients,
        Optimiser::Adam(Adam::default()),
        Options::default(),
    )
    .unwrap();
    counts.push(recording.dispatches());
    println!("after forward, loss, backward, optimiser: {counts:?}");
    assert!(counts[3] + 2 <= MOST_DISPATCHES, "{counts:?}");
}
