//! What has to be known of a stream before a fit, by ask and tell: each question is about blocks, can be answered for any
//! of them by anybody, and the answers are merged.

use super::layout::Layout;
use super::median::{Look, Search};
use super::moments::Deviations;
use super::summary::Summary;
use super::{Block, Moments};
use crate::arithmetic::Merge;
use crate::error::{Error, ErrorKind, Result};
use crate::table::Schema;
use bincode::{Decode, Encode};

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum SurveyQuestion {
    Summary,
    /// Sums of deviations, unless they are known, and where the medians are.
    Deviations {
        deviations: Option<Deviations>,
        searches: Vec<Search>,
    },
}

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum SurveyAnswer {
    Summary(Summary),
    Deviations { sums: Vec<f64>, looks: Vec<Look> },
}

impl SurveyQuestion {
    /// The answer for one block.
    pub(crate) fn answer(&self, layout: &Layout, block: &Block<'_>) -> SurveyAnswer {
        let n_features = layout.n_features();
        match self {
            Self::Summary => SurveyAnswer::Summary(Summary::of_block(block, n_features, layout.n_classes(), true)),
            Self::Deviations { deviations, searches } => {
                let look = |(feature, search): (usize, &Search)| search.look(block, feature, n_features);
                SurveyAnswer::Deviations {
                    sums: deviations.as_ref().map(|deviations| deviations.of_block(block)).unwrap_or_default(),
                    looks: searches.iter().enumerate().map(look).collect(),
                }
            }
        }
    }
}

impl Merge for SurveyAnswer {
    fn merge(&mut self, later: Self) {
        match (self, later) {
            (Self::Summary(summary), Self::Summary(later)) => summary.merge(later),
            (Self::Deviations { sums, looks }, Self::Deviations { sums: later_sums, looks: later_looks }) => {
                sums.merge(later_sums);
                looks.merge(later_looks);
            }
            // One question has answers of one kind.
            _ => {}
        }
    }
}

/// Rows that are being looked through.
#[derive(Debug)]
pub(crate) struct Survey {
    layout: Layout,
    summary: Option<Summary>,
    moments: Option<Moments>,
    searches: Vec<Search>,
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
        let is_open = self.moments.is_none() || self.searches.iter().any(|search| search.found().is_none());
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
                self.searches = summary.ranges.iter().map(|range| Search::new(*range, summary.n_rows)).collect();
                self.summary = Some(summary);
            }
            (SurveyAnswer::Deviations { sums, looks }, Some(summary)) => {
                if self.moments.is_none() {
                    self.moments = Some(Moments::new(summary, Deviations::from(summary)?, &sums));
                }
                self.searches.iter_mut().zip(looks).for_each(|(search, look)| search.narrow(look));
            }
            (SurveyAnswer::Deviations { .. }, None) => {}
        }
        Ok(())
    }

    /// All that was found, once every question was answered.
    pub(crate) fn finish(self) -> Result<Surveyed> {
        let unfinished = || Error::new(ErrorKind::Internal, "the rows were not looked through to the end");
        let (summary, moments) = self.summary.zip(self.moments).ok_or_else(unfinished)?;
        let medians: Option<Vec<f64>> = self.searches.iter().map(Search::found).collect();
        let header = self.layout.header();
        let schema = header.schema(&summary, &medians.ok_or_else(unfinished)?);
        let digest = summary.digest(header);
        Ok(Surveyed { layout: self.layout, schema, moments, digest })
    }
}
