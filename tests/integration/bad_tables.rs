//! Tables as no program wants them, at the command line's door: each is read and said so, or refused in words.

use assert_cmd::Command;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(super) struct Outcome {
    pub(super) code: i32,
    pub(super) output: String,
    pub(super) error: String,
}

pub(super) fn tepal(arguments: &[&str], folder: &Path) -> Outcome {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tepal"));
    let output = command.args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Outcome { code: output.status.code().unwrap(), output: text(output.stdout), error: text(output.stderr) }
}

fn folder_with(csv: impl AsRef<[u8]>) -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("t.csv"), csv).unwrap();
    folder
}

/// `tepal train t.csv --target y -o m.tepal` and more flags.
fn train(folder: &TempDir, flags: &[&str]) -> Outcome {
    tepal(&[&["train", "t.csv", "--target", "y", "-o", "m.tepal"], flags].concat(), folder.path())
}

fn refused(csv: impl AsRef<[u8]>, flags: &[&str]) -> String {
    let folder = folder_with(csv);
    let outcome = train(&folder, flags);
    assert_eq!((outcome.code, outcome.output.as_str()), (3, ""), "{}", outcome.error);
    assert!(!folder.path().join("m.tepal").exists());
    outcome.error
}

fn trained(csv: impl AsRef<[u8]>, flags: &[&str]) -> (TempDir, String) {
    let folder = folder_with(csv);
    let outcome = train(&folder, flags);
    assert_eq!(outcome.code, 0, "{}", outcome.error);
    (folder, outcome.output)
}

/// Predicts rows with the model of a folder.
fn predict(folder: &TempDir, rows: &str, flags: &[&str]) -> Outcome {
    std::fs::write(folder.path().join("rows.csv"), rows).unwrap();
    tepal(&[&["predict", "m.tepal", "rows.csv"], flags].concat(), folder.path())
}

/// A table of a number, a category and a class.
fn mixed(n_rows: usize) -> String {
    let row = |i: usize| format!("{},{},{}\n", i * 37 % 101, ["u", "v", "w"][i % 3], ["a", "b"][i * 7 % 11 % 2]);
    format!("x,c,y\n{}", (0..n_rows).map(row).collect::<String>())
}

#[test]
fn a_column_that_changes_its_kind_is_refused_at_the_row_where_it_does() {
    let row = |i: usize| {
        format!("{},{}\n", if i == 39_998 { "high".into() } else { i.to_string() }, ["a", "b"][i * i % 7 % 2])
    };
    let csv = format!("x,y\n{}", (0..50_000).map(row).collect::<String>());
    let message = "row 40000, column \"x\": expected a number, found \"high\"; make every cell a number, call it missing, or \
                   make the column a category";
    for flags in [&[][..], &["--stream"]] {
        let error = refused(&csv, flags);
        assert!(error.contains(message), "{error}");
    }
    let (_, output) = trained(&csv, &["--missing", "high"]);
    assert!(output.contains("missing in 1 row"), "{output}");
}

#[test]
fn a_category_never_seen_is_refused_by_name_or_taken_for_none() {
    let (folder, _) = trained(mixed(60), &[]);
    let rows = "x,c\n5,u\n6,vv\n7,w\n";
    let outcome = predict(&folder, rows, &[]);
    let message =
        "row 3, column \"c\": no training row has the category \"vv\"; the categories are \"u\", \"v\", \"w\"";
    assert!(outcome.code == 3 && outcome.output.is_empty() && outcome.error.contains(message), "{}", outcome.error);

    let marked = predict(&folder, rows, &["--on-error", "mark", "--keep", "x"]);
    let lines: Vec<&str> = marked.output.lines().collect();
    assert_eq!((marked.code, lines.len(), lines[0]), (3, 4, "x,prediction,probability_a,probability_b,error"));
    assert!(lines[2].starts_with("6,,,,") && lines[2].contains("no training row has the category"), "{}", lines[2]);
    assert!(lines[3].starts_with("7,") && lines[3].ends_with(','), "{}", lines[3]);
    assert!(marked.error.contains("1 of 3 rows could not be scored; their lines say why"), "{}", marked.error);

    let (folder, _) = trained(mixed(60), &["--unseen", "zeros"]);
    assert_eq!(predict(&folder, rows, &[]).output.lines().count(), 4);
}

