//! The command line, as a stranger uses it.

use assert_cmd::Command;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const IRIS: &str = "www/data/iris.csv";
const LINE: &str = "x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n";

fn tepal() -> Command {
    Command::new(assert_cmd::cargo::cargo_bin!("tepal"))
}

/// Runs to the end: exit code, standard output, standard error.
fn run(command: &mut Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A folder with a file in it.
fn folder_with(name: &str, bytes: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// A model of the line y = 2x + 3.
fn line_model() -> (TempDir, PathBuf) {
    let (folder, table) = folder_with("line.csv", LINE);
    let model = folder.path().join("line.tepal");
    let (code, _, error) = run(tepal().arg("train").arg(table).args(["--target", "y", "-o"]).arg(&model));
    assert_eq!(code, 0, "{error}");
    (folder, model)
}

#[test]
fn a_line_goes_on_through_fifteen() {
    let (_folder, model) = line_model();
    let (code, answer, _) = run(tepal().arg("predict").arg(model).write_stdin("x\n6\n"));
    assert_eq!((code, answer.as_str()), (0, "prediction\n15\n"));
}

#[test]
fn iris_is_trained_inspected_and_predicted() {
    let folder = TempDir::new().unwrap();
    let model = folder.path().join("iris.tepal");
    let options = ["--target", "species", "--test", "0.2", "--seed", "7", "--created", "1790000000", "-o"];
    let (code, report, error) = run(tepal().args(["train", IRIS]).args(options).arg(&model));
    assert_eq!(code, 0, "{error}");
    for part in
        ["multinomial", "setosa (40)", "trained on      120 rows", "at its optimum", "30 rows (0.2 asked for, seed 7)"]
    {
        assert!(report.contains(part), "{part}: {report}");
    }

    let (code, json, _) = run(tepal().arg("inspect").arg(&model).arg("--json"));
    let description: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(code, 0);
    assert_eq!(description["features"][0]["name"], "sepal length (cm)");
    assert_eq!(description["heldOut"]["rows"], 30);
    assert_eq!(description["training"]["created"], 1_790_000_000);
    assert_eq!(description["certificate"]["converged"], true);
    let (_, summary, _) = run(tepal().arg("inspect").arg(&model));
    assert!(report.starts_with(&summary));

    // The training table itself can be predicted: its target column is known and passed over.
    let (code, answers, _) = run(tepal().arg("predict").arg(&model).arg(IRIS));
    let lines: Vec<&str> = answers.lines().collect();
    assert_eq!((code, lines.len()), (0, 151));
    assert_eq!(lines[0], "prediction,probability_setosa,probability_versicolor,probability_virginica");
    for line in &lines[1..] {
        let cells: Vec<&str> = line.split(',').collect();
        let sum: f64 = cells[1..].iter().map(|cell| cell.parse::<f64>().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-12 && ["setosa", "versicolor", "virginica"].contains(&cells[0]), "{line}");
    }
}

#[test]
fn columns_may_stand_in_any_order_and_dropped_ones_stay_welcome() {
    let (folder, table) = folder_with("t.csv", "id,u,v,y\nq,1,9,1\nr,2,7,2\ns,3,1,4\nt,5,2,9\n");
    let model = folder.path().join("m.tepal");
    let (code, _, error) =
        run(tepal().arg("train").arg(table).args(["--target", "y", "--drop", "id", "-o"]).arg(&model));
    assert_eq!(code, 0, "{error}");
    let predict = |rows: &str| run(tepal().arg("predict").arg(&model).write_stdin(rows));
    let (code, answer, _) = predict("v,id,u\n9,q,1\n");
    assert_eq!(code, 0);
    assert_eq!(predict("u,v\n1,9\n"), (0, answer, String::new()));
}

#[test]
fn the_same_options_give_the_same_file() {
    let (folder, table) = folder_with("line.csv", LINE);
    let train = |name: &str| {
        let path = folder.path().join(name);
        let options = ["--target", "y", "--test", "0.4", "--seed", "3", "--created", "0", "-o"];
        assert_eq!(run(tepal().arg("train").arg(&table).args(options).arg(&path)).0, 0);
        std::fs::read(path).unwrap()
    };
    assert_eq!(train("a.tepal"), train("b.tepal"));
}

#[test]
fn bad_tables_are_refused_by_place_and_leave_no_file() {
    let cases = [
        ("", 3, "the file is empty; expected a header and rows"),
        ("x,y\n", 3, "the table has no rows below its header"),
        ("x,y\n1,2\n3\n", 3, "row 3, column \"y\": expected 2 cells as in the header, found 1"),
        ("x,y\n1,2\nabc,3\n5,6\n", 3, "row 3, column \"x\": expected a number, found \"abc\""),
        ("x,y\n,2\nNA,3\n", 3, "left out were \"x\" (every cell is missing)"),
        (
            "x,y\n1,2\ninf,3\n",
            3,
            "row 3, column \"x\": expected a finite number, found \"inf\"; correct it, or call it missing (--missing)",
        ),
        ("x,Y\n1,2\n2,3\n", 3, "no column is named \"y\" (did you mean \"Y\"?); the columns are \"x\", \"Y\""),
        ("x,y\n1,a\n2,a\n", 3, "column \"y\": every row has the class \"a\"; expected at least two classes"),
        ("x,y\n1,a\n2,b\n3,c\n", 3, "column \"y\": expected fewer classes than rows, found 3 classes in 3 rows"),
        ("x,y\n1,2\n1,3\n", 3, "no column is left to predict \"y\" from; left out were \"x\" (every cell is 1)"),
    ];
    for (csv, code, message) in cases {
        let (folder, table) = folder_with("bad.csv", csv);
        let model = folder.path().join("m.tepal");
        let outcome = run(tepal().arg("train").arg(&table).args(["--target", "y", "-o"]).arg(&model));
        assert_eq!((outcome.0, outcome.1.as_str()), (code, ""), "{csv:?}: {}", outcome.2);
        assert!(outcome.2.starts_with("tepal: ") && outcome.2.contains("bad.csv: "), "{}", outcome.2);
        assert!(outcome.2.contains(message), "{csv:?}: {}", outcome.2);
        assert!(!model.exists());
    }
}

#[test]
fn bad_rows_are_refused_by_place() {
    let (_folder, model) = line_model();
    let cases = [
        ("", "standard input: the file is empty"),
        ("z\n6\n", "column \"z\": no feature is named \"z\"; the features are \"x\""),
        ("x,z\n6,1\n", "column \"z\": no feature is named \"z\"; the features are \"x\"; --keep-all allows"),
        ("y\n6\n", "column \"x\": the feature is missing; the features are \"x\""),
        ("x\n6\nsix\n", "row 3, column \"x\": expected a number, found \"six\""),
        (
            "x\n6\ninf\n",
            "row 3, column \"x\": expected a finite number, found \"inf\"; correct it, or call it missing (--missing)",
        ),
    ];
    for (rows, message) in cases {
        let (code, answer, error) = run(tepal().arg("predict").arg(&model).write_stdin(rows));
        assert_eq!((code, answer.as_str()), (3, ""), "{rows:?}: {error}");
        assert!(error.contains(message), "{rows:?}: {error}");
    }
}

#[test]
fn an_earlier_file_is_upgraded_and_predicts_the_same() {
    let (folder, _) = folder_with("rows.csv", "");
    let (old, new) = (PathBuf::from("tests/models/v3-slid.tepal"), folder.path().join("new.tepal"));
    let (code, said, error) = run(tepal().arg("upgrade").arg(&old).arg("-o").arg(&new));
    assert_eq!(code, 0, "{error}");
    assert_eq!((std::fs::read(&old).unwrap()[6], std::fs::read(&new).unwrap()[6]), (3, 4));
    let rows = "education,age,sex,language\n13.2,40,Male,English\n,60,Female,\n";
    let predict = |model: &std::path::Path| run(tepal().arg("predict").arg(model).write_stdin(rows)).1;
    assert_eq!(predict(&new), predict(&old));
    let digest = |model: &std::path::Path| {
        let (_, text, _) = run(tepal().arg("inspect").arg(model));
        text.lines().find_map(|line| line.strip_prefix("digest          ").map(str::to_owned)).unwrap()
    };
    assert_eq!((digest(&new), said), (digest(&old), format!("{}: {}\n", new.display(), digest(&new))));
    let (code, _, error) = run(tepal().arg("upgrade").arg(folder.path().join("rows.csv")).arg("-o").arg(&new));
    assert!(code == 4 && error.contains("rows.csv: this is not a tepal model file"), "{error}");
}

#[test]
fn a_damaged_record_stops_verify_and_no_prediction() {
    let (folder, model) = line_model();
    let mut bytes = std::fs::read(&model).unwrap();
    assert!(run(tepal().arg("verify").arg(&model)).1.starts_with("sound: "));
    *bytes.last_mut().unwrap() ^= 1;
    let damaged = folder.path().join("damaged.tepal");
    std::fs::write(&damaged, bytes).unwrap();
    let reason = "the model file is damaged: the checksum of its part \"record\" does not match; fetch it again";
    let (code, _, error) = run(tepal().arg("verify").arg(&damaged));
    assert!(code == 4 && error.contains(reason), "{error}");
    let (code, answer, error) = run(tepal().arg("predict").arg(&damaged).write_stdin("x\n6\n"));
    assert_eq!((code, answer.as_str()), (0, "prediction\n15\n"), "{error}");
    for command in ["inspect", "explain"] {
        let (code, text, error) = run(tepal().arg(command).arg(&damaged));
        assert!(code == 0 && text.contains(reason), "{command}: {text} {error}");
    }
}

#[test]
fn bad_models_and_options_have_their_exit_codes() {
    let (folder, model) = line_model();
    let bytes = std::fs::read(&model).unwrap();
    let damaged = folder.path().join("damaged.tepal");
    std::fs::write(&damaged, &bytes[..bytes.len() / 4]).unwrap();
    let inspect = |path: &std::path::Path| run(tepal().arg("inspect").arg(path));
    let (code, _, error) = inspect(&damaged);
    assert!(code == 4 && error.contains("damaged.tepal: byte "), "{code} {error}");
    let (code, _, error) = inspect(&folder.path().join("missing.tepal"));
    assert!(code == 6 && error.contains("missing.tepal: No such file"), "{code} {error}");
    let (code, _, error) = inspect(&folder.path().join("line.csv"));
    assert!(code == 4 && error.contains("is not a tepal model file"), "{code} {error}");

    let train = |options: &[&str]| {
        let output = folder.path().join("o.tepal");
        run(tepal().args(["train", IRIS, "--target", "species"]).args(options).arg("-o").arg(output))
    };
    for (options, message) in [
        (["--test", "1.5"], "expected a fraction to hold out between 0 and 1, found 1.5"),
        (["--l2", "-1"], "expected l2 to be a number of at least 0, found -1"),
        (["--drop", "species"], "column \"species\" is the target and cannot be dropped"),
    ] {
        let (code, _, error) = train(&options);
        assert!(code == 2 && error.contains(message), "{code} {error}");
    }
    assert_eq!(train(&["--drop", "sepal"]).0, 3);
}

#[test]
fn what_a_foreign_file_lacks_may_stand_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let (output, about) = (folder.path().join("m.tepal"), folder.path().join("about.json"));
    let import = |about_model: &str, options: &[&str]| {
        std::fs::write(&about, about_model).unwrap();
        let file = "tests/interop/xgboost/3.0.5/texts.json";
        let mut command = tepal();
        command.arg("import").arg(file).arg("-o").arg(&output).arg("--describe").arg(&about);
        run(command.args(options).arg("--json"))
    };
    let all = r#"{"name": "Weights", "target": "weight", "missing": ["-999"], "features": {
        "a": {"categories": ["p", "q", "r", "s", "t", "u", "v", "w", "x"]},
        "b": {"unit": "mm", "description": "a length", "range": [-1, 4]}}}"#;
    let (code, text, error) = import(all, &[]);
    assert_eq!(code, 0, "{error}");
    let model: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&model["name"], &model["target"]["name"]), (&"Weights".into(), &"weight".into()));
    assert_eq!(model["features"][0]["categories"][1]["category"], "q");
    let length = &model["features"][1];
    assert_eq!((&length["unit"], &length["description"]), (&"mm".into(), &"a length".into()));
    assert_eq!((length["minimum"].as_f64(), length["maximum"].as_f64()), (Some(-1.0), Some(4.0)));
    let (code, text, _) = import(r#"{"features": {"b": {"unit": "mm"}}}"#, &["--describe", "b=a length"]);
    assert!(code == 0 && text.contains("a length") && text.contains("mm"), "{text}");
    for (about, options, message) in [
        (all, &["--target", "y"][..], "about.json: --describe: target: a flag says it too; leave one out"),
        (all, &["--unit", "b=cm"], "column \"b\": expected one unit of this feature, found two"),
        (
            "{\"feature\": {}}",
            &[],
            "about.json: --describe: the file: there is no key \"feature\"; it may have name, names",
        ),
        (
            "{\"features\": {\"b\": {\"range\": [1]}}}",
            &[],
            "about.json: --describe: b: range: expected two numbers, found [1]",
        ),
        (
            "{\"features\": {\"b\": [\"mm\"]}}",
            &[],
            "b: expected an object with the keys unit, description, range, categories",
        ),
        ("{\"missing\": \"-999\"}", &[], "missing: expected a list of texts, found \"-999\""),
        ("[\"x\"]", &[], "about.json: --describe: the file: expected an object"),
        (
            "{\"features\": {\"d\": {\"unit\": \"mm\"}}}",
            &[],
            "column \"d\": the model has no feature of this name; it has \"a\", \"b\"",
        ),
        ("{", &[], "about.json: --describe: not JSON: EOF while parsing"),
        ("{}", &["--describe", "b"], "--describe: expected FEATURE=TEXT, or a file; there is no file \"b\""),
    ] {
        let (code, _, error) = import(about, options);
        assert!([2, 3].contains(&code) && error.contains(message), "{code} {error}");
    }
}

