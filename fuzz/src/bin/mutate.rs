//! Damages model files, tables and models of other tools, in a way that a seed and a number repeat, and counts what becomes of them.
//!
//! `cargo run --release --manifest-path fuzz/Cargo.toml --no-default-features --bin mutate -- --count 1000000 --seed 7`
//!
//! Bytes that cause a panic are kept in the folder `tepal-mutate` of the system's temporary files, and the exit code is 1.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// No more failures are looked for after so many.
const MOST_FAILURES: u64 = 10;

/// Every so many tables one is trained on, which takes a thousand times as long as reading it.
const TRAINED: u64 = 256;

/// The lines of a table that are damaged.
const TABLE_LINES: usize = 24;

/// Each kind is accepted, and refused, in at least so many of a thousand cases; otherwise the damage is none, or too much.
const AT_LEAST_PER_MILLE: u64 = 5;

const TABLES: [&str; 6] = [
    "www/data/iris.csv",
    "tests/golden/mixed/penguins.csv",
    "tests/golden/mixed/msleep.csv",
    "tests/golden/mixed/slid_semicolon.csv",
    "tests/golden/mixed/survey_tab.csv",
    "tests/golden/mixed/bdi.csv",
];

/// Models of other tools of at most so many bytes are damaged: with fewer, more of their fields are.
const FOREIGN_BYTES: usize = 20_000;

/// What the number of a case damages.
const KINDS: [&str; 3] = ["model files", "tables", "models of other tools"];
const MODELS: u64 = 0;
const TABLES_READ: u64 = 1;

/// Pieces of text that mean something in a table, or in JSON.
const PIECES: [&[u8]; 20] = [
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\t",
    b"\r",
    b"\n",
    b"\r\n",
    b"NA",
    b"-0",
    b"1e400",
    b"1,5",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"[",
    b"]",
    b"{",
    b"null",
    b"-1",
    b"1e99",
];

const NUMBERS: [f64; 7] = [0.0, -0.0, 1e-320, 1e308, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];

const BYTES: [u8; 8] = [0, 1, 127, 128, 250, 251, 253, 255];

/// splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn choose<'c, T>(&mut self, choices: &'c [T]) -> &'c T {
        &choices[self.below(choices.len())]
    }
}

/// One to four changes. `other` is a file that a piece may come from.
fn damage(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    for _ in 0..1 + random.below(4) {
        let at = random.below(bytes.len() + 1);
        let end = bytes.len().min(at + 1 + random.below(16));
        match random.below(8) {
            0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << random.below(8)),
            1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = *random.choose(&BYTES)),
            2 => drop(bytes.splice(at..end, random.choose(&NUMBERS).to_le_bytes())),
            // A length, as the payload writes it, of more items than there is memory for.
            3 => drop(bytes.splice(at..at, [253].into_iter().chain((1_u64 << 60).to_le_bytes()))),
            4 => drop(bytes.drain(at..end)),
            5 => {
                let twice = bytes[at..end].to_vec();
                bytes.splice(at..at, twice);
            }
            6 => {
                let from = random.below(other.len());
                let piece = other[from..other.len().min(from + 1 + random.below(32))].to_vec();
                bytes.splice(at..end, piece);
            }
            _ => drop(bytes.splice(at..at, random.choose(&PIECES).iter().copied())),
        }
    }
}

/// The files that are damaged.
struct Files {
    models: Vec<Vec<u8>>,
    tables: Vec<Vec<u8>>,
    foreign: Vec<Vec<u8>>,
}

/// The files of a folder and of those within, in the same order on every machine.
fn files_within(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let each = paths.into_iter().map(|path| if path.is_dir() { files_within(&path) } else { vec![path] });
    each.flatten().collect()
}

