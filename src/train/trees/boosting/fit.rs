//! A fit by gradient boosting, tree by tree.

use super::Options;
use super::loss::{Loss, Outputs, Rows, sum};
use crate::dataset::{Dataset, weight_of_each};
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::limits;
use crate::model::{BoostingRecord, ClassWeight, Estimator, FitRecord, Tree, Trees};
use crate::preprocess::{self, Preprocessor};
use crate::table::Schema;
use crate::train::fit::{Fit, TrainingSummary};
use crate::train::prepare::TrainingRows;
use crate::train::progress::Progress;
use crate::train::trees::fixed_point::{FixedPoint, SUM_BITS};
use crate::train::trees::grow::{Leaf, Shape, grow};
use crate::train::trees::matrix::BinMatrix;
use crate::train::trees::prepare::{self, Preparation};
use crate::train::trees::split::Judge;
use crate::train::trees::sums::{Units, WeightUnit};

/// The least second derivative of a leaf, in mean weights of a row: below it rounding decides.
const LEAST_HESSIAN: f64 = 1e-3;

/// A running fit: rows as bins, the scores so far, and the trees.
#[derive(Debug)]
pub(crate) struct BoostingFit {
    options: Options,
    summary: TrainingSummary,
    preprocessor: Preprocessor,
    matrix: BinMatrix,
    rows: Rows,
    loss: Loss,
    weight_unit: WeightUnit,
    /// The unit of the weights of leaves.
    fine_weight: FixedPoint,
    mean_weight: f64,
    base: Vec<f64>,
    /// The scores of each row, one after the other.
    scores: Vec<f64>,
    /// What the trees of this round are fitted to.
    outputs: Outputs,
    trees: Vec<Tree>,
    n_nodes: usize,
    progress: Progress,
}

impl BoostingFit {
    /// Checks the options and the rows, and finds the bins.
    ///
    /// # Errors
    /// Those of [`crate::train::Trainer::new`].
    pub(crate) fn new(dataset: &Dataset, options: Options) -> Result<Self> {
        let training = TrainingRows::of_dataset(dataset)?;
        options.check()?;
        training.check_target()?;
        let Options { unseen, missing_always, date_parts, .. } = options;
        let preprocessor = prepare::preprocessor(&training, Preparation { unseen, missing_always, date_parts })?;
        let n_rows = dataset.n_rows();
        let sample_weights = weight_of_each(dataset.weights(), n_rows)?.into_owned();
        let matrix = BinMatrix::new(dataset, &preprocessor, &sample_weights)?;
        let loss = Loss::of(training.moments.class_weights.len());
        limits::check_product("scores of a fit (rows times classes)", n_rows, loss.n_scores(), limits::CELLS)?;
        let n_rounds = usize::try_from(options.rounds).unwrap_or(usize::MAX);
        limits::check_product("trees (rounds times classes)", n_rounds, loss.n_scores(), limits::TREES)?;
        let targets: Vec<f64> = (0..n_rows).map(|row| dataset.target().value(row)).collect();
        let weights = match options.class_weight {
            ClassWeight::Balanced => balanced(training.moments.class_weights.len(), &targets, &sample_weights),
            _ => sample_weights.clone(),
        };
        let weight_unit = WeightUnit::new(&sample_weights);
        let heaviest = sample_weights.iter().copied().fold(0.0, f64::max);
        let fine_weight = FixedPoint::new(n_rows, heaviest, SUM_BITS);
        let rows = Rows { targets, weights, sample_weights };
        let mean_weight = sum(n_rows, |row| rows.weights[row]) / n_rows as f64;
        let base = loss.base(&rows);
        let scores = base.repeat(n_rows);
        let outputs = loss.outputs(&rows, &scores)?;
        let summary = TrainingSummary::of_dataset(dataset).weighted(training.moments);
        Ok(Self {
            options,
            summary,
            preprocessor,
            matrix,
            rows,
            loss,
            weight_unit,
            fine_weight,
            mean_weight,
            base,
            scores,
            outputs,
            trees: Vec::new(),
            n_nodes: 0,
            progress: Progress::start(),
        })
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.summary.schema
    }

    pub(crate) fn progress(&self) -> Progress {
        self.progress
    }

