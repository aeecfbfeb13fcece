//! What a model of XGBoost was fitted to: its link, its classes, and what its scores begin with.

use crate::error::{Result, quote};
use crate::interop::document::{Data, unsupported, wrong};
use crate::interop::single::{ln_single, log_odds};
use crate::interop::steps::Step;
use crate::interop::tool::XGBOOST;
use crate::limits;
use crate::model::Link;
use crate::table::number::{DecimalSign, number};

/// Each objective that is read, with what it predicts. `src/objective` of XGBoost 3.2 has them.
const OBJECTIVES: [(&str, Kind); 19] = [
    ("reg:squarederror", Kind::Number(Link::Identity)),
    ("reg:linear", Kind::Number(Link::Identity)),
    ("reg:squaredlogerror", Kind::Number(Link::Identity)),
    ("reg:pseudohubererror", Kind::Number(Link::Identity)),
    ("reg:absoluteerror", Kind::Number(Link::Identity)),
    ("reg:quantileerror", Kind::Number(Link::Identity)),
    ("reg:expectileerror", Kind::Number(Link::Identity)),
    ("rank:pairwise", Kind::Number(Link::Identity)),
    ("rank:ndcg", Kind::Number(Link::Identity)),
    ("rank:map", Kind::Number(Link::Identity)),
    ("binary:logitraw", Kind::Number(Link::Identity)),
    ("reg:logistic", Kind::Number(Link::Logit)),
    ("count:poisson", Kind::Number(Link::Exp)),
    ("reg:gamma", Kind::Number(Link::Exp)),
    ("reg:tweedie", Kind::Number(Link::Exp)),
    ("survival:cox", Kind::Number(Link::Exp)),
    ("binary:logistic", Kind::TwoClasses),
    ("multi:softprob", Kind::Classes),
    ("multi:softmax", Kind::Classes),
];

#[derive(Clone, Copy)]
enum Kind {
    Number(Link),
    TwoClasses,
    Classes,
}

pub(super) struct Objective<'d> {
    pub(super) name: &'d str,
    kind: Kind,
    n_classes: usize,
}

impl<'d> Objective<'d> {
    pub(super) fn of(objective: &'d Data<'_>, n_classes: usize) -> Result<Self> {
        let name = objective.text("name")?;
        let kind = match OBJECTIVES.iter().find(|(known, _)| *known == name) {
            Some((_, kind)) => *kind,
            None => return Err(unsupported(XGBOOST, &format!("the objective {}", quote(name)))),
        };
        limits::check("classes", n_classes, limits::CLASSES)?;
        match kind {
            Kind::Classes if n_classes < 2 => Err(wrong(format!("num_class: expected at least 2, found {n_classes}"))),
            Kind::Number(_) | Kind::TwoClasses if n_classes > 1 => {
                Err(wrong(format!("num_class: expected none for {name}, found {n_classes}")))
            }
            _ => Ok(Self { name, kind, n_classes }),
        }
    }

    pub(super) fn link(&self) -> Link {
        match self.kind {
            Kind::Number(link) => link,
            // One number says both.
            Kind::Classes if self.n_classes == 2 => Link::Logistic,
            Kind::Classes => Link::Softmax { n_classes: self.n_classes },
            Kind::TwoClasses => Link::Logistic,
        }
    }

    pub(super) fn n_classes(&self) -> Option<usize> {
        match self.kind {
            Kind::Number(_) => None,
            Kind::Classes => Some(self.n_classes),
            Kind::TwoClasses => Some(2),
        }
    }

    pub(super) fn n_scores(&self) -> usize {
        match self.kind {
            Kind::Classes => self.n_classes,
            Kind::Number(_) | Kind::TwoClasses => 1,
        }
    }

    /// What is done with scores before the link.
    pub(super) fn steps(&self) -> &'static [Step] {
        if self.n_scores() == 2 { &[Step::LogOdds] } else { &[] }
    }

    /// What the scores begin with. The file says it as a prediction: a number up to version 3.0, from 3.1 a list. Of several
    /// classes it is a score.
    pub(super) fn base(&self, text: &str) -> Result<Vec<f64>> {
        let n_scores = self.n_scores();
        let text = text.trim();
        let list = text.strip_prefix('[').map_or(Some(text), |rest| rest.strip_suffix(']')).unwrap_or("");
        let numbers: Option<Vec<f32>> = list.split(',').map(single).collect();
        let mut numbers = numbers.filter(|numbers| numbers.iter().all(|number| number.is_finite()));
        if let Some(numbers) = numbers.as_mut().filter(|numbers| numbers.len() == 1) {
            numbers.resize(n_scores, numbers[0]);
        }
        let numbers = numbers.filter(|numbers| numbers.len() == n_scores);
        let numbers = numbers
            .ok_or_else(|| wrong(format!("base_score: expected a number for each score, found {}", quote(text))))?;
        let score = |number: f32| match self.kind {
            Kind::TwoClasses | Kind::Number(Link::Logit) => log_odds(number),
            Kind::Number(Link::Exp) => ln_single(number),
            Kind::Classes | Kind::Number(_) => number,
        };
        let scores: Vec<f64> = numbers.into_iter().map(score).map(f64::from).collect();
        match scores.iter().all(|score| score.is_finite()) {
            true => Ok(scores),
            false => Err(wrong(format!("base_score: {} does not predict {text}", self.name))),
        }
    }
}

/// A number of 32 bits. XGBoost writes the shortest digits of one, so that rounding them twice is no other number.
fn single(text: &str) -> Option<f32> {
    number(text, DecimalSign::Point).map(|number| number as f32)
}
