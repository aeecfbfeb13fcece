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
    /// Any columns of a category.
    Categories(Categories),
    /// Any columns of a number, also none.
    Columns(Columns),
}

/// The columns of each position of a category, then of a category that training did not have, then of a missing value, one
/// behind the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Categories {
    /// Which positions a row may have.
    pub is_accepted: Vec<bool>,
    /// As many for each position.
    pub columns: Vec<f64>,
}

/// Columns of a number that is finite, or missing where that is accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// Instead of NaN.
    pub imputed: f64,
    /// Whether it may be missing.
    pub accepts_missing: bool,
    /// Whether a column says that the value is missing, its center and its scale.
    pub columns: Vec<(bool, f64, f64)>,
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
    /// Numbers that nothing stands for where they are missing, and that are not divided: eights, and perhaps half of one. The
    /// first column is that of an eight.
    Centered {
        eights: Vec<Eight>,
        half: Option<[f64; LANES]>,
    },
    Numbers(Numbers),
    Categories(Categories),
    Columns(Columns),
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
                Feature::Categories(categories) => {
                    n_columns += categories.width();
                    Becomes::Categories(categories)
                }
                Feature::Columns(columns) => {
                    n_columns += columns.columns.len();
                    Becomes::Columns(columns)
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

    /// How many eights the columns of a row are.
    pub(crate) fn n_eights(&self) -> usize {
        self.n_columns.div_ceil(SUM_LANES)
    }

    /// Writes the columns of at most four rows. What is behind the last column stays as it is.
    #[inline(always)]
    pub(crate) fn write<V: Vectors>(&self, vectors: V, raw: &[f64], rows: &mut [FourEights]) -> Result<(), Unusual> {
        let n_features = self.n_features;
        let n_rows = if raw.len() == 4 * n_features { 4 } else { (raw.len() / n_features).min(4) };
        for Part { feature, column, becomes } in &self.parts {
            let (from, lane) = (column / SUM_LANES, column % SUM_LANES);
            for row in 0..n_rows {
                let raw = &raw[row * n_features + feature..];
                match becomes {
                    Becomes::Centered { eights, half } => {
                        write_centered(vectors, eights, half, raw, row, &mut rows[from..]);
                    }
                    Becomes::Numbers(numbers) => {
                        let columns = &mut rows[from].0[row][lane..][..numbers.length];
                        numbers.write(vectors, &raw[..numbers.length], columns);
                    }
                    Becomes::Categories(categories) => write_columns(rows, row, *column, categories.of(raw[0])?),
                    Becomes::Columns(columns) => write_columns(rows, row, *column, columns.of(raw[0])?),
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

#[inline(always)]
fn write_centered<V: Vectors>(
    vectors: V,
    eights: &[Eight],
    half: &Option<[f64; LANES]>,
    raw: &[f64],
    row: usize,
    columns: &mut [FourEights],
) {
    for ((columns, raw), centers) in columns.iter_mut().zip(raw.as_chunks().0).zip(eights) {
        let ([low, high], [center_low, center_high]) = (halves(vectors, raw), halves(vectors, centers));
        let fours = columns.0[row].as_chunks_mut().0;
        fours[0] = low.minus(center_low).numbers();
        fours[1] = high.minus(center_high).numbers();
    }
    if let (Some(raw), Some(centers)) = (raw[eights.len() * SUM_LANES..].first_chunk(), half) {
        let distances = Lanes::new(vectors, *raw).minus(Lanes::new(vectors, *centers));
        columns[eights.len()].0[row].as_chunks_mut().0[0] = distances.numbers();
    }
}

/// Writes columns of a row from any column on.
#[inline(always)]
fn write_columns(rows: &mut [FourEights], row: usize, first: usize, values: impl Iterator<Item = f64>) {
    for (column, value) in (first..).zip(values) {
        rows[column / SUM_LANES].0[row][column % SUM_LANES] = value;
    }
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

impl Categories {
    /// How many columns a position has.
    fn width(&self) -> usize {
        self.columns.len() / self.is_accepted.len().max(1)
    }

    #[inline(always)]
    fn of(&self, value: f64) -> Result<impl Iterator<Item = f64>, Unusual> {
        let missing = self.is_accepted.len() - 1;
        let position = if value.is_nan() { missing } else { value as usize };
        let is_position = value.is_nan() || (position as f64 == value && position < missing);
        if !is_position || !self.is_accepted[position] {
            return Err(Unusual);
        }
        let width = self.width();
        Ok(self.columns[position * width..][..width].iter().copied())
    }
}

impl Columns {
    #[inline(always)]
    fn of(&self, value: f64) -> Result<impl Iterator<Item = f64>, Unusual> {
        let is_missing = value.is_nan();
        if value.is_infinite() || (is_missing && !self.accepts_missing) {
            return Err(Unusual);
        }
        let filled = if is_missing { self.imputed } else { value };
        Ok(self.columns.iter().map(move |(says_missing, center, scale)| {
            let source = if *says_missing { f64::from(u8::from(is_missing)) } else { filled };
            (source - center) / scale
        }))
    }
}
