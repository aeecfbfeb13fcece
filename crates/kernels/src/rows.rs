//! Scores of many rows of raw values, prepared and summed in blocks that stay in the first-level cache.

use crate::dots::tile;
use crate::kernel::{Kernel, vectorized};
use crate::lanes::Lanes;
use crate::vectors::Vectors;

/// About how many prepared values a block holds.
const BLOCK_CELLS: usize = 1 << 11;
/// The fewest and the most rows of a block.
const BLOCK_ROWS: (usize, usize) = (8, 512);

/// How the raw values of one feature become columns.
#[derive(Debug, Clone, PartialEq)]
pub enum Feature {
    /// One column: (value - center) / scale. The imputed value stands for a missing one; NaN where none does.
    Number {
        /// Instead of NaN.
        imputed: f64,
        /// Subtracted.
        center: f64,
        /// Then divided by.
        scale: f64,
    },
    /// The columns of each position of a category, then of a category that training did not have, then of a missing value,
    /// one behind the other.
    Categories {
        /// Which positions a row may have.
        is_accepted: Vec<bool>,
        /// As many for each position.
        columns: Vec<f64>,
    },
    /// Any columns of a number, also none. The value must be finite, or missing where that is accepted.
    Columns {
        /// Instead of NaN.
        imputed: f64,
        /// Whether it may be missing.
        accepts_missing: bool,
        /// Whether a column says that the value is missing, its center and its scale.
        columns: Vec<(bool, f64, f64)>,
    },
}

/// How rows of raw values become rows of prepared ones, decided once for many.
#[derive(Debug, Clone)]
pub struct RowTransform {
    n_features: usize,
    n_columns: usize,
    parts: Vec<Part>,
    /// What is subtracted from prepared values.
    zeros: Vec<f64>,
}

/// The weights of a linear model: score after score one per column, and one intercept per score.
#[derive(Debug, Clone, Copy)]
pub struct Weights<'a> {
    /// One per column, score after score.
    pub coefficients: &'a [f64],
    /// One per score.
    pub intercepts: &'a [f64],
}

/// A row has a value that the model does not take, or a score that is not finite: it is to be looked at alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusual;

#[derive(Debug, Clone)]
enum Part {
    Numbers(Numbers),
    Categories { feature: usize, first_column: usize, width: usize, is_accepted: Vec<bool>, columns: Vec<f64> },
    Columns { feature: usize, first_column: usize, imputed: f64, accepts_missing: bool, columns: Vec<(bool, f64, f64)> },
}

/// Neighbours that are numbers.
#[derive(Debug, Clone, Default)]
struct Numbers {
    first_feature: usize,
    first_column: usize,
    imputed: Vec<f64>,
    centers: Vec<f64>,
    scales: Vec<f64>,
}

impl RowTransform {
    /// A transform of features in their order.
    pub fn new(features: Vec<Feature>) -> Self {
        let n_features = features.len();
        let (mut parts, mut n_columns) = (Vec::new(), 0);
        for (feature, how) in features.into_iter().enumerate() {
            match how {
                Feature::Number { imputed, center, scale } => {
                    let mut numbers = match parts.pop() {
                        Some(Part::Numbers(numbers)) => numbers,
                        other => {
                            parts.extend(other);
                            Numbers { first_feature: feature, first_column: n_columns, ..Numbers::default() }
                        }
                    };
                    numbers.imputed.push(imputed);
                    numbers.centers.push(center);
                    numbers.scales.push(scale);
                    parts.push(Part::Numbers(numbers));
                    n_columns += 1;
                }
                Feature::Categories { is_accepted, columns } => {
                    let width = columns.len() / is_accepted.len().max(1);
                    parts.push(Part::Categories { feature, first_column: n_columns, width, is_accepted, columns });
                    n_columns += width;
                }
                Feature::Columns { imputed, accepts_missing, columns } => {
                    let width = columns.len();
                    parts.push(Part::Columns { feature, first_column: n_columns, imputed, accepts_missing, columns });
                    n_columns += width;
                }
            }
        }
        Self { n_features, n_columns, parts, zeros: vec![0.0; n_columns] }
    }

