//! The Open Inference Protocol, version 2, with binary tensors. The clients of Triton and MLServer use it.

use super::tensor::{Datatype, Elements, Flat, JSON_LENGTH, check_cells, from_binary, in_tensor, texts_to_binary};
use super::{Answer, Method, ScoredRows, answered_by, respond, to_json};
use crate::error::{Error, ErrorKind, Result, quote};
use crate::server::App;
use crate::server::answer::{HandlerResult, JSON, json as reply};
use crate::server::config::RequestLimits;
use crate::server::models::{Loaded, ModelSelector};
use crate::server::protocols::method::MethodOutput;
use crate::server::request::{RequestRows, Text, invalid, parse};
use crate::table::{Domain, Label, Labels};
use axum::extract::{self, State};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

#[derive(Debug, Deserialize)]
struct Request<'b> {
    #[serde(borrow)]
    id: Option<Text<'b>>,
    parameters: Option<Map<String, Value>>,
    #[serde(borrow)]
    inputs: Vec<Input<'b>>,
    outputs: Option<Vec<Wish>>,
}

#[derive(Debug, Deserialize)]
struct Input<'b> {
    #[serde(borrow)]
    name: Text<'b>,
    shape: Vec<usize>,
    #[serde(borrow)]
    datatype: Text<'b>,
    parameters: Option<Map<String, Value>>,
    #[serde(borrow)]
    data: Option<Flat<'b>>,
}

#[derive(Debug, Deserialize)]
struct Wish {
    name: String,
    parameters: Option<Map<String, Value>>,
}

/// The value of a parameter. Some clients write null for a missing one.
fn parameter<'p>(parameters: Option<&'p Map<String, Value>>, name: &str) -> Option<&'p Value> {
    parameters?.get(name).filter(|value| !value.is_null())
}

#[derive(Serialize)]
struct Response<'m> {
    model_name: &'m str,
    model_version: &'m str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'m str>,
    parameters: Value,
    outputs: Vec<Output<'m>>,
}

