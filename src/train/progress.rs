//! The progress of a fit.

use crate::model::Certificate;
use crate::numeric::elementary::ln;

/// The progress of a fit.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Progress {
    /// The number of iterations so far. Each evaluates the loss on every row once.
    pub round: u64,
    /// The lowest objective so far; infinite before the first iteration.
    pub objective: f64,
    /// The relative gradient there: see [`Certificate`]. Infinite where the learner has none.
    pub relative_gradient: f64,
    /// The mean loss of rows that boosting holds out to stop early; `None` where it holds out none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_out_loss: Option<f64>,
    /// An estimate, from 0 to 1, of the fraction of the work that is done: ln(relative gradient) / ln(tolerance), or of the
    /// trees. It never decreases.
    #[serde(rename = "share")]
    pub fraction: f64,
    /// Whether only [`super::Trainer::finish`] remains.
    pub done: bool,
}

impl Progress {
    /// The progress before the first iteration.
    pub(super) fn start() -> Self {
        Self {
            round: 0,
            objective: f64::INFINITY,
            relative_gradient: f64::INFINITY,
            held_out_loss: None,
            fraction: 0.0,
            done: false,
        }
    }

    /// Updates the progress by the certificate of the best point so far.
    pub(super) fn come_to(&mut self, certificate: &Certificate) {
        let digits = |gradient: f64| -ln(gradient);
        let fraction = digits(certificate.relative_gradient) / digits(certificate.tolerance);
        self.fraction = fraction.clamp(self.fraction, 1.0);
        (self.objective, self.relative_gradient) = (certificate.objective, certificate.relative_gradient);
    }
}
