//! The record of a model as bytes: its names once, then the tree of its values. docs/format.md has the bytes.

use super::bytes::{Reader, Writer};
use crate::error::Result;
use crate::limits;
use crate::model::Record;
use crate::model::record::Value;
use crate::note::{Level, Note, Parameter};

/// How deep a tree may be. A forged one must not use up the stack.
const DEPTH: usize = 8;

/// More names of fields than records have.
const MOST_NAMES: usize = 1000;

const NONE: u8 = 0;
const FLAG: u8 = 1;
const WHOLE: u8 = 2;
const NUMBER: u8 = 3;
const TEXT: u8 = 4;
const NOTE: u8 = 5;
const LIST: u8 = 6;
const FIELDS: u8 = 7;

/// The bytes of a tree.
pub(super) fn write(value: &Value) -> Result<Vec<u8>> {
    let mut names = Vec::new();
    collect_names(value, &mut names);
    names.sort_unstable();
    names.dedup();
    let mut writer = Writer::default();
    writer.items(&names)?;
    write_value(&mut writer, value, &names)?;
    Ok(writer.finish().0)
}

fn collect_names<'v>(value: &'v Value, names: &mut Vec<&'v str>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| collect_names(item, names)),
        Value::Fields(fields) => fields.iter().for_each(|(name, value)| {
            names.push(name);
            collect_names(value, names);
        }),
        _ => {}
    }
}

fn write_value(writer: &mut Writer, value: &Value, names: &[&str]) -> Result<()> {
    match value {
        Value::None => writer.item(NONE),
        Value::Flag(flag) => writer.item((FLAG, flag)),
        Value::Whole(number) => writer.item((WHOLE, number)),
        Value::Number(number) => writer.item((NUMBER, number)),
        Value::Text(text) => writer.item((TEXT, text)),
        Value::Note(note) => {
            let level = match note.level() {
                Level::Info => 0_u8,
                Level::Caution => 1,
                Level::Warning => 2,
            };
            writer.item((NOTE, note.code(), level))?;
            writer.list(note.parameters(), |writer, parameter| match parameter {
                Parameter::Text(text) => writer.item((TEXT, text)),
                Parameter::Whole(number) => writer.item((WHOLE, number)),
                Parameter::Number(number) => writer.item((NUMBER, number)),
            })
        }
        Value::List(items) => {
            writer.item(LIST)?;
            writer.list(items, |writer, item| write_value(writer, item, names))
        }
        Value::Fields(fields) => {
            writer.item(FIELDS)?;
            writer.list(fields, |writer, (name, value)| {
                writer.item(names.binary_search(name).unwrap_or_default() as u64)?;
                write_value(writer, value, names)
            })
        }
    }
}

/// The tree of some bytes.
pub(super) fn read(bytes: &[u8]) -> Result<Value> {
    let reader = &mut Reader::new(bytes);
    let names = reader.list(MOST_NAMES, |reader| {
        let name = Record::field_name(reader.text());
        name.unwrap_or_else(|| impossible(reader, ""))
    });
    if !names.is_sorted_by(|a, b| a < b) {
        impossible(reader, ());
    }
    let mut room = limits::RECORD_VALUES;
    let value = read_value(reader, &names, DEPTH, &mut room);
    reader.end()?;
    Ok(value)
}

#[cold]
#[inline(never)]
fn impossible<T>(reader: &mut Reader<'_>, instead: T) -> T {
    reader.fail("a record is too deep or too large, or has a field that is not known");
    instead
}

fn read_value(reader: &mut Reader<'_>, names: &[&'static str], depth: usize, room: &mut usize) -> Value {
    let choice = reader.choice(FIELDS + 1);
    if *room == 0 || (depth == 0 && choice >= NOTE) {
        return impossible(reader, Value::None);
    }
    *room -= 1;
    match choice {
        NONE => Value::None,
        FLAG => Value::Flag(reader.flag()),
        WHOLE => Value::Whole(reader.whole()),
        NUMBER => Value::Number(reader.number()),
        TEXT => Value::Text(reader.owned()),
        NOTE => {
            let code = reader.owned();
            let level = match reader.choice(3) {
                0 => Level::Info,
                1 => Level::Caution,
                _ => Level::Warning,
            };
            let parameters = reader.list(limits::RECORD_VALUES, |reader| match read_value(reader, names, 0, room) {
                Value::Text(text) => Parameter::Text(text),
                Value::Whole(number) => Parameter::Whole(number),
                Value::Number(number) => Parameter::Number(number),
                _ => impossible(reader, Parameter::Whole(0)),
            });
            Value::Note(Box::new(Note::of_parts(code, level, parameters)))
        }
        LIST => Value::List(reader.list(limits::RECORD_VALUES, |reader| read_value(reader, names, depth - 1, room))),
        _ => Value::Fields(reader.list(limits::RECORD_VALUES, |reader| {
            let name = names.get(reader.position()).copied();
            let name = name.unwrap_or_else(|| impossible(reader, ""));
            (name, read_value(reader, names, depth - 1, room))
        })),
    }
}
