//! Figures of several folds in two numbers each.

use crate::numeric::sum;

/// One figure over folds.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FigureSummary {
    /// The figure's name.
    pub name: String,
    /// The folds in which it is defined: the others are left out of mean and standard deviation.
    pub folds: u64,
    /// The mean over those folds. `None` when there is none.
    pub mean: Option<f64>,
    /// The sample standard deviation, sqrt(sum of (x - mean)^2 / (folds - 1)). `None` with fewer than two folds. The
    /// folds share training rows, so it is not the standard error of the mean times a root of their number.
    pub standard_deviation: Option<f64>,
}

/// Mean and sample standard deviation of each figure over `folds`, in the order in which the names first appear. Each
/// fold has names with figures, `None` where a figure is undefined.
pub fn summarize(folds: &[Vec<(&str, Option<f64>)>]) -> Vec<FigureSummary> {
    let mut figures: Vec<(&str, Vec<f64>)> = Vec::new();
    for (name, value) in folds.iter().flatten() {
        match figures.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => values.extend(*value),
            None => figures.push((name, value.iter().copied().collect())),
        }
    }
    let summary = |(name, values): (&str, Vec<f64>)| {
        let n = values.len() as f64;
        let mean = (!values.is_empty()).then(|| sum(&values) / n);
        let standard_deviation = mean.filter(|_| values.len() > 1).map(|mean| {
            let squares: Vec<f64> = values.iter().map(|value| (value - mean) * (value - mean)).collect();
            (sum(&squares) / (n - 1.0)).sqrt()
        });
        FigureSummary { name: name.into(), folds: values.len() as u64, mean, standard_deviation }
    };
    figures.into_iter().map(summary).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_standard_deviation_are_those_of_numpy() {
        // numpy 2.4.6: mean and std(ddof=1), see tests/golden/figures.py.
        let folds: Vec<_> = [0.9, 0.8, 0.85, 1.0].iter().map(|value| vec![("accuracy", Some(*value))]).collect();
        let summaries = summarize(&folds);
        assert_eq!((summaries.len(), summaries[0].name.as_str(), summaries[0].folds), (1, "accuracy", 4));
        assert!((summaries[0].mean.unwrap() - 0.8875000000000001).abs() < 1e-15);
        assert!((summaries[0].standard_deviation.unwrap() - 0.08539125638299665).abs() < 1e-15);
    }

    #[test]
    fn undefined_figures_are_left_out_and_counted() {
        let folds = [vec![("a", Some(1.0)), ("b", None)], vec![("a", None), ("b", None)]];
        let summaries = summarize(&folds);
        assert_eq!((summaries[0].folds, summaries[0].mean, summaries[0].standard_deviation), (1, Some(1.0), None));
        assert_eq!((summaries[1].name.as_str(), summaries[1].folds, summaries[1].mean), ("b", 0, None));
        assert!(summarize(&[]).is_empty());
    }
}
