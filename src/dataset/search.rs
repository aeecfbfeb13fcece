//! The survey of rows that are not in memory: with it, the quantiles of numbers are searched for in the same passes.

use super::Block;
use super::description::Header;
use super::pass::sum_blocks;
use super::quantile_search::{Histogram, QuantileSearch};
use super::survey::{Survey, SurveyAnswer, SurveyQuestion, Surveyed};
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::tree_sum::Merge;
use bincode::{Decode, Encode};

/// A survey, and per feature the search for its quantiles: none before the ranges are known, nor for a category or where
/// every value is missing.
#[derive(Debug)]
pub(crate) struct SearchingSurvey {
    survey: Survey,
    searches: Vec<Option<QuantileSearch>>,
}

/// What is asked about each block: either may be over before the other.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct SearchQuestion {
    survey: Option<SurveyQuestion>,
    searches: Vec<Option<QuantileSearch>>,
}

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct SearchAnswer {
    survey: Option<SurveyAnswer>,
    histograms: Vec<Vec<Histogram>>,
}

impl SearchQuestion {
    /// The answer for one block.
    pub(crate) fn answer(&self, header: &Header, block: &Block<'_>) -> SearchAnswer {
        let look = |(feature, search): (usize, &Option<QuantileSearch>)| {
            let look = |search: &QuantileSearch| search.look(block, feature, self.searches.len());
            search.as_ref().map(look).unwrap_or_default()
        };
        SearchAnswer {
            survey: self.survey.as_ref().map(|question| question.answer(header, block)),
            histograms: self.searches.iter().enumerate().map(look).collect(),
        }
    }
}

impl Merge for SearchAnswer {
    fn merge(&mut self, later: Self) -> Result<()> {
        self.histograms.merge(later.histograms)?;
        match (&mut self.survey, later.survey) {
            (Some(answer), Some(later)) => answer.merge(later),
            (None, None) => Ok(()),
            _ => Err(Error::new(ErrorKind::Internal, "answers to two different questions cannot be merged")),
        }
    }
}

impl SearchingSurvey {
    pub(crate) fn new(header: Header) -> Self {
        Self { survey: Survey::new(header, true), searches: Vec::new() }
    }

    /// Looks through rows that are here: `read` gives a block.
    pub(super) fn run<'b>(
        mut self,
        n_blocks: usize,
        read: impl Fn(usize) -> Result<Block<'b>> + Sync,
    ) -> Result<Surveyed> {
        while let Some(question) = self.ask() {
            let answer = sum_blocks(n_blocks, |index| Ok(question.answer(self.survey.header(), &read(index)?)))?;
            self.tell(answer)?;
        }
        self.finish()
    }

    /// The next question; `None` when all is known.
    pub(crate) fn ask(&self) -> Option<SearchQuestion> {
        let survey = self.survey.ask();
        (survey.is_some() || self.is_searching()).then(|| SearchQuestion { survey, searches: self.searches.clone() })
    }

    fn is_searching(&self) -> bool {
        self.searches.iter().flatten().any(|search| search.found().is_none())
    }

    /// Takes in the answer for all blocks.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] for an answer to another question, or about other rows.
    pub(crate) fn tell(&mut self, answer: SearchAnswer) -> Result<()> {
        if answer.histograms.len() != self.searches.len() || answer.survey.is_some() != self.survey.ask().is_some() {
            return Err(Error::new(ErrorKind::Internal, "an answer came to another question"));
        }
        let n_features = self.searches.len();
        for (search, histograms) in self.searches.iter_mut().zip(answer.histograms) {
            search.iter_mut().try_for_each(|search| search.narrow(&histograms, n_features))?;
        }
        let had_summary = self.survey.summary().is_some();
        answer.survey.map(|answer| self.survey.tell(answer)).transpose()?;
        if let (false, Some(summary)) = (had_summary, self.survey.summary()) {
            let ticks = summary.ticks();
            let search = |(feature, n_categories): (usize, usize)| {
                let (range, n_values) = (summary.ranges[feature], summary.n_values(feature));
                let weight = summary.weight - summary.missing_weights[feature];
                (n_categories == 0).then(|| QuantileSearch::new(range, n_values, weight, ticks)).flatten()
            };
            self.searches = self.survey.header().n_categories().into_iter().enumerate().map(search).collect();
        }
        Ok(())
    }

    /// All that was found, once every question was answered.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] before.
    pub(crate) fn finish(self) -> Result<Surveyed> {
        if self.is_searching() {
            return Err(Error::new(ErrorKind::Internal, "the rows were not looked through to the end"));
        }
        let found: Vec<_> =
            self.searches.iter().map(|search| search.as_ref().and_then(QuantileSearch::found)).collect();
        self.survey.finish(&found)
    }
}
