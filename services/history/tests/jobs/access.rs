//! Who may call: the guard before the services, with the rules of the proto files.

use pupila_core::{Caller, Scope};
use pupila_proto::history::v1 as proto;
use pupila_runtime::rpc::RpcError;

use crate::fixtures::{ANA, TestJobs, job_of, service, user, user_with};

#[tokio::test(flavor = "multi_thread")]
async fn who_may_only_read_asks_for_nothing() {
    let test = TestJobs::sqlite().await;
    let job = test.create(job_of(1)).await.expect("created");
    let reader = user_with(ANA, &[Scope::JobsRead]);
    let id = job.id;
    let call = test.call(&reader, proto::GetJobRequest { id: id.clone() });
    test.jobs.clone().get_job(call).await.expect("hers");
    let call = test.call(&reader, job_of(1));
    let refused = test.jobs.clone().create_job(call).await.map(drop);
    let call = test.call(&reader, proto::CancelJobRequest { id });
    let kept = test.jobs.clone().cancel_job(call).await.map(drop);
    for status in [refused, kept] {
        let error = RpcError::from(status.expect_err("no scope"));
        assert_eq!(error.reason, "SCOPE_MISSING");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_workers_take_tasks() {
    let test = TestJobs::sqlite().await;
    test.create(job_of(1)).await.expect("created");
    let task = test.offered(1).await.remove(0);
    let request = proto::TakeTasksRequest {
        worker: "w-1".to_owned(),
        task_ids: vec![task.to_string()],
    };
    for (caller, reason) in [
        (Caller::Nobody, "UNAUTHENTICATED"),
        (user(ANA), "PERMISSION_DENIED"),
        (service("images"), "PERMISSION_DENIED"),
    ] {
        let call = test.call(&caller, request.clone());
        let status = test.tasks.clone().take_tasks(call).await;
        let error = RpcError::from(status.expect_err(reason));
        assert_eq!(error.reason, reason);
    }
    assert_eq!(test.take("w-1", &[task]).await.len(), 1);
}