#[derive(Serialize)]
struct Output<'m> {
    name: &'static str,
    shape: Vec<usize>,
    datatype: &'static str,
    parameters: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data<'m>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Data<'m> {
    Labels(Vec<Label<'m>>),
    Whole(Vec<i64>),
    Numbers(Vec<f64>),
}

const SHAPE: &str = "expected {\"inputs\": [{\"name\", \"shape\", \"datatype\", \"data\"}, ...]}";

/// `POST /v2/models/{model}[/versions/{version}]/infer`.
pub(crate) async fn infer(State(app): State<App>, selector: ModelSelector, request: extract::Request) -> HandlerResult {
    let json_length = match request.headers().get(JSON_LENGTH) {
        None => None,
        Some(length) => {
            let length = length.to_str().ok().and_then(|length| length.parse().ok());
            Some(length.ok_or_else(|| invalid(format!("{JSON_LENGTH}: expected a number of bytes")))?)
        }
    };
    let work = move |loaded: &Loaded, body: &[u8], limits: &RequestLimits| work(loaded, body, json_length, limits);
    respond(&app, &selector, request, work).await
}

fn work(loaded: &Loaded, body: &[u8], json_length: Option<usize>, limits: &RequestLimits) -> Result<Answer> {
    let (text, binary) = body.split_at_checked(json_length.unwrap_or(body.len())).ok_or_else(|| {
        invalid(format!("{JSON_LENGTH}: the body has {} bytes, fewer than it says are JSON", body.len()))
    })?;
    let mut spare = Vec::new();
    let request: Request<'_> = parse(text, &mut spare, SHAPE)?;
    let model = &loaded.model;
    let mut requested = Vec::new();
    for output in request.outputs.iter().flatten() {
        let method = Method::by_name(&output.name, model)?;
        if requested.iter().any(|(other, _)| *other == method) {
            return Err(invalid(format!("the output {} is asked for twice", quote(&output.name))));
        }
        requested.push((method, parameter(output.parameters.as_ref(), "binary_data")));
    }
    if requested.is_empty() {
        requested = Method::all(model).filter(|method| method.is_default()).map(|method| (method, None)).collect();
    }
    let scored = ScoredRows::score(loaded, rows(loaded, &request.inputs, binary, limits)?)?;
    let is_binary_by_default = parameter(request.parameters.as_ref(), "binary_data_output");
    let is_binary_by_default = is_binary_by_default.and_then(Value::as_bool).unwrap_or(false);
    let (mut outputs, mut tail) = (Vec::new(), Vec::new());
    for (method, is_binary) in requested {
        let is_binary = is_binary.and_then(Value::as_bool).unwrap_or(is_binary_by_default);
        outputs.push(output(method, loaded, &scored, is_binary.then_some(&mut tail))?);
    }
    let response = Response {
        model_name: &loaded.name,
        model_version: loaded.version.as_str(),
        id: request.id.as_ref().map(|id| &*id.0),
        parameters: json!({ "digest": loaded.digest }),
        outputs,
    };
    let mut body = to_json(&response)?;
    if tail.is_empty() {
        return Ok(Answer { scored, body, content_type: JSON, json_length: None });
    }
    let json_length = Some(body.len());
    body.extend(tail);
    Ok(Answer { scored, body, content_type: "application/octet-stream", json_length })
}

impl Method {
    /// Whether a request that names no output gets this one.
    fn is_default(self) -> bool {
        matches!(self, Self::Predict | Self::PredictProba)
    }
}

/// The rows of the inputs: one tensor with a column per feature, or a tensor per feature.
fn rows<'m, 'b>(
    loaded: &'m Loaded,
    inputs: &[Input<'b>],
    mut binary: &'b [u8],
    limits: &'m RequestLimits,
) -> Result<RequestRows<'m>> {
    let model = &loaded.model;
    let mut tensors = Vec::with_capacity(inputs.len());
    for input in inputs {
        let elements = elements(input, &mut binary).map_err(|error| in_tensor(error, &input.name))?;
        tensors.push((input, elements));
    }
    if !binary.is_empty() {
        return Err(invalid(format!("{} bytes follow the last tensor", binary.len())));
    }
    let mut rows = RequestRows::new(model, limits);
    let is_feature = |name: &str| model.schema().features.iter().any(|feature| feature.name == name);
    match tensors.as_slice() {
        [] => return Err(invalid(format!("there is no tensor; {SHAPE}"))),
        [(input, elements)] if input.shape.len() == 2 && (input.shape[1] > 1 || !is_feature(&input.name.0)) => {
            let width = input.shape[1];
            for row in 0..input.shape[0] {
                rows.add_ordered((row * width..(row + 1) * width).map(|at| elements.value(at)))?;
            }
        }
        all => {
            let n_rows = all[0].0.shape.first().copied().unwrap_or(0);
            for (input, _) in all {
                if !matches!(input.shape.as_slice(), [n] | [n, 1] if *n == n_rows) {
                    let message = format!(
                        "expected the shape [{n_rows}] or [{n_rows}, 1], for a tensor of one feature, found {:?}; \
                         several features in one tensor go alone, as [rows, {}]",
                        input.shape,
                        model.n_features()
                    );
                    return Err(in_tensor(Error::new(ErrorKind::WrongLength, message), &input.name));
                }
            }
            rows.set_names(&all.iter().map(|(input, _)| &*input.name.0).collect::<Vec<_>>())?;
            for row in 0..n_rows {
                rows.add_in_columns(|column| all[column].1.value(row))?;
            }
        }
    }
    Ok(rows)
}

/// The elements of a tensor: its data, or the next of the bytes after the JSON.
fn elements<'b>(input: &Input<'b>, binary: &mut &'b [u8]) -> Result<Elements<'b>> {
    let datatype = Datatype::by_name(&input.datatype.0)?;
    let size = parameter(input.parameters.as_ref(), "binary_data_size").map(|size| {
        size.as_u64()
            .and_then(|size| usize::try_from(size).ok())
            .ok_or_else(|| invalid(format!("binary_data_size: expected a number of bytes, found {size}")))
    });
    let elements = match (&input.data, size.transpose()?) {
        (Some(Flat(cells)), None) => {
            check_cells(cells, datatype)?;
            Elements::Cells(cells.clone())
        }
        (None, Some(size)) => {
            let (own, rest) = binary
                .split_at_checked(size)
                .ok_or_else(|| invalid(format!("expected {size} bytes after the JSON, found {}", binary.len())))?;
            *binary = rest;
            from_binary(own, datatype)?
        }
        (Some(_), Some(_)) => return Err(invalid("expected data or binary_data_size, found both")),
        (None, None) => {
            return Err(invalid("expected data, or binary_data_size and bytes after the JSON, found neither"));
        }
    };
    let expected = input.shape.iter().try_fold(1usize, |product, length| product.checked_mul(*length));
    if expected != Some(elements.len()) {
        let message = format!("the shape {:?} does not have the {} elements that came", input.shape, elements.len());
        return Err(Error::new(ErrorKind::WrongLength, message));
    }
    Ok(elements)
}

fn output<'m>(
    method: Method,
    loaded: &'m Loaded,
    scored: &ScoredRows,
    binary: Option<&mut Vec<u8>>,
) -> Result<Output<'m>> {
    let mut shape = vec![scored.n_rows];
    shape.extend(method.shape(&loaded.model));
    let data = match method.apply(loaded, scored)? {
        MethodOutput::Numbers { data, .. } => Data::Numbers(data),
        MethodOutput::Classes { predicted, classes } => match class_datatype(classes) {
            Datatype::Bytes => Data::Labels(MethodOutput::labels(&predicted, classes).collect()),
            Datatype::Signed(_) => Data::Whole(numbers(&predicted, classes).map(|number| number as i64).collect()),
            _ => Data::Numbers(numbers(&predicted, classes).collect()),
        },
    };
    let mut parameters = Map::new();
    if method != Method::Predict {
        // Parameters are texts, numbers and flags: the list is written as JSON.
        if let Some(classes) = loaded.model.schema().target.classes() {
            parameters.insert("classes".into(), json!(names(classes)));
        }
    }
    let datatype = match &data {
        Data::Labels(_) => Datatype::Bytes,
        Data::Whole(_) => Datatype::Signed(8),
        Data::Numbers(_) => Datatype::Float(8),
    };
    let data = match binary {
        None => Some(data),
        Some(tail) => {
            let bytes = match data {
                Data::Labels(labels) => texts_to_binary(labels.iter().map(Label::to_string)),
                Data::Whole(numbers) => numbers.iter().flat_map(|number| number.to_le_bytes()).collect(),
                Data::Numbers(numbers) => numbers.iter().flat_map(|number| number.to_le_bytes()).collect(),
            };
            parameters.insert("binary_data_size".into(), bytes.len().into());
            tail.extend(bytes);
            None
        }
    };
    Ok(Output { name: method.name(), shape, datatype: datatype.name(), parameters, data })
}

