//! Parameters of requests, inputs and outputs.

use crate::error::Error;
use crate::server::request::{Fields, JsonCell, Object, Optional, fail, invalid};
use serde::de::MapAccess;

/// The parameters that mean something here. The protocol lets clients send any others: they are passed over, and not kept.
#[derive(Default)]
pub(super) struct Parameters {
    pub(super) binary_data_size: Option<usize>,
    pub(super) binary_data: Option<bool>,
    pub(super) binary_data_output: Option<bool>,
    failure: Option<Error>,
}

impl Parameters {
    /// Reads parameters, or null.
    pub(super) fn read_or_null<'b, A: MapAccess<'b>>(
        map: &mut A,
        failure: &mut Option<Error>,
    ) -> std::result::Result<Self, A::Error> {
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
