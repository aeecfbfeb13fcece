//! A witness of what fits give, to the bit: the digests of model files and of predictions for every table times option
//! sets, as the first build with format version 4 gave them. A change that is meant to change no answer changes none of
//! them.
//!
//! `TEPAL_WITNESS=write cargo test --test integration witness` writes them again. The digests of files end with the next
//! format version; those of the predictions of `tests/models` stay.
use crate::tables;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use tepal::dataset::{Dataset, Roles, Source, Stream};
use tepal::distributed::{Coordinator, Worker};
use tepal::error::Result;
use tepal::evaluate::ThresholdRule;
use tepal::model::ClassWeight;
use tepal::model::Model;
use tepal::pipeline::{Pipeline, Training};
use tepal::preprocess::{self, Encoding, Impute, ImputeCategory, Scale, Unseen};
use tepal::table::{Domain, ReadOptions, Table};
use tepal::train::calibrate::CalibrationMethod;
use tepal::train::{Learner, Options, Solver};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const WITNESS: &str = include_str!("../golden/witness.json");

/// Tables of `tests/golden/mixed` with the columns to predict and to leave out.
const MIXED: [(&str, &str, &[&str], &str); 14] = [
    ("penguins", "species", &[], include_str!("../golden/mixed/penguins.csv")),
    ("penguins-raw", "Sex", &["Sample Number"], include_str!("../golden/mixed/penguins_raw.csv")),
    ("survey", "Sex", &[], include_str!("../golden/mixed/survey.csv")),
    ("survey-tab", "Sex", &[], include_str!("../golden/mixed/survey_tab.csv")),
    ("hdma", "deny", &[], include_str!("../golden/mixed/hdma.csv")),
    ("males", "union", &["nr"], include_str!("../golden/mixed/males.csv")),
    ("flchain", "death", &["mgus", "futime", "chapter"], include_str!("../golden/mixed/flchain.csv")),
    ("chile", "vote", &[], include_str!("../golden/mixed/chile.csv")),
    ("political", "y", &["id"], include_str!("../golden/mixed/political.csv")),
    ("slid", "wages", &[], include_str!("../golden/mixed/slid.csv")),
    ("slid-semicolon", "wages", &[], include_str!("../golden/mixed/slid_semicolon.csv")),
    ("cars93", "Price", &["Min.Price", "Max.Price", "Cylinders"], include_str!("../golden/mixed/cars93.csv")),
    ("msleep", "sleep_total", &["awake"], include_str!("../golden/mixed/msleep.csv")),
    ("bdi", "bdi.8m", &[], include_str!("../golden/mixed/bdi.csv")),
];

/// Tables that take too long in a browser's development build.
const LARGE: [&str; 6] = [
    "digits",
    "digits-raw",
    "classification-50000x20x2",
    "classification-20000x64x10",
    "scales-5000x20x3",
    "wide-200x2000",
];

/// The most rows of a table that are predicted.
const MOST_ROWS: usize = 500;

/// How rows get to a fit.
enum Way {
    Memory,
    Stream,
    Workers,
}

