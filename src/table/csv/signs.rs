//! Where the signs of a row of ASCII characters stand, eight bytes at a time.

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGH: u64 = 0x80 * ONES;

/// What ends a cell, a row, or the way of plain rows: delimiters, line ends, quotes, and bytes that are not ASCII. Other
/// control characters are named with them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signs {
    delimiters: u64,
}

impl Signs {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiters: u64::from(delimiter) * ONES }
    }

    /// Shows each sign's place until `is_last` holds of one.
    #[inline]
    pub(super) fn each(self, bytes: &[u8], mut is_last: impl FnMut(usize) -> bool) {
        let (words, rest) = bytes.as_chunks::<8>();
        // A digit is never a sign.
        let mut padded = [b'0'; 8];
        padded[..rest.len()].copy_from_slice(rest);
        for (at, word) in words.iter().chain([&padded]).enumerate() {
            let mut found = self.found(u64::from_le_bytes(*word));
            while found != 0 {
                if is_last(8 * at + found.trailing_zeros() as usize / 8) {
                    return;
                }
                found &= found - 1;
            }
        }
    }

    /// The high bit of each byte that is a sign.
    fn found(self, word: u64) -> u64 {
        // That of each byte that is another one, among seven bits.
        let differs = |other: u64| ((word ^ other) & !HIGH) + !HIGH;
        let is_printed = (word & !HIGH) + (0x80 - u64::from(b' ')) * ONES;
        let others = differs(self.delimiters) & differs(u64::from(b'"') * ONES) & is_printed;
        (!others | word) & HIGH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_is_found_at_its_place() {
        for delimiter in [b',', b';', b'\t', b'|', b' ', b':'] {
            let is_sign = |byte: &u8| matches!(byte, ..b' ' | b'"' | 0x80..) || *byte == delimiter;
            for n_before in 0..17 {
                let bytes: Vec<u8> = std::iter::repeat_n(b'7', n_before).chain(0..=255).collect();
                let expected: Vec<usize> = (0..bytes.len()).filter(|at| is_sign(&bytes[*at])).collect();
                let mut found = Vec::new();
                Signs::new(delimiter).each(&bytes, |at| {
                    found.push(at);
                    false
                });
                assert_eq!(found, expected);
            }
        }
    }
}
