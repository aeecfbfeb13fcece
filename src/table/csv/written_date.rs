//! Dates as people and programs write them.

use crate::table::date::{DATE_PARTS, N_MONTHS, Rest, days_of};

/// A date as a cell has it, perhaps with a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrittenDate {
    pub(super) day: WrittenDay,
    /// After midnight, in UTC where the cell names a zone.
    nanoseconds: i64,
}

/// The day of a date, in days after 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WrittenDay {
    /// The year comes first, or points stand between: there the day comes first.
    Known(i32),
    /// Only a day is larger than 12, so that it is known which comes first.
    DayFirst(i32),
    /// The same, the month first.
    MonthFirst(i32),
    /// 3/4/2024, by whether the day or the month comes first.
    Either { day_first: i32, month_first: i32 },
}

/// Whether the day or the month comes first in dates such as 3/4/2024.
#[derive(Debug, Clone, Copy, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(super) enum DateOrder {
    DayFirst,
    MonthFirst,
}

/// 2^16 times 1,318,359,375: a time of day divided by it is rounded once.
const NANOSECONDS_A_DAY: f64 = 86_400_000_000_000.0;

impl WrittenDate {
    /// `2024-05-31`, `2024/5/31`, `31.05.2024`, `5/31/2024`, with a time of day behind it or without: `12:30`, `12:30:00.25`,
    /// `1:30 PM`; and a zone or none: `Z`, `UTC`, `+02:00`. Years have four digits.
    pub(super) fn of(cell: &str) -> Option<Self> {
        let mut rest = Rest(cell.as_bytes());
        let (first, n_first) = rest.whole()?;
        let sign = rest.next().filter(|sign| matches!(sign, b'-' | b'/' | b'.'))?;
        let (second, n_second) = rest.whole()?;
        let (third, n_third) = if rest.eat(sign) { rest.whole()? } else { return None };
        let day = match (n_first, n_second, n_third) {
            (4, 1..=2, 1..=2) => WrittenDay::Known(days_of(first, second, third)?),
            (1..=2, 1..=2, 4) => {
                let (day_first, month_first) = (days_of(third, second, first), days_of(third, first, second));
                match (day_first, month_first) {
                    _ if sign == b'.' => WrittenDay::Known(day_first?),
                    (Some(day_first), Some(month_first)) if day_first == month_first => WrittenDay::Known(day_first),
                    (Some(day_first), Some(month_first)) => WrittenDay::Either { day_first, month_first },
                    (Some(day_first), None) => WrittenDay::DayFirst(day_first),
                    (None, month_first) => WrittenDay::MonthFirst(month_first?),
                }
            }
            _ => return None,
        };
        let nanoseconds = match rest.next() {
            None => 0,
            Some(b'T' | b' ') => rest.time()?,
            Some(_) => return None,
        };
        Some(Self { day, nanoseconds })
    }

    /// Days after 1970-01-01; `None` where it is not known which comes first, the day or the month.
    pub(super) fn days(self, order: Option<DateOrder>) -> Option<f64> {
        let days = match (self.day, order) {
            // Then the order in use is not that of all dates.
            (WrittenDay::DayFirst(_), Some(DateOrder::MonthFirst))
            | (WrittenDay::MonthFirst(_), Some(DateOrder::DayFirst)) => return None,
            (WrittenDay::Known(days) | WrittenDay::DayFirst(days) | WrittenDay::MonthFirst(days), _) => days,
            (WrittenDay::Either { day_first, .. }, Some(DateOrder::DayFirst)) => day_first,
            (WrittenDay::Either { month_first, .. }, Some(DateOrder::MonthFirst)) => month_first,
            (WrittenDay::Either { .. }, None) => return None,
        };
        Some(f64::from(days) + self.nanoseconds as f64 / NANOSECONDS_A_DAY)
    }
}

/// Why a cell is no date although a person reads one.
pub(super) fn why_none(cell: &str) -> Option<&'static str> {
    if !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some("a number; write it as a date such as 2024-05-31");
    }
    let mut rest = Rest(cell.as_bytes());
    let (_, n_first) = rest.whole()?;
    let sign = rest.next().filter(|sign| matches!(sign, b'-' | b'/' | b'.'))?;
    rest.whole()?;
    let (_, n_last) = if rest.eat(sign) { rest.whole()? } else { return None };
    match (n_first, n_last) {
        (4, _) | (_, 4) => {
            Some("which is no day of the calendar, or has another time of day; write it as 2024-05-31 12:30")
        }
        (_, 2) => Some("whose year has two digits; write four"),
        _ => None,
    }
}

/// Whether a cell seems to be a date whose year has two digits.
pub(super) fn has_short_year(cell: &str) -> bool {
    let mut rest = Rest(cell.as_bytes());
    let mut part = || -> Option<(i32, Option<u8>)> { Some((rest.whole().filter(|(_, n)| *n <= 2)?.0, rest.next())) };
    let parts = [part(), part(), part()];
    let [Some((first, Some(sign))), Some((second, Some(other))), Some((_, None | Some(b' ' | b'T')))] = parts else {
        return false;
    };
    sign == other && matches!(sign, b'-' | b'/' | b'.') && (1..=31).contains(&first) && (1..=31).contains(&second)
}

/// Whether a cell seems to be a date with the name of a month: digits, and three letters or more that begin one.
pub(super) fn has_month(cell: &str) -> bool {
    let is_month = |part: &[u8]| {
        let begins =
            |month: &str| month.as_bytes().get(..part.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(part));
        part.len() >= 3 && DATE_PARTS[..N_MONTHS].iter().any(|month| begins(month))
    };
    let (mut n_numbers, mut n_months) = (0, 0);
    for part in cell.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).filter(|part| !part.is_empty()) {
        if part.iter().all(u8::is_ascii_digit) {
            n_numbers += 1;
        } else if is_month(part) {
            n_months += 1;
        } else {
            return false;
        }
    }
    n_months == 1 && (1..=2).contains(&n_numbers)
}

