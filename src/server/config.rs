//! The settings, checked.

use super::memory::memory_limit;
use super::models::{ModelLocation, Traffic};
use super::settings::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use axum::http::{HeaderName, HeaderValue};
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

/// The configuration of a server, made of [`Settings`].
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the model files are.
    pub location: ModelLocation,
    /// The model of routes without a name.
    pub default_model: Option<String>,
    /// By model, the versions that answer requests without a version.
    pub traffic: BTreeMap<String, Traffic>,
    /// The header whose value decides among weighted versions.
    pub sticky_header: HeaderName,
    /// The folder of the page.
    pub www: Option<PathBuf>,
    /// The address to listen on.
    pub host: String,
    /// The port; 0 for any free one.
    pub port: u16,
    /// The certificate chain and its key.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// The file of keys.
    pub keys: Option<PathBuf>,
    /// Whether `/metrics` needs no key.
    pub open_metrics: bool,
    /// Origins whose pages may send requests.
    pub allow_origin: Vec<HeaderValue>,
    /// The hosts that requests may name; without them, those of this machine if only it can reach the server.
    pub allowed_hosts: Option<Vec<String>>,
    /// The Content-Security-Policy of the page.
    pub page_policy: HeaderValue,
    /// Requests a second, and how many at once.
    pub rate: Option<(NonZeroU32, NonZeroU32)>,
    /// Whether the client's address is read from the proxy's header.
    pub trust_forwarded: bool,
    /// Limits on a request.
    pub limits: RequestLimits,
    /// The bytes that connections, requests and answers may take together.
    pub memory: usize,
    /// Whether texts of CSV answers that a spreadsheet would run as formulas are marked as texts.
    pub csv_safe: bool,
    /// The most connections.
    pub connections: usize,
    /// The most connections of one client; by default three quarters of all.
    pub connections_per_address: Option<usize>,
    /// How many threads score.
    pub threads: usize,
    /// How many requests may wait for them.
    pub queue: usize,
    /// How long a stopping server goes on answering before it closes.
    pub stop_delay: Duration,
    /// How long requests under way may take after that.
    pub drain: Duration,
    /// Whether a line is logged for each request.
    pub log_requests: bool,
    /// Whether the log may have values that clients sent.
    pub log_content: bool,
}

/// Limits on a request.
#[derive(Debug, Clone, Copy)]
pub struct RequestLimits {
    /// Bytes of its body.
    pub body: usize,
    /// Rows.
    pub rows: usize,
    /// Columns of a row.
    pub columns: usize,
    /// The time in which it must arrive; for a stream, the time for each part.
    pub read: Duration,
    /// The time in which it must be answered.
    pub total: Duration,
    /// The time that a stream may take in all.
    pub stream: Duration,
}

