//! Tables in other formats than CSV, at the command line's door: tests/formats/README.md says what the files hold.

use super::bad_tables::{Outcome, tepal};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats").join(file)
}

/// What came of a command about a file, with the flags behind it.
fn run(folder: &TempDir, command: &[&str], file: &Path, flags: &[&str]) -> Outcome {
    tepal(&[command, &[file.to_str().unwrap()], flags].concat(), folder.path())
}

/// The bytes of the model that a file gives.
fn model(folder: &TempDir, file: &str, flags: &[&str]) -> Vec<u8> {
    let flags = [&["--target", "y", "--created", "0", "-o", "m.tepal"], flags].concat();
    let outcome = run(folder, &["train"], &path(file), &flags);
    assert_eq!(outcome.code, 0, "{file}: {}", outcome.error);
    fs::read(folder.path().join("m.tepal")).unwrap()
}

/// The same rows.
const SAME: [&str; 8] = [
    "none.parquet",
    "snappy.parquet",
    "zstd.parquet",
    "gzip.parquet",
    "lz4.parquet",
    "pages.parquet",
    "table.jsonl",
    "table.xlsx",
];

#[test]
fn one_table_gives_one_model_in_every_format() {
    let folder = TempDir::new().unwrap();
    let expected = model(&folder, "table.csv", &["--drop", "joined"]);
    for file in SAME {
        let sheet: &[&str] = if file.ends_with("xlsx") { &["--sheet", "people"] } else { &[] };
        assert!(model(&folder, file, &[&["--drop", "joined"], sheet].concat()) == expected, "{file}");
        assert!(
            model(&folder, file, &[&["--drop", "joined", "--stream"], sheet].concat()) == expected,
            "{file}, streamed"
        );
    }
}

#[test]
fn one_table_has_the_same_predictions_in_every_format() {
    let folder = TempDir::new().unwrap();
    model(&folder, "table.csv", &[]);
    for flags in [&["--keep", "id,city"][..], &["--json", "--keep-all"], &["--threads", "1"]] {
        let expected = run(&folder, &["predict", "m.tepal"], &path("table.csv"), flags);
        assert_eq!((expected.code, expected.output.lines().count()), (0, 120 + expected.header_lines(flags)));
        for file in SAME {
            let found = run(&folder, &["predict", "m.tepal"], &path(file), flags);
            assert_eq!(found.code, 0, "{file}: {}", found.error);
            assert!(found.output == expected.output, "{file} {flags:?}");
        }
    }
    let evaluated = |file: &str| run(&folder, &["evaluate", "m.tepal"], &path(file), &["--json"]).output;
    let explained = |file: &str| run(&folder, &["explain", "m.tepal"], &path(file), &[]).output.replace("row ", "");
    for file in ["zstd.parquet", "table.jsonl"] {
        assert_eq!(evaluated(file), evaluated("table.csv"), "{file}");
        assert_eq!(explained(file).lines().count(), explained("table.csv").lines().count(), "{file}");
    }
}

trait Lines {
    /// How many lines stand above the predictions.
    fn header_lines(&self, flags: &[&str]) -> usize;
}

impl Lines for Outcome {
    fn header_lines(&self, flags: &[&str]) -> usize {
        let line_ends = self.output.matches("\"two\nlines\"").count();
        if flags.contains(&"--json") { 0 } else { 1 + line_ends }
    }
}

#[test]
fn standard_input_takes_every_format() {
    let folder = TempDir::new().unwrap();
    let expected = model(&folder, "table.csv", &["--drop", "joined"]);
    for file in ["table.csv", "zstd.parquet", "table.jsonl", "table.xlsx"] {
        let mut command = assert_cmd::Command::cargo_bin("tepal").unwrap();
        command.current_dir(folder.path()).args(["train", "-", "--target", "y", "--created", "0", "-o", "i.tepal"]);
        command.args(["--drop", "joined"]).pipe_stdin(path(file)).unwrap().assert().success();
        assert!(fs::read(folder.path().join("i.tepal")).unwrap() == expected, "{file}");
    }
}

