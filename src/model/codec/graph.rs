//! Graphs of operations as bytes, and back.

use super::bytes::{Reader, Writer, unknown};
use super::{kind, trees};
use crate::error::Result;
use crate::limits;
use crate::model::invalid::invalid;
use crate::model::{
    Curve, Graph, GraphNode, HAS_GRAPHS, Kernel, KernelVectors, LinearLeaf, LinearTrees, Lookup, Operation, Precision,
    Trees,
};

/// Whether a kind is that of a graph or of an operation, or another one that the builds without graphs do not know.
pub(super) fn is_known(name: &str) -> bool {
    let named = [
        kind::GRAPH_ESTIMATOR,
        kind::SINGLE_GRAPH_ESTIMATOR,
        kind::ONE_VS_REST_LINK,
        Operation::CONSTANT,
        Operation::PICK,
        Operation::JOIN,
        Operation::DENSE,
        Operation::DENSE_IN_SINGLE,
        Operation::CHOOSE,
        Operation::SOFTMAX,
        Operation::LOG_SOFTMAX,
        Operation::TREES,
        Operation::LINEAR_TREES,
        Operation::LOOKUPS,
        Operation::CURVES,
    ];
    HAS_GRAPHS && (named.contains(&name) || Kernel::KINDS.contains(&name) || Operation::without_numbers(name).is_some())
}

/// Writes a graph: of each node its precision, its inputs and its operation.
pub(super) fn write(writer: &mut Writer, graph: &Graph) -> Result<()> {
    let kind = match graph.precision() {
        Precision::Double => kind::GRAPH_ESTIMATOR,
        Precision::Single => kind::SINGLE_GRAPH_ESTIMATOR,
    };
    writer.kind(kind, |writer| {
        writer.list(graph.nodes(), |writer, node| {
            writer.item(node.precision == Precision::Single)?;
            writer.list(&node.inputs, |writer, input| writer.item(*input as u64))?;
            writer.kind(node.operation.kind(), |writer| operation(writer, &node.operation))
        })
    })
}

fn operation(writer: &mut Writer, operation: &Operation) -> Result<()> {
    match operation {
        Operation::Constant(all) => numbers(writer, all),
        Operation::Pick(places) => writer.list(places, |writer, place| writer.item(*place as u64)),
        Operation::Dense { weights, bias } | Operation::DenseInSingle { weights, bias } => {
            numbers(writer, weights)?;
            numbers(writer, bias)
        }
        Operation::Trees(of) => trees::write(writer, of),
        Operation::LinearTrees(of) => {
            trees::write(writer, of.trees())?;
            writer.list(of.leaves(), |writer, LinearLeaf { constant, terms }| {
                writer.item(constant)?;
                writer.list(terms, |writer, (column, coefficient)| writer.item((*column as u64, coefficient)))
            })
        }
        Operation::Kernel(KernelVectors { kernel, width, vectors }) => {
            writer.items(&kernel.parameters())?;
            writer.item(*width as u64)?;
            numbers(writer, vectors)
        }
        Operation::Lookups(lookups) => writer.list(lookups, |writer, Lookup { keys, values, other, missing }| {
            numbers(writer, keys)?;
            numbers(writer, values)?;
            writer.item((other, missing))
        }),
        Operation::Curves(curves) => writer.list(curves, |writer, Curve { x, y }| {
            numbers(writer, x)?;
            numbers(writer, y)
        }),
        Operation::Join
        | Operation::Function(_)
        | Operation::Arithmetic(_)
        | Operation::Choose
        | Operation::Reduce(_)
        | Operation::Softmax
        | Operation::LogSoftmax => Ok(()),
    }
}

/// Numbers in 32 bits where all of them have no more.
fn numbers(writer: &mut Writer, numbers: &[f64]) -> Result<()> {
    let are_single = are_single(numbers);
    writer.item(are_single)?;
    match are_single {
        true => writer.list(numbers, |writer, number| writer.item(*number as f32)),
        false => writer.items(numbers),
    }
}

