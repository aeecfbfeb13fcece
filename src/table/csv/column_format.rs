//! How the cells of one column are to be understood.

use super::cell_format::CellFormat;
use super::date_format::{DateFormat, UNIT};
use super::written::{Affix, Separators, Unreadable, Written};
use super::written_date::WrittenDate;
use crate::error::{Decimal, Error, ErrorKind, quote};
use crate::table::DecimalSign;
use crate::table::number::{number, trim};
use bincode::{Decode, Encode};

/// How the cells of one column are to be understood. By default a number is plain digits with a decimal point.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub(crate) struct ColumnFormat {
    pub(super) decimal: DecimalSign,
    pub(super) either: EitherSign,
    /// What stands beside every number.
    pub(super) affix: Option<OwnedAffix>,
    /// Whether a number without it is refused.
    pub(super) needs_affix: bool,
    /// Whether a minus sign alone is a result, as beside `+`, and no dash for nothing.
    pub(super) has_signs: bool,
    /// Whether most cells are numbers to a person.
    pub(super) is_numeric: bool,
    /// The cells are dates, each a number of days.
    pub(super) date: Option<DateFormat>,
}

/// How a number with one sign before three digits is read, such as `1,234`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub(super) enum EitherSign {
    /// The column's decimal sign sets off decimals, and the other sign thousands.
    #[default]
    ByDecimalSign,
    /// The column's decimal sign sets off decimals. The other sign is refused: only the training table says that it sets off
    /// thousands.
    DecimalsOnly,
    /// Both signs are refused: nothing says which one sets off decimals.
    Refused,
}

/// A currency, a percent sign or a unit beside every number of a column.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(super) struct OwnedAffix {
    pub(super) text: String,
    pub(super) is_before: bool,
}

impl OwnedAffix {
    /// Whether it means the same, on either side of the number. Micro has two signs that look alike.
    pub(super) fn is(&self, affix: Affix<'_>) -> bool {
        let same = |character: char| if character == 'μ' { 'µ' } else { character };
        self.text.chars().map(same).eq(affix.text.chars().map(same))
    }
}

impl ColumnFormat {
    /// Plain digits with a decimal point.
    pub(super) const PLAIN: Self = Self {
        decimal: DecimalSign::Point,
        either: EitherSign::ByDecimalSign,
        affix: None,
        needs_affix: false,
        has_signs: false,
        is_numeric: false,
        date: None,
    };

    /// The format of numbers like this one, as a model keeps it. `None` if it is no number.
    pub(crate) fn of_example(example: &str) -> Option<Self> {
        if let Some(date) = DateFormat::of_example(example) {
            return Some(Self::of_dates(date));
        }
        let written = Written::of(example)?;
        let decimal = match written.separators {
            Separators::Known { decimal: Some(decimal), .. } => decimal,
            _ => DecimalSign::Point,
        };
        let affix = written.affix.map(|affix| OwnedAffix { text: affix.text.to_owned(), is_before: affix.is_before });
        // Five hundredths and five percent are both written without a sign.
        let needs_affix = affix.as_ref().is_some_and(|affix| matches!(affix.text.as_str(), "%" | "‰"));
        Some(Self { decimal, affix, needs_affix, ..Self::default() })
    }

    /// Whether digits with a decimal point are read as they stand.
    pub(super) fn is_plain(&self) -> bool {
        self.decimal == DecimalSign::Point && self.date.is_none() && !self.needs_affix
    }

    /// Whether the cells are dates.
    pub(crate) fn is_date(&self) -> bool {
        self.date.is_some()
    }

    /// The format of dates.
    pub(super) fn of_dates(date: DateFormat) -> Self {
        Self { date: Some(date), is_numeric: true, ..Self::default() }
    }

    /// This format for a column of dates. Cells that are plain numbers count days as Excel does.
    pub(crate) fn into_dates(self) -> Self {
        Self { date: self.date.or(Some(DateFormat::Serials)), ..self }
    }

