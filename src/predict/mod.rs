//! Predictions for rows by name or by position.

mod body;
mod cell;
mod region;

pub use body::PredictionBody;
pub use cell::Cell;
pub use region::{ClassSet, Interval};

use crate::error::{Error, ErrorKind, Result, did_you_mean, list_names, quote};
use crate::limits;
use crate::model::{Model, RowsPredictor};
use crate::table::{
    Domain, FeatureSchema, Label, Labels, NameIndex, Schema, iso_days, read_flag, reads_as, trim, unseen,
};

/// What a model says of one row.
///
/// ```
/// use tepal::Prediction;
///
/// # fn main() -> tepal::Result<()> {
/// # let table = tepal::Table::parse(b"x,y\n1,no\n2,no\n3,no\n4,yes\n5,yes\n6,yes\n")?;
/// # let model = tepal::Pipeline::new("y").train(&table)?;
/// let prediction = model.predict_named([("x", 6.0)])?;
/// if let Some(class) = prediction.class() {
///     assert_eq!(class.to_string(), "yes");
/// }
/// if let Prediction::Class { classes, probabilities, predicted } = prediction {
///     assert_eq!((classes.len(), predicted), (2, 1));
///     assert!(probabilities[predicted] > 0.5);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Prediction<'m> {
    /// Of a classification.
    Class {
        /// The classes, sorted.
        classes: &'m Labels,
        /// One probability per class, in the same order; between 0 and 1, summing to 1 within rounding.
        probabilities: Vec<f64>,
        /// The position of the class that is predicted: the most probable one, the first of them on a tie, unless the
        /// model decides by a threshold.
        predicted: usize,
    },
    /// Of a regression.
    Value(f64),
}

impl Prediction<'_> {
    /// The predicted class, or `None` for a regression.
    pub fn class(&self) -> Option<Label<'_>> {
        match self {
            Self::Class { classes, predicted, .. } => classes.get(*predicted),
            Self::Value(_) => None,
        }
    }
}

/// One value of a row that is given by names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'v> {
    /// A number, or a category that is called by one.
    Number(f64),
    /// A category.
    Text(&'v str),
    /// None.
    Missing,
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Self::Text(text)
    }
}

impl Value<'_> {
    /// What stands for it in a row. What is one of `missing`, and an empty text, is missing.
    fn read(self, feature: &FeatureSchema, accepts_unseen: bool, missing: &[String]) -> Result<f64> {
        let label = match self {
            Self::Missing => return Ok(f64::NAN),
            // A word for nothing that training took for a category is one.
            Self::Text(text) if let Some(position) = feature.position_of_text(trim(text)) => return Ok(position as f64),
            Self::Text(text) if trim(text).is_empty() || missing.iter().any(|other| other == trim(text)) => {
                return Ok(f64::NAN);
            }
            // NaN is how a row writes a missing value down; a caller that computes one has made a mistake.
            Self::Number(number) if !number.is_finite() => return Err(Error::not_finite(number)),
            Self::Number(number) if missing.iter().any(|text| reads_as(text, number)) => return Ok(f64::NAN),
            Self::Number(number) => Label::Number(number),
            Self::Text(text) => Label::Text(trim(text)),
        };
        match (&feature.domain, label) {
            (Domain::Number(_), Label::Number(number)) => Ok(number),
            (Domain::Number(_), Label::Text(text)) if feature.is_date() => iso_days(text).ok_or_else(|| {
                let message = format!("expected a date such as 2024-05-31, found the text {}", quote(text));
                Error::new(ErrorKind::NotANumber, message)
            }),
            (Domain::Number(_), Label::Text(text)) => match read_flag(text).filter(|_| feature.takes_flags()) {
                Some(number) => Ok(number),
                None => {
                    Err(Error::new(ErrorKind::NotANumber, format!("expected a number, found the text {}", quote(text))))
                }
            },
            (Domain::Category { categories, .. }, label) => match categories.position(label) {
                Some(position) => Ok(position as f64),
                None if accepts_unseen => Ok(categories.len() as f64),
                None => Err(unseen(label, categories)),
            },
        }
    }
}

