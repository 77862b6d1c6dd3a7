//! Calls that are made again.

use futures_util::future::join_all;
use pupila_core::{ArchiveId, Digest, ErrorCode};
use pupila_proto::history::v1 as proto;
use uuid::Uuid;

use crate::fixtures::{LUIS, TestJobs, done, failure, items, job_of};

crate::on_every_engine!(
    a_repeated_call_finds_what_the_first_one_made,
    a_key_is_not_used_for_two_jobs,
    a_zip_that_is_sent_again_is_the_same_request,
    calls_at_the_same_time_make_one_job,
);

fn keyed() -> proto::CreateJobRequest {
    proto::CreateJobRequest {
        idempotency_key: "k-1".to_owned(),
        silent: true,
        ..job_of(2)
    }
}

async fn a_repeated_call_finds_what_the_first_one_made(test: TestJobs) {
    let first = test.create(keyed()).await.expect("created");
    assert_eq!(test.create(keyed()).await.expect("found"), first);
    let taken = test.take_next("w-1", 2).await;
    test.finish(taken.iter().map(done).collect()).await;
    // As it is now.
    let again = test.create(keyed()).await.expect("found");
    assert_eq!(again, test.job(&first.id).await);
    let his = test.create_for(LUIS, keyed()).await.expect("created");
    assert_ne!(his.id, first.id);
}

async fn a_key_is_not_used_for_two_jobs(test: TestJobs) {
    test.create(keyed()).await.expect("created");
    let mut refused = items(2);
    refused[1] = proto::NewItem {
        image_id: String::new(),
        failure: Some(failure("IMAGE_UNREADABLE")),
        ..refused[1].clone()
    };
    let others = [
        proto::CreateJobRequest {
            name: "other".to_owned(),
            ..keyed()
        },
        proto::CreateJobRequest {
            items: items(1),
            ..keyed()
        },
        proto::CreateJobRequest {
            items: refused,
            ..keyed()
        },
        proto::CreateJobRequest {
            priority: proto::Priority::Batch.into(),
            ..keyed()
        },
        proto::CreateJobRequest {
            steps: [keyed().steps, keyed().steps].concat(),
            ..keyed()
        },
    ];
    for other in others {
        let error = test.create(other).await.expect_err("another job");
        assert_eq!(error.code, ErrorCode::Conflict);
        assert_eq!(error.reason, "IDEMPOTENCY_KEY_REUSED");
    }
}

async fn a_zip_that_is_sent_again_is_the_same_request(test: TestJobs) {
    let sent = |archive: u128, bytes: &[u8]| proto::CreateJobRequest {
        items: Vec::new(),
        archive_id: ArchiveId::from_uuid(Uuid::from_u128(archive)).to_string(),
        archive_sha256: Digest::of(bytes).as_bytes().to_vec().into(),
        ..keyed()
    };
    let first = test.create(sent(1, b"a ZIP")).await.expect("created");
    let again = test.create(sent(2, b"a ZIP")).await.expect("found");
    assert_eq!(again, first, "with the archive that came first");
    let unknown = proto::CreateJobRequest {
        archive_sha256: Vec::new().into(),
        ..sent(1, b"")
    };
    for other in [sent(1, b"another ZIP"), unknown] {
        let error = test.create(other).await.expect_err("another job");
        assert_eq!(error.reason, "IDEMPOTENCY_KEY_REUSED");
    }
    let broken = proto::CreateJobRequest {
        archive_sha256: vec![7; 31].into(),
        ..sent(1, b"")
    };
    let error = test.create(broken).await.expect_err("no digest");
    assert_eq!(error.violations[0].field, "archive_sha256");
}

async fn calls_at_the_same_time_make_one_job(test: TestJobs) {
    // Among others, which must not suffer.
    let same = join_all((0..16).map(|_| test.create(keyed())));
    let others = join_all((0..16).map(|_| test.create(job_of(1))));
    let (same, others) = tokio::join!(same, others);
    let mut ids: Vec<_> = same
        .into_iter()
        .map(|job| job.expect("created or found").id)
        .collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
    for other in others {
        other.expect("created");
    }
    let page = test.list(proto::ListJobsRequest::default()).await;
    assert_eq!(page.expect("a page").jobs.len(), 17);
}
