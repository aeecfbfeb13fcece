//! Predictions of many rows, four at a time.

use crate::dots::{Eight, FourEights, SUM_LANES};
use crate::exponential::Exponential;
use crate::features::{Feature, Features, Unusual};
use crate::kernel::{Kernel, vectorized};
use crate::lanes::Lanes;
use crate::links::{FourRows, logistic_pair, softmax};
use crate::vectors::{LANES, Vectors};

/// About how many raw values a block holds, so that it stays in the first-level cache.
const BLOCK_CELLS: usize = 1 << 11;
/// The fewest and the most rows of a block.
const BLOCK_ROWS: (usize, usize) = (8, 512);

/// From scores to what is predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowLink {
    /// The scores.
    Identity,
    /// The probabilities of two classes, whose score is that of the second.
    Logistic,
    /// One probability per score.
    Softmax,
}

/// Predicts rows of raw values by a linear model. It is made once for many rows.
#[derive(Debug)]
pub struct LinearRows {
    features: Features,
    /// Score after score, with zeros behind the last column.
    weights: Vec<Eight>,
    intercepts: Vec<f64>,
    link: RowLink,
    exponential: Exponential,
}

/// What a [`LinearRows`] needs for a block, kept from call to call.
#[derive(Debug, Clone, Default)]
pub struct RowRoom {
    /// Of four rows.
    columns: Vec<FourEights>,
    /// The scores of four rows, or the only score of all rows.
    scores: Vec<FourRows>,
}

impl LinearRows {
    /// For features in their order, which become C columns together. `coefficients` are S x C numbers, score after score, and
    /// `intercepts` are S: one for [`RowLink::Identity`] and [`RowLink::Logistic`].
    pub fn new(features: Vec<Feature>, coefficients: &[f64], intercepts: &[f64], link: RowLink) -> Self {
        let features = Features::new(features);
        let mut weights = Vec::with_capacity(features.n_eights() * intercepts.len());
        for coefficients in coefficients.chunks(features.n_columns().max(1)) {
            for columns in coefficients.chunks(SUM_LANES) {
                let mut eight = [0.0; SUM_LANES];
                eight[..columns.len()].copy_from_slice(columns);
                weights.push(eight);
            }
        }
        Self { features, weights, intercepts: intercepts.to_vec(), link, exponential: Exponential::default() }
    }

    /// How many rows are best predicted at a time.
    pub fn block_rows(&self) -> usize {
        let width = self.features.n_features().max(self.features.n_columns()).max(1);
        (BLOCK_CELLS / width).clamp(BLOCK_ROWS.0, BLOCK_ROWS.1)
    }

    /// Room for these rows alone.
    pub fn room(&self) -> RowRoom {
        let n_scores = self.intercepts.len().max(self.block_rows().div_ceil(LANES));
        RowRoom { columns: vec![FourEights::default(); self.features.n_eights()], scores: vec![[0.0; LANES]; n_scores] }
    }

    /// Predicts n rows, at most [`LinearRows::block_rows`]: n x F raw values of F features, NaN for a missing one, row after row.
    /// Writes n x K outputs: K is 1, 2 or S by the link. `room` is that of [`LinearRows::room`].
    ///
    /// # Errors
    /// [`Unusual`] when one of the rows is; outputs are then of no use.
    pub fn predict(&self, raw: &[f64], room: &mut RowRoom, out: &mut [f64]) -> Result<(), Unusual> {
        let outcome = vectorized(Rows { linear: self, raw, room, out });
        if outcome.is_err() {
            // What a row left is there for the scores of fewer rows than four.
            room.columns.fill(FourEights::default());
        }
        outcome
    }
}

struct Rows<'a> {
    linear: &'a LinearRows,
    raw: &'a [f64],
    room: &'a mut RowRoom,
    out: &'a mut [f64],
}

impl Kernel for Rows<'_> {
    type Output = Result<(), Unusual>;

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) -> Self::Output {
        let Self { linear, raw, room: RowRoom { columns, scores }, out } = self;
        let (n_eights, n_scores) = (columns.len(), linear.intercepts.len());
        // 0 as long as every score is finite.
        let mut check = Lanes::all(vectors, 0.0);
        for (group, raw) in raw.chunks(4 * linear.features.n_features()).enumerate() {
            linear.features.write(vectors, raw, columns)?;
            let scores = &mut scores[if n_scores == 1 { group } else { 0 }..];
            let mut weights = linear.weights.chunks_exact(n_eights);
            let mut outputs = scores.iter_mut().zip(&linear.intercepts);
            while let Some(first) = weights.next() {
                // Two outputs at a time, as far as there are two.
                let sums = match weights.next() {
                    Some(second) => vectors.four_sums(columns, [first, second]).map(Some),
                    None => [Some(vectors.four_sums(columns, [first])[0]), None],
                };
                for (sums, (scores, intercept)) in sums.into_iter().flatten().zip(&mut outputs) {
                    let of_rows = Lanes::of(vectors, sums).plus(Lanes::all(vectors, *intercept));
                    check = check.plus(of_rows.minus(of_rows));
                    *scores = of_rows.numbers();
                }
            }
            if linear.link == RowLink::Softmax {
                softmax(vectors, &linear.exponential, &mut scores[..n_scores]);
                write_rows(vectors, &scores[..n_scores], &mut out[group * 4 * n_scores..]);
            }
        }
        // A loop of its own: one exp is a long chain of operations, and those of several groups overlap.
        if linear.link == RowLink::Logistic {
            for (scores, out) in scores.iter().zip(out.chunks_mut(2 * LANES)) {
                let [first, second] = logistic_pair(vectors, &linear.exponential, Lanes::new(vectors, *scores));
                let [low, high] = first.interleaved(second).map(Lanes::numbers);
                match out.as_chunks_mut() {
                    ([out_low, out_high], []) => (*out_low, *out_high) = (low, high),
                    _ => out.iter_mut().zip(low.into_iter().chain(high)).for_each(|(out, number)| *out = number),
                }
            }
        } else if linear.link == RowLink::Identity {
            out.iter_mut().zip(scores.as_flattened()).for_each(|(out, score)| *out = *score);
        }
        if check.sum() == 0.0 { Ok(()) } else { Err(Unusual) }
    }
}

/// From outputs that stand by four rows to row after row. There may be fewer rows in `out`.
#[inline(always)]
fn write_rows<V: Vectors>(vectors: V, outputs: &[FourRows], out: &mut [f64]) {
    let n_outputs = outputs.len();
    let (fours, rest) = outputs.as_chunks::<LANES>();
    for (four, outputs) in fours.iter().enumerate() {
        let [a, b, c, d] = outputs;
        let by_rows = Lanes::transposed([a, b, c, d].map(|of_rows| Lanes::new(vectors, *of_rows)));
        for (row, outputs) in by_rows.into_iter().enumerate() {
            let place = out.get_mut(row * n_outputs + four * LANES..);
            if let Some(place) = place.and_then(<[f64]>::first_chunk_mut) {
                *place = outputs.numbers();
            }
        }
    }
    for (at, of_rows) in (n_outputs - rest.len()..).zip(rest) {
        for (row, output) in of_rows.iter().enumerate() {
            if let Some(place) = out.get_mut(row * n_outputs + at) {
                *place = *output;
            }
        }
    }
}
