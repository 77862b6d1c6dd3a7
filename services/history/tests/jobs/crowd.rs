//! Many at once, in two processes.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use pupila_proto::history::v1::{self as proto, JobState};
use pupila_queue::QueueConfig;

use crate::fixtures::{TestJobs, done, failed, job_of};

crate::on_every_engine!(a_crowd_of_workers_and_owners_loses_nothing);

/// Jobs that each of eight owners asks for.
const JOBS: usize = 8;
/// Images of a job.
const IMAGES: u128 = 3;

async fn a_crowd_of_workers_and_owners_loses_nothing(test: TestJobs) {
    let other = test.replica(&QueueConfig::default()).await;
    let owners = (0..8).map(|n| {
        let process = if n % 2 == 0 { &test } else { &other };
        async move {
            for _ in 0..JOBS {
                let mut request = job_of(IMAGES);
                request.silent = true;
                process.create(request).await.expect("created");
            }
        }
    });
    let workers = (0..8).map(|n| {
        let process = if n % 2 == 0 { &test } else { &other };
        let asked = 8 * JOBS * IMAGES as usize / 8;
        work(process, format!("w-{n}"), asked, n)
    });
    let (_, ended) = tokio::join!(join_all(owners), join_all(workers));

    // Every item ended once, whoever told so.
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for id in ended.into_iter().flatten() {
        *ends.entry(id).or_default() += 1;
    }
    assert_eq!(ends.len(), 8 * JOBS * IMAGES as usize);
    assert!(ends.values().all(|times| *times == 1), "{ends:?}");
    let request = proto::ListJobsRequest {
        page_size: 200,
        ..Default::default()
    };
    for job in test.list(request).await.expect("a page").jobs {
        let counts = job.counts.expect("counts");
        assert_eq!(counts.succeeded + counts.failed, counts.total);
        assert!(matches!(
            job.state(),
            JobState::Succeeded | JobState::Failed
        ));
    }
}

/// Works until so many tasks have ended; some of them fail.
async fn work(test: &TestJobs, name: String, count: usize, n: usize) -> Vec<String> {
    let mut ended = Vec::new();
    while ended.len() < count {
        let offered = test.offered(1).await;
        let taken = test.take(&name, &offered).await;
        let finished = taken.iter().map(|task| {
            if n == 0 {
                failed(task, false)
            } else {
                done(task)
            }
        });
        let lost = test.finish(finished.collect()).await;
        assert_eq!(lost, [""; 0]);
        ended.extend(taken.into_iter().map(|task| task.id));
    }
    ended
}
