//! The gateway's configuration.

mod limits;
mod upstream;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use http::Uri;
use ipnet::IpNet;
use pupila_analysis::Ledger;
use pupila_runtime::config::Validate;
use serde::Deserialize;

pub use self::{limits::LimitsConfig, upstream::UpstreamConfig};

/// What the gateway listens on, allows and waits for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GatewayConfig {
    /// The address to listen on.
    pub host: IpAddr,
    /// The port to listen on; `PORT` sets it too.
    pub port: u16,
    /// Where liveness, readiness and metrics are served.
    pub admin_listen: SocketAddr,
    /// Networks of the proxies in front, which are believed where a request came from (`X-Forwarded-For`).
    pub trusted_proxies: Vec<IpNet>,
    /// Who may call.
    pub auth: AuthConfig,
    /// Names beside localhost that this server goes by while only this machine can call, such as a reverse proxy's.
    pub allowed_hosts: Vec<String>,
    /// Which web pages of other origins may call.
    pub cors: CorsConfig,
    /// How much, how many and how long.
    pub limits: LimitsConfig,
    /// Whether a prediction may be answered unrecorded.
    pub ledger: Ledger,
}

/// Who may call.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuthConfig {
    /// How callers are known.
    pub mode: AuthMode,
    /// Allows `mode = "off"` on an address that other machines reach: anyone there may then do anything.
    pub allow_open_network: bool,
}

/// How callers are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMode {
    /// Not at all: every caller is the local user.
    #[default]
    Off,
    /// By their accounts: callers sign in, or bring an API key.
    Accounts,
}

/// Which web pages of other origins may call.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CorsConfig {
    /// Origins such as `https://photos.example.org`; none by default.
    pub allowed_origins: Vec<String>,
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 8000,
            admin_listen: SocketAddr::from(([127, 0, 0, 1], 9464)),
            trusted_proxies: Vec::new(),
            auth: AuthConfig::default(),
            allowed_hosts: Vec::new(),
            cors: CorsConfig::default(),
            limits: LimitsConfig::default(),
            ledger: Ledger::default(),
        }
    }
}

impl GatewayConfig {
    /// The address to listen on.
    #[must_use]
    pub fn listen(&self) -> SocketAddr {
        SocketAddr::new(self.host, self.port)
    }

    /// Whether only this machine can call, and nobody has to prove who they are.
    pub(crate) fn is_local_only(&self) -> bool {
        self.auth.mode == AuthMode::Off && self.host.is_loopback()
    }
}

impl Validate for GatewayConfig {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let open = self.auth.mode == AuthMode::Off && !self.host.is_loopback();
        if open && !self.auth.allow_open_network {
            faults.push(format!(
                "gateway.auth.mode: \"off\" lets everyone who reaches {} do anything; listen on a loopback \
                 address, or set gateway.auth.allow_open_network = true",
                self.host
            ));
        }
        for origin in &self.cors.allowed_origins {
            if !is_origin(origin) {
                faults.push(format!(
                    "gateway.cors.allowed_origins: `{origin}` is not an origin like `https://photos.example.org`"
                ));
            }
        }
        faults.extend(self.limits.faults());
        faults
    }
}

/// Whether `text` is a scheme, a host and perhaps a port, and nothing more (RFC 6454).
fn is_origin(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else {
        return false;
    };
    let scheme = matches!(uri.scheme_str(), Some("http" | "https"));
    scheme && uri.authority().is_some() && uri.path() == "/" && !text.ends_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_used() {
        assert_eq!(GatewayConfig::default().faults(), Vec::<String>::new());
        assert_eq!(UpstreamConfig::default().faults(), Vec::<String>::new());
    }

    #[test]
    fn an_open_network_wants_an_explicit_word() {
        let mut config = GatewayConfig {
            host: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            ..GatewayConfig::default()
        };
        assert!(config.faults()[0].starts_with("gateway.auth.mode"));
        config.auth.allow_open_network = true;
        assert!(config.faults().is_empty());
        config.auth = AuthConfig {
            mode: AuthMode::Accounts,
            allow_open_network: false,
        };
        assert!(config.faults().is_empty());
        assert!(!config.is_local_only());
    }

    #[test]
    fn an_origin_has_no_path() {
        assert!(is_origin("https://photos.example.org:8443"));
        for text in [
            "*",
            "photos.example.org",
            "https://a.org/",
            "https://a.org/b",
            "file:///a",
        ] {
            assert!(!is_origin(text), "{text}");
        }
    }
}
