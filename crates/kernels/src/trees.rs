//! Sums and means of decision trees for many rows, or for one.
//!
//! A walk down a tree waits for memory at every node. So several walks go on at once: those of eight rows, or of one row in eight
//! trees (Asadi, Lin and de Vries, "Runtime optimizations for tree-based machine learning models", 2014). A leaf leads to
//! itself, and all walks take as many steps as the longest. Leaves are added in the order of the trees, so that the bits
//! are those of one row alone.

/// So many walks at once.
const WALKS: usize = 8;

/// So many rows go through a tree before the next one comes: prepared, they and the tree stay in the cache. More of them share what it
/// takes to fetch a tree that is large.
const BLOCK_ROWS: usize = 64;
const BLOCK_ROWS_OF_LARGE_TREES: usize = 2048;
const LARGE_TREE: usize = 1 << 10;

/// A node of a tree, as [`TreeSums::push`] takes it.
#[derive(Debug, Clone, Copy)]
pub enum TreeNode<'a> {
    /// What is added: one number, or one for each score.
    Leaf(&'a [f64]),
    /// Numbers up to `threshold` go left.
    AtMost {
        /// The column that is looked at.
        column: usize,
        /// The largest number that goes left.
        threshold: f64,
        /// Whether NaN goes left.
        missing_left: bool,
    },
    /// Positions below `n` whose bit is set go left. A bit for each, the lowest of the first word for 0.
    OneOf {
        /// The column that is looked at.
        column: usize,
        /// How many positions the set knows.
        n: usize,
        /// The bits.
        set: &'a [u32],
        /// Whether NaN and other positions go left.
        missing_left: bool,
    },
}

/// A node as the walk needs it: 16 bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    /// The bits of a threshold or of a leaf's number, of several where they begin; of a set where it begins, and above how many
    /// positions it knows.
    bits: u64,
    /// The left child, which the right one follows; of a leaf the leaf itself.
    left: u32,
    /// The column that is looked at, and what kind of node it is.
    column_and_kind: u32,
}

/// The columns there may be.
const COLUMNS: u32 = 1 << 29;
/// Of a kind: missing values go left.
const MISSING_LEFT: u32 = 1 << 29;
/// Of a kind: a set decides.
const SET: u32 = 1 << 30;
/// Of a kind: it has two children. It is the highest bit.
const SPLIT: u32 = 1 << 31;

#[derive(Debug, Clone, Copy)]
struct Root {
    step: u32,
    depth: u32,
}

/// Trees whose leaves are added up.
#[derive(Debug, Clone)]
pub struct TreeSums {
    base: Vec<f64>,
    n_columns: usize,
    steps: Vec<Step>,
    roots: Vec<Root>,
    sets: Vec<u32>,
    /// The numbers of leaves that have one for each of several scores.
    leaves: Vec<f64>,
    is_mean: bool,
    is_single: bool,
}

impl TreeSums {
    /// No trees yet. `base` has what each of S scores begins with. With S scores tree t, counted from 0, adds one number to score
    /// t mod S. Rows have so many columns, less than 2^29.
    pub fn new(base: &[f64], n_columns: usize) -> Self {
        Self {
            base: base.to_vec(),
            n_columns,
            steps: Vec::new(),
            roots: Vec::new(),
            sets: Vec::new(),
            leaves: Vec::new(),
            is_mean: false,
            is_single: false,
        }
    }

    /// The same with each sum rounded to 32 bits after each leaf. Base and leaves are such numbers: two of them added in 64 bits and
    /// rounded are their sum in 32 bits (Figueroa, "When is double rounding innocuous?", 1995).
    #[must_use]
    pub fn in_single_precision(self) -> Self {
        Self { is_single: true, ..self }
    }

    /// No trees yet, whose mean is taken: each adds a number to each of S scores, and the sums are divided by the trees.
    pub fn mean(n_scores: usize, n_columns: usize) -> Self {
        Self { is_mean: true, ..Self::new(&vec![0.0; n_scores], n_columns) }
    }

