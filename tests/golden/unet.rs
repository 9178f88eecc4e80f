//! The networks: logits, every weight gradient, and the loss over some optimiser steps through the real session.

mod processor;

use contour_lab::contour::{Choice, cpu as contour_cpu};
use contour_lab::gpu::{Context, Recording, Tensor};
use contour_lab::loss::{Facts, GpuLoss, Inputs, Params, Parts, cpu};
use contour_lab::net::{CpuNetwork, GpuNetwork, Graph, Plan, Unet, read_safetensors};
use contour_lab::optim::{Adam, Optimiser};
use contour_lab::reference::Real;
use contour_lab::train::{Augmentation, Crew, Dataset, Event, Recipe, Regimen, Session, Split};
use pollster::block_on;
use serde_json::Value;

use crate::losses;
use crate::report::{Path, Report};
use crate::store::{Array, Group, number, widen};

/// One network with its batch.
struct Case<'a> {
    group: &'a Group,
    manifest: &'a Value,
    unet: Unet,
    graph: Graph,
    weights: Vec<f32>,
    image: Vec<f32>,
    labels: Vec<u32>,
    contour: Vec<u32>,
    loss: Params,
    /// N, K, H, W.
    shape: [usize; 4],
}

pub fn check(context: &Context, group: &Group, report: &mut Report) {
    for manifest in group.cases() {
        report.case();
        let case = Case::read(group, manifest);
        let contour = contour_cpu::contour(&case.labels, case.dims(), &Choice::default());
        if !manifest["tensors"]["contour"].is_null() {
            report.equal(Path::Twin, &case.what("contour"), &contour, &case.contour);
        }
        if report.wants(Path::Twin) {
            case.twin(report);
        }
        if report.wants(Path::Processor) {
            case.processor(report);
        }
        case.gpu(context, report);
        case.trajectories(context, report);
    }
}

impl<'a> Case<'a> {
    fn read(group: &'a Group, manifest: &'a Value) -> Self {
        let natural = |name: &str| manifest[name].as_u64().expect("a whole number") as usize;
        let input = |name: &str| group.array(&manifest["tensors"][name]);
        let image = input("image");
        let [n, c, h, w] = image.nchw();
        let classes = natural("n_classes");
        let unet = Unet {
            in_channels: c,
            classes,
            width: natural("base"),
            depth: manifest["depth"].as_u64().map_or(3, |depth| depth as usize),
            kind: given(&manifest["kind"]).unwrap_or_default(),
            ..Unet::default()
        };
        let graph = unet.graph(h, w).expect("a network");
        assert_eq!(graph.parameter_count(), natural("n_parameters"));
        let file = manifest["weights_file"].as_str().expect("a weights file");
        let bytes = std::fs::read(group.folder.join(file)).expect("the initial weights");
        let weights = read_safetensors(&graph, &bytes).expect("weights of this network");
        let shape = [n, classes, h, w];
        let op = manifest["loss"].as_str().unwrap_or("cwcd");
        let loss = losses::params(op, &manifest["loss_params"], &[]).expect("a known loss");
        let (image, labels) = (image.f32(), input("labels").u32());
        // A loss that knows of no contour is given none.
        let contour = match &manifest["tensors"]["contour"] {
            Value::Null => contour_cpu::contour(&labels, [n, h, w], &Choice::default()),
            name => losses::bits(&group.array(name).u32(), shape),
        };
        Self {
            group,
            manifest,
            unet,
            graph,
            weights,
            image,
            labels,
            contour,
            loss,
            shape,
        }
    }

    fn what(&self, part: &str) -> String {
        format!("{} {part}", self.manifest["id"].as_str().expect("an id"))
    }

    fn dims(&self) -> [usize; 3] {
        let [n, _, h, w] = self.shape;
        [n, h, w]
    }

    fn array(&self, name: &str) -> Array {
        self.group.array(&self.manifest["tensors"][name])
    }

    fn tolerance(&self, name: &str) -> f64 {
        number(&self.manifest["tol"][name])
    }

    /// Of any f32 arithmetic, where the manifest has one. Others it only has for WGSL's, which is f32 with divisions and roots
    /// that may be off by some units in the last place.
    fn plain(&self, name: &str) -> &Value {
        let tolerances = &self.manifest["tol"];
        tolerances
            .get(name)
            .unwrap_or_else(|| &tolerances[format!("{name}_wgsl")])
    }

