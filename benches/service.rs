//! What the whole service costs on a real broker: processor time by role beside two yardsticks, time from an audit
//! record's arrival to the readable alert, and resident memory. `benches/README.md` says how to run it and what came out.
//!
//! In: the broker that `NHIWATCH_TEST_KAFKA` names, where topics of its own are made and filled with simulated fleets.
//! Out: a few lines of figures on the terminal. The service runs as two processes of the real binary, one a role, so
//! that the threads of librdkafka can be told apart. What is absent on purpose: the broker's own processor time.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "starts processes, looks at the clock, and counts what another thread saw"
)]

#[path = "service/cpu.rs"]
mod cpu;
#[path = "service/feed.rs"]
mod feed;
#[path = "service/latency.rs"]
mod latency;
#[path = "service/memory.rs"]
mod memory;
#[path = "service/process.rs"]
mod process;
#[path = "service/site.rs"]
mod site;
#[path = "score/typed.rs"]
mod typed;
#[path = "service/yardstick.rs"]
mod yardstick;

/// What may be asked for; all of it where nothing is.
const PARTS: [&str; 3] = ["cpu", "latency", "memory"];

/// A small fleet, a large one of identities that call as often, and a large one of quiet ones: a dozen calls a day.
const FLEETS: [cpu::Fleet; 3] = [
    cpu::Fleet { identities: 300, days: 18, rate_scale: 1.0, warm: 300_000, measured: 1_000_000 },
    cpu::Fleet { identities: 60_000, days: 1, rate_scale: 1.0, warm: 6_000_000, measured: 1_000_000 },
    cpu::Fleet { identities: 60_000, days: 3, rate_scale: 0.02, warm: 1_400_000, measured: 1_000_000 },
];

fn main() {
    // Cargo adds `--bench`; what follows `--set` is for the service.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .take_while(|argument| argument != "--set")
        .filter(|argument| argument != "--bench")
        .collect();
    if arguments.first().is_some_and(|first| first == "yardstick") {
        return yardstick::run(&arguments[1..]);
    }
    let Ok(servers) = std::env::var("NHIWATCH_TEST_KAFKA") else {
        println!("SKIPPED service: it needs a broker: deploy/kafka run -- cargo bench --bench service");
        return;
    };
    let sizes: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let is_size =
        |argument: &String| argument.parse::<usize>().is_ok_and(|size| FLEETS.iter().any(|f| f.identities == size));
    let known = |argument: &&String| PARTS.contains(&argument.as_str()) || is_size(argument);
    if let Some(unknown) = arguments.iter().find(|argument| !known(argument)) {
        let sizes = "300 or 60000 identities";
        println!("service: {unknown} is unknown; it measures {}, cpu with {sizes}", PARTS.join(", "));
        std::process::exit(2);
    }
    let asked = |part: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == part);
    if asked("cpu") {
        let fleets = FLEETS.iter().filter(|fleet| sizes.is_empty() || sizes.contains(&fleet.identities));
        fleets.for_each(|fleet| cpu::run(&servers, fleet));
    }
    if asked("latency") {
        latency::run(&servers);
    }
    if asked("memory") {
        memory::run(&servers);
    }
}
