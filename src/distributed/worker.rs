//! A worker that answers for its share of the blocks.

use super::message::{Answer, Question, decode, encode_nodes, unexpected};
use crate::dataset::Layout;
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::tree_sum::TreeSum;
use crate::train::{PreparedBlock, Setup};
use std::ops::Range;

/// A worker's share of the blocks.
///
/// A question is [begun](Worker::begin); then the [part](Worker::part) of the file that is wanted next is read and
/// [fed](Worker::feed) until none is wanted; then there is the [answer](Worker::answer).
#[derive(Debug)]
pub struct Worker {
    layout: Layout,
    blocks: Range<usize>,
    setup: Option<Setup>,
    /// The share's first blocks, ready for the fit, as many as memory holds.
    kept: Vec<PreparedBlock>,
    /// How many bytes they may take up, and do.
    memory: u64,
    used: u64,
    question: Option<Question>,
    sum: TreeSum<Answer>,
    /// The next block to be answered for.
    next: usize,
}

/// About how many bytes of the file are read at a time.
const PART_BYTES: usize = 1 << 20;

impl Worker {
    /// Worker `index` of `n_shares`, from 0 on, of the blocks of a file. Prepared rows are kept in up to `memory` bytes;
    /// those beyond are read again for each question.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when the layout is not one; [`ErrorKind::UnsupportedVersion`] when it came from another
    /// build; [`ErrorKind::InvalidRequest`] for an index that is not below `n_shares`.
    pub fn new(layout: &[u8], index: usize, n_shares: usize, memory: u64) -> Result<Self> {
        let layout = decode::<Layout>(layout)?.checked()?;
        if index >= n_shares {
            let message =
                format!("there is no worker {index} of {n_shares}; count from 0 to below the number of workers");
            return Err(Error::new(ErrorKind::InvalidRequest, message));
        }
        // Workers beyond the number of blocks have none. The product may be larger than an index is in WebAssembly.
        let n_busy = n_shares.min(layout.n_blocks());
        let bound = |index: usize| (index.min(n_busy) as u64 * layout.n_blocks() as u64 / n_busy as u64) as usize;
        let blocks = bound(index)..bound(index + 1);
        Ok(Self {
            next: blocks.start,
            layout,
            blocks,
            setup: None,
            kept: Vec::new(),
            memory,
            used: 0,
            question: None,
            sum: TreeSum::new(),
        })
    }

    /// Takes a question of [`Coordinator::ask`](super::Coordinator::ask), and answers it for the blocks that are kept.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] for bytes that are no question, and for a fit's second question before its first;
    /// [`ErrorKind::UnsupportedVersion`] when it came from another build.
    pub fn begin(&mut self, question: &[u8]) -> Result<()> {
        let mut question = decode(question)?;
        (self.sum, self.next) = (TreeSum::new(), self.blocks.start);
        if let Question::Fit { setup, question } = &mut question {
            if let Some(setup) = setup.take() {
                (self.setup, self.kept, self.used) = (Some(*setup), Vec::new(), 0);
            }
            let setup = self.setup.as_ref().ok_or_else(unexpected)?;
            for block in &self.kept {
                self.sum.push_block(self.next, Answer::Fit(setup.answer(question, block)))?;
                self.next += 1;
            }
        }
        self.question = Some(question);
        Ok(())
    }

    /// The part of the file that is wanted next, by its first byte and its length; `None` when there is the answer.
    ///
    /// # Errors
    /// [`ErrorKind::LimitExceeded`] for a block that is too large.
    pub fn part(&self) -> Result<Option<(u64, usize)>> {
        if self.next == self.blocks.end {
            return Ok(None);
        }
        self.layout.bytes(self.next..self.part_end()?).map(Some)
    }

    /// As many blocks as are in about [`PART_BYTES`], and at least one.
    fn part_end(&self) -> Result<usize> {
        let mut end = self.next + 1;
        while end < self.blocks.end && self.layout.bytes(self.next..end + 1)?.1 <= PART_BYTES {
            end += 1;
        }
        Ok(end)
    }

    /// Answers for the blocks in the part that was wanted.
    ///
    /// # Errors
    /// Those of the rows in it; [`ErrorKind::Internal`] for bytes that are not the part.
    pub fn feed(&mut self, part: &[u8]) -> Result<()> {
        let blocks = self.next..self.part_end()?;
        let (start, _) = self.layout.bytes(blocks.clone())?;
        for index in blocks {
            let (first, length) = self.layout.bytes(index..index + 1)?;
            let at = (first - start) as usize;
            let bytes = part.get(at..at + length).ok_or_else(unexpected)?;
            let block = self.layout.block(index, bytes)?;
            let answer = match (&self.question, &self.setup) {
                (Some(Question::Survey(question)), _) => Answer::Survey(question.answer(self.layout.header(), &block)),
                (Some(Question::Fit { question, .. }), Some(setup)) => {
                    let block = setup.prepare(block);
                    let answer = Answer::Fit(setup.answer(question, &block));
                    let size = 8 * block.size() as u64;
                    if self.blocks.start + self.kept.len() == index && self.used + size <= self.memory {
                        self.used += size;
                        self.kept.push(block);
                    }
                    answer
                }
                _ => return Err(unexpected()),
            };
            self.sum.push_block(index, answer)?;
            self.next = index + 1;
        }
        Ok(())
    }

    /// The answer for this share's blocks.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] before every part was fed.
    pub fn answer(&mut self) -> Result<Vec<u8>> {
        if self.question.take().is_none() || self.next < self.blocks.end {
            return Err(unexpected());
        }
        encode_nodes(std::mem::replace(&mut self.sum, TreeSum::new()).into_nodes())
    }
}
