//! What a person should know, as data: a code and its parameters. A model file keeps these and no sentence, so that a reader
//! may say them in any language.

pub(crate) mod codes;

pub(crate) use codes::Code;
pub use codes::Level;

use crate::error::{Decimal, count, quote};
use serde::{Serialize, Serializer};
use std::fmt;

/// A note. It displays as a sentence, in lower case and without a full stop, and is written so in JSON.
#[derive(Debug, Clone, PartialEq, bincode::Encode, bincode::Decode)]
pub struct Note {
    code: String,
    level: Level,
    parameters: Vec<Parameter>,
}

/// What a note is about.
#[derive(Debug, Clone, PartialEq, bincode::Encode, bincode::Decode)]
pub enum Parameter {
    /// A name, or a list of names.
    Text(String),
    /// A count.
    Whole(u64),
    /// A number.
    Number(f64),
}

impl Note {
    pub(crate) fn new<const N: usize>(code: Code, parameters: [Parameter; N]) -> Self {
        Self { code: code.name.to_owned(), level: code.level, parameters: parameters.into() }
    }

    /// A note of a code that may be unknown, as a file has it.
    pub(crate) fn of_parts(code: String, level: Level, parameters: Vec<Parameter>) -> Self {
        Self { code, level, parameters }
    }

    /// A sentence of an earlier version.
    pub(crate) fn text(sentence: impl Into<String>) -> Self {
        Self::new(codes::TEXT, [Parameter::Text(sentence.into())])
    }

    /// The stable word for what it says, in snake case.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// How much it matters.
    pub fn level(&self) -> Level {
        self.level
    }

    /// What it is about, in the order of its sentence.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parameters = self.parameters.iter();
        let known = codes::ALL.iter().find(|code| code.name == self.code);
        // A later version has codes that this one does not know.
        let mut rest = known.map_or(self.code.as_str(), |code| code.sentence);
        while let Some((before, after)) = rest.split_once('{') {
            let (kind, after) = after.split_once('}').unwrap_or((after, ""));
            f.write_str(before)?;
            match (kind, parameters.next()) {
                ("rows", Some(Parameter::Whole(0))) => f.write_str("no row")?,
                ("rows", Some(Parameter::Whole(rows))) => f.write_str(&count(*rows, "row"))?,
                ("rows", Some(Parameter::Number(rows))) => write!(f, "{} rows", Decimal(*rows))?,
                ("q", Some(Parameter::Text(text))) => f.write_str(&quote(text))?,
                (_, Some(parameter)) => write!(f, "{parameter}")?,
                (_, None) => {}
            }
            rest = after;
        }
        f.write_str(rest)?;
        parameters.try_for_each(|parameter| write!(f, ", {parameter}"))
    }
}

/// A note equals its sentence.
impl PartialEq<&str> for Note {
    fn eq(&self, sentence: &&str) -> bool {
        let said = self.to_string();
        said.as_str() == *sentence
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Number(number) => write!(f, "{}", Decimal(*number)),
        }
    }
}

impl From<&str> for Parameter {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for Parameter {
    fn from(number: u64) -> Self {
        Self::Whole(number)
    }
}

impl From<usize> for Parameter {
    fn from(number: usize) -> Self {
        Self::Whole(number as u64)
    }
}

impl From<f64> for Parameter {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl Serialize for Note {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_a_sentence() {
        let note = |rows: u64| Note::new(codes::FEW_ROWS_OF_CLASS, ["a".into(), rows.into()]).to_string();
        assert_eq!(note(0), "class \"a\" has no row to test on");
        assert_eq!(note(1), "class \"a\" has 1 row to test on");
        assert_eq!(note(2), "class \"a\" has 2 rows to test on");
        assert_eq!(
            Note::new(codes::SENSITIVITY, [0.5.into()]).to_string(),
            codes::SENSITIVITY.sentence.replace("{}", "0.5")
        );
        let note = Note::of_parts("from_later".into(), Level::Info, vec![1_u64.into(), "b".into()]);
        assert_eq!(note.to_string(), "from_later, 1, b");
    }

    #[test]
    fn codes_are_unique_words_with_whole_sentences() {
        for (index, code) in codes::ALL.iter().enumerate() {
            assert!(codes::ALL[..index].iter().all(|other| other.name != code.name), "{}", code.name);
            assert!(code.name.bytes().all(|byte| byte.is_ascii_lowercase() || b"_0123456789".contains(&byte)));
            assert_eq!(code.sentence.matches('{').count(), code.sentence.matches('}').count(), "{}", code.name);
        }
    }
}
