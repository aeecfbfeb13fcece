//! A model that was trained is the same after it was encoded and decoded.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    tepal_fuzz::roundtrip(bytes);
});
