//! A table whose columns have roles: features to predict from, a target to predict.

mod blocks;
mod moments;
mod pass;

pub(crate) use blocks::{Block, Blocks};
pub(crate) use moments::Moments;
pub(crate) use pass::sum_blocks;

use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::limits;
use crate::table::{
    Column, EMPTY_CELL, FeatureSchema, Labels, NameIndex, Schema, Table, TargetSchema, Task, Values, number,
};
use ndarray::{Array2, ArrayView2, Axis};
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

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

/// Rows of finite numbers with a target each. At least one row and one feature.
#[derive(Debug, Clone)]
pub struct Dataset {
    schema: Schema,
    features: Array2<f64>,
    target: Target,
    /// One per row, or none at all when every row counts once.
    weights: Vec<f64>,
    weights_name: Option<String>,
    table_digest: [u8; 32],
}

impl Dataset {
    /// Gives the table's columns their roles.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownColumn`] for a target or a dropped column that is not there, [`ErrorKind::MissingValue`],
    /// [`ErrorKind::NotANumber`] and [`ErrorKind::NotFinite`] with row and column for a cell that cannot be used,
    /// [`ErrorKind::ConstantTarget`], [`ErrorKind::TooFewRows`] when every row has a class of its own,
    /// [`ErrorKind::NoFeatures`] when no column is left.
    pub fn new(table: &Table, roles: &Roles) -> Result<Self> {
        let target_column = table.column(&roles.target)?;
        for name in &roles.drop {
            if table.column(name)?.name == roles.target {
                let message = format!("column \"{name}\" is the target and cannot be dropped");
                return Err(Error::new(ErrorKind::InvalidOption, message));
            }
        }
        let weights = match &roles.weights {
            Some(name) => read_weights(table, name, roles)?,
            None => Vec::new(),
        };
        let is_left_out = |column: &&Column| {
            roles.drop.contains(&column.name) || roles.weights.as_ref().is_some_and(|name| *name == column.name)
        };
        let is_feature = |column: &&Column| column.name != roles.target && !is_left_out(column);
        let feature_columns: Vec<&Column> = table.columns().iter().filter(is_feature).collect();
        if feature_columns.is_empty() {
            let message = format!("no column is left to predict \"{}\" from", roles.target);
            return Err(Error::new(ErrorKind::NoFeatures, message));
        }

        let target = read_target(table, target_column, roles.task)?;
        let mut features = Array2::zeros((table.n_rows(), feature_columns.len()));
        for (column, mut cells) in feature_columns.iter().zip(features.axis_iter_mut(Axis(1))) {
            let numbers = table.numbers(column, FEATURE_REMEDY)?;
            cells.iter_mut().zip(numbers).for_each(|(cell, number)| *cell = *number);
        }
        let names = feature_columns.iter().map(|column| column.name.as_str());
        let dropped = table.columns().iter().filter(is_left_out).map(|column| column.name.clone()).collect();
        Ok(Self {
            schema: schema(names, features.view(), &roles.target, &target, dropped),
            features,
            target,
            weights,
            weights_name: roles.weights.clone(),
            table_digest: table.digest(),
        })
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.features.nrows()
    }

    /// How many features there are.
    pub fn n_features(&self) -> usize {
        self.features.ncols()
    }

