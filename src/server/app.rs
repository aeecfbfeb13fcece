//! The server's state: its settings, models, keys and metrics.

use super::access::{Keys, RateLimit};
use super::config::Config;
use super::connections::Connections;
use super::known_document::KnownDocument;
use super::memory::Budget;
use super::metrics::Metrics;
use super::models::{Loaded, Models, Problem, Watch};
use super::scoring::ScoringPool;
use super::settings::Settings;
use super::tls::{self, Tls};
use crate::error::{Error, Result};
use arc_swap::{ArcSwap, ArcSwapOption};
use axum::http::{HeaderMap, HeaderValue};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, Semaphore};
use tokio::task::spawn_blocking;

/// The server's state, which every route can reach. A clone shares it.
#[derive(Debug, Clone)]
pub struct App(Arc<State>);

/// See [`App`].
#[derive(Debug)]
pub struct State {
    pub(super) config: Config,
    /// The file of settings, whose traffic tables are read again.
    settings: Option<PathBuf>,
    pub(super) models: Models,
    pub(super) metrics: Arc<Metrics>,
    pub(super) scoring: ScoringPool,
    pub(super) memory: Budget,
    pub(super) connections: Arc<Connections>,
    /// A permit for each request that is answered.
    pub(super) requests: Semaphore,
    pub(super) keys: ArcSwap<Option<Keys>>,
    pub(super) rate: Option<RateLimit>,
    /// What `/openapi.json` answered last.
    pub(super) openapi: ArcSwapOption<KnownDocument>,
    pub(super) tls: Option<ArcSwap<Tls>>,
    is_stopping: AtomicBool,
    wake: Notify,
    /// Files other than models that could not be read again.
    unread: Mutex<Vec<Problem>>,
    /// Problems that the log has.
    logged: Mutex<Vec<String>>,
}

impl Deref for App {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0
    }
}

impl App {
    /// Opens the models, the keys and the certificate. `settings` is the file whose traffic tables are read again.
    ///
    /// # Errors
    /// Those of a file that cannot be opened, with its name.
    pub fn open(config: Config, settings: Option<PathBuf>) -> Result<Self> {
        let metrics = Arc::new(Metrics::new());
        let traffic = config.traffic.clone();
        let models =
            Models::open(config.location.clone(), config.default_model.clone(), traffic, Arc::clone(&metrics))?;
        let keys = config.keys.as_deref().map(Keys::read).transpose()?;
        let tls = config.tls.as_ref().map(tls::read).transpose()?.map(ArcSwap::new);
        let memory = Budget::new(config.memory);
        let (most, of_client) = (config.connections, config.connections_per_address);
        let connections = Connections::new(most, of_client, tls.is_some(), &memory, Arc::clone(&metrics));
        Ok(Self(Arc::new(State {
            requests: Semaphore::new(connections.most_requests()),
            memory,
            connections,
            scoring: ScoringPool::new(config.threads, config.queue),
            rate: config.rate.map(RateLimit::new),
            keys: ArcSwap::from_pointee(keys),
            openapi: ArcSwapOption::empty(),
            is_stopping: AtomicBool::new(false),
            wake: Notify::new(),
            unread: Mutex::new(Vec::new()),
            logged: Mutex::new(Vec::new()),
            settings,
            models,
            metrics,
            tls,
            config,
        })))
    }

    /// The models' names.
    pub fn names(&self) -> Vec<String> {
        self.models.now().models().map(|(name, _)| name.to_owned()).collect()
    }

    /// A line for each version of a model and one for what clients may take, and a line for each problem.
    pub fn summary(&self) -> (Vec<String>, Vec<String>) {
        let now = self.models.now();
        let line = |loaded: &Arc<Loaded>| format!("{} {} {}", loaded.name, loaded.version, loaded.digest);
        let takes = format!(
            "memory {} bytes, {} connections, {} of one address",
            self.memory.total(),
            self.connections.most(),
            self.connections.most_of_client()
        );
        let found = now.all().map(line).chain([takes]);
        (found.collect(), self.problems().into_iter().map(|problem| problem.error).collect())
    }

    /// Asks for a reload of everything that may change, as soon as possible.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Reads the models, the traffic tables, the keys and the certificate again. A file that cannot be read is logged once and
    /// reported by `/readyz`; the server goes on with what it had.
    pub(super) fn reload(&self) {
        self.models.reload();
        let mut unread = Vec::new();
        let mut note = |error: Error| unread.push(Problem::new(&error));
        if let Some(path) = &self.config.keys {
            match Keys::read_again(path) {
                Ok((keys, problems)) => {
                    self.keys.store(Arc::new(Some(keys)));
                    problems.into_iter().for_each(&mut note);
                }
                Err(error) => note(error),
            }
        }
        if let (Some(files), Some(tls)) = (&self.config.tls, &self.tls) {
            tls::read(files).map_or_else(&mut note, |config| tls.store(config));
        }
        if let Some(path) = &self.settings {
            let traffic = Settings::read(path).map(|settings| settings.traffic);
            let checked = traffic.and_then(|traffic| {
                traffic.iter().try_for_each(|(name, traffic)| traffic.check(name))?;
                Ok(traffic)
            });
            checked.map_or_else(&mut note, |traffic| self.models.set_traffic(traffic));
        }
        *self.unread.lock().unwrap_or_else(PoisonError::into_inner) = unread;
        self.log_problems();
    }

    /// Logs the problems that are new. Those of model files are logged when they are read.
    fn log_problems(&self) {
        let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let problems: Vec<String> = self
            .models
            .unknown_names()
            .into_iter()
            .chain(unread)
            .chain(self.expired())
            .map(|problem| problem.error)
            .collect();
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        for problem in problems.iter().filter(|problem| !logged.contains(problem)) {
            tracing::error!("{problem}");
        }
        *logged = problems;
    }

    fn expired(&self) -> Option<Problem> {
        let expired = self.tls.as_ref().and_then(|tls| tls.load().expired());
        expired.map(|error| Problem::new(&error))
    }

    /// Files that could not be opened, or not read again.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        self.models.problems().into_iter().chain(unread.iter().cloned()).chain(self.expired()).collect()
    }

    /// Reloads when files change, when the server is [woken](App::wake), and at intervals.
    pub(super) async fn keep_up_to_date(self) {
        self.log_problems();
        let app = self.clone();
        let Ok(watch) = spawn_blocking(move || Watch::new(&app.models)).await else { return };
        loop {
            tokio::select! {
                () = watch.next() => {}
                () = self.wake.notified() => {}
            }
            let app = self.clone();
            // A panic reports itself; the next reload starts from the same state.
            let _ = spawn_blocking(move || app.reload()).await;
            if let Some(rate) = &self.rate {
                rate.forget_idle_clients();
            }
        }
    }

    /// The value that decides among weighted versions.
    pub(super) fn sticky_key<'r>(&self, headers: &'r HeaderMap) -> Option<&'r [u8]> {
        headers.get(&self.config.sticky_header).map(HeaderValue::as_bytes)
    }

    pub(super) fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }

    /// Whether the server should receive requests.
    pub(super) fn is_ready(&self) -> bool {
        !self.is_stopping() && self.models.now().all().next().is_some()
    }
}
