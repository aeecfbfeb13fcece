//! Work that is compiled for every kind of vectors, and done with the best that the processor has.

use crate::vectors::{Portable, Vectors};
#[cfg(target_arch = "x86_64")]
use pulp::x86::{V3, V4};

/// Work that is worth compiling for several kinds of vectors. Its body, and what it calls, must be inlined into it. A closure
/// that calls vectors may not be: then it is a function for every processor, which calls each operation. Use a loop.
pub trait Kernel {
    /// What the work gives.
    type Output;

    /// Does the work with these vectors.
    fn run<V: Vectors>(self, vectors: V) -> Self::Output;
}

/// Runs a kernel as compiled for the best vectors that this processor has. The bits are the same with all of them: see
/// [`Vectors`].
pub fn vectorized<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = V4::try_new() {
        return avx512.vectorize(Compiled(kernel, avx512));
    } else if let Some(avx) = V3::try_new() {
        return avx.vectorize(Compiled(kernel, avx));
    }
    kernel.run(Portable)
}

/// What a kernel gives with each kind of vectors that this processor has. The bits of all of them should be the same.
pub fn with_every_kind<K: Kernel + Clone>(kernel: &K) -> Vec<K::Output> {
    let portable = [kernel.clone().run(Portable)].into_iter();
    #[cfg(target_arch = "x86_64")]
    let others = [
        V3::try_new().map(|avx| avx.vectorize(Compiled(kernel.clone(), avx))),
        V4::try_new().map(|avx512| avx512.vectorize(Compiled(kernel.clone(), avx512))),
    ];
    #[cfg(not(target_arch = "x86_64"))]
    let others: [Option<K::Output>; 0] = [];
    portable.chain(others.into_iter().flatten()).collect()
}

/// A kernel and the vectors that it is compiled for.
#[cfg(target_arch = "x86_64")]
struct Compiled<K, V>(K, V);

#[cfg(target_arch = "x86_64")]
impl<K: Kernel, V: Vectors> pulp::NullaryFnOnce for Compiled<K, V> {
    type Output = K::Output;

    #[inline(always)]
    fn call(self) -> K::Output {
        self.0.run(self.1)
    }
}
