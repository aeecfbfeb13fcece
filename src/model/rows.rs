//! Predictions of many rows, with the bits of those of each row alone.

use super::Model;
use super::estimator::{Estimator, Link};
use crate::error::Result;
use crate::preprocess::{FeatureTransform, PreparedColumn, Source};
use crate::table::{Domain, FeatureSchema};
use std::sync::Arc;
use tepal_kernels::{Categories, Columns, Feature, LinearRows, RowLink, RowRoom, TreeSums};

/// The most prepared values that are written down for the categories of one feature. With more, rows are prepared one by one.
const PATTERN_CELLS: usize = 1 << 14;

/// From so many rows on a block is prepared for. The tables of categories take as long as predicting some rows.
const WORTH_PREPARING: usize = 8;

/// About the most prepared values in a block of rows for trees, and the fewest and the most rows.
const BLOCK_CELLS: usize = 1 << 13;
const BLOCK_ROWS: (usize, usize) = (8, 256);

/// Trees of this many nodes do not stay in the cache. A block then has this many times as many rows.
const MANY_NODES: usize = 1 << 16;
const MORE_ROWS: usize = 8;

/// Predicts rows of one model, block by block. It keeps the room that a block takes.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowsPredictor {
    kernel: Kernel,
    room: RowRoom,
    /// Scores before their calibration or link.
    scores: Vec<f64>,
    prepared: Vec<f64>,
    row: Vec<f64>,
}

/// What predicts a block of rows.
#[derive(Debug, Clone, Default)]
enum Kernel {
    /// Nothing: rows are predicted one by one.
    #[default]
    None,
    Linear(Arc<LinearRows>),
    /// So many rows at a time.
    Trees(Arc<TreeSums>, usize),
}

impl RowsPredictor {
    pub(crate) fn new(model: &Model) -> Self {
        let linear = match &model.estimator {
            Estimator::Linear(linear) => linear,
            Estimator::Graph(_) => return Self::default(),
            Estimator::Trees(trees) => {
                let rows = (BLOCK_CELLS / model.preprocessor.n_columns().max(1)).clamp(BLOCK_ROWS.0, BLOCK_ROWS.1);
                let block_rows = if trees.n_nodes() < MANY_NODES { rows } else { MORE_ROWS * rows };
                return Self { kernel: Kernel::Trees(trees.sums().clone(), block_rows), ..Self::default() };
            }
        };
        let link = match model.link() {
            Link::Logistic if model.calibration.is_none() => RowLink::Logistic,
            Link::Identity | Link::Exp | Link::Logit | Link::Logistic | Link::Shares { .. } => RowLink::Identity,
            Link::Softmax { .. } => RowLink::Softmax,
            // The kernel does not have it.
            Link::OneVsRest { .. } => return Self::default(),
        };
        let features = model.schema.features.iter().zip(model.preprocessor.features());
        let features: Option<Vec<Feature>> = features.map(|(schema, transform)| feature(schema, transform)).collect();
        let Some(features) = features else { return Self::default() };
        let rows = LinearRows::new(features, &linear.coefficients, &linear.intercepts, link);
        Self { room: rows.room(), kernel: Kernel::Linear(Arc::new(rows)), ..Self::default() }
    }

    /// For so many rows and then no more: few are not worth the preparation.
    pub(crate) fn for_rows(model: &Model, n_rows: usize) -> Self {
        if n_rows < WORTH_PREPARING { Self::default() } else { Self::new(model) }
    }

    /// Takes the room that blocks of this model need, so that later calls take none.
    #[allow(dead_code, reason = "views into memory are for the page")]
    pub(crate) fn reserve(&mut self, model: &Model) {
        let (n_scores, n_columns) = (model.estimator.n_scores(), model.preprocessor.n_columns());
        self.scores.resize(self.block_rows() * n_scores, 0.0);
        self.prepared.resize(self.block_rows() * n_columns, 0.0);
        self.row.resize(model.n_outputs().max(n_scores), 0.0);
    }

    /// How many rows are best predicted at a time.
    pub(crate) fn block_rows(&self) -> usize {
        match &self.kernel {
            Kernel::None => 1,
            Kernel::Linear(rows) => rows.block_rows(),
            Kernel::Trees(_, block_rows) => *block_rows,
        }
    }

    /// Writes the outputs of some rows of this model: [`Model::n_outputs`] numbers for each.
    ///
    /// # Errors
    /// Those of [`Model::outputs`] at the first row that has one, counted from 1 after `rows_before`.
    pub(crate) fn write(&mut self, model: &Model, raw: &[f64], rows_before: u64, out: &mut [f64]) -> Result<()> {
        let (n_features, n_outputs, block_rows) = (model.n_features(), model.n_outputs(), self.block_rows());
        let blocks = raw.chunks(block_rows * n_features).zip(out.chunks_mut(block_rows * n_outputs));
        for (block, (raw, out)) in blocks.enumerate() {
            if !self.write_block(model, raw, out) {
                self.write_one_by_one(model, raw, rows_before + (block * block_rows) as u64, out)?;
            }
        }
        Ok(())
    }

