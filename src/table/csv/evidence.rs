//! What all cells of a column say of how its numbers are written, and of what is missing in it.

use super::cell_format::CellFormat;
use super::column_format::{ColumnFormat, EitherSign, OwnedAffix};
use super::date_format::DateFormat;
use super::digits::{Digits, Shape};
use super::written::{Separators, Unreadable, Written};
use super::written_date::{DateOrder, WrittenDate, WrittenDay};
use crate::error::{Decimal, count, list_names, quote};
use crate::note::{Note, codes};
use crate::table::DecimalSign;
use crate::table::number::trim;

/// The most affixes that are told apart. A column with more has words beside its numbers.
const MOST_AFFIXES: usize = 4;
/// The most cells that a note shows.
const MOST_EXAMPLES: usize = 3;

/// What the cells of a column that go by say of its format.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    n_plain: u64,
    /// Numbers that are not plain digits, and how the first ones are written.
    n_written: u64,
    examples: Vec<(Vec<char>, String)>,
    /// Cells that look like numbers and have no single value, such as `<5`.
    n_unreadable: u64,
    n_texts: u64,
    n_dates: u64,
    has_point: bool,
    /// Dates that show which comes first: the day, the month.
    n_ordered: [u64; 2],
    /// Numbers whose decimal sign is known: a point, a comma.
    n_known: [u64; 2],
    /// Numbers that show no more than what sets off thousands, by the decimal sign that is left. Addresses look so too.
    n_grouped: [u64; 2],
    /// The first number with a decimal comma.
    comma: Option<String>,
    /// The first number with one sign before three digits.
    either: Option<String>,
    /// Whether a number of at most three digits has no sign.
    has_short: bool,
    affixes: Vec<(OwnedAffix, u64)>,
    has_signs: bool,
    n_empty: u64,
    /// Per word for a missing value its cells.
    missing: Vec<u64>,
    /// The first number with zeros before it.
    zeros: Option<String>,
}

/// What is known beside a column's own cells.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Prior {
    /// What the caller said.
    pub(crate) given: Option<DecimalSign>,
    /// What other columns of the file say.
    pub(crate) in_file: Option<DecimalSign>,
    /// What the training table said, for a file of rows.
    pub(crate) trained: Option<DecimalSign>,
    /// Whether the day or the month comes first in dates, as other columns of the file say.
    pub(super) date_order: Option<DateOrder>,
    /// Whether the delimiter is the one of places that write decimal commas.
    pub(crate) is_semicolon: bool,
    /// Whether cells were numbers before they were text: a point in one marks decimals, beside texts with decimal commas.
    pub(super) is_typed: bool,
}

impl Evidence {
    /// Takes in a cell that stands so many times.
    pub(crate) fn add(&mut self, cell: &str, times: u64, format: &CellFormat) {
        let cell = trim(cell);
        self.add_seen(cell, Digits::of(cell), times, format);
    }

    /// Takes in a cell without spaces around it that was looked at before.
    pub(super) fn add_seen(&mut self, cell: &str, digits: Option<Digits<'_>>, times: u64, format: &CellFormat) {
        if let Some(digits) = digits
            && !format.has_missing_numbers()
        {
            self.n_plain += times;
            match digits.shape() {
                Shape::Short => self.has_short = true,
                Shape::Long => {}
                Shape::Decimal(sign) => {
                    self.has_point |= sign == DecimalSign::Point;
                    self.n_known[sign as usize] += times;
                    if sign == DecimalSign::Comma && self.comma.is_none() {
                        self.comma = Some(cell.to_owned());
                    }
                }
                Shape::Either => {
                    self.has_point |= cell.contains('.');
                    self.add_either(cell);
                }
            }
            if digits.has_zeros() && self.zeros.is_none() {
                self.zeros = Some(cell.to_owned());
            }
            return;
        }
        if cell.is_empty() {
            self.n_empty += times;
        } else if let Some(word) = format.missing_word(cell) {
            self.missing.resize(format.missing.len(), 0);
            self.missing[word] += times;
        } else {
            self.add_other(cell, times);
        }
    }

    fn add_either(&mut self, cell: &str) {
        if self.either.is_none() {
            self.either = Some(cell.to_owned());
        }
    }

