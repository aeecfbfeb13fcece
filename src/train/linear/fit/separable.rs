//! Whether classes are separated, so that a fit without a penalty has no optimum.

use super::{LinearFit, Stage};
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::order::sorted_positions;
use crate::preprocess::Source;
use crate::train::linear::separation::{self, MarginRange};

/// How far the log-odds of a category lie from those of its feature's other categories where it may be separated: odds of 400
/// are rare, and a fit without an optimum ends far above them.
const FAR: f64 = 6.0;

/// The most categories that are looked at one by one.
const MOST_CATEGORIES: usize = 64;

impl LinearFit {
    /// The direction along which the margins of all rows are asked for, in a stage that has one.
    pub(super) fn margin_direction(&self) -> Option<Vec<f64>> {
        match self.stage {
            Stage::SeparationByParameters => self.minimizer.point().map(|point| point.parameters.clone()),
            Stage::SeparationByStep => Some(self.minimizer.direction().to_vec()),
            Stage::SeparationByPath => Some(self.path_within()),
            Stage::SeparationByCategory => self.category_directions.last().cloned(),
            _ => None,
        }
    }

    /// Takes the margins along that direction.
    ///
    /// # Errors
    /// [`ErrorKind::NotConverged`] where they show that classes are separated.
    pub(super) fn tell_margins(&mut self, margins: MarginRange) -> Result<()> {
        let separates = match self.stage {
            Stage::SeparationByParameters => margins.separate(),
            _ => margins.step_separates(),
        };
        if separates {
            return Err(self.separable(&self.margin_direction().unwrap_or_default()));
        }
        match self.stage {
            Stage::SeparationByParameters => self.stage = Stage::SeparationByStep,
            Stage::SeparationByStep if self.iterations_within > 1 => self.stage = Stage::SeparationByPath,
            Stage::SeparationByCategory => {
                self.category_directions.pop();
            }
            _ => {
                self.category_directions = self.far_categories();
                self.stage = Stage::SeparationByCategory;
            }
        }
        if self.stage == Stage::SeparationByCategory && self.category_directions.is_empty() {
            self.certify_answer();
        }
        Ok(())
    }

    /// The change of the parameters since the tolerance was met.
    fn path_within(&self) -> Vec<f64> {
        let now = self.minimizer.point().map_or(&[][..], |point| &point.parameters);
        now.iter().zip(&self.first_within).map(|(now, first)| now - first).collect()
    }

    /// For each category whose log-odds lie far from those of its feature's others, the direction in which its rows alone
    /// move, the farthest last. If a class has no row in it, that direction separates. A step of the solver need not show it:
    /// the solver may have jumped there at once, or stand on a flat place.
    fn far_categories(&self) -> Vec<Vec<f64>> {
        let (objective, preprocessor) = (&self.problem.objective, &self.problem.preprocessor);
        let (width, intercept) = (objective.width(), self.options.intercept);
        let columns: Vec<_> = preprocessor.columns().collect();
        let mut found: Vec<(f64, Vec<f64>)> = Vec::new();
        for group in columns.chunk_by(|(one, _), (other, _)| one == other) {
            let first = columns.partition_point(|(feature, _)| *feature < group[0].0);
            let of_categories = group.iter().enumerate().filter(|(_, (_, column))| column.source != Source::Value);
            let scales: Vec<(usize, f64, f64)> = of_categories
                .map(|(at, (_, column))| {
                    let (shift, unit) = column.standardization(intercept);
                    (first + at, shift, unit)
                })
                .collect();
            if scales.is_empty() || !intercept && scales.iter().any(|(_, shift, _)| *shift != 0.0) {
                continue;
            }
            for output in 0..objective.n_outputs() {
                let own = &self.answer[output * width..][..width];
                // The last is of the rows that are in no category of these.
                let mut odds: Vec<f64> = scales.iter().map(|(column, _, unit)| own[*column] / unit).collect();
                odds.push(0.0);
                let mut sorted = odds.clone();
                sorted.sort_unstable_by(f64::total_cmp);
                let middle = sorted[sorted.len() / 2];
                for (category, odds) in odds.iter().enumerate() {
                    // Of two the median is one, and the other lies on its other side.
                    let others = if *odds == middle && sorted.len() == 2 { sorted[0] } else { middle };
                    let distance = odds - others;
                    let is_none = category == scales.len();
                    if distance.abs() <= FAR || is_none && !intercept {
                        continue;
                    }
                    let mut direction = vec![0.0; self.answer.len()];
                    let sign = distance.signum();
                    let (moved, sign_of_columns) =
                        if is_none { (&scales[..], -sign) } else { (&scales[category..=category], sign) };
                    let mut constant = if is_none { sign } else { 0.0 };
                    for (column, shift, unit) in moved {
                        direction[output * width + column] = sign_of_columns * unit;
                        constant += sign_of_columns * shift;
                    }
                    if intercept {
                        direction[output * width + width - 1] = constant;
                    }
                    found.push((distance.abs(), direction));
                }
            }
        }
        let order = sorted_positions(found.len(), &|a, b| found[a].0.total_cmp(&found[b].0));
        let first = order.len().saturating_sub(MOST_CATEGORIES);
        order[first..].iter().map(|at| std::mem::take(&mut found[*at].1)).collect()
    }

    fn separable(&self, direction: &[f64]) -> Error {
        let (width, n_columns) = (self.problem.objective.width(), self.problem.preprocessor.n_columns());
        let columns = separation::columns(direction, width, n_columns);
        let names = super::names(&self.summary.schema, &self.problem.preprocessor, &columns);
        let message = format!(
            "the features tell classes apart without error, along the columns {names}; without a penalty their \
             coefficients grow without end and there is no optimum; give an l2 above 0"
        );
        Error::new(ErrorKind::NotConverged, message)
    }
}
