//! A table that is too large for memory: read again, block by block, at each pass.

use super::blocks::rows_per_block;
use super::description::Header;
use super::survey::Survey;
use super::target::{TARGET_REMEDY, TargetScan};
use super::{Block, Blocks, FEATURE_REMEDY, Moments, Places, Roles, WEIGHT_REMEDY, negative_weight, sum_blocks};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::table::{Rows, Schema, cell_to_number, check_names, check_width, unknown_column};
use bincode::{Decode, Encode};
use std::fmt::Debug;

/// Bytes that can be read from anywhere, again and again, and stay the same: a file on disk, or a `File` in a page.
pub trait Source: Debug + Send + Sync {
    /// How many bytes there are.
    fn size(&self) -> u64;

    /// `length` bytes from `offset` on.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when they cannot be read, or are not what they were at first.
    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>>;
}

/// Rows of a CSV file with a target each. Memory holds a few blocks of rows for each thread, and where each begins.
///
/// A fit to a stream gives the model, to the byte, that a fit to the same rows in memory gives.
#[derive(Debug)]
pub struct Stream {
    pub(super) rows: CsvBlocks,
    pub(super) schema: Schema,
    pub(super) moments: Moments,
    pub(super) digest: [u8; 32],
}

impl Stream {
    /// Reads the file some four times: for its rows and classes, for ranges and sums, for variances, and as often as it
    /// takes to find the medians.
    ///
    /// # Errors
    /// Those of [`crate::table::Table::parse`] and of [`super::Dataset::new`], at the first row that has one, and those of
    /// the source.
    pub fn open(source: Box<dyn Source>, roles: &Roles) -> Result<Self> {
        let mut survey = Survey::scan(source, roles)?;
        while let Some(question) = survey.ask() {
            let rows = survey.rows();
            let answer = sum_blocks(rows.n_blocks(), |index| Ok(question.answer(rows, &rows.block(index)?)))?;
            survey.tell(answer)?;
        }
        survey.finish()
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.moments.n_rows
    }

    /// What the rows hold, column by column.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// See [`super::Dataset::digest`].
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// The column that the sample weights come from.
    pub fn weights_name(&self) -> Option<&str> {
        self.rows.header().weights.as_deref()
    }

    pub(crate) fn rows(&self) -> &impl Blocks {
        &self.rows
    }

    pub(crate) fn moments(&self) -> &Moments {
        &self.moments
    }
}

/// How many bytes are looked at together when the rows are counted.
const WINDOW_BYTES: usize = 1 << 20;

/// The longest row: beyond it a quote has more often been left open.
const ROW_BYTES: usize = 1 << 24;

/// Where a block begins: its first byte, and how many rows of the spreadsheet come before it.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct Start {
    byte: u64,
    rows_before: u64,
}

/// Where the blocks of a CSV file are, and what its columns are for: with it another worker can read its share.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Layout {
    names: Vec<String>,
    places: Places,
    header: Header,
    starts: Vec<Start>,
    /// The byte after the last row.
    end: u64,
}

/// The rows of a CSV file whose layout is known.
#[derive(Debug)]
pub(crate) struct CsvBlocks {
    source: Box<dyn Source>,
    layout: Layout,
}

/// Finds where blocks begin, and which classes there are.
fn scan(source: &dyn Source, roles: &Roles) -> Result<Layout> {
    let size = source.size();
    let (mut byte, mut row_number, mut length) = (0, 0, WINDOW_BYTES);
    let mut layout: Option<(Vec<String>, Places, TargetScan, usize)> = None;
    let (mut starts, mut n_rows) = (Vec::new(), 0);
    while byte < size {
        let length_here = (size - byte).min(length as u64) as usize;
        let is_end = byte + length_here as u64 == size;
        let window = source.read(byte, length_here)?;
        let mark = if byte == 0 && window.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let mut rows = Rows::of_window(&window[mark..], is_end, row_number);
        loop {
            let (before, rows_before) = rows.reached();
            let Some((number, cells)) = rows.next()? else { break };
            match &mut layout {
                None => {
                    let names: Vec<String> = cells.iter().map(|name| name.trim().to_owned()).collect();
                    check_names(&names)?;
                    let name_list: Vec<&str> = names.iter().map(String::as_str).collect();
                    let places = roles.places(&name_list, |name| match name_list.contains(&name) {
                        true => Ok(()),
                        false => Err(unknown_column(name, &name_list)),
                    })?;
                    let block_rows = rows_per_block(places.features.len());
                    layout = Some((names, places, TargetScan::new(roles.task), block_rows));
                }
                Some((names, places, target, block_rows)) => {
                    check_width(number, cells.len(), names)?;
                    target.add(cells.iter().nth(places.target).unwrap_or_default());
                    if n_rows % *block_rows == 0 {
                        starts.push(Start { byte: byte + (mark + before) as u64, rows_before });
                    }
                    n_rows += 1;
                }
            }
        }
        let (read, number) = rows.reached();
        if is_end {
            break;
        }
        if read == 0 {
            length *= 2;
            if length > ROW_BYTES {
                let message = format!("the row does not end within {ROW_BYTES} bytes; is a quote left open?");
                return Err(Error::new(ErrorKind::LimitExceeded, message).at_row(row_number + 1));
            }
        } else {
            length = WINDOW_BYTES;
            byte += (mark + read) as u64;
        }
        row_number = number;
    }
    let Some((names, places, target, _)) = layout else {
        return Err(Error::new(ErrorKind::Empty, "the file is empty; expected a header and rows"));
    };
    if n_rows == 0 {
        return Err(Error::new(ErrorKind::Empty, "the table has no rows below its header"));
    }
    let labels = target.labels(&names[places.target], n_rows)?;
    let name_list: Vec<&str> = names.iter().map(String::as_str).collect();
    let header = Header::new(&name_list, &places, labels);
    Ok(Layout { names, places, header, starts, end: size })
}

