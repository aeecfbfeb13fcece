//! docs/tables.md: how numbers and dates as people write them are read, written by this test from what the library does.

use std::fmt::Write;
use tepal::error::Result;
use tepal::table::{ReadOptions, Values};
use tepal::{Dataset, Roles, Table};

const PAGE: &str = "docs/tables.md";

const INTRODUCTION: &str = "# Tables as people write them

How a file is written down is found out from its first rows and checked to its end. What is found is said in notes.
Five options say it instead. They have the same names on the command line, on the page, in JavaScript and in the query of `POST /predict`:

| option | value |
|---|---|
| `delimiter` | one character, or `tab` |
| `decimal` | `point` or `comma` |
| `header` | `yes` or `no` |
| `skip` | the number of lines above the header |
| `missing` | words for a missing value |

A column is one of numbers if most of its cells are numbers to a person. Its format is decided by all its cells:

- A cell such as `1,234.5` shows what marks decimals, and a cell such as `1,234` does not. The other cells of the column decide, then
  the other columns, and for rows the training table.
- `1.009` beside `972` could be 1009. It is refused until `--decimal` says what it is. So is `1.009` alone between semicolons.
- A currency, a unit or a percent sign stands beside all numbers or beside none. It becomes the unit of the feature. 5 % is read as 5.
- A column of categories or classes keeps the text of its cells: `01`, `12E4` and a number of 19 digits stay what they are.

A column is one of dates if most of its cells are dates. A date is the number of days since 1970-01-01, and a time of day is a part of
a day:

- The year comes first, or has four digits at the end. Days and months have two digits or one.
- In `03/04/2024` the day or the month may come first. Another date of the column decides, such as `31/05/2024`, and for rows the
  training table. Where none does, such a date is refused.
- A time may have a zone: `2024-05-31T12:30:00+02:00` is read in UTC.
- `--date-parts` gives a date a column for each month or day of the week, beside its days or instead of them.
- Numbers that Excel has for dates are dates if a caller says so (`--date`). Rows in JSON have dates as text.
- The page shows and takes dates such as `2024-05-31`. A target that is a date is predicted in days since 1970-01-01.

## Formats

The command line reads these formats in every command, and so does the page. A file's first bytes say which it is, not its name.

| format | what is read |
|---|---|
| CSV | as above; UTF-8, Latin-1 and UTF-16 |
| JSON lines | an object of names and values on each line; a name that a line does not have is missing there |
| Parquet | columns with one value a row, of any type; compressed with snappy, zstd, gzip, lz4, or not at all |
| Excel | the first sheet of an .xlsx file that is not hidden, or the one that is chosen (`--sheet`); formulas as their values, dates as dates, percents as `7%` |

The same table gives the same model in each of them, byte for byte. A number that was a number there has a decimal point. One that a
single holds, as in a `float` column of Parquet, is read by its shortest digits, as CSV has it. `true` and `false` are texts. A duration
of pandas is the whole number that the Parquet file holds: the file does not say its unit, so write all in one unit. Rows
of JSON lines and of Parquet are counted from 1, and those of CSV and Excel as the spreadsheet counts them.

A percent cell of Excel is read as it is shown, as its CSV file has it: `7%`, and not 0.07. Other programs write the fraction into
Parquet and JSON lines. Such rows are refused by a model of percents: write `7%` as text there, or train on one of the two.
A currency or a unit that the cell's format shows stays beside its number, and so do zeros before it (`00000`). A format that
divides the number, or counts durations (`[h]:mm`), is left aside: a duration is a number of days.

The page loads what reads a format with the first such file: 16 KB for Parquet, 5 KB more for all compression but snappy, and 5 KB
for Excel. It holds a row group of Parquet, or a workbook, in memory.

## Numbers and dates

Each line is a column of three cells, in a file with commas between its cells and all cells in quotes.
";

