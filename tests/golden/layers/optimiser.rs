//! Optimisers over given gradients.

use contour_lab::gpu::{Context, Recording};
use contour_lab::optim::{Adam, CpuState, GpuState, Optimiser, Options, Sgd};

use super::{Bench, Case};
use crate::report::{Path, Report};
use crate::store::{Array, number, widen};

pub(crate) fn optimiser(context: &Context, case: &Case, report: &mut Report) {
    let params = &case.manifest["params"];
    let setting = |name: &str| params.get(name).map_or(0.0, number);
    let adam = || Adam {
        learning_rate: setting("lr"),
        beta1: number(&params["betas"][0]),
        beta2: number(&params["betas"][1]),
        eps: setting("eps"),
        weight_decay: setting("weight_decay"),
    };
    let optimiser = match case.manifest["optimiser"].as_str() {
        Some("Adam") => Optimiser::Adam(adam()),
        Some("AdamW") => Optimiser::AdamW(adam()),
        Some("SGD") => Optimiser::Sgd(Sgd {
            learning_rate: setting("lr"),
            momentum: setting("momentum"),
            nesterov: params.get("nesterov").is_some_and(|value| value == true),
            weight_decay: setting("weight_decay"),
        }),
        other => return report.fail(format!("no optimiser is called {other:?}")),
    };
    let tensors = &case.manifest["tensors"];
    let [start, slopes, after] =
        ["start", "grads", "params_after"].map(|name| case.group.array(&tensors[name]));
    let moments: Vec<Array> = ["first_moment", "second_moment", "momentum_buffer"]
        .iter()
        .filter_map(|name| tensors.get(name))
        .map(|name| case.group.array(name))
        .collect();
    let count = start.values.len();
    let tolerance = number(&case.manifest["tol"]["params_after"]["abs"]);

    let bench = Bench(context.clone());
    let [parameters, gradients] = [bench.upload(&start), bench.fresh(count)];
    let mut recording = Recording::new(context);
    let mut gpu = GpuState::record(
        &mut recording,
        &parameters,
        &gradients,
        optimiser,
        Options::default(),
    )
    .expect("small tensors");
    // The processor takes the steps of the twin, in f32.
    let mut fast = start.f32();
    let mut fast_cpu = CpuState::<f32>::new(optimiser, Options::default(), count);
    let mut twin = start.values;
    let mut cpu = CpuState::new(optimiser, Options::default(), count);
    for step in 0..slopes.shape[0] {
        let row = step * count..(step + 1) * count;
        let what = format!("{} step {}", case.id(), step + 1);
        gradients.write(context, &slopes.f32()[row.clone()]);
        gpu.advance(optimiser.learning_rate());
        context.submit(|encoder| recording.replay(encoder));
        fast_cpu.update(&mut fast, &slopes.f32()[row.clone()], optimiser.learning_rate());
        cpu.update(&mut twin, &slopes.values[row.clone()], optimiser.learning_rate());
        report.term();
        let expected = &after.values[row.clone()];
        report.close(Path::Gpu, &what, &bench.read(&parameters), expected, tolerance);
        report.close(Path::Processor, &what, &widen(&fast), expected, tolerance);
        report.close_twin(&what, &twin, expected, after.is_f32);
        for (moment, expected) in cpu.moments().iter().zip(&moments) {
            let expected_row = &expected.values[row.clone()];
            report.close_twin(&format!("{what} moment"), moment, expected_row, expected.is_f32);
        }
    }
}
