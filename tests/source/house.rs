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
    rows(&std::fs::read_to_string(root().join("src/lib.rs")).unwrap())
}

/// The first and the last column of the tables in a module's doc, as far as they name something.
fn rows(doc: &str) -> BTreeMap<String, Vec<String>> {
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
    without_a_circle(&table());
}

/// Whether all can be put in an order in which each uses only what stands before it.
fn without_a_circle(table: &BTreeMap<String, Vec<String>>) {
    let mut settled: Vec<&String> = Vec::new();
    while settled.len() < table.len() {
        let is_settled = |used: &String| settled.contains(&used) || !table.contains_key(used);
        let next = table
            .iter()
            .find(|(room, uses)| !settled.contains(room) && uses.iter().all(is_settled));
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

/// Floor of the page → floors that it may use, from the table in the doc of `src/ui/mod.rs`.
fn floors() -> BTreeMap<String, Vec<String>> {
    let doc = std::fs::read_to_string(root().join("src/ui/mod.rs")).unwrap();
    let rows = rows(&doc).into_iter();
    rows.filter(|(name, _)| root().join("src/ui").join(name).is_dir())
        .collect()
}

/// The module that a file of the page is, below `ui`.
fn module(path: &Path) -> Vec<String> {
    let inside = path
        .strip_prefix(root().join("src/ui"))
        .unwrap()
        .with_extension("");
    let names = inside.iter().map(|name| name.to_str().unwrap().to_owned());
    names.filter(|name| name != "mod").collect()
}

/// The paths at the head of a text, such as `a::x` and `a::b::y` of `a::{x, b::y};`.
fn paths(text: &str, before: &[String], found: &mut Vec<Vec<String>>) {
    let text = text.trim_start();
    if let Some(group) = text.strip_prefix('{') {
        let (mut depth, mut start) = (0, 0);
        for (at, letter) in group.char_indices() {
            match letter {
                '{' => depth += 1,
                ',' | '}' if depth == 0 => {
                    paths(&group[start..at], before, found);
                    start = at + 1;
                    if letter == '}' {
                        return;
                    }
                }
                '}' => depth -= 1,
                _ => {}
            }
        }
        return;
    }
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    let mut path = before.to_vec();
    path.extend((!name.is_empty()).then(|| name.to_owned()));
    match rest.strip_prefix("::") {
        Some(rest) => paths(rest, &path, found),
        None => found.push(path),
    }
}

/// What a file of the page uses of the page, below `ui`.
fn used(module: &[String], source: &str) -> Vec<Vec<String>> {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code = source.lines().filter(is_code).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        paths(rest, &[], &mut found);
    }
    let mut found: Vec<_> = found
        .into_iter()
        .filter(|path| path.first().is_some_and(|room| room == "ui"))
        .map(|path| path[1..].to_vec())
        .collect();
    // A chain of `super::` begins where no other stands before it.
    for (at, _) in code.match_indices("super::") {
        if code[..at].ends_with("super::") {
            continue;
        }
        let mut named = Vec::new();
        paths(&code[at..], &[], &mut named);
        found.extend(named.into_iter().map(|path| {
            let up = path.iter().take_while(|name| *name == "super").count();
            let mut full = module[..module.len().saturating_sub(up)].to_vec();
            full.extend_from_slice(&path[up..]);
            full
        }));
    }
    found
}

/// The arrows of a file of the page that its floor forbids.
fn floor_faults(module: &[String], source: &str, floors: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let Some(allowed) = floors.get(&module[0]) else {
        return vec![format!("{} is not in the table of src/ui/mod.rs", module[0])];
    };
    let is_bad = |path: &&Vec<String>| match path.as_slice() {
        [floor, rest @ ..] if *floor == module[0] => {
            floor == "panels" && rest.first().is_some_and(|panel| *panel != module[1])
        }
        [floor, ..] => !allowed.contains(floor),
        [] => true,
    };
    let uses = used(module, source);
    let faults = uses.iter().filter(is_bad);
    faults
        .map(|path| format!("{} may not use {}", module.join("::"), path.join("::")))
        .collect()
}

/// Every file of the page but its door, with its source.
fn page() -> Vec<(Vec<String>, String)> {
    let all = files(&root().join("src/ui")).into_iter();
    let sources = all.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let read = sources.map(|path| (module(&path), std::fs::read_to_string(&path).unwrap()));
    read.filter(|(module, _)| !module.is_empty()).collect()
}

#[test]
fn the_page_is_built_in_floors() {
    let floors = floors();
    assert!(floors.len() >= 6, "the table was not found: {floors:?}");
    let page = page();
    assert!(page.len() > 100, "only {} files found", page.len());
    // `panels/mod.rs` only names its folders.
    let inner = page.iter().filter(|(module, _)| *module != ["panels"]);
    let faults: Vec<String> = inner
        .flat_map(|(module, source)| floor_faults(module, source, &floors))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    without_a_circle(&floors);
}

#[test]
fn the_folders_of_a_floor_have_no_circle() {
    for floor in ["panels", "services", "ground"] {
        let mut arrows: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (module, source) in page() {
            if module[0] != floor || module.len() < 2 {
                continue;
            }
            let folders = used(&module, &source).into_iter().filter(|path| path[0] == floor);
            let others = folders.filter_map(|path| path.get(1).filter(|name| **name != module[1]).cloned());
            arrows.entry(module[1].clone()).or_default().extend(others);
        }
        assert!(arrows.len() > 3, "{floor}: {arrows:?}");
        without_a_circle(&arrows);
    }
}

#[test]
fn a_forbidden_floor_is_caught() {
    let floors = floors();
    let faults = |module: &str, source: &str| {
        let module: Vec<String> = module.split("::").map(str::to_owned).collect();
        floor_faults(&module, source, &floors).len()
    };
    assert_eq!(faults("panels::loss", "use crate::ui::store::State;"), 0);
    assert_eq!(faults("panels::loss::menu", "use super::formula;"), 0);
    assert_eq!(faults("panels::loss", "use super::viewer::Look;"), 1);
    assert_eq!(
        faults(
            "panels::loss",
            "use crate::ui::{parts::Bar, panels::{viewer, loss}};"
        ),
        1
    );
    assert_eq!(
        faults("store::run", "use crate::{gpu, ui::services::opening};"),
        1
    );
    assert_eq!(
        faults("parts::bar", "fn f() { super::super::panels::loss::f() }"),
        1
    );
    assert_eq!(faults("attic", ""), 1);
}