/// Three cells, and what they show.
const COLUMNS: [(&str, [&str; 3]); 44] = [
    ("plain digits", ["1.5", "-2", "3e2"]),
    ("minus sign U+2212", ["−1.5", "−2", "3"]),
    ("en dash", ["–1.5", "–2", "3"]),
    ("full-width digits", ["１．５", "２", "３"]),
    ("Arabic digits", ["١٫٥", "٢", "٣"]),
    ("Devanagari digits", ["१.५", "२", "३"]),
    ("decimal comma", ["1,5", "2", "3,25"]),
    ("commas between thousands", ["1,234.5", "2,000", "3"]),
    ("points between thousands", ["1.234,5", "2.000", "3"]),
    ("commas only", ["1,234", "2,000", "3,500"]),
    ("commas or decimals", ["1,234", "972", "3,500"]),
    ("points or decimals", ["1.234", "972", "3.500"]),
    ("Indian groups", ["12,34,567", "2,00,000", "3"]),
    ("no-break spaces", ["1\u{a0}234,5", "2\u{a0}000", "3"]),
    ("thin spaces", ["1\u{2009}234.5", "2\u{202f}000", "3"]),
    ("apostrophes", ["1'234.5", "2’000", "3"]),
    ("underscores", ["1_234", "2_000", "3"]),
    ("brackets", ["(1.50)", "(2.00)", "3.00"]),
    ("minus behind", ["1.5-", "2-", "3"]),
    ("currency sign", ["$1.50", "$2", "-$3"]),
    ("currency behind", ["1,50 €", "2 €", "3 €"]),
    ("currency name", ["USD 1.50", "USD 2", "USD 3"]),
    ("two currencies", ["$1.50", "$2", "€3"]),
    ("percent", ["1.5%", "2 %", "3%"]),
    ("percent here and there", ["1.5%", "2%", "0.03"]),
    ("a unit", ["1.5 kg", "2 kg", "3kg"]),
    ("two units", ["1.5 kg", "2 kg", "300 g"]),
    ("one end of a range", ["1.5", "2", "<3"]),
    ("thousands as a letter", ["1.5", "2", "3k"]),
    ("dates, the year first", ["2021-03-04", "2021/3/5", "2021-03-04"]),
    ("dates with points", ["04.03.2021", "5.3.2021", "31.12.2020"]),
    ("dates, the day first", ["04/03/2021", "31/12/2020", "5/3/2021"]),
    ("dates, the month first", ["03/04/2021", "12/31/2020", "3/5/2021"]),
    ("dates, either first", ["04/03/2021", "05/03/2021", "06/03/2021"]),
    ("dates with times", ["2021-03-04 12:00", "2021-03-04T18:00:00Z", "2021-03-04T02:00:00+02:00"]),
    ("all thousands as a letter", ["1.5k", "2k", "3k"]),
    ("a unit that is not known", ["120mmHg", "135mmHg", "90mmHg"]),
    ("a dash for decimals", ["168.-", "12.-", "7.-"]),
    ("ranges", ["18-24", "25-34", "35-44"]),
    ("times of day", ["08:20", "12:30", "13:45"]),
    ("dates with years of two digits", ["04.03.21", "05.03.21", "31.12.20"]),
    ("dates with a month's name", ["4-Mar-2021", "5-Mar-2021", "31-Dec-2020"]),
    ("dates of eight digits", ["20210304", "20210305", "20201231"]),
    ("a text among dates", ["2021-03-04", "2021-03-05", "later"]),
];

fn read(cells: [&str; 3]) -> Result<String> {
    let row = |i: usize| format!("\"{}\",{}\n", cells[i % 3], ["a", "b"][i / 3 % 2]);
    let csv = format!("x,y\n{}", (0..12).map(row).collect::<String>());
    let table = Table::read(csv.as_bytes(), &ReadOptions::default())?;
    let dataset = Dataset::new(&table, &Roles { target: "y".into(), ..Roles::default() })?;
    let has_note = |code: &str| dataset.notes().iter().any(|note| note.code() == code);
    Ok(match &table.column("x")?.values {
        Values::Numbers(_) if has_note("date_digits") => "numbers, with a caution; dates by `--date`".into(),
        Values::Numbers(numbers) => numbers[..3].iter().map(f64::to_string).collect::<Vec<_>>().join(", "),
        Values::Text(_) if has_note("unread_dates") => "a category, with a caution".into(),
        Values::Text(_) if has_note("unread_numbers") => "a category, with a note".into(),
        Values::Text(_) => "a category".into(),
    })
}

fn page() -> String {
    let mut page = format!("{INTRODUCTION}\n| | cells | read as |\n|---|---|---|\n");
    for (name, cells) in COLUMNS {
        let outcome = read(cells).unwrap_or_else(|error| format!("refused: {error}"));
        let cells = cells.map(|cell| format!("`{cell}`")).join(" ");
        writeln!(page, "| {name} | {cells} | {} |", outcome.replace('|', "\\|")).unwrap();
    }
    page
}

#[test]
fn the_page_of_tables_is_what_the_library_does() {
    let found = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(PAGE, &found).unwrap();
    }
    assert!(std::fs::read_to_string(PAGE).unwrap_or_default() == found, "write {PAGE} again with UPDATE=1");
}
