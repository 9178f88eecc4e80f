//! Every shader is parsed by naga and held against what the Rust side believes of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use contour_lab::gpu::{Binding, Spec, WORKGROUP, include, kept_as_told, resolve};
use contour_lab::ops::{self, numbers};
use contour_lab::reference;
use naga::valid::Capabilities;
use naga::{AddressSpace, Module, StorageAccess, TypeInner};

fn shader_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("shaders");
    let mut files = Vec::new();
    for room in std::fs::read_dir(root).unwrap() {
        let room = room.unwrap().path();
        files.extend(
            std::fs::read_dir(room)
                .unwrap()
                .map(|entry| entry.unwrap().path()),
        );
    }
    assert!(!files.is_empty(), "no shaders found");
    files
}

fn stem(path: &Path) -> String {
    let room = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
    format!("{room}/{}", path.file_stem().unwrap().to_str().unwrap())
}

fn parse(source: &str, constants: &[(&str, u32)], halves: u32) -> Module {
    let text = resolve(source, constants, halves);
    naga::front::wgsl::parse_str(&text).unwrap_or_else(|error| panic!("{}", error.emit_to_string(&text)))
}

/// The faults of one entry point against its spec; empty when they agree.
fn faults(spec: &Spec) -> Vec<String> {
    let module = parse(spec.source, spec.constants, 0);
    let Some(entry) = module
        .entry_points
        .iter()
        .find(|entry| entry.name == spec.entry_point)
    else {
        return vec![format!("{} has no entry point {}", spec.stem, spec.entry_point)];
    };
    let mut faults = Vec::new();
    if entry.workgroup_size != [WORKGROUP, 1, 1] {
        faults.push(format!(
            "{}: workgroup size {:?}",
            spec.entry_point, entry.workgroup_size
        ));
    }
    if spec
        .bindings
        .iter()
        .filter(|binding| **binding != Binding::Uniform)
        .count()
        > 8
    {
        faults.push(format!("{}: more than 8 storage buffers", spec.entry_point));
    }
    let used = used_globals(&module, entry);
    for (_, global) in module.global_variables.iter() {
        let Some(resource) = global.binding else { continue };
        let name = global.name.as_deref().unwrap_or("?");
        let declared = match global.space {
            AddressSpace::Uniform => Binding::Uniform,
            AddressSpace::Storage { access } if access.contains(StorageAccess::STORE) => Binding::Write,
            _ => Binding::Read,
        };
        match spec.bindings.get(resource.binding as usize) {
            Some(believed) if *believed == declared => {}
            // Another entry point's: several may share a number.
            _ if !used.contains(name) => {}
            believed => faults.push(format!(
                "{}: {name} is {declared:?}, not {believed:?}",
                spec.entry_point
            )),
        }
        if declared == Binding::Uniform {
            faults.extend(uniform_faults(&module, global.ty, spec));
        }
    }
    faults
}

