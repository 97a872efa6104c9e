//! The program as a user meets it: what it prints where, and how it ends.

#![allow(clippy::disallowed_methods, reason = "runs the program and reads what it printed")]

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a command printed, and its exit code.
struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

/// The program in an environment that holds nothing of ours.
fn nhiwatch(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nhiwatch"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("NHIWATCH")) {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

fn end(mut command: Command) -> Ended {
    let output = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what is printed is UTF-8");
    Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn run(arguments: &[&str]) -> Ended {
    end(nhiwatch(arguments))
}

/// A folder with a configuration file in it.
fn with_file(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("nhiwatch.toml"), text).unwrap();
    folder
}

#[test]
fn the_version_is_told() {
    let ended = run(&["--version"]);
    assert_eq!(ended.out, concat!("nhiwatch ", env!("CARGO_PKG_VERSION"), "\n"));
    assert_eq!(ended.code, Some(0));
}

#[test]
fn wrong_usage_is_told_on_standard_error_and_ends_with_2() {
    for arguments in [&[][..], &["no-such-command"], &["config", "check", "--colour"], &["config", "check", "a", "b"]] {
        let ended = run(arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}");
        assert_eq!(ended.out, "", "{arguments:?}");
        assert!(ended.err.contains("Usage: nhiwatch"), "{arguments:?}: {}", ended.err);
    }
    assert!(run(&["confg"]).err.contains("'config'"), "a typo is met with what exists");
    assert!(run(&["config", "print", "--log-level", "loud"]).err.contains("error, warn, info, debug, trace"));
}

#[test]
fn help_names_every_command_with_examples() {
    let help = run(&["--help"]);
    assert_eq!(help.code, Some(0));
    for word in ["config", "Examples:", "--set <KEY=VALUE>", "NHIWATCH_CONFIG", "Exit codes"] {
        assert!(help.out.contains(word), "{word}: {}", help.out);
    }
    for line in help.out.lines() {
        assert!(line.chars().count() <= 120, "too wide for a terminal: {line}");
    }
}

#[test]
fn a_valid_configuration_is_said_to_be_valid() {
    let folder = with_file("[detect]\nwarm_hours = 8\n");
    let ended = end({
        let mut command = nhiwatch(&["config", "check", "nhiwatch.toml"]);
        command.current_dir(&folder);
        command
    });
    assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (Some(0), "nhiwatch.toml is valid\n", ""));
    assert_eq!(run(&["config", "check"]).out, "the configuration is valid\n");
}

#[test]
fn an_invalid_configuration_ends_with_1_and_every_mistake_has_its_line() {
    let folder = with_file("[detect]\nwarm_hour = 8\n\n[log]\nlevel = \"loud\"\n");
    let mut command = nhiwatch(&["config", "check", "nhiwatch.toml", "--set", "http.listen=here"]);
    command.current_dir(&folder).env("NHIWATCH__DETECT__WARM_HOURS", "many");
    let ended = end(command);
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.out, "");
    let expected = "\
nhiwatch: nhiwatch.toml:2:1: unknown key detect.warm_hour; did you mean detect.warm_hours?
nhiwatch: nhiwatch.toml:5:9: log.level must be one of error, warn, info, debug, trace, not the string \"loud\"
nhiwatch: NHIWATCH__DETECT__WARM_HOURS: detect.warm_hours must be a whole number, 0 or more, not \"many\"
nhiwatch: --set http.listen: http.listen must be an address and a port, such as 127.0.0.1:9464 or [::1]:9464
";
    assert_eq!(ended.err, expected);
}

#[test]
fn a_file_that_is_not_there_or_not_text_is_named() {
    let missing = run(&["config", "check", "no/such.toml"]);
    assert_eq!(missing.err, "nhiwatch: no/such.toml: there is no such file\n");
    assert_eq!(missing.code, Some(1));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("binary.toml"), b"\xff\xfe\x00").unwrap();
    let mut command = nhiwatch(&["config", "print", "-c", "binary.toml"]);
    command.current_dir(&folder);
    assert_eq!(end(command).err, "nhiwatch: binary.toml: the file is not UTF-8 text\n");
}

