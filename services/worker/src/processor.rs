//! The steps over one image.

mod name;
mod plan;

use std::collections::HashMap;

use bytes::Bytes;
use pupila_analysis::{Analyst, Asked, Question, Unanswered};
use pupila_core::{ErrorCode, Fault as _, ImageId};
use pupila_imaging::Limits;
use pupila_operations::Operation;
use pupila_proto::{
    history::v1::{
        DerivedImage, ModelStep, Prediction, ProcessImage, RecordedPrediction, StepResult, Task,
        step_result,
    },
    images::v1::{Image, ImageHeader},
    inference::v1::output,
};
use pupila_runtime::cpu_pool::{CpuPool, Wanted};

use self::plan::{Stage, others, plan, room};
use crate::{
    Outcome, Service, TimeLimit,
    delegation::Delegation,
    images::{Content, Images},
    operate::{self, Made},
    result_key::ResultKey,
};

/// What inference says of a model that is loading, unloaded or failed.
const MODEL_NOT_READY: &str = "MODEL_NOT_READY";

/// Runs the steps of a job over one of its images.
#[derive(Clone)]
pub(crate) struct Processor {
    pub(crate) delegation: Delegation,
    pub(crate) images: Images,
    pub(crate) analyst: Analyst,
    pub(crate) pool: CpuPool,
    pub(crate) limits: Limits,
}

/// Images that are laid over others, by id.
type Others = HashMap<ImageId, Bytes>;

impl Processor {
    /// An attempt at `work`. What it leaves behind when it breaks off is found again by the next one: results go by the
    /// task's id and the step's place.
    pub(crate) async fn run(&self, task: &Task, work: &ProcessImage, limit: &TimeLimit) -> Outcome {
        match self.results(task, work, limit).await {
            Ok(results) => Outcome::Done {
                results,
                routes: Vec::new(),
            },
            Err(outcome) => outcome,
        }
    }

    async fn results(
        &self,
        task: &Task,
        work: &ProcessImage,
        limit: &TimeLimit,
    ) -> Result<Vec<StepResult>, Outcome> {
        let stages = plan(&work.steps)?;
        let others = others(&stages);
        let context = self.delegation.context(task).await?;
        let beside = self.images.sizes(&context, &others).await?;
        let mut opened = self.images.open(&context, &work.image_id).await?;
        let size = opened.size();
        // All that it will ever need: who held some and waited for more could wait for themselves.
        let room = room(&stages, size, beside, self.images.most());
        let _share = match self.images.room_now(room) {
            Some(share) => share,
            None => {
                drop(opened);
                let share = limit.apart(self.images.room(room)).await;
                // The token that it began with may have ended.
                let context = self.delegation.context(task).await?;
                opened = self.images.open(&context, &work.image_id).await?;
                opened = opened.within(size)?;
                share
            }
        };
        let mut current = opened.collect().await?;
        let others = self.read_others(task, others, beside).await?;
        let mut results = Vec::with_capacity(stages.len());
        for stage in stages {
            let (step, kind) = match stage {
                Stage::Make { step, operations } => {
                    let made = self.make(current.bytes, operations, &others, limit);
                    let made = made.await?;
                    self.images.check_made(made.bytes.len())?;
                    current = self.store(task, step, &current.image, made).await?;
                    (step, step_result::Kind::Image(derived(&current.image)))
                }
                Stage::Ask { step, model } => {
                    let record = self.ask(task, step, &current, model).await?;
                    (step, step_result::Kind::Prediction(in_short(record)))
                }
            };
            results.push(StepResult {
                step,
                kind: Some(kind),
            });
        }
        Ok(results)
    }

    /// Those images, for which there is room for `left` bytes together.
    async fn read_others(
        &self,
        task: &Task,
        ids: Vec<ImageId>,
        mut left: u64,
    ) -> Result<Others, Outcome> {
        let mut others = HashMap::with_capacity(ids.len());
        for id in ids {
            let context = self.delegation.context(task).await?;
            let opened = self.images.open(&context, &id.to_string()).await?;
            let opened = opened.within(left)?;
            left -= opened.size();
            others.insert(id, opened.collect().await?.bytes);
        }
        Ok(others)
    }

    async fn make(
        &self,
        bytes: Bytes,
        operations: Vec<Operation>,
        others: &Others,
        limit: &TimeLimit,
    ) -> Result<Made, Outcome> {
        let worker = limit.apart(self.pool.worker()).await;
        let (limits, others) = (self.limits, others.clone());
        let job = move |wanted: &Wanted| {
            operate::apply(&bytes, &operations, &others, limits, || wanted.is_wanted())
        };
        let failed = |error: &dyn std::error::Error| {
            tracing::error!(
                error = pupila_runtime::rpc::with_causes(error),
                "an image was not worked on"
            );
            let detail = "the image could not be worked on";
            Outcome::stumbled(ErrorCode::Internal, "WORKER_FAILED", detail)
        };
        let worker = worker.map_err(|error| failed(&error))?;
        let made = worker
            .run_while_wanted(job)
            .await
            .map_err(|error| failed(&error))?;
        made.map_err(|error| {
            let (code, reason) = (error.code(), error.reason());
            Outcome::refused_after(Service::Images, code, reason, error.to_string())
        })
    }

    async fn store(
        &self,
        task: &Task,
        step: u32,
        original: &Image,
        made: Made,
    ) -> Result<Content, Outcome> {
        let header = ImageHeader {
            name: name::made_of(&original.name, made.extension()),
            idempotency_key: key(task, step),
            ..ImageHeader::default()
        };
        let context = self.delegation.context(task).await?;
        let bytes = Bytes::from(made.bytes);
        let image = self.images.store(&context, header, bytes.clone()).await?;
        Ok(Content { bytes, image })
    }

    async fn ask(
        &self,
        task: &Task,
        step: u32,
        current: &Content,
        model: ModelStep,
    ) -> Result<Prediction, Outcome> {
        let question = Question {
            filename: current.image.name.clone(),
            image: current.bytes.clone(),
            image_id: current.image.id.clone(),
            model: model.model,
            version: Some(model.version),
            parameters: model.parameters,
            idempotency_key: key(task, step),
            ..Question::default()
        };
        let context = self.delegation.context(task).await?;
        let answer = self.analyst.answer(&context, question).await;
        answer.map_err(from_analyst)
    }
}

fn key(task: &Task, step: u32) -> String {
    let task = &task.id;
    ResultKey::Step { task, step }.to_string()
}

fn from_analyst(unanswered: Unanswered) -> Outcome {
    let Unanswered { asked, error } = unanswered;
    if error.reason == MODEL_NOT_READY {
        // The service is there, and other models are: nothing else has to wait for this one.
        return Outcome::stumbled(error.code, &error.reason, error.message);
    }
    let service = match asked {
        Asked::Inference => Service::Inference,
        Asked::History => Service::History,
    };
    Outcome::from_service(service, error)
}

fn derived(image: &Image) -> DerivedImage {
    DerivedImage {
        image_id: image.id.clone(),
        name: image.name.clone(),
        format: image.format.clone(),
        width: image.width,
        height: image.height,
    }
}

fn in_short(record: Prediction) -> RecordedPrediction {
    let (label, score) = match record.output.and_then(|output| output.kind) {
        Some(output::Kind::Classification(answer)) => (answer.label, answer.score),
        None => Default::default(),
    };
    RecordedPrediction {
        prediction_id: record.id,
        model: record.model,
        version: record.version,
        label,
        score,
    }
}
