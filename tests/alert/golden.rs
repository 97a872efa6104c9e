//! Golden cases: `tests/alerts/<case>/finding.json` → `expected.json` (the body), `expected.headers` and `expected.txt`
//! (the terminal). `NHIWATCH_REWRITE=1 cargo test --test alert` rewrites what is expected.

use std::fs;
use std::path::{Path, PathBuf};

use nhiwatch::alert::text::Colour;
use nhiwatch::alert::{ProductInfo, Rendered, ocsf, text};
use nhiwatch::config::AlertsConfig;
use nhiwatch::event::Finding;

use super::ocsf_schema;

const BUILD: ProductInfo<'static> = ProductInfo { version: "0.0.0-golden" };

#[test]
fn every_case_gives_what_is_expected() {
    let mut cases: Vec<PathBuf> = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/alerts"))
        .expect("the folder of cases can be read")
        .map(|entry| entry.expect("a case can be read").path())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    for case in cases {
        check(&case);
    }
}

fn check(case: &Path) {
    let finding = fs::read(case.join("finding.json")).expect("finding.json can be read");
    let finding: Finding =
        serde_json::from_slice(&finding).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    let rendered = ocsf::render(&finding, &AlertsConfig::default(), &BUILD);
    let alert = serde_json::from_slice(&rendered.body).expect("the body is JSON");
    ocsf_schema::check(&alert, &case.display().to_string());
    compare(case, "expected.json", &pretty(&rendered.body));
    compare(case, "expected.headers", &headers(&rendered));
    compare(case, "expected.txt", &text::render(&finding, Colour::Never));
}

fn compare(case: &Path, name: &str, actual: &str) {
    let path = case.join(name);
    if std::env::var_os("NHIWATCH_REWRITE").is_some() {
        fs::write(&path, actual).expect("what is expected can be rewritten");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(expected, actual, "{} (NHIWATCH_REWRITE=1 rewrites it)", path.display());
}

fn headers(rendered: &Rendered) -> String {
    let named = [("(key)", &rendered.key), ("(partition by)", &rendered.partition_hash_key)];
    let headers = rendered.headers.iter().map(|(name, value)| (*name, value));
    named.into_iter().chain(headers).map(|(name, value)| format!("{name}: {value}\n")).collect()
}

/// The same JSON, indented; order of members and form of numbers stay as they were written.
fn pretty(json: &[u8]) -> String {
    let json = std::str::from_utf8(json).expect("JSON is UTF-8");
    let (mut pretty, mut depth, mut in_text, mut escaped) = (String::new(), 0, false, false);
    for c in json.chars() {
        let structural = !in_text;
        in_text = in_text != (c == '"' && !escaped);
        escaped = c == '\\' && !escaped;
        match c {
            '{' | '[' if structural => depth += 1,
            '}' | ']' if structural => {
                depth -= 1;
                new_line(&mut pretty, depth);
            }
            _ => {}
        }
        pretty.push(c);
        match c {
            '{' | '[' | ',' if structural => new_line(&mut pretty, depth),
            ':' if structural => pretty.push(' '),
            _ => {}
        }
    }
    pretty + "\n"
}

fn new_line(pretty: &mut String, depth: usize) {
    pretty.push('\n');
    pretty.push_str(&"  ".repeat(depth));
}
