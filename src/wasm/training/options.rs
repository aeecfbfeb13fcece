//! Training options as a JavaScript object. Read by hand: serde-wasm-bindgen looks up the names it knows and would
//! pass over a misspelt one in silence.

use crate::dataset::{About, Roles};
use crate::error::{Error, ErrorKind, Result, did_you_mean, list_names};
use crate::evaluate::ThresholdRule;
use crate::model::{ClassWeight, Interactions, RegressionLoss};
use crate::pipeline::Pipeline;
use crate::preprocess::{self, DateParts, Encoding, Impute, ImputeCategory, Scale, Unseen};
use crate::table::{DecimalSign, Kind, Origin, ReadOptions, Task};
use crate::train::calibrate::CalibrationMethod;
use crate::train::{LearnerChoice, LearnerName, Options, Solver, TreesChoice};
use crate::wasm::row::describe;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

const ROLES: [&str; 7] = ["target", "drop", "task", "positive", "weights", "kinds", "about"];
const READ: [&str; 7] = ["delimiter", "decimal", "header", "skip", "missing", "origin", "numberColumns"];
const FIT: [&str; 41] = [
    "learner",
    "loss",
    "quantile",
    "rounds",
    "learningRate",
    "trees",
    "leaves",
    "depth",
    "minRows",
    "subsample",
    "maxFeatures",
    "pruning",
    "patience",
    "validation",
    "increasing",
    "decreasing",
    "interactions",
    "l2",
    "impute",
    "imputeAlways",
    "indicators",
    "imputeCategory",
    "encode",
    "unseen",
    "dateParts",
    "scale",
    "intercept",
    "balanced",
    "solver",
    "tolerance",
    "maxIterations",
    "acceptUnconverged",
    "test",
    "folds",
    "calibrate",
    "threshold",
    "conformal",
    "seed",
    "name",
    "created",
    "start",
];

/// Reads the roles of a table's columns out of an object that may hold the options of a fit as well.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] naming the option that is missing or of another type.
pub(super) fn roles(options: &JsValue) -> Result<Roles> {
    let options = Reader(options);
    let Some(target) = options.text("target")? else {
        return Err(invalid("the option \"target\" is missing: the name of the column to predict".into()));
    };
    Ok(Roles {
        target,
        drop: options.texts("drop")?.unwrap_or_default(),
        task: options.one_of("task", &[("classification", Task::Classification), ("regression", Task::Regression)])?,
        positive: options.text("positive")?,
        weights: options.text("weights")?,
        keep_constants: options.flag("intercept")? == Some(false),
        kinds: options
            .entries("kinds")?
            .iter()
            .map(|(name, kind)| {
                let names = list_names(Kind::NAMES.iter().map(|(name, _)| *name));
                let refuse = || {
                    invalid(format!("expected the kind of \"{name}\" to be one of {names}, found {}", describe(kind)))
                };
                let known = Kind::NAMES.iter().find(|(known, _)| kind.as_string().as_deref() == Some(known));
                Ok((name.clone(), known.ok_or_else(refuse)?.1))
            })
            .collect::<Result<_>>()?,
        about: options
            .entries("about")?
            .into_iter()
            .map(|(column, about)| {
                check_keys(&about, &["unit", "description"])?;
                let about = Reader(&about);
                Ok(About { column, unit: about.text("unit")?, description: about.text("description")? })
            })
            .collect::<Result<_>>()?,
    })
}

/// Reads how a table is written down, out of the same object.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] naming the option that is of another type.
pub(super) fn read_options(options: &JsValue) -> Result<ReadOptions> {
    let options = Reader(options);
    let one_character = |value: &JsValue| {
        let text = value.as_string()?;
        let mut characters = text.chars();
        characters.next().filter(|_| characters.next().is_none())
    };
    Ok(ReadOptions {
        delimiter: options.read("delimiter", "one character", one_character)?,
        decimal: options.one_of("decimal", &[("point", DecimalSign::Point), ("comma", DecimalSign::Comma)])?,
        header: options.flag("header")?,
        skip: options.whole_number("skip")?.unwrap_or(0),
        missing: options.texts("missing")?,
        origin: options.one_of("origin", &Origin::NAMES)?.unwrap_or_default(),
        number_columns: options.flags("numberColumns")?.unwrap_or_default(),
    })
}

/// Reads an object of such options alone, if there is one.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] naming the option that is unknown or of another type.
pub(super) fn only_read_options(options: &JsValue) -> Result<ReadOptions> {
    if options.is_undefined() || options.is_null() {
        return Ok(ReadOptions::default());
    }
    check_keys(options, &READ)?;
    read_options(options)
}

/// Reads which column each feature is read from, by the names of both.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] naming the option that is unknown or of another type.
pub(super) fn matches(options: &JsValue) -> Result<Vec<(String, String)>> {
    check_keys(options, &READ.iter().copied().chain(["matches"]).collect::<Vec<_>>())?;
    let entries = Reader(options).entries("matches")?.into_iter();
    let entry = |(feature, column): (String, JsValue)| match column.as_string() {
        Some(column) => Ok((feature, column)),
        None => Err(invalid(format!("expected the column of \"{feature}\" to be a text, found {}", describe(&column)))),
    };
    entries.map(entry).collect()
}

