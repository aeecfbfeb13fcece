//! Values of a Parquet file as the numbers and texts that CSV has for them.

use crate::error::{Error, ErrorKind, Result};
use crate::table::{Moment, TimeOfDay};

const NANOSECONDS_A_DAY: i64 = 86_400_000_000_000;

/// The days from -9999-01-01 to 9999-12-31.
const YEARS: std::ops::RangeInclusive<i64> = -4_371_587..=2_932_896;

/// Whether whole numbers have a sign.
#[derive(Debug, Clone, Copy)]
pub(super) enum Int {
    Signed,
    Unsigned,
}

impl Int {
    pub(super) fn digits(self, value: i64) -> String {
        match self {
            Self::Signed => value.to_string(),
            Self::Unsigned => (value as u64).to_string(),
        }
    }
}

/// The double with the fewest digits that are this single: 0.1 and not 0.10000000149011612, as CSV has it.
pub(super) fn float(value: f32) -> f64 {
    /// From here on a single holds no decimals, and its shortest digits end in zeros.
    const WHOLE: f64 = 16_777_216.0;
    let wide = f64::from(value);
    if !wide.is_finite() {
        return wide;
    }
    // Few digits are found by trying; a double holds the powers exactly.
    let powers = if wide.abs() < WHOLE { &[1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7][..] } else { &[] };
    let rounded = powers.iter().map(|power| (wide * power).round() / power).find(|short| *short as f32 == value);
    rounded.unwrap_or_else(|| value.to_string().parse().unwrap_or(wide))
}

/// An IEEE 754 number of 16 bits.
pub(super) fn float16(bytes: &[u8]) -> Option<f64> {
    let bits = u16::from_le_bytes(bytes.try_into().ok()?);
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023) / 1024.0);
    let magnitude = match exponent {
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        0 => fraction * 2.0_f64.powi(-14),
        _ => (1.0 + fraction) * 2.0_f64.powi(exponent - 15),
    };
    Some(if bits >> 15 == 1 { -magnitude } else { magnitude })
}

/// The double nearest to a whole number with its decimal point shifted.
pub(super) fn decimal(unscaled: Option<i128>, scale: i32) -> Option<f64> {
    let unscaled = unscaled?;
    // Both are doubles exactly, so that the quotient is rounded once.
    if unscaled.unsigned_abs() <= 1 << 53 && (0..=22).contains(&scale) {
        return Some(unscaled as f64 / 10.0_f64.powi(scale));
    }
    format!("{unscaled}e{}", -i64::from(scale)).parse().ok()
}

/// A whole number, the first byte its most significant.
pub(super) fn decimal_of_bytes(bytes: &[u8]) -> Option<i128> {
    let sign = if bytes.first().is_some_and(|byte| byte & 0x80 != 0) { 0xFF } else { 0 };
    let extra = bytes.len().saturating_sub(16);
    if bytes[..extra].iter().any(|byte| *byte != sign) {
        return None;
    }
    let mut all = [sign; 16];
    let kept = &bytes[extra..];
    all[16 - kept.len()..].copy_from_slice(kept);
    Some(i128::from_be_bytes(all))
}

/// A moment, counted from 1970-01-01 in units of which a day has so many.
pub(super) fn timestamp(value: i64, a_day: i64) -> Result<String> {
    let nanoseconds = value.rem_euclid(a_day) as u64 * (NANOSECONDS_A_DAY / a_day) as u64;
    let moment = Moment { days: value.div_euclid(a_day), nanoseconds };
    if !YEARS.contains(&moment.days) {
        let message =
            format!("a date lies beyond the years -9999 to 9999: {value}; leave it out or write it as a number");
        return Err(Error::new(ErrorKind::NotANumber, message));
    }
    Ok(moment.to_string())
}

/// A time of day, in units of which a day has so many.
pub(super) fn time(value: i64, a_day: i64) -> Result<String> {
    if !(0..a_day).contains(&value) {
        let message = format!("a time of day is not within a day: {value} of {a_day}; write it as a number");
        return Err(Error::new(ErrorKind::NotANumber, message));
    }
    Ok(TimeOfDay(value as u64 * (NANOSECONDS_A_DAY / a_day) as u64).to_string())
}

