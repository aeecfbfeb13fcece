//! Products of columns, and of columns with parameters, in tiles that stay in registers.
//!
//! The vectors lie along the rows. A sum over rows has one order, that of [`LANES`] partial sums, and a sum over columns
//! has theirs: the bits depend neither on the width of the machine's vectors nor on the shape of a tile.

use tepal_kernels::{LANES, Lanes, Vectors};

/// How many columns a tile of one column is long.
const STRIP: usize = 4;

/// How many rows' scores are summed at a time; columns are filled up with zeros to a multiple of it.
pub(crate) const ROW_STEP: usize = 2 * LANES;

/// Some rows, column by column, with rows of zeros behind them up to a multiple of [`ROW_STEP`].
#[derive(Clone, Copy)]
pub(crate) struct Columns<'a> {
    values: &'a [f64],
    n_rows: usize,
}

impl<'a> Columns<'a> {
    /// Columns of `n_rows` numbers each, a multiple of [`ROW_STEP`] and at least that.
    #[inline(always)]
    pub(crate) fn new(values: &'a [f64], n_rows: usize) -> Self {
        Self { values, n_rows }
    }

    #[inline(always)]
    pub(crate) fn iter(self) -> std::slice::ChunksExact<'a, f64> {
        self.values.chunks_exact(self.n_rows)
    }

    /// How many numbers they hold.
    #[inline(always)]
    pub(crate) fn size(self) -> usize {
        self.values.len()
    }

    #[inline(always)]
    fn count(self) -> usize {
        self.values.len() / self.n_rows
    }

    /// N columns from one on.
    #[inline(always)]
    fn group<const N: usize>(self, first: usize) -> [&'a [[f64; LANES]]; N] {
        std::array::from_fn(|index| self.values[(first + index) * self.n_rows..][..self.n_rows].as_chunks().0)
    }
}

/// Which products of columns are wanted.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Part {
    /// Each column of A with each of B.
    Whole,
    /// Only with its fellow and those before it, for as many columns in A as in B; what lies above the diagonal is left
    /// unspecified. With columns of A that are those of B times a factor per row, this is the rank-k update of a symmetric
    /// matrix.
    Lower,
}

/// Adds to `c` the products of columns of `a` and `b`, those of one column of `a` after those of the one before.
#[cfg_attr(target_arch = "wasm32", inline(never))]
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
pub(crate) fn add_products<V: Vectors>(vectors: V, c: &mut [f64], a: Columns<'_>, b: Columns<'_>, part: Part) {
    match V::TILE {
        2 => add_tiles::<V, 2>(vectors, c, a, b, part),
        3 => add_tiles::<V, 3>(vectors, c, a, b, part),
        _ => add_tiles::<V, 4>(vectors, c, a, b, part),
    }
}

/// The same in tiles of T by T.
#[inline(always)]
fn add_tiles<V: Vectors, const T: usize>(vectors: V, c: &mut [f64], a: Columns<'_>, b: Columns<'_>, part: Part) {
    let (height, width) = (a.count(), b.count());
    let end = |row: usize| if part == Part::Lower { row } else { width };
    let mut row = 0;
    while row + T <= height {
        add_strip::<V, T, T>(vectors, &mut c[row * width..], width, a.group(row), b, end(row + T));
        row += T;
    }
    if T > 3 && row + 3 <= height {
        add_strip::<V, 3, T>(vectors, &mut c[row * width..], width, a.group(row), b, end(row + 3));
        row += 3;
    }
    if T > 2 && row + 2 <= height {
        add_strip::<V, 2, T>(vectors, &mut c[row * width..], width, a.group(row), b, end(row + 2));
        row += 2;
    }
    if row < height {
        add_strip::<V, 1, STRIP>(vectors, &mut c[row * width..], width, a.group(row), b, end(row + 1));
    }
}

