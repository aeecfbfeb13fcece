//! What a node of a graph does.

use super::arithmetic::Arithmetic;
use super::function::Function;
use super::kernel::KernelVectors;
use super::linear_trees::LinearTrees;
use super::lookup::{Curve, Lookup};
use super::reduction::Reduction;
use crate::model::estimator::trees::Trees;
use crate::numeric::{dot, softmax};

/// An operation on vectors of numbers. Of K inputs the first is a, the second b.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// These numbers. No input.
    Constant(Vec<f64>),
    /// The numbers of a that stand there.
    Pick(Vec<usize>),
    /// All inputs, one behind the other.
    Join,
    /// A weighted sum of a for each bias.
    Dense {
        /// Sum after sum, one weight for each number of a.
        weights: Vec<f64>,
        /// What is added to each sum.
        bias: Vec<f64>,
    },
    /// The same in 32 bits: each sum begins with its bias, and each product and each sum is rounded, in the order of a.
    DenseInSingle {
        /// Sum after sum, one weight for each number of a.
        weights: Vec<f64>,
        /// What each sum begins with.
        bias: Vec<f64>,
    },
    /// A function of each number of a.
    Function(Function),
    /// Made of a and b, number by number.
    Arithmetic(Arithmetic),
    /// b where a is not 0, else the third input, number by number.
    Choose,
    /// One number of all of a.
    Reduce(Reduction),
    /// e to each number of a, over their sum.
    Softmax,
    /// The natural logarithm of that.
    LogSoftmax,
    /// The scores of trees over a.
    Trees(Trees),
    /// The scores of trees over a, whose leaves are weighted sums of it.
    LinearTrees(LinearTrees),
    /// How alike a and each of some vectors are.
    Kernel(KernelVectors),
    /// A lookup for each number of a.
    Lookups(Vec<Lookup>),
    /// A curve for each number of a.
    Curves(Vec<Curve>),
}

impl Operation {
    pub(crate) const CONSTANT: &'static str = "operation/constant";
    pub(crate) const PICK: &'static str = "operation/pick";
    pub(crate) const JOIN: &'static str = "operation/join";
    pub(crate) const DENSE: &'static str = "operation/dense";
    pub(crate) const DENSE_IN_SINGLE: &'static str = "operation/dense-f32";
    pub(crate) const CHOOSE: &'static str = "operation/choose";
    pub(crate) const SOFTMAX: &'static str = "operation/softmax";
    pub(crate) const LOG_SOFTMAX: &'static str = "operation/log-softmax";
    pub(crate) const TREES: &'static str = "operation/trees";
    pub(crate) const LINEAR_TREES: &'static str = "operation/linear-trees";
    pub(crate) const LOOKUPS: &'static str = "operation/lookups";
    pub(crate) const CURVES: &'static str = "operation/curves";

