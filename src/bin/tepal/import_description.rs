//! What `tepal import --describe FILE` adds: all that a file of another tool lacks, as JSON.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use tepal::error::{Error, ErrorKind, Result};
use tepal::files;
use tepal::interop::ImportOptions;
use tepal::limits;

/// The file: the flags' names with their values, and what is known of each feature.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(crate) struct Description {
    name: Option<String>,
    names: Vec<String>,
    classes: Vec<String>,
    target: Option<String>,
    missing: Vec<String>,
    features: BTreeMap<String, Feature>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Feature {
    unit: Option<String>,
    description: Option<String>,
    range: Option<[f64; 2]>,
    categories: Option<Vec<String>>,
}

impl Description {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let bytes = files::read(path, limits::FOREIGN_BYTES)?;
        serde_json::from_slice(&bytes).map_err(|error| {
            let error = Error::new(ErrorKind::InvalidOption, format!("--describe: {error}"));
            files::name(path, &error)
        })
    }

    /// Adds what it says. What a flag says too is refused.
    pub(crate) fn add_to(self, options: &mut ImportOptions) -> Result<()> {
        let Self { name, names, classes, target, missing, features } = self;
        let twice = |flag: &str| {
            let message = format!("{flag}: a flag and the file of --describe both say it; leave one out");
            Err(Error::new(ErrorKind::InvalidOption, message))
        };
        for (flag, list, own) in [
            ("--names", names, &mut options.features),
            ("--classes", classes, &mut options.classes),
            ("--missing", missing, &mut options.missing),
        ] {
            match (list.is_empty(), own.is_empty()) {
                (true, _) => {}
                (false, true) => *own = list,
                (false, false) => return twice(flag),
            }
        }
        match (name, options.name.is_empty()) {
            (None, _) => {}
            (Some(name), true) => options.name = name,
            (Some(_), false) => return twice("--name"),
        }
        match (target, &options.target) {
            (None, _) => {}
            (target, None) => options.target = target,
            (Some(_), Some(_)) => return twice("--target"),
        }
        for (feature, Feature { unit, description, range, categories }) in features {
            options.units.extend(unit.map(|unit| (feature.clone(), unit)));
            options.descriptions.extend(description.map(|text| (feature.clone(), text)));
            options.ranges.extend(range.map(|range| (feature.clone(), range)));
            options.categories.extend(categories.map(|names| (feature, names)));
        }
        Ok(())
    }
}
