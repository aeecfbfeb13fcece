//! Sequences whose claimed length costs nothing.

use bincode::de::{BorrowDecoder, Decode};
use bincode::enc::Encoder;
use bincode::error::{DecodeError, EncodeError};
use bincode::{BorrowDecode, Encode};

/// A length and that many items, as bincode writes a vector. bincode's own decoder allocates room for the length it
/// reads, up to its limit; this one takes an item at a time.
pub(super) struct Sequence<T>(pub(super) Vec<T>);

impl<T: Encode> Encode for Sequence<T> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> std::result::Result<(), EncodeError> {
        (self.0.len() as u64).encode(encoder)?;
        self.0.iter().try_for_each(|item| item.encode(encoder))
    }
}

impl<'de, Context, T: BorrowDecode<'de, Context>> BorrowDecode<'de, Context> for Sequence<T> {
    #[inline(never)]
    fn borrow_decode<D: BorrowDecoder<'de, Context = Context>>(
        decoder: &mut D,
    ) -> std::result::Result<Self, DecodeError> {
        let length = u64::decode(decoder)?;
        (0..length).map(|_| T::borrow_decode(decoder)).collect::<std::result::Result<_, _>>().map(Self)
    }
}
