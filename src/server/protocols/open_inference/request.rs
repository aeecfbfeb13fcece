//! A request, read field by field.

use super::inputs::{Input, ReadInputs};
use super::parameters::Parameters;
use crate::error::{Error, quote};
use crate::server::models::Loaded;
use crate::server::protocols::Method;
use crate::server::request::{Bounds, Element, Fields, List, Object, Text, fail, invalid};
use serde::de::{MapAccess, SeqAccess};

/// A request.
pub(super) struct Request<'m, 'b> {
    pub(super) loaded: &'m Loaded,
    pub(super) bounds: &'m Bounds,
    pub(super) id: Option<Text<'b>>,
    pub(super) parameters: Parameters,
    pub(super) inputs: Option<Vec<Input<'m, 'b>>>,
    pub(super) outputs: Vec<Requested>,
    pub(super) failure: Option<Error>,
}

impl<'b> Fields<'b> for Request<'_, 'b> {
    const NAMES: &'static [&'static str] = &["id", "parameters", "inputs", "outputs"];

    fn read<A: MapAccess<'b>>(&mut self, name: &'static str, map: &mut A) -> std::result::Result<(), A::Error> {
        match name {
            "id" => self.id = map.next_value()?,
            "parameters" => self.parameters = Parameters::read_or_null(map, &mut self.failure)?,
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

/// An output that the client asks for.
pub(super) struct Requested {
    pub(super) method: Method,
    pub(super) is_binary: Option<bool>,
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
            _ => self.parameters = Parameters::read_or_null(map, &mut self.failure)?,
        }
        Ok(())
    }

    fn failure(&mut self) -> &mut Option<Error> {
        &mut self.failure
    }
}
