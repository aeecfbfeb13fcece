//! The server's metrics, for Prometheus.

use crate::model::Model;
use crate::table::Domain;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The most features of a model that are counted one by one: each makes three series.
const FEATURES: usize = 100;

/// The histogram's bounds: from a tenth of a millisecond, which one row of a small model takes, to ten seconds.
const SECONDS: [f64; 11] = [0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 10.0];

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
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: &'static str,
    model: Name,
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
    /// Requests that the scoring threads did not take.
    pub(super) shed: Counter,
    /// Requests that the shadow did not score, because requests come first.
    pub(super) shadow_skipped: Counter,
    /// Open connections.
    pub(super) connections: Gauge,
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
        let mut registry = Registry::with_prefix("tepal");
        macro_rules! register {
            ($name:literal, $help:literal, $metric:expr) => {{
                let metric = $metric;
                registry.register($name, $help, metric.clone());
                metric
            }};
        }
        Self {
            requests: register!("requests", "Requests by route, model and status", Family::default()),
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
            shed: register!("shed", "Requests answered by 503 because too many waited", Counter::default()),
            shadow_skipped: register!("shadow_skipped", "Requests that the shadow did not score", Counter::default()),
            connections: register!("connections", "Open connections", Gauge::default()),
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
            labels,
        }
    }

    /// Removes the series of a version that is gone. Otherwise every new version would add more.
    pub(super) fn forget(&self, meters: &ModelMeters) {
        for family in [&self.rows, &self.shadow_rows, &self.shadow_differences] {
            family.remove(&meters.labels);
        }
        for feature in &meters.features {
            for family in [&self.values, &self.outside, &self.missing] {
                family.remove(&feature.labels);
            }
        }
    }

    /// Counts an answered request, with the model that answered it.
    pub(super) fn count(&self, route: &'static str, by: Option<&ModelMeters>, status: u16, time: Duration) {
        let model = || by.map_or_else(|| Name::from(""), |by| by.labels.model.clone());
        let requests = || self.requests.get_or_create_owned(&RequestLabels { route, model: model(), status });
        let seconds = || self.seconds.get_or_create_owned(&RouteLabels { route, model: model() });
        match by {
            Some(by) if status == 200 => {
                let (counter, histogram) = by.answered(route, || (requests(), seconds()));
                counter.inc();
                histogram.observe(time.as_secs_f64());
            }
            _ => {
                requests().inc();
                seconds().observe(time.as_secs_f64());
            }
        }
    }

    /// Every metric, as text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

impl ModelMeters {
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
