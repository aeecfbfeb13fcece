//! What the server can be asked, as OpenAPI 3.1: of the routes, and of the models that are loaded.

use super::models::{Catalogue, Loaded};
use super::protocols::Method;
use crate::table::{Domain, FeatureSchema, Labels, Task};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, Content, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder, Ref, RefOr, Required,
    ResponseBuilder, Schema,
};

/// The most features that a model's rows are described by one by one.
const FEATURES: usize = 200;

/// The document for the models that are loaded now.
pub(super) fn document(now: &Catalogue, default: Option<&Arc<Loaded>>, has_keys: bool) -> OpenApi {
    let mut paths = Paths { builder: PathsBuilder::new(), has_keys };
    let mut schemas: Vec<(String, Value)> =
        SHARED.iter().map(|(name, schema)| ((*name).to_owned(), schema())).collect();
    if let Some(loaded) = default {
        paths.of_default(loaded);
    }
    for (name, versions) in now.models() {
        let loaded = &versions[versions.len() - 1];
        schemas.extend(schemas_of(loaded));
        paths.of_model(name);
    }
    paths.of_server();
    let components = schemas
        .into_iter()
        .fold(ComponentsBuilder::new(), |builder, (name, schema)| builder.schema(name, self::schema(schema)));
    let components = match has_keys {
        true => components.security_scheme("key", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer))),
        false => components,
    };
    let description = "Predictions of small models for tables. Every error has the same shape, Error.";
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new().title("tepal").version(env!("CARGO_PKG_VERSION")).description(Some(description)).build(),
        )
        .paths(paths.builder)
        .components(Some(components.build()))
        .build()
}

/// A schema, as it is written in JSON.
fn schema(value: Value) -> RefOr<Schema> {
    // These are written below, and a test reads every one of them.
    serde_json::from_value(value).unwrap_or_else(|_| RefOr::T(Schema::default()))
}

fn reference(name: &str) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(name))
}

struct Paths {
    builder: PathsBuilder,
    has_keys: bool,
}

/// What an operation takes and answers: content types with their schemas.
struct Described<'d> {
    tag: &'d str,
    summary: &'d str,
    takes: Vec<(&'d str, RefOr<Schema>)>,
    answers: Vec<(&'d str, RefOr<Schema>)>,
    /// The statuses of errors.
    errors: &'d [&'d str],
    needs_key: bool,
}

/// Of routes that score.
const SCORING: [&str; 7] = ["400", "404", "408", "413", "415", "429", "503"];
/// Of routes that say something of a model.
const SAYING: [&str; 4] = ["400", "404", "429", "503"];

impl Paths {
    fn add(&mut self, path: &str, method: HttpMethod, described: &Described<'_>) {
        let operation = self.operation(path, described);
        let builder = std::mem::take(&mut self.builder);
        self.builder = builder.path(path, PathItem::new(method, operation));
    }

