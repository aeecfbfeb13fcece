//! Excel workbooks.

mod number_format;

use super::guard::guarded;
use crate::error::{Error, ErrorKind, Result, did_you_mean, list_names, quote};
use crate::limits;
use crate::note::{Note, codes};
use crate::table::{Moment, TimeOfDay, has_either_sign, write_cell, write_number};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use number_format::Shown;
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

/// How many rows and columns a sheet has.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// The rows of a sheet as CSV, by default of the first that is not hidden; by place, whether a column has numbers; and what a
/// reader should know.
///
/// # Errors
/// [`ErrorKind::Encoding`] for an archive that is no workbook, [`ErrorKind::InvalidOption`] for a sheet that is not there,
/// [`ErrorKind::Empty`], and [`ErrorKind::LimitExceeded`] for more than a table in memory may have.
pub(super) fn read(bytes: Vec<u8>, sheet: Option<&str>) -> Result<(Vec<u8>, Vec<bool>, Vec<Note>)> {
    guarded("workbook", || read_sheet(bytes, sheet))
}

fn read_sheet(bytes: Vec<u8>, sheet: Option<&str>) -> Result<(Vec<u8>, Vec<bool>, Vec<Note>)> {
    check_size(&bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsxError::FileNotFound(_) => no_workbook(&error),
        _ => damaged(&error),
    })?;
    let is_table = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet;
    let all: Vec<String> = workbook.sheets_metadata().iter().filter(is_table).map(|sheet| sheet.name.clone()).collect();
    let visible = workbook.sheets_metadata().iter().filter(is_table);
    let visible: Vec<String> =
        visible.filter(|sheet| sheet.visible == SheetVisible::Visible).map(|sheet| sheet.name.clone()).collect();
    let names = || all.iter().map(String::as_str);
    let Some(first) = visible.first().or(all.first()) else {
        return Err(Error::new(ErrorKind::Empty, "the workbook has no sheet with cells"));
    };
    let name = match sheet {
        None => first,
        Some(sheet) => all.iter().find(|name| *name == sheet).ok_or_else(|| {
            let hint = did_you_mean(sheet, names());
            let message = format!("no sheet is called {}{hint}; the sheets are {}", quote(sheet), list_names(names()));
            Error::new(ErrorKind::InvalidOption, message)
        })?,
    };
    let others: Vec<&str> = visible.iter().filter(|other| *other != name).map(String::as_str).collect();
    let mut notes = Vec::new();
    if sheet.is_none() && !others.is_empty() {
        let others = list_names(others.iter().copied());
        notes.push(Note::new(codes::SHEET, [name.as_str().into(), others.as_str().into()]));
    }
    check_merged(&mut workbook, name)?;
    let SheetRows { csv, have_numbers, first_duration } =
        rows(&mut workbook, name).map_err(|error| match error.kind() {
            ErrorKind::Empty => error.with_message(format!("the sheet {} has no cells", quote(name))),
            _ => error,
        })?;
    notes.extend(first_duration.map(|place| Note::new(codes::DURATIONS, [place.as_str().into()])));
    Ok((csv, have_numbers, notes))
}

