//! How to fit, as flags.

use crate::choices::one_of;
use clap::Args;
use std::path::PathBuf;
use tepal::error::{Error, ErrorKind, Result};
use tepal::model::{ClassWeight, Interactions, RegressionLoss};
use tepal::preprocess;
use tepal::train::{LearnerChoice, LearnerName, Options, Solver, TreesChoice};

#[derive(Args)]
#[command(next_help_heading = "How to fit")]
pub(crate) struct FitArguments {
    /// What is fitted: weighted sums of the columns (linear), decision trees one after the other (boosting), the mean of many
    /// trees (forest; extra-trees splits anywhere), one tree that a person can read (tree), or whichever of linear and boosting
    /// predicts the rows of folds better (auto)
    #[arg(long, default_value = "linear", value_parser = one_of(LearnerName::NAMES))]
    learner: LearnerName,
    /// What the boosting of a number reduces, and so what it predicts: means (squared-error; poisson for counts, gamma for numbers
    /// above 0), medians (absolute-error), or a quantile [default: squared-error]
    #[arg(long, value_parser = one_of(RegressionLoss::NAMES))]
    loss: Option<RegressionLoss>,
    /// The level of the loss quantile, above 0 and below 1: such a part of the rows is to lie at or below its prediction
    #[arg(long, value_name = "LEVEL", allow_negative_numbers = true)]
    quantile: Option<f64>,
    /// The rounds of boosting, each of which adds a tree per score [default: 100]
    #[arg(long)]
    rounds: Option<u64>,
    /// What the leaves of each new tree of boosting are multiplied by [default: 0.1]
    #[arg(long, allow_negative_numbers = true)]
    learning_rate: Option<f64>,
    /// The trees of a forest [default: 100]
    #[arg(long)]
    trees: Option<u64>,
    /// The most leaves of a tree [default: 31 for boosting, 4096 for a forest, 16 for a tree]
    #[arg(long)]
    leaves: Option<u64>,
    /// The most splits on the way to a leaf of a tree; by default any number
    #[arg(long)]
    depth: Option<u64>,
    /// The fewest rows in a leaf of a tree, by their weights [default: 20, and 1 for a forest]
    #[arg(long, allow_negative_numbers = true)]
    min_rows: Option<f64>,
    /// Which part of the rows each round of boosting or each tree sees, by chance; a forest puts drawn rows back [default: 1]
    #[arg(long, value_name = "FRACTION", allow_negative_numbers = true)]
    subsample: Option<f64>,
    /// Which part of the columns each tree of boosting, or each node of a forest, sees by chance [default: 1, and for a forest the
    /// square root of their number, or a third of them to predict a number]
    #[arg(long, value_name = "FRACTION", allow_negative_numbers = true)]
    max_features: Option<f64>,
    /// Take splits back that reduce the mean squared error or the Gini impurity by less for each leaf (ccp_alpha) [default: 0]
    #[arg(long, value_name = "COST", allow_negative_numbers = true)]
    pruning: Option<f64>,
    /// Stop boosting early: hold training rows out, and end after so many rounds in a row that do not predict them better
    #[arg(long, value_name = "ROUNDS")]
    patience: Option<u64>,
    /// Which part of the rows is held out for that [default: 0.1]
    #[arg(long, value_name = "FRACTION", allow_negative_numbers = true)]
    validation: Option<f64>,
    /// Numbers and dates with which the prediction of boosting may only grow (a monotone constraint), separated by commas; of
    /// two classes the probability of the one that is looked for
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    increasing: Vec<String>,
    /// Those with which it may only fall
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    decreasing: Vec<String>,
    /// Columns that may stand together on a way to a leaf of boosting, separated by commas, once for each such group; the columns
    /// of no group are one too. none keeps each column alone: the score is then a sum of functions of one column each
    #[arg(long, value_name = "COLUMNS")]
    interactions: Vec<String>,
    /// The strength of the penalty, 1/C of scikit-learn; by default 1 for classification and for boosting, else 0
    #[arg(long, allow_negative_numbers = true)]
    l2: Option<f64>,
    /// Let all classes count the same, however many rows they have
    #[arg(long)]
    balanced: bool,
    /// Fit without an intercept: with --scale standard or none a row of zeros has the score 0
    #[arg(long)]
    pub(crate) no_intercept: bool,
    /// Who fits; auto takes newton or lbfgs, whichever is likely to be done first
    #[arg(long, default_value = "auto", value_parser = one_of(Solver::NAMES))]
    solver: Solver,
    /// A model of the same columns and classes to begin at
    #[arg(long, value_name = "MODEL")]
    pub(crate) start: Option<PathBuf>,
    /// The most rounds of the solver
    #[arg(long)]
    max_iterations: Option<u64>,
    /// Read the table again in every round instead of keeping it in memory; always so above 512 MB of CSV, and above some
    /// 64 MB of JSON lines and Parquet where no rows are held out
    #[arg(long)]
    pub(crate) stream: bool,
    /// How many threads to use; by default one per core. The result is the same
    #[arg(long)]
    pub(crate) threads: Option<usize>,
    /// Write a model that is short of its optimum instead of refusing it
    #[arg(long)]
    accept_unconverged: bool,
}

impl FitArguments {
    /// What is fitted to columns that are prepared so. The seed is that of the whole training.
    pub(crate) fn choice(self, preprocess: preprocess::Options, seed: u64) -> Result<LearnerChoice> {
        let (fit, defaults) = (self, Options::default());
        Ok(LearnerChoice {
            learner: fit.learner,
            linear: Options {
                l2: fit.l2,
                preprocess,
                intercept: !fit.no_intercept,
                class_weight: if fit.balanced { ClassWeight::Balanced } else { ClassWeight::Equal },
                solver: fit.solver,
                max_iterations: fit.max_iterations.unwrap_or(defaults.max_iterations),
                accept_unconverged: fit.accept_unconverged,
                ..defaults
            },
            trees: TreesChoice {
                loss: fit.loss,
                quantile: fit.quantile,
                rounds: fit.rounds,
                learning_rate: fit.learning_rate,
                trees: fit.trees,
                leaves: fit.leaves,
                depth: fit.depth,
                min_rows: fit.min_rows,
                subsample: fit.subsample,
                max_features: fit.max_features,
                pruning: fit.pruning,
                patience: fit.patience,
                validation: fit.validation,
                increasing: fit.increasing,
                decreasing: fit.decreasing,
                interactions: interactions(&fit.interactions)?,
            },
            seed,
        })
    }
}

fn interactions(given: &[String]) -> Result<Interactions> {
    Ok(match given {
        [] => Interactions::All,
        [none] if none == "none" => Interactions::None,
        more if more.iter().any(|names| names == "none") => {
            let message = "--interactions none keeps each column alone, and stands alone; leave the other groups out";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        groups => Interactions::Groups(
            groups.iter().map(|names| names.split(',').map(|name| name.trim().to_owned()).collect()).collect(),
        ),
    })
}
