//! Compilation ahead of use, in parallel and off the page's way.
//!
//! wgpu only creates pipelines at once, which in a browser makes the first submission wait for the compiler. The
//! browser's own device compiles in the background; it keeps what it has compiled and gives it out again where the
//! same text, layout and entry point are asked for while the first object is alive. So the objects made here are
//! held until wgpu has asked for its own.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{Binding, Context, Kernel};

#[wasm_bindgen]
extern "C" {
    type Device;
    #[wasm_bindgen(method, js_name = createShaderModule)]
    fn create_shader_module(this: &Device, descriptor: &Object) -> JsValue;
    #[wasm_bindgen(method, js_name = createBindGroupLayout)]
    fn create_bind_group_layout(this: &Device, descriptor: &Object) -> JsValue;
    #[wasm_bindgen(method, js_name = createPipelineLayout)]
    fn create_pipeline_layout(this: &Device, descriptor: &Object) -> JsValue;
    #[wasm_bindgen(method, js_name = createComputePipelineAsync)]
    fn create_compute_pipeline_async(this: &Device, descriptor: &Object) -> Promise;
}

/// Compiles the kernels in parallel; `progress` is told how many are done. wgpu asks for each as soon as it is there,
/// so that no task of the page is long. A kernel that does not compile is left to wgpu, which reports it.
pub(super) async fn compile(context: &Context, kernels: &[Kernel], progress: &mut dyn FnMut(usize)) {
    let Some(device) = context.device().as_webgpu() else {
        return;
    };
    let device: &Device = device.unchecked_ref();
    // Those that take longest first, so that no processor is left with one at the end.
    let mut kernels: Vec<&Kernel> = kernels.iter().collect();
    let has_barriers = |text: &str| text.contains("workgroupBarrier");
    kernels.sort_by_key(|kernel| std::cmp::Reverse((has_barriers(kernel.text()), kernel.text().len())));
    let mut waiting: FuturesUnordered<_> = kernels
        .into_iter()
        .map(|kernel| {
            let compiled = JsFuture::from(ask(device, kernel));
            async move { (kernel, compiled.await) }
        })
        .collect();
    let mut done = 0;
    while let Some((kernel, compiled)) = waiting.next().await {
        kernel.compile(context);
        drop(compiled);
        done += 1;
        progress(done);
    }
}

fn ask(device: &Device, kernel: &Kernel) -> Promise {
    let entries: Array = (0..)
        .zip(kernel.bindings())
        .map(|(binding, kind)| JsValue::from(entry(binding, *kind)))
        .collect();
    let layout = device.create_bind_group_layout(&object(&[("entries", entries.into())]));
    let layouts = Array::of1(&layout);
    let layout = device.create_pipeline_layout(&object(&[("bindGroupLayouts", layouts.into())]));
    let module = device.create_shader_module(&object(&[("code", kernel.text().into())]));
    let stage = object(&[("module", module), ("entryPoint", kernel.entry_point().into())]);
    device.create_compute_pipeline_async(&object(&[("layout", layout), ("compute", stage.into())]))
}

/// As in `kernel::layout_entry`.
fn entry(binding: u32, kind: Binding) -> Object {
    let kind = match kind {
        Binding::Uniform => "uniform",
        Binding::Read => "read-only-storage",
        Binding::Write => "storage",
    };
    object(&[
        ("binding", binding.into()),
        ("visibility", wgpu::ShaderStages::COMPUTE.bits().into()),
        ("buffer", object(&[("type", kind.into())]).into()),
    ])
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        // A fresh object takes every key.
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object
}
