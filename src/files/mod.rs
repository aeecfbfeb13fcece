//! Files that the command line and the server read and write. Every error names the file.

use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::model::Model;
use std::io::{self, Read, Write};
use std::path::Path;

/// What stands for standard input where a path is expected.
pub const STANDARD_INPUT: &str = "-";

/// A file's bytes, or those of standard input for `-`.
///
/// # Errors
/// [`ErrorKind::Io`], and [`ErrorKind::LimitExceeded`] as soon as there are more than `limit` bytes.
pub fn read(path: &Path, limit: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let more_than_allowed = limit as u64 + 1;
    let read = if path == Path::new(STANDARD_INPUT) {
        io::stdin().take(more_than_allowed).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(more_than_allowed).read_to_end(&mut bytes))
    };
    read.map_err(|error| name(path, &Error::new(ErrorKind::Io, error.to_string())))?;
    if bytes.len() > limit {
        let message = format!("expected at most {limit} bytes");
        return Err(name(path, &Error::new(ErrorKind::LimitExceeded, message)));
    }
    Ok(bytes)
}

/// The size of a regular file; 0 for anything else.
pub fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| if metadata.is_file() { metadata.len() } else { 0 })
}

/// The model in a file.
///
/// # Errors
/// Those of [`read`] and of [`Model::decode`].
pub fn read_model(path: &Path) -> Result<Model> {
    let bytes = read(path, limits::MODEL_BYTES)?;
    Model::decode(&bytes).map_err(|error| name(path, &error))
}

/// Refuses to write over the file that is read.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] where both paths lead to one file.
pub fn check_apart(read: &Path, written: &Path) -> Result<()> {
    let place = |path: &Path| std::fs::canonicalize(path).ok().filter(|path| path.is_file());
    match place(written).is_some_and(|written| place(read) == Some(written)) {
        false => Ok(()),
        true => {
            let message =
                format!("{}: the output would replace the file that is read; name another", written.display());
            Err(Error::new(ErrorKind::InvalidOption, message))
        }
    }
}

/// Writes a file whole or not at all: beside its place first, then moved there. A link is followed, and what is no
/// regular file, such as a pipe or a device, is written to where it stands.
///
/// # Errors
/// [`ErrorKind::Io`].
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    write_with(path, |file| file.write_all(bytes).map_err(|error| unwritable(path, &error)))
}

/// The same, written piece by piece. The file is kept also when all of it was written and the last word is an error about
/// some of its rows.
///
/// # Errors
/// [`ErrorKind::Io`], and those of `write`.
pub fn write_with(path: &Path, write: impl FnOnce(&mut (dyn Write + Send)) -> Result<()>) -> Result<()> {
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let open = |path: &Path| std::fs::File::create(path).map(std::io::BufWriter::new);
    let refuse = |error: std::io::Error| unwritable(path, &error);
    if target.exists() && !target.is_file() {
        let mut file = std::fs::OpenOptions::new().write(true).open(&target).map_err(refuse)?;
        return write(&mut file);
    }
    let mut partial = target.as_os_str().to_owned();
    partial.push(format!(".{}.partial", std::process::id()));
    let written = open(partial.as_ref()).map_err(refuse).and_then(|mut file| {
        let outcome = write(&mut file);
        file.flush().map_err(refuse)?;
        match outcome {
            Err(error) if error.kind() != ErrorKind::NotScored => Err(error),
            outcome => std::fs::rename(&partial, &target).map_err(refuse).and(outcome),
        }
    });
    if written.as_ref().is_err_and(|error| error.kind() != ErrorKind::NotScored) {
        // What a failed write leaves is of no use.
        let _ = std::fs::remove_file(&partial);
    }
    written
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    name(path, &Error::new(ErrorKind::Io, error.to_string()))
}

/// The same error with the file's name before its place.
pub fn name(path: &Path, error: &Error) -> Error {
    let file = if path == Path::new(STANDARD_INPUT) { "standard input".into() } else { path.display().to_string() };
    Error::new(error.kind(), format!("{file}: {error}"))
}
