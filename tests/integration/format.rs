//! Model files: yesterday's open, damaged ones are refused by kind, and no bytes do worse than that.

use sha2::{Digest, Sha256};
use tepal::describe::ModelDescription;
use tepal::error::ErrorKind;
use tepal::model::Model;
use tepal::table::{Domain, FeatureSchema};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const HEADER_BYTES: usize = 48;

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
const LAST_VERSION: u8 = 3;

fn kind(bytes: &[u8]) -> ErrorKind {
    Model::decode(bytes).unwrap_err().kind()
}

/// The file with another payload under a header that fits it.
fn forge(file: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut forged = file[..8].to_vec();
    forged.extend((payload.len() as u64).to_le_bytes());
    forged.extend(Sha256::digest(payload));
    forged.extend(payload);
    forged
}

#[test]
fn files_of_every_version_open_and_those_of_the_last_are_written_again_byte_for_byte() {
    for file in KEPT {
        let model = Model::decode(file).unwrap();
        assert!(model.provenance().fit.as_linear().unwrap().certificate.converged() && model.n_proof_rows() > 10);
        let again = model.encode().unwrap();
        assert_eq!(again == file, file[6] == LAST_VERSION);
        let rewritten = Model::decode(&again).unwrap();
        assert_eq!((rewritten.provenance(), rewritten.estimator()), (model.provenance(), model.estimator()));
        assert_eq!(model.digest(), file[16..HEADER_BYTES].iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    }
}

#[test]
fn every_single_flipped_bit_is_refused() {
    let [file, ..] = KEPT;
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut damaged = file.to_vec();
            damaged[at] ^= 1 << bit;
            let expected = match at {
                0..5 => ErrorKind::NotAModel,
                // Of these versions one has another payload.
                6 if [1, 2, 3].contains(&damaged[at]) => ErrorKind::InvalidModel,
                5..8 => ErrorKind::UnsupportedVersion,
                8..16 => ErrorKind::Truncated,
                _ => ErrorKind::Corrupt,
            };
            assert_eq!(kind(&damaged), expected, "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn every_truncation_is_refused() {
    let [file, ..] = KEPT;
    for length in 0..file.len() {
        let expected = if length == 0 { ErrorKind::NotAModel } else { ErrorKind::Truncated };
        assert_eq!(kind(&file[..length]), expected, "{length} bytes");
    }
    assert_eq!(kind(&[file, b"more"].concat()), ErrorKind::Truncated);
}

#[test]
fn other_formats_and_later_versions_are_refused_in_words() {
    for other in [&b"\x89PNG\r\n\x1a\n"[..], b"PK\x03\x04", b"{}", b"tepal", b"sepal length,species\n"] {
        assert_eq!(kind(other), ErrorKind::NotAModel);
    }
    let mut later = KEPT[0].to_vec();
    later[6] = LAST_VERSION + 1;
    let error = Model::decode(&later).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsupportedVersion);
    assert_eq!(
        error.to_string(),
        "byte 6: the model file has format version 4; this build of tepal reads versions 1 to 3; update tepal"
    );
}

/// Wherever a length may stand in the payload, one that claims 2^60 items is refused without allocating for it (an
/// attempt would abort the test process).
#[test]
fn forged_lengths_are_refused() {
    let huge = [&[253][..], &(1_u64 << 60).to_le_bytes()].concat();
    for file in KEPT {
        let payload = &file[HEADER_BYTES..];
        for at in 0..payload.len() {
            let forged = forge(file, &[&payload[..at], &huge[..], &payload[at..]].concat());
            let replaced = forge(file, &[&payload[..at], &huge[..], &payload[(at + 1).min(payload.len())..]].concat());
            for forged in [forged, replaced] {
                let kind = kind(&forged);
                assert!(
                    matches!(kind, ErrorKind::InvalidModel | ErrorKind::ProofMismatch | ErrorKind::NotFinite),
                    "{at}: {kind:?}"
                );
            }
        }
    }
}

/// A forger can fit the checksum; what the payload says is checked all the same.
#[test]
fn forged_payloads_open_or_are_refused_and_never_panic() {
    for file in KEPT {
        let payload = &file[HEADER_BYTES..];
        let mut refused = 0_u32;
        for at in 0..payload.len() {
            for value in [0, 1, 127, 250, 255] {
                let mut changed = payload.to_vec();
                changed[at] = value;
                match Model::decode(&forge(file, &changed)) {
                    Err(_) => refused += 1,
                    Ok(model) => {
                        let _ = serde_json::to_string(&ModelDescription::of(&model)).unwrap();
                        let _ = model.predict(&vec![1e300; model.n_features()]);
                        let numbers = model.coefficients().into_iter().flat_map(|output| output.original);
                        assert!(numbers.into_iter().all(f64::is_finite));
                    }
                }
            }
            assert_eq!(kind(&forge(file, &payload[..at])), ErrorKind::InvalidModel, "{at} bytes");
        }
        assert!(refused > 1000, "{refused}");
        assert_eq!(kind(&forge(file, &[payload, &[0]].concat())), ErrorKind::InvalidModel);
    }
}

#[test]
fn a_changed_coefficient_fails_the_proof() {
    let [file, ..] = KEPT;
    let model = Model::decode(file).unwrap();
    let coefficient = model.coefficients()[0].standardized[0];
    let payload = &file[HEADER_BYTES..];
    let at = payload.windows(8).position(|window| window == coefficient.to_le_bytes()).unwrap();
    let changed = [&payload[..at], &(coefficient * 1.5).to_le_bytes(), &payload[at + 8..]].concat();
    assert_eq!(kind(&forge(file, &changed)), ErrorKind::ProofMismatch);
    let not_finite = [&payload[..at], &f64::NAN.to_le_bytes(), &payload[at + 8..]].concat();
    assert_eq!(kind(&forge(file, &not_finite)), ErrorKind::InvalidModel);
}

#[test]
fn columns_predict_what_their_rows_do() {
    for file in KEPT {
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
