//! The names of a file's columns, and rows that go with them.

use super::Cells;
use super::dialect::Dialect;
use super::remedy::with_remedy;
use super::sniff::{Extra, Unnamed};
use super::values::check_names;
use crate::error::{Error, ErrorKind, Result, count};
use crate::table::number::{DecimalSign, number, trim};

impl Dialect {
    /// The names of the columns, from the first row. A column without a name that a table can do without has an empty one.
    ///
    /// # Errors
    /// [`ErrorKind::BadHeader`], [`ErrorKind::LimitExceeded`].
    pub(crate) fn names<'c>(&mut self, first_row: impl Iterator<Item = &'c str>) -> Result<Vec<String>> {
        if !self.has_header {
            let names: Vec<String> = (1..).zip(first_row).map(|(number, _)| format!("column_{number}")).collect();
            check_names(&names.iter().map(String::as_str).enumerate().collect::<Vec<_>>())?;
            return Ok(names);
        }
        let mut names: Vec<String> = first_row.map(|name| trim(name).to_owned()).collect();
        match self.extra {
            Extra::Nothing => {}
            Extra::First => names.insert(0, String::new()),
            Extra::Last => names.push(String::new()),
        }
        let last = names.len().saturating_sub(1);
        let mut empty = std::mem::take(&mut self.unnamed.empty);
        // A cell more in each row moves the others.
        empty.retain(|place| self.extra == Extra::Nothing && *place != last && names.len() > 1);
        let is_unnamed = |place: usize| names.len() > 1 && names[place].is_empty() && !empty.contains(&place);
        self.unnamed = Unnamed { is_first: last > 0 && is_unnamed(0), is_last: last > 0 && is_unnamed(last), empty };
        let Unnamed { is_first, is_last, empty } = &self.unnamed;
        let is_named =
            |place: &usize| !(*is_first && *place == 0 || *is_last && *place == last || empty.contains(place));
        let named = (0..names.len()).filter(is_named).map(|place| (place, names[place].as_str()));
        check_names(&named.collect::<Vec<_>>()).map_err(|error| self.hint(error))?;
        Ok(names)
    }

    /// Refuses a row of another width than the header, and one that has something in a column without a name.
    ///
    /// # Errors
    /// [`ErrorKind::RaggedRow`], [`ErrorKind::BadHeader`].
    pub(crate) fn check_row(&self, row: u64, cells: &Cells<'_>, names: &[String]) -> Result<()> {
        let (expected, found) = (names.len(), cells.len());
        if found != expected {
            return Err(self.ragged(row, cells, names));
        }
        let Unnamed { is_first, is_last, empty } = &self.unnamed;
        if let Some(place) = empty.iter().find(|place| !trim(cells.get(**place)).is_empty()) {
            return Err(self.hint(nameless(place + 1, cells.get(*place)).at_row(row)));
        }
        if *is_last && !trim(cells.get(expected - 1)).is_empty() {
            return Err(self.hint(nameless(expected, cells.get(expected - 1)).at_row(row)));
        }
        if *is_first && self.extra != Extra::First && !is_count(cells.get(0)) {
            return Err(self.hint(nameless(1, cells.get(0)).at_row(row)));
        }
        Ok(())
    }

    #[cold]
    fn ragged(&self, row: u64, cells: &Cells<'_>, names: &[String]) -> Error {
        let (expected, found) = (names.len(), cells.len());
        let n_named = expected - usize::from(self.unnamed.is_last);
        if found == n_named {
            let message = "the header ends with a delimiter, and this row does not; take it away from the header";
            return self.hint(Error::new(ErrorKind::RaggedRow, message).at_row(row));
        }
        let message = format!("expected {} as in the header, found {found}", count(n_named as u64, "cell"));
        let error = Error::new(ErrorKind::RaggedRow, message).at_row(row);
        // A row that is too short lacks a cell of the first column it does not reach.
        let error = match names.get(found) {
            Some(name) => error.in_column(name),
            None => error,
        };
        if self.lines_above > 0 {
            return self.hint(error);
        }
        // What follows the last cell of the header is mostly a part of a cell that has the delimiter in it.
        if found <= expected {
            return error;
        }
        let delimiter = match self.delimiter {
            b'\t' => "tabs (--delimiter tab)".to_owned(),
            byte => format!("\"{0}\" (--delimiter \"{0}\")", char::from(byte)),
        };
        let of_names = match found == expected + 1 {
            true => "; if the first cell names the row, give that column a name in the header",
            false => "",
        };
        with_remedy(error, &format!("cells were cut at {delimiter}: put a cell that has one in it in quotes{of_names}"))
    }

    /// An error about the header, or about a row that does not go with it. Lines above the header are the likeliest cause.
    fn hint(&self, error: Error) -> Error {
        match self.lines_above {
            0 => error,
            1 => with_remedy(error, "a line seems to stand above the header; leave it out (--skip 1)"),
            lines => {
                let remedy = format!("{lines} lines seem to stand above the header; leave them out (--skip {lines})");
                with_remedy(error, &remedy)
            }
        }
    }
}

