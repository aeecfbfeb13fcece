//! The models that answer: opened from files, replaced between two requests, chosen by name, version and weight.

mod folder;
mod loaded;
mod traffic;
mod version;
mod watch;

pub use folder::ModelLocation;
pub(super) use loaded::Loaded;
pub use traffic::Traffic;
pub(super) use version::Version;
pub(super) use watch::Watch;

use super::metrics::Metrics;
use crate::error::{Error, ErrorKind, Result, did_you_mean, list_names, quote};
use arc_swap::ArcSwap;
use folder::{ModelFile, Stamp};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// The models, which change while requests are answered.
#[derive(Debug)]
pub(super) struct Models {
    location: ModelLocation,
    default: Option<String>,
    traffic: ArcSwap<BTreeMap<String, Traffic>>,
    now: ArcSwap<Catalogue>,
    metrics: Arc<Metrics>,
    /// Held during a reload: one reload runs at a time.
    reloading: Mutex<()>,
}

/// The models at one moment.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    /// Versions by the model's name, oldest first; at least one each.
    models: BTreeMap<String, Vec<Arc<Loaded>>>,
    /// Files that could not be opened.
    problems: Vec<Problem>,
}

/// The reason why a file cannot be used.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Problem {
    pub(super) error: String,
    pub(super) kind: &'static str,
    #[serde(skip)]
    file: Option<(PathBuf, Stamp)>,
}

/// The version that answers a request.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) loaded: Arc<Loaded>,
    /// The version that scores the same rows, and whose answers no client sees.
    pub(super) shadow: Option<Arc<Loaded>>,
}

/// The model and the version that a request names.
#[derive(Debug, Clone, Default)]
pub(super) struct ModelSelector {
    pub(super) model: Option<String>,
    pub(super) version: Option<String>,
}

impl Models {
    /// Opens the model files.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] for a missing file or folder; when no file can be opened, the error of the first.
    pub(super) fn open(
        location: ModelLocation,
        default: Option<String>,
        traffic: BTreeMap<String, Traffic>,
        metrics: Arc<Metrics>,
    ) -> Result<Self> {
        let found = location.find_files()?;
        let (catalogue, failures) = Catalogue::default().updated(&found, &metrics);
        if let (true, Some(error)) = (catalogue.models.is_empty(), failures.into_iter().next()) {
            return Err(error);
        }
        let (traffic, now) = (ArcSwap::from_pointee(traffic), ArcSwap::from_pointee(catalogue));
        Ok(Self { location, default, traffic, now, metrics, reloading: Mutex::new(()) })
    }

    /// Reads the folder, and replaces the models by the files found. A file that cannot be opened is logged, counted and
    /// reported by `/readyz`; its model stays as it was. The call takes as long as reading the files.
    pub(super) fn reload(&self) {
        let _one_at_a_time = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.now.load_full();
        let (mut new, failures) = match self.location.find_files() {
            Ok(found) => old.updated(&found, &self.metrics),
            Err(error) => {
                let is_known = old.problems.iter().any(|problem| problem.error == error.to_string());
                let unchanged = Catalogue { models: old.models.clone(), problems: vec![Problem::new(&error)] };
                (unchanged, if is_known { Vec::new() } else { vec![error] })
            }
        };
        for error in &failures {
            self.metrics.reload_failures.inc();
            tracing::error!(kind = error.kind().as_str(), "not loaded, what was there goes on: {error}");
        }
        if new.models.is_empty() && !old.models.is_empty() {
            let error = Error::new(ErrorKind::Io, "the folder has no model any more; the last ones go on answering");
            if !old.problems.iter().any(|problem| problem.error == error.message()) {
                tracing::error!("{error}");
            }
            new.models.clone_from(&old.models);
            new.problems.push(Problem::new(&error));
        }
        for loaded in new.all().filter(|loaded| !old.all().any(|other| Arc::ptr_eq(loaded, other))) {
            self.metrics.reloads.inc();
            tracing::info!(model = &*loaded.name, version = loaded.version.as_str(), digest = loaded.digest, "loaded");
        }
        let gone = |loaded: &&Arc<Loaded>| new.version(&loaded.name, loaded.version.as_str()).is_none();
        for loaded in old.all().filter(gone) {
            self.metrics.forget(&loaded.meters);
            tracing::info!(model = &*loaded.name, version = loaded.version.as_str(), "left");
        }
        self.now.store(Arc::new(new));
    }

    /// Changes the weights of versions, for requests that name none.
    pub(super) fn set_traffic(&self, traffic: BTreeMap<String, Traffic>) {
        self.traffic.store(Arc::new(traffic));
    }

    /// The models at this moment.
    pub(super) fn now(&self) -> Arc<Catalogue> {
        self.now.load_full()
    }

    /// Files that could not be opened, and names in the settings that are not loaded.
    pub(super) fn problems(&self) -> Vec<Problem> {
        self.now().problems.iter().cloned().chain(self.unknown_names()).collect()
    }

    /// Names in the settings that are not loaded.
    pub(super) fn unknown_names(&self) -> Vec<Problem> {
        let (now, traffic) = (self.now(), self.traffic.load());
        let mut problems = Vec::new();
        let is_there = |model: &str, version: &str| now.version(model, version).is_some();
        for (model, traffic) in traffic.iter() {
            let absent: BTreeSet<&str> = traffic.names().filter(|version| !is_there(model, version)).collect();
            problems.extend(absent.into_iter().map(|version| {
                let message = format!("traffic.{model}: version {} is not there", quote(version));
                Problem::new(&Error::new(ErrorKind::InvalidOption, message))
            }));
        }
        if let Some(name) = self.default.as_ref().filter(|name| !now.models.contains_key(*name)) {
            let message = format!("the default model {} is not there", quote(name));
            problems.push(Problem::new(&Error::new(ErrorKind::InvalidOption, message)));
        }
        problems
    }

