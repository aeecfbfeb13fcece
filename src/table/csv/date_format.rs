//! How the dates of one column are to be understood.

use super::calendar::{Moment, days_of_digits};
use super::written_date::{DateOrder, WrittenDate, WrittenDay, why_none};
use crate::error::{Decimal, Error, ErrorKind, quote};
use crate::table::DecimalSign;
use crate::table::date::DATE_EXAMPLES;
use crate::table::number::{number, trim};
use bincode::{Decode, Encode};

/// How the dates of a column are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) enum DateFormat {
    /// As they are written; the order is that of dates such as 3/4/2024, where it is known.
    Written(Option<DateOrder>),
    /// The numbers that Excel has for them, days after 1899-12-30; or eight digits, such as 20240531.
    Serials,
}

/// The days from Excel's beginning to 1970-01-01.
const EXCEL_EPOCH: f64 = 25_569.0;

/// What a number that stands for a date is measured in.
pub(super) const UNIT: &str = "days since 1970-01-01";

/// The formats, in the order of [`DATE_EXAMPLES`].
const FORMATS: [DateFormat; 4] = [
    DateFormat::Written(None),
    DateFormat::Written(Some(DateOrder::DayFirst)),
    DateFormat::Written(Some(DateOrder::MonthFirst)),
    DateFormat::Serials,
];

impl DateFormat {
    pub(super) fn of_example(example: &str) -> Option<Self> {
        DATE_EXAMPLES.iter().zip(FORMATS).find(|(other, _)| **other == example).map(|(_, format)| format)
    }

    pub(super) fn example(self) -> &'static str {
        let position = FORMATS.iter().position(|format| *format == self).unwrap_or(0);
        DATE_EXAMPLES[position]
    }

    /// A cell as days since 1970-01-01. `None` for a cell that is no date, and for a date of which the order is not known.
    pub(super) fn days(self, cell: &str) -> Option<f64> {
        match self {
            Self::Written(order) => WrittenDate::of(trim(cell))?.days(order),
            Self::Serials => number(cell, DecimalSign::Point).and_then(Self::days_of_serial),
        }
    }

    /// A number as days since 1970-01-01.
    ///
    /// # Errors
    /// [`ErrorKind::NotANumber`] where dates are texts.
    pub(super) fn days_of_number(self, number: f64) -> crate::Result<f64> {
        match self {
            Self::Serials => Self::days_of_serial(number)
                .ok_or_else(|| Error::new(ErrorKind::NotANumber, self.no_date(&Decimal(number).to_string()))),
            Self::Written(_) => {
                let message = format!("expected a date such as 2024-05-31, found {}", Decimal(number));
                Err(Error::new(ErrorKind::NotANumber, message))
            }
        }
    }

    /// Excel counts from 1900-01-01 to the end of 9999, and has a 29 February 1900 that was none. Its last number has seven
    /// digits, so eight are those of a year, a month and a day.
    fn days_of_serial(serial: f64) -> Option<f64> {
        match serial {
            1.0..60.0 => Some(serial - EXCEL_EPOCH + 1.0),
            61.0..Moment::END_OF_EXCEL => Some(serial - EXCEL_EPOCH),
            _ => days_of_digits(serial),
        }
    }

    /// Why a cell is no date.
    pub(super) fn no_date(self, cell: &str) -> String {
        let found = quote(trim(cell));
        match WrittenDate::of(trim(cell)).map(|date| date.day) {
            Some(WrittenDay::Either { .. }) => {
                format!(
                    "expected a date, found {found}, which may have the day or the month first; write dates as 2024-05-31"
                )
            }
            Some(WrittenDay::DayFirst(_) | WrittenDay::MonthFirst(_)) => format!(
                "expected a date such as {}, found {found}, which has day and month the other way round; write dates as 2024-05-31",
                self.example()
            ),
            _ if self == Self::Serials => {
                format!(
                    "expected a date as Excel counts days, such as 45443 (at most 2958465), or as 20240531, found {found}; write all of its dates as 2024-05-31"
                )
            }
            _ => match why_none(trim(cell)) {
                Some(why) => format!("expected a date, found {found}, {why}"),
                None => format!("expected a date such as {}, found {found}", self.example()),
            },
        }
    }
}
