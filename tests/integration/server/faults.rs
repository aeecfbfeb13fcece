//! Clients and files at their worst, through the process: it does not crash, does not answer 500, loses no model, and its
//! memory stays bounded. How much is sent here keeps the tests short; `tests/server_faults.py` sends more of it.
#![cfg(target_os = "linux")]

use super::process::{Process, eventually, folder, text};
use super::served::{cut_at, write};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

fn is_well(server: &mut Process) {
    assert!(server.is_running());
    let answer = server.ask("POST /predict", "{\"data\":[20]}");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
}

#[test]
fn slow_clients_are_ended_and_others_are_answered_meanwhile() {
    let folder = folder("m", &cut_at(10).encode().unwrap());
    let mut server = Process::start(&["--models", text(folder.path()), "--read-timeout", "1"]);
    let mut slow: Vec<TcpStream> = (0..500).map(|_| server.connect()).collect();
    let begin = Instant::now();
    for round in 0..4 {
        for (index, stream) in slow.iter_mut().enumerate() {
            // A letter of a head, or of a body, at a time: some of them are ended before the others are written to.
            let text: &[u8] = match (index % 2, round) {
                (_, 0) => b"POST /predict HTTP/1.1\r\nHost: localhost\r\n",
                (0, 1) => b"Content-Length: 100\r\n\r\n",
                _ => b"X",
            };
            let _ = stream.write_all(text);
        }
        is_well(&mut server);
        std::thread::sleep(Duration::from_millis(300));
    }
    for stream in &mut slow {
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 408") || answer.starts_with("HTTP/1.1 400"),
            "{answer}"
        );
    }
    assert!(begin.elapsed() < Duration::from_secs(8), "{:?}", begin.elapsed());
    is_well(&mut server);
    assert!(server.memory() < 100 << 20, "{}", server.memory());
}

