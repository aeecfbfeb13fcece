//! The rows of a fit as bins, row by row.

use super::bins::Bins;
use crate::dataset::{Dataset, map_blocks};
use crate::error::Result;
use crate::limits;
use crate::model::Node;
use crate::preprocess::{Preprocessor, Source};
use crate::table::Domain;

/// So many rows become bins at a time.
const ROWS_AT_A_TIME: usize = 4096;

/// The rows of a fit as bins. The bins of a row stand side by side, since a node's rows are anywhere in the table.
#[derive(Debug)]
pub(super) struct BinMatrix {
    bins: Vec<u8>,
    columns: Vec<Bins>,
    /// Per column the prepared column that it is of: one of many categories takes several.
    prepared: Vec<usize>,
}

impl BinMatrix {
    /// Finds the bins of each column, and those of each row.
    pub(super) fn new(dataset: &Dataset, preprocessor: &Preprocessor, weights: &[f64]) -> Result<Self> {
        let n_rows = dataset.n_rows();
        limits::check_product("bins of a fit", n_rows, preprocessor.n_columns(), limits::BINS)?;
        let sources: Vec<(usize, Source)> =
            preprocessor.columns().map(|(feature, column)| (feature, column.source)).collect();
        let features = dataset.features();
        let columns = map_blocks(sources.len(), |at| {
            let (feature, source) = sources[at];
            let values: Vec<f64> = features.column(feature).iter().map(|value| source.of(*value, *value)).collect();
            Ok(match (&dataset.schema().features[feature].domain, source) {
                (Domain::Category { categories, .. }, Source::Value) => {
                    Bins::of_categories(&values, weights, categories.len())
                }
                _ => vec![Bins::of_numbers(&values, weights)],
            })
        })?;
        let columns = columns.into_iter().enumerate();
        let columns = columns.flat_map(|(at, columns)| columns.into_iter().map(move |column| (at, column)));
        let (prepared, columns): (Vec<usize>, Vec<Bins>) = columns.unzip();
        let n_columns = columns.len();
        limits::check_product("bins of a fit", n_rows, n_columns, limits::BINS)?;
        let blocks = map_blocks(n_rows.div_ceil(ROWS_AT_A_TIME), |block| {
            let rows = block * ROWS_AT_A_TIME..((block + 1) * ROWS_AT_A_TIME).min(n_rows);
            let mut bins = Vec::with_capacity(rows.len() * n_columns);
            for row in rows {
                let row = features.row(row);
                bins.extend(columns.iter().zip(&prepared).map(|(column, at)| {
                    let (feature, source) = sources[*at];
                    column.bin(source.of(row[feature], row[feature]))
                }));
            }
            Ok(bins)
        })?;
        let mut bins = blocks.concat();
        // So that eight bytes can be read anywhere.
        bins.extend([0; 8]);
        Ok(Self { bins, columns, prepared })
    }

    pub(super) fn columns(&self) -> &[Bins] {
        &self.columns
    }

    /// The node that splits by a column.
    pub(super) fn split(&self, column: usize, left: &[u8], missing_left: bool) -> Node {
        let rule = self.columns[column].rule(left, missing_left);
        Node::Split { column: self.prepared[column], rule, missing_left }
    }

    /// The prepared column that each column is of.
    pub(super) fn prepared(&self) -> &[usize] {
        &self.prepared
    }

    /// The bins of a row in eight columns from `first` on.
    #[inline(always)]
    pub(super) fn eight(&self, row: u32, first: usize) -> [u8; 8] {
        let begin = row as usize * self.columns.len() + first;
        self.bins.get(begin..begin + 8).and_then(|bins| bins.try_into().ok()).unwrap_or_default()
    }

    /// The bin of a row in a column.
    #[inline]
    pub(super) fn bin(&self, row: u32, column: usize) -> u8 {
        self.bins[row as usize * self.columns.len() + column]
    }
}
