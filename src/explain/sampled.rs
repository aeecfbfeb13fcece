//! Shapley values that are estimated, for families whose scores have no exact parts.
//!
//! Features take their values in the row one after the other, in an order by chance, from a row by chance on. What the score
//! changes as a feature takes its value is its part. Each order is gone through in both directions (Mitchell and others,
//! "Sampling permutations for Shapley value estimation", 2022). The rows to begin with are made of the ranges in the schema,
//! never of rows of a table.

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Model, ScoreParts};
use crate::numeric::chance::Chance;
use crate::table::{Domain, FeatureSchema, NumberDomain, Spread};

/// About so many multiplications go into an explanation: some 5 ms in a browser.
const BUDGET: usize = 1 << 22;

/// The fewest and the most orders.
const ORDERS: (usize, usize) = (16, 256);

/// The parts of each score of a row of raw values.
pub(super) fn score_parts(model: &Model, raw: &[f64]) -> Result<Vec<ScoreParts>> {
    let (n_features, n_scores) = (model.n_features(), model.estimator().n_scores());
    let cost = model.estimator().cost().saturating_mul(2 * (n_features + 1)).max(1);
    let n_orders = (BUDGET / cost).clamp(ORDERS.0, ORDERS.1);
    let values: Vec<Vec<f64>> = model.schema().features.iter().map(values_of).collect();
    let mut chance = Chance::default();
    let mut order: Vec<usize> = (0..n_features).collect();
    // Score by score: sums of baselines, and of contributions and their squares.
    let mut baselines = vec![0.0; n_scores];
    let mut sums = vec![(0.0, 0.0); n_scores * n_features];
    let (mut part, mut before, mut after) = (vec![0.0; n_scores * n_features], Vec::new(), Vec::new());
    for _ in 0..n_orders {
        let start: Vec<f64> = values.iter().map(|values| values[chance.below(values.len())]).collect();
        (1..n_features).rev().for_each(|last| order.swap(last, chance.below(last + 1)));
        part.fill(0.0);
        for _ in 0..2 {
            let mut row = start.clone();
            scores(model, &row, &mut before)?;
            baselines.iter_mut().zip(&before).for_each(|(sum, score)| *sum += score / 2.0);
            for feature in &order {
                row[*feature] = raw[*feature];
                scores(model, &row, &mut after)?;
                for score in 0..n_scores {
                    part[score * n_features + feature] += (after[score] - before[score]) / 2.0;
                }
                std::mem::swap(&mut before, &mut after);
            }
            order.reverse();
        }
        for ((sum, squares), part) in sums.iter_mut().zip(&part) {
            *sum += part;
            *squares += part * part;
        }
    }
    let n = n_orders as f64;
    let of_score = |(baseline, sums): (&f64, &[(f64, f64)])| {
        let contributions: Vec<f64> = sums.iter().map(|(sum, _)| sum / n).collect();
        let error = |(sum, squares): &(f64, f64)| ((squares - sum * sum / n).max(0.0) / (n - 1.0) / n).sqrt();
        ScoreParts { baseline: baseline / n, contributions, standard_errors: sums.iter().map(error).collect() }
    };
    Ok(baselines.iter().zip(sums.chunks_exact(n_features)).map(of_score).collect())
}

fn scores(model: &Model, raw: &[f64], out: &mut Vec<f64>) -> Result<()> {
    let mut prepared = Vec::with_capacity(model.preprocessor().n_columns());
    model.preprocessor().transform_row(raw, &mut prepared);
    model.estimator().scores(&prepared, out);
    match out.iter().all(|score| score.is_finite()) {
        true => Ok(()),
        false => {
            let message = "the prediction overflows for a row between this one and those within the features' ranges";
            Err(Error::new(ErrorKind::NotFinite, message))
        }
    }
}

