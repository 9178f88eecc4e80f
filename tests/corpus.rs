//! Every file of the corpus gives what its entry says, without a panic and without memory for voxels
//! that are not there.
//!
//! `CONTOUR_LAB_CORPUS` names another folder of the same layout (`conformance/`, `hostile/`).

#[cfg(test)]
#[path = "corpus_checks/mod.rs"]
mod checks;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use checks::conformance;
use checks::hostile;
use checks::meter::{self, Metered};
use checks::{Entry, entries, honest_bytes, load, samples, spoil};
use contour_lab::nifti::{LabelDraft, Plane, Volume, sort_dropped};
use serde_json::json;

#[global_allocator]
static ALLOCATOR: meter::Meter = meter::Meter;

/// What a read needs whatever the file: one 32 KiB piece of scratch, the inflater's 32 KiB window with
/// its tables (some 11 KiB), the gzip header's strings and the text of an error.
const FIXED_BYTES: usize = 96 << 10;

/// A flipped gzip flag announces an extra field, for which flate2 makes room as announced: 16 bits of length.
const GZIP_EXTRA_BYTES: usize = 64 << 10;

fn folder(group: &str) -> PathBuf {
    std::env::var_os("CONTOUR_LAB_CORPUS")
        .map_or_else(
            || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus"),
            PathBuf::from,
        )
        .join(group)
}

