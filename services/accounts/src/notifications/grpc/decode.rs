//! From messages to our words. What has no form in our words is refused here, by field; whether the rest makes sense
//! is for the rules to say.

use std::str::FromStr;

use pupila_core::{IdempotencyKey, Page, UserId};
use pupila_proto::accounts::v1 as proto;

use crate::{
    AccountsError,
    notifications::{
        NotificationError,
        address::Address,
        notification::{Failure, JobEnded},
        route::Route,
        settings::SettingsChange,
        subscription::NewSubscription,
    },
    violations::Violations,
};

/// Most characters of an event's key.
const KEY: usize = 100;
/// Most characters of a job's name.
const NAME: usize = 200;

/// Something to tell a user of.
pub(super) struct Event {
    pub(super) user: UserId,
    /// Stands for it.
    pub(super) key: String,
    pub(super) job: JobEnded,
}

pub(super) fn id<T: FromStr>(field: &str, text: &str) -> Result<T, NotificationError> {
    // What was sent may be long, and is not said again.
    text.parse()
        .map_err(|_| NotificationError::field(field, "must be a UUID"))
}

/// An id, where the text is not empty.
pub(super) fn optional_id<T: FromStr>(
    field: &str,
    text: &str,
) -> Result<Option<T>, NotificationError> {
    match text {
        "" => Ok(None),
        text => id(field, text).map(Some),
    }
}

pub(super) fn page(size: u32, token: &str) -> Result<Page, NotificationError> {
    Ok(Page::new(size, token)?)
}

pub(super) fn settings_change(
    message: &proto::UpdateNotificationSettingsRequest,
) -> SettingsChange {
    SettingsChange {
        email: message.email,
        push: message.push,
        webhook: message.webhook,
        in_app: message.in_app,
        only_failures: message.only_failures,
        minimum_seconds: message.minimum_seconds,
    }
}

pub(super) fn new_subscription(
    message: proto::CreatePushSubscriptionRequest,
) -> Result<NewSubscription, NotificationError> {
    let (p256dh, auth) = (message.p256dh.into(), message.auth.into());
    let new = NewSubscription::new(message.endpoint, p256dh, auth, &message.user_agent);
    Ok(new?)
}

pub(super) fn webhook_address(url: &str) -> Result<Address, NotificationError> {
    let address = Address::of_webhook("url", url);
    Ok(address.map_err(|violation| AccountsError::Invalid(vec![violation]))?)
}

pub(super) fn route(user: &str, route: &str) -> Result<(UserId, Route), NotificationError> {
    let user = id("user_id", user)?;
    let route = route.parse::<Route>();
    let route = route.map_err(|rule| NotificationError::field("route", rule.to_string()))?;
    Ok((user, route))
}

pub(super) fn event(message: proto::NotifyRequest) -> Result<Event, NotificationError> {
    let user = id("user_id", &message.user_id)?;
    let key = message.key.parse::<IdempotencyKey>().ok();
    let key = key.filter(|key| key.as_str().len() <= KEY);
    let rule = format!("must have from 1 to {KEY} visible ASCII characters");
    let key = key.ok_or_else(|| NotificationError::field("key", rule))?;
    let job = message
        .job_ended
        .ok_or_else(|| NotificationError::field("job_ended", "must be set"))?;
    Ok(Event {
        user,
        key: key.as_str().to_owned(),
        job: job_ended(job)?,
    })
}

fn job_ended(message: proto::JobEnded) -> Result<JobEnded, NotificationError> {
    let mut violations = Violations::default();
    let id = violations.take("job_ended/job_id", message.job_id.parse());
    let state = violations.take("job_ended/state", message.state.parse());
    let short = message.name.chars().take(NAME + 1).count() <= NAME;
    let rule = format!("must have up to {NAME} characters");
    violations.require(short, "job_ended/name", rule);
    let numbers = [
        ("job_ended/succeeded", message.succeeded),
        ("job_ended/failed", message.failed),
        ("job_ended/total", message.total),
        ("job_ended/seconds", message.seconds),
    ];
    for (field, number) in numbers {
        let fits = i64::try_from(number).is_ok();
        violations.require(fits, field, "must be less than 2^63");
    }
    violations.finish()?;
    let unset = || NotificationError::field("job_ended", "must be set");
    Ok(JobEnded {
        id: id.ok_or_else(unset)?,
        name: message.name,
        state: state.ok_or_else(unset)?,
        succeeded: message.succeeded,
        failed: message.failed,
        total: message.total,
        seconds: message.seconds,
        failure: message
            .failure
            .map(|failure| Failure::new(&failure.reason, &failure.detail)),
    })
}
