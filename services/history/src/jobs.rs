//! Work that people asked for: how far it is, who does what of it, and what came out.
//!
//! ```text
//! Jobs    what owners do     ─┐
//! Tasks   what workers do    ─┼─ JobStore   locks jobs and tasks, lets Held change them, writes down the difference
//! Sweeper what nobody did    ─┘  Herald     tells the queue once it is committed
//! ```

mod aftermath;
mod backlog;
mod backoff;
mod check;
mod config;
mod draft;
mod error;
mod failure;
mod gather;
pub(crate) mod gauges;
mod held;
mod herald;
mod item;
mod job;
mod load;
mod metrics;
mod owner;
mod reminder;
mod report;
mod rules;
mod state;
mod step;
mod step_result;
mod store;
mod sweeper;
mod task;
mod tasks;
mod view;
mod watch;
mod worker;

pub use aftermath::{Aftermath, Event};
pub(crate) use backlog::{Backlog, Claim};
pub use backoff::Backoff;
pub use config::JobsConfig;
pub use draft::{Creation, Draft, NewItem, NewJob, Source, StoredZip};
pub use error::JobError;
pub use failure::Failure;
pub use held::{Addition, Finished, Outcome, Take, Taken};
pub(crate) use herald::Herald;
pub use item::Item;
pub use job::{ItemCounts, Job};
pub use load::{Lane, Load};
pub use owner::Jobs;
pub use report::{LabelTally, ReasonTally, Report};
pub use rules::Rules;
pub use state::JobState;
pub use step::Step;
pub use step_result::{DerivedImage, Product, RecordedPrediction, StepResult};
pub use store::{JobStore, Sleeper, open_job_store};
pub use sweeper::{Sweeper, Unswept};
pub use task::{Lease, Leased, Task, TaskKind, TaskState, Work};
pub use tasks::Tasks;
pub use view::{JobView, Place, open_job_view};
pub use watch::{JobNews, JobsNews, Watch};
pub use worker::{Heartbeat, Worker};
