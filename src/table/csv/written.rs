//! A number as people write it, taken apart: `−1 234,50 €`, `(12.50)`, `1'234`, `5 kg`.
//!
//! What separates groups of digits is known from the cell alone wherever it is not one comma or one point before three
//! digits: that may be either. Groups have three digits, or two before the last three, as in India.

use crate::table::DecimalSign;
use crate::table::number::{number, trim};

/// A cell that a person reads as a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written<'c> {
    is_negative: bool,
    /// The digits before and after the sign that the cell has, or may have, for decimals.
    whole: String,
    decimals: String,
    exponent: &'c str,
    pub(super) separators: Separators,
    pub(super) affix: Option<Affix<'c>>,
    /// Whether it is digits, a sign of its decimals and a minus only.
    pub(super) is_plain: bool,
}

/// What stands between the digits of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separators {
    /// One sign before three digits, which sets off decimals or thousands.
    Either(DecimalSign),
    /// A sign before decimals, one between thousands, or none.
    Known { decimal: Option<DecimalSign>, thousands: Option<char> },
}

/// A currency, a percent sign or a unit beside a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Affix<'c> {
    pub(super) text: &'c str,
    pub(super) is_before: bool,
}

/// What makes a cell with digits no number, although a person reads one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// `<5`, `>100`: one end of a range.
    Limit,
    /// `5k`, `1.2M`: a number of thousands or millions.
    Multiple,
}

/// Signs before or behind a number that mean money.
const CURRENCY_SIGNS: [char; 12] = ['$', '€', '£', '¥', '₹', '₽', '₩', '₺', '₪', '₫', '฿', '₴'];

/// Names of currencies, as they stand beside numbers.
const CURRENCIES: [&str; 34] = [
    "USD", "EUR", "GBP", "JPY", "CNY", "RMB", "CHF", "INR", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK",
    "HUF", "RUB", "BRL", "MXN", "KRW", "ZAR", "SGD", "HKD", "TRY", "US$", "R$", "A$", "C$", "kr", "kr.", "Fr.", "Rs",
    "Rs.",
];

/// Units that stand behind a number without a space between.
const UNITS: [&str; 58] = [
    "%", "‰", "°", "°C", "°F", "kg", "mg", "µg", "μg", "g", "t", "lb", "lbs", "oz", "km", "cm", "mm", "µm", "μm", "nm",
    "m", "mi", "ft", "in", "m²", "m2", "km²", "cm²", "m³", "m3", "km/h", "m/s", "s", "ms", "min", "h", "hr", "hrs",
    "l", "L", "ml", "mL", "dl", "cl", "Hz", "kHz", "MHz", "GHz", "kW", "kWh", "MWh", "MW", "hPa", "kPa", "bar", "px",
    "MB", "GB",
];

const MULTIPLES: [&str; 6] = ["k", "K", "M", "mn", "bn", "B"];

/// The longest word that is taken for a unit behind a space.
const UNIT_CHARACTERS: usize = 12;

impl<'c> Written<'c> {
    /// Takes a cell apart; `None` where it is no number, or no single one.
    pub(super) fn of(cell: &'c str) -> Option<Self> {
        let cell = trim(cell);
        let (is_bracketed, inner) = match cell.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            Some(inner) => (true, trim(inner)),
            None => (false, cell),
        };
        let (before, digits, after) = split(inner)?;
        let (minus_before, before) = without_minus(before);
        let (minus_after, after) = if minus_before { (false, trim(after)) } else { without_minus_behind(after) };
        if is_bracketed && (minus_before || minus_after) {
            return None;
        }
        let (digits, exponent) = without_exponent(digits);
        let is_spaced = after.len() < cell_after(inner, digits, exponent).len();
        let affix = match (before, after) {
            ("", "") => None,
            (before, "") if is_currency(before) => Some(Affix { text: before, is_before: true }),
            ("", after) if is_currency(after) || is_unit(after, is_spaced) => {
                Some(Affix { text: after, is_before: false })
            }
            _ => return None,
        };
        let (whole, decimals, separators) = separate(digits)?;
        let is_ascii_minus = inner.starts_with('-') || !minus_before;
        let is_known = matches!(separators, Separators::Known { thousands: None, .. } | Separators::Either(_));
        let is_plain = !is_bracketed
            && !minus_after
            && affix.is_none()
            && is_known
            && is_ascii_minus
            && inner.is_ascii()
            && !inner.contains(' ');
        let is_negative = is_bracketed || minus_before || minus_after;
        Some(Self { is_negative, whole, decimals, exponent, separators, affix, is_plain })
    }

    /// Its digits with a decimal point, as a program writes them. A sign that may be either one sets off decimals or not.
    pub(super) fn digits(&self, either_is_decimal: bool) -> String {
        let Self { is_negative, whole, decimals, exponent, separators, .. } = self;
        let point = match separators {
            Separators::Either(_) if !either_is_decimal => "",
            _ if decimals.is_empty() => "",
            _ => ".",
        };
        let minus = if *is_negative { "-" } else { "" };
        format!("{minus}{whole}{point}{decimals}{exponent}")
    }

    /// Whether it has at most three digits and nothing between them.
    pub(super) fn is_short(&self) -> bool {
        self.separators == Separators::Known { decimal: None, thousands: None }
            && self.whole.len() <= 3
            && !self.whole.starts_with('0')
            && self.exponent.is_empty()
    }
}

