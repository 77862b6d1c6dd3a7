use jiff::Timestamp;
use pupila_core::ArchiveId;
use pupila_queue::QueueConfig;
use uuid::Uuid;

use super::*;
use crate::jobs::{NewJob, Source, draft::StoredZip};

fn share(most: usize) -> Share {
    let config = QueueConfig {
        max_waiting_per_owner: Some(most),
        ..QueueConfig::default()
    };
    config.share()
}

fn zip() -> Job {
    let new = NewJob {
        name: String::new(),
        steps: Vec::new(),
        source: Source::Archive(StoredZip {
            id: ArchiveId::from_uuid(Uuid::nil()),
            sha256: None,
        }),
        silent: true,
        priority: None,
    };
    new.draft(Timestamp::UNIX_EPOCH, UserId::LOCAL, None).job
}

#[test]
fn a_zip_counts_as_what_it_holds_once_that_is_known() {
    let mut job = zip();
    assert_eq!(job.charge(), UNOPENED);
    job.counts.total = 9;
    assert_eq!(job.charge(), 9, "all of them are to come");
    (job.counts.queued, job.counts.running) = (2, 1);
    (job.counts.succeeded, job.counts.failed) = (1, 1);
    assert_eq!(job.charge(), 7);
    // It broke, and the rest never comes.
    job.unpacking = false;
    assert_eq!(job.charge(), 3);
}

#[test]
fn whoever_has_nothing_open_may_bring_a_large_job() {
    let claim = Claim::of(&zip(), share(10));
    assert!(claim.fits(Backlog::at_most(0)));
    assert!(!claim.fits(Backlog::at_most(1)));
    let unopened = Backlog {
        items: 0,
        unopened: 1,
    };
    assert!(!claim.fits(unopened));
}

#[test]
fn what_adds_nothing_always_fits() {
    let mut job = zip();
    job.unpacking = false;
    assert!(Claim::of(&job, share(10)).fits(Backlog::at_most(11)));
}

#[test]
fn a_zip_is_opened_as_soon_as_its_owners_share_is_not_used_up() {
    let before = zip();
    let mut job = before.clone();
    job.counts.total = 10_000;
    let claim = Claim::of_zip(&job, &before, share(10));
    assert_eq!(claim.growth, 9_000);
    for (items, fits) in [(0, true), (9, true), (10, false)] {
        // Itself and others, which wait for the same.
        let unopened = 10;
        assert_eq!(claim.fits(Backlog { items, unopened }), fits, "{items}");
    }
}
