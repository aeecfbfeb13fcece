//! What a model of LightGBM was fitted to.

use crate::error::{Decimal, Result, quote};
use crate::interop::document::{unsupported, whole, wrong};
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
    pub(super) steps: Vec<Step>,
    /// Whether each class has a probability against all others.
    pub(super) is_one_vs_rest: bool,
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
    /// A link alone.
    fn plain(link: Link, n_classes: Option<usize>) -> Self {
        Self { link, n_classes, slope: None, steps: Vec::new(), is_one_vs_rest: false }
    }

    /// The objective of words such as `binary sigmoid:1`.
    pub(super) fn of(words: &str, n_trees_a_round: usize) -> Result<Self> {
        let mut words = words.split_ascii_whitespace();
        let Some(name) = words.next() else {
            return Err(unsupported(LIGHTGBM, "an objective of the caller's own"));
        };
        let parameters: Vec<&str> = words.collect();
        let parameter = |name: &str, default: f64| {
            let texts = parameters.iter().filter_map(|word| word.split_once(':')).filter(|(key, _)| *key == name);
            let texts: Vec<&str> = texts.map(|(_, text)| text).collect();
            match texts.as_slice() {
                [] => Ok(default),
                [text] => number(text, DecimalSign::Point)
                    .ok_or_else(|| wrong(format!("objective: {name}: expected a number, found {}", quote(text)))),
                _ => Err(wrong(format!("objective: {name} stands twice"))),
            }
        };
        let expect = |n: usize| match n_trees_a_round == n {
            true => Ok(()),
            false => Err(wrong(format!("expected {n} trees in each round of {name}, found {n_trees_a_round}"))),
        };
        if let Some((_, link)) = NUMBERS.iter().find(|(known, _)| *known == name) {
            expect(1)?;
            // The root of the target was fitted.
            let is_of_root = parameters.contains(&"sqrt");
            if is_of_root && !name.starts_with("regression") {
                return Err(unsupported(LIGHTGBM, &format!("the objective {name} and sqrt")));
            }
            let steps = Vec::from_iter(is_of_root.then_some(Step::Square));
            return Ok(Self { steps, ..Self::plain(*link, None) });
        }
        let sigmoid = || match parameter("sigmoid", 1.0)? {
            sigmoid if sigmoid.is_finite() && sigmoid > 0.0 => Ok(sigmoid),
            other => Err(wrong(format!("objective: sigmoid: expected a number above 0, found {}", Decimal(other)))),
        };
        let expect_classes = || {
            let said = parameter("num_class", 0.0)?;
            if whole(said) != Some(n_trees_a_round) || n_trees_a_round < 2 {
                let said = Decimal(said);
                return Err(wrong(format!(
                    "num_class: expected at least 2, and as many as trees in a round, {n_trees_a_round}, found {said}"
                )));
            }
            Ok(())
        };
        let n_classes = n_trees_a_round;
        match name {
            "binary" => {
                expect(1)?;
                let slope = Some(sigmoid()?).filter(|sigmoid| *sigmoid != 1.0);
                Ok(Self { slope, ..Self::plain(Link::Logistic, Some(2)) })
            }
            "cross_entropy_lambda" | "xentlambda" => {
                expect(1)?;
                Ok(Self { steps: vec![Step::Softplus], ..Self::plain(Link::Identity, None) })
            }
            "multiclass" | "softmax" => {
                expect_classes()?;
                let (link, steps) = match n_classes {
                    2 => (Link::Logistic, vec![Step::LogOdds]),
                    _ => (Link::Softmax { n_classes }, Vec::new()),
                };
                Ok(Self { steps, ..Self::plain(link, Some(n_classes)) })
            }
            "multiclassova" | "multiclass_ova" | "ova" | "ovr" => {
                expect_classes()?;
                let times = |sigmoid| Step::With(Arithmetic::Multiply, vec![sigmoid]);
                let mut steps = Vec::from_iter(Some(sigmoid()?).filter(|sigmoid| *sigmoid != 1.0).map(times));
                let link = match n_classes {
                    2 => {
                        steps.push(Step::LogOddsOfRest);
                        Link::Logistic
                    }
                    _ => Link::OneVsRest { n_classes },
                };
                Ok(Self { steps, is_one_vs_rest: true, ..Self::plain(link, Some(n_classes)) })
            }
            other => Err(unsupported(LIGHTGBM, &format!("the objective {other}"))),
        }
    }
}