impl Config {
    /// Checks the settings, and fills in defaults.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`], naming the option.
    pub fn new(settings: &Settings) -> Result<Self> {
        let location = match (&settings.model, &settings.models, &settings.model_name) {
            (Some(file), None, None) => ModelLocation::File(file.clone()),
            (None, Some(folder), None) => ModelLocation::Folder(folder.clone()),
            (None, Some(folder), Some(name)) => ModelLocation::Versions { folder: folder.clone(), name: name.clone() },
            (Some(_), None, Some(_)) => return Err(refuse("--model-name goes with --models; a file has its own name")),
            (Some(_), Some(_), _) => {
                return Err(refuse(
                    "--model and --models exclude each other, as flags and as TEPAL_MODEL and TEPAL_MODELS",
                ));
            }
            (None, None, _) => return Err(refuse("expected --model FILE or --models FOLDER")),
        };
        if let Some(www) = settings.www.as_deref().filter(|www| !www.join("index.html").is_file()) {
            let message = format!("{}: expected a folder with an index.html", www.display());
            return Err(Error::new(ErrorKind::Io, message));
        }
        let tls = match (&settings.tls_certificate, &settings.tls_key) {
            (Some(certificate), Some(key)) => Some((certificate.clone(), key.clone())),
            (None, None) => None,
            _ => return Err(refuse("--tls-certificate and --tls-key go together")),
        };
        let rate = match (settings.rate, settings.burst) {
            (None, None) => None,
            (None, Some(_)) => return Err(refuse("--burst goes with --rate")),
            (Some(rate), burst) => Some((at_least_1("--rate", rate)?, at_least_1("--burst", burst.unwrap_or(rate))?)),
        };
        let cores = available_parallelism().map_or(1, usize::from);
        settings.traffic.iter().try_for_each(|(name, traffic)| traffic.check(name))?;
        Ok(Self {
            location,
            default_model: settings.default_model.clone(),
            traffic: settings.traffic.clone(),
            sticky_header: match &settings.sticky_header {
                None => HeaderName::from_static("x-request-key"),
                Some(name) => name.parse().map_err(|_| refuse("--sticky-header: expected the name of a header"))?,
            },
            www: settings.www.clone(),
            host: settings.host.clone().unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: settings.port.unwrap_or(8080),
            tls,
            keys: settings.keys.clone(),
            open_metrics: settings.open_metrics.unwrap_or(false),
            allow_origin: origins("--allow-origin", settings.allow_origin.as_ref())?,
            allowed_hosts: settings.allowed_hosts.clone().map(hosts).transpose()?,
            page_policy: page_policy(&origins("--allow-framing", settings.allow_framing.as_ref())?)?,
            rate,
            trust_forwarded: settings.trust_forwarded.unwrap_or(false),
            limits: RequestLimits {
                body: positive("--body-limit", settings.body_limit, limits::BODY_BYTES)?,
                rows: positive("--row-limit", settings.row_limit, limits::REQUEST_ROWS)?,
                columns: positive("--column-limit", settings.column_limit, limits::REQUEST_COLUMNS)?,
                read: seconds("--read-timeout", settings.read_timeout, 10.0)?.max(SHORTEST),
                total: seconds("--timeout", settings.timeout, 30.0)?.max(SHORTEST),
                stream: seconds("--stream-timeout", settings.stream_timeout, 3600.0)?.max(SHORTEST),
            },
            memory: match settings.memory {
                None => memory_limit().map_or(MEMORY, |limit| limit / 2).max(LEAST_MEMORY),
                Some(bytes) if bytes < LEAST_MEMORY => {
                    return Err(refuse(format!("--memory: expected {LEAST_MEMORY} bytes or more, found {bytes}")));
                }
                Some(bytes) => bytes,
            },
            csv_safe: settings.csv_safe.unwrap_or(false),
            connections: positive("--connections", settings.connections, 8192)?,
            connections_per_address: settings
                .connections_per_address
                .map(|most| positive("--connections-per-address", Some(most), most))
                .transpose()?,
            threads: positive("--threads", settings.threads, cores)?,
            queue: positive("--queue", settings.queue, 64)?,
            stop_delay: seconds("--stop-delay", settings.stop_delay, 0.0)?,
            drain: seconds("--drain", settings.drain, 10.0)?,
            log_requests: settings.log_requests.unwrap_or(false),
            log_content: settings.log_content.unwrap_or(false),
        })
    }

    /// Whether a request may name this host, which may have a port.
    pub(super) fn is_host_allowed(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if !name.ends_with(':') && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        };
        let is_this_machine = || {
            let address = name.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            address.map_or(name == "localhost" || name.ends_with(".localhost"), |address| address.is_loopback())
        };
        match &self.allowed_hosts {
            _ if !self.is_public() && is_this_machine() => true,
            Some(allowed) => allowed.iter().any(|allowed| {
                allowed == "*" || allowed.eq_ignore_ascii_case(name) || allowed.eq_ignore_ascii_case(host)
            }),
            None => self.is_public(),
        }
    }

    /// Whether machines other than this one can reach the server.
    pub fn is_public(&self) -> bool {
        let loopback = self.host.parse::<std::net::IpAddr>().map(|address| address.is_loopback());
        !loopback.unwrap_or(self.host == "localhost")
    }
}

