//! Graphs of operations on short vectors: neural networks, kernel machines, and estimators that others are made of.
//!
//! A node makes a vector of vectors before it. Vector 0 is the prepared row, vector k is what node k makes, counted from 1. The
//! last one has the scores.

mod arithmetic;
mod function;
mod kernel;
mod linear_trees;
mod lookup;
mod operation;
mod reduction;

pub use arithmetic::Arithmetic;
pub use function::Function;
pub use kernel::{Kernel, KernelVectors};
pub use linear_trees::{LinearLeaf, LinearTrees};
pub use lookup::{Curve, Lookup};
pub use operation::Operation;
pub use reduction::Reduction;

use super::build::HAS_GRAPHS;
use super::link::Link;
use super::precision::Precision;
use crate::error::Result;
use crate::limits;
use crate::model::invalid::invalid;

/// One operation of a graph.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphNode {
    /// What it does.
    pub operation: Operation,
    /// The vectors that it takes, each made before.
    pub inputs: Vec<usize>,
    /// In which precision its numbers are kept. They are computed in 64 bits, and rounded.
    pub precision: Precision,
}

/// Operations in the order in which they are done.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    nodes: Vec<GraphNode>,
    /// In which precision scores become predictions.
    precision: Precision,
    /// Where each vector ends, all of them one behind the other.
    ends: Vec<usize>,
}

impl Graph {
    /// A graph without operations yet, over rows of so many prepared values.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::InvalidModel`] for rows without values.
    pub fn over(n_columns: usize) -> Result<Self> {
        match n_columns {
            0 => Err(invalid("a graph has no column")),
            _ => Ok(Self { nodes: Vec::new(), precision: Precision::Double, ends: vec![n_columns] }),
        }
    }

    /// The same, but that scores become predictions in 32 bits.
    pub fn in_single_precision(self) -> Self {
        Self { precision: Precision::Single, ..self }
    }

    /// In which precision scores become predictions.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Adds an operation behind the others. The number of its vector is given back.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::InvalidModel`] for inputs that are not before it, or do not fit; naming the node by its number.
    /// [`crate::error::ErrorKind::LimitExceeded`].
    pub fn push(&mut self, node: GraphNode) -> Result<usize> {
        let number = self.ends.len();
        limits::check("nodes of a graph", number, limits::GRAPH_NODES)?;
        let wrong = |what: String| invalid(format!("node {number} ({}): {what}", node.operation.kind()));
        if node.inputs.iter().any(|input| *input >= number) {
            return Err(wrong("it takes a vector that no node before it makes".into()));
        }
        let widths: Vec<usize> = node.inputs.iter().map(|input| self.width(*input)).collect();
        let end = self.ends[number - 1].saturating_add(node.operation.width(&widths).map_err(wrong)?);
        limits::check("numbers in the vectors of a graph", end, limits::PARAMETERS)?;
        self.ends.push(end);
        self.nodes.push(node);
        Ok(number)
    }

    /// The graph that makes a vector of this one, without the operations that it does not need.
    ///
    /// # Errors
    /// Those of [`Graph::push`].
    pub fn pruned(&self, vector: usize) -> Result<Self> {
        let mut is_needed = vec![false; self.ends.len()];
        is_needed[vector] = true;
        for (at, node) in self.nodes.iter().enumerate().rev() {
            if is_needed[at + 1] {
                node.inputs.iter().for_each(|input| is_needed[*input] = true);
            }
        }
        let mut pruned = Self { precision: self.precision, ..Self::over(self.ends[0])? };
        let mut number_of = vec![0; self.ends.len()];
        for (node, number) in self.nodes.iter().zip(1..) {
            if is_needed[number] {
                let inputs = node.inputs.iter().map(|input| number_of[*input]).collect();
                number_of[number] = pruned.push(GraphNode { inputs, ..node.clone() })?;
            }
        }
        Ok(pruned)
    }

    /// The operations in their order.
    pub fn nodes(&self) -> &[GraphNode] {
        &self.nodes
    }

    /// How many numbers a vector has, of those that there are.
    pub fn width(&self, vector: usize) -> usize {
        self.range(vector).len()
    }

