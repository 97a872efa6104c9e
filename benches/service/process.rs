//! What the kernel knows of a process: processor time by thread, resident memory.

use std::collections::BTreeMap;
use std::fs;

/// Seconds of processor time by role.
pub type Usage = BTreeMap<&'static str, f64>;

/// Clock ticks of `/proc/<pid>/stat` in a second: Linux shows 100 to user space on every machine.
const TICKS: f64 = 100.0;

/// Processor time by thread name so far; what ended threads used is under `ended threads`.
pub fn usage(pid: u32) -> Usage {
    let mut usage = Usage::new();
    for task in fs::read_dir(format!("/proc/{pid}/task")).expect("the process runs").flatten() {
        let path = task.path();
        let read = |file: &str| fs::read_to_string(path.join(file)).unwrap_or_default();
        *usage.entry(role(read("comm").trim())).or_default() += thread_seconds(&read("schedstat"), &read("stat"));
    }
    let living: f64 = usage.values().sum();
    usage.insert("ended threads", (process_seconds(pid) - living).max(0.0));
    usage
}

/// What was used between two readings.
pub fn between(before: &Usage, after: &Usage) -> Usage {
    after.iter().map(|(role, seconds)| (*role, seconds - before.get(role).unwrap_or(&0.0))).collect()
}

/// All processor time that a process used so far, in seconds.
pub fn process_seconds(pid: u32) -> f64 {
    ticks(&fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process runs")) / TICKS
}

/// Resident memory, in bytes.
pub fn resident_bytes(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("Linux tells it");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).expect("a number of KiB") << 10
}

/// Threads that ran or wanted to run in the last minute, on average: figures of a busy machine say little.
pub fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or_default().to_owned()
}

/// Which part of the work a thread of this name does.
fn role(thread: &str) -> &'static str {
    match thread {
        name if name.starts_with("ingest-") => "ingest loops",
        "worker" => "detect workers",
        "publisher" => "publisher",
        name if name.starts_with("rdk:") => "librdkafka",
        _ => "everything else",
    }
}

/// To the nanosecond where the kernel keeps schedule statistics.
fn thread_seconds(schedstat: &str, stat: &str) -> f64 {
    match schedstat.split_whitespace().next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()) {
        Some(nanoseconds) => nanoseconds / 1e9,
        None => ticks(stat) / TICKS,
    }
}

/// User and system time of a `stat` file; the name in parentheses may hold anything.
fn ticks(stat: &str) -> f64 {
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum()
}
