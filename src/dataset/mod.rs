//! A table whose columns have roles: features to predict from, a target to predict.

mod blocks;
mod description;
mod layout;
mod moments;
mod own_categories;
mod pass;
mod profile;
mod quantile;
mod quantile_search;
mod roles;
#[cfg(test)]
mod row_tests;
mod search;
mod split;
mod stream;
mod summary;
mod survey;
mod target;
mod weights;

pub(crate) use blocks::{Block, Blocks};
pub(crate) use layout::{Layout, Scanner};
pub(crate) use moments::Moments;
pub(crate) use pass::{map_blocks, sum_blocks, write_blocks};
pub use profile::{CategoryCount, ColumnProfile, TableProfile};
pub(crate) use quantile::{EXACT, ROUNDING, quantile, quartiles};
pub use roles::{About, Roles};
pub(crate) use search::{SearchAnswer, SearchQuestion, SearchingSurvey};
pub use stream::{Source, Stream};
pub(crate) use survey::Surveyed;
pub use target::Target;
pub(crate) use weights::weight_of_each;

use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::note::{Note, codes};
use crate::table::{ColumnScan, Field, Schema, Table, Task, check_weight, read_weight};
use blocks::InMemoryRows;
use description::Header;
use ndarray::{Array2, ArrayView2, Axis};

/// Rows with a target each, in memory. At least one row and one feature.
///
/// ```
/// use tepal::{Dataset, Roles, Table};
///
/// # fn main() -> tepal::Result<()> {
/// let table = Table::parse(b"id,x,y\na,1,no\nb,2,yes\nc,3,no\nd,4,yes\ne,5,no\nf,6,yes\n")?;
/// let roles = Roles { target: "y".into(), drop: vec!["id".into()], ..Roles::default() };
/// let dataset = Dataset::new(&table, &roles)?;
/// assert_eq!((dataset.n_rows(), dataset.n_features()), (6, 1));
///
/// let (training, held_out) = dataset.split(0.5, 7)?;
/// assert_eq!(training.n_rows() + held_out.n_rows(), 6);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Dataset {
    rows: InMemoryRows,
    /// Per feature whether a row of the whole table is without it.
    has_missing: Vec<bool>,
    surveyed: Surveyed,
    notes: Vec<Note>,
}

