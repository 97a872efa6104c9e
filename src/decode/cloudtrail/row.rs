//! Rows as query engines print them (Trino, and CloudTrail Lake's queries): `{type=IAMUser, sessioncontext={attributes=null}}`.
//!
//! In: the text of a row. Out: the same as a JSON object of texts; lists and `null` are left out. The form has no escapes: a value
//! ends where the row does, or where the next name begins.

/// How deep rows are read; CloudTrail's are not deeper.
const MAX_DEPTH: usize = 6;

/// A row as JSON; none where the text is none.
pub fn json(text: &str) -> Option<String> {
    let mut json = String::with_capacity(text.len() * 2);
    let rest = row(text.trim_ascii(), MAX_DEPTH, &mut json)?;
    rest.is_empty().then_some(json)
}

/// Writes the row that `text` begins with, and gives what follows it.
fn row<'t>(text: &'t str, depth: usize, json: &mut String) -> Option<&'t str> {
    let mut rest = text.strip_prefix('{').filter(|_| depth > 0)?;
    json.push('{');
    loop {
        rest = rest.trim_ascii_start();
        if let Some(behind) = rest.strip_prefix('}') {
            json.push('}');
            return Some(behind);
        }
        let length = name_length(rest)?;
        let (name, value) = (&rest[..length], &rest[length + 1..]);
        let front = json.len();
        if !json.ends_with('{') {
            json.push(',');
        }
        json.extend(["\"", name, "\":"]);
        rest = if value.starts_with('{') {
            row(value, depth - 1, json)?
        } else {
            let end = value_length(value)?;
            match &value[..end] {
                "null" => json.truncate(front),
                text => json.push_str(&serde_json::to_string(text).ok()?),
            }
            &value[end..]
        };
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
}

/// How long the name is that a text begins with, where `=` follows it.
fn name_length(text: &str) -> Option<usize> {
    let length = text.bytes().take(64).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    (length > 0 && text.as_bytes().get(length) == Some(&b'=')).then_some(length)
}

/// How long the value is that a text begins with.
fn value_length(text: &str) -> Option<usize> {
    let mut marks = memchr::memchr2_iter(b',', b'}', text.as_bytes());
    marks.find(|at| match text.as_bytes()[*at] {
        b'}' => true,
        _ => text[at + 1..].strip_prefix(' ').is_some_and(|next| name_length(next).is_some()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_query_engines() {
        for (text, expected) in [
            ("{type=IAMUser, username=ann}", Some(r#"{"type":"IAMUser","username":"ann"}"#)),
            ("{a=null, b={c=d, e=null}, f=x,y=z}", Some(r#"{"b":{"c":"d"},"f":"x,y=z"}"#)),
            ("{}", Some("{}")),
            ("{a=\"é\"}", Some(r#"{"a":"\"é\""}"#)),
            ("{a=b", None),
            ("{a}", None),
            ("{a=b} c", None),
            ("a=b", None),
        ] {
            assert_eq!(json(text).as_deref(), expected, "{text}");
        }
        assert_eq!(json(&"{a=".repeat(10_000)), None);
    }
}
