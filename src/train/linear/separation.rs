//! Separation: classes that a linear function of the features tells apart without error.
//!
//! The margins of a row are the score of its own class less that of each other class. Without a penalty, separated classes
//! have no optimum. Along a direction with no negative margin and some positive one, the loss decreases without end (Albert
//! and Anderson, "On the existence of maximum likelihood estimates in logistic regression models", 1984: complete and
//! quasi-complete separation). The gradient then falls below any tolerance, so the certificate alone does not show it.

use crate::error::Result;
use crate::numeric::linalg::Nearest;
use crate::numeric::order::sorted_positions;
use crate::numeric::tree_sum::Merge;
use bincode::{Decode, Encode};

/// The most negative margin that counts as rounding, as a fraction of the largest margin.
const BEHIND: f64 = 1e-11;
/// The smallest change of a margin, in log-odds, that a fit without an optimum leaves to be gained. At an optimum none is left.
const STRIDE: f64 = 1e-3;
/// A margin of odds of a million. A row that nothing keeps from gaining is brought further than that.
const FAR: f64 = 14.0;
/// The most numbers that a search keeps, 64 MB, and the most edges that it tries, in multiples of the number of parameters.
const MOST_NUMBERS: usize = 1 << 23;
const MOST_TRIES: usize = 20;

/// The margins of the rows along a direction of the parameters.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct Margins {
    pub(crate) smallest: f64,
    pub(crate) largest: f64,
    /// What the smallest margin grows by per unit of each parameter.
    pub(crate) slopes_of_smallest: Vec<f64>,
}

impl Margins {
    /// Whether the direction separates the classes completely: every margin along it is positive.
    pub(super) fn separate(&self) -> bool {
        self.smallest > 0.0
    }

    /// Whether some margin is larger than at most optima.
    pub(super) fn are_far(&self) -> bool {
        self.largest > FAR
    }

    /// Whether the direction moves some margin, so that a search for separation is needed.
    pub(super) fn are_moved(&self) -> bool {
        self.largest.max(-self.smallest) > STRIDE
    }

    /// Whether no margin is negative, but for rounding, and some is positive.
    fn separate_some(&self) -> bool {
        self.largest > 0.0 && self.smallest >= -BEHIND * self.largest
    }
}

impl Merge for Margins {
    fn merge(&mut self, later: Self) -> Result<()> {
        self.largest = self.largest.max(later.largest);
        if later.smallest < self.smallest {
            (self.smallest, self.slopes_of_smallest) = (later.smallest, later.slopes_of_smallest);
        }
        Ok(())
    }
}

/// A search for a direction with no negative margin and some positive one. It decides: the smallest positive combination of the
/// margins' slopes is 0 exactly where there is no such direction (Stiemke's theorem), and such a direction elsewhere.
#[derive(Debug)]
pub(crate) struct Search {
    /// Per parameter of an output whether it moves.
    moves: Vec<bool>,
    nearest: Nearest,
    n_tries: usize,
}

impl Search {
    /// Starts at the loss's gradient where all parameters are 0: less it, a combination of all slopes.
    pub(super) fn new(gradient: &[f64], moves: Vec<bool>) -> Self {
        let mut start: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
        keep_moving(&mut start, &moves);
        Self { moves, nearest: Nearest::new(start), n_tries: 0 }
    }

    /// The direction whose margins are looked at next.
    pub(super) fn direction(&self) -> &[f64] {
        self.nearest.vector()
    }

    /// Takes its margins: whether they separate the classes, or `None` while the search goes on.
    pub(super) fn tell(&mut self, margins: Margins) -> Option<bool> {
        if self.nearest.is_zero() {
            return Some(false);
        }
        if margins.separate_some() {
            return Some(true);
        }
        let n_parameters = self.direction().len();
        let mut slopes = margins.slopes_of_smallest;
        keep_moving(&mut slopes, &self.moves);
        self.n_tries += 1;
        let may_go_on =
            self.n_tries <= MOST_TRIES * n_parameters && self.nearest.n_edges() * n_parameters <= MOST_NUMBERS;
        // Where rounding ends the search, what is left of the combination is rounding too.
        if may_go_on && self.nearest.take(slopes) { None } else { Some(false) }
    }
}

/// Sets the parameters to 0 that do not move.
fn keep_moving(parameters: &mut [f64], moves: &[bool]) {
    for output in parameters.chunks_exact_mut(moves.len()) {
        output.iter_mut().zip(moves).filter(|(_, moves)| !**moves).for_each(|(parameter, _)| *parameter = 0.0);
    }
}

/// The columns with at least this share of the largest change per standard deviation in a direction, the largest first.
pub(super) fn columns(direction: &[f64], width: usize, n_columns: usize, share: f64) -> Vec<usize> {
    let size = |column: usize| direction.chunks_exact(width).map(|output| output[column].abs()).fold(0.0, f64::max);
    let largest = (0..n_columns).map(size).fold(0.0, f64::max);
    let mut columns = sorted_positions(n_columns, &|a, b| size(b).total_cmp(&size(a)));
    columns.retain(|column| size(*column) >= share * largest);
    columns
}
