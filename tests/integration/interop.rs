//! Models of other tools beside those tools' own predictions: `tests/interop` has the files, and how they are made.

use std::fs;
use std::path::{Path, PathBuf};
use tepal::Prediction;
use tepal::error::ErrorKind;
use tepal::interop::{ImportOptions, import};
use tepal::model::{Estimator, Model};
use tepal::table::{Domain, FeatureSchema};

/// The files of a tool: version, configuration, path.
pub(crate) fn files(tool: &str) -> Vec<(String, String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop").join(tool);
    let mut files = Vec::new();
    for version in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir()) {
        for file in fs::read_dir(version.path()).unwrap().map(|entry| entry.unwrap().path()) {
            if file.is_file() && file.extension().is_some_and(|extension| extension != "csv") {
                let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
                files.push((version.file_name().to_string_lossy().into_owned(), name(&file), file));
            }
        }
    }
    files.sort();
    files
}

/// The model of a file, as its model file has it; `None` for a configuration that is to be refused, and is.
fn carried(path: &Path, refused: &[&str]) -> Option<Model> {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let options = ImportOptions { allow_rows: true, ..ImportOptions::default() };
    let found = import(&fs::read(path).unwrap(), &options);
    if refused.contains(&name.as_str()) {
        assert_eq!(found.unwrap_err().kind(), ErrorKind::UnsupportedModel, "{}", path.display());
        return None;
    }
    let model = found.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(Model::decode(&model.encode().unwrap()).unwrap())
}

/// A file of the references.
pub(crate) fn reference(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop").join(path)).unwrap()
}

/// The rows of a file beside a model: the cells by the header's names.
fn rows(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let text = fs::read_to_string(path.with_extension("csv")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect());
    (lines.next().unwrap(), lines.collect())
}

/// The raw value of a cell; `None` for a fraction where a category is expected, which a table has for another category.
fn value(feature: &FeatureSchema, cell: &str) -> Option<f64> {
    match &feature.domain {
        _ if cell.is_empty() => Some(f64::NAN),
        Domain::Number(_) => cell.parse().ok(),
        Domain::Category { categories, .. } => match categories.position_of_text(cell) {
            Some(position) => Some(position as f64),
            None if cell.parse::<f64>().is_ok_and(|number| number.fract() != 0.0) => None,
            None => Some(categories.len() as f64),
        },
    }
}

/// The numbers of the columns that begin with a name, such as margin0, margin1.
fn numbers(header: &[String], row: &[String], name: &str) -> Vec<f64> {
    let is_it =
        |column: &str| column.strip_prefix(name).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    let cells = header.iter().zip(row).filter(|(column, _)| is_it(column));
    cells.map(|(_, cell)| cell.parse().unwrap()).collect()
}

fn scores(model: &Model, row: &[f64]) -> Vec<f64> {
    model.explain(row).unwrap().iter().map(|part| part.score).collect()
}

pub(crate) fn outputs(model: &Model, row: &[f64]) -> Vec<f64> {
    match model.predict(row).unwrap() {
        Prediction::Value(number) => vec![number],
        Prediction::Class { classes, probabilities, .. } => {
            assert_eq!(classes.len(), probabilities.len());
            probabilities
        }
    }
}

/// How many numbers of 64 bits lie between two.
fn ulps(a: f64, b: f64) -> u64 {
    let place = |number: f64| match number.to_bits() as i64 {
        bits if bits < 0 => i64::MIN - bits,
        bits => bits,
    };
    place(a).abs_diff(place(b))
}

fn ulps_of_singles(a: f64, b: f64) -> u32 {
    assert!([a, b].iter().all(|number| f64::from(*number as f32) == *number), "{a} or {b} has more than 32 bits");
    (a as f32).to_bits().abs_diff((b as f32).to_bits())
}

/// What a file says of its rows.
pub(crate) struct Found {
    pub(crate) n_rows: usize,
    /// Rows whose cell the tool truncates to a category.
    n_left_out: usize,
}

