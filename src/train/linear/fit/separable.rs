//! Whether classes are separated, so that a fit without a penalty has no optimum.

use super::{LinearFit, Stage};
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::order::sorted_positions;
use crate::preprocess::{PreparedColumn, Source};
use crate::table::Domain;
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
            Stage::SeparationByCurvature => self.flat_part.clone(),
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
            Stage::SeparationByCurvature => margins.flat_part_separates(),
            // The other columns may have taken the rows of a category further than its own, and the solver it the other way.
            Stage::SeparationByCategory => margins.step_separates() || margins.reversed().step_separates(),
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
            Stage::SeparationByCurvature => {
                self.certify_answer();
                return Ok(());
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

    /// The part of the parameters along which the objective hardly curves, without a penalty: where classes are separated, the
    /// parameters have gone far along it. `None` where no Hessian is known.
    pub(super) fn find_flat_part(&self) -> Option<Vec<f64>> {
        let may_be_separated = self.problem.l2 == 0.0 && self.problem.objective.is_classification();
        let (point, derivatives) = (self.minimizer.point()?, self.hessian().filter(|_| may_be_separated)?);
        self.costs().flat_part(&point.parameters, &derivatives.hessian)
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
        let (width, intercept) = (self.problem.objective.width(), self.options.intercept);
        let columns: Vec<(usize, &PreparedColumn)> = self.problem.preprocessor.columns().collect();
        let mut found: Vec<(f64, Vec<f64>)> = Vec::new();
        let mut first = 0;
        for group in columns.chunk_by(|(one, _), (other, _)| one == other) {
            let of_group = (first..).zip(group).filter(|(_, (_, column))| column.source != Source::Value);
            let categories: Vec<CategoryColumn> = of_group
                .map(|(column, (_, prepared))| {
                    let (shift, unit) = prepared.standardization(intercept);
                    CategoryColumn { column, shift, unit }
                })
                .collect();
            first += group.len();
            found.extend(self.directions_from_ends(first - group.len(), group));
            // Without an intercept a shift moves all rows.
            if categories.is_empty() || !intercept && categories.iter().any(|category| category.shift != 0.0) {
                continue;
            }
            for output in 0..self.problem.objective.n_outputs() {
                // Of the categories, and of the rows in none of them.
                let odds_to = |other: Option<usize>| {
                    let of =
                        |category: &CategoryColumn| self.difference(output, other, category.column) / category.unit;
                    distances(&categories.iter().map(of).chain([0.0]).collect::<Vec<_>>())
                };
                let mut farthest = odds_to(None);
                for other in 0..self.problem.objective.n_outputs() {
                    let pairs = farthest.iter_mut().zip(odds_to(Some(other)));
                    pairs.filter(|(far, odds)| odds.abs() > far.abs()).for_each(|(far, odds)| *far = odds);
                }
                for (at, distance) in farthest.into_iter().enumerate() {
                    let is_none = at == categories.len();
                    if distance.abs() > FAR && (intercept || !is_none) {
                        let (moved, sign) = if is_none {
                            (&categories[..], -distance.signum())
                        } else {
                            (&categories[at..=at], distance.signum())
                        };
                        let constant = if is_none { -sign } else { 0.0 };
                        let mut direction = vec![0.0; self.answer.len()];
                        move_rows(&mut direction[output * width..][..width], moved, sign, constant, intercept);
                        found.push((distance.abs(), direction));
                    }
                }
            }
        }
        let order = sorted_positions(found.len(), &|a, b| found[a].0.total_cmp(&found[b].0));
        let nearest = order.len().saturating_sub(MOST_CATEGORIES);
        order[nearest..].iter().map(|at| std::mem::take(&mut found[*at].1)).collect()
    }

    /// For the number among some columns, the directions in which the rows move by their distance from its smallest and from its
    /// largest value, where its coefficients are far: a flag may be set in rows of some classes only.
    fn directions_from_ends(&self, first: usize, group: &[(usize, &PreparedColumn)]) -> Vec<(f64, Vec<f64>)> {
        let (width, n_outputs) = (self.problem.objective.width(), self.problem.objective.n_outputs());
        let mut found = Vec::new();
        for (column, (feature, prepared)) in (first..).zip(group) {
            let Domain::Number(domain) = &self.summary.schema.features[*feature].domain else { continue };
            if prepared.source != Source::Value || !self.options.intercept {
                continue;
            }
            let (shift, unit) = prepared.standardization(true);
            let reach = (domain.maximum - domain.minimum) / unit;
            for output in 0..n_outputs {
                let others = (0..n_outputs).map(Some).chain([None]);
                let odds =
                    others.map(|other| (self.difference(output, other, column) * reach).abs()).fold(0.0, f64::max);
                for end in [domain.minimum, domain.maximum] {
                    let mut direction = vec![0.0; self.answer.len()];
                    let moved = [CategoryColumn { column, shift, unit }];
                    move_rows(&mut direction[output * width..][..width], &moved, 1.0, -end, true);
                    found.extend((odds > FAR).then_some((odds, direction)));
                }
            }
        }
        found
    }

    /// A coefficient of an output less that of another one.
    fn difference(&self, output: usize, other: Option<usize>, column: usize) -> f64 {
        let width = self.problem.objective.width();
        let of = |output: usize| self.answer[output * width + column];
        of(output) - other.map_or(0.0, of)
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

/// The column of a category: its value is (1 or 0 - shift) / unit.
struct CategoryColumn {
    column: usize,
    shift: f64,
    unit: f64,
}

/// How far each number lies from the middle one; of two each from the other.
fn distances(odds: &[f64]) -> Vec<f64> {
    let mut sorted = odds.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let middle = sorted[sorted.len() / 2];
    let from = |odds: f64| if sorted.len() == 2 && odds == middle { sorted[0] } else { middle };
    odds.iter().map(|odds| odds - from(*odds)).collect()
}

/// Makes of the coefficients of one output those that add `sign` to the rows in these categories, and `constant` to all.
fn move_rows(own: &mut [f64], categories: &[CategoryColumn], sign: f64, mut constant: f64, intercept: bool) {
    for CategoryColumn { column, shift, unit } in categories {
        own[*column] = sign * unit;
        constant += sign * shift;
    }
    if intercept && let Some(last) = own.last_mut() {
        *last = constant;
    }
}
