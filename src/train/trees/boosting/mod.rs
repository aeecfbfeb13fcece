//! Gradient boosting: each round adds a tree per score, fitted to the gradient of the loss (Friedman, "Greedy function
//! approximation: a gradient boosting machine", 2001; with second derivatives, Chen and Guestrin, "XGBoost", 2016).

mod directions;
mod fit;
mod interactions;
mod loss;
mod number;
mod options;
mod rows;
mod sample;

pub(in crate::train) use fit::BoostingFit;
pub(crate) use number::loss_of;
pub use options::Options;

#[cfg(test)]
mod loss_tests;
#[cfg(test)]
mod tests;