    fn operation(&self, path: &str, described: &Described<'_>) -> Operation {
        let content = |schema: &RefOr<Schema>| Content::new(Some(schema.clone()));
        let answer =
            described.answers.iter().fold(ResponseBuilder::new().description("done"), |answer, (media, schema)| {
                answer.content(*media, content(schema))
            });
        let mut operation =
            OperationBuilder::new().tag(described.tag).summary(Some(described.summary)).response("200", answer.build());
        let error = || ResponseBuilder::new().content("application/json", Content::new(Some(reference("Error"))));
        let of_keys: &[&str] = if described.needs_key && self.has_keys { &["401", "403"] } else { &[] };
        for status in described.errors.iter().chain(of_keys) {
            operation = operation.response(*status, error().description(meaning(status)).build());
        }
        if !of_keys.is_empty() {
            operation = operation.security(SecurityRequirement::new::<_, [&str; 0], &str>("key", []));
        }
        for name in path.split('{').skip(1).filter_map(|part| part.split('}').next()) {
            let text = schema(json!({ "type": "string" }));
            let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).schema(Some(text));
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

    /// The routes without a name.
    fn of_default(&mut self, loaded: &Loaded) {
        let name = &*loaded.name;
        self.predict("/predict", name);
        self.add("/model", HttpMethod::Get, &says(name, "What the default model says of itself", "Description"));
        let described = Described {
            tag: "MLflow",
            summary: "Predict rows, as MLflow's and SageMaker's clients ask",
            takes: vec![("application/json", reference(&of("Invocation", name))), ("text/csv", any_text())],
            answers: vec![("application/json", reference("Predictions"))],
            errors: &SCORING,
            needs_key: true,
        };
        self.add("/invocations", HttpMethod::Post, &described);
    }

    fn predict(&mut self, path: &str, name: &str) {
        let described = Described {
            tag: name,
            summary: "Predict a row, rows by name, or a file of any length",
            takes: vec![
                ("application/json", reference(&of("Request", name))),
                ("text/csv", any_text()),
                ("application/x-ndjson", any_text()),
            ],
            answers: vec![
                ("application/json", reference(&of("Answer", name))),
                ("text/csv", any_text()),
                ("application/x-ndjson", any_text()),
            ],
            errors: &SCORING,
            needs_key: true,
        };
        self.add(path, HttpMethod::Post, &described);
    }

    /// The routes of a model.
    fn of_model(&mut self, name: &str) {
        let segment: String = name.bytes().map(encoded).collect();
        self.predict(&format!("/predict/{segment}"), name);
        let description = says(name, "What the model says of itself", "Description");
        self.add(&format!("/model/{segment}"), HttpMethod::Get, &description);
        let metadata = says(name, "Open Inference Protocol: its tensors", "Metadata");
        self.add(&format!("/v2/models/{segment}"), HttpMethod::Get, &metadata);
        let ready = says(name, "Open Inference Protocol: whether it answers", "ModelReady");
        self.add(&format!("/v2/models/{segment}/ready"), HttpMethod::Get, &ready);
        let status = says(name, "TensorFlow Serving and KServe: its versions", "Status");
        self.add(&format!("/v1/models/{segment}"), HttpMethod::Get, &status);
        let infer = Described {
            tag: name,
            summary: "Open Inference Protocol: predict the rows of tensors",
            takes: vec![("application/json", reference("InferRequest"))],
            answers: vec![("application/json", reference("InferResponse"))],
            errors: &SCORING,
            needs_key: true,
        };
        self.add(&format!("/v2/models/{segment}/infer"), HttpMethod::Post, &infer);
        for (verb, summary) in [("predict", "predict rows"), ("explain", "what each feature adds")] {
            let ask = Described {
                tag: name,
                summary: &format!("TensorFlow Serving and KServe: {summary}"),
                takes: vec![("application/json", reference(&of("Instances", name)))],
                answers: vec![("application/json", reference("Predictions"))],
                errors: &SCORING,
                needs_key: true,
            };
            self.add(&format!("/v1/models/{segment}:{verb}"), HttpMethod::Post, &ask);
        }
    }

    /// The routes that are about no model, or about any.
    fn of_server(&mut self) {
        let by_version = says("versions", "What a version of a model says of itself", "Description");
        self.add("/model/{model}/{version}", HttpMethod::Get, &by_version);
        let metadata = says("versions", "Open Inference Protocol: the tensors of a version", "Metadata");
        self.add("/v2/models/{model}/versions/{version}", HttpMethod::Get, &metadata);
        let ask = |summary, takes: &str, answer: &str| Described {
            tag: "versions",
            summary,
            takes: vec![("application/json", reference(takes))],
            answers: vec![("application/json", reference(answer))],
            errors: &SCORING,
            needs_key: true,
        };
        let predict = ask("Predict by a version of a model", "Rows", "AnyAnswer");
        self.add("/predict/{model}/{version}", HttpMethod::Post, &predict);
        let infer = ask("Open Inference Protocol: predict by a version", "InferRequest", "InferResponse");
        self.add("/v2/models/{model}/versions/{version}/infer", HttpMethod::Post, &infer);
        let version = Described {
            answers: vec![("text/plain", any_text())],
            ..says("server", "MLflow: the version of the server", "Alive")
        };
        self.add("/version", HttpMethod::Get, &version);
        let list = says("server", "The models with their versions", "Models");
        self.add("/models", HttpMethod::Get, &list);
        self.add("/v1/models", HttpMethod::Get, &says("server", "KServe: the models", "Names"));
        self.add("/v2", HttpMethod::Get, &says("server", "Open Inference Protocol: the server", "Server"));
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
            let described = Described { tag: "server", summary, takes: vec![], answers, errors, needs_key: false };
            self.add(path, HttpMethod::Get, &described);
        }
        let metrics = Described {
            answers: vec![("application/openmetrics-text", any_text())],
            ..says("server", "What the server counts, for Prometheus", "Alive")
        };
        self.add("/metrics", HttpMethod::Get, &metrics);
        let reload = says("server", "Look through the folder of models now", "Ready");
        self.add("/admin/reload", HttpMethod::Post, &reload);
    }
}

