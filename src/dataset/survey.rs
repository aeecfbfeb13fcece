//! What has to be known of a stream before a fit, by ask and tell: each question is about blocks, can be answered for any
//! of them by anybody, and the answers are merged.

use super::layout::Layout;
use super::moments::Deviations;
use super::quantile::{Histogram, QuantileSearch};
use super::summary::Summary;
use super::{Block, Moments};
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::tree_sum::Merge;
use crate::table::Schema;
use bincode::{Decode, Encode};

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum SurveyQuestion {
    Summary,
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
    pub(crate) fn answer(&self, layout: &Layout, block: &Block<'_>) -> SurveyAnswer {
        let n_features = layout.n_features();
        match self {
            Self::Summary => {
                let n_categories = layout.header().n_categories();
                SurveyAnswer::Summary(Box::new(Summary::of_block(block, &n_categories, layout.n_classes(), true)))
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
    layout: Layout,
    summary: Option<Summary>,
    moments: Option<Moments>,
    /// Per feature; `None` for categories, and where every value is missing.
    searches: Vec<Option<QuantileSearch>>,
}

/// What is known of rows that were looked through.
#[derive(Debug)]
pub(crate) struct Surveyed {
    pub(crate) layout: Layout,
    pub(crate) schema: Schema,
    pub(crate) moments: Moments,
    pub(crate) digest: [u8; 32],
}

impl Surveyed {
    /// The column that the sample weights come from.
    pub(crate) fn weights_name(&self) -> Option<&str> {
        self.layout.header().weights.as_deref()
    }
}

impl Survey {
    pub(crate) fn new(layout: Layout) -> Self {
        Self { layout, summary: None, moments: None, searches: Vec::new() }
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The next question; `None` when all is known.
    pub(crate) fn ask(&self) -> Option<SurveyQuestion> {
        let Some(summary) = &self.summary else { return Some(SurveyQuestion::Summary) };
        let is_open =
            self.moments.is_none() || self.searches.iter().flatten().any(|searches| searches.found().is_none());
        let deviations = if self.moments.is_none() { Deviations::from(summary).ok() } else { None };
        is_open.then(|| SurveyQuestion::Deviations { deviations, searches: self.searches.clone() })
    }

    /// Takes in the answer for all blocks.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidWeight`] when every weight is 0.
    pub(crate) fn tell(&mut self, answer: SurveyAnswer) -> Result<()> {
        match (answer, &self.summary) {
            (SurveyAnswer::Summary(summary), _) => {
                Deviations::from(&summary)?;
                let n_categories = self.layout.header().n_categories();
                let search = |feature: usize| match n_categories[feature] {
                    0 => QuantileSearch::new(summary.ranges[feature], summary.n_rows - summary.missing_rows[feature]),
                    _ => None,
                };
                self.searches = (0..n_categories.len()).map(search).collect();
                self.summary = Some(*summary);
            }
            (SurveyAnswer::Deviations { sums, histograms }, Some(summary)) => {
                if self.moments.is_none() {
                    self.moments = Some(Moments::new(summary, Deviations::from(summary)?, &sums));
                }
                for (searches, histograms) in self.searches.iter_mut().zip(histograms) {
                    searches.iter_mut().for_each(|searches| searches.narrow(&histograms));
                }
            }
            (SurveyAnswer::Deviations { .. }, None) => {}
        }
        Ok(())
    }

    /// All that was found, once every question was answered.
    pub(crate) fn finish(self) -> Result<Surveyed> {
        let unfinished = || Error::new(ErrorKind::Internal, "the rows were not looked through to the end");
        let (summary, moments) = self.summary.zip(self.moments).ok_or_else(unfinished)?;
        let quantiles: Vec<_> =
            self.searches.iter().map(|searches| searches.as_ref().and_then(QuantileSearch::found)).collect();
        if self.searches.iter().zip(&quantiles).any(|(searches, found)| searches.is_some() != found.is_some()) {
            return Err(unfinished());
        }
        let header = self.layout.header();
        let schema = header.schema(&summary, &quantiles);
        let digest = summary.digest(&header.bytes());
        Ok(Surveyed { layout: self.layout, schema, moments, digest })
    }
}
