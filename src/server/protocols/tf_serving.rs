//! TensorFlow Serving's REST interface. KServe's version 1 is almost equal to it.
//!
//! Sources: tensorflow/serving, `g3doc/api_rest.md`; KServe's "V1 Inference Protocol".

use super::{Answer, Method, ScoredRows, answered_by, respond};
use crate::error::{Error, ErrorKind, Result};
use crate::explain::ExplanationBody;
use crate::limits::check;
use crate::server::App;
use crate::server::answer::{HandlerResult, Rejection, json as reply};
use crate::server::memory::push;
use crate::server::models::{Loaded, ModelSelector};
use crate::server::protocols::method::MethodOutput;
use crate::server::request::{
    AtDepth, Bounds, Elements, Fields, JsonElements, RequestRows, RowForm, Text, fail, invalid, parse_object, row_list,
};
use axum::extract::rejection::PathRejection;
use axum::extract::{self, Path, State};
use axum::http::Method as HttpMethod;
use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeSeq, Serializer};
use serde_json::json;
use std::cell::Cell;
use std::fmt;

struct Request<'m, 'b> {
    signature_name: Option<Text<'b>>,
    given: Inputs<'m, 'b>,
}

impl<'b> Fields<'b> for Request<'_, 'b> {
    const NAMES: &'static [&'static str] = &["signature_name", "instances", "inputs"];

    fn read<A: MapAccess<'b>>(&mut self, name: &'static str, map: &mut A) -> std::result::Result<(), A::Error> {
        match name {
            "signature_name" => self.signature_name = map.next_value()?,
            "instances" => self.given.read_rows(map)?,
            _ => self.given.read(map)?,
        }
        Ok(())
    }

    fn failure(&mut self) -> &mut Option<Error> {
        &mut self.given.rows.failure
    }
}

/// The inputs of a request: rows, or a list of values for each name.
pub(super) struct Inputs<'m, 'b> {
    pub(super) rows: RequestRows<'m>,
    columns: Vec<(Text<'b>, Elements<'b>)>,
    form: Option<InputForm>,
}

/// What the inputs of a request are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InputForm {
    Rows,
    Columns,
}

impl<'m, 'b> Inputs<'m, 'b> {
    pub(super) fn new(loaded: &'m Loaded, bounds: &'m Bounds) -> Self {
        Self { rows: RequestRows::new(&loaded.model, bounds), columns: Vec::new(), form: None }
    }

    /// Reads a list of rows, if it is not null. There may be one list.
    pub(super) fn read_rows<A: MapAccess<'b>>(&mut self, map: &mut A) -> std::result::Result<(), A::Error> {
        let before = self.form;
        let is_there = map.next_value_seed(row_list(&mut self.rows, RowForm::Any))?;
        self.note(is_there.then_some(InputForm::Rows), before)
    }

    /// Reads rows, or columns by name.
    pub(super) fn read<A: MapAccess<'b>>(&mut self, map: &mut A) -> std::result::Result<(), A::Error> {
        let before = self.form;
        let found = map.next_value_seed(RowsOrColumns(self))?;
        self.note(found, before)
    }

    /// Notes the form of what was read.
    pub(super) fn note<E: serde::de::Error>(
        &mut self,
        found: Option<InputForm>,
        before: Option<InputForm>,
    ) -> std::result::Result<(), E> {
        if found.is_some() && before.is_some() {
            return Err(fail(&mut self.rows.failure, invalid("the rows are there twice; expected one list of them")));
        }
        self.form = found.or(before);
        Ok(())
    }

    /// The rows, and whether they came as columns; `None` if there was no list.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`]; those of [`RequestRows::add_named`].
    pub(super) fn into_rows(self) -> Result<Option<(RequestRows<'m>, InputForm)>> {
        let Self { mut rows, columns, form } = self;
        if form == Some(InputForm::Columns) {
            let n_rows = columns.first().map_or(0, |(_, cells)| cells.len());
            if let Some((name, cells)) = columns.iter().find(|(_, cells)| cells.len() != n_rows) {
                let message =
                    format!("expected {n_rows} values, as many as in the first column, found {}", cells.len());
                return Err(Error::new(ErrorKind::WrongLength, message).in_column(&*name.0));
            }
            rows.set_names(&columns.iter().map(|(name, _)| &*name.0).collect::<Vec<_>>())?;
            (0..n_rows).try_for_each(|row| rows.add_in_columns(|column| columns[column].1.value(row)))?;
        }
        Ok(form.map(|form| (rows, form)))
    }
}

