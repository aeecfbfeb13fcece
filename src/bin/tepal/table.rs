//! Tables as arguments, and how they are written down.

use clap::Args;
use std::path::Path;
use tepal::error::{Error, ErrorKind, Result};
use tepal::files;
use tepal::formats::TableFile;
use tepal::table::ReadOptions;

/// How a table is written down, where that should not be found out.
#[derive(Args, Default)]
#[command(next_help_heading = "How the table is written down; by default it is found out")]
pub(crate) struct ReadArguments {
    /// What separates cells: a character, or tab
    #[arg(long, value_name = "CHARACTER")]
    delimiter: Option<String>,
    /// What marks decimals
    #[arg(long, value_parser = ["point", "comma"])]
    decimal: Option<String>,
    /// Whether the first row holds the columns' names
    #[arg(long, value_name = "YES|NO", value_parser = ["yes", "no"])]
    header: Option<String>,
    /// How many lines stand above the header
    #[arg(long, value_name = "LINES")]
    skip: Option<u64>,
    /// What stands for a missing value beside the empty cell, separated by commas; in quotes what has one
    #[arg(long, value_name = "TEXTS", allow_hyphen_values = true)]
    missing: Option<Vec<String>>,
    /// The sheet of an Excel workbook, by its name; by default the first
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
}

impl ReadArguments {
    fn options(&self) -> Result<ReadOptions> {
        let Self { delimiter, decimal, header, skip, missing, .. } = self;
        let missing = missing.as_ref().map(|given| given.iter().flat_map(|texts| split_at_commas(texts)).collect());
        let mut options = ReadOptions { skip: skip.unwrap_or(0), missing, ..ReadOptions::default() };
        for (name, text) in [("delimiter", delimiter), ("decimal", decimal), ("header", header)] {
            text.iter().try_for_each(|text| options.set(name, text))?;
        }
        Ok(options)
    }

    /// Opens a table in any format.
    pub(crate) fn open(&self, path: &Path) -> Result<TableFile> {
        TableFile::open(path, &self.options()?, self.sheet.as_deref())
    }
}

/// The texts between commas. One in double quotes may have commas.
fn split_at_commas(texts: &str) -> Vec<String> {
    let (mut found, mut is_quoted) = (vec![String::new()], false);
    for character in texts.chars() {
        match character {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => found.push(String::new()),
            _ => found.iter_mut().last().into_iter().for_each(|text| text.push(character)),
        }
    }
    found
}

/// An error about the rows names the file they are in; one about an option has nothing to do with it.
pub(crate) fn named(path: &Path, error: Error) -> Error {
    match error.kind() {
        ErrorKind::InvalidOption => error,
        _ => files::name(path, &error),
    }
}
