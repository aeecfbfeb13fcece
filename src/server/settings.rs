//! The settings. A flag wins over the environment, and the environment over a file.

use super::models::Traffic;
use crate::error::{Error, ErrorKind, Result};
use crate::files;
use clap::Args;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What was said, by whom it may be: a flag wins over the environment, that over the file.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The model file
    #[arg(long, value_name = "FILE", env = "TEPAL_MODEL")]
    pub model: Option<PathBuf>,
    /// A folder of model files, which is watched
    #[arg(long, value_name = "FOLDER", env = "TEPAL_MODELS", alias = "model_dir")]
    pub models: Option<PathBuf>,
    /// Everything in the folder is a version of this one model
    #[arg(long, value_name = "NAME", env = "TEPAL_MODEL_NAME", alias = "model_name")]
    pub model_name: Option<String>,
    /// The model of routes without a name; by default the only one there is
    #[arg(long, value_name = "NAME", env = "TEPAL_DEFAULT_MODEL")]
    pub default_model: Option<String>,
    /// The folder of the page; without it only the routes are served
    #[arg(long, value_name = "FOLDER", env = "TEPAL_WWW")]
    pub www: Option<PathBuf>,
    /// The address to listen on [default: 127.0.0.1]; 0.0.0.0 opens the server to the network
    #[arg(long, env = "TEPAL_HOST")]
    pub host: Option<String>,
    /// The port to listen on [default: 8080]; 0 chooses a free one
    #[arg(long, env = "PORT", alias = "http_port")]
    pub port: Option<u16>,
    /// The certificate chain, PEM; read again when it changes
    #[arg(long, value_name = "FILE", env = "TEPAL_TLS_CERTIFICATE")]
    pub tls_certificate: Option<PathBuf>,
    /// Its private key, PEM
    #[arg(long, value_name = "FILE", env = "TEPAL_TLS_KEY")]
    pub tls_key: Option<PathBuf>,
    /// Who may ask: lines that --new-key writes
    #[arg(long, value_name = "FILE", env = "TEPAL_KEYS")]
    pub keys: Option<PathBuf>,
    /// Answer /metrics without a key
    #[arg(long, env = "TEPAL_OPEN_METRICS", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub open_metrics: Option<bool>,
    /// Another origin whose pages may ask, such as `https://example.org`; may be given again
    #[arg(long, value_name = "ORIGIN", env = "TEPAL_ALLOW_ORIGIN", value_delimiter = ',')]
    pub allow_origin: Option<Vec<String>>,
    /// A host that requests may name, such as `example.org`; may be given again; `*` for any [default: those of this machine,
    /// if only it can reach the server]
    #[arg(long, value_name = "HOST", env = "TEPAL_ALLOWED_HOSTS", value_delimiter = ',')]
    pub allowed_hosts: Option<Vec<String>>,
    /// An origin whose pages may show this page in a frame, such as `https://example.org`; may be given again
    #[arg(long, value_name = "ORIGIN", env = "TEPAL_ALLOW_FRAMING", value_delimiter = ',')]
    pub allow_framing: Option<Vec<String>>,
    /// Requests a second that a key, or an address without one, may make; by default as many as it likes
    #[arg(long, value_name = "N", env = "TEPAL_RATE")]
    pub rate: Option<u32>,
    /// How many of them may come at once [default: the rate]
    #[arg(long, value_name = "N", env = "TEPAL_BURST")]
    pub burst: Option<u32>,
    /// Take the client's address from the last entry of X-Forwarded-For: for servers behind a proxy that sets it
    #[arg(long, env = "TEPAL_TRUST_FORWARDED", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub trust_forwarded: Option<bool>,
    /// The most bytes of a request's body [default: 2097152]; those of streams may go on
    #[arg(long, value_name = "BYTES", env = "TEPAL_BODY_LIMIT")]
    pub body_limit: Option<usize>,
    /// The most rows of a request [default: 100000]
    #[arg(long, value_name = "N", env = "TEPAL_ROW_LIMIT")]
    pub row_limit: Option<usize>,
    /// The most columns of a request's row [default: 10000]
    #[arg(long, value_name = "N", env = "TEPAL_COLUMN_LIMIT")]
    pub column_limit: Option<usize>,
    /// How long a request, or the next part of a stream, may take to arrive, in seconds [default: 10]
    #[arg(long, value_name = "SECONDS", env = "TEPAL_READ_TIMEOUT")]
    pub read_timeout: Option<f64>,
    /// How long a request may take to be answered, in seconds [default: 30]
    #[arg(long, value_name = "SECONDS", env = "TEPAL_TIMEOUT")]
    pub timeout: Option<f64>,
    /// How long a stream of rows may take in all, in seconds [default: 3600]
    #[arg(long, value_name = "SECONDS", env = "TEPAL_STREAM_TIMEOUT")]
    pub stream_timeout: Option<f64>,
    /// The bytes that connections, requests and answers may take together [default: half of the container's limit, or
    /// 536870912 without one]
    #[arg(long, value_name = "BYTES", env = "TEPAL_MEMORY")]
    pub memory: Option<usize>,
    /// Put an apostrophe before texts of CSV answers that a spreadsheet would run as formulas
    #[arg(long, env = "TEPAL_CSV_SAFE", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub csv_safe: Option<bool>,
    /// The most connections [default: 8192]; for a further one, the one that has waited longest is closed
    #[arg(long, value_name = "N", env = "TEPAL_CONNECTIONS")]
    pub connections: Option<usize>,
    /// The most connections of one address [default: three quarters of all]
    #[arg(long, value_name = "N", env = "TEPAL_CONNECTIONS_PER_ADDRESS")]
    pub connections_per_address: Option<usize>,
    /// How many threads score; by default one per core
    #[arg(long, value_name = "N", env = "TEPAL_THREADS")]
    pub threads: Option<usize>,
    /// How many requests may wait for them [default: 64]; further ones are answered by 503
    #[arg(long, value_name = "N", env = "TEPAL_QUEUE")]
    pub queue: Option<usize>,
    /// How long to answer, but not to be ready any more, before a stop, in seconds [default: 0]
    #[arg(long, value_name = "SECONDS", env = "TEPAL_STOP_DELAY")]
    pub stop_delay: Option<f64>,
    /// How long requests under way may take after it, in seconds [default: 10]
    #[arg(long, value_name = "SECONDS", env = "TEPAL_DRAIN")]
    pub drain: Option<f64>,
    /// How the log is written [default: text]
    #[arg(long, value_name = "FORMAT", env = "TEPAL_LOG", value_parser = ["text", "json"])]
    pub log: Option<String>,
    /// What is logged [default: info]
    #[arg(long, value_name = "LEVEL", env = "TEPAL_LOG_LEVEL", value_parser = ["error", "warn", "info", "debug", "trace"])]
    pub log_level: Option<String>,
    /// Log a line for each request
    #[arg(long, env = "TEPAL_LOG_REQUESTS", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub log_requests: Option<bool>,
    /// Log what was wrong in a request too, with the values it had
    #[arg(long, env = "TEPAL_LOG_CONTENT", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub log_content: Option<bool>,
    /// The header whose value decides which of several weighted versions answers [default: x-request-key]
    #[arg(long, value_name = "NAME", env = "TEPAL_STICKY_HEADER")]
    pub sticky_header: Option<String>,
    /// Which versions answer requests that name none, by model: in the file only
    #[arg(skip)]
    pub traffic: BTreeMap<String, Traffic>,
}