fn option_sets(pipeline: &Pipeline) -> Vec<(&'static str, Way, Pipeline)> {
    let with = |options: Options| Pipeline { learner: options.into(), ..pipeline.clone() };
    let Learner::Linear(plain) = pipeline.learner.clone() else { panic!("expected a linear learner") };
    let prepared = |preprocess: preprocess::Options| Options { preprocess, ..plain.clone() };
    let mean_robust = preprocess::Options {
        impute: Impute::Mean,
        indicators: true,
        scale: Scale::Robust,
        ..preprocess::Options::default()
    };
    let dropped = preprocess::Options {
        impute: Impute::MostFrequent,
        encode: Encoding::DropFirst,
        scale: Scale::MinMax,
        ..preprocess::Options::default()
    };
    let ordinal = preprocess::Options {
        impute: Impute::Constant(-1.5),
        impute_category: ImputeCategory::Constant("none".into()),
        encode: Encoding::Ordinal,
        scale: Scale::None,
        ..preprocess::Options::default()
    };
    let zeros = preprocess::Options { unseen: Unseen::Zeros, ..preprocess::Options::default() };
    vec![
        ("as the table's reference", Way::Memory, pipeline.clone()),
        ("the same as a stream", Way::Stream, pipeline.clone()),
        ("the same by three workers", Way::Workers, pipeline.clone()),
        ("every default", Way::Memory, with(Options::default())),
        (
            "Newton, first category dropped, ranges, folds",
            Way::Memory,
            Pipeline {
                folds: Some(3),
                seed: 3,
                ..with(Options { solver: Solver::Newton, l2: Some(0.25), ..prepared(dropped) })
            },
        ),
        (
            "L-BFGS, means, indicators, quartiles, rows held out",
            Way::Memory,
            Pipeline {
                test: Some(0.25),
                seed: 5,
                ..with(Options { solver: Solver::Lbfgs, l2: Some(3.0), ..prepared(mean_robust) })
            },
        ),
        (
            "no intercept, positions of categories, no scaling",
            Way::Memory,
            with(Options { intercept: false, l2: Some(0.5), ..prepared(ordinal.clone()) }),
        ),
        ("positions of categories in workers", Way::Workers, with(Options { l2: Some(2.0), ..prepared(ordinal) })),
        (
            "balanced, Platt, Youden, folds",
            Way::Memory,
            Pipeline {
                folds: Some(4),
                seed: 11,
                calibrate: Some(CalibrationMethod::Platt),
                threshold: Some(ThresholdRule::Youden),
                ..with(Options { class_weight: ClassWeight::Balanced, ..plain.clone() })
            },
        ),
        (
            "isotonic, sensitivity, unseen as zeros, rows held out",
            Way::Memory,
            Pipeline {
                test: Some(0.2),
                seed: 7,
                calibrate: Some(CalibrationMethod::Isotonic),
                threshold: Some(ThresholdRule::Sensitivity(0.9)),
                ..with(prepared(zeros))
            },
        ),
        (
            "fixed threshold, folds, rows held out",
            Way::Memory,
            Pipeline {
                test: Some(0.3),
                folds: Some(2),
                seed: 13,
                threshold: Some(ThresholdRule::Fixed(0.3)),
                ..pipeline.clone()
            },
        ),
        (
            "no penalty, short of the optimum accepted",
            Way::Memory,
            with(Options { l2: Some(0.0), max_iterations: 30, accept_unconverged: true, ..plain.clone() }),
        ),
    ]
}

#[derive(Debug)]
struct InMemory(Vec<u8>);

impl Source for InMemory {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>> {
        Ok(self.0[offset as usize..][..length].to_vec())
    }
}

fn by_workers(csv: &[u8], pipeline: &Pipeline) -> Result<Model> {
    let mut coordinator = Coordinator::new(&pipeline.roles, &ReadOptions::default());
    while let Some((first, length)) = coordinator.wants(csv.len() as u64) {
        let end = first as usize + length;
        coordinator.push(&csv[first as usize..end], end == csv.len())?;
    }
    let layout = coordinator.layout()?;
    let mut shares: Vec<Worker> = (0..3).map(|index| Worker::new(&layout, index, 3, 1 << 20)).collect::<Result<_>>()?;
    for is_fit in [false, true] {
        if is_fit {
            coordinator.fit(pipeline)?;
        }
        while let Some(question) = coordinator.ask()? {
            let mut answers = Vec::new();
            for share in &mut shares {
                share.begin(&question)?;
                while let Some((first, length)) = share.part()? {
                    share.feed(&csv[first as usize..][..length])?;
                }
                answers.push(share.answer()?);
            }
            coordinator.tell(&answers)?;
        }
    }
    coordinator.finish()
}

fn fit(csv: &str, dataset: &Dataset, way: &Way, pipeline: &Pipeline) -> Result<Model> {
    let mut training = match way {
        Way::Workers => return by_workers(csv.as_bytes(), pipeline),
        Way::Memory => Training::new(dataset, pipeline)?,
        Way::Stream => {
            let source = Box::new(InMemory(csv.as_bytes().to_vec()));
            Training::stream(Stream::open(source, &pipeline.roles, &ReadOptions::default())?, pipeline)?
        }
    };
    while !training.progress().done {
        training.step()?;
    }
    Ok(training.finish()?.model)
}

