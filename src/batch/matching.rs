//! A file's columns and a model's features, where not every name fits: what a person mends before the rows are scored.

use super::source::{self, Opened, Source};
use crate::error::words::nearest_name;
use crate::error::{Error, ErrorKind, Result, list_names, quote};
use crate::model::Model;
use crate::note::Note;
use crate::table::{Dialect, FileFormat, ReadOptions, unknown_column};

/// Which column each feature is read from, as far as one was found.
#[derive(Debug)]
pub struct Matching {
    pub(super) dialect: Dialect,
    pub(super) names: Vec<String>,
    pub(super) notes: Vec<Note>,
    /// Per feature.
    pub(super) sources: Vec<Option<Source>>,
}

/// One of the first rows of a file.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PreviewRow {
    /// The row as a spreadsheet counts it.
    pub number: u64,
    /// Its cells.
    pub cells: Vec<String>,
    /// What the model cannot take: the position of the column, if it is one cell, and why.
    pub problems: Vec<(Option<usize>, Error)>,
    /// What the features are read as; all of them where there are outputs.
    pub values: Vec<f64>,
    /// [`Model::n_outputs`] numbers; `None` where a feature has no column, and where there are problems.
    pub outputs: Option<Vec<f64>>,
}

impl Matching {
    /// Looks at the beginning of a file, at least its first row; `is_all` says that this is the whole file. A feature is read
    /// from the column that is `chosen` for it, by the names of both, and else from the one of its own name, unless that
    /// was chosen for another.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`], [`ErrorKind::Encoding`], [`ErrorKind::BadHeader`]; [`ErrorKind::UnknownFeature`] and
    /// [`ErrorKind::UnknownColumn`] for a name among the chosen that is not there; [`ErrorKind::InvalidOption`], also for a
    /// column that is chosen for two features.
    pub fn new(
        model: &Model,
        beginning: &[u8],
        is_all: bool,
        options: &ReadOptions,
        chosen: &[(String, String)],
    ) -> Result<Self> {
        let opened = source::open(beginning, is_all, options, model.schema())?;
        let names = &opened.names;
        let features = &model.schema().features;
        if let Some((name, _)) = chosen.iter().find(|(name, _)| features.iter().all(|feature| feature.name != *name)) {
            let list = list_names(features.iter().map(|feature| feature.name.as_str()));
            let message = format!("no feature has this name; the features are {list}");
            return Err(Error::new(ErrorKind::UnknownFeature, message).in_column(name));
        }
        for (at, (feature, column)) in chosen.iter().enumerate() {
            if let Some((other, _)) = chosen[..at].iter().find(|(_, other)| other == column) {
                let message =
                    format!("it is chosen for {} and for {}; choose another for one", quote(other), quote(feature));
                return Err(Error::new(ErrorKind::InvalidOption, message).in_column(column));
            }
        }
        let taken: Vec<&str> = chosen.iter().map(|(_, column)| column.as_str()).collect();
        let sources = features.iter().enumerate().map(|(at, feature)| {
            let chosen = chosen.iter().find(|(name, _)| *name == feature.name).map(|(_, column)| column);
            let is_taken = chosen.is_none() && taken.contains(&feature.name.as_str());
            let place = names.iter().position(|name| !is_taken && name == chosen.unwrap_or(&feature.name));
            match (chosen, place) {
                (Some(column), None) => {
                    Err(unknown_column(column, &names.iter().map(String::as_str).collect::<Vec<_>>()))
                }
                (_, place) => Ok(place.map(|place| Source::new(model, at, place, &opened))),
            }
        });
        let sources: Vec<Option<Source>> = sources.collect::<Result<_>>()?;
        let Opened { dialect, names, .. } = opened;
        let mut notes = dialect.notes(options);
        notes.extend(source::order_notes(model, sources.iter().map(Option::as_ref)));
        Ok(Self { dialect, names, notes, sources })
    }

    /// The file's columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What was found out about how the file is written down, in sentences.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// How the file is written down.
    pub fn file_format(&self) -> FileFormat {
        self.dialect.file_format()
    }

    /// The column that a feature is read from.
    pub fn column(&self, feature: usize) -> Option<&str> {
        self.sources[feature].as_ref().map(|source| self.names[source.place].as_str())
    }

    /// Among the columns that no feature is read from, the one whose name is nearest to this one.
    pub fn suggestion(&self, name: &str) -> Option<&str> {
        let is_free = |place: usize| self.sources.iter().flatten().all(|source| source.place != place);
        let free = self.names.iter().enumerate().filter(|(place, _)| is_free(*place));
        nearest_name(name, &mut free.map(|(_, name)| name.as_str()))
    }

    /// The first rows of the file, from its beginning, and what the model that was matched says of them.
    ///
    /// # Errors
    /// [`ErrorKind::RaggedRow`], [`ErrorKind::LimitExceeded`].
    pub fn preview(&self, model: &Model, beginning: &[u8], is_all: bool, most: usize) -> Result<Vec<PreviewRow>> {
        let mut rows = self.dialect.data_rows(beginning, is_all, 0, self.names.len())?;
        let mut seen = Vec::new();
        while seen.len() < most
            && let Some((number, cells)) = rows.next()?
        {
            self.dialect.check_row(number, &cells, &self.names)?;
            let (mut problems, mut values) = (Vec::new(), Vec::new());
            for source in self.sources.iter().flatten() {
                match source.read(&cells, &self.dialect.format) {
                    Ok(value) => values.push(value),
                    Err(error) => problems.push((Some(source.place), error)),
                }
            }
            let mut outputs = Some(Vec::new()).filter(|_| values.len() == self.sources.len());
            if let Some(Err(error)) = outputs.as_mut().map(|outputs| model.outputs(&values, outputs)) {
                outputs = None;
                let place = |feature: usize| self.sources[feature].as_ref().map(|source| source.place);
                problems.push((source::place_of(&error, model, place), error));
            }
            let cells = cells.iter().map(str::to_owned).collect();
            seen.push(PreviewRow { number, cells, problems, values, outputs });
        }
        Ok(seen)
    }
}
