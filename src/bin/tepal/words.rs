//! Figures and their names in words.

use tepal::note::Level;

/// A threshold for people: LightGBM splits at 1e-35 where it means 0.
pub(crate) fn without_dust(threshold: f64) -> f64 {
    /// Below this a threshold stands for 0.
    const DUST: f64 = 1e-30;
    if threshold.abs() < DUST { 0.0 } else { threshold }
}

/// A name in camel case as words.
pub(crate) fn words(name: &str) -> String {
    match name {
        "auc" => return "AUC".into(),
        "macroAuc" => return "AUC, mean over classes".into(),
        "rSquared" => return "R²".into(),
        "dSquared" => return "D² (of that loss)".into(),
        "atOrBelow" => return "at or below prediction".into(),
        "halfPoissonDeviance" => return "half Poisson deviance".into(),
        "macroF1" => return "F1, mean over classes".into(),
        "brierScore" => return "Brier score".into(),
        _ => {}
    }
    if let Some(percent) = name.strip_prefix("coverage") {
        return format!("truth inside at {percent} %");
    }
    let mut words = String::new();
    for character in name.chars() {
        if character.is_uppercase() {
            words.push(' ');
        }
        words.extend(character.to_lowercase());
    }
    words
}

/// How much a note matters, in a word.
pub(crate) fn level(level: Level) -> &'static str {
    match level {
        Level::Info => "note",
        Level::Caution => "caution",
        Level::Warning => "warning",
    }
}

/// A count of rows, which has decimals where rows have weights.
pub(crate) fn counted(rows: f64) -> String {
    if rows.fract() == 0.0 { format!("{rows:.0}") } else { significant(rows) }
}

/// The same with its noun.
pub(crate) fn counted_rows(rows: f64) -> String {
    format!("{} row{}", counted(rows), if rows == 1.0 { "" } else { "s" })
}

/// A figure, or a dash for one that is not defined.
pub(crate) fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| "-".into(), significant)
}

/// A number with four decimals; with none where it has five digits before the point, and with more where it is small.
pub(crate) fn significant(value: f64) -> String {
    like(value, value).trim_start_matches('+').to_owned()
}

/// The same with its sign.
pub(crate) fn signed(value: f64) -> String {
    like(value, value)
}

/// A number with its sign, and as many decimals as another one is shown with.
pub(crate) fn like(value: f64, other: f64) -> String {
    let exponent = if other == 0.0 || !other.is_finite() { 0 } else { other.abs().log10().floor() as i32 };
    match exponent {
        ..-6 => format!("{value:+.3e}"),
        -6..4 => format!("{value:+.*}", 4.max(3 - exponent) as usize),
        _ => format!("{value:+.0}"),
    }
}

/// Text without control characters: names come from files, and one must not write lines or colours of its own.
pub(crate) fn plain(text: &str) -> String {
    text.replace(char::is_control, "\u{FFFD}")
}

/// Rows of cells, aligned: the first column to the left, the others to the right.
pub(crate) fn columns(rows: &[Vec<String>]) -> String {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..n_columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::from(" ");
        for (column, cell) in row.iter().enumerate() {
            let cell = plain(cell);
            let gap = " ".repeat(widths[column].saturating_sub(cell.chars().count()));
            let (before, after) = if column == 0 { (String::new(), gap) } else { (gap, String::new()) };
            line.push_str(&format!(" {before}{cell}{after} "));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_their_first_digits_whatever_their_size() {
        let cases = [
            (0.25, "0.2500"),
            (-2.251_74, "-2.2517"),
            (0.000_163_24, "0.0001632"),
            (1_846_399_264.4, "1846399264"),
            (12_345.678, "12346"),
            (1_234.567_89, "1234.5679"),
            (3.7e-7, "3.700e-7"),
            (3.7e-6, "0.000003700"),
            (0.0, "0.0000"),
        ];
        for (value, expected) in cases {
            assert_eq!(significant(value), expected);
        }
        assert_eq!((signed(0.05), figure(None)), ("+0.05000".to_owned(), "-".to_owned()));
        assert!(significant(f64::NAN) == "NaN" && significant(f64::INFINITY) == "inf");
    }
}