    /// How many numbers the first input has; 0 of no input, and of a vector that is not there.
    pub(crate) fn first_width(&self, inputs: &[usize]) -> usize {
        inputs.first().filter(|input| **input < self.ends.len()).map_or(0, |input| self.width(*input))
    }

    fn range(&self, vector: usize) -> std::ops::Range<usize> {
        let start = vector.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..self.ends[vector]
    }

    /// How many vectors its kernels compare rows with. They were rows of a table.
    pub fn n_vectors(&self) -> usize {
        let vectors = self.nodes.iter().map(|node| match &node.operation {
            Operation::Kernel(vectors) => vectors.count().unwrap_or(0),
            _ => 0,
        });
        vectors.sum()
    }

    /// How many scores it makes.
    pub(super) fn n_scores(&self) -> usize {
        self.width(self.nodes.len())
    }

    pub(crate) fn scores(&self, prepared: &[f64], out: &mut Vec<f64>) {
        if !HAS_GRAPHS {
            return;
        }
        let last = self.nodes.len();
        let mut vectors = vec![0.0; self.ends[last]];
        vectors[..prepared.len()].copy_from_slice(prepared);
        for (node, number) in self.nodes.iter().zip(1..) {
            let range = self.range(number);
            let (before, rest) = vectors.split_at_mut(range.start);
            let made = &mut rest[..range.len()];
            let input = |at: usize| &before[self.range(node.inputs[at])];
            node.operation.write(&input, node.inputs.len(), made);
            if node.precision == Precision::Single {
                made.iter_mut().for_each(|number| *number = f64::from(*number as f32));
            }
        }
        out.clear();
        out.extend_from_slice(&vectors[self.range(last)]);
    }

    pub(super) fn cost(&self) -> usize {
        if !HAS_GRAPHS {
            return 0;
        }
        let costs = self.nodes.iter().zip(1..).map(|(node, number)| node.operation.cost(self.width(number)));
        costs.fold(0, usize::saturating_add)
    }

