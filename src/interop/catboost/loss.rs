//! What a model of CatBoost was fitted to.

use crate::error::Result;
use crate::interop::document::{Data, unsupported, wrong};
use crate::interop::json;
use crate::interop::labels::NumberedLabels;
use crate::interop::steps::Step;
use crate::interop::tool::CATBOOST;
use crate::model::Link;

/// Losses of one number.
const NUMBERS: [(&str, Link); 17] = [
    ("RMSE", Link::Identity),
    ("MAE", Link::Identity),
    ("Quantile", Link::Identity),
    ("Expectile", Link::Identity),
    ("MAPE", Link::Identity),
    ("Lq", Link::Identity),
    ("Huber", Link::Identity),
    ("LogCosh", Link::Identity),
    ("YetiRank", Link::Identity),
    ("YetiRankPairwise", Link::Identity),
    ("PairLogit", Link::Identity),
    ("PairLogitPairwise", Link::Identity),
    ("QueryRMSE", Link::Identity),
    ("QuerySoftMax", Link::Identity),
    ("Poisson", Link::Exp),
    ("Tweedie", Link::Exp),
    ("CrossEntropy", Link::Logit),
];

/// Each class against all others.
pub(super) const ONE_VS_ALL: &str = "MultiClassOneVsAll";

pub(super) struct Loss {
    pub(super) name: String,
    pub(super) link: Link,
    pub(super) n_classes: Option<usize>,
    pub(super) classes: Option<NumberedLabels>,
    /// What is done with scores before the link, where two classes have one each.
    pub(super) step: Option<Step>,
}

impl Loss {
    pub(super) fn of(info: &Data<'_>, n_scores: usize) -> Result<Self> {
        let name = name(info)?;
        if let Some((_, link)) = NUMBERS.iter().find(|(known, _)| *known == name) {
            return match n_scores {
                1 => Ok(Self { name, link: *link, n_classes: None, classes: None, step: None }),
                _ => Err(unsupported(CATBOOST, "several targets at once")),
            };
        }
        let (n_classes, link, step) = match (name.as_str(), n_scores) {
            ("Logloss", 1) => (2, Link::Logistic, None),
            ("MultiClass", 2) => (2, Link::Logistic, Some(Step::LogOdds)),
            ("MultiClass", n_classes) if n_classes > 2 => (n_classes, Link::Softmax { n_classes }, None),
            (ONE_VS_ALL, 2) => (2, Link::Logistic, Some(Step::LogOddsOfRest)),
            (ONE_VS_ALL, n_classes) if n_classes > 2 => (n_classes, Link::OneVsRest { n_classes }, None),
            _ => return Err(unsupported(CATBOOST, &format!("the loss {name}"))),
        };
        let names = info.get("class_params").and_then(|parameters| parameters.get("class_names"));
        let classes = names.map(NumberedLabels::of).transpose()?.filter(|classes| classes.labels.len() > 0);
        if let Some(found) = classes.as_ref().map(|classes| classes.labels.len()).filter(|found| *found != n_classes) {
            return Err(wrong(format!("class_names: expected {n_classes}, found {found}")));
        }
        Ok(Self { name, link, n_classes: Some(n_classes), classes, step })
    }
}

/// The name of the loss. A sum of models has it as JSON in a text.
fn name(info: &Data<'_>) -> Result<String> {
    let parameters = info.get("params").and_then(|parameters| parameters.get("loss_function"));
    match (parameters, info.get("loss_function")) {
        (Some(loss), _) => loss.text("type").map(str::to_owned),
        (None, Some(Data::Text(text))) => json::read(text.as_bytes())?.text("type").map(str::to_owned),
        _ => Err(wrong("model_info does not say the loss_function")),
    }
}
