//! docs/cli.md is what a stranger sees: its commands are run here, and its text is compared with what they write.
//! `UPDATE=1 cargo test --test integration transcript` writes it again.

use assert_cmd::Command;
use std::fmt::Write;
use std::path::Path;

const PAGE: &str = "docs/cli.md";

/// What stands on the page below the transcript.
const DEFAULTS: &str = "\
tepal finds and reports semicolons, tabs, decimal commas, Latin-1, categories, missing cells and identifiers.
A cell that could be read in two ways is refused. Defaults of `tepal train`:

| choice | default | flag |
|---|---|---|
| rows | all are fitted on; rows without a target are left out | `--test`, `--folds` |
| identifiers and constants | left out | `--drop`, `--number`, `--category` |
| a missing number | the median | `--impute` |
| a missing category | the most frequent one | `--impute-category` |
| a missing value in a column that every row of the table has | the row is refused | `--impute-always` |
| numbers | standardized | `--scale` |
| categories | a column each | `--encode` |
| dates | days since 1970-01-01 | `--date-parts` adds months and days of the week |
| what is fitted | weighted sums of the columns | `--learner boosting`, with `--rounds`, `--learning-rate`, `--patience`, `--validation`, `--increasing`, `--decreasing`, `--interactions`, and of a number `--loss` and `--quantile`; `--learner forest`, `extra-trees` or `tree`, with `--trees` and `--pruning`; all of them with `--leaves`, `--depth`, `--min-rows`, `--subsample`, `--max-features` |
| penalty | C = 1 for classes, 1 for boosting, none for other numbers | `--l2`, which is 1/C |
| calibration and threshold | none; both are learned on the folds | `--calibrate`, `--threshold` |
| intervals of numbers, sets of classes | none; they are learned on the folds | `--conformal` |
| a table above 512 MB, or some 64 MB of JSON lines or Parquet | read again in every pass instead of kept in memory | `--stream` does so for any table |
| the sheet of an Excel workbook | the first that is not hidden | `--sheet` |

`tepal predict` reads a file of any length in bounded memory. Without a file, or with `-`, it reads standard input.

- It writes `prediction` and one column `probability_<class>` per class, or JSON lines with `--json`.
- A model of `--conformal` has more columns for each level of 80, 90 and 95 %. A regression has `lower_90` and `upper_90`.
- A classification has `set_90`. Its classes have ` | ` between them. A class that has this sign is in quotes.
- JSON names the features of which a value was `imputed`. For CSV, a note counts the rows.
- Numbers have the digits that read back to the same 64 bits.
- `--keep` writes columns of the file before the predictions.
- `--csv-safe` puts an apostrophe before texts that a spreadsheet would run as formulas.
- `--on-error mark` writes a line with the reason for a row that cannot be scored.

Errors name the file, the row and the column:

```
tepal: patients.csv: row 17, column \"age\": expected a number, found \"abc\"; write a number, or nothing where it is not known
```

Standard errors are shown unless the penalty makes them misleading. A note in words warns of a small test set.

`tepal page risk.tepal -o risk.html` writes one HTML file that predicts anywhere ([browser.md](browser.md) has more).
`tepal inspect iris.tepal --json` writes everything that the model file says about the model.";

/// Every fourth penguin is new to the model.
fn penguins(is_new: bool) -> String {
    let table = std::fs::read_to_string("tests/golden/mixed/penguins.csv").unwrap();
    let mut lines = table.lines();
    let header = lines.next().unwrap();
    let rows = lines.enumerate().filter(|(index, _)| index.is_multiple_of(4) == is_new);
    rows.fold(format!("{header}\n"), |text, (_, row)| text + row + "\n")
}

/// A command as it is typed, and what it writes, cut to some lines.
fn run(page: &mut String, folder: &Path, line: &str, most_lines: usize) {
    let words: Vec<String> = shell_words(line);
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("tepal"));
    let output = command.args(&words[1..]).current_dir(folder).env("SOURCE_DATE_EPOCH", "1790000000").output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    writeln!(page, "```console\n$ {line}").unwrap();
    let n_lines = text.lines().count();
    text.lines().take(most_lines).for_each(|line| writeln!(page, "{line}").unwrap());
    if n_lines > most_lines {
        writeln!(page, "… {} more lines", n_lines - most_lines).unwrap();
    }
    match output.status.code() {
        Some(0) => {}
        code => writeln!(page, "(exit code {})", code.unwrap()).unwrap(),
    }
    page.push_str("```\n\n");
}

