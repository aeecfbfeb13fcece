//! Names of classes and categories: text or numbers, sorted, each once.

use super::number::{DecimalSign, number};
use crate::error::{Decimal, Error, ErrorKind, Result, did_you_mean, list_names, quote};
use serde::{Serialize, Serializer};
use std::fmt;

/// One name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Label<'a> {
    /// A name in text.
    Text(&'a str),
    /// A name that is a number; never NaN or infinite.
    Number(f64),
}

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{}", Decimal(*number)),
        }
    }
}

/// The names of classes or categories: at least one, sorted (text by code point, numbers by value), each once.
#[derive(Debug, Clone, PartialEq, bincode::Encode, bincode::Decode)]
pub struct Labels(Kind);

#[derive(Debug, Clone, PartialEq, bincode::Encode, bincode::Decode)]
enum Kind {
    Text(Vec<String>),
    Numbers(Vec<f64>),
}

impl Labels {
    /// Labels from text that is sorted and without duplicates already.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidModel`] when the text is out of order or is empty.
    pub fn from_text(names: Vec<String>) -> Result<Self> {
        check_order(&names)?;
        Ok(Self(Kind::Text(names)))
    }

    /// Labels from numbers that are finite, sorted and without duplicates already.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidModel`] when a number is not finite, they are out of order, or there is none.
    pub fn from_numbers(numbers: Vec<f64>) -> Result<Self> {
        if !numbers.iter().all(|number| number.is_finite()) {
            return Err(Error::new(ErrorKind::InvalidModel, "expected finite labels"));
        }
        check_order(&numbers)?;
        Ok(Self(Kind::Numbers(numbers)))
    }

    /// How many there are.
    #[expect(clippy::len_without_is_empty, reason = "there is always at least one")]
    pub fn len(&self) -> usize {
        match &self.0 {
            Kind::Text(names) => names.len(),
            Kind::Numbers(numbers) => numbers.len(),
        }
    }

    /// The labels at the positions for which this is true.
    pub fn those(&self, is_wanted: impl Fn(usize) -> bool) -> Self {
        let mut labels = self.clone();
        let mut positions = 0..;
        let mut is_next_wanted = || positions.next().is_some_and(&is_wanted);
        match &mut labels.0 {
            Kind::Text(names) => names.retain(|_| is_next_wanted()),
            Kind::Numbers(numbers) => numbers.retain(|_| is_next_wanted()),
        }
        labels
    }

    /// The name at a position in sorted order, or `None` past the last.
    pub fn get(&self, index: usize) -> Option<Label<'_>> {
        match &self.0 {
            Kind::Text(names) => names.get(index).map(|name| Label::Text(name)),
            Kind::Numbers(numbers) => numbers.get(index).map(|number| Label::Number(*number)),
        }
    }

    /// The names in sorted order.
    pub fn iter(&self) -> impl Iterator<Item = Label<'_>> {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// Where a name stands. A number is also looked for as the texts that it is written as.
    pub fn position(&self, label: Label<'_>) -> Option<usize> {
        match (&self.0, label) {
            (Kind::Text(names), Label::Text(text)) => names.binary_search_by(|name| name.as_str().cmp(text)).ok(),
            (Kind::Text(_), Label::Number(number)) => self.position_of_text(&Decimal(number).to_string()),
            // Adding zero makes one of 0 and -0.
            (Kind::Numbers(numbers), Label::Number(number)) => {
                numbers.binary_search_by(|other| other.total_cmp(&(number + 0.0))).ok()
            }
            (Kind::Numbers(_), Label::Text(_)) => None,
        }
    }

    /// Where the name that a text stands for is: itself, or one that differs by zeros behind its decimal point only. `01` is
    /// not 1, and `12E4` not 120000.
    pub fn position_of_text(&self, text: &str) -> Option<usize> {
        match &self.0 {
            Kind::Text(names) => self.position(Label::Text(text)).or_else(|| {
                let short = without_zeros(text)?;
                let mut alike = (0..names.len()).filter(|at| without_zeros(&names[*at]) == Some(short));
                // Of 1 and 1.0 nothing says which one 1.00 is.
                alike.next().filter(|_| alike.next().is_none())
            }),
            Kind::Numbers(_) => {
                let short = without_zeros(text);
                let number = number(short.unwrap_or(text), DecimalSign::Point)?;
                // Another number with more digits than a double holds has the same double.
                let is_own = short.is_some_and(|short| short.len() <= 15)
                    || Decimal(number).to_string() == short.unwrap_or(text);
                self.position(Label::Number(number)).filter(|_| is_own)
            }
        }
    }

    /// The position of a cell's category. In a column of yes and no, `true` and `false` stand for them in any spelling.
    pub(crate) fn position_of_cell(&self, cell: &str, is_yes_no: bool) -> Option<usize> {
        let is_yes = |label: Label<'_>| match label {
            Label::Text(name) => {
                matches!(name.as_bytes(), [b'y' | b'Y' | b't' | b'T', ..] | [b'o' | b'O', b'n' | b'N'] | [b'1'])
            }
            Label::Number(_) => false,
        };
        self.position_of_text(cell).or_else(|| {
            let is_true = cell.eq_ignore_ascii_case("true");
            let is_flag = is_yes_no && (is_true || cell.eq_ignore_ascii_case("false"));
            if is_flag { self.iter().position(|label| is_yes(label) == is_true) } else { None }
        })
    }

    /// The names when they are text.
    pub fn as_text(&self) -> Option<&[String]> {
        match &self.0 {
            Kind::Text(names) => Some(names),
            Kind::Numbers(_) => None,
        }
    }

    /// The names when they are numbers.
    pub fn as_numbers(&self) -> Option<&[f64]> {
        match &self.0 {
            Kind::Text(_) => None,
            Kind::Numbers(numbers) => Some(numbers),
        }
    }
}

