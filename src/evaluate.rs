//! How good a model is on rows it was not fitted on.

use crate::arithmetic::{ln, sum};
use crate::dataset::{Dataset, Target};
use crate::error::Result;
use crate::model::{Metrics, Model};

/// Scores the rows of `dataset` and compares. The dataset must come from the same table, or one with the same
/// columns, as the model.
///
/// # Errors
/// Those of [`Model::predict_many`].
pub fn evaluate(model: &Model, dataset: &Dataset) -> Result<Metrics> {
    let values: Vec<f64> = dataset.features().iter().copied().collect();
    let outputs = model.predict_many(&values)?;
    let predictions = || outputs.chunks_exact(model.n_outputs()).map(|outputs| model.prediction(outputs));
    let rows = dataset.n_rows() as u64;
    Ok(match dataset.target() {
        Target::Classes { codes, .. } => {
            let hits = predictions().zip(codes).filter(|(prediction, code)| prediction.most_probable() == Some(**code));
            let correct = hits.count() as u64;
            let losses: Vec<f64> = outputs
                .chunks_exact(model.n_outputs())
                .zip(codes)
                .map(|(probabilities, code)| -ln(probabilities[*code].max(f64::MIN_POSITIVE)))
                .collect();
            Metrics::Classification {
                rows,
                correct,
                accuracy: correct as f64 / rows as f64,
                log_loss: sum(&losses) / rows as f64,
            }
        }
        Target::Numbers(targets) => {
            let mean = sum(targets) / rows as f64;
            let squares = |differences: Vec<f64>| sum(&differences.iter().map(|d| d * d).collect::<Vec<_>>());
            let errors = squares(outputs.iter().zip(targets).map(|(output, target)| output - target).collect());
            let spread = squares(targets.iter().map(|target| target - mean).collect());
            Metrics::Regression {
                rows,
                r_squared: (spread > 0.0).then(|| 1.0 - errors / spread),
                root_mean_squared_error: (errors / rows as f64).sqrt(),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Roles;
    use crate::table::Table;
    use crate::train::{Options, Trainer};

    fn fit_and_evaluate(training: &str, held_out: &str) -> Metrics {
        let roles = Roles { target: "y".into(), ..Roles::default() };
        let dataset = |csv: &str| Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap();
        let fit = Trainer::new(&dataset(training), Options::default()).unwrap().run().unwrap();
        evaluate(&Model::new(fit, "", None).unwrap(), &dataset(held_out)).unwrap()
    }

    #[test]
    fn a_perfect_line_explains_everything_and_a_shifted_one_does_not() {
        let line = "x,y\n1,5\n2,7\n3,9\n";
        let Metrics::Regression { rows, r_squared, root_mean_squared_error } =
            fit_and_evaluate(line, "x,y\n4,11\n5,13\n7,17\n")
        else {
            panic!("expected a regression")
        };
        assert_eq!(rows, 3);
        assert!((r_squared.unwrap() - 1.0).abs() < 1e-15 && root_mean_squared_error < 1e-14);
        let Metrics::Regression { root_mean_squared_error, .. } = fit_and_evaluate(line, "x,y\n4,12\n5,14\n7,18\n")
        else {
            panic!("expected a regression")
        };
        assert!((root_mean_squared_error - 1.0).abs() < 1e-14);
    }

    #[test]
    fn hits_are_counted() {
        let Metrics::Classification { rows, correct, accuracy, log_loss } =
            fit_and_evaluate("x,y\n1,a\n2,a\n5,b\n6,b\n", "x,y\n0,a\n7,b\n8,a\n")
        else {
            panic!("expected a classification")
        };
        assert_eq!((rows, correct, accuracy), (3, 2, 2.0 / 3.0));
        assert!(log_loss > 0.0 && log_loss.is_finite());
    }
}
