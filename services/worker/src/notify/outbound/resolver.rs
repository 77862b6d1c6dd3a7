//! Names, resolved to addresses that anybody may call.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::networks;

/// Resolves names with the system's resolver and keeps to itself what is not for everybody.
#[derive(Debug, Clone, Copy)]
pub(super) struct PublicOnly;

/// A name leads to no address that may be called.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the address lies in a network that may not be called")]
pub(super) struct Forbidden;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is set by whoever connects.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found
                .filter(|address| networks::is_public(address.ip()))
                .collect();
            if public.is_empty() {
                return Err(Forbidden.into());
            }
            let addresses: Addrs = Box::new(public.into_iter());
            Ok(addresses)
        })
    }
}