#[test]
fn every_type_of_parquet_is_a_number_or_a_text() {
    let folder = TempDir::new().unwrap();
    let outcome = run(
        &folder,
        &["train"],
        &path("types.parquet"),
        &["--target", "y", "-o", "m.tepal", "--drop", "unsigned,cents,half,large,tags"],
    );
    assert_eq!(outcome.code, 0, "{}", outcome.error);
    for said in [
        "column \"tags\" holds lists, so it was left out",
        "column \"place\" holds records, so it was left out",
        "column \"raw\" holds bytes, so it was left out",
    ] {
        assert!(outcome.error.contains(said), "{}", outcome.error);
    }
    let kept = run(&folder, &["predict", "m.tepal"], &path("types.parquet"), &["--keep-all"]);
    let expected = [
        "x,when,clock,half,large,unsigned,cents,y,",
        "1,2024-05-01 12:30:00.25,01:02:03,0.5,9007199254740992,0,-1.005,1.5,",
        "2,2024-05-01 12:30:00.25,01:02:03,-2,9007199254740993,1,,2.5,",
        "3,2024-05-01 12:30:00.25,01:02:03,65504,,18446744073709551615,12345678901234567000,3.5,",
    ];
    for (line, expected) in kept.output.lines().zip(expected) {
        assert!(line.starts_with(expected), "{line}");
    }
}

#[test]
fn sheets_are_chosen_and_rows_are_those_of_the_spreadsheet() {
    let folder = TempDir::new().unwrap();
    let train = |flags: &[&str]| {
        run(
            &folder,
            &["train"],
            &path("sheets.xlsx"),
            &[&["--target", "y", "-o", "m.tepal", "--number", "x", "--impute-always"], flags].concat(),
        )
    };
    let outcome = train(&["--skip", "3"]);
    assert_eq!(outcome.code, 0, "{}", outcome.error);
    assert!(
        outcome.error.contains("the sheet \"report\" was read, and none of \"other\"; --sheet chooses another"),
        "{}",
        outcome.error
    );
    assert!(outcome.output.contains("x: 1 to 8"), "{}", outcome.output);
    let kept = run(&folder, &["predict", "m.tepal"], &path("sheets.xlsx"), &["--skip", "3", "--keep-all"]);
    assert!(kept.output.contains("\n,8,17,2024-05-08,2024-05-08 12:30:00,08:02:03,17"), "{}", kept.output);

    let refused = [
        (
            train(&["--sheet", "reprot"]),
            "no sheet is called \"reprot\" (did you mean \"report\"?); the sheets are \"hidden\", \"report\"",
        ),
        (train(&["--sheet", "hidden"]), "the sheet \"hidden\" has no cells"),
        (train(&["--delimiter", ";"]), "rows of a sheet have no delimiter; leave these options out"),
        (
            train(&["--skip", "3", "--number", "clock"]),
            "row 5, column \"clock\": expected a number, found \"01:02:03\"",
        ),
        (
            run(&folder, &["train"], &path("table.xlsx"), &["--target", "y", "-o", "m.tepal", "--sheet", "formulas"]),
            "cell B2 is a formula without its value; open the workbook in a spreadsheet and save it",
        ),
        (
            run(&folder, &["train"], &path("merged.xlsx"), &["--target", "y", "-o", "m.tepal"]),
            "the cells A4:A6 are merged into one; unmerge them, and write the value into each row",
        ),
        (
            run(&folder, &["train"], &path("far.xlsx"), &["--target", "y", "-o", "m.tepal"]),
            "expected at most 67108864 cells in a table, found 17179869184",
        ),
        (
            run(&folder, &["train"], &path("table.csv"), &["--target", "y", "-o", "m.tepal", "--sheet", "x"]),
            "the file is no workbook, so it has no sheets",
        ),
    ];
    for (outcome, expected) in refused {
        assert_ne!(outcome.code, 0);
        assert!(outcome.error.contains(expected), "{}\n{expected}", outcome.error);
    }
}

