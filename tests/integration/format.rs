//! Model files: yesterday's open, damaged ones are refused by kind, and no bytes do worse than that.

use crate::forge::{self, Parts, VERSION};
use sha2::{Digest, Sha256};
use tepal::Pipeline;
use tepal::describe::ModelDescription;
use tepal::error::ErrorKind;
use tepal::model::{Estimator, Model, Node, Rule, Tree};
use tepal::table::{Domain, FeatureSchema, Table};
use tepal::train::{Learner, boosting, forest};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// One file of every kind and version, kept for ever.
const KEPT: [&[u8]; 9] = [
    include_bytes!("../models/v1-iris.tepal"),
    include_bytes!("../models/v1-breast-cancer.tepal"),
    include_bytes!("../models/v1-diabetes.tepal"),
    include_bytes!("../models/v2-iris.tepal"),
    include_bytes!("../models/v2-weighted.tepal"),
    include_bytes!("../models/v2-equal-columns.tepal"),
    include_bytes!("../models/v3-penguins.tepal"),
    include_bytes!("../models/v3-hdma.tepal"),
    include_bytes!("../models/v3-slid.tepal"),
];

/// The same of the last version.
const LAST: [&[u8]; 4] = [
    include_bytes!("../models/v4-iris.tepal"),
    include_bytes!("../models/v4-hdma.tepal"),
    include_bytes!("../models/v4-penguins.tepal"),
    include_bytes!("../models/v4-slid.tepal"),
];

/// Bytes of a file of an earlier version before its payload.
const OLD_HEADER_BYTES: usize = 48;

fn kind(bytes: &[u8]) -> ErrorKind {
    Model::decode(bytes).unwrap_err().kind()
}

fn parts(file: &[u8]) -> Parts {
    Parts::of(file).unwrap()
}

#[test]
fn files_of_every_version_open_and_those_of_the_last_are_written_again_byte_for_byte() {
    for file in KEPT.iter().chain(&LAST) {
        let model = Model::decode(file).unwrap();
        assert!(
            model.provenance().unwrap().fit.as_linear().unwrap().certificate.converged() && model.n_proof_rows() > 10
        );
        let again = model.encode().unwrap();
        assert_eq!(again == *file, file[6] == VERSION);
        assert_eq!(Model::upgrade(file).unwrap(), again);
        // What it is, and what it is called, does not depend on the version.
        assert!(Model::decode(&again).unwrap() == model);
        let first = Sha256::digest(&parts(&again).parts[0].1);
        assert_eq!(model.digest(), first.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    }
}

#[test]
fn every_single_flipped_bit_is_refused_or_said_of_the_record() {
    for file in [KEPT[0], LAST[0]] {
        let sound = Model::decode(file).unwrap();
        let (first, record) = (forge::header_bytes(file), parts(file).parts.get(2).map_or(0, |(_, part)| part.len()));
        for at in 0..file.len() {
            for bit in 0..8 {
                let mut damaged = file.to_vec();
                damaged[at] ^= 1 << bit;
                let place = format!("byte {at}, bit {bit}");
                let outcome = Model::decode(&damaged);
                if at >= first && at >= file.len() - record {
                    let model = outcome.unwrap();
                    assert_eq!(model.provenance().unwrap_err().kind(), ErrorKind::Corrupt, "{place}");
                    assert_eq!(model.encode().unwrap_err().kind(), ErrorKind::Corrupt, "{place}");
                    assert_eq!((model.digest(), model.estimator()), (sound.digest(), sound.estimator()));
                    continue;
                }
                // Where the header says what the record is, the record is what is wrong.
                let Err(error) = outcome else {
                    assert!(at > 8 && at < first, "{place}");
                    assert!(Model::decode(&damaged).unwrap().provenance().is_err(), "{place}");
                    continue;
                };
                let expected: &[ErrorKind] = match at {
                    0..5 => &[ErrorKind::NotAModel],
                    // Another version has another layout.
                    6 if (1..=VERSION).contains(&damaged[at]) => {
                        &[ErrorKind::InvalidModel, ErrorKind::Truncated, ErrorKind::Corrupt]
                    }
                    5..8 => &[ErrorKind::UnsupportedVersion],
                    8..16 if file[6] < VERSION => &[ErrorKind::Truncated],
                    _ if at < first && file[6] == VERSION => &[
                        ErrorKind::Truncated,
                        ErrorKind::InvalidModel,
                        ErrorKind::Corrupt,
                        ErrorKind::UnsupportedVersion,
                    ],
                    _ => &[ErrorKind::Corrupt],
                };
                assert!(expected.contains(&error.kind()), "{place}: {error}");
            }
        }
    }
}

#[test]
fn a_truncated_file_is_refused_unless_only_its_record_is_cut() {
    for file in [KEPT[0], LAST[0]] {
        let record = parts(file).parts.get(2).filter(|_| file[6] == VERSION).map_or(0, |(_, part)| part.len());
        for length in 0..file.len() {
            let outcome = Model::decode(&file[..length]);
            if length >= file.len() - record {
                let error = outcome.unwrap().provenance().unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Truncated, "{length} bytes");
                continue;
            }
            let expected = if length == 0 { ErrorKind::NotAModel } else { ErrorKind::Truncated };
            assert_eq!(outcome.unwrap_err().kind(), expected, "{length} bytes");
        }
        assert_eq!(kind(&[file, b"more"].concat()), ErrorKind::Truncated);
    }
}

