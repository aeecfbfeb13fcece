//! From the text of a table to a model file, and from the file to a prediction.
//!
//! `cargo run --release --example train_and_predict`
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]

use tepal::predict::Value;
use tepal::{Error, ErrorKind, Model, Pipeline, Prediction, Table};

/// Texts, numbers and a missing cell, as tables have them.
const TABLE: &[u8] = b"outlook,temperature,wind,plays
sunny,29,weak,no\nsunny,27,strong,no\novercast,28,weak,yes\nrain,21,weak,yes\nrain,20,weak,yes
rain,18,strong,no\novercast,17,strong,yes\nsunny,22,weak,no\nsunny,20,weak,yes\nrain,23,,yes
sunny,23,strong,yes\novercast,22,strong,yes\novercast,27,weak,yes\nrain,21,strong,no\n";

fn main() -> tepal::Result<()> {
    // The kind of each column is found out. Every option has a default, except the column to predict.
    let model = Pipeline::new("plays").train(&Table::parse(TABLE)?)?;

    // The library reads and writes bytes. Where they are kept is the caller's choice.
    let path = std::env::temp_dir().join(format!("plays-{}.tepal", std::process::id()));
    std::fs::write(&path, model.encode()?).map_err(io_error)?;
    let bytes = std::fs::read(&path).map_err(io_error)?;
    std::fs::remove_file(&path).map_err(io_error)?;

    // Any bytes are safe to decode. A model that is returned has reproduced the proof rows in its file.
    let model = Model::decode(&bytes)?;
    println!("{} bytes, {} proof rows reproduced", bytes.len(), model.n_proof_rows());

    // Values are matched by name, in any order.
    let row = [
        ("temperature", Value::Number(25.0)),
        ("outlook", Value::Text("overcast")),
        ("wind", Value::Missing), // the most frequent category stands for it
    ];
    let prediction = model.predict_named(row)?;
    if let Some(class) = prediction.class() {
        println!("predicted: {class}");
    }
    if let Prediction::Class { classes, probabilities, .. } = &prediction {
        for (class, probability) in classes.iter().zip(probabilities) {
            println!("{class}: {:.1} %", 100.0 * probability);
        }
    }

    // An error has a kind for programs and a message for people.
    if let Err(error) = model.predict_named([("temprature", 25.0)]) {
        println!("{}: {error}", error.kind().as_str());
    }
    Ok(())
}

fn io_error(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io, error.to_string())
}