/// The memory for connections, requests and answers where nothing limits the server.
const MEMORY: usize = 512 << 20;

/// The least memory that answers some clients at once.
const LEAST_MEMORY: usize = 8 << 20;

/// The shortest time limit: within less, no request would arrive.
const SHORTEST: Duration = Duration::from_millis(1);

/// The longest time limit: more than a day is no limit.
const LONGEST_SECONDS: f64 = 86_400.0;

fn refuse(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOption, message)
}

fn at_least_1(option: &str, number: u32) -> Result<NonZeroU32> {
    NonZeroU32::new(number).ok_or_else(|| refuse(format!("{option}: expected 1 or more, found 0")))
}

fn positive(option: &str, number: Option<usize>, default: usize) -> Result<usize> {
    match number {
        Some(number) if !(1..=LARGEST).contains(&number) => {
            Err(refuse(format!("{option}: expected 1 to {LARGEST}, found {number}")))
        }
        number => Ok(number.unwrap_or(default)),
    }
}

/// The largest number of an option: more is no limit.
const LARGEST: usize = 1 << 30;

fn seconds(option: &str, number: Option<f64>, default: f64) -> Result<Duration> {
    let number = number.unwrap_or(default);
    if !(0.0..=LONGEST_SECONDS).contains(&number) {
        return Err(refuse(format!("{option}: expected seconds from 0 to {LONGEST_SECONDS}, found {number}")));
    }
    Ok(Duration::from_secs_f64(number))
}

/// Allows the page's own scripts, WebAssembly, and requests to its own origin; and frames of the pages of others, if any.
fn page_policy(framing: &[HeaderValue]) -> Result<HeaderValue> {
    let named: Vec<&str> = framing.iter().filter_map(|origin| origin.to_str().ok()).collect();
    let ancestors = if named.is_empty() { "'none'".to_owned() } else { named.join(" ") };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; object-src 'none'; \
         base-uri 'none'; frame-ancestors {ancestors}"
    );
    HeaderValue::try_from(policy).map_err(|_| refuse("--allow-framing: expected origins that fit into a header"))
}

fn origins(option: &str, given: Option<&Vec<String>>) -> Result<Vec<HeaderValue>> {
    given.into_iter().flatten().map(|origin| parse_origin(option, origin)).collect()
}

/// Hosts as requests name them: any other form would never match.
fn hosts(given: Vec<String>) -> Result<Vec<String>> {
    let is_name = |host: &str| {
        !host.is_empty()
            && host.chars().all(|sign| sign.is_alphanumeric() || "-._:[]".contains(sign))
            && !host.contains("//")
    };
    match given.iter().find(|host| *host != "*" && !is_name(host)) {
        None => Ok(given),
        Some(host) => Err(refuse(format!(
            "--allowed-hosts: expected a host such as example.org or example.org:8080, or * for any, found \"{host}\""
        ))),
    }
}

