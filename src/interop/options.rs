//! What a file of another tool lacks.

use super::labels::NumberedLabels;
use crate::error::{Decimal, Error, ErrorKind, Result, did_you_mean, list_names};
use crate::note::{Note, codes};
use crate::numeric::order::sorted_positions;
use crate::table::number::trim;
use crate::table::{Domain, NumberDomain, Schema};

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
                "the model tells categories apart up to number {}, so expected at least {n_known} names, found {}",
                n_known - 1,
                names.len()
            )));
        }
        NumberedLabels::texts(names)
            .map(|labels| Some(labels.given()))
            .map_err(|error| invalid(format!("expected a name for each category, each once: {}", error.message())))
    }

    /// Refuses categories of other features than those at the places `given`, which are sorted.
    fn check_categories(&self, schema: &Schema, places: &Places, given: &[usize]) -> Result<()> {
        for (name, _) in &self.categories {
            let at = places.of(name, schema)?;
            let message = match &schema.features[at].domain {
                Domain::Number(_) => "the feature is a number to the model, which has no categories",
                Domain::Category { .. } if given.binary_search(&at).is_err() => "the file names its categories itself",
                Domain::Category { .. } => continue,
            };
            let message = format!("{message}; leave --categories out");
            return Err(Error::new(ErrorKind::InvalidOption, message).in_column(name));
        }
        Ok(())
    }

    /// Refuses a feature that is named twice.
    fn check_once(&self) -> Result<()> {
        fn check(what: &str, names: &[&String]) -> Result<()> {
            let order = sorted_positions(names.len(), &|a, b| names[a].cmp(names[b]));
            match order.windows(2).find(|pair| names[pair[0]] == names[pair[1]]) {
                None => Ok(()),
                Some(pair) => {
                    let message = format!("expected one {what} of this feature, found two; leave one out");
                    Err(Error::new(ErrorKind::InvalidOption, message).in_column(names[pair[0]]))
                }
            }
        }
        check("unit", &self.units.iter().map(|(name, _)| name).collect::<Vec<_>>())?;
        check("description", &self.descriptions.iter().map(|(name, _)| name).collect::<Vec<_>>())?;
        check("range", &self.ranges.iter().map(|(name, _)| name).collect::<Vec<_>>())?;
        check("list of categories", &self.categories.iter().map(|(name, _)| name).collect::<Vec<_>>())
    }

    /// Puts the ranges that are given in the place of those that were found.
    fn set_ranges(&self, schema: &mut Schema, places: &Places) -> Result<()> {
        for (name, [low, high]) in &self.ranges {
            let invalid = |message: &str| Err(Error::new(ErrorKind::InvalidOption, message).in_column(name));
            let at = places.of(name, schema)?;
            match &mut schema.features[at].domain {
                Domain::Number(domain) if low.is_finite() && high.is_finite() && low < high => {
                    let median = low / 2.0 + high / 2.0;
                    *domain = NumberDomain { minimum: *low, median, maximum: *high, ..*domain };
                }
                Domain::Number(_) => {
                    let (low, high) = (Decimal(*low), Decimal(*high));
                    return invalid(&format!(
                        "expected a range of two numbers, the lower one first, found {low} and {high}"
                    ));
                }
                Domain::Category { .. } => return invalid("a category has no range"),
            }
        }
        Ok(())
    }

    /// Adds what is known of features. `given` has the places of those that have the categories that were given, in order.
    pub(super) fn describe(&self, schema: &mut Schema, given: &[usize]) -> Result<()> {
        self.check_once()?;
        let places = Places::of_names(schema);
        self.check_categories(schema, &places, given)?;
        self.set_ranges(schema, &places)?;
        for (names, is_unit) in [(&self.units, true), (&self.descriptions, false)] {
            for (name, text) in names {
                let at = places.of(name, schema)?;
                let feature = &mut schema.features[at];
                let place = if is_unit { &mut feature.unit } else { &mut feature.description };
                *place = Some(text.clone());
            }
        }
        Ok(())
    }
}

/// The places of features in the order of their names.
struct Places(Vec<usize>);

impl Places {
    fn of_names(schema: &Schema) -> Self {
        let features = &schema.features;
        Self(sorted_positions(features.len(), &|a, b| features[a].name.cmp(&features[b].name)))
    }

    /// The place of the feature of that name.
    fn of(&self, name: &str, schema: &Schema) -> Result<usize> {
        let found = self.0.binary_search_by(|at| schema.features[*at].name.as_str().cmp(name));
        found.map(|found| self.0[found]).map_err(|_| {
            let known = schema.features.iter().map(|feature| feature.name.as_str());
            let message = match did_you_mean(name, known.clone()) {
                near if near.is_empty() => {
                    format!("the model has no feature of this name; it has {}", list_names(known))
                }
                near => format!("the model has no feature of this name{near}"),
            };
            Error::new(ErrorKind::UnknownColumn, message).in_column(name)
        })
    }
}