struct RowsOrColumns<'r, 'm, 'b>(&'r mut Inputs<'m, 'b>);

impl<'b> DeserializeSeed<'b> for RowsOrColumns<'_, '_, 'b> {
    type Value = Option<InputForm>;

    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> std::result::Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'b> Visitor<'b> for RowsOrColumns<'_, '_, 'b> {
    type Value = Option<InputForm>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of rows, or an object of feature names and lists of values")
    }

    fn visit_unit<E>(self) -> std::result::Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'b>>(self, list: A) -> std::result::Result<Self::Value, A::Error> {
        row_list(&mut self.0.rows, RowForm::Any).visit_seq(list)?;
        Ok(Some(InputForm::Rows))
    }

    fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
        let Self(inputs) = self;
        let bounds = inputs.rows.bounds();
        while let Some(name) = map.next_key::<Text<'b>>()? {
            let mut column = JsonElements::new(bounds);
            let read = map.next_value_seed(AtDepth::outermost(&mut column));
            let failure = column.failure.take().or_else(|| {
                let is_column = column.shape.iter().skip(1).all(|length| *length == 1);
                let message = || format!("expected a value for each row, found lists of the shape {:?}", column.shape);
                (read.is_ok() && !is_column).then(|| Error::new(ErrorKind::WrongLength, message()))
            });
            if let Some(error) = failure {
                return Err(fail(&mut inputs.rows.failure, error.in_column(&*name.0)));
            }
            read?;
            let added = check("columns", inputs.columns.len() + 1, bounds.limits.columns)
                .and_then(|()| push(&mut inputs.columns, (name, column.elements), &bounds.memory));
            added.map_err(|error| fail::<A::Error>(&mut inputs.rows.failure, error))?;
        }
        Ok(Some(InputForm::Columns))
    }
}

#[derive(Serialize)]
struct Predictions<'m> {
    #[serde(skip_serializing_if = "Option::is_none")]
    predictions: Option<&'m MethodOutput<'m>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outputs: Option<&'m MethodOutput<'m>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanations: Option<&'m Explanations<'m>>,
    model_name: &'m str,
    model_version: &'m str,
}

const SHAPE: &str = "expected {\"instances\": [row, ...]}, where a row is an object of names and values or a list of \
                     values, or {\"inputs\": {name: [value, ...]}}";

/// The verbs after a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Predict,
    Explain,
}

/// Reads the path after `/v1/models/`: `model[/versions/version][:verb]`.
fn target(path: &str) -> Result<(ModelSelector, Option<Verb>)> {
    let unknown = || {
        Error::new(
            ErrorKind::NotFound,
            "expected /v1/models/{model} or /v1/models/{model}/versions/{version}, and :predict or :explain after it",
        )
    };
    let (model, verb) = match path.rsplit_once(':') {
        Some((model, "predict")) => (model, Some(Verb::Predict)),
        Some((model, "explain")) => (model, Some(Verb::Explain)),
        Some((_, verb)) if !verb.contains('/') => return Err(unknown()),
        _ => (path, None),
    };
    let mut parts = model.split('/');
    let selector = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(model), None, ..) => ModelSelector { model: Some(model.into()), version: None },
        (Some(model), Some("versions"), Some(version), None) => {
            ModelSelector { model: Some(model.into()), version: Some(version.into()) }
        }
        _ => return Err(unknown()),
    };
    Ok((selector, verb))
}

/// `POST /v1/models/{model}[/versions/{version}]:predict` and `:explain`; `GET` without a verb.
pub(crate) async fn ask(
    State(app): State<App>,
    path: std::result::Result<Path<String>, PathRejection>,
    request: extract::Request,
) -> HandlerResult {
    let Path(path) = path.map_err(|_| invalid("the path is not UTF-8"))?;
    let (selector, verb) = target(&path)?;
    let not_allowed = |message| Rejection::from(Error::new(ErrorKind::MethodNotAllowed, message));
    match (verb, request.method()) {
        (None, &HttpMethod::GET | &HttpMethod::HEAD) => status(&app, &selector),
        (None, _) => {
            let message = "a model is asked by POST to :predict or :explain after its name";
            Err(not_allowed(message).allow("GET,HEAD"))
        }
        (Some(verb), &HttpMethod::POST) => {
            let work = move |loaded: &Loaded, body: &[u8], bounds: &Bounds| work(loaded, body, verb, bounds);
            respond(&app, &selector, request, work).await
        }
        (Some(_), _) => Err(not_allowed("a model is asked by POST").allow("POST")),
    }
}

