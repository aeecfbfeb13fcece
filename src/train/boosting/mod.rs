//! Gradient boosting: each round adds a tree per score, fitted to the gradient of the loss (Friedman, "Greedy function
//! approximation: a gradient boosting machine", 2001; with second derivatives, Chen and Guestrin, "XGBoost", 2016).
//!
//! Values become at most 255 bins a column. Gradients become whole numbers, and sums of whole numbers are exact: a fit has the
//! same bits for any number of threads, on every target, and for any order of the rows.

mod bins;
mod fit;
mod fixed_point;
mod grow;
mod histogram;
mod loss;
mod options;
mod prepare;
mod split;

pub(super) use fit::BoostingFit;
pub use options::Options;

#[cfg(test)]
mod tests;
