//! Where the rows of a CSV file are, and what its columns are for.

use super::blocks::rows_per_block;
use super::description::Header;
use super::roles::ColumnIndices;
use super::survey::NO_WEIGHT;
use super::{Block, FEATURE_REMEDY, Roles, read_weight, rows_note, target, weightless_note};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::note::Note;
use crate::table::{
    Cells, ColumnScan, Dialect, EMPTY_FILE, Evidence, Field, NO_ROWS, ReadOptions, SAMPLE_BYTES, Windows,
    hint_of_names, latin_1_note, unknown_column,
};
use bincode::{Decode, Encode};
use std::ops::Range;

/// How many bytes are looked at together when the rows are counted: no less than what is looked at to find out how the
/// file is written.
const WINDOW_BYTES: usize = 1 << 20;
const _: () = assert!(WINDOW_BYTES >= SAMPLE_BYTES);

/// Where a block begins: its first byte, and how many rows of the spreadsheet come before it.
#[derive(Debug, Clone, Copy, Encode, Decode)]
struct Start {
    byte: u64,
    rows_before: u64,
}

/// Where the blocks of a CSV file are, and what its columns are for: with it any worker can read any block.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Layout {
    dialect: Dialect,
    names: Vec<String>,
    /// What each column is for.
    uses: Vec<Use>,
    header: Header,
    starts: Vec<Start>,
    /// The byte after the last row.
    end: u64,
    notes: Vec<Note>,
}

#[derive(Debug, Clone, Encode, Decode)]
enum Use {
    Feature(Field),
    Target,
    Weight,
    Nothing,
}

/// Finds the layout of a file, from windows on it that are pushed one after the other. A file whose later rows show that its
/// numbers are written otherwise than the first rows said is gone through twice.
#[derive(Debug)]
pub(crate) struct Scanner {
    roles: Roles,
    options: ReadOptions,
    windows: Windows,
    head: Option<Head>,
    starts: Vec<Start>,
    /// How many rows have a target and a weight, how many have no target, and how many weigh nothing.
    n_rows: usize,
    n_without_target: u64,
    n_weightless: u64,
    first_latin_1: Option<u64>,
}

/// What is known once the first row was read, and what was seen of the columns so far.
#[derive(Debug)]
struct Head {
    dialect: Dialect,
    names: Vec<String>,
    places: ColumnIndices,
    /// What all cells of each column say of its format.
    evidence: Vec<Evidence>,
    /// Whether the rows are gone through again, with the format that all of them say.
    is_settled: bool,
    target: ColumnScan,
    candidates: Vec<ColumnScan>,
    /// How many rows a block has if every candidate is a feature.
    block_rows: usize,
}

impl Scanner {
    pub(crate) fn new(roles: Roles, options: ReadOptions) -> Self {
        Self {
            roles,
            options,
            windows: Windows::new(WINDOW_BYTES).refusing_endless_rows(),
            head: None,
            starts: Vec::new(),
            n_rows: 0,
            n_without_target: 0,
            n_weightless: 0,
            first_latin_1: None,
        }
    }

    /// Where the next window of a file of this size begins, and how long it is; `None` after the last one.
    pub(crate) fn wants(&self, size: u64) -> Option<(u64, usize)> {
        self.windows.wants(size)
    }

    /// Takes in the window that was wanted. `is_end` says that the file ends with it.
    pub(crate) fn push(&mut self, window: &[u8], is_end: bool) -> Result<()> {
        let mut dialect = match &self.head {
            Some(head) => head.dialect.clone(),
            None => Dialect::of(window, is_end, &self.options)?.0,
        };
        let byte = self.windows.byte();
        let mut rows = dialect.rows(window, is_end, self.windows.rows_before());
        let mut is_header = byte == 0 && dialect.has_header;
        loop {
            let (before, rows_before) = rows.reached();
            let Some((number, cells)) = rows.next()? else { break };
            if self.head.is_none() {
                let names = dialect.names(cells.iter())?;
                self.head = Some(Head::new(&dialect, names, &self.roles)?);
            }
            let Some(head) = self.head.as_mut().filter(|_| !std::mem::take(&mut is_header)) else { continue };
            dialect.check_row(number, &cells, &head.names)?;
            match head.add(cells) {
                Seen::Row => {}
                Seen::NoTarget => {
                    self.n_without_target += 1;
                    continue;
                }
                Seen::NoWeight => {
                    self.n_weightless += 1;
                    continue;
                }
            }
            if self.n_rows.is_multiple_of(head.block_rows) {
                self.starts.push(Start { byte: byte + before as u64, rows_before });
            }
            self.n_rows += 1;
        }
        self.first_latin_1 = self.first_latin_1.or(rows.first_latin_1());
        let (read, number) = rows.reached();
        self.windows.advance(window.len(), is_end, read, number)?;
        if is_end {
            self.settle();
        }
        Ok(())
    }