    /// How many rows are best scored at a time.
    pub fn block_rows(&self) -> usize {
        (BLOCK_CELLS / self.n_columns.max(self.n_features).max(1)).clamp(BLOCK_ROWS.0, BLOCK_ROWS.1)
    }

    /// Writes the scores of raw rows, which lie one behind the other, and so do the scores. `prepared` is room that is kept
    /// from block to block.
    ///
    /// # Errors
    /// [`Unusual`] when one of the rows is.
    pub fn scores(
        &self,
        weights: Weights<'_>,
        raw: &[f64],
        prepared: &mut Vec<f64>,
        scores: &mut [f64],
    ) -> Result<(), Unusual> {
        if let (Some(centers), [_]) = (self.centers(), weights.intercepts)
            && one_score(centers, weights, raw, scores)
        {
            return Ok(());
        }
        prepared.resize(raw.len() / self.n_features.max(1) * self.n_columns, 0.0);
        vectorized(Prepare { transform: self, raw, prepared })?;
        let is_finite = match weights.intercepts {
            [_] => one_score(&self.zeros, weights, prepared, scores),
            _ => vectorized(ManyScores { width: self.n_columns, weights, prepared, scores }),
        };
        if is_finite { Ok(()) } else { Err(Unusual) }
    }

    /// What is subtracted, where that is all: then one score needs no prepared rows.
    fn centers(&self) -> Option<&[f64]> {
        match self.parts.as_slice() {
            [Part::Numbers(numbers)] if numbers.scales.iter().all(|scale| *scale == 1.0) => Some(&numbers.centers),
            _ => None,
        }
    }

