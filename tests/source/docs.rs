//! Documents: every link and every path leads somewhere, and the README stays short.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A visitor reads so much before they try the page.
const README_LINES: usize = 150;
/// What others wrote, what is built, and what Git does not hold.
const LEFT_OUT: [&str; 4] = ["node_modules", "target", "dist", ".git"];
/// Folders of the repository that guides lead to.
const PLACES: [&str; 9] = [
    "src/",
    "shaders/",
    "tests/",
    "docs/",
    "e2e/",
    "scripts/",
    "examples/",
    "www/",
    "bench/",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !path.is_symlink() && !LEFT_OUT.contains(&name) {
            found.extend(documents(&path));
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
    found
}

/// The text without fenced blocks and without code spans: both may hold brackets that are no links.
fn prose(text: &str) -> String {
    let mut fenced = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            lines.push(line.split('`').step_by(2).collect::<Vec<_>>().join("`"));
        }
    }
    lines.join("\n")
}

/// The targets of `[text](target)` and `![text](target)`.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1);
    targets
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.to_owned())
        .collect()
}

/// The anchors of a document's headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut fenced = false;
    let mut anchors = BTreeSet::new();
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if !fenced && line.starts_with('#') {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            let kept = heading
                .chars()
                .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
            anchors.insert(kept.collect::<String>().replace(' ', "-"));
        }
    }
    anchors
}

/// What is wrong with a link of `document`.
fn fault(document: &Path, target: &str) -> Option<String> {
    if target.starts_with("https://") {
        return None;
    }
    if target.contains("://") {
        return Some("a link outside is https".into());
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let file = if path.is_empty() {
        document.to_owned()
    } else {
        document.parent().unwrap().join(path)
    };
    let Ok(file) = file.canonicalize() else {
        return Some("there is no such file".into());
    };
    if !file.starts_with(root().canonicalize().unwrap()) {
        return Some("it leads out of the repository".into());
    }
    if !anchor.is_empty() && !anchors(&std::fs::read_to_string(&file).unwrap()).contains(anchor) {
        return Some("there is no such heading".into());
    }
    None
}

#[test]
fn every_link_leads_somewhere() {
    let documents = documents(root());
    assert!(documents.len() > 8, "only {} documents found", documents.len());
    let mut checked = 0;
    let mut faults = Vec::new();
    for document in &documents {
        let text = std::fs::read_to_string(document).unwrap();
        for target in links(&prose(&text)) {
            checked += 1;
            if let Some(fault) = fault(document, &target) {
                let name = document.strip_prefix(root()).unwrap().display();
                faults.push(format!("{name}: {target}: {fault}"));
            }
        }
    }
    assert!(checked > 20, "only {checked} links found");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A document that neither of the two names is found by nobody.
#[test]
fn every_guide_is_linked_from_the_top() {
    let tops = ["README.md", "CONTRIBUTING.md"].map(|top| std::fs::read_to_string(root().join(top)).unwrap());
    let targets: Vec<String> = tops.iter().flat_map(|top| links(top)).collect();
    let named: BTreeSet<&str> = targets
        .iter()
        .filter_map(|target| target.split('#').next())
        .collect();
    let guides = documents(&root().join("docs")).into_iter().map(|guide| {
        let name = guide.strip_prefix(root()).unwrap();
        name.to_str().unwrap().to_owned()
    });
    let top = ["ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "NOTICE.md"].map(str::to_owned);
    for guide in guides.chain(top) {
        assert!(
            named.contains(&*guide),
            "neither README.md nor CONTRIBUTING.md links {guide}"
        );
    }
}

/// Code spans that name a place in the repository, such as `src/lib.rs` and `tests/golden/`.
fn places(text: &str) -> Vec<&str> {
    let spans = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    spans
        .filter(|span| PLACES.iter().any(|folder| span.starts_with(folder)))
        .filter(|span| !span.contains([' ', '*', '<', '…']))
        .collect()
}

/// A guide that leads to a file that was moved sends its reader astray.
#[test]
fn every_place_that_a_guide_names_is_there() {
    let top = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|name| root().join(name));
    let guides: Vec<PathBuf> = documents(&root().join("docs")).into_iter().chain(top).collect();
    let mut checked = 0;
    let mut faults = Vec::new();
    for guide in &guides {
        let text = std::fs::read_to_string(guide).unwrap();
        for place in places(&text) {
            checked += 1;
            // The reader is to make it.
            let is_example = place.contains("/foo.");
            if !is_example && !root().join(place).exists() {
                let name = guide.strip_prefix(root()).unwrap().display();
                faults.push(format!("{name}: there is no {place}"));
            }
        }
    }
    assert!(checked > 20, "only {checked} places found");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_readme_is_short() {
    let lines = std::fs::read_to_string(root().join("README.md"))
        .unwrap()
        .lines()
        .count();
    assert!(
        lines <= README_LINES,
        "README.md has {lines} lines. Move what is more than an overview to docs/"
    );
}

#[test]
fn a_broken_link_is_caught() {
    let readme = root().join("README.md");
    assert_eq!(fault(&readme, "LICENSE-MIT"), None);
    for broken in [
        "docs/absent.md",
        "#no-such-heading",
        "../elsewhere",
        "http://example.org",
    ] {
        assert!(fault(&readme, broken).is_some(), "{broken}");
    }
    let text = "`[code](no)` and [a](b.md#c), ![d](e.png)\n```\n[x](y)\n```\n";
    assert_eq!(links(&prose(text)), ["b.md#c", "e.png"]);
    assert_eq!(
        places("`src/absent.rs`, `src/a b`, `cargo`\n`tests/`"),
        ["src/absent.rs", "tests/"]
    );
    assert!(anchors("# Who `may` use whom?\n").contains("who-may-use-whom"));
}
