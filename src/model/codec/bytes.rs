//! Parts of a file as bytes, item by item: bincode writes and reads the items. Reading straight into the live types takes a
//! third of the code that structs of a file's own would, which is what the predict build mostly is.

use crate::error::{Error, ErrorKind, Result, quote};
use crate::model::invalid::invalid;
use bincode::{BorrowDecode, Encode};

/// The order of sums: eight lanes, halved three times.
pub(super) const LANES_8: &str = "lanes-8";

/// Writes items one behind the other.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    kinds: Vec<&'static str>,
}

impl Writer {
    /// The bytes, and the kinds among them, sorted, each once.
    pub(super) fn finish(self) -> (Vec<u8>, Vec<&'static str>) {
        let mut kinds = self.kinds;
        kinds.sort_unstable();
        kinds.dedup();
        (self.bytes, kinds)
    }

    /// A number, a text, a flag, or an optional one of these.
    pub(super) fn item(&mut self, item: impl Encode) -> Result<()> {
        let bytes = bincode::encode_to_vec(item, bincode::config::standard())
            .map_err(|error| Error::new(ErrorKind::Internal, format!("the model cannot be written: {error}")))?;
        self.bytes.extend_from_slice(&bytes);
        Ok(())
    }

    /// How many there are, then each.
    pub(super) fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T) -> Result<()>) -> Result<()> {
        self.item(items.len() as u64)?;
        items.iter().try_for_each(|item| write(self, item))
    }

    /// The same of items that are written as they are.
    pub(super) fn items<T: Encode>(&mut self, items: &[T]) -> Result<()> {
        self.list(items, |writer, item| writer.item(item))
    }

    /// One of several kinds: its name, how many bytes it has, and these.
    pub(super) fn kind(&mut self, name: &'static str, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let mut body = Self::default();
        write(&mut body)?;
        self.kinds.push(name);
        self.kinds.append(&mut body.kinds);
        self.item(name)?;
        self.item(body.bytes)
    }
}

/// Reads items one behind the other. A forged length runs past the end, and nothing of its size is allocated before.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    kinds: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, kinds: Vec::new() }
    }

    /// The names of the kinds that were read.
    pub(super) fn kinds(&self) -> &[&'a str] {
        &self.kinds
    }

    /// Refuses bytes that are left over.
    pub(super) fn end(&self) -> Result<()> {
        match self.bytes {
            [] => Ok(()),
            _ => Err(invalid("a part of the file goes on after its end")),
        }
    }

    pub(super) fn item<T: BorrowDecode<'a, ()>>(&mut self) -> Result<T> {
        // bincode's own words name its types rather than the file's parts, and take 8 KB of the predict build.
        let (item, read) = bincode::borrow_decode_from_slice(self.bytes, bincode::config::standard())
            .map_err(|_| invalid("a part of the file does not decode"))?;
        self.bytes = &self.bytes[read..];
        Ok(item)
    }

    #[inline(never)]
    pub(super) fn whole(&mut self) -> Result<u64> {
        self.item()
    }

    /// A position. One that is too large for memory is none of a list that is there.
    pub(super) fn position(&mut self) -> Result<usize> {
        Ok(usize::try_from(self.whole()?).unwrap_or(usize::MAX))
    }

    #[inline(never)]
    pub(super) fn number(&mut self) -> Result<f64> {
        self.item()
    }

    #[inline(never)]
    pub(super) fn text(&mut self) -> Result<&'a str> {
        self.item()
    }

    pub(super) fn owned(&mut self) -> Result<String> {
        Ok(self.text()?.to_owned())
    }

    /// The byte of a flag, of an optional item, or of one of a few choices.
    #[inline(never)]
    pub(super) fn choice(&mut self, choices: u8) -> Result<u8> {
        let choice = self.item()?;
        if choice < choices { Ok(choice) } else { Err(invalid("a part of the file does not decode")) }
    }

    pub(super) fn flag(&mut self) -> Result<bool> {
        Ok(self.choice(2)? == 1)
    }

    pub(super) fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        if self.flag()? { read(self).map(Some) } else { Ok(None) }
    }

    /// How many items follow, if they are no more than this many: an item can be smaller in the file than in memory.
    pub(super) fn length(&mut self, most: usize) -> Result<u64> {
        let length = self.whole()?;
        if length <= most as u64 {
            Ok(length)
        } else {
            Err(invalid("a list of the file has more items than models have"))
        }
    }

    pub(super) fn list<T>(&mut self, most: usize, mut read: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let mut items = Vec::new();
        for _ in 0..self.length(most)? {
            items.push(read(self)?);
        }
        Ok(items)
    }

    #[inline(never)]
    pub(super) fn numbers(&mut self) -> Result<Vec<f64>> {
        self.list(usize::MAX, Self::number)
    }

    #[inline(never)]
    pub(super) fn wholes(&mut self, most: usize) -> Result<Vec<u64>> {
        self.list(most, Self::whole)
    }

    #[inline(never)]
    pub(super) fn texts(&mut self, most: usize) -> Result<Vec<String>> {
        self.list(most, Self::owned)
    }

    /// One of several kinds: its name, and a reader of what it is, which must be read to its end.
    #[inline(never)]
    pub(super) fn kind(&mut self) -> Result<(&'a str, Self)> {
        let (name, body) = (self.text()?, self.item()?);
        self.kinds.push(name);
        Ok((name, Self::new(body)))
    }
}

/// The error about what a later version may read.
#[cold]
#[inline(never)]
pub(super) fn unknown(name: &str) -> Error {
    let name = quote(&name.escape_default().to_string());
    let message = format!("the model needs {name}, which this build of tepal does not know; update tepal");
    Error::new(ErrorKind::UnsupportedVersion, message)
}