#[test]
fn a_connection_that_rests_between_requests_is_kept_for_the_timeout_only() {
    let folder = folder("m", &cut_at(10).encode().unwrap());
    let server = Process::start(&["--models", text(folder.path()), "--read-timeout", "1"]);
    let mut stream = server.connect();
    let mut ask = || -> std::io::Result<usize> {
        stream.write_all(b"GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        stream.read(&mut [0; 4096])
    };
    for _ in 0..3 {
        assert!(ask().unwrap() > 100);
        std::thread::sleep(Duration::from_millis(600));
    }
    std::thread::sleep(Duration::from_millis(1500));
    assert!(matches!(ask(), Ok(0) | Err(_)));
}

#[test]
fn a_client_that_does_not_read_is_ended_and_one_that_reads_slowly_is_not() {
    let folder = folder("m", &cut_at(10).encode().unwrap());
    let mut server = Process::start(&["--models", text(folder.path()), "--read-timeout", "1", "--timeout", "2"]);
    // An answer of some 15 MB, more than the sockets hold.
    let body = format!("{{\"rows\":[{}]}}", vec!["{\"x\":20}"; 100_000].join(","));
    let ask = |stream: &mut TcpStream| {
        let head = format!("POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
    };
    let (mut idle, mut slow) = (server.connect(), server.connect());
    ask(&mut idle);
    ask(&mut slow);
    // Longer than either limit, but never without reading for as long.
    let (mut length, mut part) = (0, vec![0; 1 << 20]);
    let begin = Instant::now();
    let whole = loop {
        let read = slow.read(&mut part).unwrap();
        if length == 0 {
            let head = String::from_utf8_lossy(&part[..400]).into_owned();
            let said = head.split("content-length: ").nth(1).and_then(|rest| rest.split('\r').next()).unwrap();
            length = said.parse::<usize>().unwrap() + head.find("\r\n\r\n").unwrap() + 4;
        }
        length -= read;
        if length == 0 || read == 0 {
            break length == 0;
        }
        std::thread::sleep(Duration::from_millis(if begin.elapsed() < Duration::from_secs(5) { 250 } else { 0 }));
    };
    assert!(whole && begin.elapsed() > Duration::from_secs(4), "{whole} after {:?}", begin.elapsed());
    let mut rest = Vec::new();
    assert!(idle.read_to_end(&mut rest).is_err() || rest.len() < 12 << 20, "{}", rest.len());
    is_well(&mut server);
}

#[test]
fn a_body_of_a_gigabyte_is_refused_before_it_is_sent() {
    let folder = folder("m", &cut_at(10).encode().unwrap());
    let mut server = Process::start(&["--models", text(folder.path())]);
    let before = server.memory();
    let mut stream = server.connect();
    stream.write_all(b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1073741824\r\n\r\n").unwrap();
    let mut answer = [0; 64];
    stream.read_exact(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 413"), "{}", String::from_utf8_lossy(&answer));

    // One that does not say how much comes: it is read up to the limit.
    let mut stream = server.connect();
    stream.write_all(b"POST /predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
    let part = vec![b' '; 1 << 20];
    for _ in 0..1024 {
        let sent = stream
            .write_all(b"100000\r\n")
            .and_then(|()| stream.write_all(&part))
            .and_then(|()| stream.write_all(b"\r\n"));
        if sent.is_err() {
            break;
        }
    }
    is_well(&mut server);
    assert!(server.memory() < before + (40 << 20), "{} after {before}", server.memory());
}

#[test]
fn malformed_requests_are_refused_one_after_the_other() {
    let folder = folder("m", &cut_at(10).encode().unwrap());
    let mut server = Process::start(&["--models", text(folder.path())]);
    let deep = format!("{{\"data\":{}", "[".repeat(5_000));
    let heads = [
        "POST /predict",
        "POST /v2/models/m/infer",
        "POST /v1/models/m:predict",
        "POST /invocations",
        "POST /v1/models/:predict",
    ];
    let bodies = [
        "",
        "{",
        "[NaN",
        "{\"data\":[[]]}",
        "{\"rows\":[{\"x\":{}}]}",
        "{\"inputs\":[{}]}",
        "\u{0}\u{1}",
        deep.as_str(),
    ];
    let mut sent = 0;
    let mut stream = server.connect();
    let mut buffer = vec![0; 1 << 16];
    for _ in 0..50 {
        for head in heads {
            for body in bodies {
                let request = format!(
                    "{head} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                );
                stream.write_all(request.as_bytes()).unwrap();
                let length = stream.read(&mut buffer).unwrap();
                let answer = String::from_utf8_lossy(&buffer[..length]);
                assert!(answer.starts_with("HTTP/1.1 4"), "{head} {body}: {answer}");
                sent += 1;
            }
        }
    }
    assert_eq!(sent, 2000);
    for junk in
        [&b"\x16\x03\x01\x02\x00"[..], b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\0\0\0\0\r\n\r\n", &[b'A'; 100_000]]
    {
        let mut stream = server.connect();
        let _ = stream.write_all(junk);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&answer));
    }
    is_well(&mut server);
}

#[test]
fn a_server_with_more_to_score_than_threads_says_so() {
    let folder = folder("m", &cut_at(10).encode().unwrap());
    let server = Process::start(&["--models", text(folder.path()), "--threads", "1", "--queue", "1"]);
    let body = format!("{{\"rows\":[{}]}}", vec!["{\"x\":20}"; 90_000].join(","));
    let answers: Vec<String> = std::thread::scope(|scope| {
        let ask = || scope.spawn(|| server.ask("POST /predict", &body).chars().take(1000).collect::<String>());
        let asked: Vec<_> = (0..12).map(|_| ask()).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    let busy: Vec<&String> = answers.iter().filter(|answer| answer.starts_with("HTTP/1.1 503")).collect();
    let answered = answers.iter().filter(|answer| answer.starts_with("HTTP/1.1 200")).count();
    assert!(answered >= 2 && answered + busy.len() == 12, "{answers:?}");
    assert!(
        busy.iter().all(|answer| answer.contains("retry-after: 1") && answer.contains("\"unavailable\"")),
        "{busy:?}"
    );
}

#[test]
fn a_writer_that_is_killed_leaves_the_old_model() {
    let folder = folder("m", &cut_at(10).encode().unwrap());
    let mut server = Process::start(&["--models", text(folder.path())]);
    // The command line writes beside the place and moves. It is killed at some moment of that, many times.
    let table = folder.path().join("table.csv");
    let rows: String = (0..3000).map(|x| format!("{x},{}\n", if x < 1500 { "low" } else { "high" })).collect();
    fs::write(&table, format!("x,y\n{rows}")).unwrap();
    let path = folder.path().join("m.tepal");
    for delay in 0..20 {
        let mut writer = std::process::Command::new(assert_cmd::cargo::cargo_bin!("tepal"))
            .args(["train", text(&table), "--target", "y", "--name", "m", "-o", text(&path)])
            .stderr(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(3 * delay));
        writer.kill().unwrap();
        writer.wait().unwrap();
        is_well(&mut server);
    }
    // Somebody who writes into the place itself, and dies.
    fs::write(&path, &cut_at(30).encode().unwrap()[..500]).unwrap();
    eventually("the report", || server.ask("GET /readyz", "").contains("truncated"));
    is_well(&mut server);
    write(folder.path(), "m", &cut_at(30).encode().unwrap());
    eventually("the repaired model", || {
        server.ask("POST /predict", "{\"data\":[20]}").contains("\"prediction\":\"low\"")
    });
}

#[test]
fn a_folder_that_vanishes_takes_nothing_along() {
    let folder = folder("deep/models/m", &cut_at(10).encode().unwrap());
    let models = folder.path().join("deep/models");
    let mut server = Process::start(&["--models", text(&models)]);
    fs::remove_dir_all(folder.path().join("deep")).unwrap();
    eventually("the report", || server.ask("GET /readyz", "").contains("No such file"));
    is_well(&mut server);
    write(&models, "m", &cut_at(30).encode().unwrap());
    eventually("the model of the new folder", || {
        server.ask("POST /predict", "{\"data\":[20]}").contains("\"prediction\":\"low\"")
    });
}
