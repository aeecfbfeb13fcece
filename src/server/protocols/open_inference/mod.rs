//! The Open Inference Protocol, version 2, with binary tensors. The clients of Triton and MLServer use it.

mod inputs;
mod metadata;
mod parameters;
mod request;

pub(crate) use metadata::{live, metadata, model_ready, server};

use super::tensor::{Datatype, JSON_LENGTH, TEXT_LENGTH_BYTES, add_text};
use super::{Answer, Method, ScoredRows, respond};
use crate::error::Result;
use crate::server::App;
use crate::server::answer::HandlerResult;
use crate::server::memory::reserve;
use crate::server::models::{Loaded, ModelSelector};
use crate::server::protocols::method::MethodOutput;
use crate::server::request::{Bounds, invalid, parse_object};
use crate::table::{Label, Labels};
use axum::extract::{self, State};
use inputs::{SHAPE, rows};
use parameters::Parameters;
use request::{Request, Requested};
use serde::Serialize;
use serde_json::{Map, Value, json};

#[derive(Serialize)]
struct Response<'m> {
    model_name: &'m str,
    model_version: &'m str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'m str>,
    parameters: Value,
    outputs: Vec<OutputTensor<'m>>,
}

#[derive(Serialize)]
struct OutputTensor<'m> {
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

/// `POST /v2/models/{model}[/versions/{version}]/infer`.
pub(crate) async fn infer(State(app): State<App>, selector: ModelSelector, request: extract::Request) -> HandlerResult {
    let json_length = match request.headers().get(JSON_LENGTH) {
        None => None,
        Some(length) => {
            let length = length.to_str().ok().and_then(|length| length.parse().ok());
            Some(length.ok_or_else(|| invalid(format!("{JSON_LENGTH}: expected a number of bytes")))?)
        }
    };
    let work = move |loaded: &Loaded, body: &[u8], bounds: &Bounds| work(loaded, body, json_length, bounds);
    respond(&app, &selector, request, work).await
}

fn work(loaded: &Loaded, body: &[u8], json_length: Option<usize>, bounds: &Bounds) -> Result<Answer> {
    let (text, binary) = body.split_at_checked(json_length.unwrap_or(body.len())).ok_or_else(|| {
        invalid(format!("{JSON_LENGTH}: the body has {} bytes, fewer than it says are JSON", body.len()))
    })?;
    let mut spare = String::new();
    let new = || {
        let parameters = Parameters::default();
        Request { loaded, bounds, id: None, parameters, inputs: None, outputs: Vec::new(), failure: None }
    };
    let request = parse_object(text, &mut spare, bounds, SHAPE, new)?;
    let model = &loaded.model;
    let mut requested = request.outputs;
    if requested.is_empty() {
        let default = Method::all(model).filter(|method| method.is_default());
        requested = default.map(|method| Requested { method, is_binary: None }).collect();
    }
    let inputs = request.inputs.ok_or_else(|| invalid(format!("missing field `inputs`; {SHAPE}")))?;
    let scored = ScoredRows::score(loaded, rows(loaded, inputs, binary, bounds)?)?;
    let is_binary_by_default = request.parameters.binary_data_output.unwrap_or(false);
    let (mut outputs, mut tail) = (Vec::new(), Vec::new());
    for Requested { method, is_binary } in requested {
        let is_binary = is_binary.unwrap_or(is_binary_by_default);
        outputs.push(output(method, loaded, &scored, is_binary.then_some(&mut tail), bounds)?);
    }
    let response = Response {
        model_name: &loaded.name,
        model_version: loaded.version.as_str(),
        id: request.id.as_ref().map(|id| &*id.0),
        parameters: json!({ "digest": loaded.digest }),
        outputs,
    };
    let mut writer = bounds.writer();
    writer.json(&response)?;
    if tail.is_empty() {
        return Ok(Answer::json(writer.finish(), scored));
    }
    let json_length = Some(writer.len());
    writer.add(&tail)?;
    Ok(Answer { scored, body: writer.finish(), content_type: "application/octet-stream", json_length })
}

impl Method {
    /// Whether a request that names no output gets this one.
    fn is_default(self) -> bool {
        matches!(self, Self::Predict | Self::PredictProba)
    }
}

fn output<'m>(
    method: Method,
    loaded: &'m Loaded,
    scored: &ScoredRows,
    binary: Option<&mut Vec<u8>>,
    bounds: &Bounds,
) -> Result<OutputTensor<'m>> {
    let mut shape = vec![scored.n_rows];
    shape.extend(method.shape(&loaded.model));
    // Labels, or whole numbers, beside the numbers of the method.
    bounds.memory.grow(scored.n_rows * size_of::<Label<'_>>())?;
    let data = match method.apply(loaded, scored, bounds)? {
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
            let before = tail.len();
            match data {
                Data::Labels(labels) => {
                    for label in labels {
                        let text = label.to_string();
                        reserve(tail, TEXT_LENGTH_BYTES + text.len(), &bounds.memory)?;
                        add_text(tail, &text);
                    }
                }
                Data::Whole(numbers) => {
                    reserve(tail, numbers.len() * size_of::<i64>(), &bounds.memory)?;
                    tail.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
                }
                Data::Numbers(numbers) => {
                    reserve(tail, numbers.len() * size_of::<f64>(), &bounds.memory)?;
                    tail.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
                }
            }
            parameters.insert("binary_data_size".into(), (tail.len() - before).into());
            None
        }
    };
    Ok(OutputTensor { name: method.name(), shape, datatype: datatype.name(), parameters, data })
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
