//! Flags with a few named values.

use clap::builder::{PossibleValuesParser, TypedValueParser};

/// A parser of the names that the library gives its choices.
pub(crate) fn one_of<T, const N: usize>(names: [(&'static str, T); N]) -> impl TypedValueParser<Value = T>
where
    T: Copy + Default + Send + Sync + 'static,
{
    // The names are checked before.
    let by_name =
        move |name: String| names.iter().find(|(known, _)| *known == name).map_or_else(T::default, |(_, value)| *value);
    PossibleValuesParser::new(names.map(|(name, _)| name)).map(by_name)
}
