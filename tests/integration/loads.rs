//! Loads and stores of a pixel on the loss path, counted in the WGSL: the table of `docs/loss-path.md`.

use contour_lab::gpu::{Spec, resolve};
use contour_lab::ops;

/// Names of the storage bindings that an entry point binds, and its text without comments.
fn text(spec: &Spec) -> (Vec<String>, String) {
    let code: String = resolve(spec.source, spec.constants, 0)
        .lines()
        .map(|line| line.split("//").next().unwrap())
        .flat_map(|line| [line, "\n"])
        .collect();
    let names = code
        .lines()
        .filter_map(|line| line.split_once("var<storage, ")?.1.split_once("> "))
        .map(|(_, rest)| rest.split(':').next().unwrap().to_owned())
        .collect();
    (names, code)
}

/// From a brace to the one that closes it.
fn braced(code: &str) -> &str {
    let mut depth = 0;
    for (i, letter) in code.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return &code[..i],
            '}' => depth -= 1,
            _ => {}
        }
    }
    panic!("not closed")
}

/// Accesses of a storage binding in a piece of code: loads, stores.
fn accesses(names: &[String], code: &str) -> [usize; 2] {
    let mut counts = [0; 2];
    for name in names {
        for (at, _) in code.match_indices(&format!("{name}[")) {
            let inside_a_word = code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if inside_a_word {
                continue;
            }
            let mut depth = 0;
            let rest = &code[at + name.len()..];
            let end = rest.find(|c| {
                depth += i32::from(c == '[') - i32::from(c == ']');
                depth == 0
            });
            let after = rest[end.unwrap() + 1..].trim_start();
            counts[usize::from(after.starts_with("= "))] += 1;
        }
    }
    counts
}

/// Loads and stores outside the only loop, once for an invocation, and inside, once for each of its turns.
fn counted(spec: &Spec) -> [[usize; 2]; 2] {
    let (names, code) = text(spec);
    let entry = braced(&code[code.find("fn ").map(|_| code.find("@compute").unwrap()).unwrap()..]).to_owned();
    assert_eq!(entry.matches("for (").count(), 1, "{} has one loop", spec.stem);
    let inside = braced(&entry[entry.find("for (").unwrap()..]).to_owned();
    let (all, turn) = (accesses(&names, &entry), accesses(&names, &inside));
    [[all[0] - turn[0], all[1] - turn[1]], turn]
}

fn variant(specs: &'static [Spec], wanted: &[(&str, u32)]) -> &'static Spec {
    let has = |spec: &&Spec| spec.constants == wanted;
    specs.iter().find(has).unwrap()
}

const fn plain(split: u32, given: u32) -> [(&'static str, u32); 8] {
    [
        ("K", 4),
        ("FOCUS", 0),
        ("SIGMOID", 0),
        ("FIELD", 0),
        ("SQUARED", 0),
        ("COSTS", 0),
        ("SPLIT", split),
        ("GIVEN", given),
    ]
}

#[test]
fn a_pixel_of_the_fused_passes_costs_its_logits_and_a_word() {
    const K: usize = 4;
    for split in [0, 1] {
        let sums = counted(variant(&ops::fused_sums::SPECS, &plain(split, 0)));
        // Class weights; Σ value and Σ weight, and two vectors of sums a class.
        assert_eq!(sums, [[K, 1 + 2 * K], [K + 1, 0]]);
        let gradient = counted(variant(&ops::fused_gradient::SPECS, &plain(split, 0)));
        // Scale, class weights, and a vector of coefficients for each class, or two.
        assert_eq!(gradient, [[1 + K + K * (1 + split as usize), 0], [K + 1, K]]);
    }
    let loaded = counted(variant(&ops::fused_sums::SPECS, &plain(0, 1)));
    assert_eq!(loaded[1], [K + 2, 0], "a weight that is no contour's is loaded");
}

#[test]
fn a_row_of_eight_contour_pixels_costs_ten_labels() {
    assert_eq!(counted(&ops::label_contour::SPEC), [[20, 0], [10, 8]]);
}

#[test]
fn accesses_are_told_apart() {
    let names = ["a".to_owned(), "data".to_owned()];
    assert_eq!(
        accesses(&names, "a[i[0]] = a[j] + data[a[0]]; if a[0] == 1 {}"),
        [4, 1]
    );
    assert_eq!(accesses(&names, "let alpha = beta[0];"), [0, 0]);
}
