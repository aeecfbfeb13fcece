//! How predictions go with one or two features.

use super::weighted::{self, mean, quantiles, weight};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::numeric::order::sort_pairs;
use crate::table::Domain;

/// What rows would be predicted if one or two of their features had these values, and all others stayed.
#[derive(Debug, Clone, PartialEq)]
pub struct DependencePoint {
    /// Of each feature a raw value: a number, the position of a category, or NaN for a missing one.
    pub values: Vec<f64>,
    /// How many rows lie nearest to it, each counted as often as it weighs: where these are few, little is known.
    pub rows: f64,
    /// Per output the mean prediction of all rows.
    pub mean: Vec<f64>,
    /// Per output what a tenth of the rows is predicted at most.
    pub low: Vec<f64>,
    /// Per output what nine tenths of the rows are predicted at most.
    pub high: Vec<f64>,
}

/// About the most points along one feature, and along each of two.
const POINTS: [usize; 2] = [20, 8];

/// The most rows that are predicted again at each point: more say little more.
const ROWS: usize = 2_000;

/// The shares of rows between [`DependencePoint::low`] and [`DependencePoint::high`].
const SHARES: [f64; 2] = [0.1, 0.9];

/// Partial dependence (Friedman, "Greedy function approximation: a gradient boosting machine", 2001, section 8.2), and how far
/// the curves of single rows lie from it (Goldstein et al., "Peeking inside the black box", 2015).
///
/// `rows` hold raw values one row after the other, as [`Model::predict_many`] takes them; `weights` say how often each counts, and are
/// empty where all count once. Of more than 2,000 rows every second is taken, or every third, and so on. `features` are one or two
/// positions in the schema. Of a number up to 20 values are taken, along each of two features up to 8: quantiles of the rows. Of a
/// category all are taken that the rows have. A missing value is one too, where a row has it.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] for other numbers of features, and for one feature twice;
/// [`ErrorKind::TooFewRows`] without rows; [`ErrorKind::WrongLength`]; those of [`Model::predict_many`].
pub fn dependence(model: &Model, rows: &[f64], weights: &[f64], features: &[usize]) -> Result<Vec<DependencePoint>> {
    let refuse = |kind: ErrorKind, message: String| Err(Error::new(kind, message));
    let (width, n_outputs) = (model.n_features(), model.n_outputs());
    let is_known = features.iter().all(|feature| *feature < width);
    if !is_known
        || !(1..=2).contains(&features.len())
        || features[0] == features[features.len() - 1] && features.len() == 2
    {
        return refuse(ErrorKind::InvalidOption, "expected one feature, or two different ones".into());
    }
    if rows.is_empty() {
        return refuse(ErrorKind::TooFewRows, "dependence needs rows, found none".into());
    }
    if !rows.len().is_multiple_of(width) {
        return refuse(ErrorKind::WrongLength, format!("expected rows of {width} values, found {} values", rows.len()));
    }
    weighted::check(weights, rows.len() / width)?;
    let every = (rows.len() / width).div_ceil(ROWS);
    let mut rows: Vec<f64> = rows.chunks_exact(width).step_by(every).flatten().copied().collect();
    let weights: Vec<f64> = weights.iter().step_by(every).copied().collect();
    let (weights, n_points) = (weights.as_slice(), POINTS[features.len() - 1]);
    let of_feature = |feature: usize| rows.iter().skip(feature).step_by(width).copied().collect::<Vec<f64>>();
    let own: Vec<Vec<f64>> = features.iter().map(|feature| of_feature(*feature)).collect();
    let is_number = |feature: usize| matches!(model.schema().features[feature].domain, Domain::Number(_));
    let axes: Vec<Vec<f64>> = features
        .iter()
        .zip(&own)
        .map(|(feature, values)| axis(values, weights, is_number(*feature).then_some(n_points)))
        .collect();
    let nearest: Vec<Vec<usize>> = axes.iter().zip(&own).map(|(axis, values)| nearest(axis, values)).collect();
    let second = axes.get(1).map_or(1, Vec::len);
    let mut points = Vec::with_capacity(axes[0].len() * second);
    for at in 0..axes[0].len() * second {
        let place = [at / second, at % second];
        let values: Vec<f64> = axes.iter().zip(place).map(|(axis, at)| axis[at]).collect();
        for (feature, value) in features.iter().zip(&values) {
            rows.iter_mut().skip(*feature).step_by(width).for_each(|cell| *cell = *value);
        }
        let outputs = model.predict_many(&rows)?;
        let of_output = |output: usize| outputs.iter().skip(output).step_by(n_outputs).copied().collect::<Vec<f64>>();
        let (mut means, mut low, mut high) = (Vec::new(), Vec::new(), Vec::new());
        for output in (0..n_outputs).map(of_output) {
            means.push(mean(&output, weights).unwrap_or(f64::NAN));
            let found = quantiles(&output, weights, &SHARES);
            low.extend(found.first());
            high.extend(found.get(1));
        }
        let is_there = |row: &usize| nearest.iter().zip(place).all(|(nearest, at)| nearest[*row] == at);
        // A sum of nothing is -0.
        let n_rows = (0..own[0].len()).filter(is_there).map(|row| weight(weights, row)).sum::<f64>() + 0.0;
        points.push(DependencePoint { values, rows: n_rows, mean: means, low, high });
    }
    Ok(points)
}

