//! A fit by gradient boosting, tree by tree.

use super::bins::BinnedColumn;
use super::fixed_point::FixedPoint;
use super::grow::{Grown, Shape, grow};
use super::loss::{Loss, Rows};
use super::split::Judge;
use super::{Options, prepare};
use crate::dataset::{Dataset, map_blocks, weight_of_each};
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::limits;
use crate::model::{BoostingRecord, ClassWeight, Estimator, FitRecord, Tree, Trees};
use crate::numeric::softmax;
use crate::preprocess::{self, Preprocessor, Source};
use crate::table::{Domain, Schema};
use crate::train::fit::{Fit, TrainingSummary};
use crate::train::prepare::TrainingRows;
use crate::train::progress::Progress;

/// A running fit: rows as bins, the scores so far, and the trees.
#[derive(Debug)]
pub(crate) struct BoostingFit {
    options: Options,
    summary: TrainingSummary,
    preprocessor: Preprocessor,
    columns: Vec<BinnedColumn>,
    rows: Rows,
    loss: Loss,
    /// The sample weights in fixed point, and their unit.
    weights: Vec<i64>,
    weight_unit: FixedPoint,
    base: Vec<f64>,
    /// The scores of each row, one after the other.
    scores: Vec<f64>,
    /// What the trees of this round are fitted to: the scores, or the probabilities of more than two classes.
    outputs: Vec<f64>,
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
        let preprocessor = prepare::preprocessor(&training, &options)?;
        let n_rows = dataset.n_rows();
        let weights = weight_of_each(dataset.weights(), n_rows)?.into_owned();
        limits::check_product("bins of a fit", n_rows, preprocessor.n_columns(), limits::BINS)?;
        let sources: Vec<(usize, Source)> =
            preprocessor.columns().map(|(feature, column)| (feature, column.source)).collect();
        let columns = map_blocks(sources.len(), |at| {
            let (feature, source) = sources[at];
            let values: Vec<f64> =
                dataset.features().column(feature).iter().map(|value| source.of(*value, *value)).collect();
            Ok(match (&dataset.schema().features[feature].domain, source) {
                (Domain::Category { categories, .. }, Source::Value) => {
                    BinnedColumn::of_categories(&values, &weights, categories.len())
                }
                _ => BinnedColumn::of_numbers(&values, &weights),
            })
        })?;
        let loss = Loss::of(training.moments.class_weights.len());
        limits::check_product("scores of a fit (rows times classes)", n_rows, loss.n_scores(), limits::CELLS)?;
        let n_rounds = usize::try_from(options.rounds).unwrap_or(usize::MAX);
        limits::check_product("trees (rounds times classes)", n_rounds, loss.n_scores(), limits::TREES)?;
        let targets: Vec<f64> = (0..n_rows).map(|row| dataset.target().value(row)).collect();
        let largest = weights.iter().copied().fold(0.0, f64::max);
        let weight_unit = FixedPoint::new(weights.len(), largest);
        let fixed: Vec<i64> = weights.iter().map(|weight| weight_unit.of(*weight)).collect();
        let class_weights = class_weights(&options, training.moments.class_weights.len(), &targets, &fixed);
        let rows = Rows { targets, weights, class_weights };
        let weights = fixed;
        let base = loss.base(&rows);
        let scores = base.repeat(rows.targets.len());
        let summary = TrainingSummary::of_dataset(dataset).weighted(training.moments);
        let (outputs, trees, n_nodes, progress) = (Vec::new(), Vec::new(), 0, Progress::start());
        Ok(Self {
            options,
            summary,
            preprocessor,
            columns,
            rows,
            loss,
            weights,
            weight_unit,
            base,
            scores,
            outputs,
            trees,
            n_nodes,
            progress,
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
        if score == 0 {
            self.outputs = self.scores.clone();
            if n_scores > 1 {
                self.outputs.chunks_exact_mut(n_scores).for_each(softmax);
            }
        }
        let (gradients, units) = self.loss.gradients(score, &self.rows, &self.outputs, &self.weights)?;
        let judge =
            Judge { l2: self.options.l2, units, least_weight: self.weight_unit.of(self.options.min_rows).max(1) };
        let shape = Shape {
            leaves: self.options.leaves as usize,
            depth: self.options.depth.unwrap_or(limits::DEPTH as u64) as usize,
            learning_rate: self.options.learning_rate,
            weight_unit: self.weight_unit,
        };
        let mut order: Vec<u32> = (0..self.rows.targets.len() as u32).collect();
        let Grown { tree, leaves } = grow(&self.columns, &mut order, &gradients, &judge, &shape)?;
        for (range, value) in leaves {
            order[range].iter().for_each(|row| self.scores[*row as usize * n_scores + score] += value);
        }
        self.n_nodes += tree.nodes().len();
        limits::check("nodes of trees (take fewer rounds or leaves)", self.n_nodes, limits::NODES)?;
        self.trees.push(tree);
        self.come_to((self.trees.len() / n_scores) as u64, score + 1 == n_scores);
        Ok(())
    }

    fn come_to(&mut self, round: u64, is_whole: bool) {
        let all = self.options.rounds * self.loss.n_scores() as u64;
        self.progress.fraction = self.trees.len() as f64 / all as f64;
        self.progress.done = self.trees.len() as u64 >= all;
        if is_whole {
            self.progress.round = round;
            self.progress.objective = self.loss.mean(&self.rows, &self.scores);
        }
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

/// Per class what its rows count beside their weights; empty for numbers.
fn class_weights(options: &Options, n_classes: usize, targets: &[f64], weights: &[i64]) -> Vec<f64> {
    if options.class_weight != ClassWeight::Balanced {
        return vec![1.0; n_classes];
    }
    let mut sums = vec![0_i64; n_classes];
    if n_classes > 0 {
        targets.iter().zip(weights).for_each(|(class, weight)| sums[*class as usize] += weight);
    }
    let total: i64 = sums.iter().sum();
    sums.iter().map(|sum| total as f64 / (n_classes as f64 * *sum as f64)).collect()
}