    fn plain_tolerance(&self, name: &str) -> f64 {
        number(self.plain(name))
    }

    /// Name and expectation of every activation that the manifest has.
    fn blocks(&self) -> Vec<(String, Array)> {
        let blocks = self.manifest["tensors"]["activations0"].as_object();
        let blocks = blocks.expect("activations").iter();
        blocks
            .map(|(block, name)| (block.clone(), self.group.array(name)))
            .collect()
    }

    fn parts(&self) -> Parts {
        self.loss.parts(&Facts::of(self.shape[1]))
    }

    fn weight<T: Real>(&self) -> Vec<T> {
        let [n, _, h, w] = self.shape;
        contour_cpu::weight_map(&self.labels, &self.contour, [n, h, w], &self.loss.weighting())
    }

    fn twin(&self, report: &mut Report) {
        let parameters = widen(&self.weights);
        let mut network = CpuNetwork::<f64>::new(&self.graph, self.shape[0]);
        network.input_mut().copy_from_slice(&widen(&self.image));
        network.forward(&parameters);
        let expected = self.array("logits0");
        report.term();
        report.close_twin(
            &self.what("logits"),
            network.logits(),
            &expected.values,
            expected.is_f32,
        );
        for (block, expected) in self.blocks() {
            report.term();
            let got = network
                .value(&block)
                .or_else(|| network.value(&format!("{block}.act2")));
            let got = got.expect("a node or a block of this name");
            report.close_twin(&self.what(&block), got, &expected.values, expected.is_f32);
        }
        let weight = self.weight::<f64>();
        let (_, dlogits) = cpu::evaluate(
            &cpu::Inputs {
                logits: network.logits(),
                labels: &self.labels,
                contour: &self.contour,
                weight: &weight,
                shape: self.shape,
            },
            &self.parts(),
        );
        network.dlogits_mut().copy_from_slice(&dlogits);
        let mut gradients = vec![0.0; self.graph.arena_len()];
        network.backward(&parameters, &mut gradients);
        for (name, expected, got) in self.gradients(&gradients) {
            report.term();
            report.close_twin(&self.what(&name), &got, &expected.values, expected.is_f32);
        }
    }

    fn gpu(&self, context: &Context, report: &mut Report) {
        let upload = |values: &[f32]| Tensor::from_slice(context, "golden", values).expect("a tensor");
        let labels = Tensor::from_slice(context, "labels", &self.labels).expect("labels");
        let contour = Tensor::from_slice(context, "contour", &self.contour).expect("a contour");
        let (parts, weight) = (self.parts(), upload(&self.weight::<f32>()));
        let parameters = upload(&self.weights);
        let gradients = Tensor::new(context, "gradients", self.graph.arena_len()).expect("an arena");
        let mut recording = Recording::new(context);
        recording.clear(&gradients);
        let plan = Plan::training(&self.graph, self.shape[0], context.choices());
        let network = GpuNetwork::record_forward(&mut recording, &self.graph, plan, &parameters)
            .expect("a network that fits");
        network
            .record_backward(&mut recording, &gradients, |recording, dlogits| {
                let (logits, shape) = (&network.logits(), network.logits_shape());
                let inputs = Inputs {
                    logits,
                    labels: &labels,
                    contour: &contour,
                    weight: &weight,
                    shape,
                };
                GpuLoss::record(recording, inputs, dlogits, &parts)
            })
            .expect("a loss that fits");
        network.input().write(context, &self.image);
        context.submit(|encoder| recording.replay(encoder));

        let logits: Vec<f32> = block_on(network.logits().read(context)).expect("logits");
        let expected = self.array("logits0");
        report.close(
            Path::Gpu,
            &self.what("logits"),
            &widen(&logits),
            &expected.values,
            self.tolerance("logits_abs_wgsl"),
        );
        let arena: Vec<f32> = block_on(gradients.read(context)).expect("gradients");
        for (name, expected, got) in self.gradients(&widen(&arena)) {
            let largest = expected
                .values
                .iter()
                .fold(0.0_f64, |largest, value| largest.max(value.abs()));
            let tolerance = self.tolerance("grad_rel_wgsl") * largest;
            report.close(Path::Gpu, &self.what(&name), &got, &expected.values, tolerance);
        }
    }

