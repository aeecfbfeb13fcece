//! Writes the tables of tests/tables/mod.rs and a list of what is asked of them, for tests/golden/generate.py to fit.
//!
//! `cargo run --release --example write-tables -- target/tables`
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]

#[path = "../tests/tables/mod.rs"]
mod tables;

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/tables".into()));
    std::fs::create_dir_all(&folder)?;
    let mut entries = Vec::new();
    for name in tables::NAMES {
        let case = tables::case(name);
        let file = format!("{name}.csv");
        std::fs::write(folder.join(&file), &case.csv)?;
        // Names hold neither quotes nor backslashes: nothing to escape.
        let weights = case.weights.map_or("null".into(), |column| format!("\"{column}\""));
        entries.push(format!(
            "{{\"name\": \"{}\", \"file\": \"{file}\", \"target\": \"{}\", \"weights\": {weights}, \"balanced\": {}, \
             \"l2\": {}, \"standardize\": {}, \"intercept\": {}}}",
            case.name, case.target, case.balanced, case.l2, case.standardize, case.intercept
        ));
    }
    std::fs::write(folder.join("cases.json"), format!("[\n{}\n]\n", entries.join(",\n")))
}
