//! Dates as people and programs write them, and the numbers that stand for them: days after 1970-01-01.

/// The days from 1970-01-01 to a day of the Gregorian calendar; `None` for a day that is not in it.
///
/// The formula counts days from 0000-03-01, so that a leap day is the last one of its year: H. Hinnant, "chrono-compatible
/// low-level date algorithms", 2013.
pub(crate) fn days_of(year: i64, month: u32, day: u32) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let n_days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    if !(1..=n_days).contains(&day) || !(-262_000..=262_000).contains(&year) {
        return None;
    }
    let year = year - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = i64::from((153 * ((month + 9) % 12) + 2) / 5 + day - 1);
    let day_of_era = 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(146_097 * era + day_of_era - 719_468)
}

/// A date as a cell has it, perhaps with a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrittenDate {
    pub(crate) day: WrittenDay,
    /// After midnight, in UTC where the cell names a zone.
    nanoseconds: i64,
}

/// The day of a date, in days after 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WrittenDay {
    /// The year comes first, or points stand between: there the day comes first.
    Known(i64),
    /// Only a day is larger than 12, so that it is known which comes first.
    DayFirst(i64),
    /// The same, the month first.
    MonthFirst(i64),
    /// 3/4/2024, by whether the day or the month comes first.
    Either { day_first: i64, month_first: i64 },
}

/// Whether the day or the month comes first in dates such as 3/4/2024.
#[derive(Debug, Clone, Copy, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) enum DateOrder {
    DayFirst,
    MonthFirst,
}

/// 31 May 2024 in each way in which dates are written, as a model keeps it: as it is for sure, the day first, the month
/// first, and as Excel counts days.
pub(crate) const DATE_EXAMPLES: [&str; 4] = ["2024-05-31", "31/05/2024", "05/31/2024", "45443 (2024-05-31)"];

const NANOSECONDS_A_DAY: i64 = 86_400_000_000_000;

impl WrittenDate {
    /// `2024-05-31`, `2024/5/31`, `31.05.2024`, `5/31/2024`, with a time of day behind it or without: `12:30`, `12:30:00.25`,
    /// `1:30 PM`; and a zone or none: `Z`, `UTC`, `+02:00`. Years have four digits.
    pub(crate) fn of(cell: &str) -> Option<Self> {
        let bytes = cell.as_bytes();
        let sign = *bytes.iter().take(5).find(|byte| !byte.is_ascii_digit())?;
        if !matches!(sign, b'-' | b'/' | b'.') || !(8..=40).contains(&bytes.len()) || !bytes.is_ascii() {
            return None;
        }
        let (date, time) = match cell.split_once(['T', ' ']) {
            Some((date, time)) => (date, Some(time)),
            None => (cell, None),
        };
        let mut fields = date.split(char::from(sign));
        let [first, second, third] = [fields.next()?, fields.next()?, fields.next()?];
        if fields.next().is_some() {
            return None;
        }
        let day = match (first.len(), second.len(), third.len()) {
            (4, 1..=2, 1..=2) => WrittenDay::Known(days_of(i64::from(whole(first)?), whole(second)?, whole(third)?)?),
            (1..=2, 1..=2, 4) => {
                let (first, second, year) = (whole(first)?, whole(second)?, i64::from(whole(third)?));
                let (day_first, month_first) = (days_of(year, second, first), days_of(year, first, second));
                match (sign, day_first, month_first) {
                    (b'.', day_first, _) => WrittenDay::Known(day_first?),
                    (_, Some(day_first), Some(month_first)) if day_first == month_first => WrittenDay::Known(day_first),
                    (_, Some(day_first), Some(month_first)) => WrittenDay::Either { day_first, month_first },
                    (_, Some(day_first), None) => WrittenDay::DayFirst(day_first),
                    (_, None, month_first) => WrittenDay::MonthFirst(month_first?),
                }
            }
            _ => return None,
        };
        let nanoseconds = time.map_or(Some(0), |time| nanoseconds_of(time.trim_ascii()))?;
        Some(Self { day, nanoseconds })
    }

