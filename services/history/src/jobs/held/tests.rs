use jiff::SignedDuration;
use pupila_core::ImageId;
use uuid::Uuid;

use super::*;
use crate::jobs::{Draft, NewItem, NewJob, Source};

const NOON: &str = "2026-11-23T12:00:00Z";

/// A job of one image, asked for at noon.
fn job_of_one() -> Draft {
    let image = NewItem {
        filename: "1.png".to_owned(),
        image: Ok(ImageId::from_uuid(Uuid::nil())),
    };
    let new = NewJob {
        name: "tórax".to_owned(),
        steps: Vec::new(),
        source: Source::Items(vec![image]),
        silent: false,
        priority: None,
    };
    new.draft(NOON.parse().expect("a time"), UserId::LOCAL, None)
}

/// Whoever watches goes on from the last change that was told.
#[test]
fn a_change_never_bears_an_earlier_time_than_the_one_before() {
    let Draft { job, tasks, .. } = job_of_one();
    let slow = job.update_time - SignedDuration::from_secs(15);
    let mut held = Held::new(slow, vec![job.clone()], tasks);
    held.cancel(job.id).expect("it waits");
    let (diff, _) = held.close();
    let (cancelled, _) = &diff.jobs[0];
    assert_eq!(cancelled.state, JobState::Cancelled);
    assert_eq!(cancelled.update_time, job.update_time);
}