    /// Adds a tree. Its nodes stand level by level: the children of its k-th split, counted from 0, are nodes 1 + 2 k and
    /// 2 + 2 k. `depth` is the most splits on the way to a leaf.
    pub fn push<'a>(&mut self, nodes: impl Iterator<Item = TreeNode<'a>>, depth: usize) {
        let root = self.steps.len() as u32;
        let mut left = root + 1;
        for node in nodes {
            let mut split = |bits: u64, column: usize, kind: u32, missing_left: bool| {
                left += 2;
                let kind = SPLIT | kind | if missing_left { MISSING_LEFT } else { 0 };
                Step { bits, left: left - 2, column_and_kind: kind | column as u32 }
            };
            let step = match node {
                TreeNode::Leaf(numbers) => {
                    let bits = match numbers {
                        [number] => number.to_bits(),
                        _ => self.leaves.len() as u64,
                    };
                    if numbers.len() > 1 {
                        self.leaves.extend_from_slice(numbers);
                    }
                    Step { bits, left: self.steps.len() as u32, ..Step::default() }
                }
                TreeNode::AtMost { column, threshold, missing_left } => {
                    split(threshold.to_bits(), column, 0, missing_left)
                }
                TreeNode::OneOf { column, n, set, missing_left } => {
                    let begin = self.sets.len();
                    self.sets.extend_from_slice(set);
                    split((n as u64) << 32 | begin as u64, column, SET, missing_left)
                }
            };
            self.steps.push(step);
        }
        self.roots.push(Root { step: root, depth: depth as u32 });
    }

    /// Writes the S scores of each of n rows, which are n x C numbers, NaN for a missing one.
    pub fn write(&self, rows: &[f64], out: &mut [f64]) {
        let n_scores = self.base.len();
        let are_large = self.steps.len() > LARGE_TREE * self.roots.len();
        let block_rows = if are_large { BLOCK_ROWS_OF_LARGE_TREES } else { BLOCK_ROWS };
        let blocks = rows.chunks(block_rows * self.n_columns).zip(out.chunks_mut(block_rows * n_scores));
        for (rows, out) in blocks {
            // Sets are looked up row by row: few models have them, and the code would be there twice.
            let groups = if self.sets.is_empty() { rows.len() / (WALKS * self.n_columns) * WALKS } else { 0 };
            let (grouped, rest) = rows.split_at(groups * self.n_columns);
            let (out, out_of_rest) = out.split_at_mut(groups * n_scores);
            out.chunks_exact_mut(n_scores).for_each(|out| out.copy_from_slice(&self.base));
            for (root, score) in self.roots.iter().zip((0..n_scores).cycle()) {
                let groups = grouped.chunks_exact(WALKS * self.n_columns).zip(out.chunks_exact_mut(WALKS * n_scores));
                for (rows, out) in groups {
                    for (row, end) in self.eight_rows(*root, rows).into_iter().enumerate() {
                        self.add(end, score, &mut out[row * n_scores..][..n_scores]);
                    }
                }
            }
            let rest = rest.chunks_exact(self.n_columns).zip(out_of_rest.chunks_exact_mut(n_scores));
            rest.for_each(|(row, out)| self.one_row(row, out));
        }
        if self.is_mean {
            let n_trees = self.roots.len() as f64;
            out.iter_mut().for_each(|score| *score /= n_trees);
        }
    }

    /// Adds what stands at a leaf.
    #[inline(always)]
    fn add(&self, bits: u64, score: usize, out: &mut [f64]) {
        if self.leaves.is_empty() {
            let sum = out[score] + f64::from_bits(bits);
            out[score] = if self.is_single { f64::from(sum as f32) } else { sum };
        } else {
            self.add_numbers(bits as usize, out);
        }
    }

    /// Adds the numbers of a leaf to all scores. It is a call: the loop would else be compiled for each of eight walks.
    #[inline(never)]
    fn add_numbers(&self, begin: usize, out: &mut [f64]) {
        let numbers = self.leaves.get(begin..).unwrap_or_default();
        out.iter_mut().zip(numbers).for_each(|(out, number)| *out += number);
    }

    /// The leaves that eight rows come to in a tree without sets.
    #[inline(always)]
    fn eight_rows(&self, root: Root, rows: &[f64]) -> [u64; WALKS] {
        let mut at = [root.step; WALKS];
        for _ in 0..root.depth {
            let mut kinds = 0;
            for (walk, at) in at.iter_mut().enumerate() {
                let step = self.step(*at);
                let value = rows.get(walk * self.n_columns + step.column()).copied().unwrap_or(f64::NAN);
                *at = step.child(step.goes_right_as_number(value));
                kinds |= step.column_and_kind;
            }
            // The longest way down a large tree is much longer than most.
            if kinds & SPLIT == 0 {
                break;
            }
        }
        at.map(|at| self.step(at).bits)
    }

    /// The scores of a row.
    #[inline(never)]
    fn one_row(&self, row: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&self.base);
        let mut scores = (0..self.base.len()).cycle();
        for roots in self.roots.chunks(WALKS) {
            let mut at = [0; WALKS];
            at.iter_mut().zip(roots).for_each(|(at, root)| *at = root.step);
            for _ in 0..roots.iter().map(|root| root.depth).max().unwrap_or(0) {
                let mut kinds = 0;
                for at in &mut at[..roots.len()] {
                    let step = self.step(*at);
                    let value = row.get(step.column()).copied().unwrap_or(f64::NAN);
                    *at = step.child(step.goes_right(value, &self.sets));
                    kinds |= step.column_and_kind;
                }
                if kinds & SPLIT == 0 {
                    break;
                }
            }
            for (at, score) in at[..roots.len()].iter().zip(&mut scores) {
                self.add(self.step(*at).bits, score, out);
            }
        }
    }

    #[inline(always)]
    fn step(&self, at: u32) -> Step {
        self.steps.get(at as usize).copied().unwrap_or_default()
    }
}

