//! The server's metrics, for Prometheus.

use super::log::dropped_lines;
use super::memory::Budget;
use super::process::Process;
use crate::model::Model;
use crate::table::Domain;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// The most features of a model that are counted one by one: each makes three series.
const FEATURES: usize = 100;

/// The histogram's bounds: from a tenth of a millisecond, which one row of a small model takes, to ten seconds.
const SECONDS: [f64; 11] = [0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 10.0];

impl RequestLabels {
    fn without_status(&self) -> RouteLabels {
        RouteLabels { route: self.route, model: self.model.clone(), version: self.version.clone() }
    }
}

/// A name that many series share.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Name(Arc<str>);

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl EncodeLabelValue for Name {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        self.0.as_ref().encode(encoder)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: &'static str,
    model: Name,
    version: Name,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EndLabels {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: &'static str,
    model: Name,
    version: Name,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ModelLabels {
    model: Name,
    version: Name,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FeatureLabels {
    model: Name,
    version: Name,
    feature: Name,
}

/// Every metric.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabels, Histogram>,
    rows: Family<ModelLabels, Counter>,
    shadow_rows: Family<ModelLabels, Counter>,
    shadow_differences: Family<ModelLabels, Counter>,
    values: Family<FeatureLabels, Counter>,
    outside: Family<FeatureLabels, Counter>,
    missing: Family<FeatureLabels, Counter>,
    /// Versions that began to answer while the server ran.
    pub(super) reloads: Counter,
    /// Files that could not be opened.
    pub(super) reload_failures: Counter,
    /// Rows of streams.
    pub(super) stream_rows: Counter,
    /// Requests that the scoring threads did not take.
    pub(super) shed: Counter,
    /// Requests whose clients left before the answer.
    pub(super) left: Counter,
    /// Requests that the shadow did not score, because requests come first.
    pub(super) shadow_skipped: Counter,
    /// Open connections.
    pub(super) connections: Gauge,
    process: Process,
    memory_used: Gauge,
    memory: Gauge,
    memory_refused: Counter,
    scoring: Gauge,
    certificate_end: Gauge,
    log_dropped: Counter,
    /// Connections that were closed because another needed their place.
    pub(super) closed_for_others: Counter,
    /// Connections that found no place.
    pub(super) connections_refused: Counter,
    /// Connections that did not end between two requests, by the reason.
    connection_ends: Family<EndLabels, Counter>,
    /// Streams by how they ended.
    stream_ends: Family<EndLabels, Counter>,
}

/// What is not counted, but read when the metrics are asked for.
#[derive(Debug)]
pub(super) struct Now<'a> {
    pub(super) memory: &'a Budget,
    /// Requests that are scored, or wait for it.
    pub(super) scoring: usize,
    /// When the certificate ends, in seconds since 1970.
    pub(super) certificate_end: u64,
}

/// The metrics of a version of a model.
#[derive(Debug)]
pub(super) struct ModelMeters {
    labels: ModelLabels,
    rows: Counter,
    pub(super) shadow_rows: Counter,
    pub(super) shadow_differences: Counter,
    /// By feature, up to [`FEATURES`].
    features: Vec<FeatureMeters>,
    /// The series of the first route that was answered. It is mostly the only one, and needs no lookup.
    first_route: OnceLock<(&'static str, (Counter, Histogram))>,
    /// The series of routes and statuses that were answered. They end with the version.
    answered: Mutex<Vec<RequestLabels>>,
    is_gone: AtomicBool,
}

#[derive(Debug)]
struct FeatureMeters {
    labels: FeatureLabels,
    values: Counter,
    outside: Counter,
    missing: Counter,
    /// The range of the training rows: the least and the greatest number, or the first and the last position of a category.
    range: (f64, f64),
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::default();
        let process = Process::new(&mut registry);
        let own = registry.sub_registry_with_prefix("tepal");
        own.register("build", "The build that answers", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        macro_rules! register {
            ($name:literal, $help:literal, $metric:expr) => {{
                let metric = $metric;
                own.register($name, $help, metric.clone());
                metric
            }};
        }
        Self {
            requests: register!("requests", "Requests by route, model, version and status", Family::default()),
            seconds: register!(
                "request_seconds",
                "Seconds from a request's head to its answer's head",
                Family::<RouteLabels, Histogram>::new_with_constructor(|| Histogram::new(SECONDS))
            ),
            rows: register!("rows", "Rows scored", Family::default()),
            shadow_rows: register!("shadow_rows", "Rows scored in the shadow of another version", Family::default()),
            shadow_differences: register!(
                "shadow_differences",
                "Rows of them with another class, or another number, than the version that answered",
                Family::default()
            ),
            values: register!("values", "Values scored, missing ones included", Family::default()),
            outside: register!("values_outside", "Values outside the range of the training rows", Family::default()),
            missing: register!("values_missing", "Missing values", Family::default()),
            reloads: register!("reloads", "Versions that began to answer while the server ran", Counter::default()),
            reload_failures: register!("reload_failures", "Model files that could not be opened", Counter::default()),
            stream_rows: register!("stream_rows", "Rows of streams, those refused included", Counter::default()),
            shed: register!("shed", "Requests answered by 503 because too many waited", Counter::default()),
            left: register!("requests_left", "Requests whose clients left before the answer", Counter::default()),
            shadow_skipped: register!("shadow_skipped", "Requests that the shadow did not score", Counter::default()),
            connections: register!("connections", "Open connections", Gauge::default()),
            process,
            memory_used: register!(
                "memory_used_bytes",
                "What connections, requests and answers take",
                Gauge::default()
            ),
            memory: register!("memory_bytes", "What they may take", Gauge::default()),
            memory_refused: register!("memory_refused", "Times that there was no memory left", Counter::default()),
            scoring: register!("scoring_requests", "Requests that are scored, or wait for it", Gauge::default()),
            certificate_end: register!(
                "certificate_end_seconds",
                "When the certificate ends, since 1970; 0 without one",
                Gauge::default()
            ),
            log_dropped: register!("log_dropped_lines", "Lines of the log that were not written", Counter::default()),
            closed_for_others: register!(
                "connections_closed_for_others",
                "Connections that were closed because another needed their place",
                Counter::default()
            ),
            connections_refused: register!(
                "connections_refused",
                "Connections that found no place",
                Counter::default()
            ),
            stream_ends: register!("stream_ends", "Streams by how they ended", Family::default()),
            connection_ends: register!(
                "connection_ends",
                "Connections that did not end between two requests, by the reason",
                Family::default()
            ),
            registry,
        }
    }

    /// Makes the series of a version of a model.
    pub(super) fn model_meters(&self, name: &Arc<str>, version: &str, model: &Model) -> ModelMeters {
        let labels = ModelLabels { model: Name(Arc::clone(name)), version: version.into() };
        let feature_meters = |feature: &crate::table::FeatureSchema| {
            let labels = FeatureLabels {
                model: labels.model.clone(),
                version: labels.version.clone(),
                feature: feature.name.as_str().into(),
            };
            let range = match &feature.domain {
                Domain::Number(domain) if domain.are_from_splits => (f64::NEG_INFINITY, f64::INFINITY),
                Domain::Number(domain) => (domain.minimum, domain.maximum),
                Domain::Category { categories, .. } => (0.0, categories.len() as f64 - 1.0),
            };
            FeatureMeters {
                values: self.values.get_or_create_owned(&labels),
                outside: self.outside.get_or_create_owned(&labels),
                missing: self.missing.get_or_create_owned(&labels),
                labels,
                range,
            }
        };
        ModelMeters {
            rows: self.rows.get_or_create_owned(&labels),
            shadow_rows: self.shadow_rows.get_or_create_owned(&labels),
            shadow_differences: self.shadow_differences.get_or_create_owned(&labels),
            features: model.schema().features.iter().take(FEATURES).map(feature_meters).collect(),
            first_route: OnceLock::new(),
            answered: Mutex::default(),
            is_gone: AtomicBool::new(false),
            labels,
        }
    }

    /// Removes the series of a version that is gone. Otherwise every new version would add more.
    pub(super) fn forget(&self, meters: &ModelMeters) {
        meters.is_gone.store(true, Relaxed);
        for family in [&self.rows, &self.shadow_rows, &self.shadow_differences] {
            family.remove(&meters.labels);
        }
        for feature in &meters.features {
            for family in [&self.values, &self.outside, &self.missing] {
                family.remove(&feature.labels);
            }
        }
        for labels in meters.answered.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            self.seconds.remove(&labels.without_status());
            self.requests.remove(&labels);
        }
    }

    /// Counts an answered request, with the version that answered it. One that is gone by now has no series any more.
    pub(super) fn count(&self, route: &'static str, by: Option<&ModelMeters>, status: u16, time: Duration) {
        let by = by.filter(|by| !by.is_gone.load(Relaxed));
        let none = || ModelLabels { model: Name::from(""), version: Name::from("") };
        let look_up = || {
            let ModelLabels { model, version } = by.map_or_else(none, |by| by.labels.clone());
            let labels = RequestLabels { route, model, version, status };
            if let Some(by) = by {
                by.remember(&labels);
            }
            let seconds = self.seconds.get_or_create_owned(&labels.without_status());
            (self.requests.get_or_create_owned(&labels), seconds)
        };
        let (counter, histogram) = match by {
            Some(by) if status == 200 => by.answered(route, look_up),
            _ => look_up(),
        };
        counter.inc();
        histogram.observe(time.as_secs_f64());
    }

    /// Counts a connection that did not end between two requests.
    pub(super) fn connection_ended(&self, reason: &'static str) {
        self.connection_ends.get_or_create_owned(&EndLabels { reason }).inc();
    }

    /// Counts a stream that ended.
    pub(super) fn stream_ended(&self, reason: &'static str) {
        self.stream_ends.get_or_create_owned(&EndLabels { reason }).inc();
    }

    /// Every metric, as text.
    pub(super) fn text(&self, now: &Now) -> String {
        self.process.update();
        self.memory_used.set(now.memory.used() as i64);
        self.memory.set(now.memory.total() as i64);
        self.scoring.set(now.scoring as i64);
        self.certificate_end.set(now.certificate_end as i64);
        for (counter, count) in [(&self.memory_refused, now.memory.refused()), (&self.log_dropped, dropped_lines())] {
            counter.inc_by(count.saturating_sub(counter.get()));
        }
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

impl ModelMeters {
    fn remember(&self, labels: &RequestLabels) {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if !answered.contains(labels) {
            answered.push(labels.clone());
        }
    }

    /// The series for a route's good answers.
    fn answered(&self, route: &'static str, look_up: impl Fn() -> (Counter, Histogram)) -> (Counter, Histogram) {
        let (first, series) = self.first_route.get_or_init(|| (route, look_up()));
        if *first == route { series.clone() } else { look_up() }
    }

    /// Counts rows that were scored, given one after the other in the order of the schema.
    pub(super) fn count(&self, values: &[f64], n_features: usize) {
        let n_rows = (values.len() / n_features) as u64;
        self.rows.inc_by(n_rows);
        for (index, feature) in self.features.iter().enumerate() {
            let (mut outside, mut missing) = (0, 0);
            for value in values.iter().skip(index).step_by(n_features) {
                missing += u64::from(value.is_nan());
                outside += u64::from(*value < feature.range.0 || *value > feature.range.1);
            }
            feature.values.inc_by(n_rows);
            // Most values are in range. Another core may hold the counter, so a write of 0 would cost time.
            for (counter, count) in [(&feature.outside, outside), (&feature.missing, missing)] {
                if count > 0 {
                    counter.inc_by(count);
                }
            }
        }
    }
}
