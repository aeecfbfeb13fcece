//! The elements of a tensor or of a column.

use super::cell::scalars;
use super::object::fail;
use super::object::invalid;
use super::{Bounds, JsonCell};
use crate::error::{Error, ErrorKind, Result};
use crate::predict::Value;
use crate::server::memory::{push, reserve};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// Elements in row-major order.
#[derive(Debug, Clone)]
pub(crate) enum Elements<'b> {
    /// Numbers, of which NaN is a missing one.
    Numbers(Vec<f64>),
    Cells(Vec<JsonCell<'b>>),
}

/// The memory that a text with escapes takes beside its letters.
const OWNED_TEXT: usize = 32;

impl<'b> Elements<'b> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Cells(cells) => cells.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }

    pub(crate) fn value(&self, index: usize) -> Result<Value<'_>> {
        match self {
            Self::Cells(cells) => cells[index].value(),
            Self::Numbers(numbers) if numbers[index].is_nan() => Ok(Value::Missing),
            Self::Numbers(numbers) => Ok(Value::Number(numbers[index])),
        }
    }

    /// Adds an element. Numbers take a quarter of the memory of cells: they are cells from the first other element on.
    fn push(&mut self, cell: JsonCell<'b>, bounds: &Bounds) -> Result<()> {
        if let JsonCell::Text(Cow::Owned(text)) = &cell {
            bounds.memory.grow(text.len() + OWNED_TEXT)?;
        }
        match (&mut *self, cell) {
            (Self::Numbers(numbers), JsonCell::Number(number)) => push(numbers, number, &bounds.memory),
            (Self::Numbers(numbers), JsonCell::Missing) => push(numbers, f64::NAN, &bounds.memory),
            (Self::Numbers(numbers), cell) => {
                let mut cells = Vec::new();
                reserve(&mut cells, numbers.len() + 1, &bounds.memory)?;
                let to_cell = |number: f64| if number.is_nan() { JsonCell::Missing } else { JsonCell::Number(number) };
                cells.extend(numbers.drain(..).map(to_cell));
                cells.push(cell);
                *self = Self::Cells(cells);
                Ok(())
            }
            (Self::Cells(cells), cell) => push(cells, cell, &bounds.memory),
        }
    }
}

/// Elements in JSON: a list, or lists in lists that all have one shape.
#[derive(Debug)]
pub(crate) struct JsonElements<'m, 'b> {
    bounds: &'m Bounds,
    pub(crate) elements: Elements<'b>,
    /// The length of the lists at each depth.
    pub(crate) shape: Vec<usize>,
    /// The depth of the elements, as soon as there is one.
    depth: Option<usize>,
    pub(crate) failure: Option<Error>,
}

impl<'m, 'b> JsonElements<'m, 'b> {
    pub(crate) fn new(bounds: &'m Bounds) -> Self {
        Self { bounds, elements: Elements::Numbers(Vec::new()), shape: Vec::new(), depth: None, failure: None }
    }

    fn add(&mut self, cell: JsonCell<'b>, depth: usize) -> Result<()> {
        if *self.depth.get_or_insert(depth) != depth {
            let message =
                format!("expected lists of one shape, found element {} at another depth", self.elements.len() + 1);
            return Err(Error::new(ErrorKind::WrongLength, message));
        }
        self.elements.push(cell, self.bounds)
    }

    /// Notes the length of a list that ends.
    fn end_list(&mut self, depth: usize, length: usize) -> Result<()> {
        match self.shape.get(depth) {
            Some(before) if *before != usize::MAX && *before != length => {
                let message = format!(
                    "expected lists of one length, found {before} and {length} elements, before element {}",
                    self.elements.len() + 1
                );
                return Err(Error::new(ErrorKind::WrongLength, message));
            }
            _ => {}
        }
        self.shape[depth] = length;
        Ok(())
    }
}

/// Reads what is at a depth: an element, or a list of them.
pub(crate) struct AtDepth<'r, 'm, 'b> {
    into: &'r mut JsonElements<'m, 'b>,
    depth: usize,
}

impl<'r, 'm, 'b> AtDepth<'r, 'm, 'b> {
    pub(crate) fn outermost(into: &'r mut JsonElements<'m, 'b>) -> Self {
        Self { into, depth: 0 }
    }

    fn scalar<E: serde::de::Error>(self, cell: JsonCell<'b>) -> std::result::Result<bool, E> {
        if self.depth == 0 && matches!(cell, JsonCell::Missing) {
            return Ok(false);
        }
        if self.depth == 0 {
            return Err(E::custom("expected a list of elements"));
        }
        let added = self.into.add(cell, self.depth);
        added.map(|()| true).map_err(|error| fail(&mut self.into.failure, error))
    }
}

impl<'b> DeserializeSeed<'b> for AtDepth<'_, '_, 'b> {
    /// Whether there was something: a null instead of the list is none.
    type Value = bool;

    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> std::result::Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'b> Visitor<'b> for AtDepth<'_, '_, 'b> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.depth == 0 {
            "a list of elements"
        } else {
            "a number, text, flag, null, or a list of them"
        })
    }

    scalars!('b);

    fn visit_seq<A: SeqAccess<'b>>(self, mut list: A) -> std::result::Result<bool, A::Error> {
        let Self { into, depth } = self;
        if into.shape.len() == depth {
            // The length is known at the end of the list.
            into.shape.push(usize::MAX);
        }
        let mut length = 0;
        while list.next_element_seed(AtDepth { into, depth: depth + 1 })?.is_some() {
            length += 1;
        }
        into.end_list(depth, length).map(|()| true).map_err(|error| fail(&mut into.failure, error))
    }

    fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> std::result::Result<bool, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        let error = invalid(format!(
            "expected a number, text, flag or null, found an object as element {}",
            self.into.elements.len() + 1
        ));
        Err(fail(&mut self.into.failure, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> std::result::Result<(Vec<usize>, usize, bool), String> {
        let bounds = Bounds::for_tests();
        let mut elements = JsonElements::new(&bounds);
        let mut json = serde_json::Deserializer::from_str(text);
        match AtDepth::outermost(&mut elements).deserialize(&mut json) {
            Ok(_) => {
                let are_numbers = matches!(elements.elements, Elements::Numbers(_));
                Ok((elements.shape, elements.elements.len(), are_numbers))
            }
            Err(error) => Err(elements.failure.map_or_else(|| error.to_string(), |error| error.to_string())),
        }
    }

    #[test]
    fn lists_of_one_shape_are_flattened() {
        assert_eq!(read("[1, null, 3]"), Ok((vec![3], 3, true)));
        assert_eq!(read("[[1, 2], [3, \"a\"]]"), Ok((vec![2, 2], 4, false)));
        assert_eq!(read("[[[1]], [[2]]]"), Ok((vec![2, 1, 1], 2, true)));
        assert_eq!(read("[]"), Ok((vec![0], 0, true)));
        assert_eq!(read("null"), Ok((vec![], 0, true)));
    }

    #[test]
    fn other_lists_are_refused_with_their_place() {
        for (text, message) in [
            ("[[1, [2]], 3]", "found element 2 at another depth"),
            ("[1, [2]]", "found element 2 at another depth"),
            ("[[1, 2], [3]]", "found 2 and 1 elements, before element 4"),
            ("[[], [3]]", "found 0 and 1 elements, before element 2"),
            ("[1, {}]", "found an object as element 2"),
            ("5", "expected a list of elements"),
        ] {
            assert!(read(text).unwrap_err().contains(message), "{text}: {:?}", read(text));
        }
    }
}