pub(crate) fn compare(path: &Path, model: &Model, name: &str, mut check: impl FnMut(&[f64], &[f64], &[f64])) -> Found {
    let (header, rows) = rows(path);
    let features = &model.schema().features;
    let mut found = Found { n_rows: 0, n_left_out: 0 };
    for row in &rows {
        let raw: Option<Vec<f64>> = features.iter().zip(row).map(|(feature, cell)| value(feature, cell)).collect();
        let Some(raw) = raw.filter(|raw| raw.iter().all(|value| !value.is_infinite())) else {
            found.n_left_out += 1;
            continue;
        };
        let (margins, outputs) = (numbers(&header, row, name), numbers(&header, row, "output"));
        check(&raw, &margins, &outputs);
        found.n_rows += 1;
    }
    found
}

#[test]
fn models_of_xgboost_keep_every_bit() {
    let (mut n_files, mut n_rows, mut n_outputs, mut n_other) = (0, 0, 0, 0);
    for (version, name, path) in files("xgboost") {
        let Some(model) = carried(&path, &["hinge"]) else { continue };
        let is_softmax = name == "softmax";
        let found = compare(&path, &model, "margin", |raw, margins, expected| {
            let outputs = outputs(&model, raw);
            // Of two classes the score is the difference of theirs, and its link has 64 bits.
            let (is_two, mut outputs) = (name.ends_with("softprob-two"), outputs);
            let difference = [(margins[margins.len() - 1] as f32 - margins[0] as f32).into()];
            let margins = if is_two { &difference } else { margins };
            assert_eq!(scores(&model, raw), margins, "{version} {name} {raw:?}");
            if is_two {
                outputs.iter_mut().for_each(|output| *output = f64::from(*output as f32));
            }
            if is_softmax {
                let most = outputs.iter().copied().fold(0.0, f64::max);
                assert_eq!(outputs.iter().position(|output| *output == most).unwrap() as f64, expected[0]);
                return;
            }
            let outputs = if outputs.len() > expected.len() { &outputs[1..] } else { &outputs };
            assert_eq!(outputs.len(), expected.len());
            for (output, expected) in outputs.iter().zip(expected) {
                if !is_two {
                    n_outputs += 1;
                    n_other += usize::from(output != expected);
                }
                assert!(ulps_of_singles(*output, *expected) <= 1, "{version} {name}: {output} and {expected}");
            }
        });
        n_files += 1;
        n_rows += found.n_rows;
        assert!(found.n_rows > 30 && found.n_left_out < 4, "{version} {name}: {} rows", found.n_rows);
    }
    assert!(n_files > 180 && n_rows > 7000, "{n_files} files, {n_rows} rows");
    println!("{n_files} files, {n_rows} rows, {n_other} of {n_outputs} outputs differ");
    assert!(n_other * 500 < n_outputs, "{n_other} of {n_outputs} outputs differ in the last bit");
}

#[test]
fn models_of_xgboost_use_all_trees_if_told() {
    for (version, name, path) in files("xgboost").into_iter().filter(|(_, name, _)| name.starts_with("early")) {
        let options = ImportOptions { all_trees: true, ..ImportOptions::default() };
        let model = import(&fs::read(&path).unwrap(), &options).unwrap();
        compare(&path, &model, "all", |raw, margins, _| {
            assert_eq!(scores(&model, raw), margins, "{version} {name} {raw:?}");
        });
    }
}

