//! Where the rows of a CSV file are, and what its columns are for.

use super::blocks::rows_per_block;
use super::description::Header;
use super::target::{TARGET_REMEDY, TargetScan};
use super::{Block, FEATURE_REMEDY, Places, Roles, WEIGHT_REMEDY, negative_weight};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::table::{EMPTY_CELL, Labels, Rows, cell_to_number, check_names, check_width, unknown_column};
use bincode::{Decode, Encode};
use std::ops::Range;

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

/// Where the blocks of a CSV file are, and what its columns are for: with it any worker can read any block.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Layout {
    names: Vec<String>,
    places: Places,
    header: Header,
    starts: Vec<Start>,
    /// The byte after the last row.
    end: u64,
}

/// Finds the layout of a file, from windows on it that are pushed one after the other.
#[derive(Debug)]
pub(crate) struct Scanner {
    roles: Roles,
    /// The first byte of the next window, how many rows come before it, and how long it should be.
    byte: u64,
    rows_before: u64,
    length: usize,
    is_end: bool,
    head: Option<Head>,
    starts: Vec<Start>,
    n_rows: usize,
}

/// What the header says, and what was seen of the target so far.
#[derive(Debug)]
struct Head {
    names: Vec<String>,
    places: Places,
    target: TargetScan,
    block_rows: usize,
}

impl Scanner {
    pub(crate) fn new(roles: Roles) -> Self {
        Self {
            roles,
            byte: 0,
            rows_before: 0,
            length: WINDOW_BYTES,
            is_end: false,
            head: None,
            starts: Vec::new(),
            n_rows: 0,
        }
    }

    /// Where the next window of a file of this size begins, and how long it is; `None` after the last one.
    pub(crate) fn wants(&self, size: u64) -> Option<(u64, usize)> {
        let rest = size.saturating_sub(self.byte);
        (!self.is_end && rest > 0).then(|| (self.byte, rest.min(self.length as u64) as usize))
    }

    /// Takes in the window that was wanted. `is_end` says that the file ends with it.
    pub(crate) fn push(&mut self, window: &[u8], is_end: bool) -> Result<()> {
        let mut rows = Rows::of_window(window, is_end, self.rows_before);
        loop {
            let (before, rows_before) = rows.reached();
            let Some((number, cells)) = rows.next()? else { break };
            match &mut self.head {
                None => self.head = Some(Head::read(cells.iter(), &self.roles)?),
                Some(Head { names, places, target, block_rows }) => {
                    check_width(number, cells.len(), names)?;
                    target.add(cells.iter().nth(places.target).unwrap_or_default());
                    if self.n_rows.is_multiple_of(*block_rows) {
                        self.starts.push(Start { byte: self.byte + before as u64, rows_before });
                    }
                    self.n_rows += 1;
                }
            }
        }
        let (read, rows_before) = rows.reached();
        self.is_end = is_end;
        if is_end {
            self.byte += window.len() as u64;
        } else if read > 0 {
            self.byte += read as u64;
            self.length = WINDOW_BYTES;
        } else if window.len() >= ROW_BYTES {
            let message = format!("the row does not end within {ROW_BYTES} bytes; is a quote left open?");
            return Err(Error::new(ErrorKind::LimitExceeded, message).at_row(self.rows_before + 1));
        } else {
            self.length *= 2;
        }
        self.rows_before = rows_before;
        Ok(())
    }

    /// The layout, after the last window.
    pub(crate) fn finish(self) -> Result<Layout> {
        let Some(Head { names, places, target, .. }) = self.head else {
            return Err(Error::new(ErrorKind::Empty, "the file is empty; expected a header and rows"));
        };
        if self.n_rows == 0 {
            return Err(Error::new(ErrorKind::Empty, "the table has no rows below its header"));
        }
        let labels = target.labels(&names[places.target], self.n_rows)?;
        let name_list: Vec<&str> = names.iter().map(String::as_str).collect();
        let header = Header::new(&name_list, &places, labels);
        Ok(Layout { names, places, header, starts: self.starts, end: self.byte })
    }
}

impl Head {
    fn read<'c>(cells: impl Iterator<Item = &'c str>, roles: &Roles) -> Result<Self> {
        let names: Vec<String> = cells.map(|name| name.trim().to_owned()).collect();
        check_names(&names)?;
        let name_list: Vec<&str> = names.iter().map(String::as_str).collect();
        let places = roles.places(&name_list, |name| match name_list.contains(&name) {
            true => Ok(()),
            false => Err(unknown_column(name, &name_list)),
        })?;
        let block_rows = rows_per_block(places.features.len());
        Ok(Self { names, places, target: TargetScan::new(roles.task), block_rows })
    }
}

impl Layout {
    pub(crate) fn n_features(&self) -> usize {
        self.places.features.len()
    }

    pub(crate) fn n_blocks(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn n_classes(&self) -> usize {
        self.header.labels.as_ref().map_or(0, Labels::len)
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// Where the bytes of some blocks begin, and how many there are.
    ///
    /// # Errors
    /// [`ErrorKind::LimitExceeded`] when they are more than memory should hold.
    pub(crate) fn bytes(&self, blocks: Range<usize>) -> Result<(u64, usize)> {
        let byte = |index: usize| self.starts.get(index).map_or(self.end, |start| start.byte);
        let length = usize::try_from(byte(blocks.end) - byte(blocks.start)).unwrap_or(usize::MAX);
        limits::check("bytes in a block of rows", length, limits::TABLE_BYTES)?;
        Ok((byte(blocks.start), length))
    }

    /// The rows of a block, from its bytes.
    ///
    /// # Errors
    /// Those of a cell that cannot be used, with its row and column.
    pub(crate) fn block(&self, index: usize, bytes: &[u8]) -> Result<Block<'static>> {
        let mut rows = Rows::of_window(bytes, true, self.starts[index].rows_before);
        let mut values = Vec::with_capacity(self.n_features() * rows_per_block(self.n_features()));
        let (mut targets, mut weights) = (Vec::new(), Vec::new());
        // What each column is for, in their order.
        let mut features = self.places.features.iter().copied().peekable();
        let is_feature: Vec<bool> = (0..self.names.len()).map(|place| features.next_if_eq(&place).is_some()).collect();
        while let Some((number, cells)) = rows.next()? {
            check_width(number, cells.len(), &self.names)?;
            for (place, cell) in cells.iter().enumerate() {
                let read = if is_feature[place] {
                    cell_to_number(cell, FEATURE_REMEDY).map(|value| values.push(value))
                } else if place == self.places.target {
                    self.target(cell).map(|target| targets.push(target))
                } else if self.places.weights == Some(place) {
                    weight(cell).map(|weight| weights.push(weight))
                } else {
                    continue;
                };
                read.map_err(|error| error.at_row(number).in_column(&self.names[place]))?;
            }
        }
        Ok(Block { index, features: values.into(), targets: targets.into(), weights: weights.into() })
    }

    /// The number to predict, or the position of the class.
    fn target(&self, cell: &str) -> Result<f64> {
        let Some(labels) = &self.header.labels else { return cell_to_number(cell, TARGET_REMEDY) };
        let position = match (labels.as_text(), labels.as_numbers()) {
            (Some(names), _) if cell.trim().is_empty() && !names.is_empty() => {
                return Err(Error::new(ErrorKind::MissingValue, EMPTY_CELL));
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
