//! Which file imports from which: every name is followed to the file that defines it.

use super::source::{Module, Named, Source, Use};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of a crate, each with its file.
#[derive(Debug, Default)]
pub(crate) struct Crate {
    modules: Vec<(Module, PathBuf)>,
    /// Where a module is among them, by its path.
    places: BTreeMap<Vec<String>, usize>,
    pub(crate) files: BTreeMap<PathBuf, File>,
}

/// A file of a crate.
#[derive(Debug)]
pub(crate) struct File {
    /// The module of the crate's root that it belongs to; empty for the root's own file.
    pub(crate) top: String,
    /// Whether it is compiled only with a feature.
    pub(crate) is_behind_feature: bool,
    pub(crate) n_feature_conditions: usize,
    pub(crate) n_shipped_lines: usize,
}

/// One name that a file uses and another file defines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Import {
    pub(crate) from: PathBuf,
    pub(crate) to: PathBuf,
    pub(crate) item: String,
    pub(crate) is_test: bool,
    /// Whether it only hands on a name of a module below, as a `mod.rs` does.
    pub(crate) is_handed_on: bool,
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {} ({})", self.from.display(), self.to.display(), self.item)?;
        f.write_str(if self.is_test { " in tests" } else { "" })?;
        f.write_str(if self.is_handed_on { " handed on" } else { "" })
    }
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Module(usize),
    /// An item of a module.
    Item(usize),
    /// A name that the module should define, but that is not seen there: a macro may make it.
    Unseen(usize),
}

impl Crate {
    /// Reads a crate from its root's file.
    pub(crate) fn read(root: &str) -> Self {
        let folder = Path::new(root).parent().unwrap();
        let mut read = Self::default();
        let mut open = vec![(Path::new(root).to_owned(), folder.to_owned(), Vec::new(), false, false)];
        while let Some((file, folder, path, is_test, is_behind_feature)) = open.pop() {
            let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            for (declaring, name, is_test, is_behind_feature) in
                read.add(&file, &text, &path, is_test, is_behind_feature)
            {
                let inner = declaring[path.len()..].iter().fold(folder.clone(), |folder, name| folder.join(name));
                let (short, long) = (inner.join(format!("{name}.rs")), inner.join(&name).join("mod.rs"));
                let file = if short.is_file() { short } else { long };
                let path = [declaring, vec![name.clone()]].concat();
                open.push((file, inner.join(name), path, is_test, is_behind_feature));
            }
        }
        read
    }

    /// Adds a file; answers the modules that it declares, with the module that does and their conditions.
    fn add(
        &mut self,
        file: &Path,
        text: &str,
        path: &[String],
        is_test: bool,
        is_behind_feature: bool,
    ) -> Vec<(Vec<String>, String, bool, bool)> {
        let Source { modules, n_feature_conditions, n_shipped_lines } = Source::parse(text, path);
        let is_behind_feature = is_behind_feature || modules[0].is_behind_feature;
        let top = path.first().cloned().unwrap_or_default();
        self.files.insert(file.to_owned(), File { top, is_behind_feature, n_feature_conditions, n_shipped_lines });
        let mut declared = Vec::new();
        for mut module in modules {
            module.is_test |= is_test;
            declared.extend(module.declared.iter().map(|child| {
                let is_test = module.is_test || child.is_test;
                (module.path.clone(), child.name.clone(), is_test, is_behind_feature || child.is_behind_feature)
            }));
            self.places.insert(module.path.clone(), self.modules.len());
            self.modules.push((module, file.to_owned()));
        }
        declared
    }

    /// Every import of one file from another.
    pub(crate) fn imports(&self) -> BTreeSet<Import> {
        let mut imports = BTreeSet::new();
        for (at, (module, from)) in self.modules.iter().enumerate() {
            let uses = module.uses.iter().map(|used| (&used.named, Some(used)));
            for (named, used) in uses.chain(module.names.iter().map(|named| (named, None))) {
                let is_glob = used.is_some_and(|used| used.name == "*");
                let place = match self.follow(at, &named.path, used, &mut BTreeSet::new()) {
                    Some(Found::Item(place) | Found::Unseen(place)) => place,
                    // A module by itself is only a way to its items.
                    Some(Found::Module(place)) if is_glob => place,
                    _ => continue,
                };
                let (definer, to) = &self.modules[place];
                let is_handed_on = used.is_some_and(|used| used.is_public) && definer.path.starts_with(&module.path);
                let item = if is_glob { "*".to_owned() } else { item_name(named).to_owned() };
                if from != to {
                    let is_test = module.is_test || named.is_test;
                    imports.insert(Import { from: from.clone(), to: to.clone(), item, is_test, is_handed_on });
                }
            }
        }
        imports
    }

