//! The options of gradient boosting.

use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::model::{ClassWeight, Interactions, RegressionLoss};
use crate::preprocess::{DateParts, Unseen};
use crate::train::penalty::check_l2;
use crate::train::trees::ranges::{check_count, check_depth, check_fraction, check_min_rows};

/// The options of gradient boosting. [`Options::default`] suits most tables of some hundred rows and more.
///
/// Nothing is imputed or scaled. A missing value goes to the side that fits the training rows better. A split of a category
/// sends a set of categories to the left.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// What the fit of a number reduces: by default the squared error. Classes have the log loss, and no other.
    pub loss: Option<RegressionLoss>,
    /// The level of the loss [`RegressionLoss::Quantile`], above 0 and below 1: such a part of the rows is to lie at or below what is
    /// predicted for them. That loss needs one, and no other takes one.
    pub quantile: Option<f64>,
    /// How many rounds: each adds a tree, of more than two classes one for each. From 1 to 10,000, by default 100.
    pub rounds: u64,
    /// What the value of each new leaf is multiplied by. Above 0 and at most 1, by default 0.1.
    pub learning_rate: f64,
    /// The most leaves of a tree, from 2 to 1,024, by default 31. The leaf that gains most is split next.
    pub leaves: u64,
    /// The most splits on the way to a leaf, from 1 to 64; by default any number.
    pub depth: Option<u64>,
    /// The least weight of the rows in a leaf. Above 0, by default 20: so many rows without sample weights.
    pub min_rows: f64,
    /// Which part of the rows each round sees, by chance. Above 0 and at most 1, the default.
    pub subsample: f64,
    /// Which part of the columns each tree sees, by chance. Above 0 and at most 1, the default.
    pub max_features: f64,
    /// So many rounds in a row that do not predict rows held out better end the fit, and the best round is the last that is kept.
    /// From 1; by default no rows are held out.
    pub patience: Option<u64>,
    /// Which part of the rows is held out for that. Above 0 and below 1, by default 0.1.
    pub validation: f64,
    /// Decides which rows and columns are taken by chance. By default 0.
    pub seed: u64,
    /// Numbers or dates with which the prediction may only grow; of two classes the score of the one that is looked for.
    pub increasing: Vec<String>,
    /// Those with which it may only fall.
    pub decreasing: Vec<String>,
    /// Which features may stand together on a way to a leaf. By default all.
    pub interactions: Interactions,
    /// The strength of the penalty l2/2 * (squared value) of each leaf. At least 0, by default 1.
    pub l2: f64,
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
        Self {
            loss: None,
            quantile: None,
            rounds: 100,
            learning_rate: 0.1,
            leaves: 31,
            depth: None,
            min_rows: 20.0,
            subsample: 1.0,
            max_features: 1.0,
            patience: None,
            validation: 0.1,
            seed: 0,
            increasing: Vec::new(),
            decreasing: Vec::new(),
            interactions: Interactions::All,
            l2: 1.0,
            class_weight: ClassWeight::Equal,
            unseen: Unseen::Refuse,
            missing_always: false,
            date_parts: DateParts::default(),
        }
    }
}

impl Options {
    /// Checks every range.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] naming the option, what was found and what is allowed.
    pub fn check(&self) -> Result<()> {
        let refuse = |message: String| Err(Error::new(ErrorKind::InvalidOption, message));
        match (self.loss, self.quantile) {
            (Some(RegressionLoss::Quantile), None) => {
                return refuse("the loss quantile needs a quantile above 0 and below 1; give one".into());
            }
            (Some(RegressionLoss::Quantile), Some(level)) if !(level > 0.0 && level < 1.0) => {
                return refuse(format!("expected a quantile above 0 and below 1, found {}", Decimal(level)));
            }
            (Some(RegressionLoss::Quantile), Some(_)) | (_, None) => {}
            (_, Some(_)) => {
                return refuse(
                    "only the loss quantile takes a quantile; choose that loss, or leave the quantile out".into(),
                );
            }
        }
        check_count("rounds", self.rounds, 1..=10_000)?;
        check_count("leaves", self.leaves, 2..=1_024)?;
        check_depth(self.depth)?;
        check_fraction("learning rate", self.learning_rate)?;
        check_fraction("subsample", self.subsample)?;
        check_fraction("max features", self.max_features)?;
        if !(self.validation > 0.0 && self.validation < 1.0) {
            let found = Decimal(self.validation);
            return refuse(format!("expected a part of the rows to hold out above 0 and below 1, found {found}"));
        }
        if self.patience == Some(0) {
            return refuse("expected a patience of at least 1 round, found 0".into());
        }
        check_min_rows(self.min_rows)?;
        check_l2(self.l2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_checked() {
        let good = Options::default();
        assert!(good.check().is_ok());
        let of_quantile = |quantile| Options { loss: Some(RegressionLoss::Quantile), quantile, ..good.clone() };
        assert!(of_quantile(Some(0.9)).check().is_ok());
        let bad = [
            of_quantile(None),
            of_quantile(Some(0.0)),
            of_quantile(Some(f64::NAN)),
            Options { quantile: Some(0.5), ..good.clone() },
            Options { rounds: 0, ..good.clone() },
            Options { learning_rate: 0.0, ..good.clone() },
            Options { learning_rate: f64::NAN, ..good.clone() },
            Options { leaves: 1, ..good.clone() },
            Options { depth: Some(65), ..good.clone() },
            Options { min_rows: 0.0, ..good.clone() },
            Options { subsample: 0.0, ..good.clone() },
            Options { max_features: 1.5, ..good.clone() },
            Options { patience: Some(0), ..good.clone() },
            Options { validation: 1.0, ..good.clone() },
            Options { l2: -1.0, ..good },
        ];
        for options in bad {
            assert_eq!(options.check().unwrap_err().kind(), ErrorKind::InvalidOption, "{options:?}");
        }
    }
}