/// Past the test harness, which keeps what passing tests print to itself.
fn report(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn allowance(entry: &Entry) -> usize {
    2 * honest_bytes(&entry.files) + FIXED_BYTES
}

/// Loads under watch: a panic or too much memory is a fault like any other.
fn watched(entry: &Entry, allowance: usize) -> (Option<checks::Loaded>, Vec<String>, usize) {
    let Metered { value, peak } = meter::measure(|| catch_unwind(AssertUnwindSafe(|| load(&entry.files))));
    let mut faults = Vec::new();
    if peak > allowance {
        faults.push(format!("took {peak} bytes, {allowance} are allowed"));
    }
    if value.is_err() {
        faults.push("panicked".to_owned());
    }
    (value.ok(), faults, peak)
}

fn run(group: &str, list: &str, check: impl Fn(&Entry, &checks::Loaded) -> Vec<String>) {
    let (about, all) = entries(&folder(group), list);
    assert!(!all.is_empty(), "no files in {group}");
    let (mut faults, mut files, mut loaded, mut refused, mut worst) = (Vec::new(), 0, 0, 0, 0.0_f64);
    for mut entry in all {
        entry.about = about.clone();
        let (result, mut found, peak) = watched(&entry, allowance(&entry));
        worst = worst.max(peak.saturating_sub(FIXED_BYTES) as f64 / honest_bytes(&entry.files).max(1) as f64);
        if let Some(result) = result {
            found.extend(check(&entry, &result));
            if result.is_ok() { loaded += 1 } else { refused += 1 }
        }
        files += entry.files.len();
        faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", entry.name)));
    }
    report(&format!(
        "corpus {group}: {} entries, {files} files, {loaded} loaded, {refused} refused, peak memory {worst:.2} of the content beside {FIXED_BYTES} bytes",
        loaded + refused
    ));
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn conformance_files_give_what_is_expected() {
    run("conformance", "expected.json", conformance::faults);
}

#[test]
fn hostile_files_do_what_their_manifest_says() {
    run("hostile", "manifest.json", hostile::faults);
}

#[test]
fn every_key_of_the_expectations_is_known() {
    if std::env::var_os("CONTOUR_LAB_CORPUS").is_some() {
        return;
    }
    let (_, all) = entries(&folder("conformance"), "expected.json");
    for entry in all {
        assert_eq!(
            conformance::unknown_keys(&entry),
            Vec::<String>::new(),
            "{}",
            entry.name
        );
    }
}

#[test]
fn conformance_checks_bite() {
    let (_, all) = entries(&folder("conformance"), "expected.json");
    let (mut bites, mut keys) = (0, std::collections::BTreeSet::new());
    for entry in all {
        // One large file adds nothing here but time.
        if honest_bytes(&entry.files) > 1 << 20 {
            continue;
        }
        let result = load(&entry.files);
        for key in conformance::checked_keys(&entry) {
            let mut wrong = entry.clone();
            wrong.expected[&key] = spoil::spoiled(&wrong.expected[&key]);
            assert!(
                !conformance::faults(&wrong, &result).is_empty(),
                "{}: a wrong {key} goes unnoticed",
                entry.name
            );
            bites += 1;
            keys.insert(key);
        }
    }
    report(&format!(
        "corpus: {bites} spoiled expectations noticed, in {} kinds",
        keys.len()
    ));
    assert!(keys.len() > 10);
}

#[test]
fn hostile_checks_bite() {
    let (about, all) = entries(&folder("hostile"), "manifest.json");
    for mut entry in all {
        entry.about = about.clone();
        let result = load(&entry.files);
        let other = if result.is_ok() { "error" } else { "load" };
        entry.expected["expect"] = json!(other);
        assert!(!hostile::faults(&entry, &result).is_empty(), "{}", entry.name);
        if result.is_ok() {
            entry.expected["expect"] = json!("load");
            entry.expected["nibabel"] = json!({});
            entry.about["base"]["max"] = json!(806.0);
            assert!(!hostile::faults(&entry, &result).is_empty(), "{}", entry.name);
        }
    }
}

#[test]
fn the_meter_sees_memory_taken_and_given_back() {
    let small = meter::measure(|| drop(vec![0_u8; 1000])).peak;
    assert!((1000..2000).contains(&small), "{small}");
    let two = meter::measure(|| (vec![0_u8; 1 << 20], vec![0_u8; 1 << 20])).peak;
    assert!(two >= 2 << 20, "{two}");
    let one_by_one = meter::measure(|| {
        drop(vec![0_u8; 1 << 20]);
        drop(vec![0_u8; 1 << 20]);
    });
    assert!(one_by_one.peak < 2 << 20, "{}", one_by_one.peak);
    let grown = meter::measure(|| {
        let mut bytes = vec![0_u8; 1 << 20];
        bytes.reserve_exact(1 << 20);
        bytes
    });
    assert!(
        grown.peak >= 3 << 20,
        "growing holds the old and the new: {}",
        grown.peak
    );
}

/// Everything that can be asked of a volume that did load.
fn exercise(volume: &Volume) {
    assert!(
        volume
            .spacing_mm()
            .iter()
            .all(|step| step.is_finite() && *step > 0.0)
    );
    assert!(
        volume
            .world_from_voxel()
            .iter()
            .flatten()
            .all(|entry| entry.is_finite())
    );
    let _ = volume.statistics(0..volume.frames(), 0);
    for plane in Plane::ALL {
        for index in [0, usize::MAX] {
            let _ = volume.slice(plane, index, 0);
        }
    }
    if let Ok(draft) = LabelDraft::read(volume) {
        let _ = draft.finish(volume);
    }
}

/// Small files of both groups, and what their gzip holds as files of their own.
fn seeds() -> Vec<Entry> {
    let mut seeds = Vec::new();
    for (group, list) in [("conformance", "expected.json"), ("hostile", "manifest.json")] {
        for entry in entries(&folder(group), list).1 {
            if honest_bytes(&entry.files) > 64 << 10 {
                continue;
            }
            let unpacked: Option<Vec<_>> = entry
                .files
                .iter()
                .map(|(name, bytes)| Some((name.clone(), checks::inflated(bytes)?)))
                .collect();
            if let Some(files) = unpacked {
                seeds.push(Entry {
                    files,
                    ..entry.clone()
                });
            }
            seeds.push(entry);
        }
    }
    assert!(!seeds.is_empty(), "no files to start from");
    seeds
}

#[test]
fn no_prefix_of_a_file_makes_it_panic() {
    let mut reads = 0;
    for seed in seeds() {
        let Some((_, bytes)) = seed.files.last() else {
            continue;
        };
        // All cuts of the header and its neighbourhood, and a spread of those in the voxels.
        let ends = (0..bytes.len()).filter(|&end| end < 640 || end % 61 == 0 || end + 20 > bytes.len());
        for end in ends {
            let mut cut = seed.clone();
            cut.files.last_mut().unwrap().1.truncate(end);
            let (result, faults, _) = watched(&cut, allowance(&cut));
            assert!(faults.is_empty(), "{} cut at {end}: {faults:?}", seed.name);
            if let Some(Ok(volume)) = result {
                exercise(&volume);
            }
            reads += 1;
        }
    }
    report(&format!("corpus: {reads} cut files read"));
}

#[test]
fn no_flipped_byte_makes_it_panic() {
    use rand::{RngExt, SeedableRng};
    let mut random = rand_pcg::Pcg64::seed_from_u64(2024);
    let (mut reads, mut loaded) = (0, 0);
    for seed in seeds() {
        for _ in 0..200 {
            let mut flipped = seed.clone();
            let file = random.random_range(0..flipped.files.len());
            let bytes = &mut flipped.files[file].1;
            if bytes.is_empty() {
                continue;
            }
            for _ in 0..random.random_range(1..=4) {
                let end = if random.random_bool(0.8) {
                    bytes.len().min(600)
                } else {
                    bytes.len()
                };
                let at = random.random_range(0..end);
                bytes[at] = match random.random_range(0..4) {
                    0 => 0xff,
                    1 => 0x7f,
                    2 => bytes[at] ^ (1 << random.random_range(0..8)),
                    _ => random.random(),
                };
            }
            let (result, faults, _) = watched(&flipped, allowance(&flipped) + GZIP_EXTRA_BYTES);
            assert!(faults.is_empty(), "{}: {faults:?}", seed.name);
            if let Some(Ok(volume)) = result {
                catch_unwind(AssertUnwindSafe(|| exercise(&volume)))
                    .unwrap_or_else(|_| panic!("{} panics after loading", seed.name));
                loaded += 1;
            }
            let dropped = flipped.files.clone();
            let _ = catch_unwind(|| sort_dropped(dropped)).expect("dropping does not panic");
            reads += 1;
        }
    }
    report(&format!(
        "corpus: {reads} files with flipped bytes read, {loaded} of them still loaded"
    ));
    assert!(
        loaded > 0,
        "flips that leave a file readable are part of the test"
    );
}

#[test]
fn samples_are_as_their_list_says() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("www/samples");
    let pairs = samples::check(&folder);
    report(&format!("samples: {pairs} pairs read"));
    assert!(pairs > 0, "no samples found");
}
