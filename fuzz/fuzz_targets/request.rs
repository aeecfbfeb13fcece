//! A request is answered or refused, and the server goes on.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    tepal_fuzz::request::request(bytes);
});
