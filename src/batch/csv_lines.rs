//! Predictions as lines of CSV.

use super::PredictedRow;
use crate::error::Error;
#[cfg(doc)]
use crate::model::Conformal;
use crate::model::Model;
use crate::predict::Interval;
use crate::table::{Label, Labels, Task, write_cell, write_number};

/// Writes predictions as CSV to memory. Numbers have the fewest digits that read back to the same 64 bits, as JavaScript
/// writes them. The columns are:
///
/// - those that are kept;
/// - `prediction`;
/// - of a classification `probability_<class>` for each class, in sorted order;
/// - of a model with [conformal bounds](Conformal), for each level in percent, `lower_90` and `upper_90`, or `set_90` with
///   ` | ` between its classes; a class that has this sign is in quotes;
/// - `error` where refused rows have lines too.
#[derive(Debug)]
pub struct CsvLines<'m> {
    model: &'m Model,
    /// The columns that are kept: their positions in the file, and their names.
    kept: &'m [(usize, String)],
    marks: bool,
    /// Whether texts that a spreadsheet would run as formulas are marked as texts.
    is_safe: bool,
    lines: Vec<u8>,
}

/// Whether a text is a number, with a sign before it and in its exponent at most. The standard library's reader of numbers
/// would be 13 KB of the page.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text).as_bytes();
    let fits = |(at, byte): (usize, &u8)| match byte {
        b'0'..=b'9' | b'.' => true,
        b'e' | b'E' => at > 0,
        b'+' | b'-' => at > 0 && matches!(digits[at - 1], b'e' | b'E'),
        _ => false,
    };
    digits.iter().any(u8::is_ascii_digit) && digits.iter().enumerate().all(fits)
}

/// The first signs of a formula in a spreadsheet.
///
/// Source: OWASP, "CSV Injection".
const FORMULA_SIGNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

impl<'m> CsvLines<'m> {
    /// `kept` are columns of the file, by position and name; `marks` makes room for the reason why a row is refused.
    pub fn new(model: &'m Model, kept: &'m [(usize, String)], marks: bool) -> Self {
        Self { model, kept, marks, is_safe: false, lines: Vec::new() }
    }

    /// Puts an apostrophe before every text that a spreadsheet would run as a formula. Numbers stay as they are.
    #[must_use]
    pub fn safe(self, is_safe: bool) -> Self {
        Self { is_safe, ..self }
    }

    /// The columns that are added to those kept; a column of the file that has the name of one cannot be kept.
    pub fn added(model: &Model, marks: bool) -> Vec<String> {
        let mut names = vec!["prediction".to_owned()];
        for class in model.schema().target.classes().into_iter().flat_map(Labels::iter) {
            names.push(format!("probability_{class}"));
        }
        for bound in model.bounds() {
            let regions: &[&str] = if model.task() == Task::Regression { &["lower", "upper"] } else { &["set"] };
            for region in regions {
                names.push(format!("{region}_{}", bound.percent));
            }
        }
        if marks {
            names.push("error".to_owned());
        }
        names
    }

    /// Adds the line before the first.
    pub fn add_header(&mut self) {
        let kept = self.kept;
        kept.iter().for_each(|(_, name)| self.add_cell(name));
        Self::added(self.model, self.marks).iter().for_each(|name| self.add_cell(name));
        self.end_line();
    }

    /// Adds a row's line.
    pub fn add(&mut self, row: &PredictedRow<'_>) {
        let (kept, model) = (self.kept, self.model);
        kept.iter().for_each(|(place, _)| self.add_cell(&row.cell(*place)));
        match (&row.outputs, model.schema().target.classes()) {
            (Ok(outputs), None) => {
                self.add_number(outputs[0]);
                for Interval { lower, upper, .. } in model.intervals(outputs[0]) {
                    self.add_number(lower);
                    self.add_number(upper);
                }
            }
            (Ok(outputs), Some(classes)) => {
                match classes.get(model.decide(outputs)) {
                    Some(Label::Text(class)) => self.add_cell(class),
                    Some(Label::Number(class)) => self.add_number(class),
                    None => self.add_cell(""),
                }
                outputs.iter().for_each(|probability| self.add_number(*probability));
                for set in model.class_sets(outputs) {
                    let classes: Vec<String> = set.classes.iter().map(in_set).collect();
                    self.add_cell(&classes.join(" | "));
                }
            }
            (Err(_), _) => Self::added(model, false).iter().for_each(|_| self.add_cell("")),
        }
        if self.marks {
            self.add_cell(&row.outputs.as_ref().err().map(Error::to_string).unwrap_or_default());
        }
        self.end_line();
    }

    /// The lines' bytes.
    pub fn finish(self) -> Vec<u8> {
        self.lines
    }

    fn add_cell(&mut self, cell: &str) {
        if self.is_safe && cell.starts_with(FORMULA_SIGNS) && !is_number(cell) {
            write_cell(&mut self.lines, &format!("'{cell}"));
        } else {
            write_cell(&mut self.lines, cell);
        }
        self.lines.push(b',');
    }

    fn add_number(&mut self, number: f64) {
        write_number(&mut self.lines, number);
        self.lines.push(b',');
    }

