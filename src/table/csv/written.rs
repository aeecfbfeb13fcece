//! A number as people write it, taken apart: `−1 234,50 €`, `(12.50)`, `1'234`, `5 kg`.
//!
//! What separates groups of digits is known from the cell alone wherever it is not one comma or one point before three
//! digits: that may be either. Groups have three digits, or two before the last three, as in India.

use crate::table::DecimalSign;
use crate::table::number::{number, trim};
use std::ops::Range;

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

/// Whether a cell is a number with one sign before three digits, `1.234` or `$1,234`: decimals or thousands.
pub fn has_either_sign(cell: &str) -> bool {
    Written::of(cell).is_some_and(|written| matches!(written.separators, Separators::Either(_)))
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
const CURRENCY_SIGNS: [char; 13] = ['￥', '$', '€', '£', '¥', '₹', '₽', '₩', '₺', '₪', '₫', '฿', '₴'];

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
        let signs = Signs::of(trim(cell));
        let all = 0..signs.kinds.len();
        let is_bracketed = signs.kinds.first() == Some(&b'(') && signs.kinds.last() == Some(&b')');
        let inner = signs.trim(if is_bracketed { 1..all.end - 1 } else { all });
        let digits = signs.digits(&inner)?;
        let exponent = signs.kinds[digits.clone()]
            .iter()
            .position(|kind| *kind == b'e')
            .map_or(digits.end, |at| digits.start + at);
        let (minus_before, before) = signs.without_minus(inner.start..digits.start, true);
        let is_spaced = signs.kinds.get(digits.end) == Some(&b' ');
        let (minus_after, after) = signs.without_minus(digits.end..inner.end, false);
        if u8::from(is_bracketed) + u8::from(minus_before) + u8::from(minus_after) > 1 {
            return None;
        }
        let affix = match (signs.text(&before), signs.text(&after)) {
            ("", "") => None,
            (before, "") if is_currency(before) => Some(Affix { text: before, is_before: true }),
            ("", after) if is_currency(after) || is_unit(after, is_spaced) => {
                Some(Affix { text: after, is_before: false })
            }
            _ => return None,
        };
        // In `7 - high` the sign is no minus.
        if minus_after && affix.is_some_and(|affix| !is_currency(affix.text)) {
            return None;
        }
        let has_exponent = exponent < digits.end;
        let (whole, decimals, separators) = separate(&signs.kinds[digits.start..exponent], has_exponent)?;
        let is_apart = matches!(separators, Separators::Known { thousands: Some(_), .. });
        let is_plain = !(is_bracketed || minus_after || affix.is_some() || is_apart) && signs.cell.is_ascii();
        let is_negative = is_bracketed || minus_before || minus_after;
        let exponent = signs.text(&(exponent..digits.end));
        Some(Self { is_negative, whole, decimals, exponent, separators, affix, is_plain })
    }

    /// Its digits with a decimal point, as a program writes them. A sign that may be either one sets off decimals or not.
    pub(super) fn digits(&self, either_is_decimal: bool) -> String {
        let mut text = String::new();
        if self.is_negative {
            text.push('-');
        }
        text.push_str(&self.whole);
        let is_whole =
            self.decimals.is_empty() || matches!(self.separators, Separators::Either(_)) && !either_is_decimal;
        if !is_whole {
            text.push('.');
        }
        text.push_str(&self.decimals);
        text.push_str(self.exponent);
        text
    }

    /// Whether it has at most three digits and nothing between them.
    pub(super) fn is_short(&self) -> bool {
        self.separators == Separators::Known { decimal: None, thousands: None }
            && self.whole.len() <= 3
            && !self.whole.starts_with('0')
            && self.exponent.is_empty()
    }
}

