//! Who calls: signed tokens, which every service verifies itself, and the rule of each method that they must satisfy.
//!
//! accounts signs short access tokens. A caller's token goes along with every call that is made for them
//! ([`Credential`]); each service has a [`Guard`] before its methods, which verifies the token, holds it against what
//! the proto files say about the method, and hands the [`Call`] to the handler. What the caller may see through a
//! method is decided behind the handler, by the one who owns the data.

mod call;
mod claims;
mod config;
mod credential;
mod error;
mod guard;
mod keys;
mod remote;
mod service;
mod signing;
mod verifier;

pub use call::{Call, call, service, user};
pub use claims::{AUDIENCE, Actor, Claims, ISSUER, Kind};
pub use config::{IdentityConfig, SecretConfig};
pub use credential::Credential;
pub use error::AccessError;
pub use guard::Guard;
pub use keys::{KeySource, VerificationKey};
pub use remote::RemoteKeys;
pub use service::ServiceIdentity;
pub use signing::{InvalidKey, SigningKey};
pub use verifier::Verifier;
