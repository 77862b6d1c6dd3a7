//! Keeps what was predicted: written once, never changed, seen by its caller only, gone with its caller's account
//! only. What people say of a prediction is written beside it.
//!
//! ```text
//! grpc   translates messages; decides nothing
//!   └─ History   validates, names and dates what comes in; measures
//!        └─ PredictionStore   one trait, one implementation for every engine
//! ```

mod config;
mod error;
mod export;
mod filter;
mod grpc;
mod history;
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
pub use jobs::{
    DerivedImage, Failure, Item, ItemCounts, Job, JobError, JobState, JobStore, Lease, Leased,
    Product, RecordedPrediction, Step, StepResult, Task, TaskKind, TaskState, Work, Worker,
    open_job_store,
};
pub use open::{HistoryDatabase, OpenHistory, open};
pub use prediction::{
    Classification, ImageFacts, LabelScore, ModelFacts, NewPrediction, Prediction, StageTimes,
};
pub use review::{NewReview, Review, Verdict};
pub use statistics::{DayCount, LabelCount, ModelCount, Statistics};
pub use store::{PredictionStore, open_store};
