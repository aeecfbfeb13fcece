//! Model files taken apart and put together under headers that fit, as a forger would do it: a digest stops chance, not
//! intent. docs/format.md has the bytes.

#![allow(unreachable_pub, reason = "the crate fuzz has this file too")]

use sha2::{Digest, Sha256};

/// The last version.
pub const VERSION: u8 = 4;

/// A file of the last version: the kinds of its header, and its parts by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    pub kinds: Vec<String>,
    pub parts: Vec<(String, Vec<u8>)>,
}

impl Parts {
    /// The parts of a file that may be damaged; `None` where its header cannot be read. Parts that end early are shorter,
    /// and the last one has all that is left.
    pub fn of(file: &[u8]) -> Option<Self> {
        let length = u32::from_le_bytes(file.get(8..12)?.try_into().ok()?) as usize;
        let mut header = file.get(12..12_usize.checked_add(length)?)?;
        let mut rest = &file[12 + length..];
        let (mut kinds, mut parts) = (Vec::new(), Vec::new());
        for _ in 0..whole(&mut header)? {
            kinds.push(text(&mut header)?);
        }
        let n_parts = whole(&mut header)?;
        for at in 1..=n_parts {
            let (name, length) = (text(&mut header)?, whole(&mut header)?);
            header = header.get(32..)?;
            let length = usize::try_from(length).ok().filter(|length| at < n_parts && *length < rest.len());
            let (part, after) = rest.split_at(length.unwrap_or(rest.len()));
            parts.push((name, part.to_vec()));
            rest = after;
        }
        Some(Self { kinds, parts })
    }

    pub fn part(&mut self, name: &str) -> &mut Vec<u8> {
        let position = self.parts.iter().position(|(other, _)| other == name).unwrap_or(self.parts.len());
        &mut self.parts[position].1
    }

    /// The file, with lengths and digests that fit.
    pub fn file(&self) -> Vec<u8> {
        let mut header = Vec::new();
        write(&mut header, self.kinds.len());
        self.kinds.iter().for_each(|kind| write_bytes(&mut header, kind.as_bytes()));
        write(&mut header, self.parts.len());
        for (name, part) in &self.parts {
            write_bytes(&mut header, name.as_bytes());
            write(&mut header, part.len());
            header.extend(Sha256::digest(part));
        }
        let mut file = b"TEPAL\x01".to_vec();
        file.extend([VERSION, 0]);
        file.extend((header.len() as u32).to_le_bytes());
        file.extend(header);
        self.parts.iter().for_each(|(_, part)| file.extend(part));
        file
    }
}

/// How many bytes a file has before what its digests cover.
pub fn header_bytes(file: &[u8]) -> usize {
    match file.get(6..12) {
        Some([VERSION, _, a, b, c, d]) => 12 + u32::from_le_bytes([*a, *b, *c, *d]) as usize,
        _ => 48,
    }
}

/// A payload of an earlier version under a header that fits it.
pub fn old_file(version: u8, payload: &[u8]) -> Vec<u8> {
    let mut file = b"TEPAL\x01".to_vec();
    file.extend([version, 0]);
    file.extend((payload.len() as u64).to_le_bytes());
    file.extend(Sha256::digest(payload));
    file.extend(payload);
    file
}

/// A whole number as bincode writes it, taken from the front.
fn whole(bytes: &mut &[u8]) -> Option<u64> {
    let (first, rest) = bytes.split_first()?;
    let length = match first {
        0..=250 => {
            *bytes = rest;
            return Some(u64::from(*first));
        }
        251 => 2,
        252 => 4,
        _ => 8,
    };
    let (digits, rest) = rest.split_at_checked(length)?;
    let mut number = [0; 8];
    number[..length].copy_from_slice(digits);
    *bytes = rest;
    Some(u64::from_le_bytes(number))
}

fn text(bytes: &mut &[u8]) -> Option<String> {
    let length = usize::try_from(whole(bytes)?).ok()?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    String::from_utf8(text.to_vec()).ok()
}

fn write(bytes: &mut Vec<u8>, number: usize) {
    match number {
        0..=250 => bytes.push(number as u8),
        251..=0xffff => {
            bytes.push(251);
            bytes.extend((number as u16).to_le_bytes());
        }
        _ => {
            bytes.push(252);
            bytes.extend((number as u32).to_le_bytes());
        }
    }
}

fn write_bytes(bytes: &mut Vec<u8>, text: &[u8]) {
    write(bytes, text.len());
    bytes.extend(text);
}