    /// The name of what it is, as far as its operations tell.
    pub(super) fn family(&self) -> &'static str {
        if !HAS_GRAPHS {
            return "";
        }
        let has = |is_it: fn(&Operation) -> bool| self.nodes.iter().any(|node| is_it(&node.operation));
        if has(|operation| matches!(operation, Operation::Kernel(_))) {
            "kernel machine"
        } else if has(|operation| matches!(operation, Operation::LinearTrees(_))) {
            "trees of linear leaves"
        } else if has(|operation| matches!(operation, Operation::Trees(_))) {
            "ensemble of estimators"
        } else if self.has_layers() {
            "neural network"
        } else if has(|operation| matches!(operation, Operation::DenseInSingle { .. })) {
            "linear booster"
        } else {
            "composite model"
        }
    }

    /// Whether there are weighted sums of what a function made of weighted sums, one behind the other.
    fn has_layers(&self) -> bool {
        // Of each vector: whether it is made of weighted sums, and whether of a function of these.
        let mut made = vec![(false, false); self.ends.len()];
        for (node, number) in self.nodes.iter().zip(1..) {
            let any = |is_it: fn((bool, bool)) -> bool| node.inputs.iter().any(|input| is_it(made[*input]));
            let (of_sums, of_functions) = (any(|made| made.0), any(|made| made.1));
            made[number] = match &node.operation {
                Operation::Dense { .. } if of_functions => return true,
                Operation::Dense { .. } => (true, false),
                Operation::Function(_) | Operation::Arithmetic(Arithmetic::Maximum) => (of_sums, of_sums),
                // What several estimators say is put together here.
                Operation::Join => (false, false),
                _ => (of_sums, of_functions),
            };
        }
        false
    }

    pub(super) fn check(&self, n_columns: usize, link: Link) -> Result<()> {
        let is_kept = |node: &GraphNode| node.precision == Precision::Single;
        let is_possible = match self.precision {
            Precision::Double => true,
            Precision::Single => self.nodes.last().is_some_and(is_kept) && !matches!(link, Link::OneVsRest { .. }),
        };
        match is_possible && n_columns == self.ends[0] && self.n_scores() == link.n_scores() {
            true => Ok(()),
            false => Err(invalid("the graph does not fit the features or the target")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Node, Rule, Tree, Trees};

    fn node(operation: Operation, inputs: &[usize]) -> GraphNode {
        GraphNode { operation, inputs: inputs.to_vec(), precision: Precision::Double }
    }

    fn graph(n_columns: usize, nodes: Vec<GraphNode>) -> Result<Graph> {
        let mut graph = Graph::over(n_columns)?;
        nodes.into_iter().try_for_each(|node| graph.push(node).map(|_| ()))?;
        Ok(graph)
    }

    fn scores(n_columns: usize, nodes: Vec<GraphNode>, row: &[f64]) -> Vec<f64> {
        let mut out = Vec::new();
        graph(n_columns, nodes).unwrap().scores(row, &mut out);
        out
    }

    #[test]
    fn a_network_is_layers_and_functions() {
        let first = Operation::Dense { weights: vec![1.0, -1.0, 0.5, 0.5], bias: vec![0.0, 1.0] };
        let zero = Operation::Constant(vec![0.0]);
        let last = Operation::Dense { weights: vec![2.0, -3.0], bias: vec![0.25] };
        let nodes = vec![
            node(first, &[0]),
            node(zero, &[]),
            node(Operation::Arithmetic(Arithmetic::Maximum), &[1, 2]),
            node(last, &[3]),
        ];
        assert_eq!(scores(2, nodes.clone(), &[3.0, 1.0]), [2.0 * 2.0 - 3.0 * 3.0 + 0.25]);
        assert_eq!(scores(2, nodes, &[1.0, 3.0]), [-3.0 * 3.0 + 0.25]);
    }

    #[test]
    fn vectors_are_picked_joined_and_compared() {
        let nodes = vec![
            node(Operation::Pick(vec![2, 0]), &[0]),
            node(Operation::Join, &[1, 0]),
            node(Operation::Constant(vec![7.0]), &[]),
            node(Operation::Arithmetic(Arithmetic::AtMost), &[2, 3]),
            node(Operation::Choose, &[4, 2, 3]),
        ];
        assert_eq!(scores(3, nodes, &[5.0, 8.0, 9.0]), [7.0, 5.0, 5.0, 7.0, 7.0]);
    }

    #[test]
    fn missing_values_stay_missing_unless_they_are_asked_for() {
        let nodes = vec![
            node(Operation::Function(Function::IsMissing), &[0]),
            node(Operation::Constant(vec![4.0, 6.0]), &[]),
            node(Operation::Choose, &[1, 2, 0]),
        ];
        assert_eq!(scores(2, nodes, &[f64::NAN, 2.0]), [4.0, 2.0]);
        let nodes =
            vec![node(Operation::Constant(vec![0.0]), &[]), node(Operation::Arithmetic(Arithmetic::Maximum), &[0, 1])];
        assert!(scores(1, nodes, &[f64::NAN])[0].is_nan());
    }

    #[test]
    fn numbers_are_rounded_where_they_are_kept_in_32_bits() {
        let nodes = |precision| {
            let third = Operation::Constant(vec![1.0 / 3.0]);
            vec![GraphNode { operation: third, inputs: Vec::new(), precision }]
        };
        assert_eq!(scores(1, nodes(Precision::Double), &[0.0]), [1.0 / 3.0]);
        assert_eq!(scores(1, nodes(Precision::Single), &[0.0]), [f64::from(1.0_f32 / 3.0)]);
    }

    #[test]
    fn trees_kernels_and_curves_are_operations() {
        let leaf = |value: f64| Node::Leaf { values: vec![value], weight: 1.0 };
        let split = Node::Split { column: 0, rule: Rule::AtMost(1.0), missing_left: true };
        let tree = Tree::new(vec![split, leaf(10.0), leaf(20.0)]).unwrap();
        let trees = Trees::sum(Precision::Double, vec![0.5], vec![tree], 1);
        assert_eq!(scores(1, vec![node(Operation::Trees(trees), &[0])], &[f64::NAN]), [10.5]);
        let kernel = Kernel::Gaussian { gamma: 0.5 };
        let vectors = Operation::Kernel(KernelVectors { kernel, width: 1, vectors: vec![1.0, 3.0] });
        assert_eq!(scores(1, vec![node(vectors, &[0])], &[1.0]), [1.0, crate::numeric::exp(-2.0)]);
        let curve = Curve { x: vec![0.0, 2.0, 4.0], y: vec![0.0, 1.0, 1.5] };
        for (x, y) in [(-1.0, 0.0), (1.0, 0.5), (2.0, 1.0), (3.0, 1.25), (9.0, 1.5)] {
            assert_eq!(scores(1, vec![node(Operation::Curves(vec![curve.clone()]), &[0])], &[x]), [y]);
        }
        let lookup = Lookup { keys: vec![1.0, 2.0], values: vec![5.0, 6.0], other: -1.0, missing: -2.0 };
        for (x, y) in [(1.0, 5.0), (2.0, 6.0), (1.5, -1.0), (f64::NAN, -2.0)] {
            assert_eq!(scores(1, vec![node(Operation::Lookups(vec![lookup.clone()]), &[0])], &[x]), [y]);
        }
    }

    #[test]
    fn leaves_of_trees_may_be_sums() {
        let leaf = |value: f64| Node::Leaf { values: vec![value], weight: 1.0 };
        let split = Node::Split { column: 0, rule: Rule::AtMost(1.0), missing_left: true };
        let tree = || Tree::new(vec![split.clone(), leaf(10.0), leaf(20.0)]).unwrap();
        let linear = |trees: Vec<Tree>, leaves: &[LinearLeaf]| {
            let trees = Trees::sum(Precision::Double, vec![0.5], trees, 2);
            vec![node(Operation::LinearTrees(LinearTrees::new(trees, leaves.to_vec())), &[0])]
        };
        let left = LinearLeaf { constant: 1.0, terms: vec![(1, 3.0), (0, 2.0)] };
        let right = LinearLeaf { constant: 7.0, terms: Vec::new() };
        let leaves = [left.clone(), right.clone(), right, left];
        let nodes = linear(vec![tree(), tree()], &leaves);
        let cases = [
            ([1.0, 4.0], 0.5 + (1.0 + 12.0 + 2.0) + 7.0),
            ([2.0, 4.0], 0.5 + 7.0 + (1.0 + 12.0 + 4.0)),
            // What is missing goes left, and the leaf of the second tree does not look.
            ([f64::NAN, 4.0], 0.5 + 10.0 + 7.0),
            ([2.0, f64::NAN], 0.5 + 7.0 + 20.0),
        ];
        for (row, score) in cases {
            assert_eq!(scores(2, nodes.clone(), &row), [score], "{row:?}");
        }
        assert!(graph(2, linear(vec![tree()], &leaves)).is_err());
        assert!(graph(1, nodes).is_err());
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let dense = |n: usize| Operation::Dense { weights: vec![1.0; n], bias: vec![0.0] };
        let cases: Vec<Vec<GraphNode>> = vec![
            vec![node(dense(2), &[1])],
            vec![node(dense(3), &[0])],
            vec![node(dense(2), &[0, 0])],
            vec![node(Operation::Dense { weights: vec![f64::NAN, 1.0], bias: vec![0.0] }, &[0])],
            vec![node(Operation::Pick(vec![2]), &[0])],
            vec![node(Operation::Pick(vec![]), &[0])],
            vec![node(Operation::Constant(vec![f64::INFINITY]), &[])],
            vec![node(Operation::Constant(vec![1.0; 3]), &[]), node(Operation::Arithmetic(Arithmetic::Add), &[0, 1])],
            vec![node(Operation::Lookups(vec![]), &[0])],
            vec![node(Operation::Curves(vec![Curve { x: vec![1.0, 0.0], y: vec![0.0, 1.0] }; 2]), &[0])],
        ];
        for nodes in cases {
            assert!(graph(2, nodes.clone()).is_err(), "{nodes:?}");
        }
        assert!(Graph::over(0).is_err());
    }
}