impl Blocks for CsvBlocks {
    fn n_features(&self) -> usize {
        self.layout.places.features.len()
    }

    fn n_blocks(&self) -> usize {
        self.layout.starts.len()
    }

    fn block(&self, index: usize) -> Result<Block> {
        let Start { byte, rows_before } = self.layout.starts[index];
        let end = self.layout.starts.get(index + 1).map_or(self.layout.end, |next| next.byte);
        let length = usize::try_from(end - byte).unwrap_or(usize::MAX);
        limits::check("bytes in a block of rows", length, limits::TABLE_BYTES)?;
        let bytes = self.source.read(byte, length)?;
        let mut rows = Rows::of_window(&bytes, true, rows_before);
        let mut block = Block::default();
        block.features.reserve(self.n_features() * rows_per_block(self.n_features()));
        // What each column is for, in their order.
        let mut features = self.layout.places.features.iter().copied().peekable();
        let roles: Vec<bool> =
            (0..self.layout.names.len()).map(|place| features.next_if_eq(&place).is_some()).collect();
        while let Some((number, cells)) = rows.next()? {
            check_width(number, cells.len(), &self.layout.names)?;
            for (place, cell) in cells.iter().enumerate() {
                let read = if roles[place] {
                    cell_to_number(cell, FEATURE_REMEDY).map(|value| block.features.push(value))
                } else if place == self.layout.places.target {
                    self.target(cell).map(|target| block.targets.push(target))
                } else if self.layout.places.weights == Some(place) {
                    weight(cell).map(|weight| block.weights.push(weight))
                } else {
                    continue;
                };
                read.map_err(|error| error.at_row(number).in_column(&self.layout.names[place]))?;
            }
        }
        Ok(block)
    }
}

impl CsvBlocks {
    /// Finds the layout of a file.
    pub(super) fn scan(source: Box<dyn Source>, roles: &Roles) -> Result<Self> {
        let layout = scan(source.as_ref(), roles)?;
        Ok(Self { source, layout })
    }

