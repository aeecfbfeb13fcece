//! JSON (RFC 8259), with the NaN and Infinity that XGBoost and Python write. Numbers are read to the nearest double.

use super::document::{DEPTH, Data, ListBuilder, most_mixed, most_values, object};
use crate::error::{Error, ErrorKind, Result, quote};
use crate::table::DecimalSign;
use crate::table::number::number;
use std::borrow::Cow;

/// The document of a file.
///
/// # Errors
/// With the byte: [`ErrorKind::Encoding`], [`ErrorKind::Truncated`], [`ErrorKind::InvalidModel`], [`ErrorKind::LimitExceeded`].
pub(super) fn read(bytes: &[u8]) -> Result<Data<'_>> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Error::new(ErrorKind::Encoding, "expected UTF-8").at_byte(error.valid_up_to() as u64))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { text, at: 0, n_left: most_values(text.len()), n_mixed: most_mixed(text.len()) };
    let document = reader.value(0)?;
    reader.skip_spaces();
    if reader.at < text.len() { Err(reader.wrong("the end of the file")) } else { Ok(document) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// So many values other than numbers may follow.
    n_left: usize,
    /// So many may follow in lists of mixed values.
    n_mixed: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    #[cold]
    fn wrong(&self, expected: &str) -> Error {
        let at = self.at as u64;
        match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(found) => Error::new(
                ErrorKind::InvalidModel,
                format!("not JSON: expected {expected}, found {}", quote(&found.to_string())),
            )
            .at_byte(at),
            None => Error::new(ErrorKind::Truncated, format!("the file ends where {expected} is expected")).at_byte(at),
        }
    }

    #[cold]
    fn too_many(&self) -> Error {
        let message = "the file has more short values than a model has";
        Error::new(ErrorKind::LimitExceeded, message).at_byte(self.at as u64)
    }

    fn expect(&mut self, byte: u8, name: &str) -> Result<()> {
        self.skip_spaces();
        if self.peek() != Some(byte) {
            return Err(self.wrong(name));
        }
        self.at += 1;
        Ok(())
    }

    /// Whether this byte comes next; it is then taken.
    fn takes(&mut self, byte: u8) -> bool {
        self.skip_spaces();
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn value(&mut self, depth: usize) -> Result<Data<'a>> {
        self.skip_spaces();
        match self.peek() {
            Some(b'-' | b'0'..=b'9' | b'N' | b'I') => return self.number().map(Data::Number),
            _ if self.n_left == 0 => return Err(self.too_many()),
            _ => self.n_left -= 1,
        }
        match self.peek() {
            Some(b'{' | b'[') if depth == DEPTH => {
                let message = format!("lists and fields are nested more than {DEPTH} deep");
                Err(Error::new(ErrorKind::LimitExceeded, message).at_byte(self.at as u64))
            }
            Some(b'{') => self.fields(depth + 1),
            Some(b'[') => self.list(depth + 1),
            Some(b'"') => self.string().map(Data::Text),
            Some(b't') => self.word("true", Data::Flag(true)),
            Some(b'f') => self.word("false", Data::Flag(false)),
            Some(b'n') => self.word("null", Data::Null),
            _ => Err(self.wrong("a value")),
        }
    }

    fn word<T>(&mut self, word: &str, value: T) -> Result<T> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(self.wrong("a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<f64> {
        let begin = self.at;
        let sign = if self.peek() == Some(b'-') { -1.0 } else { 1.0 };
        self.at += usize::from(sign < 0.0);
        match self.peek() {
            Some(b'N') => return self.word("NaN", f64::NAN),
            Some(b'I') => return self.word("Infinity", sign * f64::INFINITY),
            _ => {}
        }
        while matches!(self.peek(), Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) {
            self.at += 1;
        }
        let text = &self.text[begin..self.at];
        number(text, DecimalSign::Point).ok_or_else(|| {
            self.at = begin;
            self.wrong("a number")
        })
    }

    fn list(&mut self, depth: usize) -> Result<Data<'a>> {
        self.at += 1;
        let mut list = ListBuilder::default();
        if self.takes(b']') {
            return Ok(list.finish());
        }
        loop {
            list.push(self.value(depth)?);
            if list.is_mixed() {
                self.n_mixed = self.n_mixed.checked_sub(1).ok_or_else(|| self.too_many())?;
            }
            if self.takes(b']') {
                return Ok(list.finish());
            }
            self.expect(b',', "a comma or ]")?;
        }
    }

    fn fields(&mut self, depth: usize) -> Result<Data<'a>> {
        self.at += 1;
        let mut fields: Vec<(Cow<'a, str>, Data<'a>)> = Vec::new();
        if self.takes(b'}') {
            return object(fields);
        }
        loop {
            self.skip_spaces();
            let name = self.string()?;
            self.expect(b':', "a colon")?;
            fields.push((name, self.value(depth)?));
            if self.takes(b'}') {
                return object(fields).map_err(|error| error.at_byte(self.at as u64));
            }
            self.expect(b',', "a comma or }")?;
        }
    }

    /// A text in quotes.
    fn string(&mut self) -> Result<Cow<'a, str>> {
        if self.peek() != Some(b'"') {
            return Err(self.wrong("a text in quotes"));
        }
        self.at += 1;
        let begin = self.at;
        let text: &'a str = self.text;
        let mut owned: Option<String> = None;
        let mut copied = begin;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let rest = &text[copied..self.at];
                    self.at += 1;
                    return Ok(match owned {
                        Some(owned) => Cow::Owned(owned + rest),
                        None => Cow::Borrowed(rest),
                    });
                }
                Some(b'\\') => {
                    let owned = owned.get_or_insert_default();
                    owned.push_str(&text[copied..self.at]);
                    self.at += 1;
                    owned.push(self.escaped()?);
                    copied = self.at;
                }
                Some(0..=0x1f) | None => return Err(self.wrong("the end of a text in quotes")),
                Some(_) => self.at += 1,
            }
        }
    }

    fn escaped(&mut self) -> Result<char> {
        let character = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                let first = self.unit()?;
                return match first {
                    0xd800..=0xdbff if self.text.as_bytes()[self.at..].starts_with(b"\\u") => {
                        self.at += 2;
                        let second = self.unit()?;
                        let code = 0x1_0000 + ((first - 0xd800) << 10) + second.wrapping_sub(0xdc00);
                        let is_pair = (0xdc00..=0xdfff).contains(&second);
                        Ok(char::from_u32(code).filter(|_| is_pair).unwrap_or(char::REPLACEMENT_CHARACTER))
                    }
                    code => Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
                };
            }
            _ => return Err(self.wrong("a character behind \\")),
        };
        self.at += 1;
        Ok(character)
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u32> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| self.wrong("four hexadecimal digits"))?;
        self.at += 4;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read() {
        let document =
            read("{\"a\": [1, -2.5e3, NaN], \"b\": [\"x\\u00e9\\ud83d\\ude00\\n\", null, true], \"c\": {}}".as_bytes());
        let document = document.unwrap();
        let numbers = document.numbers("a").unwrap();
        assert!(numbers[..2] == [1.0, -2500.0] && numbers[2].is_nan());
        let Some(Data::List(items)) = document.get("b") else { panic!("expected a list") };
        assert_eq!(items[0], Data::Text("xé😀\n".into()));
        assert_eq!(items[1..], [Data::Null, Data::Flag(true)]);
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_byte() {
        let cases: [(&[u8], ErrorKind, u64); 9] = [
            (b"", ErrorKind::Truncated, 0),
            (b"{\"a\": [1, 2", ErrorKind::Truncated, 11),
            (b"{\"a\" 1}", ErrorKind::InvalidModel, 5),
            (b"[1, 2]]", ErrorKind::InvalidModel, 6),
            (b"[1.2.3]", ErrorKind::InvalidModel, 1),
            (b"[\"a\x01\"]", ErrorKind::InvalidModel, 3),
            (b"[\"\\u12g4\"]", ErrorKind::InvalidModel, 4),
            (b"[trve]", ErrorKind::InvalidModel, 1),
            (b"[\"\xff\"]", ErrorKind::Encoding, 2),
        ];
        for (bytes, kind, byte) in cases {
            let error = read(bytes).unwrap_err();
            assert_eq!((error.kind(), error.place().byte), (kind, Some(byte)), "{error}");
        }
        assert_eq!(read("[".repeat(5000).as_bytes()).unwrap_err().kind(), ErrorKind::LimitExceeded);
        assert_eq!(
            read(format!("[{}[]]", "[],".repeat(300_000)).as_bytes()).unwrap_err().kind(),
            ErrorKind::LimitExceeded
        );
    }
}
