//! Reading jobs.

use pupila_proto::history::v1::{self as proto, JobState};
use pupila_runtime::rpc::RpcError;

use crate::fixtures::{ANA, LUIS, TestJobs, done, failed, job_of, user};

crate::on_every_engine!(
    jobs_come_newest_first_page_by_page,
    jobs_of_one_state,
    items_come_by_position_page_by_page,
    a_stranger_sees_nothing,
    what_came_out_is_counted_for_its_owner,
);

async fn jobs_come_newest_first_page_by_page(test: TestJobs) {
    let mut ids = Vec::new();
    for _ in 0..5 {
        test.pass(1);
        ids.push(test.create(job_of(1)).await.expect("created").id);
    }
    ids.reverse();
    let mut request = proto::ListJobsRequest {
        page_size: 2,
        ..Default::default()
    };
    let mut listed = Vec::new();
    loop {
        let page = test.list(request.clone()).await.expect("a page");
        listed.extend(page.jobs.into_iter().map(|job| job.id));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(listed, ids);
}

async fn jobs_of_one_state(test: TestJobs) {
    let mut ids = Vec::new();
    for _ in 0..2 {
        test.pass(1);
        ids.push(test.create(job_of(1)).await.expect("created").id);
    }
    let taken = test.take_next("w-1", 1).await;
    test.finish(vec![done(&taken[0])]).await;
    for (state, id) in [(JobState::Succeeded, &ids[0]), (JobState::Queued, &ids[1])] {
        let request = proto::ListJobsRequest {
            state: Some(state.into()),
            ..Default::default()
        };
        let page = test.list(request).await.expect("a page");
        let listed: Vec<_> = page.jobs.iter().map(|job| &job.id).collect();
        assert_eq!(listed, [id]);
    }
}

async fn items_come_by_position_page_by_page(test: TestJobs) {
    let job = test.create(job_of(5)).await.expect("created");
    let taken = test.take_next("w-1", 2).await;
    test.finish(taken.iter().map(done).collect()).await;
    let mut request = proto::ListItemsRequest {
        job_id: job.id,
        page_size: 2,
        ..Default::default()
    };
    let mut positions = Vec::new();
    loop {
        let page = test.list_items(request.clone()).await.expect("a page");
        positions.extend(page.items.into_iter().map(|item| item.position));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(positions, [0, 1, 2, 3, 4]);
    request.state = Some(JobState::Queued.into());
    let waiting = test.list_items(request.clone()).await.expect("a page");
    assert_eq!(waiting.items.len(), 2);
    assert!(!waiting.next_page_token.is_empty(), "a third one waits");
    request.state = Some(JobState::Succeeded.into());
    let done = test.list_items(request).await.expect("a page").items;
    assert!(done.iter().all(|item| item.results.len() == 1), "{done:?}");
}

async fn a_stranger_sees_nothing(test: TestJobs) {
    let his = test.create_for(LUIS, job_of(1)).await.expect("created");
    let page = test.list(proto::ListJobsRequest::default()).await;
    assert_eq!(page.expect("a page").jobs, []);
    let request = proto::ListItemsRequest {
        job_id: his.id.clone(),
        ..Default::default()
    };
    let errors = [
        test.find(crate::fixtures::ANA, &his.id).await.map(drop),
        test.list_items(request).await.map(drop),
        test.cancel(&his.id).await.map(drop),
        test.retry(&his.id).await.map(drop),
    ];
    for error in errors {
        assert_eq!(error.expect_err("not hers").reason, "JOB_NOT_FOUND");
    }
}

async fn what_came_out_is_counted_for_its_owner(test: TestJobs) {
    let job = test.create(job_of(3)).await.expect("created");
    let taken = test.take_next("w-1", 3).await;
    let finished = vec![done(&taken[0]), done(&taken[1]), failed(&taken[2], false)];
    test.finish(finished).await;
    let report = |caller| {
        let id = job.id.clone();
        let call = test.call(&user(caller), proto::GetReportRequest { id });
        let mut jobs = test.jobs.clone();
        async move { jobs.get_report(call).await }
    };
    let hers = report(ANA).await.expect("hers").into_inner();
    assert_eq!(hers.job.expect("with it").state(), JobState::Succeeded);
    let labels = hers
        .labels
        .iter()
        .map(|tally| (tally.label.as_str(), tally.count));
    assert_eq!(labels.collect::<Vec<_>>(), [("NORMAL", 2)]);
    let failures = hers
        .failures
        .iter()
        .map(|tally| (tally.reason.as_str(), tally.count));
    assert_eq!(failures.collect::<Vec<_>>(), [("IMAGE_UNREADABLE", 1)]);
    let error = RpcError::from(report(LUIS).await.expect_err("hers"));
    assert_eq!(error.reason, "JOB_NOT_FOUND");
}
