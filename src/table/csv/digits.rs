//! Numbers of ASCII digits, as most cells of numbers are: seen in one look, without taking them apart.

use crate::table::DecimalSign;

/// So many digits a double holds of any number.
const MOST_DIGITS: usize = 15;

/// Digits with a minus before them or none, and one point or comma behind the first digit at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Digits<'c> {
    is_negative: bool,
    /// What stands behind the minus.
    text: &'c [u8],
    sign: Option<(usize, DecimalSign)>,
}

/// What the digits say of the sign among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// There is none, and there are at most three digits.
    Short,
    /// There is none, and there are more.
    Long,
    /// It sets off decimals.
    Decimal(DecimalSign),
    /// It stands before three digits: it sets off decimals or thousands.
    Either,
}

impl<'c> Digits<'c> {
    pub(super) fn of(cell: &'c str) -> Option<Self> {
        let cell = cell.as_bytes();
        let (is_negative, text) = match cell {
            [b'-', text @ ..] => (true, text),
            text => (false, text),
        };
        let mut sign = None;
        for (at, byte) in text.iter().enumerate() {
            match byte {
                b'0'..=b'9' => {}
                b'.' if sign.is_none() && at > 0 => sign = Some((at, DecimalSign::Point)),
                b',' if sign.is_none() && at > 0 => sign = Some((at, DecimalSign::Comma)),
                _ => return None,
            }
        }
        if text.is_empty() { None } else { Some(Self { is_negative, text, sign }) }
    }

    pub(super) fn shape(self) -> Shape {
        match self.sign {
            None if self.text.len() <= 3 && !self.has_zeros() => Shape::Short,
            None => Shape::Long,
            Some((at, _)) if self.text.len() - at == 4 && at <= 3 && self.text[0] != b'0' => Shape::Either,
            Some((_, sign)) => Shape::Decimal(sign),
        }
    }

    /// How many decimals stand behind a point, where these and the number say how it is written: see [`with_decimals`].
    pub(super) fn decimals(self) -> Option<usize> {
        let (at, sign) = self.sign?;
        let n_decimals = self.text.len() - at - 1;
        let is_kept = sign == DecimalSign::Point && n_decimals > 0 && (at == 1 || self.text[0] != b'0');
        (is_kept && self.text.len() <= MOST_DIGITS + 1).then_some(n_decimals)
    }

    /// Whether zeros stand before a whole number.
    pub(super) fn has_zeros(self) -> bool {
        self.sign.is_none() && self.text[0] == b'0' && self.text.len() > 1
    }

    /// Whether this is how programs write a number; `None` for more digits than a double surely holds.
    pub(super) fn are_canonical(self) -> Option<bool> {
        let is_short = self.text.len() <= MOST_DIGITS + usize::from(self.has_sign());
        match (self.sign, self.text) {
            (None, [b'1'..=b'9', ..]) => is_short.then_some(true),
            (None, digits) => Some(digits == b"0" && !self.is_negative),
            (Some((_, DecimalSign::Point)), [b'1'..=b'9', .., b'1'..=b'9']) => is_short.then_some(true),
            // Smaller ones have an exponent.
            (Some((1, DecimalSign::Point)), [b'0', .., b'1'..=b'9']) => match self.text.starts_with(b"0.000000") {
                true => Some(false),
                false => is_short.then_some(true),
            },
            _ => Some(false),
        }
    }

    /// Whether a point or a comma is among the digits.
    pub(super) fn has_sign(self) -> bool {
        self.sign.is_some()
    }
}

/// A number of at most 15 digits with so many decimals.
pub(super) fn with_decimals(number: f64, n_decimals: usize) -> String {
    let tens = 10_u64.pow(n_decimals as u32);
    // The double nearest to a number of so few digits is off by less than half of its last one.
    let digits = (number.abs() * tens as f64).round() as u64;
    let minus = if number.is_sign_negative() { "-" } else { "" };
    format!("{minus}{}.{:0n_decimals$}", digits / tens, digits % tens)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::number::number;

    #[test]
    fn decimals_and_the_number_give_the_text_back() {
        let texts = [
            "0.0",
            "-0.00",
            "1.50",
            "-12.0",
            "0.05",
            "123456789012345.0",
            "99999999999999.9",
            "0.00000000000001",
            "9.99999999999999",
            "1.0000000",
        ];
        for text in texts {
            match Digits::of(text).and_then(Digits::decimals) {
                Some(n_decimals) => {
                    assert_eq!(with_decimals(number(text, DecimalSign::Point).unwrap(), n_decimals), text);
                }
                None => assert!(text.len() > 16, "{text}"),
            }
        }
        for text in ["1", "1,5", "01.5", "1.", "12345678901234.56", "1e5"] {
            assert_eq!(Digits::of(text).and_then(Digits::decimals), None, "{text}");
        }
    }
}
