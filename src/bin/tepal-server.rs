//! Serves models, and the page.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]

use clap::Parser;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use tepal::error::{Error, ErrorKind, Result};
use tepal::server::{self, App, Config, Settings};
use tokio::net::TcpListener;

/// It gives memory back as soon as it is free. After requests that had 28 MB at once, glibc's kept 108 MB and mimalloc 341.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Serve tepal models over HTTP, and the page.
///
/// A flag wins over its variable of the environment, that over the file of --config.
#[derive(Parser)]
#[command(
    name = "tepal-server",
    version,
    after_help = "Examples:
  tepal-server --model iris.tepal --www www
  tepal-server --models models --keys keys.txt --host 0.0.0.0
  tepal-server --new-key page --scope predict"
)]
struct Arguments {
    /// Settings in TOML, by the flags' names with underscores, and the tables [traffic.MODEL]
    #[arg(long, value_name = "FILE", env = "TEPAL_CONFIG")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    /// Open everything, say what was found, and end
    #[arg(long)]
    check_config: bool,
    /// Make a key, and end: write it down, and its line into the file of --keys
    #[arg(long, value_name = "NAME", exclusive = false)]
    new_key: Option<String>,
    /// What the new key is for: predict, admin or predict,admin
    #[arg(long, value_name = "SCOPES", default_value = "predict", requires = "new_key")]
    scope: String,
}

fn main() -> ExitCode {
    match start(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tepal-server: {error}");
            ExitCode::from(error.kind().exit_code())
        }
    }
}

fn start(arguments: Arguments) -> Result<()> {
    if let Some(name) = &arguments.new_key {
        let (key, line) = server::new_key(name, &arguments.scope)?;
        println!("key, which is shown this once:\n  {key}\nline for the file of --keys:\n  {line}");
        return Ok(());
    }
    let file = arguments.config.as_deref().map(Settings::read).transpose()?.unwrap_or_default();
    let settings = arguments.settings.or(file);
    let mut config = Config::new(&settings)?;
    let _log = server::begin_log(settings.log.as_deref(), settings.log_level.as_deref())?;
    // Each connection is an open file. More connections than files would leave no place for a new one.
    let files =
        rlimit::increase_nofile_limit(u64::MAX).map_or(usize::MAX, |files| files.try_into().unwrap_or(usize::MAX));
    config.connections = config.connections.min(files.saturating_sub(OTHER_FILES).max(1));
    let app = App::open(config.clone(), arguments.config)?;
    if arguments.check_config {
        let (found, problems) = app.summary();
        found.iter().for_each(|line| println!("{line}"));
        return match problems.is_empty() {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::InvalidOption, problems.join("\n"))),
        };
    }
    let open = config.is_public() && config.keys.is_none();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Each has a stack: those that score, and some that read files.
        .max_blocking_threads(config.threads + FILE_THREADS)
        .build()
        .map_err(|error| failed(format!("the runtime did not start: {error}")))?;
    let served = runtime.block_on(async {
        let (host, port) = (config.host.as_str(), config.port);
        let listener = TcpListener::bind((host, port))
            .await
            .map_err(|error| failed(format!("cannot listen on {host}:{port}: {error}")))?;
        let bound = listener.local_addr().map_err(|error| failed(error.to_string()))?;
        let stop = signals(app.clone()).map_err(|error| failed(error.to_string()))?;
        let scheme = if config.tls.is_some() { "https" } else { "http" };
        if open {
            tracing::warn!("open to everybody who reaches {bound}: there are no keys; see --keys and --host");
        }
        say(format!("tepal-server: {} on {scheme}://{bound}", app.names().join(", ")));
        server::run(listener, app, stop).await;
        Ok(())
    });
    // No client waits for the work that still runs.
    runtime.shutdown_background();
    served
}

/// Open files that are no connections: models, keys, watches, the page's.
const OTHER_FILES: usize = 48;

/// The threads that read files.
const FILE_THREADS: usize = 16;

/// Writes a line to standard output, from a thread of its own: it may be closed, or full and unread.
fn say(line: String) {
    std::thread::spawn(move || {
        let _ = writeln!(io::stdout(), "{line}");
    });
}

fn failed(message: String) -> Error {
    Error::new(ErrorKind::Io, message)
}

/// Resolves at Ctrl-C, or when the machine asks the process to end. The signals are caught from this call on, also before the
/// future is awaited. A second one ends the process at once. At the hang-up signal the server reads its files again.
#[cfg(unix)]
fn signals(app: App) -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let mut hang_up = signal(SignalKind::hangup())?;
    Ok(async move {
        let (told, stop) = tokio::sync::oneshot::channel();
        let mut told = Some(told);
        tokio::spawn(async move {
            loop {
                let number = tokio::select! {
                    _ = interrupt.recv() => 2,
                    _ = terminate.recv() => 15,
                    _ = hang_up.recv() => {
                        app.wake();
                        continue;
                    }
                };
                match told.take() {
                    Some(told) => drop(told.send(())),
                    // As a shell says it of a process that a signal ended.
                    None => std::process::exit(128 + number),
                }
            }
        });
        let _ = stop.await;
    })
}

/// Resolves at Ctrl-C.
#[cfg(not(unix))]
fn signals(_: App) -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler Ctrl-C ends the process at once.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
