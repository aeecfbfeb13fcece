//! The kernels of an objective on a block of rows.

use super::loss::Loss;
use super::row_losses::RowLosses;
use crate::numeric::elementary::{LogSum, ln_1p};
use crate::numeric::simd::{Aligned, Columns, Part, add_products, write_scores};
use crate::train::linear::derivatives::{Derivatives, Order};
use crate::train::linear::design::{DesignBlock, PANEL_ROWS, Panel};
use crate::train::linear::separation::Margins;
use tepal_kernels::{Kernel, Vectors, dot_with, sum};

// The odds of each row of a panel are below the number of classes: see `LogSum::add`.
const _: () = assert!(crate::limits::CLASSES <= 10_000 && 4 * PANEL_ROWS <= 256);

/// Adds the derivatives of the loss on a block.
pub(super) struct BlockKernel<'a> {
    pub(super) loss: Loss,
    pub(super) width: usize,
    pub(super) n_outputs: usize,
    pub(super) block: &'a DesignBlock,
    pub(super) parameters: &'a [f64],
    pub(super) order: Order,
    /// Whether the only square is the Gram matrix.
    pub(super) is_shared: bool,
    pub(super) derivatives: &'a mut Derivatives,
}

impl Kernel for BlockKernel<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) {
        let Self { loss, width, n_outputs, block, parameters, order, is_shared, derivatives } = self;
        let most_rows = block.panel_rows();
        let n_squares = derivatives.hessian.len() / (width * width);
        let n_second_derivatives = if is_shared { 0 } else { n_squares };
        // One allocation serves all: on few rows allocations take much of an iteration.
        let n_scaled = if n_squares == 0 { 0 } else { width };
        let sizes = [n_outputs, 1, 1, n_second_derivatives, n_scaled].map(|n_numbers| n_numbers * most_rows);
        let mut memory = Aligned::zeros(sizes.iter().sum());
        let [scores, losses, odds, second_derivatives, scaled] = memory.parts(sizes);
        let mut logarithms = LogSum::default();

        for Panel { n_rows, columns, targets, weights } in block.panels() {
            let padded = targets.len();
            let scores = &mut scores[..padded * n_outputs];
            let (losses, odds) = (&mut losses[..padded], &mut odds[..padded]);
            let second_derivatives = &mut second_derivatives[..padded * n_second_derivatives];
            write_scores(vectors, scores, columns, parameters);
            loss.evaluate(RowLosses { order, targets, scores, losses, odds, second_derivatives });
            if weights.is_empty() {
                derivatives.loss += sum(&losses[..n_rows]);
                logarithms.add(vectors, &odds[..n_rows]);
            } else {
                losses.iter_mut().zip(odds).for_each(|(loss, odds)| *loss += ln_1p(*odds));
                derivatives.loss += dot_with(vectors, losses, weights);
                for values in scores.chunks_exact_mut(padded).chain(second_derivatives.chunks_exact_mut(padded)) {
                    values.iter_mut().zip(weights).for_each(|(value, weight)| *value *= weight);
                }
            }
            add_products(vectors, &mut derivatives.gradient, Columns::new(scores, padded), columns, Part::Whole);
            for (index, square) in derivatives.hessian.chunks_exact_mut(width * width).enumerate() {
                let factors = if is_shared { weights } else { &second_derivatives[index * padded..][..padded] };
                add_squares(vectors, square, columns, factors, scaled);
            }
        }
        derivatives.loss += logarithms.total();
    }
}

/// Adds each row's outer product times its factor; all factors are 1 when there are none.
#[inline(always)]
fn add_squares<V: Vectors>(vectors: V, square: &mut [f64], columns: Columns<'_>, factors: &[f64], scaled: &mut [f64]) {
    if factors.is_empty() {
        return add_products(vectors, square, columns, columns, Part::Lower);
    }
    for (scaled, column) in scaled.chunks_exact_mut(factors.len()).zip(columns.iter()) {
        scaled.iter_mut().zip(column).zip(factors).for_each(|((scaled, value), factor)| *scaled = value * factor);
    }
    add_products(vectors, square, Columns::new(&scaled[..columns.size()], factors.len()), columns, Part::Lower);
}

/// The rows' margins along a direction.
pub(super) struct MarginKernel<'a> {
    pub(super) block: &'a DesignBlock,
    pub(super) direction: &'a [f64],
    pub(super) n_outputs: usize,
}

impl Kernel for MarginKernel<'_> {
    type Output = Margins;

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) -> Margins {
        let Self { block, direction, n_outputs } = self;
        // Of two classes the first has the score 0.
        let output_of = |class: usize| if n_outputs == 1 { class.checked_sub(1) } else { Some(class) };
        let (mut smallest, mut largest) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut slopes_of_smallest = vec![0.0; direction.len()];
        let width = direction.len() / n_outputs;
        let mut scores = Aligned::zeros(block.panel_rows() * n_outputs);
        for Panel { n_rows, columns, targets, weights } in block.panels() {
            let scores = &mut scores[..targets.len() * n_outputs];
            write_scores(vectors, scores, columns, direction);
            for row in (0..n_rows).filter(|row| weights.get(*row) != Some(&0.0)) {
                let class = targets[row] as usize;
                for other in (0..n_outputs.max(2)).filter(|other| *other != class) {
                    let signed_outputs = || [(class, 1.0), (other, -1.0)].map(|(class, sign)| (output_of(class), sign));
                    let of_output = |(output, sign): (Option<usize>, f64)| {
                        output.map_or(0.0, |output| sign * scores[output * targets.len() + row])
                    };
                    let margin: f64 = signed_outputs().into_iter().map(of_output).sum();
                    largest = largest.max(margin);
                    if margin < smallest {
                        smallest = margin;
                        slopes_of_smallest.fill(0.0);
                        for (output, sign) in signed_outputs() {
                            let Some(output) = output else { continue };
                            let slopes = slopes_of_smallest[output * width..][..width].iter_mut();
                            slopes.zip(columns.iter()).for_each(|(slope, column)| *slope = sign * column[row]);
                        }
                    }
                }
            }
        }
        Margins { smallest, largest, slopes_of_smallest }
    }
}

/// Adds the Gram matrix of a block: each row's outer product times its weight.
pub(super) struct GramKernel<'a> {
    pub(super) block: &'a DesignBlock,
    pub(super) width: usize,
    pub(super) square: &'a mut [f64],
}

impl Kernel for GramKernel<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) {
        let Self { block, width, square } = self;
        let mut scaled = Aligned::zeros(block.panel_rows() * width);
        for Panel { columns, weights, .. } in block.panels() {
            add_squares(vectors, square, columns, weights, &mut scaled);
        }
    }
}
