//! The objective of a fit: a loss summed over rows, plus the penalty l2/2 * |coefficients|^2. It does not depend on the
//! solver.

mod kernels;
mod logistic;
mod loss;
mod multinomial;
mod row_losses;
mod squared_error;

use super::Options;
use super::derivatives::{Derivatives, Order};
use super::design::DesignBlock;
use super::separation::Margins;
use crate::dataset::Moments;
use crate::model::{Certificate, ClassWeight};
use crate::numeric::dot;
use crate::numeric::elementary::ln;
use crate::numeric::elementary::{larger, largest};
use crate::preprocess::{PreparedColumn, Preprocessor};
use bincode::{Decode, Encode};
use kernels::{BlockKernel, GramKernel, MarginKernel};
use loss::Loss;
use row_losses::RowLosses;
use tepal_kernels::vectorized;

/// A loss and a penalty, and the scale of the relative gradient.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Objective {
    loss: Loss,
    n_outputs: usize,
    /// The number of parameters of an output: design columns and intercept.
    width: usize,
    intercept: bool,
    /// Per parameter of an output, its unit in the penalty's norm, and the l2 on its square; 0 for the intercept.
    units: Vec<f64>,
    penalties: Vec<f64>,
    /// Per output the intercept of the intercept-only model.
    start: Vec<f64>,
    /// Per output the largest gradient that the intercept-only model can have: see [`Certificate`].
    gradient_bounds: Vec<f64>,
    /// The sum of the weights of the rows, class weights included.
    weight: f64,
    class_weights: Vec<f64>,
    /// What is subtracted from a number to predict, so that none of its digits are spent on the mean of all: that mean, where
    /// an intercept takes it up again.
    target_shift: f64,
    /// Columns whose coefficients are fixed, in every output.
    frozen: Vec<usize>,
}

impl Objective {
    /// The squared error for numbers, the log loss for classes: binary with one output, multinomial with one output per
    /// class.
    pub(crate) fn new(moments: &Moments, preprocessor: &Preprocessor, l2: f64, options: &Options) -> Self {
        let n_classes = moments.class_weights.len();
        let loss = match n_classes {
            0 => Loss::SquaredError,
            2 => Loss::Logistic,
            _ => Loss::Multinomial,
        };
        let class_weights: Vec<f64> = match options.class_weight {
            ClassWeight::Equal => Vec::new(),
            ClassWeight::Balanced => {
                moments.class_weights.iter().map(|class| moments.weight / (n_classes as f64 * class)).collect()
            }
        };
        // The weight of each class in the loss.
        let weights: Vec<f64> = match class_weights.as_slice() {
            [] => moments.class_weights.clone(),
            factors => moments.class_weights.iter().zip(factors).map(|(weight, factor)| weight * factor).collect(),
        };
        let weight = if n_classes == 0 { moments.weight } else { weights.iter().sum() };
        // The sum of squares of a class's indicator less its mean.
        let spread = |class: &f64| class * (1.0 - class / weight);
        let (spreads, start): (Vec<f64>, Vec<f64>) = match loss {
            Loss::SquaredError => {
                // Without an intercept a model without features answers 0, not the mean.
                let bias = if options.intercept { 0.0 } else { moments.target_mean };
                (vec![moments.target_spread + bias * bias], vec![0.0])
            }
            Loss::Logistic => (vec![spread(&weights[1])], vec![ln(weights[1] / weights[0])]),
            Loss::Multinomial => {
                let logs: Vec<f64> = weights.iter().map(|class| ln(class / weight)).collect();
                let mean = logs.iter().sum::<f64>() / n_classes as f64;
                (weights.iter().map(spread).collect(), logs.iter().map(|log| log - mean).collect())
            }
        };
        // A coefficient of 1 on a standardized column of the design is this coefficient on the prepared column.
        let unit = |column: &PreparedColumn| column.scaling.scale / column.standardization(options.intercept).1;
        let units = preprocessor.columns().map(|(_, column)| unit(column));
        let units: Vec<f64> = units.chain(options.intercept.then_some(0.0)).collect();
        Self {
            loss,
            n_outputs: start.len(),
            width: units.len(),
            intercept: options.intercept,
            penalties: units.iter().map(|unit| l2 * unit * unit).collect(),
            units,
            start,
            gradient_bounds: spreads.iter().map(|spread| (weight * spread).sqrt()).collect(),
            weight,
            class_weights,
            target_shift: if options.intercept && n_classes == 0 { moments.target_mean } else { 0.0 },
            frozen: Vec::new(),
        }
    }

