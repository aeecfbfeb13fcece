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

/// The days to a date that is written as a number of eight digits: 20240531.
pub(crate) fn days_of_digits(number: f64) -> Option<f64> {
    let digits = Some(number).filter(|number| (1e7..1e8).contains(number) && number.fract() == 0.0)? as i32;
    days_of(digits / 10_000, digits / 100 % 100, digits % 100).map(f64::from)
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
    fn eight_digits_are_a_date() {
        assert_eq!(days_of_digits(20_240_531.0), Some(19_874.0));
        for number in [20_240_532.0, 20_241_301.0, 2_024_053.0, 20_240_531.5, 1e300, f64::NAN] {
            assert_eq!(days_of_digits(number), None, "{number}");
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