#[test]
fn names_that_stand_twice_or_not_at_all_are_refused() {
    assert!(refused("x,x,y\n1,2,a\n", &[]).contains("column \"x\": two columns have this name; rename one"));
    assert!(refused("x,,y\n1,2,a\n", &[]).contains("column 2 has no name; give it one in the header"));
}

#[test]
fn rows_without_a_target_are_left_out_and_counted() {
    let csv = mixed(60).replacen(",a\n", ",NA\n", 4).replacen(",b\n", ",\n", 1);
    for flags in [&[][..], &["--stream"]] {
        let (_, output) = trained(&csv, flags);
        assert!(output.contains("5 rows have no value of the target \"y\" and were left out"), "{output}");
        assert!(output.contains("trained on      55 rows"), "{output}");
    }
}

#[test]
fn columns_that_say_nothing_are_left_out_with_the_reason() {
    let row = |i: usize| format!("P{i:03},{},?,7,{},{}\n", i + 1, i * 37 % 101, ["a", "b"][i * 7 % 11 % 2]);
    let csv = format!("name,id,gone,same,x,y\n{}", (0..60).map(row).collect::<String>());
    for flags in [&[][..], &["--stream"]] {
        let (folder, output) = trained(&csv, flags);
        for reason in [
            "name: a text of its own in every row",
            "id: its name, and a whole number of its own in every row",
            "gone: every cell is missing",
            "same: every cell is 7",
        ] {
            assert!(output.contains(&format!("left out        {reason}")), "{reason}: {output}");
        }
        assert_eq!(predict(&folder, "x,name\n5,Q\n", &[]).code, 0);
    }
    // By name they stay.
    let (_, output) = trained(&csv, &["--number", "id,same"]);
    assert!(output.contains("id: 1 to 60") && output.contains("constant in training"), "{output}");
}

#[test]
fn a_category_of_one_row_each_can_be_had_by_name_only() {
    let row = |i: usize| format!("t{i},{},{}\n", i * 37 % 101, ["a", "b"][i * 7 % 11 % 2]);
    let csv = format!("c,x,y\n{}", (0..30).map(row).collect::<String>());
    assert!(trained(&csv, &[]).1.contains("left out        c: a text of its own in every row"));
    assert!(trained(&csv, &["--category", "c"]).1.contains("c: t0 (1), t1 (1)"));
}

#[test]
fn columns_that_depend_on_each_other_are_named() {
    let row = |i: usize| {
        let (a, b) = (i * 37 % 101, i * 61 % 89);
        format!("{a},{b},{},{}\n", 2 * a + 3 * b, a + i % 5)
    };
    let (_, output) = trained(format!("a,b,both,y\n{}", (0..60).map(row).collect::<String>()), &[]);
    assert!(output.contains("the columns \"both\" are linear combinations of the columns before them"), "{output}");
    // A whole set of categories adds up to 1, which needs no saying.
    let row = |i: usize| format!("{},{},{}\n", i * 37 % 101, ["u", "v", "w"][i % 3], i * 7 % 13);
    let (_, output) = trained(format!("x,c,y\n{}", (0..60).map(row).collect::<String>()), &[]);
    assert!(!output.contains("linear combinations"), "{output}");
}

