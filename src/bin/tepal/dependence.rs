//! How predictions go with features, in words.

use crate::words::{columns, counted, plain, significant};
use serde::Serialize;
use tepal::error::{Error, ErrorKind, Result};
use tepal::evaluate::DependencePoint;
use tepal::model::Model;
use tepal::table::{Domain, Moment};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Point {
    /// Of each feature its value; null for a missing one.
    values: Vec<serde_json::Value>,
    rows: f64,
    /// Per class, or of the number.
    mean: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Body {
    features: Vec<String>,
    /// None for a number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    classes: Vec<String>,
    points: Vec<Point>,
}

/// The positions of features by their names.
pub(crate) fn features(model: &Model, names: &[String]) -> Result<Vec<usize>> {
    if names.len() > 2 || names.len() == 2 && names[0] == names[1] {
        let message = format!("--dependence takes one column, or two different ones, found {}", names.join(", "));
        return Err(Error::new(ErrorKind::InvalidOption, message));
    }
    let known = || model.schema().features.iter().map(|feature| feature.name.as_str());
    let position = |name: &String| {
        known().position(|other| other == name).ok_or_else(|| {
            let list: Vec<String> = known().map(plain).collect();
            let message = format!("the model has no feature {name:?} for --dependence; it has {}", list.join(", "));
            Error::new(ErrorKind::UnknownColumn, message)
        })
    };
    names.iter().map(position).collect()
}

fn classes(model: &Model) -> Vec<String> {
    model
        .schema()
        .target
        .classes()
        .map(|classes| classes.iter().map(|class| class.to_string()).collect())
        .unwrap_or_default()
}

/// A raw value as the table has it; `None` for a missing one.
fn cell(model: &Model, feature: usize, value: f64) -> Option<String> {
    let schema = &model.schema().features[feature];
    match &schema.domain {
        _ if value.is_nan() => None,
        Domain::Number(_) if schema.is_date() => Some(Moment::of_days(value).to_string()),
        Domain::Number(_) => Some(value.to_string()),
        Domain::Category { categories, .. } => categories.get(value as usize).map(|category| category.to_string()),
    }
}

/// The points as JSON.
pub(crate) fn body(model: &Model, features: &[usize], points: Vec<DependencePoint>) -> Body {
    let point = |point: DependencePoint| {
        let value = |(feature, value): (&usize, &f64)| match &model.schema().features[*feature].domain {
            Domain::Number(_) if !model.schema().features[*feature].is_date() => (*value).into(),
            _ => cell(model, *feature, *value).into(),
        };
        let values = features.iter().zip(&point.values).map(value).collect();
        Point { values, rows: point.rows, mean: point.mean, low: point.low, high: point.high }
    };
    let names = features.iter().map(|feature| model.schema().features[*feature].name.clone());
    Body { features: names.collect(), classes: classes(model), points: points.into_iter().map(point).collect() }
}

/// A line for each point: the values, how many rows are near, and what all rows would be predicted with them.
pub(crate) fn text(model: &Model, features: &[usize], points: &[DependencePoint]) -> String {
    let classes = classes(model);
    // Of two classes the one that is looked for says all.
    let shown: Vec<usize> =
        model.positive().map_or_else(|| (0..model.n_outputs()).collect(), |positive| vec![positive]);
    let mut head: Vec<String> = features.iter().map(|feature| plain(&model.schema().features[*feature].name)).collect();
    head.push("rows near".into());
    for output in &shown {
        head.push(classes.get(*output).map_or("mean prediction".into(), |class| plain(class)));
    }
    if shown.len() == 1 {
        head.push("80 % of rows".into());
    }
    let line = |point: &DependencePoint| {
        let values = features.iter().zip(&point.values);
        let mut line: Vec<String> = values
            .map(|(feature, value)| cell(model, *feature, *value).map_or("missing".into(), |cell| plain(&cell)))
            .collect();
        line.push(counted(point.rows));
        line.extend(shown.iter().map(|output| significant(point.mean[*output])));
        if let [output] = shown.as_slice() {
            line.push(format!("{} to {}", significant(point.low[*output]), significant(point.high[*output])));
        }
        line
    };
    let lines = points.iter().map(line);
    format!(
        "what all rows would be predicted with these values, the others staying as they are\n\n{}",
        columns(&[vec![head], lines.collect()].concat())
    )
}