    fn add_other(&mut self, cell: &str, times: u64) {
        self.has_signs |=
            cell.chars().all(|sign| matches!(sign, '+' | '-' | '±')) && cell.chars().any(|sign| sign != '-');
        // Most texts are words, which is seen without taking them apart.
        if cell.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_digit()) {
            self.n_texts += times;
            return;
        }
        if let Some(date) = WrittenDate::of(cell) {
            self.n_dates += times;
            match date.day {
                WrittenDay::DayFirst(_) => self.n_ordered[0] += times,
                WrittenDay::MonthFirst(_) => self.n_ordered[1] += times,
                WrittenDay::Known(_) | WrittenDay::Either { .. } => {}
            }
            return;
        }
        let Some(written) = Written::of(cell) else {
            match Unreadable::of(cell) {
                Some(_) => self.n_unreadable += times,
                None => self.n_texts += times,
            }
            return;
        };
        match written.separators {
            Separators::Either(_) => self.add_either(cell),
            Separators::Known { decimal: Some(sign), .. } => self.n_known[sign as usize] += times,
            Separators::Known { thousands: Some(','), .. } => self.n_grouped[DecimalSign::Point as usize] += times,
            Separators::Known { thousands: Some('.'), .. } => self.n_grouped[DecimalSign::Comma as usize] += times,
            Separators::Known { .. } => self.has_short |= written.is_short(),
        }
        if written.is_plain {
            self.n_plain += times;
            return;
        }
        self.n_written += times;
        if let Some(found) = written.affix {
            let affixes = &mut self.affixes;
            if let Some((_, count)) = affixes.iter_mut().find(|(affix, _)| affix.is(found)) {
                *count += times;
            } else if affixes.len() <= MOST_AFFIXES {
                affixes.push((OwnedAffix { text: found.text.to_owned(), is_before: found.is_before }, times));
            }
        }
        if self.examples.len() < MOST_EXAMPLES {
            let signs: Vec<char> = cell.chars().filter(|character| !character.is_ascii_digit()).collect();
            if self.examples.iter().all(|(others, _)| *others != signs) {
                self.examples.push((signs, cell.to_owned()));
            }
        }
    }

    /// Cells that a person reads as numbers.
    fn n_numbers(&self) -> u64 {
        self.n_plain + self.n_written
    }

    /// Whether most cells that are there are numbers to a person. Words beside numbers, as in addresses, make none.
    fn is_mostly_numbers(&self) -> bool {
        let n_numbers = if self.affixes.len() > MOST_AFFIXES { self.n_plain } else { self.n_numbers() };
        // Ranges alone, such as <18 and >65, are categories.
        let n_unreadable = if n_numbers > 0 { self.n_unreadable } else { 0 };
        2 * (n_numbers + n_unreadable) > self.n_numbers() + self.n_unreadable + self.n_texts + self.n_dates
    }

    /// Whether most cells that are there are dates.
    fn is_mostly_dates(&self) -> bool {
        self.n_dates > self.n_numbers() + self.n_unreadable + self.n_texts
    }

    /// Whether the day or the month comes first in dates such as 3/4/2024, as other dates of the column show.
    fn date_order(&self) -> Option<DateOrder> {
        match self.n_ordered {
            [day_first, 0] if day_first > 0 => Some(DateOrder::DayFirst),
            [0, month_first] if month_first > 0 => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }

    /// Whether plain digits have a point.
    pub(super) fn has_point(&self) -> bool {
        self.has_point
    }

    /// The decimal sign that the column's own cells show.
    fn known(&self) -> Option<DecimalSign> {
        let sum = |sign: usize| self.n_known[sign] + self.n_grouped[sign];
        Self::most([sum(0), sum(1)])
    }

    fn most(counts: [u64; 2]) -> Option<DecimalSign> {
        match counts {
            [0, 0] => None,
            [points, commas] if points >= commas => Some(DecimalSign::Point),
            _ => Some(DecimalSign::Comma),
        }
    }

    /// How the column's cells are to be understood.
    pub(crate) fn format(&self, prior: Prior) -> ColumnFormat {
        let has_signs = self.has_signs;
        if self.is_mostly_dates() {
            return ColumnFormat::of_dates(DateFormat::Written(self.date_order().or(prior.date_order)));
        }
        if !self.is_mostly_numbers() {
            let decimal = prior.given.or(prior.in_file).unwrap_or_default();
            return ColumnFormat { decimal, has_signs, ..ColumnFormat::default() };
        }
        let in_rows = prior.given.or_else(|| self.known()).or(prior.in_file);
        let known = in_rows.or(prior.trained);
        let is_doubtful = known.is_none() && self.either.is_some() && (self.has_short || prior.is_semicolon)
            || prior.is_typed && known == Some(DecimalSign::Comma);
        let either = match (is_doubtful, in_rows) {
            (true, _) => EitherSign::Refused,
            (false, None) => EitherSign::DecimalsOnly,
            (false, Some(_)) => EitherSign::ByDecimalSign,
        };
        let affix = match self.affixes.iter().max_by_key(|(_, count)| *count) {
            Some((affix, count)) if 2 * count > self.n_numbers() => Some(affix.clone()),
            _ => None,
        };
        let decimal = known.unwrap_or_default();
        ColumnFormat { decimal, either, needs_affix: affix.is_some(), affix, has_signs, is_numeric: true, date: None }
    }

    /// How the cells of a feature are to be understood, in a file of rows of which these are the first.
    pub(crate) fn format_of_feature(&self, trained: &ColumnFormat, prior: Prior) -> ColumnFormat {
        if let Some(DateFormat::Written(order)) = trained.date {
            let order = self.date_order().or(prior.date_order).or(order);
            return ColumnFormat::of_dates(DateFormat::Written(order));
        }
        let in_rows = prior.given.or_else(|| self.known()).or(prior.in_file);
        let known = in_rows.or(prior.trained);
        let found = self.format(prior);
        // Later rows may have a sign that these have not.
        let either = match (found.either, in_rows) {
            _ if prior.is_semicolon && known.is_none() => EitherSign::Refused,
            _ if prior.is_typed && known == Some(DecimalSign::Comma) => EitherSign::Refused,
            (either @ EitherSign::Refused, _) | (either, Some(_)) => either,
            (_, None) => EitherSign::DecimalsOnly,
        };
        ColumnFormat { decimal: known.unwrap_or_default(), either, is_numeric: true, ..trained.clone() }
    }

    /// What a reader should know if the column's cells are used as numbers.
    pub(crate) fn number_notes(&self, name: &str, column: &ColumnFormat, format: &CellFormat) -> Vec<Note> {
        let read = self.numbers_as_read(column, format);
        let read = (!read.is_empty()).then(|| read.join(", "));
        let read = read.map(|read| Note::new(codes::WRITTEN_NUMBERS, [name.into(), read.as_str().into()]));
        let zeros = self.zeros.as_deref().filter(|_| column.is_numeric);
        let zeros = zeros.map(|cell| Note::new(codes::LEADING_ZEROS, [name.into(), cell.into()]));
        read.into_iter().chain(zeros).collect()
    }

    /// How the first numbers that are not plain digits were read.
    fn numbers_as_read(&self, column: &ColumnFormat, format: &CellFormat) -> Vec<String> {
        if !self.is_mostly_numbers() {
            return Vec::new();
        }
        let say = |cell: &str| Some(format!("{} as {}", quote(cell), Decimal(column.number(cell)?)));
        let mut said = Vec::new();
        // With the decimal sign of the column it is no more than a number.
        let is_grouped = |cell: &&String| !cell.as_bytes().contains(&column.decimal.byte());
        // That of most columns has a note of its own.
        let is_other = column.decimal == DecimalSign::Comma && format.decimal != DecimalSign::Comma;
        let comma = self.comma.iter().filter(|_| is_other).filter_map(|cell| say(cell));
        let either = self.either.iter().filter(is_grouped).filter_map(|cell| say(cell));
        for example in self.examples.iter().filter_map(|(_, cell)| say(cell)).chain(either).chain(comma) {
            if !said.contains(&example) {
                said.push(example);
            }
        }
        said
    }

    /// The words for a missing value in the column and how many cells have each, if there are any.
    fn missing_words(&self, column: &ColumnFormat, format: &CellFormat) -> Option<String> {
        let is_kept = |word: &str| column.has_signs && word == "-";
        let words = format.missing.iter().zip(&self.missing).filter(|(word, count)| **count > 0 && !is_kept(word));
        let mut words: Vec<String> =
            words.map(|(word, n)| format!("{} in {}", quote(word), count(*n, "row"))).collect();
        if words.is_empty() {
            return None;
        }
        if self.n_empty > 0 {
            words.push(format!("an empty cell in {}", count(self.n_empty, "row")));
        }
        Some(words.join(", "))
    }
}

