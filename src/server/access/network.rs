//! Addresses that count as one client.

use std::net::IpAddr;

/// The client of an address. An address of IPv4 may come as one of IPv6, and a network of IPv6 gives its users 2^64 addresses
/// each.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        address => address,
    }
}
