//! Answers only to the names of this machine while callers need no credentials.
//!
//! A page can make its own host name resolve to 127.0.0.1 (DNS rebinding), and would then be of the same origin as
//! this server. Its requests still carry that host name.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{header, uri::Authority};

use crate::{error::RequestError, problem::Problem};

/// Names beside those of this machine.
pub(crate) type AllowedHosts = Arc<[String]>;

pub(crate) async fn require(
    State(allowed): State<AllowedHosts>,
    request: Request,
    next: Next,
) -> Response {
    match foreign_host(&request, &allowed) {
        None => next.run(request).await,
        Some(host) => Problem::from(RequestError::WrongHost(host)).into_response(),
    }
}

/// The host that the request was sent to, where that is not this machine. HTTP/1.0 names none, and no browser speaks it.
fn foreign_host(request: &Request, allowed: &[String]) -> Option<String> {
    let header = request.headers().get(header::HOST);
    let host = match (request.uri().authority(), header) {
        (Some(authority), _) => authority.as_str(),
        (None, Some(value)) => value.to_str().unwrap_or_default(),
        (None, None) => return None,
    };
    (!is_allowed(host, allowed)).then(|| host.chars().take(100).collect())
}

fn is_allowed(host: &str, allowed: &[String]) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority.host();
    is_local(name) || allowed.iter().any(|other| name.eq_ignore_ascii_case(other))
}

fn is_local(name: &str) -> bool {
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_local() {
        for host in [
            "localhost",
            "LOCALHOST:8000",
            "127.0.0.1:8000",
            "127.1.2.3",
            "[::1]:80",
        ] {
            assert!(is_allowed(host, &[]), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example:8000",
            "10.0.0.1",
            "a b",
        ] {
            assert!(!is_allowed(host, &[]), "{host}");
        }
    }

    #[test]
    fn a_reverse_proxy_may_use_its_own_name() {
        let allowed = ["pupila.example".to_owned()];
        assert!(is_allowed("Pupila.example:443", &allowed));
        assert!(!is_allowed("other.example", &allowed));
    }
}
