//! Any bytes are a table or an error, and windows of any size say the same.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    tepal_fuzz::parse(bytes);
});
