//! Messages to programs: a signed POST, as the Standard Webhooks specification has it.

mod signature;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use pupila_core::{Clock, JobId};
use pupila_proto::accounts::v1::WebhookTarget;
use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde::Serialize;

use self::signature::Secret;
use super::{
    config::WebhooksConfig,
    delivery::NotDelivered,
    links::Links,
    notice::Notice,
    outbound::{Outbound, Reach},
};

/// Calls webhooks.
pub(crate) struct Webhooks {
    outbound: Outbound,
    clock: Arc<dyn Clock>,
}

/// What the other side gets.
#[derive(Debug, Serialize)]
struct Event<'a> {
    /// What happened.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The same in every attempt.
    id: &'a str,
    /// When it happened.
    create_time: Timestamp,
    job: EndedJob<'a>,
}

#[derive(Debug, Serialize)]
struct EndedJob<'a> {
    id: JobId,
    name: &'a str,
    state: &'static str,
    counts: Counts,
    /// Why it failed as a whole; `null` otherwise.
    failure: Option<Why<'a>>,
    create_time: Timestamp,
    start_time: Option<Timestamp>,
    end_time: Timestamp,
    /// Its page; `null` where it is not known where people reach Pupila.
    url: Option<String>,
}

#[derive(Debug, Serialize)]
struct Counts {
    total: u64,
    succeeded: u64,
    failed: u64,
    cancelled: u64,
}

#[derive(Debug, Serialize)]
struct Why<'a> {
    /// Stable, such as `ARCHIVE_UNREADABLE`.
    code: &'a str,
    /// For people, in English.
    detail: &'a str,
}

impl Webhooks {
    /// As configured.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub(crate) fn new(
        config: &WebhooksConfig,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, reqwest::Error> {
        let reach = Reach::new(config.allow_private_networks);
        let timeout = Duration::from_secs(config.timeout_seconds);
        Ok(Self {
            outbound: Outbound::new(reach, timeout)?,
            clock,
        })
    }

    /// Tells a program. `id` stands for this delivery: by it a repeat is recognised.
    ///
    /// # Errors
    /// The other side says that nobody is there any more, or does not take the message now.
    pub(crate) async fn send(
        &self,
        target: &WebhookTarget,
        notice: &Notice,
        id: &str,
        links: &Links,
    ) -> Result<(), NotDelivered> {
        let body = body(notice, id, links)?;
        let headers = self.headers(target, id, &body)?;
        let reply = self.outbound.post(&target.url, headers, body).await?;
        match reply.status {
            status if status.is_success() => Ok(()),
            StatusCode::GONE => Err(NotDelivered::Gone(reply.domain)),
            _ => Err(reply.later()),
        }
    }

    fn headers(
        &self,
        target: &WebhookTarget,
        id: &str,
        body: &[u8],
    ) -> Result<HeaderMap, NotDelivered> {
        let unusable = |_| NotDelivered::Refused("the webhook has no usable secret".to_owned());
        let secret = Secret::parse(&target.secret).map_err(unusable)?;
        let now = self.clock.now().as_second();
        let signature = secret.sign(id, now, body);
        let value = |text: &str| {
            HeaderValue::from_str(text)
                .map_err(|_| NotDelivered::Refused("the delivery has no usable id".to_owned()))
        };
        Ok(HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (HeaderName::from_static("webhook-id"), value(id)?),
            (
                HeaderName::from_static("webhook-timestamp"),
                HeaderValue::from(now),
            ),
            (
                HeaderName::from_static("webhook-signature"),
                value(&signature)?,
            ),
        ]))
    }
}

/// The same in every attempt.
fn body(notice: &Notice, id: &str, links: &Links) -> Result<Vec<u8>, NotDelivered> {
    let event = Event {
        kind: "job.ended",
        id,
        create_time: notice.end_time,
        job: EndedJob {
            id: notice.job,
            name: &notice.name,
            state: notice.ending.state(),
            counts: Counts {
                total: notice.total,
                succeeded: notice.succeeded,
                failed: notice.failed,
                cancelled: notice.cancelled,
            },
            failure: notice.failure.as_ref().map(|failure| Why {
                code: &failure.reason,
                detail: &failure.detail,
            }),
            create_time: notice.create_time,
            start_time: notice.start_time,
            end_time: notice.end_time,
            url: links.job(notice.job),
        },
    };
    serde_json::to_vec(&event).map_err(|error| NotDelivered::Refused(error.to_string()))
}
