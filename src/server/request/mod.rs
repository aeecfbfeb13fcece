//! The contents of requests: bodies up to a limit, JSON with Python's NaN, cells, and rows in the order of a model's features.

mod body;
mod cell;
mod json;
mod rows;

pub(super) use body::{Media, media, next_part, read};
pub(super) use cell::{JsonCell, JsonRow, Text};
pub(super) use json::{invalid, parse};
pub(super) use rows::RequestRows;