    /// The features, shape (rows, features), in standard (row-major) layout.
    pub fn features(&self) -> ArrayView2<'_, f64> {
        self.features.view()
    }

    /// The target.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The sample weights, one per row; empty when every row counts once.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The column that the sample weights come from.
    pub fn weights_name(&self) -> Option<&str> {
        self.weights_name.as_deref()
    }

    /// Whether classes or numbers are to be predicted.
    pub fn task(&self) -> Task {
        match self.target {
            Target::Classes { .. } => Task::Classification,
            Target::Numbers(_) => Task::Regression,
        }
    }

    /// The digest of the whole table, also for a part of its rows: see [`Table::digest`].
    pub fn table_digest(&self) -> [u8; 32] {
        self.table_digest
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
        let target = match &self.target {
            Target::Classes { labels, codes } => {
                Target::Classes { labels: labels.clone(), codes: rows.iter().map(|row| codes[*row]).collect() }
            }
            Target::Numbers(numbers) => Target::Numbers(rows.iter().map(|row| numbers[*row]).collect()),
        };
        let weights = match self.weights.as_slice() {
            [] => Vec::new(),
            weights => rows.iter().map(|row| weights[*row]).collect(),
        };
        let features = self.features.select(Axis(0), rows);
        let names = self.schema.features.iter().map(|feature| feature.name.as_str());
        let (target_name, dropped) = (self.schema.target.name(), self.schema.dropped.clone());
        Ok(Self {
            schema: schema(names, features.view(), target_name, &target, dropped),
            features,
            target,
            weights,
            weights_name: self.weights_name.clone(),
            table_digest: self.table_digest,
        })
    }

    /// Parts the rows at random into (training, held out). The split is stratified: of each class the same fraction
    /// is held out, to within a row, and each class keeps at least one row for training. Both parts keep the order
    /// of the table. The same seed gives the same split on every target.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] unless 0 < `fraction` < 1, [`ErrorKind::TooFewRows`] when either part would be
    /// empty.
    pub fn split(&self, fraction: f64, seed: u64) -> Result<(Self, Self)> {
        if !(fraction > 0.0 && fraction < 1.0) {
            let message = format!("expected a fraction to hold out between 0 and 1, found {}", Decimal(fraction));
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        let mut order: Vec<usize> = (0..self.n_rows()).collect();
        order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
        let class_of = |row: usize| match &self.target {
            Target::Classes { codes, .. } => codes[row],
            Target::Numbers(_) => 0,
        };
        let mut classes: Vec<Vec<usize>> = Vec::new();
        for row in order {
            let class = class_of(row);
            classes.resize(classes.len().max(class + 1), Vec::new());
            classes[class].push(row);
        }

        // Walking the rows class by class, a row is held out whenever the running share passes a whole number.
        let share = |position: usize| (position as f64 * fraction + 0.5).floor();
        let mut is_held_out = vec![false; self.n_rows()];
        let mut position = 0;
        for rows in classes {
            for (index, row) in rows.into_iter().enumerate() {
                is_held_out[row] = index > 0 && share(position + 1) > share(position);
                position += 1;
            }
        }
        let (held_out, training): (Vec<usize>, Vec<usize>) = (0..self.n_rows()).partition(|row| is_held_out[*row]);
        if held_out.is_empty() {
            let message =
                format!("holding out {} of {} rows leaves none to evaluate on", Decimal(fraction), self.n_rows());
            return Err(Error::new(ErrorKind::TooFewRows, message));
        }
        Ok((self.select(&training)?, self.select(&held_out)?))
    }

    /// What these rows hold, column by column.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }
}

const FEATURE_REMEDY: &str = "leave the column out, or make every cell a number";
const WEIGHT_REMEDY: &str = "a weight is a number of at least 0";
const TARGET_REMEDY: &str = "make every cell a number, or ask for classification";

fn read_weights(table: &Table, name: &str, roles: &Roles) -> Result<Vec<f64>> {
    let column = table.column(name)?;
    if *name == roles.target || roles.drop.iter().any(|dropped| dropped == name) {
        let message = format!("column \"{name}\" holds the weights and cannot be the target or be dropped");
        return Err(Error::new(ErrorKind::InvalidOption, message));
    }
    let weights = table.numbers(column, WEIGHT_REMEDY)?;
    match weights.iter().position(|weight| *weight < 0.0) {
        None => Ok(weights.to_vec()),
        Some(row) => {
            let message = format!("expected a weight of at least 0, found {}", Decimal(weights[row]));
            Err(Error::new(ErrorKind::InvalidWeight, message).at_row(table.row_numbers()[row]).in_column(name))
        }
    }
}

