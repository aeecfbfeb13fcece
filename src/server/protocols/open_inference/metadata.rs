//! What the server and its models say of themselves.

use super::{class_datatype, names};
use crate::error::{Error, ErrorKind, quote};
use crate::server::App;
use crate::server::answer::{HandlerResult, json as reply};
use crate::server::models::ModelSelector;
use crate::server::protocols::tensor::Datatype;
use crate::server::protocols::{Method, answered_by};
use crate::table::Domain;
use axum::extract::State;
use serde::Serialize;
use serde_json::{Map, json};

#[derive(Serialize)]
struct TensorMetadata<'m> {
    name: &'m str,
    datatype: &'static str,
    shape: Vec<i64>,
}

/// `GET /v2/models/{model}[/versions/{version}]`.
pub(crate) async fn metadata(State(app): State<App>, selector: ModelSelector) -> HandlerResult {
    let loaded = app.models.choose(&selector, None)?.loaded;
    let (model, now) = (&loaded.model, app.models.now());
    let (_, versions) = now.versions(Some(&loaded.name))?;
    let input = |feature: &'_ crate::table::FeatureSchema| {
        let datatype = match &feature.domain {
            Domain::Number(_) => Datatype::Float(8),
            Domain::Category { categories, .. } => class_datatype(categories),
        };
        json!(TensorMetadata { name: &feature.name, datatype: datatype.name(), shape: vec![-1, 1] })
    };
    let output = |method: Method| {
        let datatype = match (method, model.schema().target.classes()) {
            (Method::Predict, Some(classes)) => class_datatype(classes),
            _ => Datatype::Float(8),
        };
        let shape = std::iter::once(-1).chain(method.shape(model).into_iter().map(|length| length as i64)).collect();
        json!(TensorMetadata { name: method.name(), datatype: datatype.name(), shape })
    };
    let mut properties = Map::new();
    properties.insert("digest".into(), json!(loaded.digest));
    properties.insert("task".into(), json!(model.task()));
    properties.insert("target".into(), json!(model.schema().target.name()));
    properties.extend(model.schema().target.classes().map(|classes| ("classes".to_owned(), json!(names(classes)))));
    Ok(answered_by(
        reply(&json!({
            "name": &*loaded.name,
            "versions": versions.iter().map(|loaded| loaded.version.as_str()).collect::<Vec<_>>(),
            "platform": "tepal_bincode",
            "inputs": model.schema().features.iter().map(input).collect::<Vec<_>>(),
            "outputs": Method::all(model).map(output).collect::<Vec<_>>(),
            "properties": properties,
        })),
        &loaded,
    ))
}

/// `GET /v2/models/{model}[/versions/{version}]/ready`.
pub(crate) async fn model_ready(State(app): State<App>, selector: ModelSelector) -> HandlerResult {
    let loaded = app.models.choose(&selector, None)?.loaded;
    if app.is_stopping() {
        return Err(Error::new(ErrorKind::Unavailable, format!("{} is stopping", quote(&loaded.name))).into());
    }
    Ok(answered_by(reply(&json!({ "name": &*loaded.name, "ready": true })), &loaded))
}

/// `GET /v2`.
pub(crate) async fn server() -> HandlerResult {
    let extensions = ["binary_tensor_data"];
    Ok(reply(&json!({ "name": "tepal", "version": env!("CARGO_PKG_VERSION"), "extensions": extensions })))
}

/// `GET /v2/health/live`.
pub(crate) async fn live() -> HandlerResult {
    Ok(reply(&json!({ "live": true })))
}
