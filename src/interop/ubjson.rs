//! Universal Binary JSON (draft 12), as XGBoost writes it: numbers are big-endian.

use super::document::{Data, ListBuilder, most_mixed, most_values, object};
use crate::error::{Error, ErrorKind, Result, quote};
use std::borrow::Cow;

/// The deepest nesting of a model of XGBoost is 8.
const DEPTH: usize = 64;

/// The document of a file.
///
/// # Errors
/// With the byte: [`ErrorKind::Truncated`], [`ErrorKind::InvalidModel`], [`ErrorKind::LimitExceeded`].
pub(super) fn read(bytes: &[u8]) -> Result<Data<'_>> {
    let mut reader = Reader { bytes, at: 0, n_left: most_values(bytes.len()), n_mixed: most_mixed(bytes.len()) };
    let marker = reader.marker()?;
    let document = reader.value(marker, 0)?;
    if reader.at < bytes.len() { Err(reader.wrong("bytes behind the end of the document")) } else { Ok(document) }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// So many values other than numbers may follow.
    n_left: usize,
    /// So many may follow in lists of mixed values.
    n_mixed: usize,
}

/// How a list or fields go on.
struct Size {
    marker: Option<u8>,
    count: Option<usize>,
}

impl<'a> Reader<'a> {
    #[cold]
    fn wrong(&self, found: &str) -> Error {
        Error::new(ErrorKind::InvalidModel, format!("not UBJSON: found {found}")).at_byte(self.at as u64)
    }

    #[cold]
    fn too_many(&self) -> Error {
        let message = "the file has more short values, or deeper ones, than a model has";
        Error::new(ErrorKind::LimitExceeded, message).at_byte(self.at as u64)
    }

    fn take(&mut self, n_bytes: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(n_bytes).filter(|end| *end <= self.bytes.len());
        let Some(end) = end else {
            let message = format!("the file ends within {n_bytes} bytes that begin here");
            return Err(Error::new(ErrorKind::Truncated, message).at_byte(self.at as u64));
        };
        let bytes = &self.bytes[self.at..end];
        self.at = end;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    /// The next marker, behind those that mean nothing.
    fn marker(&mut self) -> Result<u8> {
        loop {
            let [marker] = self.array()?;
            if marker != b'N' {
                return Ok(marker);
            }
        }
    }

    /// Whether this marker comes next; it is then taken.
    fn takes(&mut self, marker: u8) -> bool {
        let is_next = self.bytes.get(self.at) == Some(&marker);
        self.at += usize::from(is_next);
        is_next
    }

    /// A number of a marker; `None` for other markers.
    fn number(&mut self, marker: u8) -> Result<Option<f64>> {
        Ok(Some(match marker {
            b'i' => f64::from(i8::from_be_bytes(self.array()?)),
            b'U' => f64::from(u8::from_be_bytes(self.array()?)),
            b'I' => f64::from(i16::from_be_bytes(self.array()?)),
            b'l' => f64::from(i32::from_be_bytes(self.array()?)),
            b'L' => i64::from_be_bytes(self.array()?) as f64,
            b'd' => f64::from(f32::from_be_bytes(self.array()?)),
            b'D' => f64::from_be_bytes(self.array()?),
            _ => return Ok(None),
        }))
    }

    fn length(&mut self) -> Result<usize> {
        let marker = self.marker()?;
        let number = if matches!(marker, b'd' | b'D') { None } else { self.number(marker)? };
        number.filter(|number| *number >= 0.0).map(|number| number as usize).ok_or_else(|| self.wrong("no length"))
    }

    fn text(&mut self) -> Result<Cow<'a, str>> {
        let length = self.length()?;
        let begin = self.at;
        let bytes = self.take(length)?;
        let at = |error: std::str::Utf8Error| {
            Error::new(ErrorKind::Encoding, "expected UTF-8").at_byte((begin + error.valid_up_to()) as u64)
        };
        std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(at)
    }