fn read_target(table: &Table, column: &Column, task: Option<Task>) -> Result<Target> {
    let task = match task {
        Some(task) => task,
        None => infer_task(column),
    };
    if task == Task::Regression {
        return Ok(Target::Numbers(table.numbers(column, TARGET_REMEDY)?.to_vec()));
    }
    let (labels, codes) = match &column.values {
        Values::Text(cells) => {
            if let Some(row) = cells.iter().position(|cell| cell.trim().is_empty()) {
                let error = Error::new(ErrorKind::MissingValue, EMPTY_CELL);
                return Err(error.at_row(table.row_numbers()[row]).in_column(&column.name));
            }
            let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
            let classes = NameIndex::new(cells.iter().copied()).distinct();
            check_classes(&column.name, &classes, cells.len())?;
            let code = |cell: &&str| classes.partition_point(|class| class < cell);
            let codes = cells.iter().map(code).collect();
            (Labels::from_text(classes.into_iter().map(str::to_owned).collect())?, codes)
        }
        Values::Numbers(_) => {
            // Adding zero makes one class of 0 and -0.
            let numbers: Vec<f64> = table.numbers(column, TARGET_REMEDY)?.iter().map(|number| number + 0.0).collect();
            let classes = distinct(&numbers);
            check_classes(&column.name, &classes.iter().copied().map(Decimal).collect::<Vec<_>>(), numbers.len())?;
            let codes = numbers.iter().map(|number| classes.partition_point(|class| class < number)).collect();
            (Labels::from_numbers(classes)?, codes)
        }
    };
    Ok(Target::Classes { labels, codes })
}

/// A column that is mostly numbers is one of numbers with a stray cell, so that the stray cell is refused by its
/// place rather than made a class.
fn infer_task(column: &Column) -> Task {
    let classification = match &column.values {
        Values::Text(cells) => 2 * cells.iter().filter(|cell| number(cell).is_some()).count() <= cells.len(),
        Values::Numbers(numbers) => numbers.len() > 2 && distinct(numbers).len() == 2,
    };
    if classification { Task::Classification } else { Task::Regression }
}

fn distinct(numbers: &[f64]) -> Vec<f64> {
    let mut distinct = numbers.to_vec();
    distinct.sort_unstable_by(f64::total_cmp);
    distinct.dedup();
    distinct
}

fn check_classes<T: ToString>(name: &str, classes: &[T], n_rows: usize) -> Result<()> {
    let refuse = |kind, message| Err(Error::new(kind, message).in_column(name));
    if let [class] = classes {
        return refuse(
            ErrorKind::ConstantTarget,
            format!("every row has the class \"{}\"; expected at least two classes", class.to_string()),
        );
    }
    if classes.len() == n_rows {
        let message = format!(
            "expected fewer classes than rows, found {n_rows} classes in {n_rows} rows; \
             is the column an identifier, or a number to predict by regression?"
        );
        return refuse(ErrorKind::TooFewRows, message);
    }
    limits::check("classes", classes.len(), limits::CLASSES)
}

fn schema<'n>(
    names: impl Iterator<Item = &'n str>,
    features: ArrayView2<'_, f64>,
    target_name: &str,
    target: &Target,
    dropped: Vec<String>,
) -> Schema {
    let columns = names.zip(features.axis_iter(Axis(1)));
    let name = target_name.to_owned();
    let target = match target {
        Target::Classes { labels, codes } => {
            let mut counts = vec![0; labels.len()];
            codes.iter().for_each(|code| counts[*code] += 1);
            TargetSchema::Classes { name, classes: labels.clone(), counts }
        }
        Target::Numbers(numbers) => TargetSchema::Number {
            name,
            minimum: numbers.iter().copied().fold(f64::INFINITY, f64::min),
            mean: crate::arithmetic::sum(numbers) / numbers.len() as f64,
            maximum: numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        },
    };
    Schema { features: columns.map(|(name, values)| summarize(name, values.to_vec())).collect(), target, dropped }
}

