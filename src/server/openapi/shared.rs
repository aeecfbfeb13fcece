//! The schemas that are equal for all models.

use serde_json::{Map, Value, json};

/// A name, and the function that writes its schema.
pub(super) type NamedSchema = (&'static str, fn() -> Value);

/// The schemas that are equal for all models.
pub(super) const SHARED: [NamedSchema; 18] = [
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
                "predictions": { "type": "array", "items": {}, "description": "For each row what was asked: by default its class or number" },
                "explanations": { "type": "array", "items": {}, "description": "For each row the parts of its scores" },
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
                "datatype": { "type": "string", "enum": ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64",
                                       "FP16", "FP32", "FP64", "BYTES"] },
                "shape": { "type": "array", "items": { "type": "integer", "minimum": -1 } },
                "parameters": { "type": "object" },
                "data": { "type": "array", "items": {} },
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

fn type_schema(kind: &str) -> Value {
    if kind == "array" { json!({ "type": kind, "items": {} }) } else { json!({ "type": kind }) }
}

/// An object with these fields, and perhaps others.
fn object(fields: &[(&str, &str)]) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|(name, kind)| ((*name).to_owned(), type_schema(kind))).collect();
    json!({ "type": "object", "properties": properties, "required": fields.iter().map(|(name, _)| name).collect::<Vec<_>>() })
}
