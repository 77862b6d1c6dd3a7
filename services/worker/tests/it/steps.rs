//! Images, and what is to be done to them.

use std::{collections::HashMap, io::Cursor};

use image::{ImageFormat, Rgb, RgbImage};
use pupila_core::TaskId;
use pupila_proto::history::v1::{
    DerivedImage, FinishedTask, ModelStep, OperationStep, ProcessImage, Step,
    finished_task::Outcome, step, step_result, task::Work,
};

use crate::harness::TestWorker;

/// A PNG.
pub(crate) fn picture() -> Vec<u8> {
    let picture = RgbImage::from_fn(40, 30, |x, y| Rgb([x as u8 * 6, y as u8 * 8, 90]));
    let mut png = Cursor::new(Vec::new());
    picture
        .write_to(&mut png, ImageFormat::Png)
        .expect("a picture");
    png.into_inner()
}

pub(crate) fn operation(name: &str, parameters: &[(&str, &str)]) -> Step {
    let parameters = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Step {
        kind: Some(step::Kind::Operation(OperationStep {
            name: name.to_owned(),
            parameters: parameters.collect(),
        })),
    }
}

pub(crate) fn model(name: &str) -> Step {
    Step {
        kind: Some(step::Kind::Model(ModelStep {
            model: name.to_owned(),
            version: 3,
            parameters: HashMap::new(),
        })),
    }
}

/// Offers a task to do the steps to an image.
pub(crate) async fn submit(worker: &TestWorker, image: &str, steps: &[Step]) -> TaskId {
    let task = worker.task_of(Work::ProcessImage(ProcessImage {
        image_id: image.to_owned(),
        filename: "ward/x-ray.png".to_owned(),
        steps: steps.to_vec(),
    }));
    worker.offer(&[task]).await;
    task
}

/// Has the steps done to an image. Answers the task's id and how it went.
pub(crate) async fn process(
    worker: &TestWorker,
    image: &str,
    steps: &[Step],
) -> (String, FinishedTask) {
    let before = worker.history.state().finished.len();
    let task = submit(worker, image, steps).await;
    let finished = worker.history.finished(before + 1).await;
    (task.to_string(), finished[before].clone())
}

/// What came out of it, by step.
pub(crate) fn results(finished: &FinishedTask) -> Vec<(u32, step_result::Kind)> {
    let Some(Outcome::Done(done)) = &finished.outcome else {
        panic!("{finished:?}")
    };
    let results = done.results.iter().cloned();
    results
        .map(|result| (result.step, result.kind.expect("one")))
        .collect()
}

pub(crate) fn made(kind: &step_result::Kind) -> &DerivedImage {
    match kind {
        step_result::Kind::Image(image) => image,
        other => panic!("{other:?}"),
    }
}
