//! Rules that choose the threshold of a model of two classes.

use super::cuts::{Cut, cuts};
use super::thresholds::ThresholdRow;
use crate::dataset::weight_of_each;
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::note::{Note, codes};
use std::cmp::Ordering;

/// What rounding may take from a share of summed weights.
const ROUNDING: f64 = 1e-12;

/// How to choose the probability from which on a row is flagged positive.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum ThresholdRule {
    /// This threshold (from 0 to 1), whatever the rows.
    Fixed(f64),
    /// The greatest sensitivity + specificity - 1 (Youden, "Index for rating diagnostic tests", 1950).
    Youden,
    /// The greatest F1 of the positive class, 2 TP / (2 TP + FP + FN).
    F1,
    /// A sensitivity of at least this share (above 0, at most 1), and of those thresholds the greatest specificity.
    Sensitivity(f64),
    /// A specificity of at least this share (above 0, at most 1), and of those thresholds the greatest sensitivity.
    Specificity(f64),
    /// The lowest cost summed over rows. Both costs are at least 0 and not both 0; only their ratio matters.
    Cost {
        /// What flagging a row of the other class costs.
        false_positive: f64,
        /// What missing a row of the positive class costs.
        false_negative: f64,
    },
}

/// A threshold, what it decides on the rows it was chosen on, and why it was chosen.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ChosenThreshold {
    /// The rule that chose it.
    pub rule: ThresholdRule,
    /// The threshold and its decisions. On rows that it was not chosen on they are worse, as a rule.
    pub row: ThresholdRow,
    /// One sentence for people: the threshold and the rule.
    pub sentence: String,
}

impl ThresholdRule {
    /// Chooses among the distinct probabilities (so at least one row is flagged), unless the rule names one.
    /// `is_positive` and `probabilities` (of the positive class) have one entry per row, and `weights` too, or none where
    /// every row counts once. Among thresholds that are equally good the one nearest to 0.5 is chosen, and the lower of two
    /// equally near. The rows should not be those that the model is evaluated on: the figures would look better than they
    /// are.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for a share or cost outside its range, or a specificity that no threshold reaches,
    /// [`ErrorKind::WrongLength`] for slices of two lengths, [`ErrorKind::InvalidWeight`] for a weight below 0 or not
    /// finite, [`ErrorKind::TooFewRows`] without rows, and [`ErrorKind::ConstantTarget`] when the rule needs a class that
    /// has no row.
    pub fn choose(self, is_positive: &[bool], probabilities: &[f64], weights: &[f64]) -> Result<ChosenThreshold> {
        self.check()?;
        if is_positive.len() != probabilities.len() {
            let message = format!("expected {} probabilities, found {}", is_positive.len(), probabilities.len());
            return Err(Error::new(ErrorKind::WrongLength, message));
        }
        weight_of_each(weights, is_positive.len())?;
        let threshold = match self {
            Self::Fixed(threshold) => threshold,
            _ => self.best(&cuts(is_positive, probabilities, weights))?,
        };
        let sentence = format!("a row is flagged from a probability of {} on: {}", Decimal(threshold), self.reason());
        Ok(ChosenThreshold {
            rule: self,
            row: ThresholdRow::new(is_positive, probabilities, weights, threshold),
            sentence,
        })
    }

    /// The threshold of the best cut. The last cut flags every row, so it knows how much there is of each class.
    fn best(self, cuts: &[Cut]) -> Result<f64> {
        let Some(all) = cuts.last() else {
            return Err(Error::new(ErrorKind::TooFewRows, "choosing a threshold needs rows, found none"));
        };
        let (positives, negatives) = (all.true_positives, all.false_positives);
        let needs_positives = matches!(self, Self::Youden | Self::F1 | Self::Sensitivity(_));
        let needs_negatives = matches!(self, Self::Youden | Self::Specificity(_));
        if (needs_positives && positives == 0.0) || (needs_negatives && negatives == 0.0) {
            let which = if positives == 0.0 { "the positive class" } else { "the other class" };
            let message = format!("choosing a threshold by this rule needs a row of {which}, found none");
            return Err(Error::new(ErrorKind::ConstantTarget, message));
        }
        let is_allowed = |cut: &&Cut| match self {
            Self::Sensitivity(share) => cut.true_positives / positives >= share - ROUNDING,
            Self::Specificity(share) => (negatives - cut.false_positives) / negatives >= share - ROUNDING,
            _ => true,
        };
        let nearness = |cut: &Cut| (cut.threshold - 0.5).abs();
        let best = cuts.iter().filter(is_allowed).max_by(|a, b| {
            // Of two equal elements `max_by` takes the last, and cuts descend: the lower threshold.
            self.compare(a, b, positives, negatives).then_with(|| nearness(b).total_cmp(&nearness(a)))
        });
        best.map(|cut| cut.threshold).ok_or_else(|| {
            let message = format!("no threshold that flags a row meets the rule: {}", self.reason());
            Error::new(ErrorKind::InvalidOption, message)
        })
    }

