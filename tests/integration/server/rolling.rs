//! Versions that come while requests are answered: none fails, and each is answered by a version that was there.
#![cfg(unix)]

use super::process::{Process, folder, text};
use super::served::{cut_at, write};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const SECONDS: u64 = 30;
const VERSIONS: u64 = 10;

#[test]
fn ten_versions_come_under_load_and_no_request_fails() {
    let folder = folder("m@1", &cut_at(10).encode().unwrap());
    let server = Process::start(&["--models", text(folder.path())]);
    let is_over = AtomicBool::new(false);
    // When each version was put there, and when it was taken away.
    let written = Mutex::new(BTreeMap::from([(1, Instant::now())]));
    let removed = Mutex::new(BTreeMap::new());
    let seen = Mutex::new(BTreeMap::<u64, usize>::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut stream = server.connect();
                let mut buffer = [0; 4096];
                while !is_over.load(Ordering::Relaxed) {
                    let begin = Instant::now();
                    let body = "{\"data\":[20]}";
                    let request = format!(
                        "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    stream.write_all(request.as_bytes()).unwrap();
                    let length = stream.read(&mut buffer).unwrap();
                    let answer = String::from_utf8_lossy(&buffer[..length]);
                    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
                    let version = answer.split("tepal-version: ").nth(1).and_then(|rest| rest.split('\r').next());
                    let version: u64 = version.unwrap().parse().unwrap();
                    assert!(written.lock().unwrap().contains_key(&version), "{version} was not there yet");
                    let gone = removed.lock().unwrap().get(&version).copied();
                    // It is noticed in 5 seconds at the latest.
                    assert!(
                        gone.is_none_or(|gone: Instant| begin < gone + Duration::from_secs(6)),
                        "{version} was gone"
                    );
                    *seen.lock().unwrap().entry(version).or_default() += 1;
                    std::thread::sleep(Duration::from_millis(1));
                }
            });
        }
        let begin = Instant::now();
        for version in 2..=VERSIONS + 1 {
            let at = Duration::from_millis((version - 1) * SECONDS * 1000 / (VERSIONS + 1));
            std::thread::sleep(at.saturating_sub(begin.elapsed()));
            written.lock().unwrap().insert(version, Instant::now());
            write(folder.path(), &format!("m@{version}"), &cut_at(10 + version as usize).encode().unwrap());
            if version > 3 {
                std::fs::remove_file(folder.path().join(format!("m@{}.tepal", version - 2))).unwrap();
                removed.lock().unwrap().insert(version - 2, Instant::now());
            }
        }
        std::thread::sleep(Duration::from_secs(SECONDS).saturating_sub(begin.elapsed()));
        is_over.store(true, Ordering::Relaxed);
    });
    let seen = seen.into_inner().unwrap();
    assert_eq!(seen.keys().copied().collect::<Vec<_>>(), (1..=VERSIONS + 1).collect::<Vec<_>>(), "{seen:?}");
    assert!(seen.values().sum::<usize>() > 5_000, "{seen:?}");
    assert!(server.stop().success());
}
