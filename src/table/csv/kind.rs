//! What a column holds, found out from its cells.

mod notes;

pub(crate) use notes::twins;

use super::canonical::is_canonical;
use super::cell_format::CellFormat;
use super::column_format::ColumnFormat;
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::note::{Code, Note, codes};
use crate::table::Labels;
use crate::table::number::trim;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// Numbers, a missing cell here and there.
    Number,
    /// Dates, each the number of days since 1970-01-01.
    Date,
    /// One of some texts, or of some numbers that are names.
    Category,
    /// A category of two: yes and no, true and false, on and off.
    YesNo,
    /// A name or a number of its own for every row: left out, since it says nothing of another row.
    Identifier,
    /// Sentences: left out, since no two rows share one.
    Text,
    /// The same in every row, or missing in every row: left out.
    Constant,
}

impl Kind {
    /// Every kind that a caller can give a column, by its name.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("number", Self::Number),
        ("date", Self::Date),
        ("category", Self::Category),
        ("yes_no", Self::YesNo),
        ("identifier", Self::Identifier),
        ("text", Self::Text),
    ];
}

/// What is seen of a column that goes by cell by cell.
#[derive(Debug, Clone)]
pub(crate) struct ColumnScan {
    pub(crate) n_rows: u64,
    pub(crate) n_missing: u64,
    n_numbers: u64,
    /// Numbers such as 12E4, which may be codes.
    n_codes: u64,
    /// Numbers, and texts, that are whole with more digits than a double holds all of.
    n_wide: u64,
    n_long: u64,
    /// Cells that a person reads as numbers, and that are refused by their place.
    n_unreadable: u64,
    /// Whether the numbers stand for dates.
    is_date: bool,
    /// The different cells, as text and as numbers; one more than the most once there are more.
    texts: BTreeSet<Arc<str>>,
    numbers: Vec<f64>,
    most_texts: usize,
    most_numbers: usize,
    keeps_labels: bool,
    /// Whether every text is how a program writes its number.
    is_canonical: bool,
    /// Whether a number came again among those that are kept.
    has_twice: bool,
    is_whole: bool,
    range: (f64, f64),
}

/// How many different numbers are looked at to see whether each row has its own.
const OWN_NUMBERS: usize = 1_000;

/// From so many rows on a column of which almost every row has a text of its own is no category.
const MANY_ROWS: u64 = 20;

/// So many words a text has at least if it is prose.
const WORDS_OF_PROSE: usize = 4;

const YES_NO: [(&str, &str); 5] = [("no", "yes"), ("n", "y"), ("false", "true"), ("f", "t"), ("off", "on")];

/// Names of columns that number rows, in lower case.
const IDENTIFIERS: [&str; 10] = ["id", "index", "idx", "key", "row", "rowid", "rownames", "uuid", "guid", "unnamed: 0"];