    /// `Greater` when `a` is the better cut. Without divisions: products of whole weights are exact up to 2^53, so equals are
    /// equal.
    fn compare(self, a: &Cut, b: &Cut, positives: f64, negatives: f64) -> Ordering {
        let fewest_false = b.false_positives.total_cmp(&a.false_positives);
        let most_true = a.true_positives.total_cmp(&b.true_positives);
        match self {
            Self::Fixed(_) => Ordering::Equal,
            Self::Youden => {
                // TP / P - FP / N, multiplied by P N.
                let index = |cut: &Cut| cut.true_positives * negatives - cut.false_positives * positives;
                index(a).total_cmp(&index(b))
            }
            Self::F1 => {
                // 2 TP / (flagged + P), the two fractions multiplied crosswise.
                let size = |cut: &Cut| cut.true_positives + cut.false_positives + positives;
                let cross = |cut: &Cut, other: &Cut| cut.true_positives * size(other);
                cross(a, b).total_cmp(&cross(b, a))
            }
            Self::Sensitivity(_) => fewest_false.then(most_true),
            Self::Specificity(_) => most_true.then(fewest_false),
            Self::Cost { false_positive, false_negative } => {
                let cost = |cut: &Cut| {
                    cut.false_positives * false_positive + (positives - cut.true_positives) * false_negative
                };
                cost(b).total_cmp(&cost(a))
            }
        }
    }

    pub(crate) fn check(self) -> Result<()> {
        let message = match self {
            Self::Fixed(threshold) if !(0.0..=1.0).contains(&threshold) => {
                format!("expected a threshold from 0 to 1, found {}", Decimal(threshold))
            }
            Self::Sensitivity(share) | Self::Specificity(share) if !(share > 0.0 && share <= 1.0) => {
                format!("expected a share above 0 and at most 1, found {}", Decimal(share))
            }
            Self::Cost { false_positive: a, false_negative: b }
                if !(a >= 0.0 && b >= 0.0 && a + b > 0.0 && (a + b).is_finite()) =>
            {
                format!("expected costs of at least 0 and not both 0, found {} and {}", Decimal(a), Decimal(b))
            }
            _ => return Ok(()),
        };
        Err(Error::new(ErrorKind::InvalidOption, message))
    }