impl Rest<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A part of a time of day: at most two digits, below `end`.
    fn part(&mut self, end: i32) -> Option<i32> {
        self.whole().filter(|(number, n_digits)| *n_digits <= 2 && *number < end).map(|(number, _)| number)
    }

    /// A time of day with its zone, in nanoseconds after midnight in UTC: below 0 where that is the day before.
    fn time(&mut self) -> Option<i64> {
        let mut hours = self.part(24)?;
        let mut minutes = if self.eat(b':') { self.part(60)? } else { return None };
        let seconds = if self.eat(b':') { self.part(60)? } else { 0 };
        let (mut decimals, mut unit) = (0_i64, 1_000_000_000);
        if self.eat(b'.') || self.eat(b',') {
            while let Some(digit) = self.0.first().filter(|byte| byte.is_ascii_digit() && unit > 1) {
                unit /= 10;
                decimals += unit * i64::from(digit - b'0');
                self.0 = &self.0[1..];
            }
        }
        while self.eat(b' ') {}
        if let [half @ (b'A' | b'a' | b'P' | b'p'), b'M' | b'm', rest @ ..] = self.0 {
            self.0 = rest;
            if !(1..=12).contains(&hours) {
                return None;
            }
            hours = hours % 12 + if half.eq_ignore_ascii_case(&b'P') { 12 } else { 0 };
        }
        while self.eat(b' ') {}
        match self.0 {
            [] | [b'Z'] | [b'U', b'T', b'C'] => {}
            [sign @ (b'+' | b'-'), rest @ ..] => {
                self.0 = rest;
                let (number, n_digits) = self.whole()?;
                let zone = match n_digits {
                    4 => number / 100 * 60 + number % 100,
                    1..=2 => 60 * number + if self.eat(b':') { self.part(60)? } else { 0 },
                    _ => return None,
                };
                if !self.0.is_empty() || zone >= 24 * 60 {
                    return None;
                }
                minutes += if *sign == b'+' { -zone } else { zone };
            }
            _ => return None,
        }
        Some(i64::from((hours * 60 + minutes) * 60 + seconds) * 1_000_000_000 + decimals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(cell: &str) -> Option<f64> {
        WrittenDate::of(cell)?.days(None)
    }

    #[test]
    fn dates_are_days_after_1970() {
        let dates = [
            ("1970-01-01", 0.0),
            ("2024-02-29", 19_782.0),
            ("2024/2/29", 19_782.0),
            ("29.02.2024", 19_782.0),
            ("29/02/2024", 19_782.0),
            ("2/29/2024", 19_782.0),
            ("29-2-2024", 19_782.0),
            ("3/3/2024", 19_785.0),
            ("2024-02-29 12:00", 19_782.5),
            ("2024-02-29T12:00:00Z", 19_782.5),
            ("2024-02-29T12:00:00.000+00:00", 19_782.5),
            ("2024-02-29T00:00:00+0200", 19_781.916_666_666_668),
            ("2024-02-29 06:00:00 UTC", 19_782.25),
            ("2/29/2024 6:00 PM", 19_782.75),
            ("2/29/2024 12:00 am", 19_782.0),
            ("1969-12-31", -1.0),
        ];
        for (cell, expected) in dates {
            assert_eq!(days(cell), Some(expected), "{cell}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        let cells = [
            "2023-02-29",
            "31.04.2024",
            "2024-13-01",
            "13/13/2024",
            "1.5",
            "192.168.1.10",
            "2024-05",
            "12-34",
            "1-2-3",
            "2024-05-31x",
            "2024-05-31 25:00",
            "2024-05-31 12:60",
            "2024-05-31 noon",
            "01/02/24",
            "-2024-05-31",
            "5-6-7890-1",
            "+1-555-0100",
            "2024-05-31 13:00 PM",
            "",
            "20240531",
            "2024-05-31T",
            "0.5.2024.1",
        ];
        for cell in cells {
            assert_eq!(WrittenDate::of(cell), None, "{cell}");
        }
    }

    #[test]
    fn what_is_read_as_no_date_may_look_like_one() {
        for cell in ["01.02.24", "1/2/24", "31-12-99", "01.02.24 12:30"] {
            assert!(has_short_year(cell) && !has_month(cell), "{cell}");
        }
        for cell in ["4-Mar-2021", "Mar 4, 2021", "4 march 21", "May 2021"] {
            assert!(has_month(cell) && !has_short_year(cell), "{cell}");
        }
        for cell in ["1.2.3.4", "99.99.99", "1.2", "Mary 4", "4", "may", "x-Mar-2021", "12-34", "1/2/2024", ""] {
            assert!(!has_month(cell) && !has_short_year(cell), "{cell}");
        }
    }

    #[test]
    fn the_order_of_day_and_month_is_known_or_said() {
        let date = WrittenDate::of("03/04/2024").unwrap();
        assert_eq!(date.days(None), None);
        assert_eq!(date.days(Some(DateOrder::DayFirst)), days("2024-04-03"));
        assert_eq!(date.days(Some(DateOrder::MonthFirst)), days("2024-03-04"));
        assert!(matches!(WrittenDate::of("31/05/2024").unwrap().day, WrittenDay::DayFirst(_)));
        assert!(matches!(WrittenDate::of("05/31/2024").unwrap().day, WrittenDay::MonthFirst(_)));
    }
}
