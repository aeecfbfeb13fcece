//! A file's columns and a model's features, where not every name fits: what a person mends before the rows are scored.

use super::source::{self, Source};
use crate::error::{Error, ErrorKind, Result, list_names, nearest_name, quote};
use crate::model::Model;
use crate::table::{Dialect, ReadOptions, Rows, check_width, unknown_column};

/// Which column each feature is read from, as far as one was found.
#[derive(Debug)]
pub struct Matching {
    pub(super) dialect: Dialect,
    pub(super) names: Vec<String>,
    pub(super) notes: Vec<String>,
    /// Per feature.
    pub(super) sources: Vec<Option<Source>>,
}

/// One of the first rows of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewRow {
    /// The row as a spreadsheet counts it.
    pub number: u64,
    /// Its cells.
    pub cells: Vec<String>,
    /// What the model cannot take: the position of the column, if it is one cell, and why.
    pub problems: Vec<(Option<usize>, Error)>,
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
        let (dialect, names) = source::open(beginning, is_all, options, &model.schema().missing)?;
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
                (_, place) => Ok(place.map(|place| Source::new(model, at, place))),
            }
        });
        let (sources, notes) = (sources.collect::<Result<_>>()?, dialect.notes(options));
        Ok(Self { dialect, names, notes, sources })
    }

    /// The file's columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What was found out about how the file is written down, in sentences.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The column that a feature is read from.
    pub fn column(&self, feature: usize) -> Option<&str> {
        self.sources[feature].as_ref().map(|source| self.names[source.place].as_str())
    }

    /// Among the columns that no feature is read from, the one whose name is nearest to this one.
    pub fn suggestion(&self, name: &str) -> Option<&str> {
        let is_free = |place: usize| self.sources.iter().flatten().all(|source| source.place != place);
        let free = self.names.iter().enumerate().filter(|(place, _)| is_free(*place));
        nearest_name(name, free.map(|(_, name)| name.as_str()))
    }

    /// The first rows of the file, from its beginning, and what the model that was matched says of them.
    ///
    /// # Errors
    /// [`ErrorKind::RaggedRow`], [`ErrorKind::LimitExceeded`].
    pub fn preview(&self, model: &Model, beginning: &[u8], is_all: bool, most: usize) -> Result<Vec<PreviewRow>> {
        let mut rows = Rows::of_window(beginning, self.dialect.delimiter, is_all, 0);
        let mut seen = Vec::new();
        let mut skip = self.dialect.has_header;
        while seen.len() < most
            && let Some((number, cells)) = rows.next()?
        {
            check_width(number, cells.len(), &self.names)?;
            if std::mem::take(&mut skip) {
                continue;
            }
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
            seen.push(PreviewRow { number, cells: cells.iter().map(str::to_owned).collect(), problems, outputs });
        }
        Ok(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Scorer;
    use crate::pipeline::Pipeline;
    use crate::table::Table;

    fn model() -> Model {
        let row = |i: usize| format!("{},{},{}\n", i * 7 % 13, ["u", "v"][i % 2], i * i % 5 % 2);
        let csv = format!("weight_kg,group,y\n{}", (0..40).map(row).collect::<String>());
        Pipeline::new("y").train(&Table::parse(csv.as_bytes()).unwrap()).unwrap()
    }

    fn matching(csv: &str, chosen: &[(&str, &str)]) -> Result<Matching> {
        let chosen: Vec<_> = chosen.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Matching::new(&model(), csv.as_bytes(), true, &ReadOptions::default(), &chosen)
    }

    const FILE: &str = "id,Weight.kg,group\n7,3,u\n8,four,w\n";

    #[test]
    fn a_name_that_does_not_fit_is_suggested_and_can_be_chosen() {
        let open = matching(FILE, &[]).unwrap();
        assert_eq!((open.column(0), open.column(1)), (None, Some("group")));
        assert_eq!(open.suggestion("weight_kg"), Some("Weight.kg"));
        assert_eq!(open.preview(&model(), FILE.as_bytes(), true, 20).unwrap()[0].outputs, None);
        let error = Scorer::of(&model(), open).unwrap_err();
        assert_eq!(error.to_string(), "column \"weight_kg\": no column is read for it");

        let chosen = matching(FILE, &[("weight_kg", "Weight.kg")]).unwrap();
        assert_eq!((chosen.column(0), chosen.suggestion("weight_kg")), (Some("Weight.kg"), None));
        assert!(Scorer::of(&model(), chosen).is_ok());
    }

    #[test]
    fn a_column_is_read_for_one_feature_only() {
        let taken = matching(FILE, &[("weight_kg", "group")]).unwrap();
        assert_eq!((taken.column(0), taken.column(1)), (Some("group"), None));
        let error = matching(FILE, &[("weight_kg", "id"), ("group", "id")]).unwrap_err();
        let message = "column \"id\": it is chosen for \"weight_kg\" and for \"group\"; choose another for one";
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidOption, message));
    }

    #[test]
    fn every_cell_of_a_preview_says_what_is_wrong_with_it() {
        let chosen = matching(FILE, &[("weight_kg", "Weight.kg")]).unwrap();
        let rows = chosen.preview(&model(), FILE.as_bytes(), true, 20).unwrap();
        assert_eq!((rows.len(), rows[0].number, rows[1].number), (2, 2, 3));
        assert_eq!((rows[0].outputs.as_ref().map(Vec::len), rows[0].problems.len()), (Some(2), 0));
        assert_eq!(rows[1].cells, ["8", "four", "w"]);
        let problems: Vec<_> = rows[1].problems.iter().map(|(place, error)| (*place, error.to_string())).collect();
        assert_eq!((problems[0].0, problems[1].0, &rows[1].outputs), (Some(1), Some(2), &None));
        assert!(problems[0].1.starts_with("expected a number, found \"four\""), "{problems:?}");
        assert!(problems[1].1.starts_with("no training row has the category \"w\""), "{problems:?}");
    }

    #[test]
    fn a_value_that_the_model_needs_is_named_as_in_the_file() {
        let file = "Weight.kg,group\n3,u\n,v\n";
        let row = |i: usize| format!("{},{}\n", i, i * i % 5 % 2);
        let table = format!("weight_kg,y\n{}", (0..40).map(row).collect::<String>());
        let mut pipeline = Pipeline::new("y");
        pipeline.options.preprocess.impute = crate::preprocess::Impute::Refuse;
        let model = pipeline.train(&Table::parse(table.as_bytes()).unwrap()).unwrap();
        let chosen = [("weight_kg".to_owned(), "Weight.kg".to_owned())];
        let open = || Matching::new(&model, file.as_bytes(), true, &ReadOptions::default(), &chosen).unwrap();
        let rows = open().preview(&model, file.as_bytes(), true, 20).unwrap();
        assert_eq!((rows[0].problems.len(), rows[1].problems.len(), rows[1].problems[0].0), (0, 1, Some(0)));
        let mut errors = Vec::new();
        let scored = Scorer::of(&model, open()).unwrap().score(file.as_bytes(), true, 0, |row| {
            errors.extend(row.outputs.err().map(|error| error.to_string()));
            Ok(())
        });
        scored.unwrap();
        assert_eq!(errors, ["column \"Weight.kg\": the value is missing, and the model has nothing to stand for it"]);
    }

    #[test]
    fn names_that_are_not_there_are_refused() {
        assert_eq!(matching(FILE, &[("wieght", "id")]).unwrap_err().kind(), ErrorKind::UnknownFeature);
        assert_eq!(matching(FILE, &[("weight_kg", "di")]).unwrap_err().kind(), ErrorKind::UnknownColumn);
        assert_eq!(matching("", &[]).unwrap_err().kind(), ErrorKind::Empty);
    }
}
