//! What came out of a job, a line per item.

use std::borrow::Cow;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use pupila_proto::history::v1::{
    Job, JobItem, JobState as ProtoState, RecordedPrediction, step, step_result::Kind,
};

use crate::{
    app::Gateway,
    authentication::LastingContext,
    dto::job::{Failure, JobState},
    error::RequestError,
    problem::Problem,
    routes::jobs::{archive::Packed, walk},
    table::{self, TableError, number, optional, text},
};

/// The columns before those of the models.
const BEFORE: [&str; 5] = ["position", "filename", "image_id", "state", "attempts"];
/// The columns after them.
const AFTER: [&str; 3] = ["derived_image_ids", "failure", "failure_detail"];
/// The last one, beside files.
const FILES: &str = "files";
/// What is between files: a character that no name of theirs has.
const BETWEEN: &str = "|";

/// A header and a line per item, by position: with the names of their files, where there are any. Where a page of the items
/// cannot be had the stream breaks off.
pub(in crate::routes::jobs) fn lines(
    gateway: Gateway,
    context: LastingContext,
    job: Job,
    files: Option<Packed>,
) -> impl Stream<Item = Result<Bytes, Problem>> + Send + 'static {
    let models = models(&job);
    let header = stream::iter([written(header(&models, files.is_some()))]);
    let items = walk::items(gateway, context, job.id);
    let lines =
        items.map(move |item| item.and_then(|item| written(line(&models, &item, files.as_ref()))));
    header.chain(lines.into_stream())
}

fn written(line: Result<Vec<u8>, TableError>) -> Result<Bytes, Problem> {
    line.map(Bytes::from).map_err(|error| {
        tracing::error!(%error, "a line of a report cannot be written");
        RequestError::Failed.into()
    })
}

/// The steps that ask models: their places, and the models' names.
fn models(job: &Job) -> Vec<(u32, String)> {
    let steps = (0..).zip(&job.steps);
    let models = steps.filter_map(|(place, step)| match &step.kind {
        Some(step::Kind::Model(model)) => Some((place, model.model.clone())),
        _ => None,
    });
    models.collect()
}

fn header(models: &[(u32, String)], files: bool) -> Result<Vec<u8>, TableError> {
    let columns = models.iter().flat_map(|(place, model)| {
        ["label", "score"].map(|column| Cow::Owned(format!("step_{place}_{model}_{column}")))
    });
    let before = BEFORE.map(Cow::Borrowed).into_iter();
    let after = AFTER.into_iter().chain(files.then_some(FILES));
    table::line(before.chain(columns).chain(after.map(Cow::Borrowed)))
}

fn line(
    models: &[(u32, String)],
    item: &JobItem,
    files: Option<&Packed>,
) -> Result<Vec<u8>, TableError> {
    let state = ProtoState::try_from(item.state).unwrap_or_default();
    let before = [
        number(item.position),
        text(&item.filename),
        text(&item.image_id),
        JobState::from(state).as_str().into(),
        number(item.attempts),
    ];
    let predictions = models.iter().flat_map(|(place, _)| {
        let prediction = prediction(item, *place);
        [
            text(prediction.map_or("", |prediction| &prediction.label)),
            optional(prediction.map(|prediction| &prediction.score)),
        ]
    });
    let failure = item.failure.clone().map(Failure::from);
    let after = [
        derived(item).collect::<Vec<_>>().join(" ").into(),
        optional(failure.as_ref().map(|failure| &failure.code)),
        Cow::Owned(failure.map_or(String::new(), |failure| text(&failure.detail).into_owned())),
    ];
    let files = files.map(|files| {
        let names = derived(item).filter_map(|id| files.name(id));
        Cow::Owned(text(&names.collect::<Vec<_>>().join(BETWEEN)).into_owned())
    });
    let cells = before.into_iter().chain(predictions).chain(after);
    table::line(cells.chain(files))
}

fn prediction(item: &JobItem, place: u32) -> Option<&RecordedPrediction> {
    let mut results = item.results.iter();
    results.find_map(|result| match &result.kind {
        Some(Kind::Prediction(prediction)) if result.step == place => Some(prediction),
        _ => None,
    })
}

/// The ids of the images that were made.
fn derived(item: &JobItem) -> impl Iterator<Item = &str> {
    item.results.iter().filter_map(|result| match &result.kind {
        Some(Kind::Image(image)) => Some(image.image_id.as_str()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use pupila_proto::history::v1::{
        self as proto, DerivedImage, ModelStep, OperationStep, Step, StepResult,
    };

    use super::*;

    fn told(step: u32, kind: Kind) -> StepResult {
        StepResult {
            step,
            kind: Some(kind),
        }
    }

    fn csv(items: &[JobItem]) -> String {
        let steps = [
            step::Kind::Operation(OperationStep::default()),
            step::Kind::Model(ModelStep {
                model: "pneumonia".to_owned(),
                ..ModelStep::default()
            }),
        ];
        let steps = steps.map(|kind| Step { kind: Some(kind) });
        let models = models(&Job {
            steps: steps.into(),
            ..Job::default()
        });
        let mut text = header(&models, false).expect("a header");
        for item in items {
            text.extend(line(&models, item, None).expect("a line"));
        }
        String::from_utf8(text).expect("text")
    }

    #[test]
    fn each_item_has_a_line_and_each_model_its_columns() {
        let done = JobItem {
            filename: "a.jpg".to_owned(),
            image_id: "i1".to_owned(),
            state: proto::JobState::Succeeded.into(),
            attempts: 1,
            results: vec![
                told(
                    0,
                    Kind::Image(DerivedImage {
                        image_id: "d1".to_owned(),
                        ..DerivedImage::default()
                    }),
                ),
                told(
                    1,
                    Kind::Prediction(RecordedPrediction {
                        label: "PNEUMONIA".to_owned(),
                        score: 0.97,
                        ..RecordedPrediction::default()
                    }),
                ),
            ],
            ..JobItem::default()
        };
        let failed = JobItem {
            position: 1,
            filename: "=1+1".to_owned(),
            state: proto::JobState::Failed.into(),
            failure: Some(proto::Failure {
                code: "UNPROCESSABLE".to_owned(),
                reason: "IMAGE_UNREADABLE".to_owned(),
                detail: "no image, at all".to_owned(),
            }),
            ..JobItem::default()
        };
        insta::assert_snapshot!(csv(&[done, failed]), @r#"
        position,filename,image_id,state,attempts,step_1_pneumonia_label,step_1_pneumonia_score,derived_image_ids,failure,failure_detail
        0,a.jpg,i1,SUCCEEDED,1,PNEUMONIA,0.97,d1,,
        1,'=1+1,,FAILED,0,,,,IMAGE_UNREADABLE,"no image, at all"
        "#);
    }
}