    /// The operation of a kind that is its name alone.
    pub(crate) fn without_numbers(kind: &str) -> Option<Self> {
        fn of<T: Copy>(all: &[(T, &'static str)], kind: &str) -> Option<T> {
            all.iter().find(|(_, name)| *name == kind).map(|(operation, _)| *operation)
        }
        let plain = [Self::Join, Self::Choose, Self::Softmax, Self::LogSoftmax];
        let function = || of(&Function::ALL, kind).map(Self::Function);
        let arithmetic = || of(&Arithmetic::ALL, kind).map(Self::Arithmetic);
        let reduction = || of(&Reduction::ALL, kind).map(Self::Reduce);
        let plain = plain.into_iter().find(|operation| operation.kind() == kind);
        plain.or_else(function).or_else(arithmetic).or_else(reduction)
    }

    /// Its kind in files.
    pub fn kind(&self) -> &'static str {
        fn named<T: PartialEq>(all: &[(T, &'static str)], own: &T) -> &'static str {
            all.iter().find(|(other, _)| other == own).map_or("", |(_, kind)| *kind)
        }
        match self {
            Self::Constant(_) => Self::CONSTANT,
            Self::Pick(_) => Self::PICK,
            Self::Join => Self::JOIN,
            Self::Dense { .. } => Self::DENSE,
            Self::DenseInSingle { .. } => Self::DENSE_IN_SINGLE,
            Self::Function(function) => named(&Function::ALL, function),
            Self::Arithmetic(arithmetic) => named(&Arithmetic::ALL, arithmetic),
            Self::Choose => Self::CHOOSE,
            Self::Reduce(reduction) => named(&Reduction::ALL, reduction),
            Self::Softmax => Self::SOFTMAX,
            Self::LogSoftmax => Self::LOG_SOFTMAX,
            Self::Trees(_) => Self::TREES,
            Self::LinearTrees(_) => Self::LINEAR_TREES,
            Self::Kernel(vectors) => vectors.kernel.kind(),
            Self::Lookups(_) => Self::LOOKUPS,
            Self::Curves(_) => Self::CURVES,
        }
    }

    fn has_infinite_number(&self) -> bool {
        let is_finite = |number: &f64| number.is_finite();
        !match self {
            Self::Constant(numbers) => numbers.iter().all(is_finite),
            Self::Dense { weights, bias } | Self::DenseInSingle { weights, bias } => {
                weights.iter().chain(bias).all(is_finite)
            }
            Self::Kernel(vectors) => vectors.kernel.parameters().iter().chain(&vectors.vectors).all(is_finite),
            Self::Lookups(lookups) => {
                lookups.iter().all(|lookup| lookup.keys.iter().chain(&lookup.values).all(is_finite))
                    && lookups.iter().all(|lookup| !lookup.other.is_infinite() && !lookup.missing.is_infinite())
            }
            Self::Curves(curves) => curves.iter().all(|curve| curve.x.iter().chain(&curve.y).all(is_finite)),
            _ => true,
        }
    }

    /// How many numbers it makes of inputs of these widths; what is wrong where it takes none such.
    pub(super) fn width(&self, inputs: &[usize]) -> Result<usize, String> {
        if self.has_infinite_number() {
            return Err("it has a number that is not finite".into());
        }
        let width = match (self, inputs) {
            (Self::Constant(numbers), []) => Some(numbers.len()),
            (Self::Pick(places), [a]) => places.iter().all(|place| place < a).then_some(places.len()),
            (Self::Join, [_, ..]) => Some(inputs.iter().fold(0, |total: usize, width| total.saturating_add(*width))),
            (Self::Dense { weights, bias } | Self::DenseInSingle { weights, bias }, [a]) => {
                (a.checked_mul(bias.len()) == Some(weights.len())).then_some(bias.len())
            }
            (Self::Function(_) | Self::Softmax | Self::LogSoftmax, [a]) => Some(*a),
            (Self::Arithmetic(_), [_, _]) | (Self::Choose, [_, _, _]) => {
                let width = inputs.iter().copied().max().unwrap_or(0);
                inputs.iter().all(|input| [1, width].contains(input)).then_some(width)
            }
            (Self::Reduce(_), [_]) => Some(1),
            (Self::Trees(trees), [a]) => {
                return trees.check_nodes(*a).map(|()| trees.base().len()).map_err(|error| error.to_string());
            }
            (Self::LinearTrees(of), [a]) => {
                of.trees().check_nodes(*a).map_err(|error| error.to_string())?;
                of.is_possible(*a).then_some(of.trees().base().len())
            }
            (Self::Kernel(vectors), [a]) => vectors.count().filter(|_| vectors.width == *a),
            (Self::Lookups(lookups), [a]) => {
                (lookups.len() == *a && lookups.iter().all(Lookup::is_possible)).then_some(*a)
            }
            (Self::Curves(curves), [a]) => (curves.len() == *a && curves.iter().all(Curve::is_possible)).then_some(*a),
            _ => None,
        };
        let wrong = || format!("it does not fit vectors of {inputs:?} numbers");
        width.filter(|width| *width > 0).ok_or_else(wrong)
    }

    /// Writes the vector of as many inputs.
    pub(super) fn write<'v>(&self, input: &dyn Fn(usize) -> &'v [f64], n_inputs: usize, out: &mut [f64]) {
        let broadcast = |numbers: &[f64], at: usize| numbers[if numbers.len() == 1 { 0 } else { at }];
        match self {
            Self::Constant(numbers) => out.copy_from_slice(numbers),
            Self::Pick(places) => {
                let a = input(0);
                out.iter_mut().zip(places).for_each(|(out, place)| *out = a[*place]);
            }
            Self::Join => {
                let mut rest = out;
                for at in 0..n_inputs {
                    let numbers = input(at);
                    let (own, behind) = rest.split_at_mut(numbers.len());
                    own.copy_from_slice(numbers);
                    rest = behind;
                }
            }
            Self::Dense { weights, bias } => {
                let a = input(0);
                let sums = weights.chunks_exact(a.len()).zip(bias);
                out.iter_mut().zip(sums).for_each(|(out, (weights, bias))| *out = dot(weights, a) + bias);
            }
            Self::DenseInSingle { weights, bias } => {
                let a = input(0);
                let single = |number: f64| f64::from(number as f32);
                for ((out, weights), bias) in out.iter_mut().zip(weights.chunks_exact(a.len())).zip(bias) {
                    let products = weights.iter().zip(a).map(|(weight, x)| single(weight * x));
                    *out = products.fold(*bias, |sum, product| single(sum + product));
                }
            }
            Self::Function(function) => out.iter_mut().zip(input(0)).for_each(|(out, x)| *out = function.of(*x)),
            Self::Arithmetic(arithmetic) => {
                let (a, b) = (input(0), input(1));
                for (at, out) in out.iter_mut().enumerate() {
                    *out = arithmetic.of(broadcast(a, at), broadcast(b, at));
                }
            }
            Self::Choose => {
                let (condition, yes, no) = (input(0), input(1), input(2));
                for (at, out) in out.iter_mut().enumerate() {
                    *out = broadcast(if broadcast(condition, at) == 0.0 { no } else { yes }, at);
                }
            }
            Self::Reduce(reduction) => out[0] = reduction.of(input(0)),
            Self::Softmax => {
                out.copy_from_slice(input(0));
                softmax(out);
            }
            Self::LogSoftmax => {
                let a = input(0);
                let largest = Reduction::Maximum.of(a);
                out.iter_mut().zip(a).for_each(|(out, x)| *out = Function::Exp.of(x - largest));
                let logarithm = libm::log(Reduction::Sum.of(out));
                out.iter_mut().zip(a).for_each(|(out, x)| *out = x - largest - logarithm);
            }
            Self::Trees(trees) => trees.sums().write(input(0), out),
            Self::LinearTrees(of) => of.write(input(0), out),
            Self::Kernel(vectors) => vectors.write(input(0), out),
            Self::Lookups(lookups) => {
                out.iter_mut().zip(input(0)).zip(lookups).for_each(|((out, x), lookup)| *out = lookup.of(*x));
            }
            Self::Curves(curves) => {
                out.iter_mut().zip(input(0)).zip(curves).for_each(|((out, x), curve)| *out = curve.of(*x));
            }
        }
    }

    /// About what making so many numbers costs, in multiplications or splits.
    pub(super) fn cost(&self, width: usize) -> usize {
        match self {
            Self::Dense { weights, .. } | Self::DenseInSingle { weights, .. } => weights.len(),
            Self::Trees(trees) => trees.cost(),
            Self::LinearTrees(of) => of.trees().cost() + of.n_numbers(),
            Self::Kernel(vectors) => vectors.vectors.len(),
            _ => width,
        }
    }
}
