//! Configuration: layers, strictness, and the sentences that tell what is wrong.
//!
//! Each folder under `tests/config` is a wrong configuration (`config.toml`, `environment`, `flags`) and what is said
//! of it (`expected`). `NHIWATCH_REWRITE=1 cargo test --test config` writes what is said now.

#![allow(clippy::disallowed_methods, reason = "reads and writes test data")]

use std::fs;
use std::path::{Path, PathBuf};

use nhiwatch::config::{Config, LogFormat, LogLevel, Sources, json_schema, load, print_default, print_effective};
use nhiwatch::event::Kind;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rewriting() -> bool {
    std::env::var_os("NHIWATCH_REWRITE").is_some()
}

/// Compares with a file of ours, or writes it where asked to.
fn check_file(path: &Path, actual: &str) {
    if rewriting() {
        fs::write(path, actual).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(actual, expected, "{} (NHIWATCH_REWRITE=1 writes it anew)", path.display());
}

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap_or_default().lines().map(str::to_owned).collect()
}

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn from_flags(flags: &[&str]) -> Config {
    load(&Sources { flags: flags.iter().map(|flag| (*flag).to_owned()).collect(), ..Sources::default() }).unwrap()
}

/// A configuration file that lives as long as the test.
fn written(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    file
}

#[test]
fn every_wrong_configuration_is_told_in_one_clear_sentence() {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root().join("tests/config")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 12);
    for folder in folders {
        let file = folder.join("config.toml");
        let environment = lines(&folder.join("environment"));
        let pairs: Vec<_> = environment.iter().map(|line| line.split_once('=').unwrap()).collect();
        let sources = Sources {
            file: file.exists().then_some(file.as_path()),
            environment: variables(&pairs),
            flags: lines(&folder.join("flags")),
        };
        let errors = load(&sources).expect_err(&folder.display().to_string()).to_string();
        check_file(
            &folder.join("expected"),
            &format!("{}\n", errors.replace(&file.display().to_string(), "config.toml")),
        );
    }
}

#[test]
fn later_layers_win_and_the_others_stay() {
    let file = written("[detect]\nwarm_hours = 7\nhalf_life_days = 7.0\nrecord_only = []\n[log]\nlevel = \"debug\"\n");
    let sources = Sources {
        file: Some(file.path()),
        environment: variables(&[("NHIWATCH__DETECT__WARM_HOURS", "8"), ("NHIWATCH__LOG__FORMAT", "json")]),
        flags: vec!["detect.warm_hours=9".into()],
    };
    let config = load(&sources).unwrap();
    assert_eq!(config.detect.warm_hours, 9);
    assert_eq!(config.detect.half_life_days, 7.0);
    assert_eq!(config.detect.record_only, []);
    assert_eq!((config.log.level, config.log.format), (LogLevel::Debug, LogFormat::Json));
    assert_eq!(config.decode, Config::default().decode);
}