    /// Paths from the crate's root that lead nowhere: this reader has a fault then.
    pub(crate) fn unresolved(&self) -> Vec<String> {
        let mut unresolved = Vec::new();
        for (at, (module, file)) in self.modules.iter().enumerate() {
            for named in module.uses.iter().map(|used| &used.named).chain(&module.names) {
                let is_ours = ["crate", "super", "self"].contains(&named.path[0].as_str()) && named.path.len() > 1;
                if is_ours && self.follow(at, &named.path, None, &mut BTreeSet::new()).is_none() {
                    unresolved.push(format!("{}: {}", file.display(), named.path.join("::")));
                }
            }
        }
        unresolved
    }

    /// Follows a path that a module names. `own` is the `use` it stands in, which does not explain itself.
    fn follow<'c>(
        &'c self,
        module: usize,
        path: &'c [String],
        own: Option<&Use>,
        seen: &mut BTreeSet<(usize, &'c str)>,
    ) -> Option<Found> {
        let parent = |module: usize| {
            let path = &self.modules[module].0.path;
            self.places.get(&path[..path.len().checked_sub(1)?]).copied()
        };
        let mut found = match path[0].as_str() {
            "crate" => Found::Module(0),
            "self" => Found::Module(module),
            "super" => Found::Module(parent(module)?),
            first => self.look_up(module, first, path.len() == 1, own, seen)?,
        };
        for (at, name) in path.iter().enumerate().skip(1) {
            let Found::Module(place) = found else { break };
            found = match name.as_str() {
                "super" => Found::Module(parent(place)?),
                name => self.look_up(place, name, at + 1 == path.len(), None, seen).unwrap_or(Found::Unseen(place)),
            };
        }
        Some(found)
    }

    /// What a name means in a module. The last name of a path is an item, where a module has the same name.
    fn look_up<'c>(
        &'c self,
        place: usize,
        name: &'c str,
        is_last: bool,
        own: Option<&Use>,
        seen: &mut BTreeSet<(usize, &'c str)>,
    ) -> Option<Found> {
        if !seen.insert((place, name)) {
            return None;
        }
        let (module, _) = &self.modules[place];
        let child = self.places.get(&[module.path.as_slice(), &[name.to_owned()]].concat()).copied();
        let child = child.map(Found::Module);
        let item = module.items.contains(name).then_some(Found::Item(place));
        let of_name = |used: &&Use| used.name == name && own.is_none_or(|own| !std::ptr::eq(own, *used));
        let mut imported = || {
            module.uses.iter().filter(of_name).find_map(|used| self.follow(place, &used.named.path, Some(used), seen))
        };
        let found = if is_last { item.or_else(&mut imported).or(child) } else { child.or(item).or_else(&mut imported) };
        found.or_else(|| {
            let mut globs = module.uses.iter().filter(|used| used.name == "*");
            globs.find_map(|used| match self.follow(place, &used.named.path, Some(used), seen)? {
                Found::Module(other) => self.look_up(other, name, is_last, None, seen),
                Found::Item(_) | Found::Unseen(_) => None,
            })
        })
    }
}

/// The name to show for a path: its last word, or for `Type::function` the type.
fn item_name(named: &Named) -> &str {
    let is_type = |name: &&String| name.starts_with(char::is_uppercase);
    named.path.iter().find(is_type).or(named.path.last()).map_or("", String::as_str)
}

/// Every circle of imports: for each import in one the shortest, as a line with the items.
pub(crate) fn circles<'i>(imports: impl Iterator<Item = &'i Import>) -> BTreeSet<String> {
    // By item, whether only tests use it.
    let mut edges: BTreeMap<&Path, BTreeMap<&Path, BTreeMap<&str, bool>>> = BTreeMap::new();
    for import in imports {
        let items = edges.entry(&import.from).or_default().entry(&import.to).or_default();
        *items.entry(&import.item).or_insert(true) &= import.is_test;
    }
    let mut circles = BTreeSet::new();
    for (from, targets) in &edges {
        for to in targets.keys() {
            let Some(mut circle) = shortest(&edges, to, from) else { continue };
            let least = circle.iter().enumerate().min_by_key(|(_, file)| **file).map_or(0, |(at, _)| at);
            circle.rotate_left(least);
            circle.push(circle[0]);
            let mut line = circle[0].display().to_string();
            for pair in circle.windows(2) {
                let show =
                    |(item, is_test): (&&str, &bool)| format!("{item}{}", if *is_test { " in tests" } else { "" });
                let items: Vec<String> = edges[pair[0]][pair[1]].iter().map(show).collect();
                line += &format!(" -> {} ({})", pair[1].display(), items.join(", "));
            }
            circles.insert(line);
        }
    }
    circles
}

