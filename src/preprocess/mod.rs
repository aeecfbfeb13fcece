//! From raw feature values to the rows that an estimator sees. Fitted by `train::prepare` on training rows only, carried
//! in the model.

mod options;
mod scale;

pub use options::{DateParts, Encoding, Impute, ImputeCategory, Options, Scale, Unseen};
pub use scale::Scaling;

use crate::table::{DATE_PARTS, Schema, date_parts_of};

/// What is done with each feature. A row of raw values, one per feature, becomes a row of prepared ones, one per column:
/// a raw value is a number, the position of a category (their number for one that training did not have), or NaN where it
/// is missing.
#[derive(Debug, Clone, PartialEq, bincode::Encode, bincode::Decode)]
pub struct Preprocessor {
    features: Vec<FeatureTransform>,
}

/// What is done with one feature.
#[derive(Debug, Clone, PartialEq, bincode::Encode, bincode::Decode)]
pub struct FeatureTransform {
    /// What becomes of a missing value.
    pub missing: Missing,
    /// Whether a category that training did not have is taken, for none of the others.
    pub accepts_unseen: bool,
    /// The columns it becomes. None where its training rows had one value only: it cannot tell rows apart.
    pub columns: Vec<PreparedColumn>,
}

/// What becomes of a missing value.
#[derive(Debug, Clone, Copy, PartialEq, bincode::Encode, bincode::Decode)]
pub enum Missing {
    /// The row is refused.
    Refuse,
    /// This raw value stands for it. For categories their number stands for a category of its own, which is the column of
    /// [`Source::Missing`].
    Impute(f64),
    /// It stays missing (NaN), for an estimator that takes it as it is.
    Pass,
}

impl FeatureTransform {
    /// Whether a row may lack a value.
    pub fn accepts_missing(&self) -> bool {
        self.missing != Missing::Refuse
    }

    /// The raw value that stands for a missing one.
    pub fn imputed_value(&self) -> Option<f64> {
        match self.missing {
            Missing::Impute(value) => Some(value),
            Missing::Refuse | Missing::Pass => None,
        }
    }
}

/// A column of prepared values.
#[derive(Debug, Clone, Copy, PartialEq, bincode::Encode, bincode::Decode)]
pub struct PreparedColumn {
    /// What it is made of.
    pub source: Source,
    /// How that is scaled.
    pub scaling: Scaling,
    /// The mean and the population standard deviation over the training rows of what it is made of.
    pub mean: f64,
    /// The latter, positive.
    pub std_dev: f64,
}

/// What a column of prepared values is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub enum Source {
    /// The raw value, or what stands for it: a number, or the position of a category.
    Value,
    /// 1 for the category at this position, else 0.
    Category(usize),
    /// 1 where the value is missing, else 0.
    Missing,
    /// 1 for dates in this month, from January, 0, on, or on this day of the week, from Monday, 12, on; else 0, also where the
    /// value is missing.
    DatePart(usize),
    /// The number; missing where it is 0, or nearer to it than 1e-35. LightGBM's `zero_as_missing`.
    NonZero,
}

/// The largest number that [`Source::NonZero`] takes for 0: 1e-35 in 32 bits (`kZeroThreshold` in LightGBM's `include/LightGBM/meta.h`).
pub(crate) const ZERO: f64 = 1e-35_f32 as f64;

impl Source {
    /// What a raw value gives; `filled` is what stands for it where it is missing.
    pub(crate) fn of(self, raw: f64, filled: f64) -> f64 {
        match self {
            Self::Value => filled,
            Self::Category(position) => f64::from(u8::from(filled == position as f64)),
            Self::Missing => f64::from(u8::from(raw.is_nan())),
            Self::NonZero => {
                if filled.abs() <= ZERO {
                    f64::NAN
                } else {
                    filled
                }
            }
            Self::DatePart(part) => f64::from(u8::from(!raw.is_nan() && date_parts_of(raw).contains(&part))),
        }
    }
}

impl PreparedColumn {
    /// What its source is shifted by and divided by to be standardized for a fit: `centred` for one with an intercept.
    /// Without one the shift is that of the scaling, and the deviation is measured from there.
    pub fn standardization(&self, centred: bool) -> (f64, f64) {
        if centred {
            return (self.mean, self.std_dev);
        }
        let distance = self.mean - self.scaling.center;
        (self.scaling.center, (self.std_dev * self.std_dev + distance * distance).sqrt())
    }
}

impl Preprocessor {
    /// A preprocessor of what is done with each feature, in their order.
    pub fn new(features: Vec<FeatureTransform>) -> Self {
        Self { features }
    }

    /// What is done with each feature, in their order.
    pub fn features(&self) -> &[FeatureTransform] {
        &self.features
    }

    /// Every prepared column with the position of its feature.
    pub fn columns(&self) -> impl Iterator<Item = (usize, &PreparedColumn)> {
        let features = self.features.iter().enumerate();
        features.flat_map(|(feature, transform)| transform.columns.iter().map(move |column| (feature, column)))
    }

    /// How many numbers a prepared row has.
    pub fn n_columns(&self) -> usize {
        self.features.iter().map(|feature| feature.columns.len()).sum()
    }

    /// Writes a prepared row: `raw` has one value per feature, each of which its transform takes; `out` is replaced.
    pub(crate) fn transform_row(&self, raw: &[f64], out: &mut Vec<f64>) {
        out.clear();
        self.append_row(raw, out);
    }

    /// The same behind what `out` has.
    pub(crate) fn append_row(&self, raw: &[f64], out: &mut Vec<f64>) {
        for (transform, raw) in self.features.iter().zip(raw) {
            let filled = if raw.is_nan() { transform.imputed_value().unwrap_or(f64::NAN) } else { *raw };
            let columns = &transform.columns;
            out.extend(columns.iter().map(|column| column.scaling.apply(column.source.of(*raw, filled))));
        }
    }

    /// What each prepared column is called: `age`, `sex=male`, `age is missing`, `joined=May`.
    pub fn column_names(&self, schema: &Schema) -> Vec<String> {
        let name = |(feature, column): (usize, &PreparedColumn)| {
            let feature = &schema.features[feature];
            match column.source {
                Source::Value | Source::NonZero => feature.name.clone(),
                Source::Missing => format!("{} is missing", feature.name),
                Source::DatePart(part) => format!("{}={}", feature.name, DATE_PARTS[part]),
                Source::Category(position) => match feature.category(position) {
                    Some(category) => format!("{}={category}", feature.name),
                    None => feature.name.clone(),
                },
            }
        };
        self.columns().map(name).collect()
    }
}
