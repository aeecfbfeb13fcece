//! Two learners compared on the same folds.

use super::validation::Validation;
use crate::error::{Error, ErrorKind};
use crate::model::FoldMetric;
use crate::note::{Note, codes};
use crate::train::Learner;

/// A learner that has been through the folds, while a rival is going through them.
#[derive(Debug)]
pub(super) struct Contest {
    pub(super) learner: Learner,
    pub(super) validation: Validation,
}

impl Contest {
    /// Whether the rival predicts the rows of the folds better, and what a person should know of that.
    pub(super) fn judge(&self, rival: &Learner, of_rival: &Validation) -> (bool, Note) {
        let [first, second] = [&self.validation, of_rival].map(error_of);
        let (wins, [taken, other]) = match (&first, &second) {
            (Some(first), Some(second)) if second.mean < first.mean => (true, [second, first]),
            (Some(first), Some(second)) => (false, [first, second]),
            // Folds of classes always have a log loss, and those of numbers an error.
            _ => return (false, gave_up(rival, "no fold has a figure")),
        };
        let names = if wins { [rival.name(), self.learner.name()] } else { [self.learner.name(), rival.name()] };
        let name = if taken.name == "logLoss" { "log loss" } else { "root mean squared error" };
        let parameters = [
            names[0].into(),
            names[1].into(),
            (of_rival.n_folds() as u64).into(),
            name.into(),
            rounded(taken.mean).into(),
            rounded(other.mean).into(),
        ];
        (wins, Note::new(codes::LEARNER_TAKEN, parameters))
    }
}

/// What is said where a rival cannot be fitted.
pub(super) fn gave_up(rival: &Learner, reason: &str) -> Note {
    Note::new(codes::LEARNER_NOT_COMPARED, [rival.name().into(), reason.into()])
}

/// Whether a rival that ends so is left out: the table does not suit it.
pub(super) fn is_unsuited(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::TooFewRows | ErrorKind::NotFinite | ErrorKind::NoFeatures | ErrorKind::LimitExceeded
    )
}

/// What the folds are compared by.
fn error_of(validation: &Validation) -> Option<FoldMetric> {
    let is_compared = |figure: &FoldMetric| ["logLoss", "rootMeanSquaredError"].contains(&figure.name.as_str());
    validation.summary().figures.into_iter().find(is_compared)
}

/// An error with four digits. It goes into a file, so only operations that are exact to the rule of IEEE 754 make it: a library's
/// logarithm has other last bits on another target.
fn rounded(error: f64) -> f64 {
    let (mut parts, mut step) = (1.0, 1.0);
    while error * parts < 1e3 && parts < 1e300 {
        parts *= 10.0;
    }
    while error / step >= 1e4 && step < 1e300 {
        step *= 10.0;
    }
    if step > 1.0 { (error / step).round() * step } else { (error * parts).round() / parts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_four_digits() {
        let cases = [
            (304.410_9, 304.4),
            (0.270_571_234, 0.2706),
            (81_234_567.0, 81_230_000.0),
            (9_999.96, 10_000.0),
            (1_000.0, 1_000.0),
            (3e-9, 3e-9),
            (0.0, 0.0),
        ];
        for (error, expected) in cases {
            assert_eq!(rounded(error), expected);
        }
        assert!(rounded(f64::MAX) > 1.79e308 && rounded(5e-324) >= 0.0);
    }
}