#[test]
fn numbers_written_for_people_are_read_and_said_or_refused_by_place() {
    let column = |cells: [&str; 3]| {
        let row = |i: usize| format!("\"{}\",{}\n", cells[i % 3], i / 3 % 2);
        format!("x,y\n{}", (0..12).map(row).collect::<String>())
    };
    let read = [
        (["1,234.5", "7.5", "2,000"], "\"1,234.5\" as 1234.5, \"2,000\" as 2000"),
        (["12%", "7%", "9%"], "\"12%\" as 12"),
        (["−7.5", "(3)", "12-"], "\"−7.5\" as -7.5, \"(3)\" as -3, \"12-\" as -12"),
    ];
    for (cells, said) in read {
        let (_, output) = trained(column(cells), &[]);
        assert!(output.contains(&format!("numbers were read as people write them, {said}\n")), "{output}");
    }
    let refused_ones = [
        (
            ["1,234", "972", "1,100"],
            "row 2, column \"x\": expected a number, found \"1,234\", which may be 1.234 or 1234",
        ),
        (["12%", "7%", "0.09"], "row 4, column \"x\": expected a number, found \"0.09\", without \"%\""),
        (["5", "7", "<2"], "row 4, column \"x\": expected a number, found \"<2\", which is one end of a range"),
        (
            ["5 kg", "7 kg", "900 g"],
            "row 4, column \"x\": expected a number, found \"900 g\", where the column has \"kg\"",
        ),
    ];
    for (cells, message) in refused_ones {
        let error = refused(column(cells), &[]);
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn dialects_are_found_and_said() {
    let row = |i: usize| format!("{},5;caf\u{e9} {};{}\r\n", i * 37 % 101, i % 4, ["ja", "nein"][i * 7 % 11 % 2]);
    let csv: String = format!("x;c;y\r\n{}", (0..60).map(row).collect::<String>());
    let latin_1: Vec<u8> = csv.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect();
    let (folder, output) = trained(&latin_1, &[]);
    for note in [
        "cells were read as separated by semicolons",
        "numbers were read with a decimal comma",
        "row 2 is not UTF-8, so it and others like it were read as Latin-1",
        "café 0 (15)",
        "x: 0.5 to 100.5",
    ] {
        assert!(output.contains(note), "{note}: {output}");
    }
    let points = predict(&folder, "x,c\n1.5,café 1\n", &[]);
    let commas = predict(&folder, "c;x\ncafé 1;1,5\n", &[]);
    assert_eq!(points.output, commas.output);
    assert!(commas.error.contains("note: cells were read as separated by semicolons"), "{}", commas.error);

    let headless: String = mixed(60).lines().skip(1).map(|line| format!("{line}\n")).collect();
    let folder = folder_with(headless);
    let outcome = tepal(&["train", "t.csv", "--target", "column_3", "-o", "m.tepal"], folder.path());
    assert!(outcome.output.contains("the first row looks like data"), "{}{}", outcome.output, outcome.error);
}

#[test]
fn ten_thousand_columns_are_fitted() {
    let header: String = (0..10_000).map(|column| format!("x{column},")).collect();
    let row = |i: usize| -> String {
        let cells: String = (0..10_000).map(|column| format!("{},", (i * 7919 + column * 104_729) % 97)).collect();
        format!("{cells}{}\n", ["a", "b"][i % 2])
    };
    let csv = format!("{header}y\n{}", (0..12).map(row).collect::<String>());
    let (folder, _) = trained(&csv, &[]);
    let again = predict(&folder, &csv, &[]);
    assert_eq!((again.code, again.output.lines().count()), (0, 13), "{}", again.error);
}

#[test]
fn a_cell_of_fifty_megabytes_is_a_quote_left_open() {
    let csv = format!("x,y\n1,a\n\"{}", "2,b\n".repeat(13 << 20));
    let error = refused(&csv, &[]);
    assert!(error.contains("row 3: ") && error.contains("is a quote left open?"), "{error}");
    let error = refused(&csv, &["--stream"]);
    assert!(error.contains("row 3: ") && error.contains("is a quote left open?"), "{error}");
    let (folder, _) = trained(mixed(30), &[]);
    let error = predict(&folder, &format!("x,c\n1,u\n\"{}", "2,b\n".repeat(13 << 20)), &[]).error;
    assert!(error.contains("is a quote left open?"), "{error}");
}

#[test]
fn what_is_no_table_is_refused_by_what_it_is() {
    assert!(refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &[]).contains("this is not text: it has a zero byte"));
    assert!(refused(b"PK\x03\x04\x14\0\x06\0", &[]).contains("this is an archive and no workbook"));
    let (folder, _) = trained(mixed(30), &[]);
    std::fs::write(folder.path().join("rows.csv"), b"\x89PNG\r\n\x1a\n\0").unwrap();
    let outcome = tepal(&["predict", "m.tepal", "rows.csv"], folder.path());
    assert!(outcome.code == 3 && outcome.error.contains("this is not text"), "{}", outcome.error);
}

#[test]
fn options_that_do_not_go_together_are_refused() {
    let folder = folder_with(mixed(60));
    let cases: [(&[&str], &str); 9] = [
        (&["--impute", "mode"], "expected median, mean, most-frequent, error or a number, found \"mode\""),
        (&["--encode", "ordinal", "--unseen", "zeros"], "no columns to be 0 in"),
        (&["--encode", "drop-first", "--unseen", "zeros"], "would count as the first"),
        (&["--positive", "c"], "no class is called \"c\"; the classes are \"a\", \"b\""),
        (&["--folds", "1"], "expected at least 2 folds, found 1"),
        (&["--threshold", "1.5"], "expected a threshold from 0 to 1, found 1.5"),
        (&["--delimiter", "ab"], "expected one character between cells, or tab, found \"ab\""),
        (&["--stream", "--scale", "robust"], "quartiles are not looked for in a table that is read as a stream"),
        (&["--stream", "--folds", "3"], "nor folds made"),
    ];
    for (flags, message) in cases {
        let outcome = train(&folder, flags);
        assert_eq!(outcome.code, 2, "{flags:?}: {}", outcome.error);
        assert!(outcome.error.contains(message), "{flags:?}: {}", outcome.error);
    }
}

#[test]
fn predictions_are_the_same_in_any_number_of_threads_and_formats() {
    let (folder, _) = trained(mixed(200), &[]);
    let rows: String = (0..60_000).map(|i| format!("{},{},note {i}\n", i * 7 % 101, ["u", "v", "w"][i % 3])).collect();
    let rows = format!("x,c,note\n{rows}");
    let one = predict(&folder, &rows, &["--threads", "1", "--keep", "note"]);
    assert_eq!((one.code, one.output.lines().count()), (0, 60_001), "{}", one.error);
    assert_eq!(predict(&folder, &rows, &["--threads", "3", "--keep", "note"]).output, one.output);
    // A quoted line end somewhere takes another way through the file.
    let quoted = rows.replacen("note 5\n", "\"note\n5\"\n", 1);
    let other = predict(&folder, &quoted, &["--keep", "note"]).output;
    assert_eq!(other.replacen("\"note\n5\"", "note 5", 1), one.output);

    let json = predict(&folder, &rows, &["--json", "--keep", "note"]).output;
    let (line, csv) = (json.lines().nth(7).unwrap(), one.output.lines().nth(8).unwrap());
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    let cells: Vec<&str> = csv.split(',').collect();
    assert_eq!((line["cells"]["note"].as_str(), line["prediction"].as_str()), (Some(cells[0]), Some(cells[1])));
    assert_eq!(line["probabilities"][0]["probability"].as_f64().unwrap(), cells[2].parse::<f64>().unwrap());

    let unknown = predict(&folder, "x,c,note\n1,u,2\n", &[]);
    assert!(unknown.code == 3 && unknown.error.contains("no feature is named \"note\""), "{}", unknown.error);
    let misspelt = predict(&folder, "x,c,note\n1,u,2\n", &["--keep", "nots"]);
    assert!(misspelt.code == 3 && misspelt.error.contains("did you mean \"note\"?"), "{}", misspelt.error);
}

#[test]
fn a_model_is_evaluated_and_explained_on_rows_of_a_file() {
    let (folder, _) = trained(mixed(200), &["--l2", "0", "--encode", "drop-first"]);
    std::fs::write(folder.path().join("more.csv"), mixed(150).replacen(",a\n", ",\n", 2)).unwrap();
    let run = |arguments: &[&str]| tepal(arguments, folder.path());
    let report = run(&["evaluate", "m.tepal", "more.csv", "--importance"]);
    assert_eq!(report.code, 0, "{}", report.error);
    for part in [
        "148 rows",
        "95 % interval",
        "without features",
        "Brier score",
        "is \\ predicted",
        "sensitivity",
        "when shuffled",
    ] {
        assert!(report.output.contains(part), "{part}: {}", report.output);
    }
    assert!(report.error.contains("2 rows have no value of the target and were left out"), "{}", report.error);
    let json: serde_json::Value =
        serde_json::from_str(&run(&["evaluate", "m.tepal", "more.csv", "--json"]).output).unwrap();
    assert_eq!((&json["rows"], &json["confusion"]["counts"][0][0].is_u64()), (&148.into(), &true));
    let unknown = run(&["evaluate", "m.tepal", "t.csv", "--missing", "a"]);
    assert_eq!(unknown.code, 0, "{}", unknown.error);

    let coefficients = run(&["explain", "m.tepal"]);
    for part in ["log-odds of b", "odds ratio", "standard error", "c=v", "95 % interval"] {
        assert!(coefficients.output.contains(part), "{part}: {}", coefficients.output);
    }
    let rows = run(&["explain", "m.tepal", "more.csv", "--json"]);
    let line: serde_json::Value = serde_json::from_str(rows.output.lines().next().unwrap()).unwrap();
    let score = &line["scores"][0];
    let sum: f64 =
        score["contributions"].as_array().unwrap().iter().map(|part| part["contribution"].as_f64().unwrap()).sum();
    assert!((score["baseline"].as_f64().unwrap() + sum - score["score"].as_f64().unwrap()).abs() < 1e-12);
    assert!(run(&["explain", "m.tepal", "more.csv"]).output.starts_with("row 2: "));
    assert!(run(&["completions", "bash"]).output.contains("_tepal"));
}

#[test]
fn a_class_that_the_model_does_not_know_is_refused_in_an_evaluation() {
    let (folder, _) = trained(mixed(60), &[]);
    std::fs::write(folder.path().join("more.csv"), "x,c,y\n1,u,a\n2,v,z\n").unwrap();
    let outcome = tepal(&["evaluate", "m.tepal", "more.csv"], folder.path());
    let message = "row 3, column \"y\": no training row has the category \"z\"; the categories are \"a\", \"b\"";
    assert!(outcome.code == 3 && outcome.error.contains(message), "{}", outcome.error);
    let path: PathBuf = folder.path().join("none.csv");
    assert_eq!(tepal(&["evaluate", "m.tepal", path.to_str().unwrap()], folder.path()).code, 6);
}

#[test]
fn tables_that_fooled_the_reading_once_do_not_any_more() {
    let repeated = |header: &str, rows: [&str; 4]| format!("{header}\n{}", format!("{}\n", rows.join("\n")).repeat(6));
    // A decimal comma without quotes is a cell more, and no name of a row.
    let csv = "id,kg,y\n1,71,5,a\n2,58,2,b\n3,80,9,a\n4,66,1,b\n";
    assert!(refused(csv, &[]).contains("row 2: expected 3 cells as in the header, found 4"));
    // Addresses say nothing of the numbers beside them.
    let rows =
        ["192.168.100.101,1.631,a", "192.168.100.102,2.725,b", "192.168.100.101,6.396,a", "192.168.100.102,4.846,b"];
    assert!(trained(repeated("ip,w,y", rows), &["--category", "ip"]).1.contains("w: 1.631 to 6.396"));
    // A decimal comma beside decimal points is said.
    let (_, output) = trained(repeated("q,w,y", ["\"1,2\",0.25,a", "3,0.5,b", "\"2,3\",0.75,a", "1,0.1,b"]), &[]);
    assert!(output.contains("column \"q\": numbers were read as people write them, \"1,2\" as 1.2"), "{output}");
    // Numbers with more digits than a double holds are names.
    let rows =
        ["1234567890123456789,1,a", "1234567890123456788,2,b", "1234567890123456789,3,a", "1234567890123456788,5,b"];
    assert!(trained(repeated("x,w,y", rows), &[]).1.contains("x: 1234567890123456788 (12), 1234567890123456789 (12)"));
    // How numbers were read is said of numbers only.
    let rows = ["(7),1,a", "(5),2,b", "(7),3,a", "(5),5,b"];
    let (_, output) = trained(repeated("x,w,y", rows), &["--category", "x"]);
    assert!(output.contains("(5) (12)") && !output.contains("were read as people write them"), "{output}");
    // A missing number is counted under its own word, however it is written.
    let (_, output) = trained(repeated("x,w,y", ["7,1,a", "-9.0,2,b", "5,3,a", "4,5,b"]), &["--missing", "NA,-9"]);
    assert!(output.contains("column \"x\" is missing where it says \"-9\" in 6 rows"), "{output}");
    // A sign between a number and a word is no minus.
    let (_, output) = trained(repeated("x,w,y", ["7 - high,1,a", "5 - high,2,b", "3 - low,3,a", "7 - high,5,b"]), &[]);
    assert!(output.contains("7 - high (12)") && !output.contains("as -7"), "{output}");
    // Rows say by themselves what sets off thousands: the training table is no witness of them.
    let (folder, _) = trained(repeated("x;y", ["1,58;a", "2,25;b", "8,79;a", "4,5;b"]), &[]);
    let outcome = predict(&folder, "x\n1.500\n", &[]);
    assert!(
        outcome.error.contains("found \"1.500\", which may be 1.500 or 1500"),
        "{}{}",
        outcome.output,
        outcome.error
    );
    assert_eq!(predict(&folder, "x\n1.500\n", &["--decimal", "comma"]).code, 0);
    let (folder, _) = trained(repeated("x;y", ["1.58;a", "2.25;b", "8.79;a", "4.5;b"]), &[]);
    assert!(predict(&folder, "x;z\n1,500;50\n", &["--keep", "z"]).error.contains("which may be 1.500 or 1500"));
    // Numbers of as many digits beside them are names too, and alone they are numbers that differ.
    let rows = ["9999000011112223,1,a", "9999000011112224,2,b", "1234000011112222,3,a", "9999000011112223,5,b"];
    let (_, output) = trained(repeated("x,w,y", rows), &[]);
    assert!(output.contains("9999000011112223 (12), 9999000011112224 (6)"), "{output}");
    let rows = ["1700000000000000,1,a", "1700000000000001,2,b", "1700000000000002,3,a", "1700000000000001,5,b"];
    let (_, output) = trained(repeated("x,w,y", rows), &[]);
    assert!(output.contains("x: 1700000000000000 to 1700000000000002") && !output.contains("constant"), "{output}");
    // What looks alike is pointed out.
    let (_, output) = trained(repeated("x,w,y", ["a b,1,a", "a\u{a0}b,2,b", "c,3,a", "c,5,b"]), &[]);
    assert!(output.contains("\"a b\", \"a\\u00a0b\" are told apart"), "{output}");
    // Dates that are not read as dates are said, also where the column is left out.
    let dates: String = (1..=24).map(|i| format!("{i:02}.01.24,{i},{}\n", ["a", "b"][i % 2])).collect();
    let (_, output) = trained(format!("x,w,y\n{dates}"), &[]);
    assert!(output.contains("column \"x\": cells such as \"01.01.24\" look like dates"), "{output}");
}