/// The largest configuration file, in bytes: its tables name versions of models, nothing long.
const FILE_BYTES: usize = 1 << 20;

impl Settings {
    /// Reads a TOML file.
    ///
    /// # Errors
    /// [`ErrorKind::Io`], [`ErrorKind::LimitExceeded`]; [`ErrorKind::InvalidOption`] with the line, for text that is not TOML, an
    /// unknown name or a value of a wrong type.
    pub fn read(path: &Path) -> Result<Self> {
        let refuse = |message: String| files::name(path, &Error::new(ErrorKind::InvalidOption, message));
        if path == Path::new(files::STANDARD_INPUT) {
            return Err(refuse("expected a file, which can be read again".to_owned()));
        }
        let bytes = files::read(path, FILE_BYTES)?;
        let text = std::str::from_utf8(&bytes).map_err(|error| refuse(format!("expected UTF-8: {error}")))?;
        toml::from_str(text).map_err(|error| refuse(error.to_string().trim_end().to_owned()))
    }

    /// Fills in what is not set from other settings. Settings that name a model or a folder replace both.
    #[must_use]
    pub fn or(self, mut others: Self) -> Self {
        if self.model.is_some() || self.models.is_some() {
            (others.model, others.models) = (None, None);
            others.model_name = others.model_name.filter(|_| self.models.is_some());
        }
        macro_rules! first {
            ($($name:ident),*) => {
                Self { $($name: self.$name.or(others.$name),)* traffic: others.traffic }
            };
        }
        first!(
            model,
            models,
            model_name,
            default_model,
            www,
            host,
            port,
            tls_certificate,
            tls_key,
            keys,
            open_metrics,
            allow_origin,
            allowed_hosts,
            allow_framing,
            rate,
            burst,
            trust_forwarded,
            body_limit,
            row_limit,
            column_limit,
            read_timeout,
            timeout,
            stream_timeout,
            memory,
            csv_safe,
            connections,
            connections_per_address,
            threads,
            queue,
            stop_delay,
            drain,
            log,
            log_level,
            log_requests,
            log_content,
            sticky_header
        )
    }
}