/// The files on the shortest way from one to another, both included.
fn shortest<'i, T>(
    edges: &BTreeMap<&'i Path, BTreeMap<&'i Path, T>>,
    from: &'i Path,
    to: &'i Path,
) -> Option<Vec<&'i Path>> {
    let mut before: BTreeMap<&Path, &Path> = BTreeMap::new();
    let mut open = VecDeque::from([from]);
    while let Some(file) = open.pop_front() {
        if file == to {
            let mut way = vec![to];
            while let Some(file) = way.last().filter(|file| **file != from) {
                way.push(before[file]);
            }
            way.reverse();
            return Some(way);
        }
        for next in edges.get(file).into_iter().flat_map(BTreeMap::keys) {
            if *next != from && !before.contains_key(next) {
                before.insert(next, file);
                open.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A crate of files by their modules' paths.
    fn of(files: &[(&str, &str)]) -> Crate {
        let mut read = Crate::default();
        for (path, text) in files {
            let names: Vec<String> = path.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
            let file = if path.is_empty() { "lib" } else { path };
            read.add(Path::new(file), text, &names, false, false);
        }
        read
    }

    fn edges(files: &[(&str, &str)]) -> Vec<String> {
        of(files).imports().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_name_is_followed_to_the_file_that_defines_it() {
        let files = [
            ("", "mod a; mod d;"),
            ("a", "mod b; mod c; pub use b::B; pub use c::made as renamed;"),
            ("a::b", "use super::renamed; pub struct B;"),
            ("a::c", "pub fn made() {}"),
            ("d", "use crate::a::{self, B}; fn d() { a::renamed(); a::by_macro() }"),
        ];
        let expected = [
            "a -> a::b (B) handed on",
            "a -> a::c (made) handed on",
            "a::b -> a::c (renamed)",
            "d -> a (by_macro)",
            "d -> a::b (B)",
            "d -> a::c (renamed)",
        ];
        assert_eq!(edges(&files), expected);
    }

    #[test]
    fn what_tests_import_is_told_apart() {
        let files = [
            ("", "mod a; mod b;"),
            ("a", "pub struct A; #[cfg(test)] mod tests { use super::*; use crate::b::B; fn f() { A::new(); } }"),
            ("b", "use crate::a::A; pub struct B; #[cfg(test)] mod tests { use super::*; fn f() { A } }"),
        ];
        assert_eq!(edges(&files), ["a -> b (B) in tests", "b -> a (A)", "b -> a (A) in tests"]);
    }

    #[test]
    fn a_parent_that_uses_what_it_hands_on_imports_it() {
        let files = [("", "mod a;"), ("a", "mod b; pub use b::B; fn f() { B::new() }"), ("a::b", "pub struct B;")];
        assert_eq!(edges(&files), ["a -> a::b (B)", "a -> a::b (B) handed on"]);
    }

    #[test]
    fn circles_are_shown_with_their_items() {
        let files = [
            ("", "mod a; mod b; mod c; mod d;"),
            ("a", "use crate::b::{B, b}; pub struct A;"),
            ("b", "use crate::c::C; pub struct B; pub fn b() {}"),
            ("c", "pub struct C; #[cfg(test)] mod tests { use crate::a::A; }"),
            ("d", "use crate::a::A;"),
        ];
        let read = of(&files);
        assert!(read.unresolved().is_empty());
        let found: Vec<String> = circles(read.imports().iter()).into_iter().collect();
        assert_eq!(found, ["a -> b (B, b) -> c (C) -> a (A in tests)"]);
    }

    #[test]
    fn a_path_that_leads_nowhere_is_told() {
        let read = of(&[("", "mod a;"), ("a", "use super::super::b::c;")]);
        assert_eq!(read.unresolved(), ["a: super::super::b::c"]);
    }
}
