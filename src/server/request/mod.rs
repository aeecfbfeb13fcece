//! The contents of requests: bodies up to a limit, JSON with Python's NaN, cells, and rows in the order of a model's features.

mod body;
mod bounds;
mod cell;
mod elements;
mod json;
mod object;
mod row;
mod rows;

pub(super) use body::{Media, check_coding, media, next_part, read};
pub(super) use bounds::Bounds;
pub(super) use cell::JsonCell;
pub(super) use elements::{AtDepth, Elements, JsonElements};
pub(super) use json::{parse, parse_object};
pub(super) use object::{Element, Fields, List, Object, Optional, Text, fail, invalid};
pub(super) use row::{Row, RowForm, row_list};
pub(super) use rows::RequestRows;
