//! The widest vectors that the processor has.

/// Work that is worth compiling for several widths of vectors. Its body, and what it calls, must be inlined into it.
pub(crate) trait Kernel {
    type Output;

    fn run(self) -> Self::Output;
}

/// Runs a kernel, natively as compiled for the widest vectors that this processor has. The bits are the same at every
/// width: see [`super::columns`].
pub(crate) fn vectorized<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "wasm32")]
    return kernel.run();

    #[cfg(not(target_arch = "wasm32"))]
    {
        struct Adapter<K>(K);
        impl<K: Kernel> pulp::NullaryFnOnce for Adapter<K> {
            type Output = K::Output;

            #[inline(always)]
            fn call(self) -> K::Output {
                self.0.run()
            }
        }
        pulp::Arch::new().dispatch(Adapter(kernel))
    }
}
