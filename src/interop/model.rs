//! What every reader makes of its file, and the model that it becomes.

use super::labels::{NumberedLabels, check_name, sorted};
use super::options::ImportOptions;
use super::tool::LIGHTGBM;
use crate::error::{Error, ErrorKind, Result, count};
use crate::model::{
    Calibration, Estimator, Graph, GraphNode, Import, Link, ModelParts, Node, Operation, Origin, Precision, Rule, Tree,
    Trees,
};
use crate::note::{Note, codes};
use crate::preprocess::{FeatureTransform, Missing, PreparedColumn, Preprocessor, Scaling, Source};
use crate::table::{Domain, FeatureSchema, NumberDomain, Schema, TargetSchema};

/// Thresholds beyond tell missing values from others.
const LARGEST: f64 = 3.4e38;

/// Where forms begin with numbers of which nothing is known.
pub(super) const UNKNOWN_RANGE: [f64; 3] = [-1.0, 0.0, 1.0];

/// What is predicted if no name is given.
const TARGET: &str = "target";

/// A model as another tool fitted it, in the terms of this one.
pub(super) struct Foreign {
    pub(super) source: &'static str,
    pub(super) version: Option<String>,
    pub(super) objective: Option<String>,
    pub(super) features: Vec<ForeignFeature>,
    /// How many classes are predicted; `None` for a number.
    pub(super) n_classes: Option<usize>,
    /// Their names, if the file has them.
    pub(super) classes: Option<NumberedLabels>,
    pub(super) link: Link,
    /// Of two classes what a score is multiplied by before its link.
    pub(super) slope: Option<f64>,
    pub(super) estimator: ForeignEstimator,
    pub(super) notes: Vec<Note>,
}

/// What makes scores of the inputs.
pub(super) enum ForeignEstimator {
    Trees(ForeignTrees),
    Graph(Graph),
}

/// Trees that are added up.
pub(super) struct ForeignTrees {
    pub(super) precision: Precision,
    /// Whether scores are means over the trees. Each tree then has a number for the one score.
    pub(super) is_mean: bool,
    /// What each score begins with.
    pub(super) base: Vec<f64>,
    /// Of tree t score t mod K is a part.
    pub(super) trees: Vec<Tree>,
}

/// An input of it.
pub(super) struct ForeignFeature {
    /// Its name, if the file says one.
    pub(super) name: Option<String>,
    pub(super) values: ForeignValues,
}

/// What values an input has.
pub(super) enum ForeignValues {
    Number {
        zero_is_missing: bool,
        /// Whether the tool predicts without one.
        accepts_missing: bool,
        /// Numbers that tell in which range it is, where these are not the thresholds of trees.
        hints: Vec<f64>,
    },
    Category {
        labels: NumberedLabels,
        /// Whether the tool predicts for one that it does not know.
        accepts_unseen: bool,
        /// Whether it predicts without one.
        accepts_missing: bool,
    },
}

impl Foreign {
    /// The parts of a model. `import` says what is known of the file.
    pub(super) fn into_parts(mut self, options: &ImportOptions, import: Import) -> Result<ModelParts> {
        let names = self.names(options)?;
        names.iter().try_for_each(|name| check_name(name))?;
        let (target, order) = self.target(options)?;
        if names.iter().any(|name| name == target.name()) {
            let message = "a feature has the target's name; give the target another: --target NAME";
            return Err(Error::new(ErrorKind::InvalidOption, message).in_column(target.name()));
        }
        let estimator = self.estimator.with_classes_in_order(&order, self.link)?;
        let thresholds = match &estimator {
            ForeignEstimator::Trees(ForeignTrees { trees, .. }) => thresholds(trees, names.len()),
            ForeignEstimator::Graph(graph) => thresholds(trees_over_row(graph), names.len()),
        };
        let (mut features, mut transforms, mut given) = (Vec::new(), Vec::new(), Vec::new());
        for ((feature, name), thresholds) in self.features.into_iter().zip(names).zip(&thresholds) {
            let (mut missing, mut accepts_unseen) = (Missing::Pass, false);
            let (source, domain) = match feature.values {
                ForeignValues::Number { zero_is_missing, accepts_missing, hints } => {
                    let source = if zero_is_missing { Source::NonZero } else { Source::Value };
                    if !accepts_missing {
                        missing = Missing::Refuse;
                    }
                    let hints = sorted(&mut hints.into_iter());
                    (source, domain_of_splits(if hints.is_empty() { thresholds } else { &hints }))
                }
                ForeignValues::Category { labels, accepts_unseen: accepts, accepts_missing } => {
                    accepts_unseen = accepts;
                    if !accepts_missing {
                        missing = Missing::Refuse;
                    }
                    let NumberedLabels { labels: categories, is_yes_no, are_given, .. } = labels;
                    if are_given {
                        given.push(features.len());
                    }
                    let counts = vec![0; categories.len()];
                    (Source::Value, Domain::Category { categories, counts, is_yes_no })
                }
            };
            let (unit, description, written) = (None, None, None);
            features.push(FeatureSchema { name, unit, description, written, missing: 0, domain });
            let column = PreparedColumn { source, scaling: Scaling::NONE, mean: 0.0, std_dev: 0.0 };
            transforms.push(FeatureTransform { missing, accepts_unseen, columns: vec![column] });
        }
        let preprocessor = Preprocessor::new(transforms);
        let n_columns = preprocessor.n_columns();
        let estimator = match estimator {
            ForeignEstimator::Trees(trees) => Estimator::Trees(trees.over(n_columns)),
            ForeignEstimator::Graph(graph) => Estimator::Graph(graph),
        };
        let (dropped, missing) = (Vec::new(), options.missing.clone());
        let schema = Schema { features, target, dropped, missing };
        let (mut schema, name) = (schema, options.name.clone());
        options.describe(&mut schema, &given)?;
        let origin = Origin::Imported(Import {
            source: self.source.to_owned(),
            source_version: self.version,
            objective: self.objective,
            notes: self.notes,
            ..import
        });
        let mut parts = ModelParts::new(name, schema, preprocessor, estimator, self.link, &origin);
        parts.calibration = self.slope.map(|slope| Calibration::Platt { slope, intercept: 0.0 });
        Ok(parts)
    }

