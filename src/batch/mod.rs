//! Predictions for the rows of a file, part by part: a file of any length takes as much memory as its parts.

mod beside;
mod block;
mod csv_lines;
#[cfg(all(any(feature = "cli", feature = "server"), not(target_arch = "wasm32")))]
pub mod lines;
mod matching;
#[cfg(test)]
mod matching_tests;
mod source;
mod summary;

pub use beside::{Targets, Weights};
pub use block::PredictedRow;
pub use csv_lines::CsvLines;
pub use matching::{Matching, PreviewRow};
pub use summary::{BatchSummary, Refusal};

use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::model::{Model, RowsPredictor};
use crate::note::Note;
use crate::table::{Cells, Dialect, NameIndex, ReadOptions, RecordBatch, latin_1_note, unknown_column};
use block::Block;
use source::{Opened, Source};
use std::ops::Deref;

/// A file's columns, matched to a model's features by name. The columns that the training table had beside its features,
/// the target and those left out, may be there too, and so may those that the caller keeps.
///
/// ```
/// use tepal::batch::BatchPredictor;
/// use tepal::table::ReadOptions;
///
/// # fn main() -> tepal::Result<()> {
/// # let table = tepal::Table::parse(b"x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n")?;
/// # let model = tepal::Pipeline::new("y").train(&table)?;
/// let file = b"x,name\n6,first\nsix,second\n";
/// let predictor = BatchPredictor::new(&model, file, true, &ReadOptions::default(), None)?;
/// let mut predicted = Vec::new();
/// predictor.score(file, true, 0, |row| {
///     predicted.push(row.outputs.ok().map(|outputs| outputs[0]));
///     Ok(())
/// })?;
/// assert_eq!(predicted, [Some(15.0), None]);
/// # Ok(())
/// # }
/// ```
///
/// `examples/many_rows.rs` reads a file of any length, window by window.
#[derive(Debug)]
pub struct BatchPredictor<M> {
    model: M,
    dialect: Dialect,
    names: Vec<String>,
    notes: Vec<Note>,
    /// Where each feature is read from.
    sources: Vec<Source>,
    predictor: RowsPredictor,
}

/// How far a part of a file was gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reached {
    /// The bytes of whole rows: what is left of the part belongs before the next one.
    pub bytes: usize,
    /// The number of the last row.
    pub row: u64,
    /// The first row that is not UTF-8, and was read as Latin-1.
    pub first_latin_1: Option<u64>,
}

impl Reached {
    /// What is said of a file with a row that is not UTF-8.
    pub fn note(&self) -> Option<Note> {
        self.first_latin_1.map(latin_1_note)
    }
}

impl<M: Deref<Target = Model>> BatchPredictor<M> {
    /// Looks at the beginning of a file, at least its first row; `is_all` says that this is the whole file. What stands for
    /// a missing value is what did in training, unless the options say otherwise. `kept` are columns that may be there
    /// beside the model's own; with `None` any may.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`], [`ErrorKind::Encoding`], [`ErrorKind::BadHeader`], [`ErrorKind::UnknownColumn`] for a column to
    /// keep that is not there; [`ErrorKind::MissingFeature`] and
    /// [`ErrorKind::UnknownFeature`] with the nearest name; [`ErrorKind::InvalidOption`].
    pub fn new(
        model: M,
        beginning: &[u8],
        is_all: bool,
        options: &ReadOptions,
        kept: Option<&[String]>,
    ) -> Result<Self> {
        let schema = model.schema();
        let opened = source::open(beginning, is_all, options, schema)?;
        let names = &opened.names;
        // Names of thousands of columns are looked up, not compared with each other: the file may be a stranger's.
        let name_list: Vec<&str> = names.iter().map(String::as_str).collect();
        let in_file = NameIndex::new(name_list.iter().copied());
        if let Some(name) = kept.into_iter().flatten().find(|name| in_file.position(name).is_none()) {
            return Err(unknown_column(name, &name_list));
        }
        let features = NameIndex::new(schema.features.iter().map(|feature| feature.name.as_str()));
        let dropped = NameIndex::new(schema.dropped.iter().map(|column| column.name.as_str()));
        let asked_for = kept.map(|kept| NameIndex::new(kept.iter().map(String::as_str)));
        let is_feature = |name: &str| features.position(name).is_some();
        let is_beside = |name: &str| {
            name.is_empty()
                || name == schema.target.name()
                || dropped.position(name).is_some()
                || asked_for.as_ref().is_none_or(|kept| kept.position(name).is_some())
        };
        let asked: Vec<(usize, &str)> = names
            .iter()
            .map(String::as_str)
            .enumerate()
            .filter(|(_, name)| is_feature(name) || !is_beside(name))
            .collect();
        let order = model.match_features(&asked.iter().map(|(_, name)| *name).collect::<Vec<_>>())?;
        let sources =
            order.into_iter().enumerate().map(|(feature, at)| Source::new(&model, feature, asked[at].0, &opened));
        let (sources, predictor): (Vec<Source>, _) = (sources.collect(), RowsPredictor::new(&model));
        let Opened { dialect, names, .. } = opened;
        let mut notes = dialect.notes(options);
        notes.extend(source::order_notes(&model, sources.iter().map(Some)));
        Ok(Self { model, dialect, names, notes, sources, predictor })
    }