/// A number without the zeros behind its decimal point; `None` for what is not plain digits, and for `01`.
fn without_zeros(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let are_digits = digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    match digits {
        [] | [b'0', b'0'..=b'9', ..] => None,
        _ if !are_digits => None,
        _ if !text.contains('.') => Some(text),
        _ => Some(text.trim_end_matches('0').trim_end_matches('.')),
    }
}

/// The error about a category that the training rows did not have.
pub(crate) fn unseen(label: Label<'_>, categories: &Labels) -> Error {
    let (text, names) = (label.to_string(), categories.iter().map(|label| label.to_string()).collect::<Vec<_>>());
    let names = || names.iter().map(String::as_str);
    // The category itself may have been in rows held out only.
    let others = || names().filter(|name| *name != text);
    let (hint, list) = (did_you_mean(&text, others()), list_names(others()));
    let message = format!("no training row has the category {}{hint}; the categories are {list}", quote(&text));
    Error::new(ErrorKind::UnseenCategory, message)
}

fn check_order<T: PartialOrd>(names: &[T]) -> Result<()> {
    if names.is_empty() || !names.is_sorted_by(|a, b| a < b) {
        let message = "expected at least one label, sorted, each once";
        return Err(Error::new(ErrorKind::InvalidModel, message));
    }
    Ok(())
}

impl Serialize for Label<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_f64(*number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_uniqueness_are_checked() {
        let text = |names: &[&str]| Labels::from_text(names.iter().map(|name| (*name).to_owned()).collect());
        assert!(text(&["no", "yes"]).is_ok());
        for bad in [&["yes", "no"][..], &["no", "no"], &[]] {
            assert_eq!(text(bad).unwrap_err().kind(), ErrorKind::InvalidModel, "{bad:?}");
        }
        assert!(Labels::from_numbers(vec![-1.0, 2.0, 10.0]).is_ok());
        assert!(Labels::from_numbers(vec![0.0, f64::NAN]).is_err());
    }

    #[test]
    fn names_keep_their_identity() {
        let text = |names: &[&str]| Labels::from_text(names.iter().map(|name| (*name).to_owned()).collect()).unwrap();
        let numbers = Labels::from_numbers(vec![1e-7, 1.0, 1.1, 1.5, 120_000.0, 1e22]).unwrap();
        let codes = text(&["01", "1.50", "2.0", "3", "3.0", "a.0"]);
        let cases = [
            (&numbers, "1", Some(1)),
            (&numbers, "1.0", Some(1)),
            (&numbers, "1.500", Some(3)),
            (&numbers, "01", None),
            (&numbers, "12E4", None),
            (&numbers, "1e-7", Some(0)),
            (&numbers, "1e22", Some(5)),
            (&numbers, "1.10000000000000001", None),
            (&codes, "01", Some(0)),
            (&codes, "1", None),
            (&codes, "1.5", Some(1)),
            (&codes, "2", Some(2)),
            (&codes, "3.0", Some(4)),
            (&codes, "3.00", None),
            (&codes, "a", None),
        ];
        for (labels, name, position) in cases {
            assert_eq!(labels.position_of_text(name), position, "{name}");
        }
        assert_eq!(codes.position(Label::Number(2.0)), Some(2));
        assert_eq!(codes.position(Label::Number(1.0)), None);
    }

    #[test]
    fn whole_numbers_are_written_without_a_point() {
        let labels = Labels::from_numbers(vec![0.0, 1.5]).unwrap();
        assert_eq!(labels.iter().map(|label| label.to_string()).collect::<Vec<_>>(), ["0", "1.5"]);
    }
}