    /// Begins again if all rows say another format than the first ones.
    fn settle(&mut self) {
        let Some(head) = self.head.as_mut().filter(|head| !head.is_settled) else { return };
        head.is_settled = true;
        if head.dialect.take(&head.evidence, &self.options) {
            head.target = ColumnScan::new(limits::CLASSES);
            head.candidates = head.places.scans();
            self.windows = Windows::new(WINDOW_BYTES).refusing_endless_rows();
            self.starts.clear();
            (self.n_rows, self.n_without_target, self.n_weightless) = (0, 0, 0);
        }
    }

    /// The layout, after the last window.
    pub(crate) fn finish(self) -> Result<Layout> {
        let Some(Head { dialect, names, places, evidence, target, candidates, block_rows, .. }) = self.head else {
            return Err(Error::new(ErrorKind::Empty, EMPTY_FILE));
        };
        if self.n_rows == 0 && self.n_weightless > 0 {
            return Err(Error::new(ErrorKind::InvalidWeight, NO_WEIGHT));
        }
        if self.n_rows == 0 && self.n_without_target == 0 {
            return Err(Error::new(ErrorKind::Empty, NO_ROWS));
        }
        let name_list: Vec<&str> = names.iter().map(String::as_str).collect();
        let (labels, class_notes) = target::labels(target, name_list[places.target], self.roles.task)?;
        let chosen = places.choose(candidates, &name_list, |place| dialect.column(place).clone())?;
        let mut uses = vec![Use::Nothing; names.len()];
        uses[places.target] = Use::Target;
        places.weights.iter().for_each(|place| uses[*place] = Use::Weight);
        for (place, field) in chosen.places.iter().zip(&chosen.fields) {
            uses[*place] = Use::Feature(field.clone());
        }
        let number_notes = places.numbers(&chosen, labels.as_ref());
        let number_notes = number_notes
            .into_iter()
            .flat_map(|place| evidence[place].number_notes(&names[place], dialect.column(place), &dialect.format));
        let column_notes: Vec<Note> = number_notes.chain(chosen.notes.iter().cloned()).collect();
        // Fewer features have blocks that are whole numbers of these.
        let step = rows_per_block(chosen.places.len()) / block_rows;
        let header = Header::new(&name_list, &self.roles, &places, chosen, labels, &dialect.format)?;
        let mut notes = dialect.notes(&self.options);
        notes.extend(self.first_latin_1.map(latin_1_note));
        notes.extend(dialect.missing_notes(&names, evidence.iter()));
        notes.extend(rows_note(self.n_without_target, &self.roles.target));
        notes.extend((self.n_weightless > 0).then(|| weightless_note(self.n_weightless)));
        notes.extend(class_notes);
        notes.extend(column_notes);
        let starts = self.starts.into_iter().step_by(step).collect();
        Ok(Layout { dialect, names, uses, header, starts, end: self.windows.byte(), notes })
    }
}

impl Head {
    fn new(dialect: &Dialect, names: Vec<String>, roles: &Roles) -> Result<Self> {
        let name_list: Vec<&str> = names.iter().map(String::as_str).collect();
        let places = roles.places(&name_list, |name| match name_list.contains(&name) {
            true => Ok(()),
            false => Err(hint_of_names(unknown_column(name, &name_list), &name_list, dialect.has_header)),
        })?;
        Ok(Self {
            dialect: dialect.clone(),
            evidence: vec![Evidence::default(); names.len()],
            is_settled: false,
            target: ColumnScan::new(limits::CLASSES),
            candidates: places.scans(),
            block_rows: rows_per_block(places.candidates.len()),
            places,
            names,
        })
    }