/// Reads the options of a fit.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] naming the option that is of another type.
pub(super) fn pipeline(options: &JsValue, roles: Roles) -> Result<Pipeline> {
    let options = Reader(options);
    let defaults = Options::default();
    let class_weight =
        if options.flag("balanced")?.unwrap_or(false) { ClassWeight::Balanced } else { ClassWeight::Equal };
    let fit = Options {
        l2: options.number("l2")?,
        preprocess: preprocess::Options {
            impute: options.impute()?,
            impute_always: options.flag("imputeAlways")?.unwrap_or(false),
            indicators: options.flag("indicators")?.unwrap_or(false),
            impute_category: options
                .text("imputeCategory")?
                .map_or(ImputeCategory::default(), |name| ImputeCategory::from_name(&name)),
            encode: options.one_of("encode", &Encoding::NAMES)?.unwrap_or_default(),
            unseen: options.one_of("unseen", &Unseen::NAMES)?.unwrap_or_default(),
            date_parts: options.one_of("dateParts", &DateParts::NAMES)?.unwrap_or_default(),
            scale: options.one_of("scale", &Scale::NAMES)?.unwrap_or_default(),
        },
        intercept: options.flag("intercept")?.unwrap_or(defaults.intercept),
        class_weight,
        solver: options.one_of("solver", &Solver::NAMES)?.unwrap_or(defaults.solver),
        tolerance: options.number("tolerance")?.unwrap_or(defaults.tolerance),
        max_iterations: options.whole_number("maxIterations")?.unwrap_or(defaults.max_iterations),
        accept_unconverged: options.flag("acceptUnconverged")?.unwrap_or(defaults.accept_unconverged),
    };
    let seed = options.whole_number("seed")?.unwrap_or(0);
    let choice = LearnerChoice {
        learner: options.one_of("learner", &LearnerName::NAMES)?.unwrap_or_default(),
        linear: fit,
        trees: TreesChoice {
            loss: options.one_of("loss", &RegressionLoss::NAMES)?,
            quantile: options.number("quantile")?,
            rounds: options.whole_number("rounds")?,
            learning_rate: options.number("learningRate")?,
            trees: options.whole_number("trees")?,
            leaves: options.whole_number("leaves")?,
            depth: options.whole_number("depth")?,
            min_rows: options.number("minRows")?,
            subsample: options.number("subsample")?,
            max_features: options.number("maxFeatures")?,
            pruning: options.number("pruning")?,
            patience: options.whole_number("patience")?,
            validation: options.number("validation")?,
            increasing: options.texts("increasing")?.unwrap_or_default(),
            decreasing: options.texts("decreasing")?.unwrap_or_default(),
            interactions: options.interactions()?,
        },
        seed,
    };
    let (learner, rival) = choice.learners()?;
    Ok(Pipeline {
        roles,
        learner,
        rival,
        test: options.number("test")?,
        folds: options.whole_number("folds")?.map(folds).transpose()?,
        conformal: options.flag("conformal")?.unwrap_or(false),
        calibrate: options.one_of("calibrate", &CalibrationMethod::NAMES)?,
        threshold: options.threshold()?,
        seed,
        name: options.text("name")?,
        created: options.whole_number("created")?,
    })
}

/// A count of folds; WebAssembly's are of 32 bits.
fn folds(count: u64) -> Result<usize> {
    usize::try_from(count).map_err(|_| invalid(format!("expected fewer folds than rows, found {count}")))
}

/// The model file to start from, if there is one.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] when it is not bytes.
pub(super) fn start(options: &JsValue) -> Result<Option<Vec<u8>>> {
    Reader(options).read("start", "the bytes of a model file", |value| {
        value.dyn_ref::<js_sys::Uint8Array>().map(js_sys::Uint8Array::to_vec)
    })
}

/// Refuses what is no object, and every name that is not that of an option: of roles, of a fit, or of either.
///
/// # Errors
/// [`ErrorKind::InvalidOption`].
pub(super) fn check_names(options: &JsValue, takes_roles: bool, takes_fit: bool) -> Result<()> {
    let of = |is_taken, names: &'static [&'static str]| names.iter().filter(move |_| is_taken).copied();
    check_keys(
        options,
        &of(takes_roles, &ROLES).chain(of(takes_roles, &READ)).chain(of(takes_fit, &FIT)).collect::<Vec<_>>(),
    )
}

fn check_keys(options: &JsValue, names: &[&str]) -> Result<()> {
    if !options.is_object() {
        return Err(invalid(format!("expected options as an object, found {}", describe(options))));
    }
    let names = || names.iter().copied();
    for key in Object::keys(options.unchecked_ref::<Object>()).iter().filter_map(|key| key.as_string()) {
        if !names().any(|name| name == key) {
            let (hint, list) = (did_you_mean(&key, names()), list_names(names()));
            return Err(invalid(format!("no option is named \"{key}\"{hint}; the options are {list}")));
        }
    }
    Ok(())
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidOption, message)
}