#[test]
fn models_of_lightgbm_keep_every_bit() {
    let (mut n_files, mut n_rows, mut n_contributions) = (0, 0, 0);
    for (version, name, path) in files("lightgbm") {
        let Some(model) = carried(&path, &[]) else { continue };
        let (header, rows) = rows(&path);
        // Of a random forest LightGBM's raw score is the sum.
        let n_rounds = if ["rf", "rf-binary", "rf-classes", "linear-rf"].contains(&name.as_str()) { 3.0 } else { 1.0 };
        let found = compare(&path, &model, "raw", |raw, margins, expected| {
            let margins = margins.iter().map(|margin| margin / n_rounds);
            // What LightGBM makes of a score before its link is made of scores here.
            let margins: Vec<f64> = match name.as_str() {
                "sqrt" => margins.map(|margin| margin * margin.abs()).collect(),
                "cross-entropy-lambda" => outputs(&model, raw),
                "softmax-two" => margins.rev().reduce(|second, first| second - first).into_iter().collect(),
                // Its logarithms are LightGBM's probabilities.
                "ova-two" => scores(&model, raw),
                "ova-sigmoid" => margins.map(|margin| 0.7 * margin).collect(),
                _ => margins.collect(),
            };
            assert_eq!(scores(&model, raw), margins, "{version} {name} {raw:?}");
            let outputs = outputs(&model, raw);
            let outputs = if outputs.len() > expected.len() { &outputs[1..] } else { &outputs };
            // Of classes against all others LightGBM's do not add up to 1.
            let total: f64 = if name.starts_with("ova") { expected.iter().sum() } else { 1.0 };
            let expected: Vec<f64> = expected.iter().map(|output| output / total).collect();
            for (output, expected) in outputs.iter().zip(&expected) {
                assert!(ulps(*output, *expected) <= 2, "{version} {name}: {output} and {expected}");
            }
        });
        n_files += 1;
        n_rows += found.n_rows;
        for row in rows {
            let expected = numbers(&header, &row, "contrib");
            let features = model.schema().features.iter();
            let raw: Option<Vec<f64>> = features.zip(&row).map(|(feature, cell)| value(feature, cell)).collect();
            let Some(raw) = raw.filter(|_| !expected.is_empty()) else { continue };
            // Of other estimators parts are estimated.
            let Estimator::Trees(_) = model.estimator() else { continue };
            let parts = model.explain(&raw).unwrap();
            let own = parts.iter().flat_map(|part| part.contributions.iter().chain([&part.baseline]));
            for (own, expected) in own.zip(&expected) {
                n_contributions += 1;
                assert!((own - expected).abs() < 1e-9, "{version} {name}: {own} and {expected}");
            }
        }
        assert!(found.n_rows > 15, "{version} {name}: {} rows", found.n_rows);
    }
    assert!(n_files > 130 && n_rows > 3000, "{n_files} files, {n_rows} rows");
    println!("{n_files} files, {n_rows} rows, {n_contributions} contributions");
    assert!(n_contributions > 8_000, "{n_contributions} contributions");
}

#[test]
fn models_of_catboost_keep_every_bit() {
    /// What is not carried.
    const REFUSED: [&str; 2] = ["one-hot", "lossguide-one-hot"];
    let (mut n_files, mut n_rows, mut largest) = (0, 0, 0);
    for (version, name, path) in files("catboost") {
        let Some(model) = carried(&path, &REFUSED) else { continue };
        // Rows have the classes in the order of the file, and the model has them sorted.
        let order = match name.as_str() {
            "text-classes" => vec![2, 1, 0],
            "text-two" => vec![1, 0],
            _ => Vec::new(),
        };
        let found = compare(&path, &model, "raw", |raw, margins, expected| {
            let (scores, outputs) = (scores(&model, raw), outputs(&model, raw));
            // Of two classes with a score each, it is their difference, or is made of the probabilities.
            let difference = [margins[margins.len() - 1] - margins[0]];
            let margins = match name.as_str() {
                "softmax-two" => &difference,
                "one-vs-all-two" => scores.as_slice(),
                _ => margins,
            };
            let place = |at: usize| order.get(at).copied().unwrap_or(at);
            for (at, score) in scores.iter().enumerate() {
                let expected =
                    if scores.len() == 1 { margins[0] } else { margins[(0..3).find(|k| place(*k) == at).unwrap()] };
                assert_eq!(*score, expected, "{version} {name} {raw:?}");
            }
            // Of classes against all others CatBoost's do not add up to 1.
            let total: f64 = if name.starts_with("one-vs-all") { expected.iter().sum() } else { 1.0 };
            let expected: Vec<f64> = expected.iter().map(|output| output / total).collect();
            // A probability may be predicted as a number.
            let expected = if outputs.len() < expected.len() { &expected[1..] } else { &expected };
            for (at, expected) in expected.iter().enumerate() {
                let output = outputs[if outputs.len() == 1 { 0 } else { place(at) }];
                largest = largest.max(ulps(output, *expected));
                assert!(ulps(output, *expected) <= 4, "{version} {name}: {output} and {expected}");
            }
        });
        n_files += 1;
        n_rows += found.n_rows;
        assert!(found.n_rows > 12, "{version} {name}: {} rows", found.n_rows);
    }
    println!("{n_files} files, {n_rows} rows, at most {largest} units apart");
    assert!(n_files > 75 && n_rows > 1500, "{n_files} files, {n_rows} rows");
}

