//! The open connections: as many as the memory holds. When one more arrives, the one that has waited longest is closed.

use super::access::network;
use super::client_timeouts::ClientWait;
use super::memory::{Budget, Reservation};
use super::metrics::Metrics;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::timeout;

/// The memory of a connection: its task, the buffer that it reads into, and the one that a request is still in.
const CONNECTION_BYTES: usize = 32 << 10;

/// The memory of TLS on it.
const TLS_BYTES: usize = 32 << 10;

/// How long to wait for a connection that was asked to close.
const CLOSING: Duration = Duration::from_millis(50);

/// How many connections are asked to close for one that arrives.
const TRIES: usize = 4;

/// The open connections.
#[derive(Debug)]
pub(super) struct Connections {
    most: usize,
    most_of_client: usize,
    bytes: usize,
    budget: Budget,
    open: Mutex<Open>,
    closed: Notify,
    metrics: Arc<Metrics>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    by_id: HashMap<u64, Connection>,
    by_client: HashMap<IpAddr, usize>,
}

#[derive(Debug)]
struct Connection {
    client: IpAddr,
    waiting: Arc<ClientWait>,
}

/// A connection that was let in. Dropping it makes room for another.
#[derive(Debug)]
pub(super) struct Admission {
    connections: Arc<Connections>,
    id: u64,
    pub(super) waiting: Arc<ClientWait>,
    _memory: Reservation,
}

/// Why a connection finds no place.
enum Full {
    /// Its client has as many as one may have.
    OfClient,
    OfAll,
}

impl Connections {
    /// At most `most` connections, of which one client may have `most_of_client`: fewer where half of the budget holds fewer.
    pub(super) fn new(
        most: usize,
        most_of_client: Option<usize>,
        has_tls: bool,
        budget: &Budget,
        metrics: Arc<Metrics>,
    ) -> Arc<Self> {
        let bytes = CONNECTION_BYTES + if has_tls { TLS_BYTES } else { 0 };
        let most = most.min(budget.total() / 2 / bytes).max(4);
        Arc::new(Self {
            most,
            most_of_client: most_of_client.unwrap_or(most - most / 4).min(most),
            bytes,
            budget: budget.clone(),
            open: Mutex::default(),
            closed: Notify::new(),
            metrics,
        })
    }

    pub(super) fn most(&self) -> usize {
        self.most
    }

    pub(super) fn most_of_client(&self) -> usize {
        self.most_of_client
    }

    /// How many requests may be under way. The other connections wait, so that one of them can be closed for one that
    /// arrives: a client that asks whether the server lives always finds a place.
    pub(super) fn most_requests(&self) -> usize {
        self.most - self.most / 4
    }

    /// Lets a connection in. If there is no place, the one that has kept the server waiting for longest is closed: of the same
    /// client if that has too many, otherwise of the client that has most. `None` if no connection waits.
    pub(super) async fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Admission> {
        let client = network(address);
        for _ in 0..TRIES {
            let closed = self.closed.notified();
            let full = match self.try_admit(client) {
                Ok(admission) => return Some(admission),
                Err(full) => full,
            };
            if !self.close_longest_waiting(matches!(full, Full::OfClient).then_some(client)) {
                break;
            }
            self.metrics.closed_for_others.inc();
            let _ = timeout(CLOSING, closed).await;
        }
        let admitted = self.try_admit(client).ok();
        if admitted.is_none() {
            self.metrics.connections_refused.inc();
        }
        admitted
    }

    fn try_admit(self: &Arc<Self>, client: IpAddr) -> Result<Admission, Full> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.by_client.get(&client).is_some_and(|count| *count >= self.most_of_client) {
            return Err(Full::OfClient);
        }
        let memory = self.budget.connection(self.bytes).filter(|_| open.by_id.len() < self.most);
        let memory = memory.ok_or(Full::OfAll)?;
        let (id, waiting) = (open.next, ClientWait::new());
        open.next += 1;
        *open.by_client.entry(client).or_default() += 1;
        open.by_id.insert(id, Connection { client, waiting: Arc::clone(&waiting) });
        self.metrics.connections.set(open.by_id.len() as i64);
        Ok(Admission { connections: Arc::clone(self), id, waiting, _memory: memory })
    }

    /// Asks a connection to close; false if none waits.
    fn close_longest_waiting(&self, client: Option<IpAddr>) -> bool {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let greediest = || open.by_client.iter().max_by_key(|(_, count)| **count).map(|(client, _)| *client);
        let longest = |of: Option<IpAddr>| {
            let connections = open.by_id.values().filter(|connection| of.is_none_or(|of| of == connection.client));
            let waits = connections.filter_map(|connection| Some((connection.waiting.since()?, &connection.waiting)));
            waits.min_by_key(|(since, _)| *since).map(|(_, waiting)| waiting)
        };
        let found = match client {
            Some(client) => longest(Some(client)),
            None => greediest().and_then(|greediest| longest(Some(greediest))).or_else(|| longest(None)),
        };
        found.inspect(|waiting| waiting.close()).is_some()
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Connection { client, .. }) = open.by_id.remove(&self.id)
            && let Some(count) = open.by_client.get_mut(&client)
        {
            *count -= 1;
            if *count == 0 {
                open.by_client.remove(&client);
            }
        }
        self.connections.metrics.connections.set(open.by_id.len() as i64);
        drop(open);
        self.connections.closed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(most: usize) -> Arc<Connections> {
        Connections::new(most, None, false, &Budget::new(8 << 20), Arc::new(Metrics::new()))
    }

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    /// Closes as a connection's task does.
    fn close_when_asked(admission: Admission) {
        tokio::spawn(async move {
            admission.waiting.closed().await;
            drop(admission);
        });
    }

    #[tokio::test]
    async fn one_that_waits_is_closed_for_one_that_arrives() {
        let connections = connections(8);
        for _ in 0..6 {
            close_when_asked(connections.admit(address(1)).await.unwrap());
        }
        let mine = connections.admit(address(2)).await.unwrap();
        for _ in 0..20 {
            close_when_asked(connections.admit(address(1)).await.unwrap());
        }
        assert!(tokio::time::timeout(Duration::from_millis(5), mine.waiting.closed()).await.is_err());
        assert!(connections.open.lock().unwrap().by_id.len() <= 8);
    }

    #[tokio::test]
    async fn one_that_answers_is_not_closed() {
        let connections = connections(4);
        let mut busy = Vec::new();
        for last in 0..4 {
            busy.push(connections.admit(address(last)).await.unwrap());
            busy[usize::from(last)].waiting.head_arrived();
        }
        assert!(connections.admit(address(9)).await.is_none());
        busy.pop();
        assert!(connections.admit(address(9)).await.is_some());
        assert_eq!(connections.open.lock().unwrap().by_client.len(), 3);
    }

    #[tokio::test]
    async fn memory_is_a_limit_too() {
        let budget = Budget::new(8 << 20);
        let connections = Connections::new(1000, Some(1000), false, &budget, Arc::new(Metrics::new()));
        assert_eq!(connections.most, 128);
        let request = budget.request();
        request.grow(6 << 20).unwrap();
        let mut open = Vec::new();
        while let Ok(admission) = connections.try_admit(address(1)) {
            open.push(admission);
        }
        assert_eq!(open.len(), 64);
        drop(open);
        drop(request);
        assert_eq!(budget.used(), 0);
    }
}