#[test]
fn print_shows_what_holds_in_the_end() {
    let folder = with_file("[detect]\nwarm_hours = 8\nhash_key = \"a secret of thirty characters\"\n");
    let mut command = nhiwatch(&["config", "print", "--set", "detect.half_life_days=21", "--log-level", "debug"]);
    command.current_dir(&folder).env("NHIWATCH_CONFIG", "nhiwatch.toml").env("NHIWATCH__LOG__FORMAT", "json");
    let ended = end(command);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    for line in ["warm_hours = 8", "half_life_days = 21.0", "level = \"debug\"", "format = \"json\""] {
        assert!(ended.out.lines().any(|shown| shown == line), "{line}: {}", ended.out);
    }
    assert!(!ended.out.contains("thirty"), "a secret is not shown: {}", ended.out);
}

#[test]
fn print_default_is_the_file_in_the_repository() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/nhiwatch.toml");
    let mut command = nhiwatch(&["config", "print", "--default"]);
    command.env("NHIWATCH__DETECT__WARM_HOURS", "no number, and of no concern here");
    assert_eq!(end(command).out, fs::read_to_string(file).unwrap());
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = nhiwatch(&["config", "print"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(err, "");
    assert!(child.wait().unwrap().success());
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_told() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = nhiwatch(&["config", "print"]);
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.starts_with("nhiwatch: standard output cannot be written to: No space left on device"), "{err}");
    assert_eq!(err.lines().count(), 1, "{err}");
}

/// Whatever is in a file, it is told record by record, and nothing ends the command.
#[test]
fn junk_and_damage_are_dead_letters() {
    let folder = tempfile::tempdir().unwrap();
    let junk: Vec<u8> = (0..5_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    fs::write(folder.path().join("junk.json"), &junk).unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, RECORDS.repeat(20).as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    fs::write(folder.path().join("cut.json.gz"), &packed[..packed.len() / 2]).unwrap();
    for name in ["junk.json", "cut.json.gz"] {
        let path = folder.path().join(name);
        let ended = run(&["decode", path.to_str().unwrap()]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{name}");
        let last: serde_json::Value = serde_json::from_str(ended.out.lines().last().unwrap()).unwrap();
        assert_eq!(last["outcome"], "dead_letter", "{last}");
        assert_eq!(last["record"], ended.out.lines().count(), "{last}");
        let replayed = run(&["replay", path.to_str().unwrap()]);
        assert_eq!(replayed.code, Some(0), "{}", replayed.err);
        assert!(replayed.err.contains("The outcomes add up: "), "{}", replayed.err);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn decode_tells_of_a_full_device() {
    for arguments in [&["decode", "-"][..], &["decode", "--summary", "-"]] {
        let mut command = nhiwatch(arguments);
        let output = command.stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap()).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(err, "nhiwatch: cannot write the output: No space left on device (os error 28)\n");
    }
}

/// One CloudTrail record, and one that is none.
const RECORDS: &str = r#"{"Records":[{"eventVersion":"1.11","eventTime":"2026-03-01T10:00:00Z","eventSource":"s3.amazonaws.com",
"eventName":"ListBuckets","awsRegion":"eu-central-1","sourceIPAddress":"198.51.100.7","eventID":"1f0e","eventType":"AwsApiCall",
"eventCategory":"Management","recipientAccountId":"123456789012","userIdentity":{"type":"IAMUser","userName":"reports",
"arn":"arn:aws:iam::123456789012:user/reports","accountId":"123456789012","accessKeyId":"AKIAEXAMPLE"}},5]}"#;

/// The program with something to read on its standard input.
fn with_input(arguments: &[&str], input: &str) -> Ended {
    let mut command = nhiwatch(arguments);
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), input).unwrap();
    command.stdin(fs::File::open(file.path()).unwrap());
    end(command)
}