    /// A number in this format, unless that is plain digits with a decimal point.
    pub(crate) fn example(&self) -> Option<String> {
        if let Some(date) = self.date {
            return Some(date.example().to_owned());
        }
        let digits = if self.decimal == DecimalSign::Comma { "1234,5" } else { "1234.5" };
        match &self.affix {
            None => (self.decimal == DecimalSign::Comma).then(|| digits.to_owned()),
            Some(OwnedAffix { text, is_before: true }) => Some(format!("{text} {digits}")),
            Some(OwnedAffix { text, is_before: false }) => Some(format!("{digits} {text}")),
        }
    }

    /// What the numbers are measured in, as their cells say.
    pub(crate) fn unit(&self) -> Option<&str> {
        match self.date {
            Some(_) => Some(UNIT),
            None => self.affix.as_ref().map(|affix| affix.text.as_str()),
        }
    }

    /// The value of a cell that is a number already: days since 1970-01-01 in a column of Excel's day numbers.
    ///
    /// # Errors
    /// [`ErrorKind::NotANumber`] in a column of other dates, of percents, or of numbers with a unit.
    pub(super) fn of_number(&self, number: f64) -> crate::Result<f64> {
        match self.date {
            Some(date) => date.days_of_number(number),
            // Of five percent and five hundredths nothing says which one it is.
            None if self.needs_affix => Err(self.no_number(&Decimal(number).to_string(), "")),
            None => Ok(number),
        }
    }

    /// Whether a cell holds nothing.
    pub(crate) fn is_missing(&self, cell: &str, format: &CellFormat) -> bool {
        format.is_missing(cell) && !(self.has_signs && trim(cell) == "-")
    }

    /// The number in a cell, infinities and NaN included; `None` where there is none, and where it is doubtful.
    pub(crate) fn number(&self, cell: &str) -> Option<f64> {
        if let Some(date) = self.date {
            return date.days(cell);
        }
        if !(self.needs_affix || self.either == EitherSign::Refused && may_be_either(cell)) {
            let plain = number(cell, self.decimal);
            if plain.is_some() {
                return plain;
            }
        }
        self.written_number(cell)
    }

    /// The number in a cell that is not plain digits.
    #[cold]
    fn written_number(&self, cell: &str) -> Option<f64> {
        let Some(written) = Written::of(cell) else {
            return number(cell, self.decimal).filter(|number| !number.is_finite());
        };
        let is_decimal = match written.separators {
            Separators::Either(sign) => match (self.either, sign == self.decimal) {
                (EitherSign::Refused, _) | (EitherSign::DecimalsOnly, false) => return None,
                (_, is_decimal) => is_decimal,
            },
            Separators::Known { decimal, thousands } => {
                let is_same = decimal.is_none_or(|decimal| decimal == self.decimal);
                let is_apart = thousands.is_none_or(|thousands| thousands != char::from(self.decimal.byte()));
                if !is_same || !is_apart {
                    return None;
                }
                true
            }
        };
        let is_beside = match (&self.affix, written.affix) {
            (None, None) => true,
            (Some(expected), Some(found)) => expected.is(found),
            (Some(_), None) => !self.needs_affix,
            (None, Some(_)) => false,
        };
        if is_beside { number(&written.digits(is_decimal), DecimalSign::Point) } else { None }
    }

    /// Whether a person reads a number in a cell of a column that has mostly numbers.
    pub(super) fn is_written(&self, cell: &str) -> bool {
        self.is_numeric
            && (self.date.is_some() && WrittenDate::of(trim(cell)).is_some()
                || Written::of(cell).is_some()
                || Unreadable::of(cell).is_some())
    }

    /// The error about a cell that should be a number. `remedy` ends the message about text.
    pub(crate) fn no_number(&self, cell: &str, remedy: &str) -> Error {
        if let Some(date) = self.date {
            return Error::new(ErrorKind::NotANumber, date.no_date(cell));
        }
        let found = quote(trim(cell));
        Error::new(
            ErrorKind::NotANumber,
            match self.why_no_number(cell) {
                Some(why) => format!("expected a number, found {found}, {why}"),
                None => format!("expected a number, found {found}; {remedy}"),
            },
        )
    }

