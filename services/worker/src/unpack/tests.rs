//! Archives of every kind, against services that answer as a story wants it.

mod attempts;
mod damage;
mod entries;
mod refusals;
mod services;
mod zip;

use std::sync::Arc;

use pupila_core::{SystemClock, UserId};
use pupila_proto::history::v1::{Task, UnpackArchive};
use pupila_runtime::identity::ServiceIdentity;

use self::{
    services::{Services, TIMEOUT},
    zip::Packed,
};
use super::{Bounds, Unpacker};
use crate::{
    Outcome, Service, Upstreams, WorkerConfig, budget::Budget, delegation::Delegation,
    images::Images,
};

/// Most bytes of an entry in these stories.
const MOST: u64 = 100_000;

/// An attempt at unpacking what the services keep, from that position on.
async fn attempt(services: &Services, attempt: u32, next_position: u32) -> Outcome {
    let transport = services.transport();
    let clock = Arc::new(SystemClock);
    let secret = "secret".to_owned().into();
    let identity = ServiceIdentity::new("worker", secret, transport.clone(), clock.clone());
    let upstreams = Upstreams {
        accounts: transport.clone(),
        images: transport.clone(),
        inference: transport.clone(),
        history: transport.clone(),
    };
    let delegation = Delegation::new(transport.clone(), identity.clone(), clock);
    let images = Images::new(transport, Budget::new(1 << 20), MOST, TIMEOUT);
    let config = WorkerConfig::default();
    let mut unpacker = Unpacker::new(&config, &upstreams, delegation, images, identity);
    unpacker.bounds = Bounds {
        list_bytes: 50_000,
        entry_bytes: MOST,
        total_bytes: 10 * MOST,
    };
    let task = Task {
        id: "task".to_owned(),
        lease: "lease".to_owned(),
        job_id: "job".to_owned(),
        owner: UserId::LOCAL.to_string(),
        attempt,
        ..Task::default()
    };
    let work = UnpackArchive {
        archive_id: "archive".to_owned(),
        next_position,
        max_items: 100,
    };
    unpacker.run(&task, &work).await
}

fn keeping(archive: Vec<u8>) -> Services {
    let services = Services::default();
    services.state().archive = Some(archive);
    services
}

/// An archive of `0.png`, `1.png` and so on.
fn numbered(count: usize) -> Vec<Packed> {
    let entries =
        (0..count).map(|number| Packed::deflated(format!("{number}.png"), vec![number as u8; 500]));
    entries.collect()
}

/// Why the attempt failed for good, which shows that this service is there.
fn reason(outcome: &Outcome, there: Service) -> &str {
    match outcome {
        Outcome::Failed {
            failure,
            retryable: false,
            answered,
        } => {
            assert_eq!(*answered, Some(there));
            &failure.reason
        }
        outcome => panic!("{outcome:?}"),
    }
}
