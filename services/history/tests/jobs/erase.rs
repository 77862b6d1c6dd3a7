//! An account that goes takes its jobs with it.

use crate::fixtures::{ANA, LUIS, TestJobs, done, job_of, leased};

crate::on_every_engine!(
    nothing_of_an_erased_user_is_left,
    an_erased_user_asks_for_nothing,
    what_is_being_asked_for_is_erased_or_refused,
);

async fn nothing_of_an_erased_user_is_left(test: TestJobs) {
    let hers = test.create(job_of(700)).await.expect("created");
    let his = test.create_for(LUIS, job_of(1)).await.expect("created");
    let taken = test.take_next("w-1", 3).await;
    let hers_taken: Vec<_> = taken.iter().filter(|task| task.job_id == hers.id).collect();
    assert!(!hers_taken.is_empty());
    test.erase(ANA).await;
    let error = test.find(ANA, &hers.id).await.expect_err("gone");
    assert_eq!(error.reason, "JOB_NOT_FOUND");
    for task in hers_taken {
        assert_eq!(test.renew("w-1", &[leased(task)]).await, [task.id.as_str()]);
        assert_eq!(test.finish(vec![done(task)]).await, [task.id.as_str()]);
    }
    test.find(LUIS, &his.id).await.expect("his own");
    assert_eq!(test.rows("process").await, 1);
}

async fn an_erased_user_asks_for_nothing(test: TestJobs) {
    test.erase(ANA).await;
    let error = test.create(job_of(1)).await.expect_err("erased");
    assert_eq!(error.reason, "ACCOUNT_DELETED");
    test.create_for(LUIS, job_of(1)).await.expect("he goes on");
}

async fn what_is_being_asked_for_is_erased_or_refused(test: TestJobs) {
    // Together with somebody else's, who must not be bothered, until long after it was erased.
    let asking = async {
        let mut refused = 0;
        while refused < 10 {
            let (hers, his) =
                tokio::join!(test.create(job_of(1)), test.create_for(LUIS, job_of(1)));
            his.expect("he goes on");
            if let Err(error) = hers {
                assert_eq!(error.reason, "ACCOUNT_DELETED");
                refused += 1;
            }
        }
    };
    tokio::join!(asking, test.erase(ANA));
    let left = test.list(Default::default()).await.expect("a page");
    assert_eq!(left.jobs, []);
}
