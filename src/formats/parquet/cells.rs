//! Values of a Parquet file as the numbers and texts that CSV has for them.

use crate::error::{Error, ErrorKind, Result};
use crate::table::{Moment, TimeOfDay};

const NANOSECONDS_A_DAY: i64 = 86_400_000_000_000;

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
    let wide = f64::from(value);
    if wide == wide.trunc() && wide.abs() < 16_777_216.0 || !wide.is_finite() {
        return wide;
    }
    // Few digits are found by trying; a double holds the powers exactly.
    for power in [1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7] {
        let digits = (wide * power).round();
        if digits.abs() < 9_007_199_254_740_992.0 && (digits / power) as f32 == value {
            return digits / power;
        }
    }
    value.to_string().parse().unwrap_or(wide)
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
pub(super) fn timestamp(value: i64, a_day: i64) -> String {
    let nanoseconds = value.rem_euclid(a_day) as u64 * (NANOSECONDS_A_DAY / a_day) as u64;
    Moment { days: value.div_euclid(a_day), nanoseconds }.to_string()
}

/// A time of day, in units of which a day has so many.
pub(super) fn time(value: i64, a_day: i64) -> String {
    TimeOfDay(value.rem_euclid(a_day) as u64 * (NANOSECONDS_A_DAY / a_day) as u64).to_string()
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
