//! Knows users, signs their tokens, keeps their albums, and records who did what.
//!
//! ```text
//! grpc   translates messages; decides nothing
//!   └─ Accounts   the rules: one file a concern, each change one transaction with its line of the record
//!        └─ rows   statements, beside the concern that they belong to, the same for every engine
//! ```

mod accounts;
mod audit;
mod config;
mod email;
mod error;
mod open;
mod origin;
mod passwords;
mod secret;
mod throttle;
mod violations;

pub use config::{
    AccountsConfig, PasswordsConfig, Registration, SessionsConfig, ThrottleConfig, TokensConfig,
};
pub use error::AccountsError;
pub use open::{AccountsDatabase, OpenAccounts, OpenError, open};