/// The characters of a cell by what they are in a number.
struct Signs<'c> {
    cell: &'c str,
    /// Per character a digit, a sign between digits (`.`, `,`, `'`, `_`, a space; `d` and `t` for the Arabic signs before
    /// decimals and between thousands), `-`, `+`, a bracket, `e` of an exponent, or `x`.
    kinds: Vec<u8>,
    /// Where each character begins, and where the last one ends.
    places: Vec<usize>,
}

impl<'c> Signs<'c> {
    fn of(cell: &'c str) -> Self {
        let (mut kinds, mut places) = (Vec::with_capacity(cell.len()), Vec::with_capacity(cell.len() + 1));
        for (place, character) in cell.char_indices() {
            kinds.push(kind(character));
            places.push(place);
        }
        places.push(cell.len());
        Self { cell, kinds, places }
    }

    fn text(&self, range: &Range<usize>) -> &'c str {
        let place = |at: usize| self.places.get(at).copied().unwrap_or(0);
        self.cell.get(place(range.start)..place(range.end)).unwrap_or_default()
    }

    fn trim(&self, mut range: Range<usize>) -> Range<usize> {
        while range.start < range.end && self.kinds[range.start] == b' ' {
            range.start += 1;
        }
        while range.start < range.end && self.kinds[range.end - 1] == b' ' {
            range.end -= 1;
        }
        range
    }

    /// From the first digit, or the sign before its decimals, to the last one, with the exponent.
    fn digits(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let kinds = &self.kinds[..range.end];
        let mut start = (range.start..range.end).find(|at| kinds[*at].is_ascii_digit())?;
        if start > range.start
            && matches!(kinds[start - 1], b'.' | b',')
            && (start == range.start + 1 || kinds[start - 2] != b'x')
        {
            start -= 1;
        }
        let is_digit = |at: usize| kinds.get(at).is_some_and(u8::is_ascii_digit);
        let (mut at, mut end) = (start, start);
        while at < kinds.len() {
            match kinds[at] {
                b'0'..=b'9' => end = at + 1,
                b'e' => {
                    let first = at + 1 + usize::from(matches!(kinds.get(at + 1), Some(b'-' | b'+')));
                    let is_exponent = first < kinds.len() && end == at && (first..kinds.len()).all(is_digit);
                    return Some(start..if is_exponent { kinds.len() } else { end });
                }
                b'.' | b',' | b'\'' | b'_' | b' ' | b'd' | b't' if is_digit(at + 1) => {}
                // `5.` has a sign and no decimals.
                b'.' if at + 1 == kinds.len() => return Some(start..kinds.len()),
                _ => break,
            }
            at += 1;
        }
        Some(start..end)
    }

    /// What stands before the digits, or behind, without a minus there. A plus may stand before everything else.
    fn without_minus(&self, range: Range<usize>, is_before: bool) -> (bool, Range<usize>) {
        let mut range = self.trim(range);
        let (first, last) = match self.kinds[range.clone()] {
            [] => return (false, range),
            [first, ..] => (first, self.kinds[range.end - 1]),
        };
        if first == b'-' || first == b'+' && is_before {
            range.start += 1;
        } else if last == b'-' {
            range.end -= 1;
        }
        (first == b'-' || first != b'+' && last == b'-', self.trim(range))
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

fn is_currency(text: &str) -> bool {
    let mut characters = text.chars();
    let is_sign = |character: char| CURRENCY_SIGNS.contains(&character);
    characters.next().is_some_and(is_sign) && characters.next().is_none() || CURRENCIES.contains(&text)
}

/// Whether a text behind a number is a unit: one of a list, or one word behind a space or in another script.
fn is_unit(text: &str, is_spaced: bool) -> bool {
    // Digits and fractions of other scripts are numbers.
    let is_of_word = |character: char| {
        character.is_ascii_alphabetic()
            || matches!(character, '%' | '/')
            || !character.is_ascii() && !character.is_numeric()
    };
    let is_apart = is_spaced || text.chars().all(|character| !character.is_ascii());
    UNITS.contains(&text) || is_apart && text.chars().count() <= UNIT_CHARACTERS && text.chars().all(is_of_word)
}

/// What a character is in a number: see [`Signs::kinds`].
fn kind(character: char) -> u8 {
    match character {
        '0'..='9' | '(' | ')' | '.' | ',' | '\'' | '_' | ' ' | '-' | '+' => character as u8,
        'e' | 'E' => b'e',
        '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}' => b'0' + (character as u8 & 15),
        '\u{966}'..='\u{96F}' => b'0' + (character as u8 - 0x66),
        '\u{FF10}'..='\u{FF19}' => b'0' + (character as u8 & 15),
        '\u{66B}' => b'd',
        '\u{66C}' => b't',
        '\u{FF0E}' => b'.',
        '\u{FF0C}' | '\u{60C}' => b',',
        '\u{2019}' | '\u{2BC}' => b'\'',
        '\u{A0}' | '\u{2007}' | '\u{2009}' | '\u{202F}' | '\t' => b' ',
        '\u{2212}' | '\u{2013}' | '\u{FE63}' | '\u{FF0D}' => b'-',
        '\u{FF0B}' => b'+',
        _ => b'x',
    }
}

fn decimal_sign(sign: u8) -> Option<DecimalSign> {
    match sign {
        b'.' | b'd' => Some(DecimalSign::Point),
        b',' => Some(DecimalSign::Comma),
        _ => None,
    }
}

/// The digits before and after the last sign that may set off decimals, and what the signs are.
fn separate(text: &[u8], has_exponent: bool) -> Option<(String, String, Separators)> {
    let is_sign = |byte: &u8| !byte.is_ascii_digit();
    let owned =
        |digits: &[u8]| digits.iter().filter(|byte| !is_sign(byte)).map(|byte| char::from(*byte)).collect::<String>();
    let known = |decimal, thousands| Separators::Known { decimal, thousands };
    let Some(last) = text.iter().rposition(is_sign) else {
        return (!text.is_empty()).then(|| (owned(text), String::new(), known(None, None)));
    };
    let (before, after) = (&text[..last], &text[last + 1..]);
    let thousands = before.iter().copied().find(|byte| is_sign(byte));
    let decimal = decimal_sign(text[last]).filter(|_| thousands != Some(text[last]));
    let Some(decimal) = decimal else {
        // Nothing but groups.
        return are_groups(text, text[last])
            .then(|| (owned(text), String::new(), known(None, Some(group_sign(text[last])))));
    };
    if let Some(sign) = thousands {
        let separators = known(Some(decimal), Some(group_sign(sign)));
        return are_groups(before, sign).then(|| (owned(before), owned(after), separators));
    }
    let may_be_group = after.len() == 3 && matches!(before, [b'1'..=b'9', rest @ ..] if rest.len() < 3);
    let is_either = may_be_group && !has_exponent && text[last] != b'd';
    let separators = if is_either { Separators::Either(decimal) } else { known(Some(decimal), None) };
    (text.len() > 1).then(|| (owned(before), owned(after), separators))
}

/// The sign between groups, as a column remembers it.
fn group_sign(sign: u8) -> char {
    if sign == b't' { ',' } else { char::from(sign) }
}

/// Whether digits are in groups of three with this sign between them, or between commas of two before the last three.
fn are_groups(text: &[u8], sign: u8) -> bool {
    let (mut n_groups, mut are_threes, mut are_twos, mut length) = (0, true, true, 0);
    for byte in text {
        if byte.is_ascii_digit() {
            length += 1;
        } else {
            let is_first = n_groups == 0;
            are_threes &= *byte == sign && if is_first { (1..=3).contains(&length) } else { length == 3 };
            are_twos &= *byte == sign && if is_first { (1..=2).contains(&length) } else { length == 2 };
            n_groups += 1;
            length = 0;
        }
    }
    length == 3 && (are_threes || are_twos && n_groups > 1 && sign == b',')
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
