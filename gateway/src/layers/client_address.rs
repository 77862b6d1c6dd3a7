//! Where a request came from: the other end of the connection, or what a proxy that is trusted says.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use http::HeaderMap;
use ipnet::IpNet;

/// The header in which each proxy adds the address that it was called from.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The other end of the connection that a request came on; the server puts it into the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The networks of the proxies that are believed.
#[derive(Debug, Clone)]
pub(crate) struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    pub(crate) fn new(networks: &[IpNet]) -> Self {
        Self(networks.into())
    }

    /// The client's address. The list is read from its end, where the nearest proxy wrote: what stands before the
    /// first address that is not trusted, anybody may have made up.
    pub(crate) fn client(&self, Peer(peer): Peer, headers: &HeaderMap) -> IpAddr {
        let values: Vec<_> = headers.get_all(FORWARDED_FOR).iter().collect();
        let mut told = values
            .iter()
            .rev()
            .flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
        let mut client = peer.to_canonical();
        while self.trusts(client) {
            match told.next().and_then(parse) {
                Some(before) => client = before,
                None => break,
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// An address; some proxies add the port.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse::<IpAddr>().ok();
    let address = address.or_else(|| text.parse().ok().map(|socket: SocketAddr| socket.ip()));
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let networks = ["10.0.0.0/8", "fd00::/8"].map(|text| text.parse().expect("a network"));
        let name = HeaderName::from_static(FORWARDED_FOR);
        let headers = forwarded
            .iter()
            .map(|text| (name.clone(), HeaderValue::from_str(text).expect("a header")));
        let peer = Peer(peer.parse().expect("an address"));
        let client = TrustedProxies::new(&networks).client(peer, &headers.collect());
        client.to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn of_what_proxies_say_the_last_stranger_counts() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        let forged = &["192.0.2.66, 198.51.100.1, 10.9.9.9"];
        assert_eq!(client("10.0.0.1", forged), "198.51.100.1");
        let lines = &["192.0.2.66", "198.51.100.1", "10.9.9.9"];
        assert_eq!(client("::ffff:10.0.0.1", lines), "198.51.100.1");
        assert_eq!(client("fd00::1", &["[2001:db8::7]:443"]), "2001:db8::7");
        assert_eq!(client("10.0.0.1", &["198.51.100.1:5123"]), "198.51.100.1");
    }

    #[test]
    fn what_cannot_be_read_is_not_followed() {
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1, unknown"]), "10.0.0.1");
        assert_eq!(
            client("10.0.0.1", &["198.51.100.1, 10.0.0.7, "]),
            "10.0.0.1"
        );
        assert_eq!(client("10.0.0.1", &["10.0.0.7"]), "10.0.0.7");
    }
}
