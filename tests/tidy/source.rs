//! One Rust file, read just far enough for the rules: text with comments and strings blanked out, which lines are
//! test code, the paths that are named, the functions and their lengths. Not a parser: it relies on rustfmt's layout.

/// A Rust file of the repository.
pub struct Source {
    /// Path from the root of the repository, with `/`.
    pub path: String,
    /// As it is.
    pub text: String,
    /// The same lines with every comment, string and character literal blanked out.
    pub code: String,
    /// For each line whether it is test code.
    pub test: Vec<bool>,
}

/// A path such as `crate::event::Event` (use trees taken apart) or `println!`, and its line, counted from 0.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    pub line: usize,
    pub path: String,
}

/// A function with its number of lines, braces included.
pub struct Function<'a> {
    pub line: usize,
    pub name: &'a str,
    pub lines: usize,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Source {
        let code = blank(text);
        let test = test_lines(path, &code);
        Source { path: path.to_owned(), text: text.to_owned(), code, test }
    }

    /// `decode` for `src/decode.rs` and all below `src/decode/`; `None` outside of `src`.
    pub fn room(&self) -> Option<&str> {
        self.path.strip_prefix("src/")?.split(['/', '.']).next()
    }

    /// The module that the file is, from the root of the crate: `["decode", "envelope"]`.
    pub fn module(&self) -> Vec<&str> {
        self.path.trim_start_matches("src/").trim_end_matches(".rs").split('/').collect()
    }

    pub fn paths(&self) -> Vec<Named> {
        let tokens = tokens(&self.code);
        let mut rest = tokens.as_slice();
        let mut paths = Vec::new();
        while let Some((token, line)) = rest.first() {
            rest = &rest[1..];
            if *token == "use" {
                rest = use_tree("", rest, &mut paths);
            } else if is_word(token) {
                rest = inline_path(token, *line, rest, &mut paths);
            }
        }
        paths
    }

    pub fn functions(&self) -> Vec<Function<'_>> {
        let lines: Vec<&str> = self.code.lines().collect();
        let starts = lines.iter().enumerate().filter_map(|(line, text)| Some((line, function_name(text)?)));
        starts.map(|(line, name)| Function { line, name, lines: block_end(&lines, line) - line + 1 }).collect()
    }
}

fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let qualifiers = ["pub", "pub(crate)", "pub(super)", "const", "async", "unsafe", "extern", "default"];
    before.split_whitespace().all(|word| qualifiers.contains(&word)).then_some(())?;
    after.split(|c: char| !c.is_alphanumeric() && c != '_').next().filter(|name| !name.is_empty())
}

/// The line with the brace that closes the first one opened at or after `start`; `start` where there is none.
fn block_end(lines: &[&str], start: usize) -> usize {
    let mut depth = 0;
    for (line, text) in lines.iter().enumerate().skip(start) {
        for c in text.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ';' if depth == 0 && text.ends_with(';') => return line,
                _ => continue,
            }
            if depth == 0 {
                return line;
            }
        }
    }
    start
}

fn is_test_file(path: &str) -> bool {
    !path.starts_with("src/") || path.ends_with("/tests.rs") || path.contains("/tests/")
}

fn test_lines(path: &str, code: &str) -> Vec<bool> {
    let lines: Vec<&str> = code.lines().collect();
    let mut test = vec![is_test_file(path); lines.len()];
    for line in 1..lines.len() {
        if lines[line - 1].trim() == "#[cfg(test)]" {
            test[line - 1..=block_end(&lines, line)].fill(true);
        }
    }
    test
}

