//! What has to be known of rows before a fit, by ask and tell: each question is answered block by block, and the answers
//! are merged. Rows in memory, in a file and in the shares of workers are surveyed by this code.

use super::Block;
use super::description::Header;
use super::moments::{Deviations, Moments};
use super::pass::sum_blocks;
use super::quantile::{Histogram, QuantileSearch, Quantiles};
use super::summary::Summary;
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::tree_sum::Merge;
use crate::table::Schema;
use bincode::{Decode, Encode};

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum SurveyQuestion {
    Summary {
        with_digest: bool,
    },
    /// Sums of deviations, unless they are known, and where the quantiles of numbers are.
    Deviations {
        deviations: Option<Deviations>,
        searches: Vec<Option<QuantileSearch>>,
    },
}

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum SurveyAnswer {
    Summary(Box<Summary>),
    Deviations { sums: Vec<f64>, histograms: Vec<Vec<Histogram>> },
}

impl SurveyQuestion {
    /// The answer for one block.
    pub(crate) fn answer(&self, header: &Header, block: &Block<'_>) -> SurveyAnswer {
        let n_categories = header.n_categories();
        let n_features = n_categories.len();
        match self {
            Self::Summary { with_digest } => {
                let summary = Summary::of_block(block, &n_categories, header.n_classes(), *with_digest);
                SurveyAnswer::Summary(Box::new(summary))
            }
            Self::Deviations { deviations, searches } => {
                let look = |(feature, searches): (usize, &Option<QuantileSearch>)| {
                    let searches = searches.as_ref();
                    searches.map(|searches| searches.look(block, feature, n_features)).unwrap_or_default()
                };
                SurveyAnswer::Deviations {
                    sums: deviations.as_ref().map(|deviations| deviations.of_block(block)).unwrap_or_default(),
                    histograms: searches.iter().enumerate().map(look).collect(),
                }
            }
        }
    }
}

impl Merge for SurveyAnswer {
    fn merge(&mut self, later: Self) -> Result<()> {
        match (self, later) {
            (Self::Summary(summary), Self::Summary(later)) => summary.merge(*later),
            (Self::Deviations { sums, histograms }, Self::Deviations { sums: later_sums, histograms: later_looks }) => {
                sums.merge(later_sums)?;
                histograms.iter_mut().zip(later_looks).try_for_each(|(histograms, later)| histograms.merge(later))
            }
            _ => Err(Error::new(ErrorKind::Internal, "answers to two different questions cannot be merged")),
        }
    }
}

/// Rows that are being looked through.
#[derive(Debug)]
pub(crate) struct Survey {
    header: Header,
    with_digest: bool,
    summary: Option<Summary>,
    moments: Option<Moments>,
    /// Per feature; `None` for categories, where every value is missing, and where the quantiles are known.
    searches: Vec<Option<QuantileSearch>>,
    /// Per feature, where they were found by a look at whole columns.
    known_quantiles: Option<Vec<Option<Quantiles>>>,
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

    /// Weights, means and variances of features and target.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidWeight`] when every weight is 0.
    pub(crate) fn moments(&self) -> Result<&Moments> {
        let message = "every weight is 0; there is nothing to train on";
        self.moments.as_ref().ok_or_else(|| Error::new(ErrorKind::InvalidWeight, message))
    }
}

impl Survey {
    pub(crate) fn new(header: Header, with_digest: bool) -> Self {
        Self { header, with_digest, summary: None, moments: None, searches: Vec::new(), known_quantiles: None }
    }

    /// The same survey without a search for quantiles: columns in memory are quicker selected from.
    pub(super) fn with_quantiles(self, quantiles: Vec<Option<Quantiles>>) -> Self {
        Self { known_quantiles: Some(quantiles), ..self }
    }

    /// Looks through rows that are here: `read` gives a block.
    pub(super) fn run<'b>(
        mut self,
        n_blocks: usize,
        read: impl Fn(usize) -> Result<Block<'b>> + Sync,
    ) -> Result<Surveyed> {
        while let Some(question) = self.ask() {
            let answer = sum_blocks(n_blocks, |index| Ok(question.answer(&self.header, &read(index)?)))?;
            self.tell(answer)?;
        }
        self.finish()
    }

    /// The next question; `None` when all is known.
    pub(crate) fn ask(&self) -> Option<SurveyQuestion> {
        let Some(summary) = &self.summary else {
            return Some(SurveyQuestion::Summary { with_digest: self.with_digest });
        };
        let deviations = if self.moments.is_none() { Deviations::from(summary) } else { None };
        let is_searching = self.searches.iter().flatten().any(|searches| searches.found().is_none());
        (deviations.is_some() || is_searching)
            .then(|| SurveyQuestion::Deviations { deviations, searches: self.searches.clone() })
    }

    /// Takes in the answer for all blocks.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] for an answer to another question.
    pub(crate) fn tell(&mut self, answer: SurveyAnswer) -> Result<()> {
        match (answer, &self.summary) {
            (SurveyAnswer::Summary(summary), None) => {
                let is_known = self.known_quantiles.is_some();
                let search = |(feature, n_categories): (usize, usize)| match n_categories {
                    0 if !is_known => {
                        QuantileSearch::new(summary.ranges[feature], summary.n_rows - summary.missing_rows[feature])
                    }
                    _ => None,
                };
                self.searches = self.header.n_categories().into_iter().enumerate().map(search).collect();
                self.summary = Some(*summary);
                Ok(())
            }
            (SurveyAnswer::Deviations { sums, histograms }, Some(summary)) => {
                let n_features = self.searches.len();
                let expected = if self.moments.is_none() && summary.weight > 0.0 { 2 + 2 * n_features } else { 0 };
                if sums.len() != expected || histograms.len() != n_features {
                    return Err(Error::new(ErrorKind::Internal, "an answer has another number of sums"));
                }
                if self.moments.is_none() {
                    self.moments = Deviations::from(summary).map(|deviations| Moments::new(summary, deviations, &sums));
                }
                for (searches, histograms) in self.searches.iter_mut().zip(histograms) {
                    searches.iter_mut().for_each(|searches| searches.narrow(&histograms));
                }
                Ok(())
            }
            _ => Err(Error::new(ErrorKind::Internal, "an answer came to another question")),
        }
    }

    /// All that was found, once every question was answered.
    pub(crate) fn finish(self) -> Result<Surveyed> {
        let unfinished = || Error::new(ErrorKind::Internal, "the rows were not looked through to the end");
        let summary = self.summary.ok_or_else(unfinished)?;
        let found: Vec<_> =
            self.searches.iter().map(|searches| searches.as_ref().and_then(QuantileSearch::found)).collect();
        if self.searches.iter().zip(&found).any(|(searches, found)| searches.is_some() != found.is_some()) {
            return Err(unfinished());
        }
        let schema = self.header.schema(&summary, &self.known_quantiles.unwrap_or(found));
        let digest = summary.digest(&self.header.bytes());
        Ok(Surveyed { header: self.header, schema, moments: self.moments, digest })
    }
}
