//! Rows in JSON, added while they are read: by name, in the order of the features, or one value by itself.

use super::cell::scalars;
use super::object::{Element, List, fail};
use super::{JsonCell, RequestRows, Text};
use crate::error::{Error, ErrorKind};
use crate::limits::check;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// How a row may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowForm {
    /// An object, an array, or a value.
    Any,
    /// An object of feature names and values.
    Named,
    /// An array of values in the order of the features.
    Ordered,
    /// A value: a row of one feature.
    Single,
}

/// Reads a row and adds it.
pub(crate) struct Row<'r, 'm> {
    pub(crate) rows: &'r mut RequestRows<'m>,
    pub(crate) form: RowForm,
}

/// Reads a list of rows. A null is no list.
pub(crate) fn row_list<'r, 'm>(rows: &'r mut RequestRows<'m>, form: RowForm) -> List<'static, Row<'r, 'm>> {
    List { expected: "a list of rows", element: Row { rows, form } }
}

impl<'b> Element<'b> for Row<'_, '_> {
    fn next<A: SeqAccess<'b>>(&mut self, list: &mut A) -> Result<bool, A::Error> {
        Ok(list.next_element_seed(Row { rows: self.rows, form: self.form })?.is_some())
    }
}

impl<'b> DeserializeSeed<'b> for Row<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Row<'_, '_> {
    /// Refuses a form that may not be here.
    fn expect<E: serde::de::Error>(&mut self, form: RowForm) -> Result<(), E> {
        let expected = match self.form {
            RowForm::Named => {
                "a row as an object of feature names and values; a row in the order of the features goes alone, in \"data\""
            }
            RowForm::Ordered => "an array of values in the order of the features",
            RowForm::Single => "a number, text, flag or null",
            RowForm::Any => return Ok(()),
        };
        if self.form == form {
            return Ok(());
        }
        let found = match form {
            RowForm::Named => "an object",
            RowForm::Ordered => "an array",
            _ => "a value",
        };
        let error = Error::new(ErrorKind::InvalidRequest, format!("expected {expected}, found {found}"));
        Err(self.fail(error))
    }

    /// Ends reading at this row.
    fn fail<E: serde::de::Error>(&mut self, error: Error) -> E {
        let error = error.at_row(self.rows.n_rows() as u64 + 1);
        fail(&mut self.rows.failure, error)
    }

    fn scalar<E: serde::de::Error>(mut self, cell: JsonCell<'_>) -> Result<(), E> {
        self.expect(RowForm::Single)?;
        self.add(|rows| rows.add_ordered(std::iter::once(cell.value())))
    }

    fn add<E: serde::de::Error>(self, add: impl FnOnce(&mut RequestRows<'_>) -> crate::Result<()>) -> Result<(), E> {
        add(self.rows).map_err(|error| fail(&mut self.rows.failure, error))
    }

    /// Refuses a row with too many cells before it has them.
    fn check<E: serde::de::Error>(&mut self, n_cells: usize) -> Result<(), E> {
        let checked = check("columns", n_cells, self.rows.bounds().limits.columns);
        checked.map_err(|error| self.fail(error))
    }
}

impl<'b> Visitor<'b> for Row<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a row: an object of feature names and values, or an array of values")
    }

    scalars!('b);

    fn visit_seq<A: SeqAccess<'b>>(mut self, mut array: A) -> Result<(), A::Error> {
        self.expect(RowForm::Ordered)?;
        let mut cells: Vec<JsonCell<'b>> = Vec::new();
        while let Some(cell) = array.next_element()? {
            self.check(cells.len() + 1)?;
            cells.push(cell);
        }
        self.add(|rows| rows.add_ordered(cells.iter().map(JsonCell::value)))
    }

    fn visit_map<A: MapAccess<'b>>(mut self, mut map: A) -> Result<(), A::Error> {
        self.expect(RowForm::Named)?;
        // The pairs as they were written: in a map, the second of two equal names would win silently.
        let mut pairs: Vec<(Text<'b>, JsonCell<'b>)> = Vec::new();
        while let Some(pair) = map.next_entry()? {
            self.check(pairs.len() + 1)?;
            pairs.push(pair);
        }
        self.add(|rows| rows.add_named(&pairs))
    }
}