    fn why_no_number(&self, cell: &str) -> Option<String> {
        match Unreadable::of(cell) {
            Some(Unreadable::Limit) => {
                return Some("which is one end of a range; write a number, or call it missing (--missing)".into());
            }
            Some(Unreadable::Multiple) => {
                return Some("which seems to count thousands or millions; write all its digits".into());
            }
            None => {}
        }
        let written = Written::of(cell)?;
        let by_affix = match (&self.affix, written.affix) {
            (Some(expected), Some(found)) if !expected.is(found) => {
                Some(format!("where the column has {}; write all of it in one unit", quote(&expected.text)))
            }
            (Some(expected), None) if self.needs_affix => Some(format!(
                "without {}, which the column has beside its numbers, here or in the training table; write it in every cell",
                quote(&expected.text)
            )),
            (None, Some(found)) => {
                let found = quote(found.text);
                Some(format!(
                    "with {found}, which most cells do not have; write all of it in one unit, and that in every cell or in none"
                ))
            }
            _ => None,
        };
        by_affix.or_else(|| match written.separators {
            Separators::Either(_) => {
                let [decimal, whole] = [written.digits(true), written.digits(false)];
                Some(format!("which may be {decimal} or {whole}; say which (--decimal point or --decimal comma)"))
            }
            Separators::Known { .. } => {
                let sign = if self.decimal == DecimalSign::Comma { "comma" } else { "point" };
                Some(format!("where the column has a decimal {sign}; write all its numbers alike"))
            }
        })
    }
}

/// Whether a cell may have one sign before three digits.
fn may_be_either(cell: &str) -> bool {
    matches!(trim(cell).as_bytes(), [.., b'.' | b',', _, _, _])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(example: &str) -> ColumnFormat {
        ColumnFormat::of_example(example).unwrap()
    }

    #[test]
    fn cells_are_read_as_the_column_writes_its_numbers() {
        let cases = [
            ("1234,5", "1.234,5", Some(1234.5)),
            ("1234,5", "1.234", Some(1234.0)),
            ("1234,5", "1,234", Some(1.234)),
            ("1234,5", "2.5", None),
            ("1234.5", "1,234", Some(1234.0)),
            ("1234.5", "−7.5", Some(-7.5)),
            ("1234.5", "5 kg", None),
            ("1234.5 kg", "5 kg", Some(5.0)),
            ("1234.5 kg", "5", Some(5.0)),
            ("1234.5 kg", "5 g", None),
            ("1234.5 %", "5 %", Some(5.0)),
            ("1234.5 %", "5", None),
            ("$ 1234.5", "($1,200.50)", Some(-1200.5)),
            ("1234.5", "inf", Some(f64::INFINITY)),
        ];
        for (example, cell, expected) in cases {
            assert_eq!(of(example).number(cell), expected, "{cell:?} in a column like {example:?}");
        }
    }

    #[test]
    fn an_example_reads_back_as_its_format() {
        for example in ["1234,5", "1234.5 kg", "$ 1234.5", "1234,5 %"] {
            assert_eq!(of(example).example().as_deref(), Some(example));
        }
        assert_eq!(ColumnFormat::default().example(), None);
    }

    #[test]
    fn what_is_refused_says_why_and_what_helps() {
        let doubtful = ColumnFormat { either: EitherSign::Refused, ..ColumnFormat::default() };
        let cases = [
            (&doubtful, "1.009", "which may be 1.009 or 1009; say which (--decimal point or --decimal comma)"),
            (&of("1234.5"), "1.234,5", "where the column has a decimal point; write all its numbers alike"),
            (&of("1234.5 kg"), "500 g", "where the column has \"kg\"; write all of it in one unit"),
            (&of("1234.5"), "<5", "which is one end of a range; write a number, or call it missing (--missing)"),
            (&of("1234.5"), "5k", "which seems to count thousands or millions; write all its digits"),
        ];
        for (format, cell, why) in cases {
            assert_eq!(format.number(cell), None);
            let error = format.no_number(cell, "remedy");
            assert_eq!(error.message(), format!("expected a number, found \"{cell}\", {why}"));
        }
        assert!(of("1234.5").no_number("two", "remedy").message().ends_with("found \"two\"; remedy"));
    }
}