/// The first 16 hexadecimal digits of a SHA-256.
fn short(bytes: &[u8]) -> String {
    Sha256::digest(bytes)[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest of what a model says of rows: outputs, and what each feature adds. A row that is refused counts as the kind of
/// its error and the column: sentences may become better.
fn said_of<'r>(model: &Model, rows: impl Iterator<Item = &'r [f64]>) -> String {
    let mut bytes = Vec::new();
    let mut add = |numbers: &[f64]| bytes.extend(numbers.iter().flat_map(|number| number.to_bits().to_le_bytes()));
    let mut refusals = String::new();
    for row in rows {
        match model.predict_many(row).and_then(|outputs| Ok((outputs, model.explain(row)?))) {
            Ok((outputs, explanations)) => {
                add(&outputs);
                for explanation in explanations {
                    add(&[explanation.score, explanation.baseline]);
                    add(&explanation.contributions);
                }
            }
            Err(error) => refusals.push_str(&format!("{:?} {:?}", error.kind(), error.place().column)),
        }
    }
    bytes.extend(refusals.bytes());
    short(&bytes)
}

fn witness_of(model: &Model, dataset: &Dataset) -> String {
    let rows: Vec<Vec<f64>> =
        dataset.spread(MOST_ROWS).into_iter().map(|row| dataset.features().row(row).to_vec()).collect();
    format!("{} {}", short(&model.encode().unwrap()), said_of(model, rows.iter().map(Vec::as_slice)))
}

fn witnesses(csv: &str, pipeline: &Pipeline) -> BTreeMap<String, String> {
    let dataset = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &pipeline.roles).unwrap();
    let has_two_classes = dataset.schema().target.classes().is_some_and(|classes| classes.len() == 2);
    let witness = |(name, way, mut pipeline): (&str, Way, Pipeline)| {
        if !has_two_classes {
            (pipeline.calibrate, pipeline.threshold) = (None, None);
        }
        let found = match fit(csv, &dataset, &way, &pipeline) {
            Ok(model) => witness_of(&model, &dataset),
            Err(error) => format!("refused: {error}"),
        };
        (name.to_owned(), found)
    };
    option_sets(pipeline).into_iter().map(witness).collect()
}

fn cases() -> Vec<(&'static str, String, Pipeline)> {
    let reference = tables::NAMES.iter().map(|name| {
        let case = tables::case(name);
        let scale = if case.standardize { Scale::Standard } else { Scale::None };
        let class_weight = if case.balanced { ClassWeight::Balanced } else { ClassWeight::Equal };
        let options = Options {
            l2: Some(case.l2),
            preprocess: preprocess::Options::scaled(scale),
            intercept: case.intercept,
            class_weight,
            ..Options::default()
        };
        let roles = Roles { target: case.target.into(), weights: case.weights.map(str::to_owned), ..Roles::default() };
        (*name, case.csv, Pipeline { roles, learner: options.into(), ..named(case.target) })
    });
    let mixed = MIXED.iter().map(|(name, target, dropped, csv)| {
        let drop = dropped.iter().map(|name| (*name).to_owned()).collect();
        let roles = Roles { target: (*target).into(), drop, ..Roles::default() };
        (*name, (*csv).to_owned(), Pipeline { roles, ..named(target) })
    });
    reference.chain(mixed).collect()
}

fn named(target: &str) -> Pipeline {
    Pipeline { name: Some("witness".into()), created: Some(1_790_000_000), ..Pipeline::new(target) }
}

fn differences(expected: &BTreeMap<String, String>, found: &BTreeMap<String, String>, table: &str) -> Vec<String> {
    let names = expected.keys().chain(found.keys()).collect::<std::collections::BTreeSet<_>>();
    let differs = |name: &&&String| expected.get(**name) != found.get(**name);
    let tell = |name: &String| format!("{table}, {name}: {:?} became {:?}", expected.get(name), found.get(name));
    names.iter().filter(differs).map(|name| tell(name)).collect()
}