/// Refuses cells that are merged downwards: only the first has the value, and the rows below would lack it.
fn check_merged(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Result<()> {
    let regions = workbook.merge_cells_by_sheet_name(name).map_err(|error| damaged(&error))?;
    let mut downwards = regions.into_iter().filter(|region| {
        // A title may be merged over a block of cells above the table.
        region.start.1 == region.end.1 && region.start.0 < region.end.0
    });
    match downwards.next() {
        None => Ok(()),
        Some(region) => {
            let [first, last] = [region.start, region.end].map(|(row, column)| place(row, column));
            let message = format!(
                "the cells {first}:{last} are merged into one; unmerge them, and write the value into each row"
            );
            Err(Error::new(ErrorKind::MissingValue, message))
        }
    }
}

/// The cells of a sheet as CSV.
struct SheetRows {
    csv: Vec<u8>,
    /// By place, whether a column has numbers.
    have_numbers: Vec<bool>,
    /// The place of the first duration.
    first_duration: Option<String>,
}

/// The cells of a sheet, each row as wide as the widest. A row of the sheet is a line of the CSV, so that its number stays.
fn rows(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Result<SheetRows> {
    let shown = shown_cells(workbook, name)?;
    let mut next_shown = shown.cells.iter().peekable();
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|error| damaged(&error))?;
    // The cells one after the other, with their places.
    let (mut text, mut cells, mut width): (Vec<u8>, Vec<(u32, u32, usize)>, u32) = (Vec::new(), Vec::new(), 0);
    let mut are_numbers: Vec<Option<bool>> = Vec::new();
    let mut first_duration = None;
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(|error| damaged(&error))? {
        let (row, column) = cell.pos;
        let start = text.len();
        if cell.formula.is_some() && matches!(cell.value, DataRef::Empty) {
            let message = format!(
                "cell {} is a formula without its value; open the workbook in a spreadsheet and save it",
                place(row, column)
            );
            return Err(Error::new(ErrorKind::MissingValue, message));
        }
        if row >= ROWS || column >= COLUMNS {
            let message = "the workbook is damaged: it has a cell beyond the last of a sheet; save it again";
            return Err(Error::new(ErrorKind::Encoding, message));
        }
        if let DataRef::DateTime(moment) = &cell.value
            && !(0.0..Moment::END_OF_EXCEL).contains(&moment.as_f64())
            && moment.is_datetime()
        {
            let message =
                format!("cell {} has a date that Excel does not have, {}", place(row, column), moment.as_f64());
            return Err(Error::new(ErrorKind::NotANumber, message));
        }
        if let DataRef::DateTime(moment) = &cell.value
            && !moment.is_datetime()
        {
            first_duration.get_or_insert_with(|| place(row, column));
        }
        let is_number = matches!(cell.value, DataRef::Int(_) | DataRef::Float(_));
        let text_cell = match &cell.value {
            DataRef::String(value) => Some(value.as_str()),
            DataRef::SharedString(value) => Some(*value),
            _ => None,
        };
        // What the points of such cells mean is not known from the numbers beside them.
        let is_either = text_cell.is_some_and(has_either_sign);
        if is_number || is_either {
            let at = column as usize;
            are_numbers.resize(are_numbers.len().max(at + 1), None);
            are_numbers[at] = if is_either { Some(false) } else { are_numbers[at].or(Some(true)) };
        }
        let shown_here = next_shown.next_if(|(place, _)| *place == cell.pos).map(|(_, shown)| shown);
        match (&cell.value, shown_here) {
            (DataRef::Float(number), Some(Shown::Percent)) => write_percent(&mut text, *number),
            (DataRef::Float(number), Some(Shown::Digits(n_digits))) if is_short_whole(*number) => {
                write_cell(&mut text, &format!("{number:0n_digits$}"));
            }
            (DataRef::Int(_) | DataRef::Float(_), Some(units @ Shown::Units { before, after }))
                if shown.keeps(units, column) =>
            {
                let mut number = Vec::new();
                write_value(&mut number, &cell.value);
                let number = String::from_utf8_lossy(&number);
                let space = if after.is_empty() { "" } else { " " };
                write_cell(&mut text, &format!("{before}{number}{space}{after}"));
            }
            _ => write_value(&mut text, &cell.value),
        }
        if text.len() == start {
            continue;
        }
        if cells.last().is_some_and(|(last_row, last_column, _)| (*last_row, *last_column) >= (row, column)) {
            let message = "the workbook is damaged: its cells are not in order; save it again";
            return Err(Error::new(ErrorKind::Encoding, message).at_row(u64::from(row) + 1));
        }
        width = width.max(column + 1);
        cells.push((row, column, text.len()));
        limits::check("bytes in a table", text.len(), limits::TABLE_BYTES)?;
        limits::check("cells in a table", cells.len(), limits::CELLS)?;
    }
    let Some((last_row, ..)) = cells.last().copied() else {
        return Err(Error::new(ErrorKind::Empty, "the sheet has no cells"));
    };
    // A lone cell far away makes a large table of nothing.
    limits::check_product("cells in a table", last_row as usize + 1, width as usize, limits::CELLS)?;
    let (mut csv, mut start, mut at) = (Vec::with_capacity(2 * text.len()), 0, 0);
    let first_row = cells.first().map_or(0, |(row, ..)| *row);
    csv.extend(std::iter::repeat_n(b'\n', first_row as usize));
    for row in first_row..=last_row {
        let mut column = 0;
        while let Some((_, place, end)) = cells.get(at).filter(|(other, ..)| *other == row) {
            csv.extend(std::iter::repeat_n(b',', (place - column) as usize));
            csv.extend(&text[start..*end]);
            (column, start, at) = (*place, *end, at + 1);
        }
        // A row without cells is one too: its prediction stands beside it.
        csv.extend(std::iter::repeat_n(b',', (width - 1 - column) as usize));
        csv.push(b'\n');
    }
    let have_numbers = are_numbers.into_iter().map(|are_numbers| are_numbers == Some(true)).collect();
    Ok(SheetRows { csv, have_numbers, first_duration })
}

/// The cells of a sheet that show more than their number.
#[derive(Default)]
struct ShownCells {
    /// In the order of the sheet.
    cells: Vec<((u32, u32), Shown)>,
    /// Per column the first units that a cell shows, and whether another cell shows others.
    units: BTreeMap<u32, (Shown, bool)>,
}

impl ShownCells {
    fn add(&mut self, place: (u32, u32), shown: &Shown) {
        if matches!(shown, Shown::Units { .. }) {
            let (first, is_mixed) = self.units.entry(place.1).or_insert_with(|| (shown.clone(), false));
            *is_mixed |= first != shown;
        }
        self.cells.push((place, shown.clone()));
    }

    /// Whether units stay beside a number: all that the reader of cells knows, and any where those of a column differ, so that
    /// their numbers cannot be compared.
    fn keeps(&self, shown: &Shown, column: u32) -> bool {
        shown.is_plain_unit() || self.units.get(&column).is_some_and(|(_, is_mixed)| *is_mixed)
    }
}

fn shown_cells(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Result<ShownCells> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|error| damaged(&error))?;
    let shown =
        |style: &calamine::Style| style.number_format.as_ref().and_then(|format| Shown::by(&format.format_code));
    let by_style: Vec<Option<Shown>> = reader.styles().iter().map(shown).collect();
    let mut found = ShownCells::default();
    // The sheet is read for its styles only where they matter.
    if !by_style.is_empty() && by_style.iter().all(Option::is_none) {
        return Ok(found);
    }
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|error| damaged(&error))? {
        match by_style.get(style) {
            Some(Some(shown)) => found.add(cell.get_position(), shown),
            // It may have been that of a date.
            None if style > 0 => {
                let message = format!(
                    "cell {} has a style that the workbook does not have; open it in a spreadsheet and save it",
                    place(cell.get_position().0, cell.get_position().1)
                );
                return Err(Error::new(ErrorKind::Encoding, message));
            }
            _ => {}
        }
    }
    Ok(found)
}

