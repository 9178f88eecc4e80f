//! What the kernels for real GPUs load, counted in their WGSL: the inner loop's multiply-adds for each load from
//! workgroup memory, and how they read the tensors.

use contour_lab::gpu::{Spec, resolve};
use contour_lab::ops::conv3x3;
use naga::proc::TypeResolution;
use naga::valid::{Capabilities, FunctionInfo, ModuleInfo, ValidationFlags, Validator};
use naga::{
    AddressSpace, BinaryOperator, Block, Expression, Function, Handle, MathFunction, Module, Statement,
    TypeInner,
};

/// The least for a kernel that is not to wait for workgroup memory.
const MULTIPLY_ADDS_PER_LOAD: usize = 8;

/// What an expression reads from, if it is a load.
fn source(
    module: &Module,
    function: &Function,
    expression: Handle<Expression>,
) -> Option<(AddressSpace, String)> {
    let Expression::Load { pointer } = function.expressions[expression] else {
        return None;
    };
    let mut at = pointer;
    loop {
        match function.expressions[at] {
            Expression::Access { base, .. } | Expression::AccessIndex { base, .. } => at = base,
            Expression::GlobalVariable(global) => {
                let global = &module.global_variables[global];
                return Some((global.space, global.name.clone().unwrap_or_default()));
            }
            _ => return None,
        }
    }
}

/// Lanes of a vector, 1 of a float; 0 of anything else.
fn floats(module: &Module, info: &FunctionInfo, expression: Handle<Expression>) -> usize {
    let inner = match &info[expression].ty {
        TypeResolution::Handle(ty) => &module.types[*ty].inner,
        TypeResolution::Value(inner) => inner,
    };
    match inner {
        TypeInner::Scalar(scalar) if scalar.kind == naga::ScalarKind::Float => 1,
        TypeInner::Vector { size, scalar } if scalar.kind == naga::ScalarKind::Float => *size as usize,
        _ => 0,
    }
}

/// Loads from workgroup memory and multiply-adds of a block itself, not of the loops in it.
fn counted(module: &Module, function: &Function, info: &FunctionInfo, block: &Block) -> [usize; 2] {
    let mut counts = [0; 2];
    for statement in block {
        match statement {
            Statement::Emit(range) => {
                for expression in range.clone() {
                    let is_shared = |(space, _)| space == AddressSpace::WorkGroup;
                    counts[0] += usize::from(source(module, function, expression).is_some_and(is_shared));
                    counts[1] += match function.expressions[expression] {
                        Expression::Binary {
                            op: BinaryOperator::Multiply,
                            ..
                        } => floats(module, info, expression),
                        Expression::Math {
                            fun: MathFunction::Dot,
                            arg,
                            ..
                        } => floats(module, info, arg),
                        _ => 0,
                    };
                }
            }
            Statement::Block(inner) => add(&mut counts, counted(module, function, info, inner)),
            Statement::If { accept, reject, .. } => {
                add(&mut counts, counted(module, function, info, accept));
                add(&mut counts, counted(module, function, info, reject));
            }
            _ => {}
        }
    }
    counts
}

fn add(sum: &mut [usize; 2], other: [usize; 2]) {
    sum[0] += other[0];
    sum[1] += other[1];
}

/// The bodies of all loops, outer ones too.
fn loops<'a>(block: &'a Block, found: &mut Vec<&'a Block>) {
    for statement in block {
        match statement {
            Statement::Loop { body, .. } => {
                found.push(body);
                loops(body, found);
            }
            Statement::Block(inner) => loops(inner, found),
            Statement::If { accept, reject, .. } => {
                loops(accept, found);
                loops(reject, found);
            }
            _ => {}
        }
    }
}

fn parsed(spec: &Spec) -> (Module, ModuleInfo) {
    let module = naga::front::wgsl::parse_str(&resolve(spec.source, spec.constants, 0)).unwrap();
    let info = Validator::new(ValidationFlags::all(), Capabilities::default())
        .validate(&module)
        .unwrap();
    (module, info)
}

/// Loads from workgroup memory and multiply-adds of the loop with the most of these.
fn inner_loop(spec: &Spec) -> [usize; 2] {
    let (module, info) = parsed(spec);
    let place = module
        .entry_points
        .iter()
        .position(|entry| entry.name == spec.entry_point)
        .unwrap();
    let function = &module.entry_points[place].function;
    let mut bodies = Vec::new();
    loops(&function.body, &mut bodies);
    let counts = bodies
        .into_iter()
        .map(|body| counted(&module, function, info.get_entry_point(place), body));
    counts.max_by_key(|[_, products]| *products).unwrap()
}

fn tiled(entry_point: &str) -> Vec<&'static Spec> {
    let specs: Vec<_> = conv3x3::specs()
        .into_iter()
        .filter(|spec| spec.entry_point == entry_point)
        .collect();
    assert!(!specs.is_empty(), "no variant is called {entry_point}");
    specs
}

#[test]
fn a_load_from_workgroup_memory_serves_many_multiply_adds() {
    for (entry_point, expected) in [("conv3x3_tiled", [30, 576]), ("conv3x3_tiled_weight", [13, 144])] {
        for spec in tiled(entry_point) {
            let [loads, products] = inner_loop(spec);
            println!("{entry_point}: {products} multiply-adds, {loads} loads");
            assert_eq!([loads, products], expected, "the head of the shader says so");
            assert!(products >= MULTIPLY_ADDS_PER_LOAD * loads);
        }
    }
}

/// Neighbours in a workgroup read neighbouring quads of a row (`q % QUADS` in the text), so whole quads are coalesced.
#[test]
fn tensors_are_read_in_quads() {
    for entry_point in ["conv3x3_tiled", "conv3x3_tiled_weight"] {
        for spec in tiled(entry_point) {
            if !spec.constants.contains(&("WHOLE", 1)) {
                continue;
            }
            let (module, info) = parsed(spec);
            let entries = module
                .entry_points
                .iter()
                .enumerate()
                .filter(|(_, entry)| entry.name == entry_point);
            let mut functions: Vec<_> = entries
                .map(|(i, entry)| (&entry.function, info.get_entry_point(i)))
                .collect();
            functions.extend(
                module
                    .functions
                    .iter()
                    .map(|(handle, function)| (function, &info[handle])),
            );
            let mut quads = 0;
            for (function, info) in functions {
                for (expression, _) in function.expressions.iter() {
                    match source(&module, function, expression) {
                        Some((AddressSpace::Storage { .. }, name))
                            if ["x", "dy", "taps"].contains(&name.as_str()) =>
                        {
                            assert_eq!(
                                floats(&module, info, expression),
                                4,
                                "{entry_point} reads {name} one by one"
                            );
                            quads += 1;
                        }
                        _ => {}
                    }
                }
            }
            assert_eq!(quads, 2, "{entry_point} reads two tensors");
        }
    }
}
