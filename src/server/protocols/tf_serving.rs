//! TensorFlow Serving's REST interface. KServe's version 1 is almost equal to it.
//!
//! Sources: tensorflow/serving, `g3doc/api_rest.md`; KServe's "V1 Inference Protocol".

use super::tensor::Flat;
use super::{Answer, Method, ScoredRows, answered_by, respond};
use crate::error::{Error, ErrorKind, Result};
use crate::explain::ExplanationBody;
use crate::server::App;
use crate::server::answer::{HandlerResult, Rejection, json as reply};
use crate::server::config::RequestLimits;
use crate::server::models::{Loaded, ModelSelector};
use crate::server::protocols::method::MethodOutput;
use crate::server::request::{JsonCell, JsonRow, RequestRows, Text, invalid, parse};
use axum::extract::rejection::PathRejection;
use axum::extract::{self, Path, State};
use axum::http::Method as HttpMethod;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt;

#[derive(Debug, Deserialize)]
struct Request<'b> {
    #[serde(borrow)]
    signature_name: Option<Text<'b>>,
    /// Rows.
    #[serde(borrow)]
    instances: Option<Vec<JsonRow<'b>>>,
    /// Columns, or as KServe reads it, rows.
    #[serde(borrow)]
    inputs: Option<Inputs<'b>>,
}

/// The `inputs` of a request: rows, or a list of values for each name.
#[derive(Debug)]
pub(super) enum Inputs<'b> {
    Rows(Vec<JsonRow<'b>>),
    Columns(Columns<'b>),
}

#[derive(Debug)]
pub(super) struct Columns<'b>(Vec<(Text<'b>, Vec<JsonCell<'b>>)>);

impl<'de: 'b, 'b> Deserialize<'de> for Inputs<'b> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct InputsVisitor;
        impl<'b> Visitor<'b> for InputsVisitor {
            type Value = Inputs<'b>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list of rows, or an object of feature names and lists of values")
            }

            fn visit_seq<A: SeqAccess<'b>>(self, list: A) -> std::result::Result<Inputs<'b>, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Inputs::Rows)
            }

            fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> std::result::Result<Inputs<'b>, A::Error> {
                let mut columns = Vec::new();
                while let Some((name, Flat(cells))) = map.next_entry()? {
                    columns.push((name, cells));
                }
                Ok(Inputs::Columns(Columns(columns)))
            }
        }
        deserializer.deserialize_any(InputsVisitor)
    }
}

#[derive(Serialize)]
struct Predictions<'m> {
    #[serde(skip_serializing_if = "Option::is_none")]
    predictions: Option<&'m MethodOutput<'m>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outputs: Option<&'m MethodOutput<'m>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanations: Option<Vec<Vec<ExplanationBody<'m>>>>,
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
            let work = move |loaded: &Loaded, body: &[u8], limits: &RequestLimits| work(loaded, body, verb, limits);
            respond(&app, &selector, request, work).await
        }
        (Some(_), _) => Err(not_allowed("a model is asked by POST").allow("POST")),
    }
}

fn work(loaded: &Loaded, body: &[u8], verb: Verb, limits: &RequestLimits) -> Result<Answer> {
    let mut spare = Vec::new();
    let request: Request<'_> = parse(body, &mut spare, SHAPE)?;
    let method = match request.signature_name.as_ref().map(|name| &*name.0) {
        None | Some("" | "serving_default") => Method::Predict,
        Some(name) => Method::by_name(name, &loaded.model)?,
    };
    let mut rows = RequestRows::new(&loaded.model, limits);
    let is_columns = match (&request.instances, &request.inputs) {
        (Some(given), None) | (None, Some(Inputs::Rows(given))) => {
            given.iter().try_for_each(|row| rows.add(row))?;
            false
        }
        (None, Some(Inputs::Columns(columns))) => {
            columns.add_to(&mut rows)?;
            true
        }
        _ => return Err(invalid(format!("the body has another shape: {SHAPE}"))),
    };
    let scored = ScoredRows::score(loaded, rows)?;
    let output = method.apply(loaded, &scored)?;
    let explain = |row| {
        let explanations = loaded.model.explain(row)?.into_iter();
        Ok(explanations.map(|explanation| ExplanationBody::of(&loaded.model, explanation)).collect())
    };
    if verb == Verb::Explain {
        scored.check_size(Method::Contributions, loaded)?;
    }
    let explanations = match verb {
        Verb::Predict => None,
        Verb::Explain => Some(scored.rows(loaded).map(explain).collect::<Result<_>>()?),
    };
    let body = super::to_json(&Predictions {
        predictions: (!is_columns || verb == Verb::Explain).then_some(&output),
        outputs: (is_columns && verb == Verb::Predict).then_some(&output),
        explanations,
        model_name: &loaded.name,
        model_version: loaded.version.as_str(),
    })?;
    Ok(Answer::json(body, scored))
}

impl Columns<'_> {
    /// Adds the rows of the columns. Every column must be as long as the first.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`]; those of [`RequestRows::add`].
    pub(super) fn add_to(&self, rows: &mut RequestRows<'_>) -> Result<()> {
        let Self(columns) = self;
        let n_rows = columns.first().map_or(0, |(_, cells)| cells.len());
        if let Some((name, cells)) = columns.iter().find(|(_, cells)| cells.len() != n_rows) {
            let message = format!("expected {n_rows} values, as many as in the first column, found {}", cells.len());
            return Err(Error::new(ErrorKind::WrongLength, message).in_column(&*name.0));
        }
        rows.set_names(&columns.iter().map(|(name, _)| &*name.0).collect::<Vec<_>>())?;
        (0..n_rows).try_for_each(|row| rows.add_in_columns(|column| columns[column].1[row].value()))
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
