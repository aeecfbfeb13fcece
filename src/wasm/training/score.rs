//! Files of rows in JavaScript: matched, previewed, and predicted piece by piece.

use super::super::named::RowNames;
use super::truth::Truth;
use super::{options, to_js};
use crate::batch::CsvLines;
use crate::batch::{BatchPredictor, BatchSummary, Matching, PreviewRow};
use crate::error::{Error, ErrorKind, quote};
use crate::model::Model;
use crate::note::Note;
use crate::table::{FileFormat, Label};
use serde::Serialize;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Predicts the rows of a file for a model, piece by piece. Free it with `free()`.
#[wasm_bindgen(js_name = FileScorer)]
pub struct JsFileScorer {
    model: Rc<Model>,
    columns: Columns,
    kept: Vec<(usize, String)>,
    /// How many bytes and rows the next piece has before it.
    position: u64,
    row: u64,
    summary: BatchSummary,
    truth: Truth,
    /// What is said of columns that cannot be kept.
    left_out: Vec<String>,
    /// What is said of the first row that is not UTF-8.
    note: Option<Note>,
}

/// The most features that are named for numbers outside training.
const MOST_OUTSIDE: usize = 5;

/// As far as the file was matched: once rows are scored every feature has its column.
enum Columns {
    Matched(Matching, bool),
    Scored(BatchPredictor<Rc<Model>>),
    Refused,
}

#[derive(Serialize)]
struct MatchingBody<'m> {
    columns: &'m [String],
    notes: Vec<String>,
    read: FileFormat,
    features: Vec<MatchBody<'m>>,
    preview: Vec<PreviewBody<'m>>,
}

#[derive(Serialize)]
struct MatchBody<'m> {
    feature: &'m str,
    column: Option<&'m str>,
    suggestion: Option<&'m str>,
}

#[derive(Serialize)]
struct PreviewBody<'m> {
    row: u64,
    cells: &'m [String],
    problems: Vec<ProblemBody<'m>>,
    /// An object already, or null.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    prediction: JsValue,
}

#[derive(Serialize)]
struct ProblemBody<'m> {
    column: Option<&'m str>,
    message: &'m str,
}

#[derive(Serialize)]
struct SummaryBody<'m> {
    rows: u64,
    refused: u64,
    refusals: Vec<RefusalBody<'m>>,
    imputed: u64,
    outside: u64,
    #[serde(rename = "outsideFeatures")]
    outside_features: Vec<OutsideBody<'m>>,
    classes: Option<Vec<ClassBody<'m>>>,
    minimum: Option<f64>,
    mean: Option<f64>,
    maximum: Option<f64>,
    notes: &'m [Note],
}

#[derive(Serialize)]
struct RefusalBody<'m> {
    row: u64,
    column: Option<&'m str>,
    message: &'m str,
}

#[derive(Serialize)]
struct OutsideBody<'m> {
    feature: &'m str,
    rows: u64,
}

#[derive(Serialize)]
struct ClassBody<'m> {
    class: Label<'m>,
    rows: u64,
}