#[test]
fn text_is_read_by_the_type_of_its_key() {
    assert_eq!(from_flags(&["detect.half_life_days=3"]).detect.half_life_days, 3.0);
    assert_eq!(from_flags(&["detect.hash_key=1234567890123456"]).detect.hash_key, "1234567890123456");
    let kinds = vec![Kind::Human, Kind::Unknown];
    assert_eq!(from_flags(&["detect.record_only=human, unknown"]).detect.record_only, kinds);
    assert_eq!(from_flags(&[r#"detect.record_only=["human","unknown"]"#]).detect.record_only, kinds);
    assert_eq!(from_flags(&["detect.record_only="]).detect.record_only, []);
}

#[test]
fn variables_of_others_do_not_stop_us() {
    let environment =
        variables(&[("NHIWATCH_SERVICE_HOST", "10.0.0.1"), ("NHIWATCH_PORT", "tcp://10.0.0.1:9464"), ("PATH", "/bin")]);
    assert_eq!(load(&Sources { environment, ..Sources::default() }).unwrap(), Config::default());
}

#[test]
fn the_defaults_contradict_nothing() {
    assert_eq!(Config::default().validate(), Vec::<String>::new());
}

#[test]
fn the_default_file_is_what_the_types_say() {
    check_file(&root().join("config/nhiwatch.toml"), &print_default());
    let file = root().join("config/nhiwatch.toml");
    assert_eq!(load(&Sources { file: Some(&file), ..Sources::default() }).unwrap(), Config::default());
}

#[test]
fn the_schema_is_what_the_types_say() {
    check_file(&root().join("config/nhiwatch.schema.json"), &json_schema());
}

/// Whether an editor that goes by the schema would find nothing wrong with the file.
fn passes_the_schema(path: &Path) -> bool {
    let schema = serde_json::from_str(&json_schema()).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let file: toml::Table = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    validator.is_valid(&serde_json::to_value(file).unwrap())
}

#[test]
fn example_files_name_the_schema_and_pass_it() {
    for name in ["nhiwatch.toml", "production.example.toml"] {
        let path = root().join("config").join(name);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().next(), Some("#:schema ./nhiwatch.schema.json"), "{name}");
        assert!(passes_the_schema(&path), "{name}");
    }
}

#[test]
fn the_schema_refuses_what_we_refuse() {
    for case in ["typo_in_a_key", "typo_in_a_section", "budget_of_an_unknown_kind", "number_in_quotes", "negative"] {
        assert!(!passes_the_schema(&root().join("tests/config").join(case).join("config.toml")), "{case}");
    }
}

#[test]
fn kinds_have_budgets_of_their_own_in_file_variable_and_flag() {
    let file = written("[budget]\nacute_per_1000_per_day = 0.08\n[budget.kind.ai_agent]\nacute_per_1000_per_day = 5\n");
    let variable = ("NHIWATCH__BUDGET__KIND__VENDOR_APP__ACUTE_PER_1000_PER_DAY", "0.5");
    let flag = "budget.kind.ai_agent.acute_per_1000_per_day=7";
    let sources = Sources { file: Some(file.path()), environment: variables(&[variable]), flags: vec![flag.into()] };
    let config = load(&sources).unwrap();
    let asked = [Kind::AiAgent, Kind::VendorApp, Kind::Workload].map(|kind| config.budget.own(kind));
    assert_eq!((config.budget.acute_per_1000_per_day, asked), (0.08, [Some(7.0), Some(0.5), None]));
    let printed = print_effective(&config);
    assert!(printed.contains("\n# AI agents.\n[budget.kind.ai_agent]\n"), "{printed}");
    assert_eq!(load(&Sources { file: Some(written(&printed).path()), ..Sources::default() }).unwrap(), config);
}

#[test]
fn every_key_of_the_default_file_has_a_comment() {
    let text = print_default();
    let lines: Vec<&str> = text.lines().collect();
    for pair in lines.windows(2) {
        let is_setting = pair[1].starts_with('[') || pair[1].contains(" = ") && !pair[1].starts_with('#');
        assert!(!is_setting || pair[0].starts_with('#'), "no comment above {}", pair[1]);
    }
}

#[test]
fn what_is_printed_can_be_read_again_and_holds_no_secret() {
    let config = from_flags(&["detect.hash_key=a secret of thirty characters", "detect.warm_hours=12"]);
    let printed = print_effective(&config);
    assert!(!printed.contains("thirty"), "{printed}");
    let file = written(&printed.replace("[redacted]", "a secret of thirty characters"));
    assert_eq!(load(&Sources { file: Some(file.path()), ..Sources::default() }).unwrap(), config);
}

#[test]
fn lists_of_tables_come_from_file_and_variable_and_are_printed_again() {
    let file = written("[[identity.patterns]]\nmatch = \"*:role/ci-*\"\nkind = \"ci_pipeline\"\n");
    let from_file = load(&Sources { file: Some(file.path()), ..Sources::default() }).unwrap();
    let variable = ("NHIWATCH__IDENTITY__PATTERNS", r#"[{match = "*:role/ci-*", kind = "ci_pipeline"}]"#);
    let from_variable = load(&Sources { environment: variables(&[variable]), ..Sources::default() }).unwrap();
    assert_eq!(from_file.identity.patterns[0].kind, Some(Kind::CiPipeline));
    assert_eq!(from_file, from_variable);
    let again = written(&print_effective(&from_file));
    assert_eq!(load(&Sources { file: Some(again.path()), ..Sources::default() }).unwrap(), from_file);
}

/// The secrets that the example says are to come from the environment.
const SECRETS: [(&str, &str); 3] = [
    ("NHIWATCH__KAFKA__PROPERTIES__SASL_USERNAME", "nhiwatch"),
    ("NHIWATCH__KAFKA__PROPERTIES__SASL_PASSWORD", "not to be seen"),
    ("NHIWATCH__DETECT__HASH_KEY", "thirty-two characters, not to be seen"),
];

#[test]
fn the_example_for_production_is_valid_and_keeps_its_secrets() {
    let file = root().join("config/production.example.toml");
    let text = fs::read_to_string(&file).unwrap();
    let config = load(&Sources { file: Some(&file), environment: variables(&SECRETS), ..Sources::default() }).unwrap();
    let properties: Vec<(&str, &str)> = config.kafka.properties.iter().collect();
    assert!(properties.contains(&("security.protocol", "SASL_SSL")), "{properties:?}");
    assert!(properties.contains(&("sasl.password", "not to be seen")), "{properties:?}");
    assert_eq!(config.kafka.bootstrap_servers.split(',').count(), 3);
    assert_eq!(config.kafka.create.replication, 3);
    let printed = print_effective(&config);
    assert!(!printed.contains("not to be seen") && printed.contains("sasl.password"), "{printed}");
    for (name, _) in SECRETS {
        assert!(text.contains(name), "the example says that {name} is to be set");
    }
}

#[test]
fn a_property_is_the_same_however_its_dots_are_written() {
    let file = written("[kafka.properties]\nsasl.password = \"file\"\n\"fetch.queue.backoff.ms\" = 10\n");
    let variable = ("NHIWATCH__KAFKA__PROPERTIES__SASL_PASSWORD", "variable");
    let flag = "kafka.properties.fetch.queue.backoff.ms=20";
    let environment = variables(&[variable]);
    let config = load(&Sources { file: Some(file.path()), environment, flags: vec![flag.into()] }).unwrap();
    let properties: Vec<(&str, &str)> = config.kafka.properties.iter().collect();
    assert_eq!(properties, [("fetch.queue.backoff.ms", "20"), ("sasl.password", "variable")]);
}