    /// The names that were given, those of the file, or numbers.
    fn names(&mut self, options: &ImportOptions) -> Result<Vec<String>> {
        let n = self.features.len();
        if !options.features.is_empty() && options.features.len() != n {
            let message =
                format!("expected the names of {}, found {}", count(n as u64, "feature"), options.features.len());
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        // Names that tools make up: f0, 0, Column_0.
        let is_made_up = |(at, feature): (usize, &ForeignFeature)| {
            feature
                .name
                .as_ref()
                .is_none_or(|name| [format!("f{at}"), at.to_string(), format!("Column_{at}")].contains(name))
        };
        // LightGBM writes _ for a blank.
        let is_same = |(feature, given): (&ForeignFeature, &String)| {
            feature.name.as_deref() == Some(given.replace(' ', "_").as_str()) && self.source == LIGHTGBM
        };
        let are_same = self.features.iter().zip(&options.features).all(is_same);
        if !options.features.is_empty() && !are_same && !self.features.iter().enumerate().all(is_made_up) {
            let message = "the file names its features itself; leave --names out";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        if !options.features.is_empty() {
            return Ok(options.features.clone());
        }
        if self.features.iter().any(|feature| feature.name.is_none()) {
            self.notes.push(Note::new(codes::UNNAMED_FEATURES, []));
        }
        Ok(options.names(self.features.iter().map(|feature| feature.name.as_deref())))
    }

    /// The target, and for each of the tool's classes its position.
    fn target(&mut self, options: &ImportOptions) -> Result<(TargetSchema, Vec<usize>)> {
        let name = options.target.clone().unwrap_or_else(|| TARGET.to_owned());
        let given = options.classes.len();
        let Some(n_classes) = self.n_classes else {
            return match given {
                0 => Ok((TargetSchema::Number { name, range: None }, vec![0])),
                _ => Err(Error::new(ErrorKind::InvalidOption, "the model predicts a number, which has no classes")),
            };
        };
        let classes = match (given, self.classes.take()) {
            (0, Some(classes)) => classes,
            (_, Some(_)) => {
                let message = "the file names its classes itself; leave --classes out";
                return Err(Error::new(ErrorKind::InvalidOption, message));
            }
            (0, None) => {
                self.notes.push(Note::new(codes::NUMBERED_CLASSES, []));
                NumberedLabels::numbers(n_classes)?
            }
            (_, None) if given != n_classes => {
                let message = format!("expected {n_classes} names of classes, found {given}");
                return Err(Error::new(ErrorKind::InvalidOption, message));
            }
            (_, None) => NumberedLabels::texts(&options.classes).map_err(|error| {
                let message = format!("expected a name for each class, each once: {}", error.message());
                Error::new(ErrorKind::InvalidOption, message)
            })?,
        };
        let positions: Vec<usize> = (0..n_classes).filter_map(|class| classes.position(class)).collect();
        let positive = positions.get(1).copied().filter(|_| n_classes == 2);
        let counts = vec![0; n_classes];
        Ok((TargetSchema::Classes { name, classes: classes.labels, counts, positive }, positions))
    }
}

impl ForeignEstimator {
    /// Scores in the order of the sorted classes, of which `positions` has that of each. The one score of two classes is that of
    /// the second, and changes with it.
    fn with_classes_in_order(self, positions: &[usize], link: Link) -> Result<Self> {
        if positions.is_sorted() {
            return Ok(self);
        }
        let mut order = vec![0; positions.len()];
        positions.iter().enumerate().for_each(|(class, position)| order[*position] = class);
        match self {
            Self::Trees(trees) => trees.with_classes_in_order(&order).map(Self::Trees),
            Self::Graph(mut graph) => {
                let last = graph.nodes().len();
                let operation = match (link.n_scores(), link) {
                    (1, Link::Shares { .. }) => Operation::Dense { weights: vec![-1.0], bias: vec![1.0] },
                    (1, _) => Operation::Dense { weights: vec![-1.0], bias: vec![0.0] },
                    _ => Operation::Pick(order),
                };
                let precision = graph.precision();
                graph.push(GraphNode { operation, inputs: vec![last], precision })?;
                Ok(Self::Graph(graph))
            }
        }
    }
}

impl ForeignTrees {
    /// The same over rows of so many columns.
    pub(super) fn over(self, n_columns: usize) -> Trees {
        match self.is_mean {
            true => Trees::mean(self.base.len(), self.trees, n_columns),
            false => Trees::sum(self.precision, self.base, self.trees, n_columns),
        }
    }

    /// The same. Sums keep their bits.
    fn with_classes_in_order(self, order: &[usize]) -> Result<Self> {
        let n_scores = self.base.len();
        if n_scores == 1 {
            let base = self.base.iter().map(|base| -base).collect();
            return Ok(Self { base, trees: self.trees.iter().map(negated).collect::<Result<_>>()?, ..self });
        }
        let base = order.iter().map(|class| self.base[*class]).collect();
        let rounds = self.trees.chunks(n_scores);
        let trees = rounds.flat_map(|round| order.iter().map(|class| round[*class].clone())).collect();
        Ok(Self { base, trees, ..self })
    }
}

/// The tree with the sign of each value changed.
fn negated(tree: &Tree) -> Result<Tree> {
    let node = |node: &Node| match node {
        Node::Leaf { values, weight } => {
            Node::Leaf { values: values.iter().map(|value| -value).collect(), weight: *weight }
        }
        split => split.clone(),
    };
    Tree::new(tree.nodes().iter().map(node).collect())
}

/// The trees of a graph that look at the row as it is.
fn trees_over_row(graph: &Graph) -> Vec<&Tree> {
    let trees = graph.nodes().iter().filter(|node| node.inputs == [0]).filter_map(|node| match &node.operation {
        Operation::Trees(trees) => Some(trees),
        Operation::LinearTrees(of) => Some(of.trees()),
        _ => None,
    });
    trees.flat_map(Trees::trees).collect()
}

/// The thresholds of each column, sorted.
fn thresholds<'t>(trees: impl IntoIterator<Item = &'t Tree>, n_columns: usize) -> Vec<Vec<f64>> {
    let mut thresholds: Vec<Vec<f64>> = vec![Vec::new(); n_columns];
    for node in trees.into_iter().flat_map(Tree::nodes) {
        if let Node::Split { column, rule: Rule::AtMost(threshold), .. } = node
            // Where all numbers go left, the split asks whether there is one.
            && threshold.abs() < LARGEST
            && let Some(of_column) = thresholds.get_mut(*column)
        {
            of_column.push(*threshold);
        }
    }
    thresholds.into_iter().map(|of_column| sorted(&mut of_column.into_iter())).collect()
}

/// A number with six digits: what a form begins with need not be a threshold itself.
fn in_few_digits(number: f64) -> f64 {
    let (mut up, mut down) = (1.0, 1.0);
    while number.abs() * up < 1e5 && up < 1e22 {
        up *= 10.0;
    }
    while number.abs() / down >= 1e6 && down < 1e22 {
        down *= 10.0;
    }
    let rounded = (number * up / down).round() / up * down;
    if rounded.is_finite() { rounded } else { number }
}

/// The numbers between which a model can tell values apart. A column that no tree looks at has none.
fn domain_of_splits(thresholds: &[f64]) -> Domain {
    /// Below this a threshold stands for 0, beside which LightGBM splits.
    const DUST: f64 = 1e-30;
    let at = |at: usize| thresholds.get(at).copied().filter(|threshold| threshold.abs() >= DUST).unwrap_or(0.0);
    let last = thresholds.len().saturating_sub(1);
    // Of two in the middle the number between them, which needs fewer digits.
    let middle = at(last / 2) / 2.0 + at(last.div_ceil(2)) / 2.0;
    Domain::Number(NumberDomain {
        minimum: at(0),
        median: in_few_digits(middle).max(at(0)).min(at(last)),
        maximum: at(last),
        step: None,
        spread: None,
        are_from_splits: true,
    })
}
