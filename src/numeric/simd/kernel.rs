//! Work that is compiled for every kind of vectors, and done with the best that the processor has.

use crate::numeric::vectors::{Portable, Vectors};
#[cfg(target_arch = "x86_64")]
use pulp::x86::{V3, V4};

/// Work that is worth compiling for several kinds of vectors. Its body, and what it calls, must be inlined into it. A closure
/// that calls vectors may not be: then it is a function for every processor, which calls each operation. Use a loop.
pub(crate) trait Kernel {
    type Output;

    fn run<V: Vectors>(self, vectors: V) -> Self::Output;
}

/// Runs a kernel as compiled for the best vectors that this processor has. The bits are the same with all of them: see
/// [`super::columns`].
pub(crate) fn vectorized<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = V4::try_new() {
        return avx512.vectorize(Compiled(kernel, avx512));
    } else if let Some(avx) = V3::try_new() {
        return avx.vectorize(Compiled(kernel, avx));
    }
    kernel.run(Portable)
}

#[cfg(target_arch = "x86_64")]
pub(super) struct Compiled<K, V>(pub(super) K, pub(super) V);

#[cfg(target_arch = "x86_64")]
impl<K: Kernel, V: Vectors> pulp::NullaryFnOnce for Compiled<K, V> {
    type Output = K::Output;

    #[inline(always)]
    fn call(self) -> K::Output {
        self.0.run(self.1)
    }
}
