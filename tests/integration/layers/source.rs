//! What the modules of a source file define, and which names they use.

use super::tokens::{Token, after_bracket, tokens};
use std::collections::BTreeSet;

/// A module: that of a file, or one that is written within a file.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// Its names from the crate's root on.
    pub(crate) path: Vec<String>,
    /// Whether it is compiled for tests only, and whether only with a feature.
    pub(crate) is_test: bool,
    pub(crate) is_behind_feature: bool,
    pub(crate) items: BTreeSet<String>,
    pub(crate) uses: Vec<Use>,
    /// Paths in the code, and single names of types, functions and macros.
    pub(crate) names: Vec<Named>,
    /// The modules it declares that have files of their own.
    pub(crate) declared: Vec<Declared>,
}

/// A name that `use` brings in: `*` for all names of a module.
#[derive(Debug)]
pub(crate) struct Use {
    pub(crate) name: String,
    pub(crate) is_public: bool,
    pub(crate) named: Named,
}

/// A path as it is written.
#[derive(Debug, PartialEq)]
pub(crate) struct Named {
    pub(crate) path: Vec<String>,
    pub(crate) is_test: bool,
}

#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) name: String,
    pub(crate) is_test: bool,
    pub(crate) is_behind_feature: bool,
}

/// A file, taken apart.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// The file's own module first.
    pub(crate) modules: Vec<Module>,
    pub(crate) n_feature_conditions: usize,
    pub(crate) n_shipped_lines: usize,
}

/// The conditions before an item, and where the first is.
#[derive(Debug, Default, Clone, Copy)]
struct Conditions {
    is_test: bool,
    is_behind_feature: bool,
    line: Option<usize>,
}

const ITEMS: [&str; 9] = ["fn", "struct", "enum", "trait", "type", "const", "static", "union", "macro_rules"];

impl Source {
    /// Takes a file apart that is the module `path`.
    pub(crate) fn parse(source: &str, path: &[String]) -> Self {
        let tokens = tokens(source);
        let mut parsed = Self { n_shipped_lines: source.lines().count(), ..Self::default() };
        let module = Module { path: path.to_vec(), ..Module::default() };
        parsed.add_module(module, &tokens);
        parsed.n_feature_conditions = (0..tokens.len()).filter(|at| is_feature_condition(&tokens[*at..])).count();
        parsed
    }

