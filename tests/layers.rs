//! The modules stand in lib.rs in the order of the data, and import only from those above them.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

fn modules() -> Vec<String> {
    let source = fs::read_to_string("src/lib.rs").unwrap();
    let module = |line: &str| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned())
    };
    source.lines().filter_map(module).collect()
}

fn sources(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    fs::read_dir(path).unwrap().flat_map(|entry| sources(&entry.unwrap().path())).collect()
}

/// The modules named after `crate::`, or after `super::` in a file at the top, in the part of a file that is not tests, doc comments aside.
fn imports(source: &str) -> Vec<String> {
    let shipped = source.split("#[cfg(test)]\nmod tests").next().unwrap();
    let shipped = shipped.split("mod tests {").next().unwrap();
    let code: String =
        shipped.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut names = Vec::new();
    for part in code.split("crate::").skip(1) {
        match part.strip_prefix('{') {
            // `use crate::{a::b, c::{d, e}};`: the names at the first level of braces.
            Some(group) => {
                let mut depth = 1;
                let mut name = String::new();
                for character in group.chars() {
                    match character {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 1 => names.push(std::mem::take(&mut name)),
                        _ if depth == 1 => name.push(character),
                        _ => {}
                    }
                    if depth == 0 {
                        break;
                    }
                }
                names.push(name);
            }
            None => names.push(part.to_owned()),
        }
    }
    let head = |name: &String| name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    names.iter().map(head).filter(|name| !name.is_empty()).collect()
}

#[test]
fn modules_import_only_from_those_above_them() {
    let modules = modules();
    assert!(modules.len() > 12, "{modules:?}");
    let mut checked = 0;
    for (at, module) in modules.iter().enumerate() {
        let folder = PathBuf::from(format!("src/{module}"));
        let file = PathBuf::from(format!("src/{module}.rs"));
        for path in sources(if folder.is_dir() { &folder } else { &file }) {
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            let source = if path == file { source.replace("super::", "crate::") } else { source };
            for import in imports(&source) {
                let above = modules.iter().position(|name| *name == import);
                assert!(above.is_some_and(|above| above <= at), "{} imports crate::{import}", path.display());
                checked += 1;
            }
        }
    }
    assert!(checked > 60, "only {checked} imports were seen");
}

#[test]
fn imports_are_read() {
    let source = "use crate::{\n a::b,\n c::{d, e},\n f\n};\nfn x() { crate::g::h(crate::i) }\n//! crate::no\n";
    assert_eq!(imports(source), ["a", "c", "f", "g", "i"]);
}

/// Types may say what they consist of; what becomes of that as bytes is decided in two places: model files, and messages
/// between workers of one build.
#[test]
fn only_the_codec_and_the_shares_write_bytes() {
    let writes = |path: &PathBuf| fs::read_to_string(path).unwrap().contains("bincode::config");
    let named: Vec<_> = sources(Path::new("src")).into_iter().filter(writes).collect();
    let is_allowed = |path: &PathBuf| path.starts_with("src/model/codec") || path == Path::new("src/share.rs");
    assert!(named.len() == 2 && named.iter().all(is_allowed), "{named:?}");
}
