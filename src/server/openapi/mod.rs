//! The OpenAPI 3.1 document of the routes and of the loaded models.

mod model;
mod shared;

use super::models::{Catalogue, Loaded};
use crate::error::{Error, ErrorKind, Result};
use model::{model_schemas, schema_name};
use serde_json::Value;
use shared::SHARED;
use std::sync::Arc;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, Content, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder, Ref,
    RefOr, Required, ResponseBuilder, Schema, Type,
};

/// The most models that are described one by one.
const MODELS: usize = 100;

/// The document for the loaded models.
pub(super) fn document(now: &Catalogue, default: Option<&Arc<Loaded>>, has_keys: bool) -> Result<OpenApi> {
    let mut paths = Paths { builder: PathsBuilder::new(), has_keys };
    let mut schemas: Vec<(String, Value)> =
        SHARED.iter().map(|(name, schema)| ((*name).to_owned(), schema())).collect();
    if let Some(loaded) = default {
        paths.add_default_routes(loaded);
    }
    for (name, versions) in now.models().take(MODELS) {
        let loaded = &versions[versions.len() - 1];
        schemas.extend(model_schemas(loaded));
        paths.add_model_routes(name);
    }
    paths.add_server_routes();
    let mut components = ComponentsBuilder::new();
    for (name, described) in schemas {
        components = components.schema(name, schema(described)?);
    }
    let components = match has_keys {
        true => components.security_scheme("key", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer))),
        false => components,
    };
    let left_out = now.models().count().saturating_sub(MODELS);
    let rest = match left_out {
        0 => String::new(),
        _ => format!(" {left_out} further models have the same routes by their own names: GET /models lists them."),
    };
    let description = format!("Predictions of small models for tables. Every error has the same shape, Error.{rest}");
    Ok(OpenApiBuilder::new()
        .info(
            InfoBuilder::new().title("tepal").version(env!("CARGO_PKG_VERSION")).description(Some(description)).build(),
        )
        .paths(paths.builder)
        .components(Some(components.build()))
        .build())
}

/// Reads a schema that is written in JSON.
///
/// # Errors
/// [`ErrorKind::Internal`] for a malformed schema: an array without `items`, or an `enum` without `type`.
fn schema(value: Value) -> Result<RefOr<Schema>> {
    serde_json::from_value(value).map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))
}

fn reference(name: &str) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(name))
}

struct Paths {
    builder: PathsBuilder,
    has_keys: bool,
}

/// The documentation of one route: the content types that it takes and answers, with their schemas.
struct RouteDoc<'d> {
    tag: &'d str,
    summary: &'d str,
    takes: Vec<(&'d str, RefOr<Schema>)>,
    answers: Vec<(&'d str, RefOr<Schema>)>,
    /// The statuses of errors.
    errors: &'d [&'d str],
    needs_key: bool,
}

/// The errors of routes that score.
const SCORING_ERRORS: [&str; 7] = ["400", "404", "408", "413", "415", "429", "503"];
/// The errors of routes that describe a model.
const DESCRIPTION_ERRORS: [&str; 4] = ["400", "404", "429", "503"];

impl Paths {
    fn add(&mut self, path: &str, method: HttpMethod, described: &RouteDoc<'_>) {
        let operation = self.operation(path, described);
        let builder = std::mem::take(&mut self.builder);
        self.builder = builder.path(path, PathItem::new(method, operation));
    }

