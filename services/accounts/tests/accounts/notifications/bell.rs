//! Accounts, and the worker who tells users that their jobs ended.

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use pupila_proto::accounts::v1 as proto;
use pupila_runtime::{identity::Credential, rpc::RpcError};

use crate::{
    fixtures::{Person, TestAccounts, call, told},
    services::{service, with_services},
};

/// The job of most stories.
pub(super) const JOB: &str = "01890000-0000-7000-8000-00000000000a";
/// Where most browsers take messages.
pub(super) const ENDPOINT: &str = "https://push.example.com/send/abc";
/// Where most webhooks lead.
pub(super) const URL: &str = "https://hooks.example.com/pupila?key=1";

/// Accounts with a worker.
pub(super) struct Bell {
    pub(super) accounts: TestAccounts,
    worker: Credential,
}

impl Bell {
    pub(super) async fn start(accounts: &TestAccounts) -> Self {
        let accounts = with_services(accounts).await;
        let worker = service(&accounts, "worker").await;
        Self { accounts, worker }
    }

    /// Changes what somebody wants to be told.
    pub(super) async fn set(
        &self,
        person: &Person,
        change: proto::UpdateNotificationSettingsRequest,
    ) -> Result<proto::NotificationSettings, RpcError> {
        let mut client = self.accounts.notifications.clone();
        let answer = client.update_notification_settings(person.call(change));
        Ok(told(answer.await)?.settings.expect("settings"))
    }

    /// What somebody wants to be told.
    pub(super) async fn settings(
        &self,
        person: &Person,
    ) -> Result<proto::NotificationSettings, RpcError> {
        let mut client = self.accounts.notifications.clone();
        let question = person.call(proto::GetNotificationSettingsRequest {});
        let answer = told(client.get_notification_settings(question).await)?;
        Ok(answer.settings.expect("settings"))
    }

    /// Somebody wants to be told in every way.
    pub(super) async fn wants_all(&self, person: &Person) {
        let all = proto::UpdateNotificationSettingsRequest {
            email: Some(true),
            push: Some(true),
            webhook: Some(true),
            ..proto::UpdateNotificationSettingsRequest::default()
        };
        self.set(person, all).await.expect("set");
    }

    /// Adds somebody's browser.
    pub(super) async fn subscribe(
        &self,
        person: &Person,
        endpoint: &str,
    ) -> Result<proto::PushSubscription, RpcError> {
        let message = browser(endpoint);
        let mut client = self.accounts.notifications.clone();
        let answer = told(client.create_push_subscription(person.call(message)).await)?;
        Ok(answer.subscription.expect("a subscription"))
    }

    /// Adds a webhook; answers it and its secret.
    pub(super) async fn hook(
        &self,
        person: &Person,
        url: &str,
    ) -> Result<(proto::Webhook, String), RpcError> {
        let url = url.to_owned();
        let message = person.call(proto::CreateWebhookRequest { url });
        let mut client = self.accounts.notifications.clone();
        let answer = told(client.create_webhook(message).await)?;
        Ok((answer.webhook.expect("a webhook"), answer.secret))
    }

    /// The worker tells somebody that a job ended; answers by which routes to tell them further.
    pub(super) async fn ring(
        &self,
        person: &Person,
        key: &str,
        job: proto::JobEnded,
    ) -> Result<Vec<String>, RpcError> {
        let message = proto::NotifyRequest {
            user_id: person.id.clone(),
            key: key.to_owned(),
            job_ended: Some(job),
        };
        self.send(message).await
    }

    /// The worker tells somebody something.
    pub(super) async fn send(
        &self,
        message: proto::NotifyRequest,
    ) -> Result<Vec<String>, RpcError> {
        let mut client = self.accounts.notifications.clone();
        let message = call(self.worker.clone(), None, message);
        Ok(told(client.notify(message).await)?.routes)
    }

    /// Where a route leads.
    pub(super) async fn resolve(
        &self,
        person: &Person,
        route: &str,
    ) -> Result<proto::ResolveRouteResponse, RpcError> {
        let message = proto::ResolveRouteRequest {
            user_id: person.id.clone(),
            route: route.to_owned(),
        };
        let message = call(self.worker.clone(), None, message);
        told(
            self.accounts
                .notifications
                .clone()
                .resolve_route(message)
                .await,
        )
    }

    /// A route leads nowhere for good.
    pub(super) async fn drop_route(&self, person: &Person, route: &str) -> Result<(), RpcError> {
        let message = proto::DropRouteRequest {
            user_id: person.id.clone(),
            route: route.to_owned(),
        };
        let message = call(self.worker.clone(), None, message);
        told(
            self.accounts
                .notifications
                .clone()
                .drop_route(message)
                .await,
        )
        .map(drop)
    }

    /// The first page of what somebody was told.
    pub(super) async fn list(&self, person: &Person) -> proto::ListNotificationsResponse {
        self.page(person, proto::ListNotificationsRequest::default())
            .await
            .expect("a page")
    }

    /// A page of what somebody was told.
    pub(super) async fn page(
        &self,
        person: &Person,
        page: proto::ListNotificationsRequest,
    ) -> Result<proto::ListNotificationsResponse, RpcError> {
        let mut client = self.accounts.notifications.clone();
        told(client.list_notifications(person.call(page)).await)
    }

    /// The jobs that somebody was told of, by name, the newest first.
    pub(super) async fn names(&self, person: &Person) -> Vec<String> {
        let told = self.list(person).await.notifications.into_iter();
        told.map(|told| told.job_ended.expect("a job").name)
            .collect()
    }

    /// Somebody has read what they were told.
    pub(super) async fn read(&self, person: &Person, up_to: &str) -> Result<(), RpcError> {
        let up_to_id = up_to.to_owned();
        let message = person.call(proto::MarkNotificationsReadRequest { up_to_id });
        let mut client = self.accounts.notifications.clone();
        told(client.mark_notifications_read(message).await).map(drop)
    }

    /// Somebody follows the link in an e-mail; answers their language.
    pub(super) async fn unsubscribe(&self, token: &str) -> Result<String, RpcError> {
        let token = token.to_owned();
        let message = call(Credential::NONE, None, proto::UnsubscribeRequest { token });
        let mut client = self.accounts.notifications.clone();
        Ok(told(client.unsubscribe(message).await)?.language)
    }
}

/// What a browser sends to subscribe.
pub(super) fn browser(endpoint: &str) -> proto::CreatePushSubscriptionRequest {
    let key = PrivateKey::generate(&ECDH_P256).expect("randomness");
    let point = key.compute_public_key().expect("a point");
    proto::CreatePushSubscriptionRequest {
        endpoint: endpoint.to_owned(),
        p256dh: point.as_ref().to_vec().into(),
        auth: vec![7; 16].into(),
        user_agent: "Firefox".to_owned(),
    }
}

/// A job that went well in a minute.
pub(super) fn job(name: &str) -> proto::JobEnded {
    proto::JobEnded {
        job_id: JOB.to_owned(),
        name: name.to_owned(),
        state: "SUCCEEDED".to_owned(),
        succeeded: 5,
        failed: 0,
        total: 5,
        seconds: 60,
        failure: None,
    }
}
