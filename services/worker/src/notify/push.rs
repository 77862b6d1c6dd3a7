//! Messages to browsers: web push (RFC 8030), encrypted for the browser alone (RFC 8291). The header that proves who sends
//! them (VAPID, RFC 8292) comes from accounts, which has the key.

mod encryption;

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use pupila_core::JobId;
use pupila_proto::accounts::v1::PushTarget;
use reqwest::{
    StatusCode,
    header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde::Serialize;

use self::encryption::Subscription;
use super::{
    config::PushConfig,
    delivery::NotDelivered,
    language::Language,
    links::Links,
    notice::Notice,
    outbound::{Outbound, Reach},
};

/// Sends messages to browsers.
#[derive(Debug)]
pub(crate) struct Push {
    outbound: Outbound,
    ttl_seconds: u32,
}

/// What the page's service worker gets.
#[derive(Debug, Serialize)]
struct Message<'a> {
    title: &'a str,
    body: &'a str,
    url: String,
    job_id: JobId,
    state: &'static str,
    /// A later message about the same job takes the place of this one.
    tag: String,
}

impl Push {
    /// As configured.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub(crate) fn new(config: &PushConfig) -> Result<Self, reqwest::Error> {
        let reach = Reach::new(config.allow_private_networks);
        let timeout = Duration::from_secs(config.timeout_seconds);
        Ok(Self {
            outbound: Outbound::new(reach, timeout)?,
            ttl_seconds: config.ttl_seconds,
        })
    }

    /// Tells a browser.
    ///
    /// # Errors
    /// The subscription ended, or the push service does not take the message (now).
    pub(crate) async fn send(
        &self,
        target: &PushTarget,
        notice: &Notice,
        language: Language,
        links: &Links,
    ) -> Result<(), NotDelivered> {
        let payload = payload(notice, language, links)?;
        // A key that is none was never a browser's: nothing will ever reach it.
        let unusable = |_| NotDelivered::Gone("a subscription without a usable key".to_owned());
        let subscription = Subscription::new(&target.p256dh, &target.auth).map_err(unusable)?;
        let body = subscription.encrypt(payload).map_err(unusable)?;
        let headers = self.headers(target, notice.job)?;
        let reply = self.outbound.post(&target.endpoint, headers, body).await?;
        match reply.status {
            status if status.is_success() => Ok(()),
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(NotDelivered::Gone(reply.domain)),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Err(reply.later()),
            status if status.is_client_error() => Err(NotDelivered::Refused(reply.to_string())),
            _ => Err(reply.later()),
        }
    }

    fn headers(&self, target: &PushTarget, job: JobId) -> Result<HeaderMap, NotDelivered> {
        let mut authorization = HeaderValue::from_str(&target.authorization)
            .map_err(|_| NotDelivered::later("accounts gave no usable authorization"))?;
        authorization.set_sensitive(true);
        // 22 of at most 32 characters (RFC 8030, section 5.4): what waits for an absent browser is replaced.
        let topic = URL_SAFE_NO_PAD.encode(job.as_uuid());
        let topic = HeaderValue::from_str(&topic)
            .map_err(|_| NotDelivered::Refused("the job has no usable topic".to_owned()))?;
        Ok(HeaderMap::from_iter([
            (AUTHORIZATION, authorization),
            (CONTENT_ENCODING, HeaderValue::from_static("aes128gcm")),
            (
                CONTENT_TYPE,
                HeaderValue::from_static("application/octet-stream"),
            ),
            (
                HeaderName::from_static("ttl"),
                HeaderValue::from(self.ttl_seconds),
            ),
            (HeaderName::from_static("topic"), topic),
            (
                HeaderName::from_static("urgency"),
                HeaderValue::from_static("normal"),
            ),
        ]))
    }
}

/// How it went, and first of all why where it failed as a whole.
fn body(notice: &Notice, language: Language) -> String {
    let summary = language.summary(notice);
    match &notice.failure {
        Some(failure) => format!("{} · {summary}", language.reason(&failure.reason)),
        None => summary,
    }
}

/// Under 3 KB whatever the job is called: a message shows at most a hundred characters of its name, and no control characters are
/// among them.
fn payload(notice: &Notice, language: Language, links: &Links) -> Result<Vec<u8>, NotDelivered> {
    let message = Message {
        title: &language.headline(notice),
        body: &body(notice, language),
        url: links.job_or_relative(notice.job),
        job_id: notice.job,
        state: notice.ending.state(),
        tag: format!("job-{}", notice.job),
    };
    serde_json::to_vec(&message).map_err(|error| NotDelivered::Refused(error.to_string()))
}
