//! Numbers as programs write them.

use super::digits::Digits;
use crate::error::Decimal;
use crate::table::DecimalSign;
use crate::table::number::number;

/// Whether a text is how a program writes the finite number that it reads as: then the number stands for the text, and the
/// text for the number.
pub(super) fn is_canonical(text: &str) -> bool {
    match Digits::of(text).and_then(Digits::are_canonical) {
        Some(is_canonical) => is_canonical,
        None => number(text, DecimalSign::Point)
            .is_some_and(|number| number.is_finite() && Decimal(number).to_string() == text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canonical_text_is_the_one_of_its_number() {
        for text in ["0", "7", "-7", "1.5", "0.25", "123456789012345", "9007199254740992", "1e+21", "0.000001"] {
            let is_own = number(text, DecimalSign::Point).is_some_and(|number| Decimal(number).to_string() == text);
            assert_eq!(is_canonical(text), is_own, "{text}");
        }
        for text in [
            "",
            "-0",
            "007",
            "1.50",
            "1.0",
            "+1",
            "1.",
            ".5",
            "12E4",
            "9007199254740993",
            "1 ",
            "a",
            "0.0000001",
            "inf",
            "NaN",
            "0.12345678901234567",
            "1.10000000000000001",
        ] {
            assert!(!is_canonical(text), "{text}");
        }
    }
}