    /// The rule, as a model file says it.
    pub(crate) fn reason(self) -> Note {
        match self {
            Self::Fixed(_) => Note::new(codes::AS_ASKED, []),
            Self::Youden => Note::new(codes::YOUDEN, []),
            Self::F1 => Note::new(codes::F1, []),
            Self::Sensitivity(share) => Note::new(codes::SENSITIVITY, [share.into()]),
            Self::Specificity(share) => Note::new(codes::SPECIFICITY, [share.into()]),
            Self::Cost { false_positive, false_negative } => {
                Note::new(codes::COST, [false_positive.into(), false_negative.into()])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::{IS_POSITIVE, SCORES};
    use super::*;

    fn threshold(rule: ThresholdRule) -> f64 {
        rule.choose(&IS_POSITIVE, &SCORES, &[]).unwrap().row.threshold
    }

    fn cost(false_positive: f64, false_negative: f64) -> ThresholdRule {
        ThresholdRule::Cost { false_positive, false_negative }
    }

    #[test]
    fn each_rule_chooses_its_best_threshold() {
        // By hand from the points of scikit-learn's roc_curve and from its f1_score at each threshold, see
        // tests/golden/figures.py: the Youden index is 2/6 at 0.8, 0.62, 0.5 and no higher; F1 is 0.70588 at 0.15.
        assert_eq!(threshold(ThresholdRule::Fixed(0.5)), 0.5);
        assert_eq!(threshold(ThresholdRule::Youden), 0.5);
        assert_eq!(threshold(ThresholdRule::F1), 0.15);
        assert_eq!(threshold(ThresholdRule::Sensitivity(0.5)), 0.62);
        assert_eq!(threshold(ThresholdRule::Sensitivity(1.0)), 0.15);
        assert_eq!(threshold(ThresholdRule::Specificity(0.8)), 0.62);
        assert_eq!(threshold(ThresholdRule::Specificity(1.0)), 0.8);
    }

    #[test]
    fn dear_misses_lower_the_threshold_and_dear_alarms_raise_it() {
        assert_eq!(threshold(cost(1.0, 10.0)), 0.15);
        assert_eq!(threshold(cost(10.0, 1.0)), 0.8);
        assert_eq!(threshold(cost(1.0, 1.0)), 0.5);
    }

    #[test]
    fn the_lower_of_two_equally_near_thresholds_is_chosen() {
        let chosen = ThresholdRule::Youden.choose(&[true, false, true, false], &[0.75, 0.6, 0.25, 0.1], &[]).unwrap();
        assert_eq!(chosen.row.threshold, 0.25);
    }

    /// Rows by their weights, and the same rows as often as they weigh.
    #[test]
    fn a_row_of_weight_3_is_three_rows() {
        let weights: Vec<f64> = (0..SCORES.len()).map(|row| [3.0, 0.0, 1.0, 2.0, 7.0][row % 5]).collect();
        let times = |row: usize| std::iter::repeat_n(row, weights[row] as usize);
        let rows: Vec<usize> = (0..SCORES.len()).flat_map(times).collect();
        let is_positive: Vec<bool> = rows.iter().map(|row| IS_POSITIVE[*row]).collect();
        let scores: Vec<f64> = rows.iter().map(|row| SCORES[*row]).collect();
        let rules = [ThresholdRule::Youden, ThresholdRule::F1, ThresholdRule::Sensitivity(0.8), cost(2.0, 1.0)];
        for rule in rules.into_iter().chain([ThresholdRule::Specificity(0.6)]) {
            let weighted = rule.choose(&IS_POSITIVE, &SCORES, &weights).unwrap().row.threshold;
            assert_eq!(weighted, rule.choose(&is_positive, &scores, &[]).unwrap().row.threshold, "{rule:?}");
        }
        // Products of such sums overflow, or vanish.
        for scale in [1e-200, 1e200] {
            let weights: Vec<f64> = weights.iter().map(|weight| weight * scale).collect();
            let threshold = ThresholdRule::Youden.choose(&IS_POSITIVE, &SCORES, &weights).unwrap().row.threshold;
            let expected = ThresholdRule::Youden.choose(&is_positive, &scores, &[]).unwrap().row.threshold;
            assert_eq!(threshold, expected, "{scale:e}");
        }
        let kind = |weights: &[f64]| ThresholdRule::F1.choose(&IS_POSITIVE, &SCORES, weights).unwrap_err().kind();
        assert_eq!(kind(&[1.0]), ErrorKind::WrongLength);
        assert_eq!(kind(&[-1.0; SCORES.len()]), ErrorKind::InvalidWeight);
        assert_eq!(kind(&[0.0; SCORES.len()]), ErrorKind::TooFewRows);
    }

    #[test]
    fn the_sentence_names_the_threshold_and_the_rule() {
        let chosen = ThresholdRule::Sensitivity(0.9).choose(&IS_POSITIVE, &SCORES, &[]).unwrap();
        let expected = "a row is flagged from a probability of 0.15 on: \
                        the greatest specificity with a sensitivity of at least 0.9";
        assert_eq!(chosen.sentence, expected);
    }

    #[test]
    fn what_cannot_be_met_is_refused() {
        let kind = |rule: ThresholdRule, is_positive: &[bool], scores: &[f64]| {
            rule.choose(is_positive, scores, &[]).unwrap_err().kind()
        };
        for rule in [ThresholdRule::Sensitivity(0.0), ThresholdRule::Specificity(1.1), cost(0.0, 0.0), cost(-1.0, 2.0)]
        {
            assert_eq!(kind(rule, &IS_POSITIVE, &SCORES), ErrorKind::InvalidOption);
        }
        // The row of the highest probability is negative: flagging any row flags it.
        assert_eq!(kind(ThresholdRule::Specificity(1.0), &[true, false], &[0.2, 0.9]), ErrorKind::InvalidOption);
        assert_eq!(kind(ThresholdRule::Youden, &[true], &[0.2]), ErrorKind::ConstantTarget);
        assert_eq!(kind(ThresholdRule::F1, &[], &[]), ErrorKind::TooFewRows);
        assert_eq!(kind(ThresholdRule::F1, &[true], &[]), ErrorKind::WrongLength);
    }
}