#[test]
fn the_output_is_not_the_input() {
    let folder = tempfile::tempdir().unwrap();
    let (table, model) = (folder.path().join("t.csv"), folder.path().join("m.tepal"));
    let csv = "x,y\n1,2\n2,3\n3,5\n";
    std::fs::write(&table, csv).unwrap();
    // The same file by another name.
    let same = folder.path().join(".").join("t.csv");
    let train =
        |output: &std::path::Path| run(tepal().arg("train").arg(&table).args(["--target", "y", "-o"]).arg(output));
    let (code, _, error) = train(&same);
    assert!(
        code == 2 && error.contains("the output would replace the file that is read; name another"),
        "{code}: {error}"
    );
    assert_eq!(train(&model).0, 0);
    let before = std::fs::read(&model).unwrap();
    assert_eq!(run(tepal().arg("predict").arg(&model).arg(&table).arg("-o").arg(&table)).0, 2);
    assert_eq!(run(tepal().arg("predict").arg(&model).arg(&table).arg("-o").arg(&model)).0, 2);
    assert_eq!(run(tepal().arg("page").arg(&model).arg("-o").arg(&model)).0, 2);
    assert_eq!((std::fs::read_to_string(&table).unwrap(), std::fs::read(&model).unwrap()), (csv.to_owned(), before));
}

