//! A fit of a forest, some trees at a time.

use super::Options;
use super::bag::{self, Draw};
use super::grow::{Grown, grow};
use super::out_of_bag::{OutOfBagSums, Targets};
use super::prune::prune;
use super::purity::{Classes, Item, Number, Purity};
use super::search::{Shape, Split, has};
use crate::dataset::{Dataset, map_blocks};
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::limits;
use crate::model::{FitRecord, ForestKind, ForestRecord, Link, Node, Tree, Trees};
use crate::numeric::order::sort_pairs;
use crate::table::Schema;
use crate::train::fit::Fit;
use crate::train::progress::Progress;
use crate::train::trees::fixed_point::{FixedPoint, SUM_BITS, middle};
use crate::train::trees::grow::by_levels;
use crate::train::trees::prepare::{self, Preparation, PreparedRows};

/// A running fit: rows as bins, and the trees so far.
#[derive(Debug)]
pub(crate) struct ForestFit {
    options: Options,
    rows: PreparedRows,
    units: Units,
    /// What a row adds that is drawn once.
    items: Vec<Item>,
    shape: Shape,
    trees: Vec<Tree>,
    n_nodes: usize,
    out_of_bag: OutOfBagSums,
    progress: Progress,
    losses: Vec<f64>,
}

/// The most that the heaviest row may weigh beside the lightest. Of 100,000 rows, sums then keep six digits of the lightest.
const MOST_RATIO: f64 = (1 << 24) as f64;

/// The units of sums.
#[derive(Debug, Clone, Copy)]
struct Units {
    target: FixedPoint,
    weight: FixedPoint,
    /// What is taken from a number.
    center: f64,
    /// So much of each class is added to the rows of a leaf.
    prior: f64,
}

/// A tree, with what it says of rows that it did not see.
struct GrownTree {
    tree: Tree,
    /// The rows, and for each where the values of its leaf begin.
    unseen: Vec<(u32, u32)>,
    values: Vec<f64>,
}

impl ForestFit {
    /// Checks the options and the rows, and finds the bins.
    ///
    /// # Errors
    /// Those of [`crate::train::Trainer::new`].
    pub(crate) fn new(dataset: &Dataset, options: Options) -> Result<Self> {
        options.check()?;
        let &Options { unseen, missing_always, date_parts, class_weight, .. } = &options;
        let rows = PreparedRows::new(dataset, class_weight, Preparation { unseen, missing_always, date_parts })?;
        let (n_rows, n_scores) = (rows.targets.len(), rows.n_scores());
        limits::check_product("scores of a fit (rows times classes)", n_rows, n_scores, limits::CELLS)?;
        let units = Units::new(&rows, options.kind)?;
        let items = (0..n_rows).map(|row| units.item(&rows, row)).collect();
        let shape = Shape {
            leaves: usize::try_from(options.leaves).ok().filter(|leaves| *leaves < n_rows),
            depth: options.depth.unwrap_or(limits::DEPTH as u64) as usize,
            least_weight: (units.weight.units(options.min_rows).ceil() as i64).max(1),
            n_columns: options.n_columns(rows.matrix.columns().len(), rows.n_classes == 0),
            is_random: options.kind == ForestKind::ExtraTrees,
        };
        Ok(Self {
            options,
            units,
            items,
            shape,
            trees: Vec::new(),
            n_nodes: 0,
            out_of_bag: OutOfBagSums::new(n_rows, n_scores),
            progress: Progress::start(),
            losses: Vec::new(),
            rows,
        })
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.rows.summary.schema
    }

    pub(crate) fn progress(&self) -> Progress {
        self.progress
    }

    /// Grows the next trees, one for each thread. Does nothing after the last.
    ///
    /// # Errors
    /// [`ErrorKind::LimitExceeded`] for more nodes than a model may have.
    pub(crate) fn step(&mut self) -> Result<()> {
        if self.progress.done {
            return Ok(());
        }
        let first = self.trees.len() as u64;
        let n_trees = n_at_a_time().min((self.options.trees - first) as usize);
        let grown = map_blocks(n_trees, |at| self.tree(first + at as u64))?;
        let width = self.rows.n_scores();
        for GrownTree { tree, unseen, values } in grown {
            for (row, begin) in unseen {
                self.out_of_bag.add(row as usize, &values[begin as usize..][..width]);
            }
            self.n_nodes += tree.nodes().len();
            let what = "nodes of trees (take fewer trees or leaves, or more rows in a leaf)";
            limits::check(what, self.n_nodes, limits::NODES)?;
            let what = "values of leaves, nodes times classes (take fewer trees or leaves, or predict a number)";
            limits::check_product(what, self.n_nodes, width, limits::PARAMETERS)?;
            self.trees.push(tree);
            self.losses.push(self.out_of_bag.loss(self.targets()));
        }
        self.progress.round = self.trees.len() as u64;
        self.progress.fraction = self.progress.round as f64 / self.options.trees as f64;
        self.progress.done = self.progress.round == self.options.trees;
        self.progress.objective = self.losses.last().copied().unwrap_or(f64::INFINITY);
        Ok(())
    }

