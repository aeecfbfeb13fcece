//! Means of decision trees: a single tree (Breiman, Friedman, Olshen and Stone, "Classification and regression trees", 1984), a
//! forest (Breiman, "Random forests", 2001), and extra-trees (Geurts, Ernst and Wehenkel, "Extremely randomized trees", 2006).

mod bag;
mod fit;
mod grow;
mod options;
mod out_of_bag;
mod prune;
mod purity;
mod search;

pub(in crate::train) use fit::ForestFit;
pub use options::Options;

#[cfg(test)]
mod tests;
