//! Which texts a record says already: entries that travel together have many in common, and say them by a number.
//!
//! Writer and reader count alike: every text that is written out and [`is_worth`] a number gets the next one, up to
//! [`MOST`]. In a record of events of a cloud two thirds of the bytes go; a general compressor finds the same, but looks
//! at every byte for it.

use xxhash_rust::xxh3::xxh3_64;

/// Texts of a record that have numbers.
const MOST: usize = 4096;
/// Places of the table by which texts are found again.
const PLACES: usize = 4096;
/// Places that a text may stand in, from that of its hash on.
const PROBES: usize = 2;

/// Whether a text can be worth a number; shorter ones cost no more.
fn is_worth(text: &str) -> bool {
    text.len() > 2
}

/// The writer's side: finds the number of a text in the record.
#[derive(Debug, Clone)]
pub(super) struct Said {
    /// Where in the record each text lies, by its number.
    texts: Vec<(u32, u32)>,
    /// Numbers and one more, by hash; 0 for none. A newer text takes the place of an older one.
    places: Box<[u16; PLACES]>,
}

impl Default for Said {
    fn default() -> Said {
        Said { texts: Vec::new(), places: Box::new([0; PLACES]) }
    }
}

/// What is known of a text that is to be written.
pub(super) enum Found {
    /// It was written before: its number.
    Before(usize),
    /// It is to be written out, and noted at this place.
    New(usize),
    /// It is to be written out.
    Unworthy,
}

impl Said {
    /// Forgets everything: a new record begins.
    pub(super) fn clear(&mut self) {
        if !self.texts.is_empty() {
            self.texts.clear();
            self.places.fill(0);
        }
    }

    /// Forgets what lay behind so many bytes of the record. Places may still name it: what they name is compared.
    pub(super) fn take_back(&mut self, bytes: usize) {
        let kept = self.texts.partition_point(|(start, _)| (*start as usize) < bytes);
        self.texts.truncate(kept);
    }

    /// What is known of a text in the record written so far.
    pub(super) fn find(&self, record: &[u8], text: &str) -> Found {
        if !is_worth(text) {
            return Found::Unworthy;
        }
        let first = xxh3_64(text.as_bytes()) as usize % PLACES;
        let mut free = None;
        for place in (first..first + PROBES).map(|place| place % PLACES) {
            let number = usize::from(self.places[place]).wrapping_sub(1);
            let Some(&(start, len)) = self.texts.get(number) else {
                free = free.or(Some(place));
                continue;
            };
            if len as usize == text.len() && record[start as usize..][..text.len()] == *text.as_bytes() {
                return Found::Before(number);
            }
        }
        if self.texts.len() < MOST { Found::New(free.unwrap_or(first)) } else { Found::Unworthy }
    }

    /// Notes a text that was written out from `start` on.
    pub(super) fn note(&mut self, place: usize, start: usize, text: &str) {
        let (Ok(start), Ok(len)) = (u32::try_from(start), u32::try_from(text.len())) else {
            unreachable!("no record is larger than a message may be, 2 GiB")
        };
        self.texts.push((start, len));
        self.places[place] = self.texts.len() as u16;
    }
}

/// The reader's side: texts by their numbers.
#[derive(Debug, Default)]
pub(super) struct Heard<'a>(Vec<&'a str>);

impl<'a> Heard<'a> {
    /// A text was written out.
    pub(super) fn note(&mut self, text: &'a str) {
        if is_worth(text) && self.0.len() < MOST {
            self.0.push(text);
        }
    }

    /// The text of a number.
    pub(super) fn get(&self, number: u64) -> Option<&'a str> {
        self.0.get(usize::try_from(number).ok()?).copied()
    }
}