    /// The rows of a file whose layout somebody else found.
    pub(crate) fn new(source: Box<dyn Source>, layout: Layout) -> Self {
        Self { source, layout }
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(super) fn header(&self) -> &Header {
        &self.layout.header
    }

    /// The number to predict, or the position of the class.
    fn target(&self, cell: &str) -> Result<f64> {
        let Some(labels) = &self.layout.header.labels else { return cell_to_number(cell, TARGET_REMEDY) };
        let position = match (labels.as_text(), labels.as_numbers()) {
            (Some(names), _) if cell.trim().is_empty() && !names.is_empty() => {
                return Err(Error::new(ErrorKind::MissingValue, crate::table::EMPTY_CELL));
            }
            (Some(names), _) => names.binary_search_by(|name| name.as_str().cmp(cell.trim())).ok(),
            (None, numbers) => {
                let number = cell_to_number(cell, TARGET_REMEDY)?;
                numbers.unwrap_or_default().iter().position(|label| *label == number)
            }
        };
        let changed = || Error::new(ErrorKind::Io, "the file changed while it was read");
        position.map(|position| position as f64).ok_or_else(changed)
    }
}

fn weight(cell: &str) -> Result<f64> {
    let weight = cell_to_number(cell, WEIGHT_REMEDY)?;
    if weight < 0.0 { Err(negative_weight(weight)) } else { Ok(weight) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use crate::table::{Table, Task};

    #[derive(Debug)]
    struct Memory(Vec<u8>);

    impl Source for Memory {
        fn size(&self) -> u64 {
            self.0.len() as u64
        }

        fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>> {
            Ok(self.0[offset as usize..][..length].to_vec())
        }
    }

    fn stream(csv: &str, roles: &Roles) -> Result<Stream> {
        Stream::open(Box::new(Memory(csv.into())), roles)
    }

    fn dataset(csv: &str, roles: &Roles) -> Result<Dataset> {
        Dataset::new(&Table::parse(csv.as_bytes())?, roles)
    }

    fn roles(target: &str) -> Roles {
        Roles { target: target.into(), drop: vec!["id".into()], ..Roles::default() }
    }

    /// Rows with quoted line ends, empty lines and a byte-order mark, over several windows.
    fn table() -> String {
        let row = |i: usize| {
            let text = ["\"two\nlines\"", "plain", "\"a \"\"quote\"\"\""][i % 3];
            let gap = if i.is_multiple_of(997) { "\n" } else { "" };
            let (a, b, class) =
                ((i * 7919 % 10007) as f64 / 100.0, (i * 31 % 8) as f64, ["x", "y", " z"][i * i % 5 % 3]);
            format!("{text},{a},{b},{},{class}\n{gap}", 1 + i % 2)
        };
        format!("\u{FEFF}id,a,b,w,class\n{}", (0..60_000).map(row).collect::<String>())
    }

    #[test]
    fn a_stream_holds_what_the_table_in_memory_holds() {
        let csv = table();
        for weights in [None, Some("w".to_owned())] {
            let roles = Roles { weights, ..roles("class") };
            let (stream, dataset) = (stream(&csv, &roles).unwrap(), dataset(&csv, &roles).unwrap());
            assert_eq!(stream.schema(), dataset.schema());
            assert_eq!(stream.moments(), &dataset.moments().unwrap());
            assert_eq!(stream.digest(), dataset.digest());
            assert_eq!(stream.rows().n_blocks(), dataset.rows().n_blocks());
            for index in [0, 17, stream.rows().n_blocks() - 1] {
                assert_eq!(stream.rows().block(index).unwrap(), dataset.rows().block(index).unwrap());
            }
        }
    }

    #[test]
    fn targets_are_what_they_are_in_memory() {
        let rows = |targets: [&str; 6]| {
            targets.iter().enumerate().map(|(i, target)| format!("{i},{},{target}\n", i % 4)).collect::<String>()
        };
        let cases = [
            (["1", "2", "1", "2", "2", "1"], None),
            (["1", "2", "3", "2", "2", "1"], None),
            (["1", "2", "3", "2", "2", "-0"], Some(Task::Classification)),
            (["a", "b", "a", "1", "b", "a"], None),
            (["1", "b", "1.5", "1", "2", "3"], None),
            (["1", "b", "1", "1", "b", "1"], Some(Task::Classification)),
            (["a", "a", "a", "a", "a", "a"], None),
            (["a", "b", "c", "d", "e", "f"], None),
            (["a", "b", "", "a", "b", "a"], None),
            (["1", "2", "", "4", "5", "6"], None),
            (["1", "2", "NaN", "4", "5", "6"], None),
        ];
        for (targets, task) in cases {
            let csv = format!("id,u,y\n{}", rows(targets));
            let roles = Roles { task, ..roles("y") };
            match (stream(&csv, &roles), dataset(&csv, &roles)) {
                (Ok(stream), Ok(dataset)) => {
                    assert_eq!((stream.schema(), stream.digest()), (dataset.schema(), dataset.digest()), "{targets:?}");
                }
                (Err(found), Err(expected)) => assert_eq!(found.to_string(), expected.to_string(), "{targets:?}"),
                (found, expected) => panic!("{targets:?}: {:?}, {:?}", found.err(), expected.err()),
            }
        }
    }

    #[test]
    fn bad_files_are_refused_as_in_memory() {
        let cases = [
            "",
            "id,u,y\n",
            "id,u\n1,2\n",
            "id,u,y\n1,2\n",
            "id,u,y\n1,,3\n2,3,4\n",
            "id,u,y\n1,x,3\n2,3,4\n",
            "id,u,u\n1,2,3\n",
            "id,,y\n1,2,3\n",
            "id,u,Y\n1,2,3\n",
            "id,y\n1,2\n",
            "id,u,y\n1,inf,3\n2,3,4\n",
        ];
        for csv in cases {
            let (found, expected) = (stream(csv, &roles("y")).unwrap_err(), dataset(csv, &roles("y")).unwrap_err());
            assert_eq!((found.kind(), found.to_string()), (expected.kind(), expected.to_string()), "{csv:?}");
        }
        let open_quote = format!("id,u,y\n1,\"{}", "2,3\n".repeat(ROW_BYTES / 2));
        let error = stream(&open_quote, &roles("y")).unwrap_err();
        assert!(error.message().contains("is a quote left open?"), "{error}");
    }
}
