//! Records of a fleet that can be sent again and again: with another event id, and the time of now.

use std::io::Write as _;

use nhiwatch::event::Timestamp;
use nhiwatch::simulate::Fleet;

use super::super::feed;

/// A record, and where its id and time stand.
pub struct Template {
    pub partition: i32,
    record: Vec<u8>,
    id: usize,
    time: usize,
}

/// The next records of a fleet: so many, or as many as are left.
pub fn of_fleet(fleet: &mut Fleet, count: usize) -> Vec<Template> {
    let next = |_| {
        let mut record = Vec::new();
        let emitted = fleet.next(&mut record)?;
        let (id, time) = (after(&record, b"\"eventID\":\""), after(&record, b"\"eventTime\":\""));
        Some(Template { partition: feed::partition(emitted.identity), record, id, time })
    };
    (0..count).map_while(next).collect()
}

impl Template {
    /// The record of this number and time.
    pub fn write(&self, number: u64, now: Timestamp, record: &mut Vec<u8>) {
        record.clear();
        record.extend_from_slice(&self.record);
        // An id is a UUID of 36 characters, a time has 20: `2026-03-02T10:00:00Z`.
        let seconds = Timestamp::from_millis(now.as_millis() / 1_000 * 1_000);
        write!(&mut record[self.id..self.id + 36], "{number:036x}").expect("it fits");
        write!(&mut record[self.time..self.time + 20], "{seconds}").expect("it fits");
    }
}

/// Where the text begins that follows a name.
fn after(record: &[u8], name: &[u8]) -> usize {
    let at = record.windows(name.len()).position(|window| window == name);
    at.expect("every record has it") + name.len()
}
