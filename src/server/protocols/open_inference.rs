//! The Open Inference Protocol, version 2, with binary tensors. The clients of Triton and MLServer use it.

use super::tensor::{Datatype, JSON_LENGTH, TEXT_LENGTH_BYTES, add_text, check_elements, from_binary, in_tensor};
use super::{Answer, Method, ScoredRows, answered_by, respond};
use crate::error::{Error, ErrorKind, Result, quote};
use crate::limits::check;
use crate::server::App;
use crate::server::answer::{HandlerResult, json as reply};
use crate::server::memory::{push, reserve};
use crate::server::models::{Loaded, ModelSelector};
use crate::server::protocols::method::MethodOutput;
use crate::server::request::{
    AtDepth, Bounds, Element, Elements, Fields, JsonCell, JsonElements, List, Object, Optional, RequestRows, Text,
    fail, invalid, parse_object,
};
use crate::table::{Domain, Label, Labels};
use axum::extract::{self, State};
use serde::Serialize;
use serde::de::{MapAccess, SeqAccess};
use serde_json::{Map, Value, json};

struct Request<'m, 'b> {
    loaded: &'m Loaded,
    bounds: &'m Bounds,
    id: Option<Text<'b>>,
    parameters: Parameters,
    inputs: Option<Vec<Input<'m, 'b>>>,
    outputs: Vec<Requested>,
    failure: Option<Error>,
}

impl<'b> Fields<'b> for Request<'_, 'b> {
    const NAMES: &'static [&'static str] = &["id", "parameters", "inputs", "outputs"];

    fn read<A: MapAccess<'b>>(&mut self, name: &'static str, map: &mut A) -> std::result::Result<(), A::Error> {
        match name {
            "id" => self.id = map.next_value()?,
            "parameters" => self.parameters = Parameters::read(map, &mut self.failure)?,
            "inputs" => {
                let mut inputs = Vec::new();
                let element = ReadInputs { inputs: &mut inputs, bounds: self.bounds, failure: &mut self.failure };
                let is_list = map.next_value_seed(List { expected: "a list of tensors", element })?;
                self.inputs = is_list.then_some(inputs);
            }
            _ => drop(map.next_value_seed(List { expected: "a list of outputs", element: ReadOutputs(self) })?),
        }
        Ok(())
    }

    fn failure(&mut self) -> &mut Option<Error> {
        &mut self.failure
    }
}

/// The parameters that mean something here. The protocol lets clients send any others: they are passed over, and not kept.
#[derive(Default)]
struct Parameters {
    binary_data_size: Option<usize>,
    binary_data: Option<bool>,
    binary_data_output: Option<bool>,
    failure: Option<Error>,
}

impl Parameters {
    /// Reads parameters, or null.
    fn read<'b, A: MapAccess<'b>>(map: &mut A, failure: &mut Option<Error>) -> std::result::Result<Self, A::Error> {
        let mut read = Self::default();
        let outcome = map.next_value_seed(Optional(Object(&mut read)));
        match read.failure.take() {
            Some(error) => Err(fail(failure, error)),
            None => outcome.map(|_| read),
        }
    }
}

impl<'b> Fields<'b> for Parameters {
    const NAMES: &'static [&'static str] = &["binary_data_size", "binary_data", "binary_data_output"];
    const IS_OPEN: bool = true;

    fn read<A: MapAccess<'b>>(&mut self, name: &'static str, map: &mut A) -> std::result::Result<(), A::Error> {
        // Some clients write null for a missing parameter.
        let value: Option<JsonCell<'b>> = map.next_value()?;
        let refuse =
            |expected: &str, found: &JsonCell<'_>| invalid(format!("{name}: expected {expected}, found {found}"));
        match (name, value) {
            (_, None | Some(JsonCell::Missing)) => {}
            ("binary_data_size", Some(JsonCell::Number(size)))
                if size.fract() == 0.0 && (0.0..1e15).contains(&size) =>
            {
                self.binary_data_size = Some(size as usize);
            }
            ("binary_data", Some(JsonCell::Flag(flag))) => self.binary_data = Some(flag),
            ("binary_data_output", Some(JsonCell::Flag(flag))) => self.binary_data_output = Some(flag),
            ("binary_data_size", Some(found)) => {
                return Err(fail(&mut self.failure, refuse("a number of bytes", &found)));
            }
            (_, Some(found)) => return Err(fail(&mut self.failure, refuse("true or false", &found))),
        }
        Ok(())
    }

    fn failure(&mut self) -> &mut Option<Error> {
        &mut self.failure
    }
}

/// A tensor of a request.
struct Input<'m, 'b> {
    name: Option<Text<'b>>,
    shape: Option<Vec<usize>>,
    datatype: Option<Text<'b>>,
    parameters: Parameters,
    data: JsonElements<'m, 'b>,
    has_data: bool,
}

