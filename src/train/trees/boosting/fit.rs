//! A fit by gradient boosting, tree by tree.

use super::Options;
use super::directions::directions;
use super::interactions::together;
use super::loss::{Loss, ROWS_AT_A_TIME};
use super::rows::Rows;
use super::sample;
use crate::dataset::{Dataset, map_blocks, write_blocks};
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::limits;
use crate::model::{BoostingRecord, FitRecord, Node, Precision, Tree, Trees};
use crate::preprocess::Preprocessor;
use crate::table::Schema;
use crate::train::fit::{Fit, TrainingSummary};
use crate::train::progress::Progress;
use crate::train::trees::fixed_point::{FixedPoint, SUM_BITS, sum};
use crate::train::trees::grow::{Leaf, Shape, grow};
use crate::train::trees::matrix::BinMatrix;
use crate::train::trees::prepare::{self, Preparation, PreparedRows};
use crate::train::trees::split::{Direction, Judge};
use crate::train::trees::sums::{Sums, Units, WeightUnit};
use crate::train::trees::together::Together;

/// The least second derivative of a leaf, in usual weights of a row: below it rounding decides.
const LEAST_HESSIAN: f64 = 1e-3;

/// A running fit: rows as bins, the scores so far, and the trees.
#[derive(Debug)]
pub(crate) struct BoostingFit {
    options: Options,
    summary: TrainingSummary,
    preprocessor: Preprocessor,
    preparation: Preparation,
    matrix: BinMatrix,
    rows: Rows,
    loss: Loss,
    weight_unit: WeightUnit,
    /// The unit of the weights of leaves.
    fine_weight: FixedPoint,
    /// The mean weight of a row, of which no more counts than is enough for a leaf.
    usual_weight: f64,
    /// Per column how the score may go with it; empty where it may go anyhow.
    directions: Vec<Direction>,
    together: Together,
    base: Vec<f64>,
    /// The scores of each row, one after the other.
    scores: Vec<f64>,
    /// What the trees of this round are fitted to: see [`Loss::write_outputs`].
    outputs: Vec<f64>,
    /// What each row adds to the sums of a tree.
    sums: Vec<Sums>,
    trees: Vec<Tree>,
    n_nodes: usize,
    progress: Progress,
    /// Per round the mean losses of the rows that were fitted to, and of those held out.
    losses: Vec<f64>,
    held_out_losses: Vec<f64>,
}