fn nameless(column: usize, cell: &str) -> Error {
    let message = format!(
        "column {column} has no name and holds {}; give it a name in the header",
        crate::error::quote(trim(cell))
    );
    Error::new(ErrorKind::BadHeader, message)
}

/// Whether a cell can be the number of a row.
fn is_count(cell: &str) -> bool {
    number(cell, DecimalSign::Point).is_some_and(|number| number >= 0.0 && number.fract() == 0.0)
}

#[cfg(test)]
mod tests {
    use crate::table::Table;

    fn names(csv: &str) -> Vec<String> {
        Table::parse(csv.as_bytes()).unwrap().columns().iter().map(|column| column.name.clone()).collect()
    }

    fn error(csv: &str) -> String {
        Table::parse(csv.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn columns_without_a_name_and_without_cells_are_left_out_wherever_they_are() {
        assert_eq!(names(",a,,b,,\n,1,,2,,\n,3,,4,,\n"), ["a", "b"]);
        assert_eq!(names(",a\n,1\n,2\n"), ["a"]);
        let notes = Table::parse(b"a,,b,\n1,,2,\n").unwrap().notes().to_vec();
        assert_eq!(
            notes,
            [
                "the last column has no name and no cell, so it was left out",
                "a column has no name and no cell, so it was left out"
            ]
        );
        let late = format!("a,,b\n{}1,x,2\n", "1,,2\n".repeat(300));
        assert_eq!(error(&late), "row 302: column 2 has no name and holds \"x\"; give it a name in the header");
    }

    #[test]
    fn columns_without_a_name_are_left_out_where_they_hold_no_feature() {
        assert_eq!(names("a;b;\n1;2;\n3;4;\n"), ["a", "b"]);
        assert_eq!(names("a;b\n1;2;\n3;4;\n"), ["a", "b"]);
        assert_eq!(names(",a,b\n0,1,2\n7,3,4\n"), ["a", "b"]);
        assert_eq!(names("\"a\",\"b\"\n\"Mazda\",1,2\n\"Fiat\",3,4\n"), ["a", "b"]);
        let notes = |csv: &str| Table::parse(csv.as_bytes()).unwrap().notes().to_vec();
        assert_eq!(notes("a,b,\n1,2,\n"), ["the last column has no name and no cell, so it was left out"]);
        assert_eq!(notes(",a,b\n0,1,2\n"), ["the first column has no name and numbers the rows, so it was left out"]);
        assert_eq!(error(",a\nx,1\n"), "row 2: column 1 has no name and holds \"x\"; give it a name in the header");
        assert_eq!(
            error("a,b,\n1,2,\n3,4,5\n"),
            "row 3: column 3 has no name and holds \"5\"; give it a name in the header"
        );
    }

    #[test]
    fn lines_above_the_header_are_pointed_at() {
        let report = "Report,,\n,,\na,b,y\n1,2,p\n3,4,q\n5,6,p\n";
        assert!(
            error(report).ends_with("2 lines seem to stand above the header; leave them out (--skip 2)"),
            "{}",
            error(report)
        );
        let comment = "# Station 12\na,b,y\n1,2,p\n3,4,q\n5,6,p\n";
        assert!(
            error(comment).ends_with("a line seems to stand above the header; leave it out (--skip 1)"),
            "{}",
            error(comment)
        );
    }

    #[test]
    fn the_remedy_is_the_one_that_helps() {
        let table = "x,y\n1,2\n3,4\n5,6\n";
        assert!(error(&format!("Report,\n{table}")).ends_with("leave it out (--skip 1)"));
        assert!(error(&format!("\"Report\nof May\",\n{table}")).ends_with("leave them out (--skip 2)"));
        assert!(error("x,z,y,\n1,2,3\n4,5,6\n").ends_with("take it away from the header"));
        let named = error("x,z,y\n1,1,2,3\n7,4,5,6\n3,4,5,6\n");
        assert!(named.ends_with("if the first cell names the row, give that column a name in the header"), "{named}");
    }
}