/// The values that a feature begins with, one as likely as the other.
fn values_of(feature: &FeatureSchema) -> Vec<f64> {
    match &feature.domain {
        Domain::Number(NumberDomain { median, spread: Some(Spread { percentile_5, percentile_95, .. }), .. }) => {
            vec![*percentile_5, *median, *percentile_95]
        }
        Domain::Number(NumberDomain { minimum, median, maximum, .. }) => vec![*minimum, *median, *maximum],
        Domain::Category { counts, .. } => {
            let seen = (0..counts.len()).filter(|position| feature.has_seen(*position));
            let seen: Vec<f64> = seen.map(|position| position as f64).collect();
            if seen.is_empty() { vec![f64::NAN] } else { seen }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{
        Arithmetic, Estimator, Graph, GraphNode, Import, Link, Model, ModelParts, Operation, Origin, Precision,
    };
    use crate::preprocess::{FeatureTransform, Missing, PreparedColumn, Preprocessor, Scaling, Source};
    use crate::table::{Domain, FeatureSchema, NumberDomain, Schema, TargetSchema};

    /// 3 x0 - 2 x1 + x0 x1 + x2 - x2
    fn model() -> Model {
        let node = |operation: Operation, inputs: &[usize]| GraphNode {
            operation,
            inputs: inputs.to_vec(),
            precision: Precision::Double,
        };
        let nodes = vec![
            node(Operation::Pick(vec![0]), &[0]),
            node(Operation::Pick(vec![1]), &[0]),
            node(Operation::Arithmetic(Arithmetic::Multiply), &[1, 2]),
            node(Operation::Dense { weights: vec![3.0, -2.0, 0.0], bias: vec![0.0] }, &[0]),
            node(Operation::Arithmetic(Arithmetic::Add), &[3, 4]),
        ];
        let feature = |name: &str| FeatureSchema {
            name: name.to_owned(),
            unit: None,
            description: None,
            written: None,
            missing: 0,
            domain: Domain::Number(NumberDomain {
                minimum: -1.0,
                median: 0.0,
                maximum: 1.0,
                step: None,
                spread: None,
                are_from_splits: true,
            }),
        };
        let column = PreparedColumn { source: Source::Value, scaling: Scaling::NONE, mean: 0.0, std_dev: 0.0 };
        let transform = FeatureTransform { missing: Missing::Refuse, accepts_unseen: false, columns: vec![column] };
        let schema = Schema {
            features: ["a", "b", "c"].map(feature).to_vec(),
            target: TargetSchema::Number { name: "y".into(), range: None },
            dropped: Vec::new(),
            missing: Vec::new(),
        };
        let import = Import {
            source: "test".into(),
            source_version: None,
            objective: None,
            source_digest: [0; 32],
            created: None,
            tool_version: "0".into(),
            notes: Vec::new(),
        };
        let mut graph = Graph::over(3).unwrap();
        nodes.into_iter().try_for_each(|node| graph.push(node).map(|_| ())).unwrap();
        let (preprocessor, estimator) = (Preprocessor::new(vec![transform; 3]), Estimator::Graph(graph));
        let origin = Origin::Imported(import);
        let parts = ModelParts::new(String::new(), schema, preprocessor, estimator, Link::Identity, &origin);
        Model::assemble(parts).unwrap()
    }

    #[test]
    fn estimates_are_near_the_shapley_values_and_add_up() {
        let model = model();
        let [a, b] = [2.0, -3.0];
        let explanation = &model.explain(&[a, b, 5.0]).unwrap()[0];
        let sum: f64 = explanation.contributions.iter().sum();
        assert!((explanation.baseline + sum - explanation.score).abs() < 1e-9, "{explanation:?}");
        // The features begin at -1, 0 and 1, so at 0 in the mean, each alone: half of a product goes to each.
        for (found, exact) in [(0, 3.0 * a + a * b / 2.0), (1, -2.0 * b + a * b / 2.0), (2, 0.0)] {
            let error = explanation.standard_errors[found];
            assert!((explanation.contributions[found] - exact).abs() <= 4.0 * error, "{explanation:?}");
            assert!(error < 0.5, "{explanation:?}");
        }
        assert_eq!(explanation.standard_errors[2], 0.0);
        assert_eq!(*explanation, model.explain(&[a, b, 5.0]).unwrap()[0]);
    }

    #[test]
    fn features_matter_by_how_far_they_move_the_score() {
        let importance = model().importance();
        let is_near = |(found, exact): (&f64, f64)| (found - exact).abs() < 1e-12;
        assert!(importance.iter().zip([3.0, 2.0, 0.0]).all(is_near), "{importance:?}");
    }

    #[test]
    fn a_graph_goes_into_a_file_and_back() {
        let model = model();
        let file = model.encode().unwrap();
        assert_eq!(Model::decode(&file).unwrap(), model);
        assert_eq!(model.family(), "composite model");
    }
}
