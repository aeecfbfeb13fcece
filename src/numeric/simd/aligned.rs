//! Numbers that begin on a cache line.

use std::ops::{Deref, DerefMut};

/// What processors load and store at a time, in bytes.
const LINE: usize = 64;

/// Numbers that begin on a cache line, so that no vector of theirs lies on two lines and takes two loads.
#[derive(Debug)]
pub(crate) struct Aligned {
    /// With room to spare for the beginning.
    numbers: Vec<f64>,
    first: usize,
    n: usize,
}

impl Aligned {
    /// That many zeros.
    pub(crate) fn zeros(n: usize) -> Self {
        let spare = LINE / size_of::<f64>() - 1;
        let numbers = vec![0.0; n + spare];
        // A target that cannot tell leaves them where they are.
        let first = numbers.as_ptr().align_offset(LINE).min(spare);
        Self { numbers, first, n }
    }

    /// Parts of these sizes, one after the other. They too begin on a line if each size is a multiple of eight.
    pub(crate) fn parts<const N: usize>(&mut self, sizes: [usize; N]) -> [&mut [f64]; N] {
        let mut rest = &mut **self;
        sizes.map(|size| {
            let (part, others) = std::mem::take(&mut rest).split_at_mut(size);
            rest = others;
            part
        })
    }
}

impl Deref for Aligned {
    type Target = [f64];

    #[inline(always)]
    fn deref(&self) -> &[f64] {
        &self.numbers[self.first..][..self.n]
    }
}

impl DerefMut for Aligned {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f64] {
        &mut self.numbers[self.first..][..self.n]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_on_a_line_wherever_they_are() {
        for n in [0, 1, 7, 8, 100, 100_000] {
            let mut numbers = Aligned::zeros(n);
            numbers.fill(1.0);
            assert_eq!((numbers.len(), numbers.as_ptr().align_offset(LINE)), (n, 0));
        }
        let mut numbers = Aligned::zeros(48);
        for (part, size) in numbers.parts([16, 0, 8, 24]).into_iter().zip([16, 0, 8, 24]) {
            assert_eq!((part.len(), part.as_ptr().align_offset(LINE)), (size, 0));
        }
    }
}
