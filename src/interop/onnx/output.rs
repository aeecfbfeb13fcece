//! Which of the outputs is predicted, and how.

use super::builder::Builder;
use super::file::File;
use super::translate::Translated;
use super::value::{Classes, Rows, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::interop::document::{decimals, unsupported, wrong};
use crate::interop::labels::NumberedLabels;
use crate::interop::model::{Foreign, ForeignEstimator, ForeignFeature, ForeignValues, UNKNOWN_RANGE};
use crate::interop::options::ImportOptions;
use crate::interop::tool::ONNX;
use crate::model::{Arithmetic, Function, Graph, Link, Operation, Reduction};
use crate::note::{Note, codes};
use crate::numeric::chance::Chance;

/// The last versions of the operators that were compared with others' predictions.
const NEWEST: [(&str, i64); 3] = [("", 26), ("ai.onnx", 26), ("ai.onnx.ml", 5)];

/// The model, as another tool fitted it.
pub(super) fn foreign(file: File, translated: Translated, options: &ImportOptions) -> Result<Foreign> {
    let Translated { mut builder, features, accepts_missing, outputs, classes } = translated;
    let mut notes: Vec<Note> = options.check_rows(builder.n_training_rows)?.into_iter().collect();
    let rows: Vec<Rows> = outputs.iter().filter_map(|value| value.rows().ok()).collect();
    let rows = match (rows.as_slice(), &classes) {
        ([rows], _) => *rows,
        // Scores beside others that are no classes' scores.
        (all, Some(classes)) => {
            let mut fitting = all.iter().filter(|rows| rows.width == classes.len());
            match (fitting.next(), fitting.next()) {
                (Some(rows), None) => *rows,
                _ => return Err(unsupported(ONNX, "several outputs of numbers")),
            }
        }
        ([], None) => return Err(unsupported(ONNX, "no output of numbers")),
        (_, None) => return Err(unsupported(ONNX, "several outputs of numbers")),
    };
    for value in &outputs {
        if let Value::Class(_, place) = value {
            check_class(*place, rows, &builder)?;
        }
    }
    let Output { vector, link, n_classes, labels } = Output::of(rows, classes, options, &mut builder)?;
    for (domain, version) in &file.operators {
        if let Some((_, newest)) = NEWEST.iter().find(|(name, newest)| name == domain && version > newest) {
            let domain = if domain.is_empty() { "ai.onnx" } else { domain };
            let (version, newest) = (format!("{domain} {version}"), format!("{domain} {newest}"));
            notes.push(Note::new(codes::NEWER_SOURCE, [ONNX.into(), version.as_str().into(), newest.as_str().into()]));
        }
    }
    let graph = builder.graph.pruned(vector)?;
    let Builder { hints, texts, .. } = builder;
    if hints.iter().zip(&texts).any(|(hints, texts)| hints.is_empty() && texts.is_none()) {
        notes.push(Note::new(codes::UNKNOWN_RANGES, []));
    }
    let hints = ranges(hints, &graph);
    let takes = if accepts_missing { takes_missing(&hints, &graph) } else { vec![false; hints.len()] };
    let values = texts.into_iter().zip(hints).zip(takes).map(|((texts, hints), accepts_missing)| match texts {
        Some((texts, accepts_unseen)) => {
            let labels = NumberedLabels::texts(&texts)?;
            Ok(ForeignValues::Category { labels, accepts_unseen, accepts_missing: false })
        }
        None => Ok(ForeignValues::Number { zero_is_missing: false, accepts_missing, hints }),
    });
    let values = values.collect::<Result<Vec<_>>>()?;
    let producer = format!("{} {}", file.producer, file.producer_version);
    Ok(Foreign {
        source: ONNX,
        version: Some(producer.trim().to_owned()).filter(|producer| !producer.is_empty()),
        objective: None,
        features: features.into_iter().zip(values).map(|(name, values)| ForeignFeature { name, values }).collect(),
        n_classes,
        classes: labels,
        link,
        slope: None,
        estimator: ForeignEstimator::Graph(graph),
        notes,
    })
}

/// Numbers of each feature, those that are known or some for which the model has an answer.
fn ranges(hints: Vec<Vec<f64>>, graph: &Graph) -> Vec<Vec<f64>> {
    /// Functions such as logarithms have no answer below 0, nor at 0.
    const GUESSES: [[f64; 3]; 2] = [UNKNOWN_RANGE, [0.5, 1.0, 2.0]];
    let with = |guess: &[f64; 3]| -> Vec<Vec<f64>> {
        hints.iter().map(|hints| if hints.is_empty() { guess.to_vec() } else { hints.clone() }).collect()
    };
    let has_answers = |hints: &Vec<Vec<f64>>| (0..3).all(|at| is_answered(graph, &row(hints, at)));
    let all = GUESSES.iter().map(with).find(has_answers);
    all.unwrap_or_else(|| with(&GUESSES[0]))
}

/// A row of the first, a middle or the last of the numbers of each feature.
fn row(hints: &[Vec<f64>], at: usize) -> Vec<f64> {
    hints.iter().map(|hints| hints.get(hints.len().saturating_sub(1) * at / 2).copied().unwrap_or(0.0)).collect()
}

fn is_answered(graph: &Graph, row: &[f64]) -> bool {
    let mut scores = Vec::new();
    graph.scores(row, &mut scores);
    scores.iter().all(|score| score.is_finite())
}

/// Whether the model has an answer without each of its features, and without all of these.
fn takes_missing(hints: &[Vec<f64>], graph: &Graph) -> Vec<bool> {
    let typical = row(hints, 1);
    let without = |feature: usize| {
        let mut row = typical.clone();
        row[feature] = f64::NAN;
        is_answered(graph, &row)
    };
    let each: Vec<bool> = (0..typical.len()).map(without).collect();
    let all: Vec<f64> =
        typical.iter().zip(&each).map(|(value, takes)| if *takes { f64::NAN } else { *value }).collect();
    if is_answered(graph, &all) { each } else { vec![false; each.len()] }
}

/// What is predicted.
struct Output {
    /// The vector of the scores.
    vector: usize,
    link: Link,
    /// How many classes there are; `None` for a number.
    n_classes: Option<usize>,
    /// Their labels, if the file has them.
    labels: Option<NumberedLabels>,
}

impl Output {
    fn of(rows: Rows, classes: Option<Classes>, options: &ImportOptions, builder: &mut Builder) -> Result<Self> {
        let last = operation_of(rows.vector, builder);
        let logistic = match last {
            Some((Operation::Function(Function::Logistic), input)) if rows.width == 1 => Some(input),
            _ => None,
        };
        let softmax = match last {
            Some((Operation::Softmax | Operation::LogSoftmax, input)) if rows.width > 1 => Some(input),
            _ => None,
        };
        let are_named = !options.classes.is_empty();
        let is_sum = matches!(
            last,
            Some((Operation::Dense { .. } | Operation::Arithmetic(Arithmetic::Add | Arithmetic::Subtract), _))
        );
        if classes.is_none() && softmax.is_none() && logistic.is_none() && !are_named {
            return match rows.width {
                1 => Ok(Self { vector: rows.vector, link: Link::Identity, n_classes: None, labels: None }),
                n => Err(several_numbers(n)),
            };
        }
        let n_classes = if rows.width == 1 { 2 } else { rows.width };
        if let Some(classes) = &classes
            && classes.len() != n_classes
        {
            return Err(wrong(format!("{} classes have {} scores", classes.len(), rows.width)));
        }
        // Scores before their softmax or logistic function: those that the file has, or weighted sums that the caller says are some.
        let logits = match softmax.or(logistic) {
            Some(logits) => Some(logits),
            None if is_unbounded(rows.vector, &builder.graph) => match are_named && classes.is_none() && is_sum {
                true => Some(rows.vector),
                false => return Err(no_probabilities(&Scores::of(rows, builder)?.example)),
            },
            None => match Scores::of(rows, builder)? {
                Scores { are_shares: true, .. } => None,
                Scores { example, .. } => return Err(no_probabilities(&example)),
            },
        };
        let (vector, link) = match (logits, n_classes) {
            (Some(logits), 2) if builder.graph.width(logits) == 2 => {
                let difference = Operation::Dense { weights: vec![-1.0, 1.0], bias: vec![0.0] };
                (builder.exact(difference, &[logits])?, Link::Logistic)
            }
            (Some(logits), 2) => (logits, Link::Logistic),
            (Some(logits), _) => (logits, Link::Softmax { n_classes }),
            (None, _) => {
                let vector = match rows.width {
                    2 => builder.exact(Operation::Pick(vec![1]), &[rows.vector])?,
                    _ => rows.vector,
                };
                (vector, Link::Shares { n_classes })
            }
        };
        let labels = classes.and_then(|classes| match classes {
            Classes::Texts(texts) => Some(NumberedLabels::texts(&texts)),
            // 0, 1 and so on are no names.
            Classes::Numbers(numbers) if numbers.iter().zip(0..).all(|(number, at)| *number == f64::from(at)) => None,
            Classes::Numbers(numbers) => Some(NumberedLabels::values(&numbers)),
        });
        Ok(Self { vector, link, n_classes: Some(n_classes), labels: labels.transpose()? })
    }
}

fn several_numbers(n: usize) -> Error {
    let message = format!(
        "the output has {n} numbers, and tepal predicts one number or one of several classes; if they are scores of classes \
         before their softmax, name these: --classes A,B,..."
    );
    Error::new(ErrorKind::UnsupportedModel, message)
}

/// The operation that makes a vector, with its first input.
fn operation_of(vector: usize, builder: &Builder) -> Option<(Operation, usize)> {
    let node = builder.graph.nodes().get(vector.checked_sub(1)?)?;
    Some((node.operation.clone(), node.inputs.first().copied()?))
}

/// Whether nothing in the graph keeps the numbers of a vector within bounds, as they are in probabilities.
fn is_unbounded(vector: usize, graph: &Graph) -> bool {
    let mut is_unbounded = vec![true];
    for node in graph.nodes() {
        let of = |inputs: &[usize]| inputs.iter().any(|input| is_unbounded[*input]);
        let own = match &node.operation {
            Operation::Dense { .. } => of(&node.inputs),
            Operation::Function(
                Function::Logistic | Function::Tanh | Function::Erf | Function::IsMissing | Function::Sign,
            ) => false,
            Operation::Reduce(Reduction::PlaceOfMaximum) => true,
            // Of a number over the sum of all, and of comparisons.
            Operation::Arithmetic(Arithmetic::Divide | Arithmetic::Less | Arithmetic::AtMost | Arithmetic::Equal) => {
                false
            }
            // With a bound that is known on one side it may still be anything on the other.
            Operation::Constant(_)
            | Operation::Softmax
            | Operation::LogSoftmax
            | Operation::Trees(_)
            | Operation::Lookups(_)
            | Operation::Curves(_) => false,
            _ => of(&node.inputs),
        };
        is_unbounded.push(own);
    }
    is_unbounded[vector]
}

/// Rows within what is known of the features: the first, middle and last numbers of each, then others by chance.
fn sample(hints: &[Vec<f64>]) -> Vec<Vec<f64>> {
    /// Enough to meet each rule of a small model.
    const MORE: usize = 61;
    let mut chance = Chance::default();
    let mut rows: Vec<Vec<f64>> = (0..3).map(|at| row(hints, at)).collect();
    for _ in 0..MORE {
        let value = |hints: &Vec<f64>| {
            let at = |place: usize| hints.get(place).copied().unwrap_or(0.0);
            let (a, b) = (at(chance.below(hints.len())), at(chance.below(hints.len())));
            // Between two of them, and somewhat beyond.
            a + (b - a) * (chance.below(301) as f64 / 200.0)
        };
        rows.push(hints.iter().map(value).collect());
    }
    rows
}

/// What the scores of classes are, by rows within what is known of the features.
struct Scores {
    /// Whether they are from 0 to 1, and 1 together.
    are_shares: bool,
    /// Those of a row.
    example: Vec<f64>,
}

impl Scores {
    fn of(rows: Rows, builder: &Builder) -> Result<Self> {
        let graph = builder.graph.pruned(rows.vector)?;
        let mut found = Self { are_shares: true, example: Vec::new() };
        for row in sample(&ranges(builder.hints.clone(), &graph)) {
            let mut scores = Vec::new();
            graph.scores(&row, &mut scores);
            if scores.iter().any(|score| score.is_nan()) {
                continue;
            }
            let are_shares = Link::are_shares(&scores);
            if !are_shares {
                return Ok(Self { are_shares, example: scores });
            }
            found.example = scores;
        }
        Ok(found)
    }
}

/// Refuses a file that says another class than the one with the largest score.
fn check_class(place: usize, rows: Rows, builder: &Builder) -> Result<()> {
    let (scores_of, place_of) = (builder.graph.pruned(rows.vector)?, builder.graph.pruned(place)?);
    let (mut scores, mut said) = (Vec::new(), Vec::new());
    for row in sample(&ranges(builder.hints.clone(), &scores_of)) {
        scores_of.scores(&row, &mut scores);
        place_of.scores(&row, &mut said);
        if let [second] = *scores.as_slice() {
            scores = vec![1.0 - second, second];
        }
        let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let own = said.first().and_then(|place| scores.get(*place as usize)).copied();
        // Equal scores are decided either way.
        if largest.is_finite() && own.is_none_or(|own| own < largest - 1e-6 * largest.abs()) {
            let what = "classes that are decided otherwise than by the largest probability, which tepal says";
            return Err(unsupported(ONNX, what));
        }
    }
    Ok(())
}

fn no_probabilities(scores: &[f64]) -> Error {
    let message = format!(
        "the scores of the classes are no probabilities: for one row they are {}; export a model that has some, such \
         as one within CalibratedClassifierCV",
        decimals(scores)
    );
    Error::new(ErrorKind::UnsupportedModel, message)
}
