//! What each column adds to the values of a tree for a row: its Shapley value, where a column that is not known goes both
//! ways by the weights of the training rows (Lundberg, Erion and Lee, "Consistent individualized feature attribution for
//! tree ensembles", 2018, algorithm 2).

use super::Tree;

/// A column on the way to a node.
#[derive(Debug, Clone, Copy)]
struct Step {
    column: usize,
    /// The share of the training rows that goes on where the column is not known, and where it is: of this row 1 or 0.
    unknown: f64,
    known: f64,
    /// The weights of the sets of known columns, by their sizes.
    weight: f64,
}

/// Shows columns with how much of the values of a leaf they add.
pub(super) fn add(tree: &Tree, prepared: &[f64], show: &mut impl FnMut(usize, f64, &[f64])) {
    go(tree, prepared, 0, Vec::new(), (1.0, 1.0, usize::MAX), show);
}

fn go(
    tree: &Tree,
    prepared: &[f64],
    at: usize,
    mut path: Vec<Step>,
    (unknown, known, column): (f64, f64, usize),
    show: &mut impl FnMut(usize, f64, &[f64]),
) {
    extend(&mut path, unknown, known, column);
    let Some((column, ways)) = tree.ways(at, prepared) else {
        for step in 1..path.len() {
            let Step { column, unknown, known, .. } = path[step];
            show(column, weights_without(&path, step) * (known - unknown), tree.values(at));
        }
        return;
    };
    let (mut unknown, mut known) = (1.0, 1.0);
    // A column that was looked at before counts once.
    if let Some(before) = path.iter().position(|step| step.column == column) {
        (unknown, known) = (path[before].unknown, path[before].known);
        take_out(&mut path, before);
    }
    let [(hot, hot_share), (cold, cold_share)] = ways;
    go(tree, prepared, hot, path.clone(), (unknown * hot_share, known, column), show);
    go(tree, prepared, cold, path, (unknown * cold_share, 0.0, column), show);
}

fn extend(path: &mut Vec<Step>, unknown: f64, known: f64, column: usize) {
    let length = path.len();
    path.push(Step { column, unknown, known, weight: if length == 0 { 1.0 } else { 0.0 } });
    let n = (length + 1) as f64;
    for size in (0..length).rev() {
        let weight = path[size].weight;
        path[size + 1].weight += known * weight * (size + 1) as f64 / n;
        path[size].weight = unknown * weight * (length - size) as f64 / n;
    }
}

/// The way without one of its columns.
fn take_out(path: &mut Vec<Step>, step: usize) {
    let last = path.len() - 1;
    let Step { unknown, known, .. } = path[step];
    let n = path.len() as f64;
    let mut next = path[last].weight;
    for size in (0..last).rev() {
        let weight = path[size].weight;
        if known == 0.0 {
            path[size].weight = weight * n / (unknown * (last - size) as f64);
        } else {
            path[size].weight = next * n / ((size + 1) as f64 * known);
            next = weight - path[size].weight * unknown * (last - size) as f64 / n;
        }
    }
    for at in step..last {
        let Step { column, unknown, known, .. } = path[at + 1];
        path[at] = Step { column, unknown, known, ..path[at] };
    }
    path.pop();
}

/// The sum of the weights of the way without one of its columns.
fn weights_without(path: &[Step], step: usize) -> f64 {
    let last = path.len() - 1;
    let Step { unknown, known, .. } = path[step];
    let (mut next, mut total) = (path[last].weight, 0.0);
    for size in (0..last).rev() {
        if known == 0.0 {
            total += path[size].weight / (unknown * (last - size) as f64);
        } else {
            let part = next / ((size + 1) as f64 * known);
            total += part;
            next = path[size].weight - part * unknown * (last - size) as f64;
        }
    }
    total * path.len() as f64
}