#[test]
fn decode_reads_files_and_standard_input_alike() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("trail.json"), RECORDS).unwrap();
    let from_folder = run(&["decode", folder.path().to_str().unwrap()]);
    let from_input = with_input(&["decode", "-"], RECORDS);
    assert_eq!((from_folder.code, from_folder.err.as_str()), (Some(0), ""));
    let outcomes = |ended: &Ended| -> Vec<String> {
        let lines = ended.out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines.map(|line| line["outcome"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(outcomes(&from_folder), ["event", "dead_letter"]);
    assert_eq!(outcomes(&from_input), ["event", "dead_letter"]);
    assert!(with_input(&["decode", "--summary", "-"], RECORDS).out.contains("aws.cloudtrail"));
}

#[test]
fn replay_keeps_alerts_and_summary_apart() {
    let ended = with_input(&["replay", "-"], RECORDS);
    assert_eq!((ended.code, ended.out.as_str()), (Some(0), ""), "one event alerts nobody");
    assert!(ended.err.contains("records read"), "{}", ended.err);
}

#[test]
fn a_path_that_is_not_there_is_named() {
    for command in ["decode", "replay"] {
        let ended = run(&[command, "no/such/path"]);
        assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{command}");
        assert!(ended.err.starts_with("nhiwatch: ") && ended.err.contains("no/such/path"), "{}", ended.err);
        assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
    }
}

#[test]
fn replay_takes_paths_or_a_topic() {
    let both = run(&["replay", "trail.json", "--topic", "audit"]);
    assert_eq!(both.code, Some(2));
    assert!(
        both.err.starts_with("error: the argument '[PATH]...' cannot be used with '--topic <NAME>'"),
        "{}",
        both.err
    );
    let neither = run(&["replay"]);
    assert_eq!(neither.code, Some(2));
    assert!(neither.err.contains("<PATH|--topic <NAME>>"), "{}", neither.err);
    let own = run(&["replay", "--topic", "a", "--set", "kafka.alerts_topic=a"]);
    assert_eq!((own.code, own.err.lines().count()), (Some(1), 1), "{}", own.err);
    assert_eq!(run(&["replay", "--topic", ""]).code, Some(2));
    assert!(own.err.starts_with("nhiwatch: topic a (kafka.alerts_topic) holds alerts; "), "{}", own.err);
}

#[test]
fn a_port_in_use_stops_run_with_one_sentence() {
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    let ended = run(&["run", "--set", &format!("http.listen={address}")]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""));
    let sentence = format!("nhiwatch: {address} is in use by another program; give metrics and health another address");
    assert!(ended.err.starts_with(&sentence) && ended.err.lines().count() == 1, "{}", ended.err);
}

#[test]
fn detections_are_listed_as_they_are_configured() {
    let table = run(&["detections", "list"]);
    assert!(table.out.starts_with("FEATURE") && table.out.contains("\ntwonet "), "{}", table.out);
    let ended = run(&["detections", "list", "--json", "--set", "detect.warm_hours=9"]);
    let contract: serde_json::Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(contract["periods"]["warm_hours"], 9);
    let detections = contract["detections"].as_array().expect("a list");
    assert_eq!(detections.len(), nhiwatch::event::Feature::ALL.len());
    assert!(detections[0]["activation"].as_str().is_some_and(|text| text.starts_with("after 9 active hours")));
    for detection in detections {
        for member in ["sources", "fields", "activation", "training", "test_period", "dedup", "severity", "attack"] {
            assert!(!detection[member].is_null(), "{member}: {detection}");
        }
        assert!(detection["attack"][0]["tactic"].is_string(), "{detection}");
    }
}

#[test]
fn the_schema_of_the_configuration_is_printed() {
    let ended = run(&["config", "schema"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert_eq!(ended.out, nhiwatch::config::json_schema());
}
