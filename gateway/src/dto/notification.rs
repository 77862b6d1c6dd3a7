//! What users are told, and how.

use pupila_core::Revision;
use pupila_proto::accounts::v1 as proto;
use serde::Serialize;
use utoipa::ToSchema;

use super::{job::Failure, time};
use crate::{extract::List, response::Revised};

/// What a user wants to be told when a job ends.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotificationSettings {
    /// By e-mail.
    email: bool,
    /// To browsers that subscribed.
    push: bool,
    /// To webhooks.
    webhook: bool,
    /// In the application's list.
    in_app: bool,
    /// Only jobs that failed, or some of whose items did.
    only_failures: bool,
    /// Only jobs that took at least this many seconds.
    minimum_seconds: u32,
    /// Counts the changes; the `ETag` says the same.
    revision: i64,
}

/// Something that the user was told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Notification {
    /// UUIDv7.
    #[schema(value_type = uuid::Uuid)]
    id: String,
    /// When, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    create_time: String,
    /// Whether the user has seen it.
    read: bool,
    /// What about.
    job: JobEnded,
}

/// A job that ended.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobEnded {
    /// The job.
    #[schema(value_type = uuid::Uuid)]
    job_id: String,
    /// What people call it; may be empty.
    #[schema(example = "Ward 7, Monday")]
    name: String,
    /// How: `SUCCEEDED` or `FAILED`; one that was called off is not told.
    #[schema(example = "SUCCEEDED")]
    state: String,
    /// Items that succeeded.
    succeeded: u64,
    /// Items that failed.
    failed: u64,
    /// All items.
    total: u64,
    /// How long it took from the request to the end, in seconds.
    seconds: u64,
    /// Why it failed as a whole, such as a ZIP that could not be read, or its ZIP broke on the way; null otherwise.
    #[schema(required)]
    failure: Option<Failure>,
}

/// A page of what the user was told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Notifications {
    /// The notifications of this page.
    items: Vec<Notification>,
    /// Send it as `page_token` for the next page; empty on the last.
    next_page_token: String,
    /// How many are not read in all.
    unread_count: u64,
}

impl Revised for NotificationSettings {
    fn revision(&self) -> Revision {
        Revision::new(self.revision)
    }
}

impl From<proto::NotificationSettings> for NotificationSettings {
    fn from(settings: proto::NotificationSettings) -> Self {
        Self {
            email: settings.email,
            push: settings.push,
            webhook: settings.webhook,
            in_app: settings.in_app,
            only_failures: settings.only_failures,
            minimum_seconds: settings.minimum_seconds,
            revision: settings.revision,
        }
    }
}

impl Notifications {
    /// A page of `list` as accounts answered it.
    pub(crate) fn new(page: proto::ListNotificationsResponse, list: &List) -> Self {
        let notifications = page.notifications.into_iter();
        Self {
            items: notifications.map(Notification::from).collect(),
            next_page_token: list.seal(page.next_page_token),
            unread_count: page.unread_count,
        }
    }
}

impl From<proto::Notification> for Notification {
    fn from(notification: proto::Notification) -> Self {
        Self {
            id: notification.id,
            create_time: time::required(notification.create_time),
            read: notification.read,
            job: notification.job_ended.unwrap_or_default().into(),
        }
    }
}

impl From<proto::JobEnded> for JobEnded {
    fn from(job: proto::JobEnded) -> Self {
        Self {
            job_id: job.job_id,
            name: job.name,
            state: job.state,
            succeeded: job.succeeded,
            failed: job.failed,
            total: job.total,
            seconds: job.seconds,
            failure: job.failure.map(|failure| Failure {
                code: failure.reason,
                detail: failure.detail,
            }),
        }
    }
}
