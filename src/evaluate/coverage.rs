//! Whether conformal answers hold: how often the truth is in the interval or in the set.

use super::interval::wilson_interval;
use super::weighted;
use crate::model::{ConformalBound, Model};
use crate::note::{Note, codes};
use crate::predict::{ClassSet, Interval};

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
    // Per level, for each row whether its target was inside, and how large the interval or the set was.
    let mut levels: Vec<(Vec<f64>, Vec<f64>)> = vec![Default::default(); model.bounds().len()];
    for (target, outputs) in targets.iter().zip(outputs.chunks_exact(model.n_outputs())) {
        let regions: Vec<(bool, f64)> = match model.schema().target.classes() {
            None => model.intervals(outputs[0]).iter().map(|interval| of_interval(interval, *target)).collect(),
            Some(classes) => {
                let truth = classes.get(*target as usize);
                let of_set = |set: &ClassSet<'_>| {
                    (truth.is_some_and(|class| set.classes.contains(&class)), set.classes.len() as f64)
                };
                model.class_sets(outputs).iter().map(of_set).collect()
            }
        };
        for ((held, sizes), (is_held, size)) in levels.iter_mut().zip(regions) {
            held.push(f64::from(u8::from(is_held)));
            sizes.push(size);
        }
    }
    let mean = |values: &[f64]| weighted::mean(values, weights);
    let level = |(bound, (held, sizes)): (&ConformalBound, (Vec<f64>, Vec<f64>))| {
        Some(Coverage { percent: bound.percent, share: mean(&held)?, size: mean(&sizes)? })
    };
    model.bounds().iter().zip(levels).filter_map(level).collect()
}

fn of_interval(interval: &Interval, target: f64) -> (bool, f64) {
    ((interval.lower..=interval.upper).contains(&target), interval.upper - interval.lower)
}
