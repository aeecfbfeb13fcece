//! Whether classes are separated, so that a fit without a penalty has no optimum.
//!
//! At an optimum, the next step of Newton's method moves no margin, and nothing is left of the parameters where the objective
//! hardly curves. Where classes are separated, one of the two moves some margin: each step gains another unit of log-odds, until
//! the curvature is below rounding. Only then a search over all rows decides. Where classes are separated, more searches look for
//! features that do it alone, since that is what a reader can use.

use super::{LinearFit, Stage};
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::elementary::largest;
use crate::train::linear::derivatives::Derivatives;
use crate::train::linear::separation::{self, Margins, Search};

/// The smallest share of the largest change that makes a column one of those that are named.
const NAMED: f64 = 1e-4;

/// The most features that are looked at alone.
const MOST_ALONE: usize = 16;

impl LinearFit {
    /// The direction along which the margins of all rows are asked for, in a stage that has one.
    pub(super) fn margin_direction(&self) -> Option<Vec<f64>> {
        match self.stage {
            Stage::SeparationByParameters => self.minimizer.point().map(|point| point.parameters.clone()),
            Stage::SeparationSigns => self.signs_of_separation.as_ref()?.last().cloned(),
            Stage::SeparationSearch => Some(self.search.as_ref()?.direction().to_vec()),
            _ => None,
        }
    }

    /// Takes the margins along that direction.
    ///
    /// # Errors
    /// [`ErrorKind::NotConverged`] where they show that classes are separated.
    pub(super) fn tell_margins(&mut self, margins: Margins) -> Result<()> {
        match self.stage {
            Stage::SeparationByParameters if margins.separate() => {
                self.separating = self.margin_direction();
                self.stage = Stage::SeparationStart;
            }
            Stage::SeparationByParameters if margins.are_far() => self.stage = Stage::SeparationStart,
            Stage::SeparationByParameters => self.certify_answer(),
            Stage::SeparationSearch => match self.search.as_mut().and_then(|search| search.tell(margins)) {
                None => {}
                Some(separates) if self.separating.is_some() => {
                    if separates {
                        self.add_alone();
                    }
                    self.stage = Stage::SeparationStart;
                }
                Some(true) => {
                    self.separating = self.margin_direction();
                    self.stage = Stage::SeparationStart;
                }
                Some(false) => {
                    self.signs_of_separation = Some(Vec::new());
                    self.certify_answer();
                }
            },
            _ if margins.are_moved() => self.stage = Stage::SeparationStart,
            _ => {
                self.signs_of_separation.iter_mut().for_each(|signs| drop(signs.pop()));
                self.certify_answer();
            }
        }
        Ok(())
    }

    /// Begins a search at the derivatives where all parameters are 0: over all features, or once the classes are known to be
    /// separated, over the next one alone.
    ///
    /// # Errors
    /// [`ErrorKind::NotConverged`] once no feature is left to look at alone.
    pub(super) fn search_for_separation(&mut self, derivatives: &Derivatives) -> Result<()> {
        let width = self.problem.objective.width();
        let mut moves = vec![true; width];
        if let Some(direction) = &self.separating {
            let features: Vec<usize> = self.problem.preprocessor.columns().map(|(feature, _)| feature).collect();
            let mut separating: Vec<usize> = Vec::new();
            for column in separation::columns(direction, width, features.len(), 0.0) {
                if !separating.contains(&features[column]) {
                    separating.push(features[column]);
                }
            }
            let next = separating.get(self.n_alone).filter(|_| separating.len() > 1 && self.n_alone < MOST_ALONE);
            let Some(next) = next else { return Err(self.separable(direction)) };
            moves.iter_mut().zip(&features).for_each(|(moves, feature)| *moves = feature == next);
            self.n_alone += 1;
        }
        self.problem.objective.frozen().iter().for_each(|column| moves[*column] = false);
        self.search = Some(Search::new(&derivatives.gradient, moves));
        self.stage = Stage::SeparationSearch;
        Ok(())
    }

    /// Adds the direction of a feature that separates classes alone to the others: a sum of such directions separates too.
    fn add_alone(&mut self) {
        let direction = self.margin_direction().unwrap_or_default();
        let largest = largest(&direction);
        let sum = self.separating_alone.get_or_insert_with(|| vec![0.0; direction.len()]);
        sum.iter_mut().zip(direction).for_each(|(sum, entry)| *sum += entry / largest);
    }

    /// Whether a direction remains along which the margins are to be looked at.
    pub(super) fn looks_for_signs(&mut self) -> bool {
        if self.signs_of_separation.is_none() {
            self.signs_of_separation = Some(self.find_signs());
        }
        self.signs_of_separation.as_ref().is_some_and(|signs| !signs.is_empty())
    }

    /// The next step, and the part of the parameters along which the objective hardly curves; the solver's own step where no
    /// Hessian is known.
    fn find_signs(&self) -> Vec<Vec<f64>> {
        let Some(point) = self.minimizer.point().filter(|_| self.may_be_separated()) else { return Vec::new() };
        let Some(derivatives) = self.hessian() else { return vec![self.minimizer.direction().to_vec()] };
        let costs = self.costs();
        let step = costs.newton_direction(&derivatives.gradient, &derivatives.hessian);
        step.into_iter().chain(costs.flat_part(&point.parameters, &derivatives.hessian)).collect()
    }

    /// Whether the objective is one that has no optimum where classes are separated.
    pub(super) fn may_be_separated(&self) -> bool {
        self.problem.l2 == 0.0 && self.problem.objective.is_classification()
    }

    fn separable(&self, direction: &[f64]) -> Error {
        let (width, n_columns) = (self.problem.objective.width(), self.problem.preprocessor.n_columns());
        let direction = self.separating_alone.as_deref().unwrap_or(direction);
        let columns = separation::columns(direction, width, n_columns, NAMED);
        let names = super::names(&self.summary.schema, &self.problem.preprocessor, &columns);
        let message = format!(
            "the features tell classes apart without error, along the columns {names}; without a penalty their \
             coefficients grow without end and there is no optimum; give an l2 above 0"
        );
        Error::new(ErrorKind::NotConverged, message)
    }
}
