//! Serves a model file and the page.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]

use clap::Parser;
use std::net::IpAddr;
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
    host: IpAddr,
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
        return Err(io(format!("{}: expected a folder with an index.html", www.display())));
    }
    let runtime = tokio::runtime::Runtime::new().map_err(|error| io(format!("the runtime did not start: {error}")))?;
    runtime.block_on(async {
        let address = (arguments.host, arguments.port);
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(|error| io(format!("cannot listen on {}:{}: {error}", arguments.host, arguments.port)))?;
        let bound = listener.local_addr().map_err(|error| io(error.to_string()))?;
        println!("tepal-server: {} on http://{bound}", model.provenance().name);
        let state = AppState { model, www: arguments.www };
        server::run(listener, state, stop_signal()).await.map_err(|error| io(error.to_string()))
    })
}

fn io(message: String) -> Error {
    Error::new(ErrorKind::Io, message)
}

/// Resolves at Ctrl-C, or when the machine asks the process to end.
async fn stop_signal() {
    let interrupt = async {
        // Without a handler Ctrl-C ends the process at once, which is as good.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    () = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}
