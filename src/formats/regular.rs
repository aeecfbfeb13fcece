//! A file on disk that may be larger than memory.

use crate::dataset::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::files::name;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file that is read again and again. It is refused when its size or its time of change is not what it was.
#[derive(Debug, Clone)]
pub struct RegularFile {
    path: PathBuf,
    size: u64,
    modified: Option<SystemTime>,
}

impl RegularFile {
    /// Notes a regular file's size and time.
    ///
    /// # Errors
    /// [`ErrorKind::Io`], also for what is no regular file: a pipe can be read once only.
    pub fn open(path: &Path) -> Result<Self> {
        let refuse = |reason: String| name(path, &Error::new(ErrorKind::Io, reason));
        let metadata = std::fs::metadata(path).map_err(|error| refuse(error.to_string()))?;
        if !metadata.is_file() {
            return Err(refuse("expected a file that can be read more than once".into()));
        }
        Ok(Self { path: path.to_owned(), size: metadata.len(), modified: metadata.modified().ok() })
    }

    /// A handle for each read, so that threads do not move each other's place.
    pub(super) fn from(&self, offset: u64) -> io::Result<File> {
        let mut file = File::open(&self.path)?;
        let metadata = file.metadata()?;
        if metadata.len() != self.size || metadata.modified().ok() != self.modified {
            return Err(io::Error::other("the file changed while it was read"));
        }
        file.seek(SeekFrom::Start(offset))?;
        Ok(file)
    }
}

impl Source for RegularFile {
    fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(length);
        let read = self.from(offset).and_then(|file| file.take(length as u64).read_to_end(&mut bytes));
        match read {
            Ok(n_read) if n_read == length => Ok(bytes),
            Ok(_) => Err(Error::new(ErrorKind::Io, "the file ended early")),
            Err(error) => Err(Error::new(ErrorKind::Io, error.to_string())),
        }
    }
}
