//! What has to be known of rows before a fit, by ask and tell: each question is answered block by block, and the answers
//! are merged. Rows in memory, in a file and in the shares of workers are surveyed by this code.

use super::blocks::{Block, Blocks, InMemoryRows};
use super::description::Header;
use super::moments::{Deviations, Moments};
use super::pass::sum_blocks;
use super::quantile::Quantiles;
use super::summary::Summary;
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::tree_sum::Merge;
use crate::table::Schema;
use bincode::{Decode, Encode};
use ndarray::Axis;

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum SurveyQuestion {
    Summary { with_digest: bool },
    Deviations(Deviations),
}

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum SurveyAnswer {
    Summary(Box<Summary>),
    Deviations(Vec<f64>),
}

impl SurveyQuestion {
    /// The answer for one block.
    pub(super) fn answer(&self, header: &Header, block: &Block<'_>) -> SurveyAnswer {
        match self {
            Self::Summary { with_digest } => {
                let summary = Summary::of_block(block, &header.counted(), *with_digest);
                SurveyAnswer::Summary(Box::new(summary))
            }
            Self::Deviations(deviations) => SurveyAnswer::Deviations(deviations.of_block(block)),
        }
    }
}

impl Merge for SurveyAnswer {
    fn merge(&mut self, later: Self) -> Result<()> {
        match (self, later) {
            (Self::Summary(summary), Self::Summary(later)) => summary.merge(*later),
            (Self::Deviations(sums), Self::Deviations(later)) => sums.merge(later),
            _ => Err(Error::new(ErrorKind::Internal, "answers to two different questions cannot be merged")),
        }
    }
}

/// Rows that are being looked through: once for counts and sums, once for deviations from the means. Quantiles are found
/// elsewhere, since columns in memory are quicker selected from than searched.
#[derive(Debug)]
pub(crate) struct Survey {
    header: Header,
    with_digest: bool,
    summary: Option<Summary>,
    moments: Option<Moments>,
}

/// What is known of rows that were looked through.
#[derive(Debug, Clone)]
pub(crate) struct Surveyed {
    pub(super) header: Header,
    pub(crate) schema: Schema,
    /// `None` when every weight is 0.
    pub(super) moments: Option<Moments>,
    /// Without meaning unless it was asked for.
    pub(crate) digest: [u8; 32],
}

impl Surveyed {
    /// The column that the sample weights come from.
    pub(crate) fn weights_name(&self) -> Option<&str> {
        self.header.weights.as_deref()
    }

    /// Per feature whether a row is without a value.
    pub(crate) fn has_missing(&self) -> Vec<bool> {
        self.schema.features.iter().map(|feature| feature.missing > 0).collect()
    }

    /// Weights, means and variances of features and target.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidWeight`] when every weight is 0.
    pub(crate) fn moments(&self) -> Result<&Moments> {
        self.moments.as_ref().ok_or_else(|| Error::new(ErrorKind::InvalidWeight, NO_WEIGHT))
    }
}

/// What is said of rows that all weigh nothing.
pub(super) const NO_WEIGHT: &str = "every weight is 0; there is nothing to train on";

impl Survey {
    pub(super) fn new(header: Header, with_digest: bool) -> Self {
        Self { header, with_digest, summary: None, moments: None }
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// Counts, ranges and sums, once they are known.
    pub(super) fn summary(&self) -> Option<&Summary> {
        self.summary.as_ref()
    }

    /// The next question; `None` when all is known.
    pub(super) fn ask(&self) -> Option<SurveyQuestion> {
        match (&self.summary, &self.moments) {
            (None, _) => Some(SurveyQuestion::Summary { with_digest: self.with_digest }),
            (Some(summary), None) => Deviations::from(summary).map(SurveyQuestion::Deviations),
            (Some(_), Some(_)) => None,
        }
    }

    /// Takes in the answer for all blocks.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] for an answer to another question, or about other columns.
    pub(super) fn tell(&mut self, answer: SurveyAnswer) -> Result<()> {
        match (answer, self.ask()) {
            (SurveyAnswer::Summary(summary), Some(SurveyQuestion::Summary { .. })) => {
                summary.check(&self.header.counted())?;
                self.summary = Some(*summary);
            }
            (SurveyAnswer::Deviations(sums), Some(SurveyQuestion::Deviations(deviations))) => {
                let moments = self.summary.as_ref().map(|summary| Moments::new(summary, deviations, &sums));
                self.moments = moments.transpose()?;
            }
            _ => return Err(Error::new(ErrorKind::Internal, "an answer came to another question")),
        }
        Ok(())
    }

    /// All that was found, once every question was answered. There is one entry of `quantiles` per feature, `None` for
    /// categories and where every value is missing.
    pub(super) fn finish(self, quantiles: &[Option<Quantiles>]) -> Result<Surveyed> {
        let Some(summary) = self.summary else {
            return Err(Error::new(ErrorKind::Internal, "the rows were not looked through to the end"));
        };
        let schema = self.header.schema(&summary, quantiles);
        let digest = summary.digest(&self.header.bytes());
        Ok(Surveyed { header: self.header, schema, moments: self.moments, digest })
    }
}

impl InMemoryRows {
    /// Looks through rows in memory. Their columns are selected from, which is quicker than a search.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] without a row.
    pub(super) fn survey(&self, header: Header, with_digest: bool) -> Result<Surveyed> {
        let mut survey = Survey::new(header, with_digest);
        while let Some(question) = survey.ask() {
            let answer = |index| Ok(question.answer(&survey.header, &self.block(index)?));
            let sum = sum_blocks(self.n_blocks(), answer)?;
            survey.tell(sum)?;
        }
        let quantiles = survey.summary().map(|summary| self.quantiles(&survey.header, summary)).unwrap_or_default();
        survey.finish(&quantiles)
    }

    /// The quantiles of each feature that has numbers.
    fn quantiles(&self, header: &Header, summary: &Summary) -> Vec<Option<Quantiles>> {
        let columns = self.features.axis_iter(Axis(1)).zip(header.n_categories()).enumerate();
        let quantiles = columns.map(|(feature, (column, n_categories))| {
            if n_categories > 0 {
                return None;
            }
            let values = column.iter().copied();
            if self.weights.is_empty() {
                return Quantiles::of(values.filter(|value| !value.is_nan()).collect());
            }
            let pairs: Vec<(f64, f64)> =
                values.zip(self.weights.iter().copied()).filter(|(value, _)| !value.is_nan()).collect();
            let weight = summary.weight - summary.missing_weights[feature];
            Quantiles::of_weighted(&pairs, weight, summary.ticks())
        });
        quantiles.collect()
    }
}
