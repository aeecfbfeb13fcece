//! Dates and the numbers that stand for them: days after 1970-01-01.

/// The days from 1970-01-01 to a day of the Gregorian calendar; `None` for a day that is not in it.
///
/// The formula counts days from 0000-03-01, so that a leap day is the last one of its year: H. Hinnant, "chrono-compatible
/// low-level date algorithms", 2013.
pub(crate) fn days_of(year: i32, month: i32, day: i32) -> Option<i32> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let n_days = match month {
        2 => 28 + i32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    if !(1..=n_days).contains(&day) || !(-9999..=9999).contains(&year) {
        return None;
    }
    let year = year - i32::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(146_097 * era + day_of_era - 719_468)
}

/// The year, month and day that so many days after 1970-01-01 are: the same source.
pub(crate) fn date_of(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let (day, month) = (day_of_year - (153 * shifted + 2) / 5 + 1, (shifted + 2) % 12 + 1);
    (year_of_era + 400 * era + i64::from(month <= 2), month as u32, day as u32)
}

/// What a date is in: the months, and the days of the week behind them.
pub(crate) const DATE_PARTS: [&str; 19] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// How many of them are months.
pub(crate) const N_MONTHS: usize = 12;

/// The positions of the month and of the day of the week that a feature's value is in. One that is no date is in some.
pub(crate) fn date_parts_of(days: f64) -> [usize; 2] {
    let day = days.floor().clamp(-1e9, 1e9) as i64;
    // 1970-01-01 was a Thursday.
    [date_of(day).1 as usize - 1, N_MONTHS + (day + 3).rem_euclid(7) as usize]
}

/// 31 May 2024 in each way in which dates are written, as a model keeps it: as it is for sure, the day first, the month
/// first, and as Excel counts days.
pub(crate) const DATE_EXAMPLES: [&str; 4] = ["2024-05-31", "31/05/2024", "05/31/2024", "45443 (2024-05-31)"];

/// What is left of a text with numbers.
pub(crate) struct Rest<'c>(pub(crate) &'c [u8]);

impl Rest<'_> {
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.0.first() == Some(&byte);
        if is_next {
            self.0 = &self.0[1..];
        }
        is_next
    }

    /// A whole number of at most four digits, and how many they are.
    #[inline(never)]
    pub(crate) fn whole(&mut self) -> Option<(i32, u32)> {
        let (mut number, mut n_digits) = (0, 0);
        while let Some(digit) = self.0.first().filter(|byte| byte.is_ascii_digit() && n_digits < 4) {
            number = 10 * number + i32::from(digit - b'0');
            n_digits += 1;
            self.0 = &self.0[1..];
        }
        (n_digits > 0).then_some((number, n_digits))
    }
}

/// The days of a date as JSON has it, `2024-05-31` and nothing else: what the build that only predicts reads.
pub(crate) fn iso_days(text: &str) -> Option<f64> {
    let mut rest = Rest(text.as_bytes());
    let is_iso = matches!(rest.0, [_, _, _, _, b'-', _, _, b'-', _, _]);
    let (year, _) = rest.whole().filter(|_| is_iso && rest.eat(b'-'))?;
    let (month, _) = rest.whole().filter(|_| rest.eat(b'-'))?;
    let (day, _) = rest.whole().filter(|_| rest.0.is_empty())?;
    days_of(year, month, day).map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_a_month_and_a_weekday() {
        // A Friday, and the Sunday before 1970.
        let parts = |days: f64| date_parts_of(days).map(|part| DATE_PARTS[part]);
        assert_eq!(parts(19_874.75), ["May", "Friday"]);
        assert_eq!(parts(-3.5), ["December", "Sunday"]);
        for days in [1e300, -1e300, f64::INFINITY, f64::NAN] {
            assert!(date_parts_of(days)[0] < N_MONTHS && (N_MONTHS..19).contains(&date_parts_of(days)[1]));
        }
    }

    #[test]
    fn dates_in_json_have_the_year_first() {
        assert_eq!(iso_days("1970-01-01"), Some(0.0));
        assert_eq!(iso_days("2024-02-29"), Some(19_782.0));
        for text in [
            "2023-02-29",
            "2024-2-29",
            "2024-02-29T00:00",
            "29.02.2024",
            "2024/02/29",
            "",
            "20240-2-29",
            "２０２４-02-29",
        ] {
            assert_eq!(iso_days(text), None, "{text}");
        }
    }
}
