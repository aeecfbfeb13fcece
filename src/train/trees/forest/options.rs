//! The options of forests and of single trees.

use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::model::{ClassWeight, ForestKind};
use crate::preprocess::{DateParts, Unseen};
use crate::train::trees::ranges::{check_count, check_depth, check_fraction, check_min_rows};

/// The options of a forest, of extra-trees, or of a single tree: [`Options::of`] has the defaults of each.
///
/// Nothing is imputed or scaled. A missing value goes to the side that fits the training rows better. A split of a category
/// sends a set of categories to the left.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// How trees differ.
    pub kind: ForestKind,
    /// How many trees, from 1 to 10,000. By default 100, and 1 for a single tree, which has no other number.
    pub trees: u64,
    /// The most leaves of a tree, from 2 to 1,048,576. The leaf that gains most is split next. By default 4,096, and 16 for a single
    /// tree, which a person can read.
    pub leaves: u64,
    /// The most splits on the way to a leaf, from 1 to 64; by default any number.
    pub depth: Option<u64>,
    /// The least weight of the rows in a leaf, as often as they were drawn. Above 0. By default 1, and 20 for a single tree: so many
    /// rows without weights.
    pub min_rows: f64,
    /// Which part of the columns each node looks at, by chance: above 0 and at most 1. By default the square root of their number for
    /// classes, a third for numbers, and all for a single tree.
    pub max_features: Option<f64>,
    /// Which part of the rows each tree sees, by chance. Above 0 and at most 1, the default. A forest draws so many and puts each
    /// back; the other kinds take each row once.
    pub subsample: f64,
    /// What a leaf costs (`ccp_alpha` of scikit-learn): splits that do not reduce the mean squared error, or the Gini impurity, by so
    /// much for each leaf are taken back. At least 0, the default.
    pub pruning: f64,
    /// Decides what is taken by chance. By default 0.
    pub seed: u64,
    /// The weights of the classes. By default only the sample weights count.
    pub class_weight: ClassWeight,
    /// What becomes of a category that no training row had: [`Unseen::Zeros`] takes it for a missing one.
    pub unseen: Unseen,
    /// Whether a missing value is taken even in a feature that every row of the table has.
    pub missing_always: bool,
    /// What dates become.
    pub date_parts: DateParts,
}

impl Default for Options {
    fn default() -> Self {
        Self::of(ForestKind::Forest)
    }
}

impl Options {
    /// The defaults of a kind.
    pub fn of(kind: ForestKind) -> Self {
        let is_tree = kind == ForestKind::Tree;
        Self {
            kind,
            trees: if is_tree { 1 } else { 100 },
            leaves: if is_tree { 16 } else { 4_096 },
            depth: None,
            min_rows: if is_tree { 20.0 } else { 1.0 },
            max_features: None,
            subsample: 1.0,
            pruning: 0.0,
            seed: 0,
            class_weight: ClassWeight::Equal,
            unseen: Unseen::Refuse,
            missing_always: false,
            date_parts: DateParts::default(),
        }
    }

    /// How many of so many columns a node looks at.
    pub(super) fn n_columns(&self, n_columns: usize, is_number: bool) -> usize {
        let all = n_columns as f64;
        let some = match self.max_features {
            Some(fraction) => all * fraction,
            None if self.kind == ForestKind::Tree => all,
            None if is_number => all / 3.0,
            None => all.sqrt(),
        };
        (some.ceil() as usize).clamp(1, n_columns)
    }

    /// Checks every range.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] naming the option, what was found and what is allowed.
    pub fn check(&self) -> Result<()> {
        check_count("trees", self.trees, 1..=if self.kind == ForestKind::Tree { 1 } else { 10_000 })?;
        check_count("leaves", self.leaves, 2..=1 << 20)?;
        check_depth(self.depth)?;
        check_fraction("subsample", self.subsample)?;
        check_fraction("max features", self.max_features.unwrap_or(1.0))?;
        check_min_rows(self.min_rows)?;
        match self.pruning >= 0.0 && self.pruning.is_finite() {
            true => Ok(()),
            false => {
                let message = format!("expected a pruning of at least 0, found {}", Decimal(self.pruning));
                Err(Error::new(ErrorKind::InvalidOption, message))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_checked() {
        let good = Options::default();
        assert!(good.check().is_ok() && Options::of(ForestKind::Tree).check().is_ok());
        let bad = [
            Options { trees: 0, ..good.clone() },
            Options { trees: 2, ..Options::of(ForestKind::Tree) },
            Options { leaves: 1, ..good.clone() },
            Options { depth: Some(65), ..good.clone() },
            Options { min_rows: 0.0, ..good.clone() },
            Options { subsample: 0.0, ..good.clone() },
            Options { max_features: Some(f64::NAN), ..good.clone() },
            Options { pruning: -1.0, ..good },
        ];
        for options in bad {
            assert_eq!(options.check().unwrap_err().kind(), ErrorKind::InvalidOption, "{options:?}");
        }
    }

    #[test]
    fn nodes_look_at_some_columns() {
        let n = |kind, is_number| Options::of(kind).n_columns(20, is_number);
        assert_eq!(
            [n(ForestKind::Forest, false), n(ForestKind::ExtraTrees, true), n(ForestKind::Tree, true)],
            [5, 7, 20]
        );
        assert_eq!(Options { max_features: Some(0.01), ..Options::default() }.n_columns(20, true), 1);
    }
}
