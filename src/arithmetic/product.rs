//! Matrix products in tiles that stay in registers.
//!
//! Every entry of a result is one sum in the order of the rows, without lanes: the vectors lie across entries. So the
//! bits depend neither on the width of the machine's vectors nor on the shape of a tile.

/// The sides of a tile. Four by four is what 16 registers of two numbers hold, and what WebAssembly has.
const TILE: usize = 4;

/// A matrix row by row: `width` numbers of each row, which begin `stride` numbers apart.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) values: &'a [f64],
    pub(crate) stride: usize,
    pub(crate) width: usize,
}

impl<'a> Rows<'a> {
    /// Rows without gaps.
    #[inline(always)]
    pub(crate) fn new(values: &'a [f64], width: usize) -> Self {
        Self { values, stride: width, width }
    }

    /// Every row from a column on, if there is one.
    #[inline(always)]
    fn columns_from(self, column: usize) -> std::slice::Chunks<'a, f64> {
        self.values.get(column..).unwrap_or_default().chunks(self.stride)
    }
}

/// Adds A'B to `c`, which has a row of B's width for each column of A.
#[inline(always)]
pub(crate) fn add_product(c: &mut [f64], a: Rows<'_>, b: Rows<'_>) {
    if a.width == 1 {
        return add_multiples(c, a, b);
    }
    for (row, height) in Tiles::of(a.width) {
        for (column, width) in Tiles::of(b.width) {
            tile(c, a, (row, height), b, (column, width));
        }
    }
}

/// A'B for one column of A: multiples of B's rows, four rows at a time, so that long rows are read from end to end.
#[inline(always)]
fn add_multiples(c: &mut [f64], a: Rows<'_>, b: Rows<'_>) {
    let c = &mut c[..b.width];
    let factors = |index: usize| a.values[index * a.stride];
    for (group, rows) in b.values.chunks(TILE * b.stride).enumerate() {
        let first = TILE * group;
        if rows.len() < 3 * b.stride + b.width {
            for (row, b) in rows.chunks(b.stride).enumerate() {
                let factor = factors(first + row);
                c.iter_mut().zip(b).for_each(|(sum, value)| *sum += factor * value);
            }
            return;
        }
        let row = |index: usize| &rows[index * b.stride..][..b.width];
        let f = [factors(first), factors(first + 1), factors(first + 2), factors(first + 3)];
        for ((((sum, b0), b1), b2), b3) in c.iter_mut().zip(row(0)).zip(row(1)).zip(row(2)).zip(row(3)) {
            *sum = (((*sum + f[0] * b0) + f[1] * b1) + f[2] * b2) + f[3] * b3;
        }
    }
}

/// Adds the lower triangle of A'B to `c`, a square of the matrices' common width; what lies above the diagonal is left
/// unspecified. With rows of A that are multiples of B's this is the rank-k update of a symmetric matrix.
#[inline(always)]
pub(crate) fn add_lower_product(c: &mut [f64], a: Rows<'_>, b: Rows<'_>) {
    for (row, height) in Tiles::of(a.width) {
        for (column, width) in Tiles::of(row + height) {
            tile(c, a, (row, height), b, (column, width));
        }
    }
}

/// Covers 0..n with pieces of 4, and then of 1: where each begins and how long it is. (An iterator, since closures
/// cannot be told to be inlined.)
struct Tiles {
    at: usize,
    end: usize,
}

impl Tiles {
    #[inline(always)]
    fn of(end: usize) -> Self {
        Self { at: 0, end }
    }
}

impl Iterator for Tiles {
    type Item = (usize, usize);

    #[inline(always)]
    fn next(&mut self) -> Option<(usize, usize)> {
        let size = match self.end - self.at {
            0 => return None,
            TILE.. => TILE,
            _ => 1,
        };
        self.at += size;
        Some((self.at - size, size))
    }
}

#[inline(always)]
fn tile(c: &mut [f64], a: Rows<'_>, (row, height): (usize, usize), b: Rows<'_>, (column, width): (usize, usize)) {
    let stride = b.width;
    let c = &mut c[row * stride + column..];
    match (height, width) {
        (TILE, TILE) => fixed_tile::<TILE, TILE>(c, stride, a, row, b, column),
        (TILE, _) => fixed_tile::<TILE, 1>(c, stride, a, row, b, column),
        (_, TILE) => fixed_tile::<1, TILE>(c, stride, a, row, b, column),
        _ => fixed_tile::<1, 1>(c, stride, a, row, b, column),
    }
}

#[inline(always)]
fn fixed_tile<const M: usize, const N: usize>(
    c: &mut [f64],
    stride: usize,
    a: Rows<'_>,
    row: usize,
    b: Rows<'_>,
    column: usize,
) {
    let mut tile = [[0.0; N]; M];
    for (tile, c) in tile.iter_mut().zip(c.chunks(stride)) {
        tile.copy_from_slice(&c[..N]);
    }
    for (a, b) in a.columns_from(row).zip(b.columns_from(column)) {
        let (Some(a), Some(b)) = (a.first_chunk::<M>(), b.first_chunk::<N>()) else { break };
        for m in 0..M {
            for n in 0..N {
                tile[m][n] += a[m] * b[n];
            }
        }
    }
    for (tile, c) in tile.iter().zip(c.chunks_mut(stride)) {
        c[..N].copy_from_slice(tile);
    }
}