fn says<'d>(tag: &'d str, summary: &'d str, schema: &str) -> Described<'d> {
    let answers = vec![("application/json", reference(schema))];
    Described { tag, summary, takes: vec![], answers, errors: &SAYING, needs_key: true }
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
    schema(json!({ "type": "string" }))
}

/// The name of a model's own schema: letters, digits and a few signs, and the rest by its code.
fn of(what: &str, model: &str) -> String {
    let sign = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        byte => format!(".{byte:02x}"),
    };
    format!("{what}-{}", model.bytes().map(sign).collect::<String>())
}

/// A byte of a path's segment.
fn encoded(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    }
}

/// The schemas of what a model takes and answers.
fn schemas_of(loaded: &Loaded) -> Vec<(String, Value)> {
    let (name, model) = (&*loaded.name, &loaded.model);
    let features = &model.schema().features;
    let values: Vec<Value> = features.iter().enumerate().map(|(at, feature)| value_of(loaded, at, feature)).collect();
    let row = if features.len() > FEATURES {
        json!({ "type": "object", "description": format!("A value for each of {} features", features.len()) })
    } else {
        let names = features.iter().map(|feature| feature.name.clone());
        let properties: Map<String, Value> = names.clone().zip(values.iter().cloned()).collect();
        json!({
            "type": "object",
            "properties": properties,
            "required": names.collect::<Vec<_>>(),
            "additionalProperties": false,
        })
    };
    let in_order = json!({
        "type": "array",
        "items": { "type": ["number", "string", "null", "boolean"] },
        "minItems": features.len(),
        "maxItems": features.len(),
        "description": "A value for each feature, in their order",
    });
    let row_ref = json!({ "$ref": format!("#/components/schemas/{}", of("Row", name)) });
    let rows = json!({ "type": "array", "items": { "anyOf": [row_ref, in_order] } });
    let only = |key: &str, schema: &Value| json!({ "type": "object", "properties": { key: schema }, "required": [key], "additionalProperties": false });
    let is_line = model.task() == Task::Regression && features.len() == 1;
    let by_name = json!({ "type": "array", "items": row_ref });
    let mut requests = vec![only("rows", &by_name), only("data", &in_order)];
    let model_ref = json!({ "$ref": "#/components/schemas/Model" });
    let prediction = prediction_of(model.schema().target.classes());
    let with_model = |mut schema: Value| {
        schema["properties"]["model"] = model_ref.clone();
        schema
    };
    let many = json!({
        "type": "object",
        "properties": { "predictions": { "type": "array", "items": prediction } },
        "required": ["predictions", "model"],
    });
    let mut answers = vec![with_model(many), with_model(prediction)];
    if is_line {
        requests.push(only("values", &json!({ "type": "array", "items": { "type": "number" } })));
        let result = json!({
            "type": "object",
            "properties": { "result": { "type": "array", "items": { "type": "number" } } },
            "required": ["result", "model"],
        });
        answers.push(with_model(result));
    }
    let methods: Vec<&str> = Method::all(model).map(Method::name).collect();
    let instances = json!({
        "type": "object",
        "properties": { "instances": rows, "signature_name": { "enum": methods } },
        "required": ["instances"],
    });
    let params = json!({
        "type": "object",
        "properties": { "predict_method": { "enum": methods } },
        "additionalProperties": false,
    });
    let invocation = |key: &str, schema: &Value| {
        let mut one = only(key, schema);
        one["properties"]["params"] = params.clone();
        one
    };
    vec![
        (of("Row", name), row),
        (of("Request", name), json!({ "oneOf": requests })),
        (of("Answer", name), json!({ "anyOf": answers })),
        (of("Instances", name), instances),
        (
            of("Invocation", name),
            json!({ "oneOf": [
                invocation("dataframe_records", &by_name),
                invocation("instances", &rows),
                invocation("inputs", &rows),
            ] }),
        ),
    ]
}