    fn value(&mut self, marker: u8, depth: usize) -> Result<Data<'a>> {
        if let Some(number) = self.number(marker)? {
            return Ok(Data::Number(number));
        }
        if depth == DEPTH || self.n_left == 0 {
            return Err(self.too_many());
        }
        self.n_left -= 1;
        match marker {
            b'Z' => Ok(Data::Null),
            b'T' => Ok(Data::Flag(true)),
            b'F' => Ok(Data::Flag(false)),
            b'C' => Ok(Data::Text(char::from(self.array::<1>()?[0]).to_string().into())),
            b'S' | b'H' => self.text().map(Data::Text),
            b'[' => self.list(depth + 1),
            b'{' => self.fields(depth + 1),
            _ => Err(self.wrong(&format!("the marker {}", quote(&char::from(marker).to_string())))),
        }
    }

    /// The kind of all items and their count, where they are said before. A kind without bytes would be a list without end.
    fn size(&mut self) -> Result<Size> {
        let marker = if self.takes(b'$') { Some(self.marker()?) } else { None };
        let count = if self.takes(b'#') { Some(self.length()?) } else { None };
        if marker.is_some_and(|marker| !b"iUIlLdDSH".contains(&marker) || count.is_none()) {
            return Err(self.wrong("a list of a kind that XGBoost does not write"));
        }
        Ok(Size { marker, count })
    }

    /// Whether another item follows.
    fn has_next(&mut self, n_done: usize, count: Option<usize>, end: u8) -> bool {
        match count {
            Some(count) => n_done < count,
            None => !self.takes(end),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Data<'a>> {
        let Size { marker, count } = self.size()?;
        let (mut list, mut n_done) = (ListBuilder::default(), 0);
        while self.has_next(n_done, count, b']') {
            let marker = marker.map_or_else(|| self.marker(), Ok)?;
            list.push(self.value(marker, depth)?);
            if list.is_mixed() {
                self.n_mixed = self.n_mixed.checked_sub(1).ok_or_else(|| self.too_many())?;
            }
            n_done += 1;
        }
        Ok(list.finish())
    }

    fn fields(&mut self, depth: usize) -> Result<Data<'a>> {
        let Size { marker, count } = self.size()?;
        let mut fields = Vec::new();
        while self.has_next(fields.len(), count, b'}') {
            let name = self.text()?;
            let marker = marker.map_or_else(|| self.marker(), Ok)?;
            fields.push((name, self.value(marker, depth)?));
        }
        object(fields).map_err(|error| error.at_byte(self.at as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read() {
        let bytes = b"{L\0\0\0\0\0\0\0\x01a[$d#L\0\0\0\0\0\0\0\x02\x3f\x80\0\0\xc0\0\0\0i\x01b[SU\x02hii\xff]i\x01cT}";
        let document = read(bytes).unwrap();
        assert_eq!(document.numbers("a").unwrap()[..], [1.0, -2.0]);
        assert_eq!(document.list("b").unwrap(), [Data::Text("hi".into()), Data::Number(-1.0)]);
        assert_eq!(document.get("c"), Some(&Data::Flag(true)));
    }

    #[test]
    fn what_is_no_ubjson_is_refused() {
        let cases: [(&[u8], ErrorKind); 7] = [
            (b"{L\0\0\0", ErrorKind::Truncated),
            (b"{i\x01a[$d#L\x7f\0\0\0\0\0\0\x02\0\0\0\0", ErrorKind::Truncated),
            (b"{i\x01a[$Z#L\x7f\0\0\0\0\0\0\x02}", ErrorKind::InvalidModel),
            (b"{i\xffa", ErrorKind::InvalidModel),
            (b"{i\x01aQ}", ErrorKind::InvalidModel),
            (b"{}{}", ErrorKind::InvalidModel),
            (b"{i\x01aSi\x01\xff}", ErrorKind::Encoding),
        ];
        for (bytes, kind) in cases {
            assert_eq!(read(bytes).unwrap_err().kind(), kind);
        }
        assert_eq!(read(&[b'['; 5000]).unwrap_err().kind(), ErrorKind::LimitExceeded);
    }
}
