//! Does it find anything? Recorded or simulated events with labels in; how many attacks were found at how many false
//! alerts out, beside two rules that are easy to write, measured in the same run on the same events.
//!
//! ```text
//!  files ─▶ events ─┬─▶ a detector per budget ─▶ its own alerts ─────────────────┐
//!                   │        └─▶ ranked by its evidence ────── oracle threshold ─┼─▶ mute ─▶ verdict ─▶ report
//!                   └─▶ rules R3, R4 ─▶ ranked by points ───── oracle threshold ─┘      labels ┘
//! ```
//!
//! * `roster`: who there is. `rules`: the rules to beat. `contest`: all entrants over one stream of events.
//! * `rise`, `oracle`: from scores to alerts, the same way for everybody. `attack`, `verdict`: alerts held against labels.
//! * `statistics`: intervals and quantiles. `report`, `text`: what is printed.
//! * `running`: the command `evaluate`, the only part that reads files and the clock.
//!
//! What keeps the figures honest (model, section 3): whole attacks are counted, never points; nothing benign is left
//! out of the false alerts; precision is given only with the prevalence that it holds for; a rule's threshold is chosen
//! with the labels in hand, which no operator can do, and it says so.

mod attack;
mod contest;
mod oracle;
mod report;
mod rise;
mod roster;
mod rules;
mod running;
mod statistics;
mod text;
mod verdict;

pub use attack::{Attack, attack, parse_labels};
pub use contest::{Contest, Entrant, Scores};
pub use oracle::threshold;
pub use report::{Line, Report, Settings, Stream};
pub use rise::{Alert, MUTE_MS, Rise, alerts};
pub use roster::{Member, Roster};
pub use running::{Options, run};
pub use statistics::{Interval, poisson_interval, quantile, share_interval};
pub use verdict::{NEUTRAL_MS, Period, Verdict, WINDOW_MS, judge};
