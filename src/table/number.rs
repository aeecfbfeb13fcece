//! Cells to numbers, correctly rounded.

use crate::error::is_invisible;

/// The sign between a number's whole part and its decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, bincode::Encode, bincode::Decode)]
#[serde(rename_all = "snake_case")]
pub enum DecimalSign {
    /// `1.5`.
    #[default]
    Point,
    /// `1,5`.
    Comma,
}

impl DecimalSign {
    pub(crate) fn byte(self) -> u8 {
        match self {
            Self::Point => b'.',
            Self::Comma => b',',
        }
    }
}

/// 10^0 to 10^22: the powers of ten that a double holds exactly.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// Whole numbers up to here are doubles exactly.
const EXACT_WHOLE: u64 = 1 << 53;

/// So many digits always fit in 64 bits.
const DIGITS_OF_U64: usize = 19;

/// Whether a text is another way to write a finite number. Most texts have no digit, which is seen without reading them.
pub(crate) fn reads_as(text: &str, other: f64) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit()) && number(text, DecimalSign::Point) == Some(other)
}

/// A cell without spaces and invisible characters around it. Most cells have none, and the first match says so.
pub(crate) fn trim(cell: &str) -> &str {
    match cell.as_bytes() {
        [] | [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => cell,
        _ => trim_characters(cell),
    }
}

/// Out of line, so that the match before it is inlined.
#[cold]
fn trim_characters(cell: &str) -> &str {
    cell.trim_matches(|character: char| character.is_whitespace() || is_invisible(character))
}

/// The number a cell holds, spaces around it aside; `None` if it holds none. The spellings are Rust's: `nan` and `inf`
/// in any case read as themselves, so that they can be refused by place.
///
/// Nearly every number in a table is a whole number of at most 2^53 times a small power of ten; both are exact, so one
/// multiplication or division rounds correctly (Clinger, "How to read floating point numbers accurately", 1990). The
/// rest goes to the host, which rounds correctly too: to the standard library natively, and to JavaScript in a page,
/// which then need not carry the 10 KB of tables that a parser needs.
pub(crate) fn number(cell: &str, decimal: DecimalSign) -> Option<f64> {
    let text = trim(cell);
    // A range of a text may panic, and a panic that shows the text is 6 KB of the page.
    let behind = || text.get(1..).unwrap_or_default();
    let (sign, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (-1.0, behind()),
        Some(b'+') => (1.0, behind()),
        _ => (1.0, text),
    };
    let Some(scanned) = scan(unsigned.as_bytes(), decimal.byte()) else {
        let is = |name: &str| unsigned.eq_ignore_ascii_case(name);
        return match is("nan") {
            true => Some(f64::NAN),
            false => (is("inf") || is("infinity")).then_some(sign * f64::INFINITY),
        };
    };
    let magnitude = match scanned {
        Some((digits, exponent)) if digits <= EXACT_WHOLE && exponent.unsigned_abs() < 23 => {
            let power = EXACT_POWERS[exponent.unsigned_abs() as usize];
            if exponent < 0 { digits as f64 / power } else { digits as f64 * power }
        }
        _ if decimal == DecimalSign::Comma => host(&unsigned.replace(',', "."))?,
        _ => host(unsigned)?,
    };
    Some(sign * magnitude)
}

/// Checks that text is digits with at most one `point` and perhaps an exponent. `Some(None)` stands for a number whose
/// digits or exponent do not fit, `Some(Some((digits, exponent)))` for digits times ten to the exponent.
fn scan(text: &[u8], point: u8) -> Option<Option<(u64, i32)>> {
    let mut digits = 0_u64;
    let (mut n_digits, mut n_decimals, mut after_point) = (0_usize, 0_i32, false);
    let mut exponent = Some(0);
    for (place, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                digits = digits.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                n_digits += 1;
                n_decimals += i32::from(after_point);
            }
            sign if *sign == point && !after_point => after_point = true,
            b'e' | b'E' => {
                exponent = scan_exponent(&text[place + 1..])?;
                break;
            }
            _ => return None,
        }
    }
    if n_digits == 0 {
        return None;
    }
    let fits = n_digits <= DIGITS_OF_U64;
    Some(exponent.filter(|_| fits).map(|exponent: i32| (digits, exponent - n_decimals)))
}

fn scan_exponent(text: &[u8]) -> Option<Option<i32>> {
    let (sign, digits) = match text {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] => (1, digits),
        digits => (1, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // Three digits reach past the largest and the smallest double; more are for the host to round to infinity or 0.
    let small = digits.len() <= 3;
    Some(small.then(|| sign * digits.iter().fold(0, |value, digit| value * 10 + i32::from(digit - b'0'))))
}

#[cfg(not(target_arch = "wasm32"))]
fn host(text: &str) -> Option<f64> {
    text.parse().ok()
}

#[cfg(target_arch = "wasm32")]
#[expect(clippy::unnecessary_wraps, reason = "the native twin can fail")]
fn host(text: &str) -> Option<f64> {
    Some(js_sys::parse_float(text))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    fn assert_as_standard_library(text: &str) {
        let (found, expected) = (number(text, DecimalSign::Point), text.trim().parse::<f64>().ok());
        assert_eq!(found.map(f64::to_bits), expected.map(f64::to_bits), "{text:?}: {found:?} against {expected:?}");
    }

    #[test]
    fn spellings_are_those_of_the_standard_library() {
        let spellings = [
            "0",
            "-0",
            "+7",
            "1.",
            ".5",
            "-.5e-3",
            "1e5",
            "1E+05",
            " 12 ",
            "9007199254740993",
            "1e22",
            "1e23",
            "1e-22",
            "123456789012345678901234567890",
            "1e400",
            "-1e400",
            "1e-400",
            "1e99999999999",
            "0e99999999999",
            "inf",
            "-Infinity",
            "nan",
            "NaN",
            "4.9e-324",
            "2.2250738585072011e-308",
            "1.7976931348623157e308",
            "0.1",
            "5e-324",
            "",
            ".",
            "e5",
            "1e",
            "1e+",
            "-",
            "+-1",
            "1.2.3",
            "1_000",
            "0x10",
            "1,5",
            "١",
            "infinit",
            "1 2",
            "--1",
        ];
        spellings.into_iter().for_each(assert_as_standard_library);
    }

    #[test]
    fn a_decimal_comma_takes_the_place_of_the_point() {
        let cases =
            [("1,5", Some(1.5)), ("-0,25e3", Some(-250.0)), ("12345678901234567890,5", Some(12345678901234567890.5))];
        for (text, expected) in cases.into_iter().chain([("1.5", None), ("1.234,5", None), ("7", Some(7.0))]) {
            assert_eq!(number(text, DecimalSign::Comma), expected, "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_double_reads_back(bits: u64) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            for text in [format!("{value}"), format!("{value:e}"), format!("{value:.3}")] {
                assert_as_standard_library(&text);
            }
        }

        #[test]
        fn any_decimal_is_rounded_correctly(digits in "[0-9]{1,20}", decimals in "[0-9]{0,20}", exponent in -340..340_i32) {
            assert_as_standard_library(&format!("{digits}.{decimals}e{exponent}"));
        }

        #[test]
        fn any_text_is_a_number_to_both_or_to_neither(text in "[-+.eE0-9naif ]{0,9}") {
            assert_as_standard_library(&text);
        }
    }
}