fn summarize(name: &str, mut values: Vec<f64>) -> FeatureSchema {
    let minimum = values.iter().copied().fold(f64::INFINITY, f64::min);
    let maximum = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (n_values, middle) = (values.len(), values.len() / 2);
    let (below, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *upper;
    let median = match n_values % 2 {
        1 => upper,
        _ => {
            let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            // Halved before they are added, so that two large values do not overflow; clamped, since the smallest ones
            // lose their last bit in halving.
            (0.5 * lower + 0.5 * upper).clamp(lower, upper)
        }
    };
    FeatureSchema {
        name: name.to_owned(),
        minimum,
        median,
        maximum,
        step: (0..=6).map(|digits| 10f64.powi(digits)).find(|tens| is_multiple(&values, *tens)).map(|tens| 1.0 / tens),
    }
}

/// Whether every value is a whole number of 1/`tens`: then rounding it to that many decimals gives it back.
fn is_multiple(values: &[f64], tens: f64) -> bool {
    values.iter().all(|value| (value * tens).round() / tens == *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dataset(csv: &str, target: &str) -> Result<Dataset> {
        let roles = Roles { target: target.into(), ..Roles::default() };
        Dataset::new(&Table::parse(csv.as_bytes())?, &roles)
    }

    #[test]
    fn classes_are_sorted_and_coded() {
        let data = dataset("x,y\n1,b\n2,a\n3,b\n", "y").unwrap();
        let Target::Classes { labels, codes } = data.target() else { panic!("expected classes") };
        assert_eq!(labels.as_text().unwrap(), ["a", "b"]);
        assert_eq!(codes, &[1, 0, 1]);
        let data = dataset("x,y\n1,10\n2,2\n3,10\n", "y").unwrap();
        let Target::Classes { labels, codes } = data.target() else { panic!("two distinct numbers are classes") };
        assert_eq!(labels.as_numbers().unwrap(), [2.0, 10.0]);
        assert_eq!(codes, &[1, 0, 1]);
    }

    #[test]
    fn numbers_are_a_regression_unless_classification_is_asked_for() {
        let csv = "x,y\n1,0\n2,1\n3,2\n4,2\n";
        assert_eq!(dataset(csv, "y").unwrap().task(), Task::Regression);
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
            let error = dataset(csv, "y").unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (kind, message));
        }
        assert_eq!(dataset("x,y\n1,a\n2,b\n", "y").unwrap_err().kind(), ErrorKind::TooFewRows);
        assert_eq!(dataset("x,y\n1,a\n2,b\n", "z").unwrap_err().kind(), ErrorKind::UnknownColumn);
    }

    #[test]
    fn the_split_is_stratified_seeded_and_complete() {
        let mut csv = String::from("x,y\n");
        (0..100).for_each(|i| csv.push_str(&format!("{i},{}\n", if i % 10 == 0 { "rare" } else { "common" })));
        let data = dataset(&csv, "y").unwrap();
        let (training, held_out) = data.split(0.2, 7).unwrap();
        assert_eq!((training.n_rows(), held_out.n_rows()), (80, 20));
        let TargetSchema::Classes { counts, .. } = &held_out.schema().target else { panic!("expected classes") };
        assert_eq!(*counts, [18, 2]);
        let mut all: Vec<f64> = training.features().iter().chain(held_out.features().iter()).copied().collect();
        all.sort_by(f64::total_cmp);
        assert_eq!(all, (0..100).map(f64::from).collect::<Vec<_>>());
        assert_eq!(data.split(0.2, 7).unwrap().1.features(), held_out.features());
        assert_ne!(data.split(0.2, 8).unwrap().1.features(), held_out.features());
    }

    #[test]
    fn a_class_of_one_row_stays_in_training() {
        for seed in 0..20 {
            let (training, _) = dataset("x,y\n1,a\n2,a\n3,b\n4,a\n", "y").unwrap().split(0.5, seed).unwrap();
            let TargetSchema::Classes { counts, .. } = &training.schema().target else { panic!("expected classes") };
            assert!(counts.iter().all(|count| *count > 0), "seed {seed}: {counts:?}");
        }
    }

    #[test]
    fn splits_without_rows_are_refused() {
        let data = dataset("x,y\n1,a\n2,a\n3,b\n", "y").unwrap();
        for fraction in [0.0, 1.0, -0.5, f64::NAN] {
            assert_eq!(data.split(fraction, 1).unwrap_err().kind(), ErrorKind::InvalidOption);
        }
        assert_eq!(data.split(0.01, 1).unwrap_err().kind(), ErrorKind::TooFewRows);
    }

    #[test]
    fn the_schema_holds_range_median_and_step() {
        let data = dataset("x,n,y\n5.1,1,a\n4.9,4,b\n6.25,2,a\n4.0,9,b\n", "y").unwrap();
        let schema = data.schema();
        let [x, n] = schema.features.as_slice() else { panic!("expected two features") };
        assert_eq!((x.minimum, x.median, x.maximum, x.step), (4.0, 5.0, 6.25, Some(0.01)));
        assert_eq!((n.minimum, n.median, n.maximum, n.step), (1.0, 3.0, 9.0, Some(1.0)));
    }
}
