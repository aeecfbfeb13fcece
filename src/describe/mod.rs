//! What a model is, for a form, a model card or a person.
//!
//! `src/wasm/types.d.ts` declares the fields. They are values without types of their own: what a field is called and what it
//! holds stands here in one place, and a build that only predicts stays small.

mod tree;

pub use tree::{Side, TreeDescription, TreeNode, TreeSplit};

use crate::model::record::Value;
use crate::model::{Calibration, ConformalBound, HAS_GRAPHS, Link, Model, OutputCoefficients};
use crate::numeric::exp;
use crate::preprocess::{FeatureTransform, PreparedColumn};
use crate::table::{Domain, FeatureSchema, Label, NumberDomain, Spread, TargetSchema, Task};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// Everything about a model that a form, a model card or a person needs, to be written as JSON or as a JavaScript object.
#[derive(Debug, Clone, Copy)]
pub struct ModelDescription<'m>(&'m Model);

impl<'m> ModelDescription<'m> {
    /// Describes a model.
    pub fn of(model: &'m Model) -> Self {
        Self(model)
    }
}

/// What a field of a description holds.
pub(crate) enum Field<'a> {
    One(&'a Value),
    /// A list whose items are made one by one: the coefficients of many classes would take much memory at once.
    Each(usize, &'a dyn Fn(usize) -> Value),
}

impl ModelDescription<'_> {
    /// Gives each field by its name, in their order, up to the first that cannot be written.
    ///
    /// # Errors
    /// That of `write`.
    pub(crate) fn fields<E>(&self, write: &mut dyn FnMut(&'static str, Field<'_>) -> Result<(), E>) -> Result<(), E> {
        let Self(model) = *self;
        let (schema, record, importance) = (model.schema(), model.record(), model.importance());
        let transforms = model.preprocessor().features();
        let outputs = model.coefficients();
        let names = model.preprocessor().column_names(schema);
        let of_record = |name: &str| Field::One(record.get(name).unwrap_or(&Value::None));
        let calibration = model.calibration().map(|calibration| match calibration {
            Calibration::Platt { .. } => "platt",
            Calibration::Isotonic(_) => "isotonic",
        });
        let decision = model.decision().map(|decision| {
            Value::fields([("threshold", decision.threshold.into()), ("rule", decision.rule.as_ref().into())])
        });
        let bound =
            |bound: &ConformalBound| Value::fields([("level", bound.level().into()), ("bound", bound.bound.into())]);
        let conformal = model.conformal().map(|conformal| Value::list(conformal.bounds().iter().map(bound)));
        let withheld = record.get("standardErrors").and_then(|errors| errors.get("withheld"));
        let feature = |at: usize| feature(&schema.features[at], &transforms[at], importance[at]);
        let dropped = |at: usize| {
            let column = &schema.dropped[at];
            Value::fields([("name", column.name.as_str().into()), ("reason", column.reason.as_ref().into())])
        };
        let output = |at: usize| output(model, &outputs, at, &names);

        write("name", Field::One(&model.name().into()))?;
        write("task", Field::One(&task(model.task()).into()))?;
        write("digest", Field::One(&model.digest().as_str().into()))?;
        write("estimator", Field::One(&model.family().into()))?;
        write("scores", Field::One(&scores(model.link()).into()))?;
        write("features", Field::Each(schema.features.len(), &feature))?;
        write("target", Field::One(&target(&schema.target)))?;
        write("dropped", Field::Each(schema.dropped.len(), &dropped))?;
        write("outputs", Field::Each(outputs.len(), &output))?;
        write("imported", of_record("imported"))?;
        write("training", of_record("training"))?;
        write("certificate", of_record("certificate"))?;
        write("heldOut", of_record("heldOut"))?;
        write("crossValidation", of_record("crossValidation"))?;
        write("calibration", Field::One(&calibration.into()))?;
        write("decision", Field::One(&decision.into()))?;
        write("conformal", Field::One(&conformal.into()))?;
        write("errorsWithheld", Field::One(withheld.unwrap_or(&Value::None)))?;
        write("recordError", Field::One(&record.value().err().map(|error| error.to_string()).as_deref().into()))?;
        write("proofRows", Field::One(&(model.n_proof_rows() as u64).into()))
    }
}

impl Serialize for ModelDescription<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.fields(&mut |name, field| match field {
            Field::One(value) => map.serialize_entry(name, value),
            Field::Each(length, item) => map.serialize_entry(name, &Items(length, item)),
        })?;
        map.end()
    }
}

struct Items<'a>(usize, &'a dyn Fn(usize) -> Value);

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(length, item) = self;
        serializer.collect_seq((0..*length).map(item))
    }
}

/// What the scores of a row are, which contributions add up to.
fn scores(link: Link) -> &'static str {
    match link {
        Link::Identity => "value",
        Link::Exp => "logarithm",
        Link::Logit | Link::Logistic => "log-odds",
        Link::OneVsRest { .. } if HAS_GRAPHS => "one-vs-rest",
        Link::Softmax { .. } | Link::OneVsRest { .. } => "softmax",
        Link::Shares { .. } => "probability",
    }
}