impl ColumnScan {
    /// Keeps up to this many different values.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            n_rows: 0,
            n_missing: 0,
            n_numbers: 0,
            n_codes: 0,
            n_wide: 0,
            n_long: 0,
            n_unreadable: 0,
            is_date: false,
            texts: BTreeSet::new(),
            numbers: Vec::new(),
            most_texts: most,
            most_numbers: most,
            keeps_labels: true,
            is_canonical: true,
            has_twice: false,
            is_whole: true,
            range: (f64::INFINITY, f64::NEG_INFINITY),
        }
    }

    /// A scan of a feature, whose numbers are only counted.
    pub(crate) fn of_feature() -> Self {
        Self { most_numbers: OWN_NUMBERS, keeps_labels: false, ..Self::new(limits::CATEGORIES) }
    }

    /// Whether numbers may become labels.
    pub(super) fn keeps_labels(&self) -> bool {
        self.keeps_labels
    }

    pub(crate) fn add(&mut self, cell: &str, column: &ColumnFormat, format: &CellFormat) {
        self.add_times(trim(cell), |cell| cell.into(), 1, column, format);
    }

    /// Takes in a text without spaces around it, and how to keep it, that stands in so many cells.
    pub(super) fn add_times(
        &mut self,
        cell: &str,
        kept: impl FnOnce(&str) -> Arc<str>,
        times: u64,
        column: &ColumnFormat,
        format: &CellFormat,
    ) {
        if times == 0 {
            return;
        }
        self.is_date = column.date.is_some();
        if column.is_missing(cell, format) {
            self.n_rows += times;
            self.n_missing += times;
            return;
        }
        if self.texts.len() <= self.most_texts && !self.texts.contains(cell) {
            self.texts.insert(kept(cell));
            self.is_canonical = self.is_canonical && is_canonical(cell);
        }
        match column.number(cell).filter(|number| !number.is_nan() && !is_long_code(cell)) {
            Some(number) => {
                self.n_codes += times * u64::from(is_code(cell));
                self.n_wide += times * u64::from(is_wide(cell));
                self.add_number(number, times);
            }
            None => {
                self.n_rows += times;
                self.n_long += times * u64::from(is_long_code(cell));
                self.n_unreadable += times * u64::from(column.is_written(cell) && !is_long_code(cell));
            }
        }
    }

    /// Takes in a number, or NaN for a missing cell.
    pub(crate) fn add_number(&mut self, number: f64, times: u64) {
        self.n_rows += times;
        if number.is_nan() {
            self.n_missing += times;
            return;
        }
        self.n_numbers += times;
        // Adding zero makes one of 0 and -0.
        let number = number + 0.0;
        self.range = (self.range.0.min(number), self.range.1.max(number));
        self.is_whole = self.is_whole && number.fract() == 0.0;
        if self.numbers.len() <= self.most_numbers {
            match self.numbers.binary_search_by(|other| other.total_cmp(&number)) {
                Ok(_) => self.has_twice = true,
                Err(place) => self.numbers.insert(place, number),
            }
            self.has_twice = self.has_twice || times > 1;
        }
    }

    /// The different texts that are kept, sorted.
    fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        self.texts.iter().map(|text| &**text)
    }

    pub(crate) fn n_present(&self) -> u64 {
        self.n_rows - self.n_missing
    }

    /// Numbers that may be names. Beside names of more digits than a double holds, so are numbers of as many digits.
    fn n_codes(&self) -> u64 {
        if self.n_long > 0 { self.n_codes + self.n_wide } else { self.n_codes }
    }

    /// Whether every cell that is there is a number, and one at least is more than a code such as 12E4.
    pub(crate) fn is_numeric(&self) -> bool {
        self.n_numbers == self.n_present() && self.n_codes() < self.n_numbers.max(1) && !self.is_of_codes()
    }

    /// Whether whole numbers are names: some have more digits than a double holds, or all are as long, and some have an E.
    fn is_of_codes(&self) -> bool {
        let length = self.texts.first().map_or(0, |text| text.len());
        let are_as_long = || self.texts().all(|text| text.len() == length && (is_digits(text) || is_code(text)));
        self.n_long > 0 && self.is_whole || self.n_codes > 0 && are_as_long()
    }

    /// Whether every cell that is there is the same number. Codes such as 01 and 1 are two.
    fn is_one_number(&self) -> bool {
        self.is_numeric() && self.range.0 == self.range.1 && !self.differs_in_zeros()
    }

    /// Whether all cells are one number, and some have zeros before it that others lack.
    pub(crate) fn differs_in_zeros(&self) -> bool {
        self.range.0 == self.range.1 && self.texts.len() > 1 && self.texts().any(has_zeros)
    }

    /// Whether more cells are numbers, or look like some to a person, than are not.
    pub(crate) fn is_mostly_numeric(&self) -> bool {
        !self.is_of_codes() && 2 * (self.n_numbers - self.n_codes() + self.n_unreadable) > self.n_present()
    }

    /// The one number that every cell that is there has.
    pub(crate) fn constant(&self) -> Option<f64> {
        (self.is_one_number() && !self.is_date).then_some(self.range.0)
    }

    /// How many different numbers there are; not exact beyond the most that are kept.
    pub(crate) fn n_different_numbers(&self) -> usize {
        self.numbers.len()
    }

    /// What the column holds, and the reason.
    ///
    /// A column that is mostly numbers is one of numbers with a stray cell, so that the stray cell is refused by its place
    /// rather than made a category.
    pub(crate) fn kind(&self, name: &str) -> (Kind, Note) {
        let (n_present, n_texts) = (self.n_present(), self.texts.len());
        let texts: Vec<&str> = self.texts().take(2).collect();
        if n_present == 0 {
            return (Kind::Constant, Note::new(codes::ALL_MISSING, []));
        }
        let is_whole_column = self.n_missing == 0;
        let either = |all: Code, present: Code| if is_whole_column { all } else { present };
        if self.is_date && !(self.is_numeric() && self.range.0 == self.range.1) && self.is_mostly_numeric() {
            let code =
                if self.is_numeric() { either(codes::ALL_DATES, codes::PRESENT_DATES) } else { codes::MOSTLY_DATES };
            return (Kind::Date, Note::new(code, []));
        }
        if self.is_numeric() {
            if let (true, true, Some(text)) = (self.is_date, self.range.0 == self.range.1, texts.first()) {
                let code = either(codes::ALL_ONE_TEXT, codes::PRESENT_ONE_TEXT);
                return (Kind::Constant, Note::new(code, [(*text).into()]));
            }
            if self.is_one_number() {
                let code = either(codes::ALL_ONE_NUMBER, codes::PRESENT_ONE_NUMBER);
                return (Kind::Constant, Note::new(code, [self.range.0.into()]));
            }
            if self.range.0 == self.range.1 {
                return (Kind::Category, Note::new(codes::DIFFERENT_TEXTS, [n_texts.into()]));
            }
            if self.is_whole && !self.has_twice && n_present > 2 && is_identifier(name) {
                let reason = match self.numbers.len() > self.most_numbers {
                    true => Note::new(codes::NUMBERED_FIRST_ROWS, [self.numbers.len().into()]),
                    false => Note::new(codes::NUMBERED_ROWS, []),
                };
                return (Kind::Identifier, reason);
            }
            return (Kind::Number, Note::new(either(codes::ALL_NUMBERS, codes::PRESENT_NUMBERS), []));
        }
        if self.is_mostly_numeric() {
            return (Kind::Number, Note::new(codes::MOSTLY_NUMBERS, []));
        }
        let is_pair = |(no, yes): &(&str, &str)| {
            let is = |text: &str| self.texts().any(|own| own.eq_ignore_ascii_case(text));
            is(no) && is(yes)
        };
        match texts.as_slice() {
            [only] if n_texts == 1 => {
                let code = either(codes::ALL_ONE_TEXT, codes::PRESENT_ONE_TEXT);
                (Kind::Constant, Note::new(code, [(*only).into()]))
            }
            [a, b] if n_texts == 2 && YES_NO.iter().any(is_pair) => {
                let code = either(codes::ALL_TWO_TEXTS, codes::PRESENT_TWO_TEXTS);
                (Kind::YesNo, Note::new(code, [(*a).into(), (*b).into()]))
            }
            _ if n_texts > self.most_texts => {
                (Kind::Identifier, Note::new(codes::TOO_MANY_TEXTS, [self.most_texts.into()]))
            }
            _ if n_texts as u64 == n_present => (Kind::Identifier, Note::new(codes::OWN_TEXTS, [])),
            _ if n_present >= MANY_ROWS && 10 * n_texts as u64 > 9 * n_present => {
                (Kind::Identifier, Note::new(codes::NEARLY_OWN_TEXTS, [n_texts.into(), n_present.into()]))
            }
            _ if n_present >= MANY_ROWS && 2 * n_texts as u64 > n_present && self.is_prose() => {
                (Kind::Text, Note::new(codes::FREE_TEXT, [n_texts.into(), n_present.into()]))
            }
            _ => (Kind::Category, Note::new(codes::DIFFERENT_TEXTS, [n_texts.into()])),
        }
    }

    /// Whether the texts have several words each.
    fn is_prose(&self) -> bool {
        let n_words: usize = self.texts().map(|text| text.split_ascii_whitespace().count()).sum();
        n_words >= WORDS_OF_PROSE * self.texts.len()
    }

    /// The different values, sorted: numbers if every cell is one in a program's spelling, else texts. None if every cell is
    /// missing.
    ///
    /// # Errors
    /// [`ErrorKind::LimitExceeded`] when there are more than are kept, [`ErrorKind::NotFinite`].
    pub(crate) fn labels(self, what: &str) -> Result<Option<Labels>> {
        // More texts than are kept are of numbers that are told apart as numbers only.
        let is_numeric = self.is_numeric() && (self.is_canonical || self.texts.len() > self.most_texts);
        if let Some(number) = self.numbers.iter().find(|number| is_numeric && !number.is_finite()) {
            return Err(Error::not_finite(*number));
        }
        let (n_kept, most) = match is_numeric {
            true => (self.numbers.len(), self.most_numbers),
            false => (self.texts.len(), self.most_texts),
        };
        if n_kept > most {
            return Err(Error::new(ErrorKind::LimitExceeded, format!("expected at most {most} {what}, found more")));
        }
        match (n_kept, is_numeric) {
            (0, _) => Ok(None),
            (_, true) => Labels::from_numbers(self.numbers).map(Some),
            (_, false) => Labels::from_text(self.texts().map(ToString::to_string).collect()).map(Some),
        }
    }
}

