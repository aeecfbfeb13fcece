//! How far a fit is.

use crate::model::Certificate;
use crate::numeric::elementary::ln;

/// How far a fit is.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Progress {
    /// How many rounds were done.
    pub round: u64,
    /// The lowest objective so far; infinite before the first round.
    pub objective: f64,
    /// The relative gradient there: see [`Certificate`].
    pub relative_gradient: f64,
    /// An estimate of the part of the work that is done, from 0 to 1: how far the digits of the relative gradient have
    /// come. It never falls.
    #[serde(rename = "share")]
    pub fraction: f64,
    /// Whether there is nothing left to do but [`super::Trainer::finish`].
    pub done: bool,
}

impl Progress {
    /// Before the first round.
    pub(super) fn start() -> Self {
        Self { round: 0, objective: f64::INFINITY, relative_gradient: f64::INFINITY, fraction: 0.0, done: false }
    }

    /// Takes in what is known of the best point so far.
    pub(super) fn come_to(&mut self, certificate: &Certificate) {
        let digits = |gradient: f64| -ln(gradient);
        let fraction = digits(certificate.relative_gradient) / digits(certificate.tolerance);
        self.fraction = fraction.clamp(self.fraction, 1.0);
        (self.objective, self.relative_gradient) = (certificate.objective, certificate.relative_gradient);
    }
}
