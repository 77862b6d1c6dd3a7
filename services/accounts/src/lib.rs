//! Knows users, signs their tokens, keeps their albums, and records who did what.
//!
//! ```text
//! grpc   translates messages; decides nothing
//!   └─ Accounts   the rules: one file a concern, each change one transaction with its line of the record
//!        └─ rows   statements, beside the concern that they belong to, the same for every engine
//! ```

mod account;
mod accounts;
mod acting;
mod administration;
mod administrators;
mod again;
mod albums;
mod api_key;
mod audit;
mod config;
mod deletion;
mod email;
mod erasure;
mod error;
mod grpc;
mod housekeeping;
mod keys;
mod local_user;
mod notifications;
mod once;
mod open;
mod origin;
mod passwords;
mod profile;
mod refresh;
mod registration;
mod secret;
mod services;
mod session;
mod sign_in;
mod sql;
mod throttle;
mod violations;

pub use config::{
    AccountsConfig, AuditConfig, NotificationsConfig, PasswordsConfig, PushConfig, Registration,
    SessionsConfig, ThrottleConfig, TokensConfig, UpstreamConfig,
};
pub use erasure::Erasure;
pub use error::AccountsError;
pub use housekeeping::Housekeeping;
pub use open::{AccountsDatabase, AccountsKeys, OpenAccounts, OpenError, open};
pub use services::SecretError;

use accounts::Accounts;
