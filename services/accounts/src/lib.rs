//! Knows users, signs their tokens, keeps their albums, and records who did what.
//!
//! ```text
//! grpc   translates messages; decides nothing
//!   └─ Accounts   the rules: one file a concern, each rule one transaction with its line of the record
//!        └─ store   rows and statements, the same for every engine
//! ```

mod accounts;
mod audit;
mod config;
mod error;
mod open;
mod origin;
mod violations;

pub use config::AccountsConfig;
pub use error::AccountsError;
pub use open::{AccountsDatabase, OpenAccounts, OpenError, open};
