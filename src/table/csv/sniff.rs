//! How a file writes its table down, guessed from its first rows.

use super::Rows;
use super::cell_format::CellFormat;
use crate::error::Result;
use crate::note::{Note, codes};
use crate::table::NameIndex;
use crate::table::number::{DecimalSign, number, trim};
use bincode::{Decode, Encode};

/// A cell that rows have and the header has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(super) enum Extra {
    Nothing,
    /// The first: names of rows, as R writes them.
    First,
    /// The last, which is empty: a delimiter ends every row.
    Last,
}

/// The columns without a name that a table can do without.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct Unnamed {
    /// The first numbers or names the rows, as pandas and R write them.
    pub(super) is_first: bool,
    /// The last is empty: a delimiter ends every row.
    pub(super) is_last: bool,
    /// These have no cell in the first rows, as a sheet has them that does not begin at its first column.
    pub(super) empty: Vec<usize>,
}

impl Unnamed {
    /// The columns that have neither a name nor cells, in a file whose first row is a header.
    pub(super) fn empty(rows: &[Vec<String>]) -> Vec<usize> {
        let Some((header, others)) = rows.split_first().filter(|(_, others)| !others.is_empty()) else {
            return Vec::new();
        };
        let is_empty = |place: usize| others.iter().all(|row| row.get(place).is_none_or(String::is_empty));
        (0..header.len()).filter(|place| header[*place].is_empty() && is_empty(*place)).collect()
    }

    pub(super) fn notes(&self) -> impl Iterator<Item = Note> {
        let has_empty = |n: bool| !self.empty.is_empty() && (self.empty.len() > 1) == n;
        let notes = [
            (self.is_first, codes::UNNAMED_FIRST),
            (self.is_last, codes::UNNAMED_LAST),
            (has_empty(false), codes::UNNAMED_EMPTY),
            (has_empty(true), codes::UNNAMED_EMPTY_ONES),
        ];
        notes.into_iter().filter(|(is_so, _)| *is_so).map(|(_, code)| Note::new(code, []))
    }
}

/// The delimiters that are looked for, the commonest first.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// How many bytes and rows are looked at.
pub(crate) const SAMPLE_BYTES: usize = 1 << 18;
const SAMPLE_ROWS: usize = 200;

impl Extra {
    /// What all rows below the first have more than the first.
    /// R quotes the names of rows, numbers too. Without quotes a cell more is rather a decimal comma.
    pub(super) fn of(rows: &[Vec<String>], are_quoted: bool) -> Self {
        let Some((first, others)) = rows.split_first() else { return Self::Nothing };
        if others.is_empty() || first.len() < 2 || !others.iter().all(|row| row.len() == first.len() + 1) {
            return Self::Nothing;
        }
        let are_all = |is: fn(&[String]) -> bool| others.iter().all(|row| is(row));
        if are_all(|row| row.last().is_some_and(String::is_empty)) {
            return Self::Last;
        }
        let has_twice = NameIndex::new(others.iter().map(|row| row[0].as_str())).duplicate().is_some();
        let counts = others.iter().map(|row| number(&row[0], DecimalSign::Point));
        let are_counted = are_quoted
            && counts.clone().zip(counts.clone().skip(1)).all(|(one, next)| one.map(|one| one + 1.0) == next);
        let are_texts = counts.clone().all(|count| count.is_none());
        match others.len() > 1 && !has_twice && (are_counted || are_texts) {
            true => Self::First,
            false => Self::Nothing,
        }
    }
}

/// How many of the first rows are unlike all that follow: they have fewer cells, and the row below them could be a header.
pub(super) fn lines_above(rows: &[Vec<String>]) -> u64 {
    let n_filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count();
    let Some(width) = rows.get(rows.len() / 2).map(Vec::len) else { return 0 };
    let is_header = |row: &Vec<String>| row.len() == width && n_filled(row) == width;
    let lines = rows.iter().position(is_header).unwrap_or(0);
    let is_above = |row: &Vec<String>| width > 1 && (row.len() < width || 2 * n_filled(row) <= width);
    // Rows may have more cells than their header: names, as R writes them, or decimal commas that cut cells. Numbers are no header.
    let has_numbers = |row: &Vec<String>| row.iter().any(|cell| number(cell, DecimalSign::Point).is_some());
    if rows.get(lines).is_some_and(has_numbers) || !rows[..lines].iter().all(is_above) || rows.len() <= lines + 1 {
        return 0;
    }
    // A title in quotes may have several lines.
    let n_lines = |row: &Vec<String>| 1 + row.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
    rows[..lines].iter().map(n_lines).sum()
}

pub(super) fn first_rows(sample: &[u8], is_all: bool, delimiter: u8) -> Result<Vec<Vec<String>>> {
    let mut rows = Rows::of_window(sample, delimiter, is_all, 0);
    let mut all = Vec::new();
    while let Some((_, cells)) = rows.next()? {
        all.push(cells.iter().map(|cell| trim(cell).to_owned()).collect());
        if all.len() == SAMPLE_ROWS {
            break;
        }
    }
    Ok(all)
}

/// The delimiter that cuts most rows into as many cells, if those are two or more; a comma if none does.
pub(super) fn find_delimiter(sample: &[u8], is_all: bool, decimal: Option<DecimalSign>) -> u8 {
    // Commas that mark decimals separate nothing.
    let mut best = ((0, false, 0), if decimal == Some(DecimalSign::Comma) { b';' } else { b',' });
    for delimiter in DELIMITERS {
        // A quote that is left open under a wrong delimiter says nothing of the right one.
        let Ok(rows) = first_rows(sample, is_all, delimiter) else { continue };
        let (n_alike, width) = commonest_width(&rows);
        // Where commas mark decimals they may cut all rows alike too.
        let is_number = |cell: &String| cell.contains(',') && number(cell, DecimalSign::Comma).is_some();
        let has_decimals = delimiter != b',' && rows.iter().flatten().any(is_number);
        if width > 1 && (n_alike, has_decimals, width) > best.0 {
            best = ((n_alike, has_decimals, width), delimiter);
        }
    }
    best.1
}

/// How many rows have the commonest number of cells, and that number: the first row's if others are no commoner.
fn commonest_width(rows: &[Vec<String>]) -> (usize, usize) {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for row in rows {
        match counts.iter_mut().find(|(_, width)| *width == row.len()) {
            Some((count, _)) => *count += 1,
            None => counts.push((1, row.len())),
        }
    }
    counts.into_iter().rev().max_by_key(|(count, _)| *count).unwrap_or((0, 0))
}

/// The first row is data when every cell of it is a number or missing, when one of its numbers has decimals, or when it
/// has both numbers and texts that come again below in their columns. Names may be years, as in `country,2019,2020`.
pub(super) fn find_header(rows: &[Vec<String>], format: &CellFormat) -> bool {
    let Some((first, others)) = rows.split_first() else { return true };
    let numbers: Vec<Option<f64>> = first.iter().map(|cell| format.number(cell)).collect();
    let n_numbers = numbers.iter().flatten().count();
    if n_numbers == 0 || others.is_empty() {
        return true;
    }
    let is_all = first.iter().zip(&numbers).all(|(cell, number)| number.is_some() || format.is_missing(cell));
    let has_decimals = numbers.iter().flatten().any(|number| number.fract() != 0.0);
    let comes_again = |(column, cell): (usize, &String)| {
        numbers[column].is_none() && !cell.is_empty() && others.iter().any(|row| row.get(column) == Some(cell))
    };
    !(is_all || has_decimals || first.iter().enumerate().any(comes_again))
}
