//! What rows are called and what they hold, whether they are in memory or in a file.

use super::blocks::InMemoryRows;
use super::quantile::Quantiles;
use super::roles::{About, Chosen, ColumnIndices, Roles};
use super::summary::Counted;
use super::summary::{Range, Summary};
use super::target::Target;
use crate::error::Result;
use crate::note::Note;
use crate::table::{
    CellFormat, Domain, DroppedColumn, FeatureSchema, Field, Labels, NumberDomain, Schema, Spread, TargetRange,
    TargetSchema,
};
use bincode::{Decode, Encode};

/// The names of the columns, the categories and the classes.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Header {
    features: Vec<Feature>,
    target: String,
    pub(super) weights: Option<String>,
    dropped: Vec<(String, Option<Note>)>,
    pub(super) labels: Option<Labels>,
    positive: Option<usize>,
    missing: Vec<String>,
}

#[derive(Debug, Clone, Encode, Decode)]
struct Feature {
    name: String,
    unit: Option<String>,
    description: Option<String>,
    field: Field,
}

impl Header {
    pub(super) fn new(
        names: &[&str],
        roles: &Roles,
        places: &ColumnIndices,
        chosen: Chosen,
        labels: Option<Labels>,
        format: &CellFormat,
    ) -> Result<Self> {
        let dropped = places.left_out(&chosen, names).into_iter().map(|DroppedColumn { name, reason }| (name, reason));
        let about =
            |name: &str| roles.about.iter().rev().find(|about| about.column == name).cloned().unwrap_or_default();
        let feature = |(place, field): (usize, Field)| {
            let name = names[place].to_owned();
            let About { unit, description, .. } = about(&name);
            let unit = unit.or_else(|| field.unit().map(str::to_owned));
            Feature { name, unit, description, field }
        };
        Ok(Self {
            dropped: dropped.collect(),
            features: chosen.places.into_iter().zip(chosen.fields).map(feature).collect(),
            target: names[places.target].to_owned(),
            weights: places.weights.map(|place| names[place].to_owned()),
            positive: roles.positive_of(labels.as_ref(), format)?,
            labels,
            missing: format.missing.clone(),
        })
    }

    /// Gives a feature of categories others.
    pub(super) fn set_categories(&mut self, feature: usize, others: Labels) {
        if let Field::Category { categories, .. } = &mut self.features[feature].field {
            *categories = others;
        }
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.features.iter().map(|feature| &feature.field)
    }

    /// How many classes there are; 0 for numbers.
    pub(super) fn n_classes(&self) -> usize {
        self.labels.as_ref().map_or(0, Labels::len)
    }

    /// How many categories each feature has; 0 for numbers.
    pub(super) fn n_categories(&self) -> Vec<usize> {
        self.fields().map(Field::n_categories).collect()
    }

    /// What of the rows is counted.
    pub(super) fn counted(&self) -> Counted {
        let is_date = |field: &Field| matches!(field, Field::Number(format) if format.is_date());
        let are_dates = self.fields().map(is_date).collect();
        Counted { n_categories: self.n_categories(), are_dates, n_classes: self.n_classes() }
    }

    pub(super) fn schema(&self, summary: &Summary, quantiles: &[Option<Quantiles>]) -> Schema {
        let feature = |(index, feature): (usize, &Feature)| {
            let Feature { name, unit, description, field } = feature.clone();
            let written = field.example();
            let domain = match field {
                Field::Category { categories, is_yes_no } => {
                    Domain::Category { categories, counts: summary.category_rows[index].clone(), is_yes_no }
                }
                Field::Number(_) => Domain::Number(number_domain(summary, index, quantiles[index])),
            };
            FeatureSchema { name, unit, description, written, missing: summary.missing_rows[index], domain }
        };
        let name = self.target.clone();
        let target = match &self.labels {
            Some(labels) => TargetSchema::Classes {
                name,
                classes: labels.clone(),
                counts: summary.class_rows.clone(),
                positive: self.positive,
            },
            None => {
                // Of rows that all weigh nothing, nothing is known; they are refused.
                let is_known = summary.weight > 0.0;
                let [mean, minimum, maximum] = match summary.target_range {
                    Range { smallest, largest } if is_known => {
                        [summary.target_weighted / summary.weight, smallest, largest]
                    }
                    _ => [0.0; 3],
                };
                TargetSchema::Number { name, range: Some(TargetRange { minimum, mean, maximum }) }
            }
        };
        let dropped = self.dropped.iter().cloned().map(|(name, reason)| DroppedColumn { name, reason });
        Schema {
            features: self.features.iter().enumerate().map(feature).collect(),
            target,
            dropped: dropped.collect(),
            missing: self.missing.clone(),
        }
    }

    /// The names as bytes, each with its length before it: the features, the target, the weights, the classes, which are
    /// text or numbers, and the categories of each feature that has some, likewise.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut list = |items: Vec<&[u8]>| {
            bytes.extend((items.len() as u64).to_le_bytes());
            for item in items {
                bytes.extend((item.len() as u64).to_le_bytes());
                bytes.extend(item);
            }
        };
        list(self.features.iter().map(|feature| feature.name.as_bytes()).collect());
        list(vec![self.target.as_bytes()]);
        list(self.weights.iter().map(String::as_bytes).collect());
        let mut labels = |labels: Option<&Labels>| {
            let numbers = labels.and_then(Labels::as_numbers).unwrap_or_default();
            let numbers: Vec<[u8; 8]> = numbers.iter().map(|number| number.to_le_bytes()).collect();
            list(labels.and_then(Labels::as_text).unwrap_or_default().iter().map(String::as_bytes).collect());
            list(numbers.iter().map(<[u8; 8]>::as_slice).collect());
        };
        labels(self.labels.as_ref());
        for field in self.fields() {
            if let Field::Category { categories, .. } = field {
                labels(Some(categories));
            }
        }
        bytes
    }
}

/// A column without a value stands at 0.
fn number_domain(summary: &Summary, index: usize, quantiles: Option<Quantiles>) -> NumberDomain {
    let Some(Quantiles { percentile_5, median, percentile_95 }) = quantiles else {
        let spread = Spread { percentile_5: 0.0, percentile_95: 0.0, mean: 0.0 };
        let (minimum, median, maximum, step, spread) = (0.0, 0.0, 0.0, None, Some(spread));
        return NumberDomain { minimum, median, maximum, step, spread, are_from_splits: false };
    };
    let Range { smallest: minimum, largest: maximum } = summary.ranges[index];
    let mean = summary.mean(index);
    let spread = Spread { percentile_5, percentile_95, mean };
    let (step, spread) = (summary.step(index), Some(spread));
    NumberDomain { minimum, median, maximum, step, spread, are_from_splits: false }
}

impl InMemoryRows {
    pub(super) fn labels(&self) -> Option<&Labels> {
        match &self.target {
            Target::Classes { labels, .. } => Some(labels),
            Target::Numbers(_) => None,
        }
    }
}
