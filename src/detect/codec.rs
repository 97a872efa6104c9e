//! Records of the state changelog: keys, values, versions, checksums.
//!
//! ```text
//! key    version, sort, id (8 bytes, little-endian), slot (0 or 1)        marker: version, sort
//! value  version, cut (8), gone (1), place (4), postcard, CRC-32 of all before (4)
//! ```

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::store::Entry;
use super::{Cut, StateChange, StateError};

const VERSION: u8 = 7;
const HEAD: usize = 14;
const CHECKSUM: usize = 4;

/// Sorts of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Sort {
    /// An identity's baseline.
    Identity = 1,
    /// A peer group.
    Group = 2,
    /// A part of the fleet's values.
    Shard = 3,
    /// Ids of one minute's events.
    Seen = 4,
    /// Who was issued a credential.
    Link = 5,
    /// The fleet's counters, calibration and thresholds, stream time and positions.
    Fleet = 6,
    /// The end of a cut.
    Marker = 7,
}

impl Sort {
    fn from_byte(byte: u8) -> Option<Sort> {
        [Sort::Identity, Sort::Group, Sort::Shard, Sort::Seen, Sort::Link, Sort::Fleet, Sort::Marker]
            .into_iter()
            .find(|sort| *sort as u8 == byte)
    }
}

/// A record as it was read.
#[derive(Debug)]
pub struct Record<'a> {
    /// The cut that wrote it.
    pub cut: u64,
    /// The part was removed.
    pub gone: bool,
    /// Its place in the slab.
    pub place: u32,
    payload: &'a [u8],
}

impl Record<'_> {
    /// The part itself.
    ///
    /// # Errors
    /// Where the bytes are not of that sort.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T, StateError> {
        postcard::from_bytes(self.payload).map_err(|error| StateError::Damaged(error.to_string()))
    }
}

/// The key of a part in one of its slots.
pub fn key(sort: Sort, id: u64, slot: u8) -> Vec<u8> {
    let mut key = vec![VERSION, sort as u8];
    key.extend_from_slice(&id.to_le_bytes());
    key.push(slot);
    key
}

/// Reads a key.
///
/// # Errors
/// Where it is not one of ours.
pub fn read_key(key: &[u8]) -> Result<(Sort, u64, u8), StateError> {
    let damaged = || StateError::Damaged(format!("a key of {} bytes", key.len()));
    let [VERSION, sort, rest @ ..] = key else { return Err(damaged()) };
    let sort = Sort::from_byte(*sort).ok_or_else(damaged)?;
    match (sort, rest) {
        (Sort::Marker, []) => Ok((sort, 0, 0)),
        (_, [id @ .., slot]) => Ok((sort, u64::from_le_bytes(id.try_into().map_err(|_| damaged())?), *slot)),
        _ => Err(damaged()),
    }
}

/// The record of an entry, as the cut writes it.
pub fn write<T: Serialize>(sort: Sort, place: u32, entry: &Entry<T>, cut: u64) -> StateChange {
    let value = postcard::to_extend(&entry.value, head(cut, false, place)).expect("state has known lengths");
    StateChange { key: key(sort, entry.id, entry.mark.slot), value: Some(sealed(value)) }
}

/// The record of a removed entry.
pub fn write_gone(sort: Sort, id: u64, slot: u8, cut: u64) -> StateChange {
    StateChange { key: key(sort, id, slot), value: Some(sealed(head(cut, true, 0))) }
}

/// The marker that closes a cut.
pub fn write_marker(cut: Cut) -> StateChange {
    let mut value = head(cut.id, false, 0);
    value.extend_from_slice(&cut.next_offset.to_le_bytes());
    StateChange { key: vec![VERSION, Sort::Marker as u8], value: Some(sealed(value)) }
}

/// Reads a marker's value.
///
/// # Errors
/// Where it is damaged.
pub fn read_marker(value: &[u8]) -> Result<Cut, StateError> {
    let record = read(value)?;
    let offset = record.payload.try_into().map_err(|_| StateError::Damaged("a marker without an offset".into()))?;
    Ok(Cut { id: record.cut, next_offset: i64::from_le_bytes(offset) })
}

/// Reads a value, but for the part itself.
///
/// # Errors
/// Where it is damaged or of another version.
pub fn read(value: &[u8]) -> Result<Record<'_>, StateError> {
    let damaged = |what: &str| StateError::Damaged(what.into());
    let length = value.len().checked_sub(CHECKSUM).filter(|length| *length >= HEAD);
    let (body, checksum) = value.split_at(length.ok_or_else(|| damaged("a value that is too short"))?);
    if crc32fast::hash(body).to_le_bytes() != checksum {
        return Err(damaged("the checksum does not fit"));
    }
    if body[0] != VERSION {
        return Err(StateError::Damaged(format!("version {}", body[0])));
    }
    let cut = u64::from_le_bytes(body[1..9].try_into().expect("eight bytes"));
    let place = u32::from_le_bytes(body[10..HEAD].try_into().expect("four bytes"));
    Ok(Record { cut, gone: body[9] != 0, place, payload: &body[HEAD..] })
}

fn head(cut: u64, gone: bool, place: u32) -> Vec<u8> {
    let mut value = vec![VERSION];
    value.extend_from_slice(&cut.to_le_bytes());
    value.push(u8::from(gone));
    value.extend_from_slice(&place.to_le_bytes());
    value
}

fn sealed(mut value: Vec<u8>) -> Vec<u8> {
    let checksum = crc32fast::hash(&value);
    value.extend_from_slice(&checksum.to_le_bytes());
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// No bytes make it panic.
        #[test]
        fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = read_key(&bytes);
            let _ = read(&bytes);
            let _ = read_marker(&sealed(bytes));
        }
    }

    #[test]
    fn a_flipped_bit_is_noticed() {
        let marker = write_marker(Cut { id: 7, next_offset: 42 });
        let mut value = marker.value.expect("a marker has a value");
        assert_eq!(read_marker(&value), Ok(Cut { id: 7, next_offset: 42 }));
        value[3] ^= 1;
        assert!(read_marker(&value).is_err());
    }
}
