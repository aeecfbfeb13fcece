//! Sums over the rows of a node, by the bins of some columns.

use super::bins::Bins;
use super::matrix::BinMatrix;
use super::sums::Sums;

/// So many columns are summed together: with 16 bytes for each of 255 bins they are 32 KB, which the nearest cache holds.
const COLUMNS_AT_A_TIME: usize = 8;

/// So many rows are looked at together. All columns look at them before the next ones come.
const ROWS_AT_A_TIME: usize = 256;

/// Columns that a thread sums.
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
        let size = columns.len().div_ceil(n_groups.max(1)).max(1);
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

    /// The histogram of some rows: `sums` has what each row of the matrix adds.
    pub(super) fn histogram(&self, matrix: &BinMatrix, rows: &[u32], sums: &[Sums]) -> Histogram {
        let mut histogram = vec![Sums::default(); self.n_sums()];
        let mut of_rows = [Sums::default(); ROWS_AT_A_TIME];
        let mut bins = [[0; COLUMNS_AT_A_TIME]; ROWS_AT_A_TIME];
        for rows in rows.chunks(ROWS_AT_A_TIME) {
            of_rows.iter_mut().zip(rows).for_each(|(sums_of_row, row)| *sums_of_row = sums[*row as usize]);
            let of_rows = &of_rows[..rows.len()];
            let begins = self.begins[..self.columns.len()].chunks(COLUMNS_AT_A_TIME);
            for (columns, begins) in self.columns.chunks(COLUMNS_AT_A_TIME).zip(begins) {
                // Bins first: the processor fetches those of many rows at once.
                let (first, last) = (columns[0], columns[columns.len() - 1]);
                if last - first + 1 == columns.len() {
                    bins.iter_mut().zip(rows).for_each(|(bins, row)| *bins = matrix.eight(*row, first));
                } else {
                    for (bins, row) in bins.iter_mut().zip(rows) {
                        bins.iter_mut().zip(columns).for_each(|(bin, column)| *bin = matrix.bin(*row, *column));
                    }
                }
                match <&[usize; COLUMNS_AT_A_TIME]>::try_from(begins) {
                    Ok(begins) => add(&mut histogram, begins, &bins, of_rows),
                    Err(_) => add(&mut histogram, begins, &bins, of_rows),
                }
            }
        }
        histogram
    }
}

/// Adds the sums of rows to those of their bins, which follow where those of their columns begin. Inlined, so that the number of
/// columns is known where it is the usual one.
#[inline(always)]
fn add(histogram: &mut [Sums], begins: &[usize], bins: &[[u8; COLUMNS_AT_A_TIME]], sums: &[Sums]) {
    for (bins, sums) in bins.iter().zip(sums) {
        for (begin, bin) in begins.iter().zip(bins) {
            histogram[begin + usize::from(*bin)] += *sums;
        }
    }
}

/// What is left of a histogram without another.
pub(super) fn without(histogram: &Histogram, other: &Histogram) -> Histogram {
    histogram.iter().zip(other).map(|(sums, other)| *sums - *other).collect()
}
