//! Figures and their names in words.

use tepal::note::Level;

/// A name in camel case as words.
pub(crate) fn words(name: &str) -> String {
    match name {
        "auc" => return "AUC".into(),
        "macroAuc" => return "AUC, mean over classes".into(),
        "rSquared" => return "R²".into(),
        "macroF1" => return "F1, mean over classes".into(),
        "brierScore" => return "Brier score".into(),
        _ => {}
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

/// A figure with four digits behind the point, or a dash for one that is not defined.
pub(crate) fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| "-".into(), |value| format!("{value:.4}"))
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
