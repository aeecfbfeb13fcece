//! Any bytes open as a model or are refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    tepal_fuzz::decode(bytes);
});