impl<'m, 'b> Input<'m, 'b> {
    fn new(bounds: &'m Bounds) -> Self {
        let (name, shape, datatype) = (None, None, None);
        let data = JsonElements::new(bounds);
        Self { name, shape, datatype, parameters: Parameters::default(), data, has_data: false }
    }
}

/// The most dimensions of a tensor: more have no meaning for a table.
const DIMENSIONS: usize = 8;

impl<'b> Fields<'b> for Input<'_, 'b> {
    const NAMES: &'static [&'static str] = &["name", "shape", "datatype", "parameters", "data"];

    fn read<A: MapAccess<'b>>(&mut self, name: &'static str, map: &mut A) -> std::result::Result<(), A::Error> {
        match name {
            "name" => self.name = Some(map.next_value()?),
            "shape" => {
                let element = ReadShape { shape: self.shape.insert(Vec::new()), failure: &mut self.data.failure };
                map.next_value_seed(List { expected: "a list of lengths", element })?;
            }
            "datatype" => self.datatype = Some(map.next_value()?),
            "parameters" => self.parameters = Parameters::read(map, &mut self.data.failure)?,
            _ => self.has_data = map.next_value_seed(AtDepth::outermost(&mut self.data))?,
        }
        Ok(())
    }

    fn failure(&mut self) -> &mut Option<Error> {
        &mut self.data.failure
    }
}

struct ReadShape<'s> {
    shape: &'s mut Vec<usize>,
    failure: &'s mut Option<Error>,
}

impl<'b> Element<'b> for ReadShape<'_> {
    fn next<A: SeqAccess<'b>>(&mut self, list: &mut A) -> std::result::Result<bool, A::Error> {
        let Some(length) = list.next_element()? else { return Ok(false) };
        if self.shape.len() == DIMENSIONS {
            let message = format!("shape: expected at most {DIMENSIONS} dimensions, found more");
            return Err(fail(self.failure, Error::new(ErrorKind::WrongLength, message)));
        }
        self.shape.push(length);
        Ok(true)
    }
}

struct ReadInputs<'r, 'm, 'b> {
    inputs: &'r mut Vec<Input<'m, 'b>>,
    bounds: &'m Bounds,
    failure: &'r mut Option<Error>,
}

impl<'b> Element<'b> for ReadInputs<'_, '_, 'b> {
    fn next<A: SeqAccess<'b>>(&mut self, list: &mut A) -> std::result::Result<bool, A::Error> {
        let mut input = Input::new(self.bounds);
        let read = list.next_element_seed(Object(&mut input));
        if let Some(error) = input.data.failure.take() {
            let error = match &input.name {
                Some(name) => in_tensor(error, name),
                None => error,
            };
            return Err(fail(self.failure, error));
        }
        if read?.is_none() {
            return Ok(false);
        }
        let added = check("tensors", self.inputs.len() + 1, self.bounds.limits.columns)
            .and_then(|()| push(self.inputs, input, &self.bounds.memory));
        added.map(|()| true).map_err(|error| fail(self.failure, error))
    }
}

/// An output that the client asks for.
struct Requested {
    method: Method,
    is_binary: Option<bool>,
}

struct ReadOutputs<'r, 'm, 'b>(&'r mut Request<'m, 'b>);

impl<'b> Element<'b> for ReadOutputs<'_, '_, 'b> {
    fn next<A: SeqAccess<'b>>(&mut self, list: &mut A) -> std::result::Result<bool, A::Error> {
        let Self(request) = self;
        let mut output = Output::default();
        let read = list.next_element_seed(Object(&mut output));
        if let Some(error) = output.failure.take() {
            return Err(fail(&mut request.failure, error));
        }
        if read?.is_none() {
            return Ok(false);
        }
        let name = output.name.ok_or_else(|| invalid("outputs: expected the field name"));
        let method = name.and_then(|name| {
            let method = Method::by_name(&name.0, &request.loaded.model)?;
            match request.outputs.iter().any(|other| other.method == method) {
                true => Err(invalid(format!("the output {} is asked for twice", quote(&name.0)))),
                false => Ok(method),
            }
        });
        let method = method.map_err(|error| fail::<A::Error>(&mut request.failure, error))?;
        request.outputs.push(Requested { method, is_binary: output.parameters.binary_data });
        Ok(true)
    }
}

#[derive(Default)]
struct Output<'b> {
    name: Option<Text<'b>>,
    parameters: Parameters,
    failure: Option<Error>,
}