fn work(loaded: &Loaded, body: &[u8], verb: Verb, bounds: &Bounds) -> Result<Answer> {
    let mut spare = String::new();
    let new = || Request { signature_name: None, given: Inputs::new(loaded, bounds) };
    let Request { signature_name, given } = parse_object(body, &mut spare, bounds, SHAPE, new)?;
    let method = match signature_name.as_ref().map(|name| &*name.0) {
        None | Some("" | "serving_default") => Method::Predict,
        Some(name) => Method::by_name(name, &loaded.model)?,
    };
    let (rows, form) = given.into_rows()?.ok_or_else(|| invalid(format!("the body has another shape: {SHAPE}")))?;
    let scored = ScoredRows::score(loaded, rows)?;
    let output = method.apply(loaded, &scored, bounds)?;
    if verb == Verb::Explain {
        scored.check_size(Method::Contributions, loaded)?;
    }
    let is_columns = form == InputForm::Columns;
    let explanations = Explanations { loaded, scored: &scored, failure: Cell::new(None) };
    let written = super::to_json(
        bounds,
        &Predictions {
            predictions: (!is_columns || verb == Verb::Explain).then_some(&output),
            outputs: (is_columns && verb == Verb::Predict).then_some(&output),
            explanations: (verb == Verb::Explain).then_some(&explanations),
            model_name: &loaded.name,
            model_version: loaded.version.as_str(),
        },
    );
    let body = written.map_err(|error| explanations.failure.take().unwrap_or(error))?;
    Ok(Answer::json(body, scored))
}

/// The explanations of each row. Each is made when it is written: those of many rows are not in memory together.
struct Explanations<'m> {
    loaded: &'m Loaded,
    scored: &'m ScoredRows,
    /// The error that ended them.
    failure: Cell<Option<Error>>,
}

impl Serialize for Explanations<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let model = &self.loaded.model;
        let mut rows = serializer.serialize_seq(Some(self.scored.n_rows))?;
        for row in self.scored.rows(self.loaded) {
            let explanations = model.explain(row).map_err(|error| {
                let text = error.to_string();
                self.failure.set(Some(error));
                S::Error::custom(text)
            })?;
            let bodies = explanations.into_iter().map(|explanation| ExplanationBody::of(model, explanation));
            rows.serialize_element(&bodies.collect::<Vec<_>>())?;
        }
        rows.end()
    }
}

/// TensorFlow Serving's answer, with the fields of KServe's answer.
fn status(app: &App, selector: &ModelSelector) -> HandlerResult {
    let loaded = app.models.choose(selector, None)?.loaded;
    let now = app.models.now();
    let (_, versions) = now.versions(Some(&loaded.name))?;
    let is_wanted = |version: &&str| selector.version.as_deref().is_none_or(|wanted| wanted == *version);
    let status = |version| json!({ "version": version, "state": "AVAILABLE", "status": { "error_code": "OK", "error_message": "" } });
    let versions = versions.iter().rev().map(|loaded| loaded.version.as_str()).filter(is_wanted).map(status);
    let status = versions.collect::<Vec<_>>();
    let body = json!({ "name": &*loaded.name, "ready": !app.is_stopping(), "model_version_status": status });
    Ok(answered_by(reply(&body), &loaded))
}

/// `GET /v1/models`.
pub(crate) async fn list(State(app): State<App>) -> HandlerResult {
    let now = app.models.now();
    let names: Vec<&str> = now.models().map(|(name, _)| name).collect();
    Ok(reply(&json!({ "models": names })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_model_version_and_verb() {
        let read = |path: &str| target(path).map(|(selector, verb)| (selector.model.unwrap(), selector.version, verb));
        assert_eq!(read("a:predict").unwrap(), ("a".into(), None, Some(Verb::Predict)));
        assert_eq!(read("a:b:explain").unwrap(), ("a:b".into(), None, Some(Verb::Explain)));
        assert_eq!(read("a/versions/2").unwrap(), ("a".into(), Some("2".into()), None));
        assert_eq!(read("a/versions/2:predict").unwrap(), ("a".into(), Some("2".into()), Some(Verb::Predict)));
        for path in ["a:classify", "a/2", "a/versions/2/3", "a/labels/x:predict"] {
            assert_eq!(read(path).unwrap_err().kind(), ErrorKind::NotFound, "{path}");
        }
    }
}
