//! Which room may import which: the table in the crate doc, held against the source.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const LONGEST_FILE: usize = 400;
/// Crates that only the page may use.
const PAGE_ONLY: [&str; 5] = [
    "leptos",
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "wasm_bindgen_futures",
];
/// The page's canvas belongs to the view, which hands it to wgpu. In a browser only the device's own object compiles
/// in the background, and only the page has a clock. The engine's worker belongs to a browser as the page does.
const PAGE_ONLY_EXCEPT: [(&str, &str); 8] = [
    ("engine", "js_sys"),
    ("engine", "wasm_bindgen"),
    ("engine", "wasm_bindgen_futures"),
    ("engine", "web_sys"),
    ("view", "web_sys"),
    ("gpu", "js_sys"),
    ("gpu", "wasm_bindgen"),
    ("gpu", "wasm_bindgen_futures"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Room → rooms it may use, from the crate doc's table.
fn table() -> BTreeMap<String, Vec<String>> {
    let doc = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let names = |cell: &str| {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    doc.lines()
        .filter_map(|line| line.strip_prefix("//! | "))
        .map(|row| row.split('|').collect::<Vec<_>>())
        .filter(|cells| cells[0].contains('`'))
        .map(|cells| (names(cells[0])[0].clone(), names(cells[2])))
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

/// The room a source file belongs to, `None` for the door (lib, main, bin).
fn room(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (!["lib", "main", "bin"].contains(&name)).then(|| name.to_owned())
}

/// First path segments behind every `crate::` and every use of a page-only crate, outside comments.
fn mentions(source: &str) -> Vec<String> {
    let code: String = source
        .lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        // `use crate::{a, b::c}` names several rooms at depth one of the braces.
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            for letter in group.chars() {
                match letter {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => found.push(std::mem::take(&mut name)),
                    _ if depth == 0 => name.push(letter),
                    _ => {}
                }
            }
            found.push(name);
        } else {
            found.push(rest.into());
        }
    }
    let first = |path: &String| {
        path.trim()
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .next()
            .unwrap()
            .to_owned()
    };
    let mut rooms: Vec<String> = found.iter().map(first).filter(|name| !name.is_empty()).collect();
    rooms.extend(
        PAGE_ONLY
            .iter()
            .filter(|name| code.contains(&format!("{name}::")))
            .map(|name| (*name).to_owned()),
    );
    rooms
}

fn faults(room: &str, source: &str, table: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let Some(allowed) = table.get(room) else {
        return vec![format!("{room} is not in the crate doc's table")];
    };
    let may = |name: &String| {
        if PAGE_ONLY.contains(&name.as_str()) {
            return room == "ui" || PAGE_ONLY_EXCEPT.contains(&(room, name.as_str()));
        }
        // Names that are no rooms (macros at the crate's root) are the compiler's business.
        name == room || !table.contains_key(name) || allowed.contains(name)
    };
    mentions(source)
        .iter()
        .filter(|name| !may(name))
        .map(|name| format!("{room} may not use {name}"))
        .collect()
}

#[test]
fn imports_follow_the_table() {
    let table = table();
    assert!(table.len() >= 13, "the table was not found: {table:?}");
    let mut all = Vec::new();
    let mut rooms = 0;
    for path in files(&root().join("src")) {
        let Some(room) = room(&path) else { continue };
        rooms += 1;
        let source = std::fs::read_to_string(&path).unwrap();
        all.extend(
            faults(&room, &source, &table)
                .into_iter()
                .map(|fault| format!("{}: {fault}", path.display())),
        );
    }
    assert!(rooms > 20, "only {rooms} files found");
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn the_arrows_have_no_circle() {
    let table = table();
    let mut settled: Vec<&String> = Vec::new();
    while settled.len() < table.len() {
        let next = table
            .iter()
            .find(|(room, uses)| !settled.contains(room) && uses.iter().all(|used| settled.contains(&used)));
        let (room, _) = next.unwrap_or_else(|| {
            panic!(
                "a circle among {:?}",
                table
                    .keys()
                    .filter(|room| !settled.contains(room))
                    .collect::<Vec<_>>()
            )
        });
        settled.push(room);
    }
}

#[test]
fn no_file_outgrows_its_wall() {
    let mut long = Vec::new();
    for folder in ["src", "shaders", "tests", "www/css"] {
        let folder = root().join(folder);
        if !folder.is_dir() {
            continue;
        }
        for path in files(&folder) {
            if path
                .extension()
                .is_some_and(|extension| ["rs", "wgsl", "css"].contains(&extension.to_str().unwrap()))
            {
                let lines = std::fs::read_to_string(&path).unwrap().lines().count();
                if lines > LONGEST_FILE {
                    long.push(format!("{}: {lines} lines", path.display()));
                }
            }
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn a_forbidden_import_is_caught() {
    let table = table();
    assert_eq!(
        faults("net", "use crate::gpu::Tensor;", &table),
        Vec::<String>::new()
    );
    assert_eq!(faults("net", "use crate::{gpu, loss::Params};", &table).len(), 1);
    assert_eq!(faults("net", "fn f() { crate::train::go() }", &table).len(), 1);
    assert_eq!(faults("train", "use web_sys::Window;", &table).len(), 1);
    assert_eq!(faults("attic", "", &table).len(), 1);
}
