//! What a tool does with the scores of trees where no link does it.

use super::model::{ForeignEstimator, ForeignTrees};
use crate::error::Result;
use crate::model::{Arithmetic, Function, Graph, GraphNode, LinearLeaf, LinearTrees, Operation, Precision};

/// What is done with scores.
pub(super) enum Step {
    /// Each with the number of its own, or all with the only one.
    With(Arithmetic, Vec<f64>),
    /// The square, with the sign of the score.
    Square,
    /// ln(1 + e^score)
    Softplus,
    /// Of two scores, whose softmax has the probabilities, the log-odds of the second class: the second less the first.
    LogOdds,
    /// The same of scores that are log-odds of their class against the rest: the probabilities are the logistic functions, divided
    /// by their sum.
    LogOddsOfRest,
}

/// Trees over rows of so many columns, and the steps that follow. `leaves` has the weighted sums of their leaves, if they have
/// such: tree after tree, in the order of the nodes.
pub(super) fn estimator(
    trees: ForeignTrees,
    leaves: Vec<LinearLeaf>,
    steps: &[Step],
    n_columns: usize,
) -> Result<ForeignEstimator> {
    if leaves.is_empty() && steps.is_empty() {
        return Ok(ForeignEstimator::Trees(trees));
    }
    let precision = trees.precision;
    let trees = trees.over(n_columns);
    let operation = match leaves.is_empty() {
        true => Operation::Trees(trees),
        false => Operation::LinearTrees(LinearTrees::new(trees, leaves)),
    };
    let mut graph = Graph::over(n_columns)?;
    graph.push(GraphNode { operation, inputs: vec![0], precision })?;
    then(graph, steps, precision).map(ForeignEstimator::Graph)
}

/// The steps behind a graph, whose numbers are kept in this precision.
pub(super) fn then(graph: Graph, steps: &[Step], precision: Precision) -> Result<Graph> {
    let scores = graph.nodes().len();
    let mut chain = Chain { graph, precision };
    steps.iter().try_fold(scores, |scores, step| chain.add(step, scores))?;
    Ok(chain.graph)
}

/// A graph that grows at its end.
struct Chain {
    graph: Graph,
    /// In which precision numbers are kept.
    precision: Precision,
}

impl Chain {
    fn push(&mut self, operation: Operation, inputs: &[usize]) -> Result<usize> {
        self.graph.push(GraphNode { operation, inputs: inputs.to_vec(), precision: self.precision })
    }

    /// Does it with the scores of a vector. The vector that has what it makes is given back.
    fn add(&mut self, step: &Step, scores: usize) -> Result<usize> {
        match step {
            Step::With(arithmetic, numbers) => {
                let numbers = self.push(Operation::Constant(numbers.clone()), &[])?;
                self.push(Operation::Arithmetic(*arithmetic), &[scores, numbers])
            }
            Step::Square => {
                let size = self.push(Operation::Function(Function::Absolute), &[scores])?;
                self.push(Operation::Arithmetic(Arithmetic::Multiply), &[scores, size])
            }
            Step::Softplus => {
                let power = self.push(Operation::Function(Function::Exp), &[scores])?;
                self.push(Operation::Function(Function::LogOnePlus), &[power])
            }
            Step::LogOdds => self.sum(scores, [-1.0, 1.0]),
            Step::LogOddsOfRest => {
                // The logarithm of a logistic function is -ln(1 + e^-x).
                let minus = self.push(Operation::Constant(vec![-1.0]), &[])?;
                let turned = self.push(Operation::Arithmetic(Arithmetic::Multiply), &[scores, minus])?;
                let logarithms = self.add(&Step::Softplus, turned)?;
                self.sum(logarithms, [1.0, -1.0])
            }
        }
    }

    /// A weighted sum of two numbers.
    fn sum(&mut self, two: usize, weights: [f64; 2]) -> Result<usize> {
        self.push(Operation::Dense { weights: weights.to_vec(), bias: vec![0.0] }, &[two])
    }
}
