//! JSON, and the NaN that Python writes in it.

use crate::error::{Error, ErrorKind, Result};
use serde::Deserialize;

pub(crate) fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidRequest, message)
}

/// Reads JSON of a shape, which `expected` describes. Python writes a missing number as a bare `NaN`, which is not JSON. It is
/// read as null, and `spare` holds the text with null instead.
///
/// # Errors
/// [`ErrorKind::InvalidRequest`] with the fault and its place.
pub(crate) fn parse<'b, T: Deserialize<'b>>(body: &'b [u8], spare: &'b mut Vec<u8>, expected: &str) -> Result<T> {
    let refuse = |error: serde_json::Error| {
        let text = error.to_string();
        let hint = match error.is_data() {
            true => "the body has another shape",
            false if text.starts_with("number out of range") => "a number is too large for 64 bits",
            false => "the body is not JSON",
        };
        invalid(format!("{hint}: {text}; {expected}"))
    };
    match serde_json::from_slice(body) {
        Err(error) if error.is_syntax() => match nan_as_null(body)? {
            Some(text) => {
                *spare = text;
                serde_json::from_slice(spare).map_err(refuse)
            }
            None => Err(refuse(error)),
        },
        parsed => parsed.map_err(refuse),
    }
}

/// The text with `null` for every bare `NaN`; `None` if there is none.
///
/// # Errors
/// [`ErrorKind::NotFinite`] at the byte of a bare infinity, which no model takes.
fn nan_as_null(text: &[u8]) -> Result<Option<Vec<u8>>> {
    let (mut written, mut done, mut at) = (Vec::new(), 0, 0);
    let mut is_in_string = false;
    while at < text.len() {
        match text[at] {
            b'\\' if is_in_string => at += 1,
            b'"' => is_in_string = !is_in_string,
            b'N' if !is_in_string && text[at..].starts_with(b"NaN") => {
                written.extend(&text[done..at]);
                written.extend(b"null");
                done = at + 3;
                at += 2;
            }
            b'I' if !is_in_string && text[at..].starts_with(b"Infinity") => {
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
    written.extend(&text[done..]);
    Ok(Some(written))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(text: &str) -> Result<Value> {
        parse(text.as_bytes(), &mut Vec::new(), "expected something").map(|value: Value| value)
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