#[test]
fn files_and_predictions_are_those_of_the_witness() {
    let expected: BTreeMap<String, BTreeMap<String, String>> = serde_json::from_str(WITNESS).unwrap();
    let mut all = BTreeMap::new();
    let mut different = Vec::new();
    for (table, csv, pipeline) in cases() {
        if cfg!(target_arch = "wasm32") && LARGE.contains(&table) {
            continue;
        }
        let found = witnesses(&csv, &pipeline);
        assert!(found.len() >= 8);
        different.extend(differences(expected.get(table).unwrap_or(&BTreeMap::new()), &found, table));
        all.insert(table, found);
    }
    if is_written() {
        return write("tests/golden/witness.json", &all);
    }
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
}

/// Rows at the ends and in the middle of what a model's features hold.
fn typical_rows(model: &Model) -> Vec<Vec<f64>> {
    let values = |place: usize| -> Vec<f64> {
        let feature = &model.schema().features[place];
        match &feature.domain {
            Domain::Number(domain) => vec![domain.minimum, domain.median, domain.maximum, domain.median + 0.125],
            Domain::Category { counts, .. } => {
                let seen = (0..counts.len()).filter(|category| counts[*category] > 0);
                seen.map(|category| category as f64).collect()
            }
        }
    };
    let values: Vec<Vec<f64>> = (0..model.n_features()).map(values).collect();
    let row = |turn: usize| {
        let value = |(place, values): (usize, &Vec<f64>)| values[(turn + place * (turn % 3)) % values.len()];
        values.iter().enumerate().map(value).collect()
    };
    let with_gaps = |turn: usize| {
        let mut row: Vec<f64> = row(turn);
        row.iter_mut().skip(turn % 2).step_by(2).for_each(|value| *value = f64::NAN);
        row
    };
    (0..24).map(row).chain((0..4).map(with_gaps)).collect()
}

/// The digests of what the files of `tests/models` say of such rows: they stay for ever.
#[test]
fn kept_model_files_predict_what_they_always_did() {
    const KEPT: [(&str, &[u8]); 13] = [
        ("v1-iris", include_bytes!("../models/v1-iris.tepal")),
        ("v1-breast-cancer", include_bytes!("../models/v1-breast-cancer.tepal")),
        ("v1-diabetes", include_bytes!("../models/v1-diabetes.tepal")),
        ("v2-equal-columns", include_bytes!("../models/v2-equal-columns.tepal")),
        ("v2-iris", include_bytes!("../models/v2-iris.tepal")),
        ("v2-weighted", include_bytes!("../models/v2-weighted.tepal")),
        ("v3-hdma", include_bytes!("../models/v3-hdma.tepal")),
        ("v3-penguins", include_bytes!("../models/v3-penguins.tepal")),
        ("v3-slid", include_bytes!("../models/v3-slid.tepal")),
        ("v4-hdma", include_bytes!("../models/v4-hdma.tepal")),
        ("v4-iris", include_bytes!("../models/v4-iris.tepal")),
        ("v4-penguins", include_bytes!("../models/v4-penguins.tepal")),
        ("v4-slid", include_bytes!("../models/v4-slid.tepal")),
    ];
    let expected: BTreeMap<String, String> = serde_json::from_str(include_str!("../models/predictions.json")).unwrap();
    let said = |(name, file): &(&str, &[u8])| {
        let model = Model::decode(file).unwrap();
        ((*name).to_owned(), said_of(&model, typical_rows(&model).iter().map(Vec::as_slice)))
    };
    let found: BTreeMap<String, String> = KEPT.iter().map(said).collect();
    match is_written() {
        true => write("tests/models/predictions.json", &found),
        false => assert_eq!(found, expected),
    }
}

fn is_written() -> bool {
    std::env::var("TEPAL_WITNESS").is_ok_and(|word| word == "write")
}

fn write(path: &str, digests: &impl serde::Serialize) {
    std::fs::write(path, serde_json::to_string_pretty(digests).unwrap() + "\n").unwrap();
}
