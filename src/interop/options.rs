//! What a file of another tool lacks.

use super::labels::NumberedLabels;
use crate::error::{Error, ErrorKind, Result, did_you_mean};
use crate::note::{Note, codes};
use crate::table::number::trim;
use crate::table::{Domain, FeatureSchema, NumberDomain, Schema};

/// What a file of another tool lacks, and may be told.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportOptions {
    /// The model's name, for people.
    pub name: String,
    /// The names of the features in their order; empty for those of the file.
    pub features: Vec<String>,
    /// The names of the classes in the order of the tool's numbers, the class 0 first; empty for the numbers.
    pub classes: Vec<String>,
    /// The names of the categories of features in the order of the tool's numbers, by the features' names.
    pub categories: Vec<(String, Vec<String>)>,
    /// What numbers of features are measured in, by the features' names.
    pub units: Vec<(String, String)>,
    /// What features are, for people, by their names.
    pub descriptions: Vec<(String, String)>,
    /// Between which numbers features are, by their names: where forms begin, and what explanations are measured from.
    pub ranges: Vec<(String, [f64; 2])>,
    /// The name of what is predicted; by default `target`.
    pub target: Option<String>,
    /// Whether the trees behind the best iteration count too, if the file says which one was best. XGBoost's own `predict` takes
    /// all trees, its scikit-learn wrapper those up to the best.
    pub all_trees: bool,
    /// The texts that stand for a missing value in rows, beside the empty cell. XGBoost's `missing` is not in its files.
    pub missing: Vec<String>,
    /// Whether support vectors, which are rows of the training table, may be in the model.
    pub allow_rows: bool,
    /// Seconds since 1970-01-01 UTC. The library reads no clock.
    pub created: Option<u64>,
}

impl ImportOptions {
    /// The note that a model has so many rows of its training table; none of 0.
    pub(super) fn check_rows(&self, n: usize) -> Result<Option<Note>> {
        match n {
            0 => Ok(None),
            _ if self.allow_rows => Ok(Some(Note::new(codes::HAS_TRAINING_ROWS, [n.into()]))),
            _ => {
                let message = format!(
                    "the file has {n} support vectors, which are rows of the table that it was trained on, and the model \
                     would have them too; allow it by --allow-rows"
                );
                Err(Error::new(ErrorKind::InvalidOption, message))
            }
        }
    }

    /// The names of the features: those that were given, those of the file, or numbers. Blanks around a name are left out, as they
    /// are in the header of a table.
    pub(super) fn names<'n>(&self, of_file: impl Iterator<Item = Option<&'n str>>) -> Vec<String> {
        let name = |(at, name): (usize, Option<&str>)| match self.features.get(at) {
            Some(given) => given.clone(),
            None => name.map_or_else(|| format!("f{at}"), |name| trim(name).to_owned()),
        };
        of_file.enumerate().map(name).collect()
    }

    /// The categories that were given for a feature of that name, of whose numbers the tool knows so many.
    pub(super) fn categories_of(&self, name: &str, n_known: usize) -> Result<Option<NumberedLabels>> {
        let Some((_, names)) = self.categories.iter().find(|(feature, _)| feature == name) else { return Ok(None) };
        let invalid = |message: String| Error::new(ErrorKind::InvalidOption, message).in_column(name);
        if names.len() < n_known {
            return Err(invalid(format!(
                "expected the names of at least {n_known} categories, which splits speak of, found {}",
                names.len()
            )));
        }
        NumberedLabels::texts(names)
            .map(Some)
            .map_err(|_| invalid("expected a name for each category, each once".to_owned()))
    }

    /// Refuses categories of features that do not have them by their numbers.
    fn check_categories(&self, schema: &mut Schema) -> Result<()> {
        for (name, names) in &self.categories {
            let invalid = |message: &str| Err(Error::new(ErrorKind::InvalidOption, message).in_column(name));
            let Domain::Category { categories, .. } = &feature(schema, name)?.domain else {
                return invalid("the feature is a number to the model, which has no categories");
            };
            if names.iter().any(|name| categories.position_of_text(trim(name)).is_none())
                || names.len() != categories.len()
            {
                return invalid("the file names its categories itself; leave --categories out");
            }
        }
        Ok(())
    }

    /// Refuses a feature that is named twice.
    fn check_once(&self) -> Result<()> {
        let names = |pairs: &[(String, String)]| pairs.iter().map(|(name, _)| name.clone()).collect();
        let all: [Vec<String>; 4] = [
            names(&self.units),
            names(&self.descriptions),
            self.ranges.iter().map(|(name, _)| name.clone()).collect(),
            self.categories.iter().map(|(name, _)| name.clone()).collect(),
        ];
        let what = ["the unit", "the description", "the range", "the categories"];
        for (names, what) in all.iter().zip(what) {
            let twice = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name));
            if let Some((_, name)) = twice {
                let message = format!("{what} of this feature is given twice");
                return Err(Error::new(ErrorKind::InvalidOption, message).in_column(name));
            }
        }
        Ok(())
    }

    /// Puts the ranges that are given in the place of those that were found.
    fn set_ranges(&self, schema: &mut Schema) -> Result<()> {
        for (name, [low, high]) in &self.ranges {
            let invalid = |message: &str| Err(Error::new(ErrorKind::InvalidOption, message).in_column(name));
            match &mut feature(schema, name)?.domain {
                Domain::Number(domain) if low.is_finite() && high.is_finite() && low < high => {
                    let median = low / 2.0 + high / 2.0;
                    *domain = NumberDomain { minimum: *low, median, maximum: *high, ..*domain };
                }
                Domain::Number(_) => return invalid("expected two numbers, the lower one first"),
                Domain::Category { .. } => return invalid("a category has no range"),
            }
        }
        Ok(())
    }

    /// Adds what is known of features.
    pub(super) fn describe(&self, schema: &mut Schema) -> Result<()> {
        self.check_once()?;
        self.check_categories(schema)?;
        self.set_ranges(schema)?;
        for (names, is_unit) in [(&self.units, true), (&self.descriptions, false)] {
            for (name, text) in names {
                let feature = feature(schema, name)?;
                let place = if is_unit { &mut feature.unit } else { &mut feature.description };
                *place = Some(text.clone());
            }
        }
        Ok(())
    }
}

/// The feature of that name.
fn feature<'s>(schema: &'s mut Schema, name: &str) -> Result<&'s mut FeatureSchema> {
    match schema.features.iter().position(|feature| feature.name == name) {
        Some(at) => Ok(&mut schema.features[at]),
        None => {
            let known = schema.features.iter().map(|feature| feature.name.as_str());
            let message = format!("the model has no feature of this name{}", did_you_mean(name, known));
            Err(Error::new(ErrorKind::UnknownColumn, message).in_column(name))
        }
    }
}