#[test]
fn a_file_without_its_record_predicts_and_says_so() {
    let mut without = parts(LAST[1]);
    without.parts.truncate(2);
    let (model, whole) = (Model::decode(&without.file()).unwrap(), Model::decode(LAST[1]).unwrap());
    assert_eq!(model.digest(), whole.digest());
    assert_eq!(model.provenance().unwrap_err().to_string(), "the model file has no record");
    let description = serde_json::to_value(ModelDescription::of(&model)).unwrap();
    assert!(description["training"].is_null() && description["recordError"] == "the model file has no record");
    assert_eq!(description["features"], serde_json::to_value(ModelDescription::of(&whole)).unwrap()["features"]);
}

#[test]
fn parts_in_another_order_and_unknown_ones_are_refused() {
    let mut swapped = parts(LAST[0]);
    swapped.parts.swap(0, 2);
    assert_eq!(kind(&swapped.file()), ErrorKind::InvalidModel);
    let mut twice = parts(LAST[0]);
    twice.parts.push(twice.parts[2].clone());
    assert_eq!(kind(&twice.file()), ErrorKind::InvalidModel);
    let mut unknown = parts(LAST[0]);
    unknown.parts[1].0 = "appendix".into();
    assert_eq!(
        Model::decode(&unknown.file()).unwrap_err().to_string(),
        "the model needs \"appendix\", which this build of tepal does not know; update tepal, or fetch the file again if it may be damaged"
    );
}

#[test]
fn kinds_that_are_unknown_or_not_those_of_the_model_are_refused() {
    let mut unknown = parts(LAST[0]);
    unknown.kinds.push("estimator/network".into());
    let error = Model::decode(&unknown.file()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsupportedVersion);
    let message = "the model needs \"estimator/network\", which this build of tepal does not know; update tepal, or fetch the file again if it may be damaged";
    assert_eq!(error.to_string(), message);
    let mut missing = parts(LAST[0]);
    missing.kinds.pop();
    assert_eq!(kind(&missing.file()), ErrorKind::InvalidModel);
    let mut more = parts(LAST[0]);
    more.kinds.push("calibration/platt".into());
    more.kinds.sort();
    assert_eq!(kind(&more.file()), ErrorKind::InvalidModel);
}

#[test]
fn a_record_that_contradicts_itself_or_the_model_is_not_believed() {
    let other = parts(LAST[2]).part("record").clone();
    let mut exchanged = parts(LAST[0]);
    *exchanged.part("record") = other;
    let model = Model::decode(&exchanged.file()).unwrap();
    let message = "expected the class counts to add up to the training rows";
    assert_eq!(model.provenance().unwrap_err().to_string(), message);
}

/// Files that a forger made: each must be refused, or said of the record, within a moment and without a panic.
#[test]
fn deep_and_long_trees_are_refused() {
    // No names; notes within notes; lists within lists; more empty names than there are.
    let notes = [&[0_u8][..], &[5, 0, 0, 1].repeat(20_000), &[4, 0]].concat();
    let lists = [&[0_u8][..], &[6, 1].repeat(20_000), &[0]].concat();
    let names = [&[252_u8][..], &1_000_000_u32.to_le_bytes(), &[0; 1_000_000], &[0]].concat();
    for tree in [notes, lists, names] {
        let mut forged = parts(LAST[0]);
        *forged.part("record") = tree.clone();
        let model = Model::decode(&forged.file()).unwrap();
        assert_eq!(model.provenance().unwrap_err().kind(), ErrorKind::InvalidModel);
        let mut forged = parts(LAST[0]);
        *forged.part("presentation") = tree;
        assert_eq!(kind(&forged.file()), ErrorKind::InvalidModel);
    }
    let mut forged = parts(LAST[0]);
    forged.kinds = vec![String::new(); 100_000];
    assert_eq!(kind(&forged.file()), ErrorKind::InvalidModel);
    let mut forged = parts(LAST[0]);
    forged.kinds.push("\u{1b}[31m\n".into());
    let message = "the model needs \"\u{FFFD}[31m\u{FFFD}\", which this build of tepal does not know; update tepal, or fetch the file again if it may be damaged";
    assert_eq!(Model::decode(&forged.file()).unwrap_err().to_string(), message);
}