/// Words, `::` and single other characters, each with its line.
fn tokens(code: &str) -> Vec<(&str, usize)> {
    let mut tokens = Vec::new();
    for (line, text) in code.lines().enumerate() {
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = match first {
                _ if is_word(rest) => rest.find(|c| !is_word_char(c)).unwrap_or(rest.len()),
                ':' if rest.starts_with("::") => 2,
                _ => first.len_utf8(),
            };
            tokens.push((&rest[..length], line));
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

type Tokens<'a> = &'a [(&'a str, usize)];

/// Takes one tree such as `a::{b, c::d}` apart, up to what follows it.
fn use_tree<'a>(prefix: &str, mut rest: Tokens<'a>, paths: &mut Vec<Named>) -> Tokens<'a> {
    let mut path = prefix.to_owned();
    let mut last_line = 0;
    while let Some((token, line)) = rest.first().filter(|(token, _)| ![",", ";", "}"].contains(token)) {
        last_line = *line;
        match *token {
            "{" => return use_group(&path, &rest[1..], paths),
            "as" => rest = rest.get(2..).unwrap_or_default(),
            word => {
                path.push_str(word);
                rest = &rest[1..];
            }
        }
    }
    if path != prefix {
        paths.push(Named { line: last_line, path });
    }
    rest
}

/// The trees behind a `{`, up to what follows the `}`.
fn use_group<'a>(prefix: &str, mut rest: Tokens<'a>, paths: &mut Vec<Named>) -> Tokens<'a> {
    loop {
        rest = use_tree(prefix, rest, paths);
        match rest {
            [(",", _), behind @ ..] => rest = behind,
            [_, behind @ ..] => return behind,
            [] => return rest,
        }
    }
}

/// `a::b::c` or `a!` in code.
fn inline_path<'a>(first: &str, line: usize, mut rest: Tokens<'a>, paths: &mut Vec<Named>) -> Tokens<'a> {
    let mut path = first.to_owned();
    while let [("::", _), (word, _), ..] = rest
        && is_word(word)
    {
        path = path + "::" + word;
        rest = &rest[2..];
    }
    if let [("!", _), (open, _), ..] = rest
        && ["(", "[", "{"].contains(open)
    {
        path.push('!');
    }
    paths.push(Named { line, path });
    rest
}

/// Blanks out comments and literals; line breaks stay.
fn blank(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let after_word = code.ends_with(is_word_char);
        let (keep, length) = match literal_length(rest, after_word) {
            0 => (true, rest.chars().next().map_or(1, char::len_utf8)),
            length => (false, length),
        };
        let (piece, behind) = rest.split_at(length);
        code.extend(piece.chars().map(|c| if keep || c == '\n' { c } else { ' ' }));
        rest = behind;
    }
    code
}

/// How long the comment or literal is that `text` starts with, 0 where it starts with something else.
fn literal_length(text: &str, after_word: bool) -> usize {
    let to = |end: Option<usize>| end.unwrap_or(text.len());
    let raw = text.trim_start_matches(['b', 'c']).strip_prefix('r').filter(|_| !after_word);
    if text.starts_with("//") {
        to(text.find('\n'))
    } else if text.starts_with("/*") {
        to(text.find("*/").map(|at| at + 2))
    } else if let Some(raw) = raw.filter(|raw| raw.trim_start_matches('#').starts_with('"')) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let open = text.len() - raw.len() + hashes + 1;
        let close = format!("\"{}", "#".repeat(hashes));
        to(text[open..].find(&close).map(|at| open + at + close.len()))
    } else if text.starts_with('"') {
        to(closing_quote(text, '"'))
    } else if text.starts_with('\'') {
        // A character, or else a lifetime.
        let escaped = text.starts_with("'\\");
        let plain = text.chars().nth(2) == Some('\'');
        if escaped || plain { to(closing_quote(text, '\'')) } else { 0 }
    } else {
        0
    }
}

/// The length up to and with the quote that closes the one that `text` starts with.
fn closing_quote(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return Some(at + 1);
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

#[test]
fn a_source_is_read_just_far_enough() {
    let text = "use crate::{event::{self, Event as E}, config};\nfn a<'a>(c: char) -> bool {\n    // b::c\n    \
                c == '\"' || d::e(r#\"f::\"g\"#)\n}\n#[cfg(test)]\nmod tests {\n    fn h() {}\n}\n";
    let source = Source::new("src/decode/x.rs", text);
    let paths: Vec<String> = source.paths().into_iter().map(|named| named.path).filter(|p| p.contains(':')).collect();
    assert_eq!(paths, ["crate::event::self", "crate::event::Event", "crate::config", "d::e"]);
    assert_eq!(source.functions().iter().map(|f| (f.name, f.lines)).collect::<Vec<_>>(), [("a", 4), ("h", 1)]);
    assert_eq!(source.test.iter().position(|test| *test), Some(5));
    assert_eq!((source.room(), source.module()), (Some("decode"), vec!["decode", "x"]));
}
