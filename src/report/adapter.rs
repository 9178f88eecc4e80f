//! What the adapter is, and which others there are.

use serde_json::{Value, json};

use super::job::{Line, Teller};
use super::json::rounded;
use super::{Error, remedy};
use crate::gpu::{self, Context, Request};
use crate::limits;

pub(super) async fn describe(
    context: &Context,
    request: Request,
    tell: &mut Teller<'_>,
) -> Result<(), Error> {
    let adapter = context.adapter();
    let taken = adapter.get_info();
    if request == Request::Software && taken.device_type != wgpu::DeviceType::Cpu {
        return Err(missing(
            request,
            &gpu::Error::NoAdapter(format!("only {} did", taken.name)),
        ));
    }
    for (key, value) in about(&taken) {
        tell.set(key, value);
    }
    tell.set("vendor", format!("{:#06x}", taken.vendor));
    tell.set("device", format!("{:#06x}", taken.device));
    tell.set(
        "subgroupSizes",
        json!([taken.subgroup_min_size, taken.subgroup_max_size]),
    );
    tell.set("limits", limits_of(&adapter.limits()));
    tell.set("limitsUsed", limits_of(&context.device().limits()));
    tell.set("features", features_of(adapter.features()));
    tell.set("featuresUsed", features_of(context.device().features()));
    tell.set(
        "timestampPeriodNs",
        rounded(context.queue().get_timestamp_period().into()),
    );
    let mut is_found = false;
    for (number, other) in (0..).zip(gpu::adapters(context.instance()).await) {
        let other = other.get_info();
        let is_taken = !is_found && is_same(&other, &taken);
        is_found |= is_taken;
        let mut row = json!({"number": number, "taken": is_taken});
        for (key, value) in about(&other) {
            row[key] = value;
        }
        tell.row("adapters", row);
    }
    if taken.device_type == wgpu::DeviceType::Cpu && request == Request::Fastest {
        let text = format!(
            "This is a software adapter. {}",
            remedy::remedy(&remedy::Seen::look(), false)
        );
        tell.set("note", text);
    }
    tell.doing("counting multiply-adds");
    (tell.line)(Line::Peak(limits::flops_per_second(context).await?));
    Ok(())
}

/// The error of a machine without the adapter that was asked for.
pub(super) fn missing(request: Request, error: &gpu::Error) -> Error {
    let text = match error {
        gpu::Error::NoAdapter(text) => text,
        gpu::Error::NoDevice(text) => {
            let text = format!("The adapter opened no device: {text}. --adapter NUMBER asks another one.");
            return Error::NoAdapter(text);
        }
        error => return Error::NoAdapter(error.to_string()),
    };
    let remedy = match request {
        Request::Fastest => remedy::remedy(&remedy::Seen::look(), false),
        Request::Software => remedy::remedy(&remedy::Seen::look(), true),
        Request::Numbered(_) => "Without --adapter, the report lists their numbers.".into(),
    };
    Error::NoAdapter(format!("No such graphics adapter answered ({text}). {remedy}"))
}

fn about(info: &wgpu::AdapterInfo) -> [(&'static str, Value); 6] {
    [
        ("name", info.name.clone().into()),
        ("backend", info.backend.to_string().into()),
        ("kind", kind(info.device_type).into()),
        ("driver", info.driver.clone().into()),
        ("driverInfo", info.driver_info.clone().into()),
        ("bus", info.device_pci_bus_id.clone().into()),
    ]
}

fn kind(kind: wgpu::DeviceType) -> &'static str {
    match kind {
        wgpu::DeviceType::DiscreteGpu => "discrete",
        wgpu::DeviceType::IntegratedGpu => "integrated",
        wgpu::DeviceType::VirtualGpu => "virtual",
        wgpu::DeviceType::Cpu => "software",
        wgpu::DeviceType::Other => "unknown",
    }
}

/// Two equal cards differ in where they are plugged in.
fn is_same(one: &wgpu::AdapterInfo, other: &wgpu::AdapterInfo) -> bool {
    let key = |info: &wgpu::AdapterInfo| {
        (
            info.backend,
            info.name.clone(),
            info.device_pci_bus_id.clone(),
            info.driver_info.clone(),
        )
    };
    key(one) == key(other)
}

/// Those that kernels could use.
fn features_of(features: wgpu::Features) -> Value {
    let names = features.iter_names().map(|(name, _)| name);
    let matters = |name: &&str| COMPUTE.iter().any(|word| name.contains(word));
    names.filter(matters).collect::<Vec<_>>().into()
}

const COMPUTE: [&str; 5] = ["SHADER_F", "SHADER_I", "SUBGROUP", "TIMESTAMP", "COOPERATIVE"];

/// Those that decide which sizes and kernels fit.
fn limits_of(limits: &wgpu::Limits) -> Value {
    json!({
        "bufferBytes": limits.max_buffer_size,
        "bindingBytes": limits.max_storage_buffer_binding_size,
        "storageBuffers": limits.max_storage_buffers_per_shader_stage,
        "workgroupBytes": limits.max_compute_workgroup_storage_size,
        "workgroupInvocations": limits.max_compute_invocations_per_workgroup,
        "workgroupsPerDimension": limits.max_compute_workgroups_per_dimension,
        "offsetAlignment": limits.min_storage_buffer_offset_alignment,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_cards_are_told_apart_by_their_place() {
        let at = |bus: &str| wgpu::AdapterInfo {
            name: "Card".into(),
            device_pci_bus_id: bus.into(),
            ..wgpu::AdapterInfo::new(wgpu::DeviceType::DiscreteGpu, wgpu::Backend::Vulkan)
        };
        assert!(is_same(&at("0000:01:00.0"), &at("0000:01:00.0")));
        assert!(!is_same(&at("0000:01:00.0"), &at("0000:02:00.0")));
    }

    #[test]
    fn a_missing_adapter_names_the_remedy() {
        let none = gpu::Error::NoAdapter("of 1, none has number 3".into());
        let text = missing(Request::Numbered(3), &none).to_string();
        assert!(text.contains("number 3") && text.contains("--adapter"), "{text}");
        let text = missing(Request::Fastest, &gpu::Error::NoDevice("busy".into())).to_string();
        assert!(text.contains("busy"), "{text}");
    }
}
