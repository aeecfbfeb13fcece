//! Names and numbers as messages write them.

use std::fmt;

/// The most characters of a name that a message repeats.
const MAX_NAME: usize = 200;

/// A name in quotes, cut to what a reader takes in. Invisible and control characters are escaped, and so are spaces of other
/// kinds than the common one.
pub(crate) fn quote(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 2);
    for character in shorten(name.to_owned()).chars() {
        match is_invisible(character)
            || character.is_control()
            || matches!(character, '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}')
        {
            true => {
                text.push_str("\\u");
                let digit = |shift: u32| b"0123456789abcdef"[(character as usize >> shift) % 16];
                text.extend([12, 8, 4, 0].map(|shift| char::from(digit(shift))));
            }
            false => text.push(character),
        }
    }
    format!("\"{text}\"")
}

/// Whether a character takes no room on paper.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}'
    )
}

/// A name, cut to what a reader takes in.
pub(crate) fn shorten(mut name: String) -> String {
    if let Some((end, _)) = name.char_indices().nth(MAX_NAME) {
        name.truncate(end);
        name.push('…');
    }
    name
}

/// A number in a message: the shortest digits that read back to it, as JavaScript writes them.
pub(crate) struct Decimal(pub(crate) f64);

impl fmt::Display for Decimal {
    #[cfg(not(target_arch = "wasm32"))]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number) = *self;
        match number.abs() {
            0.0 | 1e-6..1e21 => write!(f, "{number}"),
            _ => write!(f, "{number:e}"),
        }
    }

    /// The host writes it: formatting floats is 16 KB of code that nothing else in the page needs.
    #[cfg(target_arch = "wasm32")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = js_sys::Number::from(self.0).to_string_with_radix(10).ok().and_then(|text| text.as_string());
        let text = text.as_deref().unwrap_or("a number");
        // It writes 1e+22, and every other target 1e22.
        text.split('+').try_for_each(|part| f.write_str(part))
    }
}

/// A number of things, of which the word names one: `1 row`, `3 rows`.
pub fn count(number: u64, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// The name nearest to `wanted`, where one is near.
///
/// Near means a Damerau-Levenshtein distance of at most a third of the longer name's characters, the case of ASCII letters aside.
pub(crate) fn nearest_name<'a>(wanted: &str, names: &mut dyn Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_ascii_lowercase();
    names
        .filter_map(|name| {
            let (a, b) = (name.chars().count(), wanted.chars().count());
            // The distance is at least the difference in length, and costs the product of the lengths to compute.
            let is_possible = a.abs_diff(b) * 3 <= a.max(b) && a.max(b) <= MAX_NAME;
            is_possible.then(|| (strsim::osa_distance(&wanted, &name.to_ascii_lowercase()), a.max(b), name))
        })
        .filter(|(distance, longer, _)| distance * 3 <= *longer)
        .min_by_key(|(distance, _, _)| *distance)
        .map(|(_, _, name)| name)
}

/// ` (did you mean "x"?)` for the nearest name, or nothing when none is near.
pub(crate) fn did_you_mean<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    nearest_name(wanted, &mut names.into_iter())
        .map(|name| format!(" (did you mean {}?)", quote(name)))
        .unwrap_or_default()
}

/// At most the first `MAX_LISTED` names, quoted, for a message that says what there is to choose from.
pub(crate) fn list_names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    list(&mut names.into_iter())
}

/// Compiled once: each kind of iterator would take 1 KB of the predict build.
fn list(mut names: &mut dyn Iterator<Item = &str>) -> String {
    /// More names than a reader takes in at once.
    const MAX_LISTED: usize = 20;
    let mut text = String::new();
    for name in (&mut names).take(MAX_LISTED) {
        text.push_str(if text.is_empty() { "" } else { ", " });
        text.push_str(&quote(name));
    }
    match names.count() {
        0 => {}
        more => text.push_str(&format!(" and {more} more")),
    }
    text
}