/// What a feature may be.
fn value_of(loaded: &Loaded, at: usize, feature: &FeatureSchema) -> Value {
    let preparation = &loaded.model.preprocessor().features()[at];
    let mut schema = match &feature.domain {
        Domain::Number(_) => json!({ "type": "number" }),
        Domain::Category { .. } if preparation.takes_unseen => json!({ "type": ["string", "number"] }),
        Domain::Category { categories, .. } => json!({ "enum": categories.iter().collect::<Vec<_>>() }),
    };
    if preparation.fill.is_some() {
        schema = json!({ "anyOf": [schema, { "type": "null" }] });
    }
    let said = [feature.description.as_deref(), feature.unit.as_deref()];
    let said: Vec<&str> = said.into_iter().flatten().collect();
    if !said.is_empty() {
        schema["description"] = json!(said.join("; "));
    }
    if let Domain::Number(domain) = &feature.domain {
        schema["examples"] = json!([domain.median]);
    }
    schema
}

fn prediction_of(classes: Option<&Labels>) -> Value {
    match classes {
        None => json!({
            "type": "object",
            "properties": { "prediction": { "type": "number" } },
            "required": ["prediction"],
        }),
        Some(classes) => {
            let class = json!({ "enum": classes.iter().collect::<Vec<_>>() });
            let probability = json!({ "type": "number", "minimum": 0, "maximum": 1 });
            json!({
                "type": "object",
                "properties": {
                    "prediction": class,
                    "probability": probability,
                    "probabilities": {
                        "type": "array",
                        "minItems": classes.len(),
                        "maxItems": classes.len(),
                        "items": {
                            "type": "object",
                            "properties": { "class": class, "probability": probability },
                            "required": ["class", "probability"],
                        },
                    },
                },
                "required": ["prediction", "probability", "probabilities"],
            })
        }
    }
}