#[test]
fn models_of_scikit_learn_predict_the_same() {
    let (mut n_files, mut n_rows, mut n_outputs, mut n_other, mut largest) = (0, 0, 0, 0, 0.0_f64);
    for (version, name, path) in files("sklearn") {
        let Some(model) = carried(&path, &[]) else { continue };
        let is_of_trees = model.n_trees() > 0;
        let found = compare(&path, &model, "output", |raw, _, expected| {
            let outputs = outputs(&model, raw);
            assert_eq!(outputs.len(), expected.len(), "{version} {name}");
            for (output, expected) in outputs.iter().zip(expected) {
                n_outputs += 1;
                n_other += usize::from(output != expected);
                largest = largest.max((output - expected).abs() / output.abs().max(1.0));
                let is_near = (output - expected).abs() <= 1e-12 * output.abs().max(1.0);
                assert!(is_near, "{version} {name} {raw:?}: {output} and {expected}");
                let is_score =
                    model.task() == tepal::table::Task::Regression && model.link() == tepal::model::Link::Identity;
                assert!(!(is_of_trees && is_score) || output == expected, "{version} {name}: {output} and {expected}");
            }
        });
        n_files += 1;
        n_rows += found.n_rows;
        assert!(found.n_rows > 20, "{version} {name}: {} rows", found.n_rows);
    }
    println!("{n_files} files, {n_rows} rows, {n_other} of {n_outputs} outputs differ, by at most {largest:e}");
    assert!(n_files > 80 && n_rows > 2500, "{n_files} files, {n_rows} rows");
}

#[test]
fn classes_in_another_order_keep_their_bits() {
    let two = reference("xgboost/3.2.0/logistic.json");
    let named = |classes: &[&str]| ImportOptions {
        classes: classes.iter().map(|class| (*class).to_owned()).collect(),
        ..ImportOptions::default()
    };
    let (sorted, turned) = (import(&two, &named(&["a", "b"])).unwrap(), import(&two, &named(&["b", "a"])).unwrap());
    let linear = reference("xgboost/3.2.0/gblinear-classes.json");
    let order = |classes: &[&str]| import(&linear, &named(classes)).unwrap();
    let row = [0.5, -1.0, 2.0];
    let (expected, found) = (outputs(&order(&["a", "b", "c"]), &row), outputs(&order(&["c", "a", "b"]), &row));
    assert_eq!([expected[1], expected[2], expected[0]], found[..]);
    let two_linear = reference("xgboost/3.2.0/gblinear-two.json");
    let order = |classes: &[&str]| outputs(&import(&two_linear, &named(classes)).unwrap(), &[0.5, -1.0, 2.0]);
    assert_eq!(order(&["a", "b"])[0], order(&["b", "a"])[1]);
    let three = reference("lightgbm/4.7.0/multiclass.txt");
    let in_order = import(&three, &named(&["a", "b", "c"])).unwrap();
    let turned_three = import(&three, &named(&["c", "a", "b"])).unwrap();
    for value in [-1.5, -0.2, 0.0, 0.3, 2.0, f64::NAN] {
        let row = vec![value; sorted.n_features()];
        let (expected, found) = (outputs(&sorted, &row), outputs(&turned, &row));
        assert_eq!([expected[1], expected[0]], found[..], "{value}");
        assert_eq!(scores(&sorted, &row), scores(&turned, &row));
        let row = vec![value; in_order.n_features()];
        let (expected, found) = (scores(&in_order, &row), scores(&turned_three, &row));
        assert_eq!([expected[1], expected[2], expected[0]], found[..], "{value}");
    }
}

