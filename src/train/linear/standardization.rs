//! Standardization of raw rows: well-conditioned columns of mean 0 and standard deviation 1.

use crate::numeric::simd::Standardize;
use crate::preprocess::{Preprocessor, Source};
use std::ops::Range;
use tepal_kernels::vectorized;

/// How the columns of a design are made of raw features. A column's value is (source - shift) * inverse.
#[derive(Debug)]
pub(super) struct Standardization {
    n_features: usize,
    runs: Vec<Run>,
    /// Per column.
    shifts: Vec<f64>,
    inverses: Vec<f64>,
    /// Per column, the raw value that replaces a missing one.
    instead: Vec<f64>,
}

/// Adjacent columns that are the values of adjacent features; or one column of another source.
#[derive(Debug)]
struct Run {
    source: Source,
    columns: Range<usize>,
    /// The feature of the first column.
    feature: usize,
}

impl Standardization {
    /// The columns of a preprocessor, for a design with or without an intercept.
    pub(super) fn new(preprocessor: &Preprocessor, intercept: bool) -> Self {
        let n_features = preprocessor.features().len();
        let mut all = Self { n_features, runs: vec![], shifts: vec![], inverses: vec![], instead: vec![] };
        for (index, (feature, column)) in preprocessor.columns().enumerate() {
            let (shift, unit) = column.standardization(intercept);
            all.shifts.push(shift);
            // A division takes several times as long as a product.
            all.inverses.push(1.0 / unit);
            all.instead.push(preprocessor.features()[feature].imputed_value().unwrap_or(f64::NAN));
            let is_next = |run: &&mut Run| {
                let are_values = (run.source, column.source) == (Source::Value, Source::Value);
                are_values && run.feature + run.columns.len() == feature
            };
            match all.runs.last_mut().filter(is_next) {
                Some(run) => run.columns.end += 1,
                None => all.runs.push(Run { source: column.source, columns: index..index + 1, feature }),
            }
        }
        all
    }

    /// Writes the columns of some raw rows, each at the beginning of `height` values. The remaining values are the
    /// intercept's.
    pub(super) fn write(&self, mut values: &mut [f64], height: usize, rows: &[f64]) {
        for Run { source, columns, feature } in &self.runs {
            let (own, rest) = values.split_at_mut(columns.len() * height);
            values = rest;
            let (width, first) = (self.n_features, *feature);
            let [shifts, inverses, instead] =
                [&self.shifts, &self.inverses, &self.instead].map(|all| &all[columns.clone()]);
            if *source == Source::Value {
                vectorized(Standardize { shifts, inverses, instead, columns: own, height, rows, width, first });
                continue;
            }
            for (value, row) in own.iter_mut().zip(rows.chunks_exact(width)) {
                let raw = row[first];
                let filled = if raw.is_nan() { instead[0] } else { raw };
                *value = (source.of(raw, filled) - shifts[0]) * inverses[0];
            }
        }
        values.iter_mut().take(rows.len() / self.n_features).for_each(|value| *value = 1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Blocks, Dataset};
    use crate::preprocess::Options;
    use crate::train::prepare::TrainingRows;

    #[test]
    fn numbers_beside_categories_and_indicators_are_standardized_each_in_its_place() {
        let row = |i: usize| {
            let (a, b) = (i * 7 % 11, if i % 5 == 2 { String::new() } else { (i * 3 % 8).to_string() });
            format!("{a},{b},{},{},{},{}\n", ["u", "v", "w", ""][i * i % 7 % 4], i * 5 % 13, i * i % 17, i % 2)
        };
        let csv: String = (0..19).map(row).collect();
        let dataset = Dataset::of_csv(&format!("a,b,c,d,e,y\n{csv}"), "y").unwrap();
        let rows = TrainingRows::of_dataset(&dataset).unwrap();
        for intercept in [true, false] {
            let options = Options { indicators: true, ..Options::default() };
            let preprocessor = Preprocessor::fit(&rows, &options, intercept).unwrap();
            let columns: Vec<_> = preprocessor.columns().collect();
            let (raw, height) = (dataset.rows().block(0).unwrap().features, 24);
            let mut values = vec![0.0; (columns.len() + usize::from(intercept)) * height];
            Standardization::new(&preprocessor, intercept).write(&mut values, height, &raw);
            let mut values = values.chunks_exact(height);
            for ((feature, column), values) in columns.into_iter().zip(&mut values) {
                let (shift, unit) = column.standardization(intercept);
                let rows = raw.chunks_exact(5).map(|row| row[feature]);
                let fill = preprocessor.features()[feature].imputed_value().unwrap_or(f64::NAN);
                let sources = rows.map(|raw| column.source.of(raw, if raw.is_nan() { fill } else { raw }));
                for (value, source) in values.iter().zip(sources) {
                    assert!((value - (source - shift) / unit).abs() < 1e-14, "{:?} of {feature}", column.source);
                }
                assert_eq!(values[19..], [0.0; 5]);
            }
            for values in values {
                assert_eq!(values, [vec![1.0; 19], vec![0.0; 5]].concat());
            }
        }
    }
}