/// Looks options up: `undefined` and `null` are as good as absent.
struct Reader<'a>(&'a JsValue);

impl Reader<'_> {
    fn read<T>(&self, name: &str, expected: &str, read: impl Fn(&JsValue) -> Option<T>) -> Result<Option<T>> {
        let value = Reflect::get(self.0, &name.into()).unwrap_or(JsValue::UNDEFINED);
        if value.is_undefined() || value.is_null() {
            return Ok(None);
        }
        let refuse = || invalid(format!("expected the option \"{name}\" to be {expected}, found {}", describe(&value)));
        read(&value).map(Some).ok_or_else(refuse)
    }

    fn text(&self, name: &str) -> Result<Option<String>> {
        self.read(name, "text", JsValue::as_string)
    }

    /// The name and the value of each property of an object.
    fn entries(&self, name: &str) -> Result<Vec<(String, JsValue)>> {
        let read = |value: &JsValue| {
            let object = value.is_object().then(|| value.unchecked_ref::<Object>())?;
            let entry = |key: JsValue| Some((key.as_string()?, Reflect::get(value, &key).ok()?));
            Object::keys(object).iter().map(entry).collect()
        };
        Ok(self.read(name, "an object of column names", read)?.unwrap_or_default())
    }

    fn impute(&self) -> Result<Impute> {
        let read = |value: &JsValue| match value.as_f64() {
            Some(number) => Some(Impute::Constant(number)),
            None => Impute::from_name(&value.as_string()?, |_| None).ok(),
        };
        let expected = "\"median\", \"mean\", \"most-frequent\", \"error\" or a number";
        Ok(self.read("impute", expected, read)?.unwrap_or_default())
    }

    fn threshold(&self) -> Result<Option<ThresholdRule>> {
        let read = |value: &JsValue| match (value.as_f64(), value.as_string().as_deref()) {
            (Some(threshold), _) => Some(ThresholdRule::Fixed(threshold)),
            (_, Some("youden")) => Some(ThresholdRule::Youden),
            (_, Some("f1")) => Some(ThresholdRule::F1),
            _ => {
                let number = |name: &str| Reflect::get(value, &name.into()).ok()?.as_f64();
                // Of two rules in one object neither would be the one that is meant.
                match value.is_object().then(|| Object::keys(value.unchecked_ref::<Object>()).length())? {
                    1 => {
                        let share = number("sensitivity").map(ThresholdRule::Sensitivity);
                        share.or_else(|| number("specificity").map(ThresholdRule::Specificity))
                    }
                    2 => {
                        let (false_positive, false_negative) = (number("falsePositive")?, number("falseNegative")?);
                        Some(ThresholdRule::Cost { false_positive, false_negative })
                    }
                    _ => None,
                }
            }
        };
        let expected = "a number, \"youden\", \"f1\", {sensitivity}, {specificity} or {falsePositive, falseNegative}";
        self.read("threshold", expected, read)
    }

    fn interactions(&self) -> Result<Interactions> {
        let texts = |value: JsValue| value.dyn_ref::<Array>()?.iter().map(|item| item.as_string()).collect();
        let read = |value: &JsValue| match value.as_string().as_deref() {
            Some("none") => Some(Interactions::None),
            _ => value.dyn_ref::<Array>()?.iter().map(texts).collect::<Option<_>>().map(Interactions::Groups),
        };
        Ok(self.read("interactions", "\"none\" or an array of arrays of text", read)?.unwrap_or_default())
    }

    fn texts(&self, name: &str) -> Result<Option<Vec<String>>> {
        let read = |value: &JsValue| value.dyn_ref::<Array>()?.iter().map(|item| item.as_string()).collect();
        self.read(name, "an array of text", read)
    }

    fn flags(&self, name: &str) -> Result<Option<Vec<bool>>> {
        let read = |value: &JsValue| value.dyn_ref::<Array>()?.iter().map(|item| item.as_bool()).collect();
        self.read(name, "an array of true and false", read)
    }

    fn number(&self, name: &str) -> Result<Option<f64>> {
        self.read(name, "a number", JsValue::as_f64)
    }

    fn whole_number(&self, name: &str) -> Result<Option<u64>> {
        let read = |value: &JsValue| {
            let number = value.as_f64()?;
            let is_whole = (0.0..=js_sys::Number::MAX_SAFE_INTEGER).contains(&number) && number.fract() == 0.0;
            is_whole.then_some(number as u64)
        };
        self.read(name, "a whole number from 0 to 2^53 - 1", read)
    }

    fn flag(&self, name: &str) -> Result<Option<bool>> {
        self.read(name, "true or false", JsValue::as_bool)
    }

    fn one_of<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Result<Option<T>> {
        let read = |value: &JsValue| {
            let found = value.as_string()?;
            choices.iter().find(|(choice, _)| *choice == found).map(|(_, choice)| *choice)
        };
        let names: Vec<String> = choices.iter().map(|(choice, _)| format!("\"{choice}\"")).collect();
        self.read(name, &names.join(" or "), read)
    }
}
