//! A table whose columns have roles: features to predict from, a target to predict.

mod blocks;
mod description;
mod layout;
mod median;
mod moments;
mod pass;
mod split;
mod stream;
mod summary;
mod survey;
mod target;

pub(crate) use blocks::{Block, Blocks};
pub(crate) use layout::{Layout, Scanner};
pub(crate) use moments::Moments;
pub(crate) use pass::{map_blocks, sum_blocks};
pub use stream::{Source, Stream};
pub(crate) use survey::{Survey, SurveyAnswer, SurveyQuestion, Surveyed};

use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::table::{Column, Labels, Schema, Table, Task};
use bincode::{Decode, Encode};
use blocks::Kept;
use description::Header;
use ndarray::{Array2, ArrayView2, Axis};
use summary::Summary;

/// Which column is predicted and which are left out; every other column is a feature.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    /// The column to predict.
    pub target: String,
    /// Columns that are neither target nor feature.
    pub drop: Vec<String>,
    /// What to predict; spaces around a class's name do not count. By default a target of text is classified, and one
    /// of numbers is a regression unless it holds exactly two distinct values in more than two rows.
    pub task: Option<Task>,
    /// A column of sample weights, each finite and at least 0: a row of weight 2 counts as two equal rows. It is not a
    /// feature. By default every row counts once.
    pub weights: Option<String>,
}

/// The target's value for each row.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Classes: the names, and for each row the position of its class among them.
    Classes {
        /// The classes, sorted.
        labels: Labels,
        /// One position in `labels` per row.
        codes: Vec<usize>,
    },
    /// Numbers, all finite.
    Numbers(Vec<f64>),
}

/// Rows of finite numbers with a target each, in memory. At least one row and one feature.
#[derive(Debug, Clone)]
pub struct Dataset {
    rows: Kept,
    header: Header,
    summary: Summary,
    schema: Schema,
    digest: [u8; 32],
}

impl Dataset {
    /// Gives the table's columns their roles.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownColumn`] for a target, a dropped column or weights that are not there,
    /// [`ErrorKind::MissingValue`], [`ErrorKind::NotANumber`], [`ErrorKind::NotFinite`] and [`ErrorKind::InvalidWeight`]
    /// with row and column for a cell that cannot be used, [`ErrorKind::ConstantTarget`], [`ErrorKind::TooFewRows`] when
    /// every row has a class of its own, [`ErrorKind::NoFeatures`] when no column is left.
    pub fn new(table: &Table, roles: &Roles) -> Result<Self> {
        let names: Vec<&str> = table.columns().iter().map(|column| column.name.as_str()).collect();
        let places = roles.places(&names, |name| table.column(name).map(|_| ()))?;
        let column = |place: usize| &table.columns()[place];
        let weights = match places.weights {
            Some(place) => read_weights(table, column(place))?,
            None => Vec::new(),
        };
        let target = target::read(table, column(places.target), roles.task)?;
        let mut features = Array2::zeros((table.n_rows(), places.features.len()));
        for (place, mut cells) in places.features.iter().zip(features.axis_iter_mut(Axis(1))) {
            let numbers = table.numbers(column(*place), FEATURE_REMEDY)?;
            cells.iter_mut().zip(numbers).for_each(|(cell, number)| *cell = *number);
        }
        let rows = Kept { features, target, weights };
        let summary = rows.summary(true)?;
        let header = Header::new(&names, &places, rows.labels().cloned());
        let schema = header.schema(&summary, &rows.medians());
        let digest = summary.digest(&header);
        Ok(Self { rows, header, summary, schema, digest })
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.rows.features.nrows()
    }

    /// How many features there are.
    pub fn n_features(&self) -> usize {
        self.rows.features.ncols()
    }

