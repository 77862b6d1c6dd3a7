//! Work that people asked for: how far it is, who does what of it, and what came out.

mod error;
mod failure;
mod gauges;
mod item;
mod job;
mod load;
mod report;
mod state;
mod step;
mod step_result;
mod store;
mod task;
mod view;
mod watch;
mod worker;

pub use error::JobError;
pub use failure::Failure;
pub use item::Item;
pub use job::{ItemCounts, Job};
pub use load::{Lane, Load};
pub use report::{LabelTally, ReasonTally, Report};
pub use state::JobState;
pub use step::Step;
pub use step_result::{DerivedImage, Product, RecordedPrediction, StepResult};
pub use store::{JobStore, open_job_store};
pub use task::{Lease, Leased, Task, TaskKind, TaskState, Work};
pub use view::{JobView, Place, open_job_view};
pub use watch::{JobNews, JobsNews, Watch};
pub use worker::Worker;
