//! History as its callers see it: through tonic, on a real database.

mod access;
mod bad_input;
mod erase;
mod fixtures;
mod repeat;
mod review;

use futures_util::TryStreamExt as _;
use pupila_core::ErrorCode;
use pupila_proto::history::v1 as proto;
use pupila_runtime::readiness::Readiness as _;

use fixtures::{ANA, LUIS, TestHistory, prediction, user};

#[tokio::test]
async fn a_prediction_is_named_and_dated_by_history() {
    let history = TestHistory::start().await;
    let forged = proto::Prediction {
        id: "forged".to_owned(),
        caller: "forged".to_owned(),
        create_time: Some(prost_types::Timestamp::default()),
        ..prediction()
    };
    let recorded = history.record(forged).await.expect("recorded");
    let noon = prost_types::Timestamp {
        seconds: 1_795_435_200,
        nanos: 123_456_000,
    };
    assert_eq!(recorded.create_time, Some(noon));
    assert_eq!(recorded.caller, ANA.to_string());
    let expected = proto::Prediction {
        id: recorded.id.clone(),
        caller: recorded.caller.clone(),
        create_time: recorded.create_time,
        ..prediction()
    };
    assert_eq!(recorded, expected);
    let found = history.get(&user(ANA), &recorded.id).await.expect("found");
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_stranger_is_told_that_nothing_is_there() {
    let history = TestHistory::start().await;
    let recorded = history.record(prediction()).await.expect("recorded");
    let error = history.get(&user(LUIS), &recorded.id).await;
    let error = error.expect_err("it is not his");
    assert_eq!(error.code, ErrorCode::NotFound);
    assert_eq!(error.reason, "PREDICTION_NOT_FOUND");
}

#[tokio::test]
async fn a_list_is_walked_by_its_tokens() {
    let history = TestHistory::start().await;
    for _ in 0..5 {
        history.record(prediction()).await.expect("recorded");
    }
    let mut request = proto::ListPredictionsRequest {
        page_size: 2,
        ..Default::default()
    };
    let mut sizes = Vec::new();
    loop {
        let page = history.list(request.clone()).await.expect("a page");
        sizes.push(page.predictions.len());
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(sizes, [2, 2, 1]);
}

#[tokio::test]
async fn an_export_streams_and_statistics_count() {
    let history = TestHistory::start().await;
    for _ in 0..3 {
        history.record(prediction()).await.expect("recorded");
    }
    let mut client = history.client.clone();
    let export = client.export_predictions(history.ana(proto::ExportPredictionsRequest::default()));
    let stream = export.await.expect("a stream").into_inner();
    let exported: Vec<_> = stream.try_collect().await.expect("whole");
    assert_eq!(exported.len(), 3);

    let statistics = client.get_statistics(history.ana(proto::GetStatisticsRequest::default()));
    let statistics = statistics.await.expect("counted").into_inner();
    assert_eq!(statistics.total, 3);
    assert_eq!(statistics.days[0].date, "2026-11-23");
}

#[tokio::test]
async fn without_its_database_history_is_not_ready_and_says_so() {
    let history = TestHistory::start().await;
    history.readiness.ready().await.expect("ready");
    history.readiness.close().await;
    history.readiness.ready().await.expect_err("closed");
    let error = history.record(prediction()).await.expect_err("closed");
    assert_eq!(error.code, ErrorCode::Unavailable);
    assert_eq!(error.reason, "HISTORY_UNAVAILABLE");
    assert_eq!(error.message, "predictions cannot be recorded or read now");
}
