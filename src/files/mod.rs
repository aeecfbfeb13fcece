//! Files that the command line and the server read and write. Every error names the file.

use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::model::Model;
use std::io::{self, Read, Write};
use std::path::Path;
use tempfile::Builder;

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
    let refuse = |error: std::io::Error| unwritable(path, &error);
    // What cannot be looked at is not written to: a regular file that is taken for a pipe would be written over in its place.
    let target = match std::fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
        found => found.map_err(refuse)?,
    };
    let found = match std::fs::metadata(&target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        found => Some(found.map_err(refuse)?),
    };
    if found.as_ref().is_some_and(|found| !found.is_file()) {
        let mut file = std::fs::OpenOptions::new().write(true).open(&target).map_err(refuse)?;
        return write(&mut file);
    }
    // A name that cannot be guessed, and a file that was not there: nobody has put a link in its place.
    let folder = target.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let mut beside = Builder::new();
    let (prefix, permissions) =
        (format!(".{}.", name.chars().take(NAME_CHARACTERS).collect::<String>()), permissions(found.as_ref()));
    beside.prefix(&prefix).suffix(".partial");
    if let Some(permissions) = permissions {
        beside.permissions(permissions);
    }
    // Dropped before it is moved, it is removed: what a failed write leaves is of no use.
    let mut partial = beside.tempfile_in(folder).map_err(refuse)?;
    let mut file = std::io::BufWriter::new(partial.as_file_mut());
    let outcome = write(&mut file);
    file.flush().map_err(refuse)?;
    drop(file);
    match outcome {
        Err(error) if error.kind() != ErrorKind::NotScored => Err(error),
        outcome => {
            // After a power cut there is the old file or the new one: the data come before the name, and the name is kept.
            partial.as_file().sync_all().map_err(refuse)?;
            partial.persist(&target).map_err(|error| refuse(error.error))?;
            sync_folder(folder).map_err(refuse)?;
            outcome
        }
    }
}

/// So much of a file's name is in the name beside it, which may not be too long either.
const NAME_CHARACTERS: usize = 40;

/// The permissions of a file that is replaced, or those that a new file has.
#[cfg(unix)]
fn permissions(replaced: Option<&std::fs::Metadata>) -> Option<std::fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    let usual = || std::fs::Permissions::from_mode(0o666);
    Some(replaced.map_or_else(usual, std::fs::Metadata::permissions))
}

#[cfg(not(unix))]
fn permissions(_: Option<&std::fs::Metadata>) -> Option<std::fs::Permissions> {
    None
}

/// Keeps the names in a folder over a power cut. Some file systems cannot.
fn sync_folder(folder: &Path) -> io::Result<()> {
    let synced = if cfg!(unix) { std::fs::File::open(folder).and_then(|folder| folder.sync_all()) } else { Ok(()) };
    match synced {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied
            ) =>
        {
            Ok(())
        }
        synced => synced,
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    name(path, &Error::new(ErrorKind::Io, error.to_string()))
}

/// The same error with the file's name before its place.
pub fn name(path: &Path, error: &Error) -> Error {
    let file = if path == Path::new(STANDARD_INPUT) { "standard input".into() } else { path.display().to_string() };
    Error::new(error.kind(), format!("{file}: {error}"))
}