impl Model {
    /// Predicts one row of values in the order of the schema: numbers as they are, a category as its position among the
    /// schema's categories (their number for one that training did not have), NaN for a missing value.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`], [`ErrorKind::NotFinite`], [`ErrorKind::UnseenCategory`] and [`ErrorKind::MissingValue`].
    pub fn predict(&self, values: &[f64]) -> Result<Prediction<'_>> {
        let mut outputs = Vec::with_capacity(self.n_outputs());
        self.outputs(values, &mut outputs)?;
        Ok(self.prediction(&outputs))
    }

    /// Predicts one row given as pairs of feature name and value, in any order. A missing value is [`Value::Missing`]: every
    /// feature must be there.
    ///
    /// # Errors
    /// [`ErrorKind::MissingFeature`], [`ErrorKind::UnknownFeature`] (with the nearest name), [`ErrorKind::NotANumber`],
    /// [`ErrorKind::NotFinite`], [`ErrorKind::UnseenCategory`] and [`ErrorKind::MissingValue`].
    pub fn predict_named<'n, V: Into<Value<'n>>>(
        &self,
        pairs: impl IntoIterator<Item = (&'n str, V)>,
    ) -> Result<Prediction<'_>> {
        self.predict(&self.row(pairs)?)
    }

    /// Predicts one row of values in the order of the schema.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`]; those of [`Model::predict_named`] about values.
    pub fn predict_values<'v, V: Into<Value<'v>>>(
        &self,
        values: impl IntoIterator<Item = V>,
    ) -> Result<Prediction<'_>> {
        let values: Vec<Value<'v>> = values.into_iter().map(Into::into).collect();
        if values.len() != self.n_features() {
            return Err(self.wrong_length(values.len()));
        }
        let names = self.schema().features.iter().map(|feature| feature.name.as_str());
        self.predict_named(names.zip(values))
    }

    /// A row in the order of the schema, of pairs of feature name and value, as [`Model::predict`] takes it.
    ///
    /// # Errors
    /// Those of [`Model::predict_named`].
    pub fn row<'n, V: Into<Value<'n>>>(&self, pairs: impl IntoIterator<Item = (&'n str, V)>) -> Result<Vec<f64>> {
        let (names, values): (Vec<&str>, Vec<Value<'n>>) =
            pairs.into_iter().map(|(name, value)| (name, value.into())).unzip();
        let order = self.match_features(&names)?;
        order.into_iter().enumerate().map(|(feature, at)| self.value(feature, values[at])).collect()
    }

    /// What stands for a value of a feature, given by its position, in a row as [`Model::predict`] takes it.
    ///
    /// # Errors
    /// Those of [`Model::predict_named`] about values.
    pub(crate) fn value(&self, feature: usize, value: Value<'_>) -> Result<f64> {
        let (schema, accepts_unseen) =
            (&self.schema().features[feature], self.preprocessor().features()[feature].accepts_unseen);
        value.read(schema, accepts_unseen, &self.schema().missing).map_err(|error| error.in_column(&schema.name))
    }

    /// Predicts many rows: `values` holds them one after the other in the order of the schema, and so does the answer
    /// with [`Model::n_outputs`] numbers per row.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] when `values` is not a whole number of rows; those of [`Model::predict`] with the
    /// row, counted from 1.
    pub fn predict_many(&self, values: &[f64]) -> Result<Vec<f64>> {
        let n_rows = self.n_rows_of(values.len())?;
        let mut all = vec![0.0; n_rows * self.n_outputs()];
        RowsPredictor::for_rows(self, n_rows).write(self, values, 0, &mut all)?;
        Ok(all)
    }

    /// How many rows so many values are, if their predictions are not too many.
    pub(crate) fn n_rows_of(&self, n_values: usize) -> Result<usize> {
        let width = self.n_features();
        if !n_values.is_multiple_of(width) {
            let message = format!("expected a multiple of {width} values, one per feature and row, found {n_values}");
            return Err(Error::new(ErrorKind::WrongLength, message));
        }
        limits::check_product("predicted numbers", n_values / width, self.n_outputs(), limits::CELLS)?;
        Ok(n_values / width)
    }

    /// Predicts the rows of some columns: one slice per feature, in the order of the schema, with values as
    /// [`Model::predict`] takes them. The answer is that of [`Model::predict_many`] for the same rows.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] for another number of columns than features, and naming a column of another length than
    /// the first; those of [`Model::predict_many`].
    pub fn predict_columns(&self, columns: &[&[f64]]) -> Result<Vec<f64>> {
        let features = &self.schema().features;
        if columns.len() != features.len() {
            let message = format!("expected {} columns, one per feature, found {}", features.len(), columns.len());
            return Err(Error::new(ErrorKind::WrongLength, message));
        }
        let n_rows = columns.first().map_or(0, |column| column.len());
        if let Some((feature, column)) = features.iter().zip(columns).find(|(_, column)| column.len() != n_rows) {
            let message = format!("expected {n_rows} values, as in the first column, found {}", column.len());
            return Err(Error::new(ErrorKind::WrongLength, message).in_column(&feature.name));
        }
        limits::check_product("predicted numbers", n_rows, self.n_outputs(), limits::CELLS)?;
        let mut all = vec![0.0; n_rows * self.n_outputs()];
        let mut predictor = RowsPredictor::for_rows(self, n_rows);
        let (block_rows, mut block) = (predictor.block_rows(), Vec::new());
        for (first, out) in (0..n_rows).step_by(block_rows).zip(all.chunks_mut(block_rows * self.n_outputs())) {
            block.clear();
            let rows = first..(first + block_rows).min(n_rows);
            block.extend(rows.flat_map(|row| columns.iter().map(move |column| column[row])));
            predictor.write(self, &block, first as u64, out)?;
        }
        Ok(all)
    }

    /// For each feature the position of its name among `names`. These must be the features, and perhaps columns that the
    /// training table had beside them: the target, and those that were left out.
    ///
    /// # Errors
    /// [`ErrorKind::MissingFeature`] and [`ErrorKind::UnknownFeature`], naming the feature and the nearest name.
    pub fn match_features(&self, names: &[&str]) -> Result<Vec<usize>> {
        let features = || self.schema().features.iter().map(|feature| feature.name.as_str());
        if features().eq(names.iter().copied()) {
            return Ok((0..names.len()).collect());
        }
        let given = NameIndex::new(names.iter().copied());
        if let Some(name) = given.duplicate() {
            return Err(Error::new(ErrorKind::UnknownFeature, "the name stands twice").in_column(name));
        }
        let known = NameIndex::new(features());
        let Schema { target, dropped, .. } = self.schema();
        let is_beside = |name: &str| target.name() == name || dropped.iter().any(|column| column.name == name);
        if let Some(unknown) = names.iter().find(|name| known.position(name).is_none() && !is_beside(name)) {
            let hint = did_you_mean(unknown, features().filter(|name| given.position(name).is_none()));
            let message =
                format!("no feature is named {}{hint}; the features are {}", quote(unknown), list_names(features()));
            return Err(Error::new(ErrorKind::UnknownFeature, message).in_column(*unknown));
        }
        features()
            .map(|name| {
                given.position(name).ok_or_else(|| {
                    let message = format!("the feature is missing; the features are {}", list_names(features()));
                    Error::new(ErrorKind::MissingFeature, message).in_column(name)
                })
            })
            .collect()
    }

    /// The position of the class that probabilities, in class order, amount to.
    pub(crate) fn decide(&self, probabilities: &[f64]) -> usize {
        if let (Some(decision), Some(positive)) = (self.decision(), self.positive()) {
            return if probabilities[positive] >= decision.threshold { positive } else { 1 - positive };
        }
        most_probable(probabilities)
    }

    /// One row's part of what [`Model::predict_many`] answered: `n_outputs` numbers.
    pub fn prediction(&self, outputs: &[f64]) -> Prediction<'_> {
        match self.schema().target.classes() {
            Some(classes) => {
                Prediction::Class { classes, probabilities: outputs.to_vec(), predicted: self.decide(outputs) }
            }
            None => Prediction::Value(outputs[0]),
        }
    }
}

/// The position of the largest probability, the first of them on a tie.
pub(crate) fn most_probable(probabilities: &[f64]) -> usize {
    let mut best = 0;
    for (index, probability) in probabilities.iter().enumerate() {
        if *probability > probabilities[best] {
            best = index;
        }
    }
    best
}
