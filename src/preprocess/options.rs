//! How raw values become numbers.

use crate::error::{Error, ErrorKind, Result};

/// How raw values become the numbers of a fit. [`Options::default`] is what a newcomer wants: missing numbers are taken for
/// the median, missing categories for the most frequent one, in features of which the table lacks some; numbers are
/// standardized; a category becomes as many columns of 0 and 1 as it has values; one that training did not have is refused.
///
/// Whatever is chosen gives the numbers of scikit-learn's `ColumnTransformer` of a `SimpleImputer` and a scaler for numbers
/// and of a `SimpleImputer` and a `OneHotEncoder` for categories.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// What stands for a missing number.
    pub impute: Impute,
    /// Whether a missing value is imputed even in a feature that every row of the table has. By default the model refuses
    /// it there: an answer that nothing in training stands for is worse than none.
    pub impute_always: bool,
    /// Whether a number that is missing in some training rows gets a second column that says where.
    pub indicators: bool,
    /// What stands for a missing category.
    pub impute_category: ImputeCategory,
    /// How categories become columns.
    pub encode: Encoding,
    /// What becomes of a category that no training row had.
    pub unseen: Unseen,
    /// What dates become.
    pub date_parts: DateParts,
    /// How numbers are scaled.
    pub scale: Scale,
}

/// What stands for a missing number.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Impute {
    /// The median of the training rows that have one.
    #[default]
    Median,
    /// Their mean; with sample weights the weighted one.
    Mean,
    /// The commonest of their values, the smallest of them on a tie. Not for a table that is read as a stream.
    MostFrequent,
    /// This number.
    Constant(f64),
    /// Nothing: a row without the number is refused.
    Refuse,
}

/// What stands for a missing category.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum ImputeCategory {
    /// The commonest category of the training rows, the first of them on a tie.
    #[default]
    MostFrequent,
    /// This one; a category of its own, behind the last, if no training row has it but some have none. Where all training
    /// rows have a category a missing one is refused.
    Constant(String),
    /// None: a row without a category is refused.
    Refuse,
}

/// How categories become columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Encoding {
    /// A column of 0 and 1 for each.
    #[default]
    OneHot,
    /// The same without the first: the others are told from it.
    DropFirst,
    /// One column with the position among the sorted categories, scaled as a number is. Only where that order means
    /// something.
    Ordinal,
}

/// What dates become: the number of days since 1970-01-01, and a column of 0 and 1 for each month or day of the week that
/// training rows have, without the first of them under [`Encoding::DropFirst`]. A date that is missing is in no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateParts {
    /// Whether there is the number of days.
    pub days: bool,
    /// Whether there are columns of months.
    pub month: bool,
    /// Whether there are columns of days of the week.
    pub weekday: bool,
}

/// What becomes of a category that no training row had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Unseen {
    /// The row is refused.
    #[default]
    Refuse,
    /// It has 0 in every column of its feature, so it counts as none of the others.
    Zeros,
}

/// How numbers are scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Scale {
    /// To mean 0 and population standard deviation 1 (scikit-learn's `StandardScaler`).
    #[default]
    Standard,
    /// To the range from 0 to 1 (`MinMaxScaler`).
    MinMax,
    /// To median 0 and interquartile range 1 (`RobustScaler`). Not for a table that is read as a stream.
    Robust,
    /// Not at all: the penalty weighs the coefficients of the columns as they are.
    None,
}

impl Encoding {
    /// Every encoding by its name.
    pub const NAMES: [(&'static str, Self); 3] =
        [("one-hot", Self::OneHot), ("drop-first", Self::DropFirst), ("ordinal", Self::Ordinal)];
}

impl DateParts {
    /// Every choice by its name.
    pub const NAMES: [(&'static str, Self); 7] = [
        ("days", Self::of(true, false, false)),
        ("days-month", Self::of(true, true, false)),
        ("days-weekday", Self::of(true, false, true)),
        ("days-month-weekday", Self::of(true, true, true)),
        ("month", Self::of(false, true, false)),
        ("weekday", Self::of(false, false, true)),
        ("month-weekday", Self::of(false, true, true)),
    ];

    const fn of(days: bool, month: bool, weekday: bool) -> Self {
        Self { days, month, weekday }
    }
}

impl Default for DateParts {
    /// Days only.
    fn default() -> Self {
        Self::of(true, false, false)
    }
}

impl Unseen {
    /// Every policy by its name.
    pub const NAMES: [(&'static str, Self); 2] = [("error", Self::Refuse), ("zeros", Self::Zeros)];
}

impl Scale {
    /// Every scaling by its name.
    pub const NAMES: [(&'static str, Self); 4] =
        [("standard", Self::Standard), ("minmax", Self::MinMax), ("robust", Self::Robust), ("none", Self::None)];
}

/// A word that is not a number, or a number that is not finite, where an imputation is named.
fn refuse(expected: &str, found: &str) -> Error {
    Error::new(ErrorKind::InvalidOption, format!("expected {expected}, found \"{found}\""))
}

impl Impute {
    /// `median`, `mean`, `most-frequent`, `error`, or a number.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`].
    pub fn from_name(name: &str, number: impl Fn(&str) -> Option<f64>) -> Result<Self> {
        Ok(match name {
            "median" => Self::Median,
            "mean" => Self::Mean,
            "most-frequent" => Self::MostFrequent,
            "error" => Self::Refuse,
            other => match number(other).filter(|number| number.is_finite()) {
                Some(number) => Self::Constant(number),
                None => return Err(refuse("median, mean, most-frequent, error or a number", other)),
            },
        })
    }
}

impl ImputeCategory {
    /// `most-frequent`, `error`, or a category.
    pub fn from_name(name: &str) -> Self {
        match name {
            "most-frequent" => Self::MostFrequent,
            "error" => Self::Refuse,
            other => Self::Constant(other.to_owned()),
        }
    }
}

impl Options {
    /// The defaults with another scaling.
    pub fn scaled(scale: Scale) -> Self {
        Self { scale, ..Self::default() }
    }

    /// Checks what does not go together.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`].
    pub fn check(&self) -> Result<()> {
        if self.encode == Encoding::Ordinal && self.unseen == Unseen::Zeros {
            let message = "a category that is encoded by its position has no columns to be 0 in; refuse unseen ones";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        if self.encode == Encoding::DropFirst && self.unseen == Unseen::Zeros {
            let message =
                "without a column for the first category an unseen one would count as the first; keep all columns";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        if self.impute_always && self.impute == Impute::Refuse && self.impute_category == ImputeCategory::Refuse {
            let message =
                "missing values are to be imputed always, and nothing is to be imputed (error); leave one of the two";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        match self.impute {
            Impute::Constant(number) if !number.is_finite() => Err(Error::not_finite(number)),
            _ => Ok(()),
        }
    }
}
