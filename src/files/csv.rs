//! A table on disk that is larger than memory.

use super::name;
use crate::dataset::Source;
use crate::error::{Error, ErrorKind, Result};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A CSV file that is read again and again. It is refused when its size or its time of change is not what it was.
#[derive(Debug)]
pub struct CsvFile {
    path: PathBuf,
    size: u64,
    modified: Option<SystemTime>,
}

impl CsvFile {
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

    fn read_part(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut file = std::fs::File::open(&self.path)?;
        let metadata = file.metadata()?;
        if metadata.len() != self.size || metadata.modified().ok() != self.modified {
            return Err(io::Error::other("the file changed while it was read"));
        }
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = vec![0; length];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

impl Source for CsvFile {
    fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>> {
        // A handle for each read, so that threads do not move each other's place.
        self.read_part(offset, length).map_err(|error| Error::new(ErrorKind::Io, error.to_string()))
    }
}
