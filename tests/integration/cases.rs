//! Tables that people brought and that were once read wrong, at the command line's door: tests/cases/README.md says what was
//! wrong with each.

use super::bad_tables::{Outcome, tepal};
use std::path::Path;
use tempfile::TempDir;

/// What came of a table of tests/cases/tables, trained on with some flags.
fn train(folder: &TempDir, table: &str, flags: &[&str]) -> Outcome {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tables").join(table);
    tepal(&[&["train", table.to_str().unwrap(), "-o", "m.tepal"], flags].concat(), folder.path())
}

/// The lines that the model of a folder predicts for a table, without the header.
fn predict(folder: &TempDir, rows: &str) -> Vec<String> {
    let rows = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tables").join(rows);
    let outcome = tepal(&["predict", "m.tepal", rows.to_str().unwrap()], folder.path());
    assert_eq!(outcome.code, 0, "{}", outcome.error);
    outcome.output.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn tables_are_read_right_and_what_was_unusual_is_said() {
    let cases: [(&str, &[&str], &[&str]); 34] = [
        ("02-unicode-minus/some.csv", &["--target", "score"], &["balance: -86.5 to 87.39", "\"−23.39\" as -23.39"]),
        ("02-unicode-minus/most.csv", &["--target", "score"], &["balance: -87.06 to 58.05", "\"−7.81\" as -7.81"]),
        ("02-unicode-minus/all.csv", &["--target", "score"], &["balance: -88.04 to -5.25", "\"−7.47\" as -7.47"]),
        ("03-german-amounts/all_large.csv", &["--target", "gekauft"], &["betrag: 2019.72 to 89867.3", "as 22178.85"]),
        ("03-german-amounts/mixed.csv", &["--target", "gekauft"], &["betrag: 75.59 to 4873.72", "as 2197.77"]),
        ("03-german-amounts/prices.csv", &["--target", "gekauft"], &["betrag: 1999 to 12999", "as 12999"]),
        ("03-german-amounts/whole.csv", &["--target", "gekauft", "--decimal", "comma"], &["\"3.267\" as 3267"]),
        (
            "04-leading-zeros/t.csv",
            &["--target", "code", "--task", "classification", "--category", "zip"],
            &["code: 01 (36), 02 (32), 10 (22)", "zip: 01067 (22), 04109 (21)"],
        ),
        (
            "04-leading-zeros/t.csv",
            &["--target", "age"],
            &["column \"zip\": cells such as \"04109\" were read as numbers"],
        ),
        ("06-hex-codes/all.csv", &["--target", "y"], &["batch: 10E5 (16), 12E4 (19), 1E22 (13), 3E07 (12)"]),
        ("06-hex-codes/long.csv", &["--target", "y"], &["0047583311587E990001 (23)"]),
        ("06-hex-codes/some.csv", &["--target", "y"], &["batch: 10A5 (11), 12E4 (11), 1F22 (9)"]),
        (
            "07-trailing-delimiter/everywhere.csv",
            &["--target", "y"],
            &["b: 4 to 50", "the last column has no name and no cell"],
        ),
        ("07-trailing-delimiter/rows_only.csv", &["--target", "y"], &["the last column has no name and no cell"]),
        (
            "07-trailing-delimiter/index.csv",
            &["--target", "y"],
            &["a: 1 to 46", "the first column has no name and numbers"],
        ),
        (
            "07-trailing-delimiter/r_index.csv",
            &["--target", "y"],
            &["a: 1 to 46", "the first column has no name and numbers"],
        ),
        ("08-preamble/hash.csv", &["--target", "y", "--skip", "2"], &["a: 5 to 49"]),
        ("08-preamble/tilde.csv", &["--target", "y", "--skip", "2"], &["a: 5 to 49"]),
        ("08-preamble/title.csv", &["--target", "y", "--skip", "2"], &["a: 5 to 49"]),
        ("09-utf16/be.txt", &["--target", "y"], &["größe: 3 to 50"]),
        ("09-utf16/bom.txt", &["--target", "y"], &["größe: 3 to 50"]),
        ("09-utf16/le.txt", &["--target", "y"], &["größe: 3 to 50"]),
        (
            "10-invisible-names/inner.csv",
            &["--target", "y", "--unit", "age=years", "--unit", "b=cm"],
            &["age: 3 to 50"],
        ),
        ("10-invisible-names/nbsp.csv", &["--target", "y", "--unit", "age=years"], &["age: 3 to 50"]),
        ("10-invisible-names/zwnbsp.csv", &["--target", "y", "--unit", "age=years"], &["age: 3 to 50"]),
        ("10-invisible-names/zwsp.csv", &["--target", "y", "--unit", "age=years"], &["age: 3 to 50"]),
        ("13-na-is-a-code/t.csv", &["--target", "y"], &["where it says \"NA\" in 16 rows, an empty cell in 15 rows"]),
        (
            "13-na-is-a-code/target.csv",
            &["--target", "country"],
            &["\"NA\" in 27 rows", "27 rows have no value of the target"],
        ),
        ("19-rare-classes/two.csv", &["--target", "y", "--folds", "5"], &["of 2 of 5 folds only"]),
        (
            "29-near-identifiers/t.csv",
            &["--target", "y"],
            &["name: 298 different texts in 300 rows", "day: 2023-01-01 to 2023-12-28"],
        ),
        ("29-near-identifiers/unique.csv", &["--target", "y"], &["name: a text of its own in every row"]),
        ("35-rows-on-the-page/sep.csv", &["--target", "y"], &["x: 1 to 9", "g: u (12), v (8)"]),
        ("38-minus-is-a-result/mixed.csv", &["--target", "y"], &["assay: + (80), ++ (107), - (313)"]),
        ("38-minus-is-a-result/sorted.csv", &["--target", "y"], &["assay: + (80), ++ (107), - (313)"]),
    ];
    let folder = TempDir::new().unwrap();
    for (table, flags, said) in cases {
        let outcome = train(&folder, table, flags);
        assert_eq!(outcome.code, 0, "{table}: {}", outcome.error);
        for part in said {
            assert!(outcome.output.contains(part), "{table}: {part} is not in {}", outcome.output);
        }
    }
}

#[test]
fn tables_in_doubt_are_refused_by_place_with_what_helps() {
    let cases: [(&str, &[&str], &str); 13] = [
        (
            "03-german-amounts/whole.csv",
            &["--target", "gekauft"],
            "row 2, column \"betrag\": expected a number, found \"3.267\", which may be 3.267 or 3267; say which (--decimal \
             point or --decimal comma)",
        ),
        ("03-german-amounts/whole_mixed.csv", &["--target", "gekauft"], "found \"1.803\", which may be 1.803 or 1803"),
        (
            "08-preamble/hash.csv",
            &["--target", "y"],
            "2 lines seem to stand above the header; leave them out (--skip 2)",
        ),
        (
            "08-preamble/tilde.csv",
            &["--target", "y"],
            "2 lines seem to stand above the header; leave them out (--skip 2)",
        ),
        (
            "08-preamble/title.csv",
            &["--target", "y"],
            "2 lines seem to stand above the header; leave them out (--skip 2)",
        ),
        ("09-utf16/utf32.txt", &["--target", "y"], "the file is UTF-32; save it as UTF-8"),
        ("10-invisible-names/joined.csv", &["--target", "agee"], "the columns are \"age\", \"b\", \"y\""),
        (
            "12-sniffing/ragged.csv",
            &["--target", "paid"],
            "the columns are \"May 5\", \"2023;74.50;Cy;paid;\"; if another sign separates the cells, say which (--delimiter)",
        ),
        ("12-sniffing/french.csv", &["--target", "x"], "if it holds the names, say so (--header yes)"),
        ("14-headers/numbered_all.csv", &["--target", "3"], "if it holds the names, say so (--header yes)"),
        ("14-headers/spectra.csv", &["--target", "fat"], "if it holds the names, say so (--header yes)"),
        (
            "19-rare-classes/one.csv",
            &["--target", "y", "--folds", "5"],
            "the class rare has no row to train on, when fold",
        ),
        ("19-rare-classes/three_rows.csv", &["--target", "y", "--folds", "5"], "found 3 rows for 5 folds"),
    ];
    let folder = TempDir::new().unwrap();
    for (table, flags, message) in cases {
        let outcome = train(&folder, table, flags);
        assert!(outcome.code != 0 && !folder.path().join("m.tepal").exists(), "{table} was read");
        assert!(outcome.error.contains(message), "{table}: {message} is not in {}", outcome.error);
    }
}

#[test]
fn a_zero_byte_is_refused_wherever_it_is() {
    let row = |i: usize| format!("{i},{},{}\n", i * 7 % 50, ["p", "q"][i % 2]);
    let folder = TempDir::new().unwrap();
    let csv = format!("a,b,y\n{}9,9,p\0\n", (0..40_000).map(row).collect::<String>());
    std::fs::write(folder.path().join("t.csv"), csv).unwrap();
    for more in [&["--stream"][..], &[]] {
        let outcome = tepal(&[&["train", "t.csv", "--target", "y", "-o", "m.tepal"], more].concat(), folder.path());
        assert!(outcome.error.contains("row 40002: this is not text: the row has a zero byte"), "{}", outcome.error);
    }
}

#[test]
fn rows_are_read_as_their_training_table_was() {
    let folder = TempDir::new().unwrap();
    let is_trained = |table: &str, flags: &[&str]| {
        let outcome = train(&folder, table, flags);
        assert_eq!(outcome.code, 0, "{table}: {}", outcome.error);
    };
    is_trained("31-blank-line-is-a-row/t.csv", &["--target", "y"]);
    let other = predict(&folder, "31-blank-line-is-a-row/other.csv");
    assert_eq!(other.len(), 5);
    assert_eq!(predict(&folder, "31-blank-line-is-a-row/rows.csv"), other);
    assert_eq!(predict(&folder, "31-blank-line-is-a-row/quoted.csv"), other);

    is_trained("14-headers/spectra.csv", &["--target", "fat", "--header", "yes"]);
    assert_eq!(predict(&folder, "14-headers/spectra_rows.csv").len(), 3);
    is_trained("14-headers/numbered_all.csv", &["--target", "3", "--header", "yes"]);
    is_trained("14-headers/numbered.csv", &["--target", "label"]);
    assert_eq!(predict(&folder, "14-headers/numbered_rows.csv").len(), 3);

    is_trained("32-columns-beside-features/t.csv", &["--target", "y"]);
    assert_eq!(predict(&folder, "32-columns-beside-features/rows.csv").len(), 2);
    is_trained("38-minus-is-a-result/mixed.csv", &["--target", "y"]);
    let mixed = predict(&folder, "38-minus-is-a-result/rows.csv");
    is_trained("38-minus-is-a-result/sorted.csv", &["--target", "y"]);
    let sorted = predict(&folder, "38-minus-is-a-result/rows.csv");
    // The same rows in another order: the same model but for the last bits.
    let start = |line: &String| line.chars().take(12).collect::<String>();
    assert_eq!(mixed.iter().map(start).collect::<Vec<_>>(), sorted.iter().map(start).collect::<Vec<_>>());

    is_trained("04-leading-zeros/t.csv", &["--target", "code", "--task", "classification", "--category", "zip"]);
    std::fs::write(folder.path().join("rows.csv"), "zip,age\n01067,30\n1067,30\n").unwrap();
    let outcome = tepal(&["predict", "m.tepal", "rows.csv"], folder.path());
    assert!(
        outcome.error.contains("row 3, column \"zip\": no training row has the category \"1067\""),
        "{}",
        outcome.error
    );
}