    /// Grows the next tree. Does nothing after the last.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::NotFinite`] for a target whose errors overflow.
    pub(crate) fn step(&mut self) -> Result<()> {
        if self.progress.done {
            return Ok(());
        }
        let n_scores = self.loss.n_scores();
        let score = self.trees.len() % n_scores;
        let units = self.loss.units(&self.rows, &self.outputs.values, self.weight_unit)?;
        let sums = self.loss.sums(score, &self.rows, &self.outputs.values, &units)?;
        let least_hessian = LEAST_HESSIAN * self.mean_weight;
        let judge = Judge::new(units, self.options.l2, least_hessian, self.weight_unit.of(self.options.min_rows), &[]);
        let shape = Shape {
            leaves: self.options.leaves as usize,
            depth: self.options.depth.unwrap_or(limits::DEPTH as u64) as usize,
        };
        let columns: Vec<usize> = (0..self.matrix.columns().len()).collect();
        let mut order: Vec<u32> = (0..self.rows.targets.len() as u32).collect();
        let grown = grow(&self.matrix, &columns, &mut order, &sums, &judge, shape)?;
        let values: Vec<(f64, f64)> =
            grown.leaves.iter().map(|leaf| self.value(score, leaf, &order, &units, &judge)).collect();
        for (leaf, (value, _)) in grown.leaves.iter().zip(&values) {
            order[leaf.rows.clone()].iter().for_each(|row| self.scores[*row as usize * n_scores + score] += value);
        }
        let tree = grown.into_tree(&self.matrix, &values)?;
        self.n_nodes += tree.nodes().len();
        limits::check("nodes of trees (take fewer rounds or leaves)", self.n_nodes, limits::NODES)?;
        self.trees.push(tree);
        self.come_to((self.trees.len() / n_scores) as u64, score + 1 == n_scores)
    }

    /// The value of a leaf, and the weight of its rows. Its sums have more digits than those of histograms.
    fn value(&self, score: usize, leaf: &Leaf, order: &[u32], units: &Units, judge: &Judge<'_>) -> (f64, f64) {
        let (mut gradients, mut hessians, mut weights) = (0, 0, 0);
        for row in order[leaf.rows.clone()].iter().map(|row| *row as usize) {
            let (gradient, hessian) = self.loss.derivatives(score, &self.rows, &self.outputs.values, row);
            gradients += units.gradient.of(gradient);
            hessians += units.fine_hessian.of(hessian);
            weights += self.fine_weight.of(self.rows.sample_weights[row]);
        }
        let hessians = units.hessian.units(units.fine_hessian.number(hessians as f64));
        let value = judge.value(gradients as f64, hessians, leaf.bounds);
        let value = units.gradient.number(units.hessian.units(value));
        (self.options.learning_rate * value, self.fine_weight.number(weights as f64))
    }

    fn come_to(&mut self, round: u64, is_whole: bool) -> Result<()> {
        let all = self.options.rounds * self.loss.n_scores() as u64;
        self.progress.fraction = self.trees.len() as f64 / all as f64;
        self.progress.done = self.trees.len() as u64 >= all;
        if is_whole {
            self.outputs = self.loss.outputs(&self.rows, &self.scores)?;
            let n_rows = self.rows.targets.len();
            self.progress.round = round;
            self.progress.objective = sum(n_rows, |row| self.rows.weights[row] * self.outputs.losses[row])
                / (self.mean_weight * n_rows as f64);
        }
        Ok(())
    }

    /// The model so far: a round that is not whole is left out.
    ///
    /// # Errors
    /// [`ErrorKind::TooFewRows`] where no tree has a split; those of [`BoostingFit::step`], of the first round.
    pub(crate) fn finish(mut self) -> Result<Fit> {
        while self.progress.round == 0 {
            self.step()?;
        }
        let Self { options, summary, preprocessor, base, mut trees, progress, loss, .. } = self;
        trees.truncate(progress.round as usize * loss.n_scores());
        if trees.iter().all(|tree| tree.depth() == 0) {
            let message = format!(
                "no split leaves {} rows by weight on both sides, so every prediction would be the same; give more rows, or allow \
                 fewer in a leaf",
                Decimal(options.min_rows)
            );
            return Err(Error::new(ErrorKind::TooFewRows, message));
        }
        let record = BoostingRecord {
            rounds: progress.round,
            learning_rate: options.learning_rate,
            leaves: options.leaves,
            depth: options.depth,
            min_rows: options.min_rows,
            l2: options.l2,
            class_weight: options.class_weight,
            loss: progress.objective,
        };
        let preprocess = preprocess::Options {
            impute: preprocess::Impute::Refuse,
            impute_category: preprocess::ImputeCategory::Refuse,
            encode: preprocess::Encoding::Ordinal,
            scale: preprocess::Scale::None,
            impute_always: options.missing_always,
            unseen: options.unseen,
            date_parts: options.date_parts,
            ..preprocess::Options::default()
        };
        Ok(Fit {
            schema: summary.schema,
            preprocessor,
            preprocess,
            estimator: Estimator::Trees(Trees::new(base, trees)),
            record: FitRecord::Boosting(record),
            weights: summary.weights,
            weighted_target: summary.weighted_target,
            warnings: summary.notes,
            n_rows: summary.n_rows as u64,
            table_digest: summary.table_digest,
        })
    }
}

/// Sample weights times those that make all classes count the same.
fn balanced(n_classes: usize, targets: &[f64], weights: &[f64]) -> Vec<f64> {
    let of_class =
        |class: usize| sum(targets.len(), |row| if targets[row] as usize == class { weights[row] } else { 0.0 });
    let sums: Vec<f64> = (0..n_classes).map(of_class).collect();
    let total: f64 = sums.iter().sum();
    let factor = |class: usize| total / (n_classes as f64 * sums[class]);
    targets.iter().zip(weights).map(|(class, weight)| weight * factor(*class as usize)).collect()
}