    /// The features, shape (rows, features), in standard (row-major) layout.
    pub fn features(&self) -> ArrayView2<'_, f64> {
        self.rows.features.view()
    }

    /// The target.
    pub fn target(&self) -> &Target {
        &self.rows.target
    }

    /// The sample weights, one per row; empty when every row counts once.
    pub fn weights(&self) -> &[f64] {
        &self.rows.weights
    }

    /// The column that the sample weights come from.
    pub fn weights_name(&self) -> Option<&str> {
        self.header.weights.as_deref()
    }

    /// Whether classes or numbers are to be predicted.
    pub fn task(&self) -> Task {
        self.schema.target.task()
    }

    /// What these rows hold, column by column.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The digest of the features, the targets and the weights of the whole table, also for a part of its rows:
    /// docs/format.md has the bytes. Two files with the same cells have the same digest, however they are quoted.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// The rows, block by block.
    pub(crate) fn rows(&self) -> &impl Blocks {
        &self.rows
    }

    /// Weights, means and variances of features and target.
    pub(crate) fn moments(&self) -> Result<Moments> {
        Moments::of(&self.rows, &self.summary)
    }

    /// The rows at these positions (counted from 0), in this order. The classes stay, even one without a row.
    ///
    /// # Errors
    /// [`ErrorKind::TooFewRows`] for an empty list or a position past the end.
    pub fn select(&self, rows: &[usize]) -> Result<Self> {
        if rows.is_empty() || rows.iter().any(|row| *row >= self.n_rows()) {
            let message = format!("expected positions below {}, and at least one", self.n_rows());
            return Err(Error::new(ErrorKind::TooFewRows, message));
        }
        let target = match self.target() {
            Target::Classes { labels, codes } => {
                Target::Classes { labels: labels.clone(), codes: rows.iter().map(|row| codes[*row]).collect() }
            }
            Target::Numbers(numbers) => Target::Numbers(rows.iter().map(|row| numbers[*row]).collect()),
        };
        let weights = match self.weights() {
            [] => Vec::new(),
            weights => rows.iter().map(|row| weights[*row]).collect(),
        };
        let rows = Kept { features: self.rows.features.select(Axis(0), rows), target, weights };
        let summary = rows.summary(false)?;
        let schema = self.header.schema(&summary, &rows.medians());
        Ok(Self { rows, header: self.header.clone(), summary, schema, digest: self.digest })
    }
}

/// Where the columns of each role stand.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Places {
    features: Vec<usize>,
    target: usize,
    weights: Option<usize>,
    dropped: Vec<usize>,
}

impl Roles {
    /// Finds the columns. `check` refuses a name that the table does not have.
    fn places(&self, names: &[&str], check: impl Fn(&str) -> Result<()>) -> Result<Places> {
        let place = |name: &str| {
            check(name)?;
            Ok(names.iter().position(|other| *other == name).unwrap_or(0))
        };
        let target = place(&self.target)?;
        let dropped: Vec<usize> = self.drop.iter().map(|name| place(name)).collect::<Result<_>>()?;
        let weights = self.weights.as_deref().map(place).transpose()?;
        let refuse = |message: String| Err(Error::new(ErrorKind::InvalidOption, message));
        if dropped.contains(&target) {
            return refuse(format!("column \"{}\" is the target and cannot be dropped", self.target));
        }
        if let Some(place) = weights.filter(|place| *place == target || dropped.contains(place)) {
            return refuse(format!(
                "column \"{}\" holds the weights and cannot be the target or be dropped",
                names[place]
            ));
        }
        let is_left_out = |place: &usize| dropped.contains(place) || weights == Some(*place);
        let features: Vec<usize> = (0..names.len()).filter(|place| *place != target && !is_left_out(place)).collect();
        if features.is_empty() {
            let message = format!("no column is left to predict \"{}\" from", self.target);
            return Err(Error::new(ErrorKind::NoFeatures, message));
        }
        Ok(Places { features, target, weights, dropped: (0..names.len()).filter(is_left_out).collect() })
    }
}

/// How the message about a cell that is no number ends.
const FEATURE_REMEDY: &str = "leave the column out, or make every cell a number";
const WEIGHT_REMEDY: &str = "a weight is a number of at least 0";

fn read_weights(table: &Table, column: &Column) -> Result<Vec<f64>> {
    let weights = table.numbers(column, WEIGHT_REMEDY)?;
    match weights.iter().position(|weight| *weight < 0.0) {
        None => Ok(weights.to_vec()),
        Some(row) => Err(negative_weight(weights[row]).at_row(table.row_numbers()[row]).in_column(&column.name)),
    }
}

