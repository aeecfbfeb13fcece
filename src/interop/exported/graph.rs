//! The graph of a document: a list of nodes, each an operation by the name that it has in files, with the vectors that it takes.

use super::features::Features;
use super::trees::trees;
use crate::error::{Result, quote};
use crate::interop::document::{Data, whole, within, wrong};
use crate::limits;
use crate::model::{Curve, Graph, GraphNode, Kernel, KernelVectors, Lookup, Operation, Precision};
use crate::preprocess::{PreparedColumn, Scaling, Source};

/// The graph over the columns of the features.
pub(super) fn graph(document: &Data<'_>, features: &Features) -> Result<Graph> {
    // Operations know categories by their numbers.
    if !features.have_sorted_categories() {
        return Err(wrong("categories: under a graph they are sorted"));
    }
    let mut graph = Graph::over(features.columns().count())?;
    let nodes = document.list("nodes")?;
    limits::check("nodes of a graph", nodes.len(), limits::GRAPH_NODES)?;
    for (at, of_document) in nodes.iter().enumerate() {
        let node = node(of_document, &graph).and_then(|node| graph.push(node));
        node.map_err(|error| within(&format!("nodes {at}"), &error))?;
    }
    Ok(graph)
}

fn node(document: &Data<'_>, graph: &Graph) -> Result<GraphNode> {
    let inputs = document.numbers("inputs")?;
    let inputs: Option<Vec<usize>> = inputs.iter().map(|input| whole(*input)).collect();
    let inputs = inputs.ok_or_else(|| wrong("inputs: expected the numbers of vectors"))?;
    let precision = match document.get("single") {
        Some(Data::Flag(true)) => Precision::Single,
        None | Some(Data::Flag(false)) => Precision::Double,
        Some(_) => return Err(wrong("single: expected true or false")),
    };
    let operation = operation(document.text("op")?, document, graph.first_width(&inputs))?;
    Ok(GraphNode { operation, inputs, precision })
}

/// The operation of that name, whose first input has so many numbers.
fn operation(name: &str, document: &Data<'_>, n_inputs: usize) -> Result<Operation> {
    if let Some(operation) = Operation::without_numbers(name) {
        return Ok(operation);
    }
    let places = |name: &str| -> Result<Vec<usize>> {
        let places: Option<Vec<usize>> = document.numbers(name)?.iter().map(|place| whole(*place)).collect();
        places.ok_or_else(|| wrong(format!("{name}: expected places")))
    };
    Ok(match name {
        Operation::CONSTANT => Operation::Constant(document.numbers("numbers")?.into_owned()),
        Operation::PICK => Operation::Pick(places("places")?),
        Operation::DENSE => {
            let bias = document.numbers("bias")?.into_owned();
            Operation::Dense { weights: rows(document, "weights")?.0, bias }
        }
        Operation::TREES => {
            let column = PreparedColumn { source: Source::Value, scaling: Scaling::NONE, mean: 0.0, std_dev: 0.0 };
            let columns = vec![(&column, None); n_inputs];
            Operation::Trees(trees(document.field("trees")?, &columns)?)
        }
        Operation::LOOKUPS => {
            let lookup = |of: &Data<'_>| -> Result<Lookup> {
                let (keys, values) = (of.numbers("keys")?.into_owned(), of.numbers("values")?.into_owned());
                Ok(Lookup { keys, values, other: or_missing(of, "other")?, missing: or_missing(of, "missing")? })
            };
            Operation::Lookups(document.list("lookups")?.iter().map(lookup).collect::<Result<_>>()?)
        }
        Operation::CURVES => {
            let curve = |of: &Data<'_>| -> Result<Curve> {
                Ok(Curve { x: of.numbers("x")?.into_owned(), y: of.numbers("y")?.into_owned() })
            };
            Operation::Curves(document.list("curves")?.iter().map(curve).collect::<Result<_>>()?)
        }
        _ => {
            let kernel = Kernel::of(name, &document.numbers("parameters").unwrap_or_default());
            let kernel =
                kernel.ok_or_else(|| wrong(format!("op: {} is none, or has other parameters", quote(name))))?;
            let (vectors, width) = rows(document, "vectors")?;
            Operation::Kernel(KernelVectors { kernel, width, vectors })
        }
    })
}

/// A number, or null for a missing one.
fn or_missing(document: &Data<'_>, name: &str) -> Result<f64> {
    match document.field(name)? {
        Data::Null => Ok(f64::NAN),
        _ => document.number(name),
    }
}

/// Rows of one length, one behind the other, and that length.
fn rows(document: &Data<'_>, name: &str) -> Result<(Vec<f64>, usize)> {
    let (mut all, mut width) = (Vec::new(), None);
    for row in document.list(name)? {
        match row {
            Data::Numbers(numbers) if width.is_none_or(|width| width == numbers.len()) => {
                width = Some(numbers.len());
                all.extend(numbers);
            }
            _ => return Err(wrong(format!("{name}: expected rows of one length"))),
        }
    }
    Ok((all, width.unwrap_or(0)))
}
