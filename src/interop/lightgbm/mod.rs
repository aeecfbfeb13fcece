//! LightGBM's text, and the JSON of its `dump_model`, as versions 2 to 4 write them.
//!
//! The rules are those of its `include/LightGBM/tree.h`: all numbers have 64 bits, a number up to a threshold goes left, categories
//! in a node's set go left and all others right, leaves are added in the order of the file.

mod dump;
mod features;
mod objective;
mod text;
mod tree;

pub(super) use dump::read as read_json;
pub(super) use text::read as read_text;

use super::document::within;
use super::labels::NumberedLabels;
use super::model::{Foreign, ForeignFeature};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::model::{Link, Precision, Tree};
use crate::note::{Note, codes};
use features::Features;
use objective::Objective;
use tree::RawTree;

/// The last version of the format that was compared with LightGBM's own predictions.
const NEWEST: u64 = 4;

/// What a file says, whatever its format.
struct File {
    /// Such as `v4`.
    version: String,
    /// How many trees each round has.
    n_trees_a_round: usize,
    /// The objective and its parameters, in words; empty where there is none.
    objective: String,
    names: Vec<String>,
    /// Of each feature that is a category the numbers that training had.
    seen: Vec<Option<Vec<usize>>>,
    /// The columns that are categories, if the file says it.
    categorical: Option<Vec<usize>>,
    /// The categories of the columns that are categories, in their order.
    pandas: Vec<NumberedLabels>,
    /// Whether scores are means over the rounds.
    is_mean: bool,
    trees: Vec<RawTree>,
}

/// What tepal does not carry.
fn unsupported(what: &str) -> Error {
    Error::new(ErrorKind::UnsupportedModel, format!("the model of LightGBM has {what}, which tepal does not read"))
}

impl File {
    fn into_foreign(self) -> Result<Foreign> {
        let mut notes = Vec::new();
        let number = self.version.trim_start_matches('v').parse::<u64>().unwrap_or(u64::MAX);
        if number > NEWEST {
            notes.push(Note::new(codes::NEWER_SOURCE, ["LightGBM".into(), self.version.as_str().into(), "v4".into()]));
        }
        limits::check("features", self.names.len(), limits::COLUMNS)?;
        limits::check("trees", self.trees.len(), limits::TREES)?;
        let objective = Objective::of(&self.objective, self.n_trees_a_round)?;
        if number < 3 && self.is_mean && objective.link != Link::Identity {
            // Up to 2.2.2 leaves were probabilities, in 2.2.3 scores. The files look alike.
            return Err(unsupported("a random forest of format v2 whose leaves may be scores or probabilities"));
        }
        if self.is_mean && self.n_trees_a_round != 1 {
            return Err(unsupported("a random forest of more than two classes"));
        }
        let features = Features::of(&self)?;
        let tree =
            |(at, raw): (usize, &RawTree)| raw.tree(&features).map_err(|error| within(&format!("tree {at}"), &error));
        let trees: Vec<Tree> = self.trees.iter().enumerate().map(tree).collect::<Result<_>>()?;
        let values = features.into_values(&mut notes, &self.names);
        let names = self.names.into_iter().map(Some);
        Ok(Foreign {
            source: "LightGBM",
            version: Some(self.version),
            objective: Some(self.objective),
            features: names.zip(values).map(|(name, values)| ForeignFeature { name, values }).collect(),
            n_classes: objective.n_classes,
            link: objective.link,
            slope: objective.slope,
            precision: Precision::Double,
            is_mean: self.is_mean,
            base: vec![0.0; self.n_trees_a_round],
            trees,
            notes,
        })
    }
}
