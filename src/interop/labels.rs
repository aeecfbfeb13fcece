//! The categories and classes of another tool, by its numbers, and their places among sorted labels.

use super::document::{Data, wrong};
use crate::error::{Result, quote};
use crate::limits;
use crate::numeric::order::{sort_pairs, sorted_positions};
use crate::table::number::trim;
use crate::table::{Label, Labels};

/// Sorted labels, and the position of the label of each number of the tool.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NumberedLabels {
    pub(super) labels: Labels,
    /// Of each number from 0; `None` where the labels are the numbers.
    positions: Option<Vec<usize>>,
    /// Whether they are true and false.
    pub(super) is_yes_no: bool,
    /// Whether they were given, and not in the file.
    pub(super) are_given: bool,
}

impl NumberedLabels {
    /// The tool's numbers themselves, as many as there are.
    pub(super) fn numbers(n: usize) -> Result<Self> {
        Self::own((0..n).map(|number| number as f64).collect())
    }

    /// These numbers of the tool, which are sorted, each once.
    pub(super) fn own(numbers: Vec<f64>) -> Result<Self> {
        Ok(Self { labels: Labels::from_numbers(numbers)?, positions: None, is_yes_no: false, are_given: false })
    }

    /// Texts in the order of the tool's numbers. Blanks around them are left out, as they are of the cells of a table.
    pub(super) fn texts(names: &[String]) -> Result<Self> {
        if let Some(name) = names.iter().find(|name| trim(name).is_empty() || has_marks(name)) {
            if trim(name).is_empty() {
                return Err(wrong(
                    "a category or class is an empty text, which a table of rows has for a missing value",
                ));
            }
            let remedy = "give it a text of composed letters before the fit: unicodedata.normalize(\"NFC\", text)";
            return Err(wrong(format!("a table of rows cannot have the category or class {}; {remedy}", quote(name))));
        }
        let names: Vec<String> = names.iter().map(|name| trim(name).to_owned()).collect();
        let order = sorted_positions(names.len(), &|a, b| names[a].cmp(&names[b]));
        let labels = Labels::from_text(order.iter().map(|at| names[*at].clone()).collect());
        let labels = labels.map_err(|_| {
            let twice = order.windows(2).find(|pair| names[pair[0]] == names[pair[1]]);
            let name = twice.map_or_else(String::new, |pair| quote(&names[pair[0]]));
            wrong(format!("two categories or classes are called {name}, blanks around it aside"))
        })?;
        Ok(Self { labels, positions: Some(inverse(&order)), is_yes_no: false, are_given: false })
    }

    /// The same, that were given.
    pub(super) fn given(self) -> Self {
        Self { are_given: true, ..self }
    }

    /// Numbers in the order of the tool's numbers.
    pub(super) fn values(values: &[f64]) -> Result<Self> {
        let values: Vec<f64> = values.iter().map(|value| value + 0.0).collect();
        let order = sorted_positions(values.len(), &|a, b| values[a].total_cmp(&values[b]));
        let labels = Labels::from_numbers(order.iter().map(|at| values[*at]).collect());
        let labels = labels.map_err(|_| wrong("two categories are one number, or one is no finite number"))?;
        Ok(Self { labels, positions: Some(inverse(&order)), is_yes_no: false, are_given: false })
    }

    /// The names that a document lists: texts, numbers, or true and false.
    pub(super) fn of(names: &Data<'_>) -> Result<Self> {
        match names {
            Data::Numbers(numbers) => Self::values(numbers),
            Data::List(items) => {
                let text = |item: &Data<'_>| match item {
                    Data::Text(text) => Some(text.to_string()),
                    // As Python, and so a table that pandas writes, spells them.
                    Data::Flag(flag) => Some(if *flag { "True" } else { "False" }.to_owned()),
                    _ => None,
                };
                let names: Option<Vec<String>> = items.iter().map(text).collect();
                let mut labels = Self::texts(&names.ok_or_else(|| wrong("categories are neither texts nor numbers"))?)?;
                labels.is_yes_no = items.iter().all(|item| matches!(item, Data::Flag(_)));
                Ok(labels)
            }
            _ => Err(wrong("categories are neither texts nor numbers")),
        }
    }

    /// Those of each column that has some, as pandas names them; none where there are none.
    pub(super) fn of_columns(document: &Data<'_>) -> Result<Vec<Self>> {
        match document {
            Data::List(columns) => columns.iter().map(Self::of).collect(),
            _ => Ok(Vec::new()),
        }
    }

    /// The position of the label of a number of the tool.
    pub(super) fn position(&self, number: usize) -> Option<usize> {
        match &self.positions {
            Some(positions) => positions.get(number).copied(),
            None => self.labels.position(Label::Number(number as f64)),
        }
    }
}