impl Dataset {
    /// Gives the table's columns their roles. Rows in which the target is missing are left out.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownColumn`] for a column that is named and not there, [`ErrorKind::NotANumber`],
    /// [`ErrorKind::NotFinite`], [`ErrorKind::MissingValue`] and [`ErrorKind::InvalidWeight`] with row and column for a
    /// cell that cannot be used, [`ErrorKind::ConstantTarget`], [`ErrorKind::TooFewRows`] when every row has a class of its
    /// own, [`ErrorKind::NoFeatures`] when no column is left, [`ErrorKind::LimitExceeded`].
    pub fn new(table: &Table, roles: &Roles) -> Result<Self> {
        let names: Vec<&str> = table.columns().iter().map(|column| column.name.as_str()).collect();
        let places = roles.places(&names, |name| table.column(name).map(|_| ()))?;
        let with_target = table.rows_with(places.target);
        let n_without = (table.n_rows() - with_target.len()) as u64;
        let whole;
        let table = if n_without == 0 {
            table
        } else {
            whole = table.select(&with_target);
            &whole
        };
        let mut notes = table.notes().to_vec();
        notes.extend(rows_note(n_without, &roles.target));
        let mut weights = match places.weights {
            Some(place) => {
                let column = table.column_format(place);
                table.read_cells(place, false, |cell| read_weight(cell, column, table.format()), check_weight)?
            }
            None => Vec::new(),
        };
        // A row that weighs nothing is one that is not there. Where all weigh nothing, the fit says so.
        let weighty: Vec<usize> = (0..weights.len()).filter(|row| weights[*row] > 0.0).collect();
        let n_weightless = weights.len() - weighty.len();
        let with_weight;
        let table = if n_weightless == 0 || weighty.is_empty() {
            table
        } else {
            weights.retain(|weight| *weight > 0.0);
            notes.push(weightless_note(n_weightless as u64));
            with_weight = table.select(&weighty);
            &with_weight
        };

        let (format_of, format) = (|place: usize| table.column_format(place), table.format());
        let scanned = |place: usize, mut scan: ColumnScan| {
            table.scan(place, &mut scan);
            scan
        };
        let (labels, class_notes) =
            target::labels(scanned(places.target, ColumnScan::new(limits::CLASSES)), names[places.target], roles.task)?;
        notes.extend(class_notes);
        let scans = places.candidates.iter().zip(places.scans()).map(|((place, _), scan)| scanned(*place, scan));
        let chosen = places.choose(scans.collect(), &names, |place| format_of(place).clone())?;
        for place in places.numbers(&chosen, labels.as_ref()) {
            notes.extend_from_slice(table.number_notes(place));
        }
        notes.extend(chosen.notes.iter().cloned());

        let targets = table.read_cells(
            places.target,
            labels.is_some(),
            |cell| target::read(cell, labels.as_ref(), format_of(places.target), format),
            |number| target::read_one(number, labels.as_ref()),
        )?;
        let mut features = Array2::zeros((table.n_rows(), chosen.places.len()));
        let columns: Vec<_> = chosen.places.iter().zip(&chosen.fields).collect();
        for (columns, mut part) in
            columns.chunks(COLUMNS_AT_ONCE).zip(features.axis_chunks_iter_mut(Axis(1), COLUMNS_AT_ONCE))
        {
            let read = |(place, field): &(&usize, &Field)| {
                table.read_cells(
                    **place,
                    field.n_categories() > 0,
                    |cell| field.read(cell, format, FEATURE_REMEDY),
                    |number| field.read_one(number),
                )
            };
            let values: Vec<Vec<f64>> = columns.iter().map(read).collect::<Result<_>>()?;
            for (row, mut cells) in part.rows_mut().into_iter().enumerate() {
                cells.iter_mut().zip(&values).for_each(|(cell, column)| *cell = column[row]);
            }
        }
        let rows = InMemoryRows { features, target: Target::of(targets, labels), weights };
        let header = Header::new(&names, roles, &places, chosen, rows.labels().cloned(), format)?;
        let surveyed = rows.survey(header, true)?;
        Ok(Self { rows, has_missing: surveyed.has_missing(), surveyed, notes })
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.rows.features.nrows()
    }

    /// How many features there are.
    pub fn n_features(&self) -> usize {
        self.rows.features.ncols()
    }

    /// The features, shape (rows, features), in standard (row-major) layout: numbers as they are, a category as its
    /// position among the schema's categories, NaN where the value is missing.
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
        self.surveyed.weights_name()
    }

    /// Whether classes or numbers are to be predicted.
    pub fn task(&self) -> Task {
        self.surveyed.schema.target.task()
    }

    /// What these rows hold, column by column.
    pub fn schema(&self) -> &Schema {
        &self.surveyed.schema
    }

    /// The digest of the features, the targets and the weights of the whole table, also for a part of its rows:
    /// docs/format.md has the bytes. Two files with the same cells have the same digest, however they are quoted.
    pub fn digest(&self) -> [u8; 32] {
        self.surveyed.digest
    }

    /// Per feature whether a row is without it, also for a part of the table's rows: what a model does with a missing value
    /// must not depend on which rows were held out.
    pub(crate) fn has_missing(&self) -> &[bool] {
        &self.has_missing
    }

    /// What was found out about the table and its rows that their reader should know, in sentences.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The rows, block by block.
    pub(crate) fn rows(&self) -> &impl Blocks {
        &self.rows
    }

    /// Weights, means and variances of features and target.
    pub(crate) fn moments(&self) -> Result<&Moments> {
        self.surveyed.moments()
    }

    /// Positions of at most so many rows, spread evenly over all of them.
    pub fn spread(&self, most: usize) -> Vec<usize> {
        let n = self.n_rows().min(most);
        // The product may be larger than an index is in WebAssembly.
        (0..n).map(|index| (index as u64 * self.n_rows() as u64 / n as u64) as usize).collect()
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
        let rows = InMemoryRows { features: self.rows.features.select(Axis(0), rows), target, weights };
        let surveyed = rows.survey(self.surveyed.header.clone(), false)?;
        let surveyed = Surveyed { digest: self.digest(), ..surveyed };
        Ok(Self { rows, has_missing: self.has_missing.clone(), surveyed, notes: self.notes.clone() })
    }
}