/// Writes the scores of rows: for each row of `rows` its product with each output's row of `outputs`. `side_by_side` are
/// the same numbers transposed, a row per column of `rows`.
///
/// Four outputs at a time are tiles; those left over are row dots, whose lanes are quicker than half a tile.
#[inline(always)]
pub(crate) fn score_rows(scores: &mut [f64], rows: Rows<'_>, outputs: Rows<'_>, side_by_side: Rows<'_>) {
    let n_outputs = side_by_side.width;
    let tiled = n_outputs - n_outputs % TILE;
    for (scores, group) in scores.chunks_mut(TILE * n_outputs).zip(rows.values.chunks(TILE * rows.stride)) {
        let is_whole = scores.len() == TILE * n_outputs;
        for column in (0..tiled).step_by(TILE) {
            if is_whole {
                score_tile::<TILE>(scores, group, rows, side_by_side, column);
            } else {
                for (scores, row) in scores.chunks_mut(n_outputs).zip(group.chunks(rows.stride)) {
                    score_tile::<1>(scores, row, rows, side_by_side, column);
                }
            }
        }
        for (scores, row) in scores.chunks_mut(n_outputs).zip(group.chunks(rows.stride)) {
            for (score, output) in scores[tiled..].iter_mut().zip(outputs.values.chunks(outputs.stride).skip(tiled)) {
                *score = super::dot(&row[..rows.width], output);
            }
        }
    }
}

/// M rows at four outputs; each score is one sum in the order of the columns.
#[inline(always)]
fn score_tile<const M: usize>(scores: &mut [f64], group: &[f64], rows: Rows<'_>, weights: Rows<'_>, column: usize) {
    let mut tile = [[0.0; TILE]; M];
    let mut row: [&[f64]; M] = [&[]; M];
    for (row, values) in row.iter_mut().zip(group.chunks(rows.stride)) {
        *row = &values[..rows.width];
    }
    for (index, weights) in weights.columns_from(column).enumerate().take(rows.width) {
        let Some(weights) = weights.first_chunk::<TILE>() else { break };
        for m in 0..M {
            let value = row[m][index];
            for n in 0..TILE {
                tile[m][n] += value * weights[n];
            }
        }
    }
    for (tile, scores) in tile.iter().zip(scores.chunks_mut(weights.width)) {
        scores[column..column + TILE].copy_from_slice(tile);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whole numbers, whose sums are exact in any order.
    fn whole(n: usize, step: usize) -> Vec<f64> {
        (0..n).map(|i| (i * step % 17) as f64 - 8.0).collect()
    }

    #[test]
    fn products_agree_with_their_definition_at_every_width() {
        for (rows, m, n) in [(1, 1, 1), (3, 2, 5), (9, 4, 8), (17, 7, 3), (130, 21, 21), (5, 11, 6), (11, 1, 9)] {
            let (a, b) = (whole(rows * m, 7), whole(rows * n, 5));
            let mut c = vec![1.0; m * n];
            add_product(&mut c, Rows::new(&a, m), Rows::new(&b, n));
            for i in 0..m {
                for j in 0..n {
                    let expected: f64 = 1.0 + (0..rows).map(|r| a[r * m + i] * b[r * n + j]).sum::<f64>();
                    assert_eq!(c[i * n + j], expected, "{rows} rows, {m} by {n}, at {i}, {j}");
                }
            }
        }
    }

    #[test]
    fn the_lower_triangle_is_that_of_the_whole_product() {
        for width in 1..14 {
            let (a, b) = (whole(19 * width, 3), whole(19 * width, 11));
            let (mut lower, mut whole) = (vec![0.0; width * width], vec![0.0; width * width]);
            add_lower_product(&mut lower, Rows::new(&a, width), Rows::new(&b, width));
            add_product(&mut whole, Rows::new(&a, width), Rows::new(&b, width));
            for row in 0..width {
                assert_eq!(lower[row * width..][..=row], whole[row * width..][..=row], "width {width}, row {row}");
            }
        }
    }

    #[test]
    fn a_row_apart_from_its_fellows_gets_the_same_bits() {
        // Thirds are rounded, so another order of the sum would show.
        let values: Vec<f64> = whole(7 * 13, 5).iter().map(|value| value / 3.0).collect();
        let outputs: Vec<f64> = whole(6 * 13, 9).iter().map(|value| value / 7.0).collect();
        let transposed: Vec<f64> = (0..13 * 6).map(|i| outputs[i % 6 * 13 + i / 6]).collect();
        let score = |rows: &[f64]| {
            let mut scores = vec![0.0; rows.len() / 13 * 6];
            score_rows(&mut scores, Rows::new(rows, 13), Rows::new(&outputs, 13), Rows::new(&transposed, 6));
            scores
        };
        let scores = score(&values);
        for (row, expected) in values.chunks(13).zip(scores.chunks(6)) {
            assert_eq!(score(row), expected);
            for (score, output) in expected.iter().zip(outputs.chunks(13)) {
                assert!((score - crate::arithmetic::dot(row, output)).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn rows_may_be_parts_of_longer_ones() {
        let values = whole(4 * 9, 7);
        let part = Rows { values: &values[2..], stride: 9, width: 3 };
        let cut: Vec<f64> = values.chunks(9).flat_map(|row| &row[2..5]).copied().collect();
        let (mut from_part, mut from_cut) = (vec![0.0; 9], vec![0.0; 9]);
        add_product(&mut from_part, part, part);
        add_product(&mut from_cut, Rows::new(&cut, 3), Rows::new(&cut, 3));
        assert_eq!(from_part, from_cut);
    }
}