/// Which words were read as missing: of names, evidence and formats of columns in their order.
pub(super) fn missing_notes<'c>(
    columns: impl Iterator<Item = (&'c str, &'c Evidence, &'c ColumnFormat)>,
    format: &CellFormat,
) -> Vec<Note> {
    let mut missing: Vec<(String, Vec<&str>)> = Vec::new();
    for (name, evidence, column) in columns {
        let Some(words) = evidence.missing_words(column, format) else { continue };
        match missing.iter_mut().find(|(other, _)| *other == words) {
            Some((_, names)) => names.push(name),
            None => missing.push((words, vec![name])),
        }
    }
    let note = |(words, names): (String, Vec<&str>)| match names.as_slice() {
        [name] => Note::new(codes::MISSING_WORDS, [(*name).into(), words.as_str().into()]),
        _ => {
            let names = list_names(names);
            Note::new(codes::MISSING_WORDS_OF_COLUMNS, [names.as_str().into(), words.as_str().into()])
        }
    };
    missing.into_iter().map(note).collect()
}

/// The decimal sign that most columns of a file show; `None` where columns contradict one another, or none shows one.
pub(super) fn known_decimal<'e>(columns: impl IntoIterator<Item = &'e Evidence>) -> Option<DecimalSign> {
    let mut signs = columns
        .into_iter()
        .filter(|column| column.is_mostly_numbers())
        .filter_map(|column| Evidence::most(column.n_known));
    let first = signs.next()?;
    signs.all(|sign| sign == first).then_some(first)
}