/// Columns are written into rows so many at a time: as many numbers as lie together in a processor's cache.
const COLUMNS_AT_ONCE: usize = 8;

/// What to do about text in a feature's column of numbers.
const FEATURE_REMEDY: &str = "make every cell a number, call it missing, or make the column a category";

/// What is said of rows that were left out because they weigh nothing.
fn weightless_note(n_rows: u64) -> Note {
    Note::new(codes::ROWS_WITHOUT_WEIGHT, [n_rows.into()])
}

/// What is said of rows that were left out because their target is missing.
fn rows_note(n_rows: u64, target: &str) -> Option<Note> {
    match n_rows {
        0 => None,
        1 => Some(Note::new(codes::ONE_WITHOUT_TARGET, [target.into()])),
        _ => Some(Note::new(codes::ROWS_WITHOUT_TARGET, [n_rows.into(), target.into()])),
    }
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
    use crate::table::{Domain, Kind, TargetSchema};

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
                "x,y\n1,a\n2,b\nthree,b\n4,a\n",
                ErrorKind::NotANumber,
                "row 4, column \"x\": expected a number, found \"three\"; make every cell a number, call it missing, or \
                 make the column a category",
            ),
            (
                "x,y\n\"1,200\",a\n972,b\n\"1,100\",a\n",
                ErrorKind::NotANumber,
                "row 2, column \"x\": expected a number, found \"1,200\", which may be 1.200 or 1200; say which (--decimal \
                 point or --decimal comma)",
            ),
            (
                "x,y\n12%,a\n0.07,b\n9%,a\n",
                ErrorKind::NotANumber,
                "row 3, column \"x\": expected a number, found \"0.07\", without \"%\", which the column has beside its \
                 numbers, here or in the training table; write it in every cell",
            ),
            (
                "x,y\n1,a\n1e999,b\n3,a\n",
                ErrorKind::NotFinite,
                "row 3, column \"x\": expected a finite number, found \"1e999\"; correct it, or call it missing \
                 (--missing)",
            ),
            (
                "x,y\n1,NA\n2,\n",
                ErrorKind::MissingValue,
                "column \"y\": every cell of the target is missing; there is nothing to predict",
            ),
            (
                "x,y\n1,1.5\n2,high\n3,2\n",
                ErrorKind::NotANumber,
                "row 3, column \"y\": expected a number, found \"high\"; make every cell a number, or ask for classification",
            ),
            (
                "x,y\n1,a\n2,a\n",
                ErrorKind::ConstantTarget,
                "column \"y\": every row has the class \"a\"; expected at least two classes",
            ),
            ("y\na\nb\na\n", ErrorKind::NoFeatures, "no column is left to predict \"y\" from"),
            (
                "name,c,y\nAnn,1,a\nBob,1,b\nCid,1,a\n",
                ErrorKind::NoFeatures,
                "no column is left to predict \"y\" from; left out were \"name\" (a text of its own in every row), \"c\" \
                 (every cell is 1)",
            ),
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
        let (Domain::Number(x), Domain::Number(n)) = (&x.domain, &n.domain) else { panic!("expected numbers") };
        assert_eq!((x.minimum, x.median, x.maximum, x.step), (4.0, 5.0, 6.25, Some(0.01)));
        assert_eq!((n.minimum, n.median, n.maximum, n.step), (1.0, 3.0, 9.0, Some(1.0)));
    }

    #[test]
    fn columns_have_the_kind_that_they_seem_to_have_or_that_is_given() {
        let table = Table::parse(b"name,zip,c,y\nAnn,10,u,p\nBob,20,v,q\nCid,10,,p\nDan,30,u,q\n").unwrap();
        let roles = Roles { target: "y".into(), ..Roles::default() };
        let schema = Dataset::new(&table, &roles).unwrap().schema().clone();
        assert_eq!(schema.features.iter().map(|feature| feature.name.as_str()).collect::<Vec<_>>(), ["zip", "c"]);
        assert_eq!(*schema.dropped[0].reason.as_ref().unwrap(), "a text of its own in every row");
        let Domain::Category { categories, counts, .. } = &schema.features[1].domain else { panic!("expected text") };
        assert_eq!(
            (categories.as_text().unwrap(), counts.as_slice()),
            (["u", "v"].map(str::to_owned).as_slice(), [2, 1].as_slice())
        );
        assert_eq!(schema.features[1].missing, 1);

        let kinds = vec![("zip".to_owned(), Kind::Category), ("name".to_owned(), Kind::Category)];
        let given = Dataset::new(&table, &Roles { kinds, ..roles.clone() }).unwrap();
        assert_eq!(given.schema().features.len(), 3);
        let Domain::Category { categories, .. } = &given.schema().features[1].domain else {
            panic!("expected numbers")
        };
        assert_eq!(categories.as_numbers(), Some([10.0, 20.0, 30.0].as_slice()));
        assert_eq!(given.features().column(1).to_vec(), [0.0, 1.0, 0.0, 2.0]);

        let identifier = Roles { kinds: vec![("zip".to_owned(), Kind::Identifier)], ..roles.clone() };
        assert_eq!(Dataset::new(&table, &identifier).unwrap().n_features(), 1);
        let target = Roles { kinds: vec![("y".to_owned(), Kind::Number)], ..roles };
        assert_eq!(Dataset::new(&table, &target).unwrap_err().kind(), ErrorKind::InvalidOption);
    }

    #[test]
    fn rows_without_a_target_are_left_out_and_counted() {
        let data = Dataset::of_csv("x,c,y\n1,u,a\n2,v,\n3,u,b\n4,w,NA\n5,u,a\n", "y");
        // Of the categories only "u" is left, and a column of one text has nothing to say.
        let data = data.unwrap();
        assert_eq!((data.n_rows(), data.n_features()), (3, 1));
        let expected = [
            "column \"y\" is missing where it says \"NA\" in 1 row, an empty cell in 1 row",
            "2 rows have no value of the target \"y\" and were left out",
        ];
        assert_eq!(data.notes(), expected);
    }

    #[test]
    fn the_positive_class_is_the_last_unless_another_is_named() {
        let table = Table::parse(b"x,y,z\n1,yes,1\n2,no,0\n3,yes,1\n4,no,0\n").unwrap();
        let positive = |target: &str, positive: Option<&str>| {
            let drop = vec![if target == "y" { "z" } else { "y" }.to_owned()];
            let positive = positive.map(str::to_owned);
            let roles = Roles { target: target.into(), drop, positive, ..Roles::default() };
            let TargetSchema::Classes { positive, .. } = Dataset::new(&table, &roles)?.schema().target.clone() else {
                panic!("expected classes")
            };
            Ok::<_, Error>(positive)
        };
        assert_eq!(positive("y", None).unwrap(), Some(1));
        assert_eq!(positive("y", Some("no")).unwrap(), Some(0));
        assert_eq!(positive("z", Some("0")).unwrap(), Some(0));
        let error = positive("y", Some("maybe")).unwrap_err();
        assert_eq!(error.to_string(), "no class is called \"maybe\"; the classes are \"no\", \"yes\"");
    }
}