fn numbers<'a>(predicted: &'a [usize], classes: &'a Labels) -> impl Iterator<Item = f64> + 'a {
    predicted.iter().filter_map(|position| classes.as_numbers()?.get(*position).copied())
}

/// The datatype of classes: text, whole numbers as in scikit-learn, or other numbers.
fn class_datatype(classes: &Labels) -> Datatype {
    match classes.as_numbers() {
        None => Datatype::Bytes,
        Some(numbers) if numbers.iter().all(|number| number.fract() == 0.0 && number.abs() < 2f64.powi(53)) => {
            Datatype::Signed(8)
        }
        Some(_) => Datatype::Float(8),
    }
}

fn names(classes: &Labels) -> String {
    json!(classes.iter().collect::<Vec<_>>()).to_string()
}

#[derive(Serialize)]
struct Tensor<'m> {
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
        json!(Tensor { name: &feature.name, datatype: datatype.name(), shape: vec![-1, 1] })
    };
    let output = |method: Method| {
        let datatype = match (method, model.schema().target.classes()) {
            (Method::Predict, Some(classes)) => class_datatype(classes),
            _ => Datatype::Float(8),
        };
        let shape = std::iter::once(-1).chain(method.shape(model).into_iter().map(|length| length as i64)).collect();
        json!(Tensor { name: method.name(), datatype: datatype.name(), shape })
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
