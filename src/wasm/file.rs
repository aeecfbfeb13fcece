//! A `File` in a page, read piece by piece.

use crate::dataset::Source;
use crate::error::{Error, ErrorKind, Result};
use js_sys::{ArrayBuffer, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A `Blob`, of which a `File` is one.
    #[wasm_bindgen(js_name = Blob)]
    pub type JsBlob;
    #[wasm_bindgen(method, getter)]
    fn size(this: &JsBlob) -> f64;
    #[wasm_bindgen(method)]
    fn slice(this: &JsBlob, start: f64, end: f64) -> JsBlob;

    /// Reads while the caller waits; only workers have it.
    type FileReaderSync;
    #[wasm_bindgen(constructor, catch)]
    fn new() -> std::result::Result<FileReaderSync, JsValue>;
    #[wasm_bindgen(method, catch, js_name = readAsArrayBuffer)]
    fn read(this: &FileReaderSync, blob: &JsBlob) -> std::result::Result<ArrayBuffer, JsValue>;
}

thread_local! {
    /// The files that are open. JavaScript's values stay with the thread they came to, and a [`Source`] does not.
    static FILES: RefCell<Vec<Option<JsBlob>>> = const { RefCell::new(Vec::new()) };
}

#[derive(Debug)]
pub(super) struct JsFile {
    index: usize,
    size: u64,
}

impl JsFile {
    pub(super) fn new(blob: JsBlob) -> Self {
        let size = blob.size() as u64;
        let index = FILES.with_borrow_mut(|files| {
            files.push(Some(blob));
            files.len() - 1
        });
        Self { index, size }
    }
}

impl Drop for JsFile {
    fn drop(&mut self) {
        FILES.with_borrow_mut(|files| files[self.index] = None);
    }
}

impl Source for JsFile {
    fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>> {
        let refuse = |message: &str| Error::new(ErrorKind::Io, message);
        let part = FILES.with_borrow(|files| {
            let blob = files.get(self.index)?.as_ref()?;
            Some(blob.slice(offset as f64, offset as f64 + length as f64))
        });
        let part = part.ok_or_else(|| refuse("the file was closed"))?;
        let reader = FileReaderSync::new().map_err(|_| refuse("a file is read in a worker only"))?;
        // The browser refuses a file that was changed since it was chosen.
        let buffer =
            reader.read(&part).map_err(|_| refuse("the file cannot be read, or was changed; choose it again"))?;
        let bytes = Uint8Array::new(&buffer).to_vec();
        if bytes.len() == length { Ok(bytes) } else { Err(refuse("the file ended early; choose it again")) }
    }
}