/// Numbers in their order, each once.
pub(super) fn sorted(numbers: &mut dyn Iterator<Item = f64>) -> Vec<f64> {
    let mut pairs: Vec<(f64, f64)> = numbers.map(|number| (number, 0.0)).collect();
    sort_pairs(&mut pairs);
    pairs.dedup();
    pairs.into_iter().map(|(number, _)| number).collect()
}

/// Refuses a name of a feature that no table of rows can have.
pub(super) fn check_name(name: &str) -> Result<()> {
    match has_marks(name) {
        false => Ok(()),
        true => Err(wrong(format!(
            "a table of rows cannot have a feature called {}, whose letters have their marks behind them; give it a name of \
             composed letters before the fit: unicodedata.normalize(\"NFC\", name)",
            quote(name)
        ))),
    }
}

/// One more stands for those that are not known.
pub(super) fn check_categories(n: usize, feature: &str) -> Result<()> {
    match n < limits::CATEGORIES {
        true => Ok(()),
        false => {
            let most = limits::CATEGORIES - 1;
            Err(wrong(format!("feature {feature} has {n} categories, and tepal reads at most {most} of one feature")))
        }
    }
}

/// Whether a text has letters with their marks behind them, which a table of rows has in one character.
fn has_marks(text: &str) -> bool {
    text.chars().any(|character| matches!(character, '\u{300}'..='\u{36f}' | '\u{1100}'..='\u{11ff}'))
}

fn inverse(order: &[usize]) -> Vec<usize> {
    let mut positions = vec![0; order.len()];
    order.iter().enumerate().for_each(|(position, at)| positions[*at] = position);
    positions
}

/// Bits by position, in words of 32 bits.
pub(super) struct Bits(Vec<u32>);

impl Bits {
    pub(super) fn new(n: usize) -> Self {
        Self(vec![0; n.div_ceil(32)])
    }

    pub(super) fn set(&mut self, at: usize, value: bool) {
        if let Some(word) = self.0.get_mut(at / 32) {
            *word = *word & !(1 << (at % 32)) | u32::from(value) << (at % 32);
        }
    }

    pub(super) fn into_words(self) -> Vec<u32> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_finds_its_label() {
        let texts = NumberedLabels::texts(&["z", "m", "k"].map(str::to_owned)).unwrap();
        assert_eq!(texts.labels.as_text().unwrap(), ["k", "m", "z"]);
        assert_eq!([0, 1, 2, 3].map(|number| texts.position(number)), [Some(2), Some(1), Some(0), None]);
        let values = NumberedLabels::of(&Data::Numbers(vec![30.0, 10.0])).unwrap();
        assert_eq!((values.labels.as_numbers().unwrap(), values.position(0)), (&[10.0, 30.0][..], Some(1)));
        let own = NumberedLabels::own(vec![2.0, 7.0]).unwrap();
        assert_eq!((own.position(7), own.position(0)), (Some(1), None));
        let flags = NumberedLabels::of(&Data::List(vec![Data::Flag(true), Data::Flag(false)])).unwrap();
        assert!(flags.is_yes_no);
        // Rows lose blanks around a text, and have letters with their marks in one character.
        assert_eq!(NumberedLabels::texts(&[" a".into()]).unwrap().labels.as_text().unwrap(), ["a"]);
        for bad in [["a", "a"], ["a", "a "], ["a", " "], ["a", "e\u{301}"]] {
            assert!(NumberedLabels::texts(&bad.map(str::to_owned)).is_err(), "{bad:?}");
        }
        assert!(NumberedLabels::of(&Data::Null).is_err());
    }

    #[test]
    fn bits_are_set_and_taken_back() {
        let mut bits = Bits::new(40);
        [0, 33, 39].into_iter().for_each(|at| bits.set(at, true));
        bits.set(33, false);
        assert_eq!(bits.into_words(), [1, 1 << 7]);
    }
}