/// Whether a text is a number in any spelling, NaN and infinity included.
pub(super) fn is_written_number(text: &str) -> bool {
    Written::of(text).is_some() || number(text, DecimalSign::Point).is_some()
}

impl Unreadable {
    /// What a cell is that has digits and that [`Written::of`] does not read.
    pub(super) fn of(cell: &str) -> Option<Self> {
        let cell = trim(cell);
        if let Some(rest) = cell.strip_prefix(['<', '>', '≤', '≥', '~', '≈']) {
            return Written::of(rest.trim_start_matches('=')).map(|_| Self::Limit);
        }
        let rest = MULTIPLES.iter().find_map(|multiple| cell.strip_suffix(multiple))?;
        Written::of(rest).filter(|written| written.affix.is_none_or(|affix| affix.is_before)).map(|_| Self::Multiple)
    }
}

/// What stands before the digits, the digits with the signs among them, and what stands behind.
fn split(cell: &str) -> Option<(&str, &str, &str)> {
    let first = cell.find(|character: char| digit(character).is_some())?;
    // A sign right before the first digit sets off decimals: `.5`.
    let first = match cell[..first].chars().next_back() {
        Some(sign @ ('.' | ',')) if cell[..first].chars().rev().nth(1).is_none_or(|before| !before.is_alphabetic()) => {
            first - sign.len_utf8()
        }
        _ => first,
    };
    let mut end = first;
    for (at, character) in cell[first..].char_indices() {
        let is_before_digit =
            || cell[first + at + character.len_utf8()..].chars().next().is_some_and(|next| digit(next).is_some());
        let is_part = digit(character).is_some()
            || is_separator(character) && is_before_digit()
            || is_exponent(&cell[first + at..]);
        if !is_part {
            break;
        }
        end = first + at + character.len_utf8();
        if matches!(character, 'e' | 'E') {
            let digits = cell[end..].trim_start_matches(['+', '-']);
            let length = digits.bytes().take_while(u8::is_ascii_digit).count();
            end = cell.len() - digits.len() + length;
            break;
        }
    }
    // `5.` has a sign and no decimals.
    if cell[end..].starts_with('.') && cell.len() == end + 1 {
        end += 1;
    }
    Some((&cell[..first], &cell[first..end], &cell[end..]))
}

fn is_exponent(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['e', 'E']) else { return false };
    let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn without_exponent(digits: &str) -> (&str, &str) {
    digits.find(['e', 'E']).map_or((digits, ""), |at| digits.split_at(at))
}

/// What stands behind the digits of a cell, spaces and all.
fn cell_after<'c>(cell: &'c str, digits: &str, exponent: &str) -> &'c str {
    let end = cell.find(digits).map_or(0, |at| at + digits.len() + exponent.len());
    cell.get(end..).unwrap_or_default()
}

fn is_minus(character: char) -> bool {
    matches!(character, '-' | '\u{2212}' | '\u{2013}' | '\u{FE63}' | '\u{FF0D}')
}

/// What stands before digits, without its sign.
fn without_minus(before: &str) -> (bool, &str) {
    let before = trim(before);
    let strip = |text: &'_ str| -> Option<(bool, usize, bool)> {
        if let Some(first) =
            text.chars().next().filter(|character| is_minus(*character) || matches!(character, '+' | '\u{FF0B}'))
        {
            return Some((is_minus(first), first.len_utf8(), true));
        }
        let last = text.chars().next_back().filter(|character| is_minus(*character))?;
        Some((true, last.len_utf8(), false))
    };
    match strip(before) {
        Some((is_negative, length, true)) => (is_negative, trim(&before[length..])),
        Some((is_negative, length, false)) => (is_negative, trim(&before[..before.len() - length])),
        None => (false, before),
    }
}