#[wasm_bindgen(js_class = FileScorer)]
impl JsFileScorer {
    /// Looks at the beginning of a file, at least its first row; `is_all` says that this is the whole file.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(js_name = modelBytes)] model_bytes: &[u8],
        beginning: &[u8],
        #[wasm_bindgen(js_name = isAll)] is_all: bool,
        #[wasm_bindgen(unchecked_param_type = "ScoreOptions")] options: &JsValue,
    ) -> std::result::Result<JsFileScorer, JsValue> {
        let model = Rc::new(Model::decode(model_bytes)?);
        let chosen = options::matches(options)?;
        let matching = Matching::new(&model, beginning, is_all, &options::read_options(options)?, &chosen)?;
        // Two columns of one name could not be told apart.
        let added = CsvLines::added(&model, true);
        let (clashing, kept): (Vec<_>, Vec<_>) =
            matching.names().iter().cloned().enumerate().partition(|(_, name)| added.contains(name));
        let note =
            |(_, name): (usize, String)| format!("column {} is not kept: a prediction takes its name", quote(&name));
        let left_out = clashing.into_iter().map(note).collect();
        let (columns, summary, truth) = (Columns::Matched(matching, is_all), BatchSummary::default(), Truth::default());
        Ok(Self { model, columns, kept, position: 0, row: 0, summary, truth, note: None, left_out })
    }

    /// Which column each feature is read from, and the first rows. `beginning` are the bytes that it was made with.
    #[wasm_bindgen(unchecked_return_type = "Matching")]
    pub fn preview(&self, beginning: &[u8], rows: usize) -> std::result::Result<JsValue, JsValue> {
        let Columns::Matched(matching, is_all) = &self.columns else {
            return Err(Error::new(
                ErrorKind::InvalidRequest,
                "the rows are scored, and no feature changes its column",
            )
            .into());
        };
        let features = self.model.schema().features.iter().enumerate().map(|(at, feature)| {
            let column = matching.column(at);
            let suggestion = if column.is_none() { matching.suggestion(&feature.name) } else { None };
            MatchBody { feature: &feature.name, column, suggestion }
        });
        let rows = matching.preview(&self.model, beginning, *is_all, rows)?;
        let names = RowNames::of(&self.model);
        let predict = |row: &PreviewRow| match &row.outputs {
            Some(outputs) => names.answer(&self.model, &row.values, outputs),
            None => JsValue::NULL,
        };
        let preview = rows.iter().map(|row| PreviewBody {
            row: row.number,
            cells: &row.cells,
            problems: row
                .problems
                .iter()
                .map(|(place, error)| ProblemBody {
                    column: place.map(|place| matching.names()[place].as_str()),
                    message: error.message(),
                })
                .collect(),
            prediction: predict(row),
        });
        let preview = preview.collect();
        to_js(&MatchingBody {
            columns: matching.names(),
            notes: matching.notes().iter().map(Note::to_string).chain(self.left_out.clone()).collect(),
            read: matching.file_format(),
            features: features.collect(),
            preview,
        })
    }

    /// The line of CSV before the first: the file's columns, and then the model's.
    pub fn header(&self) -> Vec<u8> {
        let mut lines = CsvLines::new(&self.model, &self.kept, true);
        lines.add_header();
        lines.finish()
    }

    /// Predicts the rows of the next piece of the file, which begins at `position`, and moves on past its last whole row;
    /// `is_end` says that the file ends with it. Answers their lines of CSV. A row that cannot be scored has its reason
    /// in the last column; one with more or fewer cells than the header ends the scoring.
    pub fn score(
        &mut self,
        piece: &[u8],
        #[wasm_bindgen(js_name = isEnd)] is_end: bool,
    ) -> std::result::Result<Vec<u8>, JsValue> {
        self.columns = match std::mem::replace(&mut self.columns, Columns::Refused) {
            Columns::Matched(matching, _) => Columns::Scored(BatchPredictor::of(Rc::clone(&self.model), matching)?),
            columns => columns,
        };
        let Columns::Scored(scorer) = &self.columns else {
            return Err(Error::new(ErrorKind::InvalidRequest, "not every feature has a column").into());
        };
        let mut lines = CsvLines::new(&self.model, &self.kept, true);
        // Of a piece that ends in an error nothing is counted: it has no lines.
        let mut summary = BatchSummary::default();
        // Files of rows to predict have no targets, mostly.
        let (targets, truth) = (scorer.targets().ok(), &mut self.truth);
        let reached = scorer.score(piece, is_end, self.row, |row| {
            summary.add(scorer.model(), &row);
            if let Some(targets) = &targets {
                truth.add(targets, &row);
            }
            lines.add(&row);
            Ok(())
        })?;
        self.summary.merge(summary);
        self.position += reached.bytes as u64;
        self.row = reached.row;
        self.note = self.note.take().or(reached.note());
        Ok(lines.finish())
    }

    /// How good the model is on these rows, where the file has the column that it predicts; undefined where it has none.
    #[wasm_bindgen(unchecked_return_type = "Truth | undefined")]
    pub fn truth(&self) -> std::result::Result<JsValue, JsValue> {
        self.truth.body(&self.model).map_or(Ok(JsValue::UNDEFINED), |body| to_js(&body))
    }

    /// How many bytes of the file were gone through.
    #[wasm_bindgen(getter)]
    pub fn position(&self) -> f64 {
        self.position as f64
    }

    /// What came of the rows so far.
    #[wasm_bindgen(unchecked_return_type = "ScoreSummary")]
    pub fn summary(&self) -> std::result::Result<JsValue, JsValue> {
        let refusals = self.summary.refusals.iter().map(|refusal| RefusalBody {
            row: refusal.row,
            column: refusal.error.place().column.as_deref(),
            message: refusal.error.message(),
        });
        let outside = self.summary.most_outside(&self.model, MOST_OUTSIDE).into_iter();
        let classes = self.model.schema().target.classes().map(|classes| {
            let rows = self.summary.classes.iter().chain(std::iter::repeat(&0));
            classes.iter().zip(rows).map(|(class, rows)| ClassBody { class, rows: *rows }).collect()
        });
        to_js(&SummaryBody {
            rows: self.summary.n_rows,
            refused: self.summary.n_refused,
            refusals: refusals.collect(),
            imputed: self.summary.n_imputed,
            outside: self.summary.n_outside,
            outside_features: outside.map(|(feature, rows)| OutsideBody { feature, rows }).collect(),
            classes,
            minimum: self.summary.range.map(|(low, _)| low),
            mean: self.summary.mean(),
            maximum: self.summary.range.map(|(_, high)| high),
            notes: self.note.as_slice(),
        })
    }
}
