//! Requests to addresses that users chose, so that nobody makes Pupila call what only it can reach (server-side request
//! forgery).
//!
//! A name is resolved once, by [`PublicOnly`], which hands on only addresses that anybody may call; the connection goes to
//! one of those. Redirects are not followed, no proxy of the environment is used, and no answer is read but its status and
//! how long to wait.

mod networks;
mod resolver;
mod retry_after;

use std::{error::Error as _, sync::Arc, time::Duration};

use reqwest::{Client, StatusCode, Url, header::HeaderMap, redirect};
use url::Host;

use self::resolver::{Forbidden, PublicOnly};
use super::delivery::NotDelivered;

/// What we call ourselves.
const USER_AGENT: &str = concat!("Pupila/", env!("CARGO_PKG_VERSION"));

/// Which networks a request may go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Those that anybody may call.
    Public,
    /// All.
    Everywhere,
}

impl Reach {
    /// What the operator decided.
    pub(crate) const fn new(allow_private_networks: bool) -> Self {
        if allow_private_networks {
            Self::Everywhere
        } else {
            Self::Public
        }
    }
}

/// Makes requests to addresses that users chose.
#[derive(Debug, Clone)]
pub(crate) struct Outbound {
    client: Client,
    reach: Reach,
}

/// What the other side answered.
#[derive(Debug)]
pub(crate) struct Reply {
    /// Its domain, for the log.
    pub(crate) domain: String,
    /// Its status.
    pub(crate) status: StatusCode,
    /// How long it asks to be left alone.
    pub(crate) retry_after: Option<Duration>,
}

impl Reply {
    /// That another attempt may work.
    pub(crate) fn later(self) -> NotDelivered {
        NotDelivered::Later {
            what: self.to_string(),
            retry_after: self.retry_after,
        }
    }
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} answered {}", self.domain, self.status.as_u16())
    }
}

impl Outbound {
    /// Requests that may take `timeout` each.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub(crate) fn new(reach: Reach, timeout: Duration) -> Result<Self, reqwest::Error> {
        let mut client = Client::builder()
            .user_agent(USER_AGENT)
            .timeout(timeout)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false);
        if reach == Reach::Public {
            client = client.dns_resolver(Arc::new(PublicOnly));
        }
        Ok(Self {
            client: client.build()?,
            reach,
        })
    }

    /// Posts `body` to `url`. Any status is an answer.
    ///
    /// # Errors
    /// The request may not be made, or nothing answered it.
    pub(crate) async fn post(
        &self,
        url: &str,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Reply, NotDelivered> {
        let url = self.allowed(url)?;
        let domain = url.host_str().unwrap_or_default().to_owned();
        let request = self.client.post(url).headers(headers).body(body);
        let answer = request
            .send()
            .await
            .map_err(|error| failure(&domain, &error))?;
        Ok(Reply {
            domain,
            status: answer.status(),
            retry_after: retry_after::read(answer.headers()),
        })
    }

    /// The URL, unless it says itself that it may not be called: an address in the place of a name is not resolved.
    fn allowed(&self, url: &str) -> Result<Url, NotDelivered> {
        let url: Url = url
            .parse()
            .map_err(|_| NotDelivered::Refused("the address is no URL".to_owned()))?;
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            Some(Host::Domain(_)) | None => None,
        };
        match address {
            Some(address) if self.reach == Reach::Public && !networks::is_public(address) => {
                Err(NotDelivered::Refused(Forbidden.to_string()))
            }
            _ => Ok(url),
        }
    }
}

/// What came in the place of an answer, without the URL: it may hold a secret.
fn failure(domain: &str, error: &reqwest::Error) -> NotDelivered {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<Forbidden>() {
            return NotDelivered::Refused(Forbidden.to_string());
        }
        cause = error.source();
    }
    if error.is_builder() {
        NotDelivered::Refused("the address cannot be called".to_owned())
    } else if error.is_timeout() {
        NotDelivered::later(format!("{domain} took too long"))
    } else if error.is_connect() {
        NotDelivered::later(format!("{domain} is not reachable"))
    } else {
        NotDelivered::later(format!("{domain} broke the connection"))
    }
}