/// What stands behind digits, without a minus: `12-`, `12- €`.
fn without_minus_behind(after: &str) -> (bool, &str) {
    let after = trim(after);
    match after.chars().next().filter(|character| is_minus(*character)) {
        Some(minus) => (true, trim(&after[minus.len_utf8()..])),
        None => match after.chars().next_back().filter(|character| is_minus(*character)) {
            Some(minus) => (true, trim(&after[..after.len() - minus.len_utf8()])),
            None => (false, after),
        },
    }
}

fn is_currency(text: &str) -> bool {
    let mut characters = text.chars();
    let is_sign = |character: char| CURRENCY_SIGNS.contains(&character);
    characters.next().is_some_and(is_sign) && characters.next().is_none() || CURRENCIES.contains(&text)
}

/// Whether a text behind a number is a unit: one of a list, or one word behind a space.
fn is_unit(text: &str, is_spaced: bool) -> bool {
    let is_of_word = |character: char| character.is_alphabetic() || "°%‰/²³µ·".contains(character);
    UNITS.contains(&text) || is_spaced && text.chars().count() <= UNIT_CHARACTERS && text.chars().all(is_of_word)
}

/// The value of a digit of any script that people use for numbers.
fn digit(character: char) -> Option<char> {
    let from = |zero: u32| char::from_digit(u32::from(character).wrapping_sub(zero), 10);
    match character {
        '0'..='9' => Some(character),
        '\u{0660}'..='\u{0669}' => from(0x0660),
        '\u{06F0}'..='\u{06F9}' => from(0x06F0),
        '\u{0966}'..='\u{096F}' => from(0x0966),
        '\u{FF10}'..='\u{FF19}' => from(0xFF10),
        _ => None,
    }
}

/// The sign that a separator stands for: every space is one, every apostrophe too.
fn separator(character: char) -> Option<char> {
    match character {
        '.' | '\u{FF0E}' | '\u{066B}' => Some('.'),
        ',' | '\u{FF0C}' | '\u{066C}' => Some(','),
        '\'' | '\u{2019}' | '\u{02BC}' => Some('\''),
        ' ' | '\u{A0}' | '\u{2007}' | '\u{2009}' | '\u{202F}' => Some(' '),
        '_' => Some('_'),
        _ => None,
    }
}

fn is_separator(character: char) -> bool {
    separator(character).is_some()
}

fn decimal_sign(separator: char) -> Option<DecimalSign> {
    match separator {
        '.' => Some(DecimalSign::Point),
        ',' => Some(DecimalSign::Comma),
        _ => None,
    }
}

/// The digits before and after the last sign that may set off decimals, and what the signs are.
fn separate(text: &str) -> Option<(String, String, Separators)> {
    let mut groups = vec![String::new()];
    let mut signs = Vec::new();
    for character in text.chars() {
        match (digit(character), separator(character)) {
            (Some(digit), _) => groups.last_mut()?.push(digit),
            (None, sign) => {
                signs.push(sign?);
                groups.push(String::new());
            }
        }
    }
    // Arabic has signs of its own for the two, which are never mistaken.
    let is_arabic_decimal = text.contains('\u{066B}');
    let known = |decimal, thousands| Separators::Known { decimal, thousands };
    let last_sign = signs.last().copied();
    let (thousands, has_decimals) = match (signs.as_slice(), last_sign) {
        ([], _) | (_, None) => (None, false),
        ([sign], _) if text.contains('\u{066C}') => (Some(*sign), false),
        ([sign], _) if decimal_sign(*sign).is_some() => {
            let is_either = !is_arabic_decimal
                && groups[1].len() == 3
                && (1..=3).contains(&groups[0].len())
                && !groups[0].starts_with('0')
                && !text.contains(['e', 'E']);
            let decimal = decimal_sign(*sign)?;
            let separators = if is_either { Separators::Either(decimal) } else { known(Some(decimal), None) };
            let has_digits = !groups[0].is_empty() || !groups[1].is_empty();
            return has_digits.then(|| (groups[0].clone(), groups[1].clone(), separators));
        }
        ([sign], _) => (Some(*sign), false),
        ([first, others @ ..], Some(last)) => match others.iter().all(|sign| sign == first) {
            true => (Some(*first), false),
            false => (Some(*first), decimal_sign(last).is_some() && last != *first),
        },
    };
    let n_thousands = signs.len() - usize::from(has_decimals);
    if signs[..n_thousands].iter().any(|sign| Some(*sign) != thousands) {
        return None;
    }
    let (whole, decimals) = groups.split_at(n_thousands + 1);
    if thousands.is_some_and(|thousands| !are_groups(whole, thousands)) {
        return None;
    }
    let decimal = if has_decimals { last_sign.and_then(decimal_sign) } else { None };
    Some((whole.concat(), decimals.concat(), known(decimal, thousands)))
}