#[test]
fn trees_are_drawn_by_their_numbers_or_refused() {
    let rows: String =
        (0..60).map(|i| format!("{},2024-0{}-11,{}\n", i % 7, 1 + i % 6, ["a", "b"][i % 7 / 4])).collect();
    let (folder, table) = folder_with("t.csv", format!("x,day,y\n{rows}"));
    let model = |learner: &str| {
        let model = folder.path().join(format!("{learner}.tepal"));
        let train =
            run(tepal().arg("train").arg(&table).args(["--target", "y", "--learner", learner, "-o"]).arg(&model));
        assert_eq!(train.0, 0, "{}", train.2);
        model
    };
    let explain = |model: &std::path::Path, tree: &[&str]| run(tepal().arg("explain").arg(model).args(tree));
    for (learner, n) in [("tree", 1), ("forest", 100), ("extra-trees", 100), ("boosting", 100)] {
        let model = model(learner);
        let (code, text, _) = explain(&model, &["--tree", "1"]);
        assert!(code == 0 && text.starts_with(&format!("tree 1 of {n}: ")) && text.contains("\n└─ "), "{text}");
        let json: serde_json::Value = serde_json::from_str(&explain(&model, &["--tree", "1", "--json"]).1).unwrap();
        assert!(json["nodes"][0]["split"]["left"] == 1 && json["classes"][0] == "b", "{json}");
        let (code, _, error) = explain(&model, &["--tree", "101"]);
        assert!(code == 2 && error.contains(&format!("from 1 to {n}, found 101")), "{error}");
        let (_, text, _) = explain(&model, &[]);
        assert_eq!(text.contains("x at most 3.5: "), learner == "tree", "{text}");
    }
    let (code, _, error) = explain(&model("linear"), &["--tree", "1"]);
    assert!(code == 2 && error.contains("has no trees; leave --tree out"), "{error}");
    let flags = ["--target", "y", "--learner", "tree", "--rounds", "5", "--trees", "3", "-o", "-"];
    let (code, _, error) = run(tepal().arg("train").arg(&table).args(flags));
    assert!(code == 2 && error.contains("the learner tree has no rounds and no trees; leave that out"), "{error}");
}

