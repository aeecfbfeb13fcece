//! The schemas of a model's requests and answers, from its features and its classes.

use crate::model::{ConformalBound, Model};
use crate::server::models::Loaded;
use crate::server::protocols::Method;
use crate::table::{Domain, FeatureSchema, Labels, Task};
use serde_json::{Map, Value, json};

/// The most features that the schema of a row lists one by one.
const FEATURES: usize = 200;

/// The name of a model's own schema. Letters, digits and a few signs stay; other bytes are written by their code.
pub(super) fn schema_name(what: &str, model: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        byte => format!(".{byte:02x}"),
    };
    format!("{what}-{}", model.bytes().map(escape).collect::<String>())
}

/// The schemas of a model's requests and answers.
pub(super) fn model_schemas(loaded: &Loaded) -> Vec<(String, Value)> {
    let (name, model) = (&*loaded.name, &loaded.model);
    let features = &model.schema().features;
    let values: Vec<Value> =
        features.iter().enumerate().map(|(at, feature)| value_schema(loaded, at, feature)).collect();
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
    let row_ref = json!({ "$ref": format!("#/components/schemas/{}", schema_name("Row", name)) });
    let rows = json!({ "type": "array", "items": { "anyOf": [row_ref, in_order] } });
    let only = |key: &str, schema: &Value| json!({ "type": "object", "properties": { key: schema }, "required": [key], "additionalProperties": false });
    let is_line = model.task() == Task::Regression && features.len() == 1;
    let by_name = json!({ "type": "array", "items": row_ref });
    let mut requests = vec![only("rows", &by_name), only("data", &in_order)];
    let model_ref = json!({ "$ref": "#/components/schemas/Model" });
    let prediction = prediction_schema(model);
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
        "properties": { "instances": rows, "signature_name": { "type": "string", "enum": methods } },
        "required": ["instances"],
    });
    let params = json!({
        "type": "object",
        "properties": { "predict_method": { "type": "string", "enum": methods } },
        "additionalProperties": false,
    });
    let invocation = |key: &str, schema: &Value| {
        let mut one = only(key, schema);
        one["properties"]["params"] = params.clone();
        one
    };
    vec![
        (schema_name("Row", name), row),
        (schema_name("Request", name), json!({ "oneOf": requests })),
        (schema_name("Answer", name), json!({ "anyOf": answers })),
        (schema_name("Instances", name), instances),
        (
            schema_name("Invocation", name),
            json!({ "oneOf": [
                invocation("dataframe_records", &by_name),
                invocation("instances", &rows),
                invocation("inputs", &rows),
            ] }),
        ),
    ]
}

/// The schema of a feature's values.
fn value_schema(loaded: &Loaded, at: usize, feature: &FeatureSchema) -> Value {
    let transform = &loaded.model.preprocessor().features()[at];
    let mut schema = match &feature.domain {
        Domain::Number(_) => json!({ "type": "number" }),
        Domain::Category { .. } if transform.accepts_unseen => json!({ "type": ["string", "number"] }),
        Domain::Category { categories, .. } => choices(categories),
    };
    if transform.accepts_missing() {
        schema = json!({ "anyOf": [schema, { "type": "null" }] });
    }
    let texts = [feature.description.as_deref(), feature.unit.as_deref()];
    let texts: Vec<&str> = texts.into_iter().flatten().collect();
    if !texts.is_empty() {
        schema["description"] = json!(texts.join("; "));
    }
    if let Domain::Number(domain) = &feature.domain {
        schema["examples"] = json!([domain.median]);
    }
    schema
}

/// The schema of a label: one of the texts, or one of the numbers.
fn choices(labels: &Labels) -> Value {
    let kind = if labels.as_text().is_some() { "string" } else { "number" };
    json!({ "type": kind, "enum": labels.iter().collect::<Vec<_>>() })
}

fn prediction_schema(model: &Model) -> Value {
    let classes = model.schema().target.classes();
    let mut schema = answer_schema(classes);
    if let Some(conformal) = model.conformal() {
        let level = json!({ "type": "number", "enum": conformal.bounds().iter().map(ConformalBound::level).collect::<Vec<_>>() });
        let (name, fields) = match classes {
            None => {
                ("intervals", json!({ "level": level, "lower": { "type": "number" }, "upper": { "type": "number" } }))
            }
            Some(classes) => {
                ("sets", json!({ "level": level, "classes": { "type": "array", "items": choices(classes) } }))
            }
        };
        let required: Vec<&String> = fields.as_object().into_iter().flat_map(Map::keys).collect();
        schema["properties"][name] = json!({
            "description": "What holds the truth with probability `level`, by conformal prediction.",
            "type": "array",
            "items": { "type": "object", "properties": fields, "required": required },
        });
    }
    schema["properties"]["imputed"] = json!({
        "description": "The features that the row has no value of, so that one was imputed; only where there are some.",
        "type": "array",
        "items": { "type": "string" },
    });
    schema
}

fn answer_schema(classes: Option<&Labels>) -> Value {
    match classes {
        None => json!({
            "type": "object",
            "properties": { "prediction": { "type": "number" } },
            "required": ["prediction"],
        }),
        Some(classes) => {
            let class = choices(classes);
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