#[test]
fn options_that_do_not_fit_are_refused() {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let refused = |path: &str, options: ImportOptions| import(&reference(path), &options).unwrap_err().to_string();
    let default = ImportOptions::default;
    let names = ImportOptions { features: texts(&["x", "y", "z"]), ..default() };
    assert!(refused("xgboost/3.2.0/texts.json", names).contains("names its features itself"));
    let classes = ImportOptions { classes: texts(&["x", "y", "z"]), ..default() };
    assert!(refused("catboost/1.2.10/text-classes.json", classes).contains("names its classes itself"));
    let empty = ImportOptions { classes: texts(&["x", " "]), ..default() };
    assert!(refused("xgboost/3.2.0/logistic.json", empty).contains("a name for each class"));
    let target = ImportOptions { target: Some("b".into()), ..default() };
    assert!(refused("xgboost/3.2.0/texts.json", target).contains("--target"));
    let all_trees = ImportOptions { all_trees: true, ..default() };
    assert!(refused("lightgbm/4.7.0/binary.txt", all_trees).contains("--all-trees"));
    let unit = ImportOptions { units: vec![("q".into(), "mm".into())], ..default() };
    assert!(refused("xgboost/3.2.0/texts.json", unit).contains("no feature of this name"));
}

/// What is predicted with one value, and the same other ones.
fn with_one<'m>(model: &'m Model, feature: &str, value: tepal::predict::Value<'_>) -> Prediction<'m> {
    let value_of = |other: &FeatureSchema| match &other.domain {
        _ if other.name == feature => value,
        Domain::Number(_) => 0.5.into(),
        Domain::Category { .. } => 1.0.into(),
    };
    let features = model.schema().features.iter();
    model.predict_named(features.map(|feature| (feature.name.as_str(), value_of(feature)))).unwrap()
}

#[test]
fn categories_may_be_given_by_name() {
    let names = ["red", "azure", "blue", "dark", "amber", "zinc", "lime", "teal", "grey"].map(str::to_owned);
    let cases = [("xgboost/3.0.5/texts.json", "a", 9), ("lightgbm/4.7.0/categories.txt", "few", 8)];
    for (path, feature, n) in cases {
        let file = reference(path);
        let given = |names: &[String]| ImportOptions {
            categories: vec![(feature.to_owned(), names.to_vec())],
            ..ImportOptions::default()
        };
        let by_number = import(&file, &ImportOptions::default()).unwrap();
        let by_name = import(&file, &given(&names[..n])).unwrap();
        for (number, name) in names[..n].iter().enumerate() {
            let of_number = with_one(&by_number, feature, (number as f64).into());
            assert_eq!(of_number, with_one(&by_name, feature, name.as_str().into()), "{name}");
        }
        let refused = |names: &[String]| import(&file, &given(names)).unwrap_err().to_string();
        assert!(refused(&names[..2]).contains("names, found 2"), "{}", refused(&names[..2]));
        let twice = vec![names[0].clone(); n];
        assert!(refused(&twice).contains("each once"), "{}", refused(&twice));
    }
    let message = |path: &str, feature: &str| {
        let options = ImportOptions { categories: vec![(feature.into(), names.to_vec())], ..ImportOptions::default() };
        import(&reference(path), &options).unwrap_err().to_string()
    };
    assert!(message("xgboost/3.2.0/texts.json", "a").contains("names its categories itself"));
    assert!(message("xgboost/3.0.5/texts.json", "b").contains("a number to the model"));
    assert!(message("xgboost/3.0.5/texts.json", "q").contains("no feature of this name"));
}

#[test]
fn rows_may_say_true_false_and_what_is_missing() {
    let options = ImportOptions { missing: vec!["-999".into()], ..ImportOptions::default() };
    let model = import(&reference("xgboost/3.2.0/nonames.json"), &options).unwrap();
    let names: Vec<String> = model.schema().features.iter().map(|feature| feature.name.clone()).collect();
    let predict = |first: tepal::predict::Value<'_>| {
        let rest = names[1..].iter().map(|name| (name.as_str(), 0.5.into()));
        model.predict_named([(names[0].as_str(), first)].into_iter().chain(rest)).unwrap()
    };
    assert_eq!(predict("True".into()), predict(1.0.into()));
    assert_eq!(predict("false".into()), predict(0.0.into()));
    assert_eq!(predict((-999.0).into()), predict(tepal::predict::Value::Missing));
}

