//! What trees record, as a record, and back.

use super::{BoostingRecord, ClassWeight, ForestKind, ForestRecord, Interactions, OutOfBag, RegressionLoss};
use crate::model::record::Value;

pub(super) fn of_boosting(record: &BoostingRecord) -> Value {
    let of_names = |names: &Vec<String>| Value::list(names.iter().map(String::as_str));
    let interactions = match &record.interactions {
        Interactions::All => None,
        Interactions::None => Some(Value::list([""; 0])),
        Interactions::Groups(groups) => Some(Value::list(groups.iter().map(of_names))),
    };
    Value::fields([
        ("loss", record.loss.map(RegressionLoss::name).into()),
        ("quantile", record.quantile.into()),
        ("learningRate", record.learning_rate.into()),
        ("leaves", record.leaves.into()),
        ("depth", record.depth.into()),
        ("minRows", record.min_rows.into()),
        ("subsample", record.subsample.into()),
        ("maxFeatures", record.max_features.into()),
        ("patience", record.patience.into()),
        ("validation", record.validation.into()),
        ("seed", record.seed.into()),
        ("increasing", Value::list(record.increasing.iter().map(String::as_str))),
        ("decreasing", Value::list(record.decreasing.iter().map(String::as_str))),
        ("interactions", interactions.into()),
        ("losses", Value::list(record.losses.iter().copied())),
        ("heldOutLosses", Value::list(record.held_out_losses.iter().copied())),
    ])
}

pub(super) fn boosting(value: &Value, rounds: u64, l2: f64, class_weight: ClassWeight) -> Option<BoostingRecord> {
    let number = |name: &str| value.get(name).and_then(Value::number);
    let items = |name: &str| value.get(name).map(Value::items);
    let numbers = |name: &str| items(name).map(|items| items.iter().filter_map(Value::number).collect());
    let texts_of = |value: &Value| value.items().iter().filter_map(Value::text).map(str::to_owned).collect();
    let texts = |name: &str| value.get(name).map(texts_of);
    let loss = match value.get("loss").and_then(Value::text) {
        Some(name) => Some(RegressionLoss::named(name)?),
        None => None,
    };
    Some(BoostingRecord {
        loss,
        quantile: number("quantile"),
        rounds,
        learning_rate: number("learningRate")?,
        leaves: value.get("leaves")?.whole()?,
        depth: value.get("depth").and_then(Value::whole),
        min_rows: number("minRows")?,
        l2,
        class_weight,
        subsample: number("subsample")?,
        max_features: number("maxFeatures")?,
        patience: value.get("patience").and_then(Value::whole),
        validation: number("validation")?,
        seed: value.get("seed")?.whole()?,
        increasing: texts("increasing")?,
        decreasing: texts("decreasing")?,
        interactions: match value.get("interactions").filter(|value| **value != Value::None) {
            None => Interactions::All,
            Some(groups) if groups.items().is_empty() => Interactions::None,
            Some(groups) => Interactions::Groups(groups.items().iter().map(texts_of).collect()),
        },
        losses: numbers("losses")?,
        held_out_losses: numbers("heldOutLosses")?,
    })
}

pub(super) fn of_forest(record: &ForestRecord) -> Value {
    let out_of_bag = record.out_of_bag.map(|found| {
        Value::fields([
            ("rows", found.rows.into()),
            ("meanSquaredError", found.mean_squared_error.into()),
            ("accuracy", found.accuracy.into()),
            ("rSquared", found.r_squared.into()),
        ])
    });
    Value::fields([
        ("leaves", record.leaves.into()),
        ("depth", record.depth.into()),
        ("minRows", record.min_rows.into()),
        ("maxFeatures", record.max_features.into()),
        ("subsample", record.subsample.into()),
        ("pruning", record.pruning.into()),
        ("seed", record.seed.into()),
        ("losses", Value::list(record.losses.iter().copied())),
        ("outOfBag", out_of_bag.into()),
    ])
}

pub(super) fn forest(value: &Value, kind: ForestKind, trees: u64, class_weight: ClassWeight) -> Option<ForestRecord> {
    let number = |name: &str| value.get(name).and_then(Value::number);
    let found = value.get("outOfBag").filter(|value| **value != Value::None);
    let out_of_bag = found.map(|found| {
        let number = |name: &str| found.get(name).and_then(Value::number);
        Some(OutOfBag {
            rows: number("rows")?,
            mean_squared_error: number("meanSquaredError")?,
            accuracy: number("accuracy"),
            r_squared: number("rSquared"),
        })
    });
    Some(ForestRecord {
        kind,
        trees,
        leaves: value.get("leaves")?.whole()?,
        depth: value.get("depth").and_then(Value::whole),
        min_rows: number("minRows")?,
        max_features: number("maxFeatures"),
        subsample: number("subsample")?,
        pruning: number("pruning")?,
        class_weight,
        seed: value.get("seed")?.whole()?,
        losses: value.get("losses")?.items().iter().filter_map(Value::number).collect(),
        out_of_bag: match out_of_bag {
            Some(found) => Some(found?),
            None => None,
        },
    })
}