fn negative_weight(weight: f64) -> Error {
    let message = format!("expected a weight of at least 0, found {}", Decimal(weight));
    Error::new(ErrorKind::InvalidWeight, message)
}

#[cfg(test)]
impl Dataset {
    /// A dataset of a CSV text, every other column a feature.
    pub(crate) fn of_csv(csv: &str, target: &str) -> Result<Self> {
        Self::new(&Table::parse(csv.as_bytes())?, &Roles { target: target.into(), ..Roles::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_sorted_and_coded() {
        let data = Dataset::of_csv("x,y\n1,b\n2,a\n3,b\n", "y").unwrap();
        let Target::Classes { labels, codes } = data.target() else { panic!("expected classes") };
        assert_eq!(labels.as_text().unwrap(), ["a", "b"]);
        assert_eq!(codes, &[1, 0, 1]);
        let data = Dataset::of_csv("x,y\n1,10\n2,2\n3,10\n", "y").unwrap();
        let Target::Classes { labels, codes } = data.target() else { panic!("two distinct numbers are classes") };
        assert_eq!(labels.as_numbers().unwrap(), [2.0, 10.0]);
        assert_eq!(codes, &[1, 0, 1]);
    }

    #[test]
    fn numbers_are_a_regression_unless_classification_is_asked_for() {
        let csv = "x,y\n1,0\n2,1\n3,2\n4,2\n";
        assert_eq!(Dataset::of_csv(csv, "y").unwrap().task(), Task::Regression);
        let roles = Roles { target: "y".into(), task: Some(Task::Classification), ..Roles::default() };
        let data = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap();
        assert_eq!(data.schema().target.classes().unwrap().len(), 3);
    }

    #[test]
    fn unusable_cells_are_refused_by_place() {
        let cases = [
            (
                "x,y\n1,a\n?,b\n3,a\n",
                ErrorKind::NotANumber,
                "row 3, column \"x\": expected a number, found \"?\"; leave the column out, or make every cell a number",
            ),
            (
                "x,y\n1,a\n,b\n3,a\n",
                ErrorKind::MissingValue,
                "row 3, column \"x\": the cell is empty; fill it or leave out the row",
            ),
            (
                "x,y\nNaN,a\n1,b\n3,a\n",
                ErrorKind::NotFinite,
                "row 2, column \"x\": expected a finite number, found NaN",
            ),
            (
                "x,y\n1,a\n1e999,b\n3,a\n",
                ErrorKind::NotFinite,
                "row 3, column \"x\": expected a finite number, found infinity",
            ),
            (
                "x,y\n1,a\n2,\n",
                ErrorKind::MissingValue,
                "row 3, column \"y\": the cell is empty; fill it or leave out the row",
            ),
            (
                "x,y\n1,1.5\n2,n/a\n3,2\n",
                ErrorKind::NotANumber,
                "row 3, column \"y\": expected a number, found \"n/a\"; make every cell a number, or ask for classification",
            ),
            (
                "x,y\n1,a\n2,a\n",
                ErrorKind::ConstantTarget,
                "column \"y\": every row has the class \"a\"; expected at least two classes",
            ),
            ("y\na\nb\na\n", ErrorKind::NoFeatures, "no column is left to predict \"y\" from"),
        ];
        for (csv, kind, message) in cases {
            let error = Dataset::of_csv(csv, "y").unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (kind, message));
        }
        assert_eq!(Dataset::of_csv("x,y\n1,a\n2,b\n", "y").unwrap_err().kind(), ErrorKind::TooFewRows);
        assert_eq!(Dataset::of_csv("x,y\n1,a\n2,b\n", "z").unwrap_err().kind(), ErrorKind::UnknownColumn);
    }

    #[test]
    fn the_schema_holds_range_median_and_step() {
        let data = Dataset::of_csv("x,n,y\n5.1,1,a\n4.9,4,b\n6.25,2,a\n4.0,9,b\n", "y").unwrap();
        let schema = data.schema();
        let [x, n] = schema.features.as_slice() else { panic!("expected two features") };
        assert_eq!((x.minimum, x.median, x.maximum, x.step), (4.0, 5.0, 6.25, Some(0.01)));
        assert_eq!((n.minimum, n.median, n.maximum, n.step), (1.0, 3.0, 9.0, Some(1.0)));
    }
}