    /// Writes the prepared rows of raw ones.
    #[inline(always)]
    fn write<V: Vectors>(&self, vectors: V, raw: &[f64], prepared: &mut [f64]) -> Result<(), Unusual> {
        for part in &self.parts {
            let rows = raw.chunks_exact(self.n_features).zip(prepared.chunks_exact_mut(self.n_columns.max(1)));
            match part {
                Part::Numbers(numbers) => {
                    for (raw, prepared) in rows {
                        numbers.write(vectors, &raw[numbers.first_feature..], &mut prepared[numbers.first_column..]);
                    }
                }
                Part::Categories { feature, first_column, width, is_accepted, columns } => {
                    for (raw, prepared) in rows {
                        let value = raw[*feature];
                        let position = if value.is_nan() { is_accepted.len() - 1 } else { value as usize };
                        let is_position =
                            value.is_nan() || (position as f64 == value && position < is_accepted.len() - 1);
                        if !is_position || !is_accepted[position] {
                            return Err(Unusual);
                        }
                        prepared[*first_column..][..*width].copy_from_slice(&columns[position * width..][..*width]);
                    }
                }
                Part::Columns { feature, first_column, imputed, accepts_missing, columns } => {
                    for (raw, prepared) in rows {
                        let (value, is_missing) = (raw[*feature], raw[*feature].is_nan());
                        if value.is_infinite() || (is_missing && !accepts_missing) {
                            return Err(Unusual);
                        }
                        let filled = if is_missing { *imputed } else { value };
                        for (prepared, (says_missing, center, scale)) in
                            prepared[*first_column..].iter_mut().zip(columns)
                        {
                            let source = if *says_missing { f64::from(u8::from(is_missing)) } else { filled };
                            *prepared = (source - center) / scale;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

impl Numbers {
    #[inline(always)]
    fn write<V: Vectors>(&self, vectors: V, raw: &[f64], prepared: &mut [f64]) {
        let n = self.centers.len();
        let (raw, raw_rest) = raw[..n].as_chunks();
        let (prepared, prepared_rest) = prepared[..n].as_chunks_mut();
        let (imputed, imputed_rest) = self.imputed.as_chunks();
        let (centers, centers_rest) = self.centers.as_chunks();
        let (scales, scales_rest) = self.scales.as_chunks();
        let settings = imputed.iter().zip(centers).zip(scales);
        for ((prepared, raw), ((imputed, center), scale)) in prepared.iter_mut().zip(raw).zip(settings) {
            let [raw, imputed, center, scale] = [raw, imputed, center, scale].map(|four| Lanes::new(vectors, *four));
            *prepared = raw.or(imputed).minus(center).over(scale).numbers();
        }
        let settings = imputed_rest.iter().zip(centers_rest).zip(scales_rest);
        for ((prepared, raw), ((imputed, center), scale)) in prepared_rest.iter_mut().zip(raw_rest).zip(settings) {
            *prepared = (if raw.is_nan() { *imputed } else { *raw } - center) / scale;
        }
    }
}

/// Whether every score is finite. None is where a value is missing or infinite. Not inlined: it is needed in two places.
#[inline(never)]
fn one_score(centers: &[f64], weights: Weights<'_>, raw: &[f64], scores: &mut [f64]) -> bool {
    vectorized(OneScore { centers, weights, raw, scores })
}

struct OneScore<'a> {
    centers: &'a [f64],
    weights: Weights<'a>,
    raw: &'a [f64],
    scores: &'a mut [f64],
}

impl Kernel for OneScore<'_> {
    type Output = bool;

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) -> bool {
        let Self { centers, weights, raw, scores } = self;
        let (width, intercept) = (centers.len(), weights.intercepts[0]);
        let weights = &weights.coefficients[..width];
        // The last rows are taken twice where they are no four.
        let last = scores.len().saturating_sub(1);
        for first in (0..scores.len()).step_by(4) {
            let rows = [0, 1, 2, 3].map(|at| &raw[(first + at).min(last) * width..][..width]);
            let sums = tile::<V, 4, 1, true>(vectors, rows, centers, [weights]);
            for (score, [sum]) in scores[first..].iter_mut().zip(sums) {
                *score = sum + intercept;
            }
        }
        scores.iter().all(|score| score.is_finite())
    }
}

struct Prepare<'a> {
    transform: &'a RowTransform,
    raw: &'a [f64],
    prepared: &'a mut [f64],
}

impl Kernel for Prepare<'_> {
    type Output = Result<(), Unusual>;

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) -> Self::Output {
        self.transform.write(vectors, self.raw, self.prepared)
    }
}

struct ManyScores<'a> {
    width: usize,
    weights: Weights<'a>,
    prepared: &'a [f64],
    scores: &'a mut [f64],
}

impl Kernel for ManyScores<'_> {
    type Output = bool;

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) -> bool {
        let Self { width, weights, prepared, scores } = self;
        let n_scores = weights.intercepts.len();
        // Two rows and three scores at a time. The last ones are taken again where they are no two or three.
        let n_rows = scores.len() / n_scores.max(1);
        for first in (0..n_rows).step_by(2) {
            let rows = [first, (first + 1).min(n_rows - 1)];
            let values = rows.map(|row| &prepared[row * width..][..width]);
            for first in (0..n_scores).step_by(3) {
                let outputs = [0, 1, 2].map(|at| (first + at).min(n_scores - 1));
                let coefficients = outputs.map(|at| &weights.coefficients[at * width..][..width]);
                let sums = tile::<V, 2, 3, false>(vectors, values, values[0], coefficients);
                for (row, sums) in rows.into_iter().zip(sums) {
                    for (output, sum) in outputs.into_iter().zip(sums) {
                        scores[row * n_scores + output] = sum + weights.intercepts[output];
                    }
                }
            }
        }
        scores.iter().all(|score| score.is_finite())
    }
}
