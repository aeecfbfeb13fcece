//! Cells as CSV.

use crate::error::Decimal;
use std::io::Write as _;

/// Adds a text, in quotes where it has to be. By hand: the csv crate's writer may be asked to quote all but numbers, and
/// with that comes a parser of numbers, 15 KB of the page that never run.
pub(crate) fn write_cell(line: &mut Vec<u8>, cell: &str) {
    if !cell.bytes().any(|byte| matches!(byte, b'"' | b',' | b'\r' | b'\n')) {
        line.extend(cell.as_bytes());
        return;
    }
    line.push(b'"');
    for byte in cell.bytes() {
        line.extend(std::iter::repeat_n(byte, if byte == b'"' { 2 } else { 1 }));
    }
    line.push(b'"');
}

/// Adds a number with the fewest digits that read back to the same 64 bits, as JavaScript writes them.
pub(crate) fn write_number(line: &mut Vec<u8>, number: f64) {
    // The library behind it takes a third of the time that the standard one does for the same digits.
    #[cfg(all(any(feature = "cli", feature = "server"), not(target_arch = "wasm32")))]
    if (1e-5..1e16).contains(&number.abs()) && serde_json::to_writer(&mut *line, &number).is_ok() {
        if line.ends_with(b".0") {
            line.truncate(line.len() - 2);
        }
        return;
    }
    // Writing to memory does not fail.
    let _ = write!(line, "{}", Decimal(number));
}