/// Whether a whole number has more digits than a double holds: then it names something, and others are named nearly so.
pub(super) fn is_long_code(cell: &str) -> bool {
    // Most cells are shorter, which is seen without reading them.
    cell.len() > 15 && is_wide(cell) && !is_canonical(bare(cell))
}

/// Whether a cell is a whole number of so many digits that a double does not hold all of as many.
fn is_wide(cell: &str) -> bool {
    bare(cell).len() > 15 && is_digits(bare(cell))
}

/// A whole number without its sign, and without zeros behind a decimal point.
fn bare(cell: &str) -> &str {
    let digits = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    match digits.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => whole,
        _ => digits,
    }
}

fn has_zeros(text: &str) -> bool {
    bare(text).len() > 1 && bare(text).starts_with('0') && is_digits(bare(text))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a number is digits with an exponent and nothing else, as codes are that happen to have one letter, an E.
fn is_code(cell: &str) -> bool {
    cell.split_once(['e', 'E']).is_some_and(|(digits, exponent)| is_digits(digits) && is_digits(exponent))
}

fn is_identifier(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    IDENTIFIERS.contains(&name.as_str())
        || [" id", "_id", "-id", "_no", " no", "number"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::csv::evidence::{Evidence, Prior};

    fn kind(name: &str, cells: &[&str]) -> (Kind, String) {
        let mut scan = ColumnScan::of_feature();
        let (mut evidence, format) = (Evidence::default(), CellFormat::default());
        cells.iter().for_each(|cell| evidence.add(cell, 1, &format));
        let column = evidence.format(Prior::default());
        cells.iter().for_each(|cell| scan.add(cell, &column, &format));
        let (kind, reason) = scan.kind(name);
        (kind, reason.to_string())
    }

    #[test]
    fn kinds_have_their_reasons() {
        let cases: [(&str, &[&str], Kind, &str); 21] = [
            ("age", &["1", "2.5", "1"], Kind::Number, "every cell is a number"),
            ("age", &["1", "NA", "3"], Kind::Number, "every cell that is not missing is a number"),
            ("age", &["1", "two", "3"], Kind::Number, "most cells are numbers"),
            ("income", &["1,200", "3,400", "x"], Kind::Number, "most cells are numbers"),
            ("income", &["−1.5", "−2", "(3)"], Kind::Number, "every cell is a number"),
            ("batch", &["12E4", "10E5", "12E4"], Kind::Category, "2 different texts"),
            ("x", &["12E4", "300", "700"], Kind::Number, "every cell is a number"),
            ("batch", &["12E4", "1203", "1304", "1203"], Kind::Category, "3 different texts"),
            ("code", &["10", "10", "11", "12345678901234567", "11"], Kind::Category, "3 different texts"),
            ("sum", &["1.5", "10", "12345678901234567"], Kind::Number, "most cells are numbers"),
            ("code", &["01", "1", "1"], Kind::Category, "2 different texts"),
            ("x", &["1.0", "1", "1"], Kind::Constant, "every cell is 1"),
            ("sex", &["male", "female", "male"], Kind::Category, "2 different texts"),
            ("smoker", &["yes", "No", "yes"], Kind::YesNo, "every cell is \"No\" or \"yes\""),
            ("name", &["Ann", "Bob", "Cid"], Kind::Identifier, "a text of its own in every row"),
            ("id", &["7", "9", "8"], Kind::Identifier, "its name, and a whole number of its own in every row"),
            ("x", &["7", "9", "8"], Kind::Number, "every cell is a number"),
            ("id", &["7", "9", "7"], Kind::Number, "every cell is a number"),
            ("c", &["7", "7"], Kind::Constant, "every cell is 7"),
            ("c", &["a", "?", "a"], Kind::Constant, "every cell that is not missing is \"a\""),
            ("c", &["", "NA", "-"], Kind::Constant, "every cell is missing"),
        ];
        for (name, cells, expected, reason) in cases {
            assert_eq!(kind(name, cells), (expected, reason.to_owned()), "{name}: {cells:?}");
        }
    }

    #[test]
    fn more_texts_than_are_kept_are_an_identifier_and_no_category() {
        let cells: Vec<String> = (0..3000).map(|i| format!("t{}", i % 1500)).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        assert_eq!(kind("text", &cells).0, Kind::Identifier);
        let mut scan = ColumnScan::of_feature();
        cells.iter().for_each(|cell| scan.add(cell, &ColumnFormat::default(), &CellFormat::default()));
        assert_eq!(scan.labels("categories").unwrap_err().to_string(), "expected at most 1000 categories, found more");
    }
}