impl Step {
    #[inline(always)]
    fn column(self) -> usize {
        (self.column_and_kind & (COLUMNS - 1)) as usize
    }

    /// Where a walk goes on; from a leaf it does not.
    #[inline(always)]
    fn child(self, goes_right: bool) -> u32 {
        self.left + (u32::from(goes_right) & (self.column_and_kind >> 31))
    }

    /// Where no set decides. Without branches: which way a walk goes cannot be foretold.
    #[inline(always)]
    fn goes_right_as_number(self, value: f64) -> bool {
        (value > f64::from_bits(self.bits)) | (value.is_nan() & (self.column_and_kind & MISSING_LEFT == 0))
    }

    /// Likewise without branches: a number looks up a word too, and drops it.
    #[inline(always)]
    fn goes_right(self, value: f64, sets: &[u32]) -> bool {
        let (position, begin, n) = (value as u32, self.bits as u32, (self.bits >> 32) as u32);
        let word = sets.get(begin.wrapping_add(position / 32) as usize).copied().unwrap_or(0);
        let is_known = !value.is_nan() & (position < n);
        let is_outside = (word >> (position % 32)) & 1 == 0;
        let goes_right_as_category = (is_known & is_outside) | (!is_known & (self.column_and_kind & MISSING_LEFT == 0));
        if self.column_and_kind & SET == 0 { self.goes_right_as_number(value) } else { goes_right_as_category }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some numbers that look like chance.
    fn number(seed: usize) -> usize {
        (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29).wrapping_mul(0xBF58_476D_1CE4_E5B9) as usize
            >> 33
    }

    #[derive(Clone)]
    enum Node {
        Leaf(f64),
        AtMost(usize, f64, bool),
        OneOf(usize, Vec<u32>, bool),
    }

    const N_COLUMNS: usize = 5;
    const N_CATEGORIES: usize = 40;

    /// A tree over four columns of numbers and one of categories, and its depth.
    fn tree(seed: usize, with_sets: bool) -> (Vec<Node>, usize) {
        let (mut nodes, mut depths, mut at) = (Vec::new(), vec![0], 0);
        while at < depths.len() {
            let chance = number(seed * 1000 + at);
            let depth = depths[at];
            let missing_left = (chance / 7).is_multiple_of(2);
            if chance.is_multiple_of(5) || depth == 6 {
                nodes.push(Node::Leaf(chance as f64 / 1e9 - 1.0));
            } else {
                depths.extend([depth + 1; 2]);
                nodes.push(match chance % 5 {
                    4 if with_sets => {
                        Node::OneOf(4, vec![number(chance) as u32, number(chance + 1) as u32 & 255], missing_left)
                    }
                    column => Node::AtMost(column % 4, number(chance) as f64 % 7.0, missing_left),
                });
            }
            at += 1;
        }
        let depth = depths.into_iter().max().unwrap_or(0);
        (nodes, depth)
    }

    /// By the definition.
    fn value(nodes: &[Node], row: &[f64]) -> f64 {
        let mut at = 0;
        loop {
            let goes_left = match &nodes[at] {
                Node::Leaf(value) => return *value,
                Node::AtMost(column, threshold, missing_left) => match row[*column] {
                    value if value.is_nan() => *missing_left,
                    value => value <= *threshold,
                },
                Node::OneOf(column, set, missing_left) => match row[*column] {
                    value if value.is_nan() || value >= N_CATEGORIES as f64 => *missing_left,
                    value => set[value as usize / 32] >> (value as usize % 32) & 1 == 1,
                },
            };
            let n_splits = nodes[..at].iter().filter(|node| !matches!(node, Node::Leaf(_))).count();
            at = 1 + 2 * n_splits + usize::from(!goes_left);
        }
    }

    #[test]
    fn every_row_has_the_sum_of_its_leaves() {
        for (n_scores, with_sets, with_missing) in
            [(1, false, false), (1, false, true), (3, true, true), (2, true, false)]
        {
            let base: Vec<f64> = (0..n_scores).map(|score| score as f64 / 3.0).collect();
            let trees: Vec<(Vec<Node>, usize)> = (0..19 * n_scores).map(|seed| tree(seed, with_sets)).collect();
            let mut sums = TreeSums::new(&base, N_COLUMNS);
            for (nodes, depth) in &trees {
                let nodes = nodes.iter().map(|node| match node {
                    Node::Leaf(value) => TreeNode::Leaf(std::slice::from_ref(value)),
                    Node::AtMost(column, threshold, missing_left) => {
                        TreeNode::AtMost { column: *column, threshold: *threshold, missing_left: *missing_left }
                    }
                    Node::OneOf(column, set, missing_left) => {
                        TreeNode::OneOf { column: *column, n: N_CATEGORIES, set, missing_left: *missing_left }
                    }
                });
                sums.push(nodes, *depth);
            }
            for n_rows in [0, 1, 7, 8, 9, 63, 64, 150] {
                let cell = |at: usize| match number(at + n_rows) {
                    chance if with_missing && chance % 11 == 0 => f64::NAN,
                    chance if at % N_COLUMNS == 4 => (chance % (N_CATEGORIES + 2)) as f64,
                    chance => (chance % 71) as f64 / 10.0,
                };
                let rows: Vec<f64> = (0..n_rows * N_COLUMNS).map(cell).collect();
                let mut out = vec![f64::NAN; n_rows * n_scores];
                sums.write(&rows, &mut out);
                for (row, out) in rows.chunks_exact(N_COLUMNS).zip(out.chunks_exact(n_scores)) {
                    let mut expected = base.clone();
                    trees.iter().enumerate().for_each(|(t, (nodes, _))| expected[t % n_scores] += value(nodes, row));
                    assert_eq!(out, expected, "{n_rows} rows");
                }
            }
        }
    }

    #[test]
    fn a_sum_in_single_precision_is_that_of_32_bits() {
        let leaves: Vec<f64> = (0..50).map(|t| f64::from((number(t) as f32 / 1e8 - 4.0) * 0.1)).collect();
        let base = 0.1_f32;
        let mut sums = TreeSums::new(&[f64::from(base)], 1).in_single_precision();
        leaves.iter().for_each(|leaf| sums.push([TreeNode::Leaf(std::slice::from_ref(leaf))].into_iter(), 0));
        let expected = leaves.iter().fold(base, |sum, leaf| sum + *leaf as f32);
        for n_rows in [1, 8, 19] {
            let mut out = vec![f64::NAN; n_rows];
            sums.write(&vec![0.0; n_rows], &mut out);
            assert_eq!(out, vec![f64::from(expected); n_rows]);
        }
        assert_ne!(f64::from(expected), f64::from(base) + leaves.iter().sum::<f64>());
    }

    #[test]
    fn a_mean_has_a_number_for_each_score() {
        let nodes = |leaves: [[f64; 3]; 2]| {
            let split = TreeNode::AtMost { column: 0, threshold: 0.5, missing_left: true };
            move |sums: &mut TreeSums| {
                sums.push([split].into_iter().chain(leaves.iter().map(|leaf| TreeNode::Leaf(leaf))), 1);
            }
        };
        let mut sums = TreeSums::mean(3, 1);
        nodes([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])(&mut sums);
        nodes([[0.0, 1.0, 0.0], [1.0, 0.0, 0.5]])(&mut sums);
        for n_rows in [1, 9, 70] {
            let rows: Vec<f64> = (0..n_rows).map(|row| f64::from(row % 2)).collect();
            let mut out = vec![f64::NAN; rows.len() * 3];
            sums.write(&rows, &mut out);
            for (row, out) in rows.iter().zip(out.chunks_exact(3)) {
                assert_eq!(out, if *row == 0.0 { [0.5, 1.5, 1.5] } else { [2.5, 2.5, 3.25] });
            }
        }
    }
}