/// The order of day and month that the dates of a file show; `None` where columns contradict one another, or none shows one.
pub(super) fn known_date_order<'e>(columns: impl IntoIterator<Item = &'e Evidence>) -> Option<DateOrder> {
    let mut orders = columns.into_iter().filter(|column| column.is_mostly_dates()).filter_map(Evidence::date_order);
    let first = orders.next()?;
    orders.all(|order| order == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(cells: &[&str]) -> Evidence {
        let mut evidence = Evidence::default();
        cells.iter().for_each(|cell| evidence.add(cell, 1, &CellFormat::default()));
        evidence
    }

    fn read(cells: &[&str], prior: Prior) -> Vec<Option<f64>> {
        let format = evidence(cells).format(prior);
        cells.iter().map(|cell| format.number(cell)).collect()
    }

    type Case = (&'static [&'static str], Prior, &'static [Option<f64>]);

    #[test]
    fn a_column_decides_by_all_its_cells() {
        let semicolon = Prior { is_semicolon: true, ..Prior::default() };
        let comma = Prior { in_file: Some(DecimalSign::Comma), ..semicolon };
        let given = Prior { given: Some(DecimalSign::Point), ..Prior::default() };
        let cases: [Case; 11] = [
            (&["1.234", "2.500"], Prior::default(), &[Some(1.234), Some(2.5)]),
            (&["1.234", "2.500"], semicolon, &[None, None]),
            (&["1.009", "972"], Prior::default(), &[None, Some(972.0)]),
            (&["1,009", "972"], Prior::default(), &[None, Some(972.0)]),
            (&["1.009", "972"], given, &[Some(1.009), Some(972.0)]),
            (&["1.009", "972"], comma, &[Some(1009.0), Some(972.0)]),
            (&["1.009", "972", "0.5"], semicolon, &[Some(1.009), Some(972.0), Some(0.5)]),
            (&["1.009", "972", "7,5"], semicolon, &[Some(1009.0), Some(972.0), Some(7.5)]),
            (&["5 kg", "7 kg", "500 g"], Prior::default(), &[Some(5.0), Some(7.0), None]),
            (&["5", "7", "500 g"], Prior::default(), &[Some(5.0), Some(7.0), None]),
            (&["−5", "(7)", "12-"], Prior::default(), &[Some(-5.0), Some(-7.0), Some(-12.0)]),
        ];
        for (cells, prior, expected) in cases {
            assert_eq!(read(cells, prior), expected, "{cells:?}, {prior:?}");
        }
    }

    #[test]
    fn ranges_and_addresses_are_no_numbers() {
        let streets = ["5 Oak", "7 Elm", "9 Ash", "12 Fir", "3 Yew", "8 Bay"];
        for cells in [&["<18", ">65", "<18"][..], &["k1", "k2"], &streets] {
            assert!(!evidence(cells).is_mostly_numbers(), "{cells:?}");
        }
        assert!(evidence(&["<5", "7", "8"]).is_mostly_numbers());
    }

    #[test]
    fn missing_words_are_counted_and_minus_signs_are_results_beside_plus_signs() {
        let evidence = evidence(&["NA", "NA", "", "-", "++"]);
        let format = evidence.format(Prior::default());
        assert!(format.has_signs && !format.is_missing("-", &CellFormat::default()));
        let notes = missing_notes([("c", &evidence, &format)].into_iter(), &CellFormat::default());
        assert_eq!(notes, ["column \"c\" is missing where it says \"NA\" in 2 rows, an empty cell in 1 row"]);
    }
}