    fn operation(&self, path: &str, described: &RouteDoc<'_>) -> Operation {
        let content = |schema: &RefOr<Schema>| Content::new(Some(schema.clone()));
        let answer =
            described.answers.iter().fold(ResponseBuilder::new().description("done"), |answer, (media, schema)| {
                answer.content(*media, content(schema))
            });
        let mut operation =
            OperationBuilder::new().tag(described.tag).summary(Some(described.summary)).response("200", answer.build());
        let error = || ResponseBuilder::new().content("application/json", Content::new(Some(reference("Error"))));
        let key_errors: &[&str] = if described.needs_key && self.has_keys { &["401", "403"] } else { &[] };
        for status in described.errors.iter().chain(key_errors) {
            operation = operation.response(*status, error().description(meaning(status)).build());
        }
        if !key_errors.is_empty() {
            operation = operation.security(SecurityRequirement::new::<_, [&str; 0], &str>("key", []));
        }
        for name in path.split('{').skip(1).filter_map(|part| part.split('}').next()) {
            let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).schema(Some(any_text()));
            operation = operation.parameter(parameter.required(Required::True));
        }
        if !described.takes.is_empty() {
            let body = described
                .takes
                .iter()
                .fold(RequestBodyBuilder::new(), |body, (media, schema)| body.content(*media, content(schema)));
            operation = operation.request_body(Some(body.required(Some(Required::True)).build()));
        }
        operation.build()
    }

    /// The routes without a model's name.
    fn add_default_routes(&mut self, loaded: &Loaded) {
        let name = &*loaded.name;
        self.predict("/predict", name);
        self.add("/model", HttpMethod::Get, &describing(name, "What the default model says of itself", "Description"));
        let described = RouteDoc {
            tag: "MLflow",
            summary: "Predict rows, as MLflow's and SageMaker's clients ask",
            takes: vec![("application/json", reference(&schema_name("Invocation", name))), ("text/csv", any_text())],
            answers: vec![("application/json", reference("Predictions"))],
            errors: &SCORING_ERRORS,
            needs_key: true,
        };
        self.add("/invocations", HttpMethod::Post, &described);
    }

    fn predict(&mut self, path: &str, name: &str) {
        let described = RouteDoc {
            tag: name,
            summary: "Predict a row, rows by name, or a file of any length",
            takes: vec![
                ("application/json", reference(&schema_name("Request", name))),
                ("text/csv", any_text()),
                ("application/x-ndjson", any_text()),
            ],
            answers: vec![
                ("application/json", reference(&schema_name("Answer", name))),
                ("text/csv", any_text()),
                ("application/x-ndjson", any_text()),
            ],
            errors: &SCORING_ERRORS,
            needs_key: true,
        };
        self.add(path, HttpMethod::Post, &described);
    }

    /// The routes of a model.
    fn add_model_routes(&mut self, name: &str) {
        let segment: String = name.bytes().map(encoded).collect();
        self.predict(&format!("/predict/{segment}"), name);
        let description = describing(name, "What the model says of itself", "Description");
        self.add(&format!("/model/{segment}"), HttpMethod::Get, &description);
        let metadata = describing(name, "Open Inference Protocol: its tensors", "Metadata");
        self.add(&format!("/v2/models/{segment}"), HttpMethod::Get, &metadata);
        let ready = describing(name, "Open Inference Protocol: whether it answers", "ModelReady");
        self.add(&format!("/v2/models/{segment}/ready"), HttpMethod::Get, &ready);
        let status = describing(name, "TensorFlow Serving and KServe: its versions", "Status");
        self.add(&format!("/v1/models/{segment}"), HttpMethod::Get, &status);
        let infer = RouteDoc {
            tag: name,
            summary: "Open Inference Protocol: predict the rows of tensors",
            takes: vec![("application/json", reference("InferRequest"))],
            answers: vec![("application/json", reference("InferResponse"))],
            errors: &SCORING_ERRORS,
            needs_key: true,
        };
        self.add(&format!("/v2/models/{segment}/infer"), HttpMethod::Post, &infer);
        for (verb, summary) in [("predict", "predict rows"), ("explain", "what each feature adds")] {
            let ask = RouteDoc {
                tag: name,
                summary: &format!("TensorFlow Serving and KServe: {summary}"),
                takes: vec![("application/json", reference(&schema_name("Instances", name)))],
                answers: vec![("application/json", reference("Predictions"))],
                errors: &SCORING_ERRORS,
                needs_key: true,
            };
            self.add(&format!("/v1/models/{segment}:{verb}"), HttpMethod::Post, &ask);
        }
    }

    /// The routes of the server, and those that name a version.
    fn add_server_routes(&mut self) {
        let by_version = describing("versions", "What a version of a model says of itself", "Description");
        self.add("/model/{model}/{version}", HttpMethod::Get, &by_version);
        let metadata = describing("versions", "Open Inference Protocol: the tensors of a version", "Metadata");
        self.add("/v2/models/{model}/versions/{version}", HttpMethod::Get, &metadata);
        let ask = |summary, takes: &str, answer: &str| RouteDoc {
            tag: "versions",
            summary,
            takes: vec![("application/json", reference(takes))],
            answers: vec![("application/json", reference(answer))],
            errors: &SCORING_ERRORS,
            needs_key: true,
        };
        let predict = ask("Predict by a version of a model", "Rows", "AnyAnswer");
        self.add("/predict/{model}/{version}", HttpMethod::Post, &predict);
        let infer = ask("Open Inference Protocol: predict by a version", "InferRequest", "InferResponse");
        self.add("/v2/models/{model}/versions/{version}/infer", HttpMethod::Post, &infer);
        let version = RouteDoc {
            answers: vec![("text/plain", any_text())],
            ..describing("server", "MLflow: the version of the server", "Alive")
        };
        self.add("/version", HttpMethod::Get, &version);
        let list = describing("server", "The models with their versions", "Models");
        self.add("/models", HttpMethod::Get, &list);
        self.add("/v1/models", HttpMethod::Get, &describing("server", "KServe: the models", "Names"));
        self.add("/v2", HttpMethod::Get, &describing("server", "Open Inference Protocol: the server", "Server"));
        for (path, summary, schema) in [
            ("/healthz", "Whether the process answers", "Alive"),
            ("/readyz", "Whether there is a model, and what could not be loaded", "Ready"),
            ("/v2/health/live", "Open Inference Protocol: whether the process answers", "Live"),
            ("/v2/health/ready", "Open Inference Protocol: whether there is a model", "Ready"),
            ("/ping", "MLflow and SageMaker: whether there is a model", "Alive"),
            ("/health", "MLflow: whether there is a model", "Alive"),
        ] {
            let errors: &[&str] = if matches!(path, "/healthz" | "/v2/health/live") { &[] } else { &["503"] };
            let answers = vec![("application/json", reference(schema))];
            let described = RouteDoc { tag: "server", summary, takes: vec![], answers, errors, needs_key: false };
            self.add(path, HttpMethod::Get, &described);
        }
        let metrics = RouteDoc {
            answers: vec![("application/openmetrics-text", any_text())],
            ..describing("server", "What the server counts, for Prometheus", "Alive")
        };
        self.add("/metrics", HttpMethod::Get, &metrics);
        let reload = describing("server", "Look through the folder of models now", "Ready");
        self.add("/admin/reload", HttpMethod::Post, &reload);
    }
}

