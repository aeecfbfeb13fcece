//! The tensors of a request, and the rows that they are.

use super::parameters::Parameters;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::check;
use crate::server::memory::push;
use crate::server::models::Loaded;
use crate::server::protocols::tensor::{Datatype, check_elements, from_binary, in_tensor};
use crate::server::request::{
    AtDepth, Bounds, Element, Elements, Fields, JsonElements, List, Object, RequestRows, Text, fail, invalid,
};
use serde::de::{MapAccess, SeqAccess};

/// What a request looks like.
pub(super) const SHAPE: &str = "expected {\"inputs\": [{\"name\", \"shape\", \"datatype\", \"data\"}, ...]}";

/// A tensor of a request.
pub(super) struct Input<'m, 'b> {
    pub(super) name: Option<Text<'b>>,
    pub(super) shape: Option<Vec<usize>>,
    pub(super) datatype: Option<Text<'b>>,
    pub(super) parameters: Parameters,
    pub(super) data: JsonElements<'m, 'b>,
    pub(super) has_data: bool,
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
            "parameters" => self.parameters = Parameters::read_or_null(map, &mut self.data.failure)?,
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

/// Reads the inputs of a request.
pub(super) struct ReadInputs<'r, 'm, 'b> {
    pub(super) inputs: &'r mut Vec<Input<'m, 'b>>,
    pub(super) bounds: &'m Bounds,
    pub(super) failure: &'r mut Option<Error>,
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

/// The rows of the inputs: one tensor with a column per feature, or a tensor per feature.
pub(super) fn rows<'m, 'b>(
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