#[test]
fn lines_of_json_are_refused_by_place_and_columns_without_values_are_said() {
    let folder = TempDir::new().unwrap();
    let train = |lines: &str| {
        let file = folder.path().join("t.jsonl");
        fs::write(&file, lines).unwrap();
        run(&folder, &["train"], &file, &["--target", "y", "-o", "m.tepal"])
    };
    let row = |i: usize| format!("{{\"x\": {i}.5, \"y\": {}}}\n", 2 * i);
    let rows: String = (0..9).map(row).collect();
    let refused = [
        (format!("{rows}{{\"x\": NaN, \"y\": 1}}\n"), "row 10: the line is no JSON object of names and values: "),
        (
            format!("{rows}{{\"x\": NaN, \"y\": 1}}\n"),
            "JSON has no NaN and no infinity: write null for a missing value",
        ),
        (format!("{rows}[1, 2]\n"), "row 10: the line is no JSON object of names and values: "),
        (format!("{rows}[1, 2]\n"), "write an object of names and values on each line"),
        (
            format!("{rows}{{\"x\": [1], \"y\": 1}}\n"),
            "row 10, column \"x\": expected a number, text, true, false or null as in other lines, found an array",
        ),
        (
            format!("{rows}{{\"x\": 1, \"y\": 1, \"x\": 2}}\n"),
            "row 10, column \"x\": the line has two values of this name; rename one",
        ),
        (format!("{rows}{{\"x\": \"six\", \"y\": 1}}\n"), "row 10, column \"x\": expected a number, found \"six\""),
        (
            "[{\"x\": 1, \"y\": 1}]".to_owned(),
            "this is one JSON array; write an object of names and values on each line (JSON lines)",
        ),
        ("{\"x\": 1, \"y\"".to_owned(), "row 1: the line is no JSON object of names and values"),
    ];
    for (lines, expected) in refused {
        let outcome = train(&lines);
        assert_ne!(outcome.code, 0, "{lines}");
        assert!(outcome.error.contains(expected), "{}\n{expected}", outcome.error);
    }
    let outcome = train(&format!("\u{FEFF}{rows}\n{{\"y\": 18, \"tags\": [1], \"note\": \"new\"}}\r\n"));
    assert_eq!(outcome.code, 0, "{}", outcome.error);
    assert!(
        outcome
            .error
            .contains("caution: column \"tags\" has an array in 1 row and no other values, so it was left out"),
        "{}",
        outcome.error
    );
    assert!(outcome.error.contains("note: \"x\" is in 9 of 10 rows, and missing in the others"), "{}", outcome.error);
}

/// What the same texts and numbers are read as in each format that has types.
#[test]
fn texts_are_read_as_those_of_csv_and_numbers_have_a_decimal_point() {
    let folder = TempDir::new().unwrap();
    let train = |name: &str, text: String, flags: &[&str]| {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        run(&folder, &["train"], &file, &[&["--target", "y", "-o", "m.tepal"], flags].concat())
    };
    let cells = ["1.234", "972", "2.500"];
    let lines = |cell: fn(&str) -> String| -> String {
        (0..12).map(|i| format!("{{\"x\": {}, \"y\": {}}}\n", cell(cells[i % 3]), i % 3)).collect()
    };
    let numbers = train("n.jsonl", lines(str::to_owned), &[]);
    assert!(numbers.output.contains("x: 1.234 to 972"), "{}{}", numbers.output, numbers.error);
    let numbers = train("n.jsonl", lines(str::to_owned), &["--decimal", "comma"]);
    assert!(numbers.output.contains("x: 1.234 to 972"), "{}{}", numbers.output, numbers.error);
    let texts = train("t.jsonl", lines(|cell| format!("\"{cell}\"")), &[]);
    assert!(
        texts.error.contains("row 1, column \"x\": expected a number, found \"1.234\", which may be 1.234 or 1234"),
        "{}",
        texts.error
    );
    let texts = train("t.jsonl", lines(|cell| format!("\"{cell}\"")), &["--decimal", "comma"]);
    assert!(texts.output.contains("x: 972 to 2500"), "{}{}", texts.output, texts.error);

    // A point is that of a number, whatever texts beside it have.
    let mixed = |cells: [&str; 3]| -> String {
        (0..12).map(|i| format!("{{\"x\": {}, \"y\": {}}}\n", cells[i % 3], i % 3)).collect()
    };
    let outcome = train("m.jsonl", mixed(["\"0,5\"", "\"1,5\"", "1.125"]), &[]);
    assert!(outcome.error.contains("found \"0,5\", where the column has a decimal point"), "{}", outcome.error);
    let outcome = train("m.jsonl", mixed(["\"0,5\"", "\"1,5\"", "3"]), &[]);
    assert!(outcome.output.contains("x: 0.5 to 3"), "{}{}", outcome.output, outcome.error);
    let rows = folder.path().join("r.jsonl");
    fs::write(&rows, "{\"x\": \"1,5\"}\n{\"x\": 1.234}\n").unwrap();
    let outcome = run(&folder, &["predict", "m.tepal"], &rows, &[]);
    assert!(outcome.code == 3 && outcome.error.contains("row 1, column \"x\""), "{}{}", outcome.output, outcome.error);

    // In UTF-16 too, as one system's shell writes it.
    let utf_16: Vec<u8> = lines(str::to_owned).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = folder.path().join("u.jsonl");
    fs::write(&file, [&b"\xFF\xFE"[..], &utf_16].concat()).unwrap();
    let outcome = run(&folder, &["train"], &file, &["--target", "y", "-o", "m.tepal"]);
    assert!(outcome.output.contains("x: 1.234 to 972"), "{}{}", outcome.output, outcome.error);

    // Of names that hardly repeat no table is made.
    let outcome = train("k.jsonl", (0..4000).map(|i| format!("{{\"k{i}\": 1, \"y\": {i}}}\n")).collect(), &[]);
    assert!(outcome.error.contains("expected lines with the same names, found 4001 names"), "{}", outcome.error);
}

