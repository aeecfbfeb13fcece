//! Cost-complexity pruning (Breiman, Friedman, Olshen and Stone, 1984, chapter 3).

use super::grow::Grown;

/// Takes splits back that explain less than `cost` for each leaf that they add. `explained` is of a node. What is left is the
/// smallest tree that explains most when each of its leaves costs so much.
pub(super) fn prune(grown: &mut Grown, cost: f64, explained: impl Fn(usize) -> f64) {
    // Per node what its leaves explain less their cost, if its splits are chosen best. Children come after their parents.
    let mut best: Vec<f64> = (0..grown.made.len()).map(|node| explained(node) - cost).collect();
    for node in (0..grown.made.len()).rev() {
        let Some((_, left)) = grown.made[node] else { continue };
        let of_children = best[left] + best[left + 1];
        match of_children > best[node] {
            true => best[node] = of_children,
            false => grown.made[node] = None,
        }
    }
}