#[cfg(unix)]
#[test]
fn the_output_follows_links_and_leaves_devices_alone() {
    let (folder, table) = folder_with("line.csv", LINE);
    let train =
        |output: &std::path::Path| run(tepal().arg("train").arg(&table).args(["--target", "y", "-o"]).arg(output));
    let (real, link) = (folder.path().join("real.tepal"), folder.path().join("link.tepal"));
    std::fs::write(&real, "older").unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    assert_eq!(train(&link).0, 0);
    assert!(link.is_symlink() && std::fs::read(&real).unwrap().starts_with(b"TEPAL"));
    assert_eq!(train(std::path::Path::new("/dev/null")).0, 0);
    assert!(!std::path::Path::new("/dev/null").is_file());
    let (code, _, error) = train(&folder.path().join("no/such/folder.tepal"));
    assert!(code == 6 && error.contains("folder.tepal: No such file"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}

/// Rows of two features, weights and two overlapping classes.
fn weighted_rows() -> String {
    let row = |i: usize| {
        let (a, b) = ((i * 7919 % 10007) as f64 / 100.0, (i * 31 % 89) as f64 / 7.0);
        format!("{a},{b},{},{}\n", 1 + i % 3, ["no", "yes"][(i * i + i / 7) % 5 % 2])
    };
    format!("a,b,w,y\n{}", (0..5000).map(row).collect::<String>())
}

#[test]
fn a_stream_and_any_number_of_threads_give_the_file_of_a_table_in_memory() {
    let (folder, table) = folder_with("rows.csv", weighted_rows());
    let model = folder.path().join("m.tepal");
    let train = |flags: &[&str]| {
        let roles = ["--target", "y", "--weights", "w", "--created", "5", "--solver", "newton", "-o"];
        let (code, _, error) = run(tepal().arg("train").arg(&table).args(roles).arg(&model).args(flags));
        assert_eq!(code, 0, "{error}");
        std::fs::read(&model).unwrap()
    };
    let whole = train(&[]);
    for flags in [&["--stream"][..], &["--threads", "1"], &["--stream", "--threads", "3"]] {
        assert!(train(flags) == whole, "{flags:?}");
    }
    assert!(train(&["--balanced"]) != whole);
}

#[test]
fn what_a_stream_cannot_do_is_refused_in_words() {
    let (folder, table) = folder_with("rows.csv", weighted_rows());
    let model = folder.path().join("m.tepal");
    let train = |table: &Path, flags: &[&str]| {
        let (code, _, error) =
            run(tepal().arg("train").arg(table).args(["--target", "y", "--stream", "-o"]).arg(&model).args(flags));
        assert!(!model.exists());
        (code, error)
    };
    let (code, error) = train(&table, &["--test", "0.2"]);
    assert!(code == 2 && error.contains("keep them in a file of their own"), "{error}");
    let (code, error) = train(&table, &["--solver", "linfa"]);
    assert!(code == 2 && error.contains("needs all rows in memory"), "{error}");
    let (code, error) = train(&table, &["--threads", "0"]);
    assert!(code == 2 && error.contains("at least 1 thread"), "{error}");
    let (code, error) = train(folder.path(), &[]);
    assert!(code == 6 && error.contains("a file that can be read more than once"), "{error}");
    let (bad, rows) = folder_with("bad.csv", weighted_rows().replacen("1,no", "-1,no", 1));
    let (code, error) = train(&rows, &["--weights", "w"]);
    assert!(code == 3 && error.contains("bad.csv: row ") && error.contains("a weight of at least 0"), "{error}");
    drop(bad);
}

#[test]
fn a_fit_can_begin_at_a_model() {
    let (folder, table) = folder_with("rows.csv", weighted_rows());
    let (first, second) = (folder.path().join("first.tepal"), folder.path().join("second.tepal"));
    let train = |model: &Path, flags: &[&str]| {
        let (code, report, error) = run(tepal()
            .arg("train")
            .arg(&table)
            .args(["--target", "y", "--solver", "newton", "-o"])
            .arg(model)
            .args(flags));
        assert_eq!(code, 0, "{error}");
        report
    };
    assert!(!train(&first, &[]).contains("in 1 round\n"));
    let report = train(&second, &["--start", first.to_str().unwrap()]);
    assert!(report.contains("in 1 round\n"), "{report}");
    let (_other_folder, other) = folder_with("other.csv", "u,y\n1,yes\n2,no\n3,yes\n");
    let (code, _, error) =
        run(tepal().arg("train").arg(other).args(["--target", "y", "-o"]).arg(&second).arg("--start").arg(&first));
    assert!(code == 2 && error.contains("has no feature"), "{error}");
}

#[test]
fn linfa_fits_what_it_can_and_is_finished_where_it_stops() {
    let (folder, table) = folder_with("rows.csv", weighted_rows());
    let model = folder.path().join("m.tepal");
    let train = |flags: &[&str]| {
        run(tepal().arg("train").arg(&table).args(["--target", "y", "--solver", "linfa", "-o"]).arg(&model).args(flags))
    };
    let (code, report, error) = train(&[]);
    assert_eq!(code, 0, "{error}");
    assert!(report.contains("by linfa-logistic") && report.contains("at its optimum"), "{report}");
    let (code, _, error) = train(&["--weights", "w"]);
    assert!(code == 2 && error.contains("not made for sample weights"), "{error}");
}

#[test]
fn a_page_has_its_model_inside_and_says_where_the_page_comes_from() {
    let (folder, model) = line_model();
    let page = folder.path().join("line.html");
    let write = || run(tepal().arg("page").arg(&model).arg("-o").arg(&page).arg("--www").arg(folder.path()));
    let (code, _, error) = write();
    assert!(code == 6 && error.contains("single.html: ") && error.contains("`make site`"), "{error}");
    let empty = folder.path().join("pkg/single.html");
    std::fs::create_dir(folder.path().join("pkg")).unwrap();
    std::fs::write(&empty, "<script>%</script>").unwrap();
    let (code, _, error) = write();
    assert!(code == 6 && error.contains("expected the page that `make site` builds") && !page.exists(), "{error}");
    std::fs::write(&empty, "<p id=model>%MODEL%</p>").unwrap();
    let (code, output, error) = write();
    assert!(code == 0 && (output.contains("1 KB") || output.contains("2 KB")), "{output}{error}");
    let page = std::fs::read_to_string(&page).unwrap();
    let inside = page.strip_prefix("<p id=model>").unwrap().strip_suffix("</p>").unwrap();
    use base64::Engine as _;
    assert_eq!(base64::prelude::BASE64_STANDARD.decode(inside).unwrap(), std::fs::read(&model).unwrap());
    let framed = folder.path().join("framed.html");
    let embed =
        || run(tepal().arg("page").arg(&model).arg("--embed").arg("-o").arg(&framed).arg("--www").arg(folder.path()));
    let (code, _, error) = embed();
    assert!(code == 6 && error.contains("embed.html: ") && error.contains("`make site`"), "{error}");
    std::fs::write(folder.path().join("pkg/embed.html"), "<b>%MODEL%</b>").unwrap();
    assert!(embed().0 == 0 && std::fs::read_to_string(&framed).unwrap() == format!("<b>{inside}</b>"));
    let (code, _, error) = run(tepal()
        .arg("page")
        .arg(&empty)
        .arg("-o")
        .arg(folder.path().join("other.html"))
        .arg("--www")
        .arg(folder.path()));
    assert!(code == 4 && error.contains("single.html: "), "{error}");
}

#[test]
fn a_column_with_the_name_of_a_prediction_is_not_kept_beside_it() {
    let (folder, model) = line_model();
    let rows = folder.path().join("rows.csv");
    std::fs::write(&rows, "x,prediction\n6,1\n").unwrap();
    let (code, _, error) = run(tepal().arg("predict").arg(&model).arg(&rows).arg("--keep-all"));
    let message = "column \"prediction\": it cannot be kept: a prediction takes its name";
    assert!(code == 2 && error.contains(message), "{code} {error}");
    let (code, output, error) = run(tepal().arg("predict").arg(&model).arg(&rows).args(["--keep-all", "--json"]));
    assert!(code == 0 && output.contains("\"prediction\":15.0"), "{output}{error}");
}

#[test]
fn weights_of_rows_give_the_figures_of_repeated_rows() {
    let (folder, table) = folder_with("weighted.csv", weighted_rows());
    let model = folder.path().join("weighted.tepal");
    let (code, _, error) =
        run(tepal().arg("train").arg(&table).args(["--target", "y", "--weights", "w", "-o"]).arg(&model));
    assert_eq!(code, 0, "{error}");
    let repeated: String = weighted_rows()
        .lines()
        .enumerate()
        .map(|(at, line)| {
            let times = if at == 0 { 1 } else { line.split(',').nth(2).unwrap().parse().unwrap() };
            format!("{line}\n").repeat(times)
        })
        .collect();
    let as_rows = folder.path().join("repeated.csv");
    std::fs::write(&as_rows, repeated).unwrap();
    let evaluate = |path: &Path, weights: &[&str]| {
        let (code, report, said) = run(tepal().arg("evaluate").arg(&model).arg(path).args(weights));
        assert_eq!(code, 0, "{said}");
        (report, said)
    };
    let (weighted, said) = evaluate(&table, &["--weights", "w"]);
    let (repeated, asked) = evaluate(&as_rows, &[]);
    assert_eq!(weighted, repeated);
    assert!(!said.contains("caution") && asked.contains("every row counts once; --weights \"w\""), "{said}{asked}");
    let (once, _) = evaluate(&table, &[]);
    assert_ne!(once, weighted);
    let (code, _, error) = run(tepal().arg("evaluate").arg(&model).arg(&table).args(["--weights", "v"]));
    assert!(code == 3 && error.contains("no column is named \"v\""), "{error}");
}
