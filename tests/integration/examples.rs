//! The programs of examples/ run, and print what their readers are to see.

use std::path::PathBuf;
use std::process::{Command, Output};

/// Where cargo puts a program of examples/: beside the folder of this test, target/debug/deps.
fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let mut path = test.parent().and_then(|folder| folder.parent()).unwrap().join("examples").join(name);
    path.set_extension(std::env::consts::EXE_EXTENSION);
    assert!(
        path.is_file(),
        "{} is missing: `cargo test` and `cargo build --examples` build it, `cargo test --test integration` does not",
        path.display()
    );
    path
}

fn run(name: &str, arguments: &[&str]) -> Output {
    Command::new(program(name)).args(arguments).output().unwrap()
}

/// What a program prints, which must end well.
fn printed(name: &str) -> String {
    let output = run(name, &[]);
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_table_becomes_a_file_and_a_prediction() {
    let text = printed("train_and_predict");
    assert!(text.contains("predicted: yes\nno: 16.0 %\nyes: 84.0 %\n"), "{text}");
    let error = text.lines().last().unwrap();
    assert!(error.starts_with("unknown_feature: ") && error.contains("did you mean \"temperature\"?"), "{text}");
}

#[test]
fn a_fit_shows_its_steps_and_its_report() {
    let text = printed("step_by_step");
    for part in ["120 rows to train on, 30 held out\n", "100 % done\n", "converged: true\n", "accuracy 1.000, "] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
}

#[test]
fn rows_are_predicted_window_by_window() {
    let text = printed("many_rows");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 151, "{text}");
    assert!(
        lines[0].ends_with(",species,prediction,probability_setosa,probability_versicolor,probability_virginica,error")
    );
    assert!(lines[1].starts_with("5.1,3.5,1.4,0.2,setosa,setosa,0.9"), "{}", lines[1]);
    assert!(lines[150].starts_with("5.9,3.0,5.1,1.8,virginica,virginica,"), "{}", lines[150]);
}

#[test]
fn a_user_of_an_example_is_told_what_failed() {
    let output = run("many_rows", &["no-such-file.csv"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("kind: Io"), "{output:?}");
}

#[test]
fn three_workers_make_the_model_of_one() {
    let text = printed("workers");
    let digests: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once(": ")?.1)).collect();
    assert!(digests.len() == 2 && digests[0].len() == 64 && digests[0] == digests[1], "{text}");
}
