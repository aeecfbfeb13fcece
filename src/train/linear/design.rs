//! The design, in blocks of rows.

use super::standardization::Standardization;
use crate::dataset::Block;
use crate::error::Result;
use crate::numeric::simd::{Aligned, Columns, ROW_STEP};
use crate::numeric::tree_sum::Merge;
use crate::preprocess::Preprocessor;
use bincode::{Decode, Encode};

/// The maximum number of rows of a panel. The working values of so many rows stay in the first-level cache.
pub(super) const PANEL_ROWS: usize = 64;

/// The approximate maximum number of values of a panel: 256 KB. A core's own cache keeps them from the scores to the
/// gradient.
const PANEL_CELLS: usize = 1 << 15;

/// The number of columns that are transposed to rows at a time: so many stay in the first-level cache.
const AT_ONCE: usize = 16;

/// Rows of preprocessed features, with the intercept's 1 at the end if there is one. They lie in panels of consecutive
/// rows, each column by column.
#[derive(Debug)]
pub(crate) struct DesignBlock {
    /// Its position among the blocks.
    pub(super) index: usize,
    n_rows: usize,
    /// The number of columns.
    width: usize,
    /// The number of rows of a panel, except the last.
    panel_rows: usize,
    /// The panels one after the other, the last one with rows of zeros up to a multiple of [`ROW_STEP`].
    values: Aligned,
    targets: Vec<f64>,
    weights: Vec<f64>,
}

/// Rows of a design before they are laid out: the columns row by row, the targets, and the weights or none.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub(crate) struct DesignRows {
    pub(super) rows: Vec<f64>,
    pub(super) targets: Vec<f64>,
    pub(super) weights: Vec<f64>,
}

impl Merge for DesignRows {
    fn merge(&mut self, mut later: Self) -> Result<()> {
        self.rows.append(&mut later.rows);
        self.targets.append(&mut later.targets);
        self.weights.append(&mut later.weights);
        Ok(())
    }
}

/// Some rows of a block. The rows behind the first `n_rows` are padding.
#[derive(Clone, Copy)]
pub(super) struct Panel<'a> {
    pub(super) n_rows: usize,
    pub(super) columns: Columns<'a>,
    /// Per row the number to predict, or the position of its class; 0 in the padding.
    pub(super) targets: &'a [f64],
    /// Per row its sample weight times the weight of its class; 0 in the padding. Empty when every weight is 1.
    pub(super) weights: &'a [f64],
}

impl DesignBlock {
    /// `class_weights` has one weight per class, or is empty. `target_shift` is subtracted from numbers to predict.
    pub(crate) fn new(
        block: Block<'_>,
        preprocessor: &Preprocessor,
        intercept: bool,
        class_weights: &[f64],
        target_shift: f64,
    ) -> Self {
        let columns = Standardization::new(preprocessor, intercept);
        let width = preprocessor.n_columns() + usize::from(intercept);
        let write = |panel: &mut [f64], height: usize, rows: &[f64]| columns.write(panel, height, rows);
        let weights = match class_weights {
            [] => block.weights.into_owned(),
            weights => {
                let row_weight = |(row, class): (usize, &f64)| block.weight(row) * weights[*class as usize];
                block.targets.iter().enumerate().map(row_weight).collect()
            }
        };
        let mut targets = block.targets.into_owned();
        if target_shift != 0.0 {
            targets.iter_mut().for_each(|target| *target -= target_shift);
        }
        Self { index: block.index, ..Self::lay_out(&block.features, width, write, targets, weights) }
    }

    pub(super) fn of_rows(DesignRows { rows, targets, weights }: DesignRows) -> Self {
        let width = rows.len() / targets.len().max(1);
        let write = |panel: &mut [f64], height: usize, rows: &[f64]| {
            for (column, values) in panel.chunks_exact_mut(height).enumerate() {
                values.iter_mut().zip(rows.chunks_exact(width)).for_each(|(value, row)| *value = row[column]);
            }
        };
        Self::lay_out(&rows, width, write, targets, weights)
    }

    /// `write` is given a panel, the height of its columns, and the rows that belong to it, side by side as in `rows`.
    fn lay_out(
        rows: &[f64],
        width: usize,
        write: impl Fn(&mut [f64], usize, &[f64]),
        mut targets: Vec<f64>,
        mut weights: Vec<f64>,
    ) -> Self {
        let n_rows = targets.len();
        let padded = n_rows.next_multiple_of(ROW_STEP);
        let mut values = Aligned::zeros(padded * width);
        let panel_rows = 1 << (PANEL_CELLS / width.max(1)).clamp(ROW_STEP, PANEL_ROWS).ilog2();
        let in_panel = panel_rows * rows.len() / n_rows.max(1);
        for (panel, rows) in values.chunks_mut(panel_rows * width).zip(rows.chunks(in_panel)) {
            write(panel, panel.len() / width, rows);
        }
        targets.resize(padded, 0.0);
        if !weights.is_empty() {
            weights.resize(padded, 0.0);
        }
        Self { index: 0, n_rows, width, panel_rows, values, targets, weights }
    }

    #[inline(always)]
    pub(super) fn panels(&self) -> impl Iterator<Item = Panel<'_>> {
        let panels = self.values.chunks(self.panel_rows * self.width).zip(self.targets.chunks(self.panel_rows));
        panels.enumerate().map(|(index, (values, targets))| {
            let (first, padded) = (index * self.panel_rows, targets.len());
            Panel {
                n_rows: padded.min(self.n_rows - first),
                columns: Columns::new(values, padded),
                targets,
                weights: self.weights.get(first..first + padded).unwrap_or_default(),
            }
        })
    }

    pub(super) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// The maximum number of rows of a panel, padding included.
    pub(super) fn panel_rows(&self) -> usize {
        self.targets.len().min(self.panel_rows)
    }

    /// The rows as they were before they were laid out.
    pub(super) fn to_rows(&self) -> DesignRows {
        let mut rows = vec![0.0; self.n_rows * self.width];
        for (panel, rows) in self.panels().zip(rows.chunks_mut(self.panel_rows * self.width)) {
            let columns: Vec<&[f64]> = panel.columns.iter().collect();
            for (index, columns) in columns.chunks(AT_ONCE).enumerate() {
                for (row, values) in rows.chunks_exact_mut(self.width).enumerate() {
                    let values = values[index * AT_ONCE..].iter_mut();
                    values.zip(columns).for_each(|(value, column)| *value = column[row]);
                }
            }
        }
        DesignRows {
            rows,
            targets: self.targets[..self.n_rows].to_vec(),
            weights: self.weights.iter().take(self.n_rows).copied().collect(),
        }
    }

    /// The number of values in the block.
    pub(crate) fn size(&self) -> usize {
        self.values.len()
    }
}
