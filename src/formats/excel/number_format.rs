//! What an Excel number format shows beside a number.

/// What a cell shows beside its number.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shown {
    /// The number times 100, as `7%` for 0.07.
    Percent,
    /// So many digits, with zeros before the number: a code.
    Digits(usize),
    /// A unit or a currency.
    Units { before: String, after: String },
}

/// How many digits a code has: a double holds up to fifteen of any number.
const DIGITS_OF_CODES: std::ops::RangeInclusive<usize> = 2..=15;

/// The longest word that is a unit.
const UNIT_CHARACTERS: usize = 12;

impl Shown {
    /// By the code of a number format; `None` if it shows the number alone, or divides it.
    pub(super) fn by(code: &str) -> Option<Self> {
        let general = code.to_ascii_lowercase().find("general");
        let code = general.map_or_else(|| code.to_owned(), |at| format!("{}0{}", &code[..at], &code[at + 7..]));
        if DIGITS_OF_CODES.contains(&code.len()) && code.bytes().all(|byte| byte == b'0') {
            return Some(Self::Digits(code.len()));
        }
        let (mut before, mut after) = (String::new(), String::new());
        let (mut has_digits, mut divides) = (false, false);
        let mut characters = code.chars();
        // Negative numbers may have a format of their own behind a semicolon.
        while let Some(character) = characters.next().filter(|character| *character != ';') {
            let units = if has_digits { &mut after } else { &mut before };
            match character {
                '"' => units.extend(characters.by_ref().take_while(|character| *character != '"')),
                '\\' => units.extend(characters.next()),
                '_' | '*' => _ = characters.next(),
                '[' => {
                    let inside: String = characters.by_ref().take_while(|character| *character != ']').collect();
                    // A currency, and behind its hyphen a place; others are colours and conditions.
                    units.push_str(inside.strip_prefix('$').and_then(|inside| inside.split('-').next()).unwrap_or(""));
                }
                '%' => return Some(Self::Percent),
                '0' | '#' | '?' => (has_digits, divides, after) = (true, false, String::new()),
                ',' => divides = has_digits,
                'E' | 'e' => _ = characters.next(),
                '$' | '€' | '£' | '¥' | ' ' => units.push(character),
                _ => {}
            }
        }
        let is_unit = |sign: char| sign == '$' || !sign.is_ascii_punctuation() && !sign.is_whitespace();
        let is_shown = has_digits && !divides && before.chars().chain(after.chars()).any(is_unit);
        is_shown.then(|| Self::Units { before: before.trim().to_owned(), after: after.trim().to_owned() })
    }

    /// Whether the reader of cells takes it for a currency before the number, or for a unit behind it.
    pub(super) fn is_plain_unit(&self) -> bool {
        let is_unit = |sign: char| sign.is_alphabetic() || matches!(sign, '%' | '/' | '°' | '²' | '³');
        let is_sign = |sign: char| sign == '$' || !sign.is_alphanumeric();
        match self {
            Self::Units { before, after } if before.is_empty() => {
                after.chars().count() <= UNIT_CHARACTERS && (after.chars().all(is_unit) || after.chars().all(is_sign))
            }
            Self::Units { before, after } if after.is_empty() => {
                let is_name = before.len() == 3 && before.bytes().all(|byte| byte.is_ascii_uppercase());
                is_name || before.chars().count() == 1 && before.chars().all(is_sign)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_what_stands_beside_the_digits() {
        let units = |code: &str| match Shown::by(code) {
            Some(Shown::Units { before, after }) => Some((before, after)),
            _ => None,
        };
        let shown = [
            ("0.0\" kg\"", "", "kg"),
            ("[$€-407]#,##0.00", "€", ""),
            ("\"$\"#,##0.00_);[Red](\"$\"#,##0.00)", "$", ""),
            ("#,##0.00 [$CHF-807]", "", "CHF"),
            ("General\\m", "", "m"),
            ("[Red]$0.0", "$", ""),
        ];
        for (code, before, after) in shown {
            assert_eq!(units(code), Some((before.to_owned(), after.to_owned())), "{code}");
        }
        let plain =
            [("0.0\" kg\"", true), ("[$€-407]0", true), ("0 [$CHF-807]", true), ("\"A\"0", false), ("0\"x-1\"", false)];
        for (code, is_plain) in plain {
            assert_eq!(Shown::by(code).unwrap().is_plain_unit(), is_plain, "{code}");
        }
        assert_eq!(Shown::by("00000"), Some(Shown::Digits(5)));
        assert_eq!(Shown::by(&"0".repeat(70_000)), None);
        for code in [
            "General",
            "0.00",
            "#,##0_);(#,##0)",
            "0.0,,\"M\"",
            "0.00E+00",
            "[Blue]0",
            "[$-409]0",
            "00\"-\"00",
            "@",
            "\"no\"",
        ] {
            assert_eq!(Shown::by(code), None, "{code}");
        }
    }

    #[test]
    fn a_percent_sign_multiplies_outside_of_quotes() {
        for code in ["0%", "0.00%", "0 %;[Red]-0 %", "[Blue]0%"] {
            assert_eq!(Shown::by(code), Some(Shown::Percent), "{code}");
        }
        for code in ["General", "0.0\"%\"", "0\\%", "0;0%"] {
            assert_ne!(Shown::by(code), Some(Shown::Percent), "{code}");
        }
    }
}