fn are_single(numbers: &[f64]) -> bool {
    numbers.iter().all(|number| f64::from(*number as f32).to_bits() == number.to_bits())
}

/// Reads a graph of that kind over so many columns.
pub(super) fn read(kind: &str, reader: &mut Reader<'_>, n_columns: usize) -> Result<Graph> {
    let graph = Graph::over(n_columns)?;
    let mut graph = if kind == kind::SINGLE_GRAPH_ESTIMATOR { graph.in_single_precision() } else { graph };
    for _ in 0..reader.length(limits::GRAPH_NODES) {
        let precision = if reader.flag() { Precision::Single } else { Precision::Double };
        let inputs = reader.list(limits::GRAPH_NODES, Reader::position);
        let (kind, mut body) = reader.kind()?;
        let operation = read_operation(kind, &mut body, graph.first_width(&inputs))?;
        reader.close(body)?;
        graph.push(GraphNode { operation, inputs, precision })?;
    }
    reader.so_far()?;
    Ok(graph)
}

/// Reads the operation of a kind, whose first input has so many numbers.
fn read_operation(kind: &str, reader: &mut Reader<'_>, n_inputs: usize) -> Result<Operation> {
    if let Some(operation) = Operation::without_numbers(kind) {
        return Ok(operation);
    }
    Ok(match kind {
        Operation::CONSTANT => Operation::Constant(read_numbers(reader)?),
        Operation::PICK => Operation::Pick(reader.list(limits::PARAMETERS, Reader::position)),
        Operation::DENSE => Operation::Dense { weights: read_numbers(reader)?, bias: read_numbers(reader)? },
        Operation::DENSE_IN_SINGLE => {
            Operation::DenseInSingle { weights: read_numbers(reader)?, bias: read_numbers(reader)? }
        }
        Operation::TREES => Operation::Trees(read_trees(reader, n_inputs)?),
        Operation::LINEAR_TREES => {
            let trees = read_trees(reader, n_inputs)?;
            let leaves = reader.list(limits::NODES, |reader| LinearLeaf {
                constant: reader.number(),
                terms: reader.list(limits::PARAMETERS, |reader| (reader.position(), reader.number())),
            });
            reader.so_far()?;
            Operation::LinearTrees(LinearTrees::new(trees, leaves))
        }
        Operation::LOOKUPS => {
            let mut lookups = Vec::new();
            for _ in 0..reader.length(limits::PARAMETERS) {
                let (keys, values) = (read_numbers(reader)?, read_numbers(reader)?);
                lookups.push(Lookup { keys, values, other: reader.number(), missing: reader.number() });
            }
            Operation::Lookups(lookups)
        }
        Operation::CURVES => {
            let mut curves = Vec::new();
            for _ in 0..reader.length(limits::PARAMETERS) {
                curves.push(Curve { x: read_numbers(reader)?, y: read_numbers(reader)? });
            }
            Operation::Curves(curves)
        }
        kind if Kernel::KINDS.contains(&kind) => {
            let (parameters, width) = (reader.numbers(), reader.position());
            let vectors = read_numbers(reader)?;
            let kernel = Kernel::of(kind, &parameters).ok_or_else(|| invalid("a kernel has other parameters"))?;
            Operation::Kernel(KernelVectors { kernel, width, vectors })
        }
        kind => return Err(unknown(kind)),
    })
}

fn read_trees(reader: &mut Reader<'_>, n_columns: usize) -> Result<Trees> {
    let (kind, mut body) = reader.kind()?;
    let trees = trees::read_kind(kind, &mut body, n_columns)?;
    reader.close(body)?;
    Ok(trees)
}

fn read_numbers(reader: &mut Reader<'_>) -> Result<Vec<f64>> {
    let is_single = reader.flag();
    let numbers = match is_single {
        true => reader.list(usize::MAX, |reader| f64::from(reader.item::<f32>())),
        false => reader.numbers(),
    };
    reader.so_far()?;
    // A model has one file.
    match is_single == are_single(&numbers) {
        true => Ok(numbers),
        false => Err(invalid("numbers are in 64 bits that have no more than 32")),
    }
}
