//! How raw values become columns, decided once for many rows.

use crate::dots::{Eight, FourEights, SUM_LANES, halves};
use crate::lanes::Lanes;
use crate::vectors::{LANES, Vectors};

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

/// A row has a value that the model does not take, or a score that is not finite: it is to be looked at alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusual;

/// The features of a model, in their order.
#[derive(Debug)]
pub(crate) struct Features {
    n_features: usize,
    n_columns: usize,
    parts: Vec<Part>,
}

/// A feature, or neighbours that are numbers.
#[derive(Debug)]
struct Part {
    feature: usize,
    column: usize,
    becomes: Becomes,
}

#[derive(Debug)]
enum Becomes {
    /// Numbers that nothing stands for where they are missing, and that are not divided. The first column is that of an eight.
    Centered {
        eights: Vec<Eight>,
        half: Option<[f64; LANES]>,
    },
    Numbers(Numbers),
    Categories {
        width: usize,
        is_accepted: Vec<bool>,
        columns: Vec<f64>,
    },
    Columns {
        imputed: f64,
        accepts_missing: bool,
        columns: Vec<(bool, f64, f64)>,
    },
}

/// At most four numbers, in one half of eight columns.
#[derive(Debug)]
struct Numbers {
    length: usize,
    imputed: [f64; LANES],
    centers: [f64; LANES],
    scales: [f64; LANES],
}

impl Features {
    pub(crate) fn new(features: Vec<Feature>) -> Self {
        let n_features = features.len();
        let (mut parts, mut n_columns) = (Vec::<Part>::new(), 0_usize);
        for (feature, how) in features.into_iter().enumerate() {
            let column = n_columns;
            let becomes = match how {
                Feature::Number { imputed, center, scale } => {
                    n_columns += 1;
                    if let Some(Part { becomes: Becomes::Numbers(numbers), .. }) = parts.last_mut()
                        && !column.is_multiple_of(LANES)
                    {
                        numbers.push(imputed, center, scale);
                        continue;
                    }
                    let mut numbers =
                        Numbers { length: 0, imputed: [0.0; LANES], centers: [0.0; LANES], scales: [1.0; LANES] };
                    numbers.push(imputed, center, scale);
                    Becomes::Numbers(numbers)
                }
                Feature::Categories { is_accepted, columns } => {
                    let width = columns.len() / is_accepted.len().max(1);
                    n_columns += width;
                    Becomes::Categories { width, is_accepted, columns }
                }
                Feature::Columns { imputed, accepts_missing, columns } => {
                    n_columns += columns.len();
                    Becomes::Columns { imputed, accepts_missing, columns }
                }
            };
            parts.push(Part { feature, column, becomes });
        }
        Self { n_features, n_columns, parts: centered(parts) }
    }

    pub(crate) fn n_features(&self) -> usize {
        self.n_features
    }