impl BoostingFit {
    /// Checks the options and the rows, and finds the bins.
    ///
    /// # Errors
    /// Those of [`crate::train::Trainer::new`].
    pub(crate) fn new(dataset: &Dataset, options: Options) -> Result<Self> {
        options.check()?;
        let &Options { unseen, missing_always, date_parts, class_weight, .. } = &options;
        let preparation = Preparation { unseen, missing_always, date_parts };
        let prepared = PreparedRows::new(dataset, class_weight, preparation)?;
        let n_scores = prepared.n_scores();
        let PreparedRows { summary, preprocessor, matrix, targets, sample_weights, weights, n_classes, .. } = prepared;
        let n_rows = targets.len();
        limits::check_product("scores of a fit (rows times classes)", n_rows, n_scores, limits::CELLS)?;
        let n_rounds = usize::try_from(options.rounds).unwrap_or(usize::MAX);
        limits::check_product("trees (rounds times classes)", n_rounds, n_scores, limits::TREES)?;
        let (held_out, weights, sample_weights) = match options.patience {
            None => (Vec::new(), weights, sample_weights),
            Some(_) => {
                let class_of = |row: usize| if n_classes > 0 { targets[row] as usize } else { 0 };
                let is_held_out = sample::held_out(n_rows, options.validation, options.seed, class_of);
                if !is_held_out.contains(&true) {
                    let message =
                        "no row would be held out; give a larger validation or more rows, or leave the patience out";
                    return Err(Error::new(ErrorKind::TooFewRows, message));
                }
                let part = |weights: &[f64], of: bool| -> Vec<f64> {
                    weights.iter().zip(&is_held_out).map(|(w, is)| if *is == of { *w } else { 0.0 }).collect()
                };
                (part(&weights, true), part(&weights, false), part(&sample_weights, false))
            }
        };
        let directions = directions(&options, &summary.schema, &preprocessor, &matrix)?;
        let together = together(&options.interactions, &summary.schema, &preprocessor, &matrix)?;
        let weight_unit = WeightUnit::new(&sample_weights, options.min_rows);
        let heaviest = sample_weights.iter().copied().fold(0.0, f64::max);
        let fine_weight = FixedPoint::new(n_rows, heaviest, SUM_BITS);
        let rows = Rows { targets, weights, sample_weights, held_out };
        let loss = Loss::new(options.loss, options.quantile, &summary.schema.target, &rows)?;
        let usual_weight = sum(n_rows, &|row| rows.weights[row].min(options.min_rows)) / n_rows as f64;
        let base = loss.base(&rows);
        let scores = base.repeat(n_rows);
        let mut outputs = vec![0.0; n_rows * (n_scores + 1)];
        loss.write_outputs(&rows, &scores, &mut outputs);
        Ok(Self {
            options,
            summary,
            preprocessor,
            preparation,
            matrix,
            rows,
            loss,
            weight_unit,
            fine_weight,
            usual_weight,
            directions,
            together,
            base,
            scores,
            outputs,
            sums: vec![Sums::default(); n_rows],
            trees: Vec::new(),
            n_nodes: 0,
            progress: Progress::start(),
            losses: Vec::new(),
            held_out_losses: Vec::new(),
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
        let units = self.loss.units(&self.rows, &self.outputs, self.weight_unit)?;
        let (round, seed) = ((self.trees.len() / n_scores) as u64, self.options.seed);
        let sees = |row: usize| sample::has_row(self.options.subsample, seed, round, row);
        self.loss.write_sums(score, &self.rows, &self.outputs, &units, sees, &mut self.sums);
        let least_hessian = LEAST_HESSIAN * self.usual_weight;
        let judge = Judge::new(
            units,
            self.options.l2,
            least_hessian,
            self.weight_unit.at_least(self.options.min_rows),
            &self.directions,
        );
        let shape = Shape {
            leaves: self.options.leaves as usize,
            depth: self.options.depth.unwrap_or(limits::DEPTH as u64) as usize,
        };
        let n_columns = self.matrix.columns().len();
        let columns = sample::columns(n_columns, self.options.max_features, seed, self.trees.len() as u64);
        let mut order: Vec<u32> = (0..self.rows.targets.len() as u32).collect();
        let grown = grow(&self.matrix, &columns, &mut order, &self.sums, &judge, &self.together, shape)?;
        let mut leaf_of = vec![0_u16; order.len()];
        for (position, leaf) in grown.leaves.iter().enumerate() {
            order[leaf.rows.clone()].iter().for_each(|row| leaf_of[*row as usize] = position as u16);
        }
        let mut values = self.values(score, &grown.leaves, &leaf_of, &units, &judge, sees)?;
        if let Loss::Number(loss) = self.loss
            && let Some(level) = loss.quantile()
        {
            self.renew(level, &grown.leaves, &order, &mut values, sees)?;
        }
        write_blocks(&mut self.scores, ROWS_AT_A_TIME * n_scores, |begin, scores| {
            let scores = scores.iter_mut().skip(score).step_by(n_scores);
            scores.zip(&leaf_of[begin / n_scores..]).for_each(|(s, leaf)| *s += values[usize::from(*leaf)].0);
        });
        let tree = grown.into_tree(&self.matrix, &values)?;
        self.n_nodes += tree.nodes().len();
        limits::check("nodes of trees (take fewer rounds or leaves)", self.n_nodes, limits::NODES)?;
        self.trees.push(tree);
        self.come_to((self.trees.len() / n_scores) as u64, score + 1 == n_scores);
        Ok(())
    }

    /// The value of each leaf, and the weight of its rows. Their sums have more digits than those of histograms.
    fn values(
        &self,
        score: usize,
        leaves: &[Leaf],
        leaf_of: &[u16],
        units: &Units,
        judge: &Judge<'_>,
        sees: impl Fn(usize) -> bool + Sync,
    ) -> Result<Vec<(f64, f64)>> {
        let blocks = map_blocks(leaf_of.len().div_ceil(ROWS_AT_A_TIME), |block| {
            let first = block * ROWS_AT_A_TIME;
            let mut sums = vec![[0_i64; 3]; leaves.len()];
            let leaf_of = &leaf_of[first..(first + ROWS_AT_A_TIME).min(leaf_of.len())];
            let mut derivatives = [[0.0; 2]; ROWS_AT_A_TIME];
            let out = &mut derivatives[..leaf_of.len()];
            self.loss.write_derivatives(score, &self.rows, &self.outputs, first, out);
            let rows = (first..).zip(leaf_of).zip(derivatives);
            for ((row, leaf), [gradient, hessian]) in rows.filter(|((row, _), _)| sees(*row)) {
                let sums = &mut sums[usize::from(*leaf)];
                sums[0] += units.gradient.of(gradient);
                sums[1] += units.fine_hessian.of(hessian);
                sums[2] += self.fine_weight.of(self.rows.sample_weights[row]);
            }
            Ok(sums)
        })?;
        let mut sums = vec![[0_i64; 3]; leaves.len()];
        for of_block in blocks {
            sums.iter_mut().zip(of_block).for_each(|(all, more)| (0..3).for_each(|of| all[of] += more[of]));
        }
        let value = |([gradient, hessian, weight], leaf): ([i64; 3], &Leaf)| {
            let hessian = units.hessian.units(units.fine_hessian.number(hessian as f64));
            let value = judge.value(gradient as f64, hessian, leaf.bounds);
            let value = units.gradient.number(units.hessian.units(value));
            let value = if let Loss::Number(loss) = self.loss { loss.limited(value) } else { value };
            // A tree that saw no row is one leaf, whose weight is compared with no other.
            let weight = if weight == 0 { self.usual_weight } else { self.fine_weight.number(weight as f64) };
            (self.options.learning_rate * value, weight)
        };
        Ok(sums.into_iter().zip(leaves).map(value).collect())
    }

    /// Makes the value of each leaf the quantile of what its rows lack: gradients say only on which side they lie. `order` has the
    /// rows leaf by leaf.
    fn renew(
        &self,
        level: f64,
        leaves: &[Leaf],
        order: &[u32],
        values: &mut [(f64, f64)],
        sees: impl Fn(usize) -> bool + Sync,
    ) -> Result<()> {
        let lacking = |row: usize| self.rows.targets[row] - self.scores[row];
        let found = map_blocks(leaves.len(), |leaf| {
            let rows = order[leaves[leaf].rows.clone()].iter().map(|row| *row as usize);
            Ok(self.rows.quantile(level, &lacking, rows.filter(|row| sees(*row))))
        })?;
        values.iter_mut().zip(found).for_each(|(value, found)| value.0 = self.options.learning_rate * found);
        Ok(())
    }

    fn come_to(&mut self, round: u64, is_whole: bool) {
        let all = self.options.rounds * self.loss.n_scores() as u64;
        self.progress.fraction = self.trees.len() as f64 / all as f64;
        self.progress.done = self.trees.len() as u64 >= all;
        if !is_whole {
            return;
        }
        self.loss.write_outputs(&self.rows, &self.scores, &mut self.outputs);
        self.progress.round = round;
        self.progress.objective = self.loss.mean(&self.outputs, &self.rows.weights);
        self.losses.push(self.progress.objective);
        if let Some(patience) = self.options.patience {
            let loss = self.loss.mean(&self.outputs, &self.rows.held_out);
            self.progress.held_out_loss = Some(loss);
            self.held_out_losses.push(loss);
            self.progress.done |= round - self.best_round() >= patience;
        }
    }

    /// The round whose model is kept: the last, or the first of those that predict rows held out best.
    fn best_round(&self) -> u64 {
        let best = (0..self.held_out_losses.len())
            .reduce(|best, at| if self.held_out_losses[at] < self.held_out_losses[best] { at } else { best });
        best.map_or(self.progress.round, |at| at as u64 + 1)
    }

    /// The model so far: a round that is not whole is left out.
    ///
    /// # Errors
    /// [`ErrorKind::TooFewRows`] where no tree has a split; those of [`BoostingFit::step`], of the first round.
    pub(crate) fn finish(mut self) -> Result<Fit> {
        while self.progress.round == 0 {
            self.step()?;
        }
        let rounds = self.best_round();
        let Self {
            options, summary, preprocessor, preparation, base, mut trees, loss, losses, held_out_losses, ..
        } = self;
        trees.truncate(rounds as usize * loss.n_scores());
        let has_one_value = |tree: &Tree| {
            let mut values = tree.nodes().iter().filter_map(|node| match node {
                Node::Leaf { values, .. } => values.first(),
                Node::Split { .. } => None,
            });
            let first = values.next();
            values.all(|value| Some(value) == first)
        };
        if trees.iter().all(has_one_value) && trees.iter().any(|tree| tree.depth() > 0) {
            let message = "every leaf has the quantile that all rows have, so every prediction would be the same; take another quantile or \
                           loss";
            return Err(Error::new(ErrorKind::TooFewRows, message));
        }
        if trees.iter().all(|tree| tree.depth() == 0) {
            let message = format!(
                "no split that leaves {} rows by weight on both sides gains anything, so every prediction would be the same; give \
                 more rows, allow fewer in a leaf, or take a smaller l2 or validation, or a larger subsample",
                Decimal(options.min_rows)
            );
            return Err(Error::new(ErrorKind::TooFewRows, message));
        }
        let record = BoostingRecord {
            loss: summary.schema.target.classes().is_none().then(|| options.loss.unwrap_or_default()),
            quantile: options.quantile,
            rounds,
            learning_rate: options.learning_rate,
            leaves: options.leaves,
            depth: options.depth,
            min_rows: options.min_rows,
            l2: options.l2,
            class_weight: options.class_weight,
            subsample: options.subsample,
            max_features: options.max_features,
            patience: options.patience,
            validation: options.validation,
            seed: options.seed,
            increasing: options.increasing,
            decreasing: options.decreasing,
            interactions: options.interactions,
            losses,
            held_out_losses,
        };
        let trees = Trees::sum(Precision::Double, base, trees, preprocessor.n_columns());
        let link = loss.link(&summary.schema.target);
        Ok(prepare::fitted(summary, preprocessor, preparation, (trees, link), FitRecord::Boosting(record)))
    }
}
