//! A template and a moment → a record's bytes.
//!
//! | placeholder | stands for |
//! |---|---|
//! | `$t`, `$m` | the time as text with microseconds, and as a number of milliseconds |
//! | `$a` | the address whence he calls |
//! | `$u`, `$h` | a UUID and twelve hexadecimal digits of this record's own |
//! | `$j`, `$k` | a UUID and 43 letters of the token, of which there is another every hour |

use super::super::record::text;
use super::super::rng::mix;

/// What differs between the records of a template.
pub struct Moment {
    /// When, in milliseconds.
    pub time: i64,
    /// A number of this record's own.
    pub number: u64,
    /// A number of his token's own.
    pub hourly: u64,
    /// Whence he calls.
    pub address: u32,
}

impl Moment {
    /// Appends a template with its placeholders filled in.
    pub fn fill(&self, template: &str, out: &mut Vec<u8>) {
        text::fill(template, out, |letter, out| self.placeholder(letter, out));
    }

    fn placeholder(&self, letter: u8, out: &mut Vec<u8>) {
        match letter {
            b't' => self.time(out),
            b'm' => text::decimal(self.time.unsigned_abs(), 1, out),
            b'a' => text::ipv4(self.address, out),
            b'u' => text::uuid(mix(self.number, 1), out),
            b'h' => text::hex(mix(self.number, 2), 12, out),
            b'j' => text::uuid(self.hourly, out),
            b'k' => (1..=43u64).for_each(|n| out.push(b'a' + (mix(self.hourly, n) % 26) as u8)),
            other => out.extend_from_slice(&[b'$', other]),
        }
    }

    fn time(&self, out: &mut Vec<u8>) {
        text::time(self.time, out);
        let zone = out.pop();
        out.push(b'.');
        text::decimal(self.time.rem_euclid(1_000) as u64, 3, out);
        text::decimal(mix(self.number, 3) % 1_000, 3, out);
        out.extend(zone);
    }
}