impl Files {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
        let paths = files_within(&root.join("tests/models"));
        let mut models: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).expect("a model file")).collect();
        // Trees of numbers, and of categories and missing values.
        for (table, target) in [("www/data/iris.csv", "species"), ("tests/golden/mixed/penguins.csv", "body_mass_g")] {
            let csv = fs::read(root.join(table)).expect("a table");
            models.extend([false, true].map(|is_forest| tepal_fuzz::trees(&csv, target, is_forest)));
        }
        let head = |file: &&str| {
            let text = fs::read(root.join(file)).expect("a table");
            text.split_inclusive(|byte| *byte == b'\n').take(TABLE_LINES).collect::<Vec<_>>().concat()
        };
        let is_model = |path: &PathBuf| {
            path.extension().is_some_and(|kind| ["json", "ubj", "txt", "onnx"].iter().any(|own| kind == *own))
        };
        let foreign = files_within(&root.join("tests/interop")).into_iter().filter(is_model);
        let foreign = foreign.map(|path| fs::read(path).expect("a model of another tool"));
        let foreign = foreign.filter(|bytes| bytes.len() <= FOREIGN_BYTES).collect();
        Self { models, tables: TABLES.iter().map(head).collect(), foreign }
    }

    /// Damaged file number `index` of a seed: of three in a row one of each kind.
    fn damaged(&self, seed: u64, index: u64) -> Vec<u8> {
        let random = &mut Random(seed.wrapping_mul(0xd134_2543_de82_ef95) ^ index);
        let files = match index % 3 {
            MODELS => &self.models,
            TABLES_READ => &self.tables,
            _ => &self.foreign,
        };
        let mut bytes = random.choose(files).clone();
        let other = random.choose(files);
        if index % 3 == MODELS {
            // The header is damaged in one case of eight; its digests are looked at before anything else.
            let mut payload = bytes.split_off(tepal_fuzz::forge::header_bytes(&bytes));
            damage(&mut payload, other, random);
            if random.below(8) == 0 {
                damage(&mut bytes, other, random);
            }
            bytes.extend(payload);
        } else {
            damage(&mut bytes, other, random);
        }
        bytes
    }
}

/// Whether the bytes were accepted.
fn check(index: u64, bytes: &[u8]) -> bool {
    match index % 3 {
        MODELS => tepal_fuzz::decode(bytes),
        TABLES_READ => {
            if index % TRAINED == 1 {
                tepal_fuzz::train(bytes);
            }
            tepal_fuzz::parse(bytes)
        }
        _ => tepal_fuzz::import(bytes),
    }
}

/// Accepted and refused.
#[derive(Default)]
struct Count([AtomicU64; 2]);

impl Count {
    fn add(&self, is_accepted: bool) {
        self.0[usize::from(!is_accepted)].fetch_add(1, Ordering::Relaxed);
    }

    fn get(&self) -> [u64; 2] {
        [0, 1].map(|at| self.0[at].load(Ordering::Relaxed))
    }
}

/// Runs the numbers of a range; gives the counts of each kind, and of panics.
fn run(seed: u64, numbers: Range<u64>) -> ([[u64; 2]; 3], u64) {
    let files = Files::read();
    let counts = KINDS.map(|_| Count::default());
    let (next, failures) = (AtomicU64::new(numbers.start), AtomicU64::new(0));
    let work = || loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        if index >= numbers.end || failures.load(Ordering::Relaxed) >= MOST_FAILURES {
            break;
        }
        let bytes = files.damaged(seed, index);
        match std::panic::catch_unwind(|| check(index, &bytes)) {
            Ok(is_accepted) => counts[(index % 3) as usize].add(is_accepted),
            Err(_) => {
                failures.fetch_add(1, Ordering::Relaxed);
                keep(seed, index, &bytes);
            }
        }
    };
    let n_threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(work);
        }
    });
    (counts.map(|count| count.get()), failures.into_inner())
}

fn keep(seed: u64, index: u64, bytes: &[u8]) {
    let folder = std::env::temp_dir().join("tepal-mutate");
    let path = folder.join(format!("{seed}-{index}"));
    let kept = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, bytes));
    eprintln!("mutate: --seed {seed} --from {index} --count 1 does it again; bytes in {}: {kept:?}", path.display());
}

/// The value of a flag, or its default.
fn flag(arguments: &[String], name: &str, default: u64) -> u64 {
    let at = arguments.iter().position(|argument| argument == name);
    let value = at.map(|at| arguments.get(at + 1).and_then(|value| value.parse().ok()));
    value.map_or(default, |value| value.unwrap_or_else(|| panic!("{name} wants a whole number")))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [count, seed, from] =
        [("--count", 1_000_000), ("--seed", 7), ("--from", 0)].map(|(name, default)| flag(&arguments, name, default));
    let (counts, failures) = run(seed, from..from.saturating_add(count));
    let mut is_wrong = failures > 0;
    for (name, [accepted, refused]) in KINDS.into_iter().zip(counts) {
        println!("mutate: {} {name}: {accepted} accepted, {refused} refused", accepted + refused);
        let least = accepted.min(refused);
        if count >= 10_000 && least * 1000 < (accepted + refused) * AT_LEAST_PER_MILLE {
            eprintln!("mutate: expected at least {AT_LEAST_PER_MILLE} of a thousand {name} accepted, and refused");
            is_wrong = true;
        }
    }
    println!("mutate: {failures} panics, seed {seed}");
    if is_wrong {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
