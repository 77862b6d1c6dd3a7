//! Keeps what was predicted: written once, never changed, seen by its caller only, gone with its caller's account
//! only. What people say of a prediction is written beside it. And keeps what people asked for, and how far it is.
//!
//! ```text
//! grpc   translates messages; decides nothing
//!   ├─ History   validates, names and dates what comes in; measures
//!   │    └─ PredictionStore   one trait, one implementation for every engine
//!   └─ jobs      work over images: who asked for it, who does it, how it went
//!        └─ JobStore          the same
//! ```

mod config;
mod error;
mod export;
mod filter;
mod grpc;
mod history;
mod housekeeping;
mod jobs;
mod limits;
mod open;
mod prediction;
mod review;
mod statistics;
mod store;
mod violations;

pub use config::HistoryConfig;
pub use error::HistoryError;
pub use filter::PredictionFilter;
pub use grpc::HistoryService;
pub use history::History;
pub use housekeeping::Housekeeping;
pub use jobs::{
    Addition, Aftermath, Backoff, Creation, DerivedImage, Draft, Event, Failure, Finished,
    Heartbeat, Item, ItemCounts, Job, JobError, JobNews, JobState, JobStore, JobView, Jobs,
    JobsConfig, JobsNews, LabelTally, Lane, Lease, Leased, Load, NewItem, NewJob, Outcome, Place,
    Product, ReasonTally, RecordedPrediction, Report, Rules, Sleeper, Source, Step, StepResult,
    StoredZip, Sweeper, Take, Taken, Task, TaskKind, TaskState, Tasks, Unswept, Watch, Work,
    Worker, open_job_store, open_job_view,
};
pub use open::{HistoryDatabase, OpenHistory, open};
pub use prediction::{
    Classification, ImageFacts, LabelScore, ModelFacts, NewPrediction, Prediction, StageTimes,
};
pub use review::{NewReview, Review, Verdict};
pub use statistics::{DayCount, LabelCount, ModelCount, Statistics};
pub use store::{PredictionStore, open_store};
