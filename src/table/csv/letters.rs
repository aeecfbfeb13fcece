//! Letters that look alike and are written in several ways.

use crate::error::is_invisible;
use std::borrow::Cow;

/// Whether UTF-8 may hold a letter with its marks behind it: U+0300 to U+036F, or the vowels and consonants of Hangul.
pub(super) fn has_marks(text: &[u8]) -> bool {
    text.array_windows()
        .any(|[first, second]| matches!((first, second), (0xCC, _) | (0xCD, ..0xB0) | (0xE1, 0x84..=0x87)))
}

/// What a text is to the eye: in small letters, with one space for white space of any kind and length, with ASCII for what
/// looks like it, and without what takes no room.
pub(super) fn as_seen(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for character in text.chars().filter(|character| !is_invisible(*character)) {
        match character {
            _ if character.is_whitespace() => seen.push_str(if seen.ends_with(' ') { "" } else { " " }),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => seen.push('-'),
            // Wide forms of ASCII.
            '\u{FF01}'..='\u{FF5E}' => seen.push((character as u8).wrapping_add(0x20).to_ascii_lowercase() as char),
            _ => seen.push(character.to_ascii_lowercase()),
        }
    }
    seen
}

/// A text with each letter and its marks in one character, where Unicode has one (form NFC).
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    use unicode_normalization::UnicodeNormalization;
    if has_marks(text.as_bytes()) { Cow::Owned(text.nfc().collect()) } else { Cow::Borrowed(text) }
}

/// The browser knows the letters; their tables would be 30 KB of the page.
#[cfg(target_arch = "wasm32")]
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(js_sys::JsString::from(text).normalize("NFC").into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_is_seen_alike() {
        let alike = ["a b-1", "A B-1", "a\u{A0}b-1", "a  b-1", "a b\u{2212}1", "a\u{202E} b-1", "ａ ｂ－１"];
        assert!(alike.iter().all(|text| as_seen(text) == "a b-1"), "{:?}", alike.map(as_seen));
        assert_ne!(as_seen("ab-1"), as_seen("a b-1"));
    }
}