    /// There is always a cell, and a comma after it.
    fn end_line(&mut self) {
        if let Some(last) = self.lines.last_mut() {
            *last = b'\n';
        }
    }
}

/// A class as a set has it: in quotes where it has the sign between classes, or quotes.
fn in_set(class: &Label<'_>) -> String {
    let class = class.to_string();
    if class.contains(['|', '"']) { format!("\"{}\"", class.replace('"', "\"\"")) } else { class }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::BatchPredictor;
    use crate::pipeline::Pipeline;
    use crate::table::{ReadOptions, Table};

    #[test]
    fn lines_read_back_as_what_they_say() {
        let rows: String = (0..30).map(|i| format!("{i},{}\n", ["a\"b", "c,d", "e\nf"][i * 7 % 5 % 3])).collect();
        let table = format!(
            "x,y\n{}",
            rows.replace("a\"b", "\"a\"\"b\"").replace("c,d", "\"c,d\"").replace("e\nf", "\"e\nf\"")
        );
        let model = Pipeline::new("y").train(&Table::parse(table.as_bytes()).unwrap()).unwrap();
        let file = "x,\"n\"\"o,te\"\n1,\"p,\"\"q\"\n\"4\",\n1e300,z\nsix,z\n";
        let scorer = BatchPredictor::new(&model, file.as_bytes(), true, &ReadOptions::default(), None).unwrap();
        let kept: Vec<_> = scorer.names().iter().cloned().enumerate().collect();
        let mut lines = CsvLines::new(&model, &kept, true);
        lines.add_header();
        let mut outputs = Vec::new();
        scorer
            .score(file.as_bytes(), true, 0, |row| {
                outputs.push(row.outputs.as_ref().map_or(vec![f64::NAN; 3], |outputs| outputs.to_vec()));
                lines.add(&row);
                Ok(())
            })
            .unwrap();
        let lines = String::from_utf8(lines.finish()).unwrap();
        let read =
            Table::read(lines.as_bytes(), &ReadOptions { delimiter: Some(','), ..ReadOptions::default() }).unwrap();
        let names: Vec<_> = read.columns().iter().map(|column| column.name.as_str()).collect();
        let classes = ["probability_a\"b", "probability_c,d", "probability_e\nf"];
        assert_eq!(names, ["x", "n\"o,te", "prediction", classes[0], classes[1], classes[2], "error"]);
        for (class, name) in classes.iter().enumerate() {
            let crate::table::Values::Numbers(numbers) = &read.column(name).unwrap().values else { panic!("{name}") };
            for (number, outputs) in numbers.iter().zip(&outputs) {
                assert_eq!(number.to_bits(), outputs[class].to_bits(), "{lines}");
            }
        }
        assert!(
            lines.contains("1,\"p,\"\"q\",") && lines.contains("six,z,,,,,\"column \"\"x\"\": expected a number, "),
            "{lines}"
        );
    }

    #[test]
    fn numbers_are_written_alike_on_every_target() {
        let table = Table::parse(b"x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n").unwrap();
        let model = Pipeline::new("y").train(&table).unwrap();
        let mut lines = CsvLines::new(&model, &[], false);
        for number in [0.0, -2.0, 0.1, 1e-5, 1e-6, 1.5e-7, 123456789012345680.0, 1e15, 1e16, 1e21, f64::MIN_POSITIVE] {
            lines.add_number(number);
        }
        let text = String::from_utf8(lines.finish()).unwrap();
        let expected = "0,-2,0.1,0.00001,0.000001,1.5e-7,123456789012345680,1000000000000000,10000000000000000,1e21,";
        assert!(text.starts_with(expected) && text.ends_with("2.2250738585072014e-308,"), "{text}");
    }

    #[test]
    fn texts_that_would_run_as_formulas_are_marked_where_it_is_asked_for() {
        let model = crate::Pipeline::new("y").train(&Table::parse(b"x,y\n1,5\n2,7\n3,9\n4,11\n").unwrap()).unwrap();
        let kept = [(1, "=id".to_owned())];
        let write = |is_safe: bool| {
            let file = "x,=id\n1,=1+1\n1,-5\n1,@a\n1,a=b\n1,+\n1,-1+1\n1,+1e-5\n";
            let names = ["=id".to_owned()];
            let options = ReadOptions::default();
            let scorer = BatchPredictor::new(&model, file.as_bytes(), true, &options, Some(&names)).unwrap();
            let mut lines = CsvLines::new(&model, &kept, false).safe(is_safe);
            lines.add_header();
            let added = scorer.score(file.as_bytes(), true, 0, |row| {
                lines.add(&row);
                Ok(())
            });
            added.unwrap();
            String::from_utf8(lines.finish()).unwrap()
        };
        assert_eq!(write(true), "'=id,prediction\n'=1+1,5\n-5,5\n'@a,5\na=b,5\n'+,5\n'-1+1,5\n+1e-5,5\n");
        assert_eq!(write(false), "=id,prediction\n=1+1,5\n-5,5\n@a,5\na=b,5\n+,5\n-1+1,5\n+1e-5,5\n");
    }
}
