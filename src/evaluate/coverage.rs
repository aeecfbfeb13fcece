//! Whether conformal answers hold: how often the truth is in the interval or in the set.

use super::interval::wilson_interval;
use super::weighted;
use crate::model::Model;
use crate::note::{Note, codes};

/// How often a level held on rows that were tested on.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Coverage {
    /// The level in percent.
    pub percent: u8,
    /// The share of the rows whose target was in the interval or in the set; from 0 to 1.
    pub share: f64,
    /// The width of the interval in the target's unit, or the mean number of classes in a set.
    pub size: f64,
}

impl Coverage {
    /// The caution where the answers hold on clearly fewer of so many rows than they should.
    pub(super) fn note(&self, rows: f64) -> Option<Note> {
        let (_, high) = wilson_interval(self.share * rows, rows)?;
        let percent = (1000.0 * self.share).round() / 10.0;
        let is_short = high < f64::from(self.percent) / 100.0;
        is_short.then(|| Note::new(codes::COVERAGE_SHORT, [u64::from(self.percent).into(), percent.into()]))
    }
}

/// The coverage of each level of a model, in ascending order; none for a model without bounds and without rows.
pub(super) fn coverage(model: &Model, targets: &[f64], outputs: &[f64], weights: &[f64]) -> Vec<Coverage> {
    let bounds = model.conformal().map_or(&[][..], |conformal| conformal.bounds());
    let is_classification = model.schema().target.classes().is_some();
    let coverage = |(at, bound): (usize, &crate::model::ConformalBound)| {
        let rows = targets.iter().zip(outputs.chunks_exact(model.n_outputs()));
        let (is_held, size): (Vec<f64>, Vec<f64>) = rows
            .map(|(target, outputs)| {
                let (is_held, size) = if is_classification {
                    let set = &model.class_sets(outputs)[at];
                    let truth = model.schema().target.classes().and_then(|classes| classes.get(*target as usize));
                    (set.classes.iter().any(|class| Some(*class) == truth), set.classes.len() as f64)
                } else {
                    let interval = model.intervals(outputs[0])[at];
                    ((interval.lower..=interval.upper).contains(target), interval.upper - interval.lower)
                };
                (f64::from(u8::from(is_held)), size)
            })
            .unzip();
        let mean = |values: &[f64]| weighted::mean(values, weights);
        Some(Coverage { percent: bound.percent, share: mean(&is_held)?, size: mean(&size)? })
    };
    bounds.iter().enumerate().filter_map(coverage).collect()
}
