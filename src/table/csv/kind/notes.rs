//! What a reader should know of a column whose cells may be meant otherwise.

use super::{ColumnScan, bare, has_zeros, is_code, is_digits, is_long_code, is_wide};
use crate::error::{Decimal, list_names};
use crate::note::{Note, codes};
use crate::table::csv::calendar::days_of_digits;
use crate::table::csv::letters::as_seen;
use crate::table::csv::written_date::{has_month, has_short_year};
use crate::table::number::number;
use crate::table::{DecimalSign, NameIndex};

/// More categories, or fewer rows of each, say little of other rows.
const MANY_CATEGORIES: u64 = 50;
const FEW_ROWS_OF_CATEGORY: u64 = 10;

impl ColumnScan {
    /// Says of a category that it has few rows.
    pub(crate) fn category_note(&self, name: &str) -> Option<Note> {
        // Where programs write the numbers so, their texts were not kept.
        let (n_different, n_present) = (self.texts.len().max(self.numbers.len()) as u64, self.n_present());
        let is_sparse = n_different > MANY_CATEGORIES || n_present < FEW_ROWS_OF_CATEGORY * n_different;
        is_sparse.then(|| Note::new(codes::MANY_CATEGORIES, [name.into(), n_different.into(), n_present.into()]))
    }

    /// A text of digits in a column that was not read as one of numbers, since they would lose some.
    fn digit_code(&self) -> Option<&str> {
        let is_example = |text: &&str| is_long_code(text) || is_code(text) || has_zeros(text);
        let are_digits = self.texts().all(|text| is_digits(bare(text)) || is_code(text));
        let is_text = are_digits && (!self.is_numeric() || self.differs_in_zeros());
        self.texts().find(is_example).filter(|_| is_text)
    }

    /// Says of a column of such texts that it is one.
    pub(crate) fn digit_code_note(&self, name: &str) -> Option<Note> {
        self.digit_code().map(|example| Note::new(codes::DIGIT_CODES, [name.into(), example.into()]))
    }

    /// The same of a target.
    pub(crate) fn digit_class_note(&self, name: &str) -> Option<Note> {
        self.digit_code().map(|example| Note::new(codes::DIGIT_CLASSES, [name.into(), example.into()]))
    }

    /// Says of texts that at least half of them begin with a number, which none of them is.
    pub(crate) fn unread_number_note(&self, name: &str) -> Option<Note> {
        let begins_with_digit = |text: &&str| {
            !is_wide(text)
                && text
                    .trim_start_matches(|sign: char| sign.is_ascii_punctuation())
                    .starts_with(|first: char| first.is_ascii_digit())
        };
        let n_begin = self.texts().filter(begins_with_digit).count();
        let is_number = |text: &&str| number(text, DecimalSign::Point).is_some();
        let mut examples = self.texts().filter(begins_with_digit);
        let example = examples.clone().find(|text| !is_number(text)).or(examples.next());
        let example = example.filter(|_| 2 * n_begin >= self.texts.len())?;
        Some(Note::new(codes::UNREAD_NUMBERS, [name.into(), example.into()]))
    }

    /// Says of texts that they look like dates, which none of them is read as: with years of two digits, or names of months.
    pub(crate) fn unread_date_note(&self, name: &str) -> Option<Note> {
        let example = self.texts().find(|text| has_short_year(text) || has_month(text))?;
        let n_alike = self.texts().filter(|text| has_short_year(text) || has_month(text)).count();
        (2 * n_alike > self.texts.len()).then(|| Note::new(codes::UNREAD_DATES, [name.into(), example.into()]))
    }

    /// Says of numbers that each of them is a date of these two centuries without its signs, such as 20240531.
    pub(crate) fn date_digits_note(&self, name: &str) -> Option<Note> {
        let is_date = |number: &f64| (19_000_101.0..21_000_101.0).contains(number) && days_of_digits(*number).is_some();
        let first = self.numbers.first().filter(|_| self.numbers.len() > 1 && self.numbers.iter().all(is_date))?;
        Some(Note::new(codes::DATE_DIGITS, [name.into(), (*first).into()]))
    }
}

/// Which texts of a column look alike: they differ by case, by spaces and signs of other kinds, or in the zeros of a number.
pub(crate) fn twins(texts: &[String], name: &str) -> Option<Note> {
    let alike = |text: &str| {
        let seen = as_seen(text);
        let number = number(&seen, DecimalSign::Point).filter(|_| !is_long_code(&seen));
        number.map_or(seen, |number| Decimal(number + 0.0).to_string())
    };
    let alike: Vec<String> = texts.iter().map(|text| alike(text)).collect();
    let index = NameIndex::new(alike.iter().map(String::as_str));
    let twins: Vec<&str> =
        index.duplicates().flat_map(|(_, places)| places.map(|place| texts[place].as_str())).collect();
    let list = list_names(twins.iter().copied());
    (!twins.is_empty()).then(|| Note::new(codes::TWINS, [name.into(), list.as_str().into()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::csv::cell_format::CellFormat;
    use crate::table::csv::column_format::ColumnFormat;

    #[test]
    fn texts_and_numbers_that_may_be_meant_otherwise_are_named() {
        let scan = |cells: &[&str]| {
            let mut scan = ColumnScan::of_feature();
            cells.iter().for_each(|cell| scan.add(cell, &ColumnFormat::default(), &CellFormat::default()));
            scan
        };
        for cells in [&["7mmHg", "8mmHg"][..], &["~7", "#8", "x"], &["18-24", "none"], &["'7", "1/2"]] {
            let note = scan(cells).unread_number_note("v").unwrap().to_string();
            assert!(note.starts_with("column \"v\": cells such as \"") && note.contains("plain digits"), "{note}");
        }
        // A code of 19 digits is written as it should be.
        for cells in [&["1234567890123456781", "1234567890123456782"][..], &["a1", "b2"], &["7", "a", "b"], &["-", "x"]]
        {
            assert!(scan(cells).unread_number_note("v").is_none(), "{cells:?}");
        }
        let note = scan(&["20240531", "20240601"]).date_digits_note("v").unwrap().to_string();
        assert!(note.contains("numbers such as 20240531 look like dates"), "{note}");
        for cells in [&["20240531"][..], &["20240531", "20240532"], &["20240531", "7"], &[]] {
            assert!(scan(cells).date_digits_note("v").is_none(), "{cells:?}");
        }
    }
}