/// An origin as a browser writes it, without a path: any other form would never match. Nor may it end a part of a policy.
fn parse_origin(option: &str, origin: &str) -> Result<HeaderValue> {
    let expected = || {
        refuse(format!("{option}: expected an origin such as https://example.org, without a path, found \"{origin}\""))
    };
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).ok_or_else(expected)?;
    if host.is_empty() || host.contains(['/', ' ', '*', '?', '#', ';', ',', '\'', '"']) {
        return Err(expected());
    }
    HeaderValue::from_str(origin).map_err(|_| expected())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(toml: &str) -> Result<Config> {
        Config::new(&toml::from_str(toml).unwrap())
    }

    #[test]
    fn options_that_do_not_fit_are_refused_by_name() {
        for (toml, message) in [
            ("", "expected --model FILE or --models FOLDER"),
            (
                "model = 'a'\nmodels = 'b'",
                "--model and --models exclude each other, as flags and as TEPAL_MODEL and TEPAL_MODELS",
            ),
            ("model = 'a'\nmodel_name = 'b'", "--model-name goes with --models; a file has its own name"),
            ("model = 'a'\ntls_key = 'b'", "--tls-certificate and --tls-key go together"),
            ("model = 'a'\nrate = 0", "--rate: expected 1 or more, found 0"),
            ("model = 'a'\nburst = 1", "--burst goes with --rate"),
            ("model = 'a'\nqueue = 0", "--queue: expected 1 to 1073741824, found 0"),
            ("model = 'a'\ntimeout = -1", "--timeout: expected seconds from 0 to 86400, found -1"),
            ("model = 'a'\ntimeout = nan", "--timeout: expected seconds from 0 to 86400, found NaN"),
            ("model = 'a'\nsticky_header = 'a b'", "--sticky-header: expected the name of a header"),
            ("model = 'a'\n[traffic.x]\nweights = { '1' = -1 }", "traffic.x: expected weights above 0, found -1"),
        ] {
            assert_eq!(config(toml).unwrap_err().to_string(), message, "{toml}");
        }
        for origin in
            ["example.org", "https://", "https://a/b", "*", "https://a b", "https://a;script-src", "https://a,b"]
        {
            for option in ["allow_origin", "allow_framing"] {
                let error = config(&format!("model = 'a'\n{option} = ['{origin}']")).unwrap_err().to_string();
                assert!(error.starts_with(&format!("--{}: ", option.replace('_', "-"))), "{error}");
            }
        }
    }

    #[test]
    fn only_loopback_addresses_are_private() {
        for (host, is_public) in
            [("127.0.0.1", false), ("::1", false), ("localhost", false), ("0.0.0.0", true), ("box", true)]
        {
            assert_eq!(config(&format!("model = 'a'\nhost = '{host}'")).unwrap().is_public(), is_public, "{host}");
        }
    }

    #[test]
    fn a_server_of_this_machine_answers_to_its_names() {
        let config_of = |more: &str| config(&format!("model = 'a'\n{more}")).unwrap();
        let own = config_of("");
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "[::1]", "app.localhost"] {
            assert!(own.is_host_allowed(host), "{host}");
        }
        for host in ["example.org", "example.org:8080", "localhost.example.org", "192.0.2.1", "", "?"] {
            assert!(!own.is_host_allowed(host), "{host}");
        }
        assert!(config_of("host = '0.0.0.0'").is_host_allowed("example.org"));
        let named = config_of("allowed_hosts = ['example.org', 'box:81']");
        assert!(named.is_host_allowed("Example.org:443") && named.is_host_allowed("box:81"));
        assert!(named.is_host_allowed("localhost") && !named.is_host_allowed("box"));
        assert!(!config_of("host = '0.0.0.0'\nallowed_hosts = ['box']").is_host_allowed("localhost"));
        for host in ["https://example.org", "*.example.org", "", "a/b", "a b"] {
            let error = config(&format!("model = 'a'\nallowed_hosts = ['{host}']")).unwrap_err().to_string();
            assert!(error.starts_with("--allowed-hosts: expected a host such as"), "{error}");
        }
        assert!(config_of("allowed_hosts = ['*']").is_host_allowed("example.org"));
    }

    #[test]
    fn a_flag_wins_over_the_file() {
        let flags = Settings { port: Some(1), ..Settings::default() };
        let file: Settings = toml::from_str("port = 2\nqueue = 3\nmodel = 'a'").unwrap();
        let config = Config::new(&flags.or(file)).unwrap();
        assert_eq!((config.port, config.queue), (1, 3));
    }
}
