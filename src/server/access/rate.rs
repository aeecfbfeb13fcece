//! A limit on the requests of each client.

use super::keys::KeyNumber;
use super::network::network;
use crate::error::{Error, ErrorKind};
use crate::server::answer::Rejection;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;

/// Requests of one client are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Client {
    Key(KeyNumber),
    Address(IpAddr),
    /// A client without an address: a test that calls the routes without a socket.
    Unknown,
}

/// Counts the requests of each client, by its key or by its address.
#[derive(Debug)]
pub(crate) struct RateLimit {
    clients: DefaultKeyedRateLimiter<Client>,
    clock: DefaultClock,
}

impl RateLimit {
    /// `rate` requests a second, `burst` of them at once.
    pub(crate) fn new((rate, burst): (NonZeroU32, NonZeroU32)) -> Self {
        Self { clients: RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst)), clock: DefaultClock::default() }
    }

    /// # Errors
    /// [`ErrorKind::TooManyRequests`] with the seconds to wait.
    pub(crate) fn check(&self, key: Option<KeyNumber>, address: Option<IpAddr>) -> Result<(), Rejection> {
        let client = match (key, address.map(network)) {
            (Some(key), _) => Client::Key(key),
            (None, Some(address)) => Client::Address(address),
            (None, None) => Client::Unknown,
        };
        self.clients.check_key(&client).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now()).as_secs() + 1;
            let every = until.quota().replenish_interval().as_nanos().max(1);
            let message = format!("too many requests: expected at most {} a second", 1_000_000_000 / every);
            Rejection::from(Error::new(ErrorKind::TooManyRequests, message)).retry_after(wait)
        })
    }

    /// Forgets clients whose last request is so old that they may ask as often as a new client.
    pub(crate) fn forget_idle_clients(&self) {
        self.clients.retain_recent();
        self.clients.shrink_to_fit();
    }
}
