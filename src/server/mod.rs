//! The fallback server: the same model files, the same answers, for where a page cannot run WebAssembly; and a model behind
//! HTTP for whoever wants one. `docs/server.md` has the routes, and how it is told what to do.
//!
//! ```text
//! connection --listen--> request --guard--> route --protocols--> rows --scoring--> answer
//!                                              models: folder --watch--> catalogue --traffic--> model
//! ```
//!
//! It translates and computes nothing. [`App`] is its state, [`App::router`] its routes, [`run`] the loop that serves them.

mod answer;
mod config;
mod docs;
mod guard;
mod health;
mod listen;
mod log;
mod metrics;
mod models;
mod openapi;
mod pages;
mod patience;
mod protocols;
mod request;
mod routes;
mod scoring;
mod settings;
mod tls;

pub use config::{Config, RequestLimits};
pub use guard::new_key;
pub use listen::run;
pub use log::begin as begin_log;
pub use models::{Place, Traffic};
pub use settings::Settings;

use crate::error::{Error, ErrorKind, Result};
use answer::Refusal;
use arc_swap::ArcSwap;
use axum::Router;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use guard::{Keys, Rate};
use metrics::Metrics;
use models::{Models, Problem, Watch};
use scoring::Scoring;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;
use tokio::task::spawn_blocking;
use tokio_rustls::rustls::ServerConfig;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

/// What the routes need. A clone is the same server.
#[derive(Debug, Clone)]
pub struct App(Arc<State>);

/// See [`App`].
#[derive(Debug)]
pub struct State {
    config: Config,
    /// The file of settings, if there is one: what may change in it is read again.
    settings: Option<std::path::PathBuf>,
    models: Models,
    metrics: Arc<Metrics>,
    scoring: Scoring,
    keys: ArcSwap<Option<Keys>>,
    rate: Option<Rate>,
    tls: Option<ArcSwap<ServerConfig>>,
    is_stopping: AtomicBool,
    wake: Notify,
    /// What could not be read again, models aside.
    unread: Mutex<Vec<Problem>>,
}

/// In a request's extensions: who asks.
#[derive(Debug, Clone, Copy)]
struct Peer(IpAddr);

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
    /// Those of whatever cannot be opened, naming the file.
    pub fn open(config: Config, settings: Option<std::path::PathBuf>) -> Result<Self> {
        let metrics = Arc::new(Metrics::new());
        let traffic = config.traffic.clone();
        let models = Models::open(config.place.clone(), config.default_model.clone(), traffic, Arc::clone(&metrics))?;
        let keys = config.keys.as_deref().map(Keys::read).transpose()?;
        let tls = config.tls.as_ref().map(tls::read).transpose()?.map(ArcSwap::new);
        Ok(Self(Arc::new(State {
            scoring: Scoring::new(config.threads, config.queue),
            rate: config.rate.map(Rate::new),
            keys: ArcSwap::from_pointee(keys),
            is_stopping: AtomicBool::new(false),
            wake: Notify::new(),
            unread: Mutex::new(Vec::new()),
            settings,
            models,
            metrics,
            tls,
            config,
        })))
    }

    /// The routes, the guard before them, and the page's files behind them.
    pub fn router(&self) -> Router {
        let routes = routes::router().method_not_allowed_fallback(async || {
            Refusal::from(Error::new(ErrorKind::MethodNotAllowed, "this route does not take this method"))
        });
        let panicked = |_| {
            let error = Error::new(ErrorKind::Internal, "the server failed at this request; its log says why");
            Refusal::from(error).into_response()
        };
        let router = pages::with_pages(routes, self.config.www.clone())
            .layer((from_fn_with_state(self.clone(), guard::guard), CatchPanicLayer::custom(panicked)))
            .with_state(self.clone());
        match self.config.allow_origin.as_slice() {
            [] => router,
            origins => router.layer(
                CorsLayer::new()
                    .allow_origin(origins.to_vec())
                    .allow_methods([Method::GET, Method::POST])
                    // A star would not stand for Authorization.
                    .allow_headers(AllowHeaders::mirror_request())
                    .expose_headers(Any),
            ),
        }
    }

    /// The models' names.
    pub fn names(&self) -> Vec<String> {
        self.models.now().models().map(|(name, _)| name.to_owned()).collect()
    }

    /// What was found, in a line for each version of a model; and what is not as it should be.
    pub fn summary(&self) -> (Vec<String>, Vec<String>) {
        let now = self.models.now();
        let line = |loaded: &Arc<models::Loaded>| format!("{} {} {}", loaded.name, loaded.version, loaded.digest);
        (now.all().map(line).collect(), self.problems().into_iter().map(|problem| problem.error).collect())
    }

    /// Has everything that may change looked at, as soon as possible.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Looks at the models, and reads again the traffic tables, the keys and the certificate. What cannot be read is logged
    /// once, reported by `/readyz`, and changes nothing.
    fn reload(&self) {
        self.models.reload();
        let mut unread = Vec::new();
        let mut note = |error: Error| unread.push(Problem::new(&error));
        if let Some(path) = &self.config.keys {
            Keys::read(path).map_or_else(&mut note, |keys| self.keys.store(Arc::new(Some(keys))));
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
        let mut known = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        for problem in unread.iter().filter(|problem| !known.iter().any(|other| other.error == problem.error)) {
            tracing::error!(kind = problem.kind, "not read again, what was there goes on: {}", problem.error);
        }
        *known = unread;
    }

    /// What is not as it should be: files that could not be opened, or read again.
    fn problems(&self) -> Vec<Problem> {
        let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        self.models.problems().into_iter().chain(unread.iter().cloned()).collect()
    }

    /// Reloads when files change, when it is [woken](App::wake), and now and then.
    async fn keep_up_to_date(self) {
        let app = self.clone();
        let Ok(watch) = spawn_blocking(move || Watch::new(&app.models)).await else { return };
        loop {
            tokio::select! {
                () = watch.next() => {}
                () = self.wake.notified() => {}
            }
            let app = self.clone();
            // What panics there is reported by the panic itself; the next look is another one.
            let _ = spawn_blocking(move || app.reload()).await;
            if let Some(rate) = &self.rate {
                rate.forget_the_quiet();
            }
        }
    }

    /// What decides among versions by weight.
    fn sticky_key<'r>(&self, headers: &'r HeaderMap) -> Option<&'r [u8]> {
        headers.get(&self.config.sticky_header).map(HeaderValue::as_bytes)
    }

    fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }

    /// Whether requests should come here.
    fn is_ready(&self) -> bool {
        !self.is_stopping() && self.models.now().all().next().is_some()
    }
}