#[test]
fn what_is_cut_or_has_no_tree_is_refused() {
    let text = String::from_utf8(reference("lightgbm/4.7.0/binary.txt")).unwrap();
    let kind = |text: &str| import(text.as_bytes(), &ImportOptions::default()).unwrap_err().kind();
    assert_eq!(kind(&text[..text.find("end of trees").unwrap()]), ErrorKind::Truncated);
    assert_eq!(kind(&text[..text.find("end of parameters").unwrap()]), ErrorKind::Truncated);
    let model = String::from_utf8(reference("xgboost/3.2.0/logistic.json")).unwrap();
    let begin = model.find("\"tree_info\"").unwrap();
    let end = begin + model[begin..].find("\"name\"").unwrap();
    let without = format!("{}\"tree_info\": [], \"trees\": []}}, {}", &model[..begin], &model[end..]);
    assert_eq!(kind(&without), ErrorKind::UnsupportedModel);
}

#[test]
fn sums_that_do_not_fit_are_refused() {
    let text = String::from_utf8(reference("lightgbm/4.7.0/linear.txt")).unwrap();
    let refused = |text: &str| {
        let error = import(text.as_bytes(), &ImportOptions::default()).unwrap_err();
        (error.kind(), error.to_string())
    };
    let cases = [
        ("num_features=2 2 1", "num_features=2 2 2", "leaf_features: expected"),
        ("num_features=2 2 1 2 2", "num_features=2 2 1 1.5 2.5", "num_features"),
        ("leaf_features=0 1  0 2", "leaf_features=0 9  0 2", "no feature 9"),
        ("leaf_features=0 1  0 2", "leaf_features=0 x  0 2", "expected numbers"),
        ("leaf_coeff=0.1828", "leaf_coeff=nan0.1828", "leaf_coeff: expected numbers"),
    ];
    for (from, to, message) in cases {
        assert!(text.contains(from), "{from}");
        let (kind, found) = refused(&text.replacen(from, to, 1));
        assert!(kind == ErrorKind::InvalidModel && found.contains(message), "{kind:?} {found}");
    }
    let linear = String::from_utf8(reference("xgboost/3.2.0/gblinear.json")).unwrap();
    let begin = linear.find("\"weights\":[").unwrap() + "\"weights\":[".len();
    let (kind, found) = refused(&format!("{}1,{}", &linear[..begin], &linear[begin..]));
    assert!(kind == ErrorKind::InvalidModel && found.contains("weights: expected 4"), "{kind:?} {found}");
    let (kind, found) =
        refused(&format!("{}1e39{}", &linear[..begin], &linear[linear[begin..].find(',').unwrap() + begin..]));
    assert_eq!(kind, ErrorKind::InvalidModel, "{found}");
}

