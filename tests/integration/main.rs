//! Tests through the library's public door, the binaries and the server's routes.
//!
//! They are one binary: ten would each link the whole library, the server and its runtime. `cargo test --test integration
//! server::guard` runs a part. Golden figures, the file format and the witness are tested in a browser too, hence those modules
//! compile for WebAssembly; `tests/web.rs` has what only a browser can tell.
#![allow(clippy::unwrap_used, clippy::panic)]

#[cfg(not(target_arch = "wasm32"))]
mod bad_tables;
#[cfg(not(target_arch = "wasm32"))]
mod cases;
#[cfg(not(target_arch = "wasm32"))]
mod cli;
#[cfg(not(target_arch = "wasm32"))]
mod conformal;
#[cfg(not(target_arch = "wasm32"))]
mod dates;
#[cfg(not(target_arch = "wasm32"))]
mod examples;
#[cfg(not(target_arch = "wasm32"))]
mod explain;
#[cfg(not(target_arch = "wasm32"))]
mod far_numbers;
mod fits;
mod forge;
mod format;
#[cfg(not(target_arch = "wasm32"))]
mod formats;
mod golden;
#[cfg(not(target_arch = "wasm32"))]
mod interop;
#[cfg(not(target_arch = "wasm32"))]
mod layers;
mod many_rows;
#[cfg(not(target_arch = "wasm32"))]
mod mixed;
#[cfg(not(target_arch = "wasm32"))]
mod onnx;
#[cfg(not(target_arch = "wasm32"))]
mod optima;
#[cfg(not(target_arch = "wasm32"))]
mod properties;
#[cfg(not(target_arch = "wasm32"))]
mod row_space;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
mod server;
#[path = "../tables/mod.rs"]
mod tables;
#[cfg(not(target_arch = "wasm32"))]
mod transcript;
mod witness;
#[cfg(not(target_arch = "wasm32"))]
mod written_numbers;
#[cfg(not(target_arch = "wasm32"))]
mod wrong_elsewhere;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