/// The products of M columns with the columns of `b` before `end`, N at a time.
#[inline(always)]
fn add_strip<V: Vectors, const M: usize, const N: usize>(
    vectors: V,
    c: &mut [f64],
    stride: usize,
    a: [&[[f64; LANES]]; M],
    b: Columns<'_>,
    end: usize,
) {
    let mut column = 0;
    while column + N <= end {
        add_tile::<V, M, N>(vectors, &mut c[column..], stride, a, b.group(column));
        column += N;
    }
    if N > 2 && column + 2 <= end {
        add_tile::<V, M, 2>(vectors, &mut c[column..], stride, a, b.group(column));
        column += 2;
    }
    if column < end {
        add_tile::<V, M, 1>(vectors, &mut c[column..], stride, a, b.group(column));
    }
}

#[inline(always)]
fn add_tile<V: Vectors, const M: usize, const N: usize>(
    vectors: V,
    c: &mut [f64],
    stride: usize,
    a: [&[[f64; LANES]]; M],
    b: [&[[f64; LANES]]; N],
) {
    let zero = Lanes::all(vectors, 0.0);
    let mut sums = [[zero; N]; M];
    let steps = a[0].len();
    let (a, b) = (a.map(|column| &column[..steps]), b.map(|column| &column[..steps]));
    for step in 0..steps {
        let (mut of_a, mut of_b) = ([zero; M], [zero; N]);
        for m in 0..M {
            of_a[m] = Lanes::new(vectors, a[m][step]);
        }
        for n in 0..N {
            of_b[n] = Lanes::new(vectors, b[n][step]);
        }
        for m in 0..M {
            for n in 0..N {
                sums[m][n].add_product(of_a[m], of_b[n]);
            }
        }
    }
    for m in 0..M {
        let Some(row) = c[m * stride..].first_chunk_mut::<N>() else { break };
        for n in 0..N {
            row[n] += sums[m][n].sum();
        }
    }
}

/// Writes the scores of rows: for each output its parameters' sum of multiples of the columns, output by output.
#[cfg_attr(target_arch = "wasm32", inline(never))]
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
pub(crate) fn write_scores<V: Vectors>(vectors: V, scores: &mut [f64], columns: Columns<'_>, parameters: &[f64]) {
    match V::TILE {
        2 => score_tiles::<V, 2>(vectors, scores, columns, parameters),
        _ => score_tiles::<V, 3>(vectors, scores, columns, parameters),
    }
}

/// The same for T outputs at a time.
#[inline(always)]
fn score_tiles<V: Vectors, const T: usize>(vectors: V, scores: &mut [f64], columns: Columns<'_>, parameters: &[f64]) {
    let width = columns.count();
    let outputs = scores.chunks_mut(T * columns.n_rows).zip(parameters.chunks(T * width));
    for (scores, parameters) in outputs {
        if parameters.len() == T * width {
            score_outputs::<V, T>(vectors, scores, columns, parameters);
        } else {
            for (scores, parameters) in scores.chunks_mut(columns.n_rows).zip(parameters.chunks(width)) {
                score_outputs::<V, 1>(vectors, scores, columns, parameters);
            }
        }
    }
}

/// The scores of K outputs.
#[inline(always)]
fn score_outputs<V: Vectors, const K: usize>(vectors: V, scores: &mut [f64], columns: Columns<'_>, parameters: &[f64]) {
    let mut first = 0;
    // So many sums at a time that none waits for its own last addition, where there are registers for them.
    while V::TILE > 2 && K == 1 && first + 8 * LANES <= columns.n_rows {
        score_rows::<V, K, 8>(vectors, scores, columns, first, parameters);
        first += 8 * LANES;
    }
    while V::TILE > 2 && first + 4 * LANES <= columns.n_rows {
        score_rows::<V, K, 4>(vectors, scores, columns, first, parameters);
        first += 4 * LANES;
    }
    while first < columns.n_rows {
        score_rows::<V, K, { ROW_STEP / LANES }>(vectors, scores, columns, first, parameters);
        first += ROW_STEP;
    }
}

