//! Serves a model file and the page.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]

use clap::Parser;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tepal::error::{Error, ErrorKind, Result};
use tepal::file;
use tepal::server::{self, AppState};

/// Serve a tepal model: POST /predict, GET /healthz, and the page.
#[derive(Parser)]
#[command(name = "tepal-server", version)]
struct Arguments {
    /// The model file
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// The folder of the page; without it only the routes are served
    #[arg(long, value_name = "FOLDER")]
    www: Option<PathBuf>,
    /// The address to listen on; 0.0.0.0 opens the server to the network
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// The port to listen on; 0 chooses a free one
    #[arg(long, env = "PORT", default_value_t = 8080)]
    port: u16,
}

fn main() -> ExitCode {
    match serve(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tepal-server: {error}");
            ExitCode::from(error.kind().exit_code())
        }
    }
}

fn serve(arguments: Arguments) -> Result<()> {
    let model = Arc::new(file::read_model(&arguments.model)?);
    if let Some(www) = arguments.www.as_deref().filter(|www| !www.join("index.html").is_file()) {
        return Err(failed(format!("{}: expected a folder with an index.html", www.display())));
    }
    let runtime =
        tokio::runtime::Runtime::new().map_err(|error| failed(format!("the runtime did not start: {error}")))?;
    runtime.block_on(async {
        let address = (arguments.host.as_str(), arguments.port);
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(|error| failed(format!("cannot listen on {}:{}: {error}", arguments.host, arguments.port)))?;
        let bound = listener.local_addr().map_err(|error| failed(error.to_string()))?;
        let stop = stop_signal().map_err(|error| failed(error.to_string()))?;
        println!("tepal-server: {} on http://{bound}", model.provenance().name);
        let state = AppState { model, www: arguments.www };
        server::run(listener, state, stop).await.map_err(|error| failed(error.to_string()))
    })
}

fn failed(message: String) -> Error {
    Error::new(ErrorKind::Io, message)
}

/// Resolves at Ctrl-C, or when the machine asks the process to end. The signals are caught from this call on, not only
/// from when the answer is awaited.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Resolves at Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler Ctrl-C ends the process at once, which is as good.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
