//! The rows of a fit: kept in memory, or read again for every question.

use super::job::{Answer, Job, PreparedBlock, Question};
use crate::dataset::{Blocks, Stream, sum_blocks};
use crate::error::Result;

#[derive(Debug)]
pub(super) enum FitRows {
    InMemory(Vec<PreparedBlock>),
    Streamed(Box<Stream>),
}

impl FitRows {
    /// The merged answer of all rows.
    pub(super) fn answer(&self, job: &Job, question: &Question) -> Result<Answer> {
        match self {
            Self::InMemory(blocks) => sum_blocks(blocks.len(), |index| Ok(job.answer(question, &blocks[index]))),
            Self::Streamed(stream) => {
                sum_blocks(stream.n_blocks(), |index| Ok(job.answer(question, &job.prepare(stream.block(index)?))))
            }
        }
    }
}