fn validated(module: &Module, name: &str, capabilities: Capabilities) -> naga::valid::ModuleInfo {
    let mut validator = naga::valid::Validator::new(naga::valid::ValidationFlags::all(), capabilities);
    let info = validator.validate(module);
    info.unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

fn used_globals(module: &Module, entry: &naga::EntryPoint) -> BTreeSet<String> {
    let info = validated(module, &entry.name, Capabilities::default());
    let index = module
        .entry_points
        .iter()
        .position(|other| other.name == entry.name)
        .unwrap();
    let entry_info = info.get_entry_point(index);
    let globals = module.global_variables.iter();
    globals
        .filter(|(handle, _)| !entry_info[*handle].is_empty())
        .filter_map(|(_, global)| global.name.clone())
        .collect()
}

fn uniform_faults(module: &Module, ty: naga::Handle<naga::Type>, spec: &Spec) -> Vec<String> {
    let TypeInner::Struct { members, .. } = &module.types[ty].inner else {
        return vec![format!("{}: the uniform is no struct", spec.stem)];
    };
    let wgsl: Vec<(String, usize, String)> = members
        .iter()
        .map(|member| {
            let TypeInner::Scalar(scalar) = &module.types[member.ty].inner else {
                panic!("{}: not a scalar", spec.stem)
            };
            let name = match scalar.kind {
                naga::ScalarKind::Float => "f32",
                naga::ScalarKind::Uint => "u32",
                _ => "i32",
            };
            (
                member.name.clone().unwrap_or_default(),
                member.offset as usize,
                name.to_owned(),
            )
        })
        .collect();
    let rust: Vec<_> = spec
        .uniform
        .iter()
        .map(|(name, offset, ty)| ((*name).to_owned(), *offset, (*ty).to_owned()))
        .collect();
    if wgsl == rust {
        Vec::new()
    } else {
        vec![format!("{}: WGSL has {wgsl:?}, Rust {rust:?}", spec.stem)]
    }
}

#[test]
fn every_spec_agrees_with_its_shader() {
    let faults: Vec<_> = ops::all().into_iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_shader_that_takes_f16_is_valid_with_it() {
    let mut stems = BTreeSet::new();
    for spec in ops::all() {
        let halves = kept_as_told(&include(spec.source));
        if halves == 0 {
            continue;
        }
        let module = parse(spec.source, spec.constants, halves);
        validated(
            &module,
            spec.stem,
            Capabilities::default() | Capabilities::SHADER_FLOAT16,
        );
        stems.insert(spec.stem);
    }
    // The layers that a network is made of; a concatenation copies.
    let layers = [
        "conv1x1",
        "conv3x3.direct",
        "conv3x3.direct_weight",
        "norm",
        "activation",
        "pool",
        "upsample",
        "add",
        "attend",
        "sigmoid",
    ];
    for layer in layers {
        assert!(
            stems.contains(format!("net/{layer}").as_str()),
            "{layer} does not take f16"
        );
    }
}

#[test]
fn every_entry_point_has_a_spec_and_every_shader_a_twin() {
    let known: BTreeSet<_> = ops::all()
        .iter()
        .map(|spec| (spec.stem.to_owned(), spec.entry_point.to_owned()))
        .collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut missing = Vec::new();
    for path in shader_files() {
        let stem = stem(&path);
        let source = std::fs::read_to_string(&path).unwrap();
        if stem.starts_with("shared/") {
            // It may expect globals, so it is parsed in the shaders that import it, not alone.
            let has_entry_point = ["@compute", "@vertex", "@fragment"]
                .iter()
                .any(|stage| source.contains(stage));
            assert!(!has_entry_point, "{stem} is shared and has an entry point");
            continue;
        }
        // Loops need the constants of a variant; any of them has all the entry points.
        let constants = ops::all()
            .into_iter()
            .find(|spec| spec.stem == stem)
            .map_or(&[][..], |spec| spec.constants);
        let module = parse(&source, constants, 0);
        // A drawing pass moves finished numbers onto a surface: there is nothing in it for a twin to compute.
        let computes = |entry: &naga::EntryPoint| entry.stage == naga::ShaderStage::Compute;
        if !module.entry_points.is_empty() && !module.entry_points.iter().any(computes) {
            continue;
        }
        // A variant, `op.variant.wgsl`, has a file of its own among the ops and the twin of its op.
        let file = path.file_stem().unwrap().to_str().unwrap();
        let twin = file.split('.').next().unwrap();
        for side in [
            format!("src/reference/{twin}.rs"),
            format!("src/ops/{}.rs", file.replace('.', "/")),
        ] {
            if !root.join(&side).is_file() {
                missing.push(side);
            }
        }
        for entry in module.entry_points.iter().filter(|entry| computes(entry)) {
            if !known.contains(&(stem.clone(), entry.name.clone())) {
                missing.push(format!("{stem}: no spec for {}", entry.name));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// Where the two languages differ, and shaders that have a number of the table once more.
fn faults_of_numbers(table: &str, others: &[(String, String)]) -> Vec<String> {
    let module = naga::front::wgsl::parse_str(table).unwrap();
    let wgsl: BTreeSet<(String, u32)> = module
        .constants
        .iter()
        .map(|(_, constant)| {
            let name = constant.name.clone().unwrap();
            match module.global_expressions[constant.init] {
                naga::Expression::Literal(naga::Literal::U32(value)) => (name, value),
                ref other => panic!("{name}: {other:?}"),
            }
        })
        .collect();
    let rust: BTreeSet<_> = numbers::ALL
        .iter()
        .map(|(name, value)| ((*name).to_owned(), *value))
        .collect();
    let mut faults: Vec<String> = wgsl
        .symmetric_difference(&rust)
        .map(|(name, value)| format!("{name} = {value} is not on both sides"))
        .collect();
    for (name, _) in numbers::ALL {
        let again = others
            .iter()
            .filter(|(_, text)| text.contains(&format!("const {name} ")));
        faults.extend(again.map(|(stem, _)| format!("{stem} has a {name} of its own")));
    }
    faults
}

#[test]
fn numbers_shared_with_shaders_are_in_one_table() {
    let (table, others): (Vec<_>, Vec<_>) = shader_files()
        .iter()
        .map(|path| (stem(path), std::fs::read_to_string(path).unwrap()))
        .partition(|(stem, _)| stem == "shared/numbers");
    let table = &table[0].1;
    assert_eq!(faults_of_numbers(table, &others), Vec::<String>::new());
    assert_eq!(numbers::LABEL_BIT, reference::marks::LABEL_BIT);

    let drifted = table.replace("SIGMOID = 1u", "SIGMOID = 7u");
    assert!(!faults_of_numbers(&drifted, &others).is_empty());
    let extra = format!("{table}const CUBED = 4u;\n");
    assert!(!faults_of_numbers(&extra, &others).is_empty());
    let copy = ("loss/copy".to_owned(), "const LINEAR = 2u;".to_owned());
    assert!(!faults_of_numbers(table, &[others.as_slice(), &[copy]].concat()).is_empty());
}

#[test]
fn every_constant_of_a_variant_is_read_by_its_shader() {
    for spec in ops::all() {
        for (name, _) in spec.constants {
            let is_read = include(spec.source)
                .lines()
                .filter(|line| line.contains('$') || line.trim().starts_with("//#"))
                .any(|line| line.split(|c: char| !c.is_alphabetic()).any(|word| word == *name));
            assert!(is_read, "{} does not read {name}", spec.entry_point);
        }
    }
}

#[test]
fn a_drifted_spec_is_caught() {
    let honest = &ops::activation::FORWARD;
    assert_eq!(faults(honest), Vec::<String>::new());
    let swapped = Spec {
        bindings: &[Binding::Uniform, Binding::Read, Binding::Write],
        ..*honest
    };
    let renamed = Spec {
        uniform: &[
            ("count", 0, "u32"),
            ("incline", 4, "f32"),
            ("accumulate", 8, "u32"),
        ],
        ..*honest
    };
    let missing = Spec {
        entry_point: "activation_sideways",
        ..*honest
    };
    for spec in [swapped, renamed, missing] {
        assert!(!faults(&spec).is_empty(), "{spec:?} went unnoticed");
    }
}