    /// What is subtracted from the targets of a design.
    pub(crate) fn target_shift(&self) -> f64 {
        self.target_shift
    }

    /// Parameters of a design as those for the targets themselves.
    pub(super) fn of_design(&self, parameters: Vec<f64>) -> Vec<f64> {
        self.with_intercepts_plus(self.target_shift, parameters)
    }

    /// The reverse of [`Self::of_design`].
    pub(super) fn to_design(&self, parameters: Vec<f64>) -> Vec<f64> {
        self.with_intercepts_plus(-self.target_shift, parameters)
    }

    fn with_intercepts_plus(&self, shift: f64, mut parameters: Vec<f64>) -> Vec<f64> {
        if shift != 0.0 {
            parameters
                .chunks_exact_mut(self.width)
                .filter_map(<[f64]>::last_mut)
                .for_each(|intercept| *intercept += shift);
        }
        parameters
    }

    pub(crate) fn n_outputs(&self) -> usize {
        self.n_outputs
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn has_intercept(&self) -> bool {
        self.intercept
    }

    /// Whether every column has a penalty.
    pub(crate) fn penalizes_columns(&self) -> bool {
        self.penalties[..self.width - usize::from(self.intercept)].iter().all(|penalty| *penalty > 0.0)
    }

    pub(crate) fn penalties(&self) -> &[f64] {
        &self.penalties
    }

    pub(crate) fn units(&self) -> &[f64] {
        &self.units
    }

    /// The objective on `n_columns` columns instead, each with an l2 of 1.
    pub(super) fn in_row_space(&self, n_columns: usize) -> Self {
        let mut units = vec![1.0; n_columns];
        units.extend(self.intercept.then_some(0.0));
        Self { width: units.len(), penalties: units.clone(), units, ..self.clone() }
    }

    /// The weight of each class; empty when every weight is 1.
    pub(crate) fn class_weights(&self) -> &[f64] {
        &self.class_weights
    }

    /// Fixes the coefficients of these columns.
    pub(crate) fn freeze(&mut self, columns: Vec<usize>) {
        self.frozen = columns;
    }

    /// The columns whose coefficients are fixed.
    pub(super) fn frozen(&self) -> &[usize] {
        &self.frozen
    }

    /// The parameters of the intercept-only model; all 0 without an intercept.
    pub(crate) fn start(&self) -> Vec<f64> {
        let mut parameters = vec![0.0; self.n_outputs * self.width];
        if self.intercept {
            for (output, start) in parameters.chunks_exact_mut(self.width).zip(&self.start) {
                output[self.width - 1] = *start;
            }
        }
        parameters
    }

    /// An estimate of the Hessian's diagonal that needs no rows. It is that of the intercept-only model, whose columns
    /// have squares that sum to the weight. With more columns than `n_rows`, each block of the loss's Hessian has at
    /// most rank `n_rows`. Its trace over the columns then falls on so many directions, so the estimate is multiplied
    /// by `crowd`. The intercept is not affected.
    pub(crate) fn diagonal(&self, n_rows: usize) -> Vec<f64> {
        let n_columns = self.width - usize::from(self.intercept);
        let crowd = (n_columns as f64 / n_rows as f64).max(1.0);
        let variance = |bound: &f64| match self.loss {
            Loss::SquaredError => 1.0,
            _ => (bound / self.weight) * (bound / self.weight),
        };
        let diagonal = |bound| {
            let second_derivative = self.weight * variance(bound);
            let diagonal_entry = move |(column, penalty): (usize, &f64)| {
                second_derivative * if column < n_columns { crowd } else { 1.0 } + penalty
            };
            self.penalties.iter().enumerate().map(diagonal_entry)
        };
        self.gradient_bounds.iter().flat_map(diagonal).collect()
    }

    /// Whether every row has equal second derivatives in its scores, so that each block of the Hessian is a multiple of
    /// the Gram matrix. This holds for the squared error always, and for every loss where all coefficients are 0.
    fn shares_second_derivatives(&self, parameters: &[f64]) -> bool {
        let has_coefficients = |output: &[f64]| {
            output[..self.width - usize::from(self.intercept)].iter().any(|coefficient| *coefficient != 0.0)
        };
        self.loss == Loss::SquaredError || !parameters.chunks_exact(self.width).any(has_coefficients)
    }

    /// The Gram matrix of a block, for [`Objective::finish`] and for the search for dependent columns.
    pub(crate) fn gram(&self, block: &DesignBlock) -> Vec<f64> {
        let mut square = vec![0.0; self.width * self.width];
        vectorized(GramKernel { block, width: self.width, square: &mut square });
        square
    }

    /// The derivatives of the loss on a block, without the penalty. Where rows share their second derivatives, the
    /// Hessian is only [`Objective::gram`]. [`Objective::finish`] does the rest, once, after every block was merged.
    pub(crate) fn evaluate_block(&self, block: &DesignBlock, parameters: &[f64], order: Order) -> Derivatives {
        let (n_entries, is_shared) = self.summed_hessian(parameters, order);
        let mut derivatives =
            Derivatives { loss: 0.0, gradient: vec![0.0; parameters.len()], hessian: vec![0.0; n_entries] };
        vectorized(BlockKernel {
            loss: self.loss,
            width: self.width,
            n_outputs: self.n_outputs,
            block,
            parameters,
            order,
            is_shared,
            derivatives: &mut derivatives,
        });
        derivatives
    }

    /// How many entries of the Hessian are summed over rows, and whether they are those of [`Objective::gram`].
    pub(crate) fn summed_hessian(&self, parameters: &[f64], order: Order) -> (usize, bool) {
        let n_wanted = order.summed_squares(self.n_outputs).count();
        let is_shared = n_wanted > 0 && self.shares_second_derivatives(parameters);
        ((if is_shared { 1 } else { n_wanted }) * self.width * self.width, is_shared)
    }

    /// Whether a number can be the target of a row: any number, or the position of a class.
    pub(crate) fn accepts_target(&self, target: f64) -> bool {
        let n_classes = self.n_outputs.max(2);
        !self.is_classification() || (0..n_classes).any(|class| class as f64 == target)
    }

    /// The derivatives of the objective, from those of the loss on all rows.
    pub(crate) fn finish(&self, sum: Derivatives, parameters: &[f64], order: Order) -> Derivatives {
        let Derivatives { mut loss, mut gradient, hessian } = sum;
        let mut hessian = match order {
            Order::Gradient => Vec::new(),
            _ if self.shares_second_derivatives(parameters) => self.spread_gram(&hessian, parameters, order),
            _ => hessian,
        };
        if order == Order::Hessian && self.n_outputs > 1 {
            hessian = self.complete(&hessian);
        }
        for (output, gradient) in parameters.chunks_exact(self.width).zip(gradient.chunks_exact_mut(self.width)) {
            let pulls: Vec<f64> = self.penalties.iter().zip(output).map(|(penalty, value)| penalty * value).collect();
            loss += 0.5 * dot(&pulls, output);
            gradient.iter_mut().zip(pulls).for_each(|(gradient, pull)| *gradient += pull);
            self.frozen.iter().for_each(|column| gradient[*column] = 0.0);
        }
        let squares = hessian.chunks_exact_mut(self.width * self.width);
        for (square, (first, second)) in squares.zip(order.squares(self.n_outputs)) {
            let is_diagonal = first == second;
            for (column, penalty) in self.penalties.iter().enumerate().filter(|_| is_diagonal) {
                square[column * self.width + column] += penalty;
            }
            for column in &self.frozen {
                (0..self.width).for_each(|other| square[column.max(&other) * self.width + column.min(&other)] = 0.0);
                square[column * self.width + column] = f64::from(u8::from(is_diagonal));
            }
        }
        Derivatives { loss, gradient, hessian }
    }

    /// The blocks of the Hessian as multiples of the Gram matrix, by the second derivatives at the scores of the
    /// intercepts.
    fn spread_gram(&self, gram: &[f64], parameters: &[f64], order: Order) -> Vec<f64> {
        let mut scores: Vec<f64> = match self.intercept {
            true => parameters.chunks_exact(self.width).map(|output| output[self.width - 1]).collect(),
            false => vec![0.0; self.n_outputs],
        };
        let mut factors = vec![0.0; order.summed_squares(self.n_outputs).count()];
        let (losses, odds) = (&mut [0.0], &mut [0.0]);
        let (scores, second_derivatives) = (&mut scores, factors.as_mut_slice());
        self.loss.evaluate(RowLosses { order, targets: &[0.0], scores, losses, odds, second_derivatives });
        factors.iter().flat_map(|factor| gram.iter().map(move |entry| factor * entry)).collect()
    }

    /// All blocks of the Hessian, from those that were summed: see [`Order::summed_squares`].
    fn complete(&self, summed: &[f64]) -> Vec<f64> {
        let (size, place) = (self.width * self.width, |first: usize, second: usize| first * (first + 1) / 2 + second);
        let mut squares = vec![0.0; size * place(self.n_outputs, 0)];
        for (square, (first, second)) in summed.chunks_exact(size).zip(Order::Hessian.summed_squares(self.n_outputs)) {
            squares[place(first, second) * size..][..size].copy_from_slice(square);
            for output in [first, second] {
                let own = squares[place(output, output) * size..][..size].iter_mut();
                own.zip(square).for_each(|(own, entry)| *own -= entry);
            }
        }
        squares
    }

    /// Certifies a point by its gradient.
    pub(crate) fn certify(&self, derivatives: &Derivatives, tolerance: f64) -> Certificate {
        let outputs = derivatives.gradient.chunks_exact(self.width).zip(&self.gradient_bounds);
        let relative_gradient = outputs.map(|(gradient, bound)| largest(gradient) / bound).fold(0.0, larger);
        Certificate { relative_gradient, tolerance, objective: derivatives.loss, gap: None }
    }

    /// How many entries the whole Hessian has.
    pub(crate) fn n_hessian_entries(&self) -> usize {
        Order::Hessian.squares(self.n_outputs).count() * self.width * self.width
    }

    /// A bound of how far a point is above the optimum, by the penalty: an objective grows from its optimum by at least
    /// l2/2 |x|², hence it is at most |gradient|² / (2 l2) above it (Boyd and Vandenberghe, "Convex Optimization",
    /// equation 9.9). Intercepts have no penalty, and an eighth of the loss is a low guess of their curvature. Infinite where
    /// a column has none.
    pub(crate) fn gap_by_penalty(&self, derivatives: &Derivatives) -> f64 {
        let of_intercept = match self.loss {
            Loss::SquaredError => self.weight,
            _ => 0.125 * derivatives.loss.min(self.weight),
        };
        let intercept_at = if self.intercept { self.width - 1 } else { self.width };
        let above = |(at, gradient): (usize, &f64)| {
            let column = at % self.width;
            let curvature = if column == intercept_at { of_intercept } else { self.penalties[column] };
            if *gradient == 0.0 { 0.0 } else { 0.5 * gradient * gradient / curvature }
        };
        derivatives.gradient.iter().enumerate().map(above).sum()
    }

    /// A distance from the optimum as a share of the objective. Numbers that a fit meets exactly leave an objective of rounding
    /// errors: what of them is below 1e-10 of a model without features counts for nothing.
    pub(crate) fn relative_gap(&self, gap: f64, objective: f64) -> f64 {
        let least = match self.loss {
            Loss::SquaredError => 1e-10 * self.gradient_bounds[0] * self.gradient_bounds[0] / self.weight,
            _ => 0.0,
        };
        if gap == 0.0 { 0.0 } else { gap / (objective + least) }
    }

    /// The rows' margins along a direction of the parameters.
    pub(super) fn margins(&self, block: &DesignBlock, direction: &[f64]) -> Margins {
        vectorized(MarginKernel { block, direction, n_outputs: self.n_outputs })
    }

    pub(crate) fn is_classification(&self) -> bool {
        self.loss != Loss::SquaredError
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Blocks, Dataset, Roles};
    use crate::numeric::elementary::ln_1p;
    use crate::numeric::tree_sum::Merge;
    use crate::table::Table;
    use crate::train::prepare::TrainingRows;

    /// A regression, a binary and a multinomial classification, weighted and with balanced classes.
    fn objectives() -> Vec<(Objective, DesignBlock)> {
        objectives_of(0..30)
    }

    /// These objectives on some of the rows.
    fn objectives_of(part: std::ops::Range<usize>) -> Vec<(Objective, DesignBlock)> {
        let row = |i: usize| {
            let (a, b, w) = (i * 7 % 11, (i * 5 + 2) % 13, 1 + i % 3);
            format!("{a},{b},{w},{},{},{}\n", i * i % 7, i * 5 % 7 % 2, ["u", "v", "w"][i * 5 % 7 % 3])
        };
        let rows: String = (0..30).map(row).collect();
        let table = Table::parse(format!("a,b,w,number,binary,class\n{rows}").as_bytes()).unwrap();
        let targets = ["number", "binary", "class"];
        let objective = |(target, n_classes): (&str, usize)| {
            let drop = targets.iter().filter(|name| **name != target).map(|name| (*name).to_owned()).collect();
            let roles = Roles { target: target.to_owned(), drop, weights: Some("w".into()), ..Roles::default() };
            let dataset = Dataset::new(&table, &roles).unwrap();
            let moments = dataset.moments().unwrap();
            let class_weight = if n_classes > 0 { ClassWeight::Balanced } else { ClassWeight::Equal };
            let options = Options { class_weight, ..Options::default() };
            let rows = TrainingRows::of_dataset(&dataset).unwrap();
            let preprocessor = Preprocessor::fit(&rows, &options.preprocess, true).unwrap();
            let objective = Objective::new(moments, &preprocessor, 0.7, &options);
            let mut block = dataset.rows().block(0).unwrap();
            let n_features = block.features.len() / 30;
            block.features = block.features[part.start * n_features..part.end * n_features].to_vec().into();
            block.targets = block.targets[part.clone()].to_vec().into();
            block.weights = block.weights[part.clone()].to_vec().into();
            let block =
                DesignBlock::new(block, &preprocessor, true, objective.class_weights(), objective.target_shift());
            (objective, block)
        };
        targets.into_iter().zip([0, 2, 3]).map(objective).collect()
    }

    fn evaluate(objective: &Objective, block: &DesignBlock, at: &[f64], order: Order) -> Derivatives {
        objective.finish(objective.evaluate_block(block, at, order), at, order)
    }

    fn somewhere(objective: &Objective) -> Vec<f64> {
        (0..objective.width * objective.n_outputs).map(|i| (i as f64 * 1.3).sin()).collect()
    }

    fn moved(at: &[f64], parameter: usize, by: f64) -> Vec<f64> {
        at.iter().enumerate().map(|(index, value)| if index == parameter { value + by } else { *value }).collect()
    }

    #[test]
    fn gradients_and_hessians_agree_with_finite_differences() {
        for (objective, block) in objectives() {
            let width = objective.width;
            let at = somewhere(&objective);
            let Derivatives { gradient, hessian, .. } = evaluate(&objective, &block, &at, Order::Hessian);
            for (parameter, derivative) in gradient.iter().enumerate() {
                let step = 1e-5;
                let [up, down] =
                    [step, -step].map(|by| evaluate(&objective, &block, &moved(&at, parameter, by), Order::Gradient));
                let difference = (up.loss - down.loss) / (2.0 * step);
                assert!((difference - derivative).abs() < 1e-6, "{:?}, {parameter}", objective.loss);
                let squares = Order::Hessian.squares(objective.n_outputs).zip(hessian.chunks_exact(width * width));
                for ((first, second), square) in squares.filter(|((first, _), _)| *first == parameter / width) {
                    for column in 0..width {
                        let other = second * width + column;
                        let difference = (up.gradient[other] - down.gradient[other]) / (2.0 * step);
                        let row = parameter % width;
                        let found = square[row.max(column) * width + row.min(column)];
                        assert!((difference - found).abs() < 1e-6, "{:?}, ({first}, {second})", objective.loss);
                    }
                }
            }
            let blocks = evaluate(&objective, &block, &at, Order::BlockHessian).hessian;
            let diagonal = Order::Hessian.squares(objective.n_outputs).zip(hessian.chunks_exact(width * width));
            let diagonal = diagonal.filter(|((first, second), _)| first == second).map(|(_, square)| square);
            for (block, square) in blocks.chunks_exact(width * width).zip(diagonal) {
                let lower =
                    |square: &[f64]| (0..width).flat_map(|row| square[row * width..][..=row].to_vec()).collect();
                let (block, square): (Vec<f64>, Vec<f64>) = (lower(block), lower(square));
                block.iter().zip(square).for_each(|(a, b)| assert!((a - b).abs() < 1e-12));
            }
        }
    }

    #[test]
    fn the_diagonal_is_that_of_the_intercept_only_model_and_crowded_columns_share_few_rows() {
        for (objective, block) in objectives() {
            let (width, start) = (objective.width, objective.start());
            let hessian = evaluate(&objective, &block, &start, Order::BlockHessian).hessian;
            let outputs = hessian.chunks_exact(width * width);
            let exact = outputs.flat_map(|square| (0..width).map(|column| square[column * (width + 1)]));
            // With 30 rows the rank is not limited; with one row a single direction has the whole trace. Balanced
            // classes do not weigh as the standardization of the columns does.
            let near = |a: f64, b: f64| (a - b).abs() < 0.05 * b;
            let estimates = objective.diagonal(30).into_iter().zip(objective.diagonal(1));
            for (parameter, (exact, (roomy, crowded))) in exact.zip(estimates).enumerate() {
                let (column, penalty) = (parameter % width, objective.penalties[parameter % width]);
                let crowd = if column == width - 1 { 1.0 } else { (width - 1) as f64 };
                assert!(near(roomy, exact), "{:?}, {parameter}: {roomy} {exact}", objective.loss);
                assert!(near(crowded - penalty, crowd * (roomy - penalty)), "{:?}, {parameter}", objective.loss);
            }
        }
    }

    #[test]
    fn shared_second_derivatives_are_those_of_every_row() {
        for (objective, block) in objectives() {
            let start = objective.start();
            let shared = evaluate(&objective, &block, &start, Order::Hessian);
            // A coefficient that is not 0 and changes no score.
            let apart = evaluate(&objective, &block, &moved(&start, 0, 1e-200), Order::Hessian);
            for (a, b) in shared.hessian.iter().zip(&apart.hessian) {
                assert!((a - b).abs() < 1e-9 * b.abs().max(1.0) || objective.loss == Loss::SquaredError, "{a} {b}");
            }
        }
    }

    #[test]
    fn the_certificate_is_one_at_most_for_the_intercept_only_model() {
        for (objective, block) in objectives() {
            let derivatives = evaluate(&objective, &block, &objective.start(), Order::Gradient);
            let certificate = objective.certify(&derivatives, 1e-8);
            assert!(certificate.relative_gradient <= 1.0 && !certificate.converged(), "{certificate:?}");
            // Its intercept is optimal.
            let intercept = objective.width - 1;
            assert!(derivatives.gradient[intercept].abs() < 1e-12, "{:?}", derivatives.gradient);
        }
    }

    #[test]
    fn a_gradient_that_is_not_a_number_is_not_converged() {
        for (objective, block) in objectives() {
            let mut derivatives = evaluate(&objective, &block, &objective.start(), Order::Gradient);
            for parameter in 0..derivatives.gradient.len() {
                let before = std::mem::replace(&mut derivatives.gradient[parameter], f64::NAN);
                assert!(!objective.certify(&derivatives, 10.0).converged(), "{parameter}");
                derivatives.gradient[parameter] = before;
            }
            assert!(objective.certify(&derivatives, 10.0).converged());
        }
    }

    #[test]
    fn parts_of_the_rows_add_up() {
        let parts = objectives_of(0..11).into_iter().zip(objectives_of(11..30));
        for ((objective, block), ((_, first), (_, second))) in objectives().into_iter().zip(parts) {
            let at = somewhere(&objective);
            let whole = objective.evaluate_block(&block, &at, Order::Hessian);
            let mut sum = objective.evaluate_block(&first, &at, Order::Hessian);
            sum.merge(objective.evaluate_block(&second, &at, Order::Hessian)).unwrap();
            assert!((sum.loss - whole.loss).abs() < 1e-12 * whole.loss);
            sum.gradient.iter().zip(&whole.gradient).for_each(|(a, b)| assert!((a - b).abs() < 1e-12));
        }
    }

    /// Losses and derivatives to 60 digits: see tests/golden/README.md. A parsed decimal is the nearest number to it.
    #[test]
    fn losses_and_derivatives_have_all_their_digits() {
        let golden: serde_json::Value =
            serde_json::from_str(include_str!("../../../../tests/golden/losses.json")).unwrap();
        let number =
            |value: &serde_json::Value| value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap());
        // Exponentials below exp(-708) are computed as exp(-708).
        let close =
            |found: f64, expected: f64| (found - expected).abs() <= 4.0 * f64::EPSILON * expected.abs() + 1e-307;
        let mut n_checked = 0;
        for (loss, kind, slopes) in [(Loss::Logistic, "binary", "slope"), (Loss::Multinomial, "multinomial", "slopes")]
        {
            for case in golden[kind].as_array().unwrap() {
                let list = |name: &str| match &case[name] {
                    serde_json::Value::Array(items) => items.iter().map(number).collect::<Vec<f64>>(),
                    single => vec![number(single)],
                };
                let mut scores = list(if kind == "binary" { "score" } else { "scores" });
                let (losses, odds) = (&mut [0.0], &mut [0.0]);
                let targets = [number(&case["class"])];
                let (scores, second_derivatives, order) = (&mut scores, &mut [], Order::Gradient);
                loss.evaluate(RowLosses { order, targets: &targets, scores, losses, odds, second_derivatives });
                let found = losses[0] + ln_1p(odds[0]);
                assert!(close(found, number(&case["loss"])), "{case}: loss {found:e}");
                for (found, expected) in scores.iter().zip(list(slopes)) {
                    assert!(close(*found, expected), "{case}: derivative {found:e}");
                }
                n_checked += 1;
            }
        }
        assert!(n_checked > 100, "{n_checked}");
    }
}
