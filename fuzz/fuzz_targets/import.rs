//! Any bytes are read as a model of another tool or are refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    tepal_fuzz::import(bytes);
});
