//! JSON, and the NaN that Python writes in it.

use super::Bounds;
use super::object::{Fields, Object, invalid};
use crate::error::{Error, ErrorKind, Result};
use serde::de::DeserializeSeed;
use serde_json::Deserializer;
use serde_json::de::StrRead;

/// A reader of a body.
pub(crate) type Json<'b> = Deserializer<StrRead<'b>>;

/// The error of a reader, and the one with a kind and a place that ended it.
pub(crate) type Unread = (serde_json::Error, Option<Error>);

/// Reads JSON by a function, which `expected` describes. Python writes a missing number as a bare `NaN`, which is not JSON. It
/// is read as null: `spare` holds the text with null instead, and the function reads it from the beginning.
///
/// # Errors
/// [`ErrorKind::InvalidRequest`] with the fault and its place; those of the function.
pub(crate) fn parse<'b, T>(
    body: &'b [u8],
    spare: &'b mut String,
    bounds: &Bounds,
    expected: &str,
    read: impl Fn(&mut Json<'b>) -> std::result::Result<T, Unread>,
) -> Result<T> {
    let text = std::str::from_utf8(body)
        .map_err(|error| invalid("expected text in UTF-8").at_byte(error.valid_up_to() as u64 + 1))?;
    // What one row takes while it is read: many times its text, and no more than its columns may.
    bounds.memory.grow((text.len() * TIMES_TEXT).min(bounds.limits.columns * CELL_BYTES))?;
    let read = |text: &'b str| {
        let mut json = Deserializer::from_str(text);
        let value = read(&mut json)?;
        json.end().map(|()| value).map_err(|error| (error, None))
    };
    let refuse = |(error, own): Unread| own.unwrap_or_else(|| explain(&error, expected));
    match read(text) {
        Err((error, None)) if error.is_syntax() => match nan_as_null(text, bounds)? {
            Some(with_null) => {
                *spare = with_null;
                read(spare).map_err(refuse)
            }
            None => Err(refuse((error, None))),
        },
        parsed => parsed.map_err(refuse),
    }
}

/// Reads an object into a state, which `new` makes.
///
/// # Errors
/// Those of [`parse`], and those that the state gives.
pub(crate) fn parse_object<'b, F: Fields<'b>>(
    body: &'b [u8],
    spare: &'b mut String,
    bounds: &Bounds,
    expected: &str,
    new: impl Fn() -> F,
) -> Result<F> {
    parse(body, spare, bounds, expected, |json| {
        let mut fields = new();
        match Object(&mut fields).deserialize(json) {
            Ok(()) => Ok(fields),
            Err(error) => Err((error, fields.failure().take())),
        }
    })
}

/// The memory of a cell that is read, with its name.
const CELL_BYTES: usize = 96;

/// How many times the length of its text a row takes while it is read: two letters can be a cell.
const TIMES_TEXT: usize = CELL_BYTES / 2;

fn explain(error: &serde_json::Error, expected: &str) -> Error {
    let text = error.to_string();
    let hint = match error.is_data() {
        true => "the body has another shape",
        false if text.starts_with("number out of range") => "a number is too large for 64 bits",
        false => "the body is not JSON",
    };
    invalid(format!("{hint}: {text}; {expected}"))
}

/// The text with `null` for every bare `NaN`; `None` if there is none.
///
/// # Errors
/// [`ErrorKind::NotFinite`] at the byte of a bare infinity, which no model takes.
fn nan_as_null(text: &str, bounds: &Bounds) -> Result<Option<String>> {
    let (mut written, mut done, mut at) = (String::new(), 0, 0);
    let bytes = text.as_bytes();
    let mut is_in_string = false;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if is_in_string => at += 1,
            b'"' => is_in_string = !is_in_string,
            b'N' if !is_in_string && bytes[at..].starts_with(b"NaN") => {
                if done == 0 {
                    // null is a letter longer.
                    let length = text.len() + text.len() / 3 + 1;
                    bounds.memory.grow(length)?;
                    written.reserve_exact(length);
                }
                written.push_str(&text[done..at]);
                written.push_str("null");
                done = at + 3;
                at += 2;
            }
            b'I' if !is_in_string && bytes[at..].starts_with(b"Infinity") => {
                let message = "expected a finite number, or null for a missing one, found Infinity";
                return Err(Error::new(ErrorKind::NotFinite, message).at_byte(at as u64));
            }
            _ => {}
        }
        at += 1;
    }
    if done == 0 {
        return Ok(None);
    }
    written.push_str(&text[done..]);
    Ok(Some(written))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::{Value, json};

    fn read(text: &str) -> Result<Value> {
        let read = |json: &mut Json<'_>| Value::deserialize(json).map_err(|error| (error, None));
        parse(text.as_bytes(), &mut String::new(), &Bounds::for_tests(), "expected something", read)
    }

    #[test]
    fn a_bare_nan_is_null_and_one_in_a_text_stays() {
        assert_eq!(
            read(r#"{"a": [NaN, 1, NaN], "NaN": "NaN \" NaN"}"#).unwrap(),
            json!({"a": [null, 1, null], "NaN": "NaN \" NaN"})
        );
        assert_eq!(read("NaN").unwrap(), Value::Null);
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        let message = |text: &str| read(text).unwrap_err().to_string();
        assert_eq!(
            message("[1, Infinity]"),
            "byte 4: expected a finite number, or null for a missing one, found Infinity"
        );
        assert_eq!(message("[-Infinity]").split(':').next(), Some("byte 2"));
        assert!(message("[NaN, oops]").starts_with("the body is not JSON: expected value at line 1"));
        assert!(message("[1").starts_with("the body is not JSON: EOF while parsing"));
        assert!(message(&"[".repeat(100_000)).starts_with("the body is not JSON: recursion limit exceeded"));
    }
}