#[test]
fn a_blank_line_of_json_is_no_row() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("t.jsonl");
    fs::write(&file, "{\"x\": 1, \"y\": 5}\n{\"x\": 2, \"y\": 7}\n{\"x\": 3, \"y\": 9}\n").unwrap();
    assert_eq!(run(&folder, &["train"], &file, &["--target", "y", "-o", "m.tepal", "--impute-always"]).code, 0);
    // Lines with nothing in them are none, and a row without its value is one.
    fs::write(&file, "{\"x\": 1}\n\n{\"x\": 2}\n{\"x\": null}\n{}\n\n").unwrap();
    let outcome = run(&folder, &["predict", "m.tepal"], &file, &[]);
    assert_eq!((outcome.code, outcome.output.as_str()), (0, "prediction\n5\n7\n7\n7\n"), "{}", outcome.error);
}

#[test]
fn percents_are_refused_as_numbers_without_their_sign_in_every_format() {
    let folder = TempDir::new().unwrap();
    let csv: String = (0..30).map(|i| format!("{}%,{},{}\n", i * 7 % 13, i % 5, i * 7 % 13 + i % 5)).collect();
    fs::write(folder.path().join("p.csv"), format!("price,x,y\n{csv}")).unwrap();
    assert_eq!(tepal(&["train", "p.csv", "--target", "y", "-o", "m.tepal"], folder.path()).code, 0);
    fs::write(folder.path().join("r.jsonl"), "{\"price\": 5, \"x\": 1}\n").unwrap();
    let outcome = tepal(&["predict", "m.tepal", "r.jsonl"], folder.path());
    assert!(
        outcome.error.contains("row 1, column \"price\": expected a number, found \"5\", without \"%\""),
        "{}",
        outcome.error
    );
}

#[test]
fn files_that_cannot_be_read_are_refused_in_words() {
    let folder = TempDir::new().unwrap();
    let whole = fs::read(path("snappy.parquet")).unwrap();
    let half = folder.path().join("half.parquet");
    fs::write(&half, &whole[..whole.len() / 2]).unwrap();
    let old = folder.path().join("old.xls");
    fs::write(&old, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on").unwrap();
    let archive = folder.path().join("archive.zip");
    let workbook = fs::read(path("table.xlsx")).unwrap();
    fs::write(&archive, &workbook[..workbook.len() / 2]).unwrap();
    let cases = [
        (
            path("brotli.parquet"),
            "the column is compressed by brotli, which is not read; write it with snappy, zstd, gzip or lz4",
        ),
        (half, "the Parquet file was cut or damaged: "),
        (
            old,
            "this is a workbook of an old format, or an encrypted one; save it as .xlsx without a password, or as CSV",
        ),
        (archive, "this is an archive and no workbook: "),
    ];
    for (file, expected) in cases {
        let outcome = run(&folder, &["train"], &file, &["--target", "y", "-o", "m.tepal"]);
        assert_ne!(outcome.code, 0);
        assert!(outcome.error.contains(expected), "{}\n{expected}", outcome.error);
    }
}

#[test]
fn a_damaged_parquet_file_never_ends_the_program() {
    let folder = TempDir::new().unwrap();
    model(&folder, "table.csv", &[]);
    let whole = fs::read(path("zstd.parquet")).unwrap();
    let file = folder.path().join("damaged.parquet");
    // Some places all over the file.
    for place in (4..whole.len()).step_by(whole.len() / 40) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x55;
        fs::write(&file, &bytes).unwrap();
        let outcome = run(&folder, &["predict", "m.tepal"], &file, &[]);
        assert!(outcome.code < 100, "byte {place}: {}", outcome.error);
        assert!(!outcome.error.contains("panicked"), "byte {place}: {}", outcome.error);
    }
}