impl<'b> Fields<'b> for Output<'b> {
    const NAMES: &'static [&'static str] = &["name", "parameters"];

    fn read<A: MapAccess<'b>>(&mut self, name: &'static str, map: &mut A) -> std::result::Result<(), A::Error> {
        match name {
            "name" => self.name = Some(map.next_value()?),
            _ => self.parameters = Parameters::read(map, &mut self.failure)?,
        }
        Ok(())
    }

    fn failure(&mut self) -> &mut Option<Error> {
        &mut self.failure
    }
}

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

/// The rows of the inputs: one tensor with a column per feature, or a tensor per feature.
fn rows<'m, 'b>(
    loaded: &'m Loaded,
    inputs: Vec<Input<'m, 'b>>,
    mut binary: &'b [u8],
    bounds: &'m Bounds,
) -> Result<RequestRows<'m>> {
    let model = &loaded.model;
    let mut tensors = Vec::with_capacity(inputs.len());
    for (input, at) in inputs.into_iter().zip(1..) {
        tensors.push(tensor(input, at, &mut binary, bounds)?);
    }
    if !binary.is_empty() {
        return Err(invalid(format!("{} bytes follow the last tensor", binary.len())));
    }
    let mut rows = RequestRows::new(model, bounds);
    let is_feature = |name: &str| model.schema().features.iter().any(|feature| feature.name == name);
    match tensors.as_slice() {
        [] => return Err(invalid(format!("there is no tensor; {SHAPE}"))),
        [Tensor { name, shape, elements }] if shape.len() == 2 && (shape[1] > 1 || !is_feature(&name.0)) => {
            let width = shape[1];
            for row in 0..shape[0] {
                rows.add_ordered((row * width..(row + 1) * width).map(|at| elements.value(at)))?;
            }
        }
        all => {
            let n_rows = all[0].shape.first().copied().unwrap_or(0);
            for Tensor { name, shape, .. } in all {
                if !matches!(shape.as_slice(), [n] | [n, 1] if *n == n_rows) {
                    let message = format!(
                        "expected the shape [{n_rows}] or [{n_rows}, 1], for a tensor of one feature, found {shape:?}; \
                         several features in one tensor go alone, as [rows, {}]",
                        model.n_features()
                    );
                    return Err(in_tensor(Error::new(ErrorKind::WrongLength, message), name));
                }
            }
            rows.set_names(&all.iter().map(|tensor| &*tensor.name.0).collect::<Vec<_>>())?;
            for row in 0..n_rows {
                rows.add_in_columns(|column| all[column].elements.value(row))?;
            }
        }
    }
    Ok(rows)
}

/// A tensor whose elements fit its datatype and its shape.
struct Tensor<'b> {
    name: Text<'b>,
    shape: Vec<usize>,
    elements: Elements<'b>,
}

/// The tensor of an input, the `at`th: its data, or the next of the bytes after the JSON.
fn tensor<'b>(input: Input<'_, 'b>, at: usize, binary: &mut &'b [u8], bounds: &Bounds) -> Result<Tensor<'b>> {
    let missing = |field: &str| invalid(format!("tensor {at}: missing field `{field}`; {SHAPE}"));
    let name = input.name.ok_or_else(|| missing("name"))?;
    let read = || {
        let shape = input.shape.ok_or_else(|| missing("shape"))?;
        let datatype = Datatype::by_name(&input.datatype.ok_or_else(|| missing("datatype"))?.0)?;
        let mut nested_shape = Vec::new();
        let elements = match (input.has_data, input.parameters.binary_data_size) {
            (true, None) => {
                let JsonElements { elements, shape: nested, .. } = input.data;
                check_elements(&elements, datatype)?;
                nested_shape = nested;
                elements
            }
            (false, Some(size)) => {
                let (own, rest) = binary
                    .split_at_checked(size)
                    .ok_or_else(|| invalid(format!("expected {size} bytes after the JSON, found {}", binary.len())))?;
                *binary = rest;
                from_binary(own, datatype, bounds)?
            }
            (true, Some(_)) => return Err(invalid("expected data or binary_data_size, found both")),
            (false, None) => {
                return Err(invalid("expected data, or binary_data_size and bytes after the JSON, found neither"));
            }
        };
        let expected = shape.iter().try_fold(1usize, |product, length| product.checked_mul(*length));
        if expected != Some(elements.len()) {
            let message = format!("the shape {shape:?} does not have the {} elements that came", elements.len());
            return Err(Error::new(ErrorKind::WrongLength, message));
        }
        if nested_shape.len() > 1 && nested_shape != shape {
            nested_shape.truncate(DIMENSIONS);
            let message = format!("expected the shape {shape:?}, found lists of the shape {nested_shape:?}");
            return Err(Error::new(ErrorKind::WrongLength, message));
        }
        Ok((shape, elements))
    };
    let (shape, elements) = read().map_err(|error| in_tensor(error, &name))?;
    Ok(Tensor { name, shape, elements })
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