#[test]
fn a_number_has_one_form_so_that_a_model_has_one_digest() {
    for part in ["predictor", "record"] {
        let mut forged = parts(LAST[0]);
        let bytes = forged.part(part);
        let n_items = bytes[0];
        assert!(n_items < 251);
        // The same count in two bytes.
        bytes.splice(..1, [251, n_items, 0]);
        let model = Model::decode(&forged.file());
        match part {
            "predictor" => assert_eq!(model.unwrap_err().kind(), ErrorKind::InvalidModel),
            _ => assert_eq!(model.unwrap().provenance().unwrap_err().kind(), ErrorKind::InvalidModel),
        }
    }
}

#[test]
fn other_formats_and_later_versions_are_refused_in_words() {
    for other in [&b"\x89PNG\r\n\x1a\n"[..], b"PK\x03\x04", b"{}", b"tepal", b"sepal length,species\n"] {
        assert_eq!(kind(other), ErrorKind::NotAModel);
    }
    let mut later = KEPT[0].to_vec();
    later[6] = VERSION + 1;
    let error = Model::decode(&later).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsupportedVersion);
    assert_eq!(
        error.to_string(),
        "byte 6: the model file has format version 5; this build of tepal reads versions 1 to 4; update tepal"
    );
}

/// Puts a file together again.
type Put = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// The parts of a file that a digest covers, and how the file is put together again with another one in its place.
fn payloads(file: &[u8]) -> Vec<(Vec<u8>, Put)> {
    if file[6] < VERSION {
        let version = file[6];
        return vec![(file[OLD_HEADER_BYTES..].to_vec(), Box::new(move |payload| forge::old_file(version, payload)))];
    }
    let whole = parts(file);
    let part = |at: usize| {
        let whole = whole.clone();
        let put = move |payload: &[u8]| {
            let mut changed = whole.clone();
            changed.parts[at].1 = payload.to_vec();
            changed.file()
        };
        (parts(file).parts[at].1.clone(), Box::new(put) as Put)
    };
    (0..whole.parts.len()).map(part).collect()
}

/// Wherever a length may stand in a part, one that claims 2^60 items is refused without allocating for it (an attempt
/// would abort the test process). In the record it is said of the record.
#[test]
fn forged_lengths_are_refused() {
    let huge = [&[253][..], &(1_u64 << 60).to_le_bytes()].concat();
    for file in KEPT.iter().chain(&LAST) {
        for (payload, put) in payloads(file) {
            for at in 0..payload.len() {
                let forged = put(&[&payload[..at], &huge[..], &payload[at..]].concat());
                let replaced = put(&[&payload[..at], &huge[..], &payload[(at + 1).min(payload.len())..]].concat());
                for forged in [forged, replaced] {
                    let error = match Model::decode(&forged) {
                        Ok(model) if file[6] == VERSION => model.provenance().unwrap_err(),
                        outcome => outcome.unwrap_err(),
                    };
                    assert!(
                        matches!(
                            error.kind(),
                            ErrorKind::InvalidModel
                                | ErrorKind::ProofMismatch
                                | ErrorKind::NotFinite
                                | ErrorKind::UnsupportedVersion
                        ),
                        "{at}: {error}"
                    );
                }
            }
        }
    }
}

/// A model of trees, some of which split categories.
fn of_trees(learner: Learner, target: &str) -> Vec<u8> {
    let row = |i: usize| {
        let (x, c) = ((i * 37 % 101) as f64 / 8.0, ["u", "v", "w", "t", "s", "r"][i * 7 % 11 % 6]);
        let y = (x * 1.7).sin() + if c == "u" || c == "r" { 3.0 } else { 0.0 };
        format!("{x},{c},{y},{}\n", ["low", "mid", "high"][((y + 1.0) as usize).min(2)])
    };
    let csv = format!("x,c,y,z\n{}", (0..200).map(row).collect::<String>());
    let pipeline = Pipeline { learner, ..Pipeline::new(target) };
    pipeline.train(&Table::parse(csv.as_bytes()).unwrap()).unwrap().encode().unwrap()
}

fn boosted() -> Vec<u8> {
    of_trees(boosting::Options { rounds: 2, leaves: 6, ..boosting::Options::default() }.into(), "y")
}