    /// How rows are drawn for a tree.
    fn draw(&self) -> Draw {
        if self.options.kind == ForestKind::Forest { Draw::Bootstrap } else { Draw::Once }
    }

    /// Whether every tree sees all rows.
    fn sees_all(&self) -> bool {
        self.draw() == Draw::Once && self.options.subsample >= 1.0
    }

    fn targets(&self) -> Targets<'_> {
        Targets { targets: &self.rows.targets, weights: &self.rows.sample_weights, n_classes: self.rows.n_classes }
    }

    /// Grows a tree.
    fn tree(&self, number: u64) -> Result<GrownTree> {
        let Options { subsample, seed, pruning, .. } = self.options;
        let matrix = &self.rows.matrix;
        let mut counts = bag::counts(self.draw(), self.items.len(), subsample, seed, number);
        let is_seen = |(item, count): (&Item, &u32)| item.weight > 0 && *count > 0;
        if !self.items.iter().zip(&counts).any(is_seen) {
            // A tree that would see no row sees all.
            counts.fill(1);
        }
        let (mut rows, mut items) = (Vec::new(), Vec::new());
        for ((row, item), count) in (0..).zip(&self.items).zip(&counts) {
            let times = |units: i64| units * i64::from(*count);
            if times(item.weight) > 0 {
                rows.push(row);
                // Of more than two classes the target says which.
                let target = if self.rows.n_classes > 2 { item.target } else { times(item.target) };
                items.push(Item { target, weight: times(item.weight) });
            }
        }
        let (targets, root) = (&self.rows.targets, bag::root(seed, number));
        let mut grown = match self.rows.n_classes {
            0..=2 => grow(matrix, targets, Number, self.shape, rows, items, root),
            n_classes => grow(matrix, targets, Classes(n_classes), self.shape, rows, items, root),
        };
        let sums = |grown: &Grown, node: usize| grown.sums[node * grown.width..][..grown.width].to_vec();
        let weight = |sums: &[i64]| if self.rows.n_classes > 2 { sums.iter().sum() } else { sums[1] };
        if pruning > 0.0 {
            let explained = |sums: &[i64]| match self.rows.n_classes {
                0..=2 => Number.explained(sums),
                n_classes => Classes(n_classes).explained(sums),
            };
            let all = weight(&sums(&grown, 0));
            let of_node: Vec<f64> = (0..grown.made.len()).map(|node| explained(&sums(&grown, node))).collect();
            prune(&mut grown, self.units.cost(pruning, all, self.rows.n_classes), |node| of_node[node]);
        }
        let width = self.rows.n_scores();
        let shape = (width, self.rows.n_classes);
        let mut values = Vec::with_capacity(grown.made.len() * width);
        for node in 0..grown.made.len() {
            self.units.write_values(weight(&sums(&grown, node)), &sums(&grown, node), shape, &mut values);
        }
        let split = |split: &Split| {
            let missing = matrix.columns()[split.column].n_bins() as u8;
            let left: Vec<u8> = (0..missing).filter(|bin| has(&split.left, *bin)).collect();
            matrix.split(split.column, &left, has(&split.left, missing))
        };
        let leaf = |node: usize| Node::Leaf {
            values: values[node * width..][..width].to_vec(),
            weight: self.units.weight.number(weight(&sums(&grown, node)) as f64),
        };
        let tree = by_levels(&grown.made, split, leaf)?;
        let value_at = |node: usize| (node * width) as u32;
        let unseen = match self.sees_all() {
            true => {
                let rows = |node: usize| grown.rows[grown.ranges[node].clone()].iter();
                let leaves = grown.leaves().into_iter();
                leaves.flat_map(|node| rows(node).map(move |row| (*row, value_at(node)))).collect()
            }
            false => {
                let rows = (0..).zip(&counts).filter(|(_, count)| **count == 0);
                rows.map(|(row, _)| (row, value_at(self.leaf_of(&grown, row)))).collect()
            }
        };
        Ok(GrownTree { tree, unseen, values })
    }

    /// The leaf that a row comes to.
    fn leaf_of(&self, grown: &Grown, row: u32) -> usize {
        let mut node = 0;
        while let Some((Split { column, left }, child)) = &grown.made[node] {
            node = child + usize::from(!has(left, self.rows.matrix.bin(row, *column)));
        }
        node
    }

    /// The model of the trees so far.
    ///
    /// # Errors
    /// [`ErrorKind::TooFewRows`] where no tree has a split; those of [`ForestFit::step`], of the first tree.
    pub(crate) fn finish(mut self) -> Result<Fit> {
        while self.trees.is_empty() {
            self.step()?;
        }
        if self.trees.iter().all(|tree| tree.depth() == 0) {
            let message = format!(
                "no split that leaves a weight of {} or more on both sides is worth it, so every prediction would be the same; give \
                 more rows, allow fewer in a leaf, or take a smaller pruning or a larger subsample",
                Decimal(self.options.min_rows)
            );
            return Err(Error::new(ErrorKind::TooFewRows, message));
        }
        let out_of_bag = if self.sees_all() { None } else { self.out_of_bag.figures(self.targets()) };
        let (n_scores, options) = (self.rows.n_scores(), self.options);
        let record = ForestRecord {
            kind: options.kind,
            trees: self.trees.len() as u64,
            leaves: options.leaves,
            depth: options.depth,
            min_rows: options.min_rows,
            max_features: options.max_features,
            subsample: options.subsample,
            pruning: options.pruning,
            class_weight: options.class_weight,
            seed: options.seed,
            losses: self.losses,
            out_of_bag,
        };
        let PreparedRows { summary, preprocessor, preparation, .. } = self.rows;
        let trees = Trees::mean(n_scores, self.trees, preprocessor.n_columns());
        let link = Link::of_shares(&summary.schema.target);
        Ok(prepare::fitted(summary, preprocessor, preparation, (trees, link), FitRecord::Forest(record)))
    }
}

