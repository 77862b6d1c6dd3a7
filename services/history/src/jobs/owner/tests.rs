use std::{collections::BTreeMap, pin::pin};

use futures_util::poll;
use jiff::SignedDuration;
use pupila_core::{ImageId, ManualClock};
use pupila_db::TestDatabase;
use pupila_queue::QueueConfig;
use uuid::Uuid;

use super::*;
use crate::{
    jobs::{NewItem, Source, Step, open_job_store},
    open_store,
};

const NOON: &str = "2026-11-23T12:00:00Z";

fn one_image() -> NewJob {
    NewJob {
        name: "tórax".to_owned(),
        steps: vec![Step::Model {
            model: "pneumonia".to_owned(),
            version: 1,
            parameters: BTreeMap::new(),
        }],
        source: Source::Items(vec![NewItem {
            filename: "1.png".to_owned(),
            image: Ok(ImageId::from_uuid(Uuid::nil())),
        }]),
        silent: false,
        priority: None,
    }
}

/// Watchers of all jobs look back ten seconds.
#[tokio::test]
async fn a_job_that_waits_to_be_stored_is_dated_when_it_is_its_turn() {
    let test = TestDatabase::sqlite().await;
    open_store(&test.database).await.expect("migrated");
    let clock = Arc::new(ManualClock::at(NOON.parse().expect("a time")));
    let queue = pupila_queue::open(&QueueConfig::default(), clock.clone()).await;
    let queue = queue.expect("a queue");
    let herald = Herald::new(queue.clone(), clock.clone());
    let store = open_job_store(&test.database);
    let config = JobsConfig::default();
    let jobs = Jobs::new(store, queue, clock.clone(), herald, &config);

    let mut creating = pin!(jobs.create(UserId::LOCAL, one_image(), None));
    assert!(poll!(&mut creating).is_pending());
    clock.advance(SignedDuration::from_secs(12));
    let created = creating.await.expect("created");
    assert_eq!(created.create_time, clock.now());
    let stored = jobs.find(UserId::LOCAL, created.id).await.expect("stored");
    assert_eq!(stored, created);
}
