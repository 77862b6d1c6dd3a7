//! What a job's steps mean for one image.

use pupila_core::{ErrorCode, Fault as _, ImageId};
use pupila_operations::Operation;
use pupila_proto::history::v1::{ModelStep, Step, step::Kind};

use crate::Outcome;

/// What is done in one go, with one result.
#[derive(Debug, PartialEq)]
pub(super) enum Stage {
    /// Operations in a row: the image is decoded once and encoded once.
    Make {
        /// The place of the last of their steps.
        step: u32,
        operations: Vec<Operation>,
    },
    /// A question to a model.
    Ask { step: u32, model: ModelStep },
}

/// The stages that the steps make.
///
/// # Errors
/// Steps that this worker does not understand.
pub(super) fn plan(steps: &[Step]) -> Result<Vec<Stage>, Outcome> {
    let mut stages = Vec::new();
    for (step, wanted) in (0..).zip(steps) {
        match (&wanted.kind, stages.last_mut()) {
            (Some(Kind::Operation(wanted)), last) => {
                let operation = Operation::parse(&wanted.name, &wanted.parameters);
                let operation = operation.map_err(|error| {
                    Outcome::refused(error.code(), error.reason(), error.to_string())
                })?;
                if let Some(Stage::Make {
                    step: end,
                    operations,
                }) = last
                {
                    *end = step;
                    operations.push(operation);
                } else {
                    let operations = vec![operation];
                    stages.push(Stage::Make { step, operations });
                }
            }
            (Some(Kind::Model(model)), _) => stages.push(Stage::Ask {
                step,
                model: model.clone(),
            }),
            (None, _) => {
                let detail = format!("this worker does not know step {step}");
                return Err(Outcome::stumbled(
                    ErrorCode::Internal,
                    "TASK_INVALID",
                    detail,
                ));
            }
        }
    }
    Ok(stages)
}

/// The images that the stages need beside the one that they begin with, each once.
pub(super) fn others(stages: &[Stage]) -> Vec<ImageId> {
    let operations = stages.iter().flat_map(|stage| match stage {
        Stage::Make { operations, .. } => operations.as_slice(),
        Stage::Ask { .. } => &[],
    });
    let mut images: Vec<_> = operations.flat_map(Operation::images).collect();
    images.sort_unstable();
    images.dedup();
    images
}

/// Most bytes of files that the stages hold at once, beginning with one of `image` bytes, with `others` beside it; no file has
/// more than `most`. It is the original and what is made of it, or what is made and what is made of that.
pub(super) fn room(stages: &[Stage], image: u64, others: u64, most: u64) -> u64 {
    let made = stages.iter().filter(|stage| stage.makes()).count();
    let begin = if made > 1 { most } else { image };
    let end = if made > 0 { most } else { 0 };
    begin.saturating_add(end).saturating_add(others)
}

impl Stage {
    fn makes(&self) -> bool {
        matches!(self, Self::Make { .. })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use pupila_proto::history::v1::OperationStep;

    use super::*;

    fn operation(name: &str, parameters: &[(&str, &str)]) -> Step {
        let parameters = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Step {
            kind: Some(Kind::Operation(OperationStep {
                name: name.to_owned(),
                parameters: parameters.collect(),
            })),
        }
    }

    fn model(name: &str) -> Step {
        Step {
            kind: Some(Kind::Model(ModelStep {
                model: name.to_owned(),
                version: 1,
                parameters: HashMap::new(),
            })),
        }
    }

    #[test]
    fn operations_in_a_row_are_one_stage() {
        let steps = [
            model("first"),
            operation("grayscale", &[]),
            operation("sepia", &[]),
            model("second"),
            operation("edges", &[]),
        ];
        let stages = plan(&steps).expect("known");
        let shape: Vec<_> = stages
            .iter()
            .map(|stage| match stage {
                Stage::Make { step, operations } => (*step, operations.len()),
                Stage::Ask { step, .. } => (*step, 0),
            })
            .collect();
        assert_eq!(shape, [(0, 0), (2, 2), (3, 0), (4, 1)]);
        assert_eq!(others(&stages), []);
    }

    #[test]
    fn an_image_that_is_laid_over_others_is_needed_once() {
        let id = "018f3f5e-7c1b-7000-8000-000000000001";
        let stamp = || operation("watermark_image", &[("image", id)]);
        let stages = plan(&[stamp(), model("m"), stamp()]).expect("known");
        assert_eq!(others(&stages), [id.parse().expect("an id")]);
    }

    #[test]
    fn there_is_room_for_what_is_made_and_what_it_is_made_of() {
        let make = || operation("sepia", &[]);
        for (steps, expected) in [
            (vec![model("m")], 10),
            (vec![make(), make(), model("m")], 10 + 100),
            (vec![make(), model("m"), make()], 100 + 100),
        ] {
            let stages = plan(&steps).expect("known");
            assert_eq!(room(&stages, 10, 7, 100), expected + 7, "{stages:?}");
        }
    }

    #[test]
    fn a_step_that_nobody_knows_is_told() {
        for step in [
            operation("melt", &[]),
            operation("blur", &[("sigma", "-1")]),
        ] {
            let refused = plan(&[step]).expect_err("unknown");
            assert!(matches!(
                refused,
                Outcome::Failed {
                    retryable: false,
                    ..
                }
            ));
        }
        let newer = plan(&[Step { kind: None }]).expect_err("unknown");
        assert!(matches!(
            newer,
            Outcome::Failed {
                retryable: true,
                ..
            }
        ));
    }
}