fn describing<'d>(tag: &'d str, summary: &'d str, schema: &str) -> RouteDoc<'d> {
    let answers = vec![("application/json", reference(schema))];
    RouteDoc { tag, summary, takes: vec![], answers, errors: &DESCRIPTION_ERRORS, needs_key: true }
}

fn meaning(status: &str) -> &'static str {
    match status {
        "400" => "The request cannot be read, or the model does not take a row of it",
        "401" => "The key is missing or unknown",
        "403" => "The key does not have the scope",
        "404" => "There is no such model, or no such version",
        "408" => "The request did not arrive in time",
        "413" => "The request has more bytes, rows or columns than are allowed",
        "415" => "The content type is another",
        "429" => "The client asks more often than it may",
        _ => "The server is busy, stopping, or has no model",
    }
}

fn any_text() -> RefOr<Schema> {
    RefOr::T(ObjectBuilder::new().schema_type(Type::String).into())
}

/// A byte of a path's segment, escaped if necessary.
fn encoded(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_is_one() {
        for (name, write) in SHARED {
            let read = serde_json::to_value(schema(write()).unwrap()).unwrap();
            // The library omits an empty schema of items.
            assert_eq!(read.to_string(), write().to_string().replace("\"items\":{},", ""), "{name}");
        }
    }
}