/// Whether digits are in groups of three, or between commas of two before the last three.
fn are_groups(groups: &[String], sign: char) -> bool {
    let [first, middle @ .., last] = groups else { return false };
    let is_indian = sign == ','
        && !middle.is_empty()
        && middle.iter().all(|group| group.len() == 2)
        && (1..=2).contains(&first.len());
    let is_western = middle.iter().all(|group| group.len() == 3) && (1..=3).contains(&first.len());
    last.len() == 3 && (is_indian || is_western)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_apart() {
        let (point, comma) = (Some(DecimalSign::Point), Some(DecimalSign::Comma));
        let cases = [
            ("−7.47", "-7.47", point, None, None),
            ("–7", "-7", None, None, None),
            ("1 234,5", "1234.5", comma, Some(' '), None),
            ("1\u{202f}234\u{202f}567", "1234567", None, Some(' '), None),
            ("1'234.5", "1234.5", point, Some('\''), None),
            ("1’234’000", "1234000", None, Some('\''), None),
            ("1.234.567", "1234567", None, Some('.'), None),
            ("12,34,567.8", "1234567.8", point, Some(','), None),
            ("1_000_000", "1000000", None, Some('_'), None),
            ("(12.50)", "-12.50", point, None, None),
            ("12-", "-12", None, None, None),
            ("$1,200.5", "1200.5", point, Some(','), Some("$")),
            ("-$5", "-5", None, None, Some("$")),
            ("$-5", "-5", None, None, Some("$")),
            ("(€ 1.200,50)", "-1200.50", comma, Some('.'), Some("€")),
            ("USD 12", "12", None, None, Some("USD")),
            ("12 €", "12", None, None, Some("€")),
            ("5 kg", "5", None, None, Some("kg")),
            ("5kg", "5", None, None, Some("kg")),
            ("12 months", "12", None, None, Some("months")),
            ("7,5 %", "7.5", comma, None, Some("%")),
            ("１２．５", "12.5", point, None, None),
            ("٣٫٥", "3.5", point, None, None),
            (".5", ".5", point, None, None),
            ("1.5e-3", "1.5e-3", point, None, None),
            ("0.234", "0.234", point, None, None),
            ("1234.567", "1234.567", point, None, None),
        ];
        for (cell, digits, decimal, thousands, affix) in cases {
            let written = Written::of(cell).unwrap_or_else(|| panic!("{cell:?} is a number"));
            assert_eq!(written.digits(true), digits, "{cell:?}");
            assert_eq!(written.separators, Separators::Known { decimal, thousands }, "{cell:?}");
            assert_eq!(written.affix.map(|affix| affix.text), affix, "{cell:?}");
        }
        let either = Written::of("1.009").unwrap();
        assert_eq!(either.separators, Separators::Either(DecimalSign::Point));
        assert_eq!([either.digits(true), either.digits(false)], ["1.009", "1009"]);
    }

    #[test]
    fn what_is_no_single_number_is_none() {
        let cells = [
            "",
            "a1",
            "2021-03-04",
            "12:30",
            "5-10",
            "1,23",
            "12E4",
            "1.2.3",
            "1 2",
            "12 34 567",
            "k1",
            "T4",
            "Room 5",
            "5 Main Street",
            "555 123 4567",
            "1,2345,678",
            "--5",
            "(-5)",
            "1,234.567,8",
            "nan",
            "5A",
            "1/2",
            "<5",
            "5k",
        ];
        for cell in cells {
            let is_number = ["1,23", "12E4"].contains(&cell);
            assert_eq!(Written::of(cell).is_some(), is_number, "{cell:?}");
        }
    }

    #[test]
    fn what_a_person_reads_as_a_number_and_none_is_said() {
        for (cell, expected) in [
            ("<5", Some(Unreadable::Limit)),
            ("≥ 1,000", Some(Unreadable::Limit)),
            ("5k", Some(Unreadable::Multiple)),
            ("$1.2M", Some(Unreadable::Multiple)),
            ("M", None),
            ("ok", None),
        ] {
            assert_eq!(Unreadable::of(cell), expected, "{cell:?}");
        }
    }
}
