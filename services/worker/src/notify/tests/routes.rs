//! Who is told at all.

use axum::http::StatusCode;
use jiff::SignedDuration;
use metrics_exporter_prometheus::PrometheusBuilder;
use pupila_proto::{
    accounts::v1::{EmailTarget, WebhookTarget, resolve_route_response::Target},
    history::v1::{Failure, JobState},
};

use super::{
    harness::{Around, JOB, given_up},
    web_server::WebServer,
};
use crate::{Outcome, Service};

fn webhook(server: &WebServer) -> Target {
    Target::Webhook(WebhookTarget {
        url: server.url.clone(),
        secret: "whsec_c2VjcmV0".to_owned(),
    })
}

#[tokio::test]
async fn accounts_is_told_once_per_end_and_says_where_to_deliver() {
    let around = Around::configured("");
    around.services.script().wanted = Some(vec!["a".to_owned(), "b".to_owned()]);
    let outcome = around.notify(around.job(|_| {})).await;
    let Outcome::Done { routes, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(routes, ["a", "b"]);
    let told = around.services.script().told.remove(0);
    assert_eq!(told.key, format!("{JOB}:7"));
    let event = told.job_ended.expect("an event");
    assert_eq!(
        (&*event.name, &*event.state, event.seconds),
        ("X-rays of May", "SUCCEEDED", 185)
    );
    assert_eq!((event.succeeded, event.failed, event.total), (498, 2, 500));
    assert_eq!(event.failure, None);
}

#[tokio::test]
async fn accounts_is_told_why_a_zip_could_not_be_read() {
    let around = Around::configured("");
    around.services.script().wanted = Some(Vec::new());
    let job = around.job(|job| {
        job.set_state(JobState::Failed);
        job.failure = Some(Failure {
            code: "UNPROCESSABLE".to_owned(),
            reason: "ARCHIVE_UNREADABLE".to_owned(),
            detail: "it is no ZIP".to_owned(),
        });
    });
    assert_eq!(around.notify(job).await, Outcome::done());
    let told = around.services.script().told.remove(0);
    let why = told.job_ended.and_then(|event| event.failure);
    let why = why.expect("it failed as a whole");
    assert_eq!(
        (&*why.reason, &*why.detail),
        ("ARCHIVE_UNREADABLE", "it is no ZIP")
    );
}

#[tokio::test]
async fn a_user_who_is_gone_is_not_told() {
    let around = Around::configured("");
    let outcome = around.notify(around.job(|_| {})).await;
    assert_eq!(outcome, Outcome::done());
}

async fn waits_for_accounts(around: &Around) {
    let away = Outcome::Parked {
        service: Service::Accounts,
        retry_after: None,
    };
    assert_eq!(around.notify(around.job(|_| {})).await, away);
    assert_eq!(around.deliver(around.job(|_| {})).await, away);
}

#[tokio::test]
async fn while_accounts_is_away_it_waits() {
    let around = Around::configured("");
    around.services.script().is_away = true;
    waits_for_accounts(&around).await;
}

#[tokio::test]
async fn a_worker_that_accounts_does_not_know_takes_nobody_for_gone() {
    let around = Around::configured("");
    around.services.script().shuts_out = true;
    waits_for_accounts(&around).await;
}

#[tokio::test]
async fn nothing_is_sent_to_a_route_that_its_user_has_cancelled() {
    let around = Around::configured("");
    let outcome = around.deliver(around.job(|_| {})).await;
    assert_eq!(outcome, Outcome::done());
}

#[tokio::test]
async fn a_job_that_was_begun_again_is_told_at_its_new_end() {
    let server = WebServer::start().await;
    let around = Around::configured("webhooks.allow_private_networks = true");
    let again = around.job(|job| job.set_state(JobState::Queued));
    let target = webhook(&server);
    let outcome = around.tell(target, "en", again.clone()).await;
    assert_eq!(outcome, Outcome::done());
    assert_eq!(around.notify(again).await, Outcome::done());
    assert_eq!(server.asked().len(), 0);
    assert_eq!(around.services.script().told.len(), 0);
}

#[tokio::test]
async fn what_is_no_news_any_more_waits_for_nobody() {
    let around = Around::configured("");
    assert_eq!(around.untried(around.job(|_| {})), None, "it waits");
    // Asked for again, and perhaps called off.
    for state in [JobState::Queued, JobState::Cancelled] {
        let job = around.job(|job| job.set_state(state));
        assert_eq!(around.untried(job), Some(Outcome::done()), "{state:?}");
    }
}

#[tokio::test]
async fn without_a_mail_server_e_mails_are_done_silently() {
    let around = Around::configured("");
    let target = Target::Email(EmailTarget {
        address: "ana@example.org".to_owned(),
        unsubscribe_token: "token".to_owned(),
    });
    let outcome = around.tell(target, "en", around.job(|_| {})).await;
    assert_eq!(outcome, Outcome::done());
}

#[tokio::test]
async fn how_it_went_is_counted() {
    let recorder = PrometheusBuilder::new().build_recorder();
    // The story is one thread.
    let _guard = metrics::set_default_local_recorder(&recorder);
    let server = WebServer::start().await;
    let around = Around::configured("webhooks.allow_private_networks = true");
    around.deliver(around.job(|_| {})).await;
    for status in [200, 410, 500] {
        server.answers(StatusCode::from_u16(status).expect("a status"));
        around
            .tell(webhook(&server), "en", around.job(|_| {}))
            .await;
    }
    let counted = recorder.handle().render();
    for (channel, outcome) in [
        ("unknown", "route_gone"),
        ("webhook", "sent"),
        ("webhook", "gone"),
        ("webhook", "postponed"),
    ] {
        let labels = format!("{{channel=\"{channel}\",outcome=\"{outcome}\"}} 1");
        let line = format!("pupila_notifications_total{labels}");
        assert!(counted.contains(&line), "{line} in {counted}");
    }
}

#[tokio::test]
async fn what_was_tried_for_a_day_is_given_up() {
    let around = Around::configured("webhooks.allow_private_networks = true");
    let server = WebServer::start().await;
    let job = around.job(|_| {});
    around
        .services
        .clock
        .advance(SignedDuration::from_hours(25));
    server.answers(StatusCode::SERVICE_UNAVAILABLE);
    let outcome = around.tell(webhook(&server), "en", job).await;
    assert_eq!(given_up(&outcome), "DELIVERY_GIVEN_UP");
}