    /// The version that answers a request. `key` chooses among weighted versions.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for an unknown model or version, [`ErrorKind::InvalidRequest`] when the request has to name a
    /// model, [`ErrorKind::Unavailable`] when no model is loaded.
    pub(super) fn choose(&self, selector: &ModelSelector, key: Option<&[u8]>) -> Result<Choice> {
        let now = self.now.load();
        let (name, versions) = now.versions(selector.model.as_deref().or(self.default.as_deref()))?;
        let traffic = self.traffic.load();
        let traffic = traffic.get(name);
        let shadow = traffic.and_then(|traffic| traffic.shadow(versions)).cloned();
        let loaded = match (&selector.version, traffic) {
            (Some(version), _) => now.version(name, version).ok_or_else(|| {
                let known = list_names(versions.iter().map(|loaded| loaded.version.as_str()));
                let message = format!("the model {} has no version {}; there is {known}", quote(name), quote(version));
                Error::new(ErrorKind::NotFound, message)
            })?,
            (None, None) => &versions[versions.len() - 1],
            (None, Some(traffic)) => {
                let newest = &versions[versions.len() - 1];
                traffic.version_at(versions, traffic::point(name, key)).unwrap_or(newest)
            }
        };
        let shadow = shadow.filter(|shadow| selector.version.is_none() && !Arc::ptr_eq(shadow, loaded));
        Ok(Choice { loaded: Arc::clone(loaded), shadow })
    }
}

impl Problem {
    pub(super) fn new(error: &Error) -> Self {
        Self { error: error.to_string(), kind: error.kind().as_str(), file: None }
    }
}

impl Catalogue {
    /// Every version of every model.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Loaded>> {
        self.models.values().flatten()
    }

    /// The models by name, with their versions, oldest first.
    pub(super) fn models(&self) -> impl Iterator<Item = (&str, &[Arc<Loaded>])> {
        self.models.iter().map(|(name, versions)| (name.as_str(), versions.as_slice()))
    }

    /// A version of a model.
    pub(super) fn version(&self, name: &str, version: &str) -> Option<&Arc<Loaded>> {
        self.models.get(name)?.iter().find(|loaded| loaded.version.as_str() == version)
    }

    /// The versions of a model; without a name, those of the only model.
    ///
    /// # Errors
    /// Those of [`Models::choose`].
    pub(super) fn versions(&self, name: Option<&str>) -> Result<(&str, &[Arc<Loaded>])> {
        let names = || self.models.keys().map(String::as_str);
        let found = match name {
            Some(name) => self.models.get_key_value(name).ok_or_else(|| {
                let message = format!(
                    "no model is named {}{}; there is {}",
                    quote(name),
                    did_you_mean(name, names()),
                    list_names(names())
                );
                Error::new(ErrorKind::NotFound, message)
            }),
            None if self.models.len() > 1 => {
                let message =
                    format!("there are several models, of which one has to be named: {}", list_names(names()));
                Err(Error::new(ErrorKind::InvalidRequest, message))
            }
            None => self.models.first_key_value().ok_or_else(|| {
                Error::new(ErrorKind::Unavailable, "there is no model yet; put a file into the folder of models")
            }),
        }?;
        Ok((found.0, found.1))
    }

    /// The catalogue of the files found, and the errors that are new. Files that did not change are not opened again. When a
    /// file cannot be opened, the model of its name and version stays.
    fn updated(&self, found: &[ModelFile], metrics: &Metrics) -> (Self, Vec<Error>) {
        let (mut new, mut failures) = (Self::default(), Vec::new());
        for file in found {
            let same_name = |other: &&ModelFile| (&other.name, &other.version) == (&file.name, &file.version);
            let twin = found.iter().filter(same_name).find(|other| other.path != file.path);
            let old = self.version(&file.name, file.version.as_str());
            let stamped = Some((file.path.clone(), file.stamp));
            let opened = match (old, twin) {
                (_, Some(twin)) => {
                    let (name, version) = (quote(&file.name), quote(file.version.as_str()));
                    let message = format!("{}: also version {version} of {name}: remove one", twin.path.display());
                    Err(crate::files::name(&file.path, &Error::new(ErrorKind::InvalidOption, message)))
                }
                (Some(old), None) if old.stamp == file.stamp => Ok(Arc::clone(old)),
                _ => match self.problems.iter().find(|problem| problem.file == stamped) {
                    // This file failed before, and has not changed.
                    Some(problem) => {
                        new.problems.push(problem.clone());
                        new.keep(old);
                        continue;
                    }
                    None => Loaded::open(file, metrics).map(Arc::new),
                },
            };
            match opened {
                Ok(loaded) => new.models.entry(file.name.clone()).or_default().push(loaded),
                Err(error) => {
                    // Errors that come from other files or from the machine may be gone at the next reload.
                    let is_of_file = twin.is_none() && error.kind() != ErrorKind::Io;
                    let problem = Problem { file: stamped.filter(|_| is_of_file), ..Problem::new(&error) };
                    if !self.problems.iter().any(|other| other.error == problem.error) {
                        failures.push(error);
                    }
                    new.problems.push(problem);
                    new.keep(old);
                }
            }
        }
        for versions in new.models.values_mut() {
            versions.sort_by(|a, b| a.version.cmp(&b.version));
            versions.dedup_by(|a, b| a.version == b.version);
        }
        (new, failures)
    }

    fn keep(&mut self, old: Option<&Arc<Loaded>>) {
        if let Some(old) = old {
            self.models.entry(old.name.to_string()).or_default().push(Arc::clone(old));
        }
    }
}
