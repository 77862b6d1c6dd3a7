//! From our words to messages.

use jiff::Timestamp;
use pupila_proto::accounts::v1::{self as proto, resolve_route_response};

use crate::notifications::{
    notification::{JobEnded, Notification, Told},
    route::{Destination, Target},
    settings::Settings,
    subscription::Subscription,
    webhook::Webhook,
};

pub(super) fn settings(settings: &Settings) -> proto::NotificationSettings {
    proto::NotificationSettings {
        email: settings.email,
        push: settings.push,
        webhook: settings.webhook,
        in_app: settings.in_app,
        only_failures: settings.only_failures,
        minimum_seconds: settings.minimum_seconds,
        revision: settings.revision.get(),
    }
}

pub(super) fn subscription(subscription: Subscription) -> proto::PushSubscription {
    proto::PushSubscription {
        id: subscription.id.to_string(),
        endpoint: subscription.endpoint,
        user_agent: subscription.user_agent,
        create_time: Some(timestamp(subscription.create_time)),
    }
}

pub(super) fn webhook(webhook: Webhook) -> proto::Webhook {
    proto::Webhook {
        id: webhook.id.to_string(),
        url: webhook.url,
        create_time: Some(timestamp(webhook.create_time)),
    }
}

pub(super) fn told(told: Told) -> proto::ListNotificationsResponse {
    let next = told.listing.next.map(|cursor| cursor.to_token());
    let notifications = told.listing.items.into_iter().map(notification);
    proto::ListNotificationsResponse {
        notifications: notifications.collect(),
        next_page_token: next.unwrap_or_default(),
        unread_count: told.unread,
    }
}

fn notification(notification: Notification) -> proto::Notification {
    proto::Notification {
        id: notification.id.to_string(),
        create_time: Some(timestamp(notification.create_time)),
        read: !notification.unread,
        job_ended: Some(job_ended(notification.job)),
    }
}

fn job_ended(job: JobEnded) -> proto::JobEnded {
    proto::JobEnded {
        job_id: job.id.to_string(),
        name: job.name,
        state: job.state.as_str().to_owned(),
        succeeded: job.succeeded,
        failed: job.failed,
        total: job.total,
        seconds: job.seconds,
        failure: job.failure.map(|failure| proto::JobFailure {
            reason: failure.reason,
            detail: failure.detail,
        }),
    }
}

pub(super) fn destination(destination: Destination) -> proto::ResolveRouteResponse {
    proto::ResolveRouteResponse {
        target: Some(target(destination.target)),
        language: destination.language.as_str().to_owned(),
        display_name: destination.display_name,
    }
}

fn target(target: Target) -> resolve_route_response::Target {
    use resolve_route_response::Target as Message;
    match target {
        Target::Email {
            address,
            unsubscribe_token,
        } => Message::Email(proto::EmailTarget {
            address,
            unsubscribe_token,
        }),
        Target::Push {
            endpoint,
            p256dh,
            auth,
            authorization,
        } => Message::Push(proto::PushTarget {
            endpoint,
            p256dh: p256dh.into(),
            auth: auth.into(),
            authorization,
        }),
        Target::Webhook { url, secret } => Message::Webhook(proto::WebhookTarget { url, secret }),
    }
}

fn timestamp(time: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: time.as_second(),
        nanos: time.subsec_nanosecond(),
    }
}