    fn add_module(&mut self, module: Module, tokens: &[Token<'_>]) {
        let own = self.modules.len();
        self.modules.push(module);
        let (mut at, mut depth, mut conditions) = (0, 0, Conditions::default());
        while at < tokens.len() {
            let (text, next) = (tokens[at].text, tokens.get(at + 1).map_or("", |token| token.text));
            let is_test = self.modules[own].is_test || conditions.is_test;
            let mut end = at + 1;
            let mut is_item_end = false;
            match text {
                "#" if next == "[" => {
                    end = after_bracket(tokens, at + 1);
                    conditions.add(&tokens[at..end], depth);
                }
                "#" if next == "!" => {
                    end = after_bracket(tokens, at + 2);
                    self.modules[own].is_behind_feature |= is_feature_condition(&tokens[at + 3..end]);
                }
                "use" if next != "<" => {
                    let is_public = at > 0 && (tokens[at - 1].text == "pub" || tokens[at - 1].text == ")");
                    end = tokens[at..]
                        .iter()
                        .position(|token| token.text == ";")
                        .map_or(tokens.len(), |length| at + length);
                    for (name, path) in use_tree(&tokens[at + 1..end], &[]) {
                        self.modules[own].uses.push(Use { name, is_public, named: Named { path, is_test } });
                    }
                }
                "mod" if depth == 0 && tokens.get(at + 2).is_some_and(|token| token.text == "{") => {
                    end = after_bracket(tokens, at + 2);
                    let mut path = self.modules[own].path.clone();
                    path.push(next.to_owned());
                    let is_behind_feature = conditions.is_behind_feature;
                    let module = Module { path, is_test, is_behind_feature, ..Module::default() };
                    self.add_module(module, &tokens[at + 3..end - 1]);
                    is_item_end = true;
                }
                "mod" if depth == 0 => {
                    let is_behind_feature = conditions.is_behind_feature;
                    let declared = Declared { name: next.to_owned(), is_test, is_behind_feature };
                    self.modules[own].declared.push(declared);
                    end = at + 2;
                }
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => {
                    depth -= 1;
                    is_item_end = depth == 0 && text == "}";
                }
                ";" => is_item_end = depth == 0,
                _ if depth == 0 && ITEMS.contains(&text) => {
                    let name = tokens[at + 1..].iter().find(|token| !["!", "mut"].contains(&token.text));
                    let name = name.filter(|name| name.is_word() && !ITEMS.contains(&name.text));
                    self.modules[own].items.extend(name.map(|name| name.text.to_owned()));
                }
                _ if tokens[at].is_word() => {
                    end = path_end(tokens, at);
                    let path: Vec<String> =
                        tokens[at..end].iter().step_by(2).map(|token| token.text.to_owned()).collect();
                    if path.len() > 1 || is_name_of_item(tokens, at) {
                        self.modules[own].names.push(Named { path, is_test });
                    }
                }
                _ => {}
            }
            if is_item_end {
                if conditions.is_test {
                    let first = conditions.line.unwrap_or(tokens[at].line);
                    self.n_shipped_lines -= tokens[end - 1].line + 1 - first;
                }
                conditions = Conditions::default();
            }
            at = end;
        }
    }
}

impl Conditions {
    fn add(&mut self, attribute: &[Token<'_>], depth: usize) {
        if depth > 0 {
            return;
        }
        let is_condition = attribute.get(2).is_some_and(|token| token.text == "cfg");
        self.is_test |= is_condition && attribute.iter().any(|token| token.text == "test");
        self.is_behind_feature |= (0..attribute.len()).any(|at| is_feature_condition(&attribute[at..]));
        self.line = self.line.or(Some(attribute[0].line));
    }
}

/// Whether `cfg(...)`, `cfg!(...)` or `cfg_attr(...)` with a feature begins here.
fn is_feature_condition(tokens: &[Token<'_>]) -> bool {
    let is_cfg = tokens.first().is_some_and(|token| ["cfg", "cfg_attr"].contains(&token.text));
    let open = tokens.iter().take(3).position(|token| token.text == "(");
    let Some(open) = open.filter(|_| is_cfg) else { return false };
    tokens[..after_bracket(tokens, open)].windows(2).any(|pair| pair[0].text == "feature" && pair[1].text == "=")
}

/// The end of a path such as `a::b::c`, which begins at a word.
fn path_end(tokens: &[Token<'_>], at: usize) -> usize {
    let mut end = at + 1;
    while tokens.get(end).is_some_and(|token| token.text == "::") && tokens.get(end + 1).is_some_and(Token::is_word) {
        end += 2;
    }
    end
}

/// Whether a single word names a type, a constant, a function that is called or a macro.
fn is_name_of_item(tokens: &[Token<'_>], at: usize) -> bool {
    let is_part = at > 0 && [".", "::", "fn"].contains(&tokens[at - 1].text);
    let is_called = tokens.get(at + 1).is_some_and(|token| ["(", "!"].contains(&token.text));
    !is_part && (is_called || tokens[at].text.starts_with(char::is_uppercase))
}

/// The names that a tree of `use` brings in, with their paths.
fn use_tree(tokens: &[Token<'_>], before: &[String]) -> Vec<(String, Vec<String>)> {
    let mut path = before.to_vec();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.text {
            "{" => {
                let inner = &tokens[at + 1..after_bracket(tokens, at) - 1];
                return split_at_commas(inner).into_iter().flat_map(|tree| use_tree(tree, &path)).collect();
            }
            "*" => return vec![("*".to_owned(), path)],
            "as" => return vec![(tokens.get(at + 1).map_or("_", |token| token.text).to_owned(), path)],
            // `a::{self}` is `a`.
            "self" if !path.is_empty() => {}
            "::" => {}
            word => path.push(word.to_owned()),
        }
        at += 1;
    }
    path.last().cloned().map(|name| (name, path)).into_iter().collect()
}

fn split_at_commas<'t, 's>(tokens: &'t [Token<'s>]) -> Vec<&'t [Token<'s>]> {
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    while at < tokens.len() {
        match tokens[at].text {
            "{" => at = after_bracket(tokens, at),
            "," => {
                parts.push(&tokens[start..at]);
                (start, at) = (at + 1, at + 1);
            }
            _ => at += 1,
        }
    }
    parts.push(&tokens[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(source: &str) -> Source {
        Source::parse(source, &["m".to_owned()])
    }

    fn joined(path: &[String]) -> String {
        path.join("::")
    }

    #[test]
    fn trees_of_use_are_read() {
        let source = "use crate::{a::b, c::{self, d as e, f::*}};\npub(super) use super::{G};\nfn x() { use h::I; }";
        let module = &parse(source).modules[0];
        let found: Vec<_> = module.uses.iter().map(|used| (used.name.as_str(), joined(&used.named.path))).collect();
        let expected = [
            ("b", "crate::a::b"),
            ("c", "crate::c"),
            ("e", "crate::c::d"),
            ("*", "crate::c::f"),
            ("G", "super::G"),
            ("I", "h::I"),
        ];
        assert_eq!(found, expected.map(|(name, path)| (name, path.to_owned())));
        assert_eq!(module.uses.iter().filter(|used| used.is_public).count(), 1);
    }

    #[test]
    fn items_and_paths_are_read() {
        let source = "//! crate::no\nconst fn a() -> B { crate::c::d(\"crate::no\"); e::f; self.g; h(); i!() }\nstatic mut J: K = K;";
        let module = &parse(source).modules[0];
        assert_eq!(module.items.iter().collect::<Vec<_>>(), ["J", "a"]);
        let found: Vec<String> = module.names.iter().map(|named| joined(&named.path)).collect();
        assert_eq!(found, ["B", "crate::c::d", "e::f", "h", "i", "J", "K", "K"]);
    }

    #[test]
    fn conditions_are_seen_and_tests_are_not_shipped() {
        let source = "#[cfg(feature = \"x\")]\nmod a;\nmod b;\n#[cfg(all(test, feature = \"x\"))]\nmod tests {\n  use super::*;\n}\n#[cfg(test)]\nuse c::D;\nfn e() {\n  if cfg!(feature = \"x\") {}\n}\n#[cfg_attr(feature = \"x\", f)]\nfn g() {}\n";
        let parsed = parse(source);
        let declared = &parsed.modules[0].declared;
        assert!(declared[0].is_behind_feature && !declared[1].is_behind_feature);
        assert_eq!(joined(&parsed.modules[1].path), "m::tests");
        assert!(parsed.modules[1].is_test && parsed.modules[0].uses[0].named.is_test);
        assert!(parsed.modules[0].names.iter().all(|named| !named.is_test));
        assert_eq!((parsed.n_feature_conditions, parsed.n_shipped_lines), (4, 14 - 4 - 2));
    }
}
