//! Trees as bytes, and back.

use super::bytes::{Reader, Writer, unknown};
use super::kind;
use crate::error::Result;
use crate::limits;
use crate::model::invalid::invalid;
use crate::model::{Combination, Node, Precision, Rule, Tree, Trees};
use crate::numeric::order::sort_pairs;

/// The numbers of trees: as they are, or by where they stand in a table, the most frequent first. Trees that each see other rows
/// have the same numbers again and again.
enum Numbers {
    Plain,
    /// Those of leaves in 32 bits.
    Single,
    /// Each with where it stands, in their order.
    Table(Vec<(f64, f64)>),
}

/// Writes the trees of an estimator.
pub(super) fn write(writer: &mut Writer, trees: &Trees) -> Result<()> {
    let write_trees = |writer: &mut Writer, numbers: &Numbers| {
        writer.list(trees.trees(), |writer, tree| writer.list(tree.nodes(), |writer, of| node(writer, of, numbers)))
    };
    match trees.combination() {
        Combination::Sum => writer.kind(kind::sum_of_trees(trees.precision()), |writer| {
            writer.items(trees.base())?;
            write_trees(writer, if trees.precision() == Precision::Single { &Numbers::Single } else { &Numbers::Plain })
        }),
        Combination::Mean => writer.kind(kind::MEAN_OF_TREES_ESTIMATOR, |writer| {
            writer.item(trees.base().len() as u64)?;
            let (table, numbers) = frequent(trees.trees());
            writer.items(&table)?;
            write_trees(writer, &numbers)
        }),
    }
}

/// The numbers of trees, the most frequent first.
fn frequent(trees: &[Tree]) -> (Vec<f64>, Numbers) {
    let mut numbers = Vec::new();
    for node in trees.iter().flat_map(Tree::nodes) {
        match node {
            Node::Leaf { values, weight } => numbers.extend(values.iter().chain([weight]).map(|number| (*number, 0.0))),
            Node::Split { rule: Rule::AtMost(threshold), .. } => numbers.push((*threshold, 0.0)),
            Node::Split { .. } => {}
        }
    }
    sort_pairs(&mut numbers);
    let equal = numbers.chunk_by(|a, b| a.0.to_bits() == b.0.to_bits());
    let mut counted: Vec<(f64, f64)> = equal.map(|equal| (-(equal.len() as f64), equal[0].0)).collect();
    sort_pairs(&mut counted);
    let table = counted.iter().map(|(_, number)| *number).collect();
    let mut places: Vec<(f64, f64)> =
        counted.iter().enumerate().map(|(place, (_, number))| (*number, place as f64)).collect();
    sort_pairs(&mut places);
    (table, Numbers::Table(places))
}

fn node(writer: &mut Writer, node: &Node, numbers: &Numbers) -> Result<()> {
    let number = |writer: &mut Writer, number: f64| match numbers {
        Numbers::Plain | Numbers::Single => writer.item(number),
        Numbers::Table(places) => {
            let at = places.partition_point(|(other, _)| other.total_cmp(&number).is_lt());
            writer.item(places.get(at).map_or(0, |(_, place)| *place as u64))
        }
    };
    match node {
        Node::Leaf { values, weight } => {
            writer.item(0_u8)?;
            let mut all = values.iter().chain([weight]);
            match numbers {
                Numbers::Single => all.try_for_each(|value| writer.item(*value as f32)),
                _ => all.try_for_each(|value| number(writer, *value)),
            }
        }
        Node::Split { column, rule, missing_left } => {
            writer.item(if matches!(rule, Rule::AtMost(_)) { 1_u8 } else { 2 })?;
            writer.item((*column as u64, missing_left))?;
            match rule {
                Rule::AtMost(threshold) => number(writer, *threshold),
                Rule::OneOf { n_categories, set } => {
                    writer.item(*n_categories as u64)?;
                    set.iter().try_for_each(|word| writer.item(word))
                }
            }
        }
    }
}

/// Reads the trees of a kind.
pub(super) fn read_kind(kind: &str, reader: &mut Reader<'_>, n_columns: usize) -> Result<Trees> {
    match kind {
        kind::TREES_ESTIMATOR => read_sum(reader, Precision::Double, n_columns),
        kind::SINGLE_TREES_ESTIMATOR => read_sum(reader, Precision::Single, n_columns),
        kind::MEAN_OF_TREES_ESTIMATOR => read_mean(reader, n_columns),
        kind => Err(unknown(kind)),
    }
}

/// Reads a sum of trees.
fn read_sum(reader: &mut Reader<'_>, precision: Precision, n_columns: usize) -> Result<Trees> {
    let base = reader.numbers();
    let trees = read(reader, 1, precision, &mut Reader::number)?;
    Ok(Trees::sum(precision, base, trees, n_columns))
}

/// Reads a mean of trees.
fn read_mean(reader: &mut Reader<'_>, n_columns: usize) -> Result<Trees> {
    let n_scores = reader.length(limits::CLASSES) as usize;
    let table = reader.numbers();
    let mut counts = vec![0_usize; table.len()];
    let trees = read(reader, n_scores, Precision::Double, &mut |reader| {
        let place = reader.position();
        counts.get_mut(place).map_or(f64::NAN, |count| {
            *count += 1;
            table[place]
        })
    })?;
    // A model has one file: each number once, the most frequent first, and of equally frequent ones the least.
    let is_before = |at: usize| counts[at + 1].cmp(&counts[at]).then(table[at].total_cmp(&table[at + 1])).is_lt();
    let are_used = counts.iter().all(|count| *count > 0);
    match are_used && (1..table.len()).all(|next| is_before(next - 1)) {
        true => Ok(Trees::mean(n_scores, trees, n_columns)),
        false => Err(invalid("the numbers of trees are out of order")),
    }
}

/// Reads trees whose leaves have so many values.
fn read<'a>(
    reader: &mut Reader<'a>,
    width: usize,
    precision: Precision,
    number: &mut dyn FnMut(&mut Reader<'a>) -> f64,
) -> Result<Vec<Tree>> {
    let mut n_left = limits::NODES;
    let trees = reader.list(limits::TREES, |reader| {
        let nodes = reader.list(n_left, |reader| read_node(reader, width, precision, number));
        n_left -= nodes.len();
        nodes
    });
    reader.so_far()?;
    trees.into_iter().map(Tree::new).collect()
}

fn read_node<'a>(
    reader: &mut Reader<'a>,
    width: usize,
    precision: Precision,
    number: &mut dyn FnMut(&mut Reader<'a>) -> f64,
) -> Node {
    let kind = reader.choice(3);
    if kind == 0 {
        let mut next = || match precision {
            Precision::Single => f64::from(reader.item::<f32>()),
            Precision::Double => number(reader),
        };
        return Node::Leaf { values: (0..width).map(|_| next()).collect(), weight: next() };
    }
    let (column, missing_left) = (reader.position(), reader.flag());
    let rule = if kind == 1 {
        Rule::AtMost(number(reader))
    } else {
        let n_categories = reader.length(limits::CATEGORIES) as usize;
        let set = (0..n_categories.div_ceil(32)).map(|_| reader.word()).collect();
        Rule::OneOf { n_categories, set }
    };
    Node::Split { column, rule, missing_left }
}
