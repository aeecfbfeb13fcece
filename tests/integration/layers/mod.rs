//! How the source is laid out: the order of its modules, and which file may import from which.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic)]

mod graph;
mod source;
mod tokens;

use graph::{Crate, circles};
use source::Source;
use std::fs;
use std::path::{Path, PathBuf};
use tepal::model::ForestKind;
use tepal::train::{boosting, forest};

const LIBRARY: &str = "src/lib.rs";
const CRATES: [&str; 3] = [LIBRARY, "src/bin/tepal/main.rs", "src/bin/tepal-server.rs"];

/// Features decide whole modules, in lib.rs. This many conditions may stand elsewhere.
const FEATURE_CONDITIONS: usize = 25;

/// The most lines of a file, its tests aside.
const LINES: usize = 400;

/// Files of texts, which may be longer.
const TEXTS: [&str; 0] = [];

fn fail_unless_empty(rule: &str, found: &[String]) {
    assert!(found.is_empty(), "{rule}; {} found:\n  {}", found.len(), found.join("\n  "));
}

#[test]
fn modules_import_only_from_those_above_them() {
    let source = Source::parse(&fs::read_to_string(LIBRARY).unwrap(), &[]);
    let order: Vec<&str> = source.modules[0].declared.iter().map(|module| module.name.as_str()).collect();
    assert!(order.len() > 12, "{order:?}");
    let library = Crate::read(LIBRARY);
    let place = |file: &Path| order.iter().position(|name| *name == library.files[file].top);
    let imports = library.imports();
    let is_from_below = |from: &Path, to: &Path| place(from).is_some_and(|from| place(to).is_none_or(|to| to > from));
    let shipped = imports.iter().filter(|import| !import.is_test);
    let below = shipped.filter(|import| is_from_below(&import.from, &import.to));
    let found: Vec<String> = below.map(ToString::to_string).collect();
    assert!(imports.len() > 1000, "only {} imports were seen", imports.len());
    fail_unless_empty("a module imports only from those above it in lib.rs", &found);
}

/// The tests of a file count as its imports. A name that a `mod.rs` hands on belongs to the file that defines it.
#[test]
fn files_import_in_no_circle() {
    let mut found = Vec::new();
    for root in CRATES {
        found.extend(circles(Crate::read(root).imports().iter().filter(|import| !import.is_handed_on)));
    }
    fail_unless_empty("files import from each other in a circle", &found);
}

/// So the build that only predicts reaches no module of training, whatever conditions stand at the import.
#[test]
fn what_is_always_built_imports_nothing_that_needs_a_feature() {
    let library = Crate::read(LIBRARY);
    let needs_feature = |file: &Path| library.files[file].is_behind_feature;
    let imports = library.imports();
    let is_wrong = |from: &Path, to: &Path| from != Path::new(LIBRARY) && !needs_feature(from) && needs_feature(to);
    let own = imports.iter().filter(|import| !import.is_test && !import.is_handed_on);
    let wrong: Vec<String> = own.filter(|import| is_wrong(&import.from, &import.to)).map(ToString::to_string).collect();
    fail_unless_empty("a file that needs no feature imports from one that does", &wrong);
}

#[test]
fn features_decide_whole_modules() {
    let mut found = Vec::new();
    let mut total = 0;
    for root in CRATES {
        for (path, file) in Crate::read(root).files.into_iter().filter(|(path, _)| path != Path::new(LIBRARY)) {
            total += file.n_feature_conditions;
            found.extend(
                (file.n_feature_conditions > 0).then(|| format!("{} {}", file.n_feature_conditions, path.display())),
            );
        }
    }
    assert!(total <= FEATURE_CONDITIONS, "{total} conditions on features outside lib.rs:\n  {}", found.join("\n  "));
}

#[test]
fn no_file_is_long() {
    let mut found = Vec::new();
    for root in CRATES {
        let files =
            Crate::read(root).files.into_iter().filter(|(path, _)| TEXTS.iter().all(|text| path != Path::new(text)));
        let long = files.filter(|(_, file)| file.n_shipped_lines > LINES);
        found.extend(long.map(|(path, file)| format!("{} lines: {}", file.n_shipped_lines, path.display())));
    }
    fail_unless_empty(&format!("a file has at most {LINES} lines beside its tests"), &found);
}

/// What the tests above see depends on it.
#[test]
fn every_path_of_the_source_is_followed() {
    for root in CRATES {
        fail_unless_empty("a path leads nowhere", &Crate::read(root).unresolved());
    }
}

fn sources(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    fs::read_dir(path).unwrap().flat_map(|entry| sources(&entry.unwrap().path())).collect()
}

/// Types may say what they consist of. Two places decide what becomes of that as bytes: model files, and messages between
/// the workers of one build.
#[test]
fn only_the_codec_and_the_workers_write_bytes() {
    let writes = |path: &PathBuf| fs::read_to_string(path).unwrap().contains("bincode::config::standard()");
    let named: Vec<_> = sources(Path::new("src")).into_iter().filter(writes).collect();
    let is_allowed =
        |path: &PathBuf| path.starts_with("src/model/codec") || path == Path::new("src/distributed/message.rs");
    assert!(named.len() == 3 && named.iter().all(is_allowed), "{named:?}");
}

/// The page shows defaults in its empty boxes: they are those of the engine.
#[test]
fn the_page_names_the_defaults_of_the_learners() {
    let page = std::fs::read_to_string("www/views/train-controls.js").unwrap();
    let boosting = boosting::Options::default();
    let mut expected = vec![format!(
        "boosting: {{ rounds: {}, learningRate: {}, leaves: {}, minRows: {}, patience: null }},",
        boosting.rounds, boosting.learning_rate, boosting.leaves, boosting.min_rows
    )];
    assert_eq!(boosting.patience, None);
    for (name, kind) in [("forest", ForestKind::Forest), ("'extra-trees'", ForestKind::ExtraTrees)] {
        let forest::Options { trees, leaves, min_rows, .. } = forest::Options::of(kind);
        expected.push(format!("{name}: {{ trees: {trees}, leaves: {leaves}, minRows: {min_rows} }},"));
    }
    let forest::Options { leaves, min_rows, pruning, .. } = forest::Options::of(ForestKind::Tree);
    expected.push(format!("tree: {{ leaves: {leaves}, minRows: {min_rows}, pruning: {pruning} }},"));
    expected.retain(|line| page.contains(line));
    assert_eq!(expected.len(), 4, "only these stand there: {expected:?}");
}
