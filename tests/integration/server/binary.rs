//! How the binary starts, is told things, and ends.

use super::process::{Process, eventually, folder, text};
use super::served::{IRIS, cut_at, write};
use assert_cmd::Command;
use std::io::{Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

const MODEL: &str = "tests/models/v1-iris.tepal";

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(assert_cmd::cargo::cargo_bin!("tepal-server")).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_missing_or_damaged_model_ends_the_server_with_a_message() {
    let folder = tempfile::TempDir::new().unwrap();
    let damaged = folder.path().join("damaged.tepal");
    std::fs::write(&damaged, &IRIS[..100]).unwrap();
    for (path, code, message) in [
        (damaged, 4, "damaged.tepal: byte 100: the model file has 100 bytes where its header asks for"),
        (folder.path().join("missing.tepal"), 6, "missing.tepal: No such file"),
    ] {
        let (found, _, error) = run(&["--model", text(&path)]);
        assert_eq!(found, Some(code), "{error}");
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn what_it_was_told_is_checked_before_it_serves() {
    let folder = folder("iris", IRIS);
    let settings = folder.path().join("settings.toml");
    std::fs::write(&settings, format!("models = '{}'\nqueue = 3\n", folder.path().display())).unwrap();
    let (code, out, _) = run(&["--config", text(&settings), "--check-config"]);
    assert_eq!(code, Some(0));
    assert!(out.starts_with("iris 1 25dc409e53b9"), "{out}");
    // A flag that names a model says all about where the models are.
    assert_eq!(run(&["--config", text(&settings), "--model", MODEL, "--check-config"]).0, Some(0));
    let (code, out, error) = run(&["--models", text(folder.path()), "--default-model", "irs", "--check-config"]);
    assert!(code == Some(2) && out.starts_with("iris 1") && error.contains("\"irs\" is not there"), "{error}");
    std::fs::write(&settings, "model = 'x'\nqueues = 3\n").unwrap();
    let (code, _, error) = run(&["--config", text(&settings), "--check-config"]);
    assert!(code == Some(2) && error.contains("settings.toml") && error.contains("queues"), "{error}");
    for (arguments, message) in [
        (&[][..], "expected --model FILE or --models FOLDER"),
        (&["--model", MODEL, "--log-level", "loud"], "loud"),
        (&["--model", MODEL, "--www", "src"], "src: expected a folder with an index.html"),
        (&["--model", MODEL, "--keys", "Cargo.toml"], "Cargo.toml: row 1: expected a name, scopes"),
        (&["--model", MODEL, "--tls-certificate", "Cargo.toml", "--tls-key", "Cargo.toml"], "Cargo.toml: "),
        (&["--model", MODEL, "--host", "host.invalid"], "cannot listen on host.invalid:"),
    ] {
        let (code, _, error) = run(arguments);
        assert!(code != Some(0) && error.contains(message), "{arguments:?}: {error}");
    }
}

#[test]
fn a_new_key_is_shown_with_its_line() {
    let (code, out, _) = run(&["--new-key", "page", "--scope", "predict,admin"]);
    let lines: Vec<&str> = out.lines().map(str::trim).collect();
    assert!(code == Some(0) && lines[1].starts_with("tepal_") && lines[3].starts_with("page predict,admin "), "{out}");
    assert_eq!(run(&["--new-key", "page", "--scope", "all"]).0, Some(2));
}

#[cfg(unix)]
#[test]
fn it_takes_its_port_from_the_environment_and_stops_when_asked() {
    let server = Process::start(&["--model", MODEL]);
    let answer = server.ask("POST /predict", "{\"data\":[5.1,3.5,1.4,0.2]}");
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("\"prediction\":\"setosa\""), "{answer}");
    assert!(server.stop().success());
}

#[cfg(unix)]
#[test]
fn before_it_stops_it_is_not_ready_and_answers_what_is_under_way() {
    let server = Process::start(&["--model", MODEL, "--stop-delay", "1"]);
    let mut slow = server.connect();
    slow.write_all(
        b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 26\r\nConnection: close\r\n\r\n{\"data\":",
    )
    .unwrap();
    assert!(server.ask("GET /readyz", "").starts_with("HTTP/1.1 200"));
    let begin = Instant::now();
    server.signal("TERM");
    eventually("not being ready", || server.ask("GET /readyz", "").starts_with("HTTP/1.1 503"));
    assert!(server.ask("GET /v2/health/live", "").starts_with("HTTP/1.1 200"));
    assert!(begin.elapsed() < Duration::from_millis(900));
    std::thread::sleep(Duration::from_millis(1200).saturating_sub(begin.elapsed()));
    assert!(std::net::TcpStream::connect(&server.address).is_err());
    slow.write_all(b"[5.1,3.5,1.4,0.2]}").unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(server.wait().success());
}

#[cfg(unix)]
#[test]
fn files_that_change_are_heard_of_and_the_hang_up_signal_is() {
    let folder = folder("m", &cut_at(10).encode().unwrap());
    let server = Process::start(&["--models", text(folder.path())]);
    let class = || server.ask("POST /predict", "{\"data\":[20]}").contains("\"prediction\":\"low\"");
    assert!(!class());
    write(folder.path(), "m", &cut_at(30).encode().unwrap());
    eventually("the new model", class);
    // A new folder within, and a file in it.
    write(folder.path(), "other/2", IRIS);
    eventually("the other model", || server.ask("GET /v2/models/other/ready", "").starts_with("HTTP/1.1 200"));
    server.signal("HUP");
    assert!(server.ask("GET /healthz", "").starts_with("HTTP/1.1 200"));
}

#[cfg(unix)]
#[test]
fn tls_is_spoken_and_its_certificate_may_change() {
    use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
    use tokio_rustls::rustls;

    let folder = tempfile::TempDir::new().unwrap();
    let (certificate, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
    let make = || {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        CertificateDer::from_pem_slice(made.cert.pem().as_bytes()).unwrap()
    };
    let first = make();
    let server = Process::start(&["--model", MODEL, "--tls-certificate", text(&certificate), "--tls-key", text(&key)]);
    let ask = |root: &CertificateDer<'static>| -> std::io::Result<String> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(root.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_root_certificates(roots).with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let connection = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, server.connect());
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = vec![0; 4096];
        let length = stream.read(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
    };
    let answer = ask(&first).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("strict-transport-security"), "{answer}");
    let second = make();
    server.signal("HUP");
    eventually("the new certificate", || ask(&second).is_ok());
    assert!(ask(&first).is_err());
    // Who speaks without TLS is not answered, and does not disturb the others.
    let mut plain = server.connect();
    plain.write_all(b"GET /healthz HTTP/1.1\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"));
    assert!(ask(&second).is_ok());
}