fn task(task: Task) -> &'static str {
    match task {
        Task::Classification => "classification",
        Task::Regression => "regression",
    }
}

/// What a form needs of a feature, and what it had in training.
fn feature(feature: &FeatureSchema, transform: &FeatureTransform, importance: f64) -> Value {
    let fill = |imputed: f64| match &feature.domain {
        Domain::Number(_) => Some(Label::Number(imputed)),
        // None for a category of its own.
        Domain::Category { categories, .. } => categories.get(imputed as usize),
    };
    let kind = match &feature.domain {
        Domain::Number(_) => "number",
        Domain::Category { is_yes_no: true, .. } => "yesNo",
        Domain::Category { .. } => "category",
    };
    let mut body = Value::fields([
        ("name", feature.name.as_str().into()),
        ("unit", feature.unit.as_deref().into()),
        ("description", feature.description.as_deref().into()),
        // Training rows without a value.
        ("missing", feature.missing.into()),
        // Whether it had one value in training and has no influence.
        ("constant", transform.columns.is_empty().into()),
        ("importance", importance.into()),
        ("takesMissing", transform.accepts_missing().into()),
        ("fill", transform.imputed_value().and_then(fill).into()),
        ("takesUnseen", transform.accepts_unseen.into()),
        ("kind", kind.into()),
    ]);
    match &feature.domain {
        Domain::Number(NumberDomain { minimum, median, maximum, step, spread, are_from_splits }) => {
            let mut add = |name: &'static str, number: Option<f64>| {
                if let Some(number) = number {
                    body.set(name, number.into());
                }
            };
            add("minimum", Some(*minimum));
            add("percentile5", spread.map(|Spread { percentile_5, .. }| percentile_5));
            add("median", Some(*median));
            add("mean", spread.map(|Spread { mean, .. }| mean));
            add("percentile95", spread.map(|Spread { percentile_95, .. }| percentile_95));
            add("maximum", Some(*maximum));
            add("step", *step);
            body.set("fromSplits", (*are_from_splits).into());
            body.set("isDate", feature.is_date().into());
            body.set("written", feature.written.as_deref().into());
        }
        Domain::Category { categories, counts, .. } => {
            body.set("categories", labels("category", categories.iter(), counts))
        }
    }
    body
}

/// Labels with their training rows, if these are known.
fn labels<'l>(name: &'static str, labels: impl Iterator<Item = Label<'l>>, counts: &[u64]) -> Value {
    let are_known = counts.iter().any(|rows| *rows > 0);
    let rows = |rows: &u64| are_known.then_some(*rows).into();
    Value::list(labels.zip(counts).map(|(label, count)| Value::fields([(name, label.into()), ("rows", rows(count))])))
}

fn target(target: &TargetSchema) -> Value {
    match target {
        TargetSchema::Number { name, range } => Value::fields([
            ("name", name.as_str().into()),
            ("minimum", range.map(|range| range.minimum).into()),
            ("mean", range.map(|range| range.mean).into()),
            ("maximum", range.map(|range| range.maximum).into()),
        ]),
        TargetSchema::Classes { name, classes, counts, positive } => Value::fields([
            ("name", name.as_str().into()),
            ("classes", labels("class", classes.iter(), counts)),
            ("positive", positive.and_then(|positive| classes.get(positive)).into()),
        ]),
    }
}

/// The coefficients of an output of a linear model, with what is known of how sure they are.
fn output(model: &Model, outputs: &[OutputCoefficients], at: usize, names: &[String]) -> Value {
    let (output, errors) = (&outputs[at], model.record().get("standardErrors"));
    let errors_of_columns = errors.and_then(|errors| errors.get("coefficients")).map(Value::items).unwrap_or_default();
    let critical_value = errors.and_then(|errors| errors.get("criticalValue")?.number()).unwrap_or(0.0);
    // The one output of a binary classification is the score of the second class.
    let class = if outputs.len() == 1 { 1 } else { at };
    let coefficient = |(at, (feature, _)): (usize, (usize, &PreparedColumn))| {
        let original = output.original[at];
        let error = errors_of_columns.get(at).and_then(Value::number);
        let interval = error.map(|error| [original - critical_value * error, original + critical_value * error]);
        let mut body = Value::fields([
            ("feature", model.schema().features[feature].name.as_str().into()),
            // What of the feature it is for: its name, `sex=male`, or `age is missing`.
            ("column", names[at].as_str().into()),
            ("standardized", output.standardized[at].into()),
            ("original", original.into()),
        ]);
        if model.task() == Task::Classification {
            // How many times the odds are for one unit more.
            body.set("oddsRatio", exp(original).into());
        }
        body.set("error", error.into());
        body.set("interval", interval.map(Value::list).into());
        body
    };
    let coefficients = model.preprocessor().columns().enumerate().map(coefficient);
    Value::fields([
        ("class", model.schema().target.classes().and_then(|classes| classes.get(class)).into()),
        ("intercept", output.intercept.into()),
        ("originalIntercept", output.original_intercept.into()),
        ("coefficients", Value::list(coefficients)),
    ])
}