    pub(crate) fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// Writes the columns of at most four rows. What is behind the last column stays as it is.
    #[inline(always)]
    pub(crate) fn write<V: Vectors>(&self, vectors: V, raw: &[f64], rows: &mut [FourEights]) -> Result<(), Unusual> {
        let n_features = self.n_features;
        let n_rows = if raw.len() == 4 * n_features { 4 } else { (raw.len() / n_features).min(4) };
        for Part { feature, column, becomes } in &self.parts {
            match becomes {
                Becomes::Centered { eights, half } => {
                    let columns = &mut rows[column / SUM_LANES..];
                    for row in 0..n_rows {
                        let raw = &raw[row * n_features + feature..];
                        for ((columns, raw), centers) in columns.iter_mut().zip(raw.as_chunks().0).zip(eights) {
                            let ([low, high], [center_low, center_high]) =
                                (halves(vectors, raw), halves(vectors, centers));
                            let fours = columns.0[row].as_chunks_mut().0;
                            fours[0] = low.minus(center_low).numbers();
                            fours[1] = high.minus(center_high).numbers();
                        }
                        if let (Some(raw), Some(centers)) = (raw[eights.len() * SUM_LANES..].first_chunk(), half) {
                            let distances = Lanes::new(vectors, *raw).minus(Lanes::new(vectors, *centers));
                            columns[eights.len()].0[row].as_chunks_mut().0[0] = distances.numbers();
                        }
                    }
                }
                Becomes::Numbers(numbers) => {
                    let (eights, lane) = (&mut rows[column / SUM_LANES].0, column % SUM_LANES);
                    for (row, eight) in eights[..n_rows].iter_mut().enumerate() {
                        let raw = &raw[row * n_features + feature..][..numbers.length];
                        numbers.write(vectors, raw, &mut eight[lane..][..numbers.length]);
                    }
                }
                Becomes::Categories { width, is_accepted, columns } => {
                    for row in 0..n_rows {
                        let value = raw[row * n_features + feature];
                        let position = if value.is_nan() { is_accepted.len() - 1 } else { value as usize };
                        let is_position =
                            value.is_nan() || (position as f64 == value && position < is_accepted.len() - 1);
                        if !is_position || !is_accepted[position] {
                            return Err(Unusual);
                        }
                        for (column, value) in (*column..).zip(&columns[position * width..][..*width]) {
                            rows[column / SUM_LANES].0[row][column % SUM_LANES] = *value;
                        }
                    }
                }
                Becomes::Columns { imputed, accepts_missing, columns } => {
                    for row in 0..n_rows {
                        let value = raw[row * n_features + feature];
                        if value.is_infinite() || (value.is_nan() && !accepts_missing) {
                            return Err(Unusual);
                        }
                        let filled = if value.is_nan() { *imputed } else { value };
                        for (column, (says_missing, center, scale)) in (*column..).zip(columns) {
                            let source = if *says_missing { f64::from(u8::from(value.is_nan())) } else { filled };
                            rows[column / SUM_LANES].0[row][column % SUM_LANES] = (source - center) / scale;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// The same parts, those that are no more than centered in runs.
fn centered(parts: Vec<Part>) -> Vec<Part> {
    let mut runs = Vec::<Part>::with_capacity(parts.len());
    for Part { feature, column, becomes } in parts {
        if let Becomes::Numbers(Numbers { length: LANES, imputed, centers, scales }) = becomes
            && imputed.iter().all(|number| number.is_nan())
            && scales == [1.0; LANES]
        {
            match runs.last_mut() {
                Some(Part { becomes: Becomes::Centered { eights, half }, .. }) => {
                    match half.take() {
                        Some([a, b, c, d]) => {
                            let [e, f, g, h] = centers;
                            eights.push([a, b, c, d, e, f, g, h]);
                        }
                        None => *half = Some(centers),
                    }
                    continue;
                }
                _ if column.is_multiple_of(SUM_LANES) => {
                    let becomes = Becomes::Centered { eights: Vec::new(), half: Some(centers) };
                    runs.push(Part { feature, column, becomes });
                    continue;
                }
                _ => {}
            }
        }
        runs.push(Part { feature, column, becomes });
    }
    runs
}

impl Numbers {
    fn push(&mut self, imputed: f64, center: f64, scale: f64) {
        self.imputed[self.length] = imputed;
        self.centers[self.length] = center;
        self.scales[self.length] = scale;
        self.length += 1;
    }

    #[inline(always)]
    fn write<V: Vectors>(&self, vectors: V, raw: &[f64], columns: &mut [f64]) {
        if let (Some(raw), Some(columns)) = (raw.first_chunk(), columns.first_chunk_mut()) {
            let [raw, imputed, centers, scales] =
                [*raw, self.imputed, self.centers, self.scales].map(|four| Lanes::new(vectors, four));
            *columns = raw.or(imputed).minus(centers).over(scales).numbers();
        } else {
            for (at, (raw, column)) in raw.iter().zip(columns).enumerate() {
                let number = if raw.is_nan() { self.imputed[at] } else { *raw };
                *column = (number - self.centers[at]) / self.scales[at];
            }
        }
    }
}
