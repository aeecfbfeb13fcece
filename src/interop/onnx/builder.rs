//! The graph as it grows: vectors that are made of vectors.

use super::tensor::{Kind, Tensor};
use super::value::{Rows, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::interop::document::wrong;
use crate::model::{Arithmetic, Function, Graph, GraphNode, Operation, Precision, Reduction};
use std::collections::HashMap;

/// A graph that grows, and what is known of its inputs.
#[derive(Debug)]
pub(super) struct Builder {
    pub(super) graph: Graph,
    /// The features whose values a vector has as they are, one for each of its numbers; of the vectors that are such.
    plain: HashMap<usize, Vec<usize>>,
    /// Of vectors that are features less some numbers: the vector of the features, and the numbers.
    centred: HashMap<usize, (usize, Vec<f64>)>,
    /// Of each feature numbers that it is compared with, or centred and scaled by.
    pub(super) hints: Vec<Vec<f64>>,
    /// Of each feature the texts that it may have, and whether others are taken.
    pub(super) texts: Vec<Option<(Vec<String>, bool)>>,
    /// How many support vectors there are.
    pub(super) n_training_rows: usize,
    /// How many more numbers may be held, of the file and of what is made of it.
    budget: usize,
}

impl Builder {
    /// Over so many features, of a file of so many bytes.
    pub(super) fn new(n_features: usize, n_bytes: usize) -> Result<Self> {
        /// Numbers have 8 bytes here: all of them take 8 times the file, and 8 MB.
        const ALWAYS: usize = 1 << 20;
        let (hints, texts) = (vec![Vec::new(); n_features], vec![None; n_features]);
        let (graph, plain, n_training_rows) = (Graph::over(n_features)?, HashMap::new(), 0);
        let centred = HashMap::new();
        Ok(Self { graph, plain, centred, hints, texts, n_training_rows, budget: n_bytes.saturating_add(ALWAYS) })
    }

    /// Refuses so many numbers before they are made.
    pub(super) fn check_room(&self, n: usize) -> Result<()> {
        match n <= self.budget {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::LimitExceeded, "the file makes many times more numbers than it has")),
        }
    }

    /// Counts numbers that are held from now on.
    pub(super) fn hold(&mut self, n: usize) -> Result<()> {
        self.check_room(n)?;
        self.budget -= n;
        Ok(())
    }

    /// Adds an operation, whose numbers are kept as those of a kind are.
    pub(super) fn push(&mut self, operation: Operation, inputs: &[usize], kind: Kind) -> Result<usize> {
        self.hold(numbers_of(&operation))?;
        let precision = if kind == Kind::Float { Precision::Single } else { Precision::Double };
        self.graph.push(GraphNode { operation, inputs: inputs.to_vec(), precision })
    }

    /// Adds an operation whose numbers keep 64 bits.
    pub(super) fn exact(&mut self, operation: Operation, inputs: &[usize]) -> Result<usize> {
        self.push(operation, inputs, Kind::Double)
    }

    pub(super) fn constant(&mut self, numbers: &[f64]) -> Result<usize> {
        self.exact(Operation::Constant(numbers.to_vec()), &[])
    }

    pub(super) fn function(&mut self, function: Function, x: usize) -> Result<usize> {
        self.exact(Operation::Function(function), &[x])
    }

    pub(super) fn arithmetic(&mut self, arithmetic: Arithmetic, a: usize, b: usize) -> Result<usize> {
        self.exact(Operation::Arithmetic(arithmetic), &[a, b])
    }

    /// The same with a number in the place of the second vector.
    pub(super) fn with(&mut self, arithmetic: Arithmetic, a: usize, number: f64) -> Result<usize> {
        let number = self.constant(&[number])?;
        self.arithmetic(arithmetic, a, number)
    }

    pub(super) fn reduce(&mut self, reduction: Reduction, x: usize) -> Result<usize> {
        self.exact(Operation::Reduce(reduction), &[x])
    }

    /// Rounds the numbers of a vector to those of a kind.
    pub(super) fn kept(&mut self, x: usize, kind: Kind) -> Result<usize> {
        match kind {
            Kind::Float => self.push(Operation::Pick((0..self.graph.width(x)).collect()), &[x], kind),
            _ => Ok(x),
        }
    }

    /// Rows of a vector. A vector without a dimension of its own has one number.
    pub(super) fn rows(&self, vector: usize, kind: Kind, is_matrix: bool) -> Rows {
        Rows { vector, width: self.graph.width(vector), kind, is_matrix }
    }

    /// The vector of a value that is paired with rows: their own, or that of known numbers.
    pub(super) fn vector(&mut self, value: &Value) -> Result<usize> {
        match value {
            Value::Rows(rows) => Ok(rows.vector),
            Value::Known(tensor) if !tensor.counts_rows => {
                // All but the last dimension would pair numbers with rows.
                let n_last = tensor.dims.last().copied().unwrap_or(1);
                match tensor.len() == n_last && tensor.kind != Kind::Text && n_last > 0 {
                    true => self.constant(&tensor.numbers),
                    false => Err(wrong(format!(
                        "the file has other constants for each row, in dimensions {:?}; expected one row of them",
                        tensor.dims
                    ))),
                }
            }
            other => Err(other.wrong("numbers")),
        }
    }

    /// Remembers that a vector has the values of features as they are.
    pub(super) fn remember(&mut self, vector: usize, features: Vec<usize>) {
        self.plain.insert(vector, features);
    }

    /// The features whose values a vector has as they are.
    pub(super) fn features_of(&self, vector: usize) -> Option<&[usize]> {
        self.plain.get(&vector).map(Vec::as_slice)
    }

    /// Remembers numbers that tell what values the features of a vector have, where these are still as they are.
    pub(super) fn hint(&mut self, vector: usize, place: usize, numbers: &[f64]) {
        let feature = self.features_of(vector).and_then(|features| features.get(place)).copied();
        if let Some(hints) = feature.and_then(|feature| self.hints.get_mut(feature)) {
            hints.extend(numbers.iter().filter(|number| number.is_finite()));
        }
    }

    /// Remembers that a vector is another one less some numbers.
    pub(super) fn centre(&mut self, vector: usize, of: usize, centers: Vec<f64>) {
        if self.features_of(of).is_some() {
            self.centred.insert(vector, (of, centers));
        }
    }

    /// Hints of features that are divided by these numbers once they are centred: nearly all are within two of these.
    pub(super) fn hint_scales(&mut self, vector: usize, scales: &[f64]) {
        let Some((of, centers)) = self.centred.get(&vector).cloned() else { return };
        for place in 0..self.graph.width(of) {
            let at = |numbers: &[f64]| numbers.get(if numbers.len() == 1 { 0 } else { place }).copied();
            if let (Some(center), Some(scale)) = (at(&centers), at(scales)) {
                self.hint(of, place, &[center - 2.0 * scale.abs(), center + 2.0 * scale.abs()]);
            }
        }
    }

    /// Some places of a vector.
    pub(super) fn pick(&mut self, vector: usize, places: Vec<usize>, kind: Kind) -> Result<usize> {
        let features = self
            .features_of(vector)
            .map(|features| places.iter().filter_map(|place| features.get(*place).copied()).collect::<Vec<_>>());
        let picked = self.push(Operation::Pick(places), &[vector], kind)?;
        if let Some(features) = features {
            self.remember(picked, features);
        }
        Ok(picked)
    }

    /// Vectors one behind the other.
    pub(super) fn join(&mut self, vectors: &[usize]) -> Result<usize> {
        if let [vector] = vectors {
            return Ok(*vector);
        }
        let features: Option<Vec<&[usize]>> = vectors.iter().map(|vector| self.features_of(*vector)).collect();
        let features = features.map(|features| features.concat());
        let joined = self.exact(Operation::Join, vectors)?;
        if let Some(features) = features {
            self.remember(joined, features);
        }
        Ok(joined)
    }

    /// Numbers of the file as a tensor of one row.
    pub(super) fn known(numbers: Vec<f64>, kind: Kind) -> Value {
        Value::Known(Tensor::numbers(vec![numbers.len()], kind, numbers))
    }
}

/// How many numbers an operation holds. A node of a tree takes as much memory as 8.
fn numbers_of(operation: &Operation) -> usize {
    match operation {
        Operation::Constant(numbers) => numbers.len(),
        Operation::Pick(places) => places.len(),
        Operation::Dense { weights, bias } | Operation::DenseInSingle { weights, bias } => weights.len() + bias.len(),
        Operation::Trees(trees) => trees.trees().iter().map(|tree| 8 * tree.nodes().len()).sum(),
        Operation::LinearTrees(of) => 8 * of.n_numbers(),
        Operation::Kernel(vectors) => vectors.vectors.len(),
        Operation::Lookups(lookups) => lookups.iter().map(|lookup| 2 * lookup.keys.len() + 8).sum(),
        Operation::Curves(curves) => curves.iter().map(|curve| 2 * curve.x.len() + 8).sum(),
        _ => 0,
    }
}
