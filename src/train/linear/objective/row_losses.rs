//! Losses of some rows, as every loss reads and writes them.

use crate::train::linear::derivatives::Order;

/// Some rows' losses as functions of their outputs' scores: what a loss reads, and writes.
pub(super) struct RowLosses<'a> {
    /// Which second derivatives are wanted.
    pub(super) order: Order,
    /// Per row the number to predict, or the position of its class.
    pub(super) targets: &'a [f64],
    /// For each output its score in every row; replaced by the loss's derivatives in them.
    pub(super) scores: &'a mut [f64],
    /// Per row its loss but for a logarithm, that of 1 + odds: many logarithms are cheaper as one of a product.
    pub(super) losses: &'a mut [f64],
    pub(super) odds: &'a mut [f64],
    /// For each pair of [`Order::summed_squares`] its second derivative in every row; empty when they are shared.
    pub(super) curvatures: &'a mut [f64],
}
