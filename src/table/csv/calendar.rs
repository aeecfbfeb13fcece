//! Days and the calendar.

use crate::table::date::{date_of, days_of};
use std::fmt;

/// The days to a date that is written as a number of eight digits: 20240531.
pub(super) fn days_of_digits(number: f64) -> Option<f64> {
    let digits = Some(number).filter(|number| (1e7..1e8).contains(number) && number.fract() == 0.0)? as i32;
    days_of(digits / 10_000, digits / 100 % 100, digits % 100).map(f64::from)
}

/// A moment without a time zone. It displays as `2024-05-01`, or as `2024-05-01 12:30:00` where it is not midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Days after 1970-01-01.
    pub days: i64,
    /// Nanoseconds after midnight.
    pub nanoseconds: u64,
}

impl Moment {
    /// The first day that Excel does not have, 10000-01-01, in days as Excel counts them.
    pub const END_OF_EXCEL: f64 = 2_958_466.0;

    /// The beginning of the day of a feature's value, in days since 1970-01-01.
    pub fn of_days(days: f64) -> Self {
        Self { days: days.floor() as i64, nanoseconds: 0 }
    }

    /// Midnight of a day of the Gregorian calendar; `None` for a day that is not in it.
    pub fn of_date(year: i64, month: u32, day: u32) -> Option<Self> {
        let [month, day] = [month, day].map(|part| i32::try_from(part).unwrap_or(0));
        let days = days_of(i32::try_from(year).ok()?, month, day)?;
        Some(Self { days: i64::from(days), nanoseconds: 0 })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date_of(self.days);
        write!(f, "{year:04}-{month:02}-{day:02}")?;
        if self.nanoseconds == 0 { Ok(()) } else { write!(f, " {}", TimeOfDay(self.nanoseconds)) }
    }
}

/// A time of day, in nanoseconds after midnight. It displays as `12:30:00`, with as many decimals as it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(pub u64);

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, nanoseconds) = (self.0 / 1_000_000_000, self.0 % 1_000_000_000);
        write!(f, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)?;
        let decimals = format!("{nanoseconds:09}");
        let decimals = decimals.trim_end_matches('0');
        if decimals.is_empty() { Ok(()) } else { write!(f, ".{decimals}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_digits_are_a_date() {
        assert_eq!(days_of_digits(20_240_531.0), Some(19_874.0));
        for number in [20_240_532.0, 20_241_301.0, 2_024_053.0, 20_240_531.5, 1e300, f64::NAN] {
            assert_eq!(days_of_digits(number), None, "{number}");
        }
    }

    #[test]
    fn days_and_dates_are_each_others_inverse() {
        let known =
            [(1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2024, 3, 1, 19_783), (1, 1, 1, -719_162)];
        for (year, month, day, days) in known {
            assert_eq!(Moment::of_date(year, month, day).map(|moment| moment.days), Some(days));
        }
        let mut expected = date_of(-800_000);
        for days in -800_000..800_000 {
            let (year, month, day) = date_of(days);
            assert_eq!(Moment::of_date(year, month, day).map(|moment| moment.days), Some(days));
            assert!((year, month, day) >= expected, "{days}");
            expected = (year, month, day);
        }
        for (year, month, day) in
            [(2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 13, 1), (2024, 0, 1), (2024, 1, 0)]
        {
            assert!(Moment::of_date(year, month, day).is_none());
        }
    }

    #[test]
    fn moments_are_written_as_programs_write_them() {
        let noon = Moment { days: 19_783, nanoseconds: 43_200_000_000_000 };
        assert_eq!(noon.to_string(), "2024-03-01 12:00:00");
        assert_eq!(Moment { days: 0, nanoseconds: 0 }.to_string(), "1970-01-01");
        assert_eq!(TimeOfDay(3_723_004_500_000).to_string(), "01:02:03.0045");
    }
}