    /// Days after 1970-01-01; `None` where it is not known which comes first, the day or the month.
    pub(crate) fn days(self, order: Option<DateOrder>) -> Option<f64> {
        let days = match (self.day, order) {
            (WrittenDay::Known(days) | WrittenDay::DayFirst(days) | WrittenDay::MonthFirst(days), _) => days,
            (WrittenDay::Either { day_first, .. }, Some(DateOrder::DayFirst)) => day_first,
            (WrittenDay::Either { month_first, .. }, Some(DateOrder::MonthFirst)) => month_first,
            (WrittenDay::Either { .. }, None) => return None,
        };
        // A day has 2^16 times 1,318,359,375 nanoseconds: the quotient is rounded once.
        Some(days as f64 + self.nanoseconds as f64 / NANOSECONDS_A_DAY as f64)
    }
}

/// A whole number of at most four digits.
fn whole(text: &str) -> Option<u32> {
    let is_whole = matches!(text.len(), 1..=4) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_whole.then(|| text.bytes().fold(0, |number, digit| 10 * number + u32::from(digit - b'0')))
}

/// A time of day with its zone, in nanoseconds after midnight in UTC: below 0 where that is the day before.
fn nanoseconds_of(time: &str) -> Option<i64> {
    let (time, zone) = match time.find(['Z', '+', '-', 'U']) {
        Some(at) => (time[..at].trim_ascii(), minutes_of_zone(&time[at..])?),
        None => (time, 0),
    };
    let upper = time.to_ascii_uppercase();
    let half = ["AM", "PM"].iter().position(|half| upper.ends_with(half));
    let time = if half.is_some() { time[..time.len() - 2].trim_ascii() } else { time };
    let mut fields = time.split(':');
    let (hours, minutes) = (two(fields.next()?)?, two(fields.next()?)?);
    let (seconds, decimals) = fields.next().map_or(("0", ""), |text| text.split_once(['.', ',']).unwrap_or((text, "")));
    let seconds = two(seconds)?;
    let is_time = minutes < 60 && seconds < 60 && fields.next().is_none();
    let hours = match half {
        None if hours < 24 => hours,
        Some(half) if (1..=12).contains(&hours) => hours % 12 + 12 * half as i64,
        _ => return None,
    };
    if !is_time || decimals.len() > 9 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let decimals = decimals.bytes().chain(std::iter::repeat(b'0')).take(9);
    let nanoseconds = decimals.fold(0, |number, digit| 10 * number + i64::from(digit - b'0'));
    Some(((hours * 60 + minutes - zone) * 60 + seconds) * 1_000_000_000 + nanoseconds)
}

/// A whole number of one or two digits.
fn two(text: &str) -> Option<i64> {
    if text.len() <= 2 { whole(text).map(i64::from) } else { None }
}

/// How far a zone is before UTC.
fn minutes_of_zone(zone: &str) -> Option<i64> {
    let (sign, rest) = match zone.as_bytes() {
        b"Z" | b"UTC" => return Some(0),
        [b'+', ..] => (1, &zone[1..]),
        [b'-', ..] => (-1, &zone[1..]),
        _ => return None,
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some(pair) => pair,
        None if rest.len() == 4 => rest.split_at(2),
        None => (rest, "0"),
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
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
    fn the_order_of_day_and_month_is_known_or_said() {
        let date = WrittenDate::of("03/04/2024").unwrap();
        assert_eq!(date.days(None), None);
        assert_eq!(date.days(Some(DateOrder::DayFirst)), days("2024-04-03"));
        assert_eq!(date.days(Some(DateOrder::MonthFirst)), days("2024-03-04"));
        assert!(matches!(WrittenDate::of("31/05/2024").unwrap().day, WrittenDay::DayFirst(_)));
        assert!(matches!(WrittenDate::of("05/31/2024").unwrap().day, WrittenDay::MonthFirst(_)));
    }
}
