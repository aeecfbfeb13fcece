//! The inputs and outputs of a loss on some rows.

use crate::train::linear::derivatives::Order;

/// The inputs and outputs of a loss on some rows, as functions of the rows' scores.
pub(super) struct RowLosses<'a> {
    /// The second derivatives to compute.
    pub(super) order: Order,
    /// Per row the number to predict, or the position of its class.
    pub(super) targets: &'a [f64],
    /// For each output its score in every row. The loss replaces it by its derivative in that score.
    pub(super) scores: &'a mut [f64],
    /// Per row its loss without the term ln(1 + odds): many logarithms are cheaper as one of a product.
    pub(super) losses: &'a mut [f64],
    pub(super) odds: &'a mut [f64],
    /// For each pair of [`Order::summed_squares`] its second derivative in every row; empty when they are shared.
    pub(super) second_derivatives: &'a mut [f64],
}
