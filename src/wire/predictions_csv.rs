//! Predictions as a CSV file.

use crate::model::Model;
use std::io::{self, Write};

/// Writes what [`Model::predict_many`] answered, one line per row in the same order: `prediction`, and for a
/// classification one column `probability_<class>` per class in sorted order. Numbers have 17 significant digits, which
/// read back to the same 64 bits.
///
/// # Errors
/// Those of the writer.
pub fn write_predictions_csv(model: &Model, outputs: &[f64], writer: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(writer);
    let classes = model.schema().target.classes();
    let probabilities = classes.iter().flat_map(|classes| classes.iter()).map(|class| format!("probability_{class}"));
    csv.write_record(["prediction".to_owned()].into_iter().chain(probabilities))?;
    for outputs in outputs.chunks_exact(model.n_outputs()) {
        let prediction = model.prediction(outputs);
        match prediction.class() {
            Some(class) => {
                csv.write_record([class.to_string()].into_iter().chain(outputs.iter().copied().map(seventeen_digits)))?
            }
            None => csv.write_record([seventeen_digits(outputs[0])])?,
        }
    }
    csv.flush()
}

/// A finite number with 17 significant digits, in plain notation where that is not much longer, as C's `%.17g` chooses.
fn seventeen_digits(number: f64) -> String {
    let scientific = format!("{number:.16e}");
    let exponent: i32 = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    match exponent {
        -4..17 => format!("{number:.*}", usize::try_from(16 - exponent).unwrap_or(0)),
        _ => scientific,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seventeen_digits_are_written_and_read_back() {
        let cases = [
            (15.0, "15.000000000000000"),
            (0.1, "0.10000000000000001"),
            (-1234.5, "-1234.5000000000000"),
            (0.0, "0.0000000000000000"),
            (2f64.powi(-30), "9.3132257461547852e-10"),
            (2.5e20, "2.5000000000000000e20"),
            (12345678901234568.0, "12345678901234568"),
        ];
        for (number, text) in cases {
            assert_eq!(seventeen_digits(number), text);
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits());
        }
    }
}
