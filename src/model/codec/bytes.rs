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
///
/// An item that cannot be read is zero or empty, and so are all after it: [`Reader::so_far`] and [`Reader::end`] then say what
/// was wrong first. So a fixed run of items needs one check, not one for each.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    kinds: Vec<&'a str>,
    failure: Option<&'static str>,
}

const UNREADABLE: &str = "a part of the file does not decode";

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, kinds: Vec::new(), failure: None }
    }

    /// The names of the kinds that were read.
    pub(super) fn kinds(&self) -> &[&'a str] {
        &self.kinds
    }

    /// Refuses what could not be read.
    pub(super) fn so_far(&self) -> Result<()> {
        self.failure.map_or(Ok(()), |failure| Err(invalid(failure)))
    }

    /// Refuses that, and bytes that are left over.
    pub(super) fn end(&self) -> Result<()> {
        self.so_far()?;
        match self.bytes {
            [] => Ok(()),
            _ => Err(invalid("a part of the file goes on after its end")),
        }
    }

    /// Takes over the kinds within a kind that was read, which must be at its end.
    pub(super) fn close(&mut self, body: Self) -> Result<()> {
        body.end()?;
        self.kinds.extend(body.kinds);
        Ok(())
    }

    /// Whether nothing is left to read.
    pub(super) fn is_over(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Remembers the first failure, and reads nothing more.
    #[cold]
    #[inline(never)]
    pub(super) fn fail(&mut self, failure: &'static str) {
        self.failure.get_or_insert(failure);
        self.bytes = &[];
    }

    pub(super) fn item<T: BorrowDecode<'a, ()> + Default>(&mut self) -> T {
        // bincode's own words name its types rather than the file's parts, and take 8 KB of the predict build.
        match bincode::borrow_decode_from_slice(self.bytes, bincode::config::standard()) {
            Ok((item, read)) => {
                self.bytes = &self.bytes[read..];
                item
            }
            Err(_) => {
                self.fail(UNREADABLE);
                T::default()
            }
        }
    }

    /// A whole number in its shortest form: a model must have one file only, by whose digest it is known.
    #[inline(never)]
    pub(super) fn whole(&mut self) -> u64 {
        let n_bytes = self.bytes.len();
        let number = self.item();
        let shortest = match number {
            0..251 => 1,
            251..0x1_0000 => 3,
            0x1_0000..0x1_0000_0000 => 5,
            _ => 9,
        };
        if n_bytes - self.bytes.len() != shortest {
            self.fail(UNREADABLE);
            return 0;
        }
        number
    }

    /// Bytes, after how many there are.
    #[inline(never)]
    fn bytes(&mut self) -> &'a [u8] {
        let length = usize::try_from(self.whole()).unwrap_or(usize::MAX);
        match self.bytes.split_at_checked(length) {
            Some((bytes, rest)) => {
                self.bytes = rest;
                bytes
            }
            None => {
                self.fail(UNREADABLE);
                &[]
            }
        }
    }

    /// A whole number of 32 bits, in the same form.
    pub(super) fn word(&mut self) -> u32 {
        u32::try_from(self.whole()).unwrap_or_else(|_| {
            self.fail(UNREADABLE);
            0
        })
    }

    /// A position. One that is too large for memory is none of a list that is there.
    pub(super) fn position(&mut self) -> usize {
        usize::try_from(self.whole()).unwrap_or(usize::MAX)
    }

    #[inline(never)]
    pub(super) fn number(&mut self) -> f64 {
        self.item()
    }

    #[inline(never)]
    pub(super) fn text(&mut self) -> &'a str {
        std::str::from_utf8(self.bytes()).unwrap_or_else(|_| {
            self.fail(UNREADABLE);
            ""
        })
    }

    #[inline(never)]
    pub(super) fn owned(&mut self) -> String {
        self.text().to_owned()
    }

    /// The byte of a flag, of an optional item, or of one of a few choices.
    #[inline(never)]
    pub(super) fn choice(&mut self, choices: u8) -> u8 {
        let choice = self.item();
        if choice < choices {
            return choice;
        }
        self.fail(UNREADABLE);
        0
    }

    pub(super) fn flag(&mut self) -> bool {
        self.choice(2) == 1
    }

    pub(super) fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| read(self))
    }

    /// How many items follow, if they are no more than this many: an item can be smaller in the file than in memory.
    #[inline(never)]
    pub(super) fn length(&mut self, most: usize) -> u64 {
        let length = self.whole();
        if length <= most as u64 {
            return length;
        }
        self.fail("a list of the file has more items than models have");
        0
    }

    pub(super) fn list<T>(&mut self, most: usize, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut items = Vec::new();
        for _ in 0..self.length(most) {
            items.push(read(self));
            if self.failure.is_some() {
                break;
            }
        }
        items
    }

    #[inline(never)]
    pub(super) fn numbers(&mut self) -> Vec<f64> {
        self.list(usize::MAX, Self::number)
    }

    #[inline(never)]
    pub(super) fn wholes(&mut self, most: usize) -> Vec<u64> {
        self.list(most, Self::whole)
    }

    #[inline(never)]
    pub(super) fn texts(&mut self, most: usize) -> Vec<String> {
        self.list(most, Self::owned)
    }

    /// One of several kinds: its name, and a reader of what it is, which must be read to its end.
    #[inline(never)]
    pub(super) fn kind(&mut self) -> Result<(&'a str, Self)> {
        let (name, body) = (self.text(), self.bytes());
        self.so_far()?;
        self.kinds.push(name);
        Ok((name, Self::new(body)))
    }
}

/// The error about what a later version may read.
#[cold]
#[inline(never)]
pub(super) fn unknown(name: &str) -> Error {
    // A forged name may have control characters, which a terminal obeys.
    let plain: String = name.chars().map(|char| if char.is_control() { '\u{FFFD}' } else { char }).collect();
    let name = quote(&plain);
    let message = format!(
        "the model needs {name}, which this build of tepal does not know; update tepal, or fetch the file again if it may be \
         damaged"
    );
    Error::new(ErrorKind::UnsupportedVersion, message)
}