    /// Writes the outputs of at most [`RowsPredictor::block_rows`] rows. False where one of them is to be looked at alone.
    pub(crate) fn write_block(&mut self, model: &Model, raw: &[f64], out: &mut [f64]) -> bool {
        match &self.kernel {
            Kernel::None => false,
            Kernel::Linear(rows) if rows_have_links(model) => rows.predict(raw, &mut self.room, out).is_ok(),
            Kernel::Linear(rows) => {
                self.scores.resize(raw.len() / model.n_features(), 0.0);
                rows.predict(raw, &mut self.room, &mut self.scores).is_ok() && self.write_links(model, out)
            }
            Kernel::Trees(sums, _) => {
                self.prepared.clear();
                for raw in raw.chunks_exact(model.n_features()) {
                    if model.check_row(raw).is_err() {
                        return false;
                    }
                    model.preprocessor.append_row(raw, &mut self.prepared);
                }
                self.scores.resize(raw.len() / model.n_features() * model.estimator.n_scores(), 0.0);
                sums.write(&self.prepared, &mut self.scores);
                self.write_links(model, out)
            }
        }
    }

    /// From scores to outputs. False where a score or an output is not finite.
    fn write_links(&mut self, model: &Model, out: &mut [f64]) -> bool {
        let precision = model.estimator.precision();
        if !self.scores.iter().all(|score| model.link.takes(*score, precision)) {
            return false;
        }
        let scores = self.scores.chunks_exact(model.estimator.n_scores());
        for (scores, out) in scores.zip(out.chunks_exact_mut(model.n_outputs())) {
            self.row.clear();
            self.row.extend_from_slice(scores);
            model.link_scores(&mut self.row);
            out.copy_from_slice(&self.row);
        }
        true
    }

    fn write_one_by_one(&mut self, model: &Model, raw: &[f64], rows_before: u64, out: &mut [f64]) -> Result<()> {
        let rows = raw.chunks_exact(model.n_features()).zip(out.chunks_exact_mut(model.n_outputs()));
        for (number, (raw, out)) in (rows_before + 1..).zip(rows) {
            out.copy_from_slice(self.one(model, raw).map_err(|error| error.at_row(number))?);
        }
        Ok(())
    }

    /// The outputs of one row.
    ///
    /// # Errors
    /// Those of [`Model::outputs`].
    pub(crate) fn one(&mut self, model: &Model, raw: &[f64]) -> Result<&[f64]> {
        model.outputs_by(raw, &mut self.prepared, &mut self.row)?;
        Ok(&self.row)
    }
}

/// Whether the kernel of a linear model makes outputs, not scores.
fn rows_have_links(model: &Model) -> bool {
    model.calibration.is_none() && !matches!(model.link, Link::Exp | Link::Logit)
}

/// How a feature becomes columns; `None` where that is not written down for all of its values.
fn feature(schema: &FeatureSchema, transform: &FeatureTransform) -> Option<Feature> {
    let imputed = transform.imputed_value().unwrap_or(f64::NAN);
    let columns = &transform.columns;
    match &schema.domain {
        Domain::Number(_)
            if columns.iter().any(|column| matches!(column.source, Source::DatePart(_) | Source::NonZero)) =>
        {
            None
        }
        Domain::Number(_) => Some(match columns.as_slice() {
            [PreparedColumn { source: Source::Value, scaling, .. }] => {
                Feature::Number { imputed, center: scaling.center, scale: scaling.scale }
            }
            columns => Feature::Columns(Columns {
                imputed,
                accepts_missing: transform.accepts_missing(),
                columns: columns
                    .iter()
                    .map(|column| (column.source == Source::Missing, column.scaling.center, column.scaling.scale))
                    .collect(),
            }),
        }),
        Domain::Category { counts, .. } => {
            // Every category, one that training did not have, and a missing value.
            let values = (0..=counts.len()).map(|position| position as f64).chain([f64::NAN]);
            if (counts.len() + 2).saturating_mul(columns.len()) > PATTERN_CELLS {
                return None;
            }
            let prepared = |raw: f64| {
                let filled = if raw.is_nan() { imputed } else { raw };
                columns.iter().map(move |column| column.scaling.apply(column.source.of(raw, filled)))
            };
            // A category may have been in rows held out only.
            let is_seen = (0..counts.len()).map(|position| transform.accepts_unseen || schema.has_seen(position));
            let is_accepted = is_seen.chain([transform.accepts_unseen, transform.accepts_missing()]).collect();
            Some(Feature::Categories(Categories { is_accepted, columns: values.flat_map(prepared).collect() }))
        }
    }
}
