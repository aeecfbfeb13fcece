//! What a model of CatBoost was fitted to.

use crate::error::Result;
use crate::interop::document::{Data, unsupported, wrong};
use crate::interop::json;
use crate::interop::labels::NumberedLabels;
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

pub(super) struct Loss {
    pub(super) name: String,
    pub(super) link: Link,
    pub(super) n_classes: Option<usize>,
    pub(super) classes: Option<NumberedLabels>,
    /// Whether two classes have a score each.
    pub(super) is_softmax_of_two: bool,
}

impl Loss {
    pub(super) fn of(info: &Data<'_>, n_scores: usize) -> Result<Self> {
        let name = name(info)?;
        if let Some((_, link)) = NUMBERS.iter().find(|(known, _)| *known == name) {
            return match n_scores {
                1 => Ok(Self { name, link: *link, n_classes: None, classes: None, is_softmax_of_two: false }),
                _ => Err(unsupported(CATBOOST, "several targets at once")),
            };
        }
        let is_softmax_of_two = name == "MultiClass" && n_scores == 2;
        let (n_classes, link) = match (name.as_str(), n_scores) {
            ("Logloss", 1) => (2, Link::Logistic),
            ("MultiClass", 2) => (2, Link::Shares { n_classes: 2 }),
            ("MultiClass", n_classes) if n_classes > 2 => (n_classes, Link::Softmax { n_classes }),
            ("MultiClassOneVsAll", n_classes) if n_classes > 2 => (n_classes, Link::OneVsRest { n_classes }),
            _ => return Err(unsupported(CATBOOST, &format!("the loss {name}"))),
        };
        let names = info.get("class_params").and_then(|parameters| parameters.get("class_names"));
        let classes = names.map(NumberedLabels::of).transpose()?.filter(|classes| classes.labels.len() == n_classes);
        Ok(Self { name, link, n_classes: Some(n_classes), classes, is_softmax_of_two })
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