/// A name, and what writes its schema.
type NamedSchema = (&'static str, fn() -> Value);

/// The schemas that no model changes.
const SHARED: [NamedSchema; 18] = [
    ("Error", || {
        json!({
            "type": "object",
            "properties": {
                "error": { "type": "string", "description": "What was found, where, and what was expected" },
                "kind": { "type": "string", "description": "The same for programs: a word that does not change" },
                "row": { "type": "integer", "description": "Counted from 1" },
                "column": { "type": "string" },
                "byte": { "type": "integer", "description": "Counted from 0" },
            },
            "required": ["error", "kind"],
        })
    }),
    ("Model", || {
        json!({
            "type": "object",
            "description": "Who answered",
            "properties": {
                "name": { "type": "string" }, "version": { "type": "string" }, "digest": { "type": "string" },
            },
            "required": ["name", "version", "digest"],
        })
    }),
    ("Predictions", || {
        json!({
            "type": "object",
            "properties": {
                "predictions": { "type": "array", "description": "For each row what was asked: by default its class or number" },
                "explanations": { "type": "array", "description": "For each row the parts of its scores" },
                "model_name": { "type": "string" },
                "model_version": { "type": "string" },
            },
            "required": ["predictions", "model_name", "model_version"],
        })
    }),
    ("Tensor", || {
        json!({
            "type": "object",
            "properties": {
                "name": { "type": "string" },
                "datatype": { "enum": ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64",
                                       "FP16", "FP32", "FP64", "BYTES"] },
                "shape": { "type": "array", "items": { "type": "integer", "minimum": -1 } },
                "parameters": { "type": "object" },
                "data": { "type": "array" },
            },
            "required": ["name", "datatype", "shape"],
        })
    }),
    ("InferRequest", || {
        json!({
            "type": "object",
            "properties": {
                "id": { "type": "string" },
                "parameters": { "type": "object" },
                "inputs": {
                    "type": "array",
                    "description": "One tensor [n, features], or one [n] or [n, 1] for each feature by name",
                    "items": { "$ref": "#/components/schemas/Tensor" },
                },
                "outputs": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": { "name": { "type": "string" }, "parameters": { "type": "object" } },
                        "required": ["name"],
                    },
                },
            },
            "required": ["inputs"],
        })
    }),
    ("InferResponse", || {
        json!({
            "type": "object",
            "properties": {
                "id": { "type": "string" },
                "model_name": { "type": "string" },
                "model_version": { "type": "string" },
                "parameters": { "type": "object" },
                "outputs": { "type": "array", "items": { "$ref": "#/components/schemas/Tensor" } },
            },
            "required": ["model_name", "model_version", "outputs"],
        })
    }),
    ("Metadata", || {
        json!({
            "type": "object",
            "properties": {
                "name": { "type": "string" },
                "versions": { "type": "array", "items": { "type": "string" } },
                "platform": { "type": "string" },
                "inputs": { "type": "array", "items": { "$ref": "#/components/schemas/Tensor" } },
                "outputs": { "type": "array", "items": { "$ref": "#/components/schemas/Tensor" } },
                "properties": { "type": "object" },
            },
            "required": ["name", "versions", "platform", "inputs", "outputs"],
        })
    }),
    ("Rows", || {
        json!({
            "type": "object",
            "properties": { "rows": { "type": "array", "items": { "type": "object" } } },
            "required": ["rows"],
        })
    }),
    ("AnyAnswer", || object(&[("model", "object")])),
    ("ModelReady", || object(&[("name", "string"), ("ready", "boolean")])),
    ("Status", || object(&[("name", "string"), ("ready", "boolean"), ("model_version_status", "array")])),
    ("Description", || object(&[("name", "string"), ("task", "string"), ("digest", "string"), ("features", "array")])),
    ("Models", || object(&[("models", "array")])),
    ("Names", || object(&[("models", "array")])),
    ("Server", || object(&[("name", "string"), ("version", "string"), ("extensions", "array")])),
    ("Alive", || object(&[("status", "string")])),
    ("Live", || object(&[("live", "boolean")])),
    ("Ready", || object(&[("live", "boolean"), ("ready", "boolean")])),
];

/// An object with these fields, and perhaps others.
fn object(fields: &[(&str, &str)]) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|(name, kind)| ((*name).to_owned(), json!({ "type": kind }))).collect();
    json!({ "type": "object", "properties": properties, "required": fields.iter().map(|(name, _)| name).collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_is_one() {
        for (name, write) in SHARED {
            let read = serde_json::to_value(serde_json::from_value::<RefOr<Schema>>(write()).unwrap()).unwrap();
            assert_eq!(read["required"], write()["required"], "{name}");
        }
    }
}
