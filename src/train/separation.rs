//! Classes that the features tell apart without error.
//!
//! Without a penalty such a fit has no optimum: along a direction in which no row's own class falls behind and some row's
//! gets ahead, the loss falls for ever (Albert and Anderson, "On the existence of maximum likelihood estimates in logistic
//! regression models", 1984: complete and quasi-complete separation). The gradient falls below any limit meanwhile, so the
//! certificate alone would be given.

use super::design::DesignBlock;
use super::objective::Objective;

/// How far behind a row's class may seem, as a part of the largest lead, when it is only rounding and what the rest of
/// the fit still has to settle.
const BEHIND: f64 = 1e-6;
/// The least lead, in log-odds, that a step of a fit without end gains; at an optimum a step gains none.
const STRIDE: f64 = 1e-3;

/// The direction in which classes are told apart, if either of two is one: the parameters themselves, or the last step.
pub(super) fn direction<'d>(
    objective: &Objective,
    blocks: &[DesignBlock],
    parameters: &'d [f64],
    last_step: &'d [f64],
) -> Option<&'d [f64]> {
    let leads = |direction: &[f64]| {
        let leads = blocks.iter().map(|block| objective.leads(block, direction));
        leads.fold((f64::INFINITY, f64::NEG_INFINITY), |a, b| (a.0.min(b.0), a.1.max(b.1)))
    };
    let (smallest, _) = leads(parameters);
    if smallest > 0.0 {
        return Some(parameters);
    }
    let (smallest, largest) = leads(last_step);
    (largest > STRIDE && smallest >= -BEHIND * largest).then_some(last_step)
}

/// The columns that matter in a direction: those with at least a hundredth of the largest change per deviation, the
/// largest first.
pub(super) fn columns(direction: &[f64], width: usize, n_columns: usize) -> Vec<usize> {
    let size = |column: usize| direction.chunks_exact(width).map(|output| output[column].abs()).fold(0.0, f64::max);
    let largest = (0..n_columns).map(size).fold(0.0, f64::max);
    let mut columns: Vec<usize> = (0..n_columns).filter(|column| size(*column) >= 0.01 * largest).collect();
    columns.sort_by(|a, b| size(*b).total_cmp(&size(*a)));
    columns
}
