//! What a model of LightGBM was fitted to.

use crate::error::Result;
use crate::interop::document::{unsupported, wrong};
use crate::interop::steps::Step;
use crate::interop::tool::LIGHTGBM;
use crate::model::{Arithmetic, Link};
use crate::table::number::{DecimalSign, number};

pub(super) struct Objective {
    pub(super) link: Link,
    pub(super) n_classes: Option<usize>,
    /// Of two classes what a score is multiplied by before its link.
    pub(super) slope: Option<f64>,
    /// What is done with scores before it.
    pub(super) step: Option<Step>,
}

/// Objectives of one number. `src/objective` of LightGBM 4.7 has them.
const NUMBERS: [(&str, Link); 14] = [
    ("regression", Link::Identity),
    ("regression_l2", Link::Identity),
    ("regression_l1", Link::Identity),
    ("huber", Link::Identity),
    ("fair", Link::Identity),
    ("quantile", Link::Identity),
    ("mape", Link::Identity),
    ("lambdarank", Link::Identity),
    ("rank_xendcg", Link::Identity),
    ("poisson", Link::Exp),
    ("gamma", Link::Exp),
    ("tweedie", Link::Exp),
    ("cross_entropy", Link::Logit),
    ("xentropy", Link::Logit),
];

impl Objective {
    /// The objective of words such as `binary sigmoid:1`.
    pub(super) fn of(words: &str, n_trees_a_round: usize) -> Result<Self> {
        let mut words = words.split_ascii_whitespace();
        let Some(name) = words.next() else {
            return Err(unsupported(LIGHTGBM, "an objective of the caller's own"));
        };
        let parameters: Vec<&str> = words.collect();
        let parameter = |name: &str| {
            let value = |word: &&str| {
                let (_, text) = word.split_once(':').filter(|(key, _)| *key == name)?;
                number(text, DecimalSign::Point)
            };
            parameters.iter().find_map(value)
        };
        let expect = |n: usize| match n_trees_a_round == n {
            true => Ok(()),
            false => Err(wrong(format!("expected {n} trees in each round of {name}, found {n_trees_a_round}"))),
        };
        if let Some((_, link)) = NUMBERS.iter().find(|(known, _)| *known == name) {
            expect(1)?;
            // The root of the target was fitted.
            let step = parameters.contains(&"sqrt").then_some(Step::Square);
            return Ok(Self { link: *link, n_classes: None, slope: None, step });
        }
        let sigmoid = || match parameter("sigmoid").unwrap_or(1.0) {
            sigmoid if sigmoid.is_finite() && sigmoid > 0.0 => Ok(sigmoid),
            _ => Err(wrong("sigmoid: expected a number above 0")),
        };
        let n_classes = n_trees_a_round;
        match name {
            "binary" => {
                expect(1)?;
                let slope = Some(sigmoid()?).filter(|sigmoid| *sigmoid != 1.0);
                Ok(Self { link: Link::Logistic, n_classes: Some(2), slope, step: None })
            }
            "cross_entropy_lambda" | "xentlambda" => {
                expect(1)?;
                Ok(Self { link: Link::Identity, n_classes: None, slope: None, step: Some(Step::Softplus) })
            }
            "multiclass" | "softmax" => {
                expect(parameter("num_class").unwrap_or(0.0) as usize)?;
                let (link, step) = match n_classes {
                    2 => (Link::Shares { n_classes }, Some(Step::SecondOfTwo)),
                    _ => (Link::Softmax { n_classes }, None),
                };
                Ok(Self { link, n_classes: Some(n_classes), slope: None, step })
            }
            "multiclassova" | "multiclass_ova" | "ova" | "ovr" if n_classes > 2 => {
                expect(parameter("num_class").unwrap_or(0.0) as usize)?;
                let times = |sigmoid| Step::With(Arithmetic::Multiply, vec![sigmoid]);
                let step = Some(sigmoid()?).filter(|sigmoid| *sigmoid != 1.0).map(times);
                Ok(Self { link: Link::OneVsRest { n_classes }, n_classes: Some(n_classes), slope: None, step })
            }
            other => Err(unsupported(LIGHTGBM, &format!("the objective {other}"))),
        }
    }
}
