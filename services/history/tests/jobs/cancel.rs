//! Owners call jobs off.

use pupila_core::ErrorCode;
use pupila_proto::history::v1::JobState;

use crate::fixtures::{TestJobs, done, job_of, leased};

crate::on_every_engine!(
    what_waits_and_what_runs_is_called_off_at_once,
    what_has_ended_cannot_be_called_off,
    calling_off_races_with_the_last_result,
);

async fn what_waits_and_what_runs_is_called_off_at_once(test: TestJobs) {
    let job = test.create(job_of(3)).await.expect("created");
    let taken = test.take_next("w-1", 2).await;
    test.finish(vec![done(&taken[0])]).await;
    test.pass(1);
    let cancelled = test.cancel(&job.id).await.expect("called off");
    assert_eq!(cancelled.state(), JobState::Cancelled);
    assert_eq!(cancelled.end_time, cancelled.update_time);
    let counts = cancelled.counts.expect("counts");
    assert_eq!((counts.succeeded, counts.cancelled), (1, 2));

    let running = &taken[1];
    assert_eq!(
        test.renew("w-1", &[leased(running)]).await,
        [running.id.as_str()]
    );
    assert_eq!(
        test.finish(vec![done(running)]).await,
        [running.id.as_str()]
    );
    // The queue still offers the one that waited.
    let waiting = test.offered(1).await;
    assert_eq!(test.take("w-1", &waiting).await, []);
    assert_eq!(test.job(&job.id).await, cancelled);
    assert_eq!(test.cancel(&job.id).await.expect("again"), cancelled);
    // Who called it off need not be told.
    test.nothing_is_offered().await;
}

async fn what_has_ended_cannot_be_called_off(test: TestJobs) {
    let job = test.create(job_of(1)).await.expect("created");
    let taken = test.take_next("w-1", 1).await;
    test.finish(vec![done(&taken[0])]).await;
    let error = test.cancel(&job.id).await.expect_err("it has ended");
    assert_eq!(
        (error.code, error.reason.as_str()),
        (ErrorCode::Conflict, "JOB_ENDED")
    );
}

async fn calling_off_races_with_the_last_result(test: TestJobs) {
    for _ in 0..10 {
        let job = test.create(job_of(1)).await.expect("created");
        let mut taken = test.take_next("w-1", 1).await;
        while taken[0].job_id != job.id {
            // Somebody is to be told of the end of an earlier one.
            test.finish(vec![done(&taken[0])]).await;
            taken = test.take_next("w-1", 1).await;
        }
        let (cancelled, lost) =
            tokio::join!(test.cancel(&job.id), test.finish(vec![done(&taken[0])]));
        let ended = test.job(&job.id).await;
        let counts = ended.counts.expect("counts");
        match cancelled {
            Ok(_) => assert_eq!(
                (ended.state(), counts.cancelled, lost.len()),
                (JobState::Cancelled, 1, 1)
            ),
            Err(_) => assert_eq!(
                (ended.state(), counts.succeeded, lost.len()),
                (JobState::Succeeded, 1, 0)
            ),
        }
    }
}