impl Units {
    fn new(rows: &PreparedRows, kind: ForestKind) -> Result<Self> {
        let n = rows.targets.len();
        let heaviest = rows.weights.iter().copied().fold(0.0, f64::max);
        let lightest = rows.weights.iter().copied().filter(|weight| *weight > 0.0).fold(f64::INFINITY, f64::min);
        if heaviest / lightest > MOST_RATIO {
            let message = format!(
                "a weight of {} beside one of {}: sums of weights that differ by more than 2^24 lose the lightest; leave such rows \
                 out, or take weights that differ less",
                Decimal(heaviest),
                Decimal(lightest)
            );
            let error = Error::new(ErrorKind::InvalidWeight, message);
            return Err(rows.summary.weights.iter().fold(error, |error, name| error.in_column(name)));
        }
        let are_whole = rows.weights.iter().all(|weight| weight.fract() == 0.0);
        let weight = match are_whole && heaviest * (n as f64) < f64::from(1 << 30) {
            true => FixedPoint::whole(),
            false => FixedPoint::new(n, heaviest, SUM_BITS),
        };
        if rows.n_classes > 0 {
            // Laplace's rule of succession: one tree has no others that doubt what few rows say. Whole weights are counts of rows.
            let row = if are_whole { 1.0 } else { median(&rows.weights) };
            let prior = if kind == ForestKind::Tree { row } else { 0.0 };
            return Ok(Self { target: weight, weight, center: 0.0, prior });
        }
        let center = middle(&rows.targets);
        let largest = rows.targets.iter().map(|target| (target - center).abs()).fold(0.0, f64::max);
        let steepest = largest * heaviest;
        if !(largest * largest * heaviest * n as f64 * 4.0).is_finite() {
            return Err(prepare::too_large());
        }
        Ok(Self { target: FixedPoint::new(n, steepest, SUM_BITS), weight, center, prior: 0.0 })
    }

    fn item(&self, rows: &PreparedRows, row: usize) -> Item {
        let (target, weight) = (rows.targets[row], rows.weights[row]);
        let units = self.weight.of(weight);
        let target = match rows.n_classes {
            0 => self.target.of(weight * (target - self.center)),
            2 if target == 1.0 => units,
            2 => 0,
            _ => target as i64,
        };
        Item { target, weight: units }
    }

    /// What pruning costs in units, for rows of this weight. Of two classes the Gini impurity is that of both.
    fn cost(&self, pruning: f64, all: i64, n_classes: usize) -> f64 {
        let cost = pruning * self.weight.number(all as f64);
        match n_classes {
            0 => self.target.units(self.target.units(cost)) / self.weight.units(1.0),
            2 => self.weight.units(cost) / 2.0,
            _ => self.weight.units(cost),
        }
    }

    /// Writes the values of a node: the mean of a number, the share of the second of two classes, or those of all.
    fn write_values(&self, weight: i64, sums: &[i64], (width, n_classes): (usize, usize), out: &mut Vec<f64>) {
        let weight = self.weight.number(weight as f64);
        let share =
            |sum: i64, n: usize| (self.weight.number(sum as f64) + self.prior) / (weight + n as f64 * self.prior);
        match (width, n_classes) {
            (1, 0) => out.push(self.target.number(sums[0] as f64) / weight + self.center),
            (1, n) => out.push(share(sums[0], n)),
            (n, _) => out.extend(sums.iter().map(|sum| share(*sum, n))),
        }
    }
}

/// The middle one of the weights above 0.
fn median(weights: &[f64]) -> f64 {
    let mut sorted: Vec<(f64, f64)> =
        weights.iter().filter(|weight| **weight > 0.0).map(|weight| (*weight, 0.0)).collect();
    sort_pairs(&mut sorted);
    sorted.get(sorted.len() / 2).map_or(1.0, |(weight, _)| *weight)
}

/// How many trees are grown side by side. What they become does not depend on it.
fn n_at_a_time() -> usize {
    #[cfg(target_arch = "wasm32")]
    return 1;
    #[cfg(not(target_arch = "wasm32"))]
    rayon::current_num_threads()
}
