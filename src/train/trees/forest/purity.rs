//! What a node sums over its rows, and how pure that says it is.

/// What a row adds to the sums of its node.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Item {
    /// The target times the weight, in units; or the class.
    pub(super) target: i64,
    /// In units, above 0.
    pub(super) weight: i64,
}

/// What is summed. Splits reduce the squared error of a number, and of classes that of their shares, which is their Gini impurity.
pub(super) trait Purity: Copy + Sync {
    /// How many sums there are.
    fn width(self) -> usize;

    /// Adds a row.
    fn add(self, sums: &mut [i64], item: Item);

    /// The weight of the rows.
    fn weight(self, sums: &[i64]) -> i64;

    /// A sum of squares, which divided by the weight is how much of the squared error the best constants explain, in units. That
    /// grows by what a split takes away.
    fn squares(self, sums: &[i64]) -> f64;

    /// See [`Purity::squares`].
    fn explained(self, sums: &[i64]) -> f64 {
        self.squares(sums) / self.weight(sums) as f64
    }

    /// How many orders of categories are tried. One is enough for a number or two classes (Fisher, 1958).
    fn n_orders(self) -> usize;

    /// The mean by which categories are put in such an order.
    fn mean(self, sums: &[i64], order: usize) -> f64;
}

/// A number, or which of two classes. The sums are the target times the weight, and the weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number;

/// So many classes. The sums are their weights.
#[derive(Debug, Clone, Copy)]
pub(super) struct Classes(pub(super) usize);

impl Purity for Number {
    #[inline(always)]
    fn width(self) -> usize {
        2
    }

    #[inline(always)]
    fn add(self, sums: &mut [i64], item: Item) {
        sums[0] += item.target;
        sums[1] += item.weight;
    }

    #[inline(always)]
    fn weight(self, sums: &[i64]) -> i64 {
        sums[1]
    }

    #[inline(always)]
    fn squares(self, sums: &[i64]) -> f64 {
        let sum = sums[0] as f64;
        sum * sum
    }

    fn n_orders(self) -> usize {
        1
    }

    fn mean(self, sums: &[i64], _: usize) -> f64 {
        sums[0] as f64 / sums[1] as f64
    }
}

impl Purity for Classes {
    #[inline(always)]
    fn width(self) -> usize {
        self.0
    }

    #[inline(always)]
    fn add(self, sums: &mut [i64], item: Item) {
        sums[item.target as usize] += item.weight;
    }

    #[inline(always)]
    fn weight(self, sums: &[i64]) -> i64 {
        sums.iter().sum()
    }

    #[inline(always)]
    fn squares(self, sums: &[i64]) -> f64 {
        sums.iter().map(|sum| *sum as f64 * *sum as f64).sum()
    }

    fn n_orders(self) -> usize {
        self.0
    }

    fn mean(self, sums: &[i64], order: usize) -> f64 {
        sums[order] as f64 / self.weight(sums) as f64
    }
}
