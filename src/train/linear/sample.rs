//! A warm start on a sample, for many rows. Iterations on the sample are cheap, and few iterations on all rows remain.
//! It is only a start: the certificate on all rows decides the answer.

use super::design::{DesignBlock, DesignRows, Panel};
use super::minimizer::{Minimizer, State};
use super::objective::Objective;
use crate::table::TargetSchema;
use bincode::{Decode, Encode};

/// The denominators of the smallest and the largest fraction of the rows in a sample.
const PARTS: (usize, usize) = (16, 8);
/// The approximate maximum number of rows, and of values times outputs. The sample is held in memory beside a stream,
/// and one thread fits it without a pause.
const MOST_ROWS: usize = 1 << 13;
const MOST_PRODUCTS: usize = 1 << 22;
/// The number of rows per parameter, within those bounds. A sample with fewer rows per parameter of one output says
/// little about the other rows, and is not taken.
const ROWS_PER_PARAMETER: usize = 16;
/// The tolerance on a sample, as a fraction of the sampling error of its gradient; and the maximum number of
/// iterations.
const SMALL_PART: f64 = 0.03;
const MAX_ITERATIONS: usize = 30;

/// A stratified sample: every n-th row of each class, where n is the stride of the class. A rare class is taken whole.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct Sampling {
    strides: Vec<usize>,
}

impl Sampling {
    /// A sample of rows with these classes, if it is worth its cost.
    pub(super) fn of(target: &TargetSchema, width: usize, n_outputs: usize) -> Option<Self> {
        // Least squares need one iteration anyway.
        let TargetSchema::Classes { counts, .. } = target else { return None };
        let n_rows = counts.iter().sum::<u64>() as usize;
        let n_classes = counts.len().max(1);
        let enough = (ROWS_PER_PARAMETER * width * n_classes).clamp(n_rows / PARTS.0, n_rows / PARTS.1);
        let n_taken = enough.min(MOST_ROWS).min(MOST_PRODUCTS / (width * n_outputs));
        let n_of_class = n_taken / n_classes;
        let is_worth_it = n_of_class > 0 && n_taken >= ROWS_PER_PARAMETER * width;
        is_worth_it.then(|| Self { strides: counts.iter().map(|n| (*n as usize / n_of_class).max(1)).collect() })
    }

    /// The sampled rows of a block. Their weights stand for the rows left out.
    pub(super) fn take(&self, block: &DesignBlock) -> DesignRows {
        // The count starts at another row in each block. Otherwise the first rows of all blocks would be taken.
        let start = (block.index as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        // Per class, the number of rows before the next one taken.
        let before = |stride: &usize| (*stride as u64 - start % *stride as u64) % *stride as u64;
        let mut left: Vec<u64> = self.strides.iter().map(before).collect();
        let mut taken = DesignRows::default();
        for Panel { n_rows, columns, targets, weights } in block.panels() {
            for row in 0..n_rows {
                let class = targets[row] as usize;
                if left[class] > 0 {
                    left[class] -= 1;
                } else {
                    left[class] = self.strides[class] as u64 - 1;
                    taken.rows.extend(columns.iter().map(|column| column[row]));
                    taken.targets.push(targets[row]);
                    let weight = weights.get(row).copied().unwrap_or(1.0);
                    taken.weights.push(weight * self.strides[class] as f64);
                }
            }
        }
        taken
    }
}

/// Runs a minimizer at its start on a sample, and prepares it for all rows.
pub(super) fn warm_up(minimizer: &mut Minimizer, objective: &Objective, sample: DesignRows) {
    // The relative gradient of the intercept-only model is about 1. Its sampling error on n rows is about 1 / sqrt(n).
    let tolerance = SMALL_PART / (sample.targets.len() as f64).sqrt();
    let block = DesignBlock::of_rows(sample);
    let evaluate = |parameters: &[f64], order| {
        objective.finish(objective.evaluate_block(&block, parameters, order), parameters, order)
    };
    for _ in 0..MAX_ITERATIONS {
        let (parameters, order) = minimizer.ask();
        minimizer.tell(evaluate(parameters, order));
        let is_close =
            minimizer.point().is_some_and(|point| objective.certify(&point.derivatives, tolerance).converged());
        if is_close || minimizer.state() == State::Stalled {
            break;
        }
    }
    minimizer.change_rows(evaluate);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Labels;

    fn target(counts: &[u64]) -> TargetSchema {
        let classes = Labels::from_numbers((0..counts.len()).map(|class| class as f64).collect()).unwrap();
        TargetSchema::Classes { name: "y".into(), classes, counts: counts.to_vec(), positive: None }
    }

    /// Rows whose only column is their number, every tenth of the second class.
    fn block(n_rows: usize, weights: Vec<f64>) -> DesignBlock {
        let numbers = (0..n_rows).map(|row| row as f64);
        let targets = (0..n_rows).map(|row| f64::from(u8::from(row % 10 == 3)));
        DesignBlock::of_rows(DesignRows { rows: numbers.collect(), targets: targets.collect(), weights })
    }

    #[test]
    fn a_sample_is_worth_it_where_rows_are_many() {
        for (counts, n_outputs, width, is_worth_it) in [
            (&[75, 75][..], 1, 5, false),
            (&[1000, 1000], 1, 6, true),
            (&[180; 10], 10, 65, false),
            (&[2000; 10], 10, 65, true),
        ] {
            assert_eq!(Sampling::of(&target(counts), width, n_outputs).is_some(), is_worth_it, "{counts:?}");
        }
        // So many numbers are not held in memory beside a stream.
        assert_eq!(Sampling::of(&target(&[1 << 20, 1 << 20]), 1000, 1), None);
    }

    #[test]
    fn a_rare_class_is_there_whole_and_the_others_count_for_those_left_out() {
        let sampling = Sampling { strides: vec![9, 1] };
        let taken = sampling.take(&block(100, Vec::new()));
        let n_of_class =
            |class: f64| taken.targets.iter().zip(&taken.weights).filter(move |(target, _)| **target == class);
        assert_eq!((n_of_class(0.0).count(), n_of_class(1.0).count()), (10, 10));
        assert!(n_of_class(0.0).all(|(_, weight)| *weight == 9.0) && n_of_class(1.0).all(|(_, weight)| *weight == 1.0));
        // The first of the common class and then every ninth; the row of the rare class before it is not counted.
        assert_eq!(taken.rows[..4], [0.0, 3.0, 10.0, 13.0]);
        let weighted = sampling.take(&block(100, vec![0.5; 100]));
        assert_eq!(weighted.weights.iter().sum::<f64>(), 50.0);
    }

    #[test]
    fn many_blocks_give_no_more_rows_than_one() {
        let sampling = Sampling { strides: vec![900, 300] };
        let taken: Vec<DesignRows> = (0..1000)
            .map(|index| {
                let mut block = block(100, Vec::new());
                block.index = index;
                sampling.take(&block)
            })
            .collect();
        let n_of = |class: f64| taken.iter().flat_map(|rows| &rows.targets).filter(|target| **target == class).count();
        // 90,000 rows of one class, 10,000 of the other.
        assert!((90..=110).contains(&n_of(0.0)) && (25..=45).contains(&n_of(1.0)), "{} {}", n_of(0.0), n_of(1.0));
    }
}