/// Words between spaces, with quotes around those that have some.
fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut is_quoted) = (vec![String::new()], false);
    for character in line.chars() {
        match character {
            '"' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            other => words.last_mut().unwrap().push(other),
        }
    }
    words
}

fn transcript() -> String {
    let folder = tempfile::TempDir::new().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("penguins.csv"), penguins(false)).unwrap();
    std::fs::write(folder.join("more.csv"), penguins(true)).unwrap();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/xgboost/3.2.0/texts.json");
    std::fs::copy(model, folder.join("xgboost.json")).unwrap();
    let misspelt = penguins(true).replacen("Biscoe", "Bisco", 1);
    std::fs::write(folder.join("misspelt.csv"), misspelt).unwrap();
    let mut page = String::from(
        "# A first minute on the command line\n\n`tests/integration/transcript.rs` runs the commands of this page and \
         writes the page.\n`penguins.csv` has three quarters of the Palmer penguins, and `more.csv` has the rest. \
         tests/golden/README.md names the source.\n\n",
    );
    let mut section = |title: &str, text: &str, commands: &[(&str, usize)]| {
        write!(page, "## {title}\n\n{text}\n\n").unwrap();
        commands.iter().for_each(|(line, most_lines)| run(&mut page, folder, line, *most_lines));
    };
    section("What there is", "Every command has `--help` with examples.", &[("tepal --help", 60)]);
    section(
        "Train",
        "tepal finds the kinds of columns, imputes missing cells and encodes categories. `tepal train --help` has a \
         flag for each.",
        &[("tepal train penguins.csv --target species --drop year --folds 5 --seed 7 -o penguins.tepal", 60)],
    );
    section(
        "See how good it is",
        "`tepal evaluate` needs rows that the model was not fitted on. `--json` has every figure and curve.",
        &[("tepal evaluate penguins.tepal more.csv --importance", 60)],
    );
    section(
        "See why",
        "`tepal explain` shows the coefficients. With a table, it shows what each feature adds to the score of a row.",
        &[("tepal explain penguins.tepal", 14), ("tepal explain penguins.tepal more.csv", 27)],
    );
    section(
        "Predict",
        "Predictions have the order of the rows, for any number of rows. Columns can be kept beside the predictions.",
        &[
            ("tepal predict penguins.tepal more.csv --keep island,sex", 5),
            ("tepal predict penguins.tepal more.csv --json", 1),
        ],
    );
    section(
        "Two classes",
        "One class is positive. It is predicted if its probability reaches a threshold, which is chosen on the folds.",
        &[(
            "tepal train penguins.csv --target sex --positive female --drop year --folds 5 --test 0.25 --calibrate platt \
                 --threshold sensitivity=0.95 --unit body_mass_g=g -o sex.tepal",
            60,
        )],
    );
    section(
        "Say how sure a prediction is",
        "With `--conformal`, predictions come with an interval, or a set of classes, that holds the truth in 80, 90 and 95 % of rows. \
         `tepal evaluate` says how often it did.",
        &[
            ("tepal train penguins.csv --target body_mass_g --drop year --conformal --test 0.25 -o mass.tepal", 60),
            ("tepal predict mass.tepal more.csv", 3),
            ("tepal predict mass.tepal more.csv --json", 1),
        ],
    );
    section(
        "Fit trees where lines do not fit",
        "`--learner boosting` adds many small decision trees. It needs some hundred rows, scales and imputes nothing, and assumes no \
         straight lines. A missing value stays missing; in a column that no training row lacks, `--impute-always` allows it. \
         `--patience` stops early, `--increasing` and `--decreasing` keep directions. Whether it is better than a line, the figures say: give both the same `--test` and `--seed`. `--learner auto` does so on folds, and takes the better one.",
        &[
            (
                "tepal train penguins.csv --target body_mass_g --drop year --learner boosting --rounds 60 --test 0.25 -o trees.tepal",
                60,
            ),
            (
                "tepal train penguins.csv --target body_mass_g --drop year --learner boosting --rounds 500 --patience 20 --increasing flipper_length_mm -o early.tepal",
                12,
            ),
            ("tepal explain early.tepal", 9),
            ("tepal train penguins.csv --target body_mass_g --drop year --learner auto -o better.tepal", 18),
            ("tepal explain trees.tepal more.csv", 9),
            ("tepal explain trees.tepal more.csv --dependence flipper_length_mm", 9),
            ("tepal explain trees.tepal more.csv --dependence species,sex", 12),
        ],
    );
    section(
        "Predict counts, amounts, medians and quantiles",
        "Boosting of a number has `--loss`. `poisson` predicts means of counts, `gamma` means of amounts above 0. Their scores are natural \
         logarithms: what adds 0.1 to a score makes its prediction 10.5 % larger. `absolute-error` predicts medians, `quantile` the \
         quantile that `--quantile` says. Such models are judged by their own loss, and quantiles also by the share of rows at or \
         below the prediction.\n\nWhere counts come from different exposures, divide each by its exposure, and give the exposure as \
         `--weights`. Predictions are then counts for an exposure of 1.\n\n`--interactions a,b` lets a and b stand together on a way to a leaf, \
         and the other columns among themselves. `--interactions none` makes the score a sum of functions of one column each.",
        &[
            (
                "tepal train penguins.csv --target body_mass_g --drop year --learner boosting --loss quantile --quantile 0.9 --rounds 40 --test 0.25 -o high.tepal",
                24,
            ),
            (
                "tepal train penguins.csv --target body_mass_g --drop year --learner boosting --loss gamma --rounds 60 --interactions none --test 0.25 -o mass-gamma.tepal",
                24,
            ),
            ("tepal explain mass-gamma.tepal more.csv", 9),
        ],
    );
    section(
        "Fit a forest, or one tree that can be read",
        "`--learner forest` takes the mean of many trees. Each sees rows that are drawn by chance, and is measured on the others: no rows \
         need be held out. It needs no settings. `--learner extra-trees` also splits by chance. `--learner tree` is one small tree, \
         which `tepal explain` draws; `--tree 7` draws the seventh of any model of trees.",
        &[
            ("tepal train penguins.csv --target species --drop year --learner forest -o forest.tepal", 20),
            ("tepal train penguins.csv --target species --drop year --learner tree --min-rows 10 -o tree.tepal", 12),
            ("tepal explain tree.tepal", 30),
        ],
    );
    section(
        "Bring a model of another tool",
        "`tepal import` reads models of XGBoost, LightGBM and CatBoost, bit by bit. [import.md](import.md) says how to save them, and what is refused.",
        &[
            ("tepal import xgboost.json --target weight --unit b=mm -o from-xgboost.tepal", 20),
            ("tepal explain from-xgboost.tepal", 9),
        ],
    );
    section(
        "When something is wrong",
        "tepal guesses nothing. A message says what was found, where, what was expected and what to do.\nThe exit \
         code gives the kind of error. No model is written.",
        &[
            ("tepal train penguins.csv --target specis -o penguins.tepal", 5),
            ("tepal predict penguins.tepal misspelt.csv", 5),
            ("tepal predict penguins.tepal misspelt.csv --on-error mark", 3),
            ("tepal inspect more.csv", 5),
        ],
    );
    section("Defaults and limits", DEFAULTS, &[]);
    let mut page = page.trim_end().to_owned();
    page.push('\n');
    page
}

#[test]
fn the_page_is_what_the_commands_write() {
    let found = transcript();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(PAGE, &found).unwrap();
    }
    let page = std::fs::read_to_string(PAGE).unwrap_or_default();
    let differs = page.lines().zip(found.lines()).position(|(page, found)| page != found);
    assert!(
        page == found,
        "{PAGE} differs from line {:?} on; write it again with UPDATE=1",
        differs.map(|line| line + 1)
    );
}
