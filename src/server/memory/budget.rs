//! A budget of bytes, and what is reserved of it.

use crate::error::{Error, ErrorKind, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// The bytes that connections, requests and answers may take together. A clone shares them.
#[derive(Debug, Clone)]
pub(in crate::server) struct Budget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    total: usize,
    used: AtomicUsize,
    refused: AtomicU64,
    /// Reservations until the one that a test has refused.
    #[cfg(test)]
    until_refusal: AtomicU64,
}

/// Bytes of a budget. They return to it when this is dropped.
#[derive(Debug)]
pub(in crate::server) struct Reservation {
    budget: Arc<Shared>,
    held: AtomicUsize,
    /// What the same request holds elsewhere.
    beside: usize,
    purpose: Purpose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Connections may take the whole budget: a client that asks whether the server lives finds a place.
    Connection,
    /// Requests leave an eighth to connections.
    Request,
}

impl Budget {
    pub(in crate::server) fn new(total: usize) -> Self {
        Self(Arc::new(Shared {
            total,
            used: AtomicUsize::new(0),
            refused: AtomicU64::new(0),
            #[cfg(test)]
            until_refusal: AtomicU64::new(u64::MAX),
        }))
    }

    /// Reserves the memory of a connection; `None` when all of the budget is in use.
    pub(in crate::server) fn connection(&self, bytes: usize) -> Option<Reservation> {
        let reservation = self.reservation(Purpose::Connection);
        reservation.grow(bytes).ok().map(|()| reservation)
    }

    /// What a request has reserved: nothing yet.
    pub(in crate::server) fn request(&self) -> Reservation {
        self.reservation(Purpose::Request)
    }

    fn reservation(&self, purpose: Purpose) -> Reservation {
        Reservation { budget: Arc::clone(&self.0), held: 0.into(), beside: 0, purpose }
    }

    pub(in crate::server) fn total(&self) -> usize {
        self.0.total
    }

    pub(in crate::server) fn used(&self) -> usize {
        self.0.used.load(Relaxed)
    }

    /// How many reservations were refused.
    pub(in crate::server) fn refused(&self) -> u64 {
        self.0.refused.load(Relaxed)
    }

    /// Refuses the reservation with this number, counted from now on, and every one after it.
    #[cfg(test)]
    pub(in crate::server) fn refuse_from(&self, number: u64) {
        self.0.until_refusal.store(number, Relaxed);
    }
}

impl Shared {
    fn take(&self, bytes: usize, most: usize) -> bool {
        #[cfg(test)]
        if self.until_refusal.load(Relaxed) != u64::MAX
            && self.until_refusal.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_err()
        {
            return false;
        }
        let fits = |used: usize| used.checked_add(bytes).filter(|used| *used <= most);
        self.used.fetch_update(Relaxed, Relaxed, fits).is_ok()
    }
}

impl Reservation {
    /// Reserves more bytes.
    ///
    /// # Errors
    /// [`ErrorKind::LimitExceeded`] for more than one request may have, [`ErrorKind::Unavailable`] while others have them.
    pub(in crate::server) fn grow(&self, bytes: usize) -> Result<()> {
        let total = self.budget.total;
        let (most, ceiling) = match self.purpose {
            Purpose::Connection => (total, total),
            Purpose::Request => (total - total / 8, total - total / 4),
        };
        if self.held.load(Relaxed).saturating_add(self.beside).saturating_add(bytes) > ceiling {
            let message = format!(
                "the request and its answer take more than {ceiling} bytes of memory, the most for one request; send \
                 fewer rows at once, or start the server with more --memory"
            );
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        if !self.budget.take(bytes, most) {
            self.budget.refused.fetch_add(1, Relaxed);
            let message = "the server is busy: other requests have the memory; try again, or send fewer rows at once";
            return Err(Error::new(ErrorKind::Unavailable, message));
        }
        self.held.fetch_add(bytes, Relaxed);
        Ok(())
    }

    /// Returns what is held beyond `bytes`.
    pub(in crate::server) fn shrink_to(&self, bytes: usize) {
        let held = self.held.load(Relaxed);
        if held > bytes {
            self.held.store(bytes, Relaxed);
            self.budget.used.fetch_sub(held - bytes, Relaxed);
        }
    }

    /// Parts with what is held, at most `bytes` of it.
    pub(in crate::server) fn split(&self, bytes: usize) -> Self {
        let given = self.held.load(Relaxed).min(bytes);
        self.held.fetch_sub(given, Relaxed);
        self.another(given, 0)
    }

    /// Memory of the same request that outlives this: together they are held to what one request may have.
    pub(in crate::server) fn beside(&self) -> Self {
        self.another(0, self.held.load(Relaxed) + self.beside)
    }

    fn another(&self, held: usize, beside: usize) -> Self {
        Self { budget: Arc::clone(&self.budget), held: held.into(), beside, purpose: self.purpose }
    }

    #[cfg(test)]
    fn held(&self) -> usize {
        self.held.load(Relaxed)
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.used.fetch_sub(*self.held.get_mut(), Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_returns() {
        let budget = Budget::new(8000);
        let request = budget.request();
        request.grow(5000).unwrap();
        let part = request.split(2000);
        assert_eq!((request.held(), part.held(), budget.used()), (3000, 2000, 5000));
        drop(part);
        request.shrink_to(1000);
        assert_eq!(budget.used(), 1000);
        drop(request);
        assert_eq!(budget.used(), 0);
    }

    #[test]
    fn one_request_has_a_part_and_connections_have_what_requests_leave() {
        let budget = Budget::new(8000);
        let kind = |request: &Reservation, bytes| request.grow(bytes).unwrap_err().kind();
        let (one, other) = (budget.request(), budget.request());
        assert_eq!(kind(&one, 6001), ErrorKind::LimitExceeded);
        one.grow(6000).unwrap();
        assert_eq!(kind(&one.beside(), 1), ErrorKind::LimitExceeded);
        assert_eq!(kind(&other, 1001), ErrorKind::Unavailable);
        other.grow(1000).unwrap();
        assert_eq!(kind(&other, 1), ErrorKind::Unavailable);
        let connection = budget.connection(1000).unwrap();
        assert!(budget.connection(1).is_none());
        drop((one, connection));
        assert_eq!((budget.used(), budget.refused()), (1000, 3));
    }

    #[test]
    fn threads_never_take_more_than_there_is() {
        let budget = Budget::new(1 << 20);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for round in 0..20_000 {
                        let request = budget.request();
                        let _ = request.grow(round * 37 % 600_000);
                        assert!(budget.used() <= budget.total());
                    }
                });
            }
        });
        assert_eq!(budget.used(), 0);
    }
}
