//! Finds the end of a JSON value in text that comes bit by bit. Nothing is checked beyond quotation marks and braces;
//! whether it is JSON is for `decode` to say.

/// How far the search has come; it goes on with the same text, longer than before.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The next byte to be looked at.
    at: usize,
    /// Open braces and brackets.
    depth: usize,
    /// Whether to stop at the list of `{"Records":[…]}`.
    watch: bool,
    in_string: bool,
    /// The character after a backslash is still to come.
    escaped: bool,
    /// Where the string began.
    string_start: usize,
    /// The last string at depth 1 was the key, and nothing but space and a colon followed yet.
    after_key: bool,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// The place behind the value.
    End(usize),
    /// The place behind the opening bracket of the list that was watched for.
    List(usize),
    /// Nothing before the end of the text.
    More,
}

impl Scan {
    /// A search that stops at the list of `{"Records":[…]}` where `watch` says so.
    pub(super) fn watching(watch: bool) -> Scan {
        Scan { watch, ..Scan::default() }
    }

    /// A search for the end of an object that was opened before.
    pub(super) fn within_object() -> Scan {
        Scan { depth: 1, ..Scan::default() }
    }

    /// The text that was searched is given up; what follows comes as a text of its own.
    pub(super) fn give_up_text(&mut self) {
        (self.at, self.string_start) = (0, 0);
    }

    /// Goes on from where the search has come to.
    pub(super) fn go(&mut self, text: &[u8]) -> Found {
        while self.at < text.len() {
            if self.in_string {
                self.string(text);
                continue;
            }
            let byte = text[self.at];
            self.at += 1;
            match byte {
                b'"' => (self.in_string, self.string_start) = (true, self.at),
                b'[' if self.after_key && self.depth == 1 => return Found::List(self.at),
                b'{' | b'[' => (self.depth, self.after_key) = (self.depth + 1, false),
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Found::End(self.at);
                    }
                }
                b' ' | b'\t' | b'\r' | b'\n' | b':' => {}
                _ => self.after_key = false,
            }
        }
        Found::More
    }

    /// Goes to the end of a string, or of the text.
    fn string(&mut self, text: &[u8]) {
        if std::mem::take(&mut self.escaped) {
            self.at += 1;
            return;
        }
        match memchr::memchr2(b'"', b'\\', &text[self.at..]) {
            None => self.at = text.len(),
            Some(length) if text[self.at + length] == b'"' => {
                let end = self.at + length;
                self.after_key = self.watch && self.depth == 1 && text.get(self.string_start..end) == Some(b"Records");
                (self.in_string, self.at) = (false, end + 1);
            }
            Some(length) => (self.escaped, self.at) = (true, self.at + length + 1),
        }
    }
}