    /// Looks at a row's cells, unless its target is missing or it weighs nothing.
    fn add(&mut self, cells: Cells<'_>) -> Seen {
        let (dialect, format) = (&self.dialect, &self.dialect.format);
        if !self.is_settled {
            self.evidence.iter_mut().zip(cells.iter()).for_each(|(evidence, cell)| evidence.add(cell, 1, format));
        }
        let target = cells.get(self.places.target);
        let column = dialect.column(self.places.target);
        if column.is_missing(target, format) {
            return Seen::NoTarget;
        }
        if self.places.weights.is_some_and(|place| is_weightless(cells.get(place), dialect, place)) {
            return Seen::NoWeight;
        }
        self.target.add(target, column, format);
        let mut candidates =
            self.places.candidates.iter().map(|(place, _)| *place).zip(&mut self.candidates).peekable();
        for (place, cell) in cells.iter().enumerate() {
            if let Some((_, scan)) = candidates.next_if(|(candidate, _)| *candidate == place) {
                scan.add(cell, dialect.column(place), format);
            }
        }
        Seen::Row
    }
}

/// What a row is to a fit.
enum Seen {
    Row,
    NoTarget,
    NoWeight,
}

/// Whether a cell is a weight of 0. One that cannot be read is refused later, by its place.
fn is_weightless(cell: &str, dialect: &Dialect, place: usize) -> bool {
    matches!(read_weight(cell, dialect.column(place), &dialect.format), Ok(0.0))
}

impl Layout {
    /// The same layout, if it can be one of a file: it may have come as bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when its parts contradict one another.
    pub(crate) fn checked(self) -> Result<Self> {
        let used = |what: fn(&Use) -> bool| self.uses.iter().filter(|used| what(used)).count();
        let fields = self.uses.iter().filter_map(|used| match used {
            Use::Feature(field) => Some(field),
            _ => None,
        });
        let bytes = self.starts.iter().map(|start| start.byte).chain([self.end]);
        let fits = bytes.is_sorted()
            && !self.starts.is_empty()
            && self.uses.len() == self.names.len()
            && used(|used| matches!(used, Use::Target)) == 1
            && used(|used| matches!(used, Use::Weight)) == usize::from(self.header.weights.is_some())
            && fields.eq(self.header.fields())
            && self.n_features() > 0;
        if fits { Ok(self) } else { Err(Error::new(ErrorKind::Internal, "a layout is not one of a file")) }
    }

    pub(crate) fn n_features(&self) -> usize {
        self.header.fields().count()
    }

    pub(crate) fn n_blocks(&self) -> usize {
        self.starts.len()
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// What was found out about the file that its reader should know, in sentences.
    pub(crate) fn notes(&self) -> &[Note] {
        &self.notes
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
        let format = &self.dialect.format;
        let mut rows = self.dialect.rows(bytes, true, self.starts[index].rows_before);
        let n_features = self.n_features();
        let mut values = Vec::with_capacity(n_features * rows_per_block(n_features));
        let (mut targets, mut weights) = (Vec::new(), Vec::new());
        let target_place = self.uses.iter().position(|used| matches!(used, Use::Target)).unwrap_or(0);
        let weight_place = self.uses.iter().position(|used| matches!(used, Use::Weight));
        while let Some((number, cells)) = rows.next()? {
            self.dialect.check_row(number, &cells, &self.names)?;
            if self.dialect.column(target_place).is_missing(cells.get(target_place), format) {
                continue;
            }
            if weight_place.is_some_and(|place| is_weightless(cells.get(place), &self.dialect, place)) {
                continue;
            }
            for (place, ((cell, used), name)) in cells.iter().zip(&self.uses).zip(&self.names).enumerate() {
                let column = || self.dialect.column(place);
                let read = match used {
                    Use::Feature(field) => field.read(cell, format, FEATURE_REMEDY).map(|value| values.push(value)),
                    Use::Target => target::read(cell, self.header.labels.as_ref(), column(), format)
                        .map(|value| targets.push(value)),
                    Use::Weight => read_weight(cell, column(), format).map(|weight| weights.push(weight)),
                    Use::Nothing => continue,
                };
                read.map_err(|error| error.at_row(number).in_column(name))?;
            }
        }
        Ok(Block { index, features: values.into(), targets: targets.into(), weights: weights.into() })
    }
}
