//! Takes jobs, runs their steps over images, stores what comes out, and tells who wants to know.
//!
//! ```text
//! Worker         asks the queue for tickets and history for their tasks; keeps their leases; reports how they went
//!   └─ TaskRunner  what is done about a task
//!        └─ ByKind   by its kind:
//!             ├─ Processor  the steps over one image
//!             ├─ Unpacker   what a ZIP holds
//!             └─ Notifier   who wants to know, and telling them
//! ```
//!
//! Data of users is read and stored with tokens of their own ([`delegation`]), so that every service decides as ever what
//! they may see.

mod backoff;
mod budget;
mod config;
mod delegation;
mod images;
mod notify;
mod open;
mod operate;
mod outcome;
mod parking;
mod processor;
mod result_key;
mod runner;
mod service;
mod unpack;
mod upstreams;
mod worker;

pub use config::{LimitsConfig, UpstreamConfig, WorkerConfig};
pub use notify::{NotifyConfig, NotifyError, PushConfig, SmtpConfig, StartTls, WebhooksConfig};
pub use open::{OpenWorker, open};
pub use outcome::Outcome;
pub use runner::{TaskRunner, TimeLimit};
pub use service::Service;
pub use upstreams::Upstreams;
pub use worker::{Surroundings, Worker};
