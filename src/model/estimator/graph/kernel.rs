//! How alike a row and the vectors of a kernel machine are.

use crate::numeric::{dot, exp};

/// A measure of likeness of two vectors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kernel {
    /// exp(-gamma |a - b|^2), the radial basis function.
    Gaussian {
        /// How fast it falls.
        gamma: f64,
    },
    /// (gamma a.b + constant)^degree
    Polynomial {
        /// What the product of the vectors is multiplied by.
        gamma: f64,
        /// What is added.
        constant: f64,
        /// The power.
        degree: f64,
    },
    /// tanh(gamma a.b + constant)
    Sigmoid {
        /// What the product of the vectors is multiplied by.
        gamma: f64,
        /// What is added.
        constant: f64,
    },
}

/// A kernel with the vectors that rows are compared with. They were rows of the training table.
#[derive(Debug, Clone, PartialEq)]
pub struct KernelVectors {
    /// The measure.
    pub kernel: Kernel,
    /// How many numbers a vector has.
    pub width: usize,
    /// The vectors, one behind the other.
    pub vectors: Vec<f64>,
}

impl Kernel {
    /// Its kind in files.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Gaussian { .. } => Self::KINDS[0],
            Self::Polynomial { .. } => Self::KINDS[1],
            Self::Sigmoid { .. } => Self::KINDS[2],
        }
    }

    pub(crate) const KINDS: [&'static str; 3] = ["kernel/gaussian", "kernel/polynomial", "kernel/sigmoid"];

    /// Its parameters in their order.
    pub(crate) fn parameters(self) -> Vec<f64> {
        match self {
            Self::Gaussian { gamma } => vec![gamma],
            Self::Polynomial { gamma, constant, degree } => vec![gamma, constant, degree],
            Self::Sigmoid { gamma, constant } => vec![gamma, constant],
        }
    }

    /// The kernel of that kind; `None` for another number of parameters.
    pub(crate) fn of(kind: &str, parameters: &[f64]) -> Option<Self> {
        let kernel = match *parameters {
            [gamma] => Self::Gaussian { gamma },
            [gamma, constant] => Self::Sigmoid { gamma, constant },
            [gamma, constant, degree] => Self::Polynomial { gamma, constant, degree },
            _ => return None,
        };
        (kernel.kind() == kind).then_some(kernel)
    }

    fn of_vectors(self, a: &[f64], b: &[f64]) -> f64 {
        match self {
            Self::Gaussian { gamma } => {
                let differences: f64 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
                exp(-gamma * differences)
            }
            Self::Polynomial { gamma, constant, degree } => libm::pow(gamma * dot(a, b) + constant, degree),
            Self::Sigmoid { gamma, constant } => libm::tanh(gamma * dot(a, b) + constant),
        }
    }
}

impl KernelVectors {
    /// How many vectors there are; `None` where the last one is not whole.
    pub(super) fn count(&self) -> Option<usize> {
        let is_whole = self.width > 0 && self.vectors.len().is_multiple_of(self.width);
        is_whole.then(|| self.vectors.len() / self.width)
    }

    pub(super) fn write(&self, row: &[f64], out: &mut [f64]) {
        for (vector, out) in self.vectors.chunks_exact(self.width).zip(out) {
            *out = self.kernel.of_vectors(vector, row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_is_that_of_the_formula() {
        let (a, b) = ([1.0, 2.0], [3.0, 1.0]);
        let gaussian = Kernel::Gaussian { gamma: 0.1 };
        assert_eq!(gaussian.of_vectors(&a, &b), exp(-0.5));
        let polynomial = Kernel::Polynomial { gamma: 2.0, constant: 1.0, degree: 2.0 };
        assert_eq!(polynomial.of_vectors(&a, &b), 121.0);
        let sigmoid = Kernel::Sigmoid { gamma: 0.2, constant: -1.0 };
        assert_eq!(sigmoid.of_vectors(&a, &b), 0.0);
        for kernel in [gaussian, polynomial, sigmoid] {
            assert_eq!(Kernel::of(kernel.kind(), &kernel.parameters()), Some(kernel));
        }
        assert_eq!(Kernel::of("kernel/sigmoid", &[1.0]), None);
    }
}