    /// Name, expectation and our values of every weight gradient.
    fn gradients(&self, arena: &[f64]) -> Vec<(String, Array, Vec<f64>)> {
        let named = self.manifest["tensors"]["grads0"].as_object().expect("gradients");
        assert_eq!(named.len(), self.graph.parameters.len());
        let of = |parameter: &contour_lab::net::Parameter| {
            let expected = self.group.array(&named[&parameter.name]);
            (
                format!("gradient of {}", parameter.name),
                expected,
                arena[parameter.range()].to_vec(),
            )
        };
        self.graph.parameters.iter().map(of).collect()
    }

    fn trajectories(&self, context: &Context, report: &mut Report) {
        let numbers = |name: &str| -> Vec<f64> {
            self.manifest[name]
                .as_array()
                .expect("a sequence")
                .iter()
                .map(number)
                .collect()
        };
        let expected = numbers("losses_float64");
        let recipe = self.recipe(expected.len());
        let dataset = self.dataset();
        let weights = || Some(self.weights.clone());

        let gpu = Session::on_gpu(context, recipe.clone(), &dataset, weights()).expect("a session");
        let (losses, _) = run(gpu, expected.len());
        self.sequence(
            Path::Gpu,
            &losses,
            &expected,
            &self.manifest["tol"]["loss_rel_wgsl"],
            report,
        );
        if report.wants(Path::Processor) {
            let fast = Session::on_processor(recipe.clone(), &dataset, weights(), Crew::new());
            let (losses, _) = run(fast.expect("a session"), expected.len());
            let tolerances = self.plain("loss_rel");
            self.sequence(Path::Processor, &losses, &expected, tolerances, report);
        }
        if !report.wants(Path::Twin) {
            return;
        }
        let twin = Session::on_cpu::<f64>(recipe, &dataset, weights()).expect("a session");
        let (losses, arena) = run(twin, expected.len());
        report.close_twin(&self.what("losses"), &losses, &expected, false);
        let file = &self.manifest["tensors"]["weights_final"];
        for parameter in &self.graph.parameters {
            report.term();
            let expected = self.group.array(&file[&parameter.name]);
            let what = self.what(&format!("final {}", parameter.name));
            report.close_twin(&what, &widen(&arena[parameter.range()]), &expected.values, true);
        }
    }

    /// The losses of a run, each within its own tolerance: differences grow from step to step.
    fn sequence(
        &self,
        path: Path,
        losses: &[f64],
        expected: &[f64],
        tolerances: &Value,
        report: &mut Report,
    ) {
        for (step, expected) in expected.iter().enumerate() {
            report.term();
            let tolerance = number(&tolerances[step]) * expected.abs();
            let what = self.what(&format!("loss {step}"));
            report.close(path, &what, &losses[step..=step], &[*expected], tolerance);
        }
    }

    fn recipe(&self, steps: usize) -> Recipe {
        let adam = || {
            Optimiser::Adam(Adam {
                learning_rate: number(&self.manifest["lr"]),
                ..Adam::default()
            })
        };
        Recipe {
            network: self.unet,
            contour: Choice::default(),
            loss: self.loss.clone(),
            optimiser: given(&self.manifest["optimiser"]).unwrap_or_else(adam),
            batch: self.shape[0],
            steps: steps as u64,
            validate_every: steps as u64,
            seed: 0,
            augmentation: Augmentation::default(),
            half_activations: false,
            patch: None,
            regimen: given::<Regimen>(&self.manifest["regimen"]).unwrap_or_default(),
        }
    }

    fn dataset(&self) -> Dataset {
        let [n, classes, h, w] = self.shape;
        let split = Split {
            train: (0..n as u32).collect(),
            validation: Vec::new(),
        };
        Dataset::ready(self.image.clone(), self.labels.clone(), classes, [w, h], split)
    }
}

/// A setting of a manifest, where it has one.
fn given<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).expect("a setting of ours")
}

/// The loss of every step, and the weights before the last one.
fn run(mut session: Session, steps: usize) -> (Vec<f64>, Vec<f32>) {
    for _ in 1..steps {
        session.step();
    }
    session.read_weights();
    session.step();
    let (mut losses, mut weights) = (Vec::new(), Vec::new());
    while let Some(event) = block_on(session.next()) {
        match event.expect("a device that works") {
            Event::Step { terms, .. } => losses.push(terms.total),
            Event::Weights { arena, .. } => weights = arena,
            _ => {}
        }
    }
    assert_eq!(losses.len(), steps);
    (losses, weights)
}
