//! Sums over the rows of a node, by the bins of some columns.

use super::bins::Bins;
use super::matrix::BinMatrix;
use super::sums::Sums;

/// Columns that are summed together: their sums stay in the processor's nearest cache.
#[derive(Debug)]
pub(super) struct ColumnGroup {
    /// Positions among all columns, increasing.
    columns: Vec<usize>,
    /// Per column where its bins begin, and at last how many there are.
    begins: Vec<usize>,
}

/// Per bin of the columns of a group the sums over its rows. Behind the last bin of a column stand those of rows without a
/// value.
pub(super) type Histogram = Vec<Sums>;

impl ColumnGroup {
    /// Columns in about so many groups.
    pub(super) fn divide(columns: &[usize], bins: &[Bins], n_groups: usize) -> Vec<Self> {
        /// With 16 bytes for each of 255 bins they are some 30 KB.
        const MOST_COLUMNS: usize = 8;
        let size = columns.len().div_ceil(n_groups.max(1)).clamp(1, MOST_COLUMNS);
        columns.chunks(size).map(|columns| Self::new(columns, bins)).collect()
    }

    fn new(columns: &[usize], bins: &[Bins]) -> Self {
        let mut begins = vec![0];
        for column in columns {
            begins.push(begins[begins.len() - 1] + bins[*column].n_bins() + 1);
        }
        Self { columns: columns.to_vec(), begins }
    }

    /// How many sums a histogram has.
    pub(super) fn n_sums(&self) -> usize {
        self.begins[self.columns.len()]
    }

    /// Each column with its part of a histogram.
    pub(super) fn parts<'a>(&'a self, histogram: &'a [Sums]) -> impl Iterator<Item = (usize, &'a [Sums])> {
        let ranges = self.begins.windows(2).map(|range| &histogram[range[0]..range[1]]);
        self.columns.iter().copied().zip(ranges)
    }

    /// The histogram of some rows: `sums` has theirs in the same order.
    pub(super) fn histogram(&self, matrix: &BinMatrix, rows: &[u32], sums: &[Sums]) -> Histogram {
        let mut histogram = vec![Sums::default(); self.n_sums()];
        let (first, last) = (self.columns[0], self.columns[self.columns.len() - 1]);
        if last - first + 1 == self.columns.len() {
            for (row, sums) in rows.iter().zip(sums) {
                let bins = &matrix.row(*row)[first..=last];
                for (begin, bin) in self.begins.iter().zip(bins) {
                    histogram[begin + usize::from(*bin)] += *sums;
                }
            }
        } else {
            for (row, sums) in rows.iter().zip(sums) {
                let bins = matrix.row(*row);
                for (begin, column) in self.begins.iter().zip(&self.columns) {
                    histogram[begin + usize::from(bins[*column])] += *sums;
                }
            }
        }
        histogram
    }
}

/// What is left of a histogram without another.
pub(super) fn without(histogram: &Histogram, other: &Histogram) -> Histogram {
    histogram.iter().zip(other).map(|(sums, other)| *sums - *other).collect()
}
