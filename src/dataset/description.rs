//! What rows are called and what they hold, whether they are in memory or in a file.

use super::blocks::Kept;
use super::median::middle;
use super::summary::Summary;
use super::{Blocks, Places, Target, sum_blocks};
use crate::arithmetic::Merge;
use crate::error::Result;
use crate::table::{FeatureSchema, Labels, Schema, TargetSchema};
use bincode::{Decode, Encode};
use ndarray::Axis;

/// The names of the columns and the classes.
#[derive(Debug, Clone, Encode, Decode)]
pub(super) struct Header {
    features: Vec<String>,
    target: String,
    pub(super) weights: Option<String>,
    dropped: Vec<String>,
    pub(super) labels: Option<Labels>,
}

impl Header {
    pub(super) fn new(names: &[&str], places: &Places, labels: Option<Labels>) -> Self {
        let of = |places: &[usize]| places.iter().map(|place| names[*place].to_owned()).collect();
        Self {
            features: of(&places.features),
            target: names[places.target].to_owned(),
            weights: places.weights.map(|place| names[place].to_owned()),
            dropped: of(&places.dropped),
            labels,
        }
    }

    pub(super) fn schema(&self, summary: &Summary, medians: &[f64]) -> Schema {
        let feature = |(index, (name, median)): (usize, (&String, &f64))| {
            let (minimum, maximum) = summary.ranges[index];
            FeatureSchema { name: name.clone(), minimum, median: *median, maximum, step: summary.step(index) }
        };
        let name = self.target.clone();
        let target = match &self.labels {
            Some(labels) => TargetSchema::Classes { name, classes: labels.clone(), counts: summary.class_rows.clone() },
            None => {
                let ((minimum, maximum), mean) = (summary.target_range, summary.target_sum / summary.n_rows as f64);
                TargetSchema::Number { name, minimum, mean, maximum }
            }
        };
        let features = self.features.iter().zip(medians).enumerate().map(feature).collect();
        Schema { features, target, dropped: self.dropped.clone() }
    }

    /// The names as bytes, each with its length before it: the features, the target, the weights, and the classes, which
    /// are text or numbers.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut list = |items: Vec<&[u8]>| {
            bytes.extend((items.len() as u64).to_le_bytes());
            for item in items {
                bytes.extend((item.len() as u64).to_le_bytes());
                bytes.extend(item);
            }
        };
        list(self.features.iter().map(String::as_bytes).collect());
        list(vec![self.target.as_bytes()]);
        list(self.weights.iter().map(String::as_bytes).collect());
        let labels = self.labels.as_ref();
        let numbers = labels.and_then(Labels::as_numbers).unwrap_or_default().iter().map(|number| number.to_le_bytes());
        list(labels.and_then(Labels::as_text).unwrap_or_default().iter().map(String::as_bytes).collect());
        list(numbers.collect::<Vec<_>>().iter().map(<[u8; 8]>::as_slice).collect());
        bytes
    }
}

impl Kept {
    pub(super) fn labels(&self) -> Option<&Labels> {
        match &self.target {
            Target::Classes { labels, .. } => Some(labels),
            Target::Numbers(_) => None,
        }
    }

    pub(super) fn summary(&self, with_digest: bool) -> Result<Summary> {
        let n_classes = self.labels().map_or(0, Labels::len);
        sum_blocks(self.n_blocks(), |index| {
            Ok(Summary::of_block(&self.block(index)?, self.n_features(), n_classes, with_digest))
        })
    }

    /// The median of each feature.
    pub(super) fn medians(&self) -> Vec<f64> {
        let median = |mut values: Vec<f64>| {
            let (n_values, at) = (values.len(), values.len() / 2);
            let (below, upper, _) = values.select_nth_unstable_by(at, f64::total_cmp);
            let lower =
                if n_values % 2 == 1 { *upper } else { below.iter().copied().fold(f64::NEG_INFINITY, f64::max) };
            middle(lower, *upper)
        };
        self.features.axis_iter(Axis(1)).map(|column| median(column.to_vec())).collect()
    }
}

/// Digests stand one after the other.
impl Merge for Vec<u8> {
    fn merge(&mut self, later: Self) {
        self.extend(later);
    }
}