/// The scores of R times [`LANES`] rows from one on.
#[inline(always)]
fn score_rows<V: Vectors, const K: usize, const R: usize>(
    vectors: V,
    scores: &mut [f64],
    columns: Columns<'_>,
    first: usize,
    parameters: &[f64],
) {
    let width = parameters.len() / K;
    let of_output: [&[f64]; K] = std::array::from_fn(|output| &parameters[output * width..][..width]);
    let mut sums = [[Lanes::all(vectors, 0.0); R]; K];
    for (index, column) in columns.iter().enumerate().take(width) {
        let Some(rows) = column[first..].as_chunks::<LANES>().0.first_chunk::<R>() else { break };
        for k in 0..K {
            let parameter = Lanes::all(vectors, of_output[k][index]);
            for r in 0..R {
                sums[k][r].add_product(parameter, Lanes::new(vectors, rows[r]));
            }
        }
    }
    for k in 0..K {
        let scores = scores[k * columns.n_rows + first..].as_chunks_mut::<LANES>().0;
        let Some(scores) = scores.first_chunk_mut::<R>() else { break };
        for r in 0..R {
            scores[r] = sums[k][r].numbers();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tepal_kernels::Portable;

    /// Whole numbers, whose sums are exact in any order.
    fn whole(n: usize, step: usize) -> Vec<f64> {
        (0..n).map(|i| (i * step % 17) as f64 - 8.0).collect()
    }

    #[test]
    fn products_agree_with_their_definition_at_every_width() {
        for (rows, m, n) in [(8, 1, 1), (8, 2, 5), (16, 4, 8), (24, 7, 3), (128, 21, 21), (8, 11, 6), (40, 1, 9)] {
            let (a, b) = (whole(rows * m, 7), whole(rows * n, 5));
            let mut c = vec![1.0; m * n];
            add_products(Portable, &mut c, Columns::new(&a, rows), Columns::new(&b, rows), Part::Whole);
            for i in 0..m {
                for j in 0..n {
                    let expected: f64 = 1.0 + (0..rows).map(|r| a[i * rows + r] * b[j * rows + r]).sum::<f64>();
                    assert_eq!(c[i * n + j], expected, "{rows} rows, {m} by {n}, at {i}, {j}");
                }
            }
        }
    }

    #[test]
    fn the_lower_triangle_is_that_of_all_products() {
        for width in 1..14 {
            let (a, b) = (whole(24 * width, 3), whole(24 * width, 11));
            let (a, b) = (Columns::new(&a, 24), Columns::new(&b, 24));
            let (mut lower, mut whole) = (vec![0.0; width * width], vec![0.0; width * width]);
            add_products(Portable, &mut lower, a, b, Part::Lower);
            add_products(Portable, &mut whole, a, b, Part::Whole);
            for row in 0..width {
                assert_eq!(lower[row * width..][..=row], whole[row * width..][..=row], "width {width}, row {row}");
            }
        }
    }

    #[test]
    fn a_place_in_a_tile_does_not_show_in_the_bits() {
        // Thirds are rounded, so another order of a sum would show.
        let (n_rows, width, n_outputs) = (24, 13, 5);
        let values: Vec<f64> = whole(n_rows * width, 5).iter().map(|value| value / 3.0).collect();
        let parameters: Vec<f64> = whole(n_outputs * width, 9).iter().map(|value| value / 7.0).collect();
        let columns = Columns::new(&values, n_rows);
        let mut scores = vec![0.0; n_rows * n_outputs];
        write_scores(Portable, &mut scores, columns, &parameters);
        for (scores, parameters) in scores.chunks(n_rows).zip(parameters.chunks(width)) {
            let mut alone = vec![0.0; n_rows];
            write_scores(Portable, &mut alone, columns, parameters);
            assert_eq!(alone, scores);
            for (row, score) in scores.iter().enumerate() {
                let expected: f64 = (0..width).map(|j| parameters[j] * values[j * n_rows + row]).sum();
                assert_eq!(*score, expected);
            }
        }
        let mut products = vec![0.0; n_outputs * width];
        add_products(Portable, &mut products, Columns::new(&scores, n_rows), columns, Part::Whole);
        for (scores, products) in scores.chunks(n_rows).zip(products.chunks(width)) {
            for (column, product) in columns.iter().zip(products) {
                let mut alone = [0.0];
                let (scores, column) = (Columns::new(scores, n_rows), Columns::new(column, n_rows));
                add_products(Portable, &mut alone, scores, column, Part::Whole);
                assert_eq!(alone, [*product]);
            }
        }
    }
}