#[test]
fn files_that_contradict_themselves_are_refused() {
    let cases = [
        ("lightgbm/4.7.0/binary.txt", "num_tree_per_iteration=1", "num_tree_per_iteration=4000000000", "at most 10000"),
        ("lightgbm/4.7.0/binary.txt", "max_feature_idx=3", "max_feature_idx=4", "max_feature_idx: expected 3, found 4"),
        ("lightgbm/4.7.0/binary.txt", "tree_sizes=", "tree_sizes=7 ", "tree_sizes: expected 2"),
        ("lightgbm/4.7.0/binary.txt", "Tree=1", "Tree=2", "expected Tree=1, found Tree=\"2\""),
        ("lightgbm/4.7.0/binary.txt", "sigmoid:1", "sigmoid:abc", "sigmoid: expected a number, found \"abc\""),
        ("lightgbm/4.7.0/binary.txt", "sigmoid:1", "sigmoid:1 sigmoid:2", "sigmoid stands twice"),
        ("lightgbm/4.7.0/binary.txt", "sigmoid:1", "sigmoid:0", "sigmoid: expected a number above 0, found 0"),
        ("lightgbm/4.7.0/multiclass.txt", "num_class:3", "num_class:3.9", "num_class: expected at least 2"),
        ("lightgbm/4.7.0/poisson.txt", "objective=poisson", "objective=poisson sqrt", "the objective poisson and sqrt"),
        ("lightgbm/4.7.0/linear.txt", "is_linear=1", "is_linear=x", "is_linear: expected 0 or 1, found \"x\""),
        ("lightgbm/4.7.0/linear.txt", "leaf_const=-0.7", "leaf_const=1e999 -0.7", "leaf_const: expected 5 numbers"),
        (
            "lightgbm/4.7.0/binary.json",
            "\"default_left\": true",
            "\"default_left\": 1",
            "default_left: expected true or false",
        ),
        ("lightgbm/4.7.0/categories.txt", "cat_boundaries=0 ", "cat_boundaries=0 0 ", "there is no set"),
        ("xgboost/3.2.0/logistic.json", "\"base_score\":", "\"base_score\":\"5E-1\",\"base_score\":", "stands twice"),
        (
            "xgboost/3.2.0/logistic.json",
            "\"tree_info\":[0",
            "\"tree_info\":[0.5",
            "tree_info: expected the numbers of groups",
        ),
        ("xgboost/3.2.0/logistic.json", "\"default_left\":[", "\"default_left\":[0.5,", "one for each node"),
        (
            "xgboost/3.2.0/early.json",
            "\"iteration_indptr\":[0,",
            "\"iteration_indptr\":[0,-1,",
            "iteration_indptr: expected",
        ),
        (
            "catboost/1.2.10/text-classes.json",
            "\"class_names\":[",
            "\"class_names\":[\"more\",",
            "class_names: expected 3, found 4",
        ),
        (
            "catboost/1.2.10/rmse.json",
            "\"flat_feature_index\":1",
            "\"flat_feature_index\":0",
            "two features stand at 0",
        ),
        (
            "sklearn/1.9.1/logistic.json",
            "\"largestDifference\":",
            "\"largestDifference\":-1,\"was\":",
            "checked: expected",
        ),
        ("sklearn/1.9.1/logistic.json", "\"outputs\": [\n  [", "\"outputs\": [\n  [1e999,", "finite outputs"),
    ];
    for (path, from, to, message) in cases {
        let text = String::from_utf8(reference(path)).unwrap();
        assert!(text.contains(from), "{path}: {from}");
        let found = import(text.replacen(from, to, 1).as_bytes(), &ImportOptions::default()).unwrap_err().to_string();
        assert!(found.contains(message), "{path} {to}: {found}");
    }
    // A name that no table can have: its accent stands behind the letter.
    let text = String::from_utf8(reference("xgboost/3.2.0/texts.json")).unwrap();
    let names = ImportOptions { features: vec!["e\u{301}".into(), "b".into(), "c".into()], ..ImportOptions::default() };
    let found = import(&reference("xgboost/3.2.0/nonames.json"), &names).unwrap_err().to_string();
    assert!(found.contains("expected the names of"), "{found}");
    let found = import(text.replace("\"b\"", "\"e\u{301}\"").as_bytes(), &ImportOptions::default()).unwrap_err();
    assert!(found.to_string().contains("composed letters"), "{found}");
}

#[test]
fn what_is_not_carried_is_refused_by_its_name() {
    for (tool, n_least) in [("xgboost", 11), ("lightgbm", 6), ("catboost", 10)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop").join(tool);
        let versions = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("refused"));
        let mut n_refused = 0;
        for path in versions.filter_map(|folder| fs::read_dir(folder).ok()).flatten().map(|entry| entry.unwrap().path())
        {
            let error = import(&fs::read(&path).unwrap(), &ImportOptions::default()).unwrap_err();
            let kinds = [ErrorKind::UnsupportedModel, ErrorKind::NotAModel];
            assert!(kinds.contains(&error.kind()), "{}: {:?} {error}", path.display(), error.kind());
            n_refused += 1;
        }
        assert!(n_refused >= n_least, "{tool}: {n_refused}");
    }
}
