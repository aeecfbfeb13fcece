//! Letters that look alike and are written in several ways.

use std::borrow::Cow;

/// Whether UTF-8 may hold a letter with its marks behind it: U+0300 to U+036F, or the vowels and consonants of Hangul.
pub(super) fn has_marks(text: &[u8]) -> bool {
    text.array_windows()
        .any(|[first, second]| matches!((first, second), (0xCC, _) | (0xCD, ..0xB0) | (0xE1, 0x84..=0x87)))
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
