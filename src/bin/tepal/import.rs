//! `tepal import`: a model that another tool fitted, as a model file.

use crate::import_description;
use crate::inspect::summary;
use crate::output::{print, print_json};
use crate::train::pair;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use tepal::describe::ModelDescription;
use tepal::error::{Error, ErrorKind, Result};
use tepal::files;
use tepal::interop::{ImportOptions, import};
use tepal::limits;

/// Make a model file of a model that another tool fitted
#[derive(clap::Args)]
#[command(
    after_help = "XGBoost's JSON and UBJSON (booster.save_model), LightGBM's text (save_model) and JSON (dump_model), CatBoost's JSON
(save_model with format=\"json\"), ONNX, and what the Python package tepal exports of scikit-learn are read. Scores of
trees keep the bits of the tool's own. What cannot be read exactly is refused.

Example: tepal import model.json --classes died,survived --target outcome -o outcome.tepal"
)]
pub(crate) struct Arguments {
    /// The file of the other tool
    file: PathBuf,
    /// Where to write the model file
    #[arg(short, long, value_name = "MODEL")]
    output: PathBuf,
    /// The names of the features, in the order in which the model was fitted, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    names: Vec<String>,
    /// The names of the classes in the order of the tool's numbers, that of class 0 first, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    classes: Vec<String>,
    /// The name of what is predicted; by default that of the file, if it has one, else target
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// What a feature is measured in: age=years
    #[arg(long, value_name = "FEATURE=UNIT", value_parser = pair)]
    unit: Vec<(String, String)>,
    /// What a feature is, for people: age="age at admission"; or a JSON file that says all of this
    #[arg(long, value_name = "FEATURE=TEXT|FILE")]
    describe: Vec<String>,
    /// The names of a feature's categories, in the order of the tool's numbers, that of 0 first: port=Cork,Cobh
    #[arg(long, value_name = "FEATURE=NAMES", value_parser = names_of)]
    categories: Vec<(String, Vec<String>)>,
    /// Between which numbers a feature is, for forms and explanations: age=18:90
    #[arg(long, value_name = "FEATURE=LOW:HIGH", value_parser = range)]
    range: Vec<(String, [f64; 2])>,
    /// What stands for a missing value in rows beside the empty cell, such as XGBoost's missing=-999; separated by commas
    #[arg(long, value_name = "TEXTS", value_delimiter = ',', allow_hyphen_values = true)]
    missing: Vec<String>,
    /// Use the trees behind the best iteration too, as XGBoost's own predict does and its scikit-learn wrapper does not
    #[arg(long)]
    all_trees: bool,
    /// Let the model have support vectors, which are rows of the table that it was trained on
    #[arg(long)]
    allow_rows: bool,
    /// The model's name, for people
    #[arg(long, default_value = "")]
    name: String,
    /// When the model was read, in seconds since 1970-01-01 UTC, in the place of now
    #[arg(long, value_name = "SECONDS")]
    created: Option<u64>,
    /// Describe the model as JSON
    #[arg(long)]
    json: bool,
}

/// A feature with several names.
fn names_of(text: &str) -> std::result::Result<(String, Vec<String>), String> {
    let (feature, names) = pair(text)?;
    Ok((feature, names.split(',').map(str::to_owned).collect()))
}

/// A feature with its least and its largest number.
fn range(text: &str) -> std::result::Result<(String, [f64; 2]), String> {
    let wrong = || format!("expected a feature and two numbers, such as age=18:90, found {text}");
    let (name, numbers) = pair(text)?;
    let (low, high) = numbers.split_once(':').ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse::<f64>().map_err(|_| wrong());
    Ok((name, [number(low)?, number(high)?]))
}

pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let Arguments {
        file,
        output,
        names,
        classes,
        target,
        unit,
        describe,
        categories,
        range,
        missing,
        all_trees,
        allow_rows,
        name,
        created,
        json,
    } = arguments;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).ok();
    // No file has an equals sign in its name here.
    let (descriptions, files): (Vec<String>, Vec<String>) = describe.into_iter().partition(|text| text.contains('='));
    let mut options = ImportOptions {
        name,
        features: names,
        classes,
        categories,
        units: unit,
        descriptions: descriptions.iter().filter_map(|text| pair(text).ok()).collect(),
        ranges: range,
        target,
        all_trees,
        allow_rows,
        missing,
        created: created.or(now),
    };
    for path in files {
        if !Path::new(&path).exists() {
            let message = format!("--describe: expected FEATURE=TEXT, or a file; there is no file {path:?}");
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        import_description::add(Path::new(&path), &mut options)?;
    }
    files::check_apart(&file, &output)?;
    let at = |error: Error| files::name(&file, &error);
    let model = import(&files::read(&file, limits::FOREIGN_BYTES)?, &options).map_err(at)?;
    files::write(&output, &model.encode()?)?;
    match json {
        true => print_json(&ModelDescription::of(&model)),
        false => print(&format!("{}written to      {}\n", summary(&model), output.display())),
    }
}
