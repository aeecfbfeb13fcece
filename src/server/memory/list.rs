//! Lists that reserve their memory before they grow.

use super::Reservation;
use crate::error::Result;

/// The items that a list begins with.
const FIRST: usize = 8;

/// Makes room for `more` further items.
///
/// # Errors
/// Those of [`Reservation::grow`].
pub(in crate::server) fn reserve<T>(list: &mut Vec<T>, more: usize, memory: &Reservation) -> Result<()> {
    let needed = list.len().saturating_add(more);
    if needed > list.capacity() {
        let capacity = needed.max(2 * list.capacity()).max(FIRST);
        memory.grow((capacity - list.capacity()).saturating_mul(size_of::<T>()))?;
        list.reserve_exact(capacity - list.len());
    }
    Ok(())
}

/// Adds an item.
///
/// # Errors
/// Those of [`Reservation::grow`].
pub(in crate::server) fn push<T>(list: &mut Vec<T>, item: T, memory: &Reservation) -> Result<()> {
    reserve(list, 1, memory)?;
    list.push(item);
    Ok(())
}