/// The values of a feature that are looked at, in order, and at the end a missing one.
fn axis(values: &[f64], weights: &[f64], n_points: Option<usize>) -> Vec<f64> {
    let counted = (0..values.len()).filter(|row| weight(weights, *row) > 0.0);
    let (there, missing): (Vec<usize>, Vec<usize>) = counted.partition(|row| !values[*row].is_nan());
    let mut pairs: Vec<(f64, f64)> = there.iter().map(|row| (values[*row] + 0.0, 0.0)).collect();
    sort_pairs(&mut pairs);
    pairs.dedup();
    let mut axis: Vec<f64> = pairs.into_iter().map(|(value, _)| value).collect();
    if let Some(n_points) = n_points.filter(|n_points| *n_points < axis.len()) {
        let shares: Vec<f64> = (0..n_points).map(|at| at as f64 / (n_points - 1) as f64).collect();
        let own: Vec<f64> = there.iter().map(|row| values[*row]).collect();
        let own_weights: Vec<f64> = there.iter().filter_map(|row| weights.get(*row).copied()).collect();
        // Values that rows have, which read better than those between them.
        let places = nearest(&axis, &quantiles(&own, &own_weights, &shares));
        axis = places.into_iter().map(|at| axis[at]).collect();
        axis.dedup();
    }
    if !missing.is_empty() {
        axis.push(f64::NAN);
    }
    axis
}

/// The place on an axis that is nearest to each value; of two equally near ones the lower.
fn nearest(axis: &[f64], values: &[f64]) -> Vec<usize> {
    let there = axis.iter().take_while(|at| !at.is_nan()).count();
    let place = |value: &f64| {
        let above = axis[..there].partition_point(|at| at < value);
        match above {
            _ if value.is_nan() => there,
            0 => 0,
            above if above == there => there - 1,
            above if axis[above] - value < value - axis[above - 1] => above,
            above => above - 1,
        }
    };
    values.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use crate::pipeline::Pipeline;
    use crate::table::Table;
    use crate::train::boosting;

    fn model(csv: &str) -> (Model, Vec<f64>) {
        let mut pipeline = Pipeline::new("y");
        pipeline.learner = boosting::Options { rounds: 20, ..boosting::Options::default() }.into();
        let rows = Dataset::of_csv(csv, "y").unwrap().features().iter().copied().collect();
        (pipeline.train(&Table::parse(csv.as_bytes()).unwrap()).unwrap(), rows)
    }

    fn table() -> String {
        let row = |i: usize| {
            let (x, c) = (i * 37 % 101, ["u", "v"][i * 7 % 11 % 2]);
            let x = if i % 19 == 3 { String::new() } else { x.to_string() };
            format!("{x},{c},{},{}\n", i * 61 % 89, (i * 37 % 101) * if c == "u" { 2 } else { 1 } + i * 61 % 89 % 3)
        };
        format!("x,c,z,y\n{}", (0..600).map(row).collect::<String>())
    }

    #[test]
    fn a_point_is_the_mean_of_rows_with_that_value() {
        let (model, rows) = model(&table());
        let points = dependence(&model, &rows, &[], &[0]).unwrap();
        assert_eq!(points.len(), 21);
        assert!(points[20].values[0].is_nan() && points[..20].is_sorted_by(|a, b| a.values < b.values));
        assert_eq!(points.iter().map(|point| point.rows).sum::<f64>(), 600.0);
        assert_eq!(points[20].rows, 32.0);
        for point in &points {
            let mut changed = rows.clone();
            changed.iter_mut().step_by(3).for_each(|x| *x = point.values[0]);
            let predicted = model.predict_many(&changed).unwrap();
            let expected = predicted.iter().sum::<f64>() / 600.0;
            assert!((point.mean[0] - expected).abs() < 1e-9 && point.low[0] <= point.high[0]);
        }
        assert!(points[19].mean[0] > points[0].mean[0] + 100.0);
        // Weights are rows: those of 0 are none.
        let weights: Vec<f64> = (0..600).map(|row| f64::from(u8::from(row < 300))).collect();
        let half = dependence(&model, &rows[..900], &[], &[0]).unwrap();
        let weighted = dependence(&model, &rows, &weights, &[0]).unwrap();
        for (half, weighted) in half.iter().zip(&weighted) {
            assert!((half.mean[0] - weighted.mean[0]).abs() < 1e-9 && half.rows == weighted.rows);
        }
    }

    #[test]
    fn two_features_make_a_plane() {
        let (model, rows) = model(&table());
        let points = dependence(&model, &rows, &[], &[1, 0]).unwrap();
        // Both categories, and of each eight numbers and a missing one.
        assert_eq!(points.len(), 18);
        assert_eq!((points[0].values[0], points[9].values[0]), (0.0, 1.0));
        assert_eq!(points.iter().map(|point| point.rows).sum::<f64>(), 600.0);
        let rise = |from: usize| points[from + 7].mean[0] - points[from].mean[0];
        assert!(rise(0) > 1.5 * rise(9), "{} and {}", rise(0), rise(9));
        for features in [vec![], vec![0, 0], vec![0, 1, 2], vec![9]] {
            let error = dependence(&model, &rows, &[], &features).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidOption);
        }
        // Of many rows some are taken, and they stand for all.
        let many = rows.repeat(5);
        let some = dependence(&model, &many, &[], &[1]).unwrap();
        assert_eq!(some.iter().map(|point| point.rows).sum::<f64>(), 1500.0);
        assert_eq!(dependence(&model, &[], &[], &[0]).unwrap_err().kind(), ErrorKind::TooFewRows);
    }
}
