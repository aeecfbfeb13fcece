//! Model files, with the names and versions of their models.

use super::version::Version;
use crate::error::{Error, ErrorKind, Result};
use crate::files;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The file or the folder of the models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelLocation {
    /// One file.
    File(PathBuf),
    /// A folder: `iris.tepal`, `iris@2.tepal` and `iris/2.tepal` are versions of `iris`.
    Folder(PathBuf),
    /// A folder of one model: every file in it, and in its folders, is a version.
    Versions {
        /// The folder.
        folder: PathBuf,
        /// The model's name.
        name: String,
    },
}

/// A file that should be a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ModelFile {
    pub(super) path: PathBuf,
    pub(super) name: String,
    pub(super) version: Version,
    pub(super) stamp: Stamp,
}

/// Properties of a file that differ when the file has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    /// The file's number on its disk: a file that was moved over another may be older than it.
    node: u64,
}

impl Stamp {
    fn new(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let node = std::os::unix::fs::MetadataExt::ino(metadata);
        #[cfg(not(unix))]
        let node = 0;
        Self { length: metadata.len(), modified: metadata.modified().ok(), node }
    }
}

const EXTENSION: &str = "tepal";

impl ModelLocation {
    /// The folder to watch. For a single file, it is the file's folder: another file may be moved over it.
    pub(super) fn folder(&self) -> &Path {
        match self {
            Self::File(file) => match file.parent() {
                Some(folder) if folder != Path::new("") => folder,
                _ => Path::new("."),
            },
            Self::Folder(folder) | Self::Versions { folder, .. } => folder,
        }
    }

    /// Whether this is one file.
    pub(super) fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// The model files that exist now, in the order of their paths.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the file or the folder cannot be read.
    pub(super) fn find_files(&self) -> Result<Vec<ModelFile>> {
        match self {
            Self::File(file) => {
                let metadata = fs::metadata(file).map_err(|error| unreadable(file, &error))?;
                let (name, version) = name_and_version(&stem(file));
                Ok(vec![ModelFile { path: file.clone(), name, version, stamp: Stamp::new(&metadata) }])
            }
            Self::Folder(folder) => find_in(folder, |above, stem| match above {
                None => name_and_version(stem),
                Some(above) => (above.to_owned(), parse_version(stem)),
            }),
            Self::Versions { folder, name } => find_in(folder, |above, stem| {
                let above = above.map(parse_version).filter(|version| *version != Version::first());
                (name.clone(), above.unwrap_or_else(|| parse_version(stem)))
            }),
        }
    }
}

/// The model files of a folder and of the folders in it. `name` takes the inner folder, if there is one, and the file's name
/// without its extension.
fn find_in(folder: &Path, name: impl Fn(Option<&str>, &str) -> (String, Version)) -> Result<Vec<ModelFile>> {
    let mut found = Vec::new();
    let mut add = |path: PathBuf, metadata: &Metadata, above: Option<&str>| {
        if path.extension().is_some_and(|extension| extension == EXTENSION) {
            let (name, version) = name(above, &stem(&path));
            found.push(ModelFile { path, name, version, stamp: Stamp::new(metadata) });
        }
    };
    for (path, metadata) in entries(folder).map_err(|error| unreadable(folder, &error))? {
        if metadata.is_file() {
            add(path, &metadata, None);
        } else if metadata.is_dir() {
            let above = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let inner = match entries(&path) {
                Ok(inner) => inner,
                // A folder that the server may not read is skipped: a disk's lost+found, for example.
                Err(error) if is_absent(&error) => continue,
                Err(error) => return Err(unreadable(&path, &error)),
            };
            inner.into_iter().filter(|(_, metadata)| metadata.is_file()).for_each(|(path, metadata)| {
                add(path, &metadata, above.as_deref());
            });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// The entries of a folder. Links are followed. Hidden entries are skipped: Kubernetes stores there the files that it links to.
///
/// # Errors
/// Those of the folder and of each entry: a disk that fails for a moment must not look like an empty folder. An entry that is
/// gone by now, or that the server may not read, is skipped.
fn entries(folder: &Path) -> io::Result<Vec<(PathBuf, Metadata)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        match fs::metadata(entry.path()) {
            Ok(metadata) => found.push((entry.path(), metadata)),
            Err(error) if is_absent(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied)
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    files::name(path, &Error::new(ErrorKind::Io, error.to_string()))
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn name_and_version(stem: &str) -> (String, Version) {
    match stem.rsplit_once('@') {
        Some((name, version)) if !name.is_empty() && !version.is_empty() => (name.to_owned(), Version::new(version)),
        _ => (stem.to_owned(), Version::first()),
    }
}

/// The version in the name of a file or folder within a model's own folder: `2`, `2026-11`, `v3` or `risk@2`. Any other name
/// means the first version.
fn parse_version(name: &str) -> Version {
    let begins_with_digit = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    match name.rsplit_once('@') {
        Some((_, version)) if !version.is_empty() => Version::new(version),
        _ if begins_with_digit(name) || name.strip_prefix('v').is_some_and(begins_with_digit) => Version::new(name),
        _ => Version::first(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(location: &ModelLocation) -> Vec<String> {
        let mut names: Vec<_> =
            location.find_files().unwrap().iter().map(|found| format!("{} {}", found.name, found.version)).collect();
        names.sort();
        names
    }

    #[test]
    fn files_have_names_and_versions() {
        let folder = tempfile::TempDir::new().unwrap();
        let files = [
            "a.tepal",
            "a@2.tepal",
            "a/10.tepal",
            "b/model.tepal",
            "b/v3.tepal",
            ".hidden/c.tepal",
            "d.tepal.9.partial",
        ];
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let all = ModelLocation::Folder(folder.path().to_owned());
        assert_eq!(names(&all), ["a 1", "a 10", "a 2", "b 1", "b v3"]);
        let one = ModelLocation::Versions { folder: folder.path().to_owned(), name: "risk".into() };
        assert_eq!(names(&one), ["risk 1", "risk 1", "risk 10", "risk 2", "risk v3"]);
        assert_eq!(names(&ModelLocation::File(folder.path().join("a@2.tepal"))), ["a 2"]);
        let gone = ModelLocation::Folder(folder.path().join("gone")).find_files().unwrap_err();
        assert!(gone.to_string().contains("gone: No such file"), "{gone}");
    }

    #[test]
    fn a_folder_of_a_version_has_it_whatever_its_file_is_called() {
        let folder = tempfile::TempDir::new().unwrap();
        for version in ["2", "10"] {
            fs::create_dir(folder.path().join(version)).unwrap();
            fs::write(folder.path().join(version).join("risk-final.tepal"), "").unwrap();
        }
        let one = ModelLocation::Versions { folder: folder.path().to_owned(), name: "risk".into() };
        assert_eq!(names(&one), ["risk 10", "risk 2"]);
    }
}
