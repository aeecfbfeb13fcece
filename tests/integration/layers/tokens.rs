//! Rust source as tokens: enough of the language to find modules, items and paths.

/// A word, a sign, `::`, or a whole literal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token<'s> {
    pub(crate) text: &'s str,
    /// Counted from 1.
    pub(crate) line: usize,
}

impl Token<'_> {
    pub(crate) fn is_word(&self) -> bool {
        self.text.starts_with(is_in_word)
    }
}

/// The tokens of a source, without spaces and comments.
pub(crate) fn tokens(source: &str) -> Vec<Token<'_>> {
    let (mut tokens, mut rest, mut line) = (Vec::new(), source, 1);
    while !rest.is_empty() {
        let (text, after) = rest.split_at(length(rest));
        if !text.starts_with(char::is_whitespace) && !text.starts_with("//") && !text.starts_with("/*") {
            tokens.push(Token { text, line });
        }
        line += text.matches('\n').count();
        rest = after;
    }
    tokens
}

/// The position after the bracket that closes the one at `open`.
pub(crate) fn after_bracket(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

fn is_in_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn run(text: &str, accepts: impl Fn(char) -> bool) -> usize {
    text.find(|character| !accepts(character)).unwrap_or(text.len())
}

/// How many bytes the first token has; spaces and comments count as tokens here.
fn length(rest: &str) -> usize {
    let first = rest.chars().next().unwrap_or(' ');
    let to = |end: &str, from: usize| rest.get(from..).and_then(|tail| tail.find(end)).map(|at| from + at + end.len());
    if first.is_whitespace() {
        run(rest, char::is_whitespace)
    } else if rest.starts_with("//") {
        run(rest, |character| character != '\n')
    } else if rest.starts_with("/*") {
        to("*/", 2).unwrap_or(rest.len())
    } else if rest.starts_with("::") {
        2
    } else if let Some(end) = raw_text_end(rest) {
        to(&end, rest.find('"').unwrap_or(0) + 1).unwrap_or(rest.len())
    } else if first == '"' {
        text_length(rest)
    } else if first == '\'' {
        let second = rest[1..].chars().next().map_or(0, char::len_utf8);
        match rest[1..].starts_with('\\') {
            // The character after the backslash may be a quote.
            true => to("'", 3).unwrap_or(rest.len()),
            false if rest[1 + second..].starts_with('\'') => 2 + second,
            // A lifetime.
            false => 1 + run(&rest[1..], is_in_word),
        }
    } else if is_in_word(first) {
        run(rest, is_in_word)
    } else {
        first.len_utf8()
    }
}

/// What ends the raw text that begins here, if one does.
fn raw_text_end(rest: &str) -> Option<String> {
    let after = rest.strip_prefix('b').unwrap_or(rest).strip_prefix('r')?;
    let signs = run(after, |character| character == '#');
    after[signs..].starts_with('"').then(|| format!("\"{}", "#".repeat(signs)))
}

fn text_length(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[test]
fn literals_and_comments_are_no_words() {
    let source = "a /* b */ \"c \\\" d\" 'e' '\\'' &'f r#\"g \" h\"# br\"i\" // j\nk::l";
    let found: Vec<&str> = tokens(source).iter().map(|token| token.text).collect();
    let expected = ["a", "\"c \\\" d\"", "'e'", "'\\''", "&", "'f", "r#\"g \" h\"#", "br\"i\"", "k", "::", "l"];
    assert_eq!(found, expected);
    assert_eq!(tokens(source).last().map(|token| token.line), Some(2));
}