    /// Takes the columns that were matched.
    ///
    /// # Errors
    /// [`ErrorKind::MissingFeature`] for the first feature that none was found for.
    pub fn of(model: M, matching: Matching) -> Result<Self> {
        let Matching { dialect, names, notes, sources } = matching;
        let missing = |name: &str| Error::new(ErrorKind::MissingFeature, "no column is read for it").in_column(name);
        let sources = model.schema().features.iter().zip(sources);
        let sources = sources.map(|(feature, source)| source.ok_or_else(|| missing(&feature.name)));
        let (sources, predictor): (Vec<Source>, _) = (sources.collect::<Result<_>>()?, RowsPredictor::new(&model));
        Ok(Self { model, dialect, names, notes, sources, predictor })
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The file's columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What was found out about how the file is written down, in sentences.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Scores the rows of a part of the file that begins at a row, of which `rows_before` come before it; `is_end` says that
    /// no row goes on after it. The header is passed over.
    ///
    /// # Errors
    /// [`ErrorKind::RaggedRow`], [`ErrorKind::LimitExceeded`] and those of `each`. What is wrong with a row's cells is in
    /// [`PredictedRow::outputs`].
    pub fn score(
        &self,
        part: &[u8],
        is_end: bool,
        rows_before: u64,
        each: impl FnMut(PredictedRow<'_>) -> Result<()>,
    ) -> Result<Reached> {
        self.score_some(part, is_end, rows_before, usize::MAX, each)
    }

    /// The same for at most so many rows: [`Reached::bytes`] says where the next ones begin.
    ///
    /// # Errors
    /// Those of [`BatchPredictor::score`].
    pub fn score_some(
        &self,
        part: &[u8],
        is_end: bool,
        rows_before: u64,
        most_rows: usize,
        mut each: impl FnMut(PredictedRow<'_>) -> Result<()>,
    ) -> Result<Reached> {
        let mut n_rows = 0;
        let mut rows = self.dialect.data_rows(part, is_end, rows_before, self.names.len())?;
        let mut block = Block::new(self.predictor.clone());
        let in_file = |error| self.in_file(error);
        let is_whole = loop {
            if n_rows == most_rows {
                block.give(&self.model, None, in_file, &mut each)?;
                break false;
            }
            n_rows += 1;
            let row = rows.next().and_then(|row| match row {
                Some((number, cells)) => {
                    self.dialect.check_row(number, &cells, &self.names).map(|()| Some((number, cells)))
                }
                None => Ok(None),
            });
            match row {
                Ok(Some((number, cells))) => {
                    block.push(number, |values| self.add_values(cells, values));
                    block.keep(cells);
                    if block.is_full() {
                        block.give(&self.model, None, in_file, &mut each)?;
                    }
                }
                // The rows before one that cannot be read are good.
                end => {
                    block.give(&self.model, None, in_file, &mut each)?;
                    end?;
                    break true;
                }
            }
        };
        let (bytes, row) = rows.reached();
        if !is_end && bytes == 0 && part.len() > limits::ROW_BYTES {
            return Err(crate::table::endless_row(rows_before + 1));
        }
        Ok(Reached {
            bytes: if is_end && is_whole { part.len() } else { bytes },
            row,
            first_latin_1: rows.first_latin_1(),
        })
    }

    /// Scores records, of which `rows_before` come before them. Their columns are those of the file whose beginning the
    /// predictor saw as CSV.
    ///
    /// # Errors
    /// Those of `each`. What is wrong with a row's cells is in [`PredictedRow::outputs`].
    pub fn score_records(
        &self,
        records: &RecordBatch,
        rows_before: u64,
        mut each: impl FnMut(PredictedRow<'_>) -> Result<()>,
    ) -> Result<Reached> {
        let mut block = Block::new(self.predictor.clone());
        let format = &self.dialect.format;
        let block_rows = self.predictor.block_rows();
        for first in (0..records.n_rows()).step_by(block_rows) {
            let rows = first..records.n_rows().min(first + block_rows);
            let number = |row: usize| rows_before + row as u64 + 1;
            let columns = self.sources.iter().map(|source| source.read_records(records, rows.clone(), format));
            match columns.collect::<Result<Vec<_>>>() {
                Ok(columns) => block.push_columns(number(first), &columns, rows.len()),
                // Row by row, up to the cell that cannot be read.
                Err(_) => rows.for_each(|row| {
                    block.push(number(row), |values| {
                        self.sources.iter().try_for_each(|source| {
                            let read = source.read_record(records.get(row, source.place), format);
                            values.push(read.map_err(|error| error.in_column(&self.names[source.place]))?);
                            Ok(())
                        })
                    });
                }),
            }
            block.give(&self.model, Some((records, first)), |error| self.in_file(error), &mut each)?;
        }
        Ok(Reached { bytes: 0, row: rows_before + records.n_rows() as u64, first_latin_1: None })
    }

    /// The columns that the features are read from, by their position in the file.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        self.sources.iter().map(|source| source.place)
    }

    /// An error of the model, with the file's name for its feature.
    fn in_file(&self, error: Error) -> Error {
        match source::place_of(&error, &self.model, |feature| Some(self.sources[feature].place)) {
            Some(place) => error.in_column(&self.names[place]),
            None => error,
        }
    }

    /// Adds the values of a row, in the order of the features, up to one that cannot be read.
    fn add_values(&self, cells: Cells<'_>, values: &mut Vec<f64>) -> Result<()> {
        self.sources.iter().try_for_each(|source| {
            let read = source.read(&cells, &self.dialect.format);
            values.push(read.map_err(|error| error.in_column(&self.names[source.place]))?);
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Pipeline;
    use crate::table::Table;
    use crate::train::Learner;

    fn model(csv: &str, pipeline: &Pipeline) -> Model {
        pipeline.train(&Table::parse(csv.as_bytes()).unwrap()).unwrap()
    }

    /// Every row's outputs, or the message.
    fn score(model: &Model, csv: &str, parts: usize) -> Vec<std::result::Result<Vec<f64>, String>> {
        let scorer = BatchPredictor::new(model, csv.as_bytes(), true, &ReadOptions::default(), None).unwrap();
        let (mut all, mut start, mut row, mut length) = (Vec::new(), 0, 0, csv.len().div_ceil(parts));
        while start < csv.len() {
            let end = csv.len().min(start + length);
            let reached = scorer
                .score(&csv.as_bytes()[start..end], end == csv.len(), row, |row| {
                    all.push(row.outputs.map(<[f64]>::to_vec).map_err(|error| error.to_string()));
                    Ok(())
                })
                .unwrap();
            length = if reached.bytes == 0 { 2 * length } else { csv.len().div_ceil(parts) };
            (start, row) = (start + reached.bytes, reached.row);
        }
        all
    }

    fn mixed() -> Model {
        let mut pipeline = Pipeline::new("y");
        let Learner::Linear(options) = &mut pipeline.learner else { unreachable!() };
        options.preprocess.impute_always = true;
        pipeline.roles.drop = vec!["id".into()];
        let row = |i: usize| format!("{i},{},{},{}\n", i * 7 % 13, ["u", "v", "01"][i % 3], ["a", "b"][i * i % 5 % 2]);
        model(&format!("id,x,c,y\n{}", (0..40).map(row).collect::<String>()), &pipeline)
    }

    #[test]
    fn a_file_is_the_same_in_any_number_of_parts() {
        let model = mixed();
        let csv = "c;x;note\nu;1,5;\"a;\nb\"\n01;2;\nv;NA;x\nw;1;\nu;?;\nu;six;\n";
        let whole = score(&model, csv, 1);
        assert_eq!(whole.len(), 6);
        assert!(whole[..3].iter().all(|row| row.is_ok()) && whole[4].is_ok());
        assert!(whole[3].as_ref().unwrap_err().starts_with("column \"c\": no training row has the category \"w\""));
        assert!(whole[5].as_ref().unwrap_err().contains("expected a number, found \"six\""));
        (2..csv.len()).for_each(|parts| assert_eq!(score(&model, csv, parts), whole, "{parts} parts"));
    }

    #[test]
    fn any_number_of_rows_is_predicted_as_each_alone() {
        let line = |i: usize| format!("{},{},{}\n", i * 7 % 13, i * i % 11, ["a", "b", "c"][i * 5 % 7 % 3]);
        let model = model(&format!("x,z,y\n{}", (0..60).map(line).collect::<String>()), &Pipeline::new("y"));
        let block = RowsPredictor::new(&model).block_rows();
        for n_rows in [0, 1, block - 1, block, block + 1, 2 * block] {
            let row = |i: usize| [(i * 29 % 17) as f64 / 4.0, (i * 31 % 23) as f64];
            let csv: String = (0..n_rows).map(row).map(|[x, z]| format!("{x},{z}\n")).collect();
            let found = score(&model, &format!("x,z\n{csv}"), 1);
            assert_eq!(found.len(), n_rows);
            for (at, found) in found.into_iter().enumerate() {
                assert_eq!(found, Ok(model.predict_many(&row(at)).unwrap()), "row {at} of {n_rows}");
            }
            // One bad row spoils no other.
            let with_bad = score(&model, &format!("x,z\n{csv}six,1\n{csv}"), 1);
            let refused: Vec<usize> = (0..with_bad.len()).filter(|row| with_bad[*row].is_err()).collect();
            assert_eq!((with_bad.len(), refused), (2 * n_rows + 1, vec![n_rows]));
        }
    }

    #[test]
    fn a_cell_means_the_same_whatever_the_other_rows_are() {
        let model = mixed();
        let alone = score(&model, "x,c\n3,01\n", 1);
        assert_eq!(alone[0], score(&model, "x,c\n3,01\n3,u\n", 1)[0]);
        assert_eq!(alone[0].as_deref(), Ok(&model.predict_many(&[3.0, 0.0]).unwrap()[..]));
    }

    #[test]
    fn what_was_missing_in_training_is_missing_afterwards() {
        let row = |i: usize| format!("{},{}\n", if i.is_multiple_of(9) { -999.0 } else { i as f64 }, i * 3 % 7);
        let csv = format!("x,y\n{}", (0..30).map(row).collect::<String>());
        let missing = Some(vec![" -999".to_owned()]);
        let table = Table::read(csv.as_bytes(), &ReadOptions { missing, ..ReadOptions::default() }).unwrap();
        let model = Pipeline::new("y").train(&table).unwrap();
        let missing = model.predict_many(&[f64::NAN]).unwrap();
        assert_eq!(score(&model, "x\n-999.0\n", 1)[0].as_deref(), Ok(&missing[..]));
        assert_eq!(model.row([("x", -999.0)]).unwrap()[0].to_bits(), f64::NAN.to_bits());
    }

    #[test]
    fn columns_are_matched_by_name_and_strangers_refused() {
        let model = mixed();
        let open = |csv: &str, kept: Option<&[String]>| {
            BatchPredictor::new(&model, csv.as_bytes(), true, &ReadOptions::default(), kept).map(|_| ())
        };
        assert!(open("id,c,x,y\n", Some(&[])).is_ok());
        assert!(open("note,c,x\n", Some(&["note".into()])).is_ok());
        assert_eq!(open("c,x\n", Some(&["note".into()])).unwrap_err().kind(), ErrorKind::UnknownColumn);
        assert_eq!(open("note,c,x\n", Some(&[])).unwrap_err().kind(), ErrorKind::UnknownFeature);
        assert_eq!(open("c,y\n", None).unwrap_err().kind(), ErrorKind::MissingFeature);
        assert_eq!(open("", None).unwrap_err().kind(), ErrorKind::Empty);
    }
}
