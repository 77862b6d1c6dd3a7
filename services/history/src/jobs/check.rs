//! What a job may be made of. The widths are those of the columns, so that every engine refuses the same.

use std::collections::BTreeMap;

use pupila_queue::WorkerName;

use super::{Addition, JobError, NewItem, NewJob, Product, Source, Step, StepResult};
use crate::{
    limits::{LABEL, NAME},
    violations::{Violations, is_name, is_score},
};

/// Most characters of a job's name.
const JOB_NAME: usize = 200;
/// Most characters of a file's name.
const FILENAME: usize = 255;
/// Most characters of the name of an image's format.
const FORMAT: usize = 16;
/// Most steps of a job.
const STEPS: usize = 16;
/// Most parameters of a step.
const PARAMETERS: usize = 100;
/// Most characters of a parameter's value.
const VALUE: usize = 1_000;
/// Most items that are added at once.
const ADDED: usize = 500;
/// Most tasks that a worker names at once.
pub(crate) const TASKS: usize = 1_000;
/// Most places where the end of a job is told.
const ROUTES: usize = 100;
/// Most characters of a route.
const ROUTE: usize = 500;
/// Most services that a worker waits for, and most characters of their names.
const PARKED_BY: (usize, usize) = (10, 50);

impl NewJob {
    /// Refuses what cannot be.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` with every field at fault.
    pub(crate) fn check(&self, max_items: u32) -> Result<(), JobError> {
        let mut violations = Violations::default();
        violations.require_short("name", &self.name, JOB_NAME);
        let plain = !self.name.chars().any(char::is_control);
        violations.require(plain, "name", "must have no control characters");
        let some = (1..=STEPS).contains(&self.steps.len());
        violations.require(some, "steps", format!("must be from 1 to {STEPS}"));
        for (n, step) in self.steps.iter().take(STEPS).enumerate() {
            check_step(&format!("steps/{n}"), step, &mut violations);
        }
        if let Source::Items(items) = &self.source {
            let some = (1..=max_items as usize).contains(&items.len());
            violations.require(some, "items", format!("must be from 1 to {max_items}"));
            check_items(items, &mut violations);
        }
        violations.finish()
    }
}

impl Addition {
    /// Refuses what cannot be.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` with every field at fault.
    pub(crate) fn check(&self, max_items: u32) -> Result<(), JobError> {
        let mut violations = Violations::default();
        let some = self.items.len() <= ADDED;
        violations.require(some, "items", format!("must be at most {ADDED}"));
        check_items(&self.items, &mut violations);
        let few = self.total <= max_items;
        violations.require(few, "total", format!("must be at most {max_items}"));
        let last = self.first_position as usize + self.items.len();
        let inside = last <= self.total as usize;
        violations.require(inside, "total", "must count the items that are added");
        violations.finish()
    }
}

/// Refuses what a worker cannot be.
pub(crate) fn check_worker(
    name: &WorkerName,
    tasks: usize,
    parked_by: &[String],
) -> Result<(), JobError> {
    let mut violations = Violations::default();
    violations.require_name("worker", name.as_str(), NAME);
    check_tasks("task_ids", tasks, &mut violations);
    let (most, width) = PARKED_BY;
    let few = parked_by.len() <= most && parked_by.iter().all(|name| is_name(name, width));
    violations.require(
        few,
        "parked_by",
        format!("must be at most {most} names of 1 to {width} characters"),
    );
    violations.finish()
}

/// Refuses results and routes that cannot be stored. Each comes with its place among the tasks.
pub(crate) fn check_done<'a>(
    tasks: usize,
    done: impl Iterator<Item = (usize, &'a [StepResult], &'a [String])>,
) -> Result<(), JobError> {
    let mut violations = Violations::default();
    check_tasks("tasks", tasks, &mut violations);
    for (n, results, routes) in done {
        let mut steps: Vec<_> = results.iter().map(|result| result.step).collect();
        steps.dedup();
        let rising = steps.len() == results.len() && steps.is_sorted();
        let few = rising && results.len() <= STEPS && results.iter().all(fits);
        violations.require(
            few,
            &format!("tasks/{n}/done/results"),
            "must be of a step each, in their order, with names that fit",
        );
        let few = routes.len() <= ROUTES && routes.iter().all(|route| is_name(route, ROUTE));
        violations.require(
            few,
            &format!("tasks/{n}/done/routes"),
            format!("must be at most {ROUTES} of 1 to {ROUTE} characters"),
        );
    }
    violations.finish()
}

fn check_tasks(field: &str, tasks: usize, violations: &mut Violations) {
    violations.require(tasks <= TASKS, field, format!("must be at most {TASKS}"));
}

fn check_items(items: &[NewItem], violations: &mut Violations) {
    let rule = format!("must have from 1 to {FILENAME} characters");
    if let Some(n) = items
        .iter()
        .position(|item| !is_name(&item.filename, FILENAME))
    {
        violations.require(false, &format!("items/{n}/filename"), rule);
    }
}

fn check_step(field: &str, step: &Step, violations: &mut Violations) {
    let parameters = match step {
        Step::Operation { name, parameters } => {
            violations.require_name(&format!("{field}/operation/name"), name, NAME);
            parameters
        }
        Step::Model {
            model,
            version,
            parameters,
        } => {
            violations.require_name(&format!("{field}/model/model"), model, NAME);
            violations.require_positive(&format!("{field}/model/version"), *version);
            parameters
        }
    };
    violations.require(
        parameters_fit(parameters),
        &format!("{field}/parameters"),
        format!("must be at most {PARAMETERS} with names of 1 to {NAME} and values of up to {VALUE} characters"),
    );
}

fn parameters_fit(parameters: &BTreeMap<String, String>) -> bool {
    let fits = |(name, value): (&String, &String)| {
        is_name(name, NAME) && value.chars().nth(VALUE).is_none()
    };
    parameters.len() <= PARAMETERS && parameters.iter().all(fits)
}

fn fits(result: &StepResult) -> bool {
    match &result.product {
        Product::Image(image) => is_name(&image.name, FILENAME) && is_name(&image.format, FORMAT),
        Product::Prediction(prediction) => {
            is_name(&prediction.model, NAME)
                && is_name(&prediction.label, LABEL)
                && is_score(prediction.score)
        }
    }
}