/// A number as the percents that Excel shows: the decimal point of its digits is moved, so that 0.07 is 7.
fn write_percent(text: &mut Vec<u8>, number: f64) {
    let digits = format!("{number:e}");
    let (digits, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    write_number(text, format!("{digits}e{}", exponent + 2).parse().unwrap_or(f64::NAN));
    text.push(b'%');
}

/// Whether a number can be a code that Excel fills up with zeros.
fn is_short_whole(number: f64) -> bool {
    number.fract() == 0.0 && (0.0..1e15).contains(&number)
}

/// A place as Excel shows it, such as `B7`.
fn place(row: u32, column: u32) -> String {
    let (mut letters, mut left) = (String::new(), column + 1);
    while left > 0 {
        letters.insert(0, char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    format!("{letters}{}", row + 1)
}

fn write_value(text: &mut Vec<u8>, value: &DataRef<'_>) {
    match value {
        DataRef::Empty => {}
        DataRef::Int(number) => write_cell(text, &number.to_string()),
        DataRef::Float(number) => write_number(text, *number),
        DataRef::String(value) => write_cell(text, value),
        DataRef::SharedString(value) => write_cell(text, value),
        DataRef::Bool(flag) => write_cell(text, if *flag { "true" } else { "false" }),
        DataRef::DateTime(moment) => write_moment(text, moment),
        DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => write_cell(text, value),
        DataRef::Error(error) => write_cell(text, &error.to_string()),
    }
}

/// A date, a time of day, or both; a duration as the number of days that it is.
fn write_moment(text: &mut Vec<u8>, moment: &ExcelDateTime) {
    let (year, month, day, hour, minute, second, millisecond) = moment.to_ymd_hms_milli();
    let seconds = u64::from(hour) * 3600 + u64::from(minute) * 60 + u64::from(second);
    let nanoseconds = seconds * 1_000_000_000 + u64::from(millisecond) * 1_000_000;
    let day = Moment::of_date(i64::from(year), u32::from(month), u32::from(day));
    match day {
        Some(day) if moment.is_datetime() && moment.as_f64() >= 1.0 => {
            write_cell(text, &Moment { nanoseconds, ..day }.to_string());
        }
        _ if moment.is_datetime() && moment.as_f64() >= 0.0 && moment.as_f64() < 1.0 => {
            write_cell(text, &TimeOfDay(nanoseconds).to_string());
        }
        _ => write_number(text, moment.as_f64()),
    }
}

/// Refuses an archive whose parts are more than memory should hold, by inflating them once: what their sizes say may be
/// wrong.
fn check_size(bytes: &[u8]) -> Result<()> {
    let refuse =
        |reason: String| Error::new(ErrorKind::Encoding, format!("this is an archive and no workbook: {reason}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| refuse(error.to_string()))?;
    let mut left = limits::TABLE_BYTES as u64 + 1;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| refuse(error.to_string()))?;
        left -= io::copy(&mut part.take(left), &mut io::sink()).map_err(|error| refuse(error.to_string()))?;
        if left == 0 {
            let message = format!("expected at most {} bytes in a workbook's parts, found more", limits::TABLE_BYTES);
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
    }
    Ok(())
}

fn no_workbook(error: &XlsxError) -> Error {
    let message = format!("this is an archive and no Excel workbook: {error}; save the table as .xlsx or as CSV");
    Error::new(ErrorKind::Encoding, message)
}

fn damaged(error: &XlsxError) -> Error {
    let message = match error {
        XlsxError::Password => "the workbook is encrypted; save it without a password".to_owned(),
        error => format!("the workbook is damaged: {error}; save it again, or save the table as CSV"),
    };
    Error::new(ErrorKind::Encoding, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn places_are_those_that_excel_shows() {
        let places = [(0, 0, "A1"), (6, 25, "Z7"), (0, 26, "AA1"), (1_048_575, 16_383, "XFD1048576")];
        places.iter().for_each(|(row, column, expected)| assert_eq!(place(*row, *column), *expected));
    }

    /// A workbook of one sheet with these number formats and rows.
    fn workbook(formats: &str, rows: &str) -> Vec<u8> {
        workbook_of("", formats, rows)
    }

    /// The same with number formats of its own.
    fn workbook_of(codes: &str, formats: &str, rows: &str) -> Vec<u8> {
        let relation = |id: u8, kind: &str, target: &str| {
            let of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
            format!("<Relationship Id=\"r{id}\" Type=\"{of}/{kind}\" Target=\"{target}\"/>")
        };
        let relations = |relations: String| format!("<Relationships>{relations}</Relationships>");
        let styles = format!("<styleSheet>{codes}<cellXfs>{formats}</cellXfs></styleSheet>");
        let parts = [
            ("_rels/.rels", relations(relation(1, "officeDocument", "xl/workbook.xml"))),
            ("xl/workbook.xml", "<workbook><sheets><sheet name=\"s\" r:id=\"r1\"/></sheets></workbook>".into()),
            (
                "xl/_rels/workbook.xml.rels",
                relations(relation(1, "worksheet", "s.xml") + &relation(2, "styles", "styles.xml")),
            ),
            ("xl/styles.xml", if formats.is_empty() { String::new() } else { styles }),
            ("xl/s.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
        ];
        let mut bytes = Vec::new();
        let mut archive = zip::ZipWriter::new(Cursor::new(&mut bytes));
        for (name, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap();
        bytes
    }

    #[test]
    fn cells_are_what_their_styles_show() {
        let rows = "<row r=\"1\"><c r=\"A1\" s=\"1\"><v>7.0000000000000007E-2</v></c><c r=\"B1\" s=\"2\"><v>45443</v></c>\
            <c r=\"C1\"><v>0.5</v></c></row>";
        let formats = "<xf numFmtId=\"0\"/><xf numFmtId=\"9\"/><xf numFmtId=\"14\"/>";
        let (csv, have_numbers, _) = read(workbook(formats, rows), None).unwrap();
        assert_eq!(String::from_utf8(csv).unwrap(), "7%,2024-05-31,0.5\n");
        assert_eq!(have_numbers, [true, false, true]);
        // A text that may be either leaves the column without numbers whose sign is known.
        let text = "<row r=\"2\"><c r=\"C2\" t=\"inlineStr\"><is><t>$1.234</t></is></c></row>";
        let (_, have_numbers, _) = read(workbook(formats, &format!("{rows}{text}")), None).unwrap();
        assert_eq!(have_numbers, [true, false, false]);
        let error = read(workbook("", rows), None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "cell A1 has a style that the workbook does not have; open it in a spreadsheet and save it"
        );
    }

    #[test]
    fn durations_are_days_and_the_first_is_named() {
        let rows = "<row r=\"2\"><c r=\"B2\" s=\"1\"><v>1.5</v></c></row>";
        let (csv, _, notes) = read(workbook("<xf numFmtId=\"0\"/><xf numFmtId=\"46\"/>", rows), None).unwrap();
        assert_eq!(String::from_utf8(csv).unwrap(), "\n,1.5\n");
        assert_eq!(notes, ["durations such as that of cell B2 were read as numbers of days: 36 hours as 1.5"]);
    }

    #[test]
    fn units_and_zeros_stay_beside_their_numbers() {
        let cell = |row: u8, style: u8| {
            format!(
                "<row r=\"{row}\"><c r=\"A{row}\" s=\"{style}\"><v>2</v></c><c r=\"B{row}\" s=\"3\"><v>3.5</v></c></row>"
            )
        };
        let formats = "<xf numFmtId=\"0\"/><xf numFmtId=\"200\"/><xf numFmtId=\"201\"/><xf numFmtId=\"202\"/><xf numFmtId=\"203\"/>";
        let codes = "<numFmts><numFmt numFmtId=\"200\" formatCode=\"0.0&quot;kg&quot;\"/>\
            <numFmt numFmtId=\"201\" formatCode=\"[$€-407]0\"/><numFmt numFmtId=\"202\" formatCode=\"&quot;No. &quot;0\"/>\
            <numFmt numFmtId=\"203\" formatCode=\"0000\"/></numFmts>";
        let csv = |rows: String| {
            let (csv, ..) = read(workbook_of(codes, formats, &rows), None).unwrap();
            String::from_utf8(csv).unwrap()
        };
        assert_eq!(csv(cell(1, 1) + &cell(2, 2) + &cell(3, 0) + &cell(4, 4)), "2 kg,3.5\n€2,3.5\n2,3.5\n0002,3.5\n");
        // What is no unit stays only where cells of a column differ.
        assert_eq!(csv(cell(1, 3) + &cell(2, 0)), "2,3.5\n2,3.5\n");
        assert_eq!(csv(cell(1, 3) + &cell(2, 1)), "No.2,3.5\n2 kg,3.5\n");
    }

    #[test]
    fn an_archive_that_inflates_beyond_memory_is_refused() {
        let mut bytes = Vec::new();
        let mut archive = zip::ZipWriter::new(Cursor::new(&mut bytes));
        archive.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let zeros = vec![0; 1 << 20];
        (0..513).for_each(|_| archive.write_all(&zeros).unwrap());
        archive.finish().unwrap();
        assert!(bytes.len() < 1 << 20);
        let error = read(bytes, None).unwrap_err();
        assert_eq!(error.to_string(), "expected at most 536870912 bytes in a workbook's parts, found more");
    }
}
