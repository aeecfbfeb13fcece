//! Which format a file has, by its first bytes.

use crate::error::{Error, ErrorKind, Result};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Ubjson,
    LightGbmText,
    Onnx,
}

/// First bytes of what is not read, and what to do with it.
const REFUSED: [(&[u8], &str); 10] = [
    (b"TEPAL", "the file is a model of tepal already"),
    (b"\x80", PICKLE),
    (
        b"PK\x03\x04",
        "the file is a zip archive, such as joblib, Keras and PyTorch write; export networks as ONNX, such as by torch.onnx.export, and models of scikit-learn by tepal.export of the Python package",
    ),
    (b"\x1f\x8b", "the file is compressed by gzip; unpack it first"),
    (b"BZh", "the file is compressed by bzip2; unpack it first"),
    (b"binf", OLD_XGBOOST),
    (b"bs64", OLD_XGBOOST),
    (
        b"booster[",
        "the file is the text of XGBoost's dump_model, which lacks what scores begin with; save the model by save_model",
    ),
    (b"CBM1", "the file is CatBoost's .cbm; save it as JSON: model.save_model(\"model.json\", format=\"json\")"),
    (
        b"\x89HDF",
        "the file is HDF5, as Keras writes it, which tepal does not read; export the network as ONNX: model.export(path, format=\"onnx\")",
    ),
];

const PICKLE: &str = "the file is a pickle, which may run any code when it is opened, so tepal does not; save the model by the \
                      tool's own save_model instead, and one of scikit-learn by tepal.export of the Python package";
const OLD_XGBOOST: &str = "the file has XGBoost's old binary format; load it with XGBoost before 3.1 and save it as JSON: \
                           booster.save_model(\"model.json\")";

impl Format {
    /// The format that the first bytes tell.
    pub(super) fn of(bytes: &[u8]) -> Result<Self> {
        if let Some((_, remedy)) = REFUSED.iter().find(|(first, _)| bytes.starts_with(first)) {
            return Err(Error::new(ErrorKind::NotAModel, *remedy));
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        match text {
            [b't', b'r', b'e', b'e', b'\n' | b'\r', ..] => Ok(Self::LightGbmText),
            // A key follows: in JSON a text in quotes, in UBJSON its length.
            [b'{', rest @ ..] => match rest.trim_ascii_start() {
                [b'"' | b'}', ..] => Ok(Self::Json),
                [b'i' | b'U' | b'I' | b'l' | b'L' | b'#' | b'$' | b'N', ..] => Ok(Self::Ubjson),
                _ => Err(unknown()),
            },
            [b'[', ..] => {
                let message = "the file is a list, such as XGBoost's dump_model writes, which lacks what scores begin with; save the \
                               model by save_model";
                Err(Error::new(ErrorKind::NotAModel, message))
            }
            [b'x', 1 | 0x9c | 0xda, ..] => Err(Error::new(ErrorKind::NotAModel, PICKLE)),
            // The version of its own format, and who wrote it.
            [8, 1..=63, ..] => Ok(Self::Onnx),
            [] => Err(Error::new(ErrorKind::NotAModel, "the file is empty")),
            _ => Err(unknown()),
        }
    }
}

pub(super) fn unknown() -> Error {
    let message = "the file has no format that tepal reads: XGBoost's JSON or UBJSON, LightGBM's text or JSON, CatBoost's JSON, \
                   ONNX, or what the Python package exports of scikit-learn";
    Error::new(ErrorKind::NotAModel, message)
}