/// A moment as Spark and Impala used to write it: nanoseconds of the day, and the Julian day.
pub(super) fn int96(parts: &[u32]) -> String {
    let [low, high, day] = [0, 1, 2].map(|at| parts.get(at).copied().unwrap_or_default());
    /// The Julian day of 1970-01-01.
    const EPOCH: i64 = 2_440_588;
    let nanoseconds = u64::from(high) << 32 | u64::from(low);
    Moment { days: i64::from(day) - EPOCH, nanoseconds: nanoseconds % NANOSECONDS_A_DAY as u64 }.to_string()
}

pub(super) fn uuid(bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let part = |range| hex.get(range).unwrap_or_default();
    [part(0..8), part(8..12), part(12..16), part(16..20), part(20..32)].join("-")
}

pub(super) fn text(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes)
        .map_err(|_| Error::new(ErrorKind::Encoding, "the column has bytes that are no text; leave it out of the file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_is_the_double_of_its_shortest_digits() {
        let some = [0.1, -2.5, 16_777_216.0, 1e10, 123_456_790_000.0, 3.4e38, 1e-45, f32::MIN_POSITIVE, 0.333_333_34];
        // Bits all over the singles, by a step that is no power of two.
        let all = (0..u32::MAX).step_by(40_009).map(f32::from_bits).filter(|value| value.is_finite());
        for value in some.into_iter().chain(all) {
            let shortest: f64 = value.to_string().parse().unwrap();
            assert_eq!(float(value).to_bits(), shortest.to_bits(), "{value:e}");
        }
        assert!(float(f32::NAN).is_nan() && float(f32::NEG_INFINITY) == f64::NEG_INFINITY);
    }

    #[test]
    fn half_precision_is_exact() {
        let cases = [(0x3C00, 1.0), (0xC000, -2.0), (0x7BFF, 65_504.0), (0x0001, 2.0_f64.powi(-24)), (0x8000, 0.0)];
        for (bits, expected) in cases {
            assert_eq!(float16(&u16::to_le_bytes(bits)), Some(expected), "{bits:x}");
        }
        assert_eq!(float16(&[0x00, 0x7C]), Some(f64::INFINITY));
        assert!(float16(&[0x01, 0x7C]).unwrap().is_nan() && float16(&[1]).is_none());
    }

    #[test]
    fn decimals_are_rounded_once() {
        let cases = [(12_345, 2, "123.45"), (-1005, 3, "-1.005"), (7, -3, "7000"), (1, 30, "1e-30")];
        for (unscaled, scale, text) in cases {
            assert_eq!(decimal(Some(unscaled), scale), text.parse().ok(), "{text}");
        }
        assert_eq!(decimal(Some(i128::MAX), 10), "17014118346046923173168730371.5884105727".parse().ok());
        assert_eq!(decimal_of_bytes(&[0xFF, 0x38]), Some(-200));
        assert_eq!(decimal_of_bytes(&[0; 20]), Some(0));
        assert_eq!(decimal_of_bytes(&[1; 20]), None);
        assert_eq!(decimal(None, 2), None);
    }

    #[test]
    fn moments_before_1970_are_days_before_it() {
        assert_eq!(timestamp(-1, 86_400_000).unwrap(), "1969-12-31 23:59:59.999");
        assert_eq!(timestamp(19_874, 1).unwrap(), "2024-05-31");
        assert_eq!(timestamp(*YEARS.end(), 1).unwrap(), "9999-12-31");
        assert_eq!(timestamp(*YEARS.start(), 1).unwrap(), "-9999-01-01");
        assert!(timestamp(YEARS.end() + 1, 1).is_err() && timestamp(i64::MIN, 86_400_000_000_000).is_ok());
        assert_eq!(time(45_000_000_000, 86_400_000_000).unwrap(), "12:30:00");
        assert!(time(-1, 86_400_000).is_err() && time(86_400_000, 86_400_000).is_err());
        assert_eq!(int96(&[0, 0, 2_440_589]), "1970-01-02");
        let bytes: Vec<u8> = (0..16).collect();
        assert_eq!(uuid(&bytes), "00010203-0405-0607-0809-0a0b0c0d0e0f");
        assert_eq!(Int::Unsigned.digits(-1), "18446744073709551615");
    }
}