/// Means of trees, of a number and of three classes.
fn forests() -> [Vec<u8>; 2] {
    let options = || forest::Options { trees: 2, leaves: 6, ..forest::Options::default() };
    ["y", "z"].map(|target| of_trees(options().into(), target))
}

/// A forger can fit the digests; what the parts say is checked all the same.
#[test]
fn forged_parts_open_or_are_refused_and_never_panic() {
    let boosted = boosted();
    let splits_categories = Model::decode(&boosted).unwrap();
    let splits_categories = match splits_categories.estimator() {
        Estimator::Trees(trees) => {
            let nodes = trees.trees().iter().flat_map(Tree::nodes);
            nodes.filter(|node| matches!(node, Node::Split { rule: Rule::OneOf { .. }, .. })).count()
        }
        _ => 0,
    };
    assert!(splits_categories > 0);
    let forests = forests();
    let of_trees = [&boosted[..], &forests[0], &forests[1]];
    for file in KEPT.iter().chain(&LAST).copied().chain(of_trees) {
        let mut refused = 0_u32;
        for (payload, put) in payloads(file) {
            for at in 0..payload.len() {
                for value in [0, 1, 127, 250, 255] {
                    let mut changed = payload.clone();
                    changed[at] = value;
                    match Model::decode(&put(&changed)) {
                        Err(_) => refused += 1,
                        Ok(model) => {
                            let _ = serde_json::to_string(&ModelDescription::of(&model)).unwrap();
                            let _ = model.predict(&vec![1e300; model.n_features()]);
                            let _ = model.explain(&vec![0.0; model.n_features()]);
                            let numbers = model.coefficients().into_iter().flat_map(|output| output.original);
                            assert!(numbers.into_iter().all(f64::is_finite));
                            refused += u32::from(model.provenance().is_err());
                        }
                    }
                }
                let cut = Model::decode(&put(&payload[..at]));
                let error = cut.and_then(|model| model.provenance()).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidModel, "{at} bytes");
            }
            let longer = Model::decode(&put(&[&payload[..], &[0]].concat()));
            assert_eq!(longer.and_then(|model| model.provenance()).unwrap_err().kind(), ErrorKind::InvalidModel);
        }
        assert!(refused > 1000, "{refused}");
    }
}

#[test]
fn a_changed_coefficient_fails_the_proof() {
    for file in [KEPT[0], LAST[0]] {
        let model = Model::decode(file).unwrap();
        let coefficient = model.estimator().as_linear().unwrap().coefficients[0];
        let (payload, put) = payloads(file).swap_remove(0);
        let at = payload.windows(8).position(|window| window == coefficient.to_le_bytes()).unwrap();
        let changed = [&payload[..at], &(coefficient * 1.5).to_le_bytes(), &payload[at + 8..]].concat();
        assert_eq!(kind(&put(&changed)), ErrorKind::ProofMismatch);
        let not_finite = [&payload[..at], &f64::NAN.to_le_bytes(), &payload[at + 8..]].concat();
        assert_eq!(kind(&put(&not_finite)), ErrorKind::InvalidModel);
    }
}

#[test]
fn columns_predict_what_their_rows_do() {
    for file in KEPT.iter().chain(&LAST) {
        let model = Model::decode(file).unwrap();
        let width = model.n_features();
        let value = |row: usize, feature: &FeatureSchema| match &feature.domain {
            Domain::Number(domain) => [domain.minimum, domain.median, domain.maximum][row % 3],
            Domain::Category { counts, .. } => counts.iter().position(|count| *count > 0).unwrap() as f64,
        };
        let rows: Vec<f64> =
            (0..7).flat_map(|row| model.schema().features.iter().map(move |feature| value(row, feature))).collect();
        let column = |feature: usize| rows.iter().skip(feature).step_by(width).copied().collect::<Vec<f64>>();
        let columns: Vec<Vec<f64>> = (0..width).map(column).collect();
        let mut slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let bits = |outputs: Vec<f64>| outputs.into_iter().map(f64::to_bits).collect::<Vec<u64>>();
        assert_eq!(bits(model.predict_columns(&slices).unwrap()), bits(model.predict_many(&rows).unwrap()));
        slices[width - 1] = &[];
        if width > 1 {
            let error = model.predict_columns(&slices).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::WrongLength);
            assert_eq!(error.place().column.as_deref(), Some(model.schema().features[width - 1].name.as_str()));
        }
        assert_eq!(model.predict_columns(&slices[1..]).unwrap_err().kind(), ErrorKind::WrongLength);
    }
}
